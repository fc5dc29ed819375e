"""The close: once for a cycle, every group is opened or destroyed unread, and everybody is told which."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.anonymity import bundles
from bot.domain.feedback import GROUP_NAMES, Invitation, InvitationState, Opened, Round, RoundState
from bot.domain.template import Group
from bot.handlers.peers.conversation import Case, case_of, flow
from bot.slack.blocks import Message, section
from bot.slack.flow import Turn
from bot.slack.text import Text, lines
from bot.slack.words import Words
from bot.store import invitations, people, released, sealed


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
    if not opened.said:
        return t(
            "Enough people answered to show ratings, but fewer than {c} wrote something: nobody sees any sentence.",
            c=case.thresholds.comments,
        )
    return t("Enough people answered: ratings and sentences are shown, mixed and without names.")


def ratee_card(t: Words, case: Case, outcome: Outcome) -> Message:
    """Tell the person it is about; who else was told is no news to them."""
    if not outcome:
        nobody = t("Your feedback round for {cycle} is over; nobody was asked.", cycle=case.cycle.name)
        return Message(nobody, over=True)
    text = t("The feedback round about your work is closed.")
    return Message(text, [section(lines(text, *_by_group(t, case, outcome)))])


def manager_card(t: Words, case: Case, outcome: Outcome) -> Message:
    """Tell whoever approved the list."""
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
    """Close all rounds of a cycle, open what may be opened, destroy the rest and the key."""
    for about in invitations.close(turn.session, turn.carry):
        if about.state is not RoundState.TOO_FEW:
            _close_one(turn, about)
    sealed.destroy(turn.session, turn.carry)


def _close_one(turn: Turn, about: Round) -> None:
    case = case_of(turn, about.cycle_id, about.ratee_id)
    asked = [one for one in invitations.every(turn.session, about.cycle_id, about.ratee_id) if one.asked_on]
    outcome = _open(turn, case, asked)
    turn.update(case.ratee, case.key("nominate"), ratee_card, case, outcome)
    if (approver := people.get(turn.session, about.approver_id)) is not None:
        turn.update(approver, case.key("approve"), manager_card, case, outcome)
    for one in asked:
        _tell_rater(turn, case, one, outcome)


def _took_part(one: Invitation) -> bool:
    return one.state is not InvitationState.DECLINED


def _open(turn: Turn, case: Case, asked: Sequence[Invitation]) -> Outcome:
    """Open each group that may be shown alone, and the others together; what is too small even so stays unread."""
    of = (case.cycle.id, case.ratee.id)
    invited = Counter[str](one.relation for one in asked if _took_part(one))
    outcome = {one.relation: UNREAD for one in sorted(asked, key=lambda one: one.relation)}
    for groups in bundles(sealed.sizes(turn.session, *of), case.thresholds.score_shown):
        opened = sealed.open_once(turn.session, *of, groups, case.thresholds)
        if opened is not None:
            released.release(turn.session, *of, groups, sum(invited[one] for one in groups), opened)
        outcome |= {Group(one): Became(groups, opened) for one in groups}
    return outcome


def _tell_rater(turn: Turn, case: Case, one: Invitation, outcome: Outcome) -> None:
    rater = people.get(turn.session, one.rater_id)
    if rater is None or not rater.takes_part or not _took_part(one):
        return
    if one.state is InvitationState.DONE:
        turn.update(rater, case.key("rater", rater.id), rater_card, case, outcome[one.relation])
    else:
        turn.update(rater, case.key("rater", rater.id), missed_card, case)
