"""A person's packet: all that is kept about them, for them; nothing of others, and nothing before its time."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from bot.domain.talk import Entry as TalkEntry
from bot.domain.talk import Kind
from bot.handlers.packet import run_packet
from bot.store import one_on_ones, talks
from bot.store.packet_parts import LEFT_OUT, NOUNS, PEOPLE
from bot.store.reviews import ReviewRow
from bot.store.schema import METADATA
from tests.company import Company
from tests.flows.test_delivery import SENTENCE, STRENGTH, released_quarter
from tests.store.test_privacy import names_a_person

NOTE = "for both of us <script>alert(1)</script>"
LATER = "The Hamburg offer left nine days late"
NOW = datetime(2027, 4, 24, 9, tzinfo=UTC)


def packet(company: Company, folder: Path, name: str) -> tuple[dict[str, Any], str]:
    """Somebody's packet as JSON, and as a page."""
    email, said = f"{name}@lantern.example", list[object]()
    assert run_packet(company.database, email.upper(), folder, NOW, said.append) == 0
    files = {file.suffix: file for file in folder.iterdir() if file.name.startswith(f"{name}-")}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files.values())
    assert all(str(file) in str(said[0]) for file in files.values())
    return json.loads(files[".json"].read_text("utf-8")), files[".html"].read_text("utf-8")


def test_every_table_that_names_a_person_is_in_the_packet_or_left_out_with_a_reason() -> None:
    given = {name for noun in NOUNS for name in noun.tables}
    named = {table.name for table in METADATA.tables.values() if holds_a_person(table)}
    assert {"reviews", "audit", "stints"} <= named & given
    assert sorted(named - given - LEFT_OUT.keys()) == []
    assert sorted(given & LEFT_OUT.keys()) == []
    assert {*given, *LEFT_OUT} <= METADATA.tables.keys()


def holds_a_person(table: Table) -> bool:
    """Whether a column is somebody's id, whoever they are to the row (`asked` is mostly a number)."""
    ids = {
        name for name in set(table.columns.keys()) if name in PEOPLE - {"asked"} or name == "by" or name.endswith("_by")
    }
    return bool(ids) or names_a_person(table)


def test_a_packet_holds_what_its_person_may_read_and_nothing_before_they_opened_it(
    company: Company, tmp_path: Path
) -> None:
    released_quarter(company, "emily")
    emily, thomas = company.person("emily"), company.person("thomas")
    thomas.types("/cairn result Emily Carter")
    company.knows(kept_by_thomas)
    company.knows(explained_later)
    before, page = packet(company, tmp_path, "emily")
    assert not {"results", "released_groups"} & before["parts"].keys()
    assert all(said not in page for said in (STRENGTH, SENTENCE, LATER, "private plan", "only for me"))
    emily.clicks("Open my result")
    after, page = packet(company, tmp_path, "emily")
    parts = after["parts"]
    assert parts["results"][0]["tree"]["value"] == parts["results"][0]["score"]
    assert parts["released_groups"][0]["sentences"] == [SENTENCE]
    assert [(one["kind"], one["later"]) for one in parts["reviews"]] == [("manager", {"D": {"example": LATER}})]
    assert parts["audit"][0] | {"at": ""} == {"at": "", "actor": "Thomas Keller", "act": "see_result"}
    assert [one["text"] for one in parts["talk_entries"]] == [NOTE]
    assert "U01THOMAS" not in json.dumps([parts[name] for name in parts if name != "results"])  # a tree names ids
    assert all(
        said in page for said in (STRENGTH, SENTENCE, LATER, "Thomas Keller", "<h2>Results you have opened</h2>")
    )
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert all(said not in page + json.dumps(after) for said in ("private plan", "only for me"))


def explained_later(session: Any) -> None:
    """A reason that Emily's manager gave after the review was sent."""
    for review in session.scalars(select(ReviewRow)):
        review.later = {"D": {"example": LATER}}


def kept_by_thomas(session: Any) -> None:
    """What Emily's manager keeps of their talks: for both, for himself, and what he means to say."""
    at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    for kind, words in ((Kind.SHARED, NOTE), (Kind.PRIVATE, "only for me")):
        one_on_ones.keep(session, TalkEntry("", "U01THOMAS", "U01EMILY", kind, "U01THOMAS", words, at))
    talks.add(session, "U01THOMAS", "U01EMILY", at, words="private plan")


def test_a_packet_is_in_its_person_s_language_and_its_making_is_seen(company: Company, tmp_path: Path) -> None:
    released_quarter(company, "yang")
    _, page = packet(company, tmp_path, "yang")
    assert '<html lang="zh">' in page
    assert "<h2>目前的目标</h2>" in page
    assert "<dd>全部内容（导出成这样的文件）</dd>" in packet(company, tmp_path, "yang")[1]
    yang = company.person("yang")
    yang.types("/cairn privacy")
    yang.clicks("谁在什么时候看过")
    assert "2027年4月24日：全部内容导出成了文件" in yang.sees()
    said: list[object] = []
    assert run_packet(company.database, "ghost@lantern.example", tmp_path, NOW, said.append) == 1
    assert said == ["Nobody here has the address ghost@lantern.example."]
