"""Words in a person's language: gettext catalogues, and Babel for numbers, dates and plurals."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.domain.org import Person
from bot.domain.refusal import Sentence
from bot.domain.rounding import half_up
from bot.domain.template import Text as Both
from bot.slack.text import Text, escape, row

LOCALES = Path(__file__).parent.parent / "locales"
A_MONDAY = date(2024, 1, 1)
BABEL_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


class Words:
    """Says sentences in one language and tells moments in one zone: `t("Hello {name}", name=person.name)`.

    Every string put into a placeholder is escaped, unless it is `Text` already.
    """

    def __init__(self, language: str, tz: str = "UTC") -> None:
        self.language = language
        self.tz = ZoneInfo(tz)
        self.locale = Locale.parse(BABEL_LOCALES[language])
        self._catalogue = _catalogue(language)

    def __call__(self, text: str, /, **facts: object) -> Text:
        """Translate a sentence and fill in its facts."""
        return self._fill(self._catalogue.gettext(text), facts)

    def say(self, sentence: Sentence) -> Text:
        """Translate a sentence that the rules made."""
        return self(sentence.text, **sentence.facts)

    def plural(self, one: str, many: str, n: int, /, **facts: object) -> Text:
        """The right form for a number, which the sentence may name as {n}."""
        return self._fill(self._catalogue.ngettext(one, many, n), {"n": n, **facts})

    def day(self, day: date, form: str = "medium") -> Text:
        """A day: form is `short`, `medium`, `long` or a CLDR pattern."""
        return Text(format_date(day, form, locale=self.locale))

    def weekday(self, day: date) -> Text:
        """A day with its weekday, without the year: Thu 12 March, 3月12日周四."""
        pattern = "M月d日 EEE" if self.language == "zh" else "EEE d MMM"
        return Text(format_date(day, pattern, locale=self.locale))

    def weekdays(self, digits: str) -> Text:
        """Weekdays by name, from digits of which 0 is Monday: Monday, Friday."""
        return self.names([format_date(A_MONDAY + timedelta(days=int(n)), "EEEE", locale=self.locale) for n in digits])

    def moment(self, at: datetime) -> Text:
        """A moment in the reader's zone."""
        pattern = "y年M月d日 HH:mm" if self.language == "zh" else "d MMM y, HH:mm"
        return Text(format_datetime(at, pattern, tzinfo=self.tz, locale=self.locale))

    def time(self, at: datetime) -> Text:
        """The time of day in the reader's zone."""
        return Text(format_time(at, "short", tzinfo=self.tz, locale=self.locale))

    def number(self, value: Decimal | int, places: int | None = None) -> Text:
        """A number as this language writes it; `places` fixes the decimals shown, halves up as in every result."""
        pattern = "#,##0" + ("." + "0" * places if places else "" if places == 0 else ".##########")
        shown = value if places is None else half_up(Decimal(value), places)  # Babel would round halves to even
        return Text(format_decimal(shown, pattern, locale=self.locale))

    def percent(self, share: Decimal, places: int = 0) -> Text:
        """A share (1 = 100 %) as a percentage."""
        return Text(
            f"{self.number(share * 100, places)}%" if self.language == "zh" else f"{self.number(share * 100, places)} %"
        )

    def country(self, code: str) -> Text:
        """A country by its ISO code."""
        return escape(self.locale.territories.get(code, code))

    def names(self, people: list[str]) -> Text:
        """Names in a row."""
        return self.in_a_row([escape(one) for one in people])

    def in_a_row(self, some: Sequence[Text]) -> Text:
        """Short texts in a row."""
        return Text(("、" if self.language == "zh" else ", ").join(some))

    def sentences(self, *some: Text | None) -> Text:
        """Sentences after one another; Chinese puts no space between them."""
        return row(*some, between="" if self.language == "zh" else " ")

    def _fill(self, text: str, facts: Mapping[str, object]) -> Text:
        shown = {name: self._shown(fact) for name, fact in facts.items()}
        return Text(_spaced(text, shown) if self.language == "zh" else text.format_map(shown))

    def _shown(self, fact: object) -> Text:
        match fact:
            case Text():
                return fact
            case Sentence():
                return self.say(fact)
            case tuple():
                return self.in_a_row([self._shown(one) for one in fact])
            case str():
                return escape(fact)
            case datetime():
                return self.moment(fact)
            case date():
                return self.day(fact)
            case bool() | None:
                raise TypeError(f"{fact!r} is nothing to show to a person")
            case int() | Decimal():
                return self.number(fact)
            case Person():
                return escape(fact.name)
            case _:
                raise TypeError(f"no way to show {type(fact).__name__} to a person")


_MEET = re.compile(r"[一-鿿][A-Za-z0-9]|[A-Za-z0-9%][一-鿿]")
_DATE = re.compile(r"\d+[年月]")
_parts = cache(lambda text: tuple(Formatter().parse(text)))


def _spaced(text: str, shown: Mapping[str, str]) -> str:
    """Fill in facts; one with Latin letters or digits next to Chinese gets its space, but for a date."""
    parts = [""]
    for literal, name, _, _ in _parts(text):
        for part in (literal, shown[name] if name else ""):
            meets = _MEET.fullmatch(parts[-1][-1:] + part[:1]) and not _DATE.match(part)
            parts += [" ", part] if meets else [part] if part else []
    return "".join(parts)


def words_for(person: Person) -> Words:
    """The words of the person who will read."""
    return _words(person.language, person.tz)


def in_both(t: Words, text: Both) -> list[tuple[str, Text, str]]:
    """A text in both languages, each with its code and name; the one that its author reads comes first."""
    ways = [("en", t("English"), text.en), ("zh", t("Chinese"), text.zh)]
    return sorted(ways, key=lambda one: one[0] != t.language)


@lru_cache(maxsize=512)
def _words(language: str, tz: str) -> Words:
    return Words(language, tz)


def read_catalogue(language: str) -> Catalog:
    """All catalogue files of a language as one; the same sentence twice must say the same."""
    whole = Catalog(locale=BABEL_LOCALES[language])
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=BABEL_LOCALES[language]):
                if message.id and message.string:
                    whole.add(message.id, message.string)
    return whole


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)
