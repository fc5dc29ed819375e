"""Whom to ask for feedback: who is suggested and why, and how many of each group make sense."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.feedback import GROUP_NAMES, LEAST, MOST_ASKED, MOST_PROPOSED
from bot.domain.refusal import N_, Refused, sentence
from bot.domain.template import Group, RaterGroup

COUNTING = frozenset({Group.PEER, Group.INTERNAL_CUSTOMER})
"""Groups that have a weight of their own in the result."""


class Why(StrEnum):
    """Why somebody is suggested, the best reason first."""

    OBJECTIVE = "objective"
    SUPPORT = "support"
    TEAM = "team"


WHY_NAMES: Mapping[Why, str] = {
    Why.OBJECTIVE: N_("shares an objective"),
    Why.SUPPORT: N_("one of you supported the other"),
    Why.TEAM: N_("same team"),
}


@dataclass(frozen=True)
class Suggestion:
    """Somebody who probably saw the work, and why."""

    person_id: str
    reasons: tuple[Why, ...]


def suggested(known: Mapping[Why, Collection[str]], among: Collection[str], most: int) -> list[Suggestion]:
    """The likeliest of those who could be asked: whom most reasons speak for first, then the better reason."""
    reasons: dict[str, tuple[Why, ...]] = {}
    for why in Why:
        for one in sorted(set(known.get(why, ())) & set(among)):
            reasons[one] = (*reasons.get(one, ()), why)
    order = list(Why)
    ranked = sorted(reasons, key=lambda one: (-len(reasons[one]), order.index(reasons[one][0]), one))
    return [Suggestion(one, reasons[one]) for one in ranked[:most]]


def most_proposed(groups: Sequence[RaterGroup]) -> int:
    """How many somebody may propose: six, or what it takes to fill both groups that count, where others are served."""
    counting = {group.id for group in groups} & COUNTING
    return max(MOST_PROPOSED, sum(_least(one) for one in groups if one.id in COUNTING) if len(counting) > 1 else 0)


def _least(group: RaterGroup) -> int:
    """With one fewer than it takes for sentences and one silent, a group would be mixed with others."""
    return max(group.min, LEAST) if group.id in COUNTING else 1


def check_groups(relations: Mapping[str, Group], groups: Sequence[RaterGroup], there_are: Mapping[Group, int]) -> None:
    """Refuse a group that counts in the result and is too small to count alone, and one larger than its template wants.

    Nobody has to be asked from any group; where `there_are` fewer than a group's least, all of them will do. A group
    that does not count may be small: it is mixed with others, which people read before they write.
    """
    chosen = Counter(relations.values())
    for group in groups:
        n, least = chosen[group.id], min(_least(group), there_are.get(group.id, 0))
        if 0 < n < least:
            raise Refused(
                "Please choose {least} or more from the group “{group}”, or nobody: so few would be mixed with "
                "others and not count by themselves. {n} are chosen now.",
                field="raters",
                least=least,
                group=sentence(GROUP_NAMES[group.id]),
                n=n,
            )
    check_most(relations, groups)


def check_most(relations: Mapping[str, Group], groups: Sequence[RaterGroup]) -> None:
    """Refuse more than a template wants to ask from a group, and more than are asked in all."""
    if len(relations) > MOST_ASKED:
        raise Refused(
            "At most {most} people are asked about one person; with these it would be {n}.",
            field="raters",
            most=MOST_ASKED,
            n=len(relations),
        )
    chosen = Counter(relations.values())
    for group in groups:
        if chosen[group.id] > group.max:
            raise Refused(
                "Please choose {most} or fewer from the group “{group}”, so that nobody is asked too often. "
                "{n} are chosen now.",
                field="raters",
                most=group.max,
                group=sentence(GROUP_NAMES[group.id]),
                n=chosen[group.id],
            )


def offered(
    ranked: Mapping[str, Group], groups: Sequence[RaterGroup], there_are: Mapping[Group, int], most: int
) -> list[str]:
    """A list to begin with, of people in the order of their rank, that `check_groups` takes as it stands.

    The group with most of them is filled first; one that cannot be filled is left out rather than begun.
    """
    sizes, wanted = Counter(ranked.values()), {group.id: group for group in groups}
    of_group = {one: [who for who, group in ranked.items() if group == one] for one in sizes}
    least = {one: min(_least(group), there_are.get(one, 0)) for one, group in wanted.items()}
    taken: set[str] = set()
    for one in sorted(sizes, key=lambda each: -sizes[each]):
        if least.get(one, 1) <= min(sizes[one], most - len(taken)):
            taken.update(of_group[one][: least.get(one, 1)])
    begun = Counter(ranked[who] for who in taken)
    for who, one in ranked.items():
        has_room = one not in wanted or begun[one] < wanted[one].max
        if who not in taken and begun[one] and has_room and len(taken) < most:
            taken.add(who)
            begun[one] += 1
    return [who for who in ranked if who in taken]
