"""What HR sees of the preparation."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.domain.outcome_rules import LONGEST
from bot.domain.readiness import Check, Item
from bot.domain.refusal import N_
from bot.domain.team import DUTY_NAMES, NEEDED, Duty
from bot.domain.template import Text as Both
from bot.slack.blocks import (
    Block,
    Confirm,
    Does,
    Message,
    View,
    button,
    buttons,
    context,
    divider,
    form,
    header,
    page,
    people_input,
    section,
    text_input,
)
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words, in_both

WHO = {
    Duty.OWNER: N_("Answers for the process and decides what it changes next time."),
    Duty.CALIBRATOR: N_("Look at results side by side; never at their own, or at those of people below them."),
    Duty.APPEALS: N_("Hear somebody who does not agree; never about themself, or about people below them."),
    Duty.FINANCE: N_("Two or more, or nobody: one makes the bonus pool, another one approves it."),
}
GO = {
    "people": N_("People"),
    "strategy": N_("Objectives"),
    "roles": N_("Name them"),
    "templates": N_("Templates"),
    "pitfalls": N_("Check for pitfalls"),
    "rules": N_("Write the rules"),
    "course": N_("Send the course"),
    "announcement": N_("Write it"),
}
"""The button of each item, by its kind."""


def overview(
    t: Words, items: Sequence[Item], does: Mapping[str, Does], cycle: Does, seen: Text | None,
    running: Sequence[Cycle] = (),
) -> View:  # fmt: skip
    """Everything that has to stand, with its button; then the launch, of another cycle where some run."""
    open_ones = sum(not item.ready for item in items)
    all_there = t("Everything stands.") if running else t("Everything stands. You can open a cycle.")
    left = t.plural("One thing is missing.", "{n} things are missing.", open_ones) if open_ones else all_there
    first = next((item for item in items if not item.ready), None)
    shown = [_item(t, item, does.get(item.kind), primary=item is first) for item in items]
    return page(
        t("Preparation"),
        [
            section(left),
            divider(),
            *shown,
            *([context(seen)] if seen else []),
            divider(),
            *_launch(t, cycle, running, ready=not open_ones),
        ],
        close=t("Close"),
    )


def _launch(t: Words, cycle: Does, running: Sequence[Cycle], *, ready: bool) -> list[Block]:
    if not running:
        return [buttons(button(t("Open a cycle"), does=cycle, style="primary" if ready else None))]
    runs = t.plural("{names} is open already. What you open here would be another cycle.",
                    "{names} are open already. What you open here would be another cycle.",
                    len(running), names=t.names([one.name for one in running]))  # fmt: skip
    return [section(runs), buttons(button(t("Open another cycle"), does=cycle))]


def _item(t: Words, item: Item, does: Does | None, *, primary: bool) -> Block:
    style = "primary" if primary else None
    press = button(t(GO[item.kind]), does=does, style=style) if does else None
    return section(lines(mark(t, item.ready, t(item.name)), t.say(item.detail)), press)


def mark(t: Words, ready: bool, name: Text) -> Text:
    """A name with the word for how it stands: colour alone says nothing to some readers."""
    return row(bold(name), t("ready") if ready else t("missing"))


def through(t: Words, done: int, everyone: int) -> Text:
    """How many came to the end of the course."""
    return t(
        "Course: {done} of {everyone} people are through. Nobody's answers are kept.", done=done, everyone=everyone
    )


def report(t: Words, checks: Sequence[Check], back: Does) -> View:
    """Every check that counts for the item of pitfalls and what it found, and where the others are made."""
    blocks: list[Block] = []
    for pitfall, those in groupby(checks, key=lambda one: one.pitfall):
        told = [lines(row(bold(t(one.name)), t("passed") if one.ready else t("needs a look")), t.say(one.found))
                for one in those]  # fmt: skip
        blocks += [header(t(pitfall)), section(bullets(told))]
    rest = t(
        "Who may judge whom is checked with the roles, goals when people write them, "
        "and results before they are released."
    )
    return page(t("Pitfalls"), [*blocks, context(rest), way_back(t, back)], close=t("Close"))


MOST_HOLDERS = 48
"""Of one duty: what a form carries, whoever held each of the five when it was opened, has 3,000 characters."""


def roles(t: Words, held: Mapping[str, Sequence[str]], does: Does) -> View:
    """Who holds which duty."""
    most = MOST_HOLDERS
    asked = [
        people_input("hr", t("HR"), initial=held["hr"], most=most, hint=t("Run cycles and prepare them.")),
        *(
            people_input(each, t(DUTY_NAMES[each]), initial=held[each], most=most, optional=each not in NEEDED,
                         hint=t(WHO[each]))
            for each in Duty
        ),
    ]  # fmt: skip
    heads = t("Heads of departments are named with `/cairn people`.")
    shown = "/".join(",".join(held[role]) or "-" for role in ("hr", *Duty))
    return form(
        t("Roles"), [*asked, context(heads)], does=does, submit=t("Save"), close=t("Leave it as it is"), carry=shown
    )


def handed_over(t: Words, now: Sequence[Person]) -> View:
    """What whoever was HR sees after naming somebody else."""
    said = t("Done. HR is {names} from now on, and no longer you.", names=t.names([one.name for one in now]))
    return page(t("Roles"), [section(said)], close=t("Close"))


def announcing(t: Words, text: Both, does: Does, kept: str = "") -> View:
    """The form in which HR writes what everybody is told."""
    blocks = [
        section(
            t("Everybody who takes part in Cairn reads this in their own language. You see it before it goes out.")
        ),
        *(text_input(code, name, initial=words, lines=True, longest=LONGEST) for code, name, words in in_both(t, text)),
    ]
    return form(t("Announcement"), blocks, does=does, submit=t("Show me first"), close=t("Not now"), carry=kept)


def proof(t: Words, text: Both, announcement_id: str, asked: Confirm, does: tuple[Does, Does]) -> Message:
    """What everybody would read, with the buttons that send it and that change it."""
    send, change = does
    push = t("This is your announcement. It is not sent yet.")
    return Message(
        push,
        [
            section(push),
            *(
                block
                for _, name, words in in_both(t, text)
                for block in (divider(), section(lines(bold(name), escape(words))))
            ),
            buttons(
                button(t("Send to everybody"), does=send, carry=announcement_id, style="primary", confirm=asked),
                button(t("Change the text"), does=change, carry=announcement_id),
            ),
        ],
    )


def everybody(t: Words, people: int, lasting: Text | None) -> Confirm:
    """What is asked before something goes to everybody, and how long that lasts when they are many."""
    told = t.plural(
        "{n} person gets it, in their working hours.", "{n} people get it, each in their working hours.", people
    )
    return Confirm(
        t("Send to everybody?"),
        lines(told, t("That is everybody in Slack but guests, in a cycle or not."), lasting),
        yes=t("Send it to everybody"),
        no=t("Do not send yet"),
    )


def sent(t: Words, text: Both) -> Message:
    """The announcement after it was sent, in the proof's place."""
    push = t("Your announcement is on its way; everybody reads it in their working hours.")
    return Message(push, [section(push), divider(), section(escape(text.read(t.language)))])


