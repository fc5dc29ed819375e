"""The forms of a review: page after page of at most six inputs, each filled with what the draft has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from bot.domain.gate import Asks, asks_for
from bot.domain.goal import Goal
from bot.domain.refusal import Refused
from bot.domain.review import (
    EARLIER,
    EXAMPLE,
    EXAMPLE_DAY,
    GAP,
    GAP_DAY,
    GRADE,
    IN_A_TALK,
    LOW_GRADES,
    NEED,
    NOT_RAISED,
    NOT_WELL,
    RAISED_ON,
    STRENGTH,
    STRENGTH_DAY,
    WELL,
    Kind,
    Review,
    level,
    rating,
    reason,
    seen_on,
    why,
)
from bot.domain.template import GRADES, Anchored
from bot.handlers.reviews.case import Case
from bot.handlers.reviews.facts import actual_of, anchor_of, kept_evidence, said_in, target_of
from bot.handlers.reviews.goal_page import to_goals
from bot.slack.blocks import Block, choice, context, day_input, divider, header, section, text_input
from bot.slack.grade_words import with_meaning
from bot.slack.inputs import Inputs
from bot.slack.text import Text, bold, escape, lines, row
from bot.slack.words import Words

T = TypeVar("T")

LONGEST, LONGEST_LINE = 1500, 500
OPTION = 75
"""Characters that Slack shows of an option; a longer anchor is written out under the choice."""
NOTES_TO_CHOOSE = 20


@dataclass(frozen=True)
class Page:
    """One view of the form, and the key by which it is asked for; `further` are those that a grade asks for."""

    key: str
    blocks: Sequence[Block]
    further: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its inputs."""
        return tuple(block["block_id"] for block in self.blocks if block["type"] == "input")


def pages_of(t: Words, case: Case) -> list[Page]:
    """Every page of this review; a manager's surprising grade adds those of the no-surprise gate."""
    if case.review.kind is Kind.SELF:
        return [*_ratings(t, case, per_page=3), *_levels(t, case), _own_end(t, case)]
    pages = [*_ratings(t, case, per_page=2), *_levels(t, case), _grade(t, case)]
    asks = asks_for(case.review, case.asked, case.attained, case.review.overall)
    reasons = _reasons(t, case) if asks.reasons else []
    return [*pages, *reasons, _example(t, case, asks)] if asks.example else pages


def page_at(pages: Sequence[Page], key: str) -> int:
    """Where a page stands; one that is not there any more is refused."""
    found = next((n for n, page in enumerate(pages) if page.key == key), None)
    if found is None:
        raise Refused("This page is out of date. Please open the review again; what you wrote is kept.")
    return found


def answered(case: Case, page: Page, inputs: Inputs) -> Review:
    """The review with what a page brought; what is left empty is empty, and what was never offered is left out."""
    review, fields = case.review, set(page.fields)
    ratings = {
        one: int(chosen)
        for one in case.asked.competencies
        if rating(one) in fields and (chosen := inputs.text(rating(one))) in map(str, GRADES)
    }
    levels = {
        goal.id: reached
        for goal in case.rubrics
        if level(goal.id) in fields and (reached := _chosen_level(goal, inputs)) is not None
    }
    chosen_here = (
        {rating(one) for one in case.asked.competencies} | {level(one) for one in case.asked.rubrics} | {GRADE}
    )
    typed = {name: inputs.text(name) for name in fields - chosen_here}
    notes = {name: words for name, words in {**review.notes, **typed}.items() if words}
    grade = inputs.text(GRADE) or None if GRADE in fields else review.overall
    return replace(
        review,
        competencies={**review.competencies, **ratings},
        levels={**review.levels, **levels},
        overall=grade if grade in case.asked.grades else None,
        notes=notes,
    )


def only_asked(review: Review, pages: Sequence[Page]) -> Review:
    """The review without notes that nothing asks for any more, such as reasons for a grade since changed."""
    fields = {name for page in pages for name in page.fields}
    return replace(review, notes={name: words for name, words in review.notes.items() if name in fields})


def _chosen_level(goal: Goal, inputs: Inputs) -> Decimal | None:
    return next((one.level for one in goal.levels if f"{one.level:f}" == inputs.text(level(goal.id))), None)


# The pages -------------------------------------------------------------------------------


