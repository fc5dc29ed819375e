"""The results of a cycle side by side: read for those who calibrate, and a grade changed by them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.board import Figures
from bot.domain.calibration import Change, by_the_rules, calibrated
from bot.domain.explain import from_json, to_json
from bot.domain.refusal import Refused
from bot.domain.score import Outcome, Rated
from bot.store import calibrations
from bot.store.results import ResultRow, grades_in


def figures(session: Session, cycle_id: str) -> list[Figures]:
    """Everybody's result in a line, for those who calibrate: without trees, in one query."""
    columns = (
        ResultRow.person_id,
        ResultRow.score,
        ResultRow.band,
        ResultRow.formula_band,
        ResultRow.attainment,
        ResultRow.manager_rating,
        ResultRow.near,
    )
    rated = select(*columns).where(ResultRow.cycle_id == cycle_id, ResultRow.rated == Rated.RATED.value)
    rows = session.execute(rated.order_by(ResultRow.person_id))
    return [
        Figures(person_id, score, band, formula or band, attainment, rating, near)
        for person_id, score, band, formula, attainment, rating, near in rows
        if score is not None and band is not None
    ]


def calibrate(session: Session, change: Change) -> None:
    """Keep a change and let its grade stand; refused after the release, or when the grade is another one by now."""
    key = (change.cycle_id, change.person_id)
    row = session.get(ResultRow, key, with_for_update=True, populate_existing=True)
    if row is None or row.tree is None or row.released_at is not None:
        raise Refused("This result is released, so it stays. Who does not agree can say so there.", field="after")
    if (row.band, row.formula_band) != (change.before, change.formula):
        raise Refused("This grade was changed meanwhile. Please look at it again.", field="after")
    calibrations.add(session, change)
    tree = by_the_rules(from_json(row.tree))
    made = Outcome(Rated(row.rated), row.score, row.formula_band, tree)
    after = calibrated(made, change, grades_in(row.rules))
    row.band, row.tree = after.band, to_json(after.tree) if after.tree else None
    session.flush()
