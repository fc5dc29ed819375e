"""The workspace file is checked at the door."""

from pathlib import Path

import pytest
from tiny_app import WORKSPACE

from sandbox.workspace import WorkspaceError, read_workspace


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
