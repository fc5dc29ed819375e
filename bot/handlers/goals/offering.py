"""Offering goals and answering: proposed, countered with a diff, agreed by both and frozen, changed by both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.follow_on import Start
from bot.domain.goal import Goal, Move, Sheet, SheetState, Side, awaits, differences, moved, protested
from bot.domain.goal_check import Finding, Level, blocking
from bot.domain.goal_parts import UNLINKED
from bot.domain.goal_record import rules_hash
from bot.domain.goal_template import NOTHING_KNOWN, Known, check_sheet
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.webhook import Event
from bot.handlers.goals import beginning, drafting, follow_on, looking, protesting
from bot.handlers.goals.shown import (
    OVERRIDDEN,
    changes,
    earlier,
    goal_in_full,
    goal_line,
    kept_with_reasons,
    noticed,
)
from bot.handlers.goals.talk import (
    Talk,
    flow,
    known_about,
    must_be_answered,
    must_be_open,
    talk_about,
    template_of,
    working_days_on,
    writing,
)
from bot.slack.blocks import (
    Block,
    Message,
    View,
    button,
    buttons,
    context,
    form,
    section,
    text_input,
)
from bot.slack.flow import Replace, Turn
from bot.slack.text import Text, clip, escape, lines, quote
from bot.slack.words import Words
from bot.store import goals, outbox, people, webhooks
from bot.store.goals import Draft

PATIENCE = 2
"""Working days after which a manager is reminded of a proposal, once."""
A_MONTH = 20
"""Working days after which somebody is asked whether they can name their goals, once."""
PROTEST = "protest"
"""Among the reasons of a move: why the person agreed without being convinced."""
FOR_THE_AUTHOR = frozenset({"wording"})
"""Findings about words go to whoever wrote them, and nobody else."""

# What people see --------------------------------------------------------------------------


def last_look(t: Words, talk: Talk, written: Sequence[Goal], findings: Sequence[Finding], kept: Draft | None) -> View:
    """Before the goals are offered: what Cairn noticed, a reason where one is needed, a word to the other."""
    comment, reason = (kept.comment, kept.reason) if kept else ("", "")
    change = talk.sheet.state in {SheetState.AGREED, SheetState.CHANGING}
    why = text_input("reason", t("Why must the weights be so?"), initial=reason, lines=True, longest=500)
    ask = t("Why is the change needed?") if change else t("A word to {name}", name=talk.other)
    blocks = [
        section(t("{name} will see these goals and can agree or suggest a change.", name=talk.other)),
        *noticed(t, findings, written),
        *_to_link(t, talk, findings, written),
        buttons(button(t("Back to the list"), does=drafting.keep_said, carry=talk.ref)),
        *([why] if blocking(findings) else []),
        text_input("comment", ask, initial=comment, lines=True, longest=500, optional=not change),
    ]
    submit = t("Ask for the change") if change else t("Propose goals") if talk.side is Side.EMPLOYEE else t("Suggest")
    return form(t("A last look"), blocks, does=send, submit=submit, close=t("Later"), carry=talk.asked)


def _to_link(t: Words, talk: Talk, findings: Sequence[Finding], written: Sequence[Goal]) -> list[Block]:
    """The way to say which objective a goal supports: its owner's to say."""
    found = dict.fromkeys(one.goal for one in findings if one.rule == UNLINKED and one.goal is not None)
    goals_to_link = [written[n] for n in found] if talk.side is Side.EMPLOYEE else []
    each = [button(t("Link “{title}”", title=clip(escape(one.title), 50)), does=drafting.supporting,
                   carry=f"{talk.ref}/{one.id}") for one in goals_to_link]  # fmt: skip
    return [buttons(*each)] if each else []


@dataclass(frozen=True)
class Beside:
    """What stands beside an offer: what the check found, what was kept with a reason, and what is known from before.

    `starts` is what was agreed before, for a manager to see what of it no goal began with.
    """

    findings: Sequence[Finding] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    known: Known = NOTHING_KNOWN
    starts: Sequence[Start] = ()


