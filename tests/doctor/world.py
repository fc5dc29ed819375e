"""An installation in which nothing is wrong yet, and what the doctor finds in it."""

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.doctor import examine
from bot.doctor.finding import Finding
from bot.doctor.look import Machine
from bot.manifest import wanted_manifest
from bot.slack.desk import WallClock
from bot.store.db import Database
from bot.store.people import Member
from bot.web import Receiver
from sandbox.slack import Slack
from tests.company import APP

ROOT = Path(__file__).parent.parent.parent
LANTERN = ROOT / "examples" / "lantern"
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-lantern-cairn",
    "SLACK_APP_TOKEN": "xapp-1-A01CAIRN-5-s3cret",
    "SLACK_CONFIG_TOKEN": "xoxe.xoxp-1-s3cret",
    "CAIRN_SEAL_KEY": "s3cret" * 6,
    "CAIRN_KEYS": "5ec4e7" * 10 + "5ec4",
}
SIGNING = "s3cret-of-signing"


@dataclass
class World:
    """A workspace, a machine and an environment in which nothing is wrong yet."""

    slack: Slack
    loop: asyncio.AbstractEventLoop
    folder: Path
    environ: dict[str, str]
    machine: Machine
    now: datetime
    url: str = ""
    base: str = ""
    front: Any = None
    """What stands at the public address, if anything does."""
    others: list[asyncio.Server] = field(default_factory=list)
    """What else listens on this machine."""

    def app(self, **changes: Any) -> None:
        self.slack.apps[APP] = replace(self.slack.apps[APP], **changes)

    def at(self, path: str, value: Any) -> None:
        """Set the app up differently at Slack."""
        manifest = deepcopy(dict(self.slack.apps[APP].manifest))
        *above, last = path.split(".")
        inside = manifest
        for name in above:
            inside = inside[name]
        inside[last] = value
        self.app(manifest=manifest)

    def asks_at(self, tells: str, press: str, types: str) -> None:
        """Have Slack send events, presses and typed commands to these addresses."""
        self.at("settings.event_subscriptions.request_url", tells)
        self.at("settings.interactivity.request_url", press)
        self.at(
            "features.slash_commands",
            [{**one, "url": types} for one in wanted_manifest()["features"]["slash_commands"]],
        )

    def stored(self, do: Callable[[Any], object]) -> None:
        """Have the database know something."""
        database = Database(self.environ["DATABASE_URL"], self.environ.get("CAIRN_SEAL_KEY", ""))
        with database.unit_of_work() as session:
            do(session)
        database.close()

    def listens(self, talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> int:
        """Have something else listen on this machine; returns its port."""
        self.others.append(self.loop.run_until_complete(asyncio.start_server(talk, "127.0.0.1", 0)))
        port: int = self.others[-1].sockets[0].getsockname()[1]
        return port

    def over_http(self, front: Any = None, *, secret: str = SIGNING) -> None:
        """Cairn waits for HTTP, behind the given front."""
        del self.environ["SLACK_APP_TOKEN"]
        self.environ |= {"SLACK_SIGNING_SECRET": SIGNING, "PORT": "3000"}
        self.at("settings.socket_mode_enabled", False)
        self.url = f"{self.base}slack/events"
        self.asks_at(self.url, self.url, self.url)
        cairn: Any = Receiver(None, secret, WallClock(), _never, _never)  # type: ignore[arg-type]  # no step is run
        self.front = front(cairn) if front else cairn


async def _never() -> tuple[bool, dict[str, Any]]:
    raise AssertionError("no probe is asked")


def member(person_id: str, *, owner: bool = False) -> Member:
    return Member(person_id, person_id, "", "en-US", "America/New_York", owner, takes_part=True)


def looked(world: World) -> list[Finding]:
    """What is found; a secret is in none of it."""
    found = world.loop.run_until_complete(examine(world.environ, world.url, world.now, world.machine))
    said = " ".join(f"{one.sentence} {one.do}" for one in found)
    assert not [secret for secret in (*SECRETS.values(), SIGNING, "s3cret", "pa55word") if secret in said]
    return found
