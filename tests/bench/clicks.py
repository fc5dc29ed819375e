"""The four turns that are measured, as Slack would deliver them; each body is new, and so a turn of its own."""

import itertools
from collections.abc import Callable
from typing import Any

from bot.domain.checkin import Confidence
from tests.bench.crowd import WORKING, Crowd, department_of, goals_in

Body = dict[str, Any]
Click = Callable[[Crowd, int], Body]

_serial = itertools.count()
_TEAM = {"id": "T1", "domain": "bench"}


def checkin(crowd: Crowd, n: int) -> Body:
    """Somebody sends their check-in."""
    goals = goals_in(department_of(n), "en")
    chosen = {"type": "radio_buttons", "selected_option": {"value": Confidence.ON_TRACK.value}}
    typed = {"type": "plain_text_input", "value": "The parts came, and the customer has the first two boxes."}
    values: Body = {f"confidence-{one['id']}": {"chosen": chosen} for one in goals}
    values |= {f"value-{one['id']}": {"typed": {"type": "plain_text_input", "value": "3"}} for one in goals}
    view = {
        "id": f"V{next(_serial)}", "type": "modal", "callback_id": "checkins.send", "hash": "1.x",
        "private_metadata": f"{crowd.cycle.id}/P{n}/{WORKING.date()}",
        "state": {"values": {**values, "note": {"typed": typed}}},
    }  # fmt: skip
    return {"type": "view_submission", "team": _TEAM, "user": {"id": f"P{n}", "team_id": "T1"}, "view": view,
            "trigger_id": _trigger()}  # fmt: skip


def agreement(crowd: Crowd, n: int) -> Body:
    """A manager agrees to the goals of somebody who proposed them."""
    pressed = {"type": "button", "action_id": "goals.agree", "block_id": "b", "value": f"{crowd.cycle.id}/P{n}/1"}
    return {
        "type": "block_actions", "team": _TEAM, "user": {"id": crowd.boss_of(n), "team_id": "T1"}, "actions": [pressed],
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "D1"}, "trigger_id": _trigger(),
        "channel": {"id": "D1", "name": "directmessage"}, "message": {"ts": "1.1", "text": "Goals", "blocks": []},
        "state": {"values": {}},
    }  # fmt: skip


def command(crowd: Crowd, n: int) -> Body:
    """Somebody asks what waits for them."""
    del crowd
    return {"command": "/cairn", "text": "", "user_id": f"P{n}", "team_id": "T1", "channel_id": "D1",
            "trigger_id": _trigger()}  # fmt: skip


def home(crowd: Crowd, n: int) -> Body:
    """Somebody opens Home; drawing it is asked for apart."""
    del crowd
    event = {"type": "app_home_opened", "tab": "home", "user": f"P{n}", "channel": "D1", "event_ts": "1.1"}
    return {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{next(_serial)}", "event_time": 1,
            "event": event, "authorizations": []}  # fmt: skip


CLICKS: dict[str, Click] = {"check-in": checkin, "goal agreement": agreement, "/cairn": command, "Home": home}


def _trigger() -> str:
    return f"{next(_serial)}.trigger"
