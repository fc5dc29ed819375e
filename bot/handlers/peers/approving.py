"""Whom to ask, decided: the manager approves or changes the list, and finds somebody else for who declines."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.feedback import (
    LEAST,
    MOST_ASKED,
    REASONS,
    RELATION_NAMES,
    InvitationState,
    Reason,
    RoundState,
    joining,
    merged,
)
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.template import Group
from bot.handlers.peers import choosing, instead, reminding
from bot.handlers.peers.choosing import Candidate
from bot.handlers.peers.conversation import Case, case_of, flow, lead, must_be_assessing
from bot.slack.blocks import Message, View, button, buttons, context, form, people_input, section
from bot.slack.flow import Open, Step, Task, Turn
from bot.slack.text import Text, bold, bullets, lines
from bot.slack.words import Words
from bot.store import invitations, people, seal_key

# What people see --------------------------------------------------------------------------


def approval_card(t: Words, case: Case, candidates: Sequence[Candidate]) -> Message:
    """Show the manager the list; the load is a number and nothing else."""
    text = t("{ratee} proposes who should give feedback. Please have a look.", ratee=case.ratee)
    hint = t(
        "Confidential: from {k} answers on ratings are shown, from {c} on sentences. Nobody sees who has answered.",
        k=case.thresholds.score_shown,
        c=case.thresholds.comments,
    )
    choose = [
        button(t("Approve"), does=approve, carry=case.carry, style="primary"),
        button(t("Change"), does=change, carry=case.carry),
    ]
    listed = bullets(_candidate(t, one) for one in candidates)
    return Message(text, [section(lines(bold(text), listed)), context(hint), buttons(*choose)])


def approved_card(t: Words, case: Case, asked: int, share: Decimal | None = None) -> Message:
    """What the manager sees once people are asked; no share where fewer than five were, or until it is counted anew."""
    text = t.plural(
        "{n} person is asked for feedback on {ratee}.",
        "{n} people are asked for feedback on {ratee}.",
        asked,
        ratee=case.ratee,
    )
    so_far = (
        t("Of those asked at first, {share} have answered so far.", share=t.percent(share))
        if share is not None
        else None
    )
    more = t(
        "The answers are opened on {day}. I remind people myself; nobody sees who has answered.", day=case.closes_on
    )
    return Message(text, [section(lines(text, so_far, more))])


def handed_on_card(t: Words, case: Case, reader: Person) -> Message:
    """For whoever had the card before somebody else took it over."""
    return Message(t("{name} now looks after the feedback on {ratee}.", name=reader, ratee=case.ratee), over=True)


def settled_card(t: Words, case: Case, asked: int) -> Message:
    """What the ratee is told once people are asked: how many, and what will be seen."""
    text = t.plural(
        "{n} colleague is asked about working with you.", "{n} colleagues are asked about working with you.", asked
    )
    more = t(
        "Their answers are confidential. From {k} answers on you see ratings, from {c} on sentences, mixed and without "
        "names, with your result. With fewer, nobody sees anything.",
        k=case.thresholds.score_shown,
        c=case.thresholds.comments,
    )
    return Message(text, [section(lines(text, more))])


def declined_card(t: Words, case: Case, rater: Person, reason: str, left: int) -> Message:
    """Tell the manager that somebody would rather not, and what that means where too few are left."""
    text = t("{rater} cannot give feedback on {ratee}.", rater=rater, ratee=case.ratee)
    short = (
        t.plural(
            "{n} person is left. With fewer than {k} answers nobody sees anything: please ask somebody else soon, "
            "before the others write in vain.",
            "{n} people are left. With fewer than {k} answers nobody sees anything: please ask somebody else soon, "
            "before the others write in vain.",
            left,
            k=case.thresholds.score_shown,
        )
        if left < LEAST
        else None
    )
    carry = f"{case.carry}/{rater.id}"
    other = button(t("Ask somebody else"), does=ask_more, carry=carry, style="primary" if short else None)
    return Message(text, [section(lines(text, t(REASONS[Reason(reason)]), short)), buttons(other)])


def replaced_card(t: Words, case: Case, rater: Person, names: list[str]) -> Message:
    """The same, once somebody else is asked."""
    text = t("{rater} cannot give feedback on {ratee}.", rater=rater, ratee=case.ratee)
    return Message(text, [section(lines(text, t("Asked instead: {names}", names=t.names(names))))])


def change_form(t: Words, case: Case, chosen: Sequence[str]) -> View:
    """The manager's version of the list."""
    intro = t("These people are asked about working with {ratee} as soon as you approve.", ratee=case.ratee)
    raters = people_input("raters", t("Colleagues"), initial=chosen, most=MOST_ASKED)
    words = {"submit": t("Approve these"), "close": t("Not now")}
    return form(t("Who gives feedback"), [section(intro), raters], does=changed, carry=case.carry, **words)


