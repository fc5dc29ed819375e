"""Settings from the environment: read once, frozen, every mistake reported at once."""

import difflib
import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PUBLIC_SLACK = "https://slack.com/api/"
USUAL_DATABASE = "sqlite:///var/cairn.db"
MOST_SOCKETS = 10
"""How many connections Slack allows an app in Socket Mode."""
SHORTEST_SEAL_KEY = 32
USUAL_GRACE = 30
NAMES = frozenset(
    {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "CAIRN_SOCKETS", "SLACK_SIGNING_SECRET"}
    | {"PORT", "HOST", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}
    | {"CAIRN_GRACE_DAYS", "SLACK_CONFIG_TOKEN", "SLACK_API_URL", "DATABASE_URL"}
    | {"CAIRN_SEAL_KEY", "CAIRN_KEYS_FILE", "CAIRN_KEYS", "CAIRN_HR"}
    | {"CAIRN_INSIDE", "CAIRN_CLOCK_URL", "LOG_LEVEL", "LOG_FORMAT"}
)
"""All settings by name."""
FREE = ("CAIRN_TOKEN_", "CAIRN_SECRET_")
"""How names begin that an operator makes up."""
MISSPELT = 0.9
"""How like a setting's name another one is, from 0 to 1, that was surely meant to be it."""


class Misconfigured(Exception):  # noqa: N818 - it reads as what happened
    """The environment does not make a running Cairn; `problems` has a sentence for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """What an operator decides. Company policy is not here: it is data, edited in Slack."""

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    grace_days: int = USUAL_GRACE
    """Days that the database of a workspace is kept after Cairn was removed from it."""
    port: int = 0
    host: str = "127.0.0.1"
    sockets: int = 2
    slack_api_url: str = PUBLIC_SLACK
    database_url: str = field(default=USUAL_DATABASE, repr=False)
    hr: tuple[str, ...] = ()
    clock_url: str = ""
    seal_key: str = field(default="", repr=False)
    keys: str = field(default="", repr=False)
    keys_file: str = ""
    config_token: str = field(default="", repr=False)
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    inside: Collection[str] = frozenset()
    log_level: str = "INFO"
    log_format: str = "plain"

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by a socket that Cairn opens, rather than by HTTP."""
        return bool(self.app_token)

    @property
    def many(self) -> bool:
        """Whether this Cairn serves whichever workspaces install it, each with a database of its own."""
        return bool(self.client_id)


class Environment(dict[str, str]):
    """What is set, and in sentences what is wrong with the file that it came from; `read_settings` tells them."""

    def __init__(self, values: Mapping[str, str], mistakes: Iterable[str] = (), nowhere: str = "") -> None:
        super().__init__(values)
        self.mistakes = tuple(mistakes)
        self.nowhere = nowhere
        """Where there is no file, as a sentence; worth telling when a token is missing."""


def read_environment(file: Path, environ: Mapping[str, str]) -> Environment:
    """The environment, over the lines NAME=value of a file beside the project, which may be absent."""
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except FileNotFoundError:
        nowhere = (
            f"There is no {file.name} in {Path.cwd()}: begin in the project's folder, or set it in the environment."
        )
        return Environment(environ, nowhere=nowhere)
    except UnicodeDecodeError:
        return Environment(environ, [f"{file.name} cannot be read: it is not UTF-8. Save it as plain text in UTF-8."])
    except OSError as error:
        whose = "It has to be a file of the user that Cairn runs as."
        return Environment(environ, [f"{file.name} cannot be read: {error.strerror}. {whose}"])
    values: dict[str, str] = {}
    mistakes = []
    for number, line in enumerate(lines, 1):
        name, is_set, value = line.strip().removeprefix("export ").partition("=")
        name = name.strip()
        if not name or name.startswith("#"):
            continue
        values[name] = value.strip().strip("'\"")
        if not is_set:
            mistakes.append(f"Line {number} of {file.name} sets nothing: it has to be NAME=value, or begin with #.")
        elif known := meant(name, MISSPELT):
            mistakes.append(f"Line {number} of {file.name} sets {name}, which is no setting: {known} may be meant.")
    return Environment({**values, **environ}, mistakes)


