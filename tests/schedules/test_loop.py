"""The metronome: every chore in rounds of its own, and beating on when the machine's clock is set back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.schedules.loop import LongRounds, Loop, Rounds

QUICK = 0.01


def counting(left: list[int]) -> Callable[[], Awaitable[int]]:
    """A chore with so much to do."""

    async def chore() -> int:
        return left.pop() if left else 0

    return chore


async def until(true: Callable[[], bool]) -> None:
    """Wait for something, at most a few seconds."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what is waited for knows of no event
            await asyncio.sleep(QUICK)


def test_everything_is_done_before_it_settles(loop: asyncio.AbstractEventLoop) -> None:
    first, second = [1, 2, 3], [4]
    assert loop.run_until_complete(Loop([Rounds(counting(first)), Rounds(counting(second))], seconds=60).settle()) == 10
    assert first == second == []


def test_a_chore_that_may_last_minutes_is_cut_off_at_a_stop(loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        begun, gate = asyncio.Event(), asyncio.Event()

        async def reading() -> int:
            begun.set()
            await gate.wait()
            return 1

        long = LongRounds(reading)
        long.ring()
        await begun.wait()
        async with asyncio.timeout(2):
            await long.stop()

    loop.run_until_complete(story())


def test_a_slow_chore_keeps_no_other_waiting(loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        gate, did = asyncio.Event(), []

        async def slow() -> int:
            await gate.wait()
            return 0

        async def quick() -> int:
            did.append(1)
            return 0

        beating = Loop([Rounds(slow), Rounds(quick)], seconds=QUICK)
        beating.start()
        await until(lambda: len(did) > 3)
        gate.set()
        await beating.stop()

    loop.run_until_complete(story())


def test_a_chore_that_breaks_is_tried_again(loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        tries = []

        async def breaks() -> int:
            tries.append(1)
            raise ValueError("what somebody typed")

        beating = Loop([Rounds(breaks)], seconds=QUICK)
        beating.start()
        await until(lambda: len(tries) > 2)
        await beating.stop()

    loop.run_until_complete(story())
    assert "what somebody typed" not in caplog.text


def test_a_stop_lets_the_present_round_finish(loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> list[str]:
        did, begun = [], asyncio.Event()

        async def chore() -> int:
            begun.set()
            await asyncio.sleep(5 * QUICK)
            did.append("whole")
            return 1

        beating = Loop([Rounds(chore)], seconds=QUICK)
        beating.start()
        await begun.wait()
        await beating.stop()
        return did

    assert loop.run_until_complete(story()) == ["whole"]


def test_it_beats_on_after_the_clock_was_set_back(loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        did = []

        async def chore() -> int:
            did.append(1)
            return 0

        beating = Loop([Rounds(chore)], seconds=QUICK)
        beating.start()
        await until(lambda: bool(did))
        for job in beating._jobs:  # as the scheduler sees it once the clock went back by an hour
            job.modify(next_run_time=job.next_run_time + timedelta(hours=1))
        seen = len(did)
        beating.beat_again()
        await until(lambda: len(did) > seen + 1)
        await beating.stop()

    loop.run_until_complete(story())
