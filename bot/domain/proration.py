"""Part of a cycle: whose days count, and what share of a cumulative target they carry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from bot.domain.refusal import Refused

NO_LEAVE = Decimal(0)
GRACE = Decimal(10)


@dataclass(frozen=True)
class Served:
    """Working days: of the cycle, employed in the role, and on approved leave (half days are possible).

    `leave_before` is the leave in earlier roles of the same cycle: the grace is one for the cycle, not one a role.
    """

    cycle_days: int
    employed_days: int
    leave_days: Decimal = NO_LEAVE
    leave_before: Decimal = NO_LEAVE


def check_served(served: Served) -> None:
    """Refuse days that cannot be."""
    if not 0 <= served.employed_days <= served.cycle_days or served.cycle_days == 0:
        raise Refused(
            "The days in the role ({employed}) must lie between 0 and the {cycle} working days of the cycle.",
            employed=served.employed_days,
            cycle=served.cycle_days,
        )
    if not 0 <= served.leave_days <= served.employed_days:
        raise Refused(
            "The leave ({leave} days) must lie between 0 and the {employed} days in the role.",
            leave=served.leave_days,
            employed=served.employed_days,
        )


def eligible_days(served: Served, grace: Decimal = GRACE) -> Decimal:
    """Count the days in the role, less the leave above a grace: a short holiday does not shrink a target."""
    check_served(served)
    left = max(NO_LEAVE, grace - served.leave_before)
    return served.employed_days - max(NO_LEAVE, served.leave_days - left)


def in_a_row(roles: Sequence[Served]) -> list[Served]:
    """Let each role of a cycle, the oldest first, know of the leave in those before it."""
    found, before = [], NO_LEAVE
    for one in roles:
        found.append(replace(one, leave_before=before))
        before += one.leave_days
    return found


def served_long_enough(eligible: Decimal, cycle_days: int, least: Fraction) -> bool:
    """Tell whether someone was there for long enough to be rated; exactly the least is enough."""
    return Fraction(eligible) >= least * cycle_days


def working_days_late(due: date, done: date, is_working_day: Callable[[date], bool]) -> int:
    """Count the working days after the due date, up to and including the day of delivery."""
    return sum(is_working_day(due + timedelta(days=n)) for n in range(1, (done - due).days + 1))
