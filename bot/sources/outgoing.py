"""Posting to an address that HR named, behind the same guards as reading from one: nowhere inward, nowhere further."""

import asyncio
from collections.abc import Mapping

import httpx

from bot.domain.endpoint import check_url
from bot.domain.refusal import Refused
from bot.sources.addresses import Place, place_of
from bot.sources.http_source import Surroundings, of_this_machine

PATIENCE = 10.0
"""Seconds for all of it: looking the name up, connecting, sending, and the first line of the answer."""


async def post(url: str, body: bytes, headers: Mapping[str, str], around: Surroundings, patience: float) -> None:
    """Post once; whatever is not taken with a 2xx is refused with why. What is answered is not read."""
    check_url(url)
    try:
        async with asyncio.timeout(patience):
            place = await place_of(url, around.inside, around.resolve)
            status = await _posted(_request(url, place, body, headers), around)
    except (TimeoutError, httpx.TimeoutException):
        raise Refused("The address is too slow: it did not answer in time.") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        host, why = httpx.URL(url).host, type(error).__name__
        raise Refused("{host} cannot be reached ({why}).", host=host, why=why) from None
    if 300 <= status < 400:
        raise Refused("The address leads on to another place ({status}). I do not follow.", status=str(status))
    if not 200 <= status < 300:
        raise Refused("The address answers with an error ({status}).", status=str(status))


async def _posted(request: httpx.Request, around: Surroundings) -> int:
    async with httpx.AsyncClient(trust_env=False, verify=around.trust or of_this_machine()) as client:
        answer = await client.send(request, stream=True)
        await answer.aclose()
        return answer.status_code


def _request(url: str, place: Place, body: bytes, headers: Mapping[str, str]) -> httpx.Request:
    """The address that was looked at is spoken to, under the name that was given."""
    parts = httpx.URL(url)
    own = {"Host": parts.netloc.decode("ascii"), "User-Agent": "Cairn", "Content-Type": "application/json"}
    return httpx.Request(
        "POST",
        parts.copy_with(host=str(place.address)),
        headers={**own, **headers},
        content=body,
        extensions={"sni_hostname": place.host, "timeout": httpx.Timeout(PATIENCE).as_dict()},
    )
