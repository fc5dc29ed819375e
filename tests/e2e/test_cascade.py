"""The mission's own example, clicked: +20 % for the company, visits and orders, down to agreed goals."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from scripts.browser import Seat, chromium, office
from scripts.processes import both, free_port
from scripts.scenes import CHINESE, EMILY, brings_people, launches, opens_revenue, proposes
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
"""What 林美 and 王强 read."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def sets_company_objective(mei: Seat) -> None:
    """HR says what the company wants, and that the head of sales answers for it."""
    mei.types("/cairn objectives")
    mei.presses("Set a company objective", mei.window("Objectives"))
    form = mei.window("Company objective")
    form.get_by_label(mei.t("What is to be reached?")).fill("Annual sales +20 %")
    form.get_by_label(mei.t("Unit"), exact=True).fill("CNY")
    form.get_by_label(mei.t("Last year's value")).fill("150000000")
    form.get_by_label(mei.t("Target for the whole year")).fill("+20%")
    chooses(form, mei.t("Who answers for it?"), "王强")
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


def closes(seat: Seat, page: Locator) -> None:
    """Close what is open."""
    page.get_by_test_id("modal-close").click()
    page.wait_for(state="detached")


def sets_activity(thomas: Seat, title: str, unit: str, target: str) -> None:
    """A lead wants something that moves early, from everybody in the team alike."""
    thomas.types("/cairn objectives")
    thomas.presses("Set a team objective", thomas.window("Objectives"))
    form = thomas.window("Team objective")
    form.get_by_label("What is to be reached?").fill(title)
    form.get_by_label("An activity that moves early, such as visits or orders signed").check()
    form.get_by_label("Unit", exact=True).fill(unit)
    form.get_by_label("Target for the whole year").fill(target)
    thomas.sends(form)
    page = thomas.window("Objective")
    thomas.presses("Share out evenly", page)
    thomas.confirms("Share it out")
    expect(page).to_contain_text("Given out to 100 %: nothing is left over.")
    closes(thomas, page)


def proposes_what_supports_it(seller: Seat, asked: Mapping[str, str], revenue: str) -> None:
    """Read what each month asks for, say which goals support it, and propose them; `asked` by goal, in January."""
    seller.types("/cairn objectives")
    mine = seller.window("Objectives")
    for number in asked.values():
        expect(mine).to_contain_text(f"Jan {number}")
    seller.presses("What my goals support", mine)
    goals = seller.window("What my goals support")
    for title in asked:
        seller.presses("Choose an objective", goals.locator(".block-section").filter(has_text=title))
        form = seller.window("What it supports")
        seller.sends(form)
        form.wait_for(state="detached")
    closes(seller, goals)
    proposes(seller, opens_revenue(seller), revenue, EMILY)


def reads_coverage(seat: Seat, said: str) -> None:
    """How far people's goals carry what somebody answers for."""
    seat.types("/cairn goals")
    page = seat.window("Objectives")
    expect(page).to_contain_text(said)
    closes(seat, page)


def suggests(thomas: Seat, name: str, target: str) -> None:
    """Ask a little more of somebody's revenue."""
    thomas.presses("Suggest a change", thomas.card(f"{name} proposes goals."))
    goals = thomas.window("Goals")
    thomas.presses("Edit", goals.locator(".block-section").filter(has_text="Sales revenue"))
    goal = thomas.window("Edit goal")
    goal.get_by_label("Target (CNY)").fill(target)
    thomas.sends(goal)
    thomas.presses(f"Suggest to {name}", goals)
    look = thomas.window("A last look")
    thomas.sends(look)
    look.wait_for(state="detached")


def test_twenty_percent_more_become_agreed_goals_and_coverage_is_said(browser: Browser, tmp_path: Path) -> None:
    with (
        both(free_port(), f"sqlite:///{tmp_path / 'cairn.db'}", tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        mei, qiang = (sit(one, WORDS) for one in ("U01MEI", "U01QIANG"))
        brings_people(mei)
        sets_company_objective(mei)
        closes(mei, mei.window("Objective"))
        launches(mei)

        others.winds("2027-01-04T10:00:00", "U01QIANG")  # what is told waits for a working hour
        qiang.presses("Open it")
        page = gives(qiang, "Thomas Keller", "62400000", "Region", "Europe and Americas")
        expect(page).to_contain_text("已分解 35%：还有 65%（117,600,000 CNY）没有人承担。")
        closes(qiang, page)

        others.winds("2027-01-04T09:31:00", "U01EMILY")
        thomas, emily, marcus = (sit(one) for one in ("U01THOMAS", "U01EMILY", "U01MARCUS"))
        thomas.presses("Open it")
        gives(thomas, "Emily Carter", "80 %", "Person")
        page = gives(thomas, "Marcus Reed", "20 %", "Person")
        expect(page).to_contain_text("Given out to 100 %: nothing is left over.")
        closes(thomas, page)
        sets_activity(thomas, "Customer visits", "visits", "1500")
        sets_activity(thomas, "Orders signed", "orders", "360")

        asked = {"Sales revenue": "4,160,000", "Customer visits": "21", "Orders signed": "5"}
        proposes_what_supports_it(emily, asked, "12480000")
        thomas.presses("Agree")
        proposes_what_supports_it(marcus, {"Sales revenue": "1,040,000"}, "1872000")
        reads_coverage(thomas, "2027-Q1: Covered to 92 %: 8 % (1,248,000 CNY) is not in anybody's goals yet.")
        suggests(thomas, "Marcus Reed", "3900000")
        marcus.presses("Agree")
        marcus.card("Your goals for 2027-Q1 are agreed with Thomas Keller.").wait_for()
        reads_coverage(thomas, "2027-Q1: Covered to 105 %: 5 % (780,000 CNY) more than needed, as a buffer.")
        reads_coverage(qiang, "2027-Q1：已覆盖 36%：还有 64%（28,620,000 CNY）没有进入任何人的个人目标。")
        assert others.findings() == []
