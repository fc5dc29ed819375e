"""The company's people from an address: SCIM 2.0 page by page, or a table as a file would hold it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.domain.directory import DirectoryRow
from bot.domain.directory_reading import check_people
from bot.domain.endpoint import Endpoint, check_endpoint
from bot.domain.refusal import Refused
from bot.sources.http_source import CSV, Page, Reading, Surroundings, pages_without_end, with_cursor
from bot.sources.people_file import read_people as read_table
from bot.sources.scim import people_of


async def read_people(endpoint: Endpoint, around: Surroundings) -> list[DirectoryRow]:
    """Read everybody whom an address knows; nobody stands twice, and nobody above themself. Raises `Refused`."""
    check_endpoint(endpoint)
    reading = Reading(endpoint, around)
    return await reading.in_time(_read(reading, endpoint.url))


async def _read(reading: Reading, url: str) -> list[DirectoryRow]:
    first = await reading.page(url)
    if first.kind in CSV:
        return await asyncio.to_thread(lambda: check_people(read_table(first.body)))
    records = await _all_records(reading, url, first)
    return await asyncio.to_thread(lambda: check_people(people_of(records)))


async def _all_records(reading: Reading, url: str, page: Page) -> list[Any]:
    """The records of all pages, as many as the address says that there are; a later page takes none of them back."""
    records: list[Any] = []
    total = 0
    while True:
        found, said = _records(page.json(), len(records))
        records, total = records + found, max(total, said)
        reading.check_rows(len(records))
        if len(records) >= total:
            return records
        if not found:
            raise Refused(
                "The address speaks of {total} people and gave {count}. Please have somebody look at it.",
                total=total,
                count=len(records),
            )
        page = await reading.page(with_cursor(url, "startIndex", str(len(records) + 1)))


def _records(page: Any, before: int) -> tuple[list[Any], int]:
    """The records of a page that follows so many, and how many there are in all."""
    if not isinstance(page, dict):
        raise _no_scim()
    total = _whole(page, "totalResults")
    if before and _whole(page, "startIndex") not in {None, before + 1}:
        raise pages_without_end()
    found = page.get("Resources", [] if total == 0 else None)
    if not isinstance(found, list):
        raise _no_scim()
    return found, before + len(found) if total is None else total


def _whole(page: Mapping[str, Any], name: str) -> int | None:
    """A number of a page, which JSON was read as text; None where it says none."""
    found = page.get(name)
    return int(found) if isinstance(found, str) and found.isdecimal() and len(found) < 9 else None


def _no_scim() -> Refused:
    return Refused("This is no list of people as SCIM 2.0 writes it: there are no “Resources” in it.")
