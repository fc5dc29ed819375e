"""docs/slack-setup.md, followed by somebody who has nothing but the page: its commands are run as they stand there."""

import asyncio
import base64
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.app import create
from sandbox.clock import Clock
from sandbox.slack import Slack
from sandbox.workspace import read_workspace
from tests.doctor.world import LANTERN, ROOT
from tests.wire import served

PAGE = (ROOT / "docs" / "slack-setup.md").read_text("utf-8")
JULIA = "U01JULIA"
"""Of HR, and no owner of the workspace."""
PATIENCE = 120
"""Seconds that a busy machine may need for one step."""
CONFIG = "xoxe.xoxp-1-of-the-newcomer"


def steps() -> dict[str, str]:
    """The numbered steps of the page, by their titles."""
    until = PAGE.index("\nEverything is in one SQLite file")
    parts = re.split(r"(?m)^\d+\. \*\*(.+?)\.\*\*", PAGE[:until])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def commands(step: str) -> list[str]:
    """What stands in the fences of a step."""
    return [
        line.strip()
        for block in re.findall(r"```\n(.*?)```", step, re.DOTALL)
        for line in block.splitlines()
        if line.strip()
    ]


def named(step: str, like: str) -> list[str]:
    """What a step has between backticks, of this form."""
    return re.findall(f"`({like})`", step)


@dataclass
class Newcomer:
    """Somebody with the project's folder, a terminal, and an app that is being made."""

    folder: Path
    slack_url: str
    app: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    async def starts(self, command: str) -> Process:
        """Type a command, and leave it running."""
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        told: dict[str, Any] = {"stdout": PIPE, "stderr": STDOUT, "start_new_session": True}
        return await asyncio.create_subprocess_exec("bash", "-c", command, cwd=self.folder, env=environ, **told)

    async def types(self, command: str) -> tuple[int | None, str]:
        """Type a command, and read what it says in the end."""
        process = await self.starts(command)
        said, _ = await process.communicate()
        return process.returncode, said.decode()

    def fills_in(self, step: str, **values: str) -> None:
        """Fill in what the step names, in the file that its command made."""
        assert sorted(named(step, "[A-Z_]{4,}")) == sorted(values)
        for name, value in {
            **values,
            "SLACK_API_URL": f"{self.slack_url}api/",
        }.items():  # a local Slack: all that differs
            self.writes(name, value)

    def writes(self, name: str, value: str) -> None:
        """Put a value behind the name of a setting."""
        file = self.folder / ".env"
        text, found = re.subn(f"(?m)^{name}=.*$", f"{name}={value}", file.read_text("utf-8"))
        assert found == 1
        file.write_text(text, "utf-8")


LOCAL = PAGE[PAGE.index("## Try the setup without Slack") : PAGE.index("## With Slack's own command line")]
"""What the page says to whoever has no Slack at hand."""


def unpacked(folder: Path) -> Path:
    """The project's folder as a newcomer has it, with everything installed already."""
    for name in (".env.example", "Makefile", "bot", "manifest.json", "manifest.yml", "pyproject.toml", "uv.lock"):
        (folder / name).symlink_to(ROOT / name)
    installed = folder / ".venv"
    installed.mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name != ".installed":
            (installed / part.name).symlink_to(part)
    (installed / ".installed").touch()
    return folder


def workspace(newcomer: Newcomer) -> Slack:
    """Lantern Trading, with the app that was made as the page says."""
    file = newcomer.folder / "workspace.yml"
    text = yaml.safe_load((LANTERN / "workspace.yml").read_text("utf-8"))
    text["apps"] = [newcomer.app]
    file.write_text(yaml.safe_dump(text, allow_unicode=True), "utf-8")
    return Slack(read_workspace(file), Clock(), newcomer.slack_url)


def makes_the_app(newcomer: Newcomer) -> None:
    """The first three steps, as far as a page of Slack's can be played: paste, generate, copy."""
    made, connected, installed = list(steps().values())[:3]
    (pasted,) = named(made, r"[\w.]+\.yml")
    (scope,), (app_token,) = named(connected, r"\w+:\w+"), named(connected, "xapp-")
    (bot_token,) = named(installed, "xoxb-")
    newcomer.tokens = {"SLACK_BOT_TOKEN": f"{bot_token}newcomer", "SLACK_APP_TOKEN": f"{app_token}1-A01NEW-5-newcomer"}
    newcomer.app = {
        "id": "A01NEW",
        "bot": {"user_id": "U0NEW", "bot_id": "B0NEW", "name": "cairn"},
        "bot_token": newcomer.tokens["SLACK_BOT_TOKEN"],
        "app_token": newcomer.tokens["SLACK_APP_TOKEN"],
        "app_scopes": [scope],
        "config_token": CONFIG,
        "manifest": pasted,
    }


@asynccontextmanager
async def running(newcomer: Newcomer, step: str) -> AsyncIterator[None]:
    """Cairn in the first terminal, as soon as it says what the page says that it says; ended as Ctrl+C does."""
    (command,), (ready,) = commands(step), named(step, "ready .+?")
    process = await newcomer.starts(command)
    assert process.stdout is not None
    said = b""
    try:
        async with asyncio.timeout(PATIENCE):
            while ready.encode() not in said:
                line = await process.stdout.readline()
                assert line, said.decode()
                said += line
        reading = asyncio.create_task(process.stdout.read())
        yield
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGINT)
        await process.wait()
    assert b"level=ERROR" not in await reading


