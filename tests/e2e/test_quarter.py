"""A whole quarter, clicked: sandbox and bot as two processes, Socket Mode between them, people in a real browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scripts.browser import Seat, chromium, office
from scripts.processes import both, free_port
from scripts.scenes import (
    CHINESE,
    EMILY,
    MIN,
    answers,
    asks_colleagues,
    asks_why,
    brings_people,
    brings_values,
    checks_in,
    launches,
    opens_result,
    opens_revenue,
    proposes,
    releases,
    reviews_report,
    reviews_self,
    values_of,
)
from scripts.town import Town, town

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)


COUNTING = """() => {
    window.acts = {presses: 0, typed: 0};
    addEventListener("pointerdown", () => { window.acts.presses += 1; }, true);
    addEventListener("input", (event) => {
        if (event.target.matches("textarea, input:not([type=radio])")) window.acts.typed += event.target.value.length;
    }, true);
}"""
"""Counts what a hand does from here on: presses, and characters typed."""


def acts(seat: Seat) -> tuple[int, int]:
    """How many presses there were, and how many characters were typed."""
    counted = seat.page.evaluate("window.acts")
    return counted["presses"], counted["typed"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@dataclass
class Lantern:
    """The company: whoever sits at the page, everybody else, and the clock."""

    sit: Callable[..., Seat]
    town: Town


@pytest.fixture
def lantern(browser: Browser, tmp_path: Path) -> Iterator[Lantern]:
    with ExitStack() as open_now:
        running = open_now.enter_context(both(free_port(), f"sqlite:///{tmp_path / 'cairn.db'}", tmp_path))
        others = open_now.enter_context(town(running))
        yield Lantern(open_now.enter_context(office(browser, running.slack_url)), others)
        assert others.findings() == []


def test_emily_lives_a_quarter_from_goals_to_a_result_that_says_why(lantern: Lantern, tmp_path: Path) -> None:
    town, part = lantern.town, EMILY
    mei = lantern.sit("U01MEI", CHINESE)
    brings_people(mei)
    launches(mei)

    town.winds("2027-01-04T09:31", part.person_id)
    emily, thomas = lantern.sit(part.person_id), lantern.sit(part.manager_id)
    proposes(emily, opens_revenue(emily), "3100000", part)
    expect(thomas.card("Emily Carter proposes goals.")).to_contain_text(part.sentences[0])
    expect(thomas.card("Emily Carter proposes goals.")).to_contain_text("at least 3,100,000 CNY")
    thomas.presses("Agree")
    expect(emily.card("Your goals for 2027-Q1 are agreed with Thomas Keller.")).to_contain_text(
        "at least 3,100,000 CNY"
    )

    town.winds("2027-01-18T09:31", part.person_id)
    town.winds("2027-01-21T10:01", part.person_id)
    emily.page.evaluate(COUNTING)
    checks_in(emily, "900000", part)
    expect(emily.card("thank you")).to_contain_text("900,000 of 3,100,000 CNY")
    assert acts(emily) == (1 + 6 + 1, len("900000" + part.sentences[1]))  # six goals, between Update and Send
    town.winds("2027-01-22T09:31", part.manager_id)
    expect(thomas.card("Check-ins of your team: 1 of 1 answered")).to_contain_text(part.sentences[1])

    town.winds("2027-01-28T10:01", part.person_id)
    emily.presses("Same", emily.card("how is it going?"))
    emily.card("Check-in, Thu 28 Jan: thank you").wait_for()
    assert acts(emily) == (8 + 1, len("900000" + part.sentences[1]))

    town.winds("2027-04-01T09:31", part.person_id)
    asks_colleagues(emily)
    thomas.presses("Approve")
    expect(emily.card("5 colleagues are asked about working with you.")).to_contain_text("confidential")
    lena = lantern.sit(part.rater_id)
    town.brings_out(part.rater_id)
    lena.sends(answers(lena, part))
    expect(lena.card("It is sealed until 15 Apr 2027.")).not_to_contain_text("Harbour Hotels")
    for colleague in part.others:
        town.gives_feedback(colleague, 4, {"behaviour": part.sentences[3]})
    reviews_self(emily, part)

    town.winds("2027-04-08T09:31", part.manager_id)
    brings_values(mei, values_of([part.email], tmp_path), 6)
    reviews_report(thomas, part)

    town.winds("2027-04-15T15:01", part.manager_id)
    town.winds("2027-04-23T09:31", "U01MEI")
    releases(mei)
    town.winds("2027-04-23T09:31", part.person_id)
    expect(emily.card("Your result of 2027-Q1 is ready.")).not_to_contain_text("Grade")
    result = opens_result(emily)
    expect(result).to_contain_text("98.4 % reached, weight 35 %: 34.44 points")
    why = asks_why(emily, result, "Sales revenue")
    expect(why).to_contain_text("0.9839 × 100 × 35 ÷ 100 ≈ 34.4355")
    for below in ("How far “Sales revenue” was reached", "3,050,000 CNY · Order system"):
        emily.presses("Why?", why)
        expect(why).to_contain_text(below)
    why.get_by_test_id("modal-close").click()
    emily.presses("Seen and agree", result)
    expect(result).to_contain_text("Seen and agreed on 23 Apr 2027")


def test_a_shorter_quarter_in_chinese(lantern: Lantern, tmp_path: Path) -> None:
    town, part = lantern.town, MIN
    mei = lantern.sit("U01MEI", CHINESE)
    brings_people(mei)
    launches(mei)

    town.winds("2027-01-04T09:31", part.person_id)
    min_, li = lantern.sit(part.person_id, CHINESE), lantern.sit(part.manager_id, CHINESE)
    proposes(min_, opens_revenue(min_), "3200000", part)
    expect(li.card("赵敏提交了目标。")).to_contain_text("至少 3,200,000 元")
    li.presses("Agree")
    expect(min_.card("你和陈丽已商定 2027-Q1 的目标。")).to_contain_text("至少 3,200,000 元")

    town.winds("2027-01-18T09:31", part.person_id)
    town.winds("2027-01-21T10:01", part.person_id)
    checks_in(min_, "900000", part)
    expect(min_.card("thank you")).to_contain_text("900,000 / 3,200,000 元")

    town.winds("2027-04-01T09:31", part.person_id)
    asks_colleagues(min_)
    li.presses("Approve")
    expect(min_.card("已邀请 6 位同事谈谈与你的合作。")).to_be_visible()
    for colleague in (part.rater_id, *part.others):
        town.gives_feedback(colleague, 4, {"behaviour": part.sentences[3]})
    reviews_self(min_, part)

    town.winds("2027-04-08T09:31", part.manager_id)
    brings_values(mei, values_of([part.email], tmp_path), 6)
    reviews_report(li, part)
    town.winds("2027-04-15T21:01", part.manager_id)
    town.winds("2027-04-23T09:31", "U01MEI")
    releases(mei)
    town.winds("2027-04-23T09:32", part.person_id)
    result = opens_result(min_)
    expect(result).to_contain_text("完成率 114.1%，权重 35%")
    expect(result).to_contain_text("来自同事")
    why = asks_why(min_, result, "Sales revenue")
    expect(why).to_contain_text("怎么算的")
    why.get_by_test_id("modal-close").click()
    min_.presses("Seen and agree", result)
    expect(result).to_contain_text("已看过并同意，2027年4月23日")
