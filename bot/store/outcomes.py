"""What follows from results: what people decided about each proposal, and commendations with their person's consent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cycle import Cycle
from bot.domain.outcomes import Decision, Kind, Proposal, Terms, proposals, still_open
from bot.domain.refusal import Refused
from bot.domain.score import Rated
from bot.store import cycles, rules
from bot.store.db import Base, insert_new, insert_or_update, touched
from bot.store.private import Private
from bot.store.results import ResultRow


class DecisionRow(Base):
    """What was decided about one proposal; who decided earlier stands in the audit."""

    __tablename__ = "outcome_decisions"
    __table_args__ = (ForeignKeyConstraint(["cycle_id", "person_id"], ["results.cycle_id", "results.person_id"]),)
    cycle_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str]
    granted: Mapped[bool]
    value: Mapped[Decimal | None]
    reason: Mapped[Private]
    decided_by: Mapped[str]
    at: Mapped[datetime]


class CommendationRow(Base):
    """Words that would be shown to others, and what the person they are about said to that."""

    __tablename__ = "commendations"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    words: Mapped[Private]
    proposed_by: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str]
    at: Mapped[datetime]


class Consent(StrEnum):
    """What somebody said to being commended in front of others."""

    ASKED = "asked"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Commendation:
    """A commendation; it is shown only with its person's consent."""

    cycle_id: str
    person_id: str
    words: str
    proposed_by: str
    channel: str
    state: Consent
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """What the rules propose for one person, and what was decided of it."""

    person_id: str
    grade: str
    proposed: tuple[Proposal, ...]
    decided: Mapping[Kind, Decision]

    @property
    def open(self) -> list[Proposal]:
        """What nobody has decided yet."""
        return still_open(self.proposed, self.decided)

    @property
    def has_coefficient(self) -> bool:
        """Whether the rules know a coefficient for this grade."""
        return any(one.kind is Kind.COEFFICIENT for one in self.proposed)

    def stands(self, kind: Kind) -> Decision | None:
        """What was decided for the grade that the person has now."""
        one = self.decided.get(kind)
        return one if one and one.grade == self.grade else None


# Reading ---------------------------------------------------------------------------------


def released_cycles(session: Session) -> list[Cycle]:
    """The cycles with released results, the newest first: departments may have cycles of their own."""
    released = set(session.scalars(select(ResultRow.cycle_id).where(ResultRow.released_at.is_not(None)).distinct()))
    return [one for one in cycles.every(session) if one.id in released]


def graded(session: Session, cycle_id: str, of: Collection[str] | None = None) -> dict[str, str]:
    """The grades of released results, by person."""
    rows = select(ResultRow.person_id, ResultRow.band).where(
        ResultRow.cycle_id == cycle_id,
        ResultRow.released_at.is_not(None),
        ResultRow.rated == Rated.RATED.value,
        ResultRow.band.is_not(None),
    )
    wanted = rows if of is None else rows.where(ResultRow.person_id.in_(of))
    return {row.person_id: row.band for row in session.execute(wanted.order_by(ResultRow.person_id))}


def terms_of(session: Session, cycle_id: str) -> tuple[Terms, int] | None:
    """What the rules of a cycle propose, and their version; None where they propose nothing."""
    kept = rules.of_cycle(session, cycle_id)
    return (kept.terms, kept.version) if kept and kept.terms else None


def outcomes(session: Session, cycle_id: str, of: Collection[str] | None = None) -> list[Outcome]:
    """What follows for everybody with a released result, or for these people, by id."""
    held = terms_of(session, cycle_id)
    if held is None:
        return []
    decided = decisions(session, cycle_id, of)
    return [
        Outcome(person_id, grade, proposals(grade, held[0]), decided.get(person_id, {}))
        for person_id, grade in graded(session, cycle_id, of).items()
    ]


def decisions(session: Session, cycle_id: str, of: Collection[str] | None = None) -> dict[str, dict[Kind, Decision]]:
    """What was decided in a cycle, by person and kind."""
    rows = select(DecisionRow).where(DecisionRow.cycle_id == cycle_id)
    found: dict[str, dict[Kind, Decision]] = {}
    for row in session.scalars(rows if of is None else rows.where(DecisionRow.person_id.in_(of))):
        found.setdefault(row.person_id, {})[Kind(row.kind)] = _decision(row)
    return found


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        row.cycle_id,
        row.person_id,
        Kind(row.kind),
        row.grade,
        row.granted,
        row.value,
        row.reason,
        row.decided_by,
        row.at,
    )


# Deciding ----------------------------------------------------------------------------------


def decide(session: Session, made: Sequence[Decision]) -> None:
    """Keep what was decided, in the place of what was decided before."""
    rows = [{**asdict(one), "kind": one.kind.value} for one in made]
    insert_or_update(session, DecisionRow, rows, ["grade", "granted", "value", "reason", "decided_by", "at"])


# Commendations -------------------------------------------------------------------------------


def commendation(session: Session, cycle_id: str, person_id: str) -> Commendation | None:
    """The commendation of somebody in a cycle, if there is one."""
    row = session.get(CommendationRow, (cycle_id, person_id), populate_existing=True)
    return _commendation(row) if row else None


def _commendation(row: CommendationRow) -> Commendation:
    state = Consent(row.state)
    return Commendation(row.cycle_id, row.person_id, row.words, row.proposed_by, row.channel, state, row.at)


def commend(session: Session, one: Commendation) -> bool:
    """Keep a commendation whose person will be asked; False where one is kept: who said no is not asked again."""
    return insert_new(session, CommendationRow, {**asdict(one), "state": one.state.value})


def consent(session: Session, cycle_id: str, person_id: str, said: Consent) -> Commendation:
    """Keep what somebody says to being commended in front of others, once."""
    asked = update(CommendationRow).where(
        CommendationRow.cycle_id == cycle_id,
        CommendationRow.person_id == person_id,
        CommendationRow.state == Consent.ASKED.value,
    )
    if not touched(session, asked.values(state=said.value)):
        raise Refused("You have answered this already.")
    row = session.get_one(CommendationRow, (cycle_id, person_id), populate_existing=True)
    return _commendation(row)
