"""Computing a company's results a slice of people at a time, so that no click waits behind thousands of them.

Each slice is a timer of its own that sets the next one in the transaction that keeps its results: a crash loses none
and repeats none that counts.
"""

from decimal import Decimal
from enum import StrEnum

from bot.domain.cycle import Cycle
from bot.domain.result import Facts, outcome_of
from bot.slack.flow import Turn
from bot.store import cycles, facts, results, timers
from bot.store.facts import Means
from bot.store.results import Computed

SLICE = 100
"""People computed in one transaction."""
STEP = "scoring.compute_slice"


class Then(StrEnum):
    """What follows when everybody is computed."""

    NOTHING = "nothing"
    TELL = "tell"
    OFFER = "offer"


def begin(turn: Turn, cycle: Cycle, then: Then) -> None:
    """Have the result of each participant computed whose result is not released."""
    turn.note("compute_results", turn.person.id, cycle.id)
    _go_on(turn, cycle, then, facts.means_of(turn.session, cycle.id), after="")


def under_way(turn: Turn, cycle: Cycle) -> bool:
    """Whether results are being computed, or about to be: a correction may not have reached them yet."""
    return timers.is_set(turn.session, (STEP, "scoring.compute_again"), cycle.id)


def compute_some(turn: Turn) -> tuple[Cycle, Then] | None:
    """Compute and keep the results of one slice; gives what follows, once nobody is left."""
    cycle_id, then, means, after = turn.carry.split("/")
    cycle = cycles.get(turn.session, cycle_id)
    ids = facts.next_ids(turn.session, cycle.id, after, SLICE)
    if ids:
        known = facts.gather(
            turn.session, cycle, turn.today, turn.calendar.country_days(turn.session), ids, _read(means)
        )
        computed = [_computed(person_id, one) for person_id, one in known.items()]
        results.keep(turn.session, cycle.id, computed, turn.now)
    if len(ids) < SLICE:
        return cycle, Then(then)
    _go_on(turn, cycle, Then(then), _read(means), after=ids[-1])
    return None


def _go_on(turn: Turn, cycle: Cycle, then: Then, means: Means, *, after: str) -> None:
    turn.remind(STEP, "", turn.now, f"{cycle.id}/{then}/{_written(means)}/{after}")


def _written(means: Means) -> str:
    """What is the same for everybody travels with the slices: reading it again for each would cost the most."""
    return ",".join(f"{group}={mean}" for group, mean in sorted(means.items()))


def _read(written: str) -> Means:
    pairs = (each.split("=") for each in written.split(",") if each)
    return {group: Decimal(mean) for group, mean in pairs}


def _computed(person_id: str, known: Facts) -> Computed:
    return Computed(person_id, outcome_of(known), known.rules.written, known.summary())
