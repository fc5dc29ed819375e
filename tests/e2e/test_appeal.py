"""Result, appeal on data, adjusted: clicked in both languages, with before and after on the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from bot.domain.cycle import Cycle
from bot.domain.review import Kind
from bot.domain.team import Duty
from bot.store import goals, people, result_versions
from bot.store.db import Database
from bot.store.reviews import ReviewRow
from scripts import scenes_appeals as scenes
from scripts.browser import chromium, office
from scripts.processes import both, free_port
from scripts.scenes import CHINESE, opens_result, releases
from scripts.scenes_appeals import Dispute
from scripts.town import town
from tests.e2e.test_calibration import begun
from tests.stories import reasons_for

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

EMILYS = Dispute(
    "The contract with Rotterdam was signed on 30 March and is not in the number.",
    "Sales revenue",
    "3,450,000",
    "The contract of 30 March lies in the order system under another customer number; with it the revenue of the "
    "quarter is higher than what was imported.",
)
MINS = Dispute(
    "三月三十日签署的合同没有计入销售额。",
    "销售额",
    "3,900,000",
    "三月三十日的合同在订单系统里记在另一个客户编号之下，导入时漏掉了；加上它之后本季度的销售额应当更高。",
)


def prepared(session: Session, cycle: Cycle) -> None:
    """Two people hear appeals, and the reviews owe no reasons."""
    for handler in ("U01KATRIN", "U01LAN"):
        people.grant(session, handler, Duty.APPEALS)
    for person_id in ("U01EMILY", "U01MIN"):
        row = session.get_one(ReviewRow, (cycle.id, person_id, Kind.MANAGER.value))
        agreed = goals.agreed_goals(session, cycle.id, person_id)
        row.competencies = dict.fromkeys(row.competencies, 4)
        row.notes = reasons_for([one.id for one in agreed], cycle)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_an_appeal_on_a_number_changes_the_result_and_both_stand_on_the_page(browser: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cairn.db'}"
    cycle, database = begun(url), Database(url)
    with database.unit_of_work() as session:
        prepared(session, cycle)
    words = CHINESE | scenes.CHINESE
    with (
        both(free_port(), url, tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        mei, katrin, lan = sit("U01MEI", words), sit("U01KATRIN"), sit("U01LAN", words)
        others.winds("2027-04-23T09:31", "U01MEI")
        releases(mei)
        others.winds("2027-04-23T09:32", "U01EMILY")
        emily, min_ = sit("U01EMILY"), sit("U01MIN", words)
        for seat, dispute, handler in ((emily, EMILYS, "Katrin Schulz"), (min_, MINS, "张岚")):
            opens_result(seat)
            filed = scenes.appeals(seat, dispute)
            expect(filed).to_contain_text(seat.t("{name} decides it by", name=handler))
            scenes.closes(seat, "Appeal", "Your result")
        others.winds("2027-04-26T09:31", "U01KATRIN")
        for seat, dispute in ((katrin, EMILYS), (lan, MINS)):
            expect(scenes.corrects(seat, dispute)).to_contain_text(seat.t("It is decided."))
        others.winds("2027-04-27T09:31", "U01EMILY")
        for seat, dispute in ((emily, EMILYS), (min_, MINS)):
            seat.card("is decided").wait_for()
            page = opens_result(seat)
            expect(page).to_contain_text(seat.t("Before:"))
            expect(page).to_contain_text(seat.t("Since then:"))
            expect(page).to_contain_text(dispute.reason)
        assert others.findings() == []
    with database.unit_of_work() as session:
        kept = result_versions.of(session, cycle.id)
    assert {person: [one.because for one in each] for person, each in kept.items()} == {
        "U01EMILY": ["appeal"],
        "U01MIN": ["appeal"],
    }
    database.close()
