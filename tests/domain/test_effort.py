"""Signs of little effort get one kind question; real answers get none."""

from decimal import Decimal

import pytest

from bot.domain.effort import (
    OPEN_ANSWER,
    REASON,
    effort_question,
    is_filler,
    longstring,
    pasted_question,
    ratings_hint,
    repeats,
    signs,
    spread,
    units,
)

ANSWER = "Signed two of three hospitals; the third waits for their lawyer."


# V-29
@pytest.mark.parametrize(
    ("ratings", "run", "sd"),
    [
        ([4] * 8, 8, 0),
        ([4, 4, 5, 3, 4, 2, 5, 4], 2, 0.991),
        ([3, 3, 3, 3, 3, 4, 3, 3], 5, 0.354),
        ([1, 5, 1, 5, 1, 5, 1, 5], 1, 2.138),
        ([], 0, 0),
    ],
)
def test_longest_run_and_spread(ratings, run, sd):
    assert longstring(ratings) == run
    assert spread(ratings) == pytest.approx(sd, abs=0.0005)


def test_text_is_measured_in_words_and_chinese_characters():
    assert units("don't stop - well-known QPS 20") == 5
    assert units("客户满意度提升") == Decimal("4.375")
    assert units("上线了 v2 版本") == Decimal("4.125")


@pytest.mark.parametrize("text", ["ok", "Fine.", "N/A", "同上。", "一切正常！", "1", "...", "👍", " ", "As above"])
def test_filler(text):
    assert is_filler(text)


def test_the_same_words_again_count_and_new_numbers_do_not():
    assert repeats(ANSWER.upper(), ["other words", "more", ANSWER])
    assert not repeats(ANSWER, ["a", "b", "c", ANSWER])
    assert not repeats("Closed 31 tickets", ["Closed 64 tickets"])


@pytest.mark.parametrize(
    ("text", "wanted", "earlier", "others", "count", "asks"),
    [
        ("ok", OPEN_ANSWER, (), (), 2, "One concrete example"),
        ("同上", OPEN_ANSWER, (), (), 2, "One concrete example"),
        ("two signed", OPEN_ANSWER, (), (), 1, None),
        ("two hospitals signed today", OPEN_ANSWER, (), (), 0, None),
        ("two hospitals signed today", REASON, (), (), 1, None),
        (ANSWER, OPEN_ANSWER, [ANSWER], (), 1, None),
        ("two signed", OPEN_ANSWER, ["two signed"], (), 2, "like last time"),
        ("in progress", OPEN_ANSWER, ["", "x", "in progress"], (), 2, "like last time"),
        ("a pleasure", OPEN_ANSWER, (), ["a pleasure!", "A pleasure"], 2, "the same about others"),
        ("a pleasure", OPEN_ANSWER, (), ["a pleasure", "x"], 1, None),
        ("本周签了两家医院,第三家在等法务。", REASON, (), (), 0, None),
        ("", OPEN_ANSWER, (), (), 2, None),  # nothing written is no answer, and asked about elsewhere
    ],
)
def test_one_kind_question_is_asked_only_if_two_signs_agree(text, wanted, earlier, others, count, asks):
    assert signs([text], wanted, earlier, others) == count
    asked = effort_question([text], wanted, earlier, others)
    assert (asks is None) is (asked is None)
    assert asked is None or asks in asked.text


def test_a_form_of_stock_phrases_alone_is_asked_about_and_one_real_answer_is_enough():
    assert effort_question(["同上", "", "不错"]) is not None
    assert effort_question(["同上", "合同提前一周签好"]) is None


@pytest.mark.parametrize(
    ("ratings", "comments", "mixed", "asked"),
    [
        ([4] * 8, (), False, False),  # one sign alone says little
        ([4] * 8, (), True, True),
        ([4] * 6, ["ok", "同上"], False, True),
        ([4] * 6, ["ok", ANSWER], False, False),
        ([4] * 5, ["ok"], True, False),
        ([4] * 6 + [1, 2, 3, 5, 1, 2, 3], ["ok"], False, False),
        ([1, 5] * 4, ["ok"], True, False),
    ],
)
def test_ratings_are_asked_about_only_if_two_signs_agree(ratings, comments, mixed, asked):
    assert (ratings_hint(ratings, comments, mixed=mixed) is not None) is asked


@pytest.mark.parametrize(
    ("ratings", "comments", "seconds", "asked"),
    [
        ([4, 2, 5, 3], [ANSWER], 3, None),  # haste alone says little: it may have been thought out before
        ([4, 2, 5, 3], ["ok"], 9, "One concrete example"),
        ([4, 2, 5, 3], ["ok"], 10, None),
        ([4] * 6, [ANSWER], 13, "Many of the ratings are the same"),
        ([4] * 6, [ANSWER], None, None),
        ([], ["ok"], 1, None),
    ],
)
def test_haste_is_a_sign_beside_another_one(ratings, comments, seconds, asked):
    hint = ratings_hint(ratings, comments, seconds=seconds)
    assert (hint is None) is (asked is None)
    assert hint is None or asked in hint.text


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        ((ANSWER, "Two hospitals of three signed", ANSWER.upper()), True),
        (("报价常常晚两三天才发出", "报价常常晚两三天才发出。"), True),
        ((ANSWER, "The Hamburg offer left nine days late", ""), False),
        (("", ""), False),
        ((), False),
    ],
)
def test_the_same_words_in_two_fields_of_one_form_get_one_question(texts: tuple[str, ...], asked: bool) -> None:
    assert (pasted_question(texts) is not None) is asked
