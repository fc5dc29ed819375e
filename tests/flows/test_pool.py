"""The bonus pool: two pairs of eyes, amounts in a file alone, and not one of them in Slack, a log or the audit."""

import io
import logging
import re
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from bot.domain import appeal
from bot.domain.appeal import Appeal
from bot.domain.cycle import Cycle
from bot.domain.outcomes import Decision, Kind
from bot.domain.rounding import half_up
from bot.domain.team import Duty
from bot.handlers.pool.plain import Request, import_pay
from bot.store import appeals, audit, outcomes, people, pool_file, pools
from bot.store.results import ResultRow
from bot.store.sheets import Sheet, csv_of
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.forging import everything
from tests.outcomes import graded_quarter, month_beside

PAID = (("emily", "71234.57"), ("marcus", "38765.41"), ("jonas", "20717.29"))
SALARY, TOTAL = "345678.91", "131071.39"
AMOUNTS_LIVE_IN = {"pay_bases", "pay_terms", "pools"}
"""The tables that hold amounts, which nothing shows in Slack."""


def pay_file(*more: str) -> bytes:
    rows = [[f"{name}@lantern.example", target, SALARY, "330000"] for name, target in PAID]
    return csv_of(Sheet("Pay", ("邮箱", "目标奖金", "年薪", "中位值"), [*rows, *([one, "1"] for one in more)]))


def imports(company: Company, content: bytes, **more: object) -> tuple[int, str]:
    said: list[str] = []
    now = company.slack.clock.now()
    return import_pay(company.database, Request(content, "2027-Q1", **more), now, said.append), "\n".join(said)


def exports(company: Company, file: Path) -> tuple[int, str]:
    said: list[str] = []
    now = company.slack.clock.now()
    return pool_file.export_pool(company.database, "2027-Q1", file, now, said.append), "\n".join(said)


@lived_once
def decided_quarter(company: Company) -> Cycle:
    """Three people's coefficients are decided, and nuo and katrin are named for finance; nothing was imported."""
    cycle = graded_quarter(company, ("emily", "S"), ("marcus", "B"), ("jonas", "C"))
    decided(company, cycle, emily="1.5", marcus="1.0", jonas="0.6")
    company.knows(lambda session: [people.grant(session, one, Duty.FINANCE) for one in ("U01NUO", "U01KATRIN")])
    return cycle


def decided(company: Company, cycle: Cycle, **values: str) -> None:
    """HR has decided on these coefficients."""
    at = company.slack.clock.now()

    def decide(session) -> None:
        grades = outcomes.graded(session, cycle.id)
        for name, value in values.items():
            person_id = company.person(name).id
            kept = (cycle.id, person_id, Kind.COEFFICIENT, grades[person_id], True, Decimal(value))
            outcomes.decide(session, [Decision(*kept, "As the rules say it", "U01MEI", at)])

    company.knows(decide)


@pytest.fixture
def quarter(company: Company) -> Cycle:
    return decided_quarter(company)


def makes(company: Company) -> tuple[Persona, Persona]:
    """Pay bases are there, 诺诺 makes the pool, and Katrin is asked."""
    assert imports(company, pay_file(), total=TOTAL, raises="3", apply=True)[0] == 0
    nuo, katrin = company.person("nuo"), company.person("katrin")
    nuo.types("/cairn pool")
    nuo.clicks("编制奖金池")
    company.winds(to="2027-05-07T10:00:00+02:00")
    return nuo, katrin


def fingerprint_in(file: Path) -> str:
    sums = load_workbook(io.BytesIO(file.read_bytes())).worksheets[1]
    return next(row[1].value for row in sums.iter_rows() if row[0].value == "Fingerprint")


