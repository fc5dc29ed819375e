"""A sealed suggestion, clicked: answered in Chinese, read by its author alone, and its author found by no query."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scripts.browser import Seat, chromium, office
from scripts.processes import both, free_port
from scripts.scenes import CHINESE
from scripts.town import town

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

CANARY = "Let the canary Zephyrine choose the meeting rooms"
WORDS = {
    **CHINESE,
    "Show suggestions": "查看建议",
    "Suggestions": "建议",
    "Suggestion": "建议",
    "Answer": "答复",
    "Being considered": "考虑中",
    "Why, and what is done? Its author reads this, and whoever it is shown to": (
        "理由是什么，会做什么？作者能看到，展示后所有人也能看到"
    ),
    "To its author alone": "只给作者看",
}
"""What 林美 reads."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def drops_into_the_box(emily: Seat) -> None:
    """Emily suggests something, sealed."""
    emily.types("/cairn suggest")
    form = emily.window("Make a suggestion")
    form.get_by_label("What do you suggest?").fill(CANARY)
    form.get_by_role("radio", name="Sealed: HR does not learn who it is").check()
    emily.sends(form)
    thanks = emily.window("Thank you")
    expect(thanks).to_contain_text("The card in our messages leads to its answer.")
    thanks.get_by_test_id("modal-close").click()


def answers(mei: Seat) -> None:
    """HR answers without knowing whom."""
    mei.presses("Show suggestions")
    mei.presses("Answer", mei.window("Suggestions"))
    form = mei.page.get_by_role("dialog").last
    expect(form).to_contain_text("这里没有人知道是谁写的")
    form.get_by_label(mei.t("Why, and what is done? Its author reads this, and whoever it is shown to")).fill(
        "先试一个月"
    )
    form.get_by_label(mei.t("To its author alone")).fill("你说的是三楼的会议室吗？")
    mei.sends(form)


def rows_with(file: Path, words: str) -> list[str]:
    """Every row of every table that holds these words."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [f"{name} {row}" for name in tables for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: S608 - names come from the database itself
    return [row for row in rows if words in row]


def test_a_sealed_suggestion_is_answered_and_its_author_stays_unknown(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "cairn.db"
    with (
        both(free_port(), f"sqlite:///{file}", tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        emily, mei = sit("U01EMILY"), sit("U01MEI", WORDS)
        drops_into_the_box(emily)
        others.winds("2027-01-05T10:00:00", "U01MEI")
        others.winds("2027-01-06T10:01:00", "U01MEI")
        answers(mei)
        emily.presses("Is there an answer?")
        page = emily.window("Suggestion")
        expect(page).to_contain_text("Being considered")
        expect(page).to_contain_text("你说的是三楼的会议室吗？")
        rows = rows_with(file, CANARY)
        assert len(rows) == 1
        assert "U01EMILY" not in rows[0]
        assert others.findings() == []
