"""The parts of a result's page: numbers with their whys, the manager's words, colleagues' answers, what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.domain import review as reviewing
from bot.domain import standouts
from bot.domain.anonymity import BAND_LABELS, Shown
from bot.domain.calibration import Change
from bot.domain.composite import HIGHEST, LABELS, LOWEST, Component, rescale
from bot.domain.cycle import Cycle
from bot.domain.explain import Node
from bot.domain.feedback import MIXED, QUESTIONS, Question
from bot.domain.gate import explaining
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.domain.review import Review
from bot.domain.rounding import HUNDRED, half_up
from bot.domain.score import Rated
from bot.domain.standouts import Standouts
from bot.domain.template import Anchored, Template
from bot.domain.why import ROOT, GoalLine, components, goal_lines, is_from_colleagues
from bot.handlers.delivery.appealed import Appealed
from bot.handlers.delivery.reasons import Reasons, reason_for
from bot.handlers.delivery.why import percent
from bot.slack.blocks import Block, Does, button, context, divider, fields, section
from bot.slack.grade_words import with_bounds
from bot.slack.text import Text, bold, bullets, escape, lines, quote, row
from bot.slack.words import Words
from bot.store.released import GroupSummary
from bot.store.results import Answer, Result

MOST_SENTENCES = 25

ANSWERS: Mapping[Answer, str] = {
    Answer.AGREES: N_("Seen and agreed on {at}."),
    Answer.DISAGREES: N_("Seen on {at}, not agreed."),
}


@dataclass(frozen=True)
class Answers:
    """Whether an answer is taken, up to which day, how many working days that is, and when they talked, if they did."""

    open: bool
    until: date
    left: int
    talked_at: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """A released result as one reader may see it. `own`: their own; `words`: with what colleagues said.

    `manager` is who leads them today and is still there.
    """

    cycle: Cycle
    person: Person
    result: Result
    own: bool
    words: bool
    manager: Person | None = None
    review: Review | None = None
    author: Person | None = None
    written_for: Person | None = None
    groups: tuple[GroupSummary, ...] = ()
    template: Template | None = None
    changes: tuple[Change, ...] = ()
    answers: Answers | None = None
    appealed: Appealed = field(default_factory=Appealed)
    asks: Does | None = None
    reasons: Reasons = field(default_factory=Reasons)

    @property
    def carry(self) -> str:
        """What a button brings along to find it again."""
        return f"{self.cycle.id}/{self.person.id}"


def numbers(t: Words, opened: Opened, why: Does) -> list[Block]:
    """Grade and result, then every line of it with its why; or kindly why there is none."""
    outcome = opened.result.outcome
    if outcome.state is not Rated.RATED or outcome.tree is None or outcome.score is None:
        return no_number(t, opened)
    tree, notes = outcome.tree, [t.say(reason) for reason in outcome.reasons]
    return [
        fields([(t("Grade"), grade_text(t, opened)), (t("Result"), t.number(outcome.score, 2))]),
        *([section(bullets(notes))] if notes else []),
        _line(t, opened, ROOT, t("How the result is made"), why),
        *(_line(t, opened, place, component_text(t, node), why) for place, node in components(tree)),
        section(bold(t("Your goals") if opened.own else t("Goals"))),
        *(_line(t, opened, one.place, goal_text(t, one, opened.reasons), why) for one in goal_lines(tree)),
    ]


def grade_text(t: Words, opened: Opened) -> Text:
    """The grade with the results it stands for; one that people changed beside the one by the rules."""
    grade, formula = opened.result.outcome.band or "–", opened.result.formula_band
    bands = opened.cycle.rules.bands
    if formula and formula != grade:
        by_rules = with_bounds(t, formula, bands)
        return t("{grade}, after the review meeting. By the rules {by_rules}", grade=grade, by_rules=by_rules)
    return with_bounds(t, grade, bands)


def no_number(t: Words, opened: Opened) -> list[Block]:
    """What is missing, or why somebody is not rated: neither is a low result."""
    outcome = opened.result.outcome
    if outcome.state is Rated.NOT_RATED:
        text = t("There is no rating for {cycle}: the time was too short to be fair. It counts neither way.",
                 cycle=opened.cycle.name)  # fmt: skip
    else:
        text = t("The result of {cycle} is not complete yet. Nothing counts as zero; HR finishes it when it is there.",
                 cycle=opened.cycle.name)  # fmt: skip
    return [section(text), *([section(bullets([t.say(why) for why in outcome.reasons]))] if outcome.reasons else [])]


def _line(t: Words, opened: Opened, place: str, text: Text, why: Does) -> Block:
    tree = opened.result.outcome.tree
    if tree and not opened.words and is_from_colleagues(tree, place):
        return section(text)
    return section(text, button(t("Why?"), does=why, carry=f"{opened.carry}/{place}"))


def component_text(t: Words, node: Node) -> Text:
    """A component with the points it adds; why it adds none where it does not count."""
    if node.formula == "left_out":
        return lines(t.say(node.label), t.say(node.note) if node.note else None)
    weight, whole = node.inputs["weight"].value, node.inputs["whole"].value
    value = t.number(half_up(node.value), 2)
    full = t.number(half_up(100 * weight / whole, 2).normalize())
    if node.label.text == LABELS[Component.GOALS]:  # goals may be passed, so their full points are no limit
        return t("{label}: {value} points; {full} is on target", label=node.label, value=value, full=full)
    return t("{label}: {value} of {full} points", label=node.label, value=value, full=full)


def goal_text(t: Words, one: GoalLine, reasons: Reasons) -> Text:
    """A goal: how far it was reached, what that makes of its weight, and the manager's reason."""
    title, reason = bold(escape(one.title)), reason_for(t, reasons, one.title)
    if one.reached is None:
        return lines(title, t("no value, weight {weight} %", weight=one.weight), reason)
    reached, points = reached_text(t, one.reached, one.counted), t.number(one.points, 2)
    said = t("{reached}, weight {weight} %: {points} points", reached=reached, weight=one.weight, points=points)
    return lines(title, said, reason)


