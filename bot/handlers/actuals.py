"""Actual values: when assessing opens, HR learns which measures still lack theirs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle, Stage
from bot.domain.goal import Goal
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.slack.blocks import Block, Message, View, button, buttons, context, page, section
from bot.slack.flow import Flow, Open, Task, Turn
from bot.slack.text import Text, bold, bullets, lines
from bot.slack.words import Words
from bot.store import actuals, cycles, people

flow = Flow("actuals")

WANTED_IN = frozenset({Stage.ASSESSING, Stage.CALIBRATING})
MOST_LINES = 20
A_SECTION = 10


@dataclass(frozen=True)
class Missing:
    """Which values a cycle still lacks: the measures of each person, by name."""

    cycle: Cycle
    by_person: tuple[tuple[Person, tuple[str, ...]], ...]

    @property
    def count(self) -> int:
        """How many values that is."""
        return sum(len(titles) for _, titles in self.by_person)

    @property
    def by_measure(self) -> list[tuple[str, int]]:
        """How many people lack each measure, the most first."""
        return Counter(title for _, titles in self.by_person for title in titles).most_common()


# What people see --------------------------------------------------------------------------


def values_are_missing(t: Words, missing: Missing) -> Message:
    """What is still to come, and how to send it."""
    text = t("The results of {cycle} need actual values that nobody has reported yet.", cycle=missing.cycle.name)
    measures = [
        t.plural("{measure}: {n} person", "{measure}: {n} people", n, measure=title) for title, n in missing.by_measure
    ]
    return Message(
        text,
        [
            section(text),
            section(bullets(measures[:MOST_LINES])),
            buttons(button(t("Who lacks which value"), does=show_missing, carry=missing.cycle.id, style="primary")),
            context(how_to_send(t, missing.cycle)),
        ],
    )


def values_are_there(t: Words, cycle: Cycle) -> Message:
    """Nothing is missing (any more)."""
    return Message(t("All actual values of {cycle} are here.", cycle=cycle.name))


def how_to_send(t: Words, cycle: Cycle) -> Text:
    """The two ways to hand in a file, and until when."""
    return t(
        "Send them with `/cairn import`, or drop a CSV or XLSX file here: email, measure, period, value, source. "
        "Results are computed on {day}; a missing value is never counted as zero.",
        day=cycle.opens[Stage.CALIBRATING],
    )


def missing_by_person(t: Words, found: Sequence[Missing]) -> View:
    """Who lacks which value."""
    blocks: list[Block] = []
    for missing in found:
        rows = [t("{name}: {measures}", name=who, measures=t.names(list(titles))) for who, titles in missing.by_person]
        blocks += [section(bold(t("Missing in {cycle}", cycle=missing.cycle.name)))]
        blocks += [section(bullets(rows[n : n + A_SECTION])) for n in range(0, min(len(rows), 300), A_SECTION)]
        blocks += [context(how_to_send(t, missing.cycle))]
    return page(t("Missing values"), blocks or [section(t("No value is missing."))], close=t("Close"))


def task_text(t: Words, missing: Missing) -> Text:
    """What Home says of it."""
    return lines(
        bold(t("Actual values of {cycle}", cycle=missing.cycle.name)),
        t.plural("{n} value is missing.", "{n} values are missing.", missing.count),
    )


# What happens -----------------------------------------------------------------------------


@flow.timer
def remind(turn: Turn) -> None:
    """Assessing opens: tell HR what is missing."""
    (cycle_id,) = turn.carried(1)
    for hr in people.holders(turn.session, people.HR):
        turn.remind(tell, hr.id, turn.now, cycle_id)


@flow.prompt_that(Attention.EXPIRES)
def tell(turn: Turn) -> None:
    """Tell one HR person what is missing."""
    (cycle_id,) = turn.carried(1)
    missing = missing_in(turn, cycles.get(turn.session, cycle_id))
    key = f"actuals/{cycle_id}/{turn.person.id}"
    if missing.count:
        turn.say(turn.person, key, values_are_missing, missing)
    else:
        turn.say(turn.person, key, values_are_there, missing.cycle)


@flow.command("actuals", N_("Which actual values are missing"), for_hr=True)
@flow.action
def show_missing(turn: Turn) -> Open:
    """Show who lacks which value, in the cycles that are being assessed."""
    turn.must(Act.IMPORT, turn.person.id)
    return Open(missing_by_person(turn.t, wanted_now(turn)))


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """What HR still has to bring together."""
    if not turn.may(Act.IMPORT, turn.person.id):
        return []
    t = turn.t
    return [
        Task(task_text(t, one), t("See what is missing"), show_missing, one.cycle.id, _due(one.cycle))
        for one in wanted_now(turn)
    ]


def wanted_now(turn: Turn) -> list[Missing]:
    """The cycles in which values are wanted today and lacking."""
    running = [one for one in cycles.every(turn.session) if one.stage_on(turn.today) in WANTED_IN]
    found = [missing_in(turn, one) for one in running]
    return [one for one in found if one.count]


def missing_in(turn: Turn, cycle: Cycle) -> Missing:
    """What a cycle lacks, with the names of the people."""
    gaps = actuals.gaps(turn.session, cycle.id)
    named = people.named(turn.session, gaps)
    ordered = sorted(gaps, key=lambda person_id: (named[person_id].name, person_id))
    return Missing(cycle, tuple((named[one], _titles(gaps, one)) for one in ordered))


def _titles(gaps: Mapping[str, tuple[Goal, ...]], person_id: str) -> tuple[str, ...]:
    return tuple(goal.title for goal in gaps[person_id])


def _due(cycle: Cycle) -> date:
    return cycle.opens[Stage.CALIBRATING]
