"""An address that people or actual values are read from: where, as whom, and which part of an answer is what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.domain.refusal import Refused

TOKEN = "CAIRN_TOKEN_"  # noqa: S105 - how the names of the variables begin, not a token
"""Only variables whose names begin so are handed to a source: nobody can send another secret of ours elsewhere."""
COLUMNS = ("email", "measure", "period", "value", "source")
OPTIONAL = frozenset({"source"})
AROUND = ("rows", "next", "cursor")
"""Where the rows are, what leads to the next page, and which parameter takes it if it is no URL."""
ALWAYS = "="
"""Before what stands in a column in every row, rather than where to find it."""

_VARIABLE = re.compile(rf"{TOKEN}[A-Z0-9_]{{1,60}}")
_PATH = re.compile(r"[^.\s=]+(\.[^.\s=]+){0,9}")


class Brings(StrEnum):
    """What an address answers with; people come as SCIM 2.0 or CSV, where every column has its name."""

    VALUES = "values"
    PEOPLE = "people"


@dataclass(frozen=True)
class Endpoint:
    """What is asked for; `token` is the name of a variable, `rows`, `following` and `columns` are dotted paths.

    `following` leads to the next page: its URL, or with `cursor` the value of that parameter. All of them are for
    values alone.
    """

    url: str
    columns: Mapping[str, str]
    rows: str = ""
    token: str = ""
    following: str = ""
    cursor: str = ""
    brings: Brings = Brings.VALUES


def check_endpoint(endpoint: Endpoint) -> None:
    """Refuse an address or a path that cannot be meant, naming the input it came from."""
    check_url(endpoint.url)
    if endpoint.token and not _VARIABLE.fullmatch(endpoint.token):
        raise Refused("Name a variable that begins with {start}, not the token itself.", start=TOKEN, field="token")
    if endpoint.brings is Brings.VALUES:
        _check_paths(endpoint)


def _check_paths(endpoint: Endpoint) -> None:
    for name in ("rows", "following"):
        if (path := getattr(endpoint, name)) and not _PATH.fullmatch(path):
            raise Refused("Write the way to it with points: data.items", field="paths")
    for name, path in endpoint.columns.items():
        if name not in COLUMNS or not (path.startswith(ALWAYS) or _PATH.fullmatch(path)):
            raise Refused("Line “{text}” is no column and the way to it. Known are {known}.", text=f"{name}: {path}",
                          known=", ".join(COLUMNS), field="paths")  # fmt: skip
    if missing := [each for each in COLUMNS if each not in endpoint.columns and each not in OPTIONAL]:
        raise Refused("It is not said where to find {columns}.", columns=", ".join(missing), field="paths")


def check_url(url: str) -> None:
    """Refuse what is no whole web address, and one with a name and password in it."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or len(url) > 2000 or any(each.isspace() or not each.isprintable() for each in url):
        raise Refused("This is no whole address: it begins with https://", field="url")
    if "@" in parts.netloc:
        raise Refused("Leave name and password out of the address; a token comes from a variable.", field="url")


def check_way(url: str) -> None:
    """Refuse an address that is read without https, unless it names this machine itself."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_this_machine(parts.hostname or ""):
        raise Refused("Without https anybody on the way could change the values. Please use https.", field="url")


def is_this_machine(host: str) -> bool:
    """Whether a name of a host means this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def of_people(url: str, token: str) -> Endpoint:
    """An address that answers with the company's people."""
    endpoint = Endpoint(url, {}, token=token, brings=Brings.PEOPLE)
    check_endpoint(endpoint)
    check_way(url)
    return endpoint


def read_paths(url: str, token: str, text: str) -> Endpoint:
    """Make an endpoint of lines such as `email: person.mail`, `period: =2027-01`, `rows: data`, `next: page.next`."""
    said: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, path = (part.strip() for part in line.replace("：", ":").partition(":"))
        if not (name and colon and path) or name in said:
            raise Refused(
                "Line “{text}” is no column and the way to it. Known are {known}.",
                text=line[:80],
                known=", ".join((*COLUMNS, *AROUND)),
                field="paths",
            )
        said[name] = path
    rows, following, cursor = (said.pop(name, "") for name in AROUND)
    endpoint = Endpoint(url, said, rows, token, following, cursor)
    check_endpoint(endpoint)
    check_way(url)
    return endpoint


def paths_of(endpoint: Endpoint) -> str:
    """The lines that `read_paths` reads."""
    around = dict(zip(AROUND, (endpoint.rows, endpoint.following, endpoint.cursor), strict=True))
    return "\n".join(f"{name}: {path}" for name, path in {**around, **endpoint.columns}.items() if path)
