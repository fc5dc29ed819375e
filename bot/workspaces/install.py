"""The pages that install Cairn: one that leads to Slack, and one that Slack leads back to."""

import asyncio
import hmac
import html
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urljoin

from slack_sdk.errors import SlackClientError
from slack_sdk.oauth import AuthorizeUrlGenerator
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.config import Settings
from bot.manifest import wanted_scopes
from bot.slack.desk import Clock, report
from bot.slack.inputs import part
from bot.slack.text import Text, plain, readable
from bot.slack.words import Words
from bot.store.db import Database
from bot.web import Answer, Page, Scope
from bot.workspaces import places, register
from bot.workspaces.register import HOME, Installation
from bot.workspaces.tokens import App, Granted, token_of

BEGIN, BACK = "/slack/install", "/slack/oauth_redirect"
STATE_LASTS = timedelta(minutes=10)
COOKIE = "cairn_install"
STYLE = "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem;color:#1d2b24}"
SECURE = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
}


class NotInstalled(Exception):  # noqa: N818 - it reads as what happened
    """Nothing was installed; the sentence says why."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Installing:
    """Leads to Slack and back, and keeps what Slack grants."""

    settings: Settings
    register: Database
    clock: Clock
    app: App
    installed: Callable[[Installation], Awaitable[None]]

    @property
    def pages(self) -> Mapping[str, Page]:
        """The pages by path."""
        return {BEGIN: self.begin, BACK: self.back}

    async def begin(self, scope: Scope) -> Answer:
        """Say what comes next, and lead to Slack. Nothing is kept: the state is signed, and bound to this browser."""
        t, browser = _words(scope), secrets.token_urlsafe(24)
        link = AuthorizeUrlGenerator(
            client_id=self.app.client_id,
            scopes=wanted_scopes(),
            authorization_url=urljoin(self.app.api_url, "/oauth/v2/authorize"),
        ).generate(_state(self.app, self.clock.now(), browser))
        said = (
            t("Cairn runs goals, check-ins, feedback and results as short conversations in Slack."),
            t("Slack shows you what Cairn may do there, and asks whether you agree. What people write is kept apart "
              "for your company, in a database of its own."),
        )  # fmt: skip
        answer = _html(t, t("Add Cairn to Slack"), *said, link=(link, t("Go on to Slack")))
        kept = f"{COOKIE}={browser}; Path=/slack; Max-Age={STATE_LASTS.seconds}; Secure; HttpOnly; SameSite=Lax"
        return answer[0], {**answer[1], "set-cookie": kept}, answer[2]

    async def back(self, scope: Scope) -> Answer:
        """Take up what Slack says, and tell what happens next."""
        t = _words(scope)
        try:
            one, is_back = await self._taken_up(scope, t)
        except NotInstalled as not_installed:
            return _again(t, 400, not_installed.sentence)
        except (SlackClientError, SQLAlchemyError, OSError, KeyError, ValueError) as error:
            ref = report(error, "install")
            return _again(
                t,
                502,
                t("The installation did not come to its end. Please start again; if that does not help, tell whoever "
                  "runs Cairn this number: {ref}.", ref=ref),
            )  # fmt: skip
        await self.installed(one)
        return _html(t, t("Cairn is in {name}", name=one.name), *_next(t, one, is_back=is_back))

    async def _taken_up(self, scope: Scope, t: Words) -> tuple[Installation, bool]:
        """The installation that came of it, and whether there was an earlier one; raises `NotInstalled`."""
        asked, now = dict(parse_qsl(scope.get("query_string", b"").decode("ascii", "replace"))), self.clock.now()
        state = asked.get("state", "")
        if not _is_ours(self.app, state, now, _cookie(scope)) or not await self._first_time(state, now):
            raise NotInstalled(
                t("This page is too old, was used before, or was opened in another browser. Nothing was installed.")
            )
        if "error" in asked or "code" not in asked:
            raise NotInstalled(t("You did not agree in Slack, so nothing was installed."))
        granted = await asyncio.to_thread(self._granted, asked["code"], t)
        one = read_installation(granted, now)
        return one, await self.register.run(lambda session: self._keep(session, one))

    async def _first_time(self, state: str, now: datetime) -> bool:
        return await self.register.run(lambda session: register.use_state(session, _hash(state), now))

    def _granted(self, code: str, t: Words) -> Granted:
        """What Slack grants for a code, if it is all that Cairn needs."""
        granted = self.app.granted(code=code)
        missing = sorted({*wanted_scopes()} - {*str(granted.get("scope")).split(",")})
        if missing:
            raise NotInstalled(
                t("Slack did not grant all that Cairn needs, so nothing was installed. Whoever runs Cairn has to look "
                  "at the app's scopes: {scopes}.", scopes=", ".join(missing))
            )  # fmt: skip
        return granted

    def _keep(self, session: Session, one: Installation) -> bool:
        """Keep the installation and have a place for its tables; whether it was here before."""
        before = register.locked(session, one.home)
        places.make(session, one.home)
        register.keep(session, one)
        return before is not None


def read_installation(granted: Granted, now: datetime) -> Installation:
    """The installation that Slack granted; raises ValueError where it is none of a bot's."""
    is_org, organisation, team = granted.get("is_enterprise_install") is True, *_named(granted)
    home, name = organisation if is_org else team
    if not HOME.fullmatch(home) or granted.get("token_type") != "bot":
        raise ValueError("this is no installation of a bot in a workspace")
    by = readable(part(granted, "authed_user").get("id"))
    return Installation(home, organisation[0], name or home, by, now, token_of(granted, now))


