"""The reasons for a grade as its person reads them: each under its goal, and whether it was raised before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.explain import Node
from bot.domain.gate import explaining
from bot.domain.goal import Goal
from bot.domain.measure import Anchor
from bot.domain.refusal import Sentence
from bot.domain.review import Review, heard, why
from bot.domain.why import goal_lines
from bot.slack.text import Text, lines, quote
from bot.slack.words import Words


@dataclass(frozen=True)
class Reasons:
    """What a manager wrote for a grade: by the title of the goal, and when it was raised."""

    grade: str = ""
    by_goal: Mapping[str, str] = field(default_factory=dict)
    raised: Sentence | None = None


def reasons_in(review: Review | None, goals: Sequence[Goal], given: str | None) -> Reasons:
    """The reasons in a review that was sent, for the grade that was given as far as they were written for it."""
    if review is None or not review.sent:
        return Reasons()
    told = explaining(review, given)
    by_goal = {goal.title: words for goal in goals if (words := told.note(why(goal.id)))}
    return Reasons(told.overall or "", by_goal, heard(told))


def reason_for(t: Words, reasons: Reasons, title: str) -> Text | None:
    """Why this grade, as far as it lies in this goal."""
    if title not in reasons.by_goal:
        return None
    return lines(t("The manager's reason for {grade}:", grade=reasons.grade), quote(reasons.by_goal[title]))


def behind(t: Words, reasons: Reasons, tree: Node, place: str) -> Text | None:
    """The same where somebody asks why a goal counts as it does, with when it was raised."""
    asked = next((one.title for one in goal_lines(tree) if one.place == place), "")
    reason = reason_for(t, reasons, asked)
    return lines(reason, t.say(reasons.raised) if reasons.raised else None) if reason else None


def levels_at(goals: Sequence[Goal], tree: Node, place: str) -> tuple[Anchor, ...]:
    """The levels in words of the goal in whose part of a result this place lies; none for another kind of goal."""
    lie_in = (one.title for one in goal_lines(tree) if f"{place}.".startswith(f"{one.place}."))
    title = next(lie_in, "")
    return next((goal.levels for goal in goals if goal.title == title), ())
