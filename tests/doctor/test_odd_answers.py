"""Whatever comes back instead of what Slack says: the doctor has findings, with sentences, and never stumbles."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.config import read_settings
from bot.doctor import CHECKS, examine
from bot.doctor.look import UNASKED, Answer, Look, Machine
from bot.manifest import read_manifest, wanted_manifest
from tests.doctor.world import SECRETS

NOWHERE = Machine(*(Path("/nonexistent") / name for name in ("mounts", "container", "env", "processes")))
MANIFEST = json.loads(json.dumps(wanted_manifest()))
SAID = {
    "auth": {"ok": True, "team": "Lantern Trading", "team_id": "T0LANTERN", "bot_id": "B01CAIRN"},
    "socket": {"ok": True, "url": "wss://slack.example/link"},
    "bot": {"ok": True, "bot": {"app_id": "A01CAIRN"}},
    "exported": {"ok": True, "manifest": MANIFEST},
    "members": {"ok": True, "members": [{"id": "U01MEI", "tz": "Asia/Shanghai", "deleted": False}]},
    "hr": {"ok": True, "user": {"id": "U01MEI", "deleted": False}},
}
HEADERS = {
    "date": "Mon, 04 Jan 2027 09:00:00 GMT",
    "x-oauth-scopes": ",".join(MANIFEST["oauth_config"]["scopes"]["bot"]),
}
Place = tuple[str | int, ...]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(["command", "tz"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=6,
)


def places(part: Any, path: Place = ()) -> Iterator[Place]:
    """Every place within what was said."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in inside:
        yield (*path, step)
        yield from places(value, (*path, step))


PLACES = list(places(SAID))


def look_at(said: dict[str, Any], headers: dict[str, str], wanted: Mapping[str, Any] = MANIFEST) -> Look:
    """What the doctor looks at when all this was said."""
    told = {name: data if isinstance(data, dict) else {} for name, data in said.items()}
    answers: dict[str, Any] = {name: Answer(data=data, headers=headers) for name, data in told.items()}
    about = {"U01MEI": answers.pop("hr", UNASKED)}
    now = datetime(2027, 1, 4, 9, tzinfo=UTC)
    return Look(read_settings(SECRETS), SECRETS, now, NOWHERE, wanted, hr=about, known=about, **answers)


def sentences(look: Look) -> list[str]:
    """What is found, each with what to do about it."""
    found = [finding for check in CHECKS if (finding := check(look))]
    assert all(one.sentence and one.do for one in found)
    return [one.sentence for one in found]


def test_what_slack_says_where_all_is_well_has_no_problem_in_it() -> None:
    look = look_at(SAID, HEADERS)
    assert [finding.sentence for check in CHECKS if (finding := check(look)) and finding.severe] == []


@settings(max_examples=150)
@given(st.sampled_from(PLACES), st.booleans(), ANYTHING)
@example(("exported", "manifest", "settings", "event_subscriptions", "bot_events"), True, 7)
@example(("exported", "manifest", "features", "slash_commands", 0), True, {})
@example(("bot", "bot"), True, "A01CAIRN")
@example(("members", "members", 0), True, None)
def test_whatever_a_manifest_or_an_answer_holds_there_are_sentences(place: Place, there: bool, put: Any) -> None:
    sentences(look_at(changed(SAID, place, put, there=there), HEADERS))


def changed(part: Any, place: Place, put: Any, *, there: bool) -> Any:
    """The same with something else in one place, or with nothing there."""
    *above, last = place
    copied = within = deepcopy(part)
    for step in above:
        within = within[step]
    if there:
        within[last] = put
    else:
        del within[last]
    return copied


@settings(max_examples=150)
@given(st.sampled_from(list(places(MANIFEST))), st.booleans(), ANYTHING)
@example(("oauth_config", "scopes", "bot", 0), True, "invented:scope")
@example(("features", "slash_commands", 0, "should_escape"), False, None)
@example(("oauth_config", "scopes", "bot"), False, None)
def test_whatever_stands_in_our_own_manifest_there_are_sentences(place: Place, there: bool, put: Any) -> None:
    kept = json.dumps(changed(MANIFEST, place, put, there=there)).encode()
    try:
        wanted = read_manifest(kept)
    except ValueError:
        assert place[:1] == ("oauth_config",)
    else:
        sentences(look_at(SAID, HEADERS, wanted))


@settings(max_examples=150)
@given(st.binary(max_size=60) | st.recursive(ANYTHING, st.lists).map(json.dumps).map(str.encode))
@example(b"")
@example(b"[" * 100_000)
@example(b"\xff\xfe{")
@example(b'{"oauth_config": {"scopes": {"bot": "chat:write"}}}')
def test_what_is_no_manifest_is_not_taken_for_one(content: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_manifest(content)


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"oauth_config":', b"\xff"])
def test_a_manifest_that_is_gone_or_damaged_is_said(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    if content is not None:
        file.write_bytes(content)
    machine = replace(NOWHERE, manifests=(file, tmp_path / "inside" / "manifest.json"))
    (found,) = asyncio.run(examine(SECRETS, "", datetime(2027, 1, 4, 9, tzinfo=UTC), machine))
    assert (found.severe, str(file) in found.sentence) == (True, True)
    assert "is missing, or is no manifest" in found.sentence


@settings(max_examples=50)
@given(st.sampled_from(sorted(HEADERS)), st.text(max_size=30) | st.sampled_from(["Mon, 04 Jan 2027 09:00:00 -0000"]))
@example("date", "Mon, 32 Jan 2027 25:00:00 GMT")
def test_whatever_a_header_holds_there_are_sentences(name: str, value: str) -> None:
    sentences(look_at(SAID, {**HEADERS, name: value}))
