"""Fairness: HR reads where groups differ by more than chance, in words that judge nobody; silence is no proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.domain.access import Act
from bot.domain.cycle import Cycle
from bot.domain.fairness_report import FEWEST_FLAGGED, FEWEST_SHOWN, Finding, Question, Report, Verdict
from bot.domain.refusal import N_
from bot.slack.blocks import Block, Message, View, button, buttons, context, page, section
from bot.slack.flow import Flow, Open, Turn
from bot.slack.text import Text, bold, escape, lines
from bot.slack.words import Words
from bot.store import cycles, fairness_reports, people

flow = Flow("fairness")

MOST_TOLD = 8
"""Groups told of for each question; more would bury the clearest."""


@dataclass(frozen=True)
class Shown:
    """A report with what its page needs beside it: the names of the managers, and when it was made."""

    cycle: Cycle
    report: Report
    made_at: datetime
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, group: str) -> str:
        """How a group is called: managers by name, departments as they are."""
        return self.names.get(group, group)


# What HR reads ----------------------------------------------------------------------------

TITLES: Mapping[Question, str] = {
    Question.MANAGERS: N_("Ratings by manager"),
    Question.SAME_RESULT: N_("The same result, another rating"),
    Question.DEPARTMENTS: N_("Results by department"),
    Question.BEST_GRADE: N_("The best grade by department"),
    Question.CHANGES: N_("Changes in calibration"),
}
LOWER: Mapping[Question, str] = {
    Question.MANAGERS: N_(
        "Ratings by *{name}* average {effect} SD lower than comparable roles elsewhere ({n} people, q = {q}). This can"
        " come from stricter standards, a harder period, or real differences."
    ),
    Question.SAME_RESULT: N_(
        "*{name}* rates {effect} SD lower than others rate people with the same attainment ({n} people, q = {q}). This"
        " can come from stricter standards, or from work that the goals do not show."
    ),
    Question.DEPARTMENTS: N_(
        "Results in *{name}* average {effect} SD lower than in the other departments ({n} people, q = {q}). Please"
        " look at how hard the targets were before you look at people."
    ),
    Question.CHANGES: N_(
        "Grades in *{name}* were moved down more than elsewhere ({n} people, q = {q}). Please read the reasons side by"
        " side."
    ),
}
HIGHER: Mapping[Question, str] = {
    Question.MANAGERS: N_(
        "Ratings by *{name}* average {effect} SD higher than comparable roles elsewhere ({n} people, q = {q}). This can"
        " come from milder standards, an easier period, or real differences."
    ),
    Question.SAME_RESULT: N_(
        "*{name}* rates {effect} SD higher than others rate people with the same attainment ({n} people, q = {q}). This"
        " can come from milder standards, or from work that the goals do not show."
    ),
    Question.DEPARTMENTS: N_(
        "Results in *{name}* average {effect} SD higher than in the other departments ({n} people, q = {q}). Please"
        " look at how easy the targets were before you look at people."
    ),
    Question.CHANGES: N_(
        "Grades in *{name}* were moved up more than elsewhere ({n} people, q = {q}). Please read the reasons side by"
        " side."
    ),
}


def page_of(t: Words, shown: Shown) -> View:
    """The five questions with what stands out, and what cannot be told."""
    about = t.plural(
        "Figures of one person, on {at}", "Figures of {n} people, on {at}", shown.report.people, at=shown.made_at
    )
    read = t(
        "What stands out is a reason to look at evidence. It is not a finding of bias, and nothing found is no proof"
        " of fairness: small differences cannot be seen with groups this size."
    )
    how = t(
        "A group stands out from half a standard deviation (SD) on, in this cycle or on average of two in a row, if"
        " chance would give as much in less than one of twenty such findings (q below 0.05). Groups of fewer than"
        " {least} are never judged, of fewer than {shown} never shown. A cycle is looked at when almost all its results"
        " are there, and at the release. No rating is changed by a formula, and there are no quotas.",
        least=FEWEST_FLAGGED,
        shown=FEWEST_SHOWN,
    )
    asked = [block for question in Question for block in _answer(t, shown, question)]
    return page(
        t("Fairness report"),
        [section(lines(bold(escape(shown.cycle.name)), about, read)), *asked, context(how)],
        close=t("Close"),
    )


def _answer(t: Words, shown: Shown, question: Question) -> list[Block]:
    found = shown.report.of(question)
    if question is Question.CHANGES and not found:
        return []
    outstanding = [one for one in found if one.stands_out]
    told = [_told(t, shown, one) for one in outstanding[:MOST_TOLD]]
    rest = len(outstanding) - MOST_TOLD
    if rest > 0:
        told.append(t.plural("and one group more", "and {n} groups more", rest))
    small = [_small(t, shown.report, question, found)]
    nothing = t("No difference large enough to stand out with this many people.")
    if all(one.verdict is Verdict.TOO_FEW for one in found):
        nothing = t("Nothing was compared: there are too few groups, or too few people in them.")
    blocks: list[Block] = [section(lines(bold(t(TITLES[question])), *(told or [nothing])))]
    return [*blocks, *(context(each) for each in small if each)]


def _told(t: Words, shown: Shown, one: Finding) -> Text:
    if one.question is Question.BEST_GRADE:
        return _rate(t, shown, one)
    words = LOWER if one.difference < 0 else HIGHER
    name = escape(shown.name(one.group))
    now = t(words[one.question], name=name, effect=_sd(t, one.effect), n=one.size, q=_q(t, one.q))
    return lines(now if one.verdict is Verdict.FLAG else None, _lasting(t, name, one) if one.repeated else None)


def _lasting(t: Words, name: Text, one: Finding) -> Text:
    """What two cycles say together, with their own figures: this one alone may have been too weak."""
    words = (
        N_(
            "*{name}*, this cycle and the one before together: {effect} SD lower on average ({n} people now, q = {q})."
            " Where they are mostly the same people, a lasting difference may be theirs."
        )
        if one.both < 0
        else N_(
            "*{name}*, this cycle and the one before together: {effect} SD higher on average ({n} people now, q = {q})."
            " Where they are mostly the same people, a lasting difference may be theirs."
        )
    )
    return t(words, name=name, effect=_sd(t, one.both), n=one.size, q=_q(t, one.both_q))


def _sd(t: Words, effect: float) -> Text:
    return t.number(Decimal(f"{abs(effect):.1f}"))


def _rate(t: Words, shown: Shown, one: Finding) -> Text:
    return t(
        "Of 100 people {here} have the best grade in *{name}*, and {there} in {other} ({n} people in {name}, q = {q})."
        " Please look at how the grade was argued in both.",
        name=escape(shown.name(one.group)),
        other=escape(shown.name(one.against)),
        here=t.number(round(100 * one.rate)),
        there=t.number(round(100 * one.best)),
        n=one.size,
        q=_q(t, one.q),
    )


def _q(t: Words, q: float) -> Text:
    return t.number(Decimal(f"{q:.3f}")) if q >= 0.001 else t("below 0.001")


def _small(t: Words, report: Report, question: Question, found: list[Finding]) -> Text | None:
    few = sum(one.verdict is Verdict.TOO_FEW for one in found)
    hidden = report.hidden.get(question, 0)
    return (
        lines(
            t.plural("One group is too small to tell.", "{n} groups are too small to tell.", few) if few else None,
            t.plural("One smaller group is not shown.", "{n} smaller groups are not shown.", hidden)
            if hidden
            else None,
        )
        if few or hidden
        else None
    )


def nothing_yet(t: Words) -> View:
    """No cycle has a report."""
    text = t("There is no fairness report yet. It is made when nine of ten results of a cycle are there.")
    return page(t("Fairness report"), [section(text)], close=t("Close"))


def made(t: Words, cycle: Cycle, count: int) -> Message:
    """The report is there; who and what stands on its page alone."""
    text = t("The fairness report of {cycle} is there.", cycle=cycle.name)
    told = t.plural("One group stands out.", "{n} groups stand out.", count) if count else t("Nothing stands out.")
    return Message(text, [section(lines(bold(text), told)), buttons(button(t("Look"), does=look, carry=cycle.id))])


# What happens -----------------------------------------------------------------------------


@flow.timer
def make(turn: Turn) -> None:
    """Results were computed or released: make the report, unless there is one and nothing was released since."""
    from bot.domain.fairness_questions import report  # noqa: PLC0415 - numpy, which nothing else at start-up needs

    (cycle_id,) = turn.carried(1)
    cycle = cycles.get(turn.session, cycle_id)
    if not fairness_reports.is_time(turn.session, cycle.id):
        return
    figures = fairness_reports.assessed(turn.session, cycle.id, cycle.ends_on)
    if not figures:
        return
    found = report(figures, fairness_reports.before(turn.session, cycle))
    fairness_reports.keep(turn.session, cycle.id, found, turn.now)
    for hr in people.holders(turn.session, people.HR):
        turn.remind(tell, hr.id, turn.now, cycle.id)


@flow.prompt
def tell(turn: Turn) -> None:
    """HR learns that the report is there; made anew, the message says how it stands now."""
    (cycle_id,) = turn.carried(1)
    kept = fairness_reports.of_cycle(turn.session, cycle_id)
    if kept and turn.may(Act.SEE_FAIRNESS, turn.person.id):
        count = sum(one.stands_out for one in kept[0].findings)
        turn.say(turn.person, f"fairness/{cycle_id}/{turn.person.id}", made, cycles.get(turn.session, cycle_id), count)


@flow.command("fairness", N_("Where ratings differ by more than chance"), for_hr=True)
@flow.action
def look(turn: Turn) -> Open:
    """Read the report of a cycle; without one in the button, the newest."""
    turn.must(Act.SEE_FAIRNESS, turn.person.id)
    found = [one for one in fairness_reports.newest(turn.session) if turn.carry.strip() in {"", one}]
    kept = fairness_reports.of_cycle(turn.session, found[0]) if found else None
    if kept is None:
        return Open(nothing_yet(turn.t))
    turn.note(Act.SEE_FAIRNESS, turn.person.id, found[0])
    report, at = kept
    managers = {one.group for one in report.findings if one.question in {Question.MANAGERS, Question.SAME_RESULT}}
    names = {one.id: one.name for one in people.named(turn.session, managers).values()}
    return Open(page_of(turn.t, Shown(cycles.get(turn.session, found[0]), report, at, names)))
