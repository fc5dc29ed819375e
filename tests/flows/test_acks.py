"""Slack waits three seconds for an answer: whatever is slow on the way, it comes in time, and nothing is lost."""

import asyncio
import gc
import logging
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.domain.refusal import N_, Refused
from bot.slack import present
from bot.slack.attach import Body, Counter
from bot.slack.blocks import Message, file_input, form, page, section
from bot.slack.flow import Answer, Apart, Flow, Open, Replace, Turn
from bot.slack.text import escape
from bot.store import people
from sandbox.shapes import user_shape
from sandbox.state import Envelope, Fault
from tests.company import Company


def test_a_window_that_hangs_is_offered_in_the_dm_and_the_answer_is_in_time(company: Company) -> None:
    emily = company.person("emily")
    company.slack.faults["views.open"] = Fault("hang", 1)
    began = time.monotonic()
    emily.types("/cairn privacy")
    assert present.PATIENCE <= time.monotonic() - began < 10
    emily.clicks("Open")
    assert "What I keep about you" in emily.sees()


def test_a_page_that_hangs_is_offered_in_the_dm_and_the_answer_is_in_time(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn people")
    company.slack.faults["views.update"] = Fault("hang", 1)
    began = time.monotonic()
    mei.clicks("更正人员信息")
    assert time.monotonic() - began < 10
    mei.closes()
    mei.clicks("打开")
    assert mei.modals


def test_nobody_waits_for_the_database_while_somebodys_file_is_read(company: Company) -> None:
    begun, read, flow = threading.Event(), threading.Event(), Flow("slow")

    def calculate() -> bool:
        begun.set()
        return read.wait(5)

    def said(turn: Turn, free: bool) -> Answer:
        return Answer(Message(escape("It was free" if free else "Nobody got through")))

    @flow.command("slow", N_("Read for long"))
    @flow.action
    def slow(turn: Turn) -> Apart:
        return Apart(calculate, said)

    async def at_once() -> None:
        emily, mei = company.person("emily"), company.person("mei")
        reading = asyncio.create_task(company.slack.act(emily.id, "command", channel=emily.dm, text="/cairn slow"))
        assert await asyncio.to_thread(begun.wait, 5)
        await company.slack.act(mei.id, "command", channel=mei.dm, text="/cairn help")
        read.set()
        await reading

    company.learns(flow)
    company.runs(at_once())
    assert "It was free" in company.person("emily").last_words()


class Slow:
    """A conversation with a form for a file that is read as slowly as the test wants."""

    def __init__(self) -> None:
        self.flow, self.read = Flow("slow"), threading.Event()

        @self.flow.view
        def take(turn: Turn) -> Apart:
            return Apart(lambda: self.reads(turn.inputs.file("file").content), told)

        def told(turn: Turn, words: str) -> Replace:
            return Replace(page(escape("Read"), [section(escape(words))], close=escape("Close")))

        @self.flow.command("slow", N_("Read for long"))
        @self.flow.action
        def ask(turn: Turn) -> Open:
            blocks = [file_input("file", escape("The file"), ["csv"])]
            return Open(form(escape("Import"), blocks, does=take, submit=escape("Send"), close=escape("Close")))

    def reads(self, content: bytes) -> str:
        self.read.wait(10)
        if b"?" in content:
            raise Refused("The file has headings, but no lines below them.")
        return content.decode()


@pytest.mark.parametrize(("content", "said"), [(b"lines", "lines"), (b"?", "The file has headings")])
def test_a_form_whose_file_takes_long_is_answered_first_and_shows_later_what_came_of_it(
    company: Company, content: bytes, said: str
) -> None:
    slow, emily = Slow(), company.person("emily")
    company.learns(slow.flow)
    emily.types("/cairn slow")
    began = time.monotonic()
    emily.submits(file=("people.csv", content))
    assert time.monotonic() - began < 8
    assert "One moment…" in emily.sees()
    slow.read.set()
    company.runs(company.cairn.counter.drained(10))
    assert said in emily.sees()


# News of people ----------------------------------------------------------------------------


def calls(company: Company, *methods: str) -> list[str]:
    """Which of these methods were called, in their order."""
    return [one["what"] for one in company.slack.traffic if one["what"] in methods]


def hears(company: Company, number: int, user: dict[str, Any], *, late: int = 0) -> None:
    """Slack tells of a change, so many seconds after it happened."""
    at = int(company.real_clock.now().timestamp()) - late
    event = {"type": "user_change", "user": user}
    body = {"type": "event_callback", "event_id": f"Ev{number}", "event_time": at, "event": event}
    assert company.runs(company._deliver(Envelope("events_api", body, f"e{number}"))).status == 200


def name_of(company: Company, person_id: str) -> str:
    return str(company.knows(lambda session: people.get(session, person_id)).name)


def test_news_of_people_is_read_from_the_event_and_costs_slack_no_call(company: Company) -> None:
    emily = company.person("emily")
    asked = len(calls(company, "auth.test", "users.info"))
    for number in range(3):
        hears(company, number, user_shape(company.slack, replace(emily.member, name=f"Emily {number}"), locale=True))
        assert name_of(company, emily.id) == f"Emily {number}"
    assert calls(company, "auth.test", "users.info")[asked:] == ["auth.test"]


def test_news_that_comes_late_is_asked_for_because_newer_news_may_have_overtaken_it(company: Company) -> None:
    emily = company.person("emily")
    hears(company, 1, user_shape(company.slack, replace(emily.member, name="Emily Old"), locale=True), late=600)
    assert name_of(company, emily.id) == emily.member.name


# Who hung up -------------------------------------------------------------------------------


def test_a_request_whose_asker_hung_up_is_waited_for(company: Company) -> None:
    done: list[Body] = []

    async def slow(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
        await asyncio.sleep(0.05)  # it is at work
        done.append(body)
        return await ack()

    company.runs(hung_up_on(company, slow))
    assert done == [{}]


def test_what_breaks_after_the_asker_hung_up_puts_no_word_into_a_log(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
        await asyncio.sleep(0.05)  # it is at work
        raise ValueError("zebra-otter was typed")

    company.runs(hung_up_on(company, breaks))
    gc.collect()
    assert "zebra-otter" not in caplog.text
    assert [one.getMessage().split()[0] for one in caplog.records if one.levelno >= logging.ERROR] == ["fault"]


async def hung_up_on(company: Company, listener: Any) -> None:
    """Ask, hang up at once, and wait as a stop does."""
    asked = asyncio.create_task(company.cairn.counter.answered(listener, {}, AsyncAck()))
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    await company.cairn.counter.drained(5)
