"""Where a confidential round cannot be, or falls short: what is possible instead, as buttons on the same card.

Colleagues are asked by name, by the person themself or by their manager; they answer in the conversation about
feedback by name, and read beforehand who reads it.
"""

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.feedback import LEAST, MOST_PROPOSED, RoundState
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.handlers.peers import choosing
from bot.handlers.peers.conversation import Case, case_of, flow, must_be_assessing
from bot.slack.blocks import Block, Does, Message, View, button, buttons, form, people_input, section
from bot.slack.flow import Open, Turn
from bot.slack.text import bold, lines
from bot.slack.words import Words
from bot.store import invitations, outbox, people

SELF, BOTH = "self", "both"
"""Who reads what is written by name: the person alone, or their manager too."""

# What people see --------------------------------------------------------------------------


def too_few_card(t: Words, case: Case, eligible: int) -> Message:
    """Say beforehand that a promise could not be kept, and what can be had."""
    text = t(
        "There is no confidential feedback round for you this time: it needs at least {needed} people who can answer, "
        "and there are {eligible}.",
        needed=LEAST,
        eligible=eligible,
    )
    return Message(text, [section(text), *_ways(t, case)])


def own_choice_card(t: Words, case: Case, propose: Does) -> Message:
    """The same where the person says so, who may think again."""
    text = t("There is no confidential feedback round for you this time: too few people saw your work.")
    again = buttons(button(t("Propose colleagues after all"), does=propose, carry=case.cycle.id))
    return Message(text, [section(text), *_ways(t, case), again])


def _ways(t: Words, case: Case) -> list[Block]:
    how = t(
        "You can have feedback by name: whoever writes knows that you read it. Ask colleagues yourself, or let your "
        "manager ask them; then your manager reads it too."
    )
    return [
        section(how),
        buttons(
            button(t("Ask colleagues by name"), does=ask_by_name, carry=case.cycle.id, style="primary"),
            button(t("Let my manager ask"), does=hand_over, carry=case.cycle.id),
        ),
    ]


def asked_card(t: Words, case: Case, names: list[str]) -> Message:
    """Whom the person asked by name."""
    text = t("You asked for feedback by name: {names}. It comes to you here.", names=t.names(names))
    more = button(t("Ask more colleagues"), does=ask_by_name, carry=case.cycle.id)
    return Message(text, [section(text), buttons(more)])


def handed_over_card(t: Words, manager: Person) -> Message:
    """The manager asks."""
    return Message(t("{manager} asks colleagues about your work. What they write has a name.", manager=manager))


def collect_card(t: Words, case: Case) -> Message:
    """Ask the manager to ask."""
    text = t("{ratee} would like you to ask colleagues for feedback by name.", ratee=case.ratee)
    why = t(
        "A confidential round is not possible: fewer than {least} people could answer. What they write is read by "
        "{ratee} and by you, and stands beside your review.",
        least=LEAST,
        ratee=case.ratee,
    )
    ask = button(t("Ask colleagues by name"), does=collect, carry=case.carry, style="primary")
    return Message(text, [section(lines(bold(text), why)), buttons(ask)])


def collected_card(t: Words, case: Case, names: list[str]) -> Message:
    """Whom the manager asked by name."""
    text = t("You asked for feedback on {ratee} by name: {names}.", ratee=case.ratee, names=t.names(names))
    return Message(text, [section(text), buttons(button(t("Ask more colleagues"), does=collect, carry=case.carry))])


def by_name_card(t: Words, case: Case, asker: Person, write: Does, readers: str) -> Message:
    """Ask a colleague; who reads it is said before a word is written."""
    if readers == BOTH:
        text = t("{asker} asks you for feedback on {ratee}, by name.", asker=asker, ratee=case.ratee)
        who = t("{ratee} and {asker} read what you write, and that it is from you.", asker=asker, ratee=case.ratee)
    else:
        text = t("{ratee} asks you for feedback, by name.", ratee=case.ratee)
        who = t("{ratee} reads what you write, and that it is from you.", ratee=case.ratee)
    more = t("It is not confidential, and you need not. Until {day} it helps the most.", day=case.closes_on)
    press = button(t("Write feedback"), does=write, carry=f"{case.ratee.id}/{readers}", style="primary")
    return Message(text, [section(lines(bold(text), who, more)), buttons(press)])


def short_card(t: Words, case: Case, left: int) -> Message:
    """Tell the person, before the others write, that their round fell under what it takes."""
    text = t.plural(
        "Somebody cannot take part in your feedback round; {n} person is left.",
        "Somebody cannot take part in your feedback round; {n} people are left.",
        left,
    )
    more = t(
        "It takes {k} answers before anybody sees anything. Your manager can ask somebody else; you can also ask "
        "colleagues by name.",
        k=case.thresholds.score_shown,
    )
    ask = button(t("Ask colleagues by name"), does=ask_by_name, carry=case.cycle.id)
    return Message(text, [section(lines(bold(text), more)), buttons(ask)])


