"""Questions about the process: which published passages answer them, found by their words alone."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

LONGEST = 600
"""Characters of a question, so that a button can carry it."""
HR_DAYS = 3
"""Working days within which HR answers."""
MOST_REMINDERS, AGAIN_AFTER = 3, 2
"""How often HR is reminded of a question that is due, and working days from one time to the next."""
MOST_QUOTED = 2
ENOUGH = 0.4
"""Share of a question's words, each by its rarity, that a passage has to hold to be quoted."""
RARE = 0.05
"""Share of the passages, or two, in which a word may stand that alone is enough."""

_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        the and for are was were has have had does did can could should would will shall may must not you your mine our
        they them their his her its this that these those what when where which who whom whose why how there here with
        from into about after before until than then also any all some many much more most one two get got make made
        long often please tell know see say use need want still just mean means happen happens bring take give affect
        affects influence influences depend depends company new deadline due end ends ended ending
        """,
    )
)
_COMMON_CHINESE = re.compile(
    "什么时候|什么|怎么样|怎么|怎样|如何|为什么|多少|多久|哪些|哪个|哪天|哪里|是否|是不是|会不会|有没有|能不能|何时|几时|几号|几点|"
    "截止|如果|影响|公司|可以|需要|应该|请问|谁能|"
    "我们|我的|我|你们|你|他们|他|她|吗|呢|啊|的|了|是|在|有|会|能|要|和|与|到|被|把|谁|几"
)
_IMPLIED = (
    (
        re.compile(r"\b(?:when|deadline|due|ends?)\b|什么时候|何时|几时|几号|哪天|截止|结束"),
        frozenset(["date", "日期"]),
    ),
    (re.compile(r"\bwho\b.*\b(?:sees?|reads?)\b|谁.*看"), frozenset(["privacy", "隐私"])),
)
"""What a question is about without saying so; it counts where a passage holds another of its words."""
_ALIASES = {"planning": "setting goals", "kept": "keep"}
_RANGE = re.compile(r"\b[A-S] ?(?:to|[-–到至]) ?[A-S]\b")
_GRADE = re.compile(
    r"(?<![A-Za-z0-9'’.])(?:[b-eB-E]|S|(?<=[Aa]n )A|A(?! ?[a-z])|A(?= (?:and|or|is) ))(?![A-Za-z0-9]|[-.'’][A-Za-z])"
)


def terms(text: str) -> frozenset[str]:
    """The words of a text that say what it is about.

    English words without endings, pairs of Chinese characters, and grades; an article or a scale (“A to E”) is none.
    """
    plain = unicodedata.normalize("NFKC", text)
    grades = _GRADE.findall(_RANGE.sub(" ", plain))
    return frozenset(grade.upper() for grade in grades) | _english(plain.casefold()) | _chinese(plain.casefold())


def _english(text: str) -> frozenset[str]:
    words = " ".join(_ALIASES.get(word, word) for word in re.findall(r"[a-z]{3,}", text)).split()
    return frozenset(_stem(word) for word in words if word not in _COMMON)


def _chinese(text: str) -> frozenset[str]:
    runs = re.findall(r"[\u4e00-\u9fff]{2,}", _COMMON_CHINESE.sub(" ", text))
    return frozenset(run[n : n + 2] for run in runs for n in range(len(run) - 1))


def _stem(word: str) -> str:
    """An English word without its commonest endings: planning, planned and plans are one."""
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    for ending in ("ing", "ed", "ment", "ion"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = re.sub(r"([bdfgmnprt])\1$", r"\1", word[: -len(ending)])
            break
    return word.removesuffix("e") if len(word) > 4 else word


def fitting(question: str, passages: Sequence[str]) -> list[int]:
    """Which passages answer a question, the best first; none when no passage holds enough of its words.

    A word counts by its rarity, ln(1 + n / (1 + in how many passages)), one that stands nowhere like one that stands
    once. Of the question, a passage has to hold ENOUGH: two words, a RARE one, or the only one.
    """
    asked = terms(question)
    implied = {word for said, about in _IMPLIED if said.search(question.casefold()) for word in about}
    held = [terms(passage) for passage in passages]
    among = Counter(word for each in held for word in each)
    weight = {word: math.log(1 + len(passages) / (1 + max(1, among[word]))) for word in asked | implied}
    whole = sum(_weigh(asked, among.keys() & asked, weight).values())
    often = max(2, RARE * len(passages))
    enough = []
    for n, each in enumerate(held):
        hits = asked & each
        score = sum(_weigh(hits, hits, weight).values())
        few = len(hits) < min(2, len(asked)) and all(among[word] > often for word in hits)
        if hits and not few and score >= ENOUGH * whole:
            enough.append((-score - sum(weight[word] for word in implied & each), n))
    return [n for _, n in sorted(enough)[:MOST_QUOTED]]


def _weigh(some: AbstractSet[str], known: AbstractSet[str], weight: Mapping[str, float]) -> dict[str, float]:
    """What each word counts; a Chinese character counts once, by half of the best pair it stands in.

    Pairs across the seam of two words stand nowhere: a character that a known pair holds is not counted for them.
    """
    counts = {word: weight[word] for word in some if not _is_pair(word)}
    pairs = sorted((word for word in some if _is_pair(word)), key=lambda word: (word not in known, -weight[word]))
    for pair in pairs:
        for character in pair:
            counts.setdefault(character, weight[pair] / 2)
    return counts


def _is_pair(word: str) -> bool:
    return word[0] >= "\u4e00"
