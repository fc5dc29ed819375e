"""How payloads reach an app: signed HTTP, sockets, retries, and what people see when nobody answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tiny_app import connected, tiny_app

from sandbox.delivery import http_request
from sandbox.slack import Slack
from sandbox.socket_mode import order
from sandbox.state import Answer, Envelope


@asynccontextmanager
async def listening(slack: Slack, endpoint: Any) -> AsyncIterator[None]:
    """Serve an app's request URL on a free port and tell the workspace about it."""
    web = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(web, port=0, log_level="error", lifespan="off"))
    ready = asyncio.Event()

    async def serve() -> None:
        config = server.config
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        ready.set()
        await server.main_loop()
        await server.shutdown()

    task = asyncio.ensure_future(serve())
    await ready.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    slack.apps["A01TINY"] = replace(slack.apps["A01TINY"], request_url=f"http://127.0.0.1:{port}/slack/events")
    try:
        yield
    finally:
        server.should_exit = True
        await task


def heard(slack: Slack) -> list[str]:
    return [each.text for each in slack.dm("U0TINY", "U01ANA").messages.values() if each.app_id]


def test_a_bolt_app_verifies_signed_http_and_answers(served: Slack) -> None:
    app = tiny_app(served.base_url)

    async def events(request: Request) -> Response:
        return await AsyncSlackRequestHandler(app).handle(request)

    async def story() -> None:
        async with listening(served, events):
            dm = served.dm("U0TINY", "U01ANA").id
            await served.act("U01ANA", "say", channel=dm, text="a & b")
            await served.until(lambda: heard(served))
            answer = await served.act("U01ANA", "command", channel=dm, text="/tiny hi")
            assert answer["answer"] == "you said hi"
            ts = next(each.ts for each in served.channels[dm].messages.values() if each.blocks)
            await served.act("U01ANA", "press", channel=dm, ts=ts, block_id="acts", action_id="form")
            assert await served.until(lambda: served.stack("U01ANA"))

    asyncio.run(story())
    assert heard(served)[0] == "heard a &amp; b"
    assert served.findings == []


def test_the_signature_is_slacks(slack: Slack) -> None:
    payload = {"type": "shortcut", "user": {"id": "U01ANA"}}
    body, headers = http_request(slack.apps["A01TINY"], Envelope("interactive", payload, "E1"), 1_790_000_000)
    expected = SignatureVerifier("shh").generate_signature(timestamp="1790000000", body=body)
    assert headers["X-Slack-Signature"] == expected


def test_an_event_is_tried_four_times_with_the_reason(slack: Slack) -> None:
    slack.settings.retry_delays = (0, 0, 0)
    tried = []

    async def deliver(envelope: Envelope) -> Answer:
        tried.append((envelope.retry_num, envelope.retry_reason, envelope.payload["event_id"]))
        return Answer(500)

    async def story() -> None:
        slack.connect("A01TINY", deliver)
        await slack.act("U01ANA", "say", channel="C01GENERAL", text="hello")
        await slack.until(lambda: len(tried) == 4)

    asyncio.run(story())
    assert [each[:2] for each in tried] == [(0, ""), (1, "http_error"), (2, "http_error"), (3, "http_error")]
    assert len({each[2] for each in tried}) == 1


def test_no_retry_stops_redelivery(slack: Slack) -> None:
    slack.settings.retry_delays = (0, 0, 0)
    tried = []

    async def deliver(envelope: Envelope) -> Answer:
        tried.append(envelope)
        return Answer(500, no_retry=True)

    async def story() -> None:
        slack.connect("A01TINY", deliver)
        await slack.act("U01ANA", "say", channel="C01GENERAL", text="hello")
        await asyncio.gather(*slack.tasks)

    asyncio.run(story())
    assert len(tried) == 1


def told(slack: Slack) -> list[str]:
    texts: list[str] = []
    slack.watchers[1] = ("U01ANA", lambda news: texts.append(news["text"]) if news["type"] == "error" else None)
    return texts


