"""Suggestions: named or sealed, what became of them public, and no way back from a sealed one to who wrote it."""

import json
import logging
import re
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from bot.handlers.suggestions import open_box
from bot.store import suggestions
from bot.store.inbox import InboxRow
from bot.store.schema import METADATA
from sandbox.state import Fault
from tests.company import Company, Persona
from tests.store.attacks import read

CANARIES = {"emily": "Let the canary Zephyrine choose the meeting rooms", "yang": "让金丝雀阿福来选会议室"}
NAMED = "More bicycle stands at the door"
REPLY, BACK = "Which rooms do you mean", "The two on the third floor"


def suggests(who: Persona, words: str, how: str) -> None:
    who.types("/cairn suggest")
    who.submits(words=words, how=how)


def token_of(who: Persona) -> str:
    """What the button of the card in somebody's messages carries."""
    pressed = [
        element["value"]
        for message in who.messages
        for block in message["blocks"] or []
        for element in block.get("elements", ())
        if element.get("action_id") == "suggestions.look"
    ]
    return str(pressed[-1])


@dataclass(frozen=True)
class Row:
    """A row of any table as text, and what it may share with other rows: its transaction, its moments."""

    table: str
    values: str
    clues: frozenset[str]


def everything(session: Session) -> list[Row]:
    """Every row of every table; PostgreSQL also tells which transaction wrote it."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    found = []
    for name in inspect(session.connection()).get_table_names():
        for row in read(session, name, **({} if is_sqlite else {"mark": "xmin::text"})):
            values = " ".join(_plain(value) for column, value in row.items() if column != "mark")
            mark = [f"transaction {row['mark']}"] if "mark" in row else []
            found.append(Row(name, values, frozenset([*mark, *EXACT_MOMENT.findall(values)])))
    return found


EXACT_MOMENT = re.compile(r"\d\d:\d\d:\d\d\.\d{6}")
"""A moment to the microsecond, in which no two turns fall."""


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def telling(rows: list[Row], author: Persona, secrets_of: list[str]) -> list[str]:
    """The tables in which somebody stands beside something of their suggestion, or beside what was written with it."""
    linked = {row for row in rows if any(one in row.values for one in secrets_of)}
    for _ in range(3):
        clues = {clue for row in linked for clue in row.clues}
        linked |= {row for row in rows if row.clues & clues}
    return sorted({row.table for row in linked if author.id in row.values})


def test_no_query_over_the_whole_database_leads_from_a_sealed_suggestion_to_its_author(
    placed: Company, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    placed.winds(to="2027-01-05T16:00:00+08:00")
    authors = {name: placed.person(name) for name in CANARIES}
    for someone in authors.values():
        someone.opens_home()
        someone.types("/cairn language en")
    suggests(placed.person("lena"), NAMED, "named")
    for name, someone in authors.items():
        someone.types("/cairn suggest")
        before = placed.knows(lambda session: session.query(InboxRow).count())
        someone.submits(words=CANARIES[name], how="sealed")
        assert placed.knows(lambda session: session.query(InboxRow).count()) == before, "not even the delivery is noted"
    tokens = {name: token_of(someone) for name, someone in authors.items()}
    assert len(set(tokens.values())) == len(authors)

    def nothing_tells() -> None:
        rows = placed.knows(everything)
        assert any(CANARIES["emily"] in row.values for row in rows), "the canaries are where they can be found"
        for name, someone in authors.items():
            assert telling(rows, someone, [CANARIES[name], suggestions.id_of(tokens[name])]) == []
            assert not [row.table for row in rows if tokens[name] in row.values], "the token is nowhere"

    nothing_tells()
    lena = placed.person("lena")
    rows = placed.knows(everything)
    assert telling(rows, lena, [_id_of(placed, NAMED)]), "the search finds whom it should"
    for moment in ("06T10:00", "07T10:30"):
        placed.winds(to=f"2027-01-{moment}:00+08:00")
        nothing_tells()
    for someone in authors.values():
        someone.clicks("Is there an answer?")
        someone.submits(words=BACK)
        someone.closes()
    nothing_tells()
    assert "canary" not in caplog.text
    assert not [one for one in tokens.values() if one in caplog.text]


def _id_of(company: Company, words: str) -> str:
    rows = company.knows(lambda session: suggestions.opened(session, 10, all_of_them=True))
    return next(one.id for one in rows if one.words == words)


def test_a_sealed_suggestion_is_answered_and_its_author_alone_reads_it(placed: Company) -> None:
    placed.winds(to="2027-01-05T07:55:00+08:00")
    emily, mei, marcus = placed.person("emily"), placed.person("mei"), placed.person("marcus")
    mei.types("/cairn language en")
    emily.types("/cairn suggest")
    emily.submits(words="As Emily Carter I know it: quieter rooms", how="sealed")
    assert "“Emily Carter” is your own name" in emily.sees()
    emily.submits(words="Quieter rooms")
    assert "The card in our messages leads to its answer." in emily.sees()
    emily.closes()
    emily.clicks("Is there an answer?")
    assert "HR can read it one to two days after you sent it." in emily.sees()
    emily.closes()
    for moment in ("05T08:01", "05T16:00", "06T07:54"):
        placed.winds(to=f"2027-01-{moment}:00+08:00")
        mei.types("/cairn suggestions")
        assert "Quieter rooms" not in mei.sees(), "the box was opened minutes after it came, but it stays for a day"
        mei.closes()
    assert not [push for push in mei.pushes if "suggestion" in push]
    suggests(marcus, CANARIES["yang"], "sealed")
    marcus.closes()
    placed.winds(to="2027-01-06T10:00:00+08:00")
    assert mei.pushes[-1] == "One suggestion waits for an answer.", "what came since waits for the next time"
    mei.clicks("Show suggestions")
    mei.clicks("Answer")
    assert "nobody here knows who wrote it" in mei.sees()
    mei.submits(state="Declined", reply=REPLY)
    assert "the author waits to read it" in mei.errors["reason"]
    mei.submits(state="Being considered", reason="We measure first", shown=["show"], reply=REPLY)
    marcus.types("/cairn suggestions")
    assert "Being considered" in marcus.sees()
    assert "We measure first" in marcus.sees()
    assert REPLY not in marcus.sees()
    emily.clicks("Is there an answer?")
    assert REPLY in emily.sees()
    emily.submits(words=BACK)
    mei.closes()
    mei.types("/cairn suggestions")
    assert "Its author has written." in mei.sees()
    mei.clicks("Answer", near="Quieter rooms")
    assert BACK in mei.sees()


def test_when_slack_takes_neither_window_nor_card_nothing_of_it_is_written_down(placed: Company) -> None:
    emily = placed.person("emily")
    placed.slack.faults["views.open"] = Fault("hang", 1)
    emily.types(f"/cairn suggest {CANARIES['emily']}")
    emily.clicks("Open")
    placed.slack.faults["chat.postMessage"] = Fault("500", 1)
    emily.submits(words="Quieter rooms", how="sealed")
    assert "Slack did not take the card that leads to its answer." in emily.sees()
    rows = placed.knows(everything)
    assert "Zephyrine" not in str(rows), "what follows the word is not taken"
    assert telling(rows, emily, ["Quieter rooms"]) == []
    placed.slack.findings.clear()


def test_a_named_suggestion_is_answered_by_name_and_in_chinese(placed: Company) -> None:
    placed.winds(to="2027-01-05T16:00:00+08:00")
    yang, mei, qian = placed.person("yang"), placed.person("mei"), placed.person("qian")
    suggests(yang, "每周五下午不开会", "named")
    assert "HR 已收到" in yang.last_words()
    mei.types("/cairn suggestions")
    assert "刘洋" in mei.sees()
    mei.clicks("答复")
    mei.submits(state="已落实", reason="从下月开始", shown=["show"])
    assert yang.pushes[-1] == "你的建议有了新进展。"
    assert "从下月开始" in yang.last_words()
    qian.types("/cairn suggestions")
    assert "每周五下午不开会" in qian.sees()
    assert "刘洋" not in qian.sees()


def test_nobody_reads_the_talk_about_a_suggestion_of_somebody_else(placed: Company) -> None:
    placed.winds(to="2027-01-05T16:00:00+08:00")
    suggests(placed.person("lena"), NAMED, "named")
    named = _id_of(placed, NAMED)
    for carry in (f"named/{named}", named, "", "x"):
        done = placed.runs(_pressed(placed, "marcus", carry))
        assert NAMED not in json.dumps(done.reply.view.body())
    assert placed.cairn.desk.flows.steps[open_box.id] is open_box


async def _pressed(company: Company, name: str, carry: str) -> Any:
    from bot.slack.desk import Delivery  # noqa: PLC0415 - only here

    desk = company.cairn.desk
    return await desk.take(Delivery(f"t.{carry}", company.person(name).id, carry), desk.flows.steps["suggestions.look"])


def test_no_column_of_a_suggestion_tells_who_or_when() -> None:
    table = METADATA.tables["suggestions"]
    assert set(table.columns.keys()) == {"id", "words", "sealed", "state", "reason", "public", "talk", "waits"}
    assert not table.foreign_keys
