"""The command line: python -m bot serve | migrate | import | export | packet | verify | audit | privacy-audit."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.app import build
from bot.config import Misconfigured, Settings, read_settings
from bot.handlers.imports.plain import Request, run_import
from bot.handlers.packet import run_packet
from bot.serving import serve
from bot.slack import directory
from bot.sources.followed_clock import FollowedClock
from bot.store import audit_proof, export, people, privacy_audit, seal_key, sealed
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from bot.store.seal_key import WrongSealKey
from bot.store.uploads import UploadKind

UNFINISHED = 3


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    The exit status is 0 when it did what was asked, 1 when something was refused, 2 when the settings do not allow it,
    3 when it was told to stop and something hung.
    """
    return run(_parser().parse_args(arguments), _environment())


def run(chosen: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Run a command that was understood, in an environment; to verify a file takes no settings."""
    if chosen.command == "verify":
        return export.verify(chosen.file, print)
    try:
        settings = read_settings(environ)
    except Misconfigured as wrong:
        print("Cairn cannot start:", *wrong.problems, sep="\n  - ", file=sys.stderr)  # noqa: T201 - for a person at a terminal
        return 2
    set_up_logs(settings.log_level)
    command: Callable[[Settings, argparse.Namespace], int] = chosen.run
    try:
        return command(settings, chosen)
    except WrongSealKey as wrong:
        print("Cairn cannot start:", wrong, sep="\n  - ", file=sys.stderr)  # noqa: T201 - for a person at a terminal
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Cairn, a performance cycle inside Slack.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the bot").set_defaults(run=_serve)
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=_migrate)
    imports = commands.add_parser("import", help="show what a file would change; with --apply, change it")
    imports.set_defaults(run=_import)
    imports.add_argument("kind", choices=["people", "actuals"], help="what the file is about")
    imports.add_argument("file", type=Path, help="CSV or XLSX, up to 5 MB")
    imports.add_argument(
        "--cycle", default="", help="the id of the cycle that actual values are for; else the one of most lines"
    )
    imports.add_argument("--apply", action="store_true", help="apply the file, if no line is refused")
    exports = commands.add_parser("export", help="write the results of a cycle to a JSON file")
    exports.set_defaults(run=_export)
    exports.add_argument("what", choices=["results"])
    exports.add_argument("cycle", help="the cycle's name or id")
    exports.add_argument("file", type=Path)
    audits = commands.add_parser(
        "privacy-audit", help="look for the authors of confidential answers; 1 if any is found"
    )
    audits.set_defaults(run=_privacy_audit)
    packets = commands.add_parser("packet", help="write all that is kept about a person, for that person")
    packets.set_defaults(run=_packet)
    packets.add_argument("email", help="the person's address as Slack has it")
    packets.add_argument("folder", type=Path, help="where the page and the JSON go")
    proofs = commands.add_parser("audit", help="prove who did what to whose record; 1 unless all is as it was written")
    proofs.set_defaults(run=_audit)
    proofs.add_argument("what", choices=["verify"])
    proofs.add_argument("--known", default="", metavar="N:HASH", help="the newest entry of an earlier proof")
    verifies = commands.add_parser("verify", help="calculate an exported file again; 1 unless every digit matches")
    verifies.add_argument("file", type=Path)
    return parser


def set_up_logs(level: str) -> None:
    """One line an event, key=value. The SDK's and Bolt's own lines can hold what people typed: warnings only."""
    logging.basicConfig(level=level, format="%(asctime)s level=%(levelname)s from=%(name)s %(message)s", force=True)
    for name in ("slack_sdk", "slack_bolt", "httpx", "alembic", "aiohttp", "asyncio", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat while the last round still runs is no news


def _opened(settings: Settings) -> Database:
    """The database, up to date, and its sealed answers under a secret that stands elsewhere."""
    database = Database(settings.database_url, settings.seal_key)
    bring_up_to_date(database)
    if seal_key.admit(database):
        sealed.rewrite(database)
    return database


def _serve(settings: Settings, _: argparse.Namespace) -> int:
    database = _opened(settings)
    asyncio.run(_until_stopped(settings, database))
    return 0


async def _until_stopped(settings: Settings, database: Database) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    cairn = await build(settings, database)
    if not await serve(cairn, stop):
        _leave_at_once()


def _leave_at_once() -> None:
    """Python would wait for its threads, as long as the database keeps one of them.

    What such a thread was doing is either committed or did not happen: Slack delivers it again, timers stay due, and
    what may have been posted is looked up when its lease is over.
    """
    logging.shutdown()
    os._exit(UNFINISHED)


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    database = _opened(settings)
    database.close()
    return 0


def _import(settings: Settings, chosen: argparse.Namespace) -> int:
    """Show what a file would change, and apply it when that was asked and no line is refused."""
    try:
        content = chosen.file.read_bytes()
    except OSError as error:
        print(f"{chosen.file} cannot be read: {error.strerror}", file=sys.stderr)  # noqa: T201 - for a person at a terminal
        return 1
    database = _opened(settings)
    now = asyncio.run(_meet_everyone(settings, database))
    request = Request(UploadKind(chosen.kind), content, chosen.cycle, chosen.apply)
    database = _opened(settings)
    try:
        return run_import(database, request, now, print)
    finally:
        database.close()


def _export(settings: Settings, chosen: argparse.Namespace) -> int:
    database = _opened(settings)
    try:
        return export.export_results(database, chosen.cycle, chosen.file, print)
    finally:
        database.close()


def _packet(settings: Settings, chosen: argparse.Namespace) -> int:
    now = asyncio.run(_meet_everyone(settings, _opened(settings)))
    database = _opened(settings)
    try:
        return run_packet(database, chosen.email, chosen.folder, now, print)
    finally:
        database.close()


def _audit(settings: Settings, chosen: argparse.Namespace) -> int:
    database = _opened(settings)
    try:
        return audit_proof.verify(database, chosen.known, print)
    finally:
        database.close()


def _privacy_audit(settings: Settings, _: argparse.Namespace) -> int:
    database = _opened(settings)
    try:
        return privacy_audit.run(database, print)
    finally:
        database.close()


async def _meet_everyone(settings: Settings, database: Database) -> datetime:
    """While nobody is known, ask Slack who there is; returns what time it is."""
    cairn = await build(settings, database)
    try:
        if isinstance(cairn.clock, FollowedClock):
            await cairn.clock.follow()
        if not await database.run(people.everyone):
            await directory.sync(database, cairn.client, settings.hr)
        return cairn.clock.now()
    finally:
        await cairn.close()


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
