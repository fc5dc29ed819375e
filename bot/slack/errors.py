"""What to do about each way in which Slack can fail: one table."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ConnectionTimeoutError
from slack_sdk.errors import SlackApiError


class Verdict(StrEnum):
    """What a failed call means for the message."""

    WAIT = "wait"
    """Slack surely did not take it: try again later."""
    IN_DOUBT = "in doubt"
    """Slack may have taken it: look before trying again."""
    PLAIN = "plain"
    """Slack refuses a block type: send it again without the newest ones."""
    ANEW = "anew"
    """The message that was to be edited is gone: post it anew."""
    GIVE_UP = "give up"
    """This message can never be delivered: show that to HR."""
    STOP = "stop"
    """Nothing can be delivered until an operator acts."""


BY_ERROR = {
    "ratelimited": Verdict.WAIT,
    "rate_limited": Verdict.WAIT,
    "service_unavailable": Verdict.IN_DOUBT,
    "internal_error": Verdict.IN_DOUBT,
    "fatal_error": Verdict.IN_DOUBT,
    "request_timeout": Verdict.IN_DOUBT,
    "team_added_to_org": Verdict.WAIT,
    "invalid_blocks": Verdict.PLAIN,
    "invalid_blocks_format": Verdict.PLAIN,
    "message_not_found": Verdict.ANEW,
    "cant_update_message": Verdict.ANEW,
    "edit_window_closed": Verdict.ANEW,
    "invalid_auth": Verdict.STOP,
    "not_authed": Verdict.STOP,
    "account_inactive": Verdict.STOP,
    "token_revoked": Verdict.STOP,
    "token_expired": Verdict.STOP,
    "missing_scope": Verdict.STOP,
    "messages_tab_disabled": Verdict.STOP,
}
"""Whatever is not named here concerns this one message: channel_not_found, msg_too_long, user_disabled and so on."""


@dataclass(frozen=True)
class Token:
    """A token as an operator knows it: its name in the settings, where it is copied, and how a new one is made."""

    name: str
    place: str
    anew: str
    scope: str


BOT_TOKEN = Token(
    "SLACK_BOT_TOKEN",
    "copy it anew from OAuth & Permissions on the app's page",
    "install the app again and copy the new one from OAuth & Permissions on the app's page",
    "save manifest.yml under App Manifest on the app's page and install the app again",
)
APP_TOKEN = Token(
    "SLACK_APP_TOKEN",
    "copy it anew from Basic Information → App-Level Tokens on the app's page",
    "make a new one under Basic Information → App-Level Tokens on the app's page",
    "make one with connections:write under Basic Information → App-Level Tokens on the app's page",
)
GRANTED_TOKEN = Token(
    "the workspace's token",
    "have Cairn installed there again from /slack/install",
    "have Cairn installed there again from /slack/install",
    "save manifest.yml under App Manifest on the app's page and have Cairn installed there again from /slack/install",
)
"""Where there are many workspaces, each brings its own."""
BY_APP_TOKEN = "apps.connections.open"  # noqa: S105 - a method's name
"""The one method that goes by the app's own token."""

TO_DO = {
    "invalid_auth": "Slack does not know {token.name}; {token.place}.",
    "not_authed": "{token.name} did not arrive at Slack; look whether a proxy strips the Authorization header.",
    "account_inactive": "the app that {token.name} is for was removed from the workspace; {token.anew}.",
    "token_revoked": "{token.name} was revoked; {token.anew}.",
    "token_expired": "{token.name} has expired; {token.anew}. For one workspace, make the app anew without rotation.",
    "missing_scope": "{token.name} lacks a scope; {token.scope}.",
    "messages_tab_disabled": "the Messages tab is off; turn it on under App Home on the app's page.",
}
"""What an operator does about each word of Slack's that stops everything."""

