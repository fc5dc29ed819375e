"""A month in, one tap: can you name your goals? Whoever cannot sees them; only a count by department is kept."""

from collections.abc import Sequence

from bot.domain.cycle import Cycle, Stage
from bot.domain.goal import Goal
from bot.handlers.goals import looking
from bot.handlers.goals.shown import goal_line
from bot.handlers.goals.talk import flow
from bot.slack.blocks import Block, Message, View, button, buttons, context, page, section
from bot.slack.flow import Open, Turn
from bot.slack.text import Text, bullets
from bot.slack.words import Words
from bot.store import cycles, goals, recall

MOST_COUNTED = 9
"""Departments whose count HR sees."""

# What people see --------------------------------------------------------------------------


def question(t: Words, cycle: Cycle, count: int) -> Message:
    """One tap, a month in."""
    asked = t.plural("Can you name your goal?", "Can you name your {n} goals?", count)
    kept = t("Nobody sees your answer; only a count by department is kept.")
    yes = button(t("Yes, I can"), does=known, carry=cycle.id)
    return Message(asked, [section(asked), buttons(yes, button(t("Not quite"), does=not_quite, carry=cycle.id)),
                           context(kept)])  # fmt: skip


def thanks(t: Words, ref: str) -> Message:
    """The same for both answers: the card must not tell which it was."""
    text = t("Thank you. Your goals are always in Home.")
    return Message(text, [section(text, button(t("See the goals"), does=looking.look, carry=ref))])


def reminder(t: Words, agreed: Sequence[Goal]) -> View:
    """All of them for whoever could not name them, the heaviest first."""
    in_order = sorted(agreed, key=lambda goal: -goal.weight)
    return page(t("Your goals"), [section(bullets(goal_line(t, goal) for goal in in_order))], close=t("Close"))


def counted(t: Words, tally: recall.Tally) -> Text:
    """How many of a department could name their goals."""
    return t("{department}: {known} of {asked} can name their goals", department=tally.department, known=tally.known,
             asked=tally.asked)  # fmt: skip


def tallies(t: Words, found: Sequence[recall.Tally]) -> list[Block]:
    """For HR: the departments in which enough people answered."""
    return [context(*(counted(t, tally) for tally in found[:MOST_COUNTED]))] if found else []


# What happens -----------------------------------------------------------------------------


@flow.prompt
def ask(turn: Turn) -> None:
    """A month after the agreement, while the work is going on."""
    cycle = cycles.get(turn.session, turn.carry)
    agreed = goals.agreed_goals(turn.session, cycle.id, turn.person.id)
    if agreed and cycle.stage_on(turn.today) is Stage.EXECUTING:
        turn.say(turn.person, _key(cycle.id, turn.person.id), question, cycle, len(agreed))


@flow.action
def known(turn: Turn) -> None:
    """They can."""
    _answered(turn, knows=True)


@flow.action
def not_quite(turn: Turn) -> Open:
    """Not quite: here they are."""
    agreed = _answered(turn, knows=False)
    return Open(reminder(turn.t, agreed))


# Inside -----------------------------------------------------------------------------------


def _key(cycle_id: str, person_id: str) -> str:
    return f"goals/{cycle_id}/{person_id}/recall"


def _answered(turn: Turn, *, knows: bool) -> tuple[Goal, ...]:
    """Count an answer, once a person; who asked for nothing has no goals to name."""
    me, cycle_id = turn.person.id, turn.carry
    participant = cycles.participant(turn.session, cycle_id, me)
    recall.count(turn.session, cycle_id, me, participant.department, knows=knows)
    turn.say(turn.person, _key(cycle_id, me), thanks, f"{cycle_id}/{me}")
    return goals.agreed_goals(turn.session, cycle_id, me)
