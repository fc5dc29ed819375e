"""What HR writes for everybody before a cycle: kept as a draft until it is sent, then never changed."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.outcomes import Terms, terms_from_json, terms_to_json
from bot.domain.refusal import Refused
from bot.domain.template import Text
from bot.store.db import Base, insert_new, touched


class AnnouncementRow(Base):
    """One announcement, outcome rules before they are published, or the invitation to the course: that has no text."""

    __tablename__ = "announcements"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    en: Mapped[str]
    zh: Mapped[str]
    by: Mapped[str]
    sent_at: Mapped[datetime | None]
    terms: Mapped[dict[str, Any] | None]
    """Of outcome rules: what they propose for which grade."""


NEWS = "news"
COURSE = "course"
RULES = "rules"


def draft(session: Session, kind: str, text: Text, by: str, terms: Terms | None = None) -> str:
    """Keep what is to be told, in the place of what somebody wrote and did not send; returns its id."""
    kept = {"en": text.en, "zh": text.zh, "terms": terms_to_json(terms) if terms else None}
    if (mine := unsent(session, kind, by)) and touched(
        session,
        update(AnnouncementRow).where(AnnouncementRow.id == mine, *_waiting(kind, by)).values(**kept),
    ):
        return mine
    row = AnnouncementRow(id=secrets.token_hex(4), kind=kind, by=by, **kept)
    session.add(row)
    session.flush()
    return row.id


def unsent(session: Session, kind: str, by: str) -> str:
    """The draft that somebody has not sent yet, by its id; empty when there is none."""
    mine = select(AnnouncementRow.id).where(*_waiting(kind, by))
    return session.scalar(mine.order_by(AnnouncementRow.id).limit(1)) or ""


def forget_unsent(session: Session, kind: str, by: str) -> None:
    """Forget what somebody wrote and did not send, or has used otherwise."""
    session.execute(delete(AnnouncementRow).where(*_waiting(kind, by)))


def _waiting(kind: str, by: str) -> tuple[ColumnElement[bool], ...]:
    return AnnouncementRow.kind == kind, AnnouncementRow.by == by, AnnouncementRow.sent_at.is_(None)


def invite(session: Session, day: date, by: str) -> str:
    """Keep that everybody is invited to the course, once a day whoever presses at the same time; returns its id."""
    kept = {"id": f"{COURSE}-{day}", "kind": COURSE, "en": "", "zh": "", "by": by}
    if not insert_new(session, AnnouncementRow, kept):
        raise Refused("Everybody is invited already.")
    return kept["id"]


def text_of(session: Session, announcement_id: str, kind: str = NEWS) -> Text:
    """The words of an announcement, or of another kind of text."""
    row = session.get(AnnouncementRow, announcement_id)
    if row is None or row.kind != kind:
        raise Refused("This text is not kept any more.")
    return Text(row.en, row.zh)


def terms_of(session: Session, announcement_id: str) -> Terms | None:
    """What drafted outcome rules propose for which grade, as far as it was filled in."""
    row = session.get(AnnouncementRow, announcement_id)
    return terms_from_json(row.terms) if row and row.terms else None


def send(session: Session, announcement_id: str, by: str, at: datetime) -> None:
    """Mark an announcement as sent, once."""
    mine = update(AnnouncementRow).where(AnnouncementRow.id == announcement_id, AnnouncementRow.by == by)
    if not touched(session, mine.where(AnnouncementRow.sent_at.is_(None)).values(sent_at=at)):
        raise Refused("This announcement was sent already.")


def last_sent(session: Session, kind: str) -> datetime | None:
    """When something of this kind was told last."""
    sent = select(AnnouncementRow.sent_at).where(AnnouncementRow.kind == kind, AnnouncementRow.sent_at.is_not(None))
    return session.scalar(sent.order_by(AnnouncementRow.sent_at.desc()).limit(1))


def newest(session: Session, kind: str) -> tuple[datetime, Text] | None:
    """What was told last of this kind, and when."""
    sent = select(AnnouncementRow).where(AnnouncementRow.kind == kind, AnnouncementRow.sent_at.is_not(None))
    row = session.scalars(sent.order_by(AnnouncementRow.sent_at.desc()).limit(1)).first()
    return (row.sent_at, Text(row.en, row.zh)) if row and row.sent_at else None
