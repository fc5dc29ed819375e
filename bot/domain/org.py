"""People, and where they stand in the company: dated, so that a transfer keeps both stints."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Person:
    """Someone in the workspace. `chosen_language` wins over Slack's locale; guests, bots and leavers take no part.

    `free_weekdays` are those they do not work, as digits: "4" is who is off on Fridays, Monday is 0. Who chose
    `whole_text` gets all words of a message in its top-level text, which is all that a screen reader reads of it.
    """

    id: str
    name: str
    email: str = ""
    locale: str = "en-US"
    tz: str = "UTC"
    owner: bool = False
    takes_part: bool = True
    chosen_language: str = ""
    paused_until: date | None = None
    free_weekdays: str = ""
    whole_text: bool = False

    @property
    def language(self) -> str:
        """The language this person reads: one of `en` and `zh`."""
        return "zh" if (self.chosen_language or self.locale).lower().startswith("zh") else "en"


CAIRN = Person(id="cairn", name="Cairn", takes_part=False)
"""Who acts when a timer acts for the company rather than for a person."""


@dataclass(frozen=True)
class Stint:
    """A person's time in one department under one manager; `ends_on` is None until it is known."""

    person_id: str
    department: str
    position: str
    manager_id: str
    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether this stint holds on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
