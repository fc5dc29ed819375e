"""An address that values are read from: how it should be, and everything it may do to us instead."""

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.domain.endpoint import Endpoint, check_endpoint, paths_of, read_paths
from bot.domain.refusal import Refused
from bot.sources.addresses import place_of
from bot.sources.http_source import Limits, Surroundings, read_values

ANSWER = Callable[["Served", asyncio.StreamWriter], Awaitable[None]]
ROW = {"who": {"mail": "emily@lantern.example"}, "kpi": "revenue", "month": "2027-01", "amount": 1250.5}
COLUMNS = {"email": "who.mail", "measure": "kpi", "period": "month", "value": "amount", "source": "=ERP"}
QUICK = Limits(total=5, connecting=1, silence=0.2, size=200_000, pages=5, rows=1000, pause=0)


class Served:
    """One request as the server saw it."""

    def __init__(self, head: str) -> None:
        self.path = head.split(" ")[1]
        self.headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)


class Source:
    """A server on this machine that answers as it is told, path by path."""

    def __init__(self, answers: dict[str, ANSWER]) -> None:
        self.answers = answers
        self.seen: list[Served] = []
        self.port = 0
        self.open: list[tuple[asyncio.Task[None], asyncio.StreamWriter]] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.open.append((task, writer))
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.seen.append(Served(head))
            await self.answers[self.seen[-1].path](self.seen[-1], writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side had enough, or the test is over
        finally:
            writer.transport.abort() if task.cancelling() else writer.close()

    async def stop(self) -> None:
        for task, writer in self.open:
            if not task.done():
                task.cancel()
                writer.transport.abort()
        await asyncio.gather(*(task for task, _ in self.open))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def serving(**answers: ANSWER) -> AsyncIterator[Source]:
    source = Source({f"/{name}": answer for name, answer in answers.items()})
    server = await asyncio.start_server(source.take, "127.0.0.1", 0)
    source.port = server.sockets[0].getsockname()[1]
    try:
        yield source
    finally:
        server.close()
        await source.stop()


def says(body: Any, status: str = "200 OK", kind: str = "application/json", **headers: str) -> ANSWER:
    async def answer(request: Served, writer: asyncio.StreamWriter) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}"]
        extra = {"Content_Length": str(len(content)), **headers}
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in extra.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + content)

    return answer


def until_it_hangs_up(content: bytes, kind: str) -> ANSWER:
    """As old servers answer, and what a broken connection looks like: the end of it is the end of the answer."""

    async def answer(request: Served, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n".encode() + content)

    return answer


def leads_to(location: str) -> ANSWER:
    return says(b"", "302 Found", Location=location)


def reads(
    answers: dict[str, ANSWER], *, limits: Limits = QUICK, reader: Callable[..., Any] = read_values, **changes: Any
) -> tuple[Any, list[Served]]:
    """What comes of reading `/values`: the rows or the sentence of refusal; and what was asked for."""

    async def read() -> tuple[Any, list[Served]]:
        async with serving(**answers) as source:
            url = changes.pop("url", source.url + "/values").replace("PORT", str(source.port))
            endpoint = replace(Endpoint(url, COLUMNS, rows="data"), **changes)
            inside = frozenset({f"127.0.0.1:{source.port}", f"erp.lantern.example:{source.port}"})
            tokens = {"ERP": "s3cret", "HOME": "127.0.0.1 s3cret", "HR": "hr.example s3cret"}
            around = Surroundings(
                {f"CAIRN_TOKEN_{name}": token for name, token in tokens.items()}, inside, at_home, limits
            )
            try:
                return await reader(endpoint, around), source.seen
            except Refused as refused:
                return refused.sentence.text.format_map(refused.sentence.facts), source.seen

    return asyncio.run(read())


async def at_home(host: str, port: int) -> list[str]:
    known = {
        "erp.lantern.example": ["127.0.0.1"],
        "crm.lantern.example": ["127.0.0.1"],
        "rebound.example": ["10.1.2.3"],
        "two.example": ["1.1.1.1", "10.0.0.1"],
        "☃.example": ["1.1.1.1"],
    }
    return known.get(host, [host])


# How it should be -------------------------------------------------------------------------


def test_values_are_found_by_their_paths() -> None:
    rows, _ = reads({"values": says({"data": [ROW]})})
    (row,) = rows
    assert (row.line, row.email, row.measure, row.period, row.value, row.source) == (
        1, "emily@lantern.example", "revenue", "2027-01", "1250.5", "ERP",
    )  # fmt: skip


def test_pages_are_followed_to_the_last() -> None:
    second = says({"data": [ROW], "next": None})
    rows, seen = reads({"values": says({"data": [ROW], "next": "/more"}), "more": second}, following="next")
    assert [row.line for row in rows] == [1, 2]
    assert [each.path for each in seen] == ["/values", "/more"]


def test_a_cursor_becomes_a_parameter() -> None:
    last = {"values?after=b2": says({"data": [ROW]})}
    rows, _ = reads(
        {"values": says({"data": [ROW], "page": {"end": "b2"}}), **last}, following="page.end", cursor="after"
    )
    assert len(rows) == 2


def test_the_token_is_sent_and_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "bot"):
        _, seen = reads({"values": says({"data": [ROW]})}, token="CAIRN_TOKEN_ERP")
    assert seen[0].headers["Authorization"] == "Bearer s3cret"
    assert "s3cret" not in caplog.text


