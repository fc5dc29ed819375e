"""The months between, clicked: help is promised, delivered and thanked for; silence is a rate one level up."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.domain.org import Stint
from bot.store import people
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from bot.store.people import Member
from sandbox.workspace import read_workspace
from scripts.browser import Seat, chromium, office
from scripts.processes import LANTERN, both, free_port
from scripts.scenes import CHINESE, EMILY, is_blocked
from scripts.town import town
from tests.working_quarters import launched

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def begun(url: str) -> None:
    """The beginning, which is another story: three people report to Thomas, he to 王强; Emily works on agreed goals."""
    database = Database(url)
    bring_up_to_date(database)
    with database.unit_of_work() as session:
        found = read_workspace(LANTERN / "workspace.yml").people
        members = [Member(one.id, one.name, one.email, one.locale, one.tz, one.owner, not one.bot) for one in found]
        people.keep_members(session, members)
        managed = {"U01EMILY": "U01THOMAS", "U01LENA": "U01THOMAS", "U01JONAS": "U01THOMAS", "U01THOMAS": "U01QIANG"}
        for person_id, manager_id in managed.items():
            people.place(session, Stint(person_id, "Sales", "", manager_id, date(2020, 1, 1)))
        launched(session, ["U01EMILY"], datetime(2027, 1, 4, tzinfo=UTC), date(2027, 1, 18))
    database.close()


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
    url = f"sqlite:///{tmp_path / 'cairn.db'}"
    begun(url)
    with (
        both(free_port(), url, tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        emily, thomas, qiang = sit("U01EMILY"), sit("U01THOMAS"), sit("U01QIANG", CHINESE)
        others.winds("2027-01-18T09:31", "U01EMILY")
        others.winds("2027-01-21T10:01", "U01EMILY")
        is_blocked(emily, EMILY)

        others.winds("2027-01-22T09:31", "U01THOMAS")
        others.winds("2027-01-26T09:31", "U01THOMAS")
        thomas.card("Your team's check-ins of Fri 22 Jan wait for a sign from you.").wait_for()
        others.winds("2027-01-27T09:31", "U01THOMAS")
        qiang.types("/cairn team")
        page = qiang.window("My team")
        expect(page).to_contain_text("Thomas Keller：1 份汇总已回应 0 份；1 个求助等待超过两个工作日")
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
        others.brings_out("U01THOMAS")
        expect(thomas.card("your help was useful")).to_contain_text("The tender went out the same day.")
        assert others.findings() == []
