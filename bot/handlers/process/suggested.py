"""Suggestions behind changes of the process: HR names one, and it is told what became of the change."""

from collections.abc import Sequence

from bot.domain.process_change import Change
from bot.domain.process_change import State as Decided
from bot.domain.refusal import Refused
from bot.domain.suggestion import State
from bot.handlers.process.conversation import flow
from bot.slack.flow import Turn
from bot.slack.text import Text, clip, escape
from bot.store import cycles, process_changes, suggestions

MOST_OFFERED, SHOWN = 20, 70


def offered(turn: Turn) -> list[tuple[str, Text]]:
    """The suggestions that HR may name: what was opened and not declined, each by its first words."""
    found = suggestions.opened(turn.session, MOST_OFFERED, all_of_them=True)
    return [(one.id, clip(escape(one.words), SHOWN)) for one in found if one.state is not State.DECLINED]


def checked(turn: Turn, suggestion_id: str) -> str:
    """The suggestion that was named, or none."""
    if suggestion_id and suggestion_id not in {one for one, _ in offered(turn)}:
        raise Refused("Please choose one of these.", field="suggestion")
    return suggestion_id


def tell_of(turn: Turn, changes: Sequence[Change]) -> None:
    """What came of suggestions stands with them: accepted is being considered, adopted is done.

    A change that was declined says nothing yet: HR answers the author in its own words.
    """
    for one in changes:
        found = suggestions.find(turn.session, one.suggestion_id) if one.suggestion_id else None
        if found is None or one.state not in {Decided.ACCEPTED, Decided.ADOPTED}:
            continue
        done = one.state is Decided.ADOPTED
        reason = f"{cycles.get(turn.session, one.adopted_in).name}: {one.why}" if done else one.reason
        state = State.DONE if done else State.CONSIDERING
        suggestions.answer(turn.session, found.id, state, reason, public=found.public)
        if author_id := suggestions.author_of(turn.session, found.id):
            turn.remind("suggestions.tell_author", author_id, turn.now, found.id)


@flow.timer
def tell_adopted(turn: Turn) -> None:
    """A cycle began with changes: the suggestions behind them are told."""
    tell_of(turn, process_changes.adopted_in(turn.session, turn.carry))
