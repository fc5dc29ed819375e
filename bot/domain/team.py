"""Who prepares and judges beside the managers, and when somebody would be judge in their own matter."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from bot.domain.refusal import N_


class Duty(StrEnum):
    """A role for the whole company."""

    OWNER = "owner"
    CALIBRATOR = "calibrator"
    APPEALS = "appeal_handler"
    FINANCE = "finance"


NEEDED = (Duty.OWNER, Duty.CALIBRATOR, Duty.APPEALS)
"""Without these no cycle is ready; a company without bonuses needs no finance."""
FEWEST_OF_FINANCE = 2
"""One makes a pool, another one approves it."""
DUTY_NAMES: Mapping[Duty, str] = {
    Duty.OWNER: N_("Owner of the process"),
    Duty.CALIBRATOR: N_("Calibrators"),
    Duty.APPEALS: N_("Appeal handlers"),
    Duty.FINANCE: N_("Finance"),
}


def line_above(person_id: str, managers: Mapping[str, str]) -> set[str]:
    """Everyone that somebody reports to, directly or not; `managers` has each person's manager, empty for none."""
    found: set[str] = set()
    above = managers.get(person_id, "")
    while above and above not in found:
        found.add(above)
        above = managers.get(above, "")
    return found


def may_judge(judge_id: str, about_id: str, managers: Mapping[str, str]) -> bool:
    """Whether somebody may calibrate or hear an appeal: never about themself, or about those who report to them."""
    return judge_id != about_id and judge_id not in line_above(about_id, managers)


def without_judge(judges: Collection[str], about: Iterable[str], managers: Mapping[str, str]) -> list[str]:
    """Those whose result none of these judges may look at, because they are it themselves or stand above."""
    barred = ((one, {one, *line_above(one, managers)}) for one in about)
    return [one for one, those in barred if those.issuperset(judges)]
