"""What an app's manifest says about the app, in the words of the workspace file."""

from typing import Any


def from_manifest(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return name, scopes, events, commands and shortcuts of a Slack app manifest."""
    features = manifest.get("features", {})
    settings = manifest.get("settings", {})
    return {
        "name": manifest["display_information"]["name"],
        "scopes": manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []),
        "events": settings.get("event_subscriptions", {}).get("bot_events", []),
        "commands": features.get("slash_commands", []),
        "shortcuts": features.get("shortcuts", []),
    }
