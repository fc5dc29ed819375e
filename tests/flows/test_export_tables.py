"""HR takes goals, counted check-ins and the actions of talks along: what is in the files, and what is in none."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.domain.checkin import Checkin, Kind
from bot.domain.cycle import Cycle
from bot.domain.goal import Move, Side, moved
from bot.domain.talk import Entry
from bot.domain.talk import Kind as Written
from bot.store import checkins, export, goals, one_on_ones, people
from bot.store.export_tables import Table, at_a_terminal, sheets_for
from bot.store.outbox import OutboxRow
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.flows.test_exports import files_of
from tests.forging import Forger
from tests.stories import SALES_TEAM, agreed_goals_for, ended_quarter, launched_quarter

EMILY, THOMAS = "U01EMILY", "U01THOMAS"
TYPED, BLOCKING, COMMENT = "=HYPERLINK(1)", "The customs papers are late", "Ask Marcus for the old ones"
ACTION, PRIVATE, OWN_TALK = "Sit in on two calls", "He looked tired", "Order the new bikes"
FIRST = date(2027, 1, 20)
"""A Wednesday."""


@lived_once
def lived_quarter(company: Company) -> Cycle:
    """Three of sales with goals, one of which looks like a formula; Emily's check-ins, and what a talk left."""
    cycle = ended_quarter(company, *SALES_TEAM)
    company.knows(lambda session: one_goal_renamed(session, cycle.id, company.slack.clock.now()))
    company.knows(lambda session: checked_in(session, cycle.id, company.slack.clock.now()))
    company.knows(lambda session: talked(session, cycle.id, company.slack.clock.now()))
    return cycle


def one_goal_renamed(session: Any, cycle_id: str, now: Any) -> None:
    sheet = goals.sheet(session, cycle_id, EMILY)
    assert sheet
    first, *rest = sheet.agreed
    wanted = (replace(first, title=TYPED, odds=3), *rest)
    offered = moved(sheet, Side.EMPLOYEE, Move.OFFER, EMILY, wanted)
    goals.speak(session, offered, EMILY, now)
    goals.speak(session, moved(offered, Side.MANAGER, Move.AGREE, THOMAS), THOMAS, now)


def checked_in(session: Any, cycle_id: str, now: Any) -> None:
    """Emily answered on the Wednesday and the Friday of one week, and not in the next; Jonas was asked once."""
    for person_id, day, answered in (
        (EMILY, FIRST, True),
        (EMILY, FIRST + timedelta(days=2), True),
        (EMILY, FIRST + timedelta(days=7), False),
        ("U01JONAS", FIRST, False),
    ):
        asked = Checkin(cycle_id, person_id, day, manager_id=THOMAS, digest_on=day)
        checkins.begin(session, asked, now)
        if answered:
            checkins.answer(session, replace(asked, kind=Kind.BLOCKED, blocking=BLOCKING), now)
            checkins.comment(session, asked, COMMENT, THOMAS, now)


def talked(session: Any, cycle_id: str, now: Any) -> None:
    """Two actions of the talk about her result, a private note, and an action item of a one-on-one."""
    of = Entry("", THOMAS, EMILY, Written.ITEM, THOMAS, ACTION, now, EMILY, date(2027, 1, 3), None, cycle_id, "gap")
    one_on_ones.keep(session, replace(of, done_at=now))
    one_on_ones.keep(session, of)
    one_on_ones.keep(session, replace(of, owner_id=THOMAS, due=date(2099, 5, 1)))
    one_on_ones.keep(session, replace(of, kind=Written.PRIVATE, text=PRIVATE, owner_id="", due=None))
    one_on_ones.keep(session, replace(of, text=OWN_TALK, cycle_id="", gap=""))


def takes(company: Company, what: str, kind: str) -> bytes:
    mei = company.person("mei")
    mei.types("/cairn export")
    mei.submits(what=what, cycle="2027-Q1", kind=kind)
    assert "文件会发到你和我的私信里" in mei.sees()
    mei.closes()
    return files_of(mei)[-1]


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_goals_come_as_agreed_with_chinese_headings_and_nothing_acts(company: Company) -> None:
    lived_quarter(company)
    heading, *lines = lines_of(takes(company, "goals", "csv"))
    assert heading[:4] == ["电子邮箱", "姓名", "部门", "状态"]
    assert heading[6:8] == ["目标", "衡量方式"]
    titles = [line[6] for line in lines if line[0] == "emily@lantern.example"]
    assert f"'{TYPED}" in titles
    assert len(titles) == len(
        company.knows(lambda session: goals.agreed_by_person(session, cycle_id_of(session))[EMILY])
    )
    assert {line[3] for line in lines} == {"已商定"}
    (sheet,) = load_workbook(io.BytesIO(takes(company, "goals", "xlsx"))).worksheets
    _, *rows = sheet.iter_rows()
    (typed,) = [row[6] for row in rows if row[6].value == TYPED]
    assert (typed.data_type, typed.quotePrefix) == ("s", True)
    weights = [row[15].value for row in rows if row[0].value == "emily@lantern.example"]
    assert sum(weights) == 100, "numbers, to calculate with"