def offer(t: Words, talk: Talk, beside: Beside) -> Message:
    """For who has to answer: the values, or what is different, next to what came before, and the buttons."""
    text = headline(t, talk)
    keep = button(t("Keep as agreed"), does=decline, carry=talk.asked)
    protest = button(t("Agree under protest"), does=protesting.protest, carry=talk.asked)
    blocks = [
        section(text),
        *said(talk.sheet),
        *values(t, talk.sheet),
        *earlier(t, talk.sheet.goals, beside.known),
        *kept_with_reasons(t, beside.reasons),
        *noticed(t, beside.findings, talk.sheet.goals),
        *follow_on.in_none(t, beside.starts, talk.sheet.goals),
        buttons(
            button(t("Agree"), does=agree, carry=talk.asked, style="primary"),
            button(t("Suggest a change"), does=drafting.edit, carry=talk.ref),
            protest if talk.side is Side.EMPLOYEE else None,
            keep if talk.sheet.state is SheetState.CHANGING else None,
        ),
    ]
    return Message(text, blocks)


def settled(t: Words, talk: Talk, text: str, other: Person) -> Message:
    """What an answered card turns into."""
    done = t(text, name=other)
    return Message(done, [section(done, button(t("See the goals"), does=looking.look, carry=talk.ref))])


def agreed_card(t: Words, talk: Talk, other: Person) -> Message:
    """The goal card: what both agreed, goal by goal."""
    text = t("Your goals for {cycle} are agreed with {name}.", cycle=talk.cycle.name, name=other)
    return Message(text, [section(text), *under_protest(t, talk.sheet), *cards(t, talk), change_button(t, talk)])


def agreed_with(t: Words, talk: Talk, other: Person) -> Message:
    """For the manager: agreed."""
    text = t("The goals of {name} for {cycle} are agreed.", name=other, cycle=talk.cycle.name)
    return Message(text, [section(text), *under_protest(t, talk.sheet), change_button(t, talk)])


SENT = {
    Side.EMPLOYEE: N_("You sent your goals to {name}."),
    Side.MANAGER: N_("Your suggestion is with {name}."),
}
"""What the card of who answered with an offer turns into."""
HEADLINES = {
    (SheetState.DRAFT, False): N_("{name} has not proposed goals yet. You may make the first suggestion."),
    (SheetState.PROPOSED, True): N_("{name} proposes goals."),
    (SheetState.PROPOSED, False): N_("Your goals wait for {name}."),
    (SheetState.COUNTERED, True): N_("{name} suggests other values for your goals."),
    (SheetState.COUNTERED, False): N_("Your suggestion waits for {name}."),
    (SheetState.CHANGING, True): N_("{name} asks to change goals that were agreed."),
    (SheetState.CHANGING, False): N_("Your request for a change waits for {name}. What was agreed holds until then."),
    (SheetState.AGREED, False): N_("Agreed with {name}."),
}
"""By state, and whether the reader has to answer."""


def headline(t: Words, talk: Talk) -> Text:
    """Where the talk stands, for who has the word."""
    return t(HEADLINES[talk.sheet.state, awaits(talk.sheet, talk.side)], name=talk.other)


def said(sheet: Sheet) -> list[Block]:
    """The word that came with the last move."""
    return [section(quote(sheet.comment))] if sheet.comment else []


def compared(sheet: Sheet) -> Sequence[Goal]:
    """What an offer is held against; nothing for the first one."""
    return sheet.agreed if sheet.state is SheetState.CHANGING else sheet.before


def values(t: Words, sheet: Sheet) -> list[Block]:
    """What is different from what lay on the table before; everything when nothing did."""
    if before := compared(sheet):
        return changes(t, differences(before, sheet.goals))
    return [section(goal_in_full(t, goal)) for goal in sheet.goals]