def meant(name: str, alike: float) -> str:
    """The setting that a name which is none was meant to be, at least so alike (0 to 1); empty where there is none."""
    return "" if name in NAMES else next(iter(difflib.get_close_matches(name, sorted(NAMES), 1, alike)), "")


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Check the environment and make the settings of it; raises `Misconfigured` with every problem found."""
    problems = list(environ.mistakes) if isinstance(environ, Environment) else []
    settings = Settings(
        bot_token=_token(
            environ, "SLACK_BOT_TOKEN", "xoxb-", problems, required=not _given(environ, "SLACK_CLIENT_ID")
        ),
        app_token=_token(environ, "SLACK_APP_TOKEN", "xapp-", problems, required=False),
        signing_secret=_given(environ, "SLACK_SIGNING_SECRET"),
        client_id=_given(environ, "SLACK_CLIENT_ID"),
        client_secret=_given(environ, "SLACK_CLIENT_SECRET"),
        grace_days=_grace(environ, problems),
        port=_port(environ, problems),
        host=_given(environ, "HOST") or "127.0.0.1",
        sockets=_sockets(environ, problems),
        slack_api_url=_url(environ, "SLACK_API_URL", PUBLIC_SLACK, problems),
        database_url=_database(environ, problems),
        hr=_user_ids(environ, problems),
        clock_url=_url(environ, "CAIRN_CLOCK_URL", "", problems),
        seal_key=_seal_key(environ, problems),
        keys=_keys(environ, problems),
        keys_file=_given(environ, "CAIRN_KEYS_FILE"),
        config_token=_token(environ, "SLACK_CONFIG_TOKEN", "xoxe.xoxp-", problems, required=False),
        tokens={name: value.strip() for name, value in environ.items() if name.startswith(FREE[0])},
        secrets={name: value.strip() for name, value in environ.items() if name.startswith(FREE[1])},
        inside=_inside(environ, problems),
        log_level=_level(environ, problems),
        log_format=_log_format(environ, problems),
    )
    problems.extend(_transport(settings))
    problems.extend(_many(settings))
    if settings.clock_url and not is_loopback(settings.slack_api_url):
        problems.append("CAIRN_CLOCK_URL is for trying things out: it is accepted only when SLACK_API_URL is local.")
    if problems:
        raise Misconfigured(problems)
    return settings


def is_loopback(url: str) -> bool:
    """Whether a URL names this very machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _transport(settings: Settings) -> list[str]:
    if settings.app_token:
        return []
    if not settings.signing_secret:
        return ["Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET and PORT for HTTP mode."]
    if not settings.port:
        return ["HTTP mode needs PORT, the port to listen on."]
    return []


def _many(settings: Settings) -> list[str]:
    """What does not go together with many workspaces, or is missing for them."""
    if bool(settings.client_id) != bool(settings.client_secret):
        return ["For many workspaces set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, both; for one, neither."]
    if not settings.many:
        return []
    wrong = {
        "SLACK_BOT_TOKEN and SLACK_APP_TOKEN stay empty with SLACK_CLIENT_ID: each workspace brings its own token, and "
        "Slack gives out such apps over HTTP alone.": settings.bot_token or settings.app_token,
        "CAIRN_HR stays empty with SLACK_CLIENT_ID: one id may be somebody in each workspace. The owners are the first "
        "HR people.": settings.hr,
        "CAIRN_INSIDE stays empty with SLACK_CLIENT_ID: no workspace is to reach into the network of whoever runs "
        "Cairn.": settings.inside,
        "Many workspaces need CAIRN_KEYS_FILE or CAIRN_KEYS: their tokens are kept encrypted.": not (
            settings.keys or settings.keys_file
        ),
    }
    return [problem for problem, is_so in wrong.items() if is_so]


def _given(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name, "").strip()


def _grace(environ: Mapping[str, str], problems: list[str]) -> int:
    value = _given(environ, "CAIRN_GRACE_DAYS") or str(USUAL_GRACE)
    if not value.isdecimal() or int(value) > 3650:
        problems.append(f"CAIRN_GRACE_DAYS is {value!r}: it has to be a number of days, up to 3650.")
        return USUAL_GRACE
    return int(value)


def _token(environ: Mapping[str, str], name: str, prefix: str, problems: list[str], *, required: bool) -> str:
    value = environ.get(name, "").strip()
    if not value and required:
        problems.append(f"{name} is missing: it starts with {prefix} and stands on the app's page at Slack.")
    if not value and required and isinstance(environ, Environment) and environ.nowhere:
        problems.append(environ.nowhere)
    if value == prefix:
        problems.append(f"{name} is not filled in: {prefix} is only how it begins. Copy it whole, or leave it empty.")
    if value and not value.startswith(prefix):
        problems.append(f"{name} does not start with {prefix}: another token may have been pasted here.")
    return value


