"""Who takes no part: guests, leavers, bots, people of other workspaces, and ids that are nobody's."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sandbox.state import Envelope, Fault
from tests.company import Company
from tests.forging import Forger, all_text, everything
from tests.stories import launched_quarter

NO_PART = "guests and former colleagues take no part"
NO_PART_ZH = "Cairn 供本公司的同事使用，访客和已离职的同事不参与"
SENTENCES = {
    "U01OLIVER": NO_PART, "U01JIN": NO_PART_ZH, "U01PARCEL": NO_PART, "U09HANSA": NO_PART, "U0NOBODY": NO_PART,
}  # fmt: skip
"""A guest, a leaver, a bot, a customer met through Slack Connect, and nobody."""


@pytest.fixture(params=SENTENCES)
def stranger(company: Company, request: pytest.FixtureRequest) -> Iterator[Forger]:
    """Somebody who presses, types and sends like anybody else."""
    launched_quarter(company)
    emily = company.slack.people["U01EMILY"]
    customer = replace(emily, id="U09HANSA", name="Hansa Buyer", display="hansa", team="T0HANSA")
    company.slack.people[customer.id] = customer
    yield Forger(company, request.param, "T0HANSA" if request.param == customer.id else "T0LANTERN")
    company.slack.findings.clear()  # Slack knows nobody of the last id, and no DM to some of the others


def shown(company: Company, user_id: str) -> str:
    return str([view.body for view in company.slack.views.values() if view.user == user_id])


def test_a_button_answers_with_the_sentence(company: Company, stranger: Forger) -> None:
    before = everything(company)["people"]
    stranger.presses("goals.look", "x/U01EMILY")
    assert SENTENCES[stranger.id] in shown(company, stranger.id)
    assert {row for row in before ^ everything(company)["people"] if stranger.id not in row} == set()


def test_a_form_answers_with_the_sentence_and_nothing_is_kept(company: Company, stranger: Forger) -> None:
    answer = stranger.sends("people.save", "U01EMILY", {"position": {"type": "plain_text_input", "value": "Chief"}})
    assert SENTENCES[stranger.id] in answer.body["errors"]["position"]
    assert "Chief" not in str(everything(company))


def test_a_command_answers_with_the_sentence(company: Company, stranger: Forger) -> None:
    body = {"command": "/cairn", "text": "goals", "user_id": stranger.id, "trigger_id": "1.1"}
    answer = company.runs(company._deliver(Envelope("slash_commands", body, "c")))
    assert SENTENCES[stranger.id] in answer.body["text"]


def test_home_and_words_in_the_dm_change_nothing_and_break_nothing(
    company: Company, stranger: Forger, caplog: pytest.LogCaptureFixture
) -> None:
    home = {"type": "app_home_opened", "tab": "home", "user": stranger.id}
    where = {"type": "message", "channel_type": "im", "channel": "D1", "ts": "1.1"}
    words = {**where, "user": stranger.id, "text": "goals"}
    for number, event in enumerate((home, words)):
        body = {"type": "event_callback", "event_id": f"Ev{number}", "event": event}
        assert company.runs(company._deliver(Envelope("events_api", body, "e"))).status == 200
    company.settles()
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_who_leaves_is_refused_from_that_moment_on(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn help")
    gone = replace(company.slack.people[emily.id], deleted=True)
    company.slack.people[emily.id] = gone
    event = {"type": "user_change", "user": {"id": emily.id}}
    body = {"type": "event_callback", "event_id": "Ev1", "event": event}
    assert company.runs(company._deliver(Envelope("events_api", body, "e"))).status == 200
    Forger(company, emily.id).presses("goals.look", "")
    assert NO_PART in shown(company, emily.id)
    company.slack.findings.clear()  # what was on its way to her finds no DM any more


def test_slack_that_cannot_say_who_somebody_is_costs_a_try_and_not_a_word(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    company.slack.people["U01NEW"] = replace(company.slack.people["U01EMILY"], id="U01NEW", display="new")
    company.slack.faults["users.info"] = Fault("500", 1)
    answer = Forger(company, "U01NEW").sends("people.save", "x", all_text(["position"], "Chief"))
    assert "reference" in answer.body["errors"]["position"]
    assert "Chief" not in caplog.text