def test_a_busy_address_is_asked_again() -> None:
    calls = iter([says(b"", "503 Busy"), says(b"", "429 Slow down", Retry_After="0"), says({"data": [ROW]})])

    async def at_last(request: Served, writer: asyncio.StreamWriter) -> None:
        await next(calls)(request, writer)

    rows, seen = reads({"values": at_last})
    assert (len(rows), len(seen)) == (1, 3)


def test_a_redirect_on_the_same_host_is_followed_with_the_token() -> None:
    rows, seen = reads({"values": leads_to("/there"), "there": says({"data": [ROW]})}, token="CAIRN_TOKEN_ERP")
    assert len(rows) == 1
    assert seen[1].headers["Authorization"] == "Bearer s3cret"


def test_the_name_is_looked_up_once_and_its_address_is_spoken_to() -> None:
    rows, seen = reads({"values": says({"data": [ROW]})}, url="http://erp.lantern.example:PORT/values")
    assert len(rows) == 1
    assert seen[0].headers["Host"].startswith("erp.lantern.example:")


@pytest.mark.parametrize(("written", "read"), [("1.2e7", "12000000"), ("1e999999999", "1e999999999"), ("12", "12")])
def test_numbers_are_plain_digits_and_huge_ones_are_not_worked_out(written: str, read: str) -> None:
    body = json.dumps({"data": [ROW]}).replace("1250.5", written).encode()
    rows, _ = reads({"values": says(body)})
    assert rows[0].value == read


