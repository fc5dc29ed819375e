"""Files for HR, in their own DM: results, with all that it takes to calculate them again, goals, counts, actions.

Money is not among it: a bonus pool leaves at the terminal alone. Nor is what its reader may not see yet, nor what
people wrote in check-ins and talks.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

from bot.domain.access import Act
from bot.domain.calibration import unseen_by
from bot.domain.cycle import Cycle
from bot.domain.refusal import N_, Refused
from bot.domain.score import Rated
from bot.slack.blocks import View, choice, context, form, page, section
from bot.slack.flow import Apart, Flow, Open, Replace, Turn, known
from bot.slack.handout import hand_out
from bot.slack.inputs import File
from bot.slack.text import Text, escape, plain
from bot.slack.words import Words
from bot.store import cycles, export, export_tables, interviews, people, results
from bot.store.export import Heads
from bot.store.export_tables import Table
from bot.store.results import Answer, Result

flow = Flow("exports")

A_PART = 500
"""Results in one file of JSON; more of them come in several, so that none takes long to make."""
MOST_CYCLES = 100
EVERYBODY = 1_000_000


RESULTS = "results"
"""What is asked for where nothing else is named."""


class Kind(StrEnum):
    """As what HR takes it along."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


KINDS: Mapping[Kind, str] = {
    Kind.XLSX: N_("XLSX: a table, and a chart of what can be counted"),
    Kind.CSV: N_("CSV: the table alone"),
    Kind.JSON: N_("JSON: every result with how it came about, to calculate it again"),
}
WHAT: Mapping[str, str] = {
    RESULTS: N_("Results"),
    Table.GOALS: N_("Goals: what was agreed, and how far the others are"),
    Table.CHECKINS: N_("Check-ins, counted week by week"),
    Table.ACTIONS: N_("Actions of the talks about results: whose, by when, how they stand"),
}
NEEDS: Mapping[str, Act] = {
    RESULTS: Act.SEE_ALL_RESULTS,
    Table.GOALS: Act.SEE_ALL_GOALS,
    Table.CHECKINS: Act.COUNT_CHECKINS,
    Table.ACTIONS: Act.FOLLOW_ACTIONS,
}
NOTHING: Mapping[Table, str] = {
    Table.GOALS: N_("Nobody takes part in it any more."),
    Table.CHECKINS: N_("Nobody was asked for a check-in in it yet."),
    Table.ACTIONS: N_("No talk in it has come to an action yet."),
}
COLUMNS = (
    N_("E-mail"), N_("Name of the person"), N_("State"), N_("Score"), N_("Grade"), N_("Grade by the rules"),
    N_("Released on"), N_("Their answer"),
)  # fmt: skip
GRADES = (N_("Grades"), N_("Grade"), N_("How many people"))
WORDS: Mapping[str, str] = {
    Rated.RATED: N_("Rated"),
    Rated.INCOMPLETE: N_("Incomplete"),
    Rated.NOT_RATED: N_("Not rated"),
    Answer.AGREES: N_("Agrees"),
    Answer.DISAGREES: N_("Does not agree"),
}

# What people see --------------------------------------------------------------------------


def which(t: Words, found: Sequence[Cycle], newest: Cycle) -> View:
    """What, of which cycle, and as what."""
    every = [(one.id, escape(one.name)) for one in found]
    kinds = [(kind.value, t(name)) for kind, name in KINDS.items()]
    what = [(one, t(name)) for one, name in WHAT.items()]
    left_out = t(
        "Left out is what you may not see yet: your own result, and those of people above you, until they are released."
    )
    counted = t("Of check-ins and actions there are counts, days and states, and nothing that anybody wrote.")
    money = t("Nobody's pay is in it. Whoever is in it reads in `/cairn privacy` that you had it.")
    asked = [
        choice("what", t("What?"), what, chosen=RESULTS),
        choice("cycle", t("Of which cycle?"), every, chosen=newest.id),
        choice("kind", t("As what?"), kinds, chosen=Kind.XLSX),
        context(left_out, counted, money),
    ]
    return form(t("Export as a file"), asked, does=send, submit=t("Send me the file"), close=t("Not now"))


def on_its_way(t: Words, files: int, *, verified: bool = False) -> View:
    """What comes, and what can be done with it."""
    comes = t.plural(
        "The file comes into your DM with me.",
        "{n} files come into your DM with me, each with up to {most} results.",
        files,
        most=A_PART,
    )
    stays = t("Slack keeps files as it keeps messages. Please delete what you do not need there any more.")
    again = [context(t("`python -m bot verify FILE` calculates every result in it again."))] * verified
    return page(t("Export as a file"), [section(comes), *again, context(stays)], close=t("Close"))


def nothing_yet(t: Words) -> View:
    """No cycle has begun."""
    text = t("No cycle is launched yet, so there is nothing to take along.")
    return page(t("Export as a file"), [section(text)], close=t("Close"))


def said(t: Words, cycle: Cycle, n: int, of: int) -> Text:
    """The sentence beside a file."""
    if of == 1:
        return t("Results of {cycle}", cycle=cycle.name)
    return t("Results of {cycle}, file {n} of {of}", cycle=cycle.name, n=n, of=of)


def said_of(t: Words, cycle: Cycle, table: Table) -> Text:
    """The sentence beside another table."""
    match table:
        case Table.GOALS:
            return t("Goals of {cycle}", cycle=cycle.name)
        case Table.CHECKINS:
            return t("Check-ins of {cycle}, counted", cycle=cycle.name)
        case Table.ACTIONS:
            return t("Actions of the talks about results of {cycle}", cycle=cycle.name)


