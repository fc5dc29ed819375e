"""The workspace file is checked at the door."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_app import WORKSPACE

from sandbox.workspace import WorkspaceError, _app, read_workspace

ROOT = Path(__file__).parents[2]


def test_members_all_means_everybody() -> None:
    workspace = read_workspace(WORKSPACE)
    assert workspace.channels[0].members == ("U01ANA", "U02BO", "U03CY")
    assert workspace.channels[1].private
    assert workspace.apps[0].scopes is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("display: ana", "nickname: ana", "unknown key 'nickname'"),
        ("tz: Asia/Shanghai", "tz: Asia/Nowhere", "Asia/Nowhere is not a time zone"),
        ("owner: true", "owner: yes please", "wrong kind"),
        ("U02BO", "U01ANA", "used twice"),
        ("members: [U01ANA]", "members: [U77]", "nobody has the id U77"),
        ("bot_token: xoxb-tiny", "", "bot_token"),
        ("team: {", "party: {", "unknown key 'party'"),
        ("xapp-tiny", "xoxb-tiny", "used twice"),
    ],
)
def test_a_mistake_is_named_with_its_place(old: str, new: str, sentence: str) -> None:
    with pytest.raises(WorkspaceError, match=sentence):
        read_workspace(WORKSPACE.replace(old, new))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="cannot be read"):
        read_workspace(tmp_path / "none.yml")


def test_an_app_may_be_described_by_its_manifest(tmp_path: Path) -> None:
    (tmp_path / "manifest.yml").write_text(
        "display_information: {name: Other}\n"
        "features:\n  slash_commands: [{command: /other, description: x}]\n"
        "  shortcuts: [{name: Do, type: global, callback_id: do, description: x}]\n"
        "oauth_config: {scopes: {bot: [chat:write]}}\n"
        "settings: {event_subscriptions: {bot_events: [message.im]}}\n"
    )
    start = WORKSPACE.index("    name: Tiny")
    app = "    manifest: manifest.yml\n    bot: {user_id: U0, bot_id: B0, name: o}\n    bot_token: xoxb-o\n"
    (tmp_path / "company.yml").write_text(WORKSPACE[:start] + app)
    (read,) = read_workspace(tmp_path / "company.yml").apps
    assert (read.name, read.commands[0].command, read.shortcuts[0].callback_id) == ("Other", "/other", "do")
    assert (read.scopes, read.events) == ({"chat:write"}, {"message.im"})


MANIFEST = json.loads((ROOT / "manifest.json").read_text("utf-8"))
PLACES = [
    ["display_information"], ["display_information", "name"], ["oauth_config"], ["oauth_config", "scopes", "bot"],
    ["oauth_config", "scopes", "bot", 0], ["features"], ["features", "slash_commands"],
    ["features", "slash_commands", 0], ["features", "slash_commands", 0, "command"], ["features", "shortcuts", 0],
    ["settings"], ["settings", "event_subscriptions"], ["settings", "event_subscriptions", "bot_events"],
]  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=4,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PLACES), ANYTHING)
def test_a_manifest_with_anything_in_it_is_read_or_refused_in_a_sentence(
    tmp_path: Path, place: list[Any], put: Any
) -> None:
    manifest = within = deepcopy(MANIFEST)
    for step in place[:-1]:
        within = within[step]
    within[place[-1]] = put
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    app = {"id": "A1", "bot": {"user_id": "U0", "bot_id": "B0", "name": "o"}, "bot_token": "xoxb-o"}
    try:
        said = _app({**app, "manifest": "manifest.json"}, "apps[0]", tmp_path).name
    except WorkspaceError as refused:
        said = str(refused)
    assert isinstance(said, str)
