"""Suggestions, and for named ones, apart from them, their authors. A sealed one has no author anywhere.

What is kept of a sealed suggestion is its words and a hash. The hash is of a token that exists in one place alone: the
button of a card in its author's messages, handed there without ever being written here. Whoever shows the token reads
and answers the talk about the suggestion. The turn that drops it in leaves no other row: no delivery in the inbox, no
message in the outbox, no entry in the audit, no Home to draw anew. The box is opened at midnight (UTC), and what is
dropped in lies there over one opening, so for a day at least: HR never reads what somebody was seen to write just now.
At each opening all suggestions are written anew, in random order, in one transaction that has nothing to do with any
author, so that neither PostgreSQL's marks (xmin, ctid) nor the moment at which it appears lead back.

What remains, honestly: Slack keeps the card, and whoever may read that person's messages there has the token. Whoever
runs the server can watch the process, or copy the files before and after. On PostgreSQL the mark of a transaction
tells until midnight roughly when a suggestion came, and old bytes stay in its log and in backups.
"""

import hashlib
import secrets
from collections.abc import Collection

from sqlalchemy import ForeignKey, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.domain.suggestion import IN_BOX, MOST_REPLIES, Side, State, Suggestion
from bot.store.db import Base, batched, insert_new, touched
from bot.store.private import Private, PrivateList

TOKEN_BYTES = 32


class SuggestionRow(Base):
    """One suggestion of nobody known."""

    __tablename__ = "suggestions"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[Private]
    sealed: Mapped[bool]
    state: Mapped[str]
    reason: Mapped[Private]
    public: Mapped[bool]
    talk: Mapped[PrivateList]
    waits: Mapped[bool]
    """Whether HR is to say something."""


class AuthorRow(Base):
    """Who wrote a named suggestion."""

    __tablename__ = "suggestion_authors"
    suggestion_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)


def _suggestion(row: SuggestionRow) -> Suggestion:
    talk = tuple((Side(side), words) for side, words in row.talk)
    return Suggestion(row.id, row.words, row.sealed, State(row.state), row.reason, row.public, talk)


# Writing --------------------------------------------------------------------------------------


def new_token() -> str:
    """Make a token: whoever has it can read and answer the talk about one suggestion."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def id_of(token: str) -> str:
    """The id of the suggestion that a token opens; from it nobody gets back to the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def drop_sealed(session: Session, token: str, words: str) -> bool:
    """Put a sealed suggestion into the box; False when it lies there already."""
    return _keep(session, id_of(token), words, sealed=True, state=State.BOX)


def keep_named(session: Session, token: str, words: str, author_id: str) -> bool:
    """Keep a suggestion under its author's name; False when it is there already."""
    if not _keep(session, id_of(token), words, sealed=False, state=State.RECEIVED):
        return False
    session.add(AuthorRow(suggestion_id=id_of(token), person_id=author_id))
    session.flush()
    return True


def _keep(session: Session, suggestion_id: str, words: str, *, sealed: bool, state: State) -> bool:
    row = {"id": suggestion_id, "words": words, "sealed": sealed, "state": state.value, "reason": "",
           "public": False, "talk": [], "waits": state not in IN_BOX}  # fmt: skip
    return insert_new(session, SuggestionRow, row)


def open_box(session: Session) -> bool:
    """Take out what lay in the box the last time too; all are written anew, in random order. Whether anything came out.

    What was dropped in since then is taken out the next time.
    """
    rows = session.scalars(select(SuggestionRow).order_by(SuggestionRow.id).with_for_update()).all()
    if not any(row.state in IN_BOX for row in rows):
        return False
    columns = SuggestionRow.__table__.columns.keys()
    kept = [{name: getattr(row, name) for name in columns} for row in rows]
    ready = [one for one in kept if one["state"] == State.NEXT]
    for one in kept:
        if one["state"] == State.BOX:
            one["state"] = State.NEXT.value
    for one in ready:
        one["state"], one["waits"] = State.RECEIVED.value, True
    for ids in batched([one["id"] for one in kept]):  # what another worker drops in meanwhile stays where it is
        taken = delete(SuggestionRow).where(SuggestionRow.id.in_(ids))
        session.execute(taken, execution_options={"synchronize_session": False})
    session.expunge_all()
    secrets.SystemRandom().shuffle(kept)
    session.execute(insert(SuggestionRow), kept)
    return bool(ready)


