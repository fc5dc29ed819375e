"""Improving the process, clicked: a change is proposed in Chinese, accepted in English, and read by both next time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bot.domain.team import Duty
from bot.store import people, policy
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from bot.store.people import Member
from scripts.browser import Seat, chromium, office
from scripts.processes import both, free_port
from scripts.scenes import CHINESE, launches
from scripts.town import town
from tests.e2e.test_calibration import Behind
from tests.stories import ended_quarter

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

WORDS = {
    **CHINESE,
    "How the process went": "流程回顾",
    "Propose a change": "提议一项改动",
    "What should be different?": "有什么要改的？",
    "Messages a week to each person, at most": "每人每周最多收到的消息数",
    "From the next cycle on": "从下一个周期起",
    "Why?": "为什么？",
    "Changed since last time": "与上次相比的改动",
}
TEAM = ("emily", "marcus", "jonas", "lena", "min")
WHY = "一半的提醒没有人回应"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def begun(url: str) -> None:
    """The first quarter, which is another story: five people agreed on goals, and it is over."""
    behind: Any = Behind(Database(url), datetime(2027, 4, 12, 8, tzinfo=UTC))
    bring_up_to_date(behind.database)
    members = [Member(m.id, m.name, m.email, m.locale, m.tz, m.owner, not m.bot) for m in behind.members]
    behind.knows(lambda session: people.keep_members(session, members))
    ended_quarter(behind, *TEAM)
    behind.knows(lambda session: people.grant(session, "U01MEI", people.HR))
    behind.knows(lambda session: people.grant(session, "U01FELIX", Duty.OWNER))
    behind.database.close()


def proposes(mei: Seat) -> None:
    """HR looks back, and proposes that less is written."""
    mei.types("/cairn process")
    page = mei.window("How the process went")
    expect(page).to_contain_text("目标已商定的人：100%")
    mei.presses("Propose a change", page)
    form = mei.window("Propose a change")
    chosen = mei.t("Messages a week to each person, at most")
    form.get_by_role("combobox", name=mei.t("What should be different?")).click()
    form.page.get_by_role("option", name=chosen).first.click()
    mei.sends(form)
    form.get_by_label(mei.t("From the next cycle on")).fill("3")
    form.get_by_label(mei.t("Why?")).fill(WHY)
    mei.sends(form)
    expect(page).to_contain_text("等待流程负责人决定")
    page.get_by_test_id("modal-close").click()


def accepts(felix: Seat) -> None:
    """Whoever owns the process reads why, and decides."""
    felix.presses("Look and decide")
    form = felix.window("Change of the process")
    expect(form).to_contain_text(WHY)
    form.get_by_label("Why?").fill("Fewer, and better ones")
    felix.sends(form)
    expect(felix.card("A change of the process was decided.")).to_contain_text("it holds from the next cycle on")


def test_a_change_is_proposed_adopted_and_read_in_the_next_cycle(browser: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cairn.db'}"
    begun(url)
    with (
        both(free_port(), url, tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        others.winds("2027-06-28T09:30", "U01MEI")
        mei, felix = sit("U01MEI", WORDS), sit("U01FELIX")
        proposes(mei)
        others.winds("2027-06-28T14:00", "U01FELIX")
        accepts(felix)
        others.winds("2027-06-29T10:00", "U01MEI")
        launches(mei)
        for seat, line in (
            (sit("U01EMILY"), "Messages a week to each person, at most: from “5” to “3”"),
            (sit("U01MIN", WORDS), "每人每周最多收到的消息数：从“5”改为“3”"),
        ):
            seat.goes_to("Home")
            home = seat.page.get_by_test_id("home")
            expect(home).to_contain_text(seat.t("Changed since last time"))
            expect(home).to_contain_text(line)
            expect(home).to_contain_text(WHY)
        assert others.findings() == []
    database = Database(url)
    with database.unit_of_work() as session:
        assert policy.current(session).a_week == 3
    database.close()
