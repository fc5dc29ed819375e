"""The directory: who is in the workspace, as Slack knows them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.store import people
from bot.store.db import Database
from bot.store.people import Member

PAGE = 200


def read_member(user: Mapping[str, Any]) -> Member:
    """What Cairn takes over of a Slack user. Guests, bots and leavers take no part."""
    profile = user.get("profile") or {}
    outside = any(
        user.get(mark) for mark in ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
    )
    return Member(
        id=user["id"],
        name=profile.get("real_name") or user.get("real_name") or user.get("name") or user["id"],
        email=profile.get("email") or "",
        locale=user.get("locale") or "",
        tz=user.get("tz") or "UTC",
        owner=bool(user.get("is_primary_owner") or user.get("is_owner")),
        takes_part=not outside and user["id"] != "USLACKBOT",
    )


async def sync(database: Database, client: AsyncWebClient, hr: tuple[str, ...]) -> int:
    """Take over everyone from Slack, page by page; returns how many. The first HR people are named on the way."""
    met = 0
    cursor = ""
    while True:
        page = await client.users_list(limit=PAGE, cursor=cursor, include_locale=True)
        members = [read_member(user) for user in page["members"]]
        await database.run(partial(people.keep_members, members=members))
        met += len(members)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    await database.run(lambda session: people.name_first_hr(session, hr))
    return met


async def meet(database: Database, client: AsyncWebClient, user_id: str) -> None:
    """Look up somebody who acts before the directory named them."""
    user = (await client.users_info(user=user_id, include_locale=True))["user"]
    await database.run(lambda session: people.keep_member(session, read_member(user)))
