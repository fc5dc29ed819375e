"""Sandbox and bot as two processes beside each other, for the demo, the rehearsal and the browser stories."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent
LANTERN = ROOT / "examples" / "lantern"
START = "2027-01-04T09:00:00+08:00"
"""The Monday on which Lantern Trading begins its quarter."""

PATIENCE = 30.0
"""Seconds a process may take to get ready."""


class Trouble(Exception):  # noqa: N818 - it reads as what happened
    """A process cannot run; the text is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Running:
    """Where the processes are; of bots there may be several."""

    slack_url: str
    bot_urls: tuple[str, ...]
    environment: dict[str, str]

    def health(self) -> dict[str, Any]:
        """What the bot says of itself: the time it has, what is due, what waits to be sent."""
        facts: dict[str, Any] = httpx.get(f"{self.bot_urls[0]}healthz", timeout=10).json()
        return facts

    def runs(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m bot ...` with the bot's settings."""
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def check_port(port: int) -> None:
    """Say so in a sentence when a port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Trouble(f"Port {port} is in use. Stop what uses it, or choose another: make demo PORT=8090") from None


@contextmanager
def both(slack_port: int, database_url: str, logs: Path) -> Iterator[Running]:
    """Start sandbox and bot, yield where they are, and stop both cleanly."""
    bot_port = free_port()
    slack_url = f"http://127.0.0.1:{slack_port}/"
    environment = {**os.environ, **_settings(slack_url, bot_port, database_url)}
    logs.mkdir(parents=True, exist_ok=True)
    running = Running(slack_url, (f"http://127.0.0.1:{bot_port}/",), environment)
    with sandbox(slack_port, LANTERN / "workspace.yml", environment, logs):
        bot = launch(["bot", "serve"], environment, logs / "bot.log")
        try:
            _wait_until_ready(running, bot, logs)
            yield running
        finally:
            stop(bot)


def _settings(slack_url: str, bot_port: int, database_url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": "xoxb-lantern-cairn",
        "SLACK_APP_TOKEN": "xapp-lantern-cairn",
        "SLACK_API_URL": f"{slack_url}api/",
        "CAIRN_CLOCK_URL": f"{slack_url}_/clock",
        "DATABASE_URL": database_url,
        "PORT": str(bot_port),
    }


@contextmanager
def sandbox(port: int, workspace: Path, environment: dict[str, str], logs: Path) -> Iterator[None]:
    """Run a sandbox."""
    arguments = ["--workspace", str(workspace), "--port", str(port), "--start", START]
    process = launch(["sandbox", *arguments], environment, logs / "sandbox.log")
    try:
        yield
    finally:
        stop(process)


def launch(module: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a module as a process of its own."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *module], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process: asked at first, and then made to."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(running: Running, bot: subprocess.Popen[bytes], logs: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if bot.poll() is not None:
            raise Trouble("The bot stopped:\n" + (logs / "bot.log").read_text()[-2000:])
        try:
            if _connected(running):
                return
        except (httpx.HTTPError, json.JSONDecodeError):
            pass  # not listening yet
        time.sleep(0.1)
    raise Trouble(f"The bot was not ready after {PATIENCE:.0f} seconds. Its log is {logs / 'bot.log'}")


def _connected(running: Running) -> bool:
    running.health()
    state = httpx.get(f"{running.slack_url}_/state", params={"as": "U01MEI"}, timeout=5).json()
    return all(app["connected"] for app in state["apps"])
