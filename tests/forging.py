"""Requests as somebody who does not use Slack's client would make them: any step, any value, in anybody's name."""

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.slack.flow import Kind
from bot.store.schema import METADATA
from sandbox.state import Answer, Envelope
from tests.company import APP, Company, shown

HANDLERS = Path(__file__).parent.parent / "bot" / "handlers"
GARBAGE = ("", " ", "/", "//", "|", "a|b", "x", "a/b", "a/b/c", "a/b/c/d", "../..", "' OR 1=1 --", "%s{0}", "\x00",
           "²/٣", "\u202e\u200b", "🗻" * 700, "x" * 10_000, "9" * 400, "-1", "2027-13-45", "<!channel>")  # fmt: skip
LARGEST_FRAME = 20_000
"""Bytes; Slack closes a socket that answers with more."""

_count = itertools.count()


class Forger:
    """Whoever stands behind a request."""

    def __init__(self, company: Company, user_id: str, team_id: str = "T0LANTERN") -> None:
        self.company = company
        self.id = user_id
        self.team_id = team_id

    def presses(self, action_id: str, value: str) -> Answer:
        """Press a button that was never drawn."""
        pressed = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1"}
        return self.delivers({"type": "block_actions", "actions": [pressed], "response_url": "https://example.com"})

    def sends(self, callback_id: str, carry: str, values: dict[str, Any]) -> Answer:
        """Send a form that was never opened."""
        view = {
            "id": f"V{next(_count)}", "type": "modal", "callback_id": callback_id, "hash": "1",
            "private_metadata": carry, "blocks": [{"type": "input", "block_id": name} for name in values],
            "state": {"values": {name: {"value": element} for name, element in values.items()}},
        }  # fmt: skip
        return self.delivers({"type": "view_submission", "view": view, "response_urls": []})

    def reads(self, step: str, carry: str, values: dict[str, Any]) -> str:
        """Press or send what names this step: the sentence that refuses it, else what is shown, else nothing."""
        before = set(self.company.slack.views)
        if self.company.cairn.desk.flows.steps[step].kind is Kind.VIEW:
            answer = self.sends(step, carry, values)
            assert answer.status == 200, (step, carry)
            body = answer.body or {}
            return next(iter(body["errors"].values())) if "errors" in body else shown(body.get("view") or {})
        assert self.presses(step, carry).status == 200, (step, carry)
        opened = [view.body for id_, view in self.company.slack.views.items() if id_ not in before]
        return shown(opened[-1]).removeprefix("Please note\n").removeprefix("请注意\n") if opened else ""

    def delivers(self, payload: dict[str, Any]) -> Answer:
        """Deliver what Slack would, with a trigger that opens windows."""
        trigger = self.company.slack.new_trigger(self.company.slack.apps[APP], self.id)
        user = {"id": self.id, "username": "x", "name": "x", "team_id": self.team_id}
        team = {"id": self.company.slack.team.id, "domain": "x"}
        whole = {"team": team, "api_app_id": APP, "token": "x", "enterprise": None}
        body = {**whole, "user": user, "trigger_id": trigger, **payload}
        answer = self.company.runs(self.company._deliver(Envelope("interactive", body, trigger)))
        assert len(json.dumps(answer.body)) < LARGEST_FRAME
        return answer


def steps(company: Company, kind: Kind) -> list[str]:
    """Every step of a kind, of every flow."""
    return [step.id for step in company.cairn.desk.flows.steps.values() if step.kind is kind]


def everything(company: Company) -> dict[str, set[str]]:
    """Every row of every table, as text."""

    def read(session: Any) -> dict[str, set[str]]:
        return {
            table.name: {repr(tuple(row)) for row in session.execute(select(table))} for table in METADATA.sorted_tables
        }

    return company.knows(read)


def drawn_carries(company: Company) -> list[str]:
    """What the buttons and forms in front of everybody carry."""
    found: set[str] = set()
    for channel in company.slack.channels.values():
        for message in channel.messages.values():
            found |= set(_values(message.blocks))
    for view in [*company.slack.views.values(), *company.slack.homes.values()]:
        found |= {view.body.get("private_metadata") or "", *_values(view.body.get("blocks") or [])}
    return sorted(found)


def drawn(company: Company, *user_ids: str) -> dict[str, list[str]]:
    """What the buttons and forms in front of these people carry: one for each step, and for its flow."""
    found: dict[str, list[str]] = {}
    surfaces: list[Any] = [view.body for view in company.slack.views.values() if view.user in user_ids]
    surfaces += [home.body for user_id, home in company.slack.homes.items() if user_id[1] in user_ids]
    surfaces += [one for user_id in user_ids for one in company.person(user_id).messages]
    for surface in surfaces:
        views = (surface.get("callback_id"), surface.get("private_metadata"))
        pairs = [*_pressable(surface.get("blocks") or []), views]
        for name, carry in pairs:
            step = (name or "").split("#", 1)[0]
            if step and carry and step not in found:
                found[step] = [carry]
                found.setdefault(step.split(".")[0], []).append(carry)
    return found


def _pressable(part: Any) -> Iterator[tuple[str, str]]:
    """Action ids, each with the value that stands beside it."""
    if isinstance(part, list):
        for one in part:
            yield from _pressable(one)
    elif isinstance(part, dict):
        if part.get("action_id") and part.get("value"):
            yield part["action_id"], part["value"]
        for inside in part.values():
            yield from _pressable(inside)


def _values(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _values(one)
    elif isinstance(part, dict):
        if part.get("type") == "button" and part.get("value"):
            yield part["value"]
        for inside in part.values():
            yield from _values(inside)


def input_names(company: Company, goal_ids: Sequence[str] = ()) -> list[str]:
    """The names of inputs that the conversations read, also those that end in the id of a goal, and of forms drawn."""
    found: set[str] = {"planning", "executing", "assessing", "calibrating", "releasing", "closed"}
    for path in HANDLERS.rglob("*.py"):
        source = path.read_text()
        found |= set(re.findall(r"""inputs\.\w+\(f?"([\w-]+)""", source))
        found |= set(re.findall(r"""(?:named\(\w+, |_input\(f?)"([\w-]+)""", source))
    for view in company.slack.views.values():
        found |= {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    return sorted({*found, *(f"{name.rstrip('-')}-{goal}" for name in found for goal in goal_ids)})


def all_text(names: list[str], value: str) -> dict[str, Any]:
    """The same words in every input."""
    return {name: {"type": "plain_text_input", "value": value} for name in names}


def all_chosen(names: list[str], value: str) -> dict[str, Any]:
    """The same choice in every input, of several and of people."""
    option = {"value": value, "text": {"type": "plain_text", "text": "x"}}
    return {name: {"type": "multi_static_select", "selected_options": [option]} for name in names}
