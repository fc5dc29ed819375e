"""What follows from results, clicked in both languages: decided, read, put into a pool, and exported for payroll."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from bot.domain.team import Duty
from bot.store import people, timers
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from bot.store.people import Member
from scripts.browser import chromium, office
from scripts.processes import both, free_port
from scripts.scenes import CHINESE
from scripts.scenes_outcomes import CHINESE as FOLLOWS
from scripts.scenes_outcomes import approves_pool, decides_all, makes_pool, top
from scripts.town import town
from tests.e2e.test_calibration import Behind
from tests.outcomes import graded
from tests.stories import ended_quarter

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

WORDS = {**CHINESE, **FOLLOWS}
REASON, REASON_ZH = "As the rules say it", "按照公布的规则决定，没有特殊情况"
PAY = "email,target bonus\nemily@lantern.example,40000\nmin@lantern.example,60000\n"


def begun(url: str) -> None:
    """The quarter before, which is another story: Emily has a C and 赵敏 a B, and HR is about to decide."""
    at = datetime(2027, 5, 6, 1, tzinfo=UTC)
    behind: Any = Behind(Database(url), at)
    bring_up_to_date(behind.database)
    members = [Member(m.id, m.name, m.email, m.locale, m.tz, m.owner, not m.bot) for m in behind.members]
    behind.knows(lambda session: people.keep_members(session, members))
    cycle = ended_quarter(behind, "emily", "min")
    graded(behind, cycle, ("emily", "C"), ("min", "B"))

    def prepared(session: Any) -> None:
        for one in ("U01MEI", "U01JULIA"):
            people.grant(session, one, people.HR)
        for one in ("U01NUO", "U01KATRIN"):
            people.grant(session, one, Duty.FINANCE)
        timers.remind(session, "outcomes.begin_deciding", "", cycle.id, at)

    behind.knows(prepared)
    behind.database.close()


def table(file: Path, sheet: int) -> list[tuple[Any, ...]]:
    return list(load_workbook(file).worksheets[sheet].iter_rows(values_only=True))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_results_are_applied_by_people_and_leave_as_a_file_for_payroll(browser: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cairn.db'}"
    begun(url)
    with (
        both(free_port(), url, tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        julia, mei = sit("U01JULIA"), sit("U01MEI", WORDS)
        others.winds("2027-05-07T10:00", "U01JULIA")  # the day before is Ascension Day
        julia.presses("Look at the proposals")
        decides_all(julia, "coefficient 0.6 with grade C", REASON)
        decides_all(julia, "with grade C", REASON)
        mei.types("/cairn outcomes")
        expect(decides_all(mei, "B", REASON_ZH)).to_contain_text(mei.t("Nothing waits for a decision."))
        others.winds("2027-05-07T10:30", "U01EMILY")
        emily = sit("U01EMILY")
        emily.presses("Read what was decided")
        expect(top(emily, "What follows")).to_contain_text(REASON)
        others.winds("2027-05-10T10:00", "U01MIN")
        min_ = sit("U01MIN", WORDS)
        min_.presses("Read what was decided")
        expect(top(min_, "What follows")).to_contain_text(REASON_ZH)

        (tmp_path / "pay.csv").write_text(PAY, encoding="utf-8")
        applied = running.runs("import", "pay", str(tmp_path / "pay.csv"), "--cycle", "2027-Q1", "--apply")
        assert "Applied, for 2 people." in applied.stdout, applied.stderr
        nuo = sit("U01NUO", WORDS)
        expect(makes_pool(nuo)).to_contain_text(nuo.t("It waits for somebody else"))
        file = tmp_path / "pool.xlsx"
        running.runs("export", "pool", "2027-Q1", str(file))
        fingerprint = next(row[1] for row in table(file, 1) if row[0] == "Fingerprint")
        expect(approves_pool(sit("U01KATRIN"), str(fingerprint)[:8])).to_contain_text("It can be paid.")
        assert "(approved, fingerprint" in running.runs("export", "pool", "2027-Q1", str(file)).stdout
        assert others.findings() == []
    lines = {row[1]: dict(zip(table(file, 0)[0], row, strict=True)) for row in table(file, 0)[1:]}
    assert {name: (one["Grade"], one["Coefficient"]) for name, one in lines.items()} == {
        "Emily Carter": ("C", 0.6),
        "赵敏": ("B", 1),
    }
    assert sum(one["To pay"] for one in lines.values()) == 100_000
