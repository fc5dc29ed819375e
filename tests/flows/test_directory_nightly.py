"""The company's people are read from their directory every night: who joins, moves and leaves flows into the cycle."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.org import Stint
from bot.sources.people_file import read_people
from bot.sources.scim import ENTERPRISE
from bot.store import people
from bot.store.directory_names import NamedRow
from tests.company import Company, Persona
from tests.goal_talks import invited_sellers
from tests.stories import LANTERN, placed_people

BROKEN = "By “Workday”, more than a fifth of the company would leave. The source is probably broken"
LOGISTICS = ("greta", "paul", "maria", "xue", "lin", "caojun")


class Directory:
    """The HR system: gives everybody of people.csv as SCIM 2.0 until it is told something else."""

    def __init__(self) -> None:
        rows = read_people((Path(LANTERN) / "people.csv").read_bytes())
        self.records = {row.email.partition("@")[0]: record(row) for row in rows}
        self.missing: set[str] = set()
        self.asked = 0
        self.port = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        there = [one for name, one in self.records.items() if name not in self.missing]
        body = json.dumps({"totalResults": len(there), "Resources": there}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/Users"

    def says(self, name: str, **changes: Any) -> None:
        """Change what is said of somebody: department and manager, or anything else of the record."""
        extension = {key: changes.pop(key) for key in ("department", "manager") if key in changes}
        self.records[name] |= changes
        self.records[name][ENTERPRISE] |= extension


def record(row: Any) -> dict[str, Any]:
    manager = {"manager": {"value": row.manager_email}} if row.manager_email else {}
    return {
        "id": row.email,
        "userName": row.email,
        "displayName": row.name,
        "title": row.position,
        "active": True,
        ENTERPRISE: {"department": row.department, **manager},
    }


@pytest.fixture
def directory(company: Company) -> Iterator[Directory]:
    directory = Directory()
    server = company.runs(asyncio.start_server(directory.take, "127.0.0.1", 0))
    directory.port = server.sockets[0].getsockname()[1]
    company.inside.add(f"127.0.0.1:{directory.port}")
    yield directory
    server.close()
    company.runs(server.wait_closed())


def adds(mei: Persona, directory: Directory) -> None:
    mei.types("/cairn language en")
    mei.types("/cairn sources")
    mei.clicks("Add a source of people")
    mei.submits(name="Workday", url=directory.url)
    mei.closes()


def stints(company: Company, name: str) -> list[Stint]:
    return company.knows(lambda session: people.stints_of(session, company.person(name).id))


def test_a_joiner_is_invited_a_mover_has_a_new_manager_and_the_manager_of_a_leaver_hears_of_it_once(
    company: Company, directory: Directory
) -> None:
    invited_sellers(company)
    mei, thomas, lena = (company.person(name) for name in ("mei", "thomas", "lena"))
    greta, emily, marcus = (company.person(name) for name in ("greta", "emily", "marcus"))
    company.knows(lambda session: people.forget_from(session, greta.id, date(2000, 1, 1)))
    directory.missing = {"greta"}
    adds(mei, directory)
    company.winds(to="2027-01-05T13:00:00+08:00")
    assert directory.asked == 2
    assert "Workday" not in mei.sees(), "nothing is new, and nothing is said"

    directory.missing = set()
    directory.says("greta", department="Sales", manager={"value": "thomas@lantern.example"})
    directory.says("emily", manager={"value": "lena@lantern.example"})
    directory.says("marcus", active=False)
    company.winds(to="2027-01-06T10:00:00+08:00")
    assert mei.pushes.count("People changed, as “Workday” has them.") == 1
    for said in ("New: Greta Lang", "Changed: Emily Carter", "Left: Marcus Reed (last day 5 Jan 2027)"):
        assert said in mei.last_words()
    assert stints(company, "marcus")[-1].ends_on == date(2027, 1, 5)

    company.winds(to="2027-01-06T10:00:00+01:00")
    assert thomas.pushes.count("Marcus Reed has left.") == 1
    assert "Marcus Reed: last day 5 Jan 2027" in thomas.sees()
    assert "2027-Q1 begins. Draft your goals." in greta.sees()
    company.winds(to="2027-01-06T10:00:00-05:00")
    emily.clicks("Draft your goals")
    emily.clicks("Propose to Lena Hoffmann")
    emily.submits()
    lena.clicks("Agree")
    assert "are agreed with Lena Hoffmann" in emily.last_words()

    asked = len(marcus.messages)
    company.runs(company.slack.alter(marcus.id, locale="en-GB"))
    company.winds(to="2027-01-08T16:00:00-05:00")
    assert len(marcus.messages) == asked
    marcus.types("/cairn goals")
    assert "former colleagues take no part" in marcus.last_words()
    assert thomas.pushes.count("Marcus Reed has left.") == 1

    directory.says("marcus", active=True)
    company.winds(to="2027-01-12T10:00:00+08:00")
    assert "New: Marcus Reed" in mei.last_words()
    back = stints(company, "marcus")[-1]
    assert (back.manager_id, back.ends_on) == ("U01THOMAS", None)
    assert company.knows(lambda session: people.get(session, marcus.id)).takes_part
    assert company.findings() == []


def test_who_is_missing_on_two_days_leaves_and_more_than_a_few_are_shown_first(
    company: Company, directory: Directory
) -> None:
    placed_people(company)
    mei = company.person("mei")
    adds(mei, directory)
    directory.missing = set(LOGISTICS)
    company.winds(to="2027-01-05T10:00:00+08:00")
    for _ in range(2):
        mei.types("/cairn sources")
        mei.clicks("Read now")
        mei.closes()
    company.settles()
    assert "*Leaving*" not in mei.sees(), "twice on one day is once"

    company.winds(to="2027-01-06T10:00:00+08:00")
    assert "I have read people from “Workday”. Nothing is changed yet." in mei.last_words()
    assert "*Leaving*\n6" in mei.last_words()
    assert "Greta Lang: last day 4 Jan 2027" in mei.last_words()
    assert stints(company, "greta")[-1].ends_on is None
    mei.clicks("Apply")
    assert "Done. People: 0 new, 0 changed, 6 left." in mei.last_words()
    assert stints(company, "greta")[-1].ends_on == date(2027, 1, 4)
    company.winds(to="2027-01-06T14:00:00+08:00")
    assert sum("已离职。" in one for one in company.person("haitao").pushes) == 1, "of all six at once"

    directory.missing = set(list(directory.records)[12:])
    company.winds(to="2027-01-07T10:00:00+08:00")
    assert BROKEN in mei.last_words()
    mei.clicks("Discard")
    company.winds(to="2027-01-08T10:00:00+08:00")
    assert BROKEN in mei.last_words()
    assert stints(company, "felix")[-1].ends_on is None

    directory.missing = {"mei", *LOGISTICS}
    company.winds(to="2027-01-09T10:00:00+08:00")
    company.winds(to="2027-01-11T10:00:00+08:00")
    assert "*Leaving*\n1" in mei.last_words(), "HR does not leave unasked, and Monday is early enough"
    mei.types("/cairn sources")
    mei.clicks("Remove")
    mei.closes()
    assert company.knows(lambda session: list(session.scalars(select(NamedRow)))) == []
    assert company.findings() == []


def test_a_loop_changes_nothing_and_is_said_once_with_its_line(company: Company, directory: Directory) -> None:
    placed_people(company)
    company.winds(plus="1h")
    mei = company.person("mei")
    directory.says("thomas", manager={"value": "emily@lantern.example"})
    directory.says("marcus", active=False)
    mei.types("/cairn language zh")
    mei.types("/cairn sources")
    mei.clicks("添加人员来源")
    mei.submits(name="Workday", url=directory.url)
    mei.clicks("测试")
    mei.closes()
    loop = "第 7 条：主管之间形成了循环：thomas@lantern.example → emily@lantern.example → thomas@lantern.example。"
    assert mei.pushes.count("数据源“Workday”读取失败。") == 1
    assert f"{loop}请在源系统中改正。" in mei.sees()
    assert "没有改动任何人的信息。" in mei.sees()
    company.winds(plus="30h")
    assert mei.pushes.count("数据源“Workday”读取失败。") == 1
    assert stints(company, "marcus")[-1].ends_on is None

    directory.says("thomas", manager={"value": "qiang@lantern.example"})
    company.winds(plus="24h")
    assert "离职：Marcus Reed" in mei.last_words()
    assert company.findings() == []
