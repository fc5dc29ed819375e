"""A company to test with: the real bot, a real database, a local Slack, and people who speak and click.

ana = company.person("ana")
ana.clicks("Answer")
ana.submits(confidence="At risk", note="The parts are late")
assert "Thank you" in ana.sees()
"""

import asyncio
import base64
import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.app import Cairn, build
from bot.config import Settings
from bot.slack import directory
from bot.slack.flow import Flow, Kind
from bot.slack.limits import UNHURRIED
from sandbox.app import create
from sandbox.clock import Clock
from sandbox.delivery import Answer
from sandbox.seen import home_for, messages_for, modals_for, toasts_for
from sandbox.slack import Slack
from sandbox.state import Envelope
from sandbox.workspace import Workspace, read_workspace
from tests.beginnings import lived_once, look_of
from tests.compiled import database_lent

APP = "A01CAIRN"
START = "2027-01-04T09:00:00+08:00"


@cache
def _read(workspace: Path) -> Workspace:
    """A workspace's file, read once for a whole test run."""
    return read_workspace(workspace)


class Server:
    """One HTTP server for a whole test run; the workspace behind it is exchanged for each test."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.app: Any = None
        config = uvicorn.Config(self._serve, port=0, log_level="error", lifespan="off", ws="none", interface="asgi3")
        self._server = uvicorn.Server(config)
        self._task = loop.create_task(self._server.serve())
        while not self._server.started:
            loop.run_until_complete(asyncio.sleep(0))
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}/"

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    async def stop(self) -> None:
        self._server.should_exit = True
        await self._task


class Company:
    """The workspace, the bot, and everybody in it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, server: Server, database_url: str, workspace: Path) -> None:
        self.loop = loop
        self.slack = Slack(deepcopy(_read(workspace)), Clock(datetime.fromisoformat(START)), server.url)
        self.slack.settings.ack_seconds = self.slack.settings.trigger_seconds = 60  # a busy machine is no defect
        server.app = create(self.slack)
        token = self.slack.apps[APP].bot_token
        self.inside: set[str] = set()
        self.secrets: dict[str, str] = {}
        api = {"bot_token": token, "slack_api_url": f"{server.url}api/"}
        settings = Settings(**api, database_url=database_url, inside=self.inside, secrets=self.secrets)
        self.database = database_lent(database_url)
        self.real_clock = Clock()
        self.limits = dict(UNHURRIED)
        self.cairn: Cairn = self.runs(build(settings, self.database, self.slack.clock, self.real_clock, self.limits))
        self.slack.connect(APP, self._deliver)
        self.untouched = look_of(self)
        met(self)
        self.untouched = look_of(self)
        """How everything looks as long as nothing has happened."""

    def runs(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Let something happen, and everything that follows from it."""
        self.untouched = b""
        return self.loop.run_until_complete(work)

    def person(self, name: str) -> "Persona":
        """Somebody, by display name or id."""
        found = [one for one in self.slack.people.values() if name in {one.id, one.display}]
        return Persona(self, found[0].id)

    def settles(self) -> None:
        """Let the bot do all that is due and send all that is wanted."""
        self.runs(self.cairn.settle())

    def winds(self, **winding: str) -> None:
        """Wind the clock: to="2027-01-11T09:00:00+08:00", or plus="1d"; the bot does what became due."""
        self.slack.wind(winding)
        self.settles()

    def waits(self, **time: float) -> None:
        """Let real time pass, as leases and waits see it, and do what became possible: seconds=30."""
        self.real_clock.wind(self.real_clock.now() + timedelta(**time))
        self.settles()

    def knows(self, look: Callable[[Any], Any]) -> Any:
        """Look something up in the bot's database: `company.knows(lambda session: people.everyone(session))`."""
        self.untouched = b""
        with self.database.unit_of_work() as session:
            return look(session)

    def learns(self, flow: Flow) -> None:
        """Add a conversation for one test."""
        self.untouched = b""
        flows = self.cairn.desk.flows
        flows.steps.update({step.id: step for step in flow.steps})
        flows.commands.update({command.word: command for command in flow.commands})
        flows.replies.update({step.flow: step for step in flow.steps if step.kind is Kind.REPLY})

    def findings(self) -> list[Any]:
        """What Slack would have refused, and what the strict checker found."""
        return list(self.slack.findings)

    def closes(self) -> None:
        """Stop the bot."""
        self.runs(self.cairn.close())

    async def _deliver(self, envelope: Envelope) -> Answer:
        request = AsyncBoltRequest(body=json.loads(json.dumps(envelope.payload)), mode="socket_mode")
        response = await self.cairn.bolt.async_dispatch(request)
        body = json.loads(response.body) if response.body else None
        return Answer(response.status, body)


@lived_once
def met(company: Company) -> None:
    """Cairn asks Slack who is there."""
    company.runs(directory.sync(company.database, company.cairn.client, ()))


@dataclass(frozen=True)
class Found:
    """Something to press, and where it is."""

    surface: dict[str, Any]
    block_id: str
    element: dict[str, Any]
    near: str


class Persona:
    """One person in front of Slack."""

    def __init__(self, company: Company, user_id: str) -> None:
        self.company = company
        self.slack = company.slack
        self.id = user_id
        self.member = self.slack.people[user_id]
        self.dm = self.slack.dm(self.slack.apps[APP].bot.user_id, user_id).id

    # What they do

    def types(self, text: str) -> None:
        """Type a slash command, or a message to Cairn."""
        do = "command" if text.startswith("/") else "say"
        self._acts(do, channel=self.dm, text=text)

    def opens_home(self) -> None:
        """Open Cairn's Home tab."""
        self._acts("open_home", app=APP)

    def clicks(self, label: str, *, near: str = "", having: Mapping[str, str] | None = None) -> None:
        """Press the newest button of this name, in the modal on top, else in the DM, else in Home.

        `near` picks among several: the words must stand on the same message or in the same block. `having` is what
        was typed into the form before, by the name of the input.
        """
        found = self._button(label, near)
        pressed = {"block_id": found.block_id, "action_id": found.element["action_id"]}
        typed = {name: {"value": value} for name, value in (having or {}).items()}
        self._acts("press", **found.surface, **pressed, state=typed)

    def chooses(self, value: str) -> None:
        """Choose an option (by its words or value) in a menu that acts at once."""
        for found in self._pressables():
            for option in found.element.get("options", ()):
                if value in {option["value"], option["text"]["text"]}:
                    where = {**found.surface, "block_id": found.block_id, "action_id": found.element["action_id"]}
                    self._acts("press", **where, value=option["value"])
                    return
        raise AssertionError(f"{self.member.name} has nowhere to choose {value!r}")

    def submits(self, **values: Any) -> None:
        """Fill in and send the form on top: values by the name of the input; options by their words or value.

        A file is given as its name and content: file=("people.csv", b"email,name").
        """
        modal = self.modal
        state = {name: {"value": self._option(modal, name, value)} for name, value in values.items()}
        unknown = set(values) - {block["block_id"] for block in modal["blocks"]}
        assert not unknown, f"no such input: {unknown}; there is {[b['block_id'] for b in modal['blocks']]}"
        self._acts("submit", view_id=modal["id"], state=state)

    def closes(self) -> None:
        """Close the modal on top."""
        self._acts("close", view_id=self.modal["id"])

    def replies(self, text: str, *, to: str) -> None:
        """Answer in the thread of the newest message that has these words."""
        found = [message for message in self.messages if to in shown(message)]
        assert found, f"{self.member.name} sees no message with {to!r}"
        self._acts("say", channel=self.dm, text=text, thread_ts=found[-1]["ts"])

    def drops(self, name: str, content: bytes) -> None:
        """Drop a file into Cairn's DM."""
        self._acts("upload", channel=self.dm, name=name, content_base64=base64.b64encode(content).decode())

    def uses(self, callback_id: str) -> None:
        """Use a global shortcut."""
        self._acts("shortcut", callback_id=callback_id)

    def says_in(self, channel: str, text: str) -> None:
        """Say something in a channel."""
        self._acts("say", channel=channel, text=text)

    def uses_on(self, callback_id: str, channel: str, words: str) -> None:
        """Use a message shortcut on the newest message of a channel that has these words."""
        found = [one for one in self.slack.channels[channel].messages.values() if words in one.text]
        self._acts("message_shortcut", callback_id=callback_id, channel=channel, ts=found[-1].ts)

    # What they see

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Their DM with Cairn, oldest first."""
        return messages_for(self.slack, self.member, self.slack.channels[self.dm])

    @property
    def pushes(self) -> list[str]:
        """The texts of their notifications, oldest first."""
        return [toast["text"] for toast in toasts_for(self.slack, self.member)]

    @property
    def modals(self) -> list[dict[str, Any]]:
        """Their open modals, bottom first."""
        return modals_for(self.slack, self.member)

    @property
    def modal(self) -> dict[str, Any]:
        """The modal on top."""
        modals = self.modals
        assert modals, f"{self.member.name} has no modal open; the last message: {self.last_words()}"
        return modals[-1]

    @property
    def errors(self) -> dict[str, str]:
        """The sentences under the fields of the modal on top."""
        return self.modal["errors"]

    @property
    def home(self) -> str:
        """The words on their Home tab."""
        return shown(self.home_view)

    @property
    def home_view(self) -> dict[str, Any]:
        """Their Home tab, empty as long as nobody drew it."""
        return home_for(self.slack, self.member, self.slack.apps[APP]) or {"blocks": []}

    def sees(self) -> str:
        """All the words in front of them: the modal on top if there is one, else the DM."""
        modals = self.modals
        return shown(modals[-1]) if modals else "\n".join(shown(message) for message in self.messages)

    def last_words(self) -> str:
        """The newest message in the DM."""
        messages = self.messages
        return shown(messages[-1]) if messages else ""

    # How it is done

    def _acts(self, do: str, **fields: Any) -> None:
        self.company.runs(self.slack.act(self.id, do, **fields))
        self.company.settles()

    def _surfaces(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        for modal in reversed(self.modals):
            yield {"view_id": modal["id"]}, modal
        for message in reversed(self.messages):
            yield {"channel": self.dm, "ts": message["ts"]}, message
        if (home := self.home_view)["blocks"]:
            yield {"view_id": home["id"]}, home

    def _pressables(self) -> Iterator[Found]:
        for where, surface in self._surfaces():
            for block in surface["blocks"] or []:
                for element in [*block.get("elements", ()), block.get("accessory") or {}]:
                    if "action_id" in element:
                        near = shown(surface if "ts" in where else {"blocks": [block]})
                        yield Found(where, block["block_id"], element, near)

    def _button(self, label: str, near: str) -> Found:
        found = [one for one in self._pressables() if one.element["type"] == "button"]
        for one in found:
            if one.element["text"]["text"] == label and near in one.near:
                return one
        names = [one.element["text"]["text"] for one in found]
        raise AssertionError(f"{self.member.name} sees no button {label!r}; there is {names}")

    def _option(self, modal: dict[str, Any], name: str, value: Any) -> Any:
        """The value of an option that was named by its words."""
        if isinstance(value, tuple):
            name, content = value
            return [{"name": name, "content_base64": base64.b64encode(content).decode()}]
        if isinstance(value, list):
            return [self._option(modal, name, one) for one in value]
        for block in modal["blocks"]:
            if block["block_id"] == name:
                for option in block["element"].get("options", ()):
                    if value == option["text"]["text"]:
                        return option["value"]
        return value if isinstance(value, str) else str(value)


def shown(surface: dict[str, Any]) -> str:
    """Every word on a message, modal or Home tab."""
    found: list[str] = []
    _words(surface.get("title"), found)
    for block in surface.get("blocks") or []:
        _words(block, found)
    if not surface.get("blocks"):
        _words(surface.get("text"), found)
    return "\n".join(found)


PARTS_WITH_WORDS = (
    "text", "title", "caption", "label", "hint", "placeholder", "fields", "elements", "element", "accessory",
    "options", "initial_value", "rows", "chart", "series", "name", "alt_text",
)  # fmt: skip


def _words(part: Any, found: list[str]) -> None:
    if isinstance(part, str):
        found.append(part)
    elif isinstance(part, list):
        for one in part:
            _words(one, found)
    elif isinstance(part, dict):
        for name in PARTS_WITH_WORDS:
            if name in part:
                _words(part[name], found)
