"""The pulse: three questions about the process, answered sealed, told only as counts of five or more."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bot.domain.refusal import N_, Refused

FEWEST = 5
"""Answers of a department, below which they are counted together with others."""
OPEN_FOR = timedelta(days=7)
"""How long it is asked; then it is opened once."""
LONGEST = 250
TOGETHER = ""
"""In place of a department: those too small to stand alone."""


class Question(StrEnum):
    """What is asked."""

    GOALS = "goals"
    HELP = "help"
    FAIR = "fair"


class Level(StrEnum):
    """What can be answered."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


QUESTIONS: Mapping[Question, str] = {
    Question.GOALS: N_("I knew what was expected of me."),
    Question.HELP: N_("I got the help and the answers that I needed on the way."),
    Question.FAIR: N_("My result was reached fairly, and I understand it."),
}
LEVELS: Mapping[Level, str] = {Level.YES: N_("That is so"), Level.PARTLY: N_("Partly so"), Level.NO: N_("Not so")}


@dataclass(frozen=True)
class Said:
    """One answer, of nobody known."""

    levels: Mapping[Question, Level]
    words: str = field(default="", repr=False)


@dataclass(frozen=True)
class Counted:
    """What one department, or several together, answered to one question."""

    department: str
    question: Question
    by_level: Mapping[Level, int]

    @property
    def n(self) -> int:
        """How many answered."""
        return sum(self.by_level.values())


def levels_of(given: Mapping[str, str]) -> dict[Question, Level]:
    """The three answers of a form; one that is missing or forged is refused."""
    found = {}
    for question in Question:
        if given.get(question) not in set(Level):
            raise Refused("Please choose one of these.", field=question)
        found[question] = Level(given[question])
    return found


def groups(sizes: Mapping[str, int]) -> dict[str, str]:
    """Under which name each department's answers are counted; those that may not be told in any way are left out.

    Small ones are put together, with the next smallest as long as they are too few: what one could subtract from the
    whole is never a few people.
    """
    in_order = sorted(sizes, key=lambda name: (sizes[name], name))
    small = [name for name in in_order if sizes[name] < FEWEST]
    rest = in_order[len(small) :]
    while small and rest and sum(sizes[name] for name in small) < FEWEST:
        small.append(rest.pop(0))
    if sum(sizes[name] for name in small) < FEWEST:
        small = []
    return {**dict.fromkeys(small, TOGETHER), **{name: name for name in rest}}


def counted(answers: Iterable[tuple[str, Said]]) -> list[Counted]:
    """Count the answers by the name of their group and by question."""
    found: dict[tuple[str, Question], Counter[Level]] = {}
    for group, said in answers:
        for question, level in said.levels.items():
            found.setdefault((group, question), Counter())[level] += 1
    in_order = sorted(found.items(), key=lambda one: (one[0][0] == TOGETHER, one[0][0], [*Question].index(one[0][1])))
    return [Counted(group, question, dict(by_level)) for (group, question), by_level in in_order]
