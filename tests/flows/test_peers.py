"""Feedback from colleagues: asked, answered in confidence, opened once or never."""

import ast
import asyncio
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.domain.cycle import Cycle, CycleKind, Participant, propose_stages
from bot.domain.org import CAIRN
from bot.domain.template_document import document_of
from bot.slack.desk import Delivery, Refusal
from bot.slack.words import LOCALES, read_catalogue
from bot.sources.templates import shipped
from bot.store import audit, cycles, invitations, outbox, people, released, templates, timers
from tests.company import Company, Persona
from tests.stories import placed_people

TEAM = ["marcus", "lena", "jonas", "sofia", "pierre"]
TOPICS = ("customers", "forecast", "teamwork", "follow_through")
GOOD = "On the Hansa order she called the customer within the hour and told the warehouse what had changed."
ASSESSING, LATER, CLOSING = "2027-04-01T10:00:00-04:00", "2027-04-16T10:00:00-04:00", "2027-04-15T12:00:30+00:00"


def ids(company: Company, *names: str) -> list[str]:
    return [company.person(name).id for name in names]


def begun(company: Company, *ratees: str) -> str:
    """A quarter of sales is over: these people are asked whom to ask about them."""
    placed_people(company)
    return launched(company, *ratees)


def launched(company: Company, *ratees: str) -> str:
    """The same, for whoever is placed in the company."""
    template = shipped()["sales"]
    starts, ends = date(2027, 1, 1), date(2027, 3, 31)
    at = datetime(2027, 4, 1, 9, 30, tzinfo=UTC)

    def launch(session) -> Cycle:
        templates.keep(session, template.content_hash, "sales", document_of(template), at)
        stages = propose_stages(starts, ends)
        cycle = cycles.create(session, "2027-Q1", CycleKind.QUARTER, (starts, ends), stages, by="U01MEI", at=at)
        taking_part = [_participant(session, cycle.id, one, template.content_hash) for one in ratees]
        cycles.launch(session, cycle.id, taking_part, at)
        for one in ratees:
            timers.remind(session, "peers.invite_nominations", one, cycle.id, at)
        timers.remind(session, "peers.close", "", cycle.id, datetime(2027, 4, 15, 12, tzinfo=UTC))
        return cycle

    cycle = company.knows(launch)
    company.winds(to=ASSESSING)
    return cycle.id


def _participant(session, cycle_id: str, person_id: str, template: str) -> Participant:
    stint = people.stint_on(session, person_id, date(2027, 4, 1))
    return Participant(cycle_id, person_id, stint.department, stint.manager_id, template)


def proposing(company: Company) -> tuple[str, Persona]:
    """Emily is asked whom to ask."""
    return begun(company, "U01EMILY"), company.person("emily")


def asked(company: Company, *names: str) -> str:
    """Emily proposed these people and Thomas approved."""
    cycle_id, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, *names))
    company.person("thomas").clicks("Approve")
    return cycle_id


def answers(person: Persona, level: int = 4, **texts: str) -> None:
    """Rate every topic and write something; nothing is in the way."""
    person.clicks("Start", near="Emily Carter")
    person.submits(**dict.fromkeys(TOPICS, str(level)), **(texts or {"behaviour": GOOD}))


def summary(company: Company, cycle_id: str) -> tuple[released.GroupSummary, ...]:
    return company.knows(lambda session: released.summary(session, cycle_id, "U01EMILY"))


def presses(company: Company, who: str, step: str, carry: str) -> str:
    """What somebody is told who presses a button they should not have."""
    desk = company.cairn.desk
    with pytest.raises(Refusal) as refused:
        company.runs(desk.take(Delivery(f"{who}{step}", company.person(who).id, carry), desk.flows.steps[step]))
    return refused.value.text


def rows_of_others(company: Company, person_id: str) -> dict[str, int]:
    """The version of every message and Home tab that is not this person's."""

    def look(session) -> dict[str, int]:
        return {row.key: row.wanted for row in session.query(outbox.OutboxRow) if row.person_id != person_id}

    return company.knows(look)


# The list -----------------------------------------------------------------------------------


