"""Slack fails: it took a call or it did not, and says so, says otherwise, or says nothing."""

from collections import Counter
from itertools import product

from tests.faults.cells import CELLS, Cell, cell
from tests.faults.company import Company, Count
from tests.faults.standin import Call, Fault
from tests.faults.stories import many_people

POST = "chat.postMessage"
AT_ONCE = 10
"""People in one company; each one's message is a run."""

HOW = ("reset", "no answer", "500", "503", "malformed", "cut", "internal_error", "fatal_error")


def _once_each(name: str, fault: Fault, also: dict[str, Fault] | None = None) -> None:
    """The first attempt to post to each person fails; so do the first two attempts at what is in `also`."""

    async def lives(company: Company, n: int) -> Count:
        tried: Counter[str] = Counter()

        def fails(call: Call) -> Fault | None:
            other = (also or {}).get(call.method)
            if call.method != POST and not other:
                return None
            about = f"{call.method}/{call.args.get('channel')}"
            tried[about] += 1
            return fault if call.method == POST and tried[about] == 1 else other if tried[about] <= 2 else None

        company.slack.fails = fails
        return await many_people(company, AT_ONCE)

    CELLS[name] = Cell(name, lives)


for _how, _taken in product(HOW, (True, False)):
    _once_each(f"post: {_how}, {'taken' if _taken else 'not taken'}", Fault(_how, taken=_taken))
for _how in ("reset", "internal_error", "429"):
    _history = {"conversations.history": Fault(_how, seconds=10)}
    _once_each(f"in doubt, and history fails: {_how}", Fault("reset", taken=True), _history)


def _storm(seconds: int, refusals: int) -> None:
    """Whatever is posted is refused with 429, so many times."""
    name = f"429 storm, Retry-After {seconds}"

    async def lives(company: Company, n: int) -> Count:
        refused = Counter[str]()

        def fails(call: Call) -> Fault | None:
            if call.method != POST or refused[POST] >= refusals:
                return None
            refused[POST] += 1
            return Fault("429", seconds=seconds)

        company.slack.fails = fails
        return await many_people(company, AT_ONCE)

    CELLS[name] = Cell(name, lives)


_storm(1, 15)
_storm(30, 6)


@cell("poisoned message, refused")
async def refused(company: Company, n: int) -> Count:
    """One message can never be delivered; the others go on, and it is given up."""
    (nobody,) = company.hires(1)
    company.plans([nobody])
    company.dues.clear()
    company.slack.fails = lambda call: (
        Fault("msg_too_long") if call.method == POST and call.args["channel"] == f"D{nobody}" else None
    )
    return await many_people(company, AT_ONCE)


@cell("poisoned message, never answered")
async def never_answered(company: Company, n: int) -> Count:
    """One message is never answered for a long while; the others do not wait for it, and then it arrives as well."""
    (unlucky,) = company.hires(1)
    company.plans([unlucky], within=3600)
    poisoned = Counter[str]()

    def fails(call: Call) -> Fault | None:
        if call.method == POST and call.args["channel"] == f"D{unlucky}" and poisoned[POST] < 4:
            poisoned[POST] += 1
            return Fault("internal_error")
        return None

    company.slack.fails = fails
    return await many_people(company, AT_ONCE)
