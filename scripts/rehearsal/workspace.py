"""The local Slack as people and their clock see it: its control API, and nothing behind it."""

import base64
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scripts.rehearsal.wire import Wire

APP = "A01CAIRN"
ACK_MS = 3000
"""Milliseconds that Slack waits for an answer."""

Json = dict[str, Any]


A_MOMENT = timedelta(seconds=1)
"""What is this near has perhaps come by the time that the clock is asked to go there."""


class NotDone(Exception):  # noqa: N818 - it reads as what happened
    """Slack did not let somebody do something; the text is its sentence."""


@dataclass(frozen=True)
class Post:
    """A message that Cairn put into somebody's DM: when, what the notification said, what it looked like."""

    at: datetime
    channel: str
    ts: str
    text: str
    blocks: tuple[Json, ...]
    opaque: str
    """The message's identity in its metadata."""


@dataclass(frozen=True)
class News:
    """What happened since the last look: new messages, and how many were edited in place."""

    posts: tuple[Post, ...]
    edits: int


class Workspace:
    """The sandbox, asked over HTTP."""

    def __init__(self, url: str) -> None:
        self._wire = Wire(f"{url}_/")
        self._seen = 0
        self.acted = 0
        """How often anybody did anything."""
        self.late = 0
        """How often the bot answered later than Slack would have waited."""
        self._asked = time.monotonic()
        self.now = datetime.fromisoformat(self._get("clock", {})["now"])
        """What the clock showed when it was last wound or asked; it goes on by itself."""

    def close(self) -> None:
        """Let go of the connection."""
        self._wire.close()

    def screen(self, person_id: str) -> Json:
        """Everything in front of a person but the messages."""
        return self._get("state", {"as": person_id})

    def windows(self, person_id: str) -> list[Json]:
        """What is open in front of a person, the topmost last."""
        found: list[Json] = self._get("modals", {"as": person_id})["modals"]
        return found

    def deactivates(self, person_id: str) -> None:
        """Somebody's account is closed."""
        self._post("person", {"id": person_id, "deleted": True})

    def messages(self, person_id: str, channel: str) -> list[Json]:
        """A person's conversation, oldest first."""
        found: list[Json] = self._get("messages", {"as": person_id, "channel": channel})["messages"]
        return found

    def act(self, person_id: str, do: str, **fields: Any) -> Json:
        """Do something as a person; {"ok": ..., "answer": ...} or {"errors": ...} by field."""
        self.acted += 1
        done = self._post("act", {"as": person_id, "do": do, **fields})
        if done.get("error"):
            raise NotDone(done["error"])
        return done

    def drop(self, person_id: str, channel: str, name: str, content: bytes) -> None:
        """Drop a file into a conversation."""
        self.act(person_id, "upload", channel=channel, name=name, content_base64=base64.b64encode(content).decode())

    def wind(self, to: datetime) -> datetime:
        """Wind the clock forward, unless it is later already or will be in a moment; returns what it shows."""
        shows = self.now + timedelta(seconds=time.monotonic() - self._asked)
        self._asked = time.monotonic()  # before it answers: what is reckoned from it is never earlier than the clock
        winds = to - shows > A_MOMENT
        answer = self._post("clock", {"to": to.isoformat()}) if winds else self._get("clock", {})
        self.now = datetime.fromisoformat(answer["now"])
        return self.now

    def findings(self) -> list[Json]:
        """What Slack would have refused, and what its strict checker found."""
        found: list[Json] = self._get("findings", {})["findings"]
        return found

    def news(self) -> News:
        """What Cairn showed since the last time this was asked."""
        entries = self._get("traffic", {"after": str(self._seen)})["entries"]
        if entries:
            if entries[0]["n"] != self._seen + 1:
                raise NotDone("The inspector forgot some of the traffic before it was read.")
            self._seen = entries[-1]["n"]
        self.late += sum(one["direction"] == "slack→app" and one["ms"] > ACK_MS for one in entries)
        sent = [one for one in entries if one["direction"] == "app→slack" and one["response"].get("ok")]
        posts = tuple(_post(one) for one in sent if one["what"] == "chat.postMessage")
        return News(posts, sum(one["what"] == "chat.update" for one in sent))

    def _get(self, what: str, asked: dict[str, str]) -> Json:
        return _answer(*self._wire.get(what, **asked))

    def _post(self, what: str, body: Json) -> Json:
        return _answer(*self._wire.post(what, body))


def _answer(status: int, answer: Json) -> Json:
    if status != 200:
        raise NotDone(str(answer.get("error", answer)))
    return answer


def _post(entry: Json) -> Post:
    asked, answer = entry["request"], entry["response"]
    metadata = (asked.get("metadata") or {}).get("event_payload") or {}
    at = datetime.fromisoformat(entry["at"])
    return Post(
        at, answer["channel"], answer["ts"], asked["text"], tuple(asked.get("blocks") or ()), metadata.get("id", "")
    )
