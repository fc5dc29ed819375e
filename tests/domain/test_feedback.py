"""Who may be asked, in which group an answer counts, and what is left of the answers when they are opened."""

from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.anonymity import PEER, Thresholds
from bot.domain.feedback import (
    Answer,
    Judged,
    Opened,
    Said,
    check_answer,
    check_number,
    check_raters,
    hints,
    joining,
    merged,
    opened,
    relation_of,
)
from bot.domain.org import Person, Stint
from bot.domain.refusal import Refused
from bot.domain.template import Group

PEERS, UP, ACROSS, SERVED = Group.PEER, Group.UPWARD, Group.CROSS_DEPARTMENT, Group.INTERNAL_CUSTOMER
PEOPLE = {one: Person(one, one.title()) for one in ("ana", "ben", "cem", "dan")} | {
    "gil": Person("gil", "Gil", takes_part=False)
}


def at(person_id: str, department: str, manager_id: str) -> Stint:
    return Stint(person_id, department, "", manager_id, date(2027, 1, 1))


# Who may be asked ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        (["ben", "ana"], "on themself"),
        (["ben", "dan"], "as the manager already"),
        (["gil"], "is a guest or has left"),
        (["nobody"], "not known to me"),
        (["cem"], "not in the company's list"),
    ],
)
def test_who_cannot_answer_is_refused_by_the_reason(chosen, refusal):
    with pytest.raises(Refused, match=refusal) as refused:
        check_raters(chosen, "ana", {"dan"}, PEOPLE, {"ana", "ben", "dan"})
    assert refused.value.field == "raters"


def test_colleagues_pass():
    check_raters(["ben", "cem"], "ana", {"dan"}, PEOPLE, set(PEOPLE))


@pytest.mark.parametrize("chosen", [[], ["a", "b"], ["a", "a", "b"], list("abcdefg")])
def test_a_list_has_three_to_six_different_people(chosen):
    with pytest.raises(Refused, match="to \\{most\\} people") as refused:
        check_number(chosen, 6)
    assert refused.value.sentence.facts["chosen"] == len(set(chosen))


@pytest.mark.parametrize("count", [4, 6])
def test_four_and_six_are_fine(count):
    check_number([str(n) for n in range(count)], 6)


@pytest.mark.parametrize(
    ("rater", "served", "relation"),
    [
        (at("ben", "Sales", "dan"), False, PEERS),
        (at("ben", "Sales", "ana"), False, UP),
        (at("ben", "R&D", "ana"), False, UP),
        (at("ben", "R&D", "eve"), False, ACROSS),
        (at("ben", "R&D", "eve"), True, SERVED),
        (at("ben", "Sales", "dan"), True, PEERS),
    ],
)
def test_what_a_rater_is_to_the_person(rater, served, relation):
    assert relation_of(at("ana", "Sales", "dan"), rater, served=served) is relation


def sizes(groups):
    return dict(Counter(groups.values()))


@pytest.mark.parametrize(
    ("given_sizes", "together"),
    [
        ({PEERS: 5}, {PEERS: 5}),
        ({PEERS: 5, UP: 1}, {PEERS: 6}),
        ({PEERS: 3, ACROSS: 3}, {PEERS: 6}),
        ({PEERS: 1, SERVED: 5}, {SERVED: 6}),
        ({PEERS: 4, SERVED: 5}, {PEERS: 4, SERVED: 5}),
        ({PEERS: 4, SERVED: 5, UP: 2}, {PEERS: 4, SERVED: 7}),
    ],
)
def test_groups_too_small_to_be_shown_join_the_largest(given_sizes, together):
    names = (f"{group}{n}" for group, size in given_sizes.items() for n in range(size))
    relations = {name: Group(name.rstrip("0123456789")) for name in names}
    assert sizes(merged(relations, 4)) == together


@given(st.dictionaries(st.text(min_size=1), st.sampled_from(Group), min_size=4))
def test_with_four_people_no_group_is_left_below_four(relations):
    groups = merged(relations, 4)
    assert set(groups) == set(relations)
    assert min(sizes(groups).values()) >= 4 or len(sizes(groups)) == 1


def test_who_is_asked_later_joins_a_group_that_is_there():
    assert joining(SERVED, [PEERS] * 4 + [SERVED] * 5) is SERVED
    assert joining(UP, [PEERS] * 4 + [SERVED] * 5) is SERVED


# What is said -------------------------------------------------------------------------------


def test_an_answer_says_something():
    with pytest.raises(Refused, match="at least one topic"):
        check_answer(Answer({}, {}))
    check_answer(Answer({"care": 3}, {}))
    check_answer(Answer({}, {"impact": "It was on time."}))


GOOD = "On the Hansa order she called the customer within the hour."


def hints_of(ratings: dict[str, int], **texts: str) -> list[str]:
    return [hint.text for hint in hints(Answer(ratings, texts), ["Lena Hoffmann"], {"en"})]


def test_a_good_answer_gets_no_hint():
    assert hints_of({"care": 4}, behaviour=GOOD) == []