def more_form(t: Words, case: Case, declined_by: str) -> View:
    """Who else."""
    intro = t("Who else saw the work of {ratee}? They are asked at once.", ratee=case.ratee)
    raters = people_input("raters", t("Colleagues"), most=LEAST)
    words = {"submit": t("Ask"), "close": t("Not now")}
    return form(
        t("Ask somebody else"), [section(intro), raters], does=asked_more, carry=f"{case.carry}/{declined_by}", **words
    )


def _candidate(t: Words, one: Candidate) -> Text:
    load = t.plural("{n} other request", "{n} other requests", one.load) if one.load else t("no other requests")
    return t("{name}, {relation}, {load}", name=one.person, relation=t(RELATION_NAMES[one.relation]), load=load)


# What happens: the manager approves ---------------------------------------------------------


@flow.action
def approve(turn: Turn) -> None:
    """Ask the people on the list as it is."""
    case = _to_approve(turn, *turn.carried(2), to_change=True)
    present = [one.rater_id for one in invitations.invited(turn.session, case.cycle.id, case.ratee.id)]
    _approve(turn, case, choosing.checked(turn, case, present, MOST_ASKED))


@flow.action
def change(turn: Turn) -> Open:
    """Open the list to change it."""
    case = _to_approve(turn, *turn.carried(2))
    present = invitations.invited(turn.session, case.cycle.id, case.ratee.id)
    return Open(change_form(turn.t, case, [one.rater_id for one in present]))


@flow.view
def changed(turn: Turn) -> None:
    """Ask the people on the changed list."""
    case = _to_approve(turn, *turn.carried(2), to_change=True)
    _approve(turn, case, choosing.checked(turn, case, turn.inputs.many("raters"), MOST_ASKED))


def stands_with(turn: Turn, case: Case, reader: Person, card: Callable[[Words], Message]) -> None:
    """Have the card about a round stand with this reader; whoever had it before reads who has it now."""
    former = people.get(turn.session, case.about.approver_id)
    if former is not None and former.id != reader.id:
        turn.update(former, case.key("approve", former.id), handed_on_card, case, reader)
    turn.say(reader, case.key("approve", reader.id), card)
    invitations.hand_on(turn.session, case.about, reader.id)


def is_for(turn: Turn, case: Case, step: Step) -> bool:
    """Whether the person whose turn it is leads the one it is about today; else the step goes on to who does."""
    manager = lead(turn, case)
    if manager is not None and manager.id != turn.person.id:
        turn.remind(step, manager.id, turn.now, turn.carry)
    return manager is not None and manager.id == turn.person.id


def _to_approve(turn: Turn, cycle_id: str, ratee_id: str, *, to_change: bool = False) -> Case:
    turn.must(Act.APPROVE_RATERS, ratee_id)
    case = case_of(turn, cycle_id, ratee_id, to_change=to_change)
    must_be_assessing(turn, case)
    if case.about.state is not RoundState.PROPOSED:
        raise Refused("The list of colleagues is settled already.")
    return case


def _approve(turn: Turn, case: Case, relations: dict[str, Group]) -> None:
    """Freeze the promise, then ask everybody; groups too small ever to be shown are put together before that."""
    if invitations.freeze_terms(turn.session, case.cycle.id):
        seal_key.make_key(turn.session, case.cycle.id)
        reminding.plan_counting(turn, case)
    groups = merged(relations, case.thresholds.comments)
    consent = choosing.busy(turn, groups)
    invitations.approve(turn.session, case.about, groups, consent, turn.today)
    _send_requests(turn, case, list(groups))
    stands_with(turn, case, turn.person, lambda t: approved_card(t, case, len(groups)))
    turn.update(case.ratee, case.key("nominate"), settled_card, case, len(groups))
    reminding.plan_coverage(turn, case)
    turn.note(Act.APPROVE_RATERS, case.ratee.id, case.carry)


