"""Whom to ask: the ratee proposes a list, as long as enough people could answer."""

from collections.abc import Iterator, Sequence

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.feedback import LEAST, MOST_PROPOSED, OPEN_TO_LISTS, RoundState
from bot.domain.goal import Goal
from bot.domain.nomination import WHY_NAMES, Suggestion, Why, most_proposed
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.handlers.peers import approving, choosing, instead, judging
from bot.handlers.peers.conversation import Case, case_of, flow, must_be_assessing
from bot.slack.blocks import Message, View, button, buttons, form, people_input, section
from bot.slack.flow import Open, Task, Turn
from bot.slack.text import Text, bold, bullets, lines
from bot.slack.words import Words
from bot.store import invitations, people

# What people see --------------------------------------------------------------------------


def nominate_card(t: Words, case: Case) -> Message:
    """Ask the ratee for names."""
    text = t(
        "Who can say what it is like to work with you? Please propose colleagues for {cycle}.", cycle=case.cycle.name
    )
    more = t(
        "Choose {least} to {most} people from your daily work; five is a good number, since nobody sees anything of "
        "fewer than {k} answers. Your manager looks at the list. The answers are confidential and are opened together "
        "on {day}.",
        least=LEAST,
        k=case.thresholds.score_shown,
        most=most_proposed(case.template.raters),
        day=case.closes_on,
    )
    start = button(t("Propose colleagues"), does=propose, carry=case.cycle.id, style="primary")
    fewer = button(t("Fewer than {least} saw my work", least=LEAST), does=too_few, carry=case.cycle.id)
    return Message(text, [section(lines(bold(text), more)), buttons(start, fewer)])


def proposed_card(t: Words, case: Case, manager: Person, names: list[str]) -> Message:
    """The list is on its way."""
    text = t("Thank you. {manager} looks at your list next.", manager=manager)
    again = button(t("Change my list"), does=propose, carry=case.cycle.id)
    return Message(text, [section(lines(text, t.names(names))), buttons(again)])


def proposal_form(
    t: Words,
    case: Case,
    chosen: Sequence[str],
    likely: Sequence[tuple[Person, Suggestion]],
    those: Sequence[Goal] = (),
) -> View:
    """The ratee's list, and who is suggested for which reason."""
    intro = t("Choose people who saw your work. Your manager cannot be on the list: they write a review of their own.")
    seen = list(_seen(t, likely))
    told = lines(
        intro, judging.told_ratee(t, those), *((t("These people probably did:"), bullets(seen)) if seen else ())
    )
    most = most_proposed(case.template.raters)
    raters = people_input("raters", t("Colleagues"), initial=chosen, most=most)
    words = {"submit": t("Propose"), "close": t("Not now")}
    return form(t("Feedback on my work"), [section(told), raters], does=proposed, carry=case.cycle.id, **words)


def _seen(t: Words, likely: Sequence[tuple[Person, Suggestion]]) -> Iterator[Text]:
    """Who is suggested, a line for each reason rather than for each person."""
    known: dict[tuple[Why, ...], list[str]] = {}
    for person, one in likely:
        known.setdefault(one.reasons, []).append(person.name)
    for reasons, names in known.items():
        yield t("{name}: {reasons}", name=t.names(names), reasons=t.names([t(WHY_NAMES[why]) for why in reasons]))


# What happens -----------------------------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def invite_nominations(turn: Turn) -> None:
    """Ask a participant for names, or say why there is no round."""
    eligible = len(choosing.eligible(turn, turn.person.id))
    begins = RoundState.ASKED if eligible >= LEAST else RoundState.TOO_FEW
    invitations.begin(turn.session, turn.carry, turn.person.id, begins)
    case = case_of(turn, turn.carry, turn.person.id)
    if case.about.state is RoundState.ASKED:
        turn.say(turn.person, case.key("nominate"), nominate_card, case)
    elif case.about.state is RoundState.TOO_FEW:
        turn.say(turn.person, case.key("nominate"), instead.too_few_card, case, eligible)


@flow.action
def propose(turn: Turn) -> Open:
    """Open the list, with who probably saw the work to start from."""
    case = _mine(turn)
    present = [one.rater_id for one in invitations.invited(turn.session, case.cycle.id, case.ratee.id)]
    found = choosing.likely(turn, case)
    chosen = present or choosing.to_begin_with(turn, case, found)
    shown = [one for one in found if one.person_id in chosen][:MOST_PROPOSED] or found[:MOST_PROPOSED]
    known = people.named(turn.session, [one.person_id for one in shown])
    named = [(known[one.person_id], one) for one in shown]
    return Open(proposal_form(turn.t, case, chosen, named, judging.judged(turn, case)))


@flow.action
def too_few(turn: Turn) -> None:
    """Take the person's word that no round is possible, and show what is."""
    case = _mine(turn)
    must_be_assessing(turn, case)
    invitations.give_up(turn.session, case.about)
    turn.say(turn.person, case.key("nominate"), instead.own_choice_card, case, propose)
    turn.note(Act.NOMINATE_RATERS, turn.person.id, f"{case.carry}/too_few")


@flow.view
def proposed(turn: Turn) -> None:
    """Keep the list and show it to the manager."""
    case = _mine(turn)
    must_be_assessing(turn, case)
    manager = choosing.manager_of(turn, case)
    relations = choosing.checked(turn, case, turn.inputs.many("raters"), most_proposed(case.template.raters))
    invitations.propose(turn.session, case.about, relations)
    names = [one.name for one in people.named(turn.session, relations).values()]
    turn.say(turn.person, case.key("nominate"), proposed_card, case, manager, sorted(names))
    candidates = choosing.candidates(turn, case)
    approving.stands_with(turn, case, manager, lambda t: approving.approval_card(t, case, candidates))
    turn.note(Act.NOMINATE_RATERS, turn.person.id, case.carry)


def _mine(turn: Turn) -> Case:
    """The round about the person whose turn it is, while its list may still change."""
    turn.must(Act.NOMINATE_RATERS, turn.person.id)
    case = case_of(turn, turn.carry, turn.person.id)
    if case.about.state not in OPEN_TO_LISTS:
        raise Refused("The list of colleagues is settled already.")
    return case


def tasks(turn: Turn) -> list[Task]:
    """The list that this person still has to make."""
    waiting = invitations.rounds_of(turn.session, turn.person.id, RoundState.ASKED)
    cases = [case_of(turn, one.cycle_id, one.ratee_id) for one in waiting]
    text, label = turn.t("Propose who gives feedback on your work"), turn.t("Propose colleagues")
    return [Task(text, label, propose, case.cycle.id, case.closes_on) for case in cases]
