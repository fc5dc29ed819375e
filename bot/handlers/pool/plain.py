"""Pay bases at a terminal: what a file would change, in counts, and the same all or nothing as every import."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.domain.access import Act
from bot.domain.cycle import Cycle
from bot.domain.org import CAIRN
from bot.domain.pay import Base, read_bases
from bot.domain.pool import check_amount
from bot.domain.preview import mistakes
from bot.domain.refusal import Refused
from bot.domain.written import number_of
from bot.slack.text import plain
from bot.slack.words import Words
from bot.sources.pay_file import read_pay
from bot.store import audit, pay, pools
from bot.store.db import Database
from bot.store.pay import PayTerms

MOST_RAISES = Decimal(50)


@dataclass(frozen=True)
class Request:
    """What was asked for at the terminal: a file, the cycle's name or id, and how much there is for all together."""

    content: bytes = field(repr=False)
    cycle: str = ""
    total: str = field(default="", repr=False)
    raises: str = ""
    apply: bool = False


def import_pay(database: Database, request: Request, now: datetime, say: Callable[[str], object]) -> int:
    """Say what a file would change, and apply it if that was asked; the exit status is 1 when anything is refused."""
    t = Words("en")
    try:
        rows, of_all = read_pay(request.content), _of_all(request)
        with database.unit_of_work() as session:
            cycle = pools.cycle_for(session, request.cycle)
            pools.check_open(session, cycle.id)
            found, refused = read_bases(rows, pools.takers(session, cycle.id))
            for line in _told(cycle, pay.bases(session, cycle.id), found):
                say(line)
            for each in mistakes(refused):
                say(f"Line {', '.join(map(str, each.lines))}: {plain(t.say(each.sentence))}")
            if refused:
                return 1
            if request.apply:
                pay.replace(session, cycle.id, found, of_all, now)
                for one in found:
                    audit.note(session, now, CAIRN.id, Act.IMPORT, one.person_id, f"{cycle.id}/pay")
    except Refused as wrong:
        say(plain(t.say(wrong.sentence)))
        return 1
    dry = "Nothing was changed: this was a dry run. Add --apply to apply the file."
    say(f"Applied, for {len(found)} people." if request.apply else dry)
    return 0


def _of_all(request: Request) -> PayTerms:
    total, raises = _number(request.total, "--total"), _number(request.raises, "--raises")
    if raises is not None and not 0 <= raises <= MOST_RAISES:
        raise Refused("The budget of raises is a percentage from 0 to {most}.", most=MOST_RAISES)
    return PayTerms(None if total is None else check_amount(total), raises)


def _number(typed: str, option: str) -> Decimal | None:
    if not typed:
        return None
    read = number_of(typed)
    if read is None:
        raise Refused("{option} is no number.", option=option)
    return read[0]


def _told(cycle: Cycle, before: Mapping[str, Base], found: Sequence[Base]) -> list[str]:
    """How many lines say what; no amount, for a terminal may be looked at."""
    new = sum(one.person_id not in before for one in found)
    same = sum(before.get(one.person_id) == one for one in found)
    gone = len(before.keys() - {one.person_id for one in found})
    return [
        f"Pay bases for {cycle.name}: {len(found)} people.",
        f"New: {new}",
        f"Changed: {len(found) - new - same}",
        f"Unchanged: {same}",
        f"No longer there: {gone}",
    ]
