"""A tiny Bolt app lives in the sandbox: in process, over Socket Mode and over signed HTTP."""

import asyncio

from tiny_app import connected, in_process, tiny_app

from sandbox.model import Channel
from sandbox.slack import Slack


def dm(slack: Slack) -> Channel:
    return slack.dm("U0TINY", "U01ANA")


def said(slack: Slack) -> list[str]:
    return [message.text for message in dm(slack).messages.values()]


async def fill_in_the_form(slack: Slack) -> None:
    await slack.act("U01ANA", "say", channel=dm(slack).id, text="hello")
    heard = await slack.until(lambda: next((m for m in dm(slack).messages.values() if m.text == "heard hello"), None))
    await slack.act("U01ANA", "press", channel=dm(slack).id, ts=heard.ts, block_id="acts", action_id="form")
    view = (await slack.until(lambda: slack.stack("U01ANA")))[0]
    missing = await slack.act("U01ANA", "submit", view_id=view.id, state={})
    assert missing == {"ok": False, "errors": {"name": "Please complete this required field."}}
    await slack.act("U01ANA", "submit", view_id=view.id, state={"name": {"it": "nobody"}})
    assert view.errors == {"name": "Somebody, please."}
    await slack.act("U01ANA", "submit", view_id=view.id, state={"name": {"it": "Ana"}})
    assert slack.stack("U01ANA") == []
    await slack.until(lambda: "thanks, Ana" in said(slack))


def test_a_conversation_works_in_process(served: Slack) -> None:
    async def story() -> None:
        served.connect("A01TINY", in_process(tiny_app(served.base_url)))
        await fill_in_the_form(served)

    asyncio.run(story())
    assert served.findings == []


def test_a_conversation_works_over_socket_mode(served: Slack) -> None:
    async def story() -> None:
        async with connected(served):
            await fill_in_the_form(served)

    asyncio.run(story())
    assert served.findings == []


def test_a_command_is_answered_to_the_one_who_typed_it(served: Slack) -> None:
    async def story() -> None:
        async with connected(served):
            await served.act("U01ANA", "command", channel="C01GENERAL", text="/tiny greet @bo")

    asyncio.run(story())
    (answer,) = served.channels["C01GENERAL"].messages.values()
    assert (answer.text, answer.reader) == ("you said greet <@U02BO|bo>", "U01ANA")


def test_opening_home_publishes_it(served: Slack) -> None:
    async def story() -> None:
        async with connected(served):
            await served.act("U02BO", "open_home", app="A01TINY")
            await served.until(lambda: served.homes)

    asyncio.run(story())
    assert served.homes["A01TINY", "U02BO"].body["blocks"][0]["text"]["text"] == "Welcome"
