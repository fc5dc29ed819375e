"""A result as charts, each with the same in words for those who cannot see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.domain.anonymity import Shown
from bot.domain.rounding import half_up
from bot.handlers.delivery import parts, why
from bot.handlers.delivery.parts import Opened
from bot.slack.blocks import Block, Message, section
from bot.slack.charts import bars
from bot.slack.text import Text, bold, bullets, escape, lines, row
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


# Self, colleagues, manager ----------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """One topic as the person, their colleagues and their manager see it, from 1 to 5; None where nobody was asked."""

    name: str
    own: int | None
    peers: Shown | None
    manager: int | None

    @property
    def mean(self) -> Decimal | None:
        """What colleagues say, where it is a plain number: so few answers give a range, which no bar can show."""
        try:
            return Decimal(self.peers.number) if self.peers else None
        except InvalidOperation:
            return None


def compared(t: Words, opened: Opened, topics: Sequence[Compared]) -> Message:
    """Topics side by side: as bars those on which all of them have a number, all in words."""
    text = t("By topic: {name}, {cycle}", name=opened.person, cycle=opened.cycle.name)
    twin = [_in_words(t, opened, one) for one in topics]
    return Message(text, [section(bold(text)), *_drawn(t, opened, topics), section(bullets(twin))])


def _drawn(t: Words, opened: Opened, topics: Sequence[Compared]) -> list[Block]:
    both = [one for one in topics if one.own is not None and one.manager is not None]
    three = [one for one in both if one.mean is not None]
    shown = three or both
    if not shown:
        return []
    series = {
        _self(t, opened): [Decimal(one.own or 0) for one in shown],
        t("Colleagues"): [one.mean or Decimal(0) for one in three],
        t("Manager"): [Decimal(one.manager or 0) for one in shown],
    }
    found = {name: values for name, values in series.items() if values}
    return [bars(t("By topic"), [escape(one.name) for one in shown], found, unit=t("from 1 to 5"))]


def _self(t: Words, opened: Opened) -> Text:
    return t("You") if opened.own else t("Self-review")


def _in_words(t: Words, opened: Opened, one: Compared) -> Text:
    said = [
        t("{who}: {rating} of 5", who=_self(t, opened), rating=one.own) if one.own else None,
        t("colleagues: {shown}", shown=parts.shown(t, one.peers)) if one.peers else None,
        t("manager: {rating} of 5", rating=one.manager) if one.manager else None,
    ]
    return lines(bold(escape(one.name)), row(*said))