def under_protest(t: Words, sheet: Sheet) -> list[Block]:
    """That it was agreed under protest, and why."""
    if not sheet.protest:
        return []
    return [section(lines(t("Agreed under protest. It holds, and one level up learns of it."), quote(sheet.protest)))]


def cards(t: Words, talk: Talk) -> list[Block]:
    """What is frozen: a line for each goal, with the way to how it is judged."""
    each = [
        section(goal_line(t, goal), button(t("How it is judged"), does=looking.judged, carry=f"{talk.ref}/{goal.id}"))
        for goal in talk.sheet.agreed
    ]
    return [*each, context(t("This holds until you both agree on a change."))]


def change_button(t: Words, talk: Talk) -> Block:
    """The ways on from what is agreed."""
    return buttons(
        button(t("Ask for a change"), does=drafting.edit, carry=talk.ref),
        button(t("History"), does=looking.history, carry=talk.ref),
    )


# What happens -----------------------------------------------------------------------------


@flow.view
def send(turn: Turn) -> None:
    """The last look was taken: lay the values on the table and ask the other side."""
    talk = answering(turn)
    must_be_answered(talk)
    written = writing(turn, talk)
    known = known_about(turn, talk)
    findings = check_sheet(written, template_of(turn, talk), known)
    overridden = [one.rule for one in findings if one.overridable and one.level is Level.BLOCK]
    reason = turn.inputs.text("reason")
    if blocking(findings, overridden if reason else ()):
        raise Refused("Something still stands in the way. Please go back to the list and press the button again.")
    after = moved(talk.sheet, talk.side, Move.OFFER, talk.me.id, written, turn.inputs.text("comment"))
    goals.drop_draft(turn.session, talk.cycle.id, talk.person.id, talk.me.id)
    reasons = dict.fromkeys(overridden, reason)
    new = _speak(turn, talk, after, Move.OFFER, reasons)
    _answered(turn, talk, SENT[talk.side])
    if talk.sheet.state is SheetState.DRAFT and talk.side is Side.MANAGER:
        beginning.count_down(turn, talk.cycle)
    told = [one for one in findings if one.level is not Level.BLOCK and one.rule not in FOR_THE_AUTHOR]
    to_manager = talk.other is talk.manager
    starts = follow_on.starts_for(turn, talk.cycle, talk.person, talk.manager) if to_manager else ()
    turn.say(talk.other, _card(new, talk.other), offer, _seen_by_other(new), Beside(told, reasons, known, starts))
    if to_manager:
        turn.remind("goals.nudge_manager", talk.manager.id, working_days_on(turn, talk.manager, PATIENCE), new.asked)


@flow.action
def agree(turn: Turn) -> None:
    """The other side presses Agree: both mean it now, and it is frozen."""
    settle(turn, answering(turn))


def settle(turn: Turn, talk: Talk, protest: str = "") -> Talk:
    """Freeze what lies on the table, under its version and the fingerprint of its rules."""
    after = moved(talk.sheet, talk.side, Move.AGREE, talk.me.id)
    fingerprint = rules_hash(after.agreed, talk.participant.template, talk.cycle.rules)
    after = protested(after, talk.side, protest) if protest else after
    reasons = {PROTEST: protest} if protest else None
    new = _speak(turn, talk, replace(after, rules_hash=fingerprint), Move.AGREE, reasons)
    goals.drop_draft(turn.session, talk.cycle.id, talk.person.id, talk.me.id)
    if new.sheet.version == 1:
        turn.remind("goals.ask", talk.person.id, working_days_on(turn, talk.person, A_MONTH), talk.cycle.id)
    key, asked = f"goals/{talk.ref}/agreed/{new.sheet.version}", _card(talk, talk.me)
    in_place = talk.side is Side.EMPLOYEE and outbox.was_said(turn.session, asked)
    _answered(turn, talk, N_("You and {name} agreed on goals."), but=asked if in_place else "")
    turn.say(talk.person, asked if in_place else key, agreed_card, new, talk.manager)
    if talk.side is Side.EMPLOYEE:
        turn.say(talk.manager, f"{key}/manager", agreed_with, new, talk.person)
    for one in people.holders(turn.session, people.HR)[:1]:  # the step brings the card of each of them up to date
        turn.remind("cycle.move_on", one.id, turn.now, f"{talk.cycle.id}/agreed")
    webhooks.tell(turn.session, Event.GOALS_AGREED, talk.cycle.id, [talk.person.id], turn.now, turn.real_now)
    return new


