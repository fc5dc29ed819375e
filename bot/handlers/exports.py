"""Results as files for HR, in their own DM: a table with a chart, or all that it takes to calculate them again.

Money is not among it: a bonus pool leaves at the terminal alone. Nor is what its reader may not see yet.
"""

from collections.abc import Mapping, Sequence
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
from bot.store import cycles, export, interviews, people, results
from bot.store.export import Heads
from bot.store.results import Answer, Result

flow = Flow("exports")

A_PART = 500
"""Results in one file of JSON; more of them come in several, so that none takes long to make."""
MOST_CYCLES = 100
EVERYBODY = 1_000_000


class Kind(StrEnum):
    """What HR takes along."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


KINDS: Mapping[Kind, str] = {
    Kind.XLSX: N_("XLSX: a table, and the grades as a chart"),
    Kind.CSV: N_("CSV: the table alone"),
    Kind.JSON: N_("JSON: every result with how it came about, to calculate it again"),
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


def which(t: Words, found: Sequence[Cycle]) -> View:
    """Of which cycle, and as what."""
    every = [(one.id, escape(one.name)) for one in found]
    kinds = [(kind.value, t(name)) for kind, name in KINDS.items()]
    left_out = t(
        "Left out is what you may not see yet: your own result, and those of people above you, until they are released."
    )
    money = t("Nobody's pay is in it. Whoever is in it reads in `/cairn privacy` that you had it.")
    asked = [
        choice("cycle", t("Of which cycle?"), every, chosen=every[0][0]),
        choice("kind", t("As what?"), kinds, chosen=Kind.XLSX),
        context(left_out, money),
    ]
    return form(t("Export results"), asked, does=send, submit=t("Send me the file"), close=t("Not now"))


def on_its_way(t: Words, kind: Kind, files: int) -> View:
    """What comes, and what can be done with it."""
    comes = t.plural(
        "The file comes into your DM with me.",
        "{n} files come into your DM with me, each with up to {most} results.",
        files,
        most=A_PART,
    )
    stays = t("Slack keeps files as it keeps messages. Please delete what you do not need there any more.")
    again = [context(t("`python -m bot verify FILE` calculates every result in it again."))] * (kind is Kind.JSON)
    return page(t("Export results"), [section(comes), *again, context(stays)], close=t("Close"))


def nothing_yet(t: Words) -> View:
    """No cycle is that far."""
    text = t("There are no results yet. They are computed on the day on which calibrating opens.")
    return page(t("Export results"), [section(text)], close=t("Close"))


def said(t: Words, cycle: Cycle, n: int, of: int) -> Text:
    """The sentence beside a file."""
    if of == 1:
        return t("Results of {cycle}", cycle=cycle.name)
    return t("Results of {cycle}, file {n} of {of}", cycle=cycle.name, n=n, of=of)


def heads(t: Words) -> Heads:
    """What a table is called in the reader's language."""
    return Heads(
        [plain(t(one)) for one in COLUMNS],
        [plain(t(one)) for one in GRADES],
        plain(t("Grades of {cycle}", cycle="{cycle}")),
        {word: plain(t(name)) for word, name in WORDS.items()},
    )


# What happens -----------------------------------------------------------------------------


@flow.command("export", N_("Results as a file: a table with a chart, or all that it takes to verify them"), for_hr=True)
@flow.action
def show(turn: Turn) -> Open:
    """Ask what HR takes along."""
    turn.must(Act.SEE_ALL_RESULTS, turn.person.id)
    found = [one for one in cycles.every(turn.session) if results.any_in(turn.session, one.id)]
    return Open(which(turn.t, found[:MOST_CYCLES]) if found else nothing_yet(turn.t))


@flow.view
def send(turn: Turn) -> Replace:
    """Have it come; the outbox keeps what it is about, never what is in it."""
    turn.must(Act.SEE_ALL_RESULTS, turn.person.id)
    cycle = cycles.get(turn.session, turn.inputs.text("cycle"))
    kind = known(Kind, turn.inputs.text("kind"))
    starts = _starts(turn, cycle, kind)
    for n, after in enumerate(starts, 1):
        key, carry = f"exports/{turn.person.id}/{cycle.id}/{kind}/{n}", f"{cycle.id}/{kind}/{after}"
        hand_out(turn, turn.person, key, make, carry, partial(said, cycle=cycle, n=n, of=len(starts)))
    turn.note(Act.SEE_ALL_RESULTS, turn.person.id, f"{cycle.id}/{kind}")
    return Replace(on_its_way(turn.t, kind, len(starts)))


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
    turn.must(Act.SEE_ALL_RESULTS, turn.person.id)
    cycle_id, word, after = turn.carry.split("/")
    cycle, kind = cycles.get(turn.session, cycle_id), Kind(word)
    document, above = _gathered(turn, cycle, kind, after), heads(turn.t)
    return Apart(
        lambda: export.as_file(document, f".{kind}", above),
        lambda again, content: _made(again, document, File(f"results.{kind}", content)),
    )


def _gathered(turn: Turn, cycle: Cycle, kind: Kind, after: str) -> dict[str, Any]:
    unseen = _unseen(turn, cycle)
    if kind is not Kind.JSON:
        return export.table_of(turn.session, cycle, unseen)
    ids = results.next_ids(turn.session, cycle.id, after, A_PART)
    return export.results_of(turn.session, cycle, [one for one in ids if one not in unseen])


def _made(turn: Turn, document: Mapping[str, Any], file: File) -> File:
    """Hand it over if the right is still there; everybody whose result is in it can see that."""
    turn.must(Act.SEE_ALL_RESULTS, turn.person.id)
    for one in document["results"]:
        turn.look(Act.SEE_ALL_RESULTS, one["person"]["id"], document["cycle"]["id"])
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
