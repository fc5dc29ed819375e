"""Whose work Cairn is built on and under which licence: python -m scripts.licences writes docs/licences.md.

What `uv.lock` names for running Cairn, without tools for its development, as the installed packages tell it.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
HEAD = """# Licences

Cairn stands under the MIT licence (`LICENSE`). What it needs to run, on Linux; `make licences` writes this page anew,
and a test finds what came in since, or a licence that nobody has agreed to.

| Package | Licence |
|---|---|
"""
AGREED = ("MIT", "BSD", "Apache", "PSF", "Python Software Foundation", "ISC", "MPL", "Mozilla", "LGPL")
"""Licences that leave a company free to run and to change Cairn; of a choice of several, one is enough."""


def needed() -> list[str]:
    """The names of all packages that run with Cairn, from the lock file."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    packages: dict[str, Any] = {one["name"]: one for one in locked["package"]}
    found: dict[str, None] = {}
    waiting = [("cairn", frozenset[str]())]
    while waiting:
        name, extras = waiting.pop()
        for one in _needs(packages[name], extras):
            if one["name"] not in found:
                found[one["name"]] = None
                waiting.append((one["name"], frozenset(one.get("extra", ()))))
    return sorted(found)


def _needs(package: Mapping[str, Any], extras: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    yield from package.get("dependencies", ())
    for extra in extras:
        yield from package.get("optional-dependencies", {}).get(extra, ())


def licences() -> dict[str, str]:
    """The licence of each package that is installed here; one for another kind of machine is not."""
    found = {}
    for name in needed():
        try:
            found[name] = licence_of(metadata(name))
        except PackageNotFoundError:
            continue
    return found


def licence_of(said: PackageMetadata) -> str:
    """What a package says its licence is: as an expression, as a classifier, or in a line of its own."""
    if expression := said.get("License-Expression"):
        return str(expression)
    classed = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or () if one.startswith("License ::")]
    words = str(said.get("License") or "").strip()
    return ", ".join(classed) or (words.splitlines()[0] if words else "")


def page() -> str:
    """The page as it should stand."""
    return HEAD + "".join(f"| {name} | {licence} |\n" for name, licence in licences().items())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} written.\n")