def reached_text(t: Words, reached: Decimal, counted: Decimal | None) -> Text:
    """How far a goal was reached, and as what it counts where a limit makes that another number."""
    shown, limited = percent(t, reached), percent(t, reached if counted is None else counted)
    if shown == limited:
        return t("{reached} reached", reached=shown)
    return t("{reached} reached, counts as {counted}", reached=shown, counted=limited)


def from_manager(t: Words, opened: Opened) -> list[Block]:
    """Strengths and gaps, three at most, the manager's own words first, with the days of what was seen; then the rest.

    No reason for a rating is left out: one that is neither stands below.
    """
    review = opened.review
    if review is None:
        return []
    review = explaining(review, opened.result.outcome.band)
    by, tree = _from_whom(t, opened), opened.result.outcome.tree
    strength = _said(t, t("A strength"), review, reviewing.STRENGTH, reviewing.STRENGTH_DAY)
    gap = _said(t, t("A gap"), review, reviewing.GAP, reviewing.GAP_DAY)
    lines_of = goal_lines(tree) if tree else ()
    well = standouts.strengths(review.competencies, lines_of, written=1 if strength else 0)
    badly = standouts.gaps(review.competencies, lines_of, written=1 if gap else 0)
    rest = [one for one in _rated(opened) if one.id not in {*well.competencies, *badly.competencies}]
    said = [
        strength,
        *_stands_out(t, opened, review, well, t("Strengths too")),
        gap,
        *_stands_out(t, opened, review, badly, t("Gaps too")),
        _said(t, t("An example"), review, reviewing.EXAMPLE, reviewing.EXAMPLE_DAY),
        *(_rating_reason(t, review, one) for one in rest),
    ]
    raised = opened.reasons.raised
    shown = [*(section(text) for text in said if text), *([context(t.say(raised))] if raised else [])]
    return [divider(), section(bold(by)), *shown] if shown else []


def _rated(opened: Opened) -> Sequence[Anchored]:
    return opened.template.competencies if opened.template else ()


def _stands_out(t: Words, opened: Opened, review: Review, found: Standouts, title: Text) -> list[Text | None]:
    """What was rated, with the manager's reason where there is one, else in a line; and goals with what was reached."""
    by_id = {one.id: one for one in _rated(opened)}
    rated = [by_id[one] for one in found.competencies if one in by_id]
    reasons = {one.id: _rating_reason(t, review, one) for one in rated}
    short = [
        t("{name}: {rating} of 5", name=one.name.read(t.language), rating=review.competencies[one.id])
        for one in rated
        if not reasons[one.id]
    ]
    short += [
        t("{name}: {reached}", name=one.title, reached=reached_text(t, one.reached, one.counted))
        for one in found.goals
        if one.reached is not None
    ]
    return [*reasons.values(), lines(bold(title), bullets(short)) if short else None]


def _from_whom(t: Words, opened: Opened) -> Text:
    if opened.author is None:
        return t("From the manager")
    if opened.written_for is None:
        return t("From {name}", name=opened.author)
    return t("From {name}, standing in for {manager}", name=opened.author, manager=opened.written_for)


def _said(t: Words, title: Text, review: Review, name: str, day_name: str) -> Text | None:
    if not review.note(name):
        return None
    day = review.day(day_name)
    return lines(bold(t("{title}, {day}", title=title, day=day)) if day else bold(title), quote(review.note(name)))


def _rating_reason(t: Words, review: Review, rated: Anchored) -> Text | None:
    title = t("{name}", name=rated.name.read(t.language))
    return _said(t, title, review, reviewing.reason(rated.id), reviewing.seen_on(rated.id))


