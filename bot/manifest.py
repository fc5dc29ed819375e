"""The manifest of this version: what Cairn asks Slack for."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()


def wanted_manifest() -> Mapping[str, Any]:
    """The manifest: in a checkout beside the code, in a wheel inside it."""
    places = [HERE.parents[1] / "manifest.json", HERE.parent / "manifest.json"]
    found: Mapping[str, Any] = json.loads(next(one for one in places if one.exists()).read_text(encoding="utf-8"))
    return found


def wanted_scopes() -> list[str]:
    """The scopes that Cairn cannot do without."""
    return list(wanted_manifest()["oauth_config"]["scopes"]["bot"])
