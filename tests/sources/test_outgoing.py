"""Posting outward: slow, leading inward, or inside a network from the start, it ends in a sentence."""

import asyncio

import pytest

from bot.domain.refusal import Refused
from bot.sources.http_source import Surroundings
from bot.sources.outgoing import post
from tests.receiver import Receiver


async def private(host: str, port: int) -> list[str]:
    return ["10.1.2.3"]


def said(receiver: Receiver, url: str = "", *, named: bool = True) -> str:
    """What comes of posting: nothing, or the sentence of refusal."""

    async def tried() -> str:
        await receiver.open()
        inside = {receiver.place} if named else set()
        around = Surroundings(inside=inside) if not url else Surroundings(resolve=private)
        try:
            await post(url or receiver.url, b"{}", {"X-Cairn-Delivery": "1"}, around, 0.3)
        except Refused as refused:
            return refused.sentence.text.format_map(refused.sentence.facts)
        finally:
            await receiver.close()
        return ""

    return asyncio.run(tried())


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("204 No Content", ""),
        ("500 Broken", "The address answers with an error (500)."),
        ("410 Gone", "The address answers with an error (410)."),
        ("302 Found\r\nLocation: http://169.254.169.254/", "The address leads on to another place (302)."),
        ("nonsense", "127.0.0.1 cannot be reached (RemoteProtocolError)."),
    ],
)
def test_only_a_2xx_counts_as_taken_and_no_redirect_is_followed(status: str, told: str) -> None:
    receiver = Receiver()
    receiver.status = status
    heard = said(receiver)
    assert heard.startswith(told)
    assert bool(heard) == bool(told)
    assert len(receiver.seen) == 1


def test_one_that_does_not_answer_is_given_up() -> None:
    receiver = Receiver()
    receiver.silent = True
    assert said(receiver) == "The address is too slow: it did not answer in time."


def test_what_lies_inside_is_not_spoken_to_unless_the_operator_named_it() -> None:
    receiver = Receiver()
    assert "lies inside a network" in said(receiver, named=False)
    assert "lies inside a network" in said(receiver, "https://hr.corp.example/cairn")
    assert receiver.seen == []
