"""The page that installs: whatever a browser brings back, and whatever Slack grants, somebody reads a sentence."""

import json
import re
from copy import deepcopy
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.manifest import wanted_scopes
from bot.workspaces.install import BACK, BEGIN
from tests.company import Server
from tests.tenants import ORG, T1, Tenants

FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MARK = "<img src=x onerror=alert(1)>"
GRANTED = {
    "ok": True, "app_id": "A01CAIRN", "authed_user": {"id": "U01MEI"}, "scope": ",".join(wanted_scopes()),
    "token_type": "bot", "access_token": "xoxb-odd", "refresh_token": "xoxe-odd", "expires_in": 43200,
    "bot_user_id": "U0CAIRN", "team": {"id": T1, "name": "Lantern"}, "enterprise": None, "is_enterprise_install": False,
}  # fmt: skip
OURS = frozenset({"html", "head", "meta", "style", "title", "body", "h1", "p", "a"})
PUT = st.sampled_from([MARK, "", "\x00", "\ud800", "E0HARBOUR", 10**400, -1, [], [MARK], {"id": [MARK], "name": MARK}])
ANYTHING = PUT | st.none() | st.booleans() | st.integers() | st.text(max_size=6)
PLACES = [(name,) for name in GRANTED] + [("team", "id"), ("team", "name"), ("authed_user", "id")]


def shows_a_sentence(page: httpx.Response, *statuses: int) -> None:
    """A page of ours, with a way on, on which nothing acts that came from outside."""
    assert page.status_code in statuses, page.text
    assert page.text.startswith("<!doctype html>")
    assert {*re.findall(r"<([a-z0-9]+)", page.text)} <= OURS


@FEW
@given(
    query=st.text(st.characters(codec=None), max_size=40)
    | st.sampled_from([f"code={MARK}&state={MARK}", "error=x&state"]),
    cookie=st.binary(max_size=30) | st.sampled_from([b"cairn_install", b"cairn_install=x; =;", b'cairn_install="\\7"']),
    language=st.binary(max_size=20) | st.sampled_from([b"zh;q=.", b"en;q=" + b"9" * 400, b"zh;q=1e9,en"]),
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_a_browser_brings_back_it_reads_a_sentence_and_nothing_is_installed(
    tenants: Tenants, query: str, cookie: bytes, language: bytes
) -> None:
    headers = {b"cookie": cookie, b"accept-language": language}
    asked = [(name, value.replace(b"\r", b"").replace(b"\n", b"")) for name, value in headers.items()]
    address = f"{BACK}?{quote(query, safe='=&', errors='surrogatepass')}"
    shows_a_sentence(tenants.runs(tenants.web.get(address, headers=asked)), 400)
    shows_a_sentence(tenants.runs(tenants.web.get(BEGIN, headers=asked)), 200)
    assert tenants.known() == []


@FEW
@given(place=st.sampled_from(PLACES), there=st.booleans(), put=ANYTHING)
@example(("expires_in",), True, 10**400)
@example(("team", "name"), True, MARK)
@example((), True, [])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_slack_grants_the_page_has_a_sentence(
    tenants: Tenants, server: Server, place: tuple[str, ...], there: bool, put: object
) -> None:
    granted = within = deepcopy(GRANTED)
    for step in place[:-1]:
        within = within[step]
    if place and there:
        within[place[-1]] = put
    elif place:
        del within[place[-1]]
    back, slacks = tenants.led_back(T1), server.app

    async def answers(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != "/api/oauth.v2.access":
            return await slacks(scope, receive, send)
        said = json.dumps(granted if place else put).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        return await send({"type": "http.response.body", "body": said})

    server.app = answers
    shows_a_sentence(tenants.goes(back), 200, 400, 502)
    server.app = slacks
    assert {one.home for one in tenants.known()} <= {T1, ORG}
    tenants.slacks[T1].findings.clear()  # of tokens that Slack never gave
