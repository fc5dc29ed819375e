"""How alike two short texts are, in any language and without a dictionary."""

import re
import unicodedata


def similarity(one: str, other: str, *, numbers: bool = False) -> float:
    """Return the Jaccard index of the texts' pairs of characters, 0 to 1; all numbers are alike unless `numbers`."""
    first, second = _bigrams(one, numbers=numbers), _bigrams(other, numbers=numbers)
    together = first | second
    return len(first & second) / len(together) if together else 0.0


def _bigrams(text: str, *, numbers: bool) -> set[str]:
    bare = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    compared = bare if numbers else re.sub(r"\d+", "#", bare)
    return {compared[i : i + 2] for i in range(max(len(compared) - 1, 1))} - {""}
