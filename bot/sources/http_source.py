"""An address that is read as if it were hostile: slow, endless, lying, leading inward; and actual values from one.

Where a value stands in an answer is said by plain dotted paths (`data.items`, `values.0.amount`): a query language
would do more than anybody needs here, for whoever writes the query and whoever answers it.
"""

import asyncio
import json
import ssl
import unicodedata
from collections.abc import Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from bot.domain.actuals import ActualRow
from bot.domain.endpoint import ALWAYS, Brings, Endpoint, check_endpoint, check_url
from bot.domain.refusal import Refused
from bot.sources.addresses import Place, Resolve, look_up, place_of
from bot.sources.tables import LONGEST_CELL, is_formula

Found = TypeVar("Found")

CSV = frozenset({"text/csv", "application/csv", "text/plain"})
ACCEPT = {
    Brings.VALUES: "application/json",
    Brings.PEOPLE: "application/scim+json, application/json, text/csv",
}
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_FRAMES = frozenset({"content-length", "transfer-encoding"})
"""What tells where an answer ends. JSON tells it by itself; a table that broke off looks like a shorter one."""
_NO_SUCH_PART = object()


@dataclass(frozen=True)
class Limits:
    """How much patience there is: times in seconds, `size` in bytes over all pages."""

    total: float = 120
    connecting: float = 5
    silence: float = 10
    size: int = 10_000_000
    pages: int = 200
    rows: int = 20_000
    redirects: int = 3
    tries: int = 3
    pause: float = 1
    longest_pause: float = 20


@dataclass(frozen=True)
class Surroundings:
    """What the operator gives: tokens by the name of their variable, and hosts inside that may be read."""

    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    inside: Collection[str] = frozenset()
    resolve: Resolve = look_up
    limits: Limits = Limits()
    trust: ssl.SSLContext | None = None
    """Whose certificates are believed; None for those that this machine believes."""


class _Passing(Exception):  # noqa: N818 - it reads as what happened
    """What may go well a little later; `pause` is how long the other side asks us to wait."""

    def __init__(self, reason: Refused, pause: float = 0) -> None:
        super().__init__(reason.sentence.text)
        self.reason, self.pause = reason, pause


async def read_values(endpoint: Endpoint, around: Surroundings) -> list[ActualRow]:
    """Read all pages into lines of values, unchecked; their numbers count the rows. Raises `Refused`."""
    check_endpoint(endpoint)
    reading = Reading(endpoint, around)
    records = await reading.in_time(_all_pages(reading, endpoint))
    if not records:
        raise Refused("The address answered without a single row.")
    return [_row(line, record, endpoint) for line, record in enumerate(records, 1)]


async def _all_pages(reading: "Reading", endpoint: Endpoint) -> list[Any]:
    records: list[Any] = []
    url = endpoint.url
    while url:
        page = (await reading.page(url)).json()
        records += _records(page, endpoint)
        reading.check_rows(len(records))
        url = _next(page, url, endpoint)
    return records


@dataclass(frozen=True)
class Page:
    """What an address answered: what it says that it is, and its bytes."""

    kind: str
    body: bytes

    def json(self) -> Any:
        """Its JSON; numbers stay text until they are checked: 1e999999999 is short to write and long to calculate."""
        try:
            return json.loads(self.body, parse_float=str, parse_int=str, parse_constant=str)
        except (ValueError, RecursionError):
            raise Refused("The address says that it answers in JSON, but it does not.") from None


