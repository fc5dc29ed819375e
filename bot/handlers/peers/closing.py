"""The close: once for a cycle, every group is opened or destroyed unread, and everybody is told which.

A company's rounds are closed a slice at a time: each slice sets the next one in the transaction that closes its rounds,
so a crash loses none and repeats none. The key is destroyed with the last; results wait for it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain.feedback import GROUP_NAMES, Invitation, InvitationState, Opened, Round, RoundState
from bot.domain.org import Person
from bot.domain.template import Group
from bot.handlers.peers.approving import handed_on_card
from bot.handlers.peers.conversation import Case, cases_of, flow
from bot.slack.blocks import Message, section
from bot.slack.flow import Turn
from bot.slack.text import Text, lines
from bot.slack.words import Words
from bot.store import invitations, people, released, sealed
from bot.store.released import Release

SLICE = 50
"""Rounds closed in one transaction."""


@dataclass(frozen=True)
class Became:
    """What became of a group's answers: the groups it was opened with, itself among them, and what was opened."""

    groups: Sequence[str] = ()
    opened: Opened | None = None


UNREAD = Became()
Outcome = Mapping[Group, Became]

# What people see --------------------------------------------------------------------------


def became(t: Words, case: Case, one: Became) -> Text:
    """What became of a group's answers."""
    if one.opened is None:
        return t(
            "Fewer than {k} people answered, so the answers were destroyed unread. Nobody sees anything of them.",
            k=case.thresholds.score_shown,
        )
    apart = t("One group alone had too few answers, so groups are shown together.") if len(one.groups) > 1 else None
    return lines(apart, _shown(t, case, one.opened))


def _shown(t: Words, case: Case, opened: Opened) -> Text:
    """What is shown of them: somebody may have only rated, or only written."""
    k, c = case.thresholds.score_shown, case.thresholds.comments
    match bool(opened.topics), bool(opened.said):
        case True, True:
            return t("Enough people answered: ratings and sentences are shown, mixed and without names.")
        case True, False:
            return t(
                "Enough people answered to show ratings, but fewer than {c} wrote something: nobody sees any sentence.",
                c=c,
            )
        case False, True:
            return t(
                "Enough people wrote something to show sentences, mixed and without names, but no topic was rated by "
                "{k}: nobody sees any rating.",
                k=k,
            )
    return t("No topic was rated by {k} people, and fewer than {c} wrote something: nobody sees any of it.", k=k, c=c)


def ratee_card(t: Words, case: Case, outcome: Outcome) -> Message:
    """Tell the person it is about; who else was told is no news to them."""
    if not outcome:
        nobody = t("Your feedback round for {cycle} is over; nobody was asked.", cycle=case.cycle.name)
        return Message(nobody, over=True)
    text = t("The feedback round about your work is closed.")
    return Message(text, [section(lines(text, *_by_group(t, case, outcome)))])


def manager_card(t: Words, case: Case, outcome: Outcome) -> Message:
    """Tell whoever leads the person it is about."""
    text = t("The feedback round on {ratee} is closed.", ratee=case.ratee)
    return Message(text, [section(lines(text, *_by_group(t, case, outcome)))])


def rater_card(t: Words, case: Case, of_group: Became) -> Message:
    """Tell somebody who answered."""
    text = t("The feedback round on {ratee} is closed. Thank you for your answer.", ratee=case.ratee)
    return Message(text, [section(lines(text, became(t, case, of_group)))])


def missed_card(t: Words, case: Case) -> Message:
    """Tell somebody who did not, without blame."""
    closed = t("The feedback round on {ratee} is closed. There is nothing left to do.", ratee=case.ratee)
    return Message(closed, over=True)


def _by_group(t: Words, case: Case, outcome: Outcome) -> list[Text]:
    if len(outcome) == 1:
        return [became(t, case, one) for one in outcome.values()]
    return [
        t("{group}: {became}", group=t(GROUP_NAMES[group]), became=became(t, case, one))
        for group, one in outcome.items()
    ]


# What happens -----------------------------------------------------------------------------


