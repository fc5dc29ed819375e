"""What Slack delivers."""

import itertools
from datetime import date
from typing import Any

from tests.faults.standin import BOT_USER, TEAM

_numbers = itertools.count(1)


def typed(person_id: str, text: str) -> dict[str, Any]:
    """Somebody wrote to Cairn in their DM."""
    n = next(_numbers)
    event = {"type": "message", "channel_type": "im", "channel": f"D{person_id}", "user": person_id, "text": text,
             "ts": f"{n}.000100"}  # fmt: skip
    return _event(n, event)


def opened_home(person_id: str) -> dict[str, Any]:
    """Somebody opened Cairn's Home."""
    return _event(next(_numbers), {"type": "app_home_opened", "tab": "home", "user": person_id})


def _event(n: int, event: dict[str, Any]) -> dict[str, Any]:
    authorizations = [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}]
    return {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0CAIRN", "event_id": f"Ev{n}",
            "event_time": n, "event": event, "authorizations": authorizations}  # fmt: skip


def submitted(person_id: str, until: date) -> dict[str, Any]:
    """Somebody sent the form of a pause."""
    n = next(_numbers)
    chosen = {"until": {"input": {"type": "datepicker", "selected_date": str(until)}}}
    view = {"id": f"V{n}", "hash": f"{n}.abc", "type": "modal", "callback_id": "checkins.begin", "private_metadata": "",
            "state": {"values": chosen}}  # fmt: skip
    return {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": person_id, "team_id": TEAM},
            "trigger_id": f"t{n}", "api_app_id": "A0CAIRN", "view": view}  # fmt: skip


def pressed(person_id: str, action_id: str, value: str = "") -> dict[str, Any]:
    """Somebody pressed a button in a message."""
    n = next(_numbers)
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": str(n)}
    return {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": person_id, "team_id": TEAM},
            "trigger_id": f"t{n}", "api_app_id": "A0CAIRN", "actions": [action],
            "container": {"type": "message", "channel_id": f"D{person_id}", "message_ts": "1.1"},
            "channel": {"id": f"D{person_id}"}, "message": {"ts": "1.1"}}  # fmt: skip
