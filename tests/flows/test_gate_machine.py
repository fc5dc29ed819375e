"""Whatever is done in whatever order, no low or unexpected grade is released without its reasons."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.domain.cycle import Cycle, CycleKind, Participant, propose_stages
from bot.domain.effort import units
from bot.domain.goal import Sheet, SheetState
from bot.domain.refusal import Refused
from bot.domain.result import attained_by, outcome_of, rules_for
from bot.domain.review import Kind, Review, State
from bot.domain.template_document import document_of
from bot.sources.templates import shipped
from bot.store import cycles, facts, goals, people, results, reviews, templates
from bot.store.actuals import ReportedRow
from bot.store.db import Database
from bot.store.people import Member
from bot.store.results import Computed, ResultRow
from bot.store.reviews import Given, ReviewRow
from tests.open_reviews import GOALS
from tests.stories import A_FULL_REASON

FIRST, LAST, NOW = date(2027, 1, 4), date(2027, 3, 31), datetime(2027, 4, 8, 9, tzinfo=UTC)
LOW = {"C", "D"}
EXPECTED = st.sampled_from([*["as computed"] * 5, *"SABCD"])
GRADES, WHO = st.sampled_from("SABCD"), st.sampled_from(["ana", "bo"])
FULL = {
    "why_g1": "It stayed well away from what we had agreed on in January",
    "why_g2": "Half of the key accounts had no plan by the end",
    "example": A_FULL_REASON,
    "example_day": "2027-02-12",
    "earlier": "not_raised",
    "strength": A_FULL_REASON,
    "strength_day": "2027-02-12",
    "reason_customer": A_FULL_REASON,
    "day_customer": "2027-02-12",
}
TALKED = [FULL | {"earlier": "in_a_talk", "raised_on": day} for day in ("2027-02-01", "1999-01-01", "2027-04-30")]
LEFT_OUT = [{name: words for name, words in FULL.items() if name != left_out} for left_out in FULL]
REASONS = st.sampled_from([*[FULL] * 7, *TALKED, {}, *LEFT_OUT])
REACHED = st.sampled_from([10, 75, 90, 90, 95, 140])
RATINGS = st.fixed_dictionaries({"customer": st.integers(1, 5), "selling": st.integers(2, 4)})


def lived(session: Session) -> Cycle:
    """Two people with agreed goals, whose reviews are open; nobody has written anything."""
    for name in ("ana", "bo", "boss", "next"):
        people.keep_member(
            session, Member(name, name, f"{name}@a.example", "en-GB", "UTC", owner=True, takes_part=True)
        )
    sales = shipped()["sales"]
    templates.keep(session, sales.content_hash, "sales", document_of(sales), NOW)
    opens = propose_stages(FIRST, LAST)
    cycle = cycles.create(session, "2027 Q1", CycleKind.QUARTER, (FIRST, LAST), opens, by="boss", at=NOW)
    takers = [Participant(cycle.id, one, "Sales", "boss", sales.content_hash) for one in ("ana", "bo")]
    cycles.launch(session, cycle.id, takers, NOW)
    for one in ("ana", "bo"):
        goals.opened(session, cycle.id, one)
        goals.speak(session, Sheet(cycle.id, one, SheetState.AGREED, 1, GOALS, GOALS, "rules", 1, one), one, NOW)
    return cycles.get(session, cycle.id)


class Quarter(RuleBasedStateMachine):
    """Everything that changes a review or a result, in any order; what is refused is refused."""

    database: ClassVar[Database]
    cycle: ClassVar[Cycle]

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        with self.database.unit_of_work() as session:
            for table in (ReviewRow, ResultRow, ReportedRow):
                session.execute(delete(table))

    @initialize(
        reached=REACHED, expected=EXPECTED, own=GRADES, rated=st.integers(2, 4), late=st.sampled_from([(), ("bo",)])
    )
    def most_is_there(self, reached: int, expected: str, own: str, rated: int, late: tuple[str, ...]) -> None:
        """The usual beginning: values and reviews, with reasons where they are asked for; what follows is not.

        Somebody's value may come only after their review.
        """
        self.the_employee_sends("ana", own)
        for who in ("ana", "bo"):
            if who not in late:
                self.a_value_arrives(who, reached)
            for reasons in ({}, FULL):
                self.a_manager_sends(who, "boss", expected, {"customer": rated, "selling": rated}, reasons)
        for who in late:
            self.a_value_arrives(who, reached)

    def does(self, act: Callable[[Session], object]) -> None:
        """One unit of work, which may be refused."""
        with suppress(Refused), self.database.unit_of_work() as session:
            act(session)

    def facts_of(self, session: Session, who: str) -> facts.Facts:
        return facts.gather(session, self.cycle, NOW.date(), lambda _: lambda day: day.weekday() < 5, [who], {})[who]

    @rule(who=WHO, grade=GRADES)
    def the_employee_sends(self, who: str, grade: str) -> None:
        if who in self.out:
            return
        own = Review(self.cycle.id, who, who, Kind.SELF, overall=grade)
        self.does(lambda session: (reviews.keep(session, own), reviews.send(session, own, NOW, None)))

    @rule(who=WHO, kind=st.sampled_from(Kind))
    def somebody_reopens(self, who: str, kind: Kind) -> None:
        def reopen(session: Session) -> None:
            if (kept := reviews.get(session, self.cycle.id, who, kind)) and who not in self.out:
                reviews.reopen(session, kept)

        self.does(reopen)

    @rule(who=WHO, by=st.sampled_from(["boss", "next"]), grade=EXPECTED, ratings=RATINGS, reasons=REASONS)
    def a_manager_sends(self, who: str, by: str, grade: str, ratings: dict[str, int], reasons: dict[str, str]) -> None:
        levels = {"g2": Decimal(2)}
        review = Review(
            self.cycle.id, who, by, Kind.MANAGER, competencies=ratings, levels=levels, overall=grade, notes=reasons
        )

        def send(session: Session) -> None:
            if who in self.out:
                return
            known = replace(self.facts_of(session, who), review=replace(review, state=State.SENT))
            comes_to = outcome_of(known).band or "B"
            reviews.keep(session, replace(review, overall=comes_to) if len(grade) > 1 else review)
            reviews.send(session, review, NOW, attained_by(known))

        self.does(send)

    @rule(who=WHO, reached=REACHED)
    def a_value_arrives(self, who: str, reached: int) -> None:
        values = {"cycle_id": self.cycle.id, "person_id": who, "kpi": "g1", "period": "2027-Q1"}
        value = Decimal(30_000 * reached)
        row = ReportedRow(**values, value=value, unit="CNY", cumulative=False, source="", reported_by="boss", at=NOW)
        self.does(lambda session: session.merge(row))

    @rule()
    def results_are_computed(self) -> None:
        self.does(self.compute)

    def compute(self, session: Session) -> None:
        for who in ("ana", "bo"):
            known = self.facts_of(session, who)
            outcome, rules = outcome_of(known), rules_for(known.template)
            done = Computed(who, outcome, rules.written, known.summary())
            results.keep(session, self.cycle.id, [done], NOW)

    @rule(who=WHO, band=GRADES)
    def somebody_moves_the_grade(self, who: str, band: str) -> None:
        """As calibration does, where reasons cover the new grade and where they do not."""
        moved = update(ResultRow).where(
            ResultRow.person_id == who, ResultRow.released_at.is_(None), ResultRow.band.is_not(None)
        )
        self.does(lambda session: session.execute(moved.values(band=band)))

    @rule(who=WHO, band=GRADES, reasons=REASONS)
    def reasons_are_given_later(self, who: str, band: str, reasons: dict[str, str]) -> None:
        def explain(session: Session) -> None:
            given = results.owing(session, self.cycle.id, NOW, [who]).get(who, Given(band))
            review = reviews.manager_review(session, self.cycle.id, who)
            nobody = Review(self.cycle.id, who, "boss", Kind.MANAGER)
            reviews.explain(session, review or nobody, given, reasons, NOW)

        self.does(explain)

    @precondition(lambda self: len(self.out) < 2)
    @rule()
    def hr_releases(self) -> None:
        self.does(self.release)

    def release(self, session: Session) -> None:
        self.out += results.release(session, self.cycle.id, by="boss", at=NOW)

    @invariant()
    def nothing_released_is_a_surprise(self) -> None:
        with self.database.unit_of_work() as session:
            for one in results.released_in(session, ["ana", "bo"]):
                if one.outcome.band:
                    self.is_explained(session, one.person_id, one.outcome.band)

    def teardown(self) -> None:
        """However it went, the quarter ends."""
        self.does(self.compute)
        self.does(self.release)
        self.nothing_released_is_a_surprise()

    def is_explained(self, session: Session, who: str, band: str) -> None:
        """Read what is kept as somebody would who does not know the rule's code."""
        own = reviews.self_review(session, self.cycle.id, who)
        given = reviews.manager_review(session, self.cycle.id, who)
        expected = {one.overall for one in (own, given) if one and one.sent and one.overall}
        as_expected = band not in LOW and expected <= {band}
        if as_expected and not (given and given.overall and given.overall != self.grade_of_goals(session, who)):
            return
        assert given
        written = given.later.get(band) or (given.notes if given.overall == band else {})
        if band != "S":
            assert units(written.get("example", "")) >= 20
            assert FIRST <= date.fromisoformat(written["example_day"]) <= NOW.date()
        if as_expected:
            return
        assert all(units(written.get(name, "")) >= 8 for name in ("why_g1", "why_g2"))
        assert units(written.get("example", "")) >= 20
        assert FIRST <= date.fromisoformat(written["example_day"]) <= NOW.date()
        talked = written["earlier"] == "in_a_talk"
        assert talked or written["earlier"] == "not_raised"
        assert not talked or FIRST <= date.fromisoformat(written["raised_on"]) <= NOW.date()

    def grade_of_goals(self, session: Session, who: str) -> str:
        """What the goals came to when the result was computed, by the grades of its rules."""
        row = session.get_one(ResultRow, (self.cycle.id, who))
        assert row.attainment is not None
        reached = row.attainment.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return next(one["name"] for one in row.rules["bands"] if not one["lower"] or reached >= Decimal(one["lower"]))


def test_no_order_of_events_releases_a_surprise(tmp_path, empty_sqlite) -> None:
    path = tmp_path / "cairn.db"
    path.write_bytes(empty_sqlite.read_bytes())
    Quarter.database = Database(f"sqlite:///{path}")
    with Quarter.database.unit_of_work() as session:
        Quarter.cycle = lived(session)
    try:
        run_state_machine_as_test(
            Quarter,
            settings=settings(
                max_examples=50,
                stateful_step_count=10,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        Quarter.database.close()
