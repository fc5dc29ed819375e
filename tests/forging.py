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
from tests.company import APP, Company

HANDLERS = Path(__file__).parent.parent / "bot" / "handlers"
GARBAGE = ("", " ", "/", "//", "|", "a|b", "x", "a/b", "a/b/c", "a/b/c/d", "../..", "' OR 1=1 --", "%s{0}", "\x00",
           "²/٣", "\u202e\u200b", "🗻" * 700, "x" * 10_000, "9" * 400, "-1", "2027-13-45", "<!channel>")  # fmt: skip
TRAFFIC = {"inbox", "outbox", "timers", "audit"}
"""Tables that say what was done rather than what is."""

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

    def delivers(self, payload: dict[str, Any]) -> Answer:
        """Deliver what Slack would, with a trigger that opens windows."""
        trigger = self.company.slack.new_trigger(self.company.slack.apps[APP], self.id)
        user = {"id": self.id, "username": "x", "name": "x", "team_id": self.team_id}
        whole = {"team": {"id": "T0LANTERN", "domain": "x"}, "api_app_id": APP, "token": "x", "enterprise": None}
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


def known_ids(company: Company) -> list[str]:
    """Every short key in the database: cycles, people, goals, files and whatever else has one."""

    def read(session: Any) -> set[str]:
        keys = [column for table in METADATA.sorted_tables if table.name not in TRAFFIC for column in table.primary_key]
        return {str(key) for column in keys for key in session.scalars(select(column).distinct())}

    return sorted(key for key in company.knows(read) if len(key) < 40)


def drawn_carries(company: Company) -> list[str]:
    """What the buttons and forms in front of everybody carry."""
    found: set[str] = set()
    for channel in company.slack.channels.values():
        for message in channel.messages.values():
            found |= set(_values(message.blocks))
    for view in [*company.slack.views.values(), *company.slack.homes.values()]:
        found |= {view.body.get("private_metadata") or "", *_values(view.body.get("blocks") or [])}
    return sorted(found)


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