def _named(granted: Granted) -> tuple[tuple[str, str], tuple[str, str]]:
    """Id and name of the organisation, and of the workspace; empty where there is none."""
    organisation, team = ({**part(granted, one)} for one in ("enterprise", "team"))
    return _id_and_name(organisation), _id_and_name(team)


def _id_and_name(one: Mapping[str, Any]) -> tuple[str, str]:
    return readable(one.get("id")), readable(one.get("name"))


# The state ----------------------------------------------------------------------------------


def _state(app: App, now: datetime, browser: str) -> str:
    """What Slack brings back: when it was given, something that no other has, and our signature for this browser."""
    given = f"{int(now.timestamp())}.{secrets.token_urlsafe(16)}"
    return f"{given}.{_signature(app, given, browser)}"


def _is_ours(app: App, state: str, now: datetime, browser: str) -> bool:
    """Whether we gave this state to this browser within the last ten minutes."""
    given, _, signature = state.rpartition(".")
    if not state.isascii() or not hmac.compare_digest(signature, _signature(app, given, browser)):
        return False
    age = now.timestamp() - int(given.partition(".")[0])
    return bool(browser) and age + 1 >= 0 and age < STATE_LASTS.total_seconds()


def _signature(app: App, given: str, browser: str) -> str:
    return hmac.new(app.client_secret.encode(), f"cairn install {given} {browser}".encode(), sha256).hexdigest()


def _hash(state: str) -> str:
    return sha256(state.encode()).hexdigest()


# What browsers send and show ----------------------------------------------------------------


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for one, value in scope.get("headers", ()) if one == name), "")


def _cookie(scope: Scope) -> str:
    try:
        found = SimpleCookie(_header(scope, b"cookie")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _words(scope: Scope) -> Words:
    """The words of the language that the browser likes best; English where it is neither."""
    liked: list[tuple[float, str]] = []
    for n, one in enumerate(_header(scope, b"accept-language").lower().split(",")[:20]):
        tag, _, quality = one.strip().partition(";q=")
        weight = float(quality) if quality.replace(".", "", 1).isdecimal() else 1.0
        liked.append((-weight + n / 1000, tag[:2]))
    return Words(next((tag for _, tag in sorted(liked) if tag in {"en", "zh"}), "en"))


def _next(t: Words, one: Installation, *, is_back: bool) -> list[Text]:
    """What happens after an installation, in plain words."""
    first = t("Cairn writes to nobody of its own accord until your company begins a cycle. Whoever owns the workspace "
              "is HR there at first, and can name others.")  # fmt: skip
    said = [t("Cairn is back, and finds everything as it was.") if is_back else first]
    if one.home == one.enterprise_id:
        said.append(t("Your organisation's admins still choose the workspaces in which Cairn is to be seen."))
    return [*said, t("Open Slack, look for Cairn under Apps, and write hello: it shows the one thing to do next.")]


def _again(t: Words, status: int, sentence: Text) -> Answer:
    """A refusal, with a way to begin anew."""
    _, headers, content = _html(t, t("Cairn was not installed"), sentence, link=(BEGIN, t("Start again")))
    return status, headers, content


def _html(t: Words, title: Text, *said: Text, link: tuple[str, Text] | None = None) -> Answer:
    inside = "".join(f"<p>{_shown(one)}</p>" for one in said)
    if link:
        inside += f'<p><a href="{html.escape(link[0])}">{_shown(link[1])}</a></p>'
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
    whole = f'<!doctype html><html lang="{t.language}"><head>{head}<title>{_shown(title)}</title></head>'
    return 200, dict(SECURE), f"{whole}<body><h1>{_shown(title)}</h1>{inside}</body></html>".encode()


def _shown(text: Text) -> str:
    return html.escape(plain(text))