class Reading:
    """One reading: which pages were taken in, and how much is left of what may be."""

    def __init__(self, endpoint: Endpoint, around: Surroundings) -> None:
        self._endpoint, self._around, self._limits = endpoint, around, around.limits
        self._left, self._seen = around.limits.size, set[str]()

    async def in_time(self, work: Coroutine[Any, Any, Found]) -> Found:
        """Let all of a reading happen, for as long as there is patience."""
        try:
            async with asyncio.timeout(self._limits.total):
                return await work
        except TimeoutError:
            raise _too_slow() from None

    def check_rows(self, count: int) -> None:
        """Refuse more rows than may be taken in."""
        if count > self._limits.rows:
            raise Refused("The address answered with more than {most} rows.", most=self._limits.rows)

    async def page(self, url: str) -> Page:
        """One page, once; what may go well a little later is tried again, later and later."""
        if url in self._seen or len(self._seen) >= self._limits.pages:
            raise pages_without_end()
        self._seen.add(url)
        for attempt in range(1, self._limits.tries + 1):
            try:
                return await self._followed(url)
            except _Passing as passing:
                if attempt == self._limits.tries:
                    raise passing.reason from None
                wait = max(passing.pause, self._limits.pause * 2 ** (attempt - 1))
                await asyncio.sleep(min(wait, self._limits.longest_pause))
        raise AssertionError("the last attempt returns or raises")

    async def _followed(self, url: str) -> Page:
        """An answer, after a few redirects at most; none of them leads inward."""
        first: Place | None = None
        for _ in range(self._limits.redirects + 1):
            place = await self._place(url, first)
            first = first or place
            found = await self._asked(url, place, with_token=_origin(url) == _origin(self._endpoint.url))
            if not isinstance(found, str):
                return found
            url = _joined(url, found)
        raise Refused("The address leads from one place to the next without an end.")

    async def _place(self, url: str, first: Place | None) -> Place:
        check_url(url)
        if first is None or _origin(url) == _origin(self._endpoint.url):
            return await place_of(url, self._around.inside, self._around.resolve)
        return await place_of(url, (), self._around.resolve)

    async def _asked(self, url: str, place: Place, *, with_token: bool) -> str | Page:
        """Ask once, at the address that was looked at: the place a redirect names, or what was answered."""
        try:
            request = self._request(url, place, self._headers(place.host, with_token=with_token))
            async with (
                httpx.AsyncClient(trust_env=False, verify=self._around.trust or of_this_machine()) as client,
                _Answer(await client.send(request, stream=True)) as answer,
            ):
                return await self._taken(answer)
        except httpx.TimeoutException:
            raise _Passing(_too_slow()) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _Passing(Refused("{host} cannot be reached ({why}).", host=place.host, why=_name(error))) from None

    def _request(self, url: str, place: Place, headers: Mapping[str, str]) -> httpx.Request:
        parts, limits = httpx.URL(url), self._limits
        return httpx.Request(
            "GET",
            parts.copy_with(host=str(place.address)),
            headers={"Host": parts.netloc.decode("ascii"), **headers},
            extensions={
                "sni_hostname": place.host,
                "timeout": httpx.Timeout(limits.silence, connect=limits.connecting).as_dict(),
            },
        )

    def _headers(self, host: str, *, with_token: bool) -> dict[str, str]:
        accept = ACCEPT[self._endpoint.brings]
        headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": "Cairn"}
        if not (name := self._endpoint.token) or not with_token:
            return headers
        only, _, token = self._around.tokens.get(name, "").rpartition(" ")
        if not token or not token.isascii() or not token.isprintable():
            raise Refused("The operator has not set {name}, which this address needs.", name=name)
        if only and only.strip().casefold() != host:
            raise Refused("The operator gave {name} for another host.", name=name)
        return {**headers, "Authorization": f"Bearer {token}"}

    async def _taken(self, answer: httpx.Response) -> str | Page:
        if answer.has_redirect_location:
            return str(answer.headers["location"])
        _check_status(answer)
        kind = _kind(answer, self._endpoint.brings)
        if kind in CSV and not _FRAMES & answer.headers.keys():
            raise Refused(
                "The address does not say how long its table is, so nobody could tell whether all of it came."
            )
        return Page(kind, await self._body(answer))

    async def _body(self, answer: httpx.Response) -> bytes:
        """The bytes as they come, never more than may be taken in; what it says about its own length is only a hint."""
        said = answer.headers.get("content-length", "0")
        if said.isdecimal() and int(said) > self._left:
            raise self._too_large()
        read = bytearray()
        async for chunk in answer.aiter_raw(64 * 1024):
            read += chunk
            if len(read) > self._left:
                raise self._too_large()
        self._left -= len(read)
        return bytes(read)

    def _too_large(self) -> Refused:
        return Refused("The address answers with more than {most} MB.", most=self._limits.size // 1_000_000)


class _Answer:
    """An answer that is let go of at the end, read or not."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    async def __aenter__(self) -> httpx.Response:
        return self._response

    async def __aexit__(self, *raised: object) -> None:
        await self._response.aclose()


# What came ------------------------------------------------------------------


def _check_status(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise Refused("The address does not let me in ({status}). Please look at its token.", status=str(status))
    refused = Refused("The address answers with an error ({status}).", status=str(status))
    if status in _AGAIN:
        asked = answer.headers.get("retry-after", "")
        raise _Passing(refused, float(asked) if asked.isdecimal() and len(asked) < 6 else 0)
    if status != HTTPStatus.OK:
        raise refused
    if answer.headers.get("content-encoding", "identity").casefold() != "identity":
        raise Refused("The address answers packed, which was not asked for.")


def _kind(answer: httpx.Response, brings: Brings) -> str:
    """What it says that it is; people may come as a table too."""
    kind = str(answer.headers.get("content-type", "")).partition(";")[0].strip().casefold()
    if kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
        return kind
    if brings is Brings.VALUES:
        raise Refused("The address answers with {kind}, not with JSON.", kind=kind[:60] or "–")
    if kind not in CSV:
        raise Refused("The address answers with {kind}, neither with JSON nor with CSV.", kind=kind[:60] or "–")
    return kind


def _records(page: Any, endpoint: Endpoint) -> Sequence[Any]:
    found = _at(page, endpoint.rows)
    if not isinstance(found, list):
        raise Refused("There are no rows at “{path}”.", path=endpoint.rows or "–")
    return found


def _next(page: Any, url: str, endpoint: Endpoint) -> str:
    """The next page; it lies where the first one does."""
    found = _at(page, endpoint.following) if endpoint.following else None
    if not isinstance(found, str) or not found:
        return ""
    there = with_cursor(url, endpoint.cursor, found) if endpoint.cursor else _joined(url, found)
    if _origin(there) != _origin(endpoint.url):
        raise Refused("The next page lies at another host, so I did not read it.")
    return there


def with_cursor(url: str, cursor: str, found: str) -> str:
    """The address of another page, which this parameter names."""
    try:
        return str(httpx.URL(url).copy_set_param(cursor, found))
    except (ValueError, httpx.InvalidURL):
        raise _leads_nowhere() from None


def _joined(url: str, found: str) -> str:
    """Where an answer leads on to; it may lie about that as about everything."""
    try:
        there = urljoin(url, found)
        check_url(there)
        httpx.URL(there)  # reads names of hosts more strictly
    except (ValueError, httpx.InvalidURL, Refused):
        raise _leads_nowhere() from None
    return there


def pages_without_end() -> Refused:
    """Pages that come again, or that are too many."""
    return Refused("The pages of this address do not end.")


def _leads_nowhere() -> Refused:
    return Refused("The address leads on to something that is no address.")


def _row(line: int, record: Any, endpoint: Endpoint) -> ActualRow:
    return ActualRow(line, **{name: _cell(line, name, record, path) for name, path in endpoint.columns.items()})


def _cell(line: int, name: str, record: Any, path: str) -> str:
    found = path.removeprefix(ALWAYS) if path.startswith(ALWAYS) else _at(record, path)
    if found is _NO_SUCH_PART or found is None:
        return ""
    if not isinstance(found, str) or len(found) > LONGEST_CELL or not is_text(found):
        raise Refused("Row {line} has no plain value for {name} at “{path}”.", line=line, name=name, path=path)
    if is_formula(found):
        raise Refused("Line {line} holds a formula ({cell}). Put in its value.", line=line, cell=found[:40])
    return _digits(found) if name == "value" else found.strip()


def is_text(found: str) -> bool:
    """Neither the half of a letter nor what steers a machine: no database keeps those."""
    return not any(unicodedata.category(each) in {"Cc", "Cs"} for each in found.strip())


def _digits(text: str) -> str:
    """A number as JSON may write it (1.2e7) in plain digits, where they are few."""
    if "e" not in text.casefold():
        return text.strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text.strip()
    return f"{number:f}" if number.is_finite() and abs(number.adjusted()) <= 20 else text


def _at(whole: Any, path: str) -> Any:
    """What stands at a dotted path; a number picks from a list."""
    found = whole
    for step in filter(None, path.split(".")):
        match found:
            case dict():
                found = found.get(step, _NO_SUCH_PART)
            case list() if step.isdecimal() and len(step) < 6 and int(step) < len(found):
                found = found[int(step)]
            case _:
                return _NO_SUCH_PART
    return found


@cache
def of_this_machine() -> ssl.SSLContext:
    """Whose certificates are believed: the company's own authorities too, if installed or named in SSL_CERT_FILE."""
    return ssl.create_default_context()


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def _too_slow() -> Refused:
    return Refused("The address is too slow: it did not answer in time.")


def _name(error: Exception) -> str:
    return type(error).__name__