def test_one_makes_the_pool_and_another_one_approves_what_they_read_in_the_file(
    company: Company, quarter: Cycle, tmp_path: Path
) -> None:
    nuo, katrin = makes(company)
    assert "另一位财务人员" in nuo.sees()
    assert "批准" not in [name_of(one) for one in nuo.modal["blocks"][-2].get("elements", ())]
    assert katrin.pushes[-1].endswith("has made the bonus pool of 2027-Q1. It waits for a second pair of eyes.")
    katrin.clicks("Look at it")
    katrin.clicks("Approve it")
    katrin.submits(fingerprint="12345678")
    assert "This is not the fingerprint of this pool." in katrin.errors["fingerprint"]
    file = tmp_path / "pool.xlsx"
    file.touch(mode=0o644)
    status, said = exports(company, file)
    assert (status, "3 people (not approved yet" in said) == (0, True)
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    decided(company, quarter, marcus="1.1")
    katrin.submits(fingerprint=fingerprint_in(file))
    assert "The pool has to be made anew first." in katrin.errors["fingerprint"]
    decided(company, quarter, marcus="1.0")
    katrin.submits(fingerprint=fingerprint_in(file))
    assert "It can be paid." in katrin.sees()
    assert company.knows(lambda session: pools.newest(session, quarter.id)).approved_by == katrin.id
    assert "approved, fingerprint" in exports(company, file)[1]
    assert imports(company, pay_file(), apply=True) == (
        1,
        "This pool is approved already. What was approved does not change.",
    )
    mei = company.person("mei")
    mei.types(f"/cairn outcomes <@{company.person('marcus').id}>")
    mei.clicks("Change", near="coefficient")
    assert "its coefficients stay as they are" in mei.sees()


def lines_in(file: Path) -> dict[str, dict[str, object]]:
    """What stands in the file for each person, by e-mail."""
    heading, *rows = load_workbook(io.BytesIO(file.read_bytes())).worksheets[0].iter_rows(values_only=True)
    return {str(row[0]): dict(zip(heading, row, strict=True)) for row in rows}


def approves(company: Company, katrin: Persona, file: Path) -> dict[str, dict[str, object]]:
    """Katrin reads the file and approves; gives what stands in it."""
    exports(company, file)
    katrin.clicks("Look at it")
    katrin.clicks("Approve it")
    katrin.submits(fingerprint=fingerprint_in(file))
    assert "It can be paid." in katrin.sees()
    katrin.closes()
    return lines_in(file)


def factor_in(file: Path) -> Decimal:
    sums = load_workbook(io.BytesIO(file.read_bytes())).worksheets[1]
    return next(Decimal(str(row[1].value)) for row in sums.iter_rows() if row[0].value == "Factor")


def test_after_the_approval_an_appeal_or_a_late_result_makes_its_own_line_and_nobody_elses(
    company: Company, quarter: Cycle, tmp_path: Path
) -> None:
    marcus, mei, jonas = (company.person(name) for name in ("marcus", "mei", "jonas"))
    his = update(ResultRow).where(ResultRow.person_id == jonas.id)
    company.knows(lambda session: session.execute(his.values(released_at=None)))  # its reasons are still owed
    nuo, katrin = makes(company)
    before = approves(company, katrin, tmp_path / "first.xlsx")
    company.knows(lambda session: session.execute(his.values(released_at=company.slack.clock.now(), band="B")))
    better = update(ResultRow).where(ResultRow.person_id == marcus.id).values(band="A", score=Decimal("104.00"))
    company.knows(lambda session: session.execute(better))  # an appeal found that the number was wrong
    nuo.types("/cairn pool")
    assert "只重新计算这些人的那一行" in nuo.sees()
    nuo.clicks("重新编制")
    assert "还有系数没有决定" in nuo.sees(), "HR decides his coefficient first"
    mei.types(f"/cairn outcomes <@{company.person('emily').id}>")
    mei.clicks("Change", near="coefficient")
    assert "its coefficients stay as they are" in mei.sees(), "hers is as it was"
    mei.closes()
    mei.types(f"/cairn outcomes <@{marcus.id}>")
    mei.clicks("Decide", near="coefficient")
    mei.submits(value="1.2", reason="As the rules say it")
    nuo.types("/cairn pool")
    nuo.clicks("重新编制")
    company.winds(to="2027-05-10T10:00:00+02:00")
    after = approves(company, katrin, tmp_path / "second.xlsx")
    assert list(after) == list(before), "his coefficient is not decided yet, and nobody waits for him"
    mine = "emily@lantern.example"
    assert {**before[mine], "Amount before an appeal": None} == after[mine]
    now = after["marcus@lantern.example"]
    assert (now["Grade"], now["Coefficient"]) == ("A", 1.2)
    assert now["Amount before an appeal"] == before["marcus@lantern.example"]["Amount"] < now["Amount"]
    mei.closes()
    mei.types(f"/cairn outcomes <@{jonas.id}>")
    mei.clicks("Decide", near="coefficient")
    mei.submits(value="1", reason="As the rules say it")
    nuo.types("/cairn pool")
    nuo.clicks("重新编制")
    company.winds(to="2027-05-11T10:00:00+02:00")
    last = approves(company, katrin, tmp_path / "third.xlsx")
    assert after.items() <= last.items()
    came = last["jonas@lantern.example"]
    assert (came["Grade"], came["Amount before an appeal"]) == ("B", 0)
    worth = half_up(Decimal(dict(PAID)["jonas"]) * factor_in(tmp_path / "first.xlsx"))
    assert Decimal(str(came["Amount"])) == worth, "at the factor that was approved"
    assert imports(company, pay_file(), apply=True)[0] == 1, "what was approved stays"
    nuo.types("/cairn pool")
    assert "重新编制" not in nuo.sees()


