"""The facts behind a list of colleagues: who could be on it, what they are to the person, how much they have to do."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.feedback import MOST_ASKED, MOST_OPEN, check_number, check_raters, relation_of
from bot.domain.nomination import Suggestion, Why, check_groups, check_most, most_proposed, offered, suggested
from bot.domain.org import Person, Stint
from bot.domain.refusal import Refused
from bot.domain.template import Group
from bot.handlers.peers.conversation import Case, lead
from bot.slack.flow import Turn
from bot.store import invitations, objectives, people, stand_ins, support


@dataclass(frozen=True)
class Candidate:
    """Somebody on the list: in which group, and how much else they are asked for, answered or not."""

    person: Person
    relation: Group
    load: int


def eligible(turn: Turn, ratee_id: str) -> set[str]:
    """Everybody who could answer: placed in the company, in Slack, neither the ratee nor who reviews them."""
    present = {one.id for one in people.everyone(turn.session)}
    placed = _placed(turn)
    ratee = placed.get(ratee_id)
    return (present & set(placed)) - {ratee_id, *(_reviewers(turn, ratee) if ratee else ())}


def _reviewers(turn: Turn, ratee: Stint) -> set[str]:
    """Their manager, and whoever stands in today or on days to come: who reviews is not asked in confidence too."""
    manager_id, today = ratee.manager_id, turn.today
    days = {today} | {
        max(one.first_day, today) for one in stand_ins.from_day(turn.session, today) if one.manager_id == manager_id
    }
    return {manager_id, *(people.acts_for(turn.session, manager_id, ratee.person_id, day) for day in days)}


def likely(turn: Turn, case: Case) -> list[Suggestion]:
    """Who probably saw the work of the person whose turn it is, the likeliest first."""
    me, among = turn.person.id, eligible(turn, case.ratee.id)
    manager = people.manager_of(turn.session, me, turn.today)
    known = {
        Why.OBJECTIVE: objectives.sharing(turn.session, case.cycle.id, me, MOST_ASKED),
        Why.SUPPORT: support.linked(turn.session, case.cycle.id, me),
        Why.TEAM: [one.id for one in people.reports_of(turn.session, manager.id, turn.today)] if manager else [],
    }
    return suggested(known, among, len(among))


def to_begin_with(turn: Turn, case: Case, found: Sequence[Suggestion]) -> list[str]:
    """A list of them that could be proposed as it stands."""
    placed = _placed(turn)
    ranked = _relations(turn, case, [one.person_id for one in found], placed)
    return offered(ranked, case.template.raters, _there_are(turn, case, placed), most_proposed(case.template.raters))


def checked(turn: Turn, case: Case, chosen: Sequence[str], most: int) -> dict[str, Group]:
    """The list with its groups, refused where somebody on it, their number or a group's is wrong."""
    placed = _placed(turn)
    found = _relations(turn, case, chosen, placed)
    check_number(chosen, most)
    check_groups(found, case.template.raters, _there_are(turn, case, placed))
    return found


def _there_are(turn: Turn, case: Case, placed: Mapping[str, Stint]) -> Counter[Group]:
    ratee = placed[case.ratee.id]
    not_asked = {ratee.person_id, *_reviewers(turn, ratee)}
    others = [one for one in placed.values() if one.person_id not in not_asked]
    return Counter(relation_of(ratee, one, served=case.served) for one in others)


def relations(turn: Turn, case: Case, chosen: Sequence[str]) -> dict[str, Group]:
    """What each of the chosen is to the ratee; somebody who cannot be asked is refused."""
    return _relations(turn, case, chosen, _placed(turn))


def checked_beside(turn: Turn, case: Case, present: Collection[str], chosen: Sequence[str]) -> dict[str, Group]:
    """What each of the chosen is to the ratee; refused where they cannot be asked, or are too many beside the present.

    However few are left, one more is welcome.
    """
    placed = _placed(turn)
    found = _relations(turn, case, chosen, placed)
    ratee = placed[case.ratee.id]
    asked = {one: relation_of(ratee, placed[one], served=case.served) for one in present if one in placed}
    check_most(asked | found, case.template.raters)
    return found


def _placed(turn: Turn) -> dict[str, Stint]:
    return {stint.person_id: stint for stint in people.stints_on(turn.session, turn.today)}


def _relations(turn: Turn, case: Case, chosen: Sequence[str], placed: Mapping[str, Stint]) -> dict[str, Group]:
    ratee = placed.get(case.ratee.id)
    if ratee is None:
        raise Refused("{name} is not in the company's list of people yet.", field="raters", name=case.ratee.name)
    known = people.named(turn.session, chosen)
    check_raters(chosen, case.ratee.id, _reviewers(turn, ratee), known, set(placed))
    return {one: relation_of(ratee, placed[one], served=case.served) for one in chosen}


def busy(turn: Turn, raters: Collection[str]) -> set[str]:
    """Those who have so much to answer that they are asked before they are asked."""
    return {one for one, open_now in invitations.load(turn.session, raters).items() if open_now >= MOST_OPEN}


def candidates(turn: Turn, case: Case) -> list[Candidate]:
    """The list as the manager sees it."""
    listed = invitations.invited(turn.session, case.cycle.id, case.ratee.id)
    known = people.named(turn.session, [one.rater_id for one in listed])
    load = invitations.load(turn.session, known)
    return [Candidate(known[one.rater_id], one.relation, load[one.rater_id]) for one in listed]


def manager_of(turn: Turn, case: Case) -> Person:
    """Who looks at the list, or asks by name."""
    if (manager := lead(turn, case)) is None:
        raise Refused("You have no manager who could look at the list. Please ask HR to name one.")
    return manager
