"""What a turn knows of the calendar: when people work."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bot.domain.org import Person


class Calendar(Protocol):
    """When people work."""

    def workdays(self, session: Session, person: Person) -> Callable[[date], bool]:
        """Which days somebody works."""
        ...

    def working_hour(self, session: Session, person: Person, at: datetime, due: datetime | None = None, *,
                     rests: bool = True) -> datetime:  # fmt: skip
        """The first moment from `at` on at which somebody may be written to unasked; what was `due` earlier is late."""
        ...

    def country_days(self, session: Session) -> Callable[[Person], Callable[[date], bool]]:
        """Which days are worked where somebody is, whatever is theirs alone."""
        ...
