"""The company's people at an address: SCIM 2.0 page by page, or CSV; and what it may answer instead."""

import asyncio
import json
from typing import Any

import pytest

from bot.domain.directory import DirectoryRow
from bot.domain.endpoint import Brings, of_people
from bot.domain.refusal import Refused, Sentence
from bot.sources.people_source import read_people
from bot.sources.scim import ENTERPRISE
from tests.sources.test_http_source import ANSWER, Served, leads_to, reads, says, until_it_hangs_up

BOSS = {"id": "1", "userName": "boss", "displayName": "The Boss", "emails": [{"value": "boss@x.example"}]}
ANA = {
    "id": "2",
    "userName": "ana@x.example",
    "name": {"formatted": "Ana Lee"},
    "title": "Seller",
    "active": True,
    "emails": [
        {"value": "old@x.example", "type": "home"},
        {"value": "Ana@X.example", "type": "work", "primary": True},
    ],
    ENTERPRISE: {"department": "Sales", "employeeNumber": "E-2", "manager": {"value": "1"}},
}
BO = {"userName": "bo@x.example", "name": {"givenName": "Bo", "familyName": "Ek"}, "active": "False"}
BOT = {"userName": "service-account"}


def page(*people: Any, total: int | None = None, start: int = 1) -> dict[str, Any]:
    return {"totalResults": len(people) if total is None else total, "startIndex": start, "Resources": people}


def scim(answer: Any) -> ANSWER:
    return says(answer, kind="application/scim+json")


def told(answer: ANSWER, **more: ANSWER) -> tuple[str, list[Served]]:
    """What is said of people who could not be read."""
    found, seen = people({"values": answer, **more})
    assert isinstance(found, str), found
    return found, seen


def people(answers: dict[str, ANSWER]) -> tuple[Any, list[Served]]:
    return reads(answers, reader=in_words, brings=Brings.PEOPLE, columns={}, rows="")


async def in_words(*asked: Any) -> Any:
    """The rows; a refusal within a refusal is put into words."""
    try:
        return await read_people(*asked)
    except Refused as refused:
        return words(refused.sentence)


def words(said: Sentence) -> str:
    facts = {name: words(one) if isinstance(one, Sentence) else one for name, one in said.facts.items()}
    return said.text.format_map(facts)


def test_a_record_says_who_somebody_is_and_whom_they_report_to() -> None:
    rows, seen = people({"values": scim(page(BOSS, ANA, BO, BOT))})
    assert rows == [
        DirectoryRow(1, "boss@x.example", "The Boss", None, None, ""),
        DirectoryRow(2, "ana@x.example", "Ana Lee", "Sales", "Seller", "boss@x.example"),
        DirectoryRow(3, "bo@x.example", "Bo Ek", None, None, "", active=False),
    ]
    assert "application/scim+json" in seen[0].headers["Accept"]


@pytest.mark.parametrize("named", ["1", "BOSS", "boss@x.example", "E-1", {"value": "1"}, [{"value": "1"}]])
def test_a_manager_is_named_by_whatever_a_directory_names_people_by(named: Any) -> None:
    boss = {**BOSS, ENTERPRISE: {"employeeNumber": "E-1"}}
    rows, _ = people({"values": scim(page(boss, {**ANA, ENTERPRISE: {"manager": named}}))})
    assert rows[1].manager_email == "boss@x.example"


def test_where_nobody_has_a_manager_or_it_is_nobody_of_the_answer_what_is_known_stays() -> None:
    alone = {**ANA, ENTERPRISE: {}}
    assert people({"values": scim(page(alone))})[0][0].manager_email is None
    stranger = {**ANA, ENTERPRISE: {"manager": {"value": "77"}}}
    assert people({"values": scim(page(stranger))})[0][0].manager_email is None


def test_pages_are_asked_for_by_their_first_record() -> None:
    pages = {"values": scim(page(BOSS, total=2)), "values?startIndex=2": scim(page(ANA, total=2, start=2))}
    rows, seen = people(pages)
    assert [one.email for one in rows] == ["boss@x.example", "ana@x.example"]
    assert [one.path for one in seen] == ["/values", "/values?startIndex=2"]


def test_a_table_has_the_columns_of_an_import() -> None:
    table = "邮箱,姓名,部门,主管邮箱\nana@x.example,Ana Lee,Sales,boss@x.example\nboss@x.example,The Boss,Sales,\n"
    rows, _ = people({"values": says(table.encode(), kind="text/csv; charset=utf-8")})
    assert [(one.line, one.email, one.manager_email) for one in rows] == [
        (2, "ana@x.example", "boss@x.example"),
        (3, "boss@x.example", ""),
    ]