def news(t: Words, text: Both, course: Does | None) -> Message:
    """What everybody reads."""
    push = t("There is news about goals and feedback.")
    shown = [section(lines(bold(push), escape(text.read(t.language))))]
    if course:
        shown.append(buttons(button(t("How it works, in ten minutes"), does=course)))
    return Message(push, shown)


def course_offer(t: Words, asked: Confirm, does: Does) -> View:
    """What the course is, before it goes to everybody."""
    told = [
        t("Five cards: what, why, when, how people are judged, how to object. Three questions. About ten minutes."),
        t("Managers get two more cards: reasons, and the talk."),
        t("Everybody is invited in their working hours. I count how far people are; answers are not kept."),
    ]
    press = button(t("Invite everybody"), does=does, style="primary", confirm=asked)
    return page(t("The course"), [section(bullets(told)), buttons(press)], close=t("Close"))


def see_messages(t: Words, back: Does) -> View:
    """After a form: where the proof is."""
    where = t(
        "Here it is for you to read first: in Messages, our direct messages, as everybody will see it. "
        "If you like it, press *{send}* there. Until then it goes to nobody.",
        send=t("Send to everybody"),
    )
    return page(t("Announcement"), [section(where), way_back(t, back)], close=t("Close"))


def way_back(t: Words, back: Does) -> Block:
    """The button back to what is missing."""
    return buttons(button(t("Back to the preparation"), does=back))
