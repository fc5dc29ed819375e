"""A cycle in which reviews are written: what stories about them begin with."""

from datetime import date, datetime
from decimal import Decimal

from bot.domain.cycle import Cycle, CycleKind, Participant, Stage, opening, propose_stages
from bot.domain.goal import Goal, Sheet, SheetState
from bot.domain.measure import Anchor, Direction
from bot.domain.review import Kind, Review
from bot.domain.template_document import document_of
from bot.sources.templates import shipped
from bot.store import cycles, goals, people, reviews, templates, timers
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.stories import placed_people

FIRST, LAST = date(2027, 1, 4), date(2027, 3, 31)

TEAM = {"U01EMILY": "U01THOMAS", "U01LENA": "U01THOMAS", "U01YANG": "U01LI"}

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


@lived_once
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


def starts_on_emily(company: Company, *, grade: str = "B") -> Persona:
    """Emily's self-review is in, and Thomas has the first page of his open."""
    writes_own(company.person("emily"), grade=grade)
    managers_are_asked(company)
    thomas = company.person("thomas")
    thomas.clicks("Review Emily Carter")
    thomas.clicks("Write my review")
    return thomas
