"""The Web API as slack_sdk's AsyncWebClient sees it: what works, and each refusal by its code."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from tiny_app import button, in_process, tiny_app

from sandbox.slack import Slack

Client = Callable[..., AsyncWebClient]
BLOCKS = [{"type": "actions", "elements": [button("a")]}]


async def refusal(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


def test_the_token_decides_who_calls(client: Client) -> None:
    async def story() -> None:
        answer = await client("xoxb-tiny").auth_test()
        assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0TINY", "B0TINY", "T0TEST")
        assert await refusal(client("xoxb-wrong").auth_test()) == "invalid_auth"
        assert await refusal(client("").auth_test()) == "not_authed"
        assert await refusal(client("xoxb-tiny").api_call("chat.shout")) == "unknown_method"
        assert (
            await refusal(client("xoxb-tiny").apps_connections_open(app_token="xoxb-tiny")) == "not_allowed_token_type"
        )

    asyncio.run(story())


def test_people_are_listed_page_by_page_and_found(client: Client) -> None:
    async def story() -> None:
        api = client("xoxb-tiny")
        first = await api.users_list(limit=3)
        rest = await api.users_list(limit=3, cursor=first["response_metadata"]["next_cursor"])
        assert [u["id"] for page in (first, rest) for u in page["members"]] == ["U01ANA", "U02BO", "U03CY", "U0TINY"]
        bo = (await api.users_info(user="U02BO", include_locale=True))["user"]
        assert (bo["locale"], bo["tz"], bo["tz_offset"]) == ("zh-CN", "Asia/Shanghai", 8 * 3600)
        assert (await api.users_lookupByEmail(email="Ana@test.example"))["user"]["id"] == "U01ANA"
        assert await refusal(api.users_lookupByEmail(email="cy@test.example")) == "users_not_found"
        assert await refusal(api.users_info(user="U99")) == "user_not_found"

    asyncio.run(story())


def test_a_message_is_posted_read_back_changed_and_deleted(client: Client) -> None:
    async def story() -> None:
        api = client("xoxb-tiny")
        dm = (await api.conversations_open(users="U01ANA"))["channel"]["id"]
        metadata = {"event_type": "goal", "event_payload": {"goal_id": "g1"}}
        sent = await api.chat_postMessage(channel="U01ANA", text="one", blocks=BLOCKS, metadata=metadata)
        assert sent["channel"] == dm
        reply = await api.chat_postMessage(channel=dm, text="two", thread_ts=sent["ts"])
        history = await api.conversations_history(channel=dm, include_all_metadata=True)
        (read,) = history["messages"]
        assert (read["metadata"], read["reply_count"], read["bot_id"]) == (metadata, 1, "B0TINY")
        assert read["blocks"][0]["block_id"]
        thread = await api.conversations_replies(channel=dm, ts=sent["ts"])
        assert [each["ts"] for each in thread["messages"]] == [sent["ts"], reply["ts"]]
        changed = await api.chat_update(channel=dm, ts=sent["ts"], text="uno")
        assert "blocks" not in changed["message"]
        assert "edited" not in changed["message"]
        await api.chat_delete(channel=dm, ts=reply["ts"])
        assert len((await api.conversations_replies(channel=dm, ts=sent["ts"]))["messages"]) == 1

    asyncio.run(story())


def test_what_cannot_be_posted_is_refused(served: Slack, client: Client) -> None:
    async def story() -> None:
        api = client("xoxb-tiny")
        said = (await served.act("U01ANA", "say", channel="C01GENERAL", text="mine"))["answer"]["ts"]
        assert await refusal(api.chat_postMessage(channel="C99", text="x")) == "channel_not_found"
        assert await refusal(api.chat_postMessage(channel="C02SECRET", text="x")) == "channel_not_found"
        assert await refusal(api.api_call("chat.postMessage", json={"channel": "C01GENERAL"})) == "no_text"
        assert await refusal(api.conversations_open(users="U03CY")) == "user_disabled"
        assert await refusal(api.chat_update(channel="C01GENERAL", ts=said, text="x")) == "cant_update_message"
        assert await refusal(api.chat_update(channel="C01GENERAL", ts="1.2", text="x")) == "message_not_found"
        assert await refusal(api.chat_delete(channel="C01GENERAL", ts=said)) == "cant_delete_message"
        own = (await api.chat_postMessage(channel="C01GENERAL", text="x"))["ts"]
        assert await refusal(api.chat_update(channel="C01GENERAL", ts=own, text="x" * 4001)) == "msg_too_long"
        wrong = {"event_type": "x", "event_payload": "flat"}
        assert (
            await refusal(api.chat_postMessage(channel="C01GENERAL", text="x", metadata=wrong))
            == "invalid_metadata_format"
        )

    asyncio.run(story())
    assert [each["rule"] for each in served.findings if each["source"] == "chat.delete"] == ["cant_delete_message"]


def test_invalid_blocks_are_refused_with_the_place(served: Slack, client: Client) -> None:
    async def story() -> None:
        bad = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
        with pytest.raises(SlackApiError) as caught:
            await client("xoxb-tiny").chat_postMessage(channel="U01ANA", text="x", blocks=bad)
        assert caught.value.response["error"] == "invalid_blocks"
        (where,) = caught.value.response["response_metadata"]["messages"]
        assert where.endswith("[json-pointer:/blocks/0/text/text]")
        assert (
            await refusal(client("xoxb-tiny").chat_postMessage(channel="U01ANA", text="x", blocks="["))
            == "invalid_blocks_format"
        )

    asyncio.run(story())
    assert served.dm("U0TINY", "U01ANA").messages == {}


def test_an_ephemeral_message_is_seen_by_its_reader_only(served: Slack, client: Client) -> None:
    async def story() -> None:
        api = client("xoxb-tiny")
        ts = (await api.chat_postEphemeral(channel="C01GENERAL", user="U01ANA", text="psst"))["message_ts"]
        assert (await api.conversations_history(channel="C01GENERAL"))["messages"] == []
        assert await refusal(api.chat_update(channel="C01GENERAL", ts=ts, text="x")) == "message_not_found"
        served.channels["C01GENERAL"].members.discard("U02BO")
        assert (
            await refusal(api.chat_postEphemeral(channel="C01GENERAL", user="U02BO", text="x")) == "user_not_in_channel"
        )

    asyncio.run(story())
    assert served.toasts == {}


def test_a_response_url_answers_five_times_in_thirty_minutes(served: Slack) -> None:
    async def story() -> list[int]:
        urls = []
        app = tiny_app(served.base_url)

        @app.command("/raw")
        async def raw(ack: Any, command: Any) -> None:
            urls.append(command["response_url"])
            await ack()

        served.connect("A01TINY", in_process(app))
        await served.act("U01ANA", "command", channel="C01GENERAL", text="/raw")
        await served.act("U01ANA", "command", channel="C01GENERAL", text="/raw")
        statuses = [(await AsyncWebhookClient(urls[0]).send(text=f"{at}")).status_code for at in range(6)]
        served.clock.wind(served.clock.now() + timedelta(minutes=31))
        return [*statuses, (await AsyncWebhookClient(urls[1]).send(text="late")).status_code]

    assert asyncio.run(story()) == [200, 200, 200, 200, 200, 404, 404]
    answers = list(served.channels["C01GENERAL"].messages.values())
    assert [each.text for each in answers] == ["0", "1", "2", "3", "4"]
    assert {each.reader for each in answers} == {"U01ANA"}
    assert [each["rule"] for each in served.findings] == ["used_url", "expired_url"]


def test_a_missing_scope_is_said(served: Slack, client: Client) -> None:
    served.apps["A01TINY"] = replace(served.apps["A01TINY"], scopes=frozenset({"chat:write", "users:read"}))

    async def story() -> None:
        api = client("xoxb-tiny")
        assert await refusal(api.conversations_open(users="U01ANA")) == "missing_scope"
        assert "email" not in (await api.users_info(user="U01ANA"))["user"]["profile"]
        await api.chat_postMessage(channel="C01GENERAL", text="allowed")

    asyncio.run(story())


def test_a_file_is_uploaded_in_three_steps_and_read_with_the_token(served: Slack, client: Client) -> None:
    async def story() -> None:
        api = client("xoxb-tiny")
        dm = (await api.conversations_open(users="U01ANA"))["channel"]["id"]
        done = await api.files_upload_v2(content="a,b\n1,2\n", filename="t.csv", channel=dm, initial_comment="here")
        shown = (await api.files_info(file=done["file"]["id"]))["file"]
        assert (shown["name"], shown["mimetype"], shown["ims"]) == ("t.csv", "text/csv", [dm])
        async with aiohttp.ClientSession() as web:
            headers = {"Authorization": "Bearer xoxb-tiny"}
            async with web.get(shown["url_private"], headers=headers) as answer:
                assert await answer.text() == "a,b\n1,2\n"
            async with web.get(shown["url_private"], allow_redirects=False) as answer:
                assert answer.status == 302
        assert await refusal(api.files_info(file="F99")) == "file_not_found"

    asyncio.run(story())
    (message,) = served.dm("U0TINY", "U01ANA").messages.values()
    assert (message.text, message.subtype) == ("here", "file_share")


def test_conversations_are_listed_as_the_app_sees_them(client: Client) -> None:
    async def story() -> None:
        api = client("xoxb-tiny")
        public = await api.conversations_list()
        assert [each["id"] for each in public["channels"]] == ["C01GENERAL"]
        assert (await api.conversations_info(channel="C01GENERAL"))["channel"]["is_member"]
        assert "U02BO" in (await api.conversations_members(channel="C01GENERAL"))["members"]
        mine = await api.users_conversations(types="im", user="U01ANA")
        assert len(mine["channels"]) == 1
        group = (await api.conversations_open(users="U01ANA,U02BO"))["channel"]["id"]
        assert (await api.conversations_open(users="U02BO,U01ANA"))["channel"]["id"] == group
        assert (await api.team_info())["team"]["name"] == "Test Company"
        assert (await api.bots_info(bot="B0TINY"))["bot"]["app_id"] == "A01TINY"

    asyncio.run(story())


def test_a_reaction_is_added_once(served: Slack, client: Client) -> None:
    async def story() -> None:
        api = client("xoxb-tiny")
        ts = (await served.act("U01ANA", "say", channel="C01GENERAL", text="hurrah"))["answer"]["ts"]
        await api.reactions_add(channel="C01GENERAL", timestamp=ts, name="tada")
        assert await refusal(api.reactions_add(channel="C01GENERAL", timestamp=ts, name="tada")) == "already_reacted"

    asyncio.run(story())


def test_an_uploaded_picture_can_stand_in_a_message(client: Client) -> None:
    async def story() -> None:
        api = client("xoxb-tiny")
        done = await api.files_upload_v2(content=b"png", filename="chart.png")
        picture = {"type": "image", "slack_file": {"id": done["file"]["id"]}, "alt_text": "a chart"}
        sent = await api.chat_postMessage(channel="U01ANA", text="x", blocks=[picture])
        address = sent["message"]["blocks"][0]["slack_file"]["url"]
        async with aiohttp.ClientSession() as web, web.get(f"{address}?as=U01ANA") as answer:
            assert await answer.read() == b"png"
        missing = {"type": "image", "slack_file": {"id": "F99"}, "alt_text": "a chart"}
        assert await refusal(api.chat_postMessage(channel="U01ANA", text="x", blocks=[missing])) == "invalid_blocks"

    asyncio.run(story())
