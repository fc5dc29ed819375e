"""Why released results are what they are: their trees, for whoever compares many of them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.explain import Node, from_json
from bot.store.cycles import ParticipantRow
from bot.store.results import ResultRow


def newest(session: Session, templates: Collection[str], most: int) -> tuple[str, list[Node]]:
    """Why the newest released results by these versions of a template are what they are, with the id of their cycle."""
    rows = session.execute(
        select(ResultRow.cycle_id, ResultRow.tree)
        .join(
            ParticipantRow,
            (ParticipantRow.cycle_id == ResultRow.cycle_id) & (ParticipantRow.person_id == ResultRow.person_id),
        )
        .where(ParticipantRow.template.in_(templates), ResultRow.released_at.is_not(None), ResultRow.tree.is_not(None))
        .order_by(ResultRow.released_at.desc(), ResultRow.person_id)
        .limit(most)
    ).all()
    newest = rows[0].cycle_id if rows else ""
    return newest, [from_json(row.tree) for row in rows if row.tree and row.cycle_id == newest]
