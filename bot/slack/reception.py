"""Where Bolt meets Cairn: each request goes to the one listener of its kind, and whatever its shape, it is answered."""

import logging
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack import attach
from bot.slack.attach import Body, Counter, Listener

log = logging.getLogger(__name__)

QUIET = logging.getLogger("slack_bolt")
"""Bolt's own lines can hold what people typed, so this logger lets only warnings through."""
QUIET.addFilter(lambda line: line.getMessage() != warning_client_prioritized_and_token_skipped())
"""Bolt looks for SLACK_BOT_TOKEN by itself; it is the one that its client has."""


def bolt_for(counter: Counter) -> AsyncApp:
    """Bolt with one door in front.

    Its token never changes, so no request waits for `auth.test`; its listeners would be tried one by one, and its
    built-in checks are done by `bot.web` before parsing.
    """
    return AsyncApp(
        name="cairn",
        logger=QUIET,
        client=counter.client,
        process_before_response=True,
        before_authorize=Reception(counter),
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        signing_secret="unused",  # noqa: S106 - bot.web verifies, before parsing
    )


class Reception(AsyncMiddleware):
    """The door: it answers every request itself."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt names it
    ) -> BoltResponse:
        """Answer one request."""
        del resp, next
        return await self.counter.answered(listener_for(req.body), req.body, req.context.ack)


def listener_for(body: Body) -> Listener:
    """Who answers a request. What has no shape of Slack's is acknowledged, or Slack would send it again."""
    match body:
        case {
            "type": "block_actions",
            "user": {"id": str()},
            "trigger_id": str(),
            "actions": [{"action_id": str()}, *_],
        }:
            return attach.on_action
        case {"type": "view_submission", "user": {"id": str()}, "view": {"id": str(), "callback_id": str()}}:
            return attach.on_submission
        case {"command": str(), "user_id": str(), "trigger_id": str()}:
            return attach.on_command
        case {"type": "shortcut" | "message_action", "user": {"id": str()}, "trigger_id": str(), "callback_id": str()}:
            return attach.on_shortcut
        case {"type": "event_callback", "event_id": str(), "event": {"type": str()}}:
            return attach.on_event
        case {"type": "block_suggestion"}:
            return attach.on_options
        case {"type": "view_closed"}:
            return attach.on_ignored
        case _:
            log.warning("nobody answers this kind of request, or it has lost parts")
            return attach.on_ignored