NO_ANSWER = "Slack does not answer at {url} ({why})."
WAY_OUT = "Look at this machine's way out (name lookup, firewall, HTTPS_PROXY, certificates), or at SLACK_API_URL."
"""What an operator reads, and does, when nothing comes back from Slack."""

ONE_METHOD = frozenset({"missing_scope", "messages_tab_disabled"})
"""These stop the method that met them; all else that stops is about the token, so every method."""

LOOKS = frozenset({"conversations.open", "conversations.history"})
"""What finds out where a message stands: a refusal there says nothing of the message, and concerns nobody else."""


class NoAnswer(Exception):  # noqa: N818 - it reads as what happened
    """Slack was needed at once and not reached; the sentence says where, why, and what to do."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{NO_ANSWER.format(url=url, why=why)} {WAY_OUT}")


@dataclass(frozen=True)
class Failure:
    """A failed call: what it means, Slack's word for it, how long Slack asks to wait, and which method is closed."""

    verdict: Verdict
    error: str
    wait: float = 0
    method: str = ""


def judge(error: Exception) -> Failure | None:
    """What a failed call to Slack means, or None where it is no such thing.

    What got no connection surely did not reach Slack. Whatever else is not Slack's own answer leaves us in doubt.
    """
    if isinstance(error, SlackApiError):
        return _judge_answer(error)
    if isinstance(error, ClientConnectorError | ConnectionTimeoutError):
        return Failure(Verdict.WAIT, type(error).__name__)
    if isinstance(error, ClientError | TimeoutError | OSError):
        return Failure(Verdict.IN_DOUBT, type(error).__name__)
    return None


def _judge_answer(error: SlackApiError) -> Failure:
    response = error.response
    status = getattr(response, "status_code", 200)
    method = method_of(error)
    if status == 429:
        return Failure(Verdict.WAIT, "ratelimited", _seconds(response), method)
    name = response.get("error", "") if isinstance(getattr(response, "data", None), dict) else ""
    if status >= 500 or not name or method in LOOKS:
        return Failure(Verdict.IN_DOUBT, name or f"http_{status}")
    verdict = BY_ERROR.get(name, Verdict.GIVE_UP)
    return Failure(verdict, name, 1 if verdict is Verdict.WAIT else 0, method if name in ONE_METHOD else "")


def stops(error: SlackApiError) -> str:
    """Slack's word, when nothing more of the kind is taken until an operator acts; else nothing."""
    name = word_of(error)
    return name if BY_ERROR.get(name) is Verdict.STOP else ""


def token_for(method: str, *, many: bool) -> Token:
    """The token that a method goes by."""
    if method == BY_APP_TOKEN:
        return APP_TOKEN
    return GRANTED_TOKEN if many else BOT_TOKEN


def to_do(word: str, token: Token) -> str:
    """What is wrong with a token, and where it is mended; for a word that is not known, where to look."""
    return TO_DO.get(word, "{token.name}: look at the app's page.").format(token=token)


def method_of(error: SlackApiError) -> str:
    """The method that Slack refused."""
    return str(getattr(error.response, "api_url", "")).rsplit("/", 1)[-1]


def unreached(error: SlackApiError | ClientError | TimeoutError) -> str:
    """Why it was not Slack that answered: the system's words, else the error's name; nothing when it was Slack."""
    if isinstance(error, SlackApiError):
        word = word_of(error)
        return word if word.startswith("http_") else ""
    return str(getattr(error, "strerror", None) or type(error).__name__)


def word_of(error: SlackApiError) -> str:
    """Slack's word for what went wrong, or the status of an answer that has none."""
    response = error.response
    name = response.get("error", "") if isinstance(getattr(response, "data", None), dict) else ""
    return str(name) or f"http_{getattr(response, 'status_code', 0)}"


def _seconds(response: Any) -> float:
    asked = {name.lower(): value for name, value in response.headers.items()}.get("retry-after", "")
    try:
        return max(float(asked), 1)
    except ValueError:
        return 30  # it asked to wait and did not say how long
