"""`python -m bot doctor`: looks at what Cairn rests on, and says what is wrong and what to do. It changes nothing."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.config import Misconfigured, Settings, read_settings
from bot.doctor import app_page, database, names, reach, times, tokens
from bot.doctor.finding import Check, Finding
from bot.doctor.gathering import gather
from bot.doctor.look import Look, Machine
from bot.doctor.stored import place_of
from bot.manifest import NoManifest, wanted_manifest

CHECKS: Sequence[Check] = (
    *tokens.CHECKS,
    *app_page.CHECKS,
    *database.CHECKS,
    *times.CHECKS,
    *reach.CHECKS,
    *names.CHECKS,
)
MEND = "Mend .env or the environment; .env.example has a line about each setting."


Choose = Callable[[Settings], Settings]


def run(
    environ: Mapping[str, str],
    url: str,
    now: datetime,
    say: Callable[[str], object],
    choose: Choose = lambda all_: all_,
) -> int:
    """Look, and say every finding; the exit status is 1 when one keeps Cairn from working.

    `choose` makes the settings those of the one workspace that is looked at.
    """
    seen: list[Settings] = []

    def choose_and_note(every: Settings) -> Settings:
        seen.append(choose(every))
        return seen[-1]

    found = asyncio.run(examine(environ, url, now, choose=choose_and_note))
    for one in sorted(found, key=lambda one: not one.severe):
        say(f"{'PROBLEM' if one.severe else 'ADVICE '}  {one.sentence}\n         {one.do}")
    for one_of in seen:
        say(f"The database: {place_of(one_of)}.")
    severe = sum(one.severe for one in found)
    say(f"Problems: {severe}; advice: {len(found) - severe}.")
    return 1 if severe else 0


async def examine(
    environ: Mapping[str, str],
    url: str,
    now: datetime,
    machine: Machine | None = None,
    choose: Choose = lambda all_: all_,
) -> list[Finding]:
    """Every finding. Where the settings cannot be read, nothing else can be looked at."""
    try:
        settings = choose(read_settings(environ))
    except Misconfigured as wrong:
        return [Finding(problem, MEND) for problem in wrong.problems]
    machine = machine or Machine()
    try:
        wanted = wanted_manifest(machine.manifests)
    except NoManifest as wrong:
        return [Finding(str(wrong), "Nothing else can be looked at without it.")]
    look = await gather(Look(settings, environ, now, machine, wanted, url=url))
    return [finding for check in CHECKS if (finding := check(look))]
