"""Slack waits three seconds for an answer: whatever is slow on the way, it comes in time, and nothing is lost."""

import time

from bot.slack import present
from sandbox.state import Fault
from tests.company import Company


def test_a_window_that_hangs_is_offered_in_the_dm_and_the_answer_is_in_time(company: Company) -> None:
    emily = company.person("emily")
    company.slack.faults["views.open"] = Fault("hang", 1)
    began = time.monotonic()
    emily.types("/cairn privacy")
    assert present.PATIENCE <= time.monotonic() - began < 10
    emily.clicks("Open")
    assert "What I keep about you" in emily.sees()


def test_a_page_that_hangs_is_offered_in_the_dm_and_the_answer_is_in_time(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn people")
    company.slack.faults["views.update"] = Fault("hang", 1)
    began = time.monotonic()
    mei.clicks("更正人员信息")
    assert time.monotonic() - began < 10
    mei.closes()
    mei.clicks("打开")
    assert mei.modals