def name_of(element: dict) -> str:
    return element["text"]["text"]


def test_the_file_adds_up_to_the_cent_and_says_what_is_held_back(
    company: Company, quarter: Cycle, tmp_path: Path
) -> None:
    makes(company)
    file = tmp_path / "pool.xlsx"
    exports(company, file)
    lines, sums = load_workbook(io.BytesIO(file.read_bytes())).worksheets
    heading, *rows = [[cell.value for cell in row] for row in lines.iter_rows()]
    column = {name: [row[n] for row in rows] for n, name in enumerate(heading)}
    assert sum(Decimal(str(one)) for one in column["Amount"]) == Decimal(TOTAL)
    assert column["To pay"] == column["Amount"]
    assert dict(zip(column["Grade"], column["Coefficient"], strict=True)) == {"S": 1.5, "B": 1, "C": 0.6}
    assert max(column["Raise in percent"]) > min(column["Raise in percent"]) == 0
    assert {row[0].value: row[1].value for row in sums.iter_rows()}["State"] == "not approved yet"
    emily = company.person("emily").id
    at = company.slack.clock.now()
    disputed = Appeal("", quarter.id, emily, appeal.Kind.DATA, "The figure is February's.", "March's", at)
    company.knows(lambda session: appeals.file(session, disputed, {}))
    exports(company, file)
    (hers,) = [
        {name: cell.value for name, cell in zip(heading, row, strict=True)}
        for row in load_workbook(io.BytesIO(file.read_bytes())).worksheets[0].iter_rows()
        if row[0].value == "emily@lantern.example"
    ]
    assert (hers["To pay"], hers["Held back"]) == (0, hers["Amount"]), "a disputed part waits"
    exports(company, tmp_path / "pool.csv")
    assert len((tmp_path / "pool.csv").read_text("utf-8-sig").splitlines()) == 4
    assert exports(company, tmp_path / "pool.pdf")[0] == 1
    acts = company.knows(lambda session: [one.act for one in audit.about(session, emily)])
    assert acts.count("export_pool") == 3


def test_a_pool_that_was_touched_is_not_written(company: Company, quarter: Cycle, tmp_path: Path) -> None:
    assert "There is no pool of this cycle yet." in exports(company, tmp_path / "pool.csv")[1]
    makes(company)

    def touch(session) -> None:
        row = session.get_one(pools.PoolRow, (quarter.id, 1))
        row.document = {**row.document, "total": "1.00"}

    company.knows(touch)
    assert exports(company, tmp_path / "pool.csv") == (
        1,
        "This pool was changed after it was made: its fingerprint does not fit. Nothing is written.",
    )
    assert not list(tmp_path.glob("*pool*"))


