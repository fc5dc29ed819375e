"""Department templates as versions: a running cycle keeps the one it started with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.template import Template
from bot.domain.template_reading import parse_template
from bot.store.db import Base


class TemplateRow(Base):
    """One version of one department's template, under the hash of its content."""

    __tablename__ = "templates"
    hash: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    body: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]


def keep(session: Session, content_hash: str, key: str, body: dict[str, Any], at: datetime) -> None:
    """Keep a version; the same content again changes nothing."""
    if session.get(TemplateRow, content_hash) is None:
        session.add(TemplateRow(hash=content_hash, key=key, body=body, kept_at=at))
        session.flush()


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


def newest(session: Session, key: str) -> str | None:
    """The hash of a department's newest version that was kept here."""
    return session.scalar(
        select(TemplateRow.hash).where(TemplateRow.key == key).order_by(TemplateRow.kept_at.desc()).limit(1)
    )


def in_use(session: Session, shipped: Mapping[str, Template]) -> dict[str, Template]:
    """The template of each department: what was kept here, unless what is shipped is a later version."""
    keys = session.scalars(select(TemplateRow.key).distinct()).all()
    kept = {key: template_of(session, newest(session, key) or "") for key in keys}
    late = {key: shipped[key] for key in shipped if key in kept and shipped[key].version > kept[key].version}
    return {**shipped, **kept, **late}
