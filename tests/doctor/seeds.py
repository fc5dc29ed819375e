"""What can be set up wrongly, each with the sentence that the doctor says then."""

import asyncio
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, text

from bot.domain.endpoint import Endpoint
from bot.domain.webhook import Event, Target
from bot.store import key_rotation, outbox, people, seal_key, sources, standstill, webhooks
from bot.store.backup import BackupRow
from bot.store.db import Database
from bot.store.keys import Keys
from bot.store.sources import Every, Plan
from sandbox.state import Fault
from sandbox.workspace import App, Bot
from tests.company import APP
from tests.doctor.world import World, member


def without(name: str) -> Callable[[World], None]:
    return lambda world: world.environ.pop(name) and None


def given(**more: str) -> Callable[[World], None]:
    return lambda world: world.environ.update(more)


def faulty(error: str, method: str) -> Callable[[World], None]:
    return lambda world: world.slack.faults.update({method: Fault(error, times=10)})


def swapped(world: World) -> None:
    bot, app = world.environ["SLACK_BOT_TOKEN"], world.environ["SLACK_APP_TOKEN"]
    world.environ |= {"SLACK_BOT_TOKEN": app, "SLACK_APP_TOKEN": bot}


def another_workspace(world: World) -> None:
    for person in ("U01MEI", "U01EMILY"):
        del world.slack.people[person]


def another_app(world: World) -> None:
    token = "xapp-1-A01OTHER-5-s3cret"
    world.slack.apps["A01OTHER"] = App("A01OTHER", "Other", Bot("U0OTHER", "B0OTHER", "other"), "xoxb-o", token)
    world.environ["SLACK_APP_TOKEN"] = token


def scopes(*, less: str = "", more: str = "") -> Callable[[World], None]:
    def change(world: World) -> None:
        given = world.slack.apps[APP].scopes or frozenset()
        world.app(scopes=(given - {less}) | ({more} if more else set()))

    return change


def at(path: str, value: Any) -> Callable[[World], None]:
    return lambda world: world.at(path, value)