def _ratings(t: Words, case: Case, *, per_page: int) -> list[Page]:
    groups = _groups(case.template.competencies, per_page)
    return [
        Page(f"ratings{n}", [block for one in group for block in _rating(t, case, one)])
        for n, group in enumerate(groups)
    ]


def _rating(t: Words, case: Case, one: Anchored) -> list[Block]:
    review, name = case.review, escape(one.name.read(t.language))
    if review.kind is Kind.SELF:
        label = t("What shows it? One line; a 1 or a 5 needs it.")
        return [_anchors(t, review, one, name), _line(review, reason(one.id), label)]
    beside = [section(_own_rating(t, case, one))] if case.own else []
    label = t("What did you see? A 1 or a 5 needs about 20 words.")
    seen = t("When? A 1 or a 5 needs a day.")
    return [
        header(name),
        *beside,
        _anchors(t, review, one, t("Your rating")),
        _words(review, reason(one.id), label, optional=True),
        day_input(seen_on(one.id), seen, initial=review.day(seen_on(one.id)), optional=True),
    ]


def _anchors(t: Words, review: Review, one: Anchored, label: Text) -> Block:
    options = [(str(n), anchor_of(t, one, n)) for n in GRADES]
    rated = review.competencies.get(one.id)
    chosen = str(rated) if rated else None
    return choice(rating(one.id), label, options, chosen=chosen, hint=_too_long([text for _, text in options]))


def _own_rating(t: Words, case: Case, one: Anchored) -> Text:
    rated = case.own.competencies.get(one.id) if case.own else None
    words = anchor_of(t, one, rated) if rated else t("not rated")
    evidence = case.own.note(reason(one.id)) if case.own else ""
    return lines(row(bold(t("Self-review")), words), escape(evidence))


def _too_long(options: Sequence[Text]) -> Text | None:
    """The anchors that do not fit into their option, in full."""
    long = [text for text in options if len(text) > OPTION]
    return lines(*long) if long else None


def _levels(t: Words, case: Case) -> list[Page]:
    inputs = [block for goal in case.rubrics for block in _level(t, case, goal)]
    return [Page("levels", inputs)] if inputs else []


def _level(t: Words, case: Case, goal: Goal) -> list[Block]:
    options = [(f"{one.level:f}", row(t.number(one.level), escape(one.words), between=" · ")) for one in goal.levels]
    chosen = case.review.levels.get(goal.id)
    own = case.own.levels.get(goal.id) if case.own and case.review.kind is Kind.MANAGER else None
    beside = [context(t("Self-review: {level}", level=t.number(own)))] if own is not None else []
    kpi = case.template.kpi(goal.kpi) if case.review.kind is Kind.MANAGER else None
    judged = [context(t("Colleagues judge this level too, sealed. Yours counts if too few of them do."))]
    label = t("Which level was reached: {goal}", goal=goal.title)
    hint = _too_long([text for _, text in options])
    return [
        *beside,
        *(judged if kpi and kpi.judge else []),
        choice(level(goal.id), label, options, chosen=None if chosen is None else f"{chosen:f}", hint=hint),
    ]


def _own_end(t: Words, case: Case) -> Page:
    review = case.review
    blocks = [
        *kept_evidence(t, case),
        _words(review, WELL, t("What went well?")),
        _words(review, NOT_WELL, t("What did not go well?")),
        _words(review, NEED, t("What do you need for the next period?"), optional=True),
        _grade_choice(t, case, t("Which grade do you expect?")),
    ]
    return Page("end", blocks)


def _grade_choice(t: Words, case: Case, label: Text, hint: Text | None = None) -> Block:
    options = [(one, with_meaning(t, one, case.cycle.rules.bands)) for one in case.asked.grades]
    return choice(GRADE, label, options, chosen=case.review.overall, hint=hint)


