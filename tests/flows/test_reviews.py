"""Reviews: one's own first, then the manager's; every step is kept, and nothing comes as a surprise."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from bot.domain.checkin import Checkin, Confidence, Item
from bot.domain.checkin import Kind as Answered
from bot.domain.cycle import Cycle, CycleKind, Participant, Stage, opening, propose_stages
from bot.domain.goal import Goal, Sheet, SheetState
from bot.domain.measure import Anchor, Direction
from bot.domain.org import Stint
from bot.domain.review import Kind, Review, State
from bot.domain.template_document import document_of
from bot.sources.templates import shipped
from bot.store import audit, checkins, cycles, goals, people, reviews, templates, timers
from tests.company import Company, Persona, shown
from tests.stories import placed_people

FIRST, LAST = date(2027, 1, 4), date(2027, 3, 31)
TEAM = {"U01EMILY": "U01THOMAS", "U01LENA": "U01THOMAS", "U01YANG": "U01LI"}
FULL = "She called the customer on the same day, wrote down what was broken, and came back with a date that held."
GOALS = (
    Goal("g1", "Sales revenue", "Orders", "CNY", Direction.HIGHER, Decimal(70), LAST, target=Decimal(3000000)),
    Goal(
        "g2",
        "Account plans",
        "By rubric",
        "",
        Direction.RUBRIC,
        Decimal(30),
        LAST,
        target=Decimal(2),
        levels=(
            Anchor(Decimal(1), "A list of contacts", Decimal("0.5")),
            Anchor(Decimal(2), "A plan per key account", Decimal(1)),
        ),
    ),
)


def reviews_are_open(company: Company) -> Cycle:
    """1 April: Emily, Lena and 刘洋 have goals agreed and can write their reviews; Thomas leads the first two."""
    placed_people(company)
    cycle = company.knows(lambda session: _launched(session, datetime.fromisoformat("2027-01-04T09:00:00+08:00")))
    company.winds(to="2027-04-01T09:35:00+08:00")
    company.winds(to="2027-04-01T09:35:00-04:00")
    return cycle


def _launched(session, now: datetime) -> Cycle:
    sales = shipped()["sales"]
    templates.keep(session, sales.content_hash, "sales", document_of(sales), now)
    opens = propose_stages(FIRST, LAST)
    cycle = cycles.create(session, "2027 Q1", CycleKind.QUARTER, (FIRST, LAST), opens, by="U01MEI", at=now)
    cycles.launch(
        session,
        cycle.id,
        [Participant(cycle.id, one, "Sales", boss, sales.content_hash) for one, boss in TEAM.items()],
        now,
    )
    for one, boss in TEAM.items():
        goals.opened(session, cycle.id, one)
        goals.speak(session, Sheet(cycle.id, one, SheetState.AGREED, 1, GOALS, GOALS, "rules", 1, one), one, now)
        zone = people.get(session, one).tz
        timers.remind(session, "reviews.invite_self", one, cycle.id, opening(opens[Stage.ASSESSING], zone))
        zone = people.get(session, boss).tz
        timers.remind(session, "reviews.invite_manager", boss, cycle.id, opening(date(2027, 4, 8), zone))
    return cycles.get(session, cycle.id)


def writes_own(person: Persona, *, grade: str = "B") -> None:
    """Somebody writes their self-review to the end and sends it."""
    person.clicks("Write my self-review")
    person.submits(rating_customer="3", rating_selling="4", rating_honesty="3")
    person.submits(level_g2="2")
    person.submits(well="Two new customers signed", not_well="The Hamburg order came late", grade=grade)
    person.submits()


def managers_are_asked(company: Company) -> None:
    """8 April, half past nine in Berlin."""
    company.winds(to="2027-04-08T09:35:00+02:00")


def rates(thomas: Persona, **last: str) -> None:
    """Thomas goes through the pages up to the grade, and sends that with what is given."""
    thomas.submits(rating_customer="3", rating_selling="4")
    thomas.submits(rating_honesty="3")
    thomas.submits(level_g2="2")
    thomas.submits(
        **{"strength": "Keeps every promise to customers", "gap": "Offers often come too late", "gap_day": "2027-02-12"}
        | last
    )


def of(company: Company, cycle: Cycle, person_id: str, kind: Kind) -> Review | None:
    return company.knows(lambda session: reviews.get(session, cycle.id, person_id, kind))


# One's own ---------------------------------------------------------------------------------


def test_everybody_is_asked_at_half_past_nine_where_they_are(company: Company) -> None:
    reviews_are_open(company)
    emily, yang, mei = company.person("emily"), company.person("yang"), company.person("mei")
    assert "Your self-review for 2027 Q1 is open until Wed 14 Apr." in emily.last_words()
    assert "2027 Q1 的自评已开放，请在4月14日 周三前完成。" in yang.last_words()
    assert mei.messages == []


def test_a_self_review_is_written_in_steps_and_sent(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily = company.person("emily")
    writes_own(emily)
    assert "Your self-review is sent." in emily.sees()
    emily.closes()
    assert "Thank you. Your self-review for 2027 Q1 is sent." in emily.last_words()
    kept = of(company, cycle, "U01EMILY", Kind.SELF)
    assert kept is not None
    assert kept.state is State.SENT
    assert kept.competencies == {"customer": 3, "selling": 4, "honesty": 3}
    assert kept.levels == {"g2": Decimal(2)}
    assert kept.overall == "B"
    assert kept.note("well") == "Two new customers signed"


def test_the_anchors_are_read_in_ones_own_language(company: Company) -> None:
    reviews_are_open(company)
    emily, yang = company.person("emily"), company.person("yang")
    emily.clicks("Write my self-review")
    assert "3 · Can say what each key customer wants and shapes the offer to it." in emily.sees()
    yang.clicks("写自评")
    assert "3 · 说得清重点客户要什么，并据此调整方案。" in yang.sees()


def test_what_was_typed_survives_a_closed_window(company: Company) -> None:
    reviews_are_open(company)
    emily = company.person("emily")
    emily.clicks("Write my self-review")
    emily.submits(rating_customer="3", rating_selling="4", rating_honesty="3", reason_selling="Won the Hamburg deal")
    emily.closes()
    emily.clicks("Write my self-review")
    assert "page 2 of 3" in emily.sees()
    emily.clicks("Back")
    assert "Won the Hamburg deal" in emily.sees()


def test_an_end_without_an_example_is_refused_under_its_field_and_kept(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily = company.person("emily")
    emily.clicks("Write my self-review")
    emily.submits(rating_customer="5", rating_selling="4", rating_honesty="3", reason_selling="Won a deal")
    assert emily.errors == {"reason_customer": "A rating at either end needs one example, in a line."}
    draft = of(company, cycle, "U01EMILY", Kind.SELF)
    assert draft is not None
    assert draft.note("reason_selling") == "Won a deal"


def test_the_same_refusal_in_chinese(company: Company) -> None:
    reviews_are_open(company)
    yang = company.person("yang")
    yang.clicks("写自评")
    yang.submits(rating_customer="1", rating_selling="4", rating_honesty="3")
    assert yang.errors == {"reason_customer": "评最高或最低时，请写一句实例。"}


def test_a_self_review_can_be_reopened_until_the_managers_is_sent(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    writes_own(emily)
    emily.clicks("Reopen")
    assert "All there. One last look?" in emily.sees()
    emily.submits()
    managers_are_asked(company)
    thomas.clicks("Review Emily Carter")
    thomas.clicks("Write my review")
    rates(thomas, grade="B")
    thomas.submits()
    emily.clicks("Reopen")
    assert "Your manager has sent their review, so yours stands as it is." in emily.sees()
    emily.closes()
    emily.closes()
    emily.clicks("Look at it")
    assert "It stands as it was sent." in emily.sees()
    acts = company.knows(lambda session: [one.record for one in audit.about(session, "U01EMILY")])
    assert acts == [f"review/{cycle.id}/{what}" for what in ("sent", "reopened", "sent")] + [
        f"review/{cycle.id}",
        f"review/{cycle.id}/sent",
    ]
