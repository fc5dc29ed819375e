"""Messages arrive once: through Slack's faults, and after a crash at any step."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain.org import Person
from bot.slack.blocks import Home, Message
from bot.slack.limits import UNHURRIED
from bot.slack.sender import KEPT_FOR_CLICKS, MOST_FAULTS, MOST_UNDER_WAY
from bot.slack.text import escape
from bot.slack.words import Words
from bot.store import outbox, people, sending
from bot.store.sending import Wanted
from sandbox.state import Fault
from tests.company import Company, Persona

POST, HISTORY = "chat.postMessage", "conversations.history"


@contextmanager
def unreachable(company: Company) -> Iterator[None]:
    """Nobody listens where Slack was: not one call gets a connection."""
    client = company.cairn.client
    there, client.base_url = client.base_url, "http://127.0.0.1:1/api/"
    yield
    client.base_url = there


def hello(t: Words, words: str) -> Message:
    return Message(t("Hello {name}", name=words))


@pytest.fixture
def emily(company: Company) -> Persona:
    return company.person("emily")


def says(company: Company, key: str, words: str, to: str = "U01EMILY") -> None:
    """What a step does with `turn.say`, and nothing sent yet."""
    with company.database.unit_of_work() as session:
        person = people.get(session, to)
        assert isinstance(person, Person)
        company.cairn.desk.turn(session, person).say(person, key, hello, words)


def test_a_message_arrives_with_its_text_as_the_push(company: Company, emily: Persona) -> None:
    says(company, "x/1", "Emily")
    company.settles()
    assert [message["text"] for message in emily.messages] == ["Hello Emily"]
    assert emily.pushes == ["Hello Emily"]


def test_saying_the_key_again_edits_in_place(company: Company, emily: Persona) -> None:
    says(company, "x/1", "Emily")
    company.settles()
    says(company, "x/1", "you")
    company.settles()
    assert [message["text"] for message in emily.messages] == ["Hello you"]


def test_when_slack_asks_to_wait_everything_waits_and_nothing_is_lost(company: Company, emily: Persona) -> None:
    company.slack.faults[POST] = Fault("429", times=1, retry_after=30)
    says(company, "x/1", "one")
    says(company, "x/2", "two")
    company.settles()
    assert emily.messages == []
    company.waits(seconds=31)
    assert sorted(message["text"] for message in emily.messages) == ["Hello one", "Hello two"]
    assert [one for one in company.slack.findings if one["rule"] != "ratelimited"] == []
    company.slack.findings.clear()


@pytest.mark.parametrize("fault", ["reset", "500"])
def test_an_unclear_answer_is_looked_up_before_posting_again(company: Company, emily: Persona, fault: str) -> None:
    company.slack.faults[POST] = Fault(fault, times=1)
    says(company, "x/1", "Emily")
    company.settles()
    company.waits(minutes=10)
    assert [message["text"] for message in emily.messages] == ["Hello Emily"]
    company.slack.findings.clear()


@pytest.mark.parametrize("fault", ["reset", "500"])
def test_an_outage_of_three_hours_loses_nothing(company: Company, emily: Persona, fault: str) -> None:
    company.slack.faults |= {method: Fault(fault, times=1_000) for method in (POST, HISTORY)}
    says(company, "x/1", "Emily")
    for _ in range(18):
        company.waits(minutes=10)
    company.slack.faults.clear()
    company.waits(minutes=10)
    assert [message["text"] for message in emily.messages] == ["Hello Emily"]
    company.slack.findings.clear()


def test_what_never_reached_slack_goes_out_as_soon_as_slack_is_there_without_a_look(
    company: Company, emily: Persona
) -> None:
    says(company, "x/1", "Emily")
    with unreachable(company):
        for _ in range(18):
            company.waits(minutes=10)
    company.slack.faults[HISTORY] = Fault("500", times=1_000)
    company.waits(seconds=11)
    assert [message["text"] for message in emily.messages] == ["Hello Emily"]


def test_a_worker_killed_after_posting_does_not_post_twice(company: Company, emily: Persona) -> None:
    says(company, "x/1", "Emily")
    real_now = company.real_clock.now()
    (claimed,) = company.knows(partial(sending.claim, real_now=real_now, limits=UNHURRIED, most=1)).rows
    company.runs(company.cairn.sender._send(claimed))  # and then it dies before it can record
    company.waits(minutes=2)
    assert [message["text"] for message in emily.messages] == ["Hello Emily"]


def test_a_worker_killed_before_posting_loses_nothing(company: Company, emily: Persona) -> None:
    says(company, "x/1", "Emily")
    real_now = company.real_clock.now()
    company.knows(partial(sending.claim, real_now=real_now, limits=UNHURRIED, most=1))
    company.waits(minutes=2)
    assert [message["text"] for message in emily.messages] == ["Hello Emily"]


def test_a_deleted_message_is_posted_anew(company: Company, emily: Persona) -> None:
    says(company, "x/1", "Emily")
    company.settles()
    del company.slack.channels[emily.dm].messages[emily.messages[0]["ts"]]
    says(company, "x/1", "again")
    company.settles()
    assert [message["text"] for message in emily.messages] == ["Hello again"]
    company.slack.findings.clear()


def test_a_message_for_nobody_is_given_up_and_counted(company: Company) -> None:
    with company.database.unit_of_work() as session:
        body = Message(escape("Hello")).body()
        now = company.real_clock.now()
        outbox.want(session, "x/1", "U0NOBODY", body, now, urgent=True, kind=outbox.MESSAGE)
    company.settles()
    assert company.knows(outbox.backlog) == outbox.Backlog(waiting=0, given_up=1)
    company.slack.findings.clear()


def test_the_metadata_of_a_message_is_an_opaque_id_alone(company: Company, emily: Persona) -> None:
    says(company, "x/secret-name", "Emily")
    company.settles()
    metadata = emily.messages[0]["metadata"]
    assert set(metadata["event_payload"]) == {"id"}
    assert "secret" not in str(metadata)


def test_words_for_a_new_reader_are_never_shown_to_the_one_before(company: Company, emily: Persona) -> None:
    thomas = company.person("thomas")
    says(company, "x/1", "Emily")
    real_now = company.real_clock.now()
    (claimed,) = company.knows(partial(sending.claim, real_now=real_now, limits=UNHURRIED, most=1)).rows
    channel, ts = company.runs(company.cairn.sender._send(claimed))  # under way, and not recorded yet
    says(company, "x/1", "Thomas alone", to=thomas.id)
    company.knows(lambda session: sending.record_sent(session, claimed, channel, ts))
    company.waits(minutes=5)
    assert [one["text"] for one in emily.messages] == ["Hello Emily"]
    assert [one["text"] for one in thomas.messages] == ["Hello Thomas alone"]


def claims_one(company: Company) -> Wanted:
    """What a worker does before it stands still."""
    now = company.real_clock.now()
    (claimed,) = company.knows(partial(sending.claim, real_now=now, limits=UNHURRIED, most=1)).rows
    assert isinstance(claimed, Wanted)
    return claimed


def test_a_worker_that_wakes_up_with_an_old_edit_leaves_the_newer_words(company: Company, emily: Persona) -> None:
    says(company, "x/1", "first")
    company.settles()
    says(company, "x/1", "second")
    frozen = claims_one(company)
    says(company, "x/1", "third")
    company.waits(minutes=3)
    company.runs(company.cairn.sender._deliver(frozen))
    company.waits(minutes=10)
    assert [one["text"] for one in emily.messages] == ["Hello third"]


def test_a_worker_that_wakes_up_with_an_old_home_publishes_nothing(company: Company, emily: Persona) -> None:
    company.knows(lambda session: outbox.want(session, outbox.home_key(emily.id), emily.id, {},
                                              company.real_clock.now(), urgent=True, kind=outbox.HOME))  # fmt: skip
    frozen = claims_one(company)
    company.real_clock.wind(company.real_clock.now() + sending.LEASE)
    company.runs(company.cairn.sender._deliver(frozen))
    assert emily.home == ""
    company.settles()
    assert emily.home


@pytest.mark.parametrize("error", ["missing_scope", "access_denied", "channel_not_found"])
def test_a_refused_look_keeps_one_message_in_doubt_and_stops_nobody_else(
    company: Company, emily: Persona, error: str
) -> None:
    thomas = company.person("thomas")
    says(company, "x/1", "Emily")
    claims_one(company)  # and this worker died before it could post
    company.slack.faults[HISTORY] = Fault(error, times=1_000)
    company.waits(minutes=2)
    says(company, "x/2", "Thomas", to=thomas.id)
    for _ in range(6):
        company.waits(minutes=10)
    assert [one["text"] for one in thomas.messages] == ["Hello Thomas"]
    assert company.knows(outbox.backlog) == outbox.Backlog(waiting=1, given_up=0, doubtful=1)
    company.slack.faults.clear()
    company.waits(minutes=10)
    assert [one["text"] for one in emily.messages] == ["Hello Emily"]
    assert company.knows(outbox.backlog) == outbox.Backlog(waiting=0, given_up=0)


def test_hr_reads_how_many_messages_are_in_doubt(company: Company) -> None:
    mei = company.person("mei")
    company.knows(lambda session: people.choose_language(session, mei.id, "en"))
    says(company, "x/1", "Emily")
    claims_one(company)
    company.slack.faults[HISTORY] = Fault("missing_scope", times=1_000)
    for _ in range(6):
        company.waits(minutes=10)
    mei.opens_home()
    assert "One message is in doubt: Slack does not say whether it arrived." in mei.home


def test_a_clock_that_was_a_day_ahead_stops_nobody_once_it_is_right(company: Company, emily: Persona) -> None:
    right = company.real_clock.now()
    company.real_clock.wind(right + timedelta(days=1))
    company.slack.faults[POST] = Fault("429", times=1, retry_after=30)
    says(company, "x/1", "Emily")
    company.settles()
    company.slack.findings.clear()
    company.real_clock._ahead -= timedelta(days=1)  # somebody sets it right, which the sandbox's clock has no way for
    for _ in range(12):
        company.waits(minutes=1)
    assert [one["text"] for one in emily.messages] == ["Hello Emily"]


def test_prompts_that_hang_leave_room_for_a_click(company: Company) -> None:
    sender, real_now = company.cairn.sender, company.real_clock.now()
    company.slack.faults[POST] = Fault("hang", times=1_000)
    with company.database.unit_of_work() as session:
        for one in people.everyone(session):
            outbox.want(session, f"x/{one.id}", one.id, {"text": "Hello"}, real_now, urgent=False, kind=outbox.MESSAGE)
    assert company.runs(sender.send_ready()) == MOST_UNDER_WAY - KEPT_FOR_CLICKS
    assert company.runs(sender.send_ready()) == 0
    says(company, "x/2", "Emily")
    assert company.runs(sender.send_ready()) == 1
    company.runs(sender.stop(0))


@pytest.mark.parametrize("breaks", [[RuntimeError()], [OperationalError("", {}, Exception())] * MOST_FAULTS * 2])
def test_an_outage_before_a_fault_of_ours_gives_nothing_up(
    company: Company, emily: Persona, breaks: list[Exception]
) -> None:
    company.slack.faults["views.publish"] = Fault("500", times=MOST_FAULTS + 2)
    draw, left = company.cairn.sender.draw_home, iter([])

    async def draws(person_id: str) -> Home | None:
        for error in left:
            raise error
        return await draw(person_id)

    company.cairn.sender.draw_home = draws
    emily.opens_home()
    for _ in range(MOST_FAULTS + 1):
        company.waits(minutes=10)
    left = iter(breaks)
    for _ in range(len(breaks) + 2):
        company.waits(minutes=10)
    assert emily.home
    assert company.knows(outbox.backlog) == outbox.Backlog(waiting=0, given_up=0)
    company.slack.findings.clear()


def test_what_breaks_again_and_again_on_our_side_is_given_up(company: Company, emily: Persona) -> None:
    async def breaks(person_id: str) -> Home | None:
        raise RuntimeError(person_id)

    company.cairn.sender.draw_home = breaks
    emily.opens_home()
    for _ in range(MOST_FAULTS):
        company.waits(minutes=10)
    assert company.knows(outbox.backlog) == outbox.Backlog(waiting=0, given_up=1)
    assert not company.cairn.sender.faults