def _grade(t: Words, case: Case) -> Page:
    review, own = case.review, case.asked.own_grade
    beside = t("The self-review expects {grade}.", grade=own) if own else t("There is no self-review to compare with.")
    goals = t("The goals by themselves give {grade} so far.", grade=case.attained) if case.attained else None
    low = t.names(list(case.asked.grades[-LOW_GRADES:]))
    hint = t("A low grade ({low}), or one that differs from these, needs reasons on further pages.", low=low)
    blocks = [
        *to_goals(t, case),
        context(lines(beside, goals)),
        _grade_choice(t, case, t("Which grade do you expect?"), hint),
        _words(review, STRENGTH, t("One strength. The best grade needs about 20 words.")),
        day_input(STRENGTH_DAY, t("When did it show?"), initial=review.day(STRENGTH_DAY), optional=True),
        _words(review, GAP, t("One gap, with an example")),
        day_input(GAP_DAY, t("On which day was that?"), initial=review.day(GAP_DAY)),
    ]
    return Page("grade", blocks)


def _reasons(t: Words, case: Case) -> list[Page]:
    return [
        Page(
            f"reasons{n}",
            [why_we_ask(t, case), *to_goals(t, case), *(why_input(t, case, goal) for goal in group)],
            further=True,
        )
        for n, group in enumerate(_groups(case.goals, 5))
    ]


def why_we_ask(t: Words, case: Case) -> Block:
    """All the grades that do not agree, and what is asked because of them."""
    grade, own, goals = case.review.overall or "", case.asked.own_grade, case.attained
    if {own, goals} - {"", None, grade} and own and goals:
        asked = t("You expect {grade}, the self-review {own}, and the goals give {goals}. So that nobody is surprised:",
                  grade=grade, own=own, goals=goals)  # fmt: skip
    elif own and own != grade:
        asked = t("You expect {grade}, the self-review {own}. So that nobody is surprised:", grade=grade, own=own)
    elif goals and goals != grade:
        asked = t("You expect {grade}, and the goals give {goals}. So that nobody is surprised:",
                  grade=grade, goals=goals)  # fmt: skip
    else:
        asked = t("You expect {grade}. So that nobody is surprised:", grade=grade)
    wanted = t("one dated example, and how it bears on the grade.")
    if asks_for(case.review, case.asked, goals, grade).reasons:
        wanted = t("a reason for each indicator, one dated example, and when it was raised.")
    alone = t("What you write here is for this grade only. Should it become another one, I ask again.")
    return section(lines(bold(asked), wanted, alone))


def why_input(t: Words, case: Case, goal: Goal) -> Block:
    """The reason for one goal, under its target and what was reached."""
    hint = row(t("Target: {target}", target=target_of(t, goal)), actual_of(t, case, goal))
    return _words(case.review, why(goal.id), t("Why, for “{goal}”?", goal=goal.title), hint=hint)


def _example(t: Words, case: Case, asks: Asks) -> Page:
    label = t("One example: what happened? About 20 words.") if asks.full else t("One example: what happened?")
    blocks = [
        why_we_ask(t, case),
        divider(),
        _words(case.review, EXAMPLE, label),
        day_input(EXAMPLE_DAY, t("On which day was that?"), initial=case.review.day(EXAMPLE_DAY)),
        *(heard_before(t, case) if asks.reasons else []),
    ]
    return Page("heard", blocks, further=True)


def heard_before(t: Words, case: Case) -> list[Block]:
    """Whether the person has heard of it: an earlier note, a talk, or not yet."""
    review = case.review
    notes = [(one.day.isoformat(), said_in(t, one)) for one in reversed(case.history)][:NOTES_TO_CHOOSE]
    options = [
        (NOT_RAISED, t("Not raised before")),
        (IN_A_TALK, t("In a talk, on the day below")),
        *notes,
    ]
    known = review.note(EARLIER) if review.note(EARLIER) in dict(options) else None
    return [
        choice(EARLIER, t("Where was it raised before?"), options, chosen=known),
        day_input(RAISED_ON, t("The day of the talk"), initial=review.day(RAISED_ON), optional=True),
    ]


def _groups(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """As few groups as hold them, and about equally large: no page with one field left over."""
    size = -(-len(items) // max(-(-len(items) // size), 1)) or size
    return [items[n : n + size] for n in range(0, len(items), size)]


def _line(review: Review, name: str, label: Text) -> Block:
    return text_input(name, label, initial=review.note(name), optional=True, longest=LONGEST_LINE)


def _words(review: Review, name: str, label: Text, *, optional: bool = False, hint: Text | None = None) -> Block:
    initial = review.note(name)
    return text_input(name, label, initial=initial, lines=True, optional=optional, hint=hint, longest=LONGEST)