async def finds_a_mistake(newcomer: Newcomer, start: str, look: str) -> None:
    """The tokens are pasted the wrong way round: Cairn does not start, and both say which is which."""
    (status, said), (told, finding) = await asyncio.gather(newcomer.types(start), newcomer.types(look))
    assert status
    assert told == 1
    for sentence in ("SLACK_BOT_TOKEN does not start with xoxb-", "SLACK_APP_TOKEN does not start with xapp-"):
        assert sentence in said
        assert f"PROBLEM  {sentence}" in finding


async def finds_none(newcomer: Newcomer, look: str, compared: str) -> None:
    """The tokens are right, and so is the app's page."""
    status, said = await newcomer.types(compared.replace("xoxe.xoxp-…", CONFIG))
    assert status == 0, said
    assert named(look, "Problems.+?")[0] in said
    assert "cannot be seen without SLACK_CONFIG_TOKEN" not in said


async def brings_people_in(slack: Slack, step: str) -> None:
    """Julia drops the file that the page describes, looks, and applies it."""
    dm = slack.dm("U0NEW", JULIA)
    content = (LANTERN / "people.csv").read_bytes()
    assert content.split(b"\n")[0].decode().split(",") == named(step, "[a-z_]+")
    (label,) = re.findall(r"preview, \*(\w+)\*", step)
    await slack.act(JULIA, "upload", channel=dm.id, name="people.csv", content_base64=_packed(content))
    pressed = await slack.until(lambda: _button(dm, label), PATIENCE)
    await slack.act(JULIA, "press", channel=dm.id, **pressed, state={})
    await slack.until(lambda: "Done" in str([one.blocks for one in dm.messages.values()]), PATIENCE)


def _packed(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _button(dm: Any, label: str) -> dict[str, str] | None:
    """The place of a button in a conversation."""
    for message in dm.messages.values():
        for block in message.blocks or ():
            for element in block.get("elements", ()):
                if element.get("type") == "button" and element["text"]["text"] == label:
                    return {"ts": message.ts, "block_id": block["block_id"], "action_id": element["action_id"]}
    return None


def test_whoever_follows_the_page_has_a_running_cairn(loop: asyncio.AbstractEventLoop, tmp_path: Path) -> None:
    async def story() -> None:
        _, _, _, settings, look, start, people, try_it = steps().values()
        front: list[Any] = []

        async def slack_app(scope: Any, receive: Any, send: Any) -> None:
            await front[0](scope, receive, send)

        async with served(slack_app) as port:
            newcomer = Newcomer(unpacked(tmp_path), f"http://127.0.0.1:{port}/")
            makes_the_app(newcomer)
            slack = workspace(newcomer)
            front.append(create(slack))
            for command in commands(settings):
                assert await newcomer.types(command) == (0, "")
            bot, app = newcomer.tokens.values()
            (install, plain, compared) = commands(look)
            status, said = await newcomer.types(install)
            assert status == 0, said
            newcomer.fills_in(settings, SLACK_BOT_TOKEN=app, SLACK_APP_TOKEN=bot, CAIRN_HR=JULIA)
            await finds_a_mistake(newcomer, commands(start)[0], plain)
            newcomer.fills_in(settings, **newcomer.tokens, CAIRN_HR=JULIA)
            await finds_none(newcomer, look, compared)
            async with running(newcomer, start):
                await finds_none(newcomer, look, compared)
                await brings_people_in(slack, people)
                (word,) = named(try_it, "/.+?")
                answer = await slack.act(JULIA, "command", channel=slack.dm("U0NEW", JULIA).id, text=word)
                assert "cycle" in str(answer)
        assert slack.findings == []

    loop.run_until_complete(story())


def test_whoever_has_no_slack_at_hand_tries_the_setup_by_the_page(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async def story() -> None:
        newcomer = Newcomer(unpacked(tmp_path), "")
        for name in ("sandbox", "examples"):
            (tmp_path / name).symlink_to(ROOT / name)
        install, start, *settings = commands(LOCAL)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        status, told = await newcomer.types(install)
        assert status == 0, told
        slack = await newcomer.starts(f"{start} --port {port}")
        try:
            assert slack.stdout is not None
            said = await asyncio.wait_for(slack.stdout.readline(), PATIENCE)
            assert said.decode() == f"A local Slack for Lantern Trading is at http://127.0.0.1:{port}/ until Ctrl+C.\n"
            (example,) = commands(steps()["Write down the settings"])
            assert await newcomer.types(example) == (0, "")
            for name, _, value in (line.replace("8080", str(port)).partition("=") for line in settings):
                newcomer.writes(name, value)
            look = steps()["Have it looked over"]
            status, told = await newcomer.types(commands(look)[1])
            assert (status, named(look, "Problems.+?")[0] in told) == (0, True), told
        finally:
            os.killpg(slack.pid, signal.SIGINT)
            assert await slack.communicate() == (b"", None)

    loop.run_until_complete(story())
