"""The directory: who is in the workspace, as Slack knows them."""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.client import NoRoom
from bot.slack.errors import Verdict, judge
from bot.slack.inputs import part
from bot.slack.text import readable
from bot.store import people
from bot.store.db import Database
from bot.store.people import Member

log = logging.getLogger(__name__)

PAGE = 200
NOBODY = frozenset({"user_not_found", "user_not_visible", "invalid_arguments"})
"""What Slack says of an id that is nobody's, or nobody's we may see."""


def read_member(user: Mapping[str, Any], team_id: str) -> Member:
    """What Cairn takes over of a Slack user. Guests, bots, leavers and people of other workspaces take no part."""
    profile = part(user, "profile")
    names = [readable(name) for name in (profile.get("real_name"), user.get("real_name"), user.get("name"))]
    outside = any(
        user.get(mark) for mark in ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
    )
    return Member(
        id=user["id"],
        name=next((name for name in names if name), user["id"]),
        email=readable(profile.get("email")),
        locale=readable(user.get("locale")),
        tz=_known_zone(user.get("tz") or "UTC"),
        owner=bool(user.get("is_primary_owner") or user.get("is_owner")),
        takes_part=not outside and user["id"] != "USLACKBOT" and user.get("team_id", team_id) == team_id,
    )


def _is_whole(user: Mapping[str, Any]) -> bool:
    """Whether an event says all of somebody that Cairn takes over; the language is kept where it is not said."""
    return bool(readable(user.get("tz")) and readable(part(user, "profile").get("email")))


def _known_zone(tz: str) -> str:
    """The zone, or UTC for one that this machine has never heard of."""
    try:
        return ZoneInfo(tz).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"


async def sync(database: Database, client: AsyncWebClient, hr: tuple[str, ...]) -> int:
    """Take over everyone from Slack, page by page; returns how many. The first HR people are named on the way."""
    met = 0
    cursor = ""
    team_id = (await client.auth_test())["team_id"]
    while True:
        page = await _page(client, cursor)
        members = [read_member(user, team_id) for user in page["members"]]
        await database.run(partial(people.keep_members, members=members))
        met += len(members)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    unknown = await database.run(lambda session: people.name_first_hr(session, hr))
    if unknown:
        log.warning("CAIRN_HR names nobody who takes part here ids=%s", ",".join(unknown))
    return met


async def _page(client: AsyncWebClient, cursor: str) -> AsyncSlackResponse:
    """One page of the members; as long as several ask at once, Slack has each of them wait."""
    while True:
        try:
            return await client.users_list(limit=PAGE, cursor=cursor, include_locale=True)
        except SlackApiError as error:
            failure = judge(error)
            if failure is None or failure.verdict is not Verdict.WAIT:
                raise
            wait = failure.wait
        except NoRoom as full:
            wait = full.wait.total_seconds()
        await asyncio.sleep(wait)


class News:
    """What Slack says of one person: in an event, or when asked. Whose workspace this is, is asked once."""

    def __init__(self, database: Database, client: AsyncWebClient) -> None:
        self._database = database
        self._client = client
        self._team_id = ""

    async def meet(self, user_id: str) -> bool:
        """Look up somebody who acts before the directory named them; False when Slack knows nobody of this id."""
        team_id = await self._team()
        try:
            user = (await self._client.users_info(user=user_id, include_locale=True))["user"]
        except SlackApiError as error:
            if error.response.get("error") in NOBODY:
                return False
            raise
        await self._keep(user, team_id)
        return True

    async def hear(self, user: Mapping[str, Any], *, fresh: bool) -> None:
        """Take over what an event says of somebody; where it is late, or says too little, Slack is asked."""
        if fresh and _is_whole(user):
            await self._keep(user, await self._team())
        else:
            await self.meet(readable(user["id"]))

    async def _team(self) -> str:
        self._team_id = self._team_id or (await self._client.auth_test())["team_id"]
        return self._team_id

    async def _keep(self, user: Mapping[str, Any], team_id: str) -> None:
        await self._database.run(lambda session: people.keep_member(session, read_member(user, team_id)))
