"""Gathers what the checks look at: Slack's answers, the database's, and what comes back from the public address."""

import asyncio
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import httpx
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor.look import UNASKED, Answer, Look, Reached
from bot.doctor.stored import read_database

PATIENCE = 10
"""Seconds that anybody has to answer."""
PAGE = 200
LARGE = 900_000
"""Bytes: less than the megabyte that Cairn takes, and far more than what a proxy takes that was not told."""


async def gather(look: Look) -> Look:
    """Ask everybody who can be asked with what there is."""
    look = replace(look, stored=await asyncio.to_thread(read_database, look.settings, look.now))
    look = await _ask_slack(look)
    if look.url:
        look = replace(look, reached=await _reach(look))
    return look


async def _ask_slack(look: Look) -> Look:
    settings = look.settings
    client = AsyncWebClient(settings.bot_token, settings.slack_api_url, PATIENCE, retry_handlers=[])
    auth = await _ask(client, "auth.test")
    socket = await _ask(client, "apps.connections.open", settings.app_token) if settings.app_token else UNASKED
    look = replace(look, auth=auth, socket=socket)
    if not auth.good:
        return look
    bot = await _ask(client, "bots.info", bot=str(auth.at("bot_id") or ""))
    look = replace(look, bot=bot, exported=await _exported(client, look, bot))
    members = await _ask(client, "users.list", limit=PAGE)
    return replace(
        look, members=members, hr=await _each(client, settings.hr), known=await _each(client, look.stored.ids)
    )


async def _exported(client: AsyncWebClient, look: Look, bot: Answer) -> Answer:
    """How the app is configured at Slack, which only a token of a person tells."""
    token, app_id = look.settings.config_token, str(bot.at("bot.app_id") or "")
    return await _ask(client, "apps.manifest.export", token, app_id=app_id) if token and app_id else UNASKED


async def _each(client: AsyncWebClient, ids: Iterable[str]) -> dict[str, Answer]:
    asked = list(ids)
    return dict(zip(asked, await asyncio.gather(*(_ask(client, "users.info", user=one) for one in asked)), strict=True))


async def _ask(client: AsyncWebClient, method: str, token: str = "", **arguments: Any) -> Answer:
    """One call, whatever comes of it."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        said = await client.api_call(method, params=arguments, headers=headers)
    except SlackApiError as error:
        given = error.response
        data = given.data if isinstance(given.data, dict) else {}
        return Answer(str(data.get("error") or f"http_{given.status_code}"), data, _small(given.headers))
    except (ClientError, TimeoutError, OSError, ValueError) as error:
        return Answer(type(error).__name__, unreached=True)
    return Answer(data=said.data if isinstance(said.data, dict) else {}, headers=_small(said.headers))


def _small(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


# The public address -----------------------------------------------------------------------------


async def _reach(look: Look) -> Reached:
    """Knock as Slack does, with a request as it verifies addresses, and with one that is as large as they come."""
    async with httpx.AsyncClient(timeout=PATIENCE) as web:
        try:
            small = await web.post(look.url, **_signed(look, {"challenge": "cairn"}))
            large = await web.post(look.url, **_signed(look, {"challenge": "cairn", "padding": "x" * LARGE}))
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Reached(trouble=type(error).__name__)
    return Reached(status=small.status_code, words=small.text[:200], large=large.status_code)


def _signed(look: Look, fields: Mapping[str, str]) -> dict[str, Any]:
    raw = json.dumps({"type": "url_verification", **fields}).encode()
    stamp = str(int(look.now.timestamp()))
    signed = hmac.new(look.settings.signing_secret.encode(), b"v0:" + stamp.encode() + b":" + raw, sha256)
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={signed.hexdigest()}"}
    return {"content": raw, "headers": {**headers, "content-type": "application/json"}}
