"""The command line: python -m bot serve | migrate."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence

from bot.app import build, serve
from bot.config import Misconfigured, Settings, read_settings
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit status is 0 when it did what was asked, 2 when the settings do not allow it."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Cairn, a performance cycle inside Slack.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the bot")
    commands.add_parser("migrate", help="bring the database up to date")
    chosen = parser.parse_args(arguments)
    try:
        settings = read_settings(_environment())
    except Misconfigured as wrong:
        print("Cairn cannot start:", *wrong.problems, sep="\n  - ", file=sys.stderr)  # noqa: T201 - for a person at a terminal
        return 2
    set_up_logs(settings.log_level)
    return {"serve": _serve, "migrate": _migrate}[chosen.command](settings)


def set_up_logs(level: str) -> None:
    """One line an event, key=value. The SDK's and Bolt's own lines can hold what people typed: warnings only."""
    logging.basicConfig(level=level, format="%(asctime)s level=%(levelname)s from=%(name)s %(message)s", force=True)
    for name in ("slack_sdk", "slack_bolt", "httpx", "alembic", "aiohttp", "asyncio", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat while the last round still runs is no news


def _serve(settings: Settings) -> int:
    database = Database(settings.database_url)
    bring_up_to_date(database)
    asyncio.run(_until_stopped(settings, database))
    return 0


async def _until_stopped(settings: Settings, database: Database) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await serve(await build(settings, database), stop)


def _migrate(settings: Settings) -> int:
    database = Database(settings.database_url)
    bring_up_to_date(database)
    database.close()
    return 0


def _environment() -> Mapping[str, str]:
    """The environment, over what stands in a `.env` file beside the project."""
    values: dict[str, str] = {}
    if os.path.exists(".env"):  # noqa: PTH110 - the working folder, on purpose
        with open(".env", encoding="utf-8") as file:  # noqa: PTH123 - as above
            for line in file:
                name, _, value = line.strip().partition("=")
                if name and not name.startswith("#"):
                    values[name.strip()] = value.strip().strip("'\"")
    return {**values, **os.environ}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