def test_a_chinese_column_is_as_wide_as_its_words(company: Company) -> None:
    lived_quarter(company)
    for what, column, heading in (("goals", "P", "权重（百分比）"), ("checkins", "E", "其中已回答的")):
        page = load_workbook(io.BytesIO(takes(company, what, "xlsx"))).worksheets[0]
        assert page[f"{column}1"].value == heading
        assert page.column_dimensions[column].width > 2 * len(heading), "a character is as wide as two digits"


def cycle_id_of(session: Any) -> str:
    return str(session.query(goals.SheetRow.cycle_id).distinct().one()[0])


def test_goals_as_json_hold_no_odds_and_who_has_none_is_there_with_how_far_it_is(company: Company) -> None:
    lived_quarter(company)
    document = json.loads(takes(company, "goals", "json"))
    emily = next(one for one in document["people"] if one["person"]["id"] == EMILY)
    assert (emily["state"], emily["version"], emily["department"]) == ("agreed", 2, "Sales")
    assert emily["goals"][0]["title"] == TYPED
    assert "odds" not in json.dumps(document), "how likely somebody finds it is their own"


def test_goals_that_are_only_proposed_stay_between_the_two(company: Company) -> None:
    launched_quarter(company, ("Sales",))
    agreed_goals_for(company, "emily")
    document = json.loads(takes(company, "goals", "json"))
    states = {one["person"]["email"].split("@")[0]: (one["state"], len(one["goals"]) > 0) for one in document["people"]}
    assert states["emily"] == ("agreed", True)
    assert states["jonas"] == ("draft", False)
    line = next(one for one in lines_of(takes(company, "goals", "csv")) if one[0].startswith("jonas"))
    assert line[2:] == ["Sales", "尚未提交", *[""] * 15]


def test_checkins_are_counted_by_week_and_nothing_of_them_is_read(company: Company) -> None:
    lived_quarter(company)
    content = takes(company, "checkins", "csv")
    assert lines_of(content) == [
        ["电子邮箱", "姓名", "周（起始日）", "进展汇报", "其中已回答的"],
        ["emily@lantern.example", "Emily Carter", "2027-01-18", "2", "2"],
        ["emily@lantern.example", "Emily Carter", "2027-01-25", "1", "0"],
        ["jonas@lantern.example", "Jonas Weber", "2027-01-18", "1", "0"],
    ]
    document = json.loads(takes(company, "checkins", "json"))
    emily = document["people"][0]
    assert set(emily) == {"person", "checkins", "answered", "weeks"}
    assert (emily["checkins"], emily["answered"]) == (3, 2)
    one, weeks = load_workbook(io.BytesIO(takes(company, "checkins", "xlsx"))).worksheets
    assert (one.title, weeks.title) == ("2027-Q1", "按周")
    assert [[cell.value for cell in row][1:] for row in weeks.iter_rows(min_row=2)] == [[67, 3, 2], [0, 1, 0]]
    assert len(weeks._charts) == 1, "drawn by the spreadsheet itself"


def test_actions_say_whose_by_when_and_how_they_stand_and_no_word_more(company: Company) -> None:
    lived_quarter(company)
    heading, *lines = lines_of(takes(company, "actions", "csv"))
    assert heading == ["电子邮箱", "姓名", "由谁做", "截止日期", "状态"]
    assert sorted(line[2:] for line in lines) == [
        ["Emily Carter", "2027-01-03", "已完成"],
        ["Emily Carter", "2027-01-03", "已逾期"],
        ["Thomas Keller", "2099-05-01", "待完成"],
    ]


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
@pytest.mark.parametrize("what", ["goals", "checkins", "actions"])
def test_no_file_holds_what_two_people_wrote_to_each_other(company: Company, what: str, kind: str) -> None:
    lived_quarter(company)
    content = takes(company, what, kind)
    if kind == "xlsx":
        sheets = load_workbook(io.BytesIO(content)).worksheets
        content = "\n".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row).encode()
    for hidden in (BLOCKING, COMMENT, ACTION, PRIVATE, OWN_TALK):
        assert hidden.encode() not in content
    kept = company.knows(
        lambda session: [one.body for one in session.query(OutboxRow).filter(OutboxRow.key.startswith("exports/"))]
    )
    assert [sorted(one) for one in kept] == [["carry", "does", "text"]]


