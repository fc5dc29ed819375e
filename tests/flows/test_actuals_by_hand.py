"""A value by hand: one of the two reports it with evidence, the other confirms it, and only then it counts."""

from decimal import Decimal

import pytest

from bot.domain.cycle import Cycle
from bot.domain.reported import Reported
from bot.slack.desk import Delivery, Refusal
from bot.store import actuals, audit, claims
from tests.company import Company, Persona
from tests.stories import ended_quarter, reported_values

LINK = "https://crm.lantern.example/visits?quarter=2027-1"


@pytest.fixture
def cycle(company: Company) -> Cycle:
    return ended_quarter(company, "emily", "marcus")


def goal_named(who: Persona, kpi: str, of: str) -> str:
    """The option of somebody's goal in the form on top."""
    options = next(one["element"]["options"] for one in who.modal["blocks"] if one["block_id"] == "goal")
    return next(one["value"] for one in options if one["value"].endswith(f"{of}/{kpi}"))


def reports(who: Persona, kpi: str = "visits", of: str = "U01EMILY", **changes: str) -> None:
    who.types("/cairn report")
    fields = {"period": "2027-Q1", "value": "57", "evidence": LINK}
    who.submits(goal=goal_named(who, kpi, of), **{**fields, **changes})


def visits(company: Company, cycle: Cycle) -> Reported | None:
    return company.knows(lambda session: actuals.values(session, cycle.id, "U01EMILY").get("visits"))


def test_what_the_employee_reports_counts_once_the_manager_confirmed_it(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    assert "I asked Thomas" in emily.last_words()
    assert visits(company, cycle) is None
    assert LINK in thomas.last_words().replace("&amp;", "&")
    thomas.clicks("Confirm")
    found = visits(company, cycle)
    assert (found.value, found.source, found.reported_by) == (Decimal(57), LINK, "U01EMILY")
    assert "is confirmed and counts" in emily.last_words()
    assert "is confirmed and counts" in thomas.last_words()
    acts = [one.act for one in company.knows(lambda session: audit.about(session, "U01EMILY"))]
    assert {"report_value", "confirm_value"} <= set(acts)


def test_what_the_manager_reports_is_confirmed_by_the_employee(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(thomas)
    emily.clicks("Confirm")
    assert visits(company, cycle).reported_by == "U01THOMAS"


def test_the_notification_tells_no_number(company: Company, cycle: Cycle) -> None:
    reports(company.person("emily"))
    assert company.person("thomas").pushes[-1] == (
        "Emily Carter reports an actual value and asks you to confirm it."
    )  # fmt: skip


def test_a_disputed_value_does_not_count_and_both_read_why(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    thomas.clicks("Dispute")
    thomas.submits(reason="The March visits are counted twice.")
    assert visits(company, cycle) is None
    for who in (emily, thomas):
        assert "It does not count." in who.last_words()
        assert "The March visits are counted twice." in who.last_words()
    reports(emily, value="52")
    thomas.clicks("Confirm")
    assert visits(company, cycle).value == Decimal(52)


def test_what_was_known_before_is_shown_to_who_confirms(company: Company, cycle: Cycle) -> None:
    reported_values(company, cycle, "emily")
    reports(company.person("emily"))
    assert "from CRM" in company.person("thomas").last_words()


def test_a_value_waits_in_home_and_can_be_withdrawn(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    thomas.opens_home()
    assert "A reported value waits for you" in thomas.home
    emily.clicks("Withdraw")
    assert "withdrew the value" in thomas.sees()
    assert company.knows(lambda session: claims.waiting_for(session, thomas.id)) == []
    assert visits(company, cycle) is None


def test_nobody_confirms_their_own_value(company: Company, cycle: Cycle) -> None:
    reports(company.person("emily"))
    (waiting,) = company.knows(lambda session: claims.waiting_for(session, "U01THOMAS"))
    for other, sentence in (("U01EMILY", "Only the other one"), ("U01MARCUS", "not yours"), ("U01MEI", "not yours")):
        with pytest.raises(Refusal, match=sentence):
            presses(company, other, "confirm", waiting.id)
    assert visits(company, cycle) is None


def test_confirming_twice_is_refused(company: Company, cycle: Cycle) -> None:
    reports(company.person("emily"))
    (waiting,) = company.knows(lambda session: claims.waiting_for(session, "U01THOMAS"))
    company.person("thomas").clicks("Confirm")
    with pytest.raises(Refusal, match="meanwhile"):
        presses(company, "U01THOMAS", "confirm", waiting.id)


def presses(company: Company, user_id: str, step: str, carry: str) -> None:
    desk = company.cairn.desk
    company.runs(desk.take(Delivery(f"{user_id}-{step}", user_id, carry), desk.flows.steps[f"claims.{step}"]))


def test_without_evidence_it_is_not_taken(company: Company, cycle: Cycle) -> None:
    emily = company.person("emily")
    reports(emily, evidence="yes")
    assert "Please give a link" in emily.errors["evidence"]
    assert company.knows(lambda session: claims.waiting_for(session, "U01THOMAS")) == []


def test_the_same_value_is_not_reported_twice_at_once(company: Company, cycle: Cycle) -> None:
    emily = company.person("emily")
    reports(emily)
    reports(emily, value="99")
    assert "waits to be confirmed" in emily.errors["goal"]


def test_who_has_no_agreed_goal_reads_so(company: Company, cycle: Cycle) -> None:
    jonas = company.person("jonas")
    jonas.types("/cairn report")
    assert "There is no agreed goal yet" in jonas.last_words()


def test_all_of_it_in_chinese(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    for who in (emily, thomas):
        who.types("/cairn language zh")
    reports(emily)
    assert "已请 Thomas" in emily.last_words()
    thomas.clicks("质疑")
    thomas.submits(reason="三月重复计算了。")
    assert "它不生效" in emily.last_words()
    reports(emily)
    thomas.clicks("确认")
    assert "已确认并生效" in emily.last_words()