def test_a_list_is_proposed_approved_and_everybody_on_it_is_asked(company: Company) -> None:
    _, emily = proposing(company)
    assert "Who can say what it is like to work with you?" in emily.sees()
    emily.clicks("Propose colleagues")
    assert set(emily.modal["blocks"][1]["element"]["initial_users"]) == set(ids(company, *TEAM))
    emily.submits(raters=ids(company, *TEAM))
    assert "Thomas Keller looks at your list next" in emily.sees()
    thomas = company.person("thomas")
    assert "Marcus Reed, colleague, no other requests" in thomas.sees()
    thomas.clicks("Approve")
    assert "5 people are asked for feedback on Emily Carter." in thomas.sees()
    assert "5 colleagues are asked about working with you." in emily.sees()
    assert "anonymous towards Emily Carter, managers and HR" in company.person("marcus").sees()
    assert "It takes about 6 minutes" in company.person("lena").sees()


@pytest.mark.parametrize(
    ("raters", "refusal"),
    [
        (["emily", "lena", "jonas"], "Nobody gives confidential feedback on themself"),
        (["thomas", "lena", "jonas"], "Thomas Keller reviews this work as the manager already"),
        (["oliver", "lena", "jonas"], "Oliver Grant is a guest or has left"),
        (["jin", "lena", "jonas"], "钱进 is a guest or has left"),
        (["U0NOBODY", "lena", "jonas"], "One of these people is not known to me"),
        (["lena", "jonas"], "Please choose 3 to 6 people; 2 are chosen now."),
        (["lena", "lena", "jonas"], "Please choose 3 to 6 people; 2 are chosen now."),
    ],
)
def test_a_list_that_cannot_be_is_refused_under_the_field(company: Company, raters: list[str], refusal: str) -> None:
    _, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=[one if one.startswith("U") else company.person(one).id for one in raters])
    assert refusal in emily.errors["raters"]


def test_somebody_without_a_place_in_the_company_cannot_be_asked(company: Company) -> None:
    _, emily = proposing(company)
    company.knows(lambda session: session.query(people.StintRow).filter_by(person_id="U01KAI").delete())
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, "lena", "jonas", "kai"))
    assert "郑凯 is not in the company's list of people yet" in emily.errors["raters"]


def test_the_manager_changes_the_list_and_everybody_else_may_not(company: Company) -> None:
    _, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, *TEAM))
    thomas = company.person("thomas")
    thomas.clicks("Change")
    thomas.submits(raters=ids(company, "thomas", "lena", "jonas"))
    assert "Thomas Keller reviews this work as the manager already" in thomas.errors["raters"]
    thomas.submits(raters=ids(company, "lena", "jonas", "sofia", "qiang"))
    assert "4 people are asked for feedback on Emily Carter." in thomas.sees()
    assert "Emily Carter" not in company.person("marcus").sees()
    assert company.person("qiang").sees() == "", "it is night in Shanghai"
    company.winds(to="2027-04-02T10:00:00+08:00")
    assert "愿意就与Emily Carter的合作写一份保密反馈吗" in company.person("qiang").sees()


def test_with_too_few_people_there_is_no_round_and_it_is_said_beforehand(company: Company) -> None:
    placed_people(company)

    def shrink(session) -> None:
        for one in people.everyone(session):
            if one.id not in {"U01EMILY", "U01THOMAS", "U01LENA", "U01JONAS", "U01SOFIA"}:
                session.query(people.StintRow).filter_by(person_id=one.id).delete()

    company.knows(shrink)
    launched(company, "U01EMILY")
    emily = company.person("emily")
    assert "it needs at least 4 people who can answer, and there are 3" in emily.sees()
    with pytest.raises(AssertionError, match="sees no button"):
        emily.clicks("Propose colleagues")


