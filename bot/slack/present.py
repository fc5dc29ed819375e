"""Showing views: one place for every views.* call, and for what to do when Slack does not take it."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aiohttp import ClientError, ClientOSError, ServerDisconnectedError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import View
from bot.slack.flow import Hand
from bot.slack.words import Words

log = logging.getLogger(__name__)

USED_UP = {"exchanged_trigger_id", "trigger_exchanged"}
"""The trigger has opened its view."""
LARGEST_ACK = 15_000
"""Bytes on the wire. Slack closes the socket on frames above 20 KB, so larger views travel by views.* calls."""

PATIENCE = 2.5
"""Seconds that Slack has to show a view while it waits for our answer to the press; after three it shows a warning."""

Body = Mapping[str, Any]


def fits_an_ack(payload: Mapping[str, Any]) -> bool:
    """Whether an answer is small enough for the frame it travels in; measured as it is written there."""
    return len(json.dumps(payload).encode()) <= LARGEST_ACK


def body_of(view: View, t: Words) -> dict[str, Any]:
    """A view as Slack takes it, always with a way to close it."""
    return (view if view.close else replace(view, close=t("Close"))).body()


async def opened(client: AsyncWebClient, body: Body, view: View, t: Words) -> bool:
    """Open a view on top of whatever is open; False when Slack did not, for example because it took too long."""
    method = "views.push" if _in_modal(body) else "views.open"
    return await _in_time(client, method, {"trigger_id": body["trigger_id"], "view": body_of(view, t)})


async def replaced(client: AsyncWebClient, body: Body, view: View, t: Words) -> bool:
    """Put a view in the place of the one that was pressed in; elsewhere, open it."""
    if not _in_modal(body):
        return await opened(client, body, view, t)
    return await _in_time(client, "views.update", {"view_id": body["view"]["id"], "view": body_of(view, t)})


async def replaced_later(client: AsyncWebClient, view_id: str, shown: dict[str, Any]) -> None:
    """Slack has to have put the waiting view in place first, and says nothing when it has."""
    await asyncio.sleep(0.5)
    await _called(client, "views.update", {"view_id": view_id, "view": shown})


async def handed(client: AsyncWebClient, user_id: str, hand: Hand) -> View:
    """Hand somebody a message of which nothing is kept; the view to show then. Its error could hold it: not logged."""
    posting = client.chat_postMessage(channel=user_id, unfurl_links=False, unfurl_media=False, **hand.message.body())
    try:
        await asyncio.wait_for(posting, PATIENCE)
    except (SlackApiError, ClientError, TimeoutError):
        log.warning("a message was not handed over")
        return hand.failed
    return hand.view


def _in_modal(body: Body) -> bool:
    return (body.get("view") or {}).get("type") == "modal"


async def _in_time(client: AsyncWebClient, method: str, arguments: dict[str, Any]) -> bool:
    """Call while Slack waits for an answer; False also when it took too long, whatever became of the view."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _called(client, method, arguments)
    except TimeoutError:
        log.warning("not shown method=%s error=too slow", method)
        return False


async def _called(client: AsyncWebClient, method: str, arguments: dict[str, Any]) -> bool:
    try:
        await _persistently(client, method, arguments)
    except SlackApiError as error:
        log.warning("not shown method=%s error=%s", method, error.response.get("error", "?"))
    except (ClientError, TimeoutError, OSError) as error:
        log.warning("not shown method=%s error=%s", method, type(error).__name__)
    else:
        return True
    return False


async def _persistently(client: AsyncWebClient, method: str, arguments: dict[str, Any]) -> None:
    """Call, and once more when the connection was gone: a trigger is good for one view, so there cannot be two."""
    try:
        await client.api_call(method, json=arguments)
    except (ServerDisconnectedError, ClientOSError):
        try:
            await client.api_call(method, json=arguments)
        except SlackApiError as error:
            if error.response.get("error") not in USED_UP:
                raise
