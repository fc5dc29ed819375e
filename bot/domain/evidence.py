"""What was said and seen of somebody's work between goal and grade: kudos, feedback, and messages worth keeping."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.domain.feedback import Question
from bot.domain.refusal import Refused, Sentence, sentence
from bot.domain.template import Text

MOST_VALUES, LONGEST_VALUE = 10, 60


class Kind(StrEnum):
    """How it came to be known."""

    KUDOS = "kudos"
    FEEDBACK = "feedback"
    SAVED = "saved"


@dataclass(frozen=True)
class Evidence:
    """One thing that was said of somebody's work, by its author.

    `words` are by their field: the questions of feedback, `words` of kudos, `quoted` and `why` of a saved message. The
    author and the person read it; their manager too, once the person has `shared` it.
    """

    id: str
    kind: Kind
    author_id: str
    about_id: str
    at: datetime
    words: Mapping[str, str] = field(repr=False)
    shared: bool = False
    thanked: bool = False

    @property
    def value(self) -> Text | None:
        """The company's value that kudos are tied to, as it was worded then."""
        return Text(self.words["value_en"], self.words["value_zh"]) if "value_en" in self.words else None

    def word(self, name: str) -> str:
        """What was written in a field; empty when nothing was."""
        return self.words.get(name, "")

    def day(self, tz: str) -> date:
        """Its date, where the reader is."""
        return self.at.astimezone(ZoneInfo(tz)).date()


def by_month(found: Iterable[Evidence], tz: str) -> list[tuple[date, list[Evidence]]]:
    """Evidence by month, the newest month first, each in the order in which it came."""
    ordered = sorted(found, key=lambda one: (one.at, one.id))
    months = [(month, list(each)) for month, each in groupby(ordered, lambda one: one.day(tz).replace(day=1))]
    return months[::-1]


def line(one: Evidence, author: str) -> Sentence:
    """One piece of evidence in a line, for a list beside a review."""
    match one.kind:
        case Kind.KUDOS:
            return sentence("Thanks from {name}: “{words}”", name=author, words=one.word("words"))
        case Kind.FEEDBACK:
            said = [one.word(name) for name in (Question.BEHAVIOUR, Question.IMPACT) if one.word(name)]
            return sentence("Feedback from {name}: “{words}”", name=author, words=" – ".join(said))
        case Kind.SAVED:
            said = [one.word(name) for name in ("why", "quoted") if one.word(name)]
            return sentence("Kept by {name}: “{words}”", name=author, words=" – ".join(said))


def values_of(en: str, zh: str) -> tuple[Text, ...]:
    """The company's values, one a line and as many in each language; none at all is fine."""
    english, chinese = ([line.strip() for line in text.splitlines() if line.strip()] for text in (en, zh))
    if len(english) != len(chinese):
        raise Refused("Please write as many values here as in English, one a line", field="zh")
    if len(english) > MOST_VALUES:
        raise Refused("Values that people remember are few: {most} at most", field="en", most=MOST_VALUES)
    for name, lines in (("en", english), ("zh", chinese)):
        if max(map(len, lines), default=0) > LONGEST_VALUE:
            raise Refused("One of these is too long: {most} characters at most", field=name, most=LONGEST_VALUE)
    return tuple(Text(*both) for both in zip(english, chinese, strict=True))


def check_kudos(giver_id: str, receiver_id: str, words: str) -> None:
    """Refuse thanks to oneself, and thanks that say nothing."""
    if giver_id == receiver_id:
        raise Refused("Thanks go to a colleague. Please choose somebody else.", field="whom")
    if not words:
        raise Refused("Please say what for.", field="words")


def check_feedback(author_id: str, receiver_id: str, words: Mapping[str, str]) -> None:
    """Refuse feedback to oneself, and feedback without what happened and what was seen."""
    if author_id == receiver_id:
        raise Refused("Please choose somebody else; for yourself there is the self-review.", field="whom")
    if not words.get(Question.SITUATION):
        raise Refused("Please say when and where it was.", field=Question.SITUATION)
    if not words.get(Question.BEHAVIOUR):
        raise Refused("Please say what you saw or heard.", field=Question.BEHAVIOUR)
