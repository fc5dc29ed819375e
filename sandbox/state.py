"""The state of one workspace and the small steps everything else is made of."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import ActError, SlackError
from sandbox.model import Channel, File, Json, Message, ResponseUrl, Toast, Trigger, View
from sandbox.workspace import App, Person, Workspace


@dataclass(frozen=True)
class Envelope:
    """A payload on its way to an app; `kind` is slash_commands, interactive or events_api."""

    kind: str
    payload: Json
    id: str
    retry_num: int = 0
    retry_reason: str = ""


@dataclass(frozen=True)
class Answer:
    """What the app answered: an HTTP status and the decoded body (None when empty)."""

    status: int = 200
    body: Any = None
    no_retry: bool = False


_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"

Deliver = Callable[[Envelope], Awaitable[Answer]]
Watcher = Callable[[Json], Any]


@dataclass
class Settings:
    """What tests and people may switch. Seconds are real seconds."""

    rate_limits: bool = False
    per_channel_per_second: float = 1.0
    workspace_per_minute: int = 300
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    token_seconds: int = 0
    """How long a token lasts that is given from now on; 0 for ever."""


@dataclass
class Fault:
    """A failure the next `times` calls of a method meet: 429, 500, reset, hang, or an error of Slack's by its name."""

    kind: str
    times: int
    retry_after: int = 1