@pytest.mark.parametrize(
    ("who", "step", "refusal"),
    [
        ("emily", "peers.approve", "not yours to do"),
        ("marcus", "peers.change", "not yours to do"),
        ("mei", "peers.ask_more", "权限"),
        ("thomas", "peers.approve", "settled already"),
        ("thomas", "peers.changed", "settled already"),
        ("emily", "peers.start", "not yours to do"),
        ("thomas", "peers.start", "You were not asked"),
        ("david", "peers.send_anyway", "You were not asked"),
        ("david", "peers.decline_with_reason", "You were not asked"),
        ("marcus", "peers.decline_with_reason", "Please choose a reason"),
    ],
)
def test_a_forged_or_stale_click_is_refused(company: Company, who: str, step: str, refusal: str) -> None:
    cycle_id = asked(company, *TEAM)
    carry = f"{cycle_id}/U01EMILY" + ("/U01LENA" if step == "peers.ask_more" else "")
    assert refusal in presses(company, who, step, carry)


@pytest.mark.parametrize(
    ("who", "step", "refusal"),
    [
        ("emily", "peers.proposed", "settled already"),
        ("thomas", "peers.approve", "while a cycle is being assessed"),
        ("thomas", "peers.ask_more", "while a cycle is being assessed"),
        ("lena", "peers.start", "This round is closed"),
        ("lena", "peers.consent", "This round is closed"),
        ("lena", "peers.decline", "This round is closed"),
    ],
)
def test_after_the_close_every_old_button_says_so(company: Company, who: str, step: str, refusal: str) -> None:
    cycle_id = asked(company, *TEAM)
    company.winds(to=LATER)
    rest = {"peers.proposed": "", "peers.ask_more": "/U01EMILY/U01LENA"}.get(step, "/U01EMILY")
    assert refusal in presses(company, who, step, cycle_id + rest)


def test_it_is_too_late_to_propose_when_the_assessing_is_over(company: Company) -> None:
    _, emily = proposing(company)
    emily.clicks("Propose colleagues")
    company.slack.wind({"to": "2027-04-15T07:00:00-04:00"})
    emily.submits(raters=ids(company, *TEAM))
    assert "only while a cycle is being assessed" in emily.errors["raters"]


# The request --------------------------------------------------------------------------------


def test_somebody_with_five_open_requests_is_asked_before_the_sixth(company: Company) -> None:
    ratees = ["U01EMILY", "U01LENA", "U01JONAS", "U01SOFIA", "U01PIERRE"]
    begun(company, *ratees, "U01YANG")
    thomas, li = company.person("thomas"), company.person("li")
    for ratee in ratees:
        persona = company.person(ratee)
        persona.clicks("Propose colleagues")
        persona.submits(raters=ids(company, "marcus", "qiang", "mei"))
        thomas.clicks("Approve")
    company.winds(to="2027-04-02T10:00:00+08:00")
    yang = company.person("yang")
    yang.clicks("提名同事")
    yang.submits(raters=ids(company, "marcus", "min", "hao"))
    assert "Marcus Reed，同事，另有 5 份待填反馈" in li.sees()
    li.clicks("确认")
    company.winds(to="2027-04-02T10:00:00-04:00")
    marcus = company.person("marcus")
    assert "Would you take one more, on 刘洋?" in marcus.sees()
    marcus.clicks("Yes, ask me")
    assert "Would you give confidential feedback on working with 刘洋?" in marcus.sees()


def test_who_declines_says_why_and_the_manager_asks_somebody_else(company: Company) -> None:
    asked(company, "marcus", "lena", "jonas")
    marcus, thomas = company.person("marcus"), company.person("thomas")
    marcus.clicks("Decline")
    assert "sees that you declined and your reason" in marcus.sees()
    marcus.submits(reason="We worked together too little")
    assert "You declined to give feedback on Emily Carter" in marcus.sees()
    assert "We worked together too little" in thomas.sees()
    thomas.clicks("Ask somebody else")
    thomas.submits(raters=ids(company, "marcus"))
    assert "has not been asked yet" in thomas.errors["raters"]
    thomas.submits(raters=ids(company, "emily"))
    assert "on themself" in thomas.errors["raters"]
    thomas.submits(raters=ids(company, "sofia"))
    assert "Asked instead: Sofia Rossi" in thomas.sees()
    assert "Would you give confidential feedback" in company.person("sofia").sees()


