"""Questions that no published text answered: with HR, or about a result; each with a day until which it is answered."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.store.db import Base, insert_new, touched
from bot.store.private import Private

MOST_PUBLISHED = 200


class QuestionRow(Base):
    """One question, and HR's answer once there is one."""

    __tablename__ = "questions"
    id: Mapped[str] = mapped_column(primary_key=True)
    asker_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    words: Mapped[Private]
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answer: Mapped[Private] = mapped_column(default="")
    answered_by: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    public: Mapped[bool] = mapped_column(default=False)
    about: Mapped[str] = mapped_column(default="", server_default="")


@dataclass(frozen=True)
class Question:
    """A question as it stands."""

    id: str
    asker_id: str
    words: str = field(repr=False)
    due_on: date
    answer: str = field(default="", repr=False)
    answered_by: str = ""
    about: str = ""
    """What it is about, if not the process: `result/` and a cycle, of the asker."""


def _question(row: QuestionRow) -> Question:
    return Question(row.id, row.asker_id, row.words, row.due_on, row.answer, row.answered_by, row.about)


def ask(session: Session, asker_id: str, words: str, at: datetime, due_on: date, about: str = "") -> Question:
    """Keep a question; the same one on the same day is one question, however often it is pressed."""
    said = hashlib.sha256(f"{about}{asker_id}/{due_on}/{words}".encode()).hexdigest()[:16]
    new = {"id": said, "asker_id": asker_id, "words": words, "asked_at": at, "due_on": due_on,
           "answer": "", "answered_by": "", "answered_at": None, "public": False, "about": about}  # fmt: skip
    insert_new(session, QuestionRow, new)
    return get(session, said)


def get(session: Session, question_id: str) -> Question:
    """A question; none is refused."""
    found = find(session, question_id)
    if found is None:
        raise Refused("This question is not kept any more.")
    return found


def find(session: Session, question_id: str) -> Question | None:
    """A question, if it is kept."""
    row = session.get(QuestionRow, question_id, populate_existing=True)
    return _question(row) if row else None


def answer(session: Session, question_id: str, words: str, by: str, at: datetime, *, public: bool) -> None:
    """Keep HR's answer; the first one stands."""
    unanswered = update(QuestionRow).where(QuestionRow.id == question_id, QuestionRow.answer == "")
    if not touched(session, unanswered.values(answer=words, answered_by=by, answered_at=at, public=public)):
        raise Refused("Somebody else of HR has answered this question meanwhile.")
    session.expire_all()


def unanswered(session: Session) -> list[Question]:
    """The questions that wait for an answer, the most pressing first."""
    waiting = select(QuestionRow).where(QuestionRow.answer == "").order_by(QuestionRow.due_on, QuestionRow.id)
    return [_question(row) for row in session.scalars(waiting)]


def of_asker(session: Session, asker_id: str) -> list[Question]:
    """The questions of somebody, the newest first."""
    theirs = select(QuestionRow).filter_by(asker_id=asker_id).order_by(QuestionRow.asked_at.desc(), QuestionRow.id)
    return [_question(row) for row in session.scalars(theirs)]


def published(session: Session) -> list[Question]:
    """Questions whose answers HR has published, the newest first."""
    shown = select(QuestionRow).where(QuestionRow.public).order_by(QuestionRow.answered_at.desc(), QuestionRow.id)
    return [_question(row) for row in session.scalars(shown.limit(MOST_PUBLISHED))]


def count_of(session: Session, person_id: str) -> int:
    """How many questions of somebody are kept."""
    return session.scalar(select(func.count()).select_from(QuestionRow).filter_by(asker_id=person_id)) or 0
