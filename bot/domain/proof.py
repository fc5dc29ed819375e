"""Checking exported results: every tree is calculated again from its inputs, every grade from its rules."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bot.domain.bands import Band, band_of
from bot.domain.explain import Node, differences, from_json
from bot.domain.refusal import Refused
from bot.domain.score import Rated
from bot.domain.score_rules import fingerprint

FORMAT = 1


def mistakes(document: Mapping[str, Any]) -> list[str]:
    """Say in plain English what does not match in an exported file; nothing if all of it does."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        return [f"This is no export of results in format {FORMAT}."]
    return [f"{_whose(one)}: {problem}" for one in document.get("results", []) for problem in _problems_of(one)]


def _whose(one: Any) -> str:
    person = one.get("person") if isinstance(one, Mapping) else None
    return str(person.get("email") or person.get("id")) if isinstance(person, Mapping) else "somebody"


def _problems_of(one: Any) -> list[str]:
    try:
        return list(_compared(one))
    except Refused as refused:
        return [refused.sentence.text.format_map(refused.sentence.facts)]
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError) as broken:
        return [f"this result cannot be read ({type(broken).__name__})."]


def _compared(one: Mapping[str, Any]) -> Iterator[str]:
    if fingerprint(one["rules"]) != one["rules_hash"]:
        yield "the rules are not those whose hash is kept."
    if one["rated"] != Rated.RATED:
        if any(one[name] is not None for name in ("score", "band", "tree")):
            yield "a result that is not rated holds a number or a grade."
        return
    root = from_json(one["tree"])
    yield from (_differs(node, again) for node, again in differences(root))
    if one["score"] != str(root.value):
        yield f"the score is {one['score']}, but its tree makes {root.value}."
    yield from _graded(one)


def _differs(node: Node, again: Decimal) -> str:
    return f"{node.label.text.format_map(node.label.facts)} is {node.value}, but its inputs make {again}."


def _graded(one: Mapping[str, Any]) -> Iterator[str]:
    bands = [Band(band["name"], Decimal(band["lower"]) if band["lower"] else None) for band in one["rules"]["bands"]]
    earned, names = band_of(Decimal(one["score"]), bands), [band.name for band in bands]
    capped = bool(one["reasons"]) and names.index(one["band"]) >= names.index(earned)
    if one["band"] != earned and not capped:
        yield f"the grade is {one['band']}, but {one['score']} is {earned} by the rules."
