"""users.*: the people of the workspace."""

from sandbox.api.registry import Call, method, page
from sandbox.errors import SlackError
from sandbox.model import Json
from sandbox.shapes import channel_shape, user_shape
from sandbox.workspace import Person


def _shape(call: Call, person: Person, *, locale: bool = False) -> Json:
    shape = user_shape(call.state, person, locale=locale)
    if call.app.scopes is not None and "users:read.email" not in call.app.scopes:
        shape["profile"].pop("email", None)
    return shape


@method("users.list", "users:read", tier=2)
def users_list(call: Call) -> Json:
    """List every member, page by page."""
    if call.state.org_wide and call.need("team_id") != call.state.team.id:
        raise SlackError("team_not_found")
    people, cursor = page(call, list(call.state.people.values()), most=200)
    locale = call.flag("include_locale")
    members = [_shape(call, person, locale=locale) for person in people]
    return {"members": members, "cache_ts": int(call.state.seconds()), "response_metadata": cursor}


@method("users.info", "users:read", tier=4)
def users_info(call: Call) -> Json:
    """Describe one member."""
    return {"user": _shape(call, call.state.person(call.text("user")), locale=call.flag("include_locale"))}


@method("users.lookupByEmail", "users:read.email")
def users_lookup(call: Call) -> Json:
    """Find a member by e-mail address."""
    email = call.need("email").lower()
    for person in call.state.people.values():
        if person.email.lower() == email and not person.deleted:
            return {"user": _shape(call, person)}
    raise SlackError("users_not_found")


@method("users.conversations", "channels:read", "groups:read", "im:read", "mpim:read", tier=2)
def users_conversations(call: Call) -> Json:
    """List the conversations a member (by default the bot) is in."""
    user = call.text("user") or call.app.bot.user_id
    kinds = (call.text("types") or "public_channel").split(",")
    mine = [
        channel_shape(each, call.app.bot.user_id)
        for each in call.state.channels.values()
        if user in each.members and kind_of(each.kind, private=each.private) in kinds
    ]
    channels, cursor = page(call, mine)
    return {"channels": channels, "response_metadata": cursor}


def kind_of(kind: str, *, private: bool) -> str:
    """Return a conversation's type as the `types` argument names it."""
    if kind == "dm":
        return "im"
    if kind == "group":
        return "mpim"
    return "private_channel" if private else "public_channel"
