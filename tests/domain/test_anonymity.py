"""What is shown of confidential answers, and that arithmetic or length does not undo it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.anonymity import (
    PEER,
    Band,
    Shown,
    Thresholds,
    bundles,
    may_compare,
    pad,
    plain_style,
    precision,
    publishable,
    split_sentences,
    unpad,
)
from bot.domain.refusal import Refused


def test_peers_need_three_to_show_four_to_count_and_four_to_comment():
    assert Thresholds(3, 4, 4) == PEER


@pytest.mark.parametrize("low", [{"score_shown": 2}, {"score_used": 1}, {"comments": 2}])
def test_no_threshold_goes_below_three(low):
    with pytest.raises(Refused, match="never shown"):
        Thresholds(**low)


def test_a_round_opens_only_if_one_person_may_stay_silent():
    PEER.require_enough(4)
    with pytest.raises(Refused) as refused:
        PEER.require_enough(3)
    assert refused.value.sentence.facts == {"needed": 4, "eligible": 3}


@pytest.mark.parametrize(
    ("n", "mean", "shown"),
    [
        (0, "0", None),
        (2, "5", None),
        (3, "2.33", Shown(band=Band.BELOW)),
        (3, "2.5", Shown(band=Band.ON)),
        (4, "3.5", Shown(band=Band.ON)),
        (4, "5", Shown(band=Band.ABOVE)),
        (5, "3.8", Shown(number="4.0")),
        (6, "3.74", Shown(number="3.5")),
        (9, "3.25", Shown(number="3.5")),
        (5, "5", Shown(number="4.5+")),
        (8, "4.3", Shown(number="4.5+")),
        (8, "4.2", Shown(number="4.0")),
        (9, "1", Shown(number="1.5−")),
        (10, "5", Shown(number="5.0")),
        (10, "3.85", Shown(number="3.9")),
    ],
)
def test_a_mean_is_shown_as_precisely_as_its_group_allows(n, mean, shown):
    assert precision(n, Decimal(mean)) == shown


def test_other_scales_have_their_own_middle_and_ends():
    assert precision(4, Decimal("5.6"), Decimal(0), Decimal(10)) == Shown(band=Band.ABOVE)
    assert precision(6, Decimal("9.9"), Decimal(0), Decimal(10)) == Shown(number="9.5+")


@given(st.integers(3, 9), st.decimals(1, 5, places=2))
def test_small_groups_never_show_unanimity(n, mean):
    shown = precision(n, mean)
    assert shown is not None
    assert shown.number not in {"5.0", "1.0"}


@pytest.mark.parametrize(
    ("sizes", "published"),
    [
        ([12, 6, 4, 2], {"0", "1"}),
        ([12, 6, 4], {"0"}),
        ([7, 1], set()),
        ([12, 6, 5], {"0", "1", "2"}),
        ([9, 5, 5, 4], {"0", "2"}),  # a tie is broken by id
        ([4], set()),
        ([8, 4, 0], set()),  # an empty group hides nobody
    ],
)
def test_v26_siblings_are_hidden_until_none_can_be_had_by_subtraction(sizes, published):
    assert publishable({str(i): n for i, n in enumerate(sizes)}, 5) == published


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 20), max_size=8), st.integers(3, 10))
def test_what_total_minus_shown_leaves_is_nobody_or_two_groups_of_at_least_k(sizes, k):
    shown = publishable(sizes, k)
    hidden = [n for group, n in sizes.items() if group not in shown and n]
    assert all(sizes[group] >= k for group in shown)
    assert not hidden or not shown or (len(hidden) >= 2 and sum(hidden) >= k)


@pytest.mark.parametrize(
    ("sizes", "opened"),
    [
        ({"peer": 5, "upward": 4}, [("peer",), ("upward",)]),
        ({"peer": 9, "upward": 2, "cross": 3}, [("peer",), ("cross", "upward")]),
        ({"peer": 5, "upward": 2}, [("peer", "upward")]),
        ({"peer": 2, "upward": 2}, [("peer", "upward")]),
        ({"peer": 1, "upward": 1}, []),
        ({"peer": 2}, []),
    ],
)
def test_small_groups_are_opened_together_and_what_is_too_small_even_so_is_not(sizes, opened):
    assert bundles(sizes, 3) == opened


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 20), max_size=8), st.integers(3, 10))
def test_every_bundle_is_large_enough_and_nobody_is_in_two(sizes, k):
    found = bundles(sizes, k)
    assert all(sum(sizes[group] for group in groups) >= k for groups in found)
    assert len([group for groups in found for group in groups]) == len({group for groups in found for group in groups})


def test_v25_overlapping_groups_are_compared_only_if_the_rest_is_a_group_itself():
    everyone = {str(i) for i in range(20)}
    assert may_compare(everyone, {str(i) for i in range(14)}, 5)
    assert not may_compare(everyone, {str(i) for i in range(18)}, 5)
    assert not may_compare({str(i) for i in range(18)}, everyone, 5)
    assert may_compare(everyone, everyone, 5)
    assert may_compare({"1", "2", "3"}, {"4", "5", "6"}, 3)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("You listen well. Next time, ask first!", ["You listen well.", "Next time, ask first!"]),
        ("It took 3.5 days, e.g. Monday. Fine?", ["It took 3.5 days, e.g. Monday.", "Fine?"]),
        ('He said "Stop." Then we went on.', ['He said "Stop."', "Then we went on."]),
        ("Really?! Yes... Well", ["Really?!", "Yes...", "Well"]),
        ("反应很快。但是会前没准备!下次提前发材料", ["反应很快。", "但是会前没准备!", "下次提前发材料"]),
        ("他说：“可以。”然后上线了；很顺利！！", ["他说：“可以。”", "然后上线了；", "很顺利！！"]),
        ("Good demo. 客户很满意。Thanks", ["Good demo.", "客户很满意。", "Thanks"]),
        ("- one\n- two\n\n", ["- one", "- two"]),
        ("  ", []),
    ],
)
def test_free_text_is_split_into_sentences(text, sentences):
    assert split_sentences(text) == sentences


@given(st.text(st.sampled_from("aB1 .!?。！；…”\"')\n中"), max_size=60))
def test_splitting_loses_nothing_but_spaces(text):
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("length", "padded"),
    [(0, 256), (255, 256), (256, 1024), (1023, 1024), (1024, 4096), (4095, 4096), (4096, 8192), (9000, 12288)],
)
def test_sealed_texts_come_in_few_sizes(length, padded):
    assert len(pad(b"x" * length)) == padded


@given(st.binary(max_size=5000))
def test_padding_can_be_undone(data):
    assert unpad(pad(data)) == data


def test_bytes_never_padded_are_refused():
    with pytest.raises(ValueError, match="not padded"):
        unpad(b"hello\0\0")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Great work!!! \U0001f389\U0001f389", "Great work!"),
        (":tada: You  listened，and asked。。。", "You listened, and asked…"),
        ("你做得很好!!!", "你做得很好！"),
        ("你做得很好\uff5e\uff5e", "你做得很好"),
        ("先联系客户,再告诉仓库.", "先联系客户，再告诉仓库。"),
        ("\uff21\uff22\uff23 at 10:30, v1.2 (twice)", "ABC at 10:30, v1.2 (twice)"),
        ("\U0001f44d\U0001f44d", ""),
    ],
)
def test_a_sentence_loses_the_marks_of_its_writer(typed, plain):
    assert plain_style(typed) == plain
