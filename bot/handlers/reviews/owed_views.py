"""What a manager sees who owes reasons for a grade: the card that names for whom, and the form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.cycle import Cycle
from bot.domain.gate import asks_for, reasons_for
from bot.domain.org import Person
from bot.domain.refusal import Sentence
from bot.domain.review import EXAMPLE, EXAMPLE_DAY, reason
from bot.handlers.reviews.case import Case
from bot.handlers.reviews.goal_page import to_goals
from bot.handlers.reviews.pages import heard_before, why_input
from bot.slack.blocks import Block, Does, Message, View, button, context, day_input, divider, form, section, text_input
from bot.slack.text import Text, bold, escape, lines, quote
from bot.slack.words import Words
from bot.store.reviews import Given

MOST_ROWS = 40


@dataclass(frozen=True)
class Owing:
    """Somebody whose grade waits for reasons: the one that the result gives, or without one, the one expected."""

    person: Person
    given: Given


def how_many(t: Words, cycle: Cycle, owing: int) -> Text:
    """How many grades wait for one manager's reasons."""
    return t.plural(
        "One grade of {cycle} waits for a few reasons of yours.",
        "{n} grades of {cycle} wait for a few reasons of yours.",
        owing,
        cycle=cycle.name,
    )


def card(t: Words, cycle: Cycle, owing: Sequence[Owing], explain: Does) -> Message:
    """For whom reasons are owed, and why; no grade stands here."""
    text = how_many(t, cycle, len(owing))
    rows = [_row(t, cycle, one, explain) for one in owing[:MOST_ROWS]]
    hidden = len(owing) - len(rows)
    more = [context(t.plural("and one more", "and {n} more", hidden))] if hidden else []
    kind = t("So that nobody is surprised, a result like this is released when its reasons are there.")
    told = context(t("They are told nothing of it meanwhile. If you come to see it otherwise, talk to HR before then."))
    return Message(text, [section(lines(bold(text), kind)), *rows, *more, told])


def _row(t: Words, cycle: Cycle, one: Owing, explain: Does) -> Block:
    why = (
        t("The result is there. Its grade is low, or differs from yours, from theirs or from that of the goals.")
        if one.given.band
        else t("Their self-review came after your review and sees it differently.")
    )
    press = button(t("Give the reasons"), does=explain, carry=f"{cycle.id}/{one.person.id}", style="primary")
    return section(lines(bold(escape(one.person.name)), why), press)


def all_given(t: Words, cycle: Cycle) -> Message:
    """What the card turns into."""
    text = t("Thank you. All reasons for {cycle} are there.", cycle=cycle.name)
    return Message(text, [section(text)])


def reasons_form(t: Words, case: Case, given: Given, said: str, keep: Does) -> View:
    """What the gate asks, for the grade that is to be explained; `said`: why the review meeting changed it."""
    grade = given.band or case.review.overall or ""
    asks = asks_for(case.review, case.asked, given.attained, grade)
    told = case.having(replace(case.review, notes=reasons_for(case.review, grade)))
    indicators = [why_input(t, told, goal) for goal in case.goals] or _ratings(t, told)
    label = t("One example: what happened? About 20 words.") if asks.full else t("One example: what happened?")
    day = day_input(EXAMPLE_DAY, t("On which day was that?"), initial=told.review.day(EXAMPLE_DAY))
    blocks = [
        section(lines(bold(escape(case.person.name)), _compared(t, case, given, said))),
        *to_goals(t, case),
        *(indicators if asks.reasons else []),
        text_input(EXAMPLE, label, initial=told.review.note(EXAMPLE), lines=True),
        day,
        *(heard_before(t, told) if asks.reasons else []),
        context(t("It is read with your review: by HR now, by {name} after the release.", name=case.person)),
    ]
    carry = f"{case.cycle.id}/{case.person.id}/{grade}"
    return form(t("The reasons"), blocks, does=keep, submit=t("Send"), close=t("Later"), carry=carry)


def asked_once(t: Words, sheet: View, question: Sentence, keep: Does) -> View:
    """The same form with one question beside the button, which then sends it whatever the answer."""
    beside = [divider(), section(lines(bold(t("Only you see this")), t.say(question)))]
    return replace(sheet, blocks=[*sheet.blocks, *beside], does=keep, submit=t("Send anyway"))


def _ratings(t: Words, told: Case) -> list[Block]:
    """Without goals the ratings are the indicators."""
    return [
        text_input(
            reason(one.id),
            t("Why, for “{goal}”?", goal=one.name.read(t.language)),
            initial=told.review.note(reason(one.id)),
            lines=True,
        )
        for one in told.template.competencies
    ]


def _compared(t: Words, case: Case, given: Given, said: str) -> Text:
    """The grades that do not agree, so that the author knows what to explain."""
    return lines(
        _result(t, given, said),
        t("You expected {grade}.", grade=case.review.overall) if case.review.overall else None,
        t("The self-review expects {grade}.", grade=case.asked.own_grade) if case.asked.own_grade else None,
        t("The goals by themselves give {grade}.", grade=given.attained) if given.attained else None,
    )


def _result(t: Words, given: Given, said: str) -> Text | None:
    """The grade that the result gives; where a meeting changed it, from what and why."""
    if not given.band:
        return None
    if not said:
        return t("The result gives {grade}.", grade=given.band)
    made = t("By the rules {formula}; the review meeting made it {grade}, because:",
             formula=given.by_rules, grade=given.band)  # fmt: skip
    return lines(made, quote(said))
