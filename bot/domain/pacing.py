"""How long it takes to write to many people when only so many messages a minute can be sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta


def finish(waves: Mapping[datetime, int], per_minute: float) -> datetime | None:
    """When the last message is out; `waves` is how many become due when. None when there is nothing to send.

    One queue with a constant service rate: a wave begins at its moment, or when those before it are through.
    """
    through: datetime | None = None
    for due in sorted(waves):
        begins = due if through is None else max(due, through)
        through = begins + timedelta(minutes=waves[due] / per_minute)
    return through
