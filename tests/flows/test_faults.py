"""When something breaks: nothing of it happened, nobody else waits, no word of it is in a log, and people are told."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from bot.domain.refusal import N_
from bot.slack.blocks import Home, Message, button, buttons, form, section, text_input
from bot.slack.flow import Answer, Errors, Flow, Open, Turn
from bot.slack.limits import UNHURRIED
from bot.slack.text import escape
from bot.slack.words import Words
from bot.store import outbox, people, sending, timers
from sandbox.state import Envelope
from tests.company import Company, Persona, shown
from tests.store.test_together import until_somebody_waits

SECRET = "my private complaint"


def sheet(t: Words, does: object) -> Open:
    blocks = [text_input("words", escape("Words"), lines=True)]
    return Open(form(escape("A form"), blocks, does=does, submit=escape("Send"), close=escape("Later")))  # type: ignore[arg-type]  # any step


def note(t: Words, words: str) -> Message:
    return Message(escape(words))


class Broken:
    """A conversation whose steps break after they have said something."""

    def __init__(self) -> None:
        self.flow = flow = Flow("broken")
        self.sent = 0

        @flow.view
        def send(turn: Turn) -> None:
            self.sent += 1
            turn.say(turn.person, "broken/1", note, turn.inputs.text("words"))
            raise RuntimeError(turn.inputs.text("words"))

        @flow.view
        def send_well(turn: Turn) -> Errors | None:
            self.sent += 1
            words = turn.inputs.text("words")
            if words == "too short":
                return Errors({"words": escape("A little more, please")})
            turn.say(turn.person, f"broken/well/{self.sent}", note, words)
            return None

        @flow.command("break", N_("Break"))
        @flow.action
        def open_it(turn: Turn) -> Open:
            return sheet(turn.t, send)

        @flow.command("fine", N_("Fine"))
        @flow.action
        def open_well(turn: Turn) -> Open:
            return sheet(turn.t, send_well)

        @flow.command("fail", N_("Fail"))
        @flow.action
        def fail(turn: Turn) -> Answer:
            raise RuntimeError(SECRET + turn.carry)

        @flow.command("long", N_("Long"))
        @flow.action
        def long(turn: Turn) -> Answer:
            blocks = [section(escape("长" * 1500)) for _ in range(6)]
            return Answer(
                Message(
                    escape("Long"), [section(escape("Long")), *blocks, buttons(button(escape("Fine"), does=open_well))]
                )
            )


@pytest.fixture
def broken(company: Company) -> Broken:
    broken = Broken()
    company.learns(broken.flow)
    return broken


@pytest.fixture
def emily(company: Company) -> Persona:
    return company.person("emily")


def test_a_form_whose_step_breaks_stays_open_with_a_reference(
    company: Company, broken: Broken, emily: Persona, caplog: pytest.LogCaptureFixture
) -> None:
    emily.types("/cairn break")
    emily.submits(words=SECRET)
    assert "reference" in emily.errors["words"]
    assert SECRET not in emily.last_words()
    assert "fault ref=" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("typed", ["/cairn fail", "fail"])
def test_a_command_that_breaks_is_answered_and_leaves_no_word_in_the_log(
    company: Company, broken: Broken, emily: Persona, caplog: pytest.LogCaptureFixture, typed: str
) -> None:
    company.slack.settings.retry_delays = ()
    emily.types(typed)
    assert "reference" in emily.last_words()
    assert SECRET not in caplog.text
    company.slack.findings.clear()


def test_the_same_form_sent_twice_acts_once(company: Company, broken: Broken, emily: Persona) -> None:
    emily.types("/cairn fine")
    envelope = _envelope_of_submission(company, emily, "hello")
    company.runs(company._deliver(envelope))
    company.settles()
    assert (broken.sent, emily.sees().count("hello")) == (1, 1)


def test_a_form_with_errors_delivered_again_is_not_closed(company: Company, broken: Broken, emily: Persona) -> None:
    emily.types("/cairn fine")
    envelope = _envelope_of_submission(company, emily, "too short")
    again = company.runs(company._deliver(envelope))
    assert again.body["response_action"] == "errors"


def _envelope_of_submission(company: Company, emily: Persona, words: str):
    """Send the form on top, and give back what Slack delivered, with a new trigger as a second press would have."""
    seen = []
    deliver = company._deliver

    async def watching(envelope):
        seen.append(envelope)
        return await deliver(envelope)

    company.slack.connect("A01CAIRN", watching)
    emily.submits(words=words)
    payload = json.loads(json.dumps(seen[-1].payload)) | {"trigger_id": "another.one"}
    return replace(seen[-1], payload=payload)


def test_a_form_whose_step_was_renamed_keeps_what_was_typed(company: Company, broken: Broken, emily: Persona) -> None:
    emily.types("/cairn fine")
    del company.cairn.desk.flows.steps["broken.send_well"]
    emily.submits(words="an hour of work")
    assert "out of date" in emily.errors["words"]


def test_an_old_button_is_refused_in_the_readers_language(company: Company, broken: Broken) -> None:
    mei = company.person("mei")
    mei.types("/cairn long")
    del company.cairn.desk.flows.steps["broken.open_well"]
    mei.clicks("Fine")
    assert "请打开 Cairn 的主页" in mei.sees()


def test_a_window_that_came_too_late_is_offered_in_the_dm(company: Company, broken: Broken, emily: Persona) -> None:
    company.slack.settings.trigger_seconds = 0
    emily.types("/cairn fine")
    company.slack.settings.trigger_seconds = 60
    emily.clicks("Open")
    assert "Words" in emily.sees()
    company.slack.findings.clear()


def test_an_answer_larger_than_a_frame_comes_as_a_message(company: Company, broken: Broken, emily: Persona) -> None:
    emily.types("/cairn long")
    assert "长" in emily.last_words()
    assert company.knows(outbox.backlog).waiting == 0


def test_a_home_that_cannot_be_drawn_keeps_nobody_waiting(
    company: Company, emily: Persona, caplog: pytest.LogCaptureFixture
) -> None:
    emily.opens_home()
    flows = company.cairn.desk.flows
    draw = flows._home

    def broken_for_emily(turn: Turn) -> Home:
        if turn.person.id == emily.id:
            raise KeyError(SECRET)
        return draw(turn)

    flows._home = broken_for_emily
    emily.opens_home()
    with company.database.unit_of_work() as session:
        for person in people.everyone(session):
            company.cairn.desk.turn(session, person).say(person, f"x/{person.id}", note, "hello")
    company.settles()
    assert all("hello" in company.person(name).sees() for name in ("emily", "marcus", "mei", "felix"))
    for _ in range(12):
        company.waits(minutes=11)
    assert company.knows(outbox.backlog) == outbox.Backlog(waiting=0, given_up=1)
    assert SECRET not in caplog.text
    flows._home = draw
    emily.opens_home()
    assert "Waiting for you" in emily.home


def test_a_timer_for_a_step_that_is_gone_is_kept_for_the_operator(company: Company) -> None:
    start = company.slack.clock.now()
    with company.database.unit_of_work() as session:
        timers.remind(session, "gone.away", "U01EMILY", "", start)
    for _ in range(timers.GIVE_UP_AFTER):
        company.winds(plus="9h")
    assert company.knows(timers.count_failed) == 1
    assert company.knows(lambda session: timers.count_due(session, start + timedelta(days=9))) == 0


def claim(session: Session, company: Company, key: str) -> list[sending.Wanted]:
    claimed = sending.claim(session, company.real_clock.now(), UNHURRIED, 10)
    return [one for one in claimed.rows if one.key == key]


def test_newer_words_survive_what_became_of_older_ones(company: Company, emily: Persona) -> None:
    with company.database.unit_of_work() as session:
        person = people.get(session, emily.id)
        turn = company.cairn.desk.turn(session, person)
        turn.say(person, "x/1", note, "old")
        (claimed,) = [
            one for one in sending.claim(session, company.real_clock.now(), UNHURRIED, 10).rows if one.key == "x/1"
        ]
        turn.say(person, "x/1", note, "new")
        sending.give_up(session, claimed, "user_disabled")
    company.settles()
    assert emily.last_words() == "new"


def test_a_worker_whose_lease_ran_out_sends_nothing_more(company: Company, emily: Persona) -> None:
    with company.database.unit_of_work() as session:
        person = people.get(session, emily.id)
        company.cairn.desk.turn(session, person).say(person, "x/1", note, "once")
        (frozen,) = [
            one for one in sending.claim(session, company.real_clock.now(), UNHURRIED, 10).rows if one.key == "x/1"
        ]
    company.waits(minutes=3)
    company.runs(company.cairn.sender._deliver(frozen))
    assert emily.sees().count("once") == 1


def test_what_slack_escaped_is_read_as_it_was_typed(company: Company, emily: Persona) -> None:
    emily.types("/cairn R&D")
    assert "R&amp;D" in emily.sees()
    assert "amp;amp" not in emily.sees()


def test_a_file_that_lies_elsewhere_gets_no_token(company: Company, emily: Persona) -> None:
    event = {
        "type": "message", "channel_type": "im", "channel": emily.dm, "user": emily.id, "subtype": "file_share",
        "ts": "1.1", "text": "", "files": [{"name": "x.csv", "url_private": "http://127.0.0.1:9/x.csv"}],
    }  # fmt: skip
    body = {"type": "event_callback", "event_id": "Ev1", "team_id": "T0LANTERN", "event": event}
    assert company.runs(company._deliver(Envelope("events_api", body, "e1"))).status == 200
    company.settles()
    assert "does not lie at Slack" in emily.sees()


def test_this_machine_by_another_name_is_the_same_slack(company: Company) -> None:
    company.slack.base_url = company.slack.base_url.replace("127.0.0.1", "localhost")
    mei = company.person("mei")
    mei.drops("people.csv", b"email,department\nemily@lantern.example,Sales\n")
    assert "文件缺少这一列" in mei.sees()  # it was read


# Two workers ----------------------------------------------------------------------------------


def held_up(company: Company, runs: list[str]) -> Flow:
    """A step that holds one thing and waits for another, while somebody elsewhere does it the other way round."""
    flow, has_one = Flow("tangled"), threading.Event()
    elsewhere = ThreadPoolExecutor(1)

    def holds(session: Session, thing: int) -> None:
        session.execute(sql("SELECT pg_advisory_xact_lock(:thing)"), {"thing": thing})

    def the_other_way_round(session: Session) -> None:
        session.execute(sql("SET LOCAL deadlock_timeout = '20s'"))  # so it is not this one that is given up
        holds(session, 2)
        has_one.set()
        holds(session, 1)

    @flow.command("tangle", N_("Tangle"))
    @flow.action
    def tangle(turn: Turn) -> None:
        runs.append(turn.carry)
        turn.session.execute(sql("SET LOCAL deadlock_timeout = '10ms'"))
        holds(turn.session, 1)
        if len(runs) == 1:
            elsewhere.submit(company.database._do, the_other_way_round)
            assert has_one.wait(10)
            until_somebody_waits(company.database)
        holds(turn.session, 2)
        turn.say(turn.person, "tangled/1", note, "done")

    return flow


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_two_that_hold_each_other_up_are_both_done_and_nobody_hears_of_it(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    runs: list[str] = []
    company.learns(held_up(company, runs))
    emily = company.person("emily")
    emily.types("/cairn tangle")
    assert len(runs) == 2
    assert [shown(one) for one in emily.messages].count("done") == 1
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []
