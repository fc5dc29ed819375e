"""What is asked at the terminal where there are many workspaces."""

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from slack_sdk.errors import SlackClientError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.app import database_of
from bot.config import Settings
from bot.store import key_rotation
from bot.store.db import Database
from bot.store.keys import WrongKeys
from bot.store.migrate import NewerDatabase, bring_up_to_date
from bot.workspaces import places, register, tokens
from bot.workspaces.register import Installation, Token
from bot.workspaces.tokens import App

log = logging.getLogger(__name__)

Say = Callable[[str], object]
DONE, REFUSED = 0, 1
NAMED = "Say which workspace this is about: `python -m bot --workspace ID …`; `python -m bot workspaces` lists them."


class WhichWorkspace(Exception):  # noqa: N818 - it reads as what happened
    """A command is about one workspace, and none or an unknown one was named."""


def settings_for(settings: Settings, home: str, now: datetime) -> Settings:
    """The settings of the workspace that a command is about; raises `WhichWorkspace`.

    Its token is renewed if it ends soon and Slack answers: nobody else may be there to do it.
    """
    if not settings.many:
        if home:
            raise WhichWorkspace("--workspace goes with SLACK_CLIENT_ID: this Cairn has one workspace.")
        return settings
    with closing(register.opened(settings)) as database:
        with database.unit_of_work() as session:
            one = register.find(session, home)
            if one is None:
                raise WhichWorkspace(NAMED)
            places.make(session, home)
        token = _renewed(database, App.of(settings), home, now)
        return places.settings_of(settings, replace(one, token=token or one.token))


def _renewed(database: Database, app: App, home: str, now: datetime) -> Token | None:
    """The renewed token; none where Slack gives none now, for a backup needs neither."""
    try:
        return tokens.renew(database, app, home, now)
    except (SlackClientError, OSError) as error:
        log.warning("token not renewed workspace=%s error=%s", home, type(error).__name__)
        return None


def list_workspaces(settings: Settings, say: Say) -> int:
    """Say which workspaces there are, where each one's database is, and what becomes of those that were removed."""
    if not settings.many:
        say("This Cairn has one workspace; docs/many-workspaces.md says how to have many.")
        return 1
    with closing(register.opened(settings)) as database, database.unit_of_work() as session:
        every = register.everything(session)
    for one in every:
        say(f"{one.home}  {one.name}  {_state(settings, one)}  {_place(settings, one)}")
    removed = sum(one.closed_at is not None for one in every)
    say(f"Workspaces: {len(every) - removed}; removed: {removed}.")
    return 0


def remove(settings: Settings, home: str, now: datetime, ask: Callable[[str], str], say: Say) -> int:
    """Remove Cairn from a workspace of which Slack says no more, as it is when Slack says so; raises `WhichWorkspace`.

    `ask` shows a question and gives what was typed: the id, by whoever means it.
    """
    if not settings.many:
        raise WhichWorkspace("This Cairn has one workspace: stop it, and remove its database yourself.")
    with closing(register.opened(settings)) as database:
        with database.unit_of_work() as session:
            one = register.find(session, home)
        if one is None:
            raise WhichWorkspace(NAMED)
        if one.closed_at is None:
            kept = (
                f"kept until {now + register.grace(settings):%Y-%m-%d %H:%M} UTC, then deleted with all that is in it"
            )
            say(f"{one.home}  {one.name}: nothing will be planned or sent there, and its token is forgotten.")
            say(f"Its database is {kept}; whoever installs Cairn again before that finds everything as it was.")
            if ask(f"Type {one.home} to remove Cairn from it: ").strip() != one.home:
                say("Nothing was removed.")
                return REFUSED
            with database.unit_of_work() as session:
                register.close(session, home, now)
                one = register.find(session, home) or one
        say(f"{one.home}  {one.name}  {_state(settings, one)}")
        return DONE


def change_keys(settings: Settings, what: str, now: datetime, say: Say) -> int:
    """Bring the tokens of all workspaces, and what people wrote in each, under one new key."""
    adds = what == "rotate" and bool(settings.keys_file)
    with closing(register.opened(settings, before_a_key=adds)) as database:
        if adds:  # once everything opens with the keys that there are: a new one in place of a lost file opens nothing
            say(f"The key {database.keys.add()} stands first in {database.keys.file}.")
        every = _tokens_anew(database)
    return max((_change_in(settings, one, what, now, say) for one in every), default=0)


def _tokens_anew(database: Database) -> list[Installation]:
    """Bring each token under the first key: the one that stands there now, for Cairn goes on renewing them."""
    with database.unit_of_work() as session:
        every = register.everything(session)
    for one in every:
        with database.unit_of_work() as session:
            if present := register.locked(session, one.home):
                register.keep_token(session, one.home, present.token)
    return every


def _change_in(settings: Settings, one: Installation, what: str, now: datetime, say: Say) -> int:
    """The same in one workspace, whatever became of the others; the key itself was added once, for all."""
    say(f"{one.home}  {one.name}")
    own = database_of(places.settings_of(settings, one))
    try:
        bring_up_to_date(own)
        return key_rotation.run(own, "encrypt" if own.keys.file else what, now, say)
    except (SQLAlchemyError, NewerDatabase, WrongKeys) as wrong:
        why = type(wrong).__name__ if isinstance(wrong, SQLAlchemyError) else wrong
        say(f"Its database could not be gone through ({why}). Keep the older keys, mend it, and run this once more.")
        return key_rotation.REFUSED
    finally:
        own.close()


def _state(settings: Settings, one: Installation) -> str:
    if one.closed_at is None:
        return f"installed {one.installed_at:%Y-%m-%d}"
    return f"removed {one.closed_at:%Y-%m-%d}, purged {one.closed_at + register.grace(settings):%Y-%m-%d}"


def _place(settings: Settings, one: Installation) -> str:
    url = make_url(places.address(settings.database_url, one.home))
    return str(url.database) if url.get_backend_name() == "sqlite" else f"schema {places.schema(one.home)}"
