"""Requests that nobody expects: each is answered, none breaks anything, and people read a sentence."""

import logging
from typing import Any

import pytest

from sandbox.state import Envelope
from tests.company import Company
from tests.forging import Forger

USER = {"id": "U01EMILY", "name": "emily", "team_id": "T0LANTERN"}
BUTTON = {"type": "button", "action_id": "old.step", "block_id": "b", "value": "x"}
VIEW = {"id": "V1", "type": "modal", "callback_id": "old.step", "blocks": [], "state": {"values": {}}}

ODD: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no type": {"user": USER},
    "a press without a user": {"type": "block_actions", "trigger_id": "1", "actions": [BUTTON]},
    "a press by nobody": {"type": "block_actions", "user": {}, "trigger_id": "1", "actions": [BUTTON]},
    "a press without actions": {"type": "block_actions", "user": USER, "trigger_id": "1", "actions": []},
    "a press of nothing": {"type": "block_actions", "user": USER, "trigger_id": "1", "actions": [{}]},
    "a press without a trigger": {"type": "block_actions", "user": USER, "actions": [BUTTON]},
    "a press with an odd choice": {"type": "block_actions", "user": USER, "trigger_id": "2",
                                   "actions": [{**BUTTON, "selected_option": {}, "value": {"a": 1}}]},
    "a press with odd state": {"type": "block_actions", "user": USER, "trigger_id": "3", "actions": [BUTTON],
                               "state": {"values": {"a": None, "b": {"c": 1}}}, "view": None},
    "a form without a view": {"type": "view_submission", "user": USER},
    "a form of nothing": {"type": "view_submission", "user": USER, "view": {}},
    "a form without blocks": {"type": "view_submission", "user": USER, "view": {"id": "V1", "callback_id": "old.step"}},
    "an unknown form": {"type": "view_submission", "user": USER, "view": VIEW},
    "an odd form": {"type": "view_submission", "user": USER,
                    "view": {**VIEW, "callback_id": "people.picked", "private_metadata": 7, "state": {"values": [1]}}},
    "a closed view": {"type": "view_closed", "user": USER, "view": VIEW},
    "a closed nothing": {"type": "view_closed"},
    "an unknown shortcut": {"type": "shortcut", "user": USER, "trigger_id": "4", "callback_id": "gone"},
    "an unknown message shortcut": {"type": "message_action", "user": USER, "trigger_id": "5", "callback_id": "gone",
                                    "message": {"text": None}},
    "a menu that asks for choices": {"type": "block_suggestion", "user": USER, "action_id": "x", "value": "a"},
    "an unknown event": {"type": "event_callback", "event_id": "E1", "event": {"type": "reaction_added", "user": "U1"}},
    "an event of nothing": {"type": "event_callback", "event_id": "E2", "event": {}},
    "an event without an id": {"type": "event_callback", "event": {"type": "message"}},
    "a message without words": {"type": "event_callback", "event_id": "E3", "event": {
        "type": "message", "channel_type": "im", "user": "U01EMILY", "ts": "1.1", "channel": "D1", "files": [7]}},
    "a changed person without an id": {"type": "event_callback", "event_id": "E4", "event": {"type": "user_change"}},
    "a command without a user": {"command": "/cairn", "text": "help", "trigger_id": "6"},
    "a command without words": {"command": "/cairn", "user_id": "U01EMILY", "trigger_id": "7", "text": None},
    "another command": {"command": "/other", "user_id": "U01EMILY", "trigger_id": "8", "text": "goals"},
    "an old dialog": {"type": "dialog_submission", "user": USER, "callback_id": "x", "submission": {}},
    "an old message button": {"type": "interactive_message", "user": USER, "callback_id": "x", "actions": []},
    "a step of a workflow": {"type": "workflow_step_edit", "user": USER, "callback_id": "x"},
    "something of next year": {"type": "hologram_opened", "user": USER},
}  # fmt: skip


def test_every_odd_request_is_acknowledged_and_breaks_nothing(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    for name, body in ODD.items():
        answer = company.runs(company._deliver(Envelope("interactive", body, name)))
        assert answer.status == 200, name
        assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == [], name
    company.slack.findings.clear()  # triggers that Slack never gave


def test_a_menu_without_choices_is_told_that_there_are_none(company: Company) -> None:
    body = {"type": "block_suggestion", "user": USER, "action_id": "x", "value": "a"}
    assert company.runs(company._deliver(Envelope("interactive", body, "e"))).body == {"options": []}


def test_a_button_of_another_time_says_so_in_the_readers_language(company: Company) -> None:
    Forger(company, "U01EMILY").presses("old.step", "x")
    Forger(company, "U01MEI").presses("old.step", "x")
    assert "This button is out of date" in company.person("emily").sees()
    assert "请打开 Cairn 的主页" in company.person("mei").sees()


def test_a_form_of_another_time_stays_open_with_the_sentence(company: Company) -> None:
    answer = Forger(company, "U01EMILY").sends(
        "old.step", "x", {"words": {"type": "plain_text_input", "value": "an hour"}}
    )
    assert "out of date" in answer.body["errors"]["words"]


def test_a_refusal_that_comes_too_late_for_a_window_is_said_in_the_dm(company: Company) -> None:
    company.slack.settings.trigger_seconds = 0
    Forger(company, "U01EMILY").presses("old.step", "x")
    company.settles()
    assert "This button is out of date" in company.person("emily").last_words()
    company.slack.findings.clear()
