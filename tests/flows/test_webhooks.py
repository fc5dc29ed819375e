"""Other systems are told what happens: signed, once for each id that counts, tried for a day, and sent again."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.domain.cycle import Cycle
from bot.domain.webhook import Event, Target
from bot.schedules.posting import Postings
from bot.sources.http_source import Surroundings
from bot.store import webhooks
from tests.company import Company, Persona
from tests.flows.test_appeals import REASON, files, heard_by, next_morning
from tests.flows.test_scoring import computed, offered, quarter
from tests.goal_talks import emily_proposes, invited_sellers
from tests.receiver import VARIABLE, Receiver, lets_in

__all__ = ["quarter"]
AFTER_A_LOOK = 6
"""Seconds until it is looked again whether something is due."""


@pytest.fixture
def receiver(company: Company) -> Iterator[Receiver]:
    receiver = Receiver()
    company.runs(receiver.open())
    yield receiver
    company.runs(receiver.close())


def named(company: Company, receiver: Receiver, *events: Event) -> None:
    """HR named the address before."""
    lets_in(company, receiver)
    target = Target(receiver.url, VARIABLE, frozenset(events or Event))
    company.knows(lambda session: webhooks.keep(session, target, by="U01MEI", at=company.slack.clock.now()))


def happens(company: Company) -> None:
    """A result of Emily's is released, as far as other systems are concerned."""
    at = datetime.fromisoformat("2027-04-23T03:00:00+00:00")
    now = company.real_clock.now()
    company.knows(lambda session: webhooks.tell(session, Event.RESULT_RELEASED, "q1", ["U01EMILY"], at, now))
    company.waits(seconds=AFTER_A_LOOK)


@pytest.fixture
def julia(company: Company) -> Persona:
    """Somebody of HR who reads English."""
    company.person("mei").types("/cairn language en")
    return company.person("mei")


def test_hr_names_a_system_which_then_hears_signed_that_goals_were_agreed(
    company: Company, receiver: Receiver, julia: Persona
) -> None:
    cycle_id = invited_sellers(company)
    lets_in(company, receiver)
    julia.types("/cairn language en")
    julia.types("/cairn webhooks")
    julia.clicks("Add a system")
    julia.submits(url="http://hr.corp.example/x", secret=VARIABLE)
    assert "Please use https." in julia.errors["url"]
    julia.submits(url=receiver.url, secret="s3cret")
    assert "not the secret itself" in julia.errors["secret"]
    julia.submits(url=receiver.url, secret=VARIABLE, events=["Goals agreed"])
    assert "Nothing was sent yet." in julia.sees()
    julia.closes()
    _, thomas = emily_proposes(company)
    thomas.clicks("Agree")
    company.waits(seconds=AFTER_A_LOOK)
    (posted,) = receiver.seen
    assert posted.is_signed
    assert posted.body.keys() == {"event", "id", "at", "cycle", "person"}
    assert posted.body["event"] == "goals.agreed"
    assert posted.body["cycle"] == {"id": cycle_id, "name": "2027-Q1"}
    assert posted.body["person"] == {"id": "U01EMILY", "email": "emily@lantern.example"}
    assert posted.headers["x-cairn-delivery"] == posted.body["id"]
    julia.types("/cairn webhooks")
    assert "1 taken" in julia.sees()
    julia.clicks("Deliveries")
    assert "Goals agreed, Emily Carter, 2027-Q1" in julia.sees()


def test_a_release_is_told_for_each_person_who_has_a_result(
    company: Company, receiver: Receiver, quarter: Cycle
) -> None:
    computed(company, quarter)
    offered(company, quarter)
    named(company, receiver, Event.RESULT_RELEASED)
    company.person("mei").clicks("发布结果")
    company.waits(seconds=AFTER_A_LOOK)
    told = [(one.body["event"], one.body["person"]["id"]) for one in receiver.seen]
    assert sorted(told) == [("result.released", who) for who in ("U01EMILY", "U01JONAS", "U01NUO")]


def test_a_decided_appeal_is_told_without_the_decision(company: Company, receiver: Receiver) -> None:
    heard_by(company, "katrin")
    named(company, receiver)
    files(company)
    next_morning(company)
    katrin = company.person("katrin")
    katrin.clicks("Open the record")
    katrin.clicks("Let the result stand")
    katrin.submits(reason=REASON)
    company.waits(seconds=AFTER_A_LOOK)
    (posted,) = receiver.seen
    assert posted.is_signed
    assert (posted.body["event"], posted.body["person"]["id"]) == ("appeal.decided", "U01EMILY")
    assert "upheld" not in posted.raw.decode()


def test_what_is_not_taken_is_tried_for_a_day_under_one_id_then_given_up_and_sent_again_by_hr(
    company: Company, receiver: Receiver, julia: Persona
) -> None:
    named(company, receiver)
    receiver.status = "503 Busy"
    happens(company)
    assert len(receiver.seen) == 1
    company.waits(seconds=30)
    assert len(receiver.seen) == 1
    company.waits(seconds=60)
    assert len(receiver.seen) == 2
    for _ in range(10):
        company.waits(hours=9)
    assert 4 <= len(receiver.seen) <= 6
    assert len({one.body["id"] for one in receiver.seen}) == 1
    company.winds(to="2027-01-05T09:30:00+08:00")
    assert julia.pushes[-1] == "127.0.0.1 has not taken what I told it for a day."
    julia.opens_home()
    assert "One event did not reach another system" in julia.home
    julia.clicks("See the deliveries")
    assert "given up after" in julia.sees()
    assert "The address answers with an error (503)." in julia.sees()
    receiver.status = "200 OK"
    julia.clicks("Send again")
    company.waits(seconds=AFTER_A_LOOK)
    assert len({one.body["id"] for one in receiver.seen}) == 1
    julia.closes()
    julia.types("/cairn webhooks")
    assert "1 taken" in julia.sees()
    julia.clicks("Turn off")
    assert "turned off" in julia.sees()
    before = len(receiver.seen)
    happens(company)
    assert len(receiver.seen) == before


def test_a_worker_that_dies_between_sending_and_recording_sends_the_same_id_again(
    company: Company, receiver: Receiver
) -> None:
    named(company, receiver)
    receiver.silent = True
    now = company.real_clock.now()
    company.knows(lambda session: webhooks.tell(session, Event.GOALS_AGREED, "q1", ["U01EMILY"], now, now))
    dies = Postings(company.cairn.desk, Surroundings(inside=company.inside), company.secrets)

    async def is_killed_amid_it() -> None:
        task = asyncio.ensure_future(dies())
        await receiver.arrived.wait()
        task.cancel()
        await asyncio.wait([task])

    company.runs(is_killed_amid_it())
    receiver.silent = False
    company.waits(seconds=AFTER_A_LOOK)
    assert len(receiver.seen) == 1, "somebody else may still be at it"
    company.waits(seconds=61)
    assert len(receiver.seen) == 2
    assert receiver.seen[0].body == receiver.seen[1].body
    company.waits(hours=30)
    assert len(receiver.seen) == 2
