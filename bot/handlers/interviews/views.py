"""The window of a talk about a result, its forms, and the lists of a manager and of HR."""

from collections.abc import Sequence
from datetime import date

from bot.domain.interview import (
    CAUSES,
    LONGEST,
    LONGEST_MINUTES,
    MOST,
    Prepared,
    Side,
    cause_field,
    is_late,
)
from bot.domain.talk import LONGEST as A_LINE
from bot.handlers.interviews import agenda, calendar, cards, following, minutes, preparing
from bot.handlers.interviews.conversation import Case
from bot.slack.blocks import (
    Block,
    Does,
    View,
    button,
    buttons,
    choice,
    choices,
    context,
    day_input,
    divider,
    form,
    page,
    section,
    text_input,
    time_input,
)
from bot.slack.text import Text, bold, bullets, escape, lines, quote, row
from bot.slack.words import Words

NO_GAP = "-"
MOST_ROWS = 40

# The window -------------------------------------------------------------------------------


def page_of(t: Words, case: Case, told: Text | None = None) -> View:
    """One talk as one of the two sees it now, and what was just done."""
    head = t("{name}, {cycle}", name=case.person, cycle=case.cycle.name)
    return page(
        t("Talk about a result"),
        [
            section(lines(bold(head), when(t, case))),
            *([context(told)] if told else []),
            *_prepared(t, case),
            *cards.differences_of(t, case),
            *_actions(t, case),
            *_minutes(t, case),
            *_ways(t, case),
        ],
        close=t("Close"),
    )


def when(t: Words, case: Case) -> Text:
    """When it is or was, and with whom."""
    talk = case.talk
    if talk.held_on and case.held_with and (case.leader is None or case.held_with.id != case.leader.id):
        return t("{manager} and {name} talked on {day}.", manager=case.held_with, name=case.person,
                 day=t.weekday(talk.held_on))  # fmt: skip
    if talk.held_on:
        return t("You two talked on {day}.", day=t.weekday(talk.held_on))
    if case.leader is None:
        return t("Nobody leads you at the moment. HR can say who does.")
    with_whom = t("With {name}: {day}", name=case.other or "–", day=cards.on_day(t, talk))
    return row(with_whom, t("it is late") if is_late(talk, case.today) else None)


def _prepared(t: Words, case: Case) -> list[Block]:
    """Who has prepared; what each wrote, as far as the reader may read it."""
    said = [_said(t, case, one) for one in case.both.values()]
    if case.inherited:
        return [context(t("What the two had prepared for it stays between them.")), divider()]
    if case.exchanged or case.talk.held_on:
        return [*said, divider()] if said else []
    other = case.side.other
    there = t("{name} has prepared.", name=case.named(other)) if other in case.sent else None
    hidden = t("{name} reads yours once both of you have sent it, or on the working day before the talk; and you "
               "likewise.", name=case.named(other))  # fmt: skip
    return [*said, context(t.sentences(there, hidden))]


def _said(t: Words, case: Case, one: Prepared) -> Block:
    """What one side wrote."""
    mine = one.author_id == case.reader.id
    title = t("You prepared") if mine else t("{name} prepared", name=case.named(one.side))
    causes = [
        t("{goal}: {causes}", goal=goal.title, causes=cards.causes(t, one.causes[goal.id]))
        for goal in case.missed
        if goal.id in one.causes
    ]
    return section(
        lines(
            bold(title),
            t("Strengths: {topics}", topics=cards.topics(t, case, one.strengths)),
            t("Gaps: {topics}", topics=cards.topics(t, case, one.gaps)) if one.gaps else None,
            *causes,
            quote(one.examples) if one.examples else None,
            t("Wish: {words}", words=one.wish) if one.wish else None,
        )
    )


def _actions(t: Words, case: Case) -> list[Block]:
    left = [one for one in case.actions if case.reader == case.lead and case.owed_by(one)]
    found = [cards.action(t, case, one) for one in case.actions if one not in left]
    agreed = t("What they agreed to do") if case.inherited else t("What you agreed to do")
    return [
        *([section(lines(bold(agreed), bullets(found)))] if found else []),
        *(
            section(cards.action(t, case, one), button(t("I take it over"), does=following.take_over,
                                                       carry=f"{case.carry}/{one.id}"))
            for one in left
        ),
    ]  # fmt: skip


def _minutes(t: Words, case: Case) -> list[Block]:
    talk = case.talk
    if talk.posted_at is None:
        return []
    seen = t("{name} has read them.", name=case.person) if talk.seen_at else t("{name} has not read them yet.",
                                                                              name=case.person)  # fmt: skip
    added = [section(lines(t("{name} adds:", name=case.person), quote(talk.comment)))] if talk.comment else []
    later = case.minuted_by and case.minuted_by.id not in {case.reader.id, case.leader.id if case.leader else ""}
    title = t("Minutes, written by {name}", name=case.minuted_by or "–") if later else t("Minutes")
    return [divider(), section(lines(bold(title), quote(talk.minutes))), *added, context(seen)]


