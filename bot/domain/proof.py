"""Checking exported results: every tree is held to its rules and calculated again, every grade taken from them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.domain.appeal import changes_on_record
from bot.domain.bands import Band, band_of, lower_of
from bot.domain.calibration import CALIBRATED, points
from bot.domain.explain import Node, differences, from_json
from bot.domain.fingerprint import fingerprint
from bot.domain.refusal import Refused
from bot.domain.score import Rated
from bot.domain.tree_rules import breaches

FORMAT = 1


def mistakes(document: Mapping[str, Any]) -> list[str]:
    """Say in plain English what does not match in an exported file; nothing if all of it does."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        return [f"This is no export of results in format {FORMAT}."]
    found = document.get("results")
    if not isinstance(found, list) or not found:
        return ["There are no results in this file, so nothing was checked."]
    return [f"{_whose(one)}: {problem}" for one in found for problem in _problems_of(one)]


def _whose(one: Any) -> str:
    person = one.get("person") if isinstance(one, Mapping) else None
    return str(person.get("email") or person.get("id")) if isinstance(person, Mapping) else "somebody"


def _problems_of(one: Any) -> list[str]:
    try:
        return list(_compared(one))
    except Refused as refused:
        return [refused.sentence.text.format_map(refused.sentence.facts)]
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError) as broken:
        return [f"this result cannot be read ({type(broken).__name__})."]


def _compared(one: Mapping[str, Any]) -> Iterator[str]:
    """What stands, what stood before, and whether an appeal on record explains each change."""
    versions = [{**each, "calibration": _until(one, each["replaced_at"])} for each in one.get("versions", ())]
    for each in versions:
        yield from (f"as computed at {each['computed_at']}: {problem}" for problem in _recomputed(each))
    yield from _recomputed(one)
    yield from changes_on_record([*versions, one], one.get("appeals", ()))


def _until(one: Mapping[str, Any], moment: str) -> list[Any]:
    """The changes of a grade that were made before a moment."""
    return [change for change in one.get("calibration", ()) if change["at"] <= moment]


def _recomputed(one: Mapping[str, Any]) -> Iterator[str]:
    if fingerprint(one["rules"]) != one["rules_hash"]:
        yield "the rules are not those whose hash is kept."
    if one["rated"] != Rated.RATED:
        if any(one[name] is not None for name in ("score", "band", "tree")):
            yield "a result that is not rated holds a number or a grade."
        return
    root = from_json(one["tree"])
    yield from (_differs(node, again) for node, again in differences(root))
    yield from breaches(root, one["rules"])
    if one["score"] != str(root.value):
        yield f"the score is {one['score']}, but its tree makes {root.value}."
    yield from _graded(one, root)


def _differs(node: Node, again: Decimal) -> str:
    return f"{node.label.text.format_map(node.label.facts)} is {node.value}, but its inputs make {again}."


def _graded(one: Mapping[str, Any], root: Node) -> Iterator[str]:
    bands = [Band(band["name"], Decimal(band["lower"]) if band["lower"] else None) for band in one["rules"]["bands"]]
    earned, names = band_of(Decimal(one["score"]), bands), [band.name for band in bands]
    formula = one.get("formula_band") or one["band"]
    for ceiling in (reason["facts"]["ceiling"] for reason in one["reasons"] if "ceiling" in reason["facts"]):
        earned = lower_of(earned, ceiling, bands)
    if formula != earned:
        yield f"the grade is {formula}, but {one['score']} is {earned} by the rules and its red lines."
    yield from _calibrated(one, root, formula, names)


def _calibrated(one: Mapping[str, Any], root: Node, formula: str, names: Sequence[str]) -> Iterator[str]:
    """The grade that stands is the one by the rules, or the one that the newest change made of it; nothing else."""
    changes = one.get("calibration", ())
    counting = [change for change in changes if change["formula"] == formula]
    given = counting[-1]["after"] if counting and counting[-1] is changes[-1] else formula
    if one["band"] != given:
        yield f"the grade is {one['band']}, but the rules and the changes on record make {given}."
    stands = dict[str, str]()
    for change in changes:
        if change["before"] != stands.get(change["formula"], change["formula"]):
            yield f"a change begins at {change['before']}, which was not the grade then."
        stands = {change["formula"]: change["after"]}
    told = {name: each.value for name, each in root.inputs.items()} if root.formula == CALIBRATED else {}
    if told != ({"earned": points(formula, names), "given": points(given, names)} if given != formula else {}):
        yield "the tree does not show the change of the grade."
