"""A manager tries a surprise, in both languages: the form asks for the reasons, and takes no short ones."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.domain.org import Stint
from bot.domain.review import Kind, Review
from bot.store import cycles, people, reviews
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from bot.store.people import Member
from sandbox.workspace import read_workspace
from scripts.browser import Seat, chromium, office
from scripts.processes import LANTERN, both, free_port
from scripts.scenes import CHINESE, choose
from scripts.town import town
from tests.open_reviews import TEAM, _launched

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

SHORT = "The Hamburg order was lost after two late offers in March."
LONG = (
    f"{SHORT} They had asked for prices on the first, we answered on the ninth, and they had signed elsewhere by then."
)
SHORT_ZH = "三月两次报价都晚了，汉堡的订单丢了。"
LONG_ZH = f"{SHORT_ZH}客户一日来问价，我们九日才答复，那时对方已经和别家签约，并且打电话告诉了我们原因。"
WORDS: Mapping[str, str] = {
    **CHINESE,
    "reasons, page 1 of 2": "补充理由第 1 页，共 2 页",
    "You expect C, the self-review A. So that nobody is surprised:": "你预期 C，自评是 A。为了不让人意外，请写下：",
    "This grade needs about 20 words with an example": "评这个等级，请用 32 字左右写一个实例",
    "One example: what happened? About 20 words.": "一个实例：发生了什么？32 字左右。",
    "Not raised before.": "之前没有提过。",
    "is sent.": "已提交。",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def begun(url: str) -> None:
    """The beginning, which is another story: goals are agreed, and everybody expects an A of themselves."""
    database, at = Database(url), datetime(2027, 4, 1, 9, tzinfo=UTC)
    bring_up_to_date(database)
    with database.unit_of_work() as session:
        found = read_workspace(LANTERN / "workspace.yml").people
        members = [Member(one.id, one.name, one.email, one.locale, one.tz, one.owner, not one.bot) for one in found]
        people.keep_members(session, members)
        for person_id, manager_id in TEAM.items():
            people.place(session, Stint(person_id, "Sales", "", manager_id, date(2020, 1, 1)))
        cycle = cycles.get(session, _launched(session, datetime(2027, 1, 4, tzinfo=UTC)).id)
        for person_id in TEAM:
            own = Review(cycle.id, person_id, person_id, Kind.SELF, overall="A")
            reviews.keep(session, own)
            reviews.send(session, own, at, None)
    database.close()


def fills(review: Locator, words: str) -> None:
    """Write the same into every field that has to be filled, with a day where one is asked for."""
    for field in review.locator("textarea[aria-required=true]").all():
        field.fill(words)
    for day in review.locator("input[type=date][aria-required=true]").all():
        day.fill("2027-03-09")


def tries_a_surprise(manager: Seat, name: str, short: str, long: str) -> None:
    manager.presses("Review {name}", name=name)
    manager.presses("Write my review", manager.window("Review"))
    review = manager.window("My review")
    for page, nth in enumerate((3, 3, 1, 3), start=1):  # ratings, ratings, a level, and the grade: a C
        review.get_by_text(manager.t("{name} · page {n} of", name=name, n=str(page))).wait_for()
        choose(review, nth)
        fills(review, short)
        manager.sends(review)
    expect(review).to_contain_text(manager.t("reasons, page 1 of 2"))
    expect(review).to_contain_text(manager.t("You expect C, the self-review A. So that nobody is surprised:"))
    fills(review, short)
    manager.sends(review)
    review.get_by_label(manager.t("One example: what happened? About 20 words.")).wait_for()
    choose(review, 0)
    fills(review, short)
    manager.sends(review)
    expect(review).to_contain_text(manager.t("This grade needs about 20 words with an example"))
    fills(review, long)
    manager.sends(review)
    review.get_by_text(manager.t("All there. One last look?")).wait_for()
    expect(review).to_contain_text(manager.t("Not raised before."))
    manager.sends(review)
    expect(review).to_contain_text(manager.t("is sent."))


def test_a_manager_who_tries_a_surprise_is_asked_for_reasons(browser: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cairn.db'}"
    begun(url)
    with (
        both(free_port(), url, tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        thomas, li = sit("U01THOMAS"), sit("U01LI", WORDS)
        others.winds("2027-04-08T09:35", "U01LI")
        tries_a_surprise(li, "刘洋", SHORT_ZH, LONG_ZH)
        others.winds("2027-04-08T09:35", "U01THOMAS")
        tries_a_surprise(thomas, "Emily Carter", SHORT, LONG)
        assert others.findings() == []
