"""Questions about the process: which published passages answer them, found by their words alone."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

LONGEST = 600
"""Characters of a question, so that a button can carry it."""
HR_DAYS = 3
"""Working days within which HR answers."""
MOST_QUOTED = 2
ENOUGH = 0.4
"""Share of a question's words, each by its rarity, that a passage has to hold to be quoted."""

_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        the and for are was were has have had does did can could should would will shall may must not you your mine our
        they them their his her its this that these those what when where which who whom whose why how there here with
        from into about after before until than then also any all some many much more most one two get got make made
        long often please tell know see say use need want still just mean means
        """,
    )
)
_COMMON_CHINESE = re.compile(
    "什么时候|什么|怎么样|怎么|怎样|如何|为什么|多少|多久|哪些|哪个|哪里|是否|是不是|能不能|可以|需要|应该|请问|谁能|"
    "我们|我的|我|你们|你|他们|他|她|吗|呢|啊|的|了|是|在|有|会|能|要|和|与|到|被|把|谁|几"
)


def terms(text: str) -> frozenset[str]:
    """The words of a text that say what it is about: English words without endings, pairs of Chinese characters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    english = {_stem(word) for word in re.findall(r"[a-z]{3,}", plain) if word not in _COMMON}
    runs = re.findall(r"[\u4e00-\u9fff]{2,}", _COMMON_CHINESE.sub(" ", plain))
    return frozenset(english | {run[n : n + 2] for run in runs for n in range(len(run) - 1)})


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word.removesuffix("e") if len(word) > 4 else word


def fitting(question: str, passages: Sequence[str]) -> list[int]:
    """Which passages answer a question, the best first; none when no passage holds enough of its words.

    A word counts by its rarity, ln(1 + n / (1 + in how many passages)); of the question's words, a passage has to hold
    ENOUGH, and at least two unless the question has only one.
    """
    asked = terms(question)
    held = [terms(passage) for passage in passages]
    among = Counter(word for each in held for word in each)
    weight = {word: math.log(1 + len(passages) / (1 + among[word])) for word in asked}
    whole = sum(weight.values())
    scored = [(sum(weight[word] for word in asked & each), len(asked & each), n) for n, each in enumerate(held)]
    enough = [
        (-score, n) for score, hits, n in scored if whole and hits >= min(2, len(asked)) and score / whole >= ENOUGH
    ]
    return [n for _, n in sorted(enough)[:MOST_QUOTED]]
