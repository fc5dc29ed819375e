"""A talk as a calendar reads it: folded, escaped, and nothing in it but when, between whom, about which cycle."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.handlers.interviews.ics import Event, calendar_of

TALK = Event(
    uid="3f9a",
    sequence=2,
    day=date(2027, 4, 30),
    begins_at=datetime(2027, 4, 30, 7, 30, tzinfo=UTC),
    lasts=timedelta(hours=1),
    title="面谈：2027年第一季度；销售与客户支持部门的全体员工以及新加入的同事",
    with_whom="Emily Carter, 陈丽; \\ BEGIN:VALARM",
    written_at=datetime(2027, 4, 23, 9, tzinfo=UTC),
)
NAMES = {"BEGIN", "PRODID", "VERSION", "METHOD", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"}


def read(file: bytes) -> list[str]:
    """The lines as a calendar unfolds them."""
    return file.decode().removesuffix("\r\n").replace("\r\n ", "").split("\r\n")


def test_lines_are_folded_at_75_octets_and_end_with_crlf() -> None:
    file = calendar_of(TALK)
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert f"SUMMARY:{TALK.title}" in read(file)


def test_words_stay_words_and_nothing_else_is_told() -> None:
    lines = read(calendar_of(replace(TALK, with_whom=TALK.with_whom + "\nATTENDEE:mailto:a@b.c")))
    assert "DESCRIPTION:Emily Carter\\, 陈丽\\; \\\\ BEGIN:VALARM\\nATTENDEE:mailto:a@b.c" in lines
    named = {line.split(":")[0].split(";")[0] for line in lines}
    assert named == NAMES | {"DESCRIPTION", "CLASS", "END"}


def test_moments_are_in_utc_and_a_talk_without_one_takes_its_day() -> None:
    assert {"DTSTART:20270430T073000Z", "DTEND:20270430T083000Z", "SEQUENCE:2", "UID:3f9a"} <= {
        *read(calendar_of(TALK))
    }
    of_day = read(calendar_of(replace(TALK, begins_at=None)))
    assert {"DTSTART;VALUE=DATE:20270430", "DTEND;VALUE=DATE:20270501", "TRANSP:TRANSPARENT"} <= {*of_day}
