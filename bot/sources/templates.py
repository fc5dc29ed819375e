"""Department templates as YAML: those shipped with Cairn, and those that HR uploads."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.domain.checked import Mistake, Mistaken, Path, place
from bot.domain.refusal import sentence
from bot.domain.template import Template
from bot.domain.template_document import document_of
from bot.domain.template_reading import parse_template
from bot.sources.unreadable import unreadable

MOST_CHARACTERS = 200_000
DEEPEST = 20


def read_template(text: str) -> Template:
    """Make a template of YAML text; raises `Mistaken`, in the order of the file's lines."""
    return _read(text, (), lambda document: document)


def read_part(template: Template, part: Path, text: str) -> Template:
    """Put YAML text in the place of a part of a template; raises `Mistaken` with the lines of the text."""

    def put(value: Any) -> Any:
        document = document_of(template)
        _inside(document, part[:-1])[part[-1]] = value
        return document

    return _read(text, part, put)


def written(template: Template, part: Path = ()) -> str:
    """A template, or a part of it, as YAML text; reading it gives the same template."""
    value = _inside(document_of(template), part)
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=None, width=160)


def _inside(document: Any, part: Path) -> Any:
    for step in part:
        document = document[step]
    return document


def _read(text: str, part: Path, put: Callable[[Any], Any]) -> Template:
    lines = {(*part, *path): line for path, line in _lines(text).items()}
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Mistaken([unreadable(error)]) from None
    try:
        return parse_template(put(document))
    except Mistaken as refused:
        placed = (_with_line(each, lines) for each in refused.mistakes)
        raise Mistaken(sorted(placed, key=lambda each: each.line or 0)) from None


def shipped() -> dict[str, Template]:
    """Give the templates that come with Cairn, by id; their files are read once."""
    return {template.id: template for template in _shipped()}


@cache
def _shipped() -> tuple[Template, ...]:
    found = [each for each in (files("bot") / "templates").iterdir() if each.name.endswith(".yml")]
    return tuple(read_template(each.read_text("utf-8")) for each in sorted(found, key=lambda each: each.name))


def _lines(text: str) -> dict[Path, int]:
    """Find the line of every value, refusing what YAML would let pass: references, keys written twice."""
    if len(text) > MOST_CHARACTERS:
        raise Mistaken([Mistake((), sentence("A template may have {most} characters at most.", most=MOST_CHARACTERS))])
    try:
        mistakes = list(_forbidden(text))
        lines = {} if mistakes else dict(_walk(yaml.compose(text, yaml.SafeLoader), (), mistakes))
    except yaml.YAMLError as error:
        raise Mistaken([unreadable(error)]) from None
    if mistakes:
        raise Mistaken(mistakes)
    return lines


def _forbidden(text: str) -> Iterator[Mistake]:
    """Look at the file piece by piece, before anything that would recurse or multiply is built from it."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent):
            yield Mistake((), sentence("References (&, *) are not allowed; write the text out."), line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            yield Mistake((), sentence("The file is nested too deeply."), line)
            return


def _walk(node: yaml.Node | None, path: Path, mistakes: list[Mistake]) -> Iterator[tuple[Path, int]]:
    if node is None:
        return
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index), mistakes)
    elif isinstance(node, yaml.MappingNode):
        yield from _walk_mapping(node, path, mistakes)
    else:
        _check_value(node, path, mistakes)


def _walk_mapping(node: yaml.MappingNode, path: Path, mistakes: list[Mistake]) -> Iterator[tuple[Path, int]]:
    seen: set[str] = set()
    for key, value in node.value:
        inner, line = (*path, str(key.value)), key.start_mark.line + 1
        if str(key.value) in seen:
            wrong = sentence("{place} is written twice. Please delete one of the two.", place=place(inner))
            mistakes.append(Mistake(inner, wrong, line))
        seen.add(str(key.value))
        _check_value(key, inner, mistakes)
        yield from _walk(value, inner, mistakes)
        yield inner, line


def _check_value(node: yaml.Node, path: Path, mistakes: list[Mistake]) -> None:
    """A date such as 2027-02-31, a number of endless digits, a word after `!!int`."""
    try:
        yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, LookupError, AttributeError):
        wrong = sentence(
            "{place} looks like a date or a number, and is none. Please correct it, or put it between quotation marks.",
            place=place(path),
        )
        mistakes.append(Mistake(path, wrong, node.start_mark.line + 1))


def _with_line(mistake: Mistake, lines: dict[Path, int]) -> Mistake:
    """Give a mistake the line of its place, or of the nearest place around it that is in the file."""
    for length in range(len(mistake.path), -1, -1):
        if (line := lines.get(mistake.path[:length])) is not None:
            return Mistake(mistake.path, mistake.sentence, line)
    return mistake
