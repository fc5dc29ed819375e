"""Goals whose level colleagues choose, in the same sealed answer: which they are, how they are asked and read."""

from collections.abc import Mapping, Sequence

from bot.domain.feedback import Answer, Invitation, relation_of
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.template import Group
from bot.handlers.peers.conversation import Case
from bot.slack.blocks import Block, choice, context
from bot.slack.flow import Turn
from bot.slack.inputs import Inputs
from bot.slack.text import Text, escape, lines, row
from bot.slack.words import Words
from bot.store import goals, people

NOT_OBSERVED = "none"
OPTION = 75
"""Characters that Slack shows of an option; longer words are written out under the choice."""


def judged(turn: Turn, case: Case) -> tuple[Goal, ...]:
    """The agreed goals whose level colleagues choose."""
    agreed = goals.agreed_goals(turn.session, case.cycle.id, case.ratee.id)
    return tuple(one for one in agreed if _judge(case, one))


def judged_by(turn: Turn, case: Case, mine: Invitation) -> tuple[Goal, ...]:
    """Those of them whose level one rater chooses: by what they were to the ratee on the day they were asked.

    The group their answer counts in is another matter: who would be alone in one is put together with the largest.
    """
    if not (those := judged(turn, case)):
        return ()
    day = mine.asked_on or turn.today
    ratee, rater = (people.stint_on(turn.session, one, day) for one in (case.ratee.id, mine.rater_id))
    group = relation_of(ratee, rater, served=case.served) if ratee and rater else None
    return tuple(one for one in those if _judge(case, one) is group)


def _judge(case: Case, goal: Goal) -> Group | None:
    kpi = case.template.kpi(goal.kpi) if goal.direction is Direction.RUBRIC and goal.levels else None
    return kpi.judge if kpi else None


def inputs(t: Words, case: Case, those: Sequence[Goal], answer: Answer | None) -> list[Block]:
    """A choice for each, and what becomes of it."""
    told = t(
        "The middle one of your levels counts for this goal, if {least} of you or more choose one; else the manager's. "
        "Please say below what you saw.",
        least=case.thresholds.score_used,
    )
    return [*(_input(t, one, answer) for one in those), *([context(told)] if those else [])]


def _input(t: Words, goal: Goal, answer: Answer | None) -> Block:
    levels = [(f"{one.level:f}", row(t.number(one.level), escape(one.words), between=" · ")) for one in goal.levels]
    long = [words for _, words in levels if len(words) > OPTION]
    chosen = None if answer is None else answer.levels.get(goal.id, NOT_OBSERVED)
    options = [*levels, (NOT_OBSERVED, t("Not observed"))]
    return choice(_name(goal), escape(goal.title), options, chosen=chosen, hint=lines(*long) if long else None)


def chosen_levels(those: Sequence[Goal], given: Inputs) -> Mapping[str, str]:
    """What was chosen, of what was offered."""
    offered = {one.id: {f"{each.level:f}" for each in one.levels} for one in those}
    typed = {one.id: given.text(_name(one)) for one in those}
    return {goal_id: level for goal_id, level in typed.items() if level in offered[goal_id]}


def _name(goal: Goal) -> str:
    return f"level-{goal.id}"


def told_ratee(t: Words, those: Sequence[Goal]) -> Text | None:
    """For whom it is about: colleagues read these goals and choose their level."""
    if not those:
        return None
    return t(
        "Those in your own field also choose the level of {goals}: they read its title and levels, no other goal.",
        goals=t.names([one.title for one in those]),
    )