@flow.timer
def close(turn: Turn) -> None:
    """Close some rounds of a cycle, open what may be opened and destroy the rest; after the last ones also the key."""
    closed = invitations.close(turn.session, turn.carry, SLICE)
    _close_some(turn, [one for one in closed if one.state is not RoundState.TOO_FEW])
    if invitations.any_to_close(turn.session, turn.carry):
        turn.remind(close, "", turn.now, turn.carry)
    else:
        sealed.destroy(turn.session, turn.carry)


def _close_some(turn: Turn, rounds: Sequence[Round]) -> None:
    cases = cases_of(turn, turn.carry, rounds)
    of_all = invitations.by_ratee(turn.session, turn.carry, [case.ratee.id for case in cases])
    asked = {ratee_id: [one for one in some if one.asked_on] for ratee_id, some in of_all.items()}
    outcomes = _open(turn, cases, asked)
    leads = _leads(turn, cases)
    told = {one.rater_id for some in asked.values() for one in some} | {case.about.approver_id for case in cases}
    known = people.named(turn.session, told | {*leads.values()})
    turn.update_all(
        [
            *(each for case in cases for each in _told(case, asked[case.ratee.id], outcomes[case.ratee.id], known)),
            *(each for case in cases for each in _led(case, leads[case.ratee.id], outcomes[case.ratee.id], known)),
        ]
    )


def _leads(turn: Turn, cases: Sequence[Case]) -> dict[str, str]:
    """Who leads each of them today, or stands in, by id."""
    ids = [case.ratee.id for case in cases]
    managers = people.managers_on(turn.session, turn.today, *ids)
    return {one: people.acts_for(turn.session, managers.get(one, ""), one, turn.today) for one in ids}


def _open(turn: Turn, cases: Sequence[Case], asked: Mapping[str, Sequence[Invitation]]) -> dict[str, Outcome]:
    """Open what may be opened and keep it; what is too small alone and together stays unread."""
    terms = invitations.terms(turn.session, turn.carry)
    found = sealed.open_rounds(turn.session, turn.carry, list(asked), terms)
    invited = {one: Counter[str](each.relation for each in some if _took_part(each)) for one, some in asked.items()}
    released.release(
        turn.session,
        turn.carry,
        [
            Release(ratee_id, groups, sum(invited[ratee_id][one] for one in groups), opened)
            for ratee_id, of_groups in found.items()
            for groups, opened in of_groups.items()
        ],
    )
    return {case.ratee.id: _outcome(asked[case.ratee.id], found.get(case.ratee.id, {})) for case in cases}


def _outcome(asked: Sequence[Invitation], found: Mapping[tuple[str, ...], Opened]) -> Outcome:
    outcome = {one.relation: UNREAD for one in sorted(asked, key=lambda one: one.relation)}
    for groups, opened in found.items():
        outcome |= {Group(one): Became(groups, opened) for one in groups}
    return outcome


def _took_part(one: Invitation) -> bool:
    return one.state is not InvitationState.DECLINED


def _told(
    case: Case, asked: Sequence[Invitation], outcome: Outcome, known: Mapping[str, Person]
) -> Iterator[tuple[Person, str, Callable[[Words], Message]]]:
    """What each of them is told, under the key of what they were told before."""
    yield case.ratee, case.key("nominate"), lambda t: ratee_card(t, case, outcome)
    for one in asked:
        rater = known.get(one.rater_id)
        if rater is not None and rater.takes_part and _took_part(one):
            yield rater, case.key("rater", rater.id), partial(_rater_told, case, one, outcome)


def _led(
    case: Case, lead_id: str, outcome: Outcome, known: Mapping[str, Person]
) -> Iterator[tuple[Person, str, Callable[[Words], Message]]]:
    """What who leads them today is told, and what whoever had the card before."""
    former = known.get(case.about.approver_id)
    manager = known.get(lead_id, former)
    if manager is not None:
        yield manager, case.key("approve", manager.id), lambda t: manager_card(t, case, outcome)
    if manager is not None and former is not None and former.id != manager.id:
        yield former, case.key("approve", former.id), lambda t: handed_on_card(t, case, manager)


def _rater_told(case: Case, one: Invitation, outcome: Outcome, t: Words) -> Message:
    if one.state is InvitationState.DONE:
        return rater_card(t, case, outcome[one.relation])
    return missed_card(t, case)
