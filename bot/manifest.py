"""The manifest of this version: what Cairn asks Slack for."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
PLACES = (HERE.parents[1] / "manifest.json", HERE.parent / "manifest.json")
"""In a checkout beside the code, in a wheel inside it."""


class NoManifest(Exception):  # noqa: N818 - it reads as what happened
    """What Cairn asks Slack for cannot be read; the sentence says where it should stand."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} is missing, or is no manifest with the scopes of a bot. Put back the one of this version, or have "
            "`python -m scripts.manifest_json` write it anew."
        )


def wanted_manifest(places: Sequence[Path] = PLACES) -> Mapping[str, Any]:
    """The manifest, at the first of these places that has one; raises `NoManifest`."""
    file = next((one for one in places if one.is_file()), places[0])
    try:
        return read_manifest(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        raise NoManifest(file) from None


def read_manifest(content: bytes) -> Mapping[str, Any]:
    """A manifest as it is kept; raises ValueError, or RecursionError, where its bot has no list of scopes."""
    found = json.loads(content)
    scopes = found
    for name in ("oauth_config", "scopes", "bot"):
        scopes = scopes.get(name) if isinstance(scopes, Mapping) else None
    if not isinstance(scopes, list) or not all(isinstance(one, str) for one in scopes):
        raise ValueError("no manifest")
    manifest: Mapping[str, Any] = found
    return manifest


def wanted_scopes() -> list[str]:
    """The scopes that Cairn cannot do without."""
    return list(wanted_manifest()["oauth_config"]["scopes"]["bot"])