def test_reminders_go_to_who_is_open_alone_and_people_see_a_share_of_five_or_more(company: Company) -> None:
    asked(company, *TEAM)
    answers(company.person("marcus"))
    thomas = company.person("thomas")
    assert "have answered" not in thomas.sees()
    company.winds(to="2027-04-08T10:00:00-04:00")
    assert "A colleague still hopes for your feedback" in company.person("lena").sees()
    assert "still hopes" not in company.person("marcus").sees()
    assert "20 % have answered so far" in thomas.sees()
    assert not any(name in thomas.sees() for name in ("Marcus", "Lena"))
    company.winds(to="2027-04-13T08:00:00-04:00")
    assert company.person("lena").sees().count("still hopes") == 2
    mei = company.person("mei")
    mei.types("/cairn peers")
    assert "2027-Q1：20%" in mei.last_words()


def test_of_fewer_than_five_no_share_is_shown(company: Company) -> None:
    asked(company, "marcus", "lena", "jonas")
    answers(company.person("marcus"))
    company.winds(to="2027-04-13T12:00:00-04:00")
    assert "have answered" not in company.person("thomas").sees()
    julia = company.person("julia")
    julia.types("/cairn peers")
    assert "ask HR" in julia.last_words()


# The answer ---------------------------------------------------------------------------------


