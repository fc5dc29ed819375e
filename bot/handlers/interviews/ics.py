"""A talk as calendars read it (RFC 5545): when it is, about which cycle, between whom; nothing of what is said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

PRODUCT = "-//Cairn//Talk about a result//EN"


@dataclass(frozen=True)
class Event:
    """One talk. `uid` tells nothing and stays; `sequence` grows with each change. Without a moment it takes the day."""

    uid: str
    sequence: int
    day: date
    begins_at: datetime | None
    lasts: timedelta
    title: str
    with_whom: str
    written_at: datetime


def calendar_of(event: Event) -> bytes:
    """The file: moments in UTC, lines folded at 75 octets and ended with CRLF."""
    from icalendar import Calendar  # noqa: PLC0415 - a third of a second, and only whoever asks for a file needs it
    from icalendar import Event as Entry  # noqa: PLC0415 - as above

    entry, calendar = Entry(), Calendar()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.written_at)
    if event.begins_at:
        entry.add("dtstart", event.begins_at)
        entry.add("dtend", event.begins_at + event.lasts)
    else:
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
    entry.add("summary", event.title)
    entry.add("description", event.with_whom)
    entry.add("class", "PRIVATE")
    for name, value in (("prodid", PRODUCT), ("version", "2.0"), ("method", "PUBLISH")):
        calendar.add(name, value)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