def test_pay_bases_are_told_in_counts_and_a_file_with_mistakes_changes_nothing(
    company: Company, quarter: Cycle
) -> None:
    status, said = imports(company, pay_file("ghost@lantern.example"), apply=True)
    assert (status, said.splitlines()[-1]) == (1, "Line 5: ghost@lantern.example takes no part in this cycle.")
    assert "New: 3" in said
    assert "this was a dry run" in imports(company, pay_file())[1]
    assert imports(company, pay_file(), raises="80")[0] == imports(company, pay_file(), total="much")[0] == 1
    nuo = company.person("nuo")
    nuo.types("/cairn pool")
    nuo.clicks("编制奖金池")
    assert "还没有薪酬基数" in nuo.sees()
    assert imports(company, pay_file(), apply=True)[1].splitlines()[-1] == "Applied, for 3 people."
    assert "Unchanged: 3" in imports(company, pay_file())[1]
    company.knows(lambda session: session.delete(session.get_one(outcomes.DecisionRow,
                  (quarter.id, company.person("jonas").id, "coefficient"))))  # fmt: skip
    nuo.types("/cairn pool")
    nuo.clicks("编制奖金池")
    assert "还有系数没有决定" in nuo.sees()
    company.knows(lambda session: [people.revoke(session, one.id, people.HR)
                                   for one in people.holders(session, people.HR)])  # fmt: skip
    company.knows(lambda session: people.grant(session, company.person("jonas").id, people.HR))
    nuo.closes()
    nuo.types("/cairn pool")
    nuo.clicks("编制奖金池")
    made = company.knows(lambda session: pools.newest(session, quarter.id)).document["lines"]
    assert len(made) == 2, "nobody can decide his as long as he is all of HR, and nobody waits for him"


def test_hr_sees_how_far_it_is_and_nobody_else_anything(company: Company, quarter: Cycle) -> None:
    mei, emily = company.person("mei"), company.person("emily")
    mei.types("/cairn pool")
    assert "No pool is made yet." in mei.sees()
    assert "Make the pool" not in mei.sees()
    mei.closes()
    month_beside(company, quarter, ("lena", "B"))
    mei.types("/cairn pool")
    assert "*2027-04*" in mei.sees()
    mei.clicks("2027-Q1")
    assert "*2027-Q1*" in mei.sees(), "a cycle of others hides none"
    emily.types("/cairn pool")
    assert "This is not yours to do" in emily.sees()


def test_no_amount_reaches_slack_the_outbox_the_audit_or_a_log(
    company: Company, quarter: Cycle, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        _, katrin = makes(company)
        exports(company, tmp_path / "pool.xlsx")
        katrin.clicks("Look at it")
        katrin.clicks("Approve it")
        katrin.submits(fingerprint=fingerprint_in(tmp_path / "pool.xlsx"))
        for name in ("emily", "mei", "nuo", "katrin"):
            company.person(name).opens_home()
            company.person(name).types("/cairn pool")
            company.person(name).types("/cairn outcomes")
    document = company.knows(lambda session: pools.newest(session, quarter.id)).document
    money = {line[name] for line in document["lines"] for name in ("target", "cap", "amount", "salary", "raise")}
    money |= {TOTAL, document["unspent"], document["factor"], *(target for _, target in PAID)}
    money -= {"0", "0.00"}
    rows = {table: some for table, some in everything(company).items() if table not in AMOUNTS_LIVE_IN}
    slack = [[one.body for one in company.slack.views.values()], [one.body for one in company.slack.homes.values()],
             [vars(one) for each in company.slack.channels.values() for one in each.messages.values()]]  # fmt: skip
    places = {"database": str(rows), "slack": str(slack), "log": caplog.text}
    assert all(len(text) > 200 for text in places.values()), "there is something to search"
    found = [(place, one) for place, text in places.items() for one in money if spelled(one).search(text)]
    assert found == []
    assert spelled("71234.57").search("she gets 71,234.57")


def spelled(amount: str) -> re.Pattern[str]:
    """An amount however it is written: with commas or not, with all its decimals or rounded."""
    whole, _, rest = amount.partition(".")
    if len(whole) < 4:
        return re.compile(re.escape(amount))
    digits = r"[,\s]?".join(whole)
    return re.compile(rf"(?<!\d){digits}(?!\d)|{digits}\.{rest}" if whole.strip("0") else re.escape(amount))