def test_hints_come_to_the_author_alone_and_nothing_typed_is_lost(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    lena = company.person("lena")
    answers(lena, 3, behaviour="I, Lena Hoffmann, think she always helps.", impact="Everyone was glad.")
    words = lena.sees()
    assert "Only you see this" in words
    assert "“Lena Hoffmann” is your own name" in words
    assert "rarely the whole truth" in words
    assert "I, Lena Hoffmann, think she always helps." in words
    assert company.knows(lambda s: invitations.invitation(s, cycle_id, "U01EMILY", lena.id)).state == "open"
    lena.submits(behaviour=GOOD)
    assert not lena.modals
    assert "Thank you for your feedback on Emily Carter" in lena.sees()
    assert GOOD not in lena.sees()


def test_an_empty_answer_is_refused_and_not_observed_is_one(company: Company) -> None:
    asked(company, *TEAM)
    lena = company.person("lena")
    lena.clicks("Start")
    lena.submits(**dict.fromkeys(TOPICS, "Not observed"))
    assert "Please rate at least one topic" in lena.errors["behaviour"]
    lena.submits(customers="4")
    assert "It is sealed until" in lena.sees()


def test_an_answer_is_given_once(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    answers(company.person("lena"))
    again = presses(company, "lena", "peers.send_anyway", f"{cycle_id}/U01EMILY")
    assert "You have answered this request already." in again
    assert "You have answered this request already." in presses(company, "lena", "peers.start", f"{cycle_id}/U01EMILY")


def test_a_late_answer_gets_a_kind_refusal(company: Company) -> None:
    asked(company, *TEAM)
    lena = company.person("lena")
    lena.clicks("Start")
    company.winds(to=CLOSING)
    lena.submits(**dict.fromkeys(TOPICS, "4"), behaviour=GOOD)
    assert "Thank you for taking the time. This round is closed" in lena.errors["customers"]


def test_what_is_typed_beside_a_card_is_neither_kept_nor_repeated(company: Company) -> None:
    asked(company, *TEAM)
    lena = company.person("lena")
    lena.replies("Between us, she is often late.", to="Would you give confidential feedback")
    assert "Please use the button on the card" in lena.last_words()
    everything = company.knows(lambda session: [row.body for row in session.query(outbox.OutboxRow)])
    assert "often late" not in str(everything)


def test_an_answer_touches_nobody_else_and_leaves_no_trace_in_the_audit(company: Company) -> None:
    asked(company, *TEAM)
    for name in ("emily", "thomas", "marcus", "mei"):
        company.person(name).opens_home()
    lena = company.person("lena")
    before = rows_of_others(company, lena.id)
    traces = company.knows(lambda session: len(session.query(audit.AuditRow).all()))
    answers(lena)
    assert rows_of_others(company, lena.id) == before
    assert company.knows(lambda session: len(session.query(audit.AuditRow).all())) == traces


# The close ----------------------------------------------------------------------------------


def test_answers_are_opened_once_at_the_close_and_nobody_is_named(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    for n, name in enumerate(TEAM):
        answers(company.person(name), 1 + n % 5)
    assert summary(company, cycle_id) == ()
    company.winds(to=CLOSING)
    (group,) = summary(company, cycle_id)
    assert (group.group, group.invited, group.n) == ("peer", 5, 5)
    assert sorted(map(int, group.ratings)) == [1, 2, 3, 4, 5]
    assert {topic.shown.number for topic in group.topics} == {"3.0"}
    assert group.sentences == (GOOD,) * 5
    assert "ratings and sentences are shown, mixed and without names" in company.person("emily").sees()
    assert "Thank you for your answer" in company.person("lena").sees()


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_five_workers_that_close_at_once_release_the_sealed_answers_once(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    for n, name in enumerate(TEAM):
        answers(company.person(name), 1 + n % 5)
    desk, begin = company.cairn.desk, threading.Barrier(5)

    def close(session: Session) -> None:
        turn = desk.turn(session, CAIRN, urgent=False)
        turn.carry = cycle_id
        begin.wait(10)
        desk.flows.steps["peers.close"](turn)

    async def together() -> None:
        await asyncio.gather(*(company.database.run(close) for _ in range(5)))

    company.runs(together())
    company.settles()
    (group,) = summary(company, cycle_id)
    assert (group.invited, group.n) == (5, 5)
    assert sorted(map(int, group.ratings)) == [1, 2, 3, 4, 5]
    for name in TEAM:
        assert company.person(name).sees().count("Thank you for your answer") == 1


def test_three_answers_show_a_band_and_no_sentence(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    for name in TEAM[:3]:
        answers(company.person(name), 5)
    company.winds(to=CLOSING)
    (group,) = summary(company, cycle_id)
    assert group.n == 3
    assert group.sentences == ()
    assert {(topic.shown.band, topic.shown.number) for topic in group.topics} == {("above", "")}
    assert "nobody sees any sentence" in company.person("lena").sees()


def test_two_answers_are_destroyed_unread_and_everybody_is_told(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    for name in TEAM[:2]:
        answers(company.person(name))
    company.winds(to=CLOSING)
    assert summary(company, cycle_id) == ()
    for name in ("emily", "thomas", "marcus", "lena"):
        assert "the answers were destroyed unread" in company.person(name).sees()
    assert "There is nothing left to do" in company.person("sofia").sees()


def test_a_list_that_nobody_approved_ends_with_the_round(company: Company) -> None:
    _, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, *TEAM))
    company.winds(to=CLOSING)
    assert "is over; nobody was asked" in emily.sees()
    with pytest.raises(AssertionError, match="sees no button"):
        company.person("thomas").clicks("Approve")


# The words ----------------------------------------------------------------------------------


def test_the_whole_conversation_is_held_in_chinese_too(company: Company) -> None:
    begun(company, "U01YANG")
    company.winds(to="2027-04-02T10:00:00+08:00")
    yang, li, min_ = company.person("yang"), company.person("li"), company.person("min")
    assert "谁了解与你共事的情况" in yang.sees()
    yang.clicks("提名同事")
    yang.submits(raters=ids(company, "min", "hao", "qian", "kai"))
    assert "赵敏，同事，没有其他待填反馈" in li.sees()
    li.clicks("确认")
    assert "刘洋、主管和 HR 都看不到是谁写的" in min_.sees()
    min_.clicks("开始")
    assert "没有观察到" in min_.sees()
    min_.submits(**dict.fromkeys(TOPICS, "4"), behaviour="他总是很忙，所有人都知道。")
    assert "很少" in min_.sees()
    min_.submits()
    assert "谢谢你对刘洋的反馈" in min_.sees()


def test_nothing_is_called_anonymous_without_saying_towards_whom() -> None:
    sentences = [str(message.string) for message in read_catalogue("zh") if "anonymous" in str(message.id)]
    assert sentences
    assert all("{ratee}、主管和 HR 都看不到是谁写的" in one and "匿名" not in one for one in sentences)
    for path in Path(LOCALES).parent.glob("handlers/peers/*.py"):
        strings = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
        for one in strings:
            if isinstance(one, str) and "anonymous" in one:
                assert "anonymous towards {ratee}, managers and HR" in one
