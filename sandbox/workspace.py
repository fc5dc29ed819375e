"""The workspace as its YAML file describes it, checked at the door."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import yaml

from sandbox.manifest import from_manifest

Record = TypeVar("Record")


class WorkspaceError(ValueError):
    """A workspace file that cannot be used; the text names the place and the mistake."""


@dataclass(frozen=True)
class Team:
    """The workspace's own name and id."""

    id: str
    name: str
    domain: str = "sandbox"
    organisation: str = ""
    """The id of the Enterprise organisation that it belongs to."""


@dataclass(frozen=True)
class Person:
    """A member, as users.info describes it."""

    id: str
    name: str
    display: str = ""
    email: str = ""
    tz: str = "UTC"
    locale: str = "en-US"
    title: str = ""
    owner: bool = False
    admin: bool = False
    bot: bool = False
    guest: bool = False
    deleted: bool = False
    team: str = ""
    """The id of another workspace, for somebody met through Slack Connect."""
    home_team: str = ""
    """The id of another workspace of the same organisation, for somebody who is in both and at home there."""

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone; one that this machine does not know passes for UTC."""
        try:
            return ZoneInfo(self.tz)
        except ZoneInfoNotFoundError:
            return ZoneInfo("UTC")


@dataclass(frozen=True)
class Room:
    """A channel at the start; `members` lists user ids."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True)
class Bot:
    """The user an app posts as."""

    user_id: str
    bot_id: str
    name: str


@dataclass(frozen=True)
class Command:
    """A slash command of an app."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False
    url: str = ""


@dataclass(frozen=True)
class Shortcut:
    """A global or message shortcut of an app."""

    name: str
    callback_id: str
    type: str = "global"
    description: str = ""


@dataclass(frozen=True)
class App:
    """An installed app. `scopes` None means every scope; with `request_url` it speaks signed HTTP.

    With `client_id` it may be installed by OAuth, which leads back to `redirect_url`.

    `app_scopes` are those of the app token; `config_token` reads `manifest`, which says how the app is configured.
    """

    id: str
    name: str
    bot: Bot
    bot_token: str
    app_token: str = ""
    config_token: str = ""
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    signing_secret: str = ""
    client_id: str = ""
    client_secret: str = ""
    redirect_url: str = ""
    request_url: str = ""
    scopes: frozenset[str] | None = None
    events: frozenset[str] = frozenset()
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Workspace:
    """Everything a workspace file says."""

    team: Team
    people: tuple[Person, ...]
    channels: tuple[Room, ...] = ()
    apps: tuple[App, ...] = field(default=())


def read_workspace(source: Path | str) -> Workspace:
    """Read a workspace from a file's path or from YAML text (a string with a line break)."""
    if isinstance(source, str) and "\n" in source:
        return _workspace(yaml.safe_load(source), Path.cwd())
    path = Path(source)
    try:
        return _workspace(yaml.safe_load(path.read_text(encoding="utf-8")), path.parent)
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror}.") from error


def read_person(raw: Any) -> Person:
    """Read one person, described as in the workspace file."""
    return _record(Person, raw, "person")


def _workspace(raw: Any, folder: Path) -> Workspace:
    _known(raw, {"team", "people", "channels", "apps"}, "the workspace")
    people = tuple(_record(Person, row, f"people[{at}]") for at, row in enumerate(raw.get("people") or ()))
    ids = [person.id for person in people]
    workspace = Workspace(
        team=_record(Team, raw.get("team"), "team"),
        people=people,
        channels=tuple(_room(row, f"channels[{at}]", ids) for at, row in enumerate(raw.get("channels") or ())),
        apps=tuple(_app(row, f"apps[{at}]", folder) for at, row in enumerate(raw.get("apps") or ())),
    )
    _check(workspace)
    return workspace


def _room(raw: Any, where: str, people: list[str]) -> Room:
    _known(raw, {each.name for each in fields(Room)}, where)
    members = people if raw.get("members", "all") == "all" else raw["members"]
    for member in members:
        if member not in people:
            raise WorkspaceError(f"{where}: nobody has the id {member}.")
    return _record(Room, {**raw, "members": tuple(members)}, where)


def _app(raw: Any, where: str, folder: Path) -> App:
    _known(raw, {each.name for each in fields(App)}, where)
    rest = dict(raw)
    if name := rest.pop("manifest", None):
        rest = _from_manifest(folder / name, where) | rest
    scopes = rest.get("scopes")
    parts = {
        "bot": _record(Bot, rest.get("bot"), f"{where}.bot"),
        "scopes": None if scopes is None else frozenset(scopes),
        "app_scopes": frozenset(rest.get("app_scopes") or ("connections:write",)),
        "events": frozenset(rest.get("events") or ()),
        "commands": tuple(_record(Command, row, f"{where}.commands") for row in rest.get("commands") or ()),
        "shortcuts": tuple(_record(Shortcut, row, f"{where}.shortcuts") for row in rest.get("shortcuts") or ()),
    }
    return _record(App, rest | parts, where)


def _from_manifest(file: Path, where: str) -> dict[str, Any]:
    """What the manifest says about an app, and the manifest."""
    try:
        manifest = yaml.safe_load(file.read_text(encoding="utf-8"))
        return from_manifest(manifest) | {"manifest": manifest}
    except (TypeError, ValueError, yaml.YAMLError) as error:
        raise WorkspaceError(f"{where}.manifest: {file} cannot be used: {error}.") from error


def _record(kind: type[Record], raw: Any, where: str) -> Record:
    """Build a dataclass from a mapping; unknown, missing and wrongly typed keys are refused."""
    parts = fields(kind)  # type: ignore[arg-type]  # every kind passed here is a dataclass
    _known(raw, {each.name for each in parts}, where)
    for each in parts:
        if each.type in {str, bool} and each.name in raw and not isinstance(raw[each.name], each.type):
            raise WorkspaceError(f"{where}.{each.name} is {raw[each.name]!r}, which is of the wrong kind.")
    try:
        return kind(**raw)
    except TypeError as error:
        raise WorkspaceError(f"{where}: {error}.") from error


def _known(raw: Any, names: Iterable[str], where: str) -> None:
    if not isinstance(raw, dict):
        raise WorkspaceError(f"{where} is missing or not a mapping.")
    for key in raw:
        if key not in names:
            raise WorkspaceError(f"{where} has the unknown key {key!r}; known are {', '.join(sorted(names))}.")


def _check(workspace: Workspace) -> None:
    if not workspace.people:
        raise WorkspaceError("A workspace needs people.")
    _unique([person.id for person in workspace.people] + [app.bot.user_id for app in workspace.apps])
    _unique([room.id for room in workspace.channels])
    _unique([token for app in workspace.apps for token in (app.bot_token, app.app_token, app.config_token) if token])
    zones = available_timezones()
    for person in workspace.people:
        if person.tz not in zones:
            raise WorkspaceError(f"{person.id}: {person.tz} is not a time zone.")


def _unique(ids: list[str]) -> None:
    for each, count in Counter(ids).items():
        if count > 1:
            raise WorkspaceError(f"{each} is used twice.")
