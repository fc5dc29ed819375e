"""The pictures of docs/pictures, taken anew: `python -m scripts.screenshots` lives a quarter in both languages.

`python -m scripts.screenshots kudos talk` takes these alone, and ends when it has them.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import FloatRect, Locator

from scripts.browser import Seat, chromium, office
from scripts.processes import ROOT, both, free_port
from scripts.scenes import (
    EMILY,
    MIN,
    Part,
    answers,
    asks_colleagues,
    brings_people,
    brings_values,
    checks_in,
    is_blocked,
    launches,
    opens_result,
    opens_revenue,
    proposes,
    releases,
    reviews_report,
    reviews_self,
    values_of,
)
from scripts.scenes_together import (
    agrees_action,
    answers_suggestion,
    asks,
    enters_day_off,
    finds_useful,
    is_hasty,
    opens,
    prepares_talk,
    promises,
    sends,
    suggests,
    thanks,
    thinks_again,
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
LANGUAGES = ("en", "zh")
DAY_OFF, WHY = "2027-03-12", "Founding day 公司成立日"
SHARPNESS = 1.5
"""Pixels of a picture for each of the page's, in each direction."""


@dataclass
class Photographer:
    """Everybody in the pictures, and where those go."""

    town: Town
    sit: Callable[..., Seat]
    wanted: Collection[str]
    """The names of the pictures that are taken; without any, all are."""
    seats: dict[str, Seat] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @property
    def is_done(self) -> bool:
        """Whether every picture that is wanted was taken, in both languages."""
        return bool(self.wanted) and self.taken >= {
            f"{one}-{language}" for one in self.wanted for language in LANGUAGES
        }

    def seat(self, person_id: str, part: Part) -> Seat:
        """Somebody's seat, in the language of the story."""
        if person_id not in self.seats:
            self.seats[person_id] = self.sit(person_id, part.words)
        return self.seats[person_id]

    def takes(self, name: str, part: Part, seat: Seat, of: Locator | None = None) -> None:
        """Keep a picture of the whole page, or of a part of it."""
        if self.wanted and name not in self.wanted:
            return
        seat.page.bring_to_front()
        if of:
            of.evaluate("one => one.scrollIntoView({block: 'nearest'})")
        seat.page.mouse.move(640, 60)
        seat.page.locator("#toasts").evaluate("toasts => { toasts.style.display = 'none' }")
        language = "zh" if part.words else "en"
        self.taken.add(f"{name}-{language}")
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
    one.town.winds("2027-01-22T10:01", part.person_id)  # the box is opened twice until HR reads what lay in it
    one.town.winds("2027-01-28T10:01", part.person_id)
    one.takes("checkin", part, seat, seat.card("how is it going?"))
    is_blocked(seat, part)
    colleague = one.seat(part.rater_id, part)
    form = thanks(colleague, part)
    one.takes("kudos", part, colleague, form)
    sends(colleague, form)
    form = is_hasty(colleague, part)
    one.takes("feedback", part, colleague, form)
    thinks_again(colleague, form, part)
    manager = one.seat(part.manager_id, part)
    sends(manager, thanks(manager, part))
    gathered = seat.card("Also waiting for you")
    gathered.filter(has_text=part.manager_name).wait_for()
    one.takes("gathered", part, seat, gathered)
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
    """The digest, what its manager can give, and the team's page; a one-on-one."""
    manager = one.seat(part.manager_id, part)
    one.town.winds("2027-01-29T09:31", part.manager_id)
    digest = manager.card("Check-ins of your team")
    one.takes("digest", part, manager, digest)
    manager.presses("Help", digest)
    window = manager.window("Help")
    window.wait_for()
    one.takes("help", part, manager, window)
    window.get_by_test_id("modal-close").click()
    one.takes("team", part, manager, opens(manager, "/cairn team", "My team"))
    manager.window("My team").get_by_test_id("modal-close").click()
    prepares_talk(one.seat(part.person_id, part), part)
    one.takes("talk", part, manager, agrees_action(manager, part))
    manager.window("One-on-one").get_by_test_id("modal-close").click()
    manager.presses("Help", digest)
    promises(manager, window, "2027-02-03", part)