def enough_card(t: Words) -> Message:
    """The same, once somebody else is asked."""
    return Message(t("Somebody else is asked: your feedback round has enough people again."))


def names_form(t: Words, does: Does, carry: str) -> View:
    """Whom to ask by name."""
    intro = t("They are asked to write by name. It is not confidential, and this is the first thing they read.")
    raters = people_input("raters", t("Colleagues"), most=MOST_PROPOSED)
    words = {"submit": t("Ask"), "close": t("Not now")}
    return form(t("Feedback by name"), [section(intro), raters], does=does, carry=carry, **words)


# What happens: the person asks, or their manager does -----------------------------------------


@flow.action
def ask_by_name(turn: Turn) -> Open:
    """Open the choice of colleagues."""
    case = _mine(turn)
    return Open(names_form(turn.t, asked_by_name, case.cycle.id))


@flow.view
def asked_by_name(turn: Turn) -> None:
    """Ask them; who gave up a round for it keeps that card."""
    case = _mine(turn)
    names = _ask(turn, case, SELF)
    key = case.key("nominate") if case.about.state is RoundState.TOO_FEW else case.key("named")
    turn.say(turn.person, key, asked_card, case, names)
    turn.note(Act.NOMINATE_RATERS, turn.person.id, f"{case.carry}/named")


@flow.action
def hand_over(turn: Turn) -> None:
    """Let the manager ask."""
    case = _mine(turn)
    manager = choosing.manager_of(turn, case)
    turn.say(manager, case.key("collect", manager.id), collect_card, case)
    turn.say(turn.person, case.key("nominate"), handed_over_card, manager)
    turn.note(Act.NOMINATE_RATERS, turn.person.id, f"{case.carry}/collected")


@flow.action
def collect(turn: Turn) -> Open:
    """Open the manager's choice of colleagues."""
    case = _to_collect(turn)
    return Open(names_form(turn.t, collected, case.carry))


@flow.view
def collected(turn: Turn) -> None:
    """Ask them on the person's behalf."""
    case = _to_collect(turn)
    names = _ask(turn, case, BOTH)
    turn.say(turn.person, case.key("collect", turn.person.id), collected_card, case, names)
    turn.note(Act.APPROVE_RATERS, case.ratee.id, f"{case.carry}/collected")


def _mine(turn: Turn) -> Case:
    turn.must(Act.NOMINATE_RATERS, turn.person.id)
    case = case_of(turn, turn.carry, turn.person.id)
    must_be_assessing(turn, case)
    if case.about.state not in {RoundState.TOO_FEW, RoundState.OPEN}:
        raise Refused("This was changed meanwhile. Please open it again.")
    return case


def _to_collect(turn: Turn) -> Case:
    cycle_id, ratee_id = turn.carried(2)
    turn.must(Act.APPROVE_RATERS, ratee_id)
    case = case_of(turn, cycle_id, ratee_id)
    must_be_assessing(turn, case)
    return case


def _ask(turn: Turn, case: Case, readers: str) -> list[str]:
    chosen = turn.inputs.many("raters")
    if not chosen:
        raise Refused("Please choose whom to ask.", field="raters")
    known = people.named(turn.session, choosing.relations(turn, case, chosen))
    for rater_id in known:
        turn.remind(bring, rater_id, turn.now, f"{case.carry}/{turn.person.id}/{readers}")
    return sorted(one.name for one in known.values())


@flow.prompt
def bring(turn: Turn) -> None:
    """Bring the request in its reader's working hours."""
    cycle_id, ratee_id, asker_id, readers = turn.carried(4)
    case, asker = case_of(turn, cycle_id, ratee_id), people.get(turn.session, asker_id)
    if asker is not None:
        write = turn.flows.steps["feedback.write_for"]
        turn.say(turn.person, case.key("named", turn.person.id), by_name_card, case, asker, write, readers)


# What happens when people decline ---------------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def tell_short(turn: Turn) -> None:
    """Tell the person in their working hours, unless somebody else was asked meanwhile."""
    case = case_of(turn, turn.carry, turn.person.id)
    left = len(invitations.invited(turn.session, case.cycle.id, case.ratee.id))
    if case.about.state is RoundState.OPEN and left < LEAST:
        turn.say(turn.person, case.key("short"), short_card, case, left)


def tell_enough(turn: Turn, case: Case, asked: int) -> None:
    """Tell the person who was told, once there are enough again."""
    if asked >= LEAST and outbox.was_said(turn.session, case.key("short")):
        turn.say(case.ratee, case.key("short"), enough_card)
