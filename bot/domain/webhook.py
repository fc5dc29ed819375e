"""What another system is told over HTTP, how it knows that Cairn says it, and when a delivery is tried again."""

import hmac
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

from bot.domain.endpoint import check_url, is_this_machine
from bot.domain.refusal import N_, Refused

SECRET = "CAIRN_SECRET_"  # noqa: S105 - how the names of the variables begin, not a secret
"""Apart from the tokens of sources: nobody can have a signing secret sent to an address as a token."""
SHORTEST_SECRET = 32
FIRST_WAIT = timedelta(minutes=1)
TRIED_FOR = timedelta(hours=24)
"""From the first try to the last."""

_VARIABLE = re.compile(rf"{SECRET}[A-Z0-9_]{{1,60}}")


class Event(StrEnum):
    """What another system may be told of."""

    GOALS_AGREED = "goals.agreed"
    RESULT_RELEASED = "result.released"
    APPEAL_DECIDED = "appeal.decided"


EVENT_NAMES: Mapping[Event, str] = {
    Event.GOALS_AGREED: N_("Goals agreed"),
    Event.RESULT_RELEASED: N_("Result released"),
    Event.APPEAL_DECIDED: N_("Appeal decided"),
}


class State(StrEnum):
    """How a delivery stands. A dead one is tried again only when somebody says so."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True)
class Target:
    """An address, the events it is told of, and the name of the variable that holds the secret."""

    url: str
    secret: str
    events: frozenset[Event]


@dataclass(frozen=True)
class Told:
    """What one delivery says: that something happened with whom, when and in which cycle, and nothing of what it was.

    `id` stays the same however often it is sent.
    """

    id: str
    event: Event
    at: datetime
    cycle_id: str
    cycle: str
    person_id: str
    email: str


def check_target(target: Target) -> None:
    """Refuse an address or a variable that cannot be meant, naming the input it came from."""
    check_url(target.url)
    parts = urlsplit(target.url)
    if parts.scheme != "https" and not is_this_machine(parts.hostname or ""):
        raise Refused("Without https anybody on the way could read along. Please use https.", field="url")
    if not _VARIABLE.fullmatch(target.secret):
        raise Refused("Name a variable that begins with {start}, not the secret itself.", start=SECRET, field="secret")
    if not target.events:
        raise Refused("Please choose at least one.", field="events")


def body_of(told: Told) -> bytes:
    """What is sent, as JSON."""
    document = {
        "event": told.event.value,
        "id": told.id,
        "at": told.at.astimezone(UTC).isoformat(timespec="seconds"),
        "cycle": {"id": told.cycle_id, "name": told.cycle},
        "person": {"id": told.person_id, "email": told.email},
    }
    return json.dumps(document, ensure_ascii=False).encode()


def signature(secret: str, stamp: int, body: bytes) -> str:
    """HMAC-SHA256 of version, moment of sending (seconds since 1970) and body: whoever has the secret can check it."""
    return "v1=" + hmac.new(secret.encode(), b"v1:%d:%b" % (stamp, body), sha256).hexdigest()


def next_try(delivery_id: str, attempts: int, first: datetime, now: datetime) -> datetime | None:
    """When to try again after so many attempts, the first of which was at `first`; None when it was the last.

    A minute, then each time twice as long, give or take a quarter that the id decides, so that many deliveries that
    failed together do not come back together; the last try is a day after the first.
    """
    last = first + TRIED_FOR
    if now >= last:
        return None
    share = int.from_bytes(sha256(f"{delivery_id}/{attempts}".encode()).digest()[:2]) / 0xFFFF
    wait = FIRST_WAIT * 2.0 ** min(attempts - 1, 20) * (0.75 + share / 2)
    return min(last, now + wait)


def useless_secrets(wanted: Collection[str], given: Mapping[str, str]) -> dict[str, str]:
    """The variables that addresses need and that cannot be used, each with what is wrong: missing or too short."""
    return {
        name: "missing" if not given.get(name) else "too short"
        for name in sorted(wanted)
        if len(given.get(name, "")) < SHORTEST_SECRET
    }
