"""The same turns in a company of 100, of 10,000 and of 100,000 people, with three years behind each of them.

A turn should cost what it costs, however large the company is.
"""

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.app import Cairn
from tests.bench import crowd, ground
from tests.bench.clicks import CLICKS, Click, agreement
from tests.bench.crowd import HR, Crowd
from tests.bench.measure import Row, against, in_turns


async def rows(*, quick: bool) -> list[Row]:
    """On both databases."""
    sizes = (100, 1_000) if quick else (100, 10_000, 100_000)
    found: list[Row] = []
    for name, make in ground.GROUNDS.items():
        with make() as fresh:
            companies: dict[int, tuple[Cairn, Crowd]] = {}
            for size in sizes:
                database = fresh()
                company = crowd.under_way(database, size, agreed=False)
                crowd.remember(database, company)
                companies[size] = (await ground.cairn_on(database, ground.Clock(crowd.WORKING)), company)
            for click, body in {**CLICKS, "HR's Home": CLICKS["Home"]}.items():
                found += await _compared(f"{click}, {name}", body, companies, hr=click.startswith("HR"))
            for cairn, _ in companies.values():
                await cairn.close()
    return found


async def _compared(what: str, click: Click, companies: dict[int, tuple[Cairn, Crowd]], *, hr: bool) -> list[Row]:
    works = {str(size): _turns(cairn, company, click, hr=hr) for size, (cairn, company) in companies.items()}
    for cairn, company in companies.values():
        crowd.propose_again(cairn.database, company)
    await in_turns(works, ground.clock, 1)  # whatever is read or compiled only once
    best = dict.fromkeys(works, float("inf"))
    for _ in range(4):
        for cairn, company in companies.values():
            crowd.propose_again(cairn.database, company)
        for size, used in (await in_turns(works, ground.clock, 1)).items():
            best[size] = min(best[size], used)
    floor, *others = works
    return [
        against(f"{what}, {int(size):,} people", best[size] / TURNS * 1e3, best[floor] / TURNS * 1e3, "ms", most=1.3,
                note=f"floor: {floor} people")
        for size in others
    ]  # fmt: skip


TURNS = 10
"""In one round, by managers who have ten reports in each of the companies."""


def _turns(cairn: Cairn, company: Crowd, click: Click, *, hr: bool):  # type: ignore[no-untyped-def]
    async def work() -> None:
        for n in range(TURNS):
            who = 0 if hr else 20 + n if click is agreement else 1 + n % 9
            body = click(company, who)
            answer = await cairn.bolt.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
            assert answer.status == 200
            if body.get("type") == "event_callback":
                await cairn.desk.draw_home(HR if hr else f"P{who}")

    return work
