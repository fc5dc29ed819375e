"""Sentences for people, kept apart from the language they will be read in, and the one exception raised on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a constant English text, such as a label, for the catalogues; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Sentence:
    """An English sentence with named placeholders and the facts to fill in; `Words.say` puts it into a language."""

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)


def sentence(text: str, /, **facts: object) -> Sentence:
    """Make a sentence to be translated later: `sentence("Line {line} has no e-mail.", line=7)`."""
    return Sentence(text, facts)


class Refused(Exception):  # noqa: N818 - it reads as what happened: "raise Refused(...)"
    """What a person asked cannot be done; the sentence says what is wrong and what to do.

    `field` names the form's input that is wrong, so that the sentence appears under it.
    """

    def __init__(self, text: str, /, *, field: str | None = None, **facts: object) -> None:
        super().__init__(text)
        self.sentence = Sentence(text, facts)
        self.field = field
