"""The moments of a cycle: which conversation begins when, for whom. Flows meet through these names."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from bot.domain.cycle import Cycle, Stage, opening
from bot.domain.org import Stint

FOR_EACH = (
    (Stage.PLANNING, "goals.invite"),
    (Stage.EXECUTING, "checkins.start"),
    (Stage.ASSESSING, "reviews.invite_self"),
    (Stage.ASSESSING, "peers.invite_nominations"),
    (Stage.REVIEWING, "process.ask_pulse"),
)
"""What begins for each participant when a stage opens where they are."""
FOR_THE_COMPANY = (
    (Stage.ASSESSING, 12, "actuals.remind"),
    (Stage.CALIBRATING, 12, "peers.close"),
    (Stage.CALIBRATING, 13, "scoring.compute"),
    (Stage.RELEASING, 12, "scoring.offer_release"),
    (Stage.APPLYING, 12, "outcomes.begin_deciding"),
    (Stage.REVIEWING, 12, "process.look_back"),
    (Stage.CLOSED, 12, "process.close"),
)
"""What begins once, at this hour in UTC of the day on which a stage opens."""
FOR_MANAGERS = "reviews.invite_manager"
SELF_REVIEW = timedelta(days=7)
"""How long people write about themselves before their managers are asked."""

Due = tuple[str, str, datetime]
"""A step, the person it is for (empty: the company), and its moment."""


def timetable(cycle: Cycle, taking_part: Sequence[Stint], zones: Mapping[str, str]) -> list[Due]:
    """List every moment of a cycle; who joins later begins on their first day. `zones` has everyone's time zone."""
    managers = sorted({stint.manager_id for stint in taking_part})
    reviews = cycle.opens[Stage.ASSESSING] + SELF_REVIEW
    return [
        *(
            (step, stint.person_id, opening(max(cycle.opens[stage], stint.starts_on), zones[stint.person_id]))
            for stage, step in FOR_EACH
            for stint in taking_part
        ),
        *((FOR_MANAGERS, manager, opening(reviews, zones[manager])) for manager in managers),
        *((step, "", datetime.combine(cycle.opens[stage], time(hour), UTC)) for stage, hour, step in FOR_THE_COMPANY),
    ]