@pytest.mark.parametrize("table", list(Table))
def test_whoever_runs_cairn_writes_the_same_at_the_terminal_and_everybody_in_it_sees_that(
    company: Company, table: Table, tmp_path: Path
) -> None:
    cycle, now, said = lived_quarter(company), company.slack.clock.now(), list[str]()
    what = at_a_terminal(table, now.date())
    for suffix in ("json", "csv", "xlsx"):
        file = tmp_path / f"{table}.{suffix}"
        assert export.export_to(company.database, what, (cycle.name, file), now, said.append) == 0
        assert file.stat().st_mode & 0o077 == 0
    people_in = {"goals": len(SALES_TEAM), "checkins": 2, "actions": 1}[table]
    assert said[0] == f"{table.capitalize()} of {people_in} people written to {tmp_path / table}.json."
    assert json.loads((tmp_path / f"{table}.json").read_text("utf-8")) == json.loads(takes(company, table, "json"))
    heading, *lines = lines_of((tmp_path / f"{table}.csv").read_bytes())
    assert heading[:2] == ["E-mail", "Name of the person"]
    assert len(lines) == len(lines_of(takes(company, table, "csv"))) - 1
    words = {"goals": "your goals", "checkins": "how many check-ins you answered",
             "actions": "whether the actions of your talk are done"}[table]  # fmt: skip
    seen = Forger(company, EMILY).reads("privacy.show_looks", "", {})
    assert f": {words}, in a file with those of all, written by whoever runs me" in seen
    assert export.export_to(company.database, what, ("2031-Q9", tmp_path / "none.csv"), now, said.append) == 1
    assert said[-1] == "There is no cycle “2031-Q9”. Known: 2027-Q1."


def test_half_a_percent_is_rounded_up_as_everywhere() -> None:
    weeks = [{"week_of": "2027-01-18", "checkins": 8, "answered": 5}]
    document = {"cycle": {"name": ""}, "people": [{"person": {"email": "", "name": ""}, "weeks": weeks}]}
    _, by_week = sheets_for(Table.CHECKINS, document, str)
    assert by_week.rows[0][1] == Decimal(63), "62.5 %"


def test_who_is_to_do_something_in_a_file_sees_that_it_was_taken(company: Company) -> None:
    lived_quarter(company)
    takes(company, "actions", "csv")
    assert "whether the actions of your talk are done" in Forger(company, THOMAS).reads("privacy.show_looks", "", {})


def test_who_is_in_a_file_sees_what_was_taken(company: Company) -> None:
    lived_quarter(company)
    for what in ("goals", "checkins", "actions"):
        takes(company, what, "json")
    emily, marcus = (Forger(company, one).reads("privacy.show_looks", "", {}) for one in (EMILY, "U01MARCUS"))
    goals_seen = "林美: your goals, in a file with those of all"
    others = (
        "林美: how many check-ins you answered, in a file with those of all",
        "林美: whether the actions of your talk are done, in a file with those of all",
    )
    assert all(said in emily for said in (goals_seen, *others))
    assert goals_seen in marcus
    assert not any(said in marcus for said in others), "he had neither"


def test_an_empty_table_is_refused_with_what_is_missing(company: Company) -> None:
    ended_quarter(company, *SALES_TEAM)
    mei = company.person("mei")
    mei.types("/cairn export")
    for what, said in (
        ("checkins", "这个周期里还没有请任何人汇报进展。"),
        ("actions", "这个周期的绩效面谈还没有约定任何行动。"),
    ):
        mei.submits(what=what, cycle="2027-Q1", kind="csv")
        assert mei.errors == {"what": said}
    mei.submits(what="results", cycle="2027-Q1", kind="csv")
    assert mei.errors == {"cycle": "这个周期里还没有你可以看的结果。"}
    assert files_of(mei) == []


def test_who_lost_the_duty_meanwhile_gets_no_table(company: Company) -> None:
    cycle = lived_quarter(company)
    mei: Persona = company.person("mei")
    mei.types("/cairn export")
    chosen = {"what": {"value": "goals"}, "cycle": {"value": cycle.id}, "kind": {"value": "json"}}
    company.runs(mei.slack.act(mei.id, "submit", view_id=mei.modal["id"], state=chosen))
    company.knows(lambda session: people.revoke(session, mei.id, people.HR))
    company.settles()
    assert files_of(mei) == []
    looks = Forger(company, EMILY).reads("privacy.show_looks", "", {})
    assert "in a file" not in looks


def test_before_a_first_cycle_there_is_nothing_to_take_along(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn export")
    assert "还没有启动任何周期，所以没有可导出的内容。" in mei.sees()


def test_sums_and_shares_are_whole_numbers() -> None:
    week = {"week_of": "2027-01-18", "checkins": 3, "answered": 2}
    person = {"person": {"email": "a@b", "name": "A"}, "weeks": [week]}
    document = {"cycle": {"name": "Q"}, "people": [person, person]}
    _, by_week = sheets_for(Table.CHECKINS, document, lambda word: word)
    assert by_week.rows == [[date(2027, 1, 18), Decimal(67), Decimal(6), Decimal(4)]]
