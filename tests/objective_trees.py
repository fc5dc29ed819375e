"""Objectives and a quarter: what stories about the cascade begin with."""

from bot.domain.cascade import Objective
from bot.store import objectives
from bot.store.objectives import ObjectiveRow
from tests.cascades import TITLE
from tests.company import Company, Persona
from tests.goal_talks import changes


def one_of(company: Company, **wanted: object) -> Objective:
    """The objective with these values."""
    rows = company.knows(lambda session: objectives.some(session, [row.id for row in session.query(ObjectiveRow)]))
    return next(row for row in rows if all(getattr(row, name) == value for name, value in wanted.items()))


def linked(company: Company, cycle_id: str, person: Persona) -> set[str]:
    """The ids of somebody's goals that support an objective."""
    kept = company.knows(lambda session: objectives.supported_by(session, cycle_id, person.id))
    return {one.goal_id for one in kept}


def supports(company: Company, name: str, amount: str) -> None:
    """Somebody says that their revenue supports the objective of their team lead, and proposes it."""
    seller = company.person(name)
    seller.types("/cairn objectives")
    seller.clicks("What my goals support")
    seller.clicks("Choose an objective", near="Sales revenue")
    seller.submits(objective=f"{TITLE} · Europe and Americas (Thomas Keller)", share="100")
    assert f"{TITLE} · Europe and Americas: 100 %" in seller.sees()
    seller.closes()
    seller.clicks("Draft your goals")
    changes(seller, "Sales revenue", target=amount)
    seller.clicks("Propose to Thomas Keller")
    seller.submits(comment="As we said")
