"""Signs of little effort get one kind question; real answers get none."""

from decimal import Decimal

import pytest

from bot.domain.effort import (
    REASON,
    answer_hint,
    copy_hint,
    is_filler,
    longstring,
    ratings_hint,
    repeats,
    spread,
    units,
)

ANSWER = "Signed two of three hospitals; the third waits for their lawyer."


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
    hint = answer_hint(text)
    assert hint is not None
    assert hint.text.startswith("Thanks!")


@pytest.mark.parametrize("text", [ANSWER, "本周签了两家医院,第三家在等法务。"])
def test_a_real_answer_gets_no_question(text):
    assert answer_hint(text, REASON) is None


def test_a_short_answer_is_asked_for_an_example():
    assert answer_hint("two signed") is not None
    assert answer_hint("two hospitals signed today") is None
    assert answer_hint("two hospitals signed today", REASON) is not None


def test_the_same_words_again_are_asked_about_and_new_numbers_are_not():
    assert repeats(ANSWER.upper(), ["other words", "more", ANSWER])
    assert not repeats(ANSWER, ["a", "b", "c", ANSWER])
    assert not repeats("Closed 31 tickets", ["Closed 64 tickets"])
    hint = answer_hint(ANSWER, earlier=[ANSWER])
    assert hint is not None
    assert "like last time" in hint.text


def test_the_same_note_on_three_people_is_asked_about():
    hint = copy_hint("A pleasure to work with", ["A pleasure to work with!", "a pleasure to work with", "x"], "Wang")
    assert hint is not None
    assert hint.facts == {"name": "Wang"}
    assert copy_hint("A pleasure to work with", ["A pleasure to work with", "x"], "Wang") is None


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
