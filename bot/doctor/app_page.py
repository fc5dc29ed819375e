"""How the app is set up at Slack, compared with the manifest: tabs, events, command, shortcuts, sockets."""

from collections.abc import Mapping
from typing import Any

from bot.doctor.finding import Finding
from bot.doctor.look import Look, at, listed

SAVE = "Save manifest.yml under App Manifest on the app's page."
HOME = "Turn it on under App Home on the app's page."


DETAILS = (
    ("features.slash_commands", "command", "should_escape"),
    ("features.shortcuts", "callback_id", "type"),
)
"""Where something stands in the manifest, what it is called by, and what has to be as it says."""


def _there(look: Look, path: str) -> Any:
    return look.exported.at(f"manifest.{path}")


def _missing(look: Look, path: str, name: str) -> list[str]:
    """What the manifest lists at a path and the app lacks, by name."""
    there = {_name(one, name) for one in listed(_there(look, path))}
    return [one for one in (_name(each, name) for each in listed(at(look.wanted, path))) if one not in there]


def _name(one: Any, name: str) -> str:
    return str(one.get(name) if isinstance(one, Mapping) else one)


def it_was_looked_at(look: Look) -> Finding | None:
    """Whether anything of this could be seen."""
    if look.exported.good or not look.auth.good:
        return None
    if look.settings.config_token and look.exported.error != "unasked":
        return Finding(
            f"Slack refuses SLACK_CONFIG_TOKEN ({look.exported.error}).",
            "Make a new one at the bottom of https://api.slack.com/apps; it is good for twelve hours.",
            severe=False,
        )
    return Finding(
        "Tabs, events, command and shortcuts cannot be seen without SLACK_CONFIG_TOKEN.",
        "Make one at the bottom of https://api.slack.com/apps and give it for one run, or look under App Home, Event "
        "Subscriptions, Slash Commands and Interactivity yourself.",
        severe=False,
    )


def messages_tab_is_on(look: Look) -> Finding | None:
    """Whether people can write to Cairn."""
    if look.exported.good and not _there(look, "features.app_home.messages_tab_enabled"):
        return Finding("The app's Messages tab is off: no message can be sent.", HOME)
    if look.exported.good and _there(look, "features.app_home.messages_tab_read_only_enabled"):
        return Finding(
            "The app's Messages tab is read-only: nobody can answer in words, and HR can drop no file.",
            "Allow users to send messages from the Messages tab, under App Home on the app's page.",
        )
    return None


def home_tab_is_on(look: Look) -> Finding | None:
    """Whether there is a Home tab."""
    if not look.exported.good or _there(look, "features.app_home.home_tab_enabled"):
        return None
    return Finding("The app's Home tab is off: what waits for somebody is shown nowhere.", HOME)


def events_are_subscribed(look: Look) -> Finding | None:
    """Whether Slack tells what Cairn listens to."""
    missing = _missing(look, "settings.event_subscriptions.bot_events", "") if look.exported.good else []
    return Finding(f"Slack does not tell Cairn of these events: {', '.join(missing)}.", SAVE) if missing else None


def command_is_there(look: Look) -> Finding | None:
    """Whether /cairn can be typed."""
    missing = _missing(look, "features.slash_commands", "command") if look.exported.good else []
    return Finding(f"The app has no slash command {', '.join(missing)}.", SAVE) if missing else None


def shortcuts_are_there(look: Look) -> Finding | None:
    """Whether every shortcut can be chosen."""
    missing = _missing(look, "features.shortcuts", "callback_id") if look.exported.good else []
    return Finding(f"The app lacks shortcuts: {', '.join(missing)}.", SAVE, severe=False) if missing else None


def buttons_work(look: Look) -> Finding | None:
    """Whether Slack passes on what is clicked."""
    if not look.exported.good or _there(look, "settings.interactivity.is_enabled"):
        return None
    return Finding("Interactivity is off: no button and no form arrives.", "Turn it on under Interactivity.")


def slack_comes_the_way_cairn_waits(look: Look) -> Finding | None:
    """Whether Socket Mode is on exactly when Cairn opens sockets."""
    if not look.exported.good:
        return None
    is_on = bool(_there(look, "settings.socket_mode_enabled"))
    if is_on == look.settings.socket_mode:
        return None
    if is_on:
        return Finding(
            "Socket Mode is on at Slack, and Cairn waits for HTTP: nothing arrives.",
            "Turn Socket Mode off on the app's page, or set SLACK_APP_TOKEN.",
        )
    return Finding(
        "SLACK_APP_TOKEN is set, and Socket Mode is off at Slack: nothing arrives.",
        "Turn Socket Mode on on the app's page, or take SLACK_APP_TOKEN out and use HTTP.",
    )


def requests_come_to_one_address(look: Look) -> Finding | None:
    """Whether what is told, pressed and typed all goes to the address that was given, or at least to one."""
    if look.settings.socket_mode or not look.exported.good or _there(look, "settings.socket_mode_enabled"):
        return None
    goes = {
        "Event Subscriptions": _there(look, "settings.event_subscriptions.request_url"),
        "Interactivity": _there(look, "settings.interactivity.request_url"),
        **{_name(one, "command"): at(one, "url") for one in listed(_there(look, "features.slash_commands"))},
    }
    wanted = look.url or next((one for one in goes.values() if one), "the request URL")
    wrong = [f"{name} {one or 'nowhere'}" for name, one in goes.items() if one != wanted]
    if not wrong:
        return None
    return Finding(
        f"Not everything goes to {wanted}: {', '.join(wrong)}.",
        "Enter that one address under Event Subscriptions, Interactivity and Slash Commands on the app's page.",
    )


def details_are_as_wanted(look: Look) -> Finding | None:
    """Whether the command and the shortcuts do what the manifest says of them."""
    if not look.exported.good:
        return None
    other = [
        f"{_name(one, name)} {detail}"
        for path, name, detail in DETAILS
        for one in listed(at(look.wanted, path))
        for there in listed(_there(look, path))
        if _name(there, name) == _name(one, name) and (at(there, detail) or False) != (at(one, detail) or False)
    ]
    return Finding(f"Set up otherwise than in manifest.yml: {', '.join(other)}.", SAVE, severe=False) if other else None


def tokens_last(look: Look) -> Finding | None:
    """Whether Slack changes the token every twelve hours, which Cairn does not follow where it has one workspace."""
    if look.settings.many or not look.exported.good or not _there(look, "settings.token_rotation_enabled"):
        return None
    return Finding(
        "Token rotation is on: the bot's token ends after twelve hours.",
        "Make the app anew from manifest.yml; Slack does not let anybody turn rotation off again.",
    )


CHECKS = (
    it_was_looked_at,
    messages_tab_is_on,
    home_tab_is_on,
    events_are_subscribed,
    command_is_there,
    shortcuts_are_there,
    buttons_work,
    slack_comes_the_way_cairn_waits,
    requests_come_to_one_address,
    details_are_as_wanted,
    tokens_last,
)
