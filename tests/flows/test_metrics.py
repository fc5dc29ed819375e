"""What an operator's Prometheus reads, and what a collector of logs does."""

import json
import logging

import pytest

from bot.logs import JsonLines, set_up_logs
from bot.slack.metrics import ACK, Metrics
from sandbox.state import Fault
from tests.company import Company


def read(company: Company) -> dict[str, float]:
    """The figures by their names and labels."""
    lines = company.runs(company.cairn.figures()).splitlines()
    return {name: float(value) for name, _, value in (one.rpartition(" ") for one in lines if one[0] != "#")}


def test_acks_and_slacks_errors_are_counted_and_what_waits_is_measured(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn help")
    company.slack.faults["chat.postMessage"] = Fault("429", times=1, retry_after=90)
    emily.types("hello")
    figures = read(company)
    assert figures['cairn_ack_seconds_count{kind="command"}'] == 1
    assert figures['cairn_ack_seconds_bucket{kind="command",le="+Inf"}'] == 1
    assert figures['cairn_slack_errors_total{method="chat.postMessage",error="ratelimited"}'] == 1
    assert figures["cairn_outbox_waiting"] >= 1
    assert {"cairn_outbox_lag_seconds", "cairn_timers_late_seconds"} <= set(figures)
    assert not [name for name in figures if "emily" in name.casefold()]


def test_a_refusal_that_lasts_is_a_figure(company: Company) -> None:
    company.slack.faults["*"] = Fault("token_revoked", times=100)
    company.person("emily").types("hello")
    assert read(company)['cairn_slack_refuses{error="token_revoked"}'] == 1


def test_a_histogram_counts_up_to_each_edge_and_labels_are_escaped() -> None:
    metrics = Metrics()
    for seconds in (0.04, 0.3, 7.0):
        metrics.observe(ACK, seconds, kind='a "kind"')
    said = metrics.text({})
    assert 'cairn_ack_seconds_bucket{kind="a \\"kind\\"",le="0.05"} 1\n' in said
    assert 'le="0.5"} 2\n' in said
    assert 'le="3.0"} 2\n' in said
    assert 'le="+Inf"} 3\n' in said
    assert "# TYPE cairn_ack_seconds histogram\n" in said
    assert said.endswith("\n")


def test_each_line_of_the_log_can_be_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    try:
        set_up_logs("INFO", "json")
        assert isinstance(logging.getLogger().handlers[0].formatter, JsonLines)
        logging.getLogger("bot.web").info("fault ref=%s step=%s", "7F3A", "goals.agree")
    finally:
        logging.getLogger().handlers[:] = before
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert line["message"] == "fault ref=7F3A step=goals.agree"
    assert (line["ref"], line["step"], line["level"], line["from"]) == ("7F3A", "goals.agree", "INFO", "bot.web")
