"""The manifest holds what the code needs, and nothing more."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.handlers import ALL
from bot.slack.flows import Flows
from bot.workspaces.install import BACK
from scripts.manifest_json import as_json

ROOT = Path(__file__).parent.parent
SCOPES = {
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "conversations_open": "im:write",
    "conversations_history": "im:history",
    "users_list": "users:read",
    "users_info": "users:read",
    "files_info": "files:read",
    "files_getUploadURLExternal": "files:write",
    "files_completeUploadExternal": "files:write",
    "auth_test": None,
    "auth_teams_list": None,
    "views_open": None,
    "views_push": None,
    "views_update": None,
    "views_publish": None,
}
"""The bot scope each Web API method needs, for the methods that Cairn may call."""

EVENT_SCOPES = {
    "app_home_opened": None,
    "message.im": "im:history",
    "team_join": "users:read",
    "user_change": "users:read",
}
IMPLIED = {"commands", "users:read.email"}
"""Scopes that no method call shows: slash commands, and the e-mail in a profile."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return loaded


def test_the_json_that_slacks_command_line_reads_is_made_of_it() -> None:
    assert (ROOT / "manifest.json").read_text(encoding="utf-8") == as_json(), "run python -m scripts.manifest_json"


def test_slacks_command_line_finds_the_app() -> None:
    hooks = json.loads((ROOT / ".slack" / "hooks.json").read_text(encoding="utf-8"))["hooks"]
    assert hooks["get-manifest"] == "cat manifest.json"
    assert hooks["start"].split()[-3:] == ["-m", "bot", "serve"]


def code() -> str:
    return "\n".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))


def methods_called() -> set[str]:
    return set(re.findall(r"client\.((?:chat|conversations|users|files|views|reactions|auth|team)_\w+)\(", code()))


def test_every_method_called_is_known_here() -> None:
    assert methods_called() <= set(SCOPES)


def test_scopes_are_those_of_the_methods_and_events(manifest: dict[str, Any]) -> None:
    needed = {SCOPES[method] for method in methods_called()} | {EVENT_SCOPES[event] for event in events(manifest)}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == (needed - {None}) | IMPLIED


def events(manifest: dict[str, Any]) -> list[str]:
    found: list[str] = manifest["settings"]["event_subscriptions"]["bot_events"]
    return found


def test_events_are_those_the_code_answers(manifest: dict[str, Any]) -> None:
    source = (ROOT / "bot" / "slack" / "attach.py").read_text()
    for event in events(manifest):
        assert f'"{event.split(".")[0]}"' in source


def test_many_workspaces_need_two_events_more_and_the_way_back_from_slack(manifest: dict[str, Any]) -> None:
    page = (ROOT / "docs" / "many-workspaces.md").read_text(encoding="utf-8")
    changes = yaml.safe_load(page.split("```yaml")[1].split("```")[0])
    more = set(events(changes)) - set(events(manifest))
    assert (more, set(events(manifest)) - set(events(changes))) == ({"app_uninstalled", "tokens_revoked"}, set())
    source = (ROOT / "bot" / "workspaces" / "whose.py").read_text()
    assert all(f'"{event}"' in source for event in more)
    assert changes["oauth_config"]["redirect_urls"][0].endswith(BACK)


def test_the_command_is_the_one_in_the_texts(manifest: dict[str, Any]) -> None:
    assert [one["command"] for one in manifest["features"]["slash_commands"]] == ["/cairn"]


def test_the_usage_hint_names_real_words(manifest: dict[str, Any]) -> None:
    hint = manifest["features"]["slash_commands"][0]["usage_hint"]
    assert set(re.findall(r"\w+", hint)) <= set(Flows(ALL).commands)


def test_shortcuts_are_those_of_the_flows(manifest: dict[str, Any]) -> None:
    shortcuts = manifest["features"].get("shortcuts", [])
    assert {one["callback_id"] for one in shortcuts} == set(Flows(ALL).shortcuts)


def test_it_keeps_to_slacks_limits(manifest: dict[str, Any]) -> None:
    words = manifest["display_information"]
    assert len(words["name"]) <= 35
    assert len(words["description"]) <= 140
    assert 175 <= len(words["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", words["background_color"])
    assert manifest["_metadata"] == {"major_version": 2, "minor_version": 1}
    assert json.dumps(manifest)
