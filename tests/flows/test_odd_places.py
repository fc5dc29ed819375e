"""Requests as Slack really sent them, with anything in one of their places: all are answered, and nothing breaks."""

import itertools
import json
import logging
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.web import Receiver
from sandbox.state import Answer, Envelope
from tests.company import APP, Company
from tests.flows.test_hostile_words import ACTIVE, marked_up, outgoing
from tests.test_web import SECRET, Caller, StoppedClock, signed

HOSTILE = " ".join(ACTIVE)
ONCE = frozenset({"trigger_id", "event_id", "action_ts"})
"""What no two requests have in common."""
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(codec=None), max_size=8),
    st.sampled_from([HOSTILE, "", "\x00", "\ud800", "U01MEI", "D1", "1.1", "x" * 4000, "2027-02-30", 10**400]),
)  # fmt: skip
NAMES = st.sampled_from(
    ["type", "id", "value", "text", "user", "values", "selected_option", "selected_options", "files"]
)
ANYTHING = st.recursive(
    LEAVES, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside, max_size=3), max_leaves=6
)
Place = tuple[str | int, ...]
_count = itertools.count()


def places(part: Any, path: Place = ()) -> Iterator[Place]:
    """Every place within a request."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in inside:
        yield (*path, step)
        yield from places(value, (*path, step))


def anew(part: Any) -> Any:
    """The same request as another one, which was not delivered before."""
    if isinstance(part, list):
        return [anew(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {name: f"{next(_count)}.0" if name in ONCE else anew(value) for name, value in part.items()}


@pytest.fixture
def heard(placed: Company) -> Iterator[list[Envelope]]:
    """What Slack sends while Emily goes about her day: commands, presses, menus, forms, shortcuts and words."""
    told: list[Envelope] = []

    async def deliver(envelope: Envelope) -> Answer:
        told.append(deepcopy(envelope))
        return await placed._deliver(envelope)

    placed.slack.connect(APP, deliver)
    emily, marcus = placed.person("emily"), placed.person("marcus")
    emily.types("/cairn kudos")
    emily.submits(whom=marcus.id, words="Thank you")
    emily.types("/cairn suggest")
    emily.submits(words="More plants")
    emily.types("/cairn calendar")
    emily.closes()
    emily.opens_home()
    emily.types("hello")
    emily.types("/cairn language zh")
    placed.slack.connect(APP, placed._deliver)
    yield told
    placed.slack.findings[:] = [one for one in placed.findings() if "invalid_trigger_id" not in str(one)]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), there=st.booleans(), put=ANYTHING)
def test_whatever_stands_in_one_place_of_a_request_it_is_answered(
    placed: Company, heard: list[Envelope], caplog: pytest.LogCaptureFixture, data: st.DataObject, there: bool, put: Any
) -> None:
    payload = within = anew(data.draw(st.sampled_from(heard)).payload)
    *above, last = data.draw(st.sampled_from(list(places(payload))))
    for step in above:
        within = within[step]
    if there:
        within[last] = put
    else:
        del within[last]
    raw = json.dumps(payload).encode()
    cairn = placed.cairn
    door = Caller(Receiver(cairn.bolt, SECRET, StoppedClock(), cairn.health, cairn.answers), placed.loop)
    assert door.sends(raw, signed(raw, kind="application/json"))[0] in {200, 400}
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []
    placed.settles()
    texts = [text for surface in outgoing(placed) for text in marked_up(surface)]
    assert [text for text in texts if any(mark in text for mark in ACTIVE)] == []