def _send_requests(turn: Turn, case: Case, rater_ids: Sequence[str]) -> None:
    for rater in people.named(turn.session, rater_ids).values():
        turn.remind("peers.ask", rater.id, turn.now, case.carry)
        reminding.plan(turn, case, rater)


# What happens: somebody else is asked -------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def tell_declined(turn: Turn) -> None:
    """Whoever leads the person today hears that somebody would rather not, while somebody else can be asked."""
    cycle_id, ratee_id, rater_id, reason = turn.carried(4)
    case, rater = case_of(turn, cycle_id, ratee_id), people.get(turn.session, rater_id)
    if rater is not None and case.about.state is RoundState.OPEN and is_for(turn, case, tell_declined):
        left = len(invitations.invited(turn.session, cycle_id, ratee_id))
        stands_with(turn, case, turn.person, lambda t: approved_card(t, case, left))
        turn.say(turn.person, case.key("declined", rater.id, turn.person.id), declined_card, case, rater, reason, left)


@flow.action
def ask_more(turn: Turn) -> Open:
    """Open the choice of somebody else."""
    cycle_id, ratee_id, declined_by = turn.carried(3)
    return Open(more_form(turn.t, _to_extend(turn, cycle_id, ratee_id), declined_by))


@flow.view
def asked_more(turn: Turn) -> None:
    """Ask them."""
    cycle_id, ratee_id, declined_by = turn.carried(3)
    case = _to_extend(turn, cycle_id, ratee_id, to_change=True)
    chosen = turn.inputs.many("raters")
    present = invitations.every(turn.session, cycle_id, ratee_id)
    if not chosen or set(chosen) & {one.rater_id for one in present}:
        raise Refused("Please choose somebody who has not been asked yet.", field="raters")
    asked = [one.rater_id for one in present if one.state is not InvitationState.DECLINED]
    found = choosing.checked_beside(turn, case, asked, chosen)
    groups = {one: joining(relation, [each.relation for each in present]) for one, relation in found.items()}
    invitations.freeze_terms(turn.session, cycle_id, case.thresholds)  # no other list adds to what people have to do
    consent = choosing.busy(turn, groups)
    invitations.ask(turn.session, case.about, groups, consent, turn.today)
    _send_requests(turn, case, chosen)
    names = [one.name for one in people.named(turn.session, chosen).values()]
    now = len(asked) + len(groups)
    turn.say(case.ratee, case.key("nominate"), settled_card, case, now)
    stands_with(turn, case, turn.person, lambda t: approved_card(t, case, now))
    instead.tell_enough(turn, case, now)
    if (rater := people.get(turn.session, declined_by)) is not None:
        key = case.key("declined", rater.id, turn.person.id)
        turn.say(turn.person, key, replaced_card, case, rater, sorted(names))
    turn.note(Act.APPROVE_RATERS, ratee_id, case.carry)


def _to_extend(turn: Turn, cycle_id: str, ratee_id: str, *, to_change: bool = False) -> Case:
    turn.must(Act.APPROVE_RATERS, ratee_id)
    case = case_of(turn, cycle_id, ratee_id, to_change=to_change)
    must_be_assessing(turn, case)
    if case.about.state is not RoundState.OPEN:
        raise Refused("This round is closed, so nobody else can be asked.")
    return case


def tasks(turn: Turn) -> list[Task]:
    """The lists that this person has to look at."""
    team = [one.id for one in people.reports_of(turn.session, turn.person.id, turn.today)]
    waiting = invitations.rounds_to_approve(turn.session, team) if team else []
    return [_task(turn, case_of(turn, one.cycle_id, one.ratee_id)) for one in waiting]


def _task(turn: Turn, case: Case) -> Task:
    text = turn.t("Look at who gives feedback on {ratee}", ratee=case.ratee)
    return Task(text, turn.t("Look"), change, case.carry, case.closes_on)
