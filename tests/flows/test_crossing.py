"""Two companies in one Cairn, with the same people, channels and ids: nothing of one is seen or done in the other."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.flow import Kind
from bot.store import cycles, people
from sandbox.state import Envelope
from sandbox.workspace import Team
from tests.cascades import company_objective
from tests.company import Server
from tests.flows.test_actuals_by_hand import reports
from tests.flows.test_forgeries import of_others
from tests.forged import OWN_WORDS
from tests.forging import Forger, all_text, drawn, everything, input_names, steps
from tests.stories import ended_quarter, heard_from_colleagues, placed_people, planned, reported_values, reviewed
from tests.tenants import Tenant, Tenants

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Files here, schemas in tests/flows/test_workspaces.py: what keeps companies apart lies before both."""

LANTERN = Path(__file__).parent.parent.parent / "examples" / "lantern" / "workspace.yml"
SECRET = "Cancelled the fair at Rotterdam without a word"
NAMES = ("emily", "marcus", "jonas")
VICTIMS = ("U01EMILY", "U01MARCUS", "U01JONAS", "U01MEI", "U01THOMAS", "U01JIANGUO")
PASSING = {"inbox", "rates"}


@pytest.fixture
def two(loop, server: Server, database_url: str, stamped_sqlite: Path) -> Iterator[list[Tenant]]:
    teams = Team("T0LANTERN", "Lantern Trading"), Team("T0HANSA", "Hansa Kontor")
    tenants = Tenants(loop, server, database_url, LANTERN, *teams)
    tenants.prepares(stamped_sqlite)
    yield tenants.companies("T0LANTERN", "T0HANSA")
    tenants.closes()
    assert [one for slack in tenants.slacks.values() for one in slack.findings] == []


@pytest.fixture
def lantern(two: list[Tenant]) -> Tenant:
    """A company amid a quarter, of which much is written."""
    lantern = two[0]
    cycle = ended_quarter(lantern, *NAMES)
    company_objective(lantern)
    reports(lantern.person("emily"), evidence=SECRET)
    reported_values(lantern, cycle, *NAMES)
    reviewed(lantern, cycle, "emily", strength=SECRET, gap=SECRET, gap_day="2027-02-10")
    heard_from_colleagues(lantern, cycle, "emily", "5", "4", "4", "4.5", "3.5", sentence=SECRET)
    for name in ("emily", "thomas", "mei", "jianguo"):
        lantern.person(name).opens_home()
    return lantern


@pytest.fixture
def hansa(two: list[Tenant], lantern: Tenant) -> Tenant:
    """Another one, of namesakes whose ids are the same, at its very beginning."""
    placed_people(two[1])
    return two[1]


@pytest.fixture(autouse=True)
def no_word_and_no_token_in_a_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        yield
    assert SECRET not in caplog.text
    assert "xoxb-" not in caplog.text
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def rows(tenant: Tenant) -> dict[str, set[str]]:
    return {table: found for table, found in everything(tenant).items() if table not in PASSING}


def in_front_of(tenant: Tenant) -> str:
    """All that anybody there has in front of them."""
    slack = tenant.slack
    messages = [one for channel in slack.channels.values() for one in channel.messages.values()]
    return str([messages, [view.body for view in (*slack.views.values(), *slack.homes.values())]])


def test_whatever_is_drawn_in_one_company_opens_nothing_in_the_other(lantern: Tenant, hansa: Tenant) -> None:
    hansa.person("thomas").opens_home()
    assert "2027-Q1" in lantern.person("thomas").home
    assert "2027-Q1" not in hansa.person("thomas").home
    both = lantern.person("emily"), hansa.person("emily")
    before = [emily.messages for emily in both]
    planned(lantern, "goals.ask", lantern.knows(cycles.every)[0].id, "U01EMILY")
    lantern.winds(to="2027-02-03T16:00:00+01:00")  # the clock is one, and so are steps, keys and ids
    hansa.settles()
    assert [emily.messages != seen for emily, seen in zip(both, before, strict=True)] == [True, False]

    real, names = drawn(lantern, *VICTIMS), input_names(lantern)
    known = of_others(lantern, lantern.knows(cycles.every)[0])
    assert {"cascade", "claims"} <= real.keys()
    lantern.settles()
    before, shown = rows(lantern), in_front_of(lantern)
    assert SECRET in str(before)
    mei = Forger(hansa, "U01MEI", "T0HANSA")  # HR there, and free to do most
    for step in (*steps(hansa, Kind.ACTION), *steps(hansa, Kind.VIEW)):
        for carry in [*real.get(step, ()), *real.get(step.split(".")[0], ()), *known][:1]:
            if step not in OWN_WORDS:
                mei.reads(step, carry, all_text(names, "4"))
    hansa.settles()
    lantern.settles()
    assert rows(lantern) == before
    assert in_front_of(lantern) == shown
    assert SECRET not in str(everything(hansa)) + in_front_of(hansa)
    hansa.slack.findings.clear()  # forged forms hold what Slack's client would not send


def language(tenant: Tenant) -> str:
    return str(tenant.knows(lambda session: people.get(session, "U01EMILY")).language)


def says(tenant: Tenant, words: str, **named: object) -> dict[str, object]:
    """An event as Slack sends it when Emily writes to Cairn, except for what is named here."""
    event = {"type": "message", "channel_type": "im", "user": "U01EMILY", "ts": "1.1", "channel": "D1", "text": words}
    who = {"team_id": tenant.home, "enterprise_id": None, "user_id": "U01CAIRN", "is_bot": True}
    return {"type": "event_callback", "event_id": "Ev1", "team_id": tenant.home, "authorizations": [who],
            "event": event, **named}  # fmt: skip


def test_a_request_is_for_the_workspace_that_slack_says_it_came_through(two: list[Tenant]) -> None:
    lantern, hansa = two

    def delivers(payload: dict[str, object], kind: str = "events_api") -> int:
        return lantern.runs(lantern._deliver(Envelope(kind, payload, "E1"))).status

    delivers(says(lantern, "language zh", team_id="T0HANSA", event_context="T0HANSA"))
    assert (language(lantern), language(hansa)) == ("zh", "en")
    delivers(says(hansa, "language zh"))
    assert (language(lantern), language(hansa)) == ("zh", "zh"), "the same delivery is new in another company"
    for tenant in two:
        tenant.settles()
    before = rows(hansa), rows(lantern)
    emily = Forger(lantern, "U01EMILY", "T0LANTERN")
    action = {"type": "button", "action_id": "help.show", "block_id": "b", "value": "", "action_ts": "1.1"}
    view = {"id": "V1", "type": "modal", "app_installed_team_id": "T0HANSA", "state": {"values": {}}}
    for named in ({"team": {"id": "T0HANSA", "domain": "hansa"}}, {"view": view}, {"team": {"id": "T0NOBODY"}},
                  {"team": {"id": "../T0HANSA"}}, {"team": {"id": "T0HANSA'; DROP TABLE people"}}):  # fmt: skip
        assert emily.delivers({"type": "block_actions", "actions": [action], **named}).body is None
    for tenant in two:
        tenant.settles()
    assert (rows(hansa), rows(lantern)) == before
