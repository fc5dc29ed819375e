"""Every sentence a person can see has its Chinese, says it once, and fits where it stands."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.slack.blocks import Message as Said
from bot.slack.blocks import page, section
from bot.slack.text import plain
from bot.slack.words import LOCALES, Words

BOT = Path(__file__).parent.parent / "bot"
MARKS = {"t": None, "N_": None, "sentence": None, "Refused": None, "plural": (1, 2)}
"""What makes a literal a sentence for people: t("…"), N_("…"), Refused("…") and their kin."""

TITLED = {"form": "title", "page": "title", "View": "title"}
TITLE = 24
BUTTON = 30
FITS = {"submit": TITLE, "close": TITLE, "yes": BUTTON, "no": BUTTON}

Key = str | tuple[str, str]


@cache
def written() -> dict[Key, str]:
    """Every sentence of the code, with the place where it is first found."""
    method = [("**.py", "python")]
    found = extract_from_dir(BOT, method, keywords=MARKS, comment_tags=())
    return {each[2]: f"{each[0]}:{each[1]}" for each in reversed(list(found)) if each[2]}


@cache
def translated() -> list[tuple[str, Message]]:
    """Every entry of the Chinese catalogues with its file."""
    entries = []
    for path in sorted((LOCALES / "zh").glob("*.po")):
        with path.open("rb") as file:
            entries += [(path.name, message) for message in read_po(file, locale="zh_Hans_CN") if message.id]
    return entries


@cache
def chinese() -> dict[Key, tuple[str, ...]]:
    found: dict[Key, tuple[str, ...]] = {}
    for _, message in translated():
        if message.string:
            found[message.id] = message.string if isinstance(message.string, tuple) else (message.string,)
    return found


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# Complete -----------------------------------------------------------------------------------


def test_sentences_are_found_at_all() -> None:
    assert "Home" not in written()
    assert len(written()) > 100


def test_every_sentence_has_its_chinese() -> None:
    missing = {key: place for key, place in written().items() if key not in chinese()}
    assert missing == {}


def test_no_translation_is_left_over() -> None:
    unused = [(file, message.id) for file, message in translated() if message.id not in written()]
    assert unused == []


def test_the_same_sentence_is_said_in_one_way() -> None:
    said: dict[Key, dict[object, str]] = {}
    for file, message in translated():
        said.setdefault(message.id, {})[message.string] = file
    assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}


@pytest.mark.parametrize("file", sorted((LOCALES / "zh").glob("*.po")), ids=lambda path: path.stem)
def test_a_catalogue_says_each_sentence_once(file: Path) -> None:
    ids = re.findall(r'(?m)^msgid ("(?:.*"\n?)+)', file.read_text(encoding="utf-8"))
    assert sorted(each for each in set(ids) if ids.count(each) > 1) == []


def test_translations_are_not_marked_as_doubtful() -> None:
    assert [(file, message.id) for file, message in translated() if message.fuzzy] == []


# Right --------------------------------------------------------------------------------------


def test_a_translation_fills_in_the_same_facts() -> None:
    wrong = {key: ways for key, ways in chinese().items() if any(_facts(key) ^ names_in(way) for way in ways)}
    assert wrong == {}


def _facts(key: Key) -> set[str]:
    """The facts of a sentence; one that is plural in English counts in the only form that Chinese has."""
    return names_in(key if isinstance(key, str) else key[1])


def test_a_sentence_of_one_has_no_fact_that_many_lack() -> None:
    wrong = [key for key in written() if isinstance(key, tuple) and names_in(key[0]) - names_in(key[1]) - {"n"}]
    assert wrong == []


def test_commands_and_marks_survive_the_translation() -> None:
    wrong = [
        key
        for key, ways in chinese().items()
        if any(re.findall(r"`[^`]*`", _last(key)) != re.findall(r"`[^`]*`", way) for way in ways)
    ]
    assert wrong == []


def test_bold_words_stand_apart_so_that_slack_shows_them_bold() -> None:
    stuck = re.compile(r"[\w}]\*[^\s*](?:[^*\n]*[^\s*])?\*|\*[^\s*](?:[^*\n]*[^\s*])?\*[\w{]")
    assert stuck.search("*需要的支持：*{kinds}")
    assert stuck.search("请选择*更新*。")
    assert not stuck.search("*需要的支持：* {kinds}")
    assert [way for ways in chinese().values() for way in ways if stuck.search(way)] == []


def _last(key: Key) -> str:
    return key if isinstance(key, str) else key[1]


# Fitting ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A sentence that stands where room is short."""

    text: str
    room: int
    where: str


def places() -> Iterator[Place]:
    """Titles, and the buttons of forms and confirmations."""
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                where = f"{path.relative_to(BOT)}:{node.lineno}"
                yield from (Place(text, room, where) for text, room in _short(node))


def _short(call: ast.Call) -> Iterator[tuple[str, int]]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in TITLED and call.args and (title := _sentence(call.args[0])):
        yield title, TITLE
    if name == "button" and call.args and (label := _sentence(call.args[0])):
        yield label, BUTTON
    for keyword in call.keywords:
        if keyword.arg in FITS and (text := _sentence(keyword.value)):
            yield text, FITS[keyword.arg]


def _sentence(node: ast.expr) -> str | None:
    """The literal of `t("…")`, if it is one without facts."""
    match node:
        case ast.Call(func=ast.Name(id="t"), args=[ast.Constant(value=str() as text)], keywords=[]):
            return text
    return None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_titles_and_buttons_fit(language: str) -> None:
    t = Words(language)
    long = [(each.where, each.room, plain(t(each.text))) for each in places() if len(plain(t(each.text))) > each.room]
    assert long == []


def test_the_walk_finds_what_stands_where_room_is_short() -> None:
    assert {each.room for each in places()} == {TITLE, BUTTON}


def test_a_sentence_that_was_never_translated_would_be_seen() -> None:
    t = Words("zh")
    view = page(t("Nobody wrote this"), [section(t("Nor this"))], close=t("Close")).body()
    assert view["title"]["text"] == "Nobody wrote this"
    assert "Nobody wrote this" not in chinese()
    assert Said(t("Close")).text != "Close"
