"""The scenes between people, at Slack's page: thanks, feedback, one-on-ones, questions, suggestions, HR's pages."""

from playwright.sync_api import Locator

from scripts.browser import Seat
from scripts.scenes import Part


def opens(seat: Seat, typed: str, title: str) -> Locator:
    """Type what opens a window."""
    seat.types(typed)
    window = seat.window(title)
    window.wait_for()
    return window


def thanks(colleague: Seat, part: Part) -> Locator:
    """Write thanks, and leave them open."""
    form = opens(colleague, f"/cairn kudos <@{part.person_id}>", "Say thanks")
    form.locator("textarea").fill(part.wishes[0])
    return form


def is_hasty(colleague: Seat, part: Part) -> Locator:
    """Send hasty feedback, which comes back with hints to its author."""
    form = opens(colleague, f"/cairn feedback <@{part.person_id}>", "Give feedback")
    _fills(form, part.wishes[1], part.together[0])
    colleague.sends(form)
    form.get_by_text(colleague.t("Only you see this")).wait_for()
    return form


def thinks_again(colleague: Seat, form: Locator, part: Part) -> None:
    """Say what was seen instead."""
    _fills(form, *part.wishes[1:3])
    sends(colleague, form)


def _fills(form: Locator, *words: str) -> None:
    for field, text in zip(form.locator("textarea").all(), words, strict=False):
        field.fill(text)


def sends(seat: Seat, form: Locator) -> None:
    """Send a form that is closed then."""
    seat.sends(form)
    form.wait_for(state="detached")


def asks(seat: Seat, part: Part) -> Locator:
    """Ask a question that is answered with what is published."""
    form = opens(seat, "/cairn ask", "Ask a question")
    form.locator("textarea").fill(part.wishes[3])
    seat.sends(form)
    form.get_by_role("button", name=seat.t("Ask HR"), exact=True).wait_for()
    return form


def suggests(seat: Seat, part: Part) -> None:
    """Suggest something, sealed."""
    form = opens(seat, "/cairn suggest", "Make a suggestion")
    form.locator("textarea").fill(part.wishes[4])
    form.get_by_role("radio", name=seat.t("Sealed: HR does not learn who it is")).check()
    seat.sends(form)
    seat.window("Thank you").get_by_test_id("modal-close").click()


def answers_suggestion(mei: Seat, part: Part) -> None:
    """HR answers it the next day, without knowing whose it is."""
    listed = opens(mei, "/cairn suggestions", "Suggestions")
    mei.presses("Answer", listed.locator(".block-section").filter(has_text=part.wishes[4]))
    form = mei.page.get_by_role("dialog").last
    form.locator("textarea").first.wait_for()
    for field_, words in zip(form.locator("textarea").all(), part.wishes[5:], strict=True):
        field_.fill(words)
    mei.sends(form)
    form.locator("textarea").first.wait_for(state="detached")
    listed.get_by_test_id("modal-close").click()


# A manager and who reports to them -----------------------------------------------------------


def prepares_talk(seat: Seat, part: Part) -> None:
    """The employee wants to talk about something."""
    talk = opens(seat, "/cairn talk", "One-on-one")
    seat.presses("Add a point", talk)
    point = seat.window("A point")
    point.locator("textarea").fill(part.together[1])
    seat.sends(point)
    talk.get_by_text(part.together[1]).wait_for()
    talk.get_by_test_id("modal-close").click()


def agrees_action(manager: Seat, part: Part) -> Locator:
    """The manager notes who does what, and leaves the window open."""
    talk = opens(manager, f"/cairn talk <@{part.person_id}>", "One-on-one")
    manager.presses("Add an action", talk)
    action = manager.window("Add an action")
    action.get_by_label(manager.t("What will be done?")).fill(part.together[2])
    action.get_by_label(part.name).check()
    manager.sends(action)
    talk.get_by_text(part.together[2]).wait_for()
    return talk


def promises(manager: Seat, form: Locator, due: str, part: Part) -> None:
    """The manager promises help."""
    form.get_by_label(manager.t("What exactly do you promise?")).fill(part.together[3])
    form.get_by_label(manager.t("By when?")).fill(due)
    sends(manager, form)


def finds_useful(seat: Seat, part: Part) -> None:
    """The employee says that it helped, and what it changed."""
    seat.card("Was it useful?").get_by_role("button").first.click()
    seat.presses("Add a line")
    form = seat.window("A line for them")
    form.locator("input").fill(part.together[4])
    sends(seat, form)


# HR ------------------------------------------------------------------------------------------


def enters_day_off(mei: Seat, day: str, note: str) -> None:
    """HR enters a day on which nobody works."""
    calendar = opens(mei, "/cairn calendar", "Calendar")
    mei.presses("Enter days", calendar)
    form = mei.window("Enter days")
    form.locator("input[type=date]").first.fill(day)
    form.locator("input[type=text]").last.fill(note)
    mei.sends(form)
    calendar.get_by_text(note).last.wait_for()
    calendar.get_by_test_id("modal-close").click()
