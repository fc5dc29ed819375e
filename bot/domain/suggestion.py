"""Suggestions: what becomes of them, and how a sealed one is answered by people who do not know whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.refusal import N_, Refused


class State(StrEnum):
    """Where a suggestion stands; sealed ones begin in the box, and lie there over one opening of it."""

    BOX = "box"
    NEXT = "next"
    RECEIVED = "received"
    CONSIDERING = "considering"
    DONE = "done"
    DECLINED = "declined"


STATE_NAMES: Mapping[State, str] = {
    State.BOX: N_("In the box"),
    State.NEXT: N_("In the box"),
    State.RECEIVED: N_("Received"),
    State.CONSIDERING: N_("Being considered"),
    State.DONE: N_("Done"),
    State.DECLINED: N_("Declined"),
}
IN_BOX = (State.BOX, State.NEXT)
"""Nobody but its author reads it: dropped since the box was last opened, or to be taken out the next time."""
ANSWERS = (State.CONSIDERING, State.DONE, State.DECLINED)
"""What HR may say of it."""
LONGEST, LONGEST_REPLY = 2000, 1000
MOST_REPLIES = 20


class Side(StrEnum):
    """Who of the two says something in the talk about a suggestion."""

    HR = "hr"
    AUTHOR = "author"


@dataclass(frozen=True)
class Suggestion:
    """A suggestion, and nothing of its author; `talk` is what HR and its author said, in turn."""

    id: str
    words: str = field(repr=False)
    sealed: bool
    state: State
    reason: str = ""
    public: bool = False
    talk: tuple[tuple[Side, str], ...] = ()

    @property
    def unanswered(self) -> bool:
        """Whether its author waits for HR: nothing was said of it yet, or the author spoke last."""
        return self.state is State.RECEIVED or (bool(self.talk) and self.talk[-1][0] is Side.AUTHOR)


def check_words(words: str) -> None:
    """Refuse a suggestion that says nothing."""
    if not words:
        raise Refused("Please write what you suggest.", field="words")


def check_answer(state: str, reason: str) -> State:
    """What HR says of a suggestion; declining needs a reason that everybody can read."""
    if state not in set(ANSWERS):
        raise Refused("Please choose one of these.", field="state")
    if State(state) is State.DECLINED and not reason:
        raise Refused("Please say why not; the author waits to read it.", field="reason")
    return State(state)
