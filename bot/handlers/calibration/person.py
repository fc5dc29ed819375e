"""One person at a time: what the result rests on, and the change of a grade with a reason and evidence."""

from bot.domain import review as reviewing
from bot.domain.access import Act
from bot.domain.calibration import LEAST_REASON, Change, check_change
from bot.domain.gate import explaining
from bot.domain.review import Review
from bot.handlers.calibration import shown
from bot.handlers.calibration.conversation import flow
from bot.handlers.calibration.facts import GRADES, Looked, look_at
from bot.slack.blocks import (
    Block,
    View,
    button,
    buttons,
    choice,
    context,
    day_input,
    divider,
    fields,
    form,
    page,
    section,
    text_input,
)
from bot.slack.flow import Open, Replace, Turn
from bot.slack.grade_words import with_meaning
from bot.slack.text import Text, bold, escape, lines, quote
from bot.slack.words import Words
from bot.store import board, results

LONGEST_REASON, LONGEST_LINK = 1000, 500

# What people see --------------------------------------------------------------------------


def person_page(t: Words, looked: Looked, news: Text | None = None) -> View:
    """All that the meeting looks at for one person."""
    row = looked.row
    title = t("{name}, {cycle}", name=row.person, cycle=looked.sight.cycle.name)
    facts = [
        (t("Grade"), shown.grade_of(t, row.figures)),
        (t("Result"), t.number(row.figures.score, 2)),
    ]
    blocks = [
        section(bold(title)),
        *([section(news)] if news else []),
        fields(facts),
        section(lines(shown.figures_line(t, row.figures), shown.evidence_line(t, row.evidence))),
        *from_review(t, looked),
        *changes_so_far(t, looked),
        divider(),
        _way_on(t, looked),
    ]
    return page(t("One result"), blocks, close=t("Close"))


def from_review(t: Words, looked: Looked) -> list[Block]:
    """What the manager expected and recorded, with the days of the examples; what the person expected themself."""
    review, own_grade = looked.review, looked.own_grade
    if review is None:
        return [section(t("There is no review by the manager."))]
    said = [
        (t("A strength"), reviewing.STRENGTH, reviewing.STRENGTH_DAY),
        (t("A gap"), reviewing.GAP, reviewing.GAP_DAY),
        (t("An example"), reviewing.EXAMPLE, reviewing.EXAMPLE_DAY),
    ]
    found = [_said(t, title, review, name, day) for title, name, day in said if review.note(name)]
    expected = lines(
        t("The manager expected {grade}.", grade=review.overall) if review.overall else None,
        t("The self-review expects {grade}.", grade=own_grade) if own_grade else None,
    )
    head = section(lines(bold(t("From the manager's review")), expected))
    return [divider(), head, *map(section, found), *_reasons(t, looked, explaining(review, looked.row.figures.grade))]


def _reasons(t: Words, looked: Looked, review: Review) -> list[Block]:
    """What was written for each goal, under its name, and when it was raised."""
    given = [
        section(lines(t("Why, for “{goal}”", goal=goal.title), quote(words)))
        for goal in looked.goals
        if (words := review.note(reviewing.why(goal.id)))
    ]
    raised = reviewing.heard(review)
    return [
        *([section(bold(t("The reasons"))), *given] if given else []),
        *([context(t.say(raised))] if raised else []),
    ]


def _said(t: Words, title: Text, review: Review, name: str, day_name: str) -> Text:
    day = review.day(day_name)
    return lines(t("{title}, {day}", title=title, day=day) if day else title, quote(review.note(name)))


def changes_so_far(t: Words, looked: Looked) -> list[Block]:
    """What was changed already; nothing of it is ever taken away."""
    made = [section(shown.change_lines(t, one, looked.deciders)) for one in looked.changes]
    return [divider(), section(bold(t("Changes"))), *made] if made else []


def _way_on(t: Words, looked: Looked) -> Block:
    if looked.barred is not None:
        return context(t.say(looked.barred.sentence))
    return buttons(button(t("Change the grade"), does=change_form, carry=looked.carry))


def change_sheet(t: Words, looked: Looked) -> View:
    """The form: another grade, why, and on what evidence."""
    figures, person = looked.row.figures, looked.row.person
    bands = looked.sight.cycle.rules.bands
    others = [(grade, with_meaning(t, grade, bands)) for grade in GRADES if grade != figures.grade]
    kept = t("The number stays as it is, and so does what stood before. {name} reads the reason.", name=person)
    covered = t("A lower grade is released when the manager has recorded its reasons.")
    least = t("At least {least} characters: what does the evidence show that the rules do not?", least=LEAST_REASON)
    return form(
        t("Change the grade"),
        [
            section(t("{name}: {grade}", name=bold(escape(person.name)), grade=shown.grade_of(t, figures))),
            context(kept, covered),
            choice("after", t("Which grade instead?"), others),
            text_input("reason", t("Reason"), lines=True, hint=least, longest=LONGEST_REASON),
            text_input("link", t("A link to the evidence"), optional=True, longest=LONGEST_LINK),
            day_input("day", t("Or the day on which it was seen"), optional=True),
        ],
        does=change,
        submit=t("Change"),
        close=t("Leave it as it is"),
        carry=f"{looked.carry}/{figures.grade}",
    )


# What happens -----------------------------------------------------------------------------


@flow.action
def open_person(turn: Turn) -> Open:
    """Look at one person; the audit says who looked."""
    looked = look_at(turn, *turn.carried(2))
    turn.note(Act.SEE_BOARD, looked.row.person.id, looked.sight.cycle.id)
    return Open(person_page(turn.t, looked))


@flow.action
def change_form(turn: Turn) -> Replace:
    """Ask for the grade, the reason and the evidence."""
    looked = look_at(turn, *turn.carried(2))
    _must_change(looked)
    turn.look(Act.SEE_BOARD, looked.row.person.id, looked.sight.cycle.id)
    return Replace(change_sheet(turn.t, looked))


@flow.view
def change(turn: Turn) -> Replace:
    """Change a grade: the change is kept for good, and the grade stands from now on."""
    cycle_id, person_id, before = turn.carried(3)
    looked = look_at(turn, cycle_id, person_id)
    _must_change(looked)
    made = Change(
        cycle_id,
        person_id,
        looked.row.figures.formula,
        before,
        turn.inputs.text("after"),
        turn.inputs.text("reason"),
        turn.inputs.text("link"),
        turn.inputs.day("day"),
        turn.person.id,
        turn.now,
        looked.sight.meeting_n,
    )
    check_change(made, GRADES, (looked.sight.cycle.starts_on, turn.today))
    board.calibrate(turn.session, made)
    owes = person_id in results.owing(turn.session, cycle_id, turn.now, [person_id])
    if owes:
        turn.remind("reviews.ask_all", "", turn.now, cycle_id)
    turn.note(Act.CALIBRATE, person_id, f"{cycle_id}/{before}/{made.after}")
    return Replace(person_page(turn.t, look_at(turn, cycle_id, person_id), _news(turn.t, made, owes=owes)))


def _must_change(looked: Looked) -> None:
    if looked.barred is not None:
        raise looked.barred


def _news(t: Words, made: Change, *, owes: bool) -> Text:
    changed = t("Changed from {before} to {after}.", before=made.before, after=made.after)
    lowered = GRADES.index(made.after) > GRADES.index(made.before)
    waits = t("It is released when the manager has recorded the reasons that such a grade owes. I ask them for it.")
    asks = t("Before the next one: is anybody too low?") if lowered else None
    return lines(changed, waits if owes else None, asks)