@pytest.mark.parametrize("end", ["@x.example\n", "Seller,boss@x", "Ana Lee,Sal"])
def test_a_table_that_does_not_say_how_long_it_is_may_have_broken_off(end: str) -> None:
    table = ("email,name,department,position,manager_email\nboss@x.example,The Boss,Sales,Head,\n"
             "ana@x.example,Ana Lee,Sales,Seller,boss@x.example\n")  # fmt: skip
    cut = table[: table.rindex(end) + len(end)].encode()
    found, _ = people({"values": until_it_hangs_up(cut, "text/csv")})
    assert "does not say how long its table is" in found
    whole, _ = people({"values": until_it_hangs_up(json.dumps(page(BOSS, ANA)).encode(), "application/json")})
    assert len(whole) == 2, "JSON says by itself where it ends"


@pytest.mark.parametrize("later", [{"totalResults": 0}, {"Resources": []}, {"totalResults": 1, "Resources": []}])
def test_a_later_page_does_not_make_the_company_smaller(later: dict[str, Any]) -> None:
    found, _ = told(scim(page(BOSS, total=3)), **{"values?startIndex=2": scim(later)})
    assert "The address speaks of 3 people and gave 1." in found


LOOP = [{**BOSS, ENTERPRISE: {"manager": "2"}}, ANA]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (scim(page()), "without a single person"),
        (scim(page(BO)), "without a single person"),
        (scim(page(BOSS, total=3)), "The address speaks of 3 people and gave 1."),
        (scim(page(BOSS, ANA, {**ANA, "id": "9"})), "Line 3: ana@x.example is already on line 2. Please put it right"),
        (scim(page(*LOOP)), "Line 1: the managers form a loop: boss@x.example → ana@x.example → boss@x.example."),
        (scim({"data": []}), "there are no “Resources” in it"),
        (scim([ANA]), "there are no “Resources” in it"),
        (scim(page("ana")), "Record 1 is no person"),
        (scim(page({**ANA, "title": {"a": 1}})), "Record 1 has no plain text for title."),
        (scim(page({**ANA, "title": "=1+1"})), "Record 1 has no plain text for title."),
        (scim(page({**ANA, "title": "x" * 501})), "Record 1 has no plain text for title."),
        (scim(page({**ANA, "active": []})), "Record 1 has no plain text for active."),
        (scim(json.dumps(page(BOSS, ANA)).encode()[:-40]), "says that it answers in JSON, but it does not"),
        (says(b"<html>", kind="text/html"), "answers with text/html, neither with JSON nor with CSV"),
        (says(b"email,name\na@x.example,A\n", kind="text/csv"), "The file lacks the column department, manager_email."),
        (says(b"", "500 Broken"), "answers with an error (500)"),
        (says(b"x" * 5_000_000, kind="text/csv"), "answers with more than"),
        (leads_to("https://10.0.0.1/Users"), "lies inside a network"),
    ],
    ids=["nobody", "all left", "cut off", "twice", "loop", "no scim", "a list", "no person", "an object", "formula",
         "long", "active", "half", "html", "columns", "500", "5 MB", "inward"],
)  # fmt: skip
def test_what_is_no_list_of_people_is_refused_in_a_sentence_that_names_the_line(answer: ANSWER, sentence: str) -> None:
    short = scim(page(total=3, start=2))
    assert sentence in told(answer, **{"values?startIndex=2": short})[0]


def test_pages_that_come_again_have_no_end() -> None:
    again = scim(page(BOSS, total=4))
    assert told(again, **{"values?startIndex=2": again})[0] == "The pages of this address do not end."


def test_one_that_never_answers_is_given_up() -> None:
    async def silent(request: Served, writer: Any) -> None:
        await asyncio.Event().wait()

    said, seen = told(silent)
    assert "too slow" in said
    assert len(seen) == 3


def test_an_address_of_people_is_whole_and_has_https() -> None:
    assert of_people("https://hr.x.example/Users", "CAIRN_TOKEN_HR").brings is Brings.PEOPLE
    for url in ("hr.x.example", "http://hr.x.example/Users", "https://me:word@hr.x.example/"):
        with pytest.raises(Refused):
            of_people(url, "")