def test_without_an_ack_in_time_the_person_is_told(slack: Slack) -> None:
    slack.settings.ack_seconds = 0.01
    texts = told(slack)

    async def story() -> Any:
        slack.connect("A01TINY", lambda _: asyncio.Event().wait())  # type: ignore[arg-type, return-value]  # never acks
        return await slack.act("U01ANA", "command", channel="C01GENERAL", text="/tiny hi")

    assert asyncio.run(story()) == {"ok": True, "answer": None, "error": "Tiny didn't respond"}
    assert texts == ["Tiny didn't respond"]
    assert [each["rule"] for each in slack.findings] == ["timeout"]


def test_an_app_that_is_not_there_does_not_respond(slack: Slack) -> None:
    answer = asyncio.run(slack.act("U01ANA", "shortcut", callback_id="make"))
    assert answer["error"] == "Tiny didn't respond"
    assert slack.findings[0]["rule"] == "not_connected"


def test_each_payload_goes_to_one_of_several_sockets(served: Slack) -> None:
    async def story() -> None:
        async with connected(served), connected(served):
            await served.until(lambda: len(served.sockets["A01TINY"]) == 2)
            for text in ("one", "two", "three"):
                await served.act("U01ANA", "say", channel=served.dm("U0TINY", "U01ANA").id, text=text)
            await served.until(lambda: len(heard(served)) >= 3)

    asyncio.run(story())
    assert sorted(heard(served)) == ["heard one", "heard three", "heard two"]


@pytest.mark.parametrize("do", ["disconnect", "refresh", "drop"])
def test_an_app_reconnects_when_its_socket_ends(served: Slack, do: str) -> None:
    async def story() -> None:
        async with connected(served):
            (before,) = served.sockets["A01TINY"]
            await order(served, do)
            await served.until(lambda: served.sockets["A01TINY"] and served.sockets["A01TINY"][-1] is not before, 20)

    asyncio.run(story())


def test_a_ticket_opens_one_socket(served: Slack) -> None:
    async def story() -> None:
        url = served.call("apps.connections.open", "xapp-tiny", {}).body["url"]
        async with aiohttp.ClientSession() as web:
            async with web.ws_connect(url) as link:
                hello = await link.receive_json()
                assert (hello["type"], hello["connection_info"]) == ("hello", {"app_id": "A01TINY"})
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await web.ws_connect(url)

    asyncio.run(story())


def payload_of(slack: Slack, *act: str, **fields: Any) -> dict[str, Any]:
    """Return the payload an act sends."""
    seen = []

    async def deliver(envelope: Envelope) -> Answer:
        seen.append(envelope.payload)
        return Answer()

    slack.connect("A01TINY", deliver)
    asyncio.run(slack.act(*act, **fields))
    return seen[0]


def test_a_slash_command_has_slacks_fields(slack: Slack) -> None:
    payload = payload_of(slack, "U01ANA", "command", channel="C01GENERAL", text="/tiny thank <@U02BO> & co")
    assert payload["text"] == "thank <@U02BO|bo> & co"
    expected = {"command", "text", "response_url", "trigger_id", "user_id", "team_id", "channel_id", "api_app_id"}
    assert expected <= payload.keys()


def test_a_message_shortcut_carries_the_message(slack: Slack) -> None:
    ts = asyncio.run(slack.act("U01ANA", "say", channel="C01GENERAL", text="well done @bo"))["answer"]["ts"]
    payload = payload_of(slack, "U02BO", "message_shortcut", callback_id="keep", channel="C01GENERAL", ts=ts)
    assert (payload["type"], payload["message"]["text"]) == ("message_action", "well done <@U02BO>")
    assert payload["response_url"]
    assert payload["trigger_id"]


def test_dropping_a_file_shares_it(slack: Slack) -> None:
    dm = slack.dm("U0TINY", "U01ANA").id
    event = payload_of(slack, "U01ANA", "upload", channel=dm, name="people.csv", content_base64="YSxi")["event"]
    assert (event["type"], event["channel_id"], event["user_id"]) == ("file_shared", dm, "U01ANA")
    assert slack.files[event["file_id"]].content == b"a,b"


def test_a_persons_change_is_an_event(slack: Slack) -> None:
    seen = []

    async def deliver(envelope: Envelope) -> Answer:
        seen.append(envelope.payload["event"])
        return Answer()

    slack.connect("A01TINY", deliver)
    asyncio.run(slack.alter("U01ANA", locale="en-GB"))
    assert (seen[0]["type"], seen[0]["user"]["locale"]) == ("user_change", "en-GB")
