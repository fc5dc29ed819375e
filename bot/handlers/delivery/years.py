"""Somebody's year: their results side by side, each by the rules of its own cycle, and so never averaged."""

from collections.abc import Sequence

from bot.domain.cycle import Cycle
from bot.domain.why import goal_lines
from bot.handlers.delivery import parts
from bot.slack.blocks import Block, View, context, page, section
from bot.slack.text import Text, bold, bullets, escape, lines
from bot.slack.words import Words
from bot.store.results import Result


def year_page(t: Words, found: Sequence[tuple[Cycle, Result]]) -> View:
    """The results of twelve months, the newest first, with how far each goal was reached."""
    none = section(t("There is no released result for you yet."))
    told = context(t("Each cycle has its own goals and rules, so nothing is averaged here."))
    shown = [_one(t, cycle, result) for cycle, result in found]
    return page(t("My year"), [*(shown or [none]), *([told] if shown else [])], close=t("Close"))


def _one(t: Words, cycle: Cycle, result: Result) -> Block:
    outcome = result.outcome
    if outcome.tree is None or outcome.score is None:
        return section(lines(bold(escape(cycle.name)), t("no rating")))
    head = t("{cycle}: grade {grade}, result {score}", cycle=cycle.name, grade=outcome.band or "–",
             score=t.number(outcome.score, 2))  # fmt: skip
    return section(lines(bold(head), bullets(_goals(t, result))))


def _goals(t: Words, result: Result) -> list[Text]:
    lines_of = goal_lines(result.outcome.tree) if result.outcome.tree else []
    return [
        t("{goal}: {reached}", goal=one.title, reached=parts.reached_text(t, one.reached, one.counted))
        for one in lines_of
        if one.reached is not None
    ]