def _ways(t: Words, case: Case) -> list[Block]:
    """What can be done now."""
    talk, carry = case.talk, case.carry
    if talk.posted_at:
        waits = case.side is Side.PERSON and talk.seen_at is None
        return cards.receipt(t, carry) if waits else []
    open_still = talk.held_on is None and len(case.sent) < len(Side)
    again = t("Change what I prepared") if case.side in case.sent else t("Prepare the talk")
    first = button(again, does=preparing.prepare_here, carry=carry, style="primary") if open_still else None
    act = button(t("Add an action"), does=minutes.add_action, carry=carry) if case.leader else None
    has_day = talk.is_set and case.leader is not None and talk.held_on is None
    keep = button(t("For my calendar"), does=calendar.into_calendar, carry=carry) if has_day else None
    if case.side is Side.PERSON:
        return [buttons(first, act, keep)] if first or act or keep else []
    day = button(t("Choose the day"), does=agenda.choose_day, carry=carry) if talk.held_on is None else None
    held = button(t("We are talking today"), does=minutes.talked, carry=carry) if talk.held_on is None else None
    write = button(t("Write the minutes"), does=minutes.write_minutes, carry=carry)
    return [buttons(first, day, held, act, write, keep)]


# Its forms --------------------------------------------------------------------------------


def prepare_form(t: Words, case: Case) -> View:
    """Up to three strengths and gaps, what was behind each missed goal, an example, a wish."""
    own = case.both.get(case.side, Prepared(case.side, case.reader.id))
    options = [(topic, escape(name)) for topic, name in case.topics.items()]
    mine = case.side is Side.PERSON
    wish = t("What would you like to learn or do next?") if mine else t("What could they learn or do next?")
    return _form(
        t,
        case,
        t("Prepare the talk"),
        [
            choices("strengths", t("What went well? Three at most"), options, chosen=_among(case, own.strengths)),
            choices("gaps", t("What should get better? Three at most"), options, chosen=_among(case, own.gaps),
                    optional=True),
            *_asks_causes(t, case, own),
            text_input("examples", t("An example: when, what was done, what came of it"), initial=own.examples,
                       lines=True, optional=True, longest=LONGEST),
            text_input("wish", wish, initial=own.wish, optional=True, longest=LONGEST),
        ],
        preparing.keep_prepared,
        submit=t("Send"),
    )  # fmt: skip


def _asks_causes(t: Words, case: Case, own: Prepared) -> list[Block]:
    options = [(cause.value, t(name)) for cause, name in CAUSES.items()]
    return [
        choices(
            cause_field(n),
            t("What was behind it? {goal}", goal=goal.title),
            options,
            chosen=[one.value for one in own.causes.get(goal.id, ())],
        )
        for n, goal in enumerate(case.missed)
    ]


def _among(case: Case, chosen: Sequence[str]) -> list[str]:
    return [one for one in chosen if one in case.topics]


def day_form(t: Words, case: Case) -> View:
    """When they talk."""
    told = context(t("Both of you get the agenda on the working day before."))
    talk = case.talk
    begins = talk.begins_at.astimezone(t.tz).time() if talk.begins_at else None
    asked = [
        day_input("day", t("When do you talk?"), initial=max(talk.on(t.tz), case.today)),
        time_input("time", t("At what time?"), initial=begins, optional=True, hint=t("For the file for calendars")),
        told,
    ]
    return _form(t, case, t("Day of the talk"), asked, agenda.keep_day)


def action_form(t: Words, case: Case, due: date) -> View:
    """Who does what for which gap."""
    gaps = [(one, escape(case.topics[one])) for one in case.gaps or case.topics]
    both = [(one.id, escape(one.name)) for one in (case.person, case.leader) if one]
    options = [*gaps, (NO_GAP, t("None of these"))]
    return _form(
        t,
        case,
        t("Add an action"),
        [
            choice("gap", t("Which gap is it for?"), options, chosen=options[0][0]),
            text_input("item", t("What will be done?"), longest=A_LINE),
            choice("owner", t("Who does it?"), both, chosen=case.person.id),
            day_input("due", t("By when?"), initial=due),
            text_input("support", t("What support is there for it?"), optional=True, longest=A_LINE),
        ],
        minutes.keep_action,
    )


def minutes_form(t: Words, case: Case) -> View:
    """What was said, and on which gaps the two work."""
    options = [(one, escape(case.topics[one])) for one in case.gaps or case.topics]
    offered = {one for one, _ in options}
    written, gaps = case.draft
    chosen = [one for one in gaps if one in offered] or case.gaps[:MOST]
    day = day_input("day", t("When was it?"), initial=case.today)
    return _form(
        t,
        case,
        t("Minutes"),
        [
            *([] if case.talk.held_on else [day]),
            text_input("minutes", t("What did you two say and agree?"), initial=written, lines=True,
                       longest=LONGEST_MINUTES),
            choices("gaps", t("Which gaps do you work on? Three at most"), options, chosen=chosen, optional=True,
                    hint=t("Each needs an action: who does what, by when")),
            context(
                t("{name} reads them, confirms having read them, and can add something.", name=case.person),
                t("A next manager reads the minutes and what you agreed, but nothing of what you two prepared."),
            ),
        ],
        minutes.send_minutes,
        submit=t("Send"),
    )  # fmt: skip


def comment_form(t: Words, case: Case) -> View:
    """What the person adds to the minutes."""
    asked = text_input("comment", t("What would you add?"), lines=True, longest=LONGEST_MINUTES,
                       hint=t("{name} reads it, and so does a next manager. To have read the minutes does not mean to "
                              "agree.", name=case.other or "–"))  # fmt: skip
    return _form(t, case, t("Minutes"), [asked], minutes.send_comment, submit=t("Send"))


def _form(t: Words, case: Case, title: Text, asked: Sequence[Block], does: Does, *, submit: Text | None = None) -> View:
    head = section(bold(t("{name}, {cycle}", name=case.person, cycle=case.cycle.name)))
    return form(title, [head, *asked], does=does, submit=submit or t("Save"), close=t("Not now"), carry=case.carry)
