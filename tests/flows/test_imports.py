"""HR imports people from a file: what would change is shown first, and the whole file is applied or nothing of it."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.domain.org import Stint
from bot.slack.desk import Delivery, Refusal
from bot.store import actuals, audit, people, timers, uploads
from sandbox.model import File
from sandbox.shapes import file_shape
from tests.company import Company, Persona, shown
from tests.stories import launched_quarter

LANTERN = Path(__file__).parents[2] / "examples" / "lantern"
PEOPLE, ACTUALS = (LANTERN / "people.csv").read_bytes(), (LANTERN / "actuals.csv").read_bytes()
TODAY = date(2027, 1, 4)


@pytest.fixture
def mei(company: Company) -> Persona:
    """林美, the first HR person, who reads English today."""
    mei = company.person("mei")
    mei.types("/cairn language en")
    return mei


def table(*rows: dict[str, str]) -> bytes:
    """A file with these lines; what a row does not say is as for an account manager under Thomas."""
    usual = {
        "name": "Somebody",
        "department": "Sales",
        "position": "Account manager",
        "manager_email": "thomas@lantern.example",
        "start_date": "2020-01-13",
    }
    file = io.StringIO()
    writer = csv.DictWriter(file, ["email", *usual])
    writer.writeheader()
    writer.writerows({**usual, **row} for row in rows)
    return file.getvalue().encode()


def drops(who: Persona, content: bytes, name: str = "people.csv") -> str:
    who.drops(name, content)
    return who.last_words()


def submits_file(who: Persona, content: bytes) -> None:
    """Choose a file in the form on top and send it."""
    file = File("F1", "people.csv", who.id, len(content), 0, content=content)
    file.received = file.complete = True
    file.channels = [who.dm]
    who.slack.files[file.id] = file
    who._acts("submit", view_id=who.modal["id"], state={"file": {"value": [file_shape(who.slack, file)]}})


def takes_over(who: Persona, content: bytes = PEOPLE) -> None:
    drops(who, content)
    who.clicks("Apply")


def stint(company: Company, name: str, day: date = TODAY) -> Stint | None:
    return company.knows(lambda session: people.stint_on(session, company.person(name).id, day))


def buttons_of(message: dict[str, Any]) -> list[str]:
    return [
        one["text"]["text"] for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]
    ]


# The way it should go ---------------------------------------------------------------------


def test_a_file_that_waits_for_its_decision_is_said_before_all_else(company: Company, mei: Persona) -> None:
    mei.types("hello")
    drops(mei, PEOPLE)
    mei.types("/cairn")
    assert "The one thing to do now" in mei.last_words()
    assert (
        "Your file of people waits for your decision, until 5 Jan 2027, 09:00. Nothing is changed" in mei.last_words()
    )
    mei.opens_home()
    assert "Your file of people waits" in mei.home
    assert "Tell me who works where" not in mei.home, "it is told; what is missing is the decision"
    mei.types("/cairn cycle")
    assert "Your file of people waits for your decision: type `/cairn`. Then you can open a cycle." in mei.last_words()
    julia = company.person("julia")
    julia.opens_home()
    assert "等你决定" not in julia.home, "whose file it is decides"
    mei.clicks("Look and decide")
    assert "I have read your file of people" in mei.sees()
    mei.clicks("Apply")
    assert "Done. People: " in mei.sees()
    mei.closes()
    assert "Done. People: " in mei.sees()
    mei.opens_home()
    assert "Your file of people" not in mei.home
    drops(mei, table({"email": "emily@lantern.example", "name": "Emily Carter"}))
    mei.types("/cairn language zh")
    mei.types("/cairn")
    assert "你的人员文件在等你决定，保留到" in mei.last_words()
    mei.clicks("查看并决定")
    mei.clicks("放弃")
    assert "没有改动任何内容" in mei.sees()
    mei.closes()
    mei.types("/cairn")
    assert "等你决定" not in mei.last_words()


def test_a_dropped_file_shows_what_it_would_change_and_changes_nothing(company: Company, mei: Persona) -> None:
    words = drops(mei, PEOPLE)
    assert "I have read your file of people. Nothing is changed yet." in words
    assert "*New*\n40" in words
    assert "*Refused*\n0" in words
    assert "王强 will head Sales." in words
    assert buttons_of(mei.messages[-1]) == ["Apply", "Discard"]
    assert company.knows(people.any_stint) is False


def test_applying_places_everyone_with_manager_department_and_start(company: Company, mei: Persona) -> None:
    takes_over(mei)
    assert "Done. People: 40 new, 0 changed." in mei.last_words()
    assert stint(company, "emily") == Stint(
        "U01EMILY", "Sales", "Senior account manager", "U01THOMAS", date(2019, 4, 15), None
    )
    assert stint(company, "chen") is None
    assert stint(company, "chen", date(2027, 2, 1)) is not None


def test_heads_are_read_off_the_reporting_lines(company: Company, mei: Persona) -> None:
    takes_over(mei)
    heads = company.knows(people.heads)
    assert {name: [one.name for one in those] for name, those in heads.items()} == {
        "Management": ["周建国"],
        "Finance": ["何静"],
        "HR": ["林美"],
        "Sales": ["王强"],
        "R&D": ["李伟"],
        "Logistics": ["郭海涛"],
    }


def test_the_preview_turns_into_the_result(mei: Persona) -> None:
    drops(mei, PEOPLE)
    before = len(mei.messages)
    mei.clicks("Apply")
    assert len(mei.messages) == before
    assert buttons_of(mei.messages[-1]) == []


def test_applying_leaves_a_trace_about_each_person(company: Company, mei: Persona) -> None:
    takes_over(mei)
    traces = company.knows(lambda session: audit.about(session, "U01EMILY"))
    assert [(one.actor_id, one.act) for one in traces] == [("U01MEI", "import")]


def test_the_same_file_again_changes_nothing(mei: Persona) -> None:
    takes_over(mei)
    words = drops(mei, PEOPLE)
    assert "*Unchanged*\n40" in words
    assert "there is nothing to apply" in words
    assert buttons_of(mei.messages[-1]) == []


def test_a_file_that_changes_nothing_is_not_kept_and_not_spoken_of_again(company: Company, mei: Persona) -> None:
    takes_over(mei)
    words, due = drops(mei, PEOPLE), company.knows(timers.next_due)
    assert due is None or due > company.slack.clock.now() + uploads.KEPT
    company.winds(to="2027-01-05T12:00:00+08:00")
    assert mei.last_words() == words


def test_a_transfer_begins_today_and_keeps_what_was(company: Company, mei: Persona) -> None:
    takes_over(mei)
    words = drops(
        mei,
        table(
            {"email": "emily@lantern.example", "manager_email": "li@lantern.example", "start_date": "2019-04-15",
             "position": "Senior account manager"},
        ),
    )  # fmt: skip
    assert "Emily Carter: manager Thomas Keller → 陈丽" in words
    assert "39 people in Slack are not in the file" in words
    mei.clicks("Apply")
    stints = company.knows(lambda session: people.stints_of(session, "U01EMILY"))
    assert [(one.manager_id, one.starts_on, one.ends_on) for one in stints] == [
        ("U01THOMAS", date(2019, 4, 15), date(2027, 1, 3)),
        ("U01LI", TODAY, None),
    ]


def test_another_start_date_moves_the_first_day(company: Company, mei: Persona) -> None:
    takes_over(mei)
    row = {"email": "jonas@lantern.example", "start_date": "2020-02-01"}
    assert "start 2020-01-13 → 2020-02-01" in drops(mei, table(row))
    mei.clicks("Apply")
    stints = company.knows(lambda session: people.stints_of(session, "U01JONAS"))
    assert [(one.starts_on, one.ends_on) for one in stints] == [(date(2020, 2, 1), None)]


def test_a_head_who_leaves_the_department_is_released(company: Company, mei: Persona) -> None:
    takes_over(mei)
    row = {
        "email": "qiang@lantern.example",
        "department": "Management",
        "position": "Head of sales",
        "manager_email": "jianguo@lantern.example",
        "start_date": "2015-09-01",
    }
    assert "王强 will no longer head Sales." in drops(mei, table(row))
    mei.clicks("Apply")
    assert "Sales" not in company.knows(people.heads)


def test_without_a_start_date_the_first_stint_begins_today(company: Company, mei: Persona) -> None:
    row = {"email": "emily@lantern.example", "start_date": ""}
    takes_over(mei, table(row))
    assert stint(company, "emily").starts_on == TODAY
    assert "*Unchanged*\n1" in drops(mei, table(row))


def test_the_form_takes_a_file_too(mei: Persona) -> None:
    mei.types("/cairn import")
    submits_file(mei, PEOPLE)
    assert "What it would change stands in our direct messages" in mei.sees()
    mei.closes()
    assert "*New*\n40" in mei.last_words()


def test_gb18030_and_chinese_headings_are_understood_and_answered_in_chinese(company: Company) -> None:
    mei = company.person("mei")
    content = PEOPLE.decode().replace(
        "email,name,department,position,manager_email,start_date", "邮箱,姓名,部门,岗位,上级邮箱,入职日期"
    )
    words = drops(mei, content.encode("gb18030"), "人员.csv")
    assert "已读取你的人员文件" in words
    mei.clicks("应用")
    assert "完成。人员：新增 40，变更 0。" in mei.last_words()


def test_until_people_are_known_importing_them_is_the_one_thing_to_do(mei: Persona) -> None:
    mei.opens_home()
    assert "Tell me who works where" in mei.home
    mei.clicks("Import people", near="Tell me who works where")
    assert "Import a file" in mei.sees()
    mei.closes()
    takes_over(mei)
    assert "Tell me who works where" not in mei.home


# Actual values ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "One value is below zero. Is it meant so? Emily Carter visits 2027-01"),
        ("zh", "有 1 个值小于零，确实如此吗？Emily Carter visits 2027-01"),
    ],
)
def test_a_value_below_zero_is_asked_about_before_a_file_is_applied(
    company: Company, mei: Persona, language: str, asked: str
) -> None:
    launched_quarter(company)
    company.knows(lambda session: people.choose_language(session, "U01MEI", language))
    head, line = "email,measure,period,value,source", "emily@lantern.example,visits,2027-01"
    assert asked in drops(mei, f"{head}\n{line},-3,CRM\n".encode(), "actuals.csv")
    assert asked not in drops(mei, f"{head}\n{line},3,CRM\n".encode(), "actuals.csv")


def test_values_are_recognised_by_their_headings_and_applied_to_the_cycle(company: Company, mei: Persona) -> None:
    cycle = launched_quarter(company)
    words = drops(mei, ACTUALS, "actuals.csv")
    assert "I have read your file of actual values. Nothing is changed yet." in words
    assert "*New*\n204" in words
    assert f"The values are for the cycle “{cycle.name}”." in words
    assert "One line has no value and is kept as missing, never as zero: Jonas Weber satisfaction" in words
    mei.clicks("Apply")
    assert "Done. Actual values: 204 new, 0 changed." in mei.last_words()
    values = company.knows(lambda session: actuals.values(session, cycle.id, "U01QIANG"))
    assert (values["revenue"].value, values["revenue"].reported_by) == (Decimal(39_150_000), "U01MEI")


def test_a_corrected_value_is_shown_before_and_after(company: Company, mei: Persona) -> None:
    launched_quarter(company)
    takes_over(mei, ACTUALS)
    words = drops(mei, ACTUALS.replace(b'"39,150,000"', b'"39,250,000"', 1), "actuals.csv")
    assert "王强, revenue, 2027-Q1: 39,150,000 → 39,250,000" in words
    assert "*Unchanged*\n203" in words


def test_values_without_a_cycle_are_refused(mei: Persona) -> None:
    assert "No cycle is open for actual values" in drops(mei, ACTUALS, "actuals.csv")


def test_values_that_fit_no_goal_are_refused_by_line(company: Company, mei: Persona) -> None:
    launched_quarter(company)
    content = """email,measure,period,value
