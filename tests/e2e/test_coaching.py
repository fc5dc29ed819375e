"""The months between, clicked: help is promised, delivered and thanked for; silence is a rate one level up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scripts.browser import Seat, chromium, office
from scripts.processes import both, free_port
from scripts.scenes import CHINESE, EMILY, brings_people, is_blocked, launches, opens_revenue, proposes
from scripts.town import town

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def promises(thomas: Seat) -> None:
    """Thomas looks at what he can give, and promises."""
    thomas.presses("Help")
    form = thomas.window("Help")
    expect(form).to_contain_text("Often helps in Sales")
    expect(form).to_contain_text(EMILY.sentences[5])
    form.get_by_label("What exactly do you promise?").fill("The list for your region")
    form.get_by_label("By when?").fill("2027-01-28")
    thomas.sends(form)


def says_thanks(emily: Seat) -> None:
    """Emily finds it useful, and says what it changed."""
    emily.presses("Yes")
    emily.presses("Add a line")
    form = emily.window("A line for them")
    form.get_by_label("What did it change?").fill("The tender went out the same day.")
    emily.sends(form)
    form.wait_for(state="detached")


def test_help_is_promised_delivered_and_thanked_for_and_silence_is_a_rate(browser: Browser, tmp_path: Path) -> None:
    with (
        both(free_port(), f"sqlite:///{tmp_path / 'cairn.db'}", tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        mei, qiang = sit("U01MEI", CHINESE), sit("U01QIANG", CHINESE)
        emily, thomas = sit("U01EMILY"), sit("U01THOMAS")
        brings_people(mei)
        launches(mei)
        others.winds("2027-01-04T09:31", "U01EMILY")
        proposes(emily, opens_revenue(emily), "3100000", EMILY)
        thomas.presses("Agree")
        emily.card("Your goals for 2027-Q1 are agreed with Thomas Keller.").wait_for()
        others.winds("2027-01-18T09:31", "U01EMILY")
        others.winds("2027-01-21T10:01", "U01EMILY")
        is_blocked(emily, EMILY)

        others.winds("2027-01-22T09:31", "U01THOMAS")
        others.winds("2027-01-26T09:31", "U01THOMAS")
        thomas.card("Your team's check-ins of Fri 22 Jan wait for a sign from you.").wait_for()
        others.winds("2027-01-27T09:31", "U01THOMAS")
        qiang.types("/cairn team")
        page = qiang.window("My team")
        expect(page).to_contain_text("Thomas Keller：1 份汇总已回应 0 份；1 项支持请求等待超过两个工作日")
        expect(page).not_to_contain_text("Harbour")

        promises(thomas)
        said = "Thomas Keller promised for 28 Jan 2027: The list for your region"
        expect(emily.card(said)).to_contain_text("thank you")
        others.winds("2027-01-27T09:45", "U01EMILY")
        expect(emily.card("Thomas Keller answered your check-in of Thu 21 Jan.")).to_contain_text(said)
        others.winds("2027-01-28T09:41", "U01THOMAS")
        thomas.presses("Delivered", thomas.card("One promise to your team is due."))
        others.winds("2027-01-28T09:41", "U01EMILY")
        says_thanks(emily)
        others.winds("2027-01-28T10:00", "U01EMILY")
        expect(thomas.card("your help was useful")).to_contain_text("The tender went out the same day.")
        assert others.findings() == []