def from_colleagues(t: Words, opened: Opened) -> list[Block]:
    """What colleagues said, as precisely as the promise to them allows."""
    groups = [block for group in opened.groups for block in _group(t, opened, group)]
    promise = t(
        "Confidential towards you, your manager and HR. Numbers are rounded by how many answered, sentences mixed."
    )
    return [divider(), section(bold(t("From colleagues"))), *groups, context(promise)] if groups else []


def _group(t: Words, opened: Opened, group: GroupSummary) -> list[Block]:
    title = bold(t("Colleagues together") if group.together else _group_name(t, opened, group.group))
    if not group.topics and not group.said:
        return [section(lines(title, t("Too few answered to show anything without showing who it was.")))]
    counted = t("{n} of {invited} answered", n=group.n, invited=group.invited)
    names = {one.id: one.name.read(t.language) for one in opened.template.feedback} if opened.template else {}
    rows = [
        t("{topic}: {shown}", topic=names.get(one.topic_id, one.topic_id), shown=shown(t, one.shown))
        for one in group.topics
        if one.shown
    ]
    few = t("Enough to be shown, too few to count in the result.") if rows and group.uncounted else None
    apart = t("They see it differently: what they wrote says more than the average.") if group.differ else None
    return [
        section(lines(title, counted, bullets(rows) if rows else None, few, apart)),
        *_sentences(t, group),
    ]


def _group_name(t: Words, opened: Opened, group: str) -> Text:
    raters = opened.template.raters if opened.template else ()
    named = [one.name.read(t.language) for one in raters if one.id == group]
    return t("{name}", name=named[0]) if named else t("Colleagues")


def shown(t: Words, one: Shown) -> Text:
    """What colleagues say to one topic, as precisely as may be shown."""
    if one.band:
        return t(BAND_LABELS[one.band])
    if one.number.endswith("+"):
        return t("{number} or more, of 5", number=one.number[:-1])
    if one.number.endswith("−"):
        return t("{number} or less, of 5", number=one.number[:-1])
    return t("{number} of 5", number=one.number)


def _sentences(t: Words, group: GroupSummary) -> list[Block]:
    blocks = []
    for question in (*Question, MIXED):
        said = [quote(one.sentence) for one in group.said if one.question == question][:MOST_SENTENCES]
        if said:
            heading = t(QUESTIONS[question]) if isinstance(question, Question) else t("More that was said")
            blocks.append(section(lines(bold(heading), *said)))
    return blocks


def calibration(t: Words, opened: Opened) -> list[Block]:
    """What people changed after looking at results side by side, in which steps and why; nobody's words but theirs."""
    if not opened.changes:
        return [context(t("Calibration changed nothing here, and nothing was changed by a formula."))]
    made = [_as_it_was(t, opened), *(_changed(t, one) for one in opened.changes)]
    by_nobody = t("Nobody's rating was changed by a formula.")
    return [section(lines(bold(t("From the review meeting")), *made, by_nobody))]


def _as_it_was(t: Words, opened: Opened) -> Text:
    grade, rating = opened.changes[0].before, opened.result.manager_rating
    if rating is None:
        return t("By the rules the grade was {grade}.", grade=grade)
    said = half_up(rescale(rating, (Decimal(0), HUNDRED), (LOWEST, HIGHEST)), 2).normalize()
    if opened.own:
        return t("Your manager's rating was {rating} of 5; by the rules the grade was {grade}.",
                 rating=said, grade=grade)  # fmt: skip
    return t("The manager's rating was {rating} of 5; by the rules the grade was {grade}.", rating=said, grade=grade)


def _changed(t: Words, change: Change) -> Text:
    became = t("After the review meeting on {at} it became {grade}.", at=t.day(day_of(t, change)), grade=change.after)
    return lines(
        became, t("Reason given: {reason}", reason=change.reason), t("Evidence used: {seen}", seen=evidence(t, change))
    )


def day_of(t: Words, change: Change) -> date:
    """The day of a change, where the reader is."""
    return change.at.astimezone(t.tz).date()


def evidence(t: Words, change: Change) -> Text:
    """What a change rests on: an address, a day, or both."""
    seen = t("what was seen on {day}", day=change.day) if change.day else None
    return row(escape(change.link) if change.link else None, seen, between=", ")


def said_to_it(t: Words, opened: Opened) -> list[Block]:
    """What the person answered, and to whom questions go."""
    result = opened.result
    if result.answer is Answer.NONE or result.answered_at is None:
        return []
    text = t(ANSWERS[result.answer], at=result.answered_at)
    words = quote(result.words) if result.words else None
    return [divider(), section(lines(text, words)), context(where_questions_go(t, opened.manager))]


def where_questions_go(t: Words, manager: Person | None) -> Text:
    """Who talks about it."""
    if manager is None:
        return t("For questions, HR is there.")
    return t("For questions, {name} is there. You can still talk about it.", name=manager)


def chart_rows(tree: Node) -> list[tuple[str, Decimal]]:
    """The goals that have a value, with how far they were reached in percent."""
    return [(one.title, one.reached * 100) for one in goal_lines(tree) if one.reached is not None]
