"""Each term has its one Chinese word: the glossary is read, and every sentence of the catalogues is held to it."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.slack.words import Words
from tests.test_words import chinese

PAGE = Path(__file__).parent.parent / "docs" / "glossary.md"
ROW = re.compile(r"(?m)^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$")
TALK = r"\btalks? about (?:an? |the |your |their )?results?\b"
AS_SAID = {
    "by name": r"\bfeedback(?: \w+){0,3} by name\b",
    "HR": r"\bHR\b",
    "result": r"(?<!about )(?<!about a )(?<!about the )(?<!about your )\bresults?\b",
    "talk about a result": TALK,
}
"""Terms that are the term only in these words."""
COLUMNS = "Send them with `/cairn import`, or drop a CSV or XLSX file here: email, measure, period, value, source."
ELSEWHERE = {
    COLUMNS: "headings of a file, which have no other language",
    "Aim where you have to stretch.": "said of people, not of a value",
    "agreed stand-in × 100 × weight": "a value in the place of another",
    "*Save as evidence*": "the name of a shortcut, which Slack shows in one language",
    "An activity keeps you busy; a result is what it is for.": "what work is for",
    "The same result, another rating": "attainment, before it is a result",
    "must go from the worst result to the best": "a value of one goal",
    "Kim, account manager": "a job",
    "A great colleague, but a bit chaotic.": "an example of what helps little, as people say it",
}
"""Beginnings and parts of sentences that say a term's word and mean something else, each with why."""


@cache
def terms() -> dict[str, list[str]]:
    """Each English term with its Chinese words."""
    rows = [one for one in ROW.findall(PAGE.read_text("utf-8")) if one[0] != "English" and set(one[0]) != {"-"}]
    return {english: chinese.split(" / ") for english, chinese, _ in rows}


def said(term: str, english: str) -> bool:
    """Whether a sentence says a term, also in the plural; names of facts and commands are left aside."""
    bare = re.sub(r"\{\w+\}|`[^`]*`", "…", english)
    wanted = AS_SAID.get(term) or rf"(?<![-\w]){re.escape(term)}s?(?![-\w])"
    return bool(re.search(wanted, bare, 0 if term == "HR" else re.IGNORECASE))


def excused(english: str) -> bool:
    return any(one in english for one in ELSEWHERE)


def wrong(term: str) -> dict[str, str]:
    words, found = terms()[term], {}
    for key, ways in chinese().items():
        for english in (key,) if isinstance(key, str) else key[-1:]:
            if said(term, english) and not any(one in ways[0] for one in words) and not excused(english):
                found[english] = ways[0]
    return found


@pytest.mark.parametrize("term", sorted(terms()))
def test_a_term_has_its_one_chinese_word(term: str) -> None:
    assert wrong(term) == {}


def test_every_term_stands_in_the_catalogues_and_its_meaning_in_the_glossary() -> None:
    assert len(terms()) > 40
    assert [one for one in terms() if not any(said(one, str(key)) for key in chinese())] == []


def test_another_word_for_a_term_would_be_seen() -> None:
    assert said("check-in", "Your check-ins of {day}")
    assert not said("check-in", "Say it with `/cairn checkin`")
    assert not any(one in "你的签到" for one in terms()["check-in"])


def test_no_exception_is_left_over() -> None:
    assert [one for one in ELSEWHERE if not any(one in (k if isinstance(k, str) else k[-1]) for k in chinese())] == []


def test_chinese_says_you_in_one_way_and_uses_its_own_marks() -> None:
    bare = {re.sub(r"`[^`]*`|https?://\S*", "", way) for ways in chinese().values() for way in ways}
    half = re.compile(r"[一-鿿][,;?!]|[,;?!][一-鿿]|[一-鿿]\(|\)[一-鿿]")
    assert half.search("请用英文,然后")
    assert not half.search("请写成“词: 值”")
    assert [one for one in bare if "您" in one or half.search(one)] == []


HAN = "[一-鿿]"
CLOSE = re.compile(rf"{HAN}[A-Za-z0-9`]|[A-Za-z0-9%`]{HAN}")


def test_a_space_stands_between_chinese_and_latin_letters_or_digits() -> None:
    assert CLOSE.search("用Slack发消息")
    assert CLOSE.search("共3 人")
    bare = {re.sub(r"\{\w+\}", "-", way) for ways in chinese().values() for way in ways}
    assert [one for one in bare if CLOSE.search(one)] == []


def test_a_fact_is_written_in_one_way_next_to_chinese() -> None:
    every = "\n".join(way for ways in chinese().values() for way in ways)
    apart = {n for two in re.findall(rf"(?<={HAN}) \{{(\w+)\}}|\{{(\w+)\}} (?={HAN})", every) for n in two if n}
    close = {n for two in re.findall(rf"(?<={HAN})\{{(\w+)\}}|\{{(\w+)\}}(?={HAN})", every) for n in two if n}
    assert len(apart) > 50
    assert len(close) > 10
    assert apart & close == set()


def test_a_name_in_latin_letters_gets_its_spaces_and_a_chinese_one_or_a_date_none() -> None:
    t = Words("zh")
    assert t("{name} invites you", name="Emily") == "Emily invites you"
    said = {name: t("{person} does not work on", person=name) for name in ("Lena Hoffmann", "林美")}
    assert said == {"Lena Hoffmann": "Lena Hoffmann 每周不上班的日子", "林美": "林美每周不上班的日子"}
    assert t("{name} (last day {day})", name="林美", day=date(2027, 1, 22)) == "林美（最后一天2027年1月22日）"