@pytest.fixture
def authority(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a reader's view of a certificate for erp.lantern.example that only they believe."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lantern")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("erp.lantern.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(private)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return served, ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))


@pytest.mark.parametrize(
    ("host", "told"),
    [("erp.lantern.example", ""), ("crm.lantern.example", "cannot be reached"), ("", "cannot be reached")],
    ids=["its name", "another name", "nobody believes it"],
)
def test_the_certificate_has_to_be_for_the_name_though_the_address_is_spoken_to(
    authority: tuple[ssl.SSLContext, ssl.SSLContext], host: str, told: str
) -> None:
    async def read() -> Any:
        source = Source({"/values": says({"data": [ROW]})})
        server = await asyncio.start_server(source.take, "127.0.0.1", 0, ssl=authority[0])
        port = server.sockets[0].getsockname()[1]
        name = host or "erp.lantern.example"
        around = Surroundings(
            {}, {f"{name}:{port}"}, at_home, replace(QUICK, silence=2), authority[1] if host else None
        )
        try:
            return await read_values(Endpoint(f"https://{name}:{port}/values", COLUMNS, rows="data"), around)
        except Refused as refused:
            return refused.sentence.text.format_map(refused.sentence.facts)
        finally:
            server.close()
            await source.stop()

    found = asyncio.run(read())
    assert told in str(found)
    assert isinstance(found, str) is bool(told)


# What it may do to us ---------------------------------------------------------------------


def test_one_that_never_answers_is_given_up() -> None:
    async def silent(request: Served, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    told, seen = reads({"values": silent})
    assert "too slow" in told
    assert len(seen) == 3


def test_one_that_answers_a_letter_at_a_time_is_given_up() -> None:
    async def trickling(request: Served, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)  # the server's own slowness, not the test's

    told, _ = reads({"values": trickling}, limits=replace(QUICK, total=0.5))
    assert "too slow" in told


def test_five_gigabytes_are_not_taken_in() -> None:
    written = 0

    async def endless(request: Served, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        while written < 5_000_000_000:
            writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
            await writer.drain()
            written += 0x10000

    told, _ = reads({"values": endless})
    assert "answers with more than" in told
    assert written < 20_000_000, "what the system buffers, and no more"


def test_one_that_says_five_gigabytes_is_not_even_read() -> None:
    told, _ = reads({"values": says(b"{}", Content_Length="5000000000")})
    assert "answers with more than" in told


def test_all_pages_together_stay_below_the_cap() -> None:
    big = {"data": [ROW], "filler": "x" * 90_000}
    pages = {f"p{n}": says({**big, "next": f"/p{n + 1}"}) for n in range(4)}
    told, seen = reads({"values": says({**big, "next": "/p0"}), **pages}, following="next")
    assert "answers with more than" in told
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (says(b"<html>", kind="text/html"), "answers with text/html, not with JSON"),
        (says(b"<html>log in</html>"), "says that it answers in JSON, but it does not"),
        (says(b"[" * 100_000), "says that it answers in JSON, but it does not"),
        (says(b"\x1f\x8b\x08packed", Content_Encoding="gzip"), "answers packed"),
        (says({"data": "none"}), "no rows at “data”"),
        (says({"data": []}), "without a single row"),
        (says({"data": [{**ROW, "amount": {"of": 1}}]}), "Row 1 has no plain value for value"),
        (says({"data": [{**ROW, "amount": "=1+1"}]}), "Line 1 holds a formula (=1+1)"),
        (says({"data": [ROW] * 1001}), "more than 1000 rows"),
        (says({"data": [ROW], "next": "/values"}), "pages of this address do not end"),
        (says({"data": [ROW], "next": "https://elsewhere.example/"}), "lies at another host"),
        (says(b"", "401 No"), "does not let me in (401)"),
        (says(b"", "404 Gone"), "answers with an error (404)"),
        (says(b"", "500 Broken"), "answers with an error (500)"),
    ],
    ids=["html", "lies", "deep", "packed", "no list", "no row", "an object", "formula", "rows", "loop", "elsewhere",
         "401", "404", "500"],
)  # fmt: skip
def test_what_is_no_answer_is_refused_in_a_sentence(answer: ANSWER, told: str) -> None:
    assert told in reads({"values": answer}, following="next")[0]


@pytest.mark.parametrize(
    "inward",
    [
        "http://127.0.0.1:1/", "http://localhost:1/", "https://10.0.0.1/", "https://192.168.1.1/", "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/", "https://[::ffff:10.0.0.1]/", "https://rebound.example/",
        "https://two.example/", "https://0.0.0.0/", "https://100.64.0.1/", "https://[64:ff9b::a00:1]/",
    ],
)  # fmt: skip
def test_a_redirect_inward_is_refused(inward: str) -> None:
    told, seen = reads({"values": leads_to(inward)})
    assert "lies inside a network" in told or "no host named" in told
    assert len(seen) == 1


@pytest.mark.parametrize(
    "elsewhere", ["http://1.1.1.1/", "ftp://1.1.1.1/", "file:///etc/passwd", "https://u:p@1.1.1.1/"]
)
def test_a_redirect_to_what_is_no_https_is_refused(elsewhere: str) -> None:
    told, seen = reads({"values": leads_to(elsewhere)})
    assert isinstance(told, str)
    assert len(seen) == 1


NO_ADDRESSES = ("http://[x", "https://1.1.1.1:99999/", "https://1.1.1.1:x/", "https://999.1.1.1/", "//[", "/\u2028")


@pytest.mark.parametrize("lie", NO_ADDRESSES)
def test_a_next_page_or_redirect_that_is_no_address_is_refused_in_a_sentence(lie: str) -> None:
    told, seen = reads({"values": says({"data": [ROW], "next": lie})}, following="next")
    assert (told, len(seen)) == ("The address leads on to something that is no address.", 1)
    if lie.isascii():
        told, _ = reads({"values": leads_to(lie)})
        assert "leads on to something that is no address" in told or "cannot be reached" in told


@pytest.mark.parametrize("lie", ["\ud800", "x" * 100_000])
def test_a_cursor_that_no_address_can_hold_is_refused(lie: str) -> None:
    told, seen = reads({"values": says({"data": [ROW], "next": lie})}, following="next", cursor="after")
    assert (told, len(seen)) == ("The address leads on to something that is no address.", 1)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (says(b"", "304 Same"), "answers with an error (304)"),
        (says(b"", "302 Found"), "answers with an error (302)"),
        (says(b"{}", Content_Length="9" * 5000), "cannot be reached"),
        (says({"data": [{**ROW, "kpi": "\ud800"}]}), "Row 1 has no plain value for measure"),
        (says({"data": [{**ROW, "kpi": "a\0b"}]}), "Row 1 has no plain value for measure"),
    ],
    ids=["unchanged", "nowhere", "huge length", "half a letter", "nul"],
)
def test_an_odd_answer_is_refused_in_a_sentence_too(answer: ANSWER, told: str) -> None:
    assert told in reads({"values": answer})[0]


