"""The command line: python -m bot COMMAND; `--help` lists them."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import DBAPIError

from bot import doctor
from bot.app import build, database_of, opened
from bot.config import Misconfigured, Settings, read_environment, read_settings
from bot.doctor.stored import place_of, why_silent
from bot.handlers.imports.plain import Request, run_import
from bot.handlers.packet import run_packet
from bot.handlers.pool.plain import Request as PayFile
from bot.handlers.pool.plain import import_pay
from bot.logs import set_up_logs
from bot.manifest import NoManifest
from bot.serving import CannotListen, serve
from bot.slack.desk import WallClock
from bot.slack.errors import NoAnswer, method_of, stops, to_do, token_for
from bot.sources.followed_clock import FollowedClock
from bot.store import audit_proof, export, key_rotation, people, pool_file, privacy_audit
from bot.store.backup import back_up
from bot.store.db import Database, WrongClock, check_clock
from bot.store.export_tables import Table, at_a_terminal
from bot.store.keys import WrongKeys
from bot.store.migrate import NewerDatabase, bring_up_to_date
from bot.store.restore import restore
from bot.store.seal_key import WrongSealKey
from bot.store.sqlite_file import NoPlace
from bot.store.uploads import UploadKind
from bot.workspaces import register
from bot.workspaces.commands import WhichWorkspace, change_keys, list_workspaces, remove, settings_for
from bot.workspaces.house import House
from bot.workspaces.register import NoRegister

log = logging.getLogger("bot")

REFUSED, WRONG, UNFINISHED = 1, 2, 3
MISTAKEN = (
    *(NewerDatabase, NoManifest, NoPlace, NoRegister),
    *(WhichWorkspace, WrongClock, WrongKeys, WrongSealKey),
)
"""What is raised where a setting, or what it names, has to be changed first; each is a sentence."""
FOR_ALL = frozenset({"serve", "workspaces", "keys"})
"""The commands that are about all workspaces, where there are many; each other one is about one of them."""


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    The exit status is 0 when it did what was asked, 1 when something was refused, 2 when the settings do not allow it,
    3 when it was told to stop and something hung.
    """
    return run(_parser().parse_args(arguments), read_environment(Path(".env"), os.environ))


