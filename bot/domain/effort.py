"""Signs that an answer was given without much thought, and one kind question in return.

No sign is proof, nothing is blocked, and nobody keeps a record of it; for confidential answers it is computed in memory
only. Many such answers from one team say something about the questions, not about the people.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, groupby
from statistics import stdev

from bot.domain.refusal import N_, Sentence, sentence
from bot.domain.similarity import similarity

OPEN_ANSWER, REASON = Decimal(4), Decimal(8)  # units of text wanted of an open answer, and of a reason for a rating
SAME = 0.9
LONG_RUN, LITTLE_SPREAD = 6, 0.3
ENOUGH_ITEMS = 8  # ratings, before their spread means anything
EXAMPLE = N_("Thanks! One concrete example would make this much more useful. You may also leave it as it is.")
AN_ITEM = 2  # seconds in which nobody reads and rates an item

# Compared without spaces and punctuation.
FILLER = re.compile(
    r"ok(ay)?|fine|good|same(here)?|none|nothing|na|no|yes|nil|test|x+|1+|123|asabove|asusual|ditto|nochange"
    r"|同上(周)?|一切?正常|正常|暂无|还行|无|没有|很?好|不错|可以|挺好(的)?|一般|没问题|没什么|老样子|和上周一样|嗯+"
)


def units(text: str) -> Decimal:
    """Return how much a text says: its words, and its Chinese characters at 1.6 to a word."""
    characters = re.findall(r"[\u3400-\u9fff]", text)
    words = re.findall(r"[^\W_]+(?:['\u2019-][^\W_]+)*", re.sub(r"[\u3400-\u9fff]", " ", text))
    return len(words) + len(characters) / Decimal("1.6")


def is_filler(text: str) -> bool:
    """Tell whether a text only fills the field: a stock phrase, or no letter or digit at all."""
    bare = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    return not bare or FILLER.fullmatch(bare) is not None


def repeats(text: str, earlier: Sequence[str]) -> bool:
    """Tell whether a text says the same as one of the author's last three, given newest first; numbers do differ."""
    return any(similarity(text, past, numbers=True) >= SAME for past in earlier[:3])


def signs(
    texts: Sequence[str], wanted: Decimal = OPEN_ANSWER, earlier: Sequence[str] = (), others: Sequence[str] = ()
) -> int:
    """Count the signs of little effort in what was written: too short, stock phrases, the same again, copied.

    `wanted` is OPEN_ANSWER or REASON; `earlier` are the author's own last answers, newest first; `others` what they
    wrote about other people.
    """
    text = " ".join(texts)
    return sum([units(text) < wanted, all(map(is_filler, texts)), repeats(text, earlier), _copied(text, others)])


def effort_question(
    texts: Sequence[str], wanted: Decimal = OPEN_ANSWER, earlier: Sequence[str] = (), others: Sequence[str] = ()
) -> Sentence | None:
    """Return one kind question before sending if two signs agree about all that was written; one alone says little.

    Whoever sends it all the same is not asked again, and nothing of it is kept.
    """
    given = [text for text in texts if text]
    if not given or signs(given, wanted, earlier, others) < 2:
        return None
    if _copied(" ".join(given), others):
        return sentence("Thanks! You wrote the same about others. What would you say of this person alone?")
    if repeats(" ".join(given), earlier):
        return sentence("Thanks! This reads like last time. Is something in the way, or is the question the wrong one?")
    return sentence(EXAMPLE)


def pasted_question(texts: Sequence[str]) -> Sentence | None:
    """Return one kind question if the same words stand in two fields of one form; it stops nothing."""
    given = [text for text in texts if text]
    if all(similarity(one, other, numbers=True) < SAME for one, other in combinations(given, 2)):
        return None
    return sentence("Some fields hold the same words. What is true of each alone? You may also leave it as it is.")


def _copied(text: str, others: Sequence[str]) -> bool:
    return sum(similarity(text, other) >= SAME for other in others) >= 2


def longstring(ratings: Sequence[int]) -> int:
    """Return the length of the longest run of the same rating."""
    return max((len(list(run)) for _, run in groupby(ratings)), default=0)


def spread(ratings: Sequence[int]) -> float:
    """Return one person's variability across items (IRV), the sample standard deviation; blind to zig-zag."""
    return stdev(ratings) if len(ratings) > 1 else 0.0


def ratings_hint(
    ratings: Sequence[int], comments: Sequence[str] = (), *, mixed: bool = False, seconds: float | None = None
) -> Sentence | None:
    """Return a question if two signs agree: a long run, little spread, comments that say nothing, great haste.

    `mixed` tells whether high is good for some items and bad for others; only then little spread is a sign. `seconds`
    is how long the form was open, as far as that is known.
    """
    run = longstring(ratings)
    alike = [
        run >= LONG_RUN and 2 * run >= len(ratings),
        mixed and len(ratings) >= ENOUGH_ITEMS and spread(ratings) < LITTLE_SPREAD,
    ]
    little = [
        bool(comments) and all(is_filler(comment) or units(comment) < OPEN_ANSWER for comment in comments),
        bool(ratings) and seconds is not None and seconds < AN_ITEM * len([*ratings, *comments]),
    ]
    if sum([*alike, *little]) < 2:
        return None
    if not any(alike):
        return sentence(EXAMPLE)
    return sentence(
        "Thanks! Many of the ratings are the same. Where is it strongest, and where weakest? "
        "“Not observed” is an answer too. You may also leave it as it is."
    )
