"""The small language the rules are written in: a check walks a value and yields what is wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One mistake. `code` is Slack's error code; empty when Slack would accept it but nobody should send it."""

    path: str
    rule: str
    sentence: str
    code: str = "invalid_blocks"


# value, JSON pointer, surface ("message", "modal" or "home")
Check = Callable[[Any, str, str], Iterator[Finding]]


def length(text: str) -> int:
    """Count characters the way that comes out larger: code points or UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def string(most: int, least: int = 1) -> Check:
    """Accept a string of `least` to `most` characters."""

    def check(value: Any, path: str, _: str) -> Iterator[Finding]:
        if not isinstance(value, str):
            yield Finding(path, "wrong_type", "must be a string")
        elif length(value) > most:
            yield Finding(path, "too_long", f"must be at most {most} characters, is {length(value)}")
        elif len(value) < least:
            yield Finding(path, "too_short", f"must be at least {least} characters")

    return check


def matching(pattern: str, what: str) -> Check:
    """Accept a string of a given form."""
    form = re.compile(pattern)

    def check(value: Any, path: str, _: str) -> Iterator[Finding]:
        if not isinstance(value, str) or not form.fullmatch(value):
            yield Finding(path, "wrong_form", f"must be {what}")

    return check


def boolean(value: Any, path: str, _: str) -> Iterator[Finding]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield Finding(path, "wrong_type", "must be true or false")


def whole(least: int, most: float = float("inf")) -> Check:
    """Accept a whole number in a range."""

    def check(value: Any, path: str, _: str) -> Iterator[Finding]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Finding(path, "wrong_type", "must be a whole number")
        elif not least <= value <= most:
            yield Finding(path, "out_of_range", f"must be from {least} to {most}, is {value}")

    return check


def number(*, positive: bool = False) -> Check:
    """Accept a number."""

    def check(value: Any, path: str, _: str) -> Iterator[Finding]:
        if isinstance(value, bool) or not isinstance(value, int | float) or value in {float("inf"), float("-inf")}:
            yield Finding(path, "wrong_type", "must be a number")
        elif positive and value <= 0:
            yield Finding(path, "out_of_range", "must be above zero")

    return check


def one_of(*values: Any) -> Check:
    """Accept one of some words."""

    def check(value: Any, path: str, _: str) -> Iterator[Finding]:
        if value not in values:
            yield Finding(path, "unknown_value", f"must be one of {', '.join(map(str, values))}")

    return check


def many(item: Check, least: int, most: int) -> Check:
    """Accept a list of `least` to `most` items."""

    def check(value: Any, path: str, surface: str) -> Iterator[Finding]:
        if not isinstance(value, list):
            yield Finding(path, "wrong_type", "must be a list")
            return
        if not least <= len(value) <= most:
            yield Finding(path, "wrong_count", f"must have {least} to {most} items, has {len(value)}")
        for at, each in enumerate(value):
            yield from item(each, f"{path}/{at}", surface)

    return check


def record(need: Mapping[str, Check], may: Mapping[str, Check] | None = None, *rules: Check) -> Check:
    """Accept an object with all keys of `need`, any of `may` and no other; then the rules about the whole."""
    known = {**need, **(may or {})}

    def check(value: Any, path: str, surface: str) -> Iterator[Finding]:
        if not isinstance(value, dict):
            yield Finding(path, "wrong_type", "must be an object")
            return
        inner = [*_keys(value, path, need, known)]
        for key, each in value.items():
            if key in known:
                inner += known[key](each, f"{path}/{key}", surface)
        yield from inner
        # A rule about the whole may rely on the parts being sound.
        if not inner:
            for rule in rules:
                yield from rule(value, path, surface)

    return check


def _keys(value: dict[str, Any], path: str, need: Mapping[str, Check], known: Mapping[str, Check]) -> Iterator[Finding]:
    for key in need:
        if key not in value:
            yield Finding(f"{path}/{key}", "missing", f"the field {key} is required")
    for key in value:
        if key not in known and key != "type":
            yield Finding(f"{path}/{key}", "unknown_key", f"there is no field {key} here")


def tagged(kinds: Mapping[str, Check], known: Mapping[str, Any] | None = None) -> Check:
    """Accept an object by its `type`; a type in `known` exists but does not belong here."""

    def check(value: Any, path: str, surface: str) -> Iterator[Finding]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            yield Finding(path, "wrong_type", "must be an object with a type")
        elif kind in kinds:
            yield from kinds[kind](value, path, surface)
        elif known and kind in known:
            yield Finding(path, "wrong_place", f"a {kind} does not belong here")
        else:
            yield Finding(path, "unknown_type", f"there is no {kind}")

    return check


def only_on(surfaces: str, inner: Check) -> Check:
    """Accept something on some surfaces only, named in one string such as "message modal"."""

    def check(value: Any, path: str, surface: str) -> Iterator[Finding]:
        if surface not in surfaces.split():
            yield Finding(path, "wrong_surface", f"a {value['type']} cannot stand in a {surface}")
        yield from inner(value, path, surface)

    return check


def at_least_one(*names: str) -> Check:
    """Require at least one of some keys."""

    def check(value: Any, path: str, _: str) -> Iterator[Finding]:
        if not any(value.get(name) for name in names):
            yield Finding(path, "missing", f"needs {' or '.join(names)}")

    return check


def exactly_one(*names: str) -> Check:
    """Require exactly one of some keys."""

    def check(value: Any, path: str, _: str) -> Iterator[Finding]:
        if sum(name in value for name in names) != 1:
            yield Finding(path, "conflict", f"needs exactly one of {' and '.join(names)}")

    return check


def anything(value: Any, path: str, surface: str) -> Iterator[Finding]:
    """Accept whatever stands there."""
    del value, path, surface
    yield from ()