@flow.view
def agree_here(turn: Turn) -> None:
    """The same, from the window with the whole sheet."""
    agree(turn)


@flow.action
def decline(turn: Turn) -> Replace:
    """The other side would rather keep what was agreed."""
    talk = answering(turn)
    new = _speak(turn, talk, moved(talk.sheet, talk.side, Move.DECLINE, talk.me.id), Move.DECLINE)
    goals.drop_draft(turn.session, talk.cycle.id, talk.person.id, talk.me.id)
    _answered(turn, talk, N_("You kept the goals as you had agreed with {name}."))
    kept = N_("{name} would rather keep the goals as they were agreed. You may talk it over in person.")
    turn.say(talk.other, f"{_card(new, talk.other)}/kept", settled, new, kept, talk.me)
    return Replace(looking.whole(turn.t, new))


@flow.view
def withdraw(turn: Turn) -> None:
    """Who made an offer takes it back, and may write on; the card of the other side says so."""
    talk = answering(turn)
    new = _speak(turn, talk, moved(talk.sheet, talk.side, Move.WITHDRAW, talk.me.id), Move.WITHDRAW)
    goals.keep_draft(turn.session, new.sheet, talk.me.id, talk.sheet.goals, comment=talk.sheet.comment)
    if talk.side is Side.MANAGER:
        beginning.count_down(turn, talk.cycle)
    turn.update(talk.other, _card(talk, talk.other), settled, talk, N_("{name} took the offer back."), talk.me)


# Inside -----------------------------------------------------------------------------------


def answering(turn: Turn) -> Talk:
    """Join a talk to answer just the offer that was shown."""
    cycle_id, person_id, revision = turn.carried(3)
    talk = talk_about(turn, cycle_id, person_id, revision=revision)
    must_be_open(turn, talk.cycle)
    return talk


def _speak(turn: Turn, talk: Talk, after: Sheet, move: Move, reasons: dict[str, str] | None = None) -> Talk:
    """Keep a move, leave a trace, and give the talk as it stands then."""
    goals.speak(turn.session, after, talk.me.id, turn.now, reasons)
    record = f"goals/{talk.ref}/{after.revision}"
    turn.note(f"goals_{move}", talk.person.id, record)
    for rule in reasons or ():
        turn.note("goals_override" if rule in OVERRIDDEN else "goals_protest", talk.person.id, f"{record}/{rule}")
    turn.touched.add(talk.manager.id)
    return replace(talk, sheet=after)


def _seen_by_other(talk: Talk) -> Talk:
    return replace(talk, side=Side.MANAGER if talk.side is Side.EMPLOYEE else Side.EMPLOYEE)


def _card(talk: Talk, reader: Person) -> str:
    """The key of the card that asks somebody: a new manager's is not the one that their forerunner has."""
    return f"goals/{talk.asked}/{reader.id}"


def _answered(turn: Turn, talk: Talk, text: str, but: str = "") -> None:
    """The cards that asked this side turn into what was answered; what became of an invitation stays as it is."""
    asked = _card(talk, talk.me)
    cards = [asked, f"{asked}/nudge"] if awaits(talk.sheet, talk.side) else []
    told = goals.history(turn.session, talk.cycle.id, talk.person.id)[:-1]
    if talk.side is Side.EMPLOYEE and talk.me.id not in {one.by for one in told}:
        cards += [f"goals/{talk.ref}/invite", f"goals/{talk.ref}/nudge"]
    for key in cards:
        if key != but and outbox.was_said(turn.session, key):
            turn.say(talk.me, key, settled, talk, text, talk.other)