def keeps_word(one: Photographer, part: Part) -> None:
    """Help that was promised, delivered and thanked for."""
    seat, manager = one.seat(part.person_id, part), one.seat(part.manager_id, part)
    one.town.winds("2027-02-03T09:41", part.manager_id)
    manager.presses("Delivered", manager.card("One promise to your team is due."))
    one.town.winds("2027-02-03T09:41", part.person_id)
    one.town.brings_out(part.person_id)
    finds_useful(seat, part)
    card = seat.card(part.sentences[5]).filter(has_text=part.together[4])
    card.wait_for()
    one.takes("support", part, seat, card)


def looks_after(one: Photographer) -> None:
    """HR's calendar, and how much Cairn writes; Mei reads both languages."""
    mei = one.seat("U01MEI", MIN)
    enters_day_off(mei, DAY_OFF, WHY)
    for part in PARTS:
        seat = Seat(mei.page, part.words)
        seat.types(f"/cairn language {'zh' if part.words else 'en'}")
        for name, title in (("calendar", "Calendar"), ("figures", "Figures")):
            one.takes(name, part, seat, opens(seat, f"/cairn {name}", title))
            seat.window(title).get_by_test_id("modal-close").click()
    mei.types("/cairn language zh")


def assesses(one: Photographer, part: Part) -> None:
    """Home, a colleague's confidential form, reviews."""
    seat, rater = one.seat(part.person_id, part), one.seat(part.rater_id, part)
    one.town.winds("2027-04-01T09:31", part.person_id)
    seat.goes_to("Home")
    seat.page.get_by_test_id("home").get_by_text(seat.t("My goals")).wait_for()
    one.takes("home", part, seat)
    seat.goes_to("Messages")
    asks_colleagues(seat)
    manager = one.seat(part.manager_id, part)
    manager.presses("Approve")
    manager.card("proposes who should give feedback").wait_for(state="detached")
    one.town.brings_out(part.rater_id)
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


def main(wanted: Collection[str]) -> int:
    """Take every picture anew, or those that are wanted."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with ExitStack() as open_now:
        running = open_now.enter_context(both(free_port(), f"sqlite:///{FOLDER / 'cairn.db'}", FOLDER))
        others = open_now.enter_context(town(running))
        browser = open_now.enter_context(chromium())
        lives(Photographer(others, open_now.enter_context(office(browser, running.slack_url, SHARPNESS)), wanted))
    return 0


def lives(one: Photographer) -> None:
    """One quarter of two people, or as much of it as the wanted pictures need."""
    mei = one.seat("U01MEI", MIN)
    brings_people(mei)
    launches(mei)
    for part in PARTS:
        plans(one, part)
    one.town.winds("2027-01-18T09:31", EMILY.person_id)
    for stage in (works, works_on, helps, keeps_word):
        for part in PARTS:
            stage(one, part)
    looks_after(one)
    if not one.is_done:
        results(one, mei)


def results(one: Photographer, mei: Seat) -> None:
    """From the last weeks to what came of it."""
    for part in PARTS:
        assesses(one, part)
    one.town.winds("2027-04-08T09:31", EMILY.manager_id)
    brings_values(mei, values_of([part.email for part in PARTS], FOLDER), 12)
    for part in PARTS:
        reviews_report(one.seat(part.manager_id, part), part)
    one.town.winds("2027-04-15T15:01", EMILY.manager_id)
    one.town.winds("2027-04-23T09:31", "U01MEI")
    releases(mei)
    for part in PARTS:
        ends(one, part)


def wanted_pictures(arguments: Sequence[str]) -> Collection[str]:
    """The pictures that were named; whoever asks for help, or for what nobody takes, gets an answer and no pictures."""
    taken = sorted(one.name.removesuffix("-en.png") for one in PICTURES.glob("*-en.png"))
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshots", description=__doc__)
    parser.add_argument("pictures", nargs="*", metavar="NAME", help=f"without any, all are taken: {', '.join(taken)}")
    return list(parser.parse_args(arguments).pictures)


if __name__ == "__main__":
    sys.exit(main(wanted_pictures(sys.argv[1:])))
