"""The mission's own example, clicked: +20 % for the company, down to a person, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from scripts.browser import Seat, chromium, office
from scripts.processes import both, free_port
from scripts.scenes import CHINESE, brings_people
from scripts.town import town

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

WORDS = {
    **CHINESE,
    "Objectives": "组织目标",
    "Objective": "组织目标",
    "Set a company objective": "设定公司目标",
    "Company objective": "公司目标",
    "What is to be reached?": "要达成什么？",
    "Unit": "单位",
    "Last year's value": "去年的数值",
    "Target for the whole year": "全年目标值",
    "Who answers for it?": "由谁负责？",
    "Give out a part": "分解一部分",
    "Department": "部门",
    "Region": "区域",
    "Name of the part": "这一部分的名称",
    "How much?": "多少？",
    "Open it": "打开",
}
"""What 林美, 周建国 and 王强 read."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def sets_company_objective(mei: Seat) -> None:
    """HR says what the company wants, and that 周建国 answers for it."""
    mei.types("/cairn objectives")
    mei.presses("Set a company objective", mei.window("Objectives"))
    form = mei.window("Company objective")
    form.get_by_label(mei.t("What is to be reached?")).fill("Annual sales +20 %")
    form.get_by_label(mei.t("Unit"), exact=True).fill("CNY")
    form.get_by_label(mei.t("Last year's value")).fill("150000000")
    form.get_by_label(mei.t("Target for the whole year")).fill("+20%")
    chooses(form, mei.t("Who answers for it?"), "周建国")
    mei.sends(form)
    expect(mei.window("Objective")).to_contain_text("180,000,000 CNY（比 150,000,000 CNY +20%）")


def gives(seat: Seat, owner: str, amount: str, cut: str, part: str = "") -> Locator:
    """Give out a part of the objective that is open; the page says how far it is covered."""
    page = seat.window("Objective")
    seat.presses("Give out a part", page)
    form = seat.window("Give out a part")
    chooses(form, seat.t("Who answers for it?"), owner)
    form.get_by_label(seat.t(cut), exact=True).check()
    form.get_by_label(seat.t("Name of the part")).fill(part)
    form.get_by_label(seat.t("How much?")).fill(amount)
    seat.sends(form)
    form.wait_for(state="detached")
    return page


def chooses(form: Locator, label: str, name: str) -> None:
    """Choose a person: among few all are in sight, among many they are in a list."""
    form.wait_for()
    if form.get_by_role("radio", name=name, exact=True).count():
        form.get_by_role("radio", name=name, exact=True).check()
        return
    form.get_by_role("combobox", name=label).click()
    form.page.get_by_role("option", name=name).first.click()


def test_twenty_percent_more_go_down_to_persons_and_coverage_is_said(browser: Browser, tmp_path: Path) -> None:
    with (
        both(free_port(), f"sqlite:///{tmp_path / 'cairn.db'}", tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        mei, guo, qiang = (sit(one, WORDS) for one in ("U01MEI", "U01JIANGUO", "U01QIANG"))
        thomas = sit("U01THOMAS")
        brings_people(mei)
        sets_company_objective(mei)

        others.winds("2027-01-04T10:00:00", "U01JIANGUO")  # what is told waits for a working hour
        guo.presses("Open it")
        expect(gives(guo, "王强", "100%", "Department")).to_contain_text("已分解 100%，没有剩余。")
        qiang.presses("Open it")
        page = gives(qiang, "Thomas Keller", "62400000", "Region", "Europe and Americas")
        expect(page).to_contain_text("已分解 35%：还有 65%（117,600,000 CNY）没有人承担。")

        others.winds("2027-01-04T15:00:00", "U01THOMAS")
        thomas.presses("Open it")
        gives(thomas, "Lena Hoffmann", "30000000", "Person")
        page = gives(thomas, "Emily Carter", "27408000", "Person")
        expect(page).to_contain_text("Given out to 92 %: 8 % (4,992,000 CNY) is with nobody yet.")
        page = gives(thomas, "Marcus Reed", "13 %", "Person")
        expect(page).to_contain_text("105 % is given out: 5 % (3,120,000 CNY) more than needed, as a buffer.")
        page.get_by_test_id("modal-close").click()
        thomas.goes_to("Home")
        expect(thomas.page.get_by_test_id("home")).to_contain_text("105 % is given out")