def _port(environ: Mapping[str, str], problems: list[str]) -> int:
    value = environ.get("PORT", "").strip()
    if not value:
        return 0
    if not value.isdecimal() or not 0 < int(value) < 65536:
        problems.append(f"PORT is {value!r}: it has to be a number from 1 to 65535.")
        return 0
    return int(value)


def _sockets(environ: Mapping[str, str], problems: list[str]) -> int:
    value = environ.get("CAIRN_SOCKETS", "").strip() or str(Settings.sockets)
    if not value.isdecimal() or not 0 < int(value) <= MOST_SOCKETS:
        problems.append(f"CAIRN_SOCKETS is {value!r}: Slack allows an app 1 to 10 connections, all processes together.")
        return Settings.sockets
    return int(value)


def _url(environ: Mapping[str, str], name: str, default: str, problems: list[str]) -> str:
    value = environ.get(name, "").strip() or default
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        problems.append(f"{name} is {value!r}: it has to be a whole URL, such as {PUBLIC_SLACK}")
    return value


def _database(environ: Mapping[str, str], problems: list[str]) -> str:
    value = environ.get("DATABASE_URL", "").strip() or USUAL_DATABASE
    if not value.startswith(("sqlite:///", "postgresql")):
        problems.append("DATABASE_URL has to start with sqlite:/// or postgresql://")
    if value.startswith("postgresql") and not _is_whole(value):
        problems.append(
            "DATABASE_URL cannot be read: a sign of the password such as @ : / ? # stands in it as %40 %3A %2F %3F %23."
        )
    return re.sub(r"^postgresql://", "postgresql+psycopg://", value)


def _is_whole(url: str) -> bool:
    """Whether an address falls into its parts where it should, with no piece of the password in another one."""
    try:
        parts = urlsplit(url)
        is_number = parts.port is None or parts.port >= 0
    except ValueError:
        return False
    password = parts.netloc.rpartition("@")[0].partition(":")[2]
    return is_number and not parts.fragment and "@" not in f"{password}{parts.path}{parts.query}"


def _seal_key(environ: Mapping[str, str], problems: list[str]) -> str:
    value = environ.get("CAIRN_SEAL_KEY", "").strip()
    if value and len(value) < SHORTEST_SEAL_KEY:
        problems.append("CAIRN_SEAL_KEY is too short to be a secret: `openssl rand -hex 32` prints a good one.")
    return value


def _keys(environ: Mapping[str, str], problems: list[str]) -> str:
    value = " ".join(part for part in re.split(r"[\s,]+", environ.get("CAIRN_KEYS", "")) if part)
    if any(not re.fullmatch(r"[0-9a-fA-F]{64}", part) for part in value.split()):
        problems.append(
            "CAIRN_KEYS takes keys of 64 hexadecimal digits with spaces between: `openssl rand -hex 32` prints one."
        )
    if value and environ.get("CAIRN_KEYS_FILE", "").strip():
        problems.append("Set CAIRN_KEYS or CAIRN_KEYS_FILE, not both: one place says which key is the first.")
    return value


def _user_ids(environ: Mapping[str, str], problems: list[str]) -> tuple[str, ...]:
    ids = tuple(part for part in re.split(r"[\s,]+", environ.get("CAIRN_HR", "")) if part)
    problems.extend(
        f"CAIRN_HR names {one!r}: it takes Slack user ids, such as U012AB3CD (a profile's menu, Copy member ID)."
        for one in ids
        if not re.fullmatch(r"[UW][A-Z0-9]{2,}", one)
    )
    return ids


def _inside(environ: Mapping[str, str], problems: list[str]) -> frozenset[str]:
    hosts = frozenset(part.casefold() for part in re.split(r"[\s,]+", environ.get("CAIRN_INSIDE", "")) if part)
    problems.extend(
        f"CAIRN_INSIDE names {one!r}: it takes hosts with their ports, such as erp.corp.example:443."
        for one in sorted(hosts)
        if not re.fullmatch(r"[^\s/]+:\d{1,5}", one)
    )
    return hosts


def _level(environ: Mapping[str, str], problems: list[str]) -> str:
    value = environ.get("LOG_LEVEL", "").strip().upper() or "INFO"
    if value not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        problems.append(f"LOG_LEVEL is {value!r}: use DEBUG, INFO, WARNING or ERROR.")
        return "INFO"
    return value


def _log_format(environ: Mapping[str, str], problems: list[str]) -> str:
    value = environ.get("LOG_FORMAT", "").strip().lower() or "plain"
    if value not in {"plain", "json"}:
        problems.append(f"LOG_FORMAT is {value!r}: use plain or json.")
        return "plain"
    return value
