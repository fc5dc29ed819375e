"""The week between computing and giving, clicked: two calibrators move a grade each, and their people read why."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.domain.cycle import Cycle
from bot.store import board, people, timers
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from bot.store.people import Member
from bot.store.reviews import ReviewRow
from sandbox.clock import Clock
from sandbox.workspace import read_workspace
from scripts.browser import Seat, chromium, office
from scripts.processes import LANTERN, both, free_port
from scripts.scenes import CHINESE, opens_result, releases
from scripts.town import town
from tests.stories import ended_quarter, reported_values

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

WORDS = {
    **CHINESE,
    "Calibration": "绩效校准",
    "Open the meeting": "开始校准会",
    "The review meeting of 2027-Q1 is open.": "2027-Q1 的校准会已开始",
    "To the board": "打开校准看板",
    "Look": "看一下",
    "One result": "一份结果",
    "Change the grade": "更改等级",
    "Reason": "原因",
    "Or the day on which it was seen": "或者看到它的日期",
}
REASON = "Harbour Hotels wrote that the whole order came about through her alone."
REASON_ZH = "海港酒店来信说，整笔订单都是她一个人促成的。"


class Behind:
    """The company before anybody sits down: its database and its clock, as the beginnings of stories need them."""

    untouched = b""

    def __init__(self, database: Database, at: datetime) -> None:
        self.database = database
        self.slack = SimpleNamespace(clock=Clock(at))
        self.real_clock = Clock(at)
        self.limits: dict[str, Any] = {}
        self.inside: set[str] = set()
        self.members = read_workspace(LANTERN / "workspace.yml").people

    def person(self, name: str) -> Any:
        return next(one for one in self.members if one.display == name)

    def knows(self, look: Callable[[Any], Any]) -> Any:
        with self.database.unit_of_work() as session:
            return look(session)


def begun(url: str) -> Cycle:
    """The quarter before, which is another story: Emily and 赵敏 are reviewed, their results about to be made."""
    behind: Any = Behind(Database(url), datetime(2027, 4, 12, 8, tzinfo=UTC))
    bring_up_to_date(behind.database)
    members = [Member(m.id, m.name, m.email, m.locale, m.tz, m.owner, not m.bot) for m in behind.members]
    behind.knows(lambda session: people.keep_members(session, members))
    cycle = ended_quarter(behind, "emily", "min")
    reported_values(behind, cycle, "emily", "min")
    at = behind.slack.clock.now()
    for person_id, manager_id in (("U01EMILY", "U01THOMAS"), ("U01MIN", "U01LI")):
        behind.knows(lambda session, of=(cycle.id, person_id, manager_id): session.add(review(*of, at)))

    def prepared(session: Any) -> None:
        for person_id, role in (("U01MEI", people.HR), ("U01KATRIN", "calibrator"), ("U01LAN", "calibrator")):
            people.grant(session, person_id, role)
        for step, day, hour in (("scoring.compute", 15, 1), ("scoring.offer_release", 23, 1)):
            timers.remind(session, step, "", cycle.id, datetime(2027, 4, day, hour, tzinfo=UTC))

    behind.knows(prepared)
    behind.database.close()
    return cycle


def review(cycle_id: str, person_id: str, manager_id: str, at: datetime) -> ReviewRow:
    """A manager's review that was sent: a 2 on every topic of sales."""
    return ReviewRow(
        cycle_id=cycle_id, person_id=person_id, kind="manager", author_id=manager_id, state="sent", sent_at=at,
        competencies=dict.fromkeys(("customer", "selling", "honesty"), 2), levels={},
        notes={"strength": "Keeps every promise to her customers", "strength_day": "2027-03-10"},
    )  # fmt: skip


def top(seat: Seat, title: str) -> Locator:
    window = seat.window(title).last
    window.wait_for()
    return window


def moves(seat: Seat, name: str, reason: str) -> None:
    """Somebody who calibrates looks at one person, and raises the grade to the best with a reason and a day."""
    seat.presses("To the board", seat.card("The review meeting of 2027-Q1 is open."))
    board = top(seat, "Calibration")
    expect(board).to_contain_text(name)
    seat.presses("Look", board.locator(".block-section").filter(has_text=name))
    seat.presses("Change the grade", top(seat, "One result"))
    form = top(seat, "Change the grade")
    form.get_by_label(re.compile("^S[:：]")).check()
    form.get_by_label(seat.t("Reason"), exact=True).fill(reason)
    form.get_by_label(seat.t("Or the day on which it was seen")).fill("2027-03-10")
    seat.sends(form)
    expect(top(seat, "One result")).to_contain_text(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_a_calibrator_moves_a_grade_and_its_person_reads_why_in_both_languages(
    browser: Browser, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'cairn.db'}"
    cycle = begun(url)
    with (
        both(free_port(), url, tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        mei, katrin, lan = sit("U01MEI", WORDS), sit("U01KATRIN"), sit("U01LAN", WORDS)
        others.winds("2027-04-15T09:31", "U01KATRIN")
        mei.types("/cairn calibrate")
        mei.presses("Open the meeting", top(mei, "Calibration"))
        expect(top(mei, "Calibration")).to_contain_text("校准会已于")
        mei.window("Calibration").get_by_test_id("modal-close").click()
        moves(katrin, "Emily Carter", REASON)
        moves(lan, "赵敏", REASON_ZH)
        others.winds("2027-04-23T09:31", "U01MEI")
        releases(mei)
        others.winds("2027-04-23T09:32", "U01EMILY")

        emily, min_ = sit("U01EMILY"), sit("U01MIN", WORDS)
        hers = opens_result(emily)
        expect(hers).to_contain_text("S, after the review meeting. By the rules ")
        expect(hers).to_contain_text("Your manager's rating was 2 of 5; by the rules the grade was ")
        expect(hers).to_contain_text("After the review meeting on 15 Apr 2027 it became S.")
        expect(hers).to_contain_text(f"Reason given: {REASON}")
        expect(hers).to_contain_text("Evidence used: what was seen on 10 Mar 2027")
        expect(hers).to_contain_text("Nobody's rating was changed by a formula.")
        theirs = opens_result(min_)
        expect(theirs).to_contain_text("S（校准会后）。按规则应为 C")
        expect(theirs).to_contain_text("在2027年4月15日的校准会之后，改为 S。")
        expect(theirs).to_contain_text(f"理由：{REASON_ZH}")
        assert others.findings() == []
    database = Database(url)
    with database.unit_of_work() as session:
        assert {one.grade for one in board.figures(session, cycle.id)} == {"S"}
    database.close()