emily@lantern.example,happiness,2027-Q1,5
nobody@lantern.example,revenue,2027-Q1,5
emily@lantern.example,revenue,2026-Q1,5
emily@lantern.example,revenue,2027-Q1,lots
"""
    words = drops(mei, content.encode(), "actuals.csv")
    assert "Line 2: emily@lantern.example has no goal measured by “happiness”." in words
    assert "Line 3: nobody in Slack has the e-mail address nobody@lantern.example." in words
    assert "Line 4: “2026-Q1” is no period of this cycle." in words
    assert "Line 5: “lots” is no number. Write 1250.5 or 1,250.5." in words
    assert buttons_of(mei.messages[-1]) == ["Discard"]


# What is refused --------------------------------------------------------------------------


def test_refused_lines_are_told_by_number_and_keep_the_whole_file_out(mei: Persona) -> None:
    content = table(
        {"email": "emily@lantern.example"},
        {"email": "nobody@lantern.example"},
        {"email": "jonas@lantern.example", "manager_email": "ghost@lantern.example"},
        {"email": "lena@lantern.example", "start_date": "someday"},
        {"email": "emily@lantern.example"},
    )
    words = drops(mei, content)
    assert "Line 3: nobody in Slack has the e-mail address nobody@lantern.example." in words
    assert "Line 4: the manager ghost@lantern.example is not in Slack." in words
    assert "Line 5: “someday” is no date. Write it as 2027-01-31." in words
    assert "Line 6: emily@lantern.example is already on line 2." in words
    assert "applied whole or not at all" in words
    assert buttons_of(mei.messages[-1]) == ["Discard"]


def test_refused_lines_are_told_in_chinese(company: Company) -> None:
    words = drops(company.person("mei"), table({"email": "nobody@lantern.example"}))
    assert "第 2 行：Slack 里没有人使用邮箱 nobody@lantern.example。" in words
    assert "整份应用" in words


def test_a_loop_of_managers_is_refused(mei: Persona) -> None:
    emily, jonas = "emily@lantern.example", "jonas@lantern.example"
    words = drops(mei, table({"email": emily, "manager_email": jonas}, {"email": jonas, "manager_email": emily}))
    assert "Line 2: the managers form a loop" in words


def test_thirty_seven_bad_rows_apply_nothing_and_are_all_listed(company: Company, mei: Persona) -> None:
    words = drops(
        mei, table(*({"email": f"ghost{n}@lantern.example"} for n in range(37)), {"email": "emily@lantern.example"})
    )
    assert "*Refused*\n37" in words
    assert [
        n for n in range(37) if f"Line {n + 2}: nobody in Slack has the e-mail address ghost{n}@" not in words
    ] == []
    assert buttons_of(mei.messages[-1]) == ["Discard"]
    assert company.knows(people.any_stint) is False


def test_more_than_a_message_holds_are_on_pages(mei: Persona) -> None:
    words = drops(mei, table(*({"email": f"ghost{n}@lantern.example"} for n in range(305))))
    assert "ghost39@" in words
    assert "ghost40@" not in words
    assert "and 265 more" in words
    mei.clicks("All refused lines")
    assert "305 lines are refused." in mei.sees()
    assert "Line 201: " in mei.sees()
    mei.clicks("Lines after")
    assert "Line 306: nobody in Slack has the e-mail address ghost304@" in mei.sees()
    mei.clicks("Lines before")
    assert "ghost0@" in mei.sees()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither XLSX nor text"),
        (b"", "The file is empty."),
        (b"email,name,department,manager_email\n", "no lines below them"),
        (b"x" * 5_100_000, "larger than 5 MB"),
        (table({"email": "emily@lantern.example", "position": "=1+1"}), "Line 2 holds a formula (=1+1)"),
        (b"email,shoe size\nemily@lantern.example,41\n", "a column that is not known: “shoe size”"),
        (b"email,name\nemily@lantern.example,Emily\n", "lacks the column department, manager_email"),
        (b"\xd0\xcf\x11\xe0 old", "an old or protected Excel file"),
    ],
    ids=["picture", "empty", "only headings", "too large", "formula", "unknown column", "missing column", "old excel"],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    company: Company, mei: Persona, content: bytes, sentence: str
) -> None:
    if content:
        assert sentence in drops(mei, content)
    assert company.knows(people.any_stint) is False


def test_a_wrong_file_in_the_form_is_told_under_the_field(mei: Persona) -> None:
    mei.types("/cairn import")
    submits_file(mei, b"# Read me\n\nThis is a text, and no table.\n")
    assert "This is not a table with people or actual values: its first line is “# Read me”." in mei.errors["file"]


def test_who_is_not_hr_is_told_kindly(company: Company) -> None:
    emily = company.person("emily")
    assert "I can take files from HR only" in drops(emily, PEOPLE)
    emily.types("/cairn import")
    assert "This is not yours to do" in emily.last_words()
    assert company.knows(people.any_stint) is False


def test_a_guest_takes_no_part(company: Company) -> None:
    assert "guests and former colleagues take no part" in drops(company.person("oliver"), PEOPLE)


def test_a_preview_that_is_out_of_date_is_shown_anew_before_it_is_applied(company: Company, mei: Persona) -> None:
    drops(mei, table({"email": "emily@lantern.example"}))
    company.knows(lambda session: people.place(session, Stint("U01EMILY", "Logistics", "", "", date(2020, 1, 13))))
    mei.clicks("Apply")
    assert "Something changed since this preview" in mei.sees()
    mei.closes()
    assert "department Logistics → Sales" in mei.last_words()
    assert stint(company, "emily").department == "Logistics"
    mei.clicks("Apply")
    assert stint(company, "emily").department == "Sales"


def test_applying_twice_is_refused(company: Company, mei: Persona) -> None:
    drops(mei, PEOPLE)
    press = next(one for block in mei.messages[-1]["blocks"] for one in block.get("elements", ()) if one.get("style"))
    mei.clicks("Apply")
    with pytest.raises(Refusal, match="used or discarded already"):
        _presses_again(company, mei.id, press)


def test_a_preview_belongs_to_who_sent_the_file(company: Company, mei: Persona) -> None:
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    drops(mei, PEOPLE)
    press = next(one for block in mei.messages[-1]["blocks"] for one in block.get("elements", ()) if one.get("style"))
    with pytest.raises(Refusal, match="used or discarded already"):
        _presses_again(company, "U01JULIA", press)
    with pytest.raises(Refusal, match="not yours"):
        _presses_again(company, "U01EMILY", press)


def _presses_again(company: Company, user_id: str, press: dict[str, Any]) -> None:
    desk = company.cairn.desk
    step = desk.flows.steps[press["action_id"]]
    company.runs(desk.take(Delivery(f"again-{user_id}", user_id, press["value"]), step))


def test_discarding_keeps_nothing(company: Company, mei: Persona) -> None:
    drops(mei, PEOPLE)
    mei.clicks("Discard")
    assert "Discarded. Nothing was changed" in mei.last_words()
    assert company.knows(people.any_stint) is False


def test_a_file_waits_for_a_day(company: Company, mei: Persona) -> None:
    drops(mei, PEOPLE)
    company.winds(plus="25h")
    assert "waited for a day" in mei.last_words()


def test_notifications_say_nothing_of_the_file(mei: Persona) -> None:
    drops(mei, PEOPLE)
    assert mei.pushes[-1] == "I have read your file of people. Nothing is changed yet."
    assert "王强 will head Sales." in shown(mei.messages[-1]), "by name, where Cairn knows one"