def run(chosen: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Run a command that was understood, in an environment; to verify takes no settings, the doctor reads its own."""
    if chosen.command == "verify":
        return export.verify(chosen.file, print)
    cannot = partial(_cannot, chosen.command)
    try:
        if chosen.command == "doctor":
            return doctor.run(environ, chosen.url, WallClock().now(), print, _of_one(chosen))
        settings = read_settings(environ)
        set_up_logs(settings.log_level, settings.log_format)
        command: Callable[[Settings, argparse.Namespace], int] = chosen.run
        return command(settings if chosen.command in FOR_ALL else _of_one(chosen)(settings), chosen)
    except Misconfigured as wrong:
        return cannot(*wrong.problems)
    except MISTAKEN as wrong:
        return cannot(wrong)
    except (CannotListen, NoAnswer) as wrong:
        return cannot(wrong, status=REFUSED)
    except DBAPIError as error:
        if error.statement is not None:
            raise
        return cannot(why_silent(str(error), read_settings(environ)), status=REFUSED)  # nobody let us in
    except SlackApiError as refused:
        if not (word := stops(refused)):
            raise
        token = token_for(method_of(refused), many=read_settings(environ).many)
        return cannot(f"Slack says {word}: {to_do(word, token)}")


def _of_one(chosen: argparse.Namespace) -> Callable[[Settings], Settings]:
    """Makes settings those of the one workspace that a command is about."""
    return partial(settings_for, home=chosen.workspace, now=WallClock().now())


def _cannot(command: str, *problems: object, status: int = WRONG) -> int:
    what = "Cairn cannot start:" if command == "serve" else f"`python -m bot {command}` could not be done:"
    print(what, *problems, sep="\n  - ", file=sys.stderr)  # noqa: T201 - for a person at a terminal
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Cairn, a performance cycle inside Slack.")
    parser.add_argument("--workspace", default="", metavar="ID", help="where there are many, the one that it is about")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the bot").set_defaults(run=_serve)
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=_migrate)
    imports = commands.add_parser("import", help="show what a file would change; with --apply, change it")
    imports.set_defaults(run=_import)
    imports.add_argument("kind", choices=["people", "actuals", "pay"], help="what the file is about")
    imports.add_argument("file", type=Path, help="CSV or XLSX, up to 5 MB")
    imports.add_argument(
        "--cycle", default="", help="the id of the cycle that the values are for; else the one that fits best"
    )
    imports.add_argument("--total", default="", help="pay: the whole bonus pool; else the sum of all target bonuses")
    imports.add_argument("--raises", default="", help="pay: the budget of raises in percent of salaries; else none")
    imports.add_argument("--apply", action="store_true", help="apply the file, if no line is refused")
    exports = commands.add_parser("export", help="write results, other tables or the bonus pool of a cycle to a file")
    exports.set_defaults(run=_export)
    exports.add_argument("what", choices=["results", *Table, "pool"])
    exports.add_argument("cycle", help="the cycle's name or id")
    exports.add_argument("file", type=Path, help=".json (not the pool), .xlsx or .csv; its owner alone can read it")
    for name, does, what in (
        ("backup", _back_up, "write everything to a file"),
        ("restore", _restore, "put a backup back"),
    ):
        kept = commands.add_parser(name, help=f"{what}; a restore needs an empty database")
        kept.set_defaults(run=does)
        kept.add_argument("file", type=Path, help="JSON lines, packed with gzip")
    examines = commands.add_parser(
        "doctor", help="look for what is set up wrongly, and say what to do; 1 if it matters"
    )
    examines.add_argument("--url", default="", help="the request URL in HTTP mode, to knock at as Slack does")
    audits = commands.add_parser(
        "privacy-audit", help="look for the authors of confidential answers; 1 if any is found"
    )
    audits.set_defaults(run=_privacy_audit)
    _add_records(commands.add_parser)
    verifies = commands.add_parser("verify", help="calculate an exported file again; 1 unless every digit matches")
    verifies.add_argument("file", type=Path)
    return parser


def _add_records(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands about what is kept: in which workspaces, of whom, who did what to it, and under which keys."""
    tenants = add("workspaces", help="list the workspaces that installed Cairn, or remove it from one")
    tenants.set_defaults(run=_workspaces)
    tenants.add_argument("what", nargs="?", default="list", choices=["list", "remove"], help="remove asks for the id")
    packets = add("packet", help="write all that is kept about a person, for that person")
    packets.set_defaults(run=_packet)
    packets.add_argument("email", help="the person's address as Slack has it")
    packets.add_argument("folder", type=Path, help="where the page and the JSON go")
    proofs = add("audit", help="prove who did what to whose record; 1 unless all is as it was written")
    proofs.set_defaults(run=_audit)
    proofs.add_argument("what", choices=["verify"])
    keys = add("keys", help="change the key that encrypts what people write, while Cairn runs")
    keys.set_defaults(run=_keys)
    keys.add_argument("what", choices=["rotate", "encrypt"], help="under a new key, or under the first one there is")
    proofs.add_argument("--known", default="", metavar="N:HASH", help="the newest entry of an earlier proof")


def _serve(settings: Settings, _: argparse.Namespace) -> int:
    database = register.opened(settings) if settings.many else opened(settings)
    log.info("the database: %s", place_of(settings))
    check_clock(database, WallClock().now())
    asyncio.run(_until_stopped(settings, database))
    return 0


async def _until_stopped(settings: Settings, database: Database) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    cairn = House(settings, database) if settings.many else await build(settings, database)
    if not await serve(cairn, stop):
        _leave_at_once()


def _leave_at_once() -> None:
    """Python would wait for its threads, as long as the database keeps one of them.

    What such a thread was doing is either committed or did not happen: Slack delivers it again, timers stay due, and
    what may have been posted is looked up when its lease is over.
    """
    logging.shutdown()
    os._exit(UNFINISHED)


def _workspaces(settings: Settings, chosen: argparse.Namespace) -> int:
    if chosen.what == "remove":
        return remove(settings, chosen.workspace, WallClock().now(), _typed, print)
    return list_workspaces(settings, print)


def _typed(question: str) -> str:
    """What is typed at the terminal; nothing where there is none."""
    try:
        return input(question)
    except EOFError:
        return ""


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    database = opened(settings)
    database.close()
    return 0


def _import(settings: Settings, chosen: argparse.Namespace) -> int:
    """Show what a file would change, and apply it when that was asked and no line is refused."""
    try:
        content = chosen.file.read_bytes()
    except OSError as error:
        print(f"{chosen.file} cannot be read: {error.strerror}", file=sys.stderr)  # noqa: T201 - for a person at a terminal
        return 1
    database = opened(settings)
    now = asyncio.run(_meet_everyone(settings, database))
    database = opened(settings)
    try:
        if chosen.kind == "pay":
            return import_pay(
                database, PayFile(content, chosen.cycle, chosen.total, chosen.raises, chosen.apply), now, print
            )
        return run_import(database, Request(UploadKind(chosen.kind), content, chosen.cycle, chosen.apply), now, print)
    finally:
        database.close()


def _export(settings: Settings, chosen: argparse.Namespace) -> int:
    now = asyncio.run(_meet_everyone(settings, opened(settings)))
    database = opened(settings)
    try:
        if chosen.what == "pool":
            return pool_file.export_pool(database, chosen.cycle, chosen.file, now, print)
        what = export.RESULTS if chosen.what == "results" else at_a_terminal(Table(chosen.what), now.date())
        return export.export_to(database, what, (chosen.cycle, chosen.file), now, print)
    finally:
        database.close()


def _packet(settings: Settings, chosen: argparse.Namespace) -> int:
    now = asyncio.run(_meet_everyone(settings, opened(settings)))
    database = opened(settings)
    try:
        return run_packet(database, chosen.email, chosen.folder, now, print)
    finally:
        database.close()


def _audit(settings: Settings, chosen: argparse.Namespace) -> int:
    database = opened(settings)
    try:
        return audit_proof.verify(database, chosen.known, print)
    finally:
        database.close()


def _privacy_audit(settings: Settings, _: argparse.Namespace) -> int:
    database = opened(settings)
    try:
        return privacy_audit.run(database, print)
    finally:
        database.close()


def _back_up(settings: Settings, chosen: argparse.Namespace) -> int:
    """Write a backup; the database is neither made nor migrated for it."""
    try:
        return _with(settings, lambda database: back_up(database, chosen.file, WallClock().now(), print))
    except OSError as error:
        print(f"{chosen.file} cannot be written: {error.strerror}", file=sys.stderr)  # noqa: T201 - for a person at a terminal
        return 1


def _restore(settings: Settings, chosen: argparse.Namespace) -> int:
    return _with(settings, lambda database: restore(database, chosen.file, WallClock().now(), print))


def _keys(settings: Settings, chosen: argparse.Namespace) -> int:
    """Change the key; what is migrated already is all that can be gone through."""
    if settings.many:
        return change_keys(settings, chosen.what, WallClock().now(), print)
    database = database_of(settings)
    try:
        bring_up_to_date(database)
        return key_rotation.run(database, chosen.what, WallClock().now(), print)
    finally:
        database.close()


def _with(settings: Settings, do: Callable[[Database], int]) -> int:
    """Do something with the database as it is."""
    database = database_of(settings)
    try:
        return do(database)
    finally:
        database.close()


async def _meet_everyone(settings: Settings, database: Database) -> datetime:
    """While nobody is known, ask Slack who there is; returns what time it is."""
    cairn = await build(settings, database)
    try:
        if isinstance(cairn.clock, FollowedClock):
            await cairn.clock.follow()
        if not await database.run(people.everyone):
            await cairn.meet()
        return cairn.clock.now()
    finally:
        await cairn.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
