"""Files from people, fetched before the unit of work and never larger than a cap; and files for them, laid at Slack."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, StreamReader
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import is_loopback
from bot.domain.refusal import N_, Refused
from bot.slack.inputs import File, elements
from bot.slack.text import readable

log = logging.getLogger(__name__)

NOT_HANDED_OUT = N_("Slack did not hand out this file. Please send it again.")
LARGEST = 5 * 1024 * 1024
"""Bytes; a file that its readers take, of 20,000 rows at most, is smaller."""


def given(view: Mapping[str, Any]) -> bool:
    """Whether a file was chosen in a form."""
    return any(element.get("type") == "file_input" and first_of(element) for _, element in elements(view))


async def fetch_given(client: AsyncWebClient, view: Mapping[str, Any]) -> dict[str, File]:
    """The files chosen in a form, by the name of the input."""
    fetched: dict[str, File] = {}
    for block_id, element in elements(view):
        if element.get("type") == "file_input" and (file := first_of(element)):
            fetched[block_id] = await fetch(client, file)
    return fetched


def first_of(carrier: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first file of an input or a message; empty when it has none."""
    given = carrier.get("files")
    return given[0] if isinstance(given, list) and given and isinstance(given[0], dict) else {}


async def fetch(client: AsyncWebClient, file: Mapping[str, Any]) -> File:
    """Download one file; a larger one comes back cut one byte above the cap, and its reader refuses it."""
    try:
        return await _fetch(client, file)
    except (SlackApiError, ClientError, TimeoutError) as error:
        log.warning("file not fetched error=%s", type(error).__name__)
        raise Refused(NOT_HANDED_OUT) from None


async def _fetch(client: AsyncWebClient, file: Mapping[str, Any]) -> File:
    info = file if "url_private" in file else (await client.files_info(file=readable(file.get("id"))))["file"]
    if not _at_slack(client, info["url_private"]):
        raise Refused("This file does not lie at Slack. Please upload the file itself.")
    headers = {"Authorization": f"Bearer {client.token}"}
    async with (
        ClientSession(timeout=ClientTimeout(total=30)) as session,
        session.get(info["url_private"], headers=headers, allow_redirects=False) as response,
    ):
        if response.status != HTTPStatus.OK:
            raise Refused(NOT_HANDED_OUT)
        content = await _read(response.content)
    return File(readable(info.get("name")) or "file", content)


def is_own(body: Mapping[str, Any]) -> bool:
    """Whether an event tells of a message of ours: a file that Cairn handed out comes back as one."""
    told = body.get("authorizations")
    ours = [one.get("user_id") for one in told if isinstance(one, dict)] if isinstance(told, Sequence) else []
    return body["event"].get("user") in ours


async def lay(client: AsyncWebClient, name: str, content: bytes) -> str:
    """Lay a file at Slack, where nobody sees it before it is shared; returns its id."""
    place = await client.files_getUploadURLExternal(filename=name, length=len(content))
    if not _at_slack(client, place["upload_url"]):
        raise ValueError("Slack names a place that is not its own")
    async with (
        ClientSession(timeout=ClientTimeout(total=30)) as session,
        session.post(place["upload_url"], data=content, allow_redirects=False) as response,
    ):
        response.raise_for_status()
    return str(place["file_id"])


def _at_slack(client: AsyncWebClient, url: str) -> bool:
    """Whether a file lies at Slack itself: our token goes nowhere else."""
    ours, theirs = urlsplit(client.base_url), urlsplit(url)
    host = theirs.hostname or ""
    same = (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)
    here = is_loopback(url) and is_loopback(client.base_url) and theirs.port == ours.port
    return same or here or (theirs.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com")))


async def _read(stream: StreamReader) -> bytes:
    read = bytearray()
    async for chunk in stream.iter_chunked(64 * 1024):
        read += chunk
        if len(read) > LARGEST:
            break
    return bytes(read[: LARGEST + 1])
