"""A result as charts, each with the same in words for those who cannot see them."""

from bot.domain.rounding import half_up
from bot.handlers.delivery import parts, why
from bot.handlers.delivery.parts import Opened
from bot.slack.blocks import Message, section
from bot.slack.charts import bars
from bot.slack.text import bold, bullets, escape
from bot.slack.words import Words


def chart(t: Words, opened: Opened) -> Message:
    """How far each goal was reached: as bars, and the same in words for those who cannot see them."""
    tree = opened.result.outcome.tree
    rows = parts.chart_rows(tree) if tree else []
    text = t("Your chart of {cycle}", cycle=opened.cycle.name) if opened.own else t(
        "Chart of {name}, {cycle}", name=opened.person, cycle=opened.cycle.name)  # fmt: skip
    drawn = bars(
        t("How far the goals were reached"),
        [escape(title) for title, _ in rows],
        {t("Reached"): [half_up(share, 1) for _, share in rows]},
        unit=t("percent of target"),
    )
    twin = [t("{goal}: {reached}", goal=title, reached=why.percent(t, share / 100)) for title, share in rows]
    return Message(text, [section(bold(text)), drawn, section(bullets(twin))])
