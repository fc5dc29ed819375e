"""One door for every Web API call: faults, token, rate limits and scopes, then the method itself."""

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import SlackError
from sandbox.model import Channel, Json
from sandbox.state import State
from sandbox.workspace import App

TIERS = {1: 1, 2: 20, 3: 50, 4: 100, 5: 600}


@dataclass(frozen=True)
class Call:
    """One call: who calls, with which arguments."""

    state: State
    app: App
    args: Json

    def text(self, name: str) -> str:
        """Return a string argument, empty when absent."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def need(self, name: str) -> str:
        """Return a string argument that must be there."""
        if not self.text(name):
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return self.text(name)

    def flag(self, name: str) -> bool:
        """Return a boolean argument, as JSON or form sends it."""
        return str(self.args.get(name, "")).lower() in {"1", "true"}

    def whole(self, name: str, default: int) -> int:
        """Return a whole number argument."""
        try:
            return int(self.args.get(name) or default)
        except ValueError as error:
            raise SlackError(f"invalid_{name}") from error

    def data(self, name: str, wrong: str) -> Any:
        """Return a structured argument, sent as JSON or as a string of JSON; `wrong` is the error code."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as error:
            raise SlackError(wrong) from error

    def channel(self, name: str = "channel") -> Channel:
        """Return the conversation an argument names, if the app can see it."""
        channel = self.state.channels.get(self.need(name))
        if channel is None or (channel.private and self.app.bot.user_id not in channel.members):
            raise SlackError("channel_not_found")
        return channel


Run = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    """A Web API method: any one of `scopes` is enough; `tier` 0 means a limit of its own; `token` is an app's.

    With an empty `token` the app calls by its own id and secret.
    """

    run: Run
    scopes: tuple[str, ...]
    tier: int
    token: str


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, tier: int = 3, token: str = "bot_token") -> Callable[[Run], Run]:  # noqa: S107 - which one
    """Register a function as a Web API method."""

    def register(run: Run) -> Run:
        METHODS[name] = Method(run, scopes, tier, token)
        return run

    return register


@dataclass(frozen=True)
class Outcome:
    """What goes back over HTTP; `cut` says how to break the connection instead ("reset" or "hang")."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: str = ""


def call(state: State, name: str, token: str, args: Json) -> Outcome:
    """Run one Web API call; it is recorded for the inspector."""
    started = time.monotonic()
    outcome = _faulty(state, name, token, args) or _refusable(state, name, token, args)
    finding = "" if outcome.body.get("ok") else str(outcome.body.get("error", outcome.cut))
    state.record("app→slack", name, (args, outcome.body), started, finding)
    return outcome


def _faulty(state: State, name: str, token: str, args: Json) -> Outcome | None:
    fault = state.faults.get(name) or state.faults.get("*")
    if fault is None or fault.times < 1:
        return None
    fault.times -= 1
    if fault.kind == "429":
        return _limited(fault.retry_after)
    if fault.kind == "500":
        return Outcome({"ok": False, "error": "internal_error"}, 500)
    if fault.kind == "hang":
        return Outcome({"ok": False, "error": "hang"}, cut="hang")
    if fault.kind == "reset":
        return Outcome(_refusable(state, name, token, args).body, cut="reset")
    return Outcome({"ok": False, "error": fault.kind})


def _limited(seconds: int) -> Outcome:
    return Outcome({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})


def _refusable(state: State, name: str, token: str, args: Json) -> Outcome:
    try:
        return _allowed(state, name, token, args)
    except SlackError as error:
        app = _app_of(state, token)
        where = "; ".join(error.messages)
        state.find(name, app.id if app else "", error.code, where or f"{name} was refused: {error.code}.")
        messages = {"response_metadata": {"messages": error.messages}} if error.messages else {}
        return Outcome({"ok": False, "error": error.code, **messages})


def _allowed(state: State, name: str, token: str, args: Json) -> Outcome:
    found = METHODS.get(name)
    if found is None:
        raise SlackError("unknown_method")
    app = _caller(state, found, token, args)
    scopes = app.app_scopes if token == app.app_token else app.scopes
    if scopes is not None and found.scopes and not scopes & set(found.scopes):
        raise SlackError("missing_scope", [f"needed: {' or '.join(found.scopes)}"])
    wait = _over_limit(state, app, name, found, args) if state.settings.rate_limits else 0
    if wait:
        state.find(name, app.id, "ratelimited", f"{name} came too often; Retry-After is {wait} s.")
        return _limited(wait)
    headers = {} if scopes is None else {"x-oauth-scopes": ",".join(sorted(scopes))}
    return Outcome({"ok": True, **found.run(Call(state, app, args))}, headers=headers)


def _caller(state: State, found: Method, token: str, args: Json) -> App:
    """Who calls, by a token, or by the secret of the app itself."""
    if not found.token:
        for app in state.apps.values():
            if app.client_id and (app.client_id, app.client_secret) == (
                args.get("client_id"),
                args.get("client_secret"),
            ):
                return app
        raise SlackError("bad_client_secret")
    if not token:
        raise SlackError("not_authed")
    named = _app_of(state, token)
    if named is None:
        raise SlackError("invalid_auth")
    if token != getattr(named, found.token) and not (token in state.earlier and found.token == "bot_token"):  # noqa: S105 - which one
        raise SlackError("not_allowed_token_type")
    return named


def _app_of(state: State, token: str) -> App | None:
    if token in state.earlier:
        return state.apps[state.earlier[token]]
    tokens = ((app, {app.bot_token, app.app_token, app.config_token}) for app in state.apps.values())
    return next((app for app, known in tokens if token and token in known), None)


def _over_limit(state: State, app: App, name: str, found: Method, args: Json) -> int:
    if found.tier:
        return _window(state, (app.id, name), TIERS[found.tier], 60.0)
    slow = state.settings.per_channel_per_second
    wait = _window(state, (app.id, name, str(args.get("channel"))), 1, 1.0 / slow) if slow else 0
    return wait or _window(state, (app.id, name), state.settings.workspace_per_minute, 60.0)


def _window(state: State, key: tuple[str, ...], most: int, seconds: float) -> int:
    """Count a call in a sliding window; return how many whole seconds to wait when it is full."""
    now = time.monotonic()
    calls = state.calls.setdefault(key, deque())
    while calls and calls[0] <= now - seconds:
        calls.popleft()
    if len(calls) >= most:
        return max(1, round(calls[0] + seconds - now))
    calls.append(now)
    return 0


def page(call: Call, items: list[Any], most: int = 100) -> tuple[list[Any], Json]:
    """Return one page of a list by `cursor` and `limit`, and the response_metadata for the next."""
    limit = call.whole("limit", most)
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    start = call.text("cursor").removeprefix("at:")
    if start and not start.isdecimal():
        raise SlackError("invalid_cursor")
    end = int(start or 0) + limit
    return items[int(start or 0) : end], {"next_cursor": f"at:{end}" if end < len(items) else ""}