def heads(t: Words) -> Heads:
    """What a table is called in the reader's language."""
    return Heads(
        [plain(t(one)) for one in COLUMNS],
        [plain(t(one)) for one in GRADES],
        plain(t("Grades of {cycle}", cycle="{cycle}")),
        {word: plain(t(name)) for word, name in WORDS.items()},
        t.tz,
    )


# What happens -----------------------------------------------------------------------------


@flow.command("export", N_("Results, goals, counted check-ins and actions as a file"), for_hr=True)
@flow.action
def show(turn: Turn) -> Open:
    """Ask what HR takes along."""
    turn.must(Act.SEE_ALL_RESULTS, turn.person.id)
    found = [one for one in cycles.every(turn.session) if one.launched][:MOST_CYCLES]
    if not found:
        return Open(nothing_yet(turn.t))
    newest = next((one for one in found if results.any_in(turn.session, one.id)), found[0])
    return Open(which(turn.t, found, newest))


@flow.view
def send(turn: Turn) -> Replace:
    """Have it come; the outbox keeps what it is about, never what is in it."""
    what = turn.inputs.text("what") or RESULTS
    turn.must(NEEDS.get(what, Act.SEE_ALL_RESULTS), turn.person.id)
    if what not in WHAT:
        raise Refused("Please choose one of these.", field="what")
    cycle = cycles.get(turn.session, turn.inputs.text("cycle"))
    kind = known(Kind, turn.inputs.text("kind"))
    files = _send_results(turn, cycle, kind) if what == RESULTS else _send_table(turn, cycle, Table(what), kind)
    turn.note(NEEDS[what], turn.person.id, f"{cycle.id}/{kind}")
    return Replace(on_its_way(turn.t, files, verified=what == RESULTS and kind is Kind.JSON))


def _send_results(turn: Turn, cycle: Cycle, kind: Kind) -> int:
    starts = _starts(turn, cycle, kind)
    for n, after in enumerate(starts, 1):
        key, carry = f"exports/{turn.person.id}/{cycle.id}/{kind}/{n}", f"{cycle.id}/{kind}/{after}"
        hand_out(turn, turn.person, key, make, carry, partial(said, cycle=cycle, n=n, of=len(starts)))
    return len(starts)


def _send_table(turn: Turn, cycle: Cycle, table: Table, kind: Kind) -> int:
    if not export_tables.any_in(turn.session, table, cycle.id):
        raise Refused(NOTHING[table], field="what")
    key, carry = f"exports/{turn.person.id}/{cycle.id}/{table}/{kind}", f"{cycle.id}/{table}/{kind}"
    hand_out(turn, turn.person, key, make_table, carry, partial(said_of, cycle=cycle, table=table))
    return 1


def _starts(turn: Turn, cycle: Cycle, kind: Kind) -> list[str]:
    ids = results.next_ids(turn.session, cycle.id, "", EVERYBODY)
    if not set(ids) - _unseen(turn, cycle):
        raise Refused("There is no result in it yet that you may see.", field="cycle")
    return starts_of(ids) if kind is Kind.JSON else [""]


def starts_of(ids: Sequence[str]) -> list[str]:
    """After whom each file begins, so that everybody is in one of them."""
    return ["", *ids[A_PART - 1 : -1 : A_PART]]


@flow.handout
def make(turn: Turn) -> Apart:
    """Gather it, and write it where nobody waits for the database."""
    turn.must(act := NEEDS[RESULTS], turn.person.id)
    cycle_id, word, after = turn.carry.split("/")
    cycle, kind = cycles.get(turn.session, cycle_id), Kind(word)
    document, above = _gathered(turn, cycle, kind, after), heads(turn.t)
    return Apart(
        lambda: export.as_file(document, f".{kind}", above),
        lambda again, content: _handed(
            again, act, cycle, export.RESULTS.whose(document), File(f"results.{kind}", content)
        ),
    )


@flow.handout
def make_table(turn: Turn) -> Apart:
    """The same for another table."""
    cycle_id, name, word = turn.carry.split("/")
    cycle, table, kind = cycles.get(turn.session, cycle_id), Table(name), Kind(word)
    turn.must(act := NEEDS[table], turn.person.id)
    document = export_tables.document_for(turn.session, table, cycle, turn.today)
    whose = export_tables.whose(document)
    say = {word: plain(turn.t(word)) for word in export_tables.SAID}.__getitem__
    return Apart(
        lambda: export_tables.as_file(table, document, f".{kind}", say),
        lambda again, content: _handed(again, act, cycle, whose, File(f"{table}.{kind}", content)),
    )


def _gathered(turn: Turn, cycle: Cycle, kind: Kind, after: str) -> dict[str, Any]:
    unseen = _unseen(turn, cycle)
    if kind is not Kind.JSON:
        return export.table_of(turn.session, cycle, unseen)
    ids = results.next_ids(turn.session, cycle.id, after, A_PART)
    return export.results_of(turn.session, cycle, [one for one in ids if one not in unseen])


def _handed(turn: Turn, act: Act, cycle: Cycle, whose: Iterable[str], file: File) -> File:
    """Hand it over if the right is still there; everybody who is in it can see that."""
    turn.must(act, turn.person.id)
    for person_id in whose:
        turn.look(act, person_id, cycle.id)
    return file


def _unseen(turn: Turn, cycle: Cycle) -> set[str]:
    """Whose results their reader may not see yet, of their own and those of people above them."""
    closed = unseen_by(turn.person.id, people.managers_on(turn.session, turn.today))
    found = [results.result(turn.session, cycle.id, one) for one in closed]
    return {one.person_id for one in found if one and not _is_open(turn, one)}


def _is_open(turn: Turn, one: Result) -> bool:
    if one.person_id == turn.person.id:
        return interviews.may_see(turn.session, one, turn.today, turn.workdays(turn.person))
    return one.released_at is not None
