"""Whatever comes back instead of what Slack says: the doctor has findings, with sentences, and never stumbles."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.config import read_settings
from bot.doctor import CHECKS
from bot.doctor.look import UNASKED, Answer, Look, Machine
from bot.manifest import wanted_manifest
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


def look_at(said: dict[str, Any], headers: dict[str, str]) -> Look:
    """What the doctor looks at when all this was said."""
    told = {name: data if isinstance(data, dict) else {} for name, data in said.items()}
    answers: dict[str, Any] = {name: Answer(data=data, headers=headers) for name, data in told.items()}
    about = {"U01MEI": answers.pop("hr", UNASKED)}
    now = datetime(2027, 1, 4, 9, tzinfo=UTC)
    return Look(read_settings(SECRETS), SECRETS, now, NOWHERE, MANIFEST, hr=about, known=about, **answers)


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
    said = within = deepcopy(SAID)
    for step in place[:-1]:
        within = within[step]  # type: ignore[index]  # a list or a dict, as the place says
    if there:
        within[place[-1]] = put  # type: ignore[index]
    else:
        del within[place[-1]]  # type: ignore[arg-type]
    sentences(look_at(said, HEADERS))


@settings(max_examples=50)
@given(st.sampled_from(sorted(HEADERS)), st.text(max_size=30) | st.sampled_from(["Mon, 04 Jan 2027 09:00:00 -0000"]))
@example("date", "Mon, 32 Jan 2027 25:00:00 GMT")
def test_whatever_a_header_holds_there_are_sentences(name: str, value: str) -> None:
    sentences(look_at(SAID, {**HEADERS, name: value}))