def is_box_empty(session: Session) -> bool:
    """Whether nothing lies in the box."""
    return session.scalar(select(SuggestionRow.id).where(SuggestionRow.state.in_(IN_BOX)).limit(1)) is None


def answer(session: Session, suggestion_id: str, state: State, reason: str, *, public: bool) -> None:
    """Keep what becomes of a suggestion, for everybody to read."""
    opened = update(SuggestionRow).where(SuggestionRow.id == suggestion_id, SuggestionRow.state.not_in(IN_BOX))
    if not touched(session, opened.values(state=state.value, reason=reason, public=public, waits=False)):
        raise Refused("This suggestion was changed meanwhile. Please look at it again.")


def say(session: Session, suggestion_id: str, side: Side, words: str) -> None:
    """Add to the talk about a suggestion."""
    row = session.get(SuggestionRow, suggestion_id, with_for_update=True, populate_existing=True)
    if row is None or row.state in IN_BOX or len(row.talk) >= MOST_REPLIES:
        raise Refused("Nothing more can be said here. Please make a new suggestion.", field="words")
    row.talk = [*row.talk, [side.value, words]]
    row.waits = side is Side.AUTHOR
    session.flush()


# Reading --------------------------------------------------------------------------------------


def find(session: Session, suggestion_id: str) -> Suggestion | None:
    """A suggestion, also one in the box."""
    row = session.get(SuggestionRow, suggestion_id, populate_existing=True)
    return _suggestion(row) if row else None


def get(session: Session, suggestion_id: str) -> Suggestion:
    """A suggestion that was opened; any other is refused."""
    found = find(session, suggestion_id)
    if found is None or found.state in IN_BOX:
        raise Refused("This suggestion is not kept any more.")
    return found


def opened(session: Session, most: int, *, all_of_them: bool) -> list[Suggestion]:
    """The suggestions that everybody may read, or all that were opened for HR; what waits for HR comes first."""
    seen = SuggestionRow.state.not_in(IN_BOX)
    wanted = select(SuggestionRow).where(seen if all_of_them else SuggestionRow.public)
    ordered = wanted.order_by(SuggestionRow.waits.desc(), SuggestionRow.state, SuggestionRow.id).limit(most)
    return [_suggestion(row) for row in session.scalars(ordered)]


def count_waiting(session: Session) -> int:
    """How many wait for HR."""
    return session.scalar(select(func.count()).where(SuggestionRow.waits)) or 0


def count_unread(session: Session) -> int:
    """How many were received and are not shown to everybody yet."""
    return session.scalar(select(func.count()).where(SuggestionRow.state == State.RECEIVED.value)) or 0


def author_of(session: Session, suggestion_id: str) -> str:
    """Who wrote a named suggestion; empty for a sealed one."""
    row = session.get(AuthorRow, suggestion_id)
    return row.person_id if row else ""


def authors_of(session: Session, suggestion_ids: Collection[str]) -> dict[str, str]:
    """Who wrote the named ones among these, by suggestion."""
    theirs = select(AuthorRow.suggestion_id, AuthorRow.person_id).where(AuthorRow.suggestion_id.in_(suggestion_ids))
    return {row.suggestion_id: row.person_id for row in session.execute(theirs)}


def count_of(session: Session, person_id: str) -> int:
    """How many named suggestions somebody made."""
    return session.scalar(select(func.count()).select_from(AuthorRow).filter_by(person_id=person_id)) or 0
