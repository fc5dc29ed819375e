"""The scenes that follow from results at Slack's page: HR decides what the rules propose, finance makes the pool."""

from collections.abc import Mapping

from playwright.sync_api import Locator

from scripts.browser import Seat

CHINESE: Mapping[str, str] = {
    "Look at the proposals": "查看建议",
    "Look at them": "查看名单",
    "Decide for all of them": "一并决定",
    "What follows": "后续安排",
    "Why?": "为什么？",
    "Nothing waits for a decision.": "没有等待决定的事项。",
    "Read what was decided": "查看决定",
    "Bonus pool": "奖金池",
    "Make the pool": "编制奖金池",
    "Make it": "编制",
    "It waits for somebody else": "另一位财务人员",
}
"""What people read in these scenes, in both languages."""


def top(seat: Seat, title: str) -> Locator:
    """The window of this title that was opened last."""
    window = seat.window(title).last
    window.wait_for()
    return window


def decides_all(seat: Seat, which: str, reason: str) -> Locator:
    """Somebody of HR decides for everybody in the first group that says this, as the rules propose."""
    window = top(seat, "What follows")
    seat.presses("Look at them", window.locator(".block-section").filter(has_text=which).first)
    seat.presses("Decide for all of them", top(seat, "What follows"))
    form = top(seat, "Decide for all of them")
    form.get_by_label(seat.t("Why?"), exact=True).fill(reason)
    seat.sends(form)
    form.wait_for(state="detached")
    return top(seat, "What follows")


def makes_pool(seat: Seat) -> Locator:
    """Somebody of finance freezes the pool as everything stands."""
    seat.types("/cairn pool")
    seat.presses("Make the pool", top(seat, "Bonus pool"))
    seat.confirms("Make it")
    return top(seat, "Bonus pool")


def approves_pool(seat: Seat, fingerprint: str) -> Locator:
    """Somebody else of finance approves what they have read in the file."""
    seat.types("/cairn pool")
    seat.presses("Approve it", top(seat, "Bonus pool"))
    form = top(seat, "Approve the pool")
    form.get_by_label("Fingerprint", exact=True).fill(fingerprint)
    seat.sends(form)
    form.wait_for(state="detached")
    return top(seat, "Bonus pool")
