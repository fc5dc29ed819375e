"""The scenes behind a result at Slack's page: two people prepare their talk apart, hold it, minute it, and agree."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator

from scripts.browser import Seat

CHINESE: Mapping[str, str] = {
    "Prepare the talk": "准备面谈",
    "Prepare the talks": "准备绩效面谈",
    "Talk about a result": "绩效面谈",
    "Talks about results": "绩效面谈一览",
    "Open": "打开",
    "We are talking today": "今天面谈",
    "Add an action": "添加待办",
    "Write the minutes": "写面谈纪要",
    "Minutes": "面谈纪要",
    "What will be done?": "要做什么？",
    "What support is there for it?": "为此提供什么支持？",
    "What did you two say and agree?": "你们谈了什么，商定了什么？",
    "The minutes of your talk about {cycle} are there.": "你的 {cycle} 面谈纪要出来了。",
    "I have read them": "我看过了",
    "Seen and agree": "看过，同意",
    "Your result": "你的绩效结果",
    "Open my result": "打开我的结果",
    "What went well? Three at most": "哪些方面做得好？最多三项",
    "What should get better? Three at most": "哪些方面需要改进？最多三项",
    "The market or the customer": "市场或客户",
    "Something still to learn": "能力还需提升",
    "Selling skill": "销售技巧",
    "Understanding customers": "理解客户",
    "Where you two see it differently": "你们看法不同的地方",
    "You read them on": "你在 ",
    "Seen and agreed on": "看过并同意",
}


@dataclass(frozen=True)
class Sides:
    """What one of the two sees: a strength, a gap, and what was behind every missed goal."""

    strength: str
    gap: str
    cause: str


def prepares(seat: Seat, form: Locator, seen: Sides) -> None:
    """Fill in what one of the two sees, and send it."""
    form.wait_for()
    _ticks(seat, form.get_by_role("group", name=seat.t("What went well? Three at most")), seen.strength)
    _ticks(seat, form.get_by_role("group", name=seat.t("What should get better? Three at most")), seen.gap)
    for cause in form.get_by_label(seat.t(seen.cause), exact=True).all():
        cause.check()
    seat.sends(form)


def _ticks(seat: Seat, group: Locator, label: str) -> None:
    group.get_by_label(seat.t(label), exact=True).check()


def opens_talk(seat: Seat, name: str) -> Locator:
    """The manager finds the talk with one person in the list."""
    seat.presses("Prepare the talks")
    talks = seat.window("Talks about results")
    talks.wait_for()
    seat.presses("Open", talks.locator(".block-section").filter(has_text=name))
    return seat.window("Talk about a result")


def minutes(seat: Seat, talk: Locator, action: str, support: str, words: str, *, left_out: str) -> None:
    """The manager notes the talk, an action for one gap, and what was said; the other gap is left out."""
    seat.presses("We are talking today", talk)
    talk.get_by_role("button", name=seat.t("We are talking today"), exact=True).wait_for(state="detached")
    seat.presses("Add an action", talk)
    form = seat.window("Add an action")
    form.get_by_label(seat.t("What will be done?"), exact=True).fill(action)
    form.get_by_label(seat.t("What support is there for it?")).fill(support)
    seat.sends(form)
    talk.get_by_text(action).wait_for()
    seat.presses("Write the minutes", talk)
    form = seat.window("Minutes")
    form.get_by_label(seat.t("What did you two say and agree?"), exact=True).fill(words)
    form.get_by_label(seat.t(left_out), exact=True).uncheck()
    seat.sends(form)
    talk.get_by_text(words).wait_for()
