"""Time, and everybody who has no browser: they act through the sandbox's control API."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from scripts.processes import Running
from scripts.rehearsal.reading import Press, in_message, inputs_of
from scripts.rehearsal.settling import Bot
from scripts.rehearsal.workspace import APP, Workspace

OWNER = "U01MEI"
PATIENCE = 20.0
"""Seconds for a card to arrive that somebody at a browser has just caused."""


@dataclass(frozen=True)
class Town:
    """The rest of the company, and its clock."""

    workspace: Workspace
    bot: Bot
    zones: Mapping[str, ZoneInfo]

    def winds(self, to: str, person_id: str) -> None:
        """Wind the clock to a moment as somebody's own clock shows it, and let the bot do what became due."""
        moment = datetime.fromisoformat(to).replace(tzinfo=self.zones[person_id])
        self.bot.settles(self.workspace.wind(moment))

    def gives_feedback(self, person_id: str, rating: int, sentences: Mapping[str, str]) -> None:
        """Have somebody answer the newest request for feedback: the same rating everywhere, and these sentences."""
        self._presses(person_id, "peers.start")
        sheet = self.workspace.screen(person_id)["modals"][-1]
        state = {block["block_id"]: {block["element"]["action_id"]: value}
                 for block in inputs_of(sheet) if (value := _value(block, rating, sentences))}  # fmt: skip
        self.workspace.act(person_id, "submit", view_id=sheet["id"], state=state)
        self.bot.settles()
        if self.workspace.screen(person_id)["modals"]:
            raise AssertionError(f"{person_id}'s answer was not taken: it came back with hints or a refusal.")

    def brings_out(self, person_id: str) -> None:
        """Have somebody look at whatever was gathered for them, as on a quiet afternoon."""
        self.bot.settles()
        channel = self.workspace.act(person_id, "open_messages", app=APP)["answer"]["channel"]
        while gathered := self._pressable(person_id, channel, "attention.show"):
            self.workspace.act(person_id, "press", **gathered[0].fields)
            self.bot.settles()  # the rest is drawn anew

    def findings(self) -> list[str]:
        """What Slack would have refused, and what its strict checker found."""
        return [str(one) for one in self.workspace.findings()]

    def _presses(self, person_id: str, step: str) -> None:
        channel = self.workspace.act(person_id, "open_messages", app=APP)["answer"]["channel"]
        until, found = time.monotonic() + PATIENCE, self._pressable(person_id, channel, step)
        while not found and time.monotonic() < until:
            self.brings_out(person_id)
            found = self._pressable(person_id, channel, step)
        self.workspace.act(person_id, "press", **found[-1].fields)

    def _pressable(self, person_id: str, channel: str, step: str) -> list[Press]:
        return [press for message in self.workspace.messages(person_id, channel)
                for press in in_message(channel, message) if press.step == step]  # fmt: skip


def _value(block: dict[str, Any], rating: int, sentences: Mapping[str, str]) -> str | None:
    return str(rating) if block["element"]["type"] == "radio_buttons" else sentences.get(block["block_id"])


@contextmanager
def town(running: Running) -> Iterator[Town]:
    """Everybody at this workspace."""
    workspace, bot = Workspace(running.slack_url), Bot(*running.bot_urls)
    people = workspace.screen(OWNER)["people"]
    yield Town(workspace, bot, {one["id"]: ZoneInfo(one["tz"]) for one in people})
    workspace.close()
    bot.close()
