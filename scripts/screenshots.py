"""The pictures of docs/pictures, taken anew: `python -m scripts.screenshots` lives a quarter in both languages."""

import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FloatRect, Locator

from scripts.browser import Seat, chromium, office
from scripts.processes import ROOT, both, free_port
from scripts.scenes import (
    EMILY,
    MIN,
    Part,
    answers,
    answers_suggestion,
    asks,
    asks_colleagues,
    brings_people,
    brings_values,
    checks_in,
    gives_feedback,
    is_blocked,
    launches,
    opens,
    opens_result,
    opens_revenue,
    proposes,
    releases,
    reviews_report,
    reviews_self,
    suggests,
    thanks,
    values_of,
)
from scripts.town import Town, town

PICTURES = ROOT / "docs" / "pictures"
FOLDER = Path("var/screenshots")
PARTS = (MIN, EMILY)
"""Shanghai's morning comes first."""
WIDTH = 800
"""Of a message's row, which goes on in white."""
HOME: FloatRect = {"x": 0, "y": 0, "width": 1280, "height": 600}
"""Of the page: what lies below is empty."""
SHARPNESS = 1.5
"""Pixels of a picture for each of the page's, in each direction."""


@dataclass
class Photographer:
    """Everybody in the pictures, and where those go."""

    town: Town
    sit: Callable[..., Seat]
    seats: dict[str, Seat]

    def seat(self, person_id: str, part: Part) -> Seat:
        """Somebody's seat, in the language of the story."""
        if person_id not in self.seats:
            self.seats[person_id] = self.sit(person_id, part.words)
        return self.seats[person_id]

    def takes(self, name: str, part: Part, seat: Seat, of: Locator | None = None) -> None:
        """Keep a picture of the whole page, or of a part of it."""
        seat.page.bring_to_front()
        seat.page.mouse.move(640, 60)
        seat.page.locator("#toasts").evaluate("toasts => { toasts.style.display = 'none' }")
        language = "zh" if part.words else "en"
        box = of.bounding_box() if of else None
        clip = {**box, "width": min(box["width"], WIDTH)} if box else HOME
        path = PICTURES / f"{name}-{language}.png"
        seat.page.screenshot(path=path, clip=clip, animations="disabled", caret="hide")


# Stage by stage ------------------------------------------------------------------------------


def plans(one: Photographer, part: Part) -> None:
    """Goals: the window of one goal."""
    one.town.winds("2027-01-04T09:31", part.person_id)
    seat, manager = one.seat(part.person_id, part), one.seat(part.manager_id, part)
    seat.presses("Two minutes: Writing a goal")
    seat.window("Two minutes").wait_for()
    one.takes("training", part, seat, seat.window("Two minutes"))
    seat.window("Two minutes").get_by_test_id("modal-close").click()
    goal = opens_revenue(seat)
    one.takes("goal", part, seat, goal)
    proposes(seat, goal, "3100000", part)
    manager.presses("Agree")
    seat.card("Your goals for 2027-Q1 are agreed with {name}.", name=part.manager_name).wait_for()


def works(one: Photographer, part: Part) -> None:
    """The first check-in, and a suggestion."""
    one.town.winds("2027-01-21T10:01", part.person_id)
    seat = one.seat(part.person_id, part)
    checks_in(seat, "900000", part)
    suggests(seat, part)


def works_on(one: Photographer, part: Part) -> None:
    """The second check-in, whose card has the values of the first; evidence, a question, a sealed suggestion."""
    seat = one.seat(part.person_id, part)
    one.town.winds("2027-01-28T10:01", part.person_id)
    one.takes("checkin", part, seat, seat.card("how is it going?"))
    is_blocked(seat, part)
    colleague = one.seat(part.rater_id, part)
    thanks(colleague, part)
    gives_feedback(colleague, part)
    one.takes("evidence", part, seat, opens(seat, "/cairn evidence", "My evidence"))
    seat.window("My evidence").get_by_test_id("modal-close").click()
    one.takes("ask", part, seat, asks(seat, part))
    seat.window("Ask a question").get_by_test_id("modal-close").click()
    answers_suggestion(one.seat("U01MEI", MIN), part)
    seat.presses("Is there an answer?")
    seat.window("Suggestion").wait_for()
    one.takes("suggestion", part, seat, seat.window("Suggestion"))
    seat.window("Suggestion").get_by_test_id("modal-close").click()


def helps(one: Photographer, part: Part) -> None:
    """The digest, what its manager can give, and the team's page."""
    manager = one.seat(part.manager_id, part)
    one.town.winds("2027-01-29T09:31", part.manager_id)
    digest = manager.card("Check-ins of your team")
    one.takes("digest", part, manager, digest)
    manager.presses("Help", digest)
    window = manager.window("Help")
    window.wait_for()
    one.takes("help", part, manager, window)
    window.get_by_test_id("modal-close").click()
    manager.types("/cairn team")
    manager.window("My team").wait_for()
    one.takes("team", part, manager, manager.window("My team"))
    manager.window("My team").get_by_test_id("modal-close").click()


def assesses(one: Photographer, part: Part) -> None:
    """Home, a colleague's confidential form, reviews."""
    seat, rater = one.seat(part.person_id, part), one.seat(part.rater_id, part)
    one.town.winds("2027-04-01T09:31", part.person_id)
    seat.goes_to("Home")
    seat.page.get_by_test_id("home").get_by_text(seat.t("My goals")).wait_for()
    one.takes("home", part, seat)
    seat.goes_to("Messages")
    asks_colleagues(seat)
    one.seat(part.manager_id, part).presses("Approve")
    sheet = answers(rater, part)
    sheet.locator(".modal-body").evaluate("body => body.scrollTo(0, 0)")
    one.takes("peer", part, rater, sheet)
    rater.sends(sheet)
    for colleague, sentence in zip(part.others, part.said, strict=True):
        one.town.gives_feedback(colleague, 4, {"behaviour": sentence})
    reviews_self(seat, part)


def ends(one: Photographer, part: Part) -> None:
    """The result."""
    seat = one.seat(part.person_id, part)
    one.town.winds("2027-04-23T09:32", part.person_id)
    one.takes("result", part, seat, opens_result(seat))


def main() -> int:
    """Take every picture anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with ExitStack() as open_now:
        running = open_now.enter_context(both(free_port(), f"sqlite:///{FOLDER / 'cairn.db'}", FOLDER))
        others = open_now.enter_context(town(running))
        browser = open_now.enter_context(chromium())
        lives(Photographer(others, open_now.enter_context(office(browser, running.slack_url, SHARPNESS)), {}))
    return 0


def lives(one: Photographer) -> None:
    """One quarter of two people."""
    mei = one.seat("U01MEI", MIN)
    brings_people(mei)
    launches(mei)
    for part in PARTS:
        plans(one, part)
    one.town.winds("2027-01-18T09:31", EMILY.person_id)
    for stage in (works, works_on, helps, assesses):
        for part in PARTS:
            stage(one, part)
    one.town.winds("2027-04-08T09:31", EMILY.manager_id)
    for part in PARTS:
        reviews_report(one.seat(part.manager_id, part), part)
    brings_values(mei, values_of([part.email for part in PARTS], FOLDER), 12)
    one.town.winds("2027-04-15T15:01", EMILY.manager_id)
    one.town.winds("2027-04-23T09:31", "U01MEI")
    releases(mei)
    for part in PARTS:
        ends(one, part)


if __name__ == "__main__":
    sys.exit(main())
