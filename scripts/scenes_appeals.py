"""The scenes of an appeal at Slack's page: somebody appeals, somebody without a part in it decides on the record."""

from dataclasses import dataclass

from playwright.sync_api import Locator

from scripts.browser import Seat

CHINESE = {
    "Appeal": "申诉",
    "A number is wrong, or something is missing": "数据有误，或有遗漏",
    "What is wrong?": "哪里不对？",
    "Open the record": "打开记录",
    "Correct a value": "更正数值",
    "Why? What did you look at, and what does it show?": "为什么？你看了什么，它说明了什么？",
    "{name} decides it by": "由{name}处理",
    "is yours to decide": "请你处理",
    "is decided": "已有决定",
    "It is decided.": "已作出决定。",
    "Before:": "原来：",
    "Since then:": "现在：",
}
"""What people read in these scenes, in both languages."""


@dataclass(frozen=True)
class Dispute:
    """What one person says is wrong, and what whoever decides finds."""

    words: str
    goal: str
    value: str
    reason: str


def top(seat: Seat, title: str) -> Locator:
    """The window of this title that was opened last."""
    window = seat.window(title).last
    window.wait_for()
    return window


def closes(seat: Seat, *titles: str) -> None:
    """Close windows, the uppermost first."""
    for title in titles:
        top(seat, title).get_by_test_id("modal-close").click()


def appeals(seat: Seat, dispute: Dispute) -> Locator:
    """Appeal from one's own result, on a number."""
    seat.presses("Appeal", seat.window("Your result"))
    form = top(seat, "Appeal")
    form.get_by_label(seat.t("A number is wrong, or something is missing")).check()
    form.get_by_label(seat.t("What is wrong?")).fill(dispute.words)
    seat.sends(form)
    return top(seat, "Appeal")


def corrects(seat: Seat, dispute: Dispute) -> Locator:
    """Read the record, and correct the number that is wrong."""
    seat.presses("Open the record", seat.card("is yours to decide"))
    record = top(seat, "Appeal")
    record.get_by_text(dispute.words).wait_for()
    seat.presses("Correct a value", record)
    form = top(seat, "Correct a value")
    form.get_by_label(dispute.goal).fill(dispute.value)
    form.get_by_label(seat.t("Why? What did you look at, and what does it show?")).fill(dispute.reason)
    seat.sends(form)
    return top(seat, "Appeal")
