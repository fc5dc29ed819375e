"""Whose a request is: the installation that it came through, who acts, and whether it says that Cairn was removed."""

from datetime import UTC, datetime

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.inputs import part
from bot.slack.text import readable
from bot.workspaces.register import HOME, Installation


def home_of(request: AsyncBoltRequest) -> str:
    """The workspace, or the organisation that installed Cairn for all of its own; nothing when it names none.

    Slack wrote what is read here, whoever acts: nothing of it was typed, chosen or carried by anybody.
    """
    context = request.context
    found = context.enterprise_id if context.is_enterprise_install else context.team_id
    return found if isinstance(found, str) and HOME.fullmatch(found) else ""


def homes_of(request: AsyncBoltRequest, now: datetime) -> list[str]:
    """The installations that a request may have come through, by the first of them that there is.

    What is said of a removal may leave out which one it was: then it may be the organisation's too.
    """
    unsaid = removed_at(request, now) and not request.body.get("authorizations")
    return [*filter(None, (home_of(request), organisation_of(request) if unsaid else ""))]


def organisation_of(request: AsyncBoltRequest) -> str:
    """The organisation that a request names, if any."""
    return readable(request.context.enterprise_id)


def is_foreign(request: AsyncBoltRequest, one: Installation) -> bool:
    """Whether somebody of another company acts, as one may in a shared channel: their id may be a colleague's here.

    Within one organisation ids are nobody else's.
    """
    if organisation_of(request) and organisation_of(request) == one.enterprise_id:
        return False
    team_id = readable(part(request.body, "user").get("team_id"))
    return bool(team_id) and team_id != one.home


def removed_at(request: AsyncBoltRequest, now: datetime) -> datetime | None:
    """When Cairn was removed, or its bot's token revoked, if this is what a request says; the two come in any order."""
    body = request.body
    match body.get("event"):
        case {"type": "app_uninstalled"} | {"type": "tokens_revoked", "tokens": {"bot": [_, *_]}}:
            at = body.get("event_time")
            return datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < 2**33 else now
        case _:
            return None
