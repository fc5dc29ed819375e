"""What people type is shown as they typed it, and does nothing else: no mention, no link, no ping, no word in a log."""

import io
import logging
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.state import Envelope
from tests.company import Company, shown
from tests.forging import everything
from tests.goal_talks import emily_proposes, invited_sellers
from tests.working_quarters import SALES_THURSDAY, working

CANARY = "zebra-otter"
ACTIVE = ("<!channel>", "<!here|all>", "<@U0EVIL>", "<http://evil.example|the bank>", "<#C0EVIL>")
KEPT = f"{CANARY} {' '.join(ACTIVE)} *b* _i_ ~s~ `c` &lt;!here&gt; &amp; \u202eltr\u200b 水"
HOSTILE = f"{KEPT} \x00\ud83d"
"""With a NUL and half of a character at its end, which no database keeps."""


@pytest.fixture(autouse=True)
def no_word_in_a_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever the loggers are set to, no line holds what was typed."""
    with caplog.at_level(logging.DEBUG, logger="bot"):
        yield
    assert CANARY not in caplog.text


def outgoing(company: Company) -> Iterator[Any]:
    """Everything that stands in front of somebody: messages, windows, Home."""
    for channel in company.slack.channels.values():
        for message in channel.messages.values():
            if message.app_id or message.bot_id:
                yield {"text": message.text, "blocks": message.blocks}
    for view in [*company.slack.views.values(), *company.slack.homes.values()]:
        yield view.body


def marked_up(part: Any) -> Iterator[str]:
    """The texts that Slack reads marks in: mrkdwn, and the text of a message."""
    if isinstance(part, list):
        for one in part:
            yield from marked_up(one)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn" or "blocks" in part:
            yield str(part.get("text", ""))
        for inside in part.values():
            yield from marked_up(inside)


def assert_nothing_acts(company: Company) -> None:
    texts = [text for surface in outgoing(company) for text in marked_up(surface)]
    assert any(CANARY in text for text in texts), "the words are shown somewhere"
    assert [text for text in texts if any(mark in text for mark in ACTIVE)] == []


def kept(company: Company) -> bool:
    """Whether the words are kept as they were typed, to the last sign that anybody can read."""
    return any(repr(KEPT)[1:-1] in row for rows in everything(company).values() for row in rows)


def test_a_comment_on_goals(company: Company) -> None:
    invited_sellers(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.clicks("Draft your goals")
    emily.clicks("Propose to Thomas Keller")
    emily.submits(comment=HOSTILE)
    assert CANARY in thomas.sees()
    assert kept(company)
    assert_nothing_acts(company)


def test_the_words_of_a_goal(company: Company) -> None:
    invited_sellers(company)
    emily = company.person("emily")
    emily.clicks("Draft your goals")
    emily.clicks("Edit", near="Sales revenue")
    emily.clicks("Change the words")
    names = {block["block_id"].split("-")[0]: block["block_id"] for block in emily.modal["blocks"]}
    typed = {"title": f"{CANARY} <!channel>", "measure": HOSTILE, "source": "<http://evil.example|the bank>"}
    emily.submits(**{names[name]: words for name, words in typed.items()})
    assert kept(company)
    emily.clicks("Back to the list")
    assert_nothing_acts(company)


def test_a_note_and_a_reply_in_the_thread_of_a_checkin(company: Company) -> None:
    working(company, "emily")
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.clicks("Blocked")
    emily.submits(blocking=HOSTILE)
    assert kept(company)
    assert CANARY in thomas.sees() + emily.sees()
    assert_nothing_acts(company)


def test_a_command_in_plain_words_is_kept_nowhere(company: Company) -> None:
    emily = company.person("emily")
    emily.types(f"/cairn why {HOSTILE}")
    emily.types(HOSTILE)
    assert CANARY not in str(everything(company)["people"])
    assert [text for surface in outgoing(company) for text in marked_up(surface) if "<!" in text] == []


@pytest.mark.parametrize("length", [3_001, 40_001])
def test_words_longer_than_slack_takes_are_answered(company: Company, length: int) -> None:
    invited_sellers(company)
    emily, thomas = emily_proposes(company)
    thomas.clicks("Agree")
    long = f"{CANARY} " + "很长" * (length // 2)
    body = {"command": "/cairn", "text": long, "user_id": emily.id, "trigger_id": "1.1"}
    assert company.runs(company._deliver(Envelope("slash_commands", body, "c"))).status == 200
    emily.types(long)
    assert company.findings() == []


# Files ---------------------------------------------------------------------------------------


def packed(sheet: bytes) -> bytes:
    """An XLSX of one sheet, as a forger would pack it."""
    content = io.BytesIO()
    kinds = b"application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = b"http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": b'<Types xmlns="' + package + b'/content-types">'
        b'<Override PartName="/xl/workbook.xml" ContentType="' + kinds + b'.sheet.main+xml"/>'
        b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="' + kinds + b'.worksheet+xml"/></Types>',
        "_rels/.rels": b'<Relationships xmlns="' + package + b'/relationships"><Relationship Id="r1" Type="'
        + relations + b'/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="'
        + relations + b'"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="' + package + b'/relationships">'
        b'<Relationship Id="r1" Type="' + relations + b'/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }  # fmt: skip
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


ENTITIES = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
LAUGHS = b"<!DOCTYPE w [<!ENTITY l0 'ha'>" + ENTITIES + b"]><worksheet>&l9;</worksheet>"
BOMB = packed(b"<worksheet>" + b" " * 70_000_000 + b"</worksheet>")
FILES = {
    "a bomb": ("people.xlsx", BOMB, "larger than 60 MB"),
    "a bomb that lies about its size": ("people.xlsx", BOMB.replace((70_000_023).to_bytes(4, "little"), b"\x10\0\0\0"),
                                        "cannot be opened"),
    "a thousand million laughs": ("people.xlsx", packed(LAUGHS), "cannot be opened"),
    "too large": ("people.csv", b"email\n" + b"a@b.example\n" * 450_000, "larger than 5 MB"),
    "a picture by another name": ("people.csv", b"\x89PNG\r\n\x1a\n\0\0\0\0", "neither XLSX nor text"),
    "an archive by another name": ("people.csv", b"PK\x03\x04" + b"\0" * 100, "cannot be opened"),
    "an old workbook": ("people.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old or protected"),
    "a formula": ("people.csv", b"email,department\nemily@lantern.example,=HYPERLINK(1)\n", "holds a formula"),
    "nothing": ("people.csv", b"\n", "is empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_what_it_says_is_refused_in_a_sentence(
    company: Company, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    mei = company.person("mei")
    mei.types("/cairn language en")
    file_name, content, sentence = FILES[name]
    mei.drops(f"{CANARY}-{file_name}", content)
    assert sentence in mei.last_words(), shown(mei.messages[-1])
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []
