"""Files that somebody asked for: each lies in their DM once, whatever became of the call that shared it."""

import signal
from collections import Counter

from bot.store.outbox import UPLOAD
from tests.faults.cells import CELLS, Cell
from tests.faults.company import Company, Count
from tests.faults.payloads import pressed
from tests.faults.standin import Call, Fault
from tests.faults.stories import IN_TIME, turns_taken

ANNOUNCE = "files.getUploadURLExternal"
AT_ONCE = 5
PUSHES = ("What I keep about you, to read", "What I keep about you, as JSON")


def _once_each(name: str, method: str, fault: Fault, *, killing: bool = False) -> None:
    """Some people ask for what is kept about them, and the first call of a kind for each file fails.

    Where it is `killing`, the worker is gone at one of them, another one each time.
    """

    async def lives(company: Company, n: int) -> Count:
        tried: Counter[str] = Counter()
        kill = Fault(fault.how, fault.taken, then=lambda: company.workers[0].sends(signal.SIGKILL))

        def fails(call: Call) -> Fault | None:
            if call.method != method:
                return None
            tried["all"] += 1
            if killing:
                return kill if tried["all"] == 1 + n % (AT_ONCE * len(PUSHES)) else None
            about = call.args.get("filename") or f"{call.args['channel_id']}/{call.args['initial_comment']}"
            tried[about] += 1
            return fault if tried[about] == 1 else None

        someone = company.hires(AT_ONCE)
        company.employs()
        await company.ready()
        company.slack.fails = fails
        for words in PUSHES:
            company.expects(someone, words, within=IN_TIME)
        for one in someone:
            await company.insists(pressed(one, "packet.take"))
        quiet = await company.quiet()
        return company.counted(1 if killing else AT_ONCE, quiet=quiet) + turns_taken(company, *someone)

    CELLS[name] = Cell(name, lives)


for _how in ("reset", "no answer", "500", "malformed", "internal_error"):
    _once_each(f"file: {_how}, taken", UPLOAD, Fault(_how, taken=True))
for _how in ("reset", "500", "429"):
    _once_each(f"file: {_how}, not taken", UPLOAD, Fault(_how, seconds=10))
_once_each("file: place for it not given", ANNOUNCE, Fault("reset"))
_once_each("killed: file laid, not shared", UPLOAD, Fault("reset"), killing=True)
_once_each("killed: file shared, not answered", UPLOAD, Fault("reset", taken=True), killing=True)
_once_each("killed: file shared, answered", UPLOAD, Fault("answered", taken=True), killing=True)
