"""What may be shown of confidential answers: thresholds, precision by group size, suppression, padding, splitting.

The rules aim at people who do arithmetic: who subtract one group from another, who know their own answer, or who
look at the length of a sealed text. Nothing here makes an answer anonymous towards whoever runs the server.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

from bot.domain.refusal import N_, Refused

T = TypeVar("T")

HARD_FLOOR = 3
BUCKETS = (256, 1024, 4096)  # bytes


@dataclass(frozen=True)
class Thresholds:
    """How many answers it takes; frozen when the first invitation of a round goes out.

    `score_shown` for what is shown of ratings, `score_used` for what counts in a result, `comments` for sentences.
    """

    score_shown: int = 3
    score_used: int = 4
    comments: int = 4

    def __post_init__(self) -> None:
        if min(self.score_shown, self.score_used, self.comments) < HARD_FLOOR:
            raise Refused("Confidential answers are never shown for fewer than {floor} people.", floor=HARD_FLOOR)

    def require_enough(self, eligible: int) -> None:
        """Refuse to open a round in which one silent person would already break the promise."""
        needed = self.score_shown + 1
        if eligible < needed:
            raise Refused(
                "A confidential round needs at least {needed} people who can answer; here are {eligible}. "
                "Please invite more people, or ask for named feedback instead.",
                needed=needed,
                eligible=eligible,
            )


PEER = Thresholds()


class Band(StrEnum):
    """All that is said about three or four answers."""

    BELOW = "below"
    ON = "on"
    ABOVE = "above"


BAND_LABELS = {
    Band.BELOW: N_("below expectation"),
    Band.ON: N_("on expectation"),
    Band.ABOVE: N_("above expectation"),
}


@dataclass(frozen=True)
class Shown:
    """A mean as precise as its group allows: either a band, or a number as text such as 3.5 or 4.5+."""

    band: Band | None = None
    number: str = ""


def precision(n: int, mean: Decimal, low: Decimal = Decimal(1), high: Decimal = Decimal(5)) -> Shown | None:
    """Return what may be shown of the mean of n ratings on a scale from low to high; None below the floor of 3.

    3-4 ratings give a band (within half a point of the scale's middle is "on"), 5-9 the nearest half with the ends
    coded as "4.5+" and "1.5−" so that unanimity stays hidden, and 10 or more one decimal.
    """
    if n < HARD_FLOOR:
        return None
    if n < 5:
        return Shown(band=_band(mean - (low + high) / 2))
    if n >= 10:
        return Shown(number=str(mean.quantize(Decimal("0.1"), ROUND_HALF_UP)))
    half = (mean * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2
    top, bottom = high - Decimal("0.5"), low + Decimal("0.5")
    mark = "+" if half >= top else "−" if half <= bottom else ""
    return Shown(number=f"{min(max(half, bottom), top):.1f}{mark}")


def _band(distance: Decimal) -> Band:
    if abs(distance) <= Decimal("0.5"):
        return Band.ON
    return Band.ABOVE if distance > 0 else Band.BELOW


def publishable(sizes: Mapping[str, int], k: int) -> frozenset[str]:
    """Return the sibling groups that may be shown beside their total, none of them to be had by subtraction.

    Groups below k are hidden, then the next smallest (ties by id) until what is hidden has at least two groups and
    k answers. The total itself follows the plain rule: at least k.
    """
    order = sorted((group for group, n in sizes.items() if n > 0), key=lambda group: (sizes[group], group))
    hidden = [group for group in order if sizes[group] < k]
    shown = order[len(hidden) :]
    while hidden and shown and (len(hidden) < 2 or sum(sizes[group] for group in hidden) < k):
        hidden.append(shown.pop(0))
    return frozenset(shown)


def bundles(sizes: Mapping[str, int], k: int) -> list[tuple[str, ...]]:
    """Return how sibling groups are opened: each that may be shown alone, and the rest together, the largest first.

    Where even the rest is fewer than k, it is in none: nobody reads it.
    """
    alone = publishable(sizes, k)
    rest = sorted((group for group, n in sizes.items() if n and group not in alone), key=lambda one: (-sizes[one], one))
    together = [tuple(rest)] if sum(sizes[group] for group in rest) >= k else []
    return [*((group,) for group in sorted(alone)), *together]


def may_compare(one: AbstractSet[T], other: AbstractSet[T], k: int) -> bool:
    """Tell whether results of two overlapping groups may both be shown: the people in only one are 0 or at least k."""
    return all(not only or len(only) >= k for only in (one - other, other - one))


# A full stop ends a sentence only before a space and a new beginning; Chinese marks end it at once.
_ENDS = re.compile(
    r"""
    [.!?]+["')\u201d\u2019]*\s+(?=["'(\u201c\u2018]?[A-Z0-9\u4e00-\u9fff])
    |[!?]+(?=[\u4e00-\u9fff])
    |[。！？；…]+["')”」』）\u2019]*
    """,
    re.VERBOSE,
)
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|approx|Mr|Mrs|Ms|Dr|Prof|No)\.$", re.IGNORECASE)


def split_sentences(text: str) -> list[str]:
    """Split English or Chinese text into its sentences, to be shuffled across authors; nothing is lost but spaces."""
    found: list[str] = []
    lines = _ENDS.sub(lambda end: end.group() + "\n", text).splitlines()
    for piece in map(str.strip, lines):
        if found and piece and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        elif piece:
            found.append(piece)
    return found


_EMOJI = re.compile(
    "[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U0001f000-\U0001faff]+|(?<!\\w):[a-z][\\w+-]*:(?!\\w)|[~\uff5e]+"
)
_REPEATED = re.compile(r"\.{2,}|\u3002{2,}|([!?,;:\uff01\uff1f\uff0c\uff1b\uff1a\u3001\u2026])\1+")
_PLAIN = re.compile(r"[\w '\"-]*(?:, [\w '\"-]*)*[.!?]?", re.ASCII)
"""Most sentences: words with commas between them, and a mark at the end."""
_TIGHT = re.compile(r"(?<=[A-Za-z])([,;!?])(?=[A-Za-z])")
_WIDE = {0xFF01 + n: 0x21 + n for n in range(94)}
"""Full-width letters, digits and marks, and their plain form."""
_HAN = "\u3400-\u9fff"
_CHINESE = re.compile(f"[{_HAN}]")
_CHINESE_MARKS = dict(zip(",!?;:()", "\uff0c\uff01\uff1f\uff1b\uff1a\uff08\uff09", strict=True))
_BESIDE_CHINESE = re.compile(rf"(?<=[{_HAN}]) *([,!?;:()]) *|([,!?;:()])(?=[{_HAN}])")
_LAST_STOP = re.compile(rf"(?<=[{_HAN}])\.+$")


def plain_style(sentence: str) -> str:
    """Write a sentence as anybody would: without emoji and repeated marks, each language with its own marks.

    Marks are full-width beside Chinese characters and plain elsewhere, whatever keyboard they came from.
    """
    if _PLAIN.fullmatch(sentence):
        return " ".join(sentence.split())
    bare = _REPEATED.sub(lambda run: run.group(1) or "\u2026", _EMOJI.sub(" ", sentence).translate(_WIDE))
    bare = _TIGHT.sub(r"\1 ", bare)
    if _CHINESE.search(bare):
        bare = _BESIDE_CHINESE.sub(lambda mark: _CHINESE_MARKS[mark[1] or mark[2]], bare)
        bare = _LAST_STOP.sub("\u3002", bare.strip())
    return " ".join(bare.split())


def bucket_for(length: int) -> int:
    """The padded size of so many bytes: 256, 1024 or 4096, or a multiple of 4096."""
    size = next((bucket for bucket in BUCKETS if length < bucket), 0)
    return size or (length // BUCKETS[-1] + 1) * BUCKETS[-1]


def pad(data: bytes, least: int = 0) -> bytes:
    """Pad to a size that others have too, at least `least` bytes, so that a sealed text's length says little."""
    return (data + b"\x80").ljust(max(bucket_for(len(data)), least), b"\0")


def unpad(padded: bytes) -> bytes:
    """Undo `pad`; raises ValueError for anything it did not make."""
    data = padded.rstrip(b"\0")
    if not data.endswith(b"\x80"):
        raise ValueError("These bytes were not padded here.")
    return data[:-1]
