"""Whom to ask: ranked suggestions, and groups that are neither too small to show nor too large to ask."""

import pytest

from bot.domain.nomination import Why, check_groups, check_most, most_proposed, offered, suggested
from bot.domain.refusal import Refused
from bot.domain.template import Group, RaterGroup, Text

NAME = Text("Group", "组")
GROUPS = (
    RaterGroup(Group.INTERNAL_CUSTOMER, NAME, 4, 10),
    RaterGroup(Group.PEER, NAME, 3, 6),
    RaterGroup(Group.UPWARD, NAME, 3, 8),
)
MANY = dict.fromkeys(Group, 20)


def chosen(**sizes: int) -> dict[str, Group]:
    return {f"{name}{n}": Group(name) for name, size in sizes.items() for n in range(size)}


def test_more_reasons_come_first_then_the_better_one() -> None:
    known = {Why.TEAM: ["ana", "ben", "cai"], Why.OBJECTIVE: ["dan", "cai"], Why.SUPPORT: ["eve", "boss"]}
    found = suggested(known, {"ana", "ben", "cai", "dan", "eve"}, 4)
    assert [one.person_id for one in found] == ["cai", "dan", "eve", "ana"]
    assert found[0].reasons == (Why.OBJECTIVE, Why.TEAM)


@pytest.mark.parametrize(
    "sizes",
    [{"peer": 4}, {"peer": 4, "internal_customer": 4}, {"cross_department": 1, "peer": 4}, {"peer": 4, "upward": 1}],
)
def test_groups_of_the_size_that_the_template_wants_are_fine(sizes: dict[str, int]) -> None:
    check_groups(chosen(**sizes), GROUPS, MANY)


@pytest.mark.parametrize(
    ("sizes", "refusal"),
    [
        ({"peer": 4, "internal_customer": 3}, "or more"),
        ({"peer": 3, "internal_customer": 4}, "or more"),
        ({"peer": 7}, "or fewer"),
    ],
)
def test_a_group_too_small_to_show_or_too_large_is_refused(sizes: dict[str, int], refusal: str) -> None:
    with pytest.raises(Refused, match=refusal):
        check_groups(chosen(**sizes), GROUPS, MANY)


def test_somebody_who_is_asked_later_fills_no_group_beyond_its_most() -> None:
    check_most(chosen(peer=1), GROUPS)
    with pytest.raises(Refused, match="or fewer"):
        check_most(chosen(peer=6, upward=1) | {"late": Group.PEER}, GROUPS)
    with pytest.raises(Refused, match="about one person"):
        check_most(chosen(cross_department=13), GROUPS)


def test_where_there_are_fewer_people_all_of_them_will_do() -> None:
    check_groups(chosen(peer=2, internal_customer=4), GROUPS, {Group.PEER: 2, Group.INTERNAL_CUSTOMER: 9})
    with pytest.raises(Refused):
        check_groups(chosen(peer=1, internal_customer=4), GROUPS, {Group.PEER: 2, Group.INTERNAL_CUSTOMER: 9})


def test_somebody_who_serves_others_may_propose_both_groups() -> None:
    assert most_proposed(GROUPS) == 8
    assert most_proposed(GROUPS[1:]) == 6


@pytest.mark.parametrize(
    ("sizes", "left"),
    [
        ({"peer": 7}, 6),
        ({"peer": 3, "internal_customer": 5}, 5),
        ({"peer": 5, "internal_customer": 4}, 8),
        ({"peer": 2}, 0),
        ({"cross_department": 2, "peer": 4}, 6),
    ],
)
def test_what_is_offered_to_begin_with_can_be_sent_as_it_stands(sizes: dict[str, int], left: int) -> None:
    ranked = chosen(**sizes)
    kept = offered(ranked, GROUPS, MANY, 8)
    check_groups({one: ranked[one] for one in kept}, GROUPS, MANY)
    assert len(kept) == left