class State:
    """All that one workspace holds; nothing here speaks HTTP."""

    def __init__(self, workspace: Workspace, clock: Clock, base_url: str = "http://127.0.0.1:8080/") -> None:
        self.workspace = workspace
        self.team = workspace.team
        self.clock = clock
        self.org_wide = False
        """Whether apps are installed for the whole organisation that the workspace belongs to."""
        self.base_url = base_url
        self.settings = Settings()
        self.people: dict[str, Person] = {}
        self.apps: dict[str, App] = {app.id: app for app in workspace.apps}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[tuple[str, str], View] = {}
        self.files: dict[str, File] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.toasts: dict[str, Toast] = {}
        self.findings: list[Json] = []
        self.traffic: deque[Json] = deque(maxlen=5000)
        self.faults: dict[str, Fault] = {}
        self.calls: dict[tuple[str, ...], deque[float]] = {}
        self.watchers: dict[int, tuple[str, Watcher]] = {}
        self.callables: dict[str, Deliver] = {}
        self.sockets: dict[str, list[Any]] = {}
        self.tickets: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.refreshes: dict[str, str] = {}
        self.earlier: dict[str, str] = {}
        self.tasks: set[asyncio.Task[Any]] = set()
        self._dms: dict[frozenset[str], Channel] = {}
        self._count = 0
        self._last_ts = 0
        self._settle(workspace)

    def _settle(self, workspace: Workspace) -> None:
        for person in workspace.people:
            self.people[person.id] = person
        for app in workspace.apps:
            self.people[app.bot.user_id] = Person(app.bot.user_id, app.name, display=app.bot.name, bot=True)
        for room in workspace.channels:
            self.channels[room.id] = Channel(room.id, room.name, "channel", set(room.members), room.private)
            if not room.private:
                self.channels[room.id].members |= {app.bot.user_id for app in workspace.apps}
        for app in workspace.apps:
            for person in workspace.people:
                if not person.bot:
                    self.dm(app.bot.user_id, person.id)

    def new_id(self, letter: str) -> str:
        """Return a fresh id that looks like Slack's, such as V0SANDBOX0001."""
        self._count += 1
        digits, left = "", self._count
        while left:
            left, digit = divmod(left, 32)
            digits = _DIGITS[digit] + digits
        return f"{letter}0S{digits.rjust(8, '0')}"

    def new_ts(self) -> str:
        """Return a message timestamp of the wound clock, unique and increasing."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now().timestamp() * 1_000_000))
        seconds, micros = divmod(self._last_ts, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def seconds(self) -> float:
        """Return the wound clock's Unix time."""
        return self.clock.now().timestamp()

    def new_hash(self) -> str:
        """Return a view hash that no view has had before."""
        return f"{int(self.seconds())}.{self.new_id('h')[-8:]}"

    def new_trigger(self, app: App, user: str, view_id: str = "") -> str:
        """Issue a trigger_id, good for one use within three seconds."""
        trigger = f"{self.new_id('')}.{self.team.id}.{app.id}"
        self.triggers[trigger] = Trigger(app.id, user, time.monotonic(), view_id)
        return trigger

    def new_response_url(self, use: ResponseUrl) -> str:
        """Issue a response_url."""
        key = self.new_id("R")
        self.response_urls[key] = use
        return f"{self.base_url}actions/{self.team.id}/{key}"

    def person(self, user: str) -> Person:
        """Return a member, or refuse in Slack's words."""
        if user not in self.people:
            raise SlackError("user_not_found")
        return self.people[user]

    def member(self, user: str) -> Person:
        """Return the person who acts, or refuse in a sentence."""
        if user not in self.people or self.people[user].bot:
            raise ActError(f"There is nobody with the id {user}.")
        return self.people[user]

    def app_of_bot(self, user: str) -> App | None:
        """Return the app whose bot user this is."""
        return next((app for app in self.apps.values() if app.bot.user_id == user), None)

    def dm(self, one: str, other: str) -> Channel:
        """Return the direct conversation of two members, opened when it was not yet."""
        pair = frozenset((one, other))
        if pair not in self._dms:
            self._dms[pair] = Channel(self.new_id("D"), "directmessage", "dm", {one, other}, private=True)
            self.channels[self._dms[pair].id] = self._dms[pair]
        return self._dms[pair]

    def add_person(self, person: Person) -> None:
        """Let somebody into the workspace: in every public channel, with a conversation with every app."""
        self.people[person.id] = person
        for channel in self.channels.values():
            if channel.kind == "channel" and not channel.private:
                channel.members.add(person.id)
        for app in self.apps.values():
            self.dm(app.bot.user_id, person.id)

    def stack(self, user: str) -> list[View]:
        """Return the modals a person has open, bottom first."""
        return [self.views[view_id] for view_id in self.stacks.get(user, ())]

    def change_person(self, user: str, **changes: Any) -> Person:
        """Change a member's details."""
        self.people[user] = replace(self.people[user], **changes)
        self.changed()
        return self.people[user]

    def add(self, channel: Channel, message: Message) -> Message:
        """Put a message into a conversation; those it reaches are told."""
        channel.messages[message.ts] = message
        if not message.reader:
            channel.read[message.user] = message.ts
        self._notify(channel, message)
        self.changed()
        return message

    def _notify(self, channel: Channel, message: Message) -> None:
        if message.reader:
            return
        for user in channel.members - {message.user}:
            if not self.people[user].bot and (channel.kind == "dm" or f"<@{user}" in message.text):
                toast = Toast(self.new_id("N"), user, channel.id, self.people[message.user].name, message.text)
                self.toasts[toast.id] = toast

    def changed(self) -> None:
        """Tell every page that what it shows may be stale."""
        for _, watcher in tuple(self.watchers.values()):
            watcher({"type": "changed"})

    def tell(self, user: str, text: str) -> None:
        """Show a person an error, such as "Cairn didn't respond"."""
        for watched, watcher in tuple(self.watchers.values()):
            if watched == user:
                watcher({"type": "error", "text": text})

    def find(self, source: str, app_id: str, rule: str, sentence: str, path: str = "") -> None:
        """Keep something an app did against the rules, for the inspector."""
        entry = {"n": len(self.findings) + 1, "at": self.clock.now().isoformat(), "source": source, "app": app_id}
        self.findings.append({**entry, "rule": rule, "path": path, "sentence": sentence})

    def record(self, direction: str, what: str, exchange: tuple[Any, Any], started: float, finding: str = "") -> None:
        """Keep one request and response for the inspector; `started` is monotonic seconds."""
        number = self.traffic[-1]["n"] + 1 if self.traffic else 1
        entry = {"n": number, "at": self.clock.now().isoformat(), "direction": direction, "what": what}
        entry |= {"request": exchange[0], "response": exchange[1], "ms": round((time.monotonic() - started) * 1000, 1)}
        self.traffic.append(entry | ({"finding": finding} if finding else {}))
        self.changed()
