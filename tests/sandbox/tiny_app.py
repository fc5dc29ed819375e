"""A tiny Bolt app and the workspace it is installed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Slack
from sandbox.state import Answer, Deliver, Envelope

WORKSPACE = """
team: {id: T0TEST, name: Test Company, domain: test}
people:
  - {id: U01ANA, name: Ana Silva, display: ana, email: ana@test.example, tz: America/Sao_Paulo, locale: pt-BR,
     owner: true}
  - {id: U02BO, name: Bo Li, display: bo, email: bo@test.example, tz: Asia/Shanghai, locale: zh-CN}
  - {id: U03CY, name: Cy Gone, display: cy, email: cy@test.example, deleted: true}
channels:
  - {id: C01GENERAL, name: general, members: all}
  - {id: C02SECRET, name: secret, members: [U01ANA], private: true}
apps:
  - id: A01TINY
    name: Tiny
    bot: {user_id: U0TINY, bot_id: B0TINY, name: tiny}
    bot_token: xoxb-tiny
    app_token: xapp-tiny
    signing_secret: shh
    events: [app_home_opened, message.im, message.channels, app_mention, file_shared, user_change]
    commands: [{command: /tiny, description: a command, should_escape: true}, {command: /raw}]
    shortcuts:
      - {name: Make it, type: global, callback_id: make}
      - {name: Keep it, type: message, callback_id: keep}
"""


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("A form"), "submit": plain("Send"), "blocks": list(blocks), **more}


def field(name: str, **element: Any) -> dict[str, Any]:
    asked = {"type": "plain_text_input", "action_id": "it", **element}
    return {"type": "input", "block_id": name, "label": plain(name), "element": asked}


def button(action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(action_id), **more}


def tiny_app(base_url: str) -> AsyncApp:
    """An app that greets, opens a form, checks it, and pushes another."""
    app = AsyncApp(client=AsyncWebClient(token="xoxb-tiny", base_url=base_url + "api/"), signing_secret="shh")

    @app.command("/tiny")
    async def command(ack: Any, command: Any) -> None:
        await ack(f"you said {command['text']}")

    @app.event("message")
    async def message(event: Any, say: Any) -> None:
        await say(
            text=f"heard {event['text']}",
            blocks=[{"type": "actions", "block_id": "acts", "elements": [button("form", value="7")]}],
        )

    @app.action("form")
    async def form(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field("name"), callback_id="form"))

    @app.view("form")
    async def sent(ack: Any, view: Any, body: Any, client: Any) -> None:
        name = view["state"]["values"]["name"]["it"]["value"]
        if name == "nobody":
            await ack(response_action="errors", errors={"name": "Somebody, please."})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"thanks, {name}")

    @app.event("app_home_opened")
    async def home(event: Any, client: Any) -> None:
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("Welcome")}]}
        await client.views_publish(user_id=event["user"], view=view)

    return app


def in_process(app: AsyncApp) -> Deliver:
    """Deliver payloads straight into a Bolt app, without any transport."""

    async def deliver(envelope: Envelope) -> Answer:
        response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=envelope.payload))
        return Answer(response.status, response.body)

    return deliver


@asynccontextmanager
async def connected(slack: Slack) -> AsyncIterator[AsyncApp]:
    """The tiny app, connected by Socket Mode."""
    app = tiny_app(slack.base_url)
    handler = AsyncSocketModeHandler(app, "xapp-tiny")
    handler.client.web_client.base_url = slack.base_url + "api/"
    await handler.connect_async()
    await slack.until(lambda: slack.sockets.get("A01TINY"))
    try:
        yield app
    finally:
        await handler.close_async()
