"""The company's values and its channel for kudos, and who agreed to be thanked there."""

from dataclasses import dataclass

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.evidence import values_of
from bot.domain.template import Text
from bot.store.db import Base, keep_row

ONLY = 1


class KudosTermsRow(Base):
    """What HR set, in one row: the values, one a line, and a channel or none."""

    __tablename__ = "kudos_terms"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    en: Mapped[str]
    zh: Mapped[str]
    channel: Mapped[str]


class KudosChoiceRow(Base):
    """Whether kudos for somebody may be shown in the channel; without a row they were not asked yet."""

    __tablename__ = "kudos_choices"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    in_channel: Mapped[bool]


@dataclass(frozen=True)
class Terms:
    """The company's values in both languages, as HR wrote them, and the channel for kudos; empty for none."""

    en: str = ""
    zh: str = ""
    channel: str = ""

    @property
    def values(self) -> tuple[Text, ...]:
        """The values one by one."""
        return values_of(self.en, self.zh)


def terms(session: Session) -> Terms:
    """What HR set."""
    row = session.get(KudosTermsRow, ONLY, populate_existing=True)
    return Terms(row.en, row.zh, row.channel) if row else Terms()


def keep_terms(session: Session, new: Terms) -> None:
    """Keep what HR sets."""
    keep_row(session, KudosTermsRow, {"id": ONLY, "en": new.en, "zh": new.zh, "channel": new.channel})


def choice(session: Session, person_id: str) -> bool | None:
    """Whether kudos for somebody may be shown in the channel; None while they were not asked."""
    row = session.get(KudosChoiceRow, person_id, populate_existing=True)
    return row.in_channel if row else None


def choose(session: Session, person_id: str, *, in_channel: bool) -> None:
    """Keep what somebody chose."""
    keep_row(session, KudosChoiceRow, {"person_id": person_id, "in_channel": in_channel})
