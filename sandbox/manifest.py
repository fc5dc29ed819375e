"""What an app's manifest says about the app, in the words of the workspace file."""

from typing import Any


def from_manifest(manifest: Any) -> dict[str, Any]:
    """Return name, scopes, events, commands and shortcuts of an app; TypeError says what in its manifest is odd."""
    return {
        "name": _words(_at(manifest, "display_information.name"), "display_information.name"),
        "scopes": _list(manifest, "oauth_config.scopes.bot", words=True),
        "events": _list(manifest, "settings.event_subscriptions.bot_events", words=True),
        "commands": _list(manifest, "features.slash_commands"),
        "shortcuts": _list(manifest, "features.shortcuts"),
    }


def _at(found: Any, path: str) -> Any:
    """What stands at a path of names; None where nothing does."""
    for name in path.split("."):
        if found is not None and not isinstance(found, dict):
            raise TypeError(f"there is something else than {path}")
        found = (found or {}).get(name)
    return found


def _list(manifest: Any, path: str, *, words: bool = False) -> list[Any]:
    found = _at(manifest, path)
    if not isinstance(found, list | None):
        raise TypeError(f"{path} is no list")
    return [_words(one, path) for one in found or ()] if words else found or []


def _words(found: Any, path: str) -> str:
    if not isinstance(found, str):
        raise TypeError(f"{path} is no text")
    return found
