"""Who may judge whom."""

import pytest

from bot.domain.team import line_above, may_judge, without_judge

MANAGERS = {"boss": "", "lead": "boss", "ana": "lead", "ben": "lead", "clerk": "boss"}


def test_the_line_above_goes_to_the_top_and_ends_in_a_loop() -> None:
    assert line_above("ana", MANAGERS) == {"lead", "boss"}
    assert line_above("a", {"a": "b", "b": "a"}) == {"b", "a"}


@pytest.mark.parametrize(
    ("judge", "about", "may"),
    [
        ("ana", "ana", False),
        ("lead", "ana", False),
        ("boss", "ana", False),
        ("ben", "ana", True),
        ("ana", "lead", True),
        ("clerk", "lead", True),
    ],
)
def test_nobody_judges_themself_or_those_below_them(judge: str, about: str, may: bool) -> None:
    assert may_judge(judge, about, MANAGERS) is may


def test_who_is_left_without_a_judge_is_named() -> None:
    everyone = ["lead", "ana", "ben", "clerk"]
    assert without_judge({"boss"}, everyone, MANAGERS) == everyone
    assert without_judge({"clerk"}, everyone, MANAGERS) == ["clerk"]
    assert without_judge({"clerk", "ben"}, everyone, MANAGERS) == []
