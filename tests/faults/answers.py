"""Slack fails: it took a call or it did not, and says so, says otherwise, or says nothing."""

from collections import Counter
from datetime import UTC, datetime, time
from itertools import product

from tests.faults.cells import CELLS, Cell, cell
from tests.faults.company import GRACE, LOOK, STRIDE, Company, Count
from tests.faults.payloads import opened_home, typed
from tests.faults.standin import Call, Fault
from tests.faults.stories import IN_TIME, OVER, day_ahead, many_people, turns_taken

POST, EDIT, PUBLISH = "chat.postMessage", "chat.update", "views.publish"
THREE_HOURS = 3 * 3_600.0
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


# What stands there already ----------------------------------------------------------------------


def _each_edit(name: str, fault: Fault) -> None:
    """The first attempt to edit each person's card fails: of their pause, that it is over."""

    async def lives(company: Company, n: int) -> Count:
        someone, until = company.hires(AT_ONCE), day_ahead(company, 30)
        company.employs()
        await company.ready()
        for one in someone:
            await company.insists(typed(one, f"pause {until}"))
        quiet = await company.quiet()
        met = _first_of(company, EDIT, "channel", fault)
        company.time.comes(datetime.combine(until, time(10, 0, 1), UTC))
        company.expects(someone, OVER, within=IN_TIME * 2)
        quiet = await company.quiet() and quiet
        company.dismisses()
        unmet = AT_ONCE - len(met)
        return company.counted(AT_ONCE, quiet=quiet) + turns_taken(company, *someone) + Count(lost=unmet)

    CELLS[name] = Cell(name, lives)


def _each_home(name: str, fault: Fault) -> None:
    """The first attempt to draw each person's Home fails."""

    async def lives(company: Company, n: int) -> Count:
        someone = company.hires(AT_ONCE)
        company.employs()
        await company.ready()
        met = _first_of(company, PUBLISH, "user_id", fault)
        for one in someone:
            await company.insists(opened_home(one))
        quiet = await company.quiet()
        company.dismisses()
        drawn = sum(company.slack.homes[one] > int(fault.taken) for one in someone)
        return company.counted(AT_ONCE, quiet=quiet) + Count(lost=2 * AT_ONCE - drawn - len(met))

    CELLS[name] = Cell(name, lives)


def _first_of(company: Company, method: str, whose: str, fault: Fault) -> set[str]:
    """Let each one's first call of a method fail; returns who met that, and fills as they do."""
    met: set[str] = set()

    def fails(call: Call) -> Fault | None:
        if call.method != method or (one := str(call.args[whose])) in met:
            return None
        met.add(one)
        return fault

    company.slack.fails = fails
    return met


for _how, _taken in (("reset", True), ("500", False)):
    _words = f"{_how}, {'taken' if _taken else 'not taken'}"
    _each_edit(f"edit: {_words}", Fault(_how, taken=_taken))
    _each_home(f"home: {_words}", Fault(_how, taken=_taken))


# Long ones ----------------------------------------------------------------------------------------


@cell("Slack gone for three hours")
async def gone(company: Company, n: int) -> Count:
    """Whatever is called is reset, or answered with an error, for three hours; then everything arrives, once."""
    begun = company.time.steady()
    outage = Fault(("reset", "503")[n % 2], taken=bool(n // 2 % 2))

    def fails(call: Call) -> Fault | None:
        return outage if company.time.steady() < begun + THREE_HOURS else None

    company.slack.fails = fails
    company.plans(company.hires(AT_ONCE), within=THREE_HOURS + GRACE)
    company.employs()
    await company.ready()
    while company.time.steady() < begun + THREE_HOURS:
        await company.until(lambda: False, patience=LOOK)
        if not company.slack.in_hand:
            company.time.passes(STRIDE)
    quiet = await company.quiet()
    company.dismisses()
    return company.counted(AT_ONCE, quiet=quiet)


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