def test_a_host_that_cannot_be_written_in_a_request_is_not_asked() -> None:
    told, _ = reads({}, url="https://☃.example/values")
    assert told == "☃.example cannot be reached (InvalidURL)."


def test_redirects_without_an_end_are_refused() -> None:
    told, seen = reads({"values": leads_to("/values")})
    assert "from one place to the next" in told
    assert len(seen) == 4


def test_a_token_that_is_not_set_is_named_and_nothing_is_asked() -> None:
    told, seen = reads({"values": says({"data": [ROW]})}, token="CAIRN_TOKEN_CRM")
    assert told == "The operator has not set CAIRN_TOKEN_CRM, which this address needs."
    assert seen == []


def test_a_token_that_is_for_one_host_goes_to_no_other() -> None:
    answers = {"values": says({"data": [ROW]})}
    told, seen = reads(answers, token="CAIRN_TOKEN_HR")
    assert told == "The operator gave CAIRN_TOKEN_HR for another host."
    assert seen == []
    _, seen = reads(answers, token="CAIRN_TOKEN_HOME")
    assert seen[0].headers["Authorization"] == "Bearer s3cret"


# What is refused before anything is asked -------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "erp.example/values"}, "url"),
        ({"url": "https://me:secret@erp.example/"}, "url"),
        ({"url": "https://erp.example/a b"}, "url"),
        ({"token": "SLACK_BOT_TOKEN"}, "token"),
        ({"token": "xoxb-123"}, "token"),
        ({"rows": "$..[?(@.x)]  y"}, "paths"),
        ({"columns": {"email": "e", "measure": "m", "period": "p"}}, "paths"),
        ({"columns": {**COLUMNS, "salary": "s"}}, "paths"),
    ],
)
def test_what_cannot_be_meant_is_refused_under_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_endpoint(replace(Endpoint("https://erp.example/v", COLUMNS), **changes))
    assert refused.value.field == field


def test_paths_are_written_line_by_line_and_back() -> None:
    text = "rows: data\nnext: page.next\nemail: who.mail\nmeasure: kpi\nperiod: =2027-01\nvalue: amount"
    endpoint = read_paths("https://erp.example/v", "", text.replace("rows:", "rows："))
    assert (endpoint.rows, endpoint.following, endpoint.columns["period"]) == ("data", "page.next", "=2027-01")
    assert paths_of(endpoint) == text
    with pytest.raises(Refused):
        read_paths("https://erp.example/v", "", "email who.mail")


@pytest.mark.parametrize(
    ("url", "inside", "sentence"),
    [
        ("https://10.0.0.1/", (), "lies inside"),
        ("https://169.254.169.254/", ("169.254.169.254:443",), "lies inside"),
        ("http://10.0.0.1/", ("10.0.0.1:80",), "Without https"),
        ("http://1.1.1.1/", (), "Without https"),
        ("https://10.0.0.1/", ("10.0.0.1:443",), ""),
        ("https://1.1.1.1/", (), ""),
        ("https://[2606:4700::1111]/", (), ""),
        ("https://[fec0::1]/", (), "lies inside"),
        ("https://[64:ff9b:1::a00:1]/", (), "lies inside"),
        ("https://[::ffff:0:a00:1]/", (), "lies inside"),
        ("https://[::a00:1]/", (), "lies inside"),
    ],
)
def test_only_the_operator_opens_the_inside_and_never_where_keys_lie(
    url: str, inside: tuple[str, ...], sentence: str
) -> None:
    looking = place_of(url, inside, at_home)
    if not sentence:
        assert str(asyncio.run(looking).address) in url
        return
    with pytest.raises(Refused, match=sentence):
        asyncio.run(looking)
