"""The time zones of those who take part."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store.people import PersonRow


def of_everyone(session: Session) -> dict[str, str]:
    """The time zone of everyone who takes part, by id."""
    rows = session.execute(select(PersonRow.id, PersonRow.tz).where(PersonRow.takes_part))
    return {row.id: row.tz for row in rows}


_FIRST = select(func.min(PersonRow.tz).label("tz")).where(PersonRow.takes_part).cte("zone", recursive=True)
_NEXT = select(func.min(PersonRow.tz)).where(PersonRow.takes_part, PersonRow.tz > _FIRST.c.tz).scalar_subquery()
_ZONE = _FIRST.union_all(select(_NEXT).where(_FIRST.c.tz.is_not(None)))


def lived_in(session: Session) -> list[str]:
    """Each zone once: one step in the index for each zone, however many people there are."""
    return list(session.scalars(select(_ZONE.c.tz).where(_ZONE.c.tz.is_not(None))))
