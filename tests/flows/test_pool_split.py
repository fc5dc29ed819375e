"""The bonus pool, split by department: finance chooses it, the file has it, and no amount of it stands in Slack."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from bot.domain.cycle import Cycle
from bot.domain.team import Duty
from bot.handlers.pool.steps import factor_field
from bot.store import pay, people, pools
from bot.store.results import ResultRow
from bot.store.sheets import Sheet, csv_of
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.flows.test_pool import AMOUNTS_LIVE_IN, approves, decided, exports, fingerprint_in, imports, spelled
from tests.forging import Forger, everything
from tests.outcomes import graded_quarter

PAID = {"emily": "60000", "jonas": "40000", "david": "50000", "xue": "30000"}
TOTAL = "200000.00"
SALES, RND, LOGISTICS = (factor_field(name) for name in ("Sales", "R&D", "Logistics"))


@lived_once
def three_departments(company: Company) -> Cycle:
    """Four people of three departments: grades, coefficients, pay bases; 诺诺 and Katrin are finance."""
    cycle = graded_quarter(company, ("emily", "S"), ("jonas", "C"), ("david", "B"), ("xue", "A"))
    decided(company, cycle, emily="1.5", jonas="0.6", david="1.0", xue="1.2")
    company.knows(lambda session: [people.grant(session, one, Duty.FINANCE) for one in ("U01NUO", "U01KATRIN")])
    rows = [[f"{name}@lantern.example", target] for name, target in PAID.items()]
    content = csv_of(Sheet("Pay", ("邮箱", "目标奖金"), rows))
    assert imports(company, content, total=TOTAL, apply=True)[0] == 0
    return cycle


@pytest.fixture
def quarter(company: Company) -> Cycle:
    return three_departments(company)


def splits(nuo: Persona, **values: str) -> None:
    """Finance has the pool split, in Chinese."""
    nuo.types("/cairn pool")
    nuo.clicks("按部门分池")
    nuo.submits(way="每个部门一个池", **values)


def makes(company: Company, nuo: Persona, until: str, label: str = "编制奖金池") -> None:
    nuo.clicks(label)
    company.winds(to=until)
    nuo.closes()


def sheet_of(file: Path, title: str) -> list[list[Any]]:
    return [list(row) for row in load_workbook(io.BytesIO(file.read_bytes()))[title].iter_rows(values_only=True)]


def test_finance_splits_the_pool_and_the_file_adds_up_in_every_department(
    company: Company, quarter: Cycle, tmp_path: Path
) -> None:
    nuo, katrin = company.person("nuo"), company.person("katrin")
    nuo.types("/cairn pool")
    assert "所有人一个池" in nuo.sees()
    nuo.clicks("按部门分池")
    nuo.submits(way="每个部门一个池", **{SALES: "1.005", RND: "0.8", LOGISTICS: "1"})
    assert nuo.errors == {SALES: "部门因子在 0.8 与 1.2 之间，最多两位小数。"}
    nuo.submits(way="每个部门一个池", **{SALES: "1.2", RND: "0.8", LOGISTICS: "1"})
    assert "每个部门一个池" in nuo.sees()
    makes(company, nuo, "2027-05-07T10:00:00+02:00")
    assert katrin.pushes[-1].endswith("It waits for a second pair of eyes.")
    file = tmp_path / "pool.xlsx"
    lines = approves(company, katrin, file)
    heading, *rows = sheet_of(file, "Departments")
    assert heading == ["Department", "Factor of its result", "Pool", "Shared out", "Left over", "Factor"]
    assert rows == [
        ["Logistics", 1, 31578.95, 31578.95, 0, 0.877193],
        ["R&D", 0.8, 42105.26, 42105.26, 0, 0.842105],
        ["Sales", 1.2, 126315.79, 126315.79, 0, 1.108033],
    ]
    paid = {email.split("@")[0]: Decimal(str(line["Amount"])) for email, line in lines.items()}
    assert paid == {
        "emily": Decimal("99722.99"),
        "jonas": Decimal("26592.8"),
        "david": Decimal("42105.26"),
        "xue": Decimal("31578.95"),
    }
    assert sum(paid.values()) == Decimal(TOTAL)
    exports(company, tmp_path / "pool.csv")
    assert len((tmp_path / "pool.csv").read_text("utf-8-sig").splitlines()) == 5


def test_a_split_that_changes_after_the_making_has_it_made_anew(
    company: Company, quarter: Cycle, tmp_path: Path
) -> None:
    nuo, katrin = company.person("nuo"), company.person("katrin")
    nuo.types("/cairn pool")
    makes(company, nuo, "2027-05-07T10:00:00+02:00")
    file = tmp_path / "pool.xlsx"
    exports(company, file)
    assert load_workbook(io.BytesIO(file.read_bytes())).sheetnames == ["Pool", "Sums"], "one for all"
    splits(nuo, **{SALES: "1.1"})
    katrin.clicks("Look at it")
    katrin.clicks("Approve it")
    katrin.submits(fingerprint=fingerprint_in(file))
    assert "the split has changed since. The pool has to be made anew first." in katrin.errors["fingerprint"]
    while katrin.modals:
        katrin.closes()
    makes(company, nuo, "2027-05-10T10:00:00+02:00", "重新编制")
    approves(company, katrin, tmp_path / "second.xlsx")
    assert pay_split(company, quarter) == {"Sales": Decimal("1.1"), "R&D": Decimal(1), "Logistics": Decimal(1)}
    nuo.types("/cairn pool")
    assert "按部门分池" not in nuo.sees(), "what was approved does not change"
    assert "这份奖金池已经批准，批准后不再改变。" in Forger(company, nuo.id).reads("pool.keep_split", quarter.id, {})


def pay_split(company: Company, cycle: Cycle) -> Any:
    return company.knows(lambda session: pay.split(session, cycle.id))


def test_the_split_is_taken_back_to_one_pool_for_all(company: Company, quarter: Cycle) -> None:
    nuo = company.person("nuo")
    splits(nuo, **{SALES: "1.2"})
    nuo.clicks("按部门分池")
    nuo.submits(way="所有人一个池")
    assert pay_split(company, quarter) is None
    nuo.clicks("编制奖金池")
    document = company.knows(lambda session: pools.newest(session, quarter.id)).document
    assert (document["factor"], "departments" in document) == ("1.000000", False)


def test_an_appeal_after_the_approval_is_paid_at_the_factor_of_the_department(
    company: Company, quarter: Cycle, tmp_path: Path
) -> None:
    nuo, katrin, mei = (company.person(name) for name in ("nuo", "katrin", "mei"))
    splits(nuo, **{SALES: "1.2", RND: "0.8"})
    makes(company, nuo, "2027-05-07T10:00:00+02:00")
    before = approves(company, katrin, tmp_path / "first.xlsx")
    better = update(ResultRow).where(ResultRow.person_id == company.person("david").id).values(band="A")
    company.knows(lambda session: session.execute(better))
    mei.types(f"/cairn outcomes <@{company.person('david').id}>")
    mei.clicks("Decide", near="coefficient")
    mei.submits(value="1.2", reason="As the rules say it")
    nuo.types("/cairn pool")
    makes(company, nuo, "2027-05-10T10:00:00+02:00", "重新编制")
    after = approves(company, katrin, tmp_path / "second.xlsx")
    his = after.pop("david@lantern.example")
    assert (his["Amount before an appeal"], his["Amount"]) == (42105.26, 50526.3)
    assert all({**before[one], "Amount before an appeal": None} == line for one, line in after.items())
    assert sheet_of(tmp_path / "second.xlsx", "Departments")[2][1:3] == [0.8, 42105.26], "as it was approved"


def test_a_department_whose_first_grade_came_after_the_approval_stands_among_the_departments(
    company: Company, quarter: Cycle, tmp_path: Path
) -> None:
    nuo, katrin = (company.person(name) for name in ("nuo", "katrin"))
    hers = ResultRow.person_id == company.person("xue").id
    released_at = company.knows(lambda session: session.scalar(select(ResultRow.released_at).where(hers)))
    company.knows(lambda session: session.execute(update(ResultRow).where(hers).values(released_at=None)))
    splits(nuo, **{SALES: "1.2", RND: "0.8"})
    makes(company, nuo, "2027-05-07T10:00:00+02:00")
    approves(company, katrin, tmp_path / "first.xlsx")
    company.knows(lambda session: session.execute(update(ResultRow).where(hers).values(released_at=released_at)))
    nuo.types("/cairn pool")
    makes(company, nuo, "2027-05-10T10:00:00+02:00", "重新编制")
    lines = approves(company, katrin, tmp_path / "second.xlsx")
    _, *rows = sheet_of(tmp_path / "second.xlsx", "Departments")
    assert [row[0] for row in rows] == ["R&D", "Sales", "Logistics"]
    assert rows[-1][1:] == [None, 0, lines["xue@lantern.example"]["Amount"], 0, None], "nothing of what was approved"
    exact = [sum(Decimal(str(one)) for one in some) for some in (
        [row[3] for row in rows], [line["Amount"] for line in lines.values()])]  # fmt: skip
    assert exact[0] == exact[1]


def test_only_finance_may_and_without_pay_bases_there_is_nothing_to_split(company: Company, quarter: Cycle) -> None:
    mei = company.person("mei")
    mei.types("/cairn pool")
    assert "one pool for all" in mei.sees()
    assert "Split by department" not in mei.sees()
    for name in ("mei", "emily", "thomas"):
        forger = Forger(company, company.person(name).id)
        for step in ("pool.split_form", "pool.keep_split"):
            assert "This is not yours to do." in forger.reads(step, quarter.id, {})
    company.knows(lambda session: pay.replace(session, quarter.id, [], pay.PayTerms(), company.slack.clock.now()))
    assert "还没有薪酬基数" in Forger(company, "U01NUO").reads("pool.split_form", quarter.id, {})
    assert pay_split(company, quarter) is None


def test_no_amount_of_a_split_reaches_slack_the_outbox_or_the_audit(
    company: Company, quarter: Cycle, tmp_path: Path
) -> None:
    nuo, katrin = company.person("nuo"), company.person("katrin")
    splits(nuo, **{SALES: "1.2", RND: "0.8"})
    makes(company, nuo, "2027-05-07T10:00:00+02:00")
    approves(company, katrin, tmp_path / "pool.xlsx")
    for name in ("emily", "mei", "nuo", "katrin"):
        company.person(name).opens_home()
        company.person(name).types("/cairn pool")
    document = company.knows(lambda session: pools.newest(session, quarter.id)).document
    money = {line[name] for line in document["lines"] for name in ("target", "cap", "amount")} | {document["total"]}
    money |= {part[name] for part in document["departments"] for name in ("total", "factor")}
    rows = {table: some for table, some in everything(company).items() if table not in AMOUNTS_LIVE_IN}
    slack = [[one.body for one in company.slack.views.values()], [one.body for one in company.slack.homes.values()],
             [vars(one) for each in company.slack.channels.values() for one in each.messages.values()]]  # fmt: skip
    places = {"database": str(rows), "slack": str(slack)}
    assert all(len(text) > 200 for text in places.values()), "there is something to search"
    assert [(place, one) for place, text in places.items() for one in money if spelled(one).search(text)] == []