def test_a_language_that_nobody_else_writes_is_pointed_out_in_both_directions():
    chinese, english = (
        Answer({}, {"impact": "他在一小时内联系了客户，并告诉仓库改了什么。"}),
        Answer({}, {"impact": GOOD}),
    )
    (said,) = hints(chinese, [], {"en"})
    assert "writes Chinese" in said.text
    (said,) = hints(english, [], {"zh"})
    assert "writes English" in said.text
    assert hints(chinese, [], {"zh", "en"}) == hints(english, [], {"en"}) == hints(english, []) == []


def test_an_answer_of_ratings_alone_gets_no_hint():
    assert hints_of({"care": 4, "pace": 2}) == []


def test_own_name_absolute_words_and_little_said_are_each_asked_about_once():
    found = hints_of({}, behaviour="Lena: never.", impact="never.")
    assert [hint.split()[0] for hint in found] == ["{words}:", "“{found}”"], "short alone is one sign, and not asked"
    assert [hint.split()[0] for hint in hints_of({}, behaviour="As usual.")] == ["Thanks!"]


# What is opened of it ------------------------------------------------------------------------


def broken(answers: list[Answer], seed: int = 1) -> Opened:
    """The seal is broken, with chance that can be repeated."""
    return opened(answers, PEER, Random(seed))


def answers(count: int, **texts: str) -> list[Answer]:
    return [Answer({"care": 1 + n % 5}, dict(texts)) for n in range(count)]


def test_three_answers_give_ratings_to_show_none_to_count_and_no_sentence():
    found = broken(answers(3, behaviour="She called."))
    assert (found.n, found.means, found.said) == (3, (), ())
    assert [(topic.topic_id, topic.n, topic.mean) for topic in found.topics] == [("care", 3, Decimal(2))]


@pytest.mark.parametrize(
    ("levels", "found"),
    [("444", None), ("1 4 4 5", 4), ("3 3 4 4", 4), ("2 3 3 5", 3), ("1 2 3 4 5", 3)],
)
def test_the_middle_level_counts_of_four_or_more_and_of_two_the_better(levels, found):
    chosen = [Answer({}, {}, {"depth": one}) for one in levels.replace(" ", "")]
    judged = broken(chosen).judged
    assert judged == (() if found is None else (Judged("depth", len(chosen), Decimal(found)),))


def test_four_answers_give_every_sentence_on_its_own():
    found = broken(answers(4, behaviour="She  called. Then she wrote.", impact="It held."))
    assert Counter(found.said) == {
        Said("behaviour", "She called."): 4,
        Said("behaviour", "Then she wrote."): 4,
        Said("impact", "It held."): 4,
    }


def test_three_who_wrote_among_five_who_answered_are_too_few_for_sentences():
    found = broken([*answers(3, behaviour="She called."), *answers(2)])
    assert (found.n, found.said) == (5, ())


def test_a_topic_that_two_observed_is_not_told():
    seen = [Answer({"care": 4, "pace": 5}, {})] * 2 + [Answer({"care": 4}, {})] * 3
    found = broken(seen)
    assert [topic.topic_id for topic in found.topics] == ["care"]


def test_ratings_of_two_among_four_are_not_told():
    found = broken([*answers(2), *[Answer({}, {"impact": "It held."})] * 2])
    assert (found.means, found.topics) == ((), ())


def test_a_colleague_counts_with_the_mean_of_what_they_observed():
    found = broken([Answer({"care": 4, "pace": 5}, {}), *answers(3)])
    assert sorted(found.means) == [Decimal(1), Decimal(2), Decimal(3), Decimal("4.5")]


def test_what_counts_in_a_result_takes_as_many_as_the_round_promised():
    promised = Thresholds(score_shown=3, score_used=5, comments=4)
    assert opened(answers(4), promised, Random(1)).means == ()
    assert len(opened(answers(5), promised, Random(1)).means) == 5


def test_the_order_of_sentences_does_not_follow_the_order_of_answers():
    said = [Answer({"care": 3}, {"impact": f"It held {n} times."}) for n in range(12)]
    orders = {tuple(one.sentence for one in broken(said, seed).said) for seed in range(20)}
    assert len(orders) == 20


@given(st.integers(0, 2))
def test_below_three_nothing_at_all_is_left(count):
    found = broken(answers(count, behaviour="She called."))
    assert (found.means, found.topics, found.said) == ((), (), ())


def test_what_few_wrote_to_a_question_is_not_shown_under_it() -> None:
    everybody = [Answer({}, {"behaviour": f"Seen {n}."}) for n in range(3)]
    lone = Answer({}, {"behaviour": "Seen 3.", "situation": "Only me."})
    found = opened([*everybody, lone], PEER, Random(1))
    assert {one.question for one in found.said} == {"behaviour"}


def test_what_few_wrote_to_several_questions_is_mixed() -> None:
    answers = [
        Answer({}, {"behaviour": f"Seen {n}.", name: "More."}) for n, name in enumerate(["situation", "impact"] * 2)
    ]
    found = opened(answers, PEER, Random(1))
    assert {one.question for one in found.said} == {"behaviour", ""}