def migration(number: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        database = Database(world.environ["DATABASE_URL"])
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
        database.close()

    return change


def mounted(kind: str) -> Callable[[World], None]:
    return lambda world: (
        world.machine.mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nnas:/x {world.folder} {kind} rw 0 0\n") and None
    )


def no_database(content: bytes) -> Callable[[World], None]:
    return lambda world: (world.folder / "cairn.db").write_bytes(content) and None


def below_a_file(world: World) -> None:
    (world.folder / "file").touch()
    world.environ["DATABASE_URL"] = f"sqlite:///{world.folder / 'file' / 'cairn.db'}"


def written(lines: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.machine.env_file.write_text(lines)
        world.machine.env_file.chmod(0o600)

    return change


def below_nothing(world: World) -> None:
    world.environ["DATABASE_URL"] = f"sqlite:///{world.folder / 'nothing' / 'cairn.db'}"


async def refuses(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A PostgreSQL server that has no TLS, and takes no password."""
    asked = b""
    while asked[:4] != PROTOCOL:
        writer.write(b"N" if asked else b"")
        (length,) = struct.unpack("!i", await reader.readexactly(4))
        asked = await reader.readexactly(length - 4)
    told = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "c"\0\0'
    writer.write(b"E" + struct.pack("!i", len(told) + 4) + told)
    writer.close()


PROTOCOL = struct.pack("!hh", 3, 0)


def wrong_password(world: World) -> None:
    world.environ["DATABASE_URL"] = f"postgresql://c:pa55word@127.0.0.1:{world.listens(refuses)}/cairn"


def two_at_work(world: World) -> None:
    for number in ("101", "102"):
        (world.machine.processes / number / "fd").mkdir(parents=True)
        (world.machine.processes / number / "fd" / "7").symlink_to(world.folder / "cairn.db")


def readable(world: World) -> None:
    (world.folder / "cairn.db").chmod(0o644)


def sealed_with_another(world: World) -> None:
    world.stored(lambda session: seal_key.make_key(session, "q1"))
    world.environ["CAIRN_SEAL_KEY"] = "another s3cret that nothing was sealed with"


def seal_lost(world: World) -> None:
    world.stored(lambda session: seal_key.make_key(session, "q1"))
    del world.environ["CAIRN_SEAL_KEY"]


def encrypted_with_another(world: World) -> None:
    world.stored(lambda session: session.add(key_rotation.KeyRow(name="0badc0de", since=world.now)))


def halfway(world: World) -> None:
    used = Keys(world.environ["CAIRN_KEYS"]).names
    world.environ["CAIRN_KEYS"] += f" {'ab' * 32}"
    both = Keys(world.environ["CAIRN_KEYS"]).names
    assert len(both) == 2 > len(used)
    world.stored(lambda session: session.add_all(key_rotation.KeyRow(name=one, since=world.now) for one in both))


def nobody_of_hr(world: World) -> None:
    world.stored(lambda session: people.revoke(session, "U01MEI", people.HR))


def refused_lately(world: World) -> None:
    world.stored(lambda session: standstill.note(session, "chat.postMessage", "missing_scope", world.now))


def refused_before(world: World) -> None:
    world.stored(lambda session: standstill.note(session, "", "invalid_auth", world.now))


def given_up(world: World) -> None:
    def write(session: Any) -> None:
        outbox.want(session, "x", "U01EMILY", {"text": "x"}, world.now, urgent=True, kind=outbox.MESSAGE)
        session.get(outbox.OutboxRow, "x").error = "user_disabled"

    world.stored(write)


def unsigned(world: World) -> None:
    one = Target("https://hr.corp.example/cairn", "CAIRN_SECRET_HR", frozenset(Event))
    world.stored(lambda session: webhooks.keep(session, one, by="U01MEI", at=world.now))


def unasked_sources(world: World) -> None:
    one = Plan("ERP", Endpoint("https://erp.corp.example/", {}, token="CAIRN_TOKEN_ERP"), Every.DAY, 7, by_itself=True)
    world.stored(lambda session: sources.keep(session, one, by="U01MEI", at=world.now))


def backed_up(*, days: int = 0) -> Callable[[World], None]:
    """The only backup is so many days old; without any there is none."""

    def change(world: World) -> None:
        world.stored(lambda session: session.execute(delete(BackupRow)))
        if days:
            world.stored(lambda session: session.add(BackupRow(at=world.now - timedelta(days=days))))

    return change


def full(world: World) -> None:
    world.machine = replace(world.machine, free=lambda _: 3_000_000)


def asked_elsewhere(world: World) -> None:
    world.over_http()
    world.asks_at(world.url, "", "https://old.example/slack/events")


def another_detail(world: World) -> None:
    world.at("features.slash_commands", [{"command": "/cairn", "should_escape": False}])


def late(seconds: float) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.now += timedelta(seconds=seconds)

    return change


def on_mars(world: World) -> None:
    world.slack.people["U01EMILY"] = replace(world.slack.people["U01EMILY"], tz="Mars/Base")


def far_future(world: World) -> None:
    world.stored(lambda session: people.keep_members(session, [replace(member("U01LI"), tz="Asia/Shanghai")]))
    world.now = datetime(2061, 12, 3, tzinfo=UTC)


def contained(world: World) -> None:
    world.machine.container.touch()
    world.environ["PORT"] = "3000"


def over_http(front: Any = None, **more: str) -> Callable[[World], None]:
    return lambda world: world.over_http(front, **more)


def unasked(world: World) -> None:
    world.over_http()
    world.url = ""


def elsewhere(url: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.over_http()
        world.url = url

    return change


def stripping(cairn: Any) -> Any:
    """A proxy that passes no header of Slack's on."""

    async def proxy(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        kept = [(name, value) for name, value in scope["headers"] if not name.startswith(b"x-slack")]
        await cairn({**scope, "headers": kept}, receive, send)

    return proxy


def answering(status: int, *, from_bytes: int = 0) -> Callable[[Any], Any]:
    """A proxy that answers by itself, perhaps large requests alone."""

    def front(cairn: Any) -> Any:
        async def proxy(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
            if int(dict(scope["headers"])[b"content-length"]) < from_bytes:
                return await cairn(scope, receive, send)
            while (await receive()).get("more_body"):
                pass
            await send({"type": "http.response.start", "status": status, "headers": []})
            return await send({"type": "http.response.body", "body": b"proxy"})

        return proxy

    return front


TAB = "features.app_home"
SEEDS: dict[str, tuple[Callable[[World], None], str]] = {
    "no bot token": (without("SLACK_BOT_TOKEN"), "SLACK_BOT_TOKEN is missing"),
    "tokens swapped": (swapped, "SLACK_BOT_TOKEN does not start with xoxb-"),
    "token revoked": (faulty("token_revoked", "auth.test"), "Slack refuses SLACK_BOT_TOKEN (token_revoked)."),
    "token unknown": (given(SLACK_BOT_TOKEN="xoxb-s3cret"), "Slack refuses SLACK_BOT_TOKEN (invalid_auth)."),
    "Slack away": (given(SLACK_API_URL="http://127.0.0.1:1/api/"), "Slack does not answer at http://127.0.0.1:1/api/"),
    "other workspace": (another_workspace, "The token is of the workspace Lantern Trading, whose people are not those"),
    "app token unknown": (given(SLACK_APP_TOKEN="xapp-s3cret"), "Slack refuses SLACK_APP_TOKEN (invalid_auth)."),
    "app token scope": (lambda world: world.app(app_scopes=frozenset()), "lacks the scope connections:write"),
    "app token of another": (another_app, "belongs to the app A01OTHER, SLACK_BOT_TOKEN to A01CAIRN"),
    "scope missing": (scopes(less="files:read"), "The bot's token lacks files:read, without which files that HR"),
    "scope too many": (scopes(more="channels:history"), "The app may do more than Cairn needs: channels:history."),
    "nobody of HR meant": (
        given(CAIRN_HR="U01MEI,U0NOBODY"),
        "CAIRN_HR names nobody who is in this workspace: U0NOBODY",
    ),
    "leftover": (
        given(SLACK_CLIENT_ID="1", SLACK_CLIENT_SECRET="s3cret"),
        "SLACK_BOT_TOKEN and SLACK_APP_TOKEN stay empty with SLACK_CLIENT_ID",
    ),
    "page unseen": (without("SLACK_CONFIG_TOKEN"), "cannot be seen without SLACK_CONFIG_TOKEN"),
    "config token": (given(SLACK_CONFIG_TOKEN="xoxe.xoxp-s3cret"), "Slack refuses SLACK_CONFIG_TOKEN (invalid_auth)."),
    "Messages tab": (at(f"{TAB}.messages_tab_enabled", False), "The app's Messages tab is off"),
    "read-only": (at(f"{TAB}.messages_tab_read_only_enabled", True), "The app's Messages tab is read-only"),
    "Home tab": (at(f"{TAB}.home_tab_enabled", False), "The app's Home tab is off"),
    "event": (
        at("settings.event_subscriptions.bot_events", ["message.im", "team_join"]),
        "app_home_opened, user_change",
    ),
    "command": (at("features.slash_commands", []), "The app has no slash command /cairn."),
    "shortcut": (at("features.shortcuts", []), "The app lacks shortcuts: give_kudos"),
    "interactivity": (at("settings.interactivity", {"is_enabled": False}), "Interactivity is off"),
    "socket mode off": (at("settings.socket_mode_enabled", False), "SLACK_APP_TOKEN is set, and Socket Mode is off"),
    "addresses": (asked_elsewhere, "Interactivity nowhere, /cairn https://old.example/slack/events."),
    "detail": (another_detail, "Set up otherwise than in manifest.yml: /cairn should_escape."),
    "rotation": (at("settings.token_rotation_enabled", True), "Token rotation is on"),
    "no server": (
        given(DATABASE_URL="postgresql://c:pa55word@127.0.0.1:1/cairn"),
        "127.0.0.1, database cairn, user c: it",
    ),
    "wrong password": (wrong_password, "127.0.0.1, database cairn, user c: it refuses the password."),
    "two at work": (two_at_work, "cairn.db open (101, 102): one Cairn at most may work on it."),
    "no folder": (below_a_file, "/file/cairn.db, and there is no folder "),
    "no such folder": (below_nothing, "/nothing/cairn.db, and there is no folder "),
    "no database": (no_database(b"pa55word" * 200), "it is no SQLite database."),
    "older": (migration("0027"), "The database stands at migration 0027; this version needs"),
    "newer": (migration("9999"), "brought up to date by a newer Cairn (migration 9999"),
    "network disk": (mounted("nfs4"), "lies on a network file system (nfs4)"),
    "full disk": (full, "Only 3 MB are free where"),
    "readable": (readable, "Others on this machine can read"),
    "seal differs": (sealed_with_another, "is not the secret that the open rounds"),
    "seal lost": (seal_lost, "CAIRN_SEAL_KEY is missing, and so is"),
    "keys lost": (encrypted_with_another, "encrypted with a key that is not here (0badc0de): CAIRN_KEYS holds "),
    "keys short": (given(CAIRN_KEYS="s3cret"), "CAIRN_KEYS takes keys of 64 hexadecimal digits"),
    "keys twice": (given(CAIRN_KEYS_FILE="keys"), "Set CAIRN_KEYS or CAIRN_KEYS_FILE, not both"),
    "keys halfway": (halfway, "Not everything that people wrote is under the newest key."),
    "no keys": (without("CAIRN_KEYS"), "What people write is not encrypted in the database"),
    "seal short": (given(CAIRN_SEAL_KEY="s3cret"), "CAIRN_SEAL_KEY is too short to be a secret"),
    "another HR": (given(CAIRN_HR="U01EMILY"), "HR is U01MEI; CAIRN_HR names U01EMILY, and is not looked at after"),
    "mistyped in .env": (
        written("CAIRN_HRS=U01MEI\nDATABASE_ULR=sqlite:///x\nCAIRN_TOKEN_ERP=s3cret\nPATH=/bin\nSLACK_s3cret"),
        "Cairn knows no setting CAIRN_HRS (meant CAIRN_HR?), DATABASE_ULR (meant DATABASE_URL?): what stands there",
    ),
    "mistyped": (given(CAIRN_POLICE="1"), "Cairn knows no setting CAIRN_POLICE: what stands there has no effect."),
    "no HR": (nobody_of_hr, "Nobody holds HR: no cycle can be prepared."),
    "standstill": (refused_lately, "Slack lately refused chat.postMessage (missing_scope)."),
    "mended token": (refused_before, "Slack lately refused everything (invalid_auth); it takes the tokens given here."),
    "given up": (given_up, "Messages that could not be sent: 1; planned steps that failed: 0."),
    "unsigned": (unsigned, "CAIRN_SECRET_HR is missing: a system that HR named in /cairn webhooks is told nothing."),
    "no token of a source": (unasked_sources, "CAIRN_TOKEN_ERP: not set, and a source that HR named in /cairn sources"),
    "no backup": (backed_up(), "No backup of this database is known."),
    "old backup": (backed_up(days=3), "The last backup of this database is from "),
    "clock ahead": (late(90), "seconds ahead of Slack's"),
    "clock behind": (late(-90), "seconds behind Slack's"),
    "zones too old": (on_mars, "The time zones here do not have Mars/Base"),
    "year unknown": (far_future, "The workdays of CN 2061, CN 2062 are not known yet"),
    "container": (contained, "HOST is 127.0.0.1 inside a container"),
    "sockets": (given(CAIRN_SOCKETS="6"), "CAIRN_SOCKETS is 6: two processes would take more than the 10"),
    "too many sockets": (given(CAIRN_SOCKETS="11"), "Slack allows an app 1 to 10 connections"),
    "HTTP unseen": (unasked, "Whether Slack reaches Cairn over HTTP was not looked at."),
    "no TLS": (elsewhere("http://cairn.invalid/slack/events"), "an address that begins with https"),
    "unreachable": (elsewhere("http://127.0.0.1:1/slack/events"), "Nothing answers at http://127.0.0.1:1/slack/events"),
    "other secret": (over_http(secret="another"), "The Cairn behind the address has another SLACK_SIGNING_SECRET"),
    "stripped": (over_http(stripping), "The request arrives without its time of signing"),
    "bad gateway": (over_http(answering(502)), "answers 502, and not as Cairn does"),
    "small proxy": (over_http(answering(413, from_bytes=100_000)), "The proxy answers 413 to a request of 900 KB"),
}
