"""Department templates as versions: a running cycle keeps the one it started with."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.domain.template import Template
from bot.domain.template_reading import parse_template
from bot.store.db import Base, insert_new, keep_row, touched


class TemplateRow(Base):
    """One version of one department's template, under the hash of its content.

    `number` is the version's, where HR made it: each is there once, whoever presses at the same time.
    """

    __tablename__ = "templates"
    __table_args__ = (Index("ix_templates_number", "key", "number", unique=True),)
    hash: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    body: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]
    kept_by: Mapped[str] = mapped_column(default="", server_default="")
    number: Mapped[int | None]


class TemplateDraftRow(Base):
    """A version that somebody looks at before it counts; one for each person and department."""

    __tablename__ = "template_drafts"
    by: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    body: Mapped[dict[str, Any]]


@dataclass(frozen=True)
class Version:
    """A version that HR made, who did, and when."""

    template: Template
    kept_by: str
    kept_at: datetime


def keep(session: Session, content_hash: str, key: str, body: dict[str, Any], at: datetime, by: str = "") -> bool:
    """Keep a version; without `by` a launch froze what was in use.

    False when it was there already, or when somebody else made the version of this number.
    """
    number = int(body["version"]) if by else None
    kept = {"hash": content_hash, "key": key, "body": body, "kept_at": at, "kept_by": by, "number": number}
    return insert_new(session, TemplateRow, kept)


def body_of(session: Session, content_hash: str) -> dict[str, Any]:
    """The content of a version, as `bot.domain.template_reading` takes it."""
    return session.get_one(TemplateRow, content_hash).body


_READ: dict[str, Template] = {}
"""Versions that were read before: under the hash of its content, a version never changes."""


def template_of(session: Session, content_hash: str) -> Template:
    """A version as a template."""
    if content_hash not in _READ:
        _READ[content_hash] = parse_template(body_of(session, content_hash))
    return _READ[content_hash]


def versions(session: Session) -> list[Version]:
    """Every version that HR made, of all departments, the oldest first."""
    rows = session.execute(
        select(TemplateRow.hash, TemplateRow.kept_by, TemplateRow.kept_at).where(TemplateRow.kept_by != "")
    )
    found = [Version(template_of(session, row.hash), row.kept_by, row.kept_at) for row in rows]
    return sorted(found, key=lambda one: (one.template.id, one.template.version, one.kept_at))


def in_use(session: Session, shipped: Mapping[str, Template]) -> dict[str, Template]:
    """The template of each department: HR's newest version, else what is shipped."""
    return {**shipped, **{one.template.id: one.template for one in versions(session)}}


def hashes_of(session: Session, key: str) -> list[str]:
    """Every version of a template that a cycle was ever launched with, or HR made."""
    return list(session.scalars(select(TemplateRow.hash).where(TemplateRow.key == key)))


def next_version(session: Session, shipped: Mapping[str, Template], key: str) -> int:
    """The number of the version that HR would make now."""
    known = [*shipped.values(), *(one.template for one in versions(session))]
    return max((one.version for one in known if one.id == key), default=0) + 1


def draft(session: Session, by: str, key: str, body: dict[str, Any]) -> str:
    """Keep what somebody looks at before it counts, in place of their earlier draft; returns its id."""
    draft_id = secrets.token_hex(4)
    keep_row(session, TemplateDraftRow, {"by": by, "key": key, "id": draft_id, "body": body})
    return draft_id


def hold_drafts(session: Session) -> None:
    """Nobody else takes out a draft, of whatever department, until this unit of work ends."""
    session.execute(select(TemplateDraftRow.id).order_by(TemplateDraftRow.by, TemplateDraftRow.key).with_for_update())


def take_draft(session: Session, by: str, draft_id: str) -> Template:
    """Take somebody's draft out, once; one that was used or replaced is refused."""
    mine = TemplateDraftRow.by == by, TemplateDraftRow.id == draft_id
    body = session.scalar(select(TemplateDraftRow.body).where(*mine))
    if body is None or not touched(session, delete(TemplateDraftRow).where(*mine)):
        raise Refused("This draft was used, discarded or replaced by a newer one.")
    return parse_template(body)
