"""The directory: who is in the workspace, as Slack knows them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.client import NoRoom
from bot.slack.errors import Verdict, judge
from bot.slack.inputs import listed, part
from bot.slack.text import readable
from bot.store import people
from bot.store.db import Database
from bot.store.people import Member

log = logging.getLogger(__name__)

PAGE = 200
NOBODY = frozenset({"user_not_found", "user_not_visible", "invalid_arguments"})
"""What Slack says of an id that is nobody's, or nobody's we may see."""


@dataclass(frozen=True)
class Company:
    """Whose people take part: those of a workspace, or of all workspaces of an organisation that installed Cairn so."""

    team_id: str
    organisation: str = ""

    def has(self, user: Mapping[str, Any]) -> bool:
        """Whether a Slack user is one of them. In an organisation somebody may be in several workspaces."""
        theirs = part(user, "enterprise_user")
        if self.organisation:
            return theirs.get("enterprise_id") == self.organisation
        return user.get("team_id", self.team_id) == self.team_id or self.team_id in listed(theirs, "teams")

    def owned_by(self, user: Mapping[str, Any]) -> bool:
        """Whether it is theirs: a workspace's owner owns one of an organisation's workspaces alone."""
        one = part(user, "enterprise_user") if self.organisation else user
        return bool(one.get("is_primary_owner") or one.get("is_owner"))


async def company_of(client: AsyncWebClient) -> Company:
    """Whose token this is."""
    auth = await client.auth_test()
    return Company(auth["team_id"], auth.get("enterprise_id") or "" if auth.get("is_enterprise_install") else "")


def read_member(user: Mapping[str, Any], company: Company) -> Member:
    """What Cairn takes over of a Slack user. Guests, bots, leavers and people of other companies take no part."""
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
        owner=company.owned_by(user),
        takes_part=not outside and user["id"] != "USLACKBOT" and company.has(user),
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
    met, company = 0, await company_of(client)
    async for page in _members(client, company):
        members = [read_member(user, company) for user in page["members"]]
        await database.run(partial(people.keep_members, members=members))
        met += len(members)
    unknown = await database.run(lambda session: people.name_first_hr(session, hr))
    if unknown:
        log.warning("CAIRN_HR names nobody who takes part here ids=%s", ",".join(unknown))
    return met


async def _members(client: AsyncWebClient, company: Company) -> AsyncIterator[AsyncSlackResponse]:
    """Everybody, page by page; an organisation's people by the workspaces in which Cairn may be seen."""
    listed = partial(client.users_list, limit=PAGE, include_locale=True)
    if not company.organisation:
        async for page in _pages(listed):
            yield page
        return
    async for teams in _pages(partial(client.auth_teams_list, limit=PAGE)):
        for team in teams["teams"]:
            async for page in _pages(partial(listed, team_id=team["id"])):
                yield page


async def _pages(ask: Callable[..., Awaitable[AsyncSlackResponse]]) -> AsyncIterator[AsyncSlackResponse]:
    cursor = ""
    while True:
        page = await _page(partial(ask, cursor=cursor))
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


async def _page(ask: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
    """One page; as long as several ask at once, Slack has each of them wait."""
    while True:
        try:
            return await ask()
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
        self._company: Company | None = None

    async def meet(self, user_id: str) -> bool:
        """Look up somebody who acts before the directory named them; False when Slack knows nobody of this id."""
        company = await self._whose()
        try:
            user = (await self._client.users_info(user=user_id, include_locale=True))["user"]
        except SlackApiError as error:
            if error.response.get("error") in NOBODY:
                return False
            raise
        await self._keep(user, company)
        return True

    async def hear(self, user: Mapping[str, Any], *, fresh: bool) -> None:
        """Take over what an event says of somebody; where it is late, or says too little, Slack is asked."""
        if fresh and _is_whole(user):
            await self._keep(user, await self._whose())
        else:
            await self.meet(readable(user["id"]))

    async def _whose(self) -> Company:
        self._company = self._company or await company_of(self._client)
        return self._company

    async def _keep(self, user: Mapping[str, Any], company: Company) -> None:
        await self._database.run(lambda session: people.keep_member(session, read_member(user, company)))
