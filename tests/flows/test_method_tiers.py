"""Every method of Slack's that Cairn calls has its tier's bucket, which all workers share."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

import bot
from bot.slack.client import NoRoom, Pace, PacedClient
from bot.slack.limits import SLACKS, TIER_3
from sandbox.state import Fault
from tests.company import Company

HISTORY = "conversations.history"


def methods_called() -> set[str]:
    """By a method of the SDK's client, or by name. The doctor, who asks a few questions once, waits for nobody."""
    files = Path(str(bot.__file__)).parent.rglob("*.py")
    source = "\n".join(path.read_text() for path in files if "doctor" not in path.parts)
    by_attribute = {name for name in re.findall(r"client\)?\.(\w+)\(", source) if "_" in name}
    in_sdk = {name.replace("_", ".") for name in by_attribute if hasattr(AsyncWebClient, name)} - {"api.call"}
    return in_sdk | set(re.findall(r'"((?:chat|views|conversations|users|files|apps|auth)\.[a-zA-Z.]+)"', source))


def test_every_method_that_is_called_has_its_limit_and_no_other_has() -> None:
    called = methods_called()
    assert {"chat.postMessage", "users.list", "apps.connections.open", "views.push"} <= called
    assert called == {name for name in SLACKS if "." in name}


def another_worker(company: Company) -> PacedClient:
    """The client of one more worker on the same database, in a hurry as a real one."""
    pace = Pace(company.database, company.real_clock, {HISTORY: TIER_3})
    ours = company.cairn.client
    return PacedClient(pace, token=ours.token, base_url=ours.base_url, retry_handlers=[])


def test_what_slack_said_to_one_worker_holds_back_the_others(company: Company) -> None:
    first, second = another_worker(company), another_worker(company)
    channel = company.person("emily").dm
    company.slack.faults[HISTORY] = Fault("429", times=1, retry_after=90)
    with pytest.raises(SlackApiError):
        company.runs(first.conversations_history(channel=channel))
    with pytest.raises(NoRoom) as full:
        company.runs(second.conversations_history(channel=channel))
    assert timedelta(seconds=85) < full.value.wait <= timedelta(seconds=90)
    assert company.findings() == [], "nothing was asked again"
    company.real_clock.wind(company.real_clock.now() + timedelta(seconds=91))
    assert company.runs(second.conversations_history(channel=channel))["ok"]
