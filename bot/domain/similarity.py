"""How alike two short texts are, in any language and without a dictionary."""

import re
import unicodedata


def similarity(one: str, other: str) -> float:
    """Return the Jaccard index of the texts' pairs of characters, 0 to 1; every number counts as the same."""
    first, second = _bigrams(one), _bigrams(other)
    together = first | second
    return len(first & second) / len(together) if together else 0.0


def _bigrams(text: str) -> set[str]:
    bare = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    numbered = re.sub(r"\d+", "#", bare)
    return {numbered[i : i + 2] for i in range(max(len(numbered) - 1, 1))} - {""}
