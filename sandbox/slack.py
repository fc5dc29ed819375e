"""The whole sandbox as one object, usable without a server."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from sandbox.acts import perform
from sandbox.api import Outcome, call
from sandbox.clock import target
from sandbox.delivery import emit
from sandbox.model import Json
from sandbox.respond import respond
from sandbox.shapes import user_shape
from sandbox.state import Deliver, State
from sandbox.workspace import Person

Found = TypeVar("Found")


class Slack(State):
    """A local Slack: `Slack(read_workspace(path), Clock())`, then `act` as people and `call` as apps."""

    def connect(self, app_id: str, deliver: Deliver) -> None:
        """Deliver this app's payloads to a Python callable instead of a socket or HTTP."""
        self.callables[app_id] = deliver

    async def until(self, true: Callable[[], Found], seconds: float = 5.0) -> Found:
        """Wait until something about this workspace is true; returns what `true` found, or raises TimeoutError."""
        loop, news, key = asyncio.get_running_loop(), asyncio.Event(), object()
        self.watchers[id(key)] = ("", lambda _: loop.call_soon_threadsafe(news.set))
        try:
            async with asyncio.timeout(seconds):
                while not (found := true()):
                    await news.wait()
                    news.clear()
        finally:
            del self.watchers[id(key)]
        return found

    async def act(self, who: str, do: str, /, **fields: Any) -> Json:
        """Do something as a person, like POST /_/act; refusals come as ActError."""
        return await perform(self, who, do, fields)

    def call(self, method: str, token: str, args: Json) -> Outcome:
        """Call a Web API method as an app, like POST /api/<method>."""
        return call(self, method, token, args)

    def respond(self, key: str, payload: Json) -> str:
        """Post to a response_url by its last path segment; returns an error code or nothing."""
        return respond(self, key, payload)

    def wind(self, winding: dict[str, str], who: str = "") -> None:
        """Wind the clock, like POST /_/clock; presets are in the zone of person `who`."""
        self.clock.wind(target(self.clock.now(), self.people[who].tz if who else "UTC", winding))
        self.changed()

    def allow(self, app_id: str) -> str:
        """Agree to an app; returns the code for which it gets its token. It names its team."""
        code = f"{self.team.id}.{self.new_id('')}"
        self.codes[code] = app_id
        return code

    async def uninstall(self, app_id: str, *events: str) -> None:
        """Remove an app: its tokens are dead, and it is told in this order, by app_uninstalled and tokens_revoked."""
        app = self.apps[app_id]
        self.apps[app_id] = replace(app, bot_token="")
        self.earlier, self.refreshes = {}, {}
        for name in events:
            tokens = {"tokens": {"oauth": [], "bot": [app.bot.user_id]}} if name == "tokens_revoked" else {}
            await emit(self, self.apps[app_id], name, {"type": name, **tokens}, "")

    async def join(self, person: Person) -> None:
        """Let a new person into the workspace; subscribed apps get team_join."""
        self.add_person(person)
        event = {"type": "team_join", "user": user_shape(self, person, locale=True)}
        for app in self.apps.values():
            await emit(self, app, "team_join", {**event, "cache_ts": int(self.seconds())}, person.id)

    async def alter(self, user: str, **changes: Any) -> Person:
        """Change a person's time zone, locale or deletion; subscribed apps get user_change."""
        person = self.change_person(self.member(user).id, **changes)
        event = {"type": "user_change", "user": user_shape(self, person, locale=True)}
        for app in self.apps.values():
            await emit(self, app, "user_change", {**event, "cache_ts": int(self.seconds())}, user)
        return person
