"""Tokens and scopes: whether Slack takes them, whose they are, and what they allow."""

import re

from bot.doctor.finding import Finding
from bot.doctor.look import Answer, Look
from bot.slack.directory import NOBODY
from bot.slack.errors import APP_TOKEN, BY_APP_TOKEN, NO_ANSWER, WAY_OUT, to_do, token_for

BREAKS = {
    "chat:write": "no message can be sent",
    "commands": "/cairn does nothing",
    "files:read": "files that HR drops into the DM cannot be read",
    "files:write": "no file can be handed out, such as a talk for a calendar",
    "im:history": "words and files written to Cairn do not arrive, and after a crash a message may come twice",
    "im:write": "a message that may have been sent cannot be looked up",
    "users:read": "nobody is known",
    "users:read.email": "your file of people cannot be matched by e-mail",
}
UNKNOWN = "what manifest.json wants it for does not work"
ANEW = "Save manifest.yml under App Manifest on the app's page, then install the app again under Install App: "
"the token gets the scopes then, and SLACK_BOT_TOKEN has to be what that page shows."
TOKEN = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")
"""How Slack writes the app's id into its token."""


def scopes_given(look: Look) -> set[str] | None:
    """The scopes of the bot's token, as Slack tells them with each answer; None where it does not."""
    told = look.auth.headers.get("x-oauth-scopes")
    return None if told is None else {one.strip() for one in told.split(",") if one.strip()}


def scopes_wanted(look: Look) -> set[str]:
    """The scopes that this version needs."""
    return set(look.wanted["oauth_config"]["scopes"]["bot"])


def slack_is_reached(look: Look) -> Finding | None:
    """Whether Slack answers at all."""
    if not look.auth.unreached:
        return None
    return Finding(
        NO_ANSWER.format(url=look.settings.slack_api_url, why=look.auth.error),
        WAY_OUT,
    )


def bot_token_is_taken(look: Look) -> Finding | None:
    """Whether Slack takes the bot's token."""
    if look.auth.good or look.auth.unreached:
        return None
    token = token_for("auth.test", many=look.settings.many)
    return Finding(f"Slack refuses {token.name} ({look.auth.error}).", _sentence(to_do(look.auth.error, token)))


def app_token_is_taken(look: Look) -> Finding | None:
    """Whether a socket may be opened with the app's token."""
    if look.socket.good or look.socket.unreached or not look.settings.app_token:
        return None
    if look.socket.error == "missing_scope":
        return Finding("SLACK_APP_TOKEN lacks the scope connections:write.", _sentence(f"{APP_TOKEN.scope}."))
    said = to_do(look.socket.error, token_for(BY_APP_TOKEN, many=look.settings.many))
    return Finding(f"Slack refuses SLACK_APP_TOKEN ({look.socket.error}).", _sentence(said))


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def both_tokens_are_of_one_app(look: Look) -> Finding | None:
    """Whether the socket would be that of another app."""
    mine = look.bot.at("bot.app_id")
    found = TOKEN.match(look.settings.app_token)
    if not mine or not found or found[1] == mine:
        return None
    return Finding(
        f"SLACK_APP_TOKEN belongs to the app {found[1]}, SLACK_BOT_TOKEN to {mine}: clicks would go to the other app.",
        "Copy both tokens from the page of one app.",
    )


def no_scope_is_missing(look: Look) -> Finding | None:
    """Which scopes are missing, and what does not work without them."""
    given = scopes_given(look)
    missing = sorted(scopes_wanted(look) - given) if given is not None else []
    if not missing:
        return None
    named = "; ".join(f"{one}, without which {BREAKS.get(one, UNKNOWN)}" for one in missing)
    return Finding(f"The bot's token lacks {named}.", ANEW)


def no_scope_is_too_many(look: Look) -> Finding | None:
    """Which scopes Cairn has no use for."""
    spare = sorted((scopes_given(look) or set()) - scopes_wanted(look))
    if not spare:
        return None
    return Finding(f"The app may do more than Cairn needs: {', '.join(spare)}.", ANEW, severe=False)


def workspace_is_the_one_known(look: Look) -> Finding | None:
    """Whether the people in the database are strangers to this workspace."""
    answers = look.known.values()
    if not look.known or any(one.error not in NOBODY for one in answers):
        return None
    team = look.auth.data.get("team", "")
    return Finding(
        f"The token is of the workspace {team}, whose people are not those in the database.",
        "Use the token of the workspace that the database belongs to, or another DATABASE_URL for this one.",
    )


def hr_is_named(look: Look) -> Finding | None:
    """Whether CAIRN_HR names people of this workspace."""
    nobody = [one for one, answer in look.hr.items() if answer.error in NOBODY or _has_left(answer)]
    if not nobody:
        return None
    return Finding(
        f"CAIRN_HR names nobody who is in this workspace: {', '.join(nobody)}.",
        "Copy the id from the person's profile: its menu has Copy member ID.",
    )


def _has_left(answer: Answer) -> bool:
    return bool(answer.at("user.deleted"))


CHECKS = (
    slack_is_reached,
    bot_token_is_taken,
    app_token_is_taken,
    both_tokens_are_of_one_app,
    no_scope_is_missing,
    no_scope_is_too_many,
    workspace_is_the_one_known,
    hr_is_named,
)
