"""The control API over HTTP: what the page shows, the clock, settings, faults and refusals."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import websockets
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from tiny_app import button, in_process, tiny_app

from sandbox.slack import Slack
from sandbox.state import Answer, Envelope

TOKEN = "xoxb-tiny"


@pytest.fixture
def web(served: Slack) -> Any:
    with httpx.Client(base_url=served.base_url, trust_env=False) as client:
        yield client


def post(slack: Slack, **args: Any) -> dict[str, Any]:
    return slack.call("chat.postMessage", TOKEN, args).body


def test_a_person_sees_conversations_unread_counts_and_toasts(served: Slack, web: httpx.Client) -> None:
    post(served, channel="U01ANA", text="one", blocks=[{"type": "divider"}])
    post(served, channel="U01ANA", text="two")
    state = web.get("/_/state", params={"as": "U01ANA"}).json()
    dm = next(each for each in state["channels"] if each["app"] == "A01TINY")
    assert (dm["name"], dm["kind"], dm["unread"], dm["with"]) == ("Tiny", "dm", 2, "U0TINY")
    assert [each["text"] for each in state["toasts"]] == ["one", "two"]
    assert {each["id"] for each in state["channels"]} >= {"C01GENERAL", "C02SECRET"}
    assert state["me"]["name"] == "Ana Silva"
    assert state["now"].endswith("-03:00")
    assert web.get("/_/modals", params={"as": "U01ANA"}).json() == {"modals": state["modals"]}
    other = web.get("/_/state", params={"as": "U02BO"}).json()
    assert other["toasts"] == []
    assert "C02SECRET" not in {each["id"] for each in other["channels"]}


def test_reading_a_conversation_marks_it_read(served: Slack, web: httpx.Client) -> None:
    dm = post(served, channel="U01ANA", text="one")["channel"]
    read = web.get("/_/messages", params={"as": "U01ANA", "channel": dm}).json()["messages"]
    assert [each["text"] for each in read] == ["one"]
    state = web.get("/_/state", params={"as": "U01ANA"}).json()
    assert next(each for each in state["channels"] if each["id"] == dm)["unread"] == 0
    stranger = web.get("/_/messages", params={"as": "U02BO", "channel": dm})
    assert (stranger.status_code, list(stranger.json())) == (400, ["error"])


def test_a_thread_is_read_apart(served: Slack, web: httpx.Client) -> None:
    first = post(served, channel="C01GENERAL", text="question")["ts"]
    post(served, channel="C01GENERAL", text="answer", thread_ts=first)
    asked = {"as": "U01ANA", "channel": "C01GENERAL"}
    (top,) = web.get("/_/messages", params=asked).json()["messages"]
    assert (top["text"], top["reply_count"]) == ("question", 1)
    thread = web.get("/_/messages", params={**asked, "thread": first}).json()["messages"]
    assert [each["text"] for each in thread] == ["question", "answer"]


def test_an_ephemeral_message_is_shown_to_its_reader_only(served: Slack, web: httpx.Client) -> None:
    served.call("chat.postEphemeral", TOKEN, {"channel": "C01GENERAL", "user": "U01ANA", "text": "psst"})
    mine = web.get("/_/messages", params={"as": "U01ANA", "channel": "C01GENERAL"}).json()["messages"]
    assert [(each["text"], each["ephemeral"]) for each in mine] == [("psst", True)]
    assert web.get("/_/messages", params={"as": "U02BO", "channel": "C01GENERAL"}).json()["messages"] == []


def test_acts_are_done_and_refused_in_sentences(served: Slack, web: httpx.Client) -> None:
    async def ack(_: Any) -> Answer:
        return Answer()

    served.connect("A01TINY", ack)
    said = web.post("/_/act", json={"as": "U01ANA", "do": "say", "channel": "C01GENERAL", "text": "hi <b>"}).json()
    assert served.channels["C01GENERAL"].messages[said["answer"]["ts"]].text == "hi &lt;b&gt;"
    wrong = [
        {"as": "U99", "do": "say"},
        {"as": "U03CY", "do": "say"},
        {"as": "U01ANA", "do": "sing"},
        {"as": "U01ANA", "do": "say", "channel": "C01GENERAL"},
        {"as": "U01ANA", "do": "command", "channel": "C01GENERAL", "text": "/nothing"},
        {"as": "U02BO", "do": "say", "channel": "C02SECRET", "text": "x"},
        {"as": "U01ANA", "do": "press", "channel": "C01GENERAL", "ts": "1.1", "block_id": "b", "action_id": "a"},
        {"as": "U01ANA", "do": "upload", "channel": "C01GENERAL", "name": "x", "content_base64": "?"},
        {"as": "U01ANA", "do": "dismiss", "toast": "N1"},
        {"as": "U01ANA", "do": "shortcut", "callback_id": "none"},
        {"as": "U01ANA", "do": "open_home", "app": "A99"},
    ]
    for body in wrong:
        answer = web.post("/_/act", json=body)
        assert (answer.status_code, list(answer.json())) == (400, ["error"]), body


def test_a_toast_is_dismissed(served: Slack, web: httpx.Client) -> None:
    post(served, channel="U01ANA", text="one")
    (toast,) = served.toasts
    assert web.post("/_/act", json={"as": "U01ANA", "do": "dismiss", "toast": toast}).json()["ok"]
    assert served.toasts == {}


def test_the_clock_is_wound_forward_only(served: Slack, web: httpx.Client) -> None:
    def wound(**body: str) -> datetime:
        return datetime.fromisoformat(web.post("/_/clock", json=body).json()["now"])

    before = datetime.fromisoformat(web.get("/_/clock").json()["now"])
    assert 3600 <= (wound(plus="1h") - before).total_seconds() < 3610
    morning = wound(preset="next_morning", **{"as": "U02BO"}).astimezone(served.people["U02BO"].zone)
    assert (morning.hour, morning.minute) == (9, 31)
    monday = wound(preset="next_monday", **{"as": "U01ANA"}).astimezone(served.people["U01ANA"].zone)
    assert (monday.weekday(), monday.hour, monday.minute) == (0, 9, 31)
    assert wound(to="2040-10-01T09:00:00+08:00").astimezone(UTC).hour == 1
    for wrong in ({"to": "2020-01-01T00:00:00+00:00"}, {"to": "2041-01-01T00:00:00"}, {"plus": "soon"}, {}):
        assert web.post("/_/clock", json=wrong).status_code == 400
    assert post(served, channel="U01ANA", text="x")["ts"] > str(datetime(2040, 1, 1, tzinfo=UTC).timestamp())


def test_traffic_and_findings_are_kept_for_the_inspector(served: Slack, web: httpx.Client) -> None:
    post(served, channel="C99", text="x")
    (entry,) = web.get("/_/traffic").json()["entries"]
    assert (entry["what"], entry["direction"], entry["finding"]) == (
        "chat.postMessage",
        "app→slack",
        "channel_not_found",
    )
    assert web.get("/_/traffic", params={"after": entry["n"]}).json()["entries"] == []
    (finding,) = web.get("/_/findings").json()["findings"]
    assert (finding["rule"], finding["app"]) == ("channel_not_found", "A01TINY")


def test_people_can_be_changed(served: Slack, web: httpx.Client) -> None:
    assert web.post("/_/person", json={"id": "U02BO", "tz": "Europe/Berlin", "deleted": True}).json() == {"ok": True}
    assert served.people["U02BO"].tz == "Europe/Berlin"
    assert web.post("/_/person", json={"id": "U02BO", "tz": "Mars/Base"}).status_code == 400


def test_somebody_new_joins(served: Slack, web: httpx.Client) -> None:
    seen = []

    async def deliver(envelope: Envelope) -> Answer:
        seen.append(envelope.payload["event"])
        return Answer()

    served.connect("A01TINY", deliver)
    served.apps["A01TINY"] = replace(served.apps["A01TINY"], events=frozenset({"team_join"}))
    assert web.post("/_/person", json={"id": "U04DI", "name": "Di New", "locale": "en-GB"}).json() == {"ok": True}
    assert (seen[0]["type"], seen[0]["user"]["id"]) == ("team_join", "U04DI")
    assert post(served, channel="U04DI", text="welcome")["ok"]
    assert "U04DI" in served.channels["C01GENERAL"].members
    assert web.post("/_/person", json={"id": "U05", "name": "Ed", "age": 3}).status_code == 400


def test_pages_hear_of_changes_and_errors(served: Slack) -> None:
    async def story() -> list[dict[str, Any]]:
        async with websockets.connect(f"ws{served.base_url[4:]}_/live?as=U01ANA", proxy=None) as live:
            await served.until(lambda: len(served.watchers) == 2)
            post(served, channel="U01ANA", text="x")
            first = json.loads(await live.recv())
            served.tell("U02BO", "not for Ana")
            served.tell("U01ANA", "Tiny didn't respond")
            while (second := json.loads(await live.recv()))["type"] == "changed":
                pass
            return [first, second]

    assert asyncio.run(story()) == [{"type": "changed"}, {"type": "error", "text": "Tiny didn't respond"}]


def test_rate_limits_can_be_switched_on(served: Slack, web: httpx.Client) -> None:
    web.post("/_/settings", json={"rate_limits": True, "per_channel_per_second": 1})
    assert post(served, channel="U01ANA", text="one")["ok"]
    limited = served.call("chat.postMessage", TOKEN, {"channel": "U01ANA", "text": "two"})
    assert (limited.status, limited.headers) == (429, {"Retry-After": "1"})
    assert post(served, channel="U02BO", text="another channel")["ok"]
    for _ in range(20):
        assert served.call("users.list", TOKEN, {}).status == 200
    assert served.call("users.list", TOKEN, {}).status == 429
    assert web.post("/_/settings", json={"speed": 1}).status_code == 400


def test_faults_strike_as_often_as_asked(
    served: Slack, web: httpx.Client, client: Callable[..., AsyncWebClient]
) -> None:
    def send(**more: Any) -> None:
        asyncio.run(client(TOKEN, **more).chat_postMessage(channel="U01ANA", text="sent"))

    web.post("/_/faults", json={"method": "chat.postMessage", "fault": "500"})
    with pytest.raises(SlackApiError) as caught:
        send()
    assert caught.value.response.status_code == 500
    web.post("/_/faults", json={"method": "chat.postMessage", "fault": "429", "retry_after": 1})
    send(retry_handlers=[AsyncRateLimitErrorRetryHandler()])
    assert len(served.dm("U0TINY", "U01ANA").messages) == 1
    assert web.post("/_/faults", json={"fault": "flood"}).status_code == 400


def test_a_connection_cut_after_acceptance_makes_the_default_retry_post_twice(
    served: Slack, web: httpx.Client, client: Callable[..., AsyncWebClient]
) -> None:
    web.post("/_/faults", json={"method": "chat.postMessage", "fault": "reset"})
    asyncio.run(client(TOKEN).chat_postMessage(channel="U01ANA", text="x"))
    assert len(served.dm("U0TINY", "U01ANA").messages) == 2


def test_a_call_that_hangs_ends_with_the_clients_patience(served: Slack, client: Callable[..., AsyncWebClient]) -> None:
    async def story() -> None:
        async with httpx.AsyncClient(trust_env=False) as web:
            await web.post(served.base_url + "_/faults", json={"method": "auth.test", "fault": "hang"})
        with pytest.raises(TimeoutError):
            await client(TOKEN, timeout=1).auth_test()
        await client(TOKEN).auth_test()

    asyncio.run(story())


def test_twenty_acts_take_less_than_a_hundred_milliseconds(served: Slack) -> None:
    async def ack(_: Any) -> Answer:
        return Answer()

    async def story() -> float:
        served.connect("A01TINY", ack)
        blocks = [{"type": "actions", "block_id": "b", "elements": [button("a")]}]
        sent = post(served, channel="U01ANA", text="x", blocks=blocks)
        started = time.perf_counter()
        for _ in range(20):
            await served.act("U01ANA", "press", channel=sent["channel"], ts=sent["ts"], block_id="b", action_id="a")
        return time.perf_counter() - started

    assert min(asyncio.run(story()) for _ in range(3)) < 0.1


def test_the_page_says_whether_an_app_is_connected(served: Slack, web: httpx.Client) -> None:
    assert web.get("/_/state", params={"as": "U01ANA"}).json()["apps"][0]["connected"] is False
    served.connect("A01TINY", in_process(tiny_app(served.base_url)))
    app = web.get("/_/state", params={"as": "U01ANA"}).json()["apps"][0]
    assert (app["connected"], app["bot_user"], app["home"]) == (True, "U0TINY", None)
    assert [each["command"] for each in app["commands"]] == ["/tiny", "/raw"]
