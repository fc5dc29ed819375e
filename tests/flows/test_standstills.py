"""What Slack refuses until an operator acts is seen: at /healthz, in the log once, and in HR's Home."""

import logging

import pytest

from bot.store import standstill
from sandbox.state import Fault
from tests.company import Company

POST = "chat.postMessage"


def health(company: Company) -> tuple[bool, tuple[str, ...]]:
    """What /healthz says of it."""
    good, facts = company.runs(company.cairn.health())
    return good, facts["refused"]


def test_a_revoked_token_is_no_health_until_slack_takes_something_again(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    company.slack.faults["*"] = Fault("token_revoked", times=1_000)
    company.person("emily").types("hello")
    assert health(company) == (False, ("token_revoked",))
    assert company.runs(company.cairn.answers())[0] is True
    company.waits(minutes=11)
    [said] = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert said.startswith("Slack refuses everything error=token_revoked: SLACK_BOT_TOKEN was revoked; install the app")
    company.slack.faults.clear()
    company.waits(minutes=11)
    assert health(company) == (True, ())
    assert company.person("emily").messages


def test_what_one_method_lacks_stops_that_method_and_hr_reads_it_in_home(company: Company) -> None:
    mei, emily = company.person("mei"), company.person("emily")
    mei.types("/cairn language en")
    company.slack.faults[POST] = Fault("missing_scope", times=1_000)
    emily.types("hello")
    mei.opens_home()
    assert "Slack refuses what I send (“missing_scope”). Please tell whoever runs me." in mei.home
    assert health(company) == (False, ("missing_scope",))
    emily.opens_home()
    assert "Slack refuses" not in emily.home
    company.slack.faults.clear()
    company.waits(minutes=11)
    assert "Slack refuses" not in mei.home
    assert emily.messages


def test_what_nobody_met_again_is_over(company: Company) -> None:
    now = company.real_clock.now()
    company.knows(lambda session: standstill.note(session, "", "invalid_auth", now))
    assert health(company)[0] is False
    company.waits(minutes=21)
    assert health(company) == (True, ())
