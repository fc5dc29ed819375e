"""The demo company hangs together: people, numbers and targets agree with each other."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from bot.sources.templates import shipped

LANTERN = Path(__file__).parents[2] / "examples" / "lantern"
NEVER_MEASURED = {"Management", "Finance", "HR"}


def table(name):
    with (LANTERN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def people():
    return {row["email"]: row for row in table("people.csv")}


@pytest.fixture(scope="module")
def actuals():
    return table("actuals.csv")


@pytest.fixture(scope="module")
def members():
    workspace = yaml.safe_load((LANTERN / "workspace.yml").read_text("utf-8"))
    return workspace["people"]


def test_forty_people_work_there(people):
    departments = Counter(row["department"] for row in people.values())
    assert departments == {"Sales": 16, "R&D": 12, "Logistics": 8, "HR": 2, "Management": 1, "Finance": 1}


def test_everyone_but_the_general_manager_has_a_manager_who_works_there(people):
    assert [row["position"] for row in people.values() if not row["manager_email"]] == ["General manager"]
    assert {row["manager_email"] for row in people.values()} - {""} <= people.keys()


def test_the_local_slack_has_the_same_forty_and_three_who_take_no_part(people, members):
    apart = [each for each in members if each.get("guest") or each.get("deleted") or each.get("bot")]
    partakers = {each["email"]: each["name"] for each in members if each not in apart}
    assert partakers == {email: row["name"] for email, row in people.items()}
    assert len(apart) == 3


def test_it_spans_three_time_zones_and_two_languages(members):
    assert {each["tz"] for each in members} == {"Asia/Shanghai", "Europe/Berlin", "America/New_York"}
    assert {each["locale"][:2] for each in members} == {"zh", "en"}


def test_the_hr_lead_owns_the_workspace(members):
    assert [each["id"] for each in members if each.get("owner")] == ["U01MEI"]


def test_somebody_started_inside_the_quarter(people):
    assert [email for email, row in people.items() if "2027-01-01" < row["start_date"] <= "2027-03-31"]


def test_every_measured_person_has_one_row_per_measure_of_their_template(people, actuals):
    measures = {template.name.en: template for template in shipped().values()}
    expected = Counter()
    for email, row in people.items():
        for template in measures.values():
            if template.serves(row["department"]) and row["department"] not in NEVER_MEASURED:
                expected.update((email, kpi.id) for kpi in template.kpis)
    assert Counter((row["email"], row["measure"]) for row in actuals) == expected
    measured = {email for email, _ in expected}
    assert {people[email]["department"] for email in people.keys() - measured} == NEVER_MEASURED


def test_exactly_one_value_is_missing_on_purpose(actuals):
    assert [(row["email"], row["measure"]) for row in actuals if not row["value"]] == [
        ("jonas@lantern.example", "satisfaction")
    ]


def test_annual_sales_shall_grow_by_a_fifth():
    strategy = yaml.safe_load((LANTERN / "strategy.yml").read_text("utf-8"))
    for span in ("year", "quarter"):
        assert strategy[span]["target"] == strategy[span]["baseline"] * Decimal("1.2")


def test_targets_split_from_the_company_to_teams_and_people():
    strategy = yaml.safe_load((LANTERN / "strategy.yml").read_text("utf-8"))
    teams = {team["lead"]: team["target"] for team in strategy["teams"]}
    sales = next(each for each in strategy["departments"] if each["name"] == "Sales")
    assert sum(teams.values()) == sales["target"] == strategy["quarter"]["target"]
    coverage = {lead: sum(shares.values()) / teams[lead] for lead, shares in strategy["people"].items()}
    assert all(1 <= share <= 1.05 for share in coverage.values()), coverage


def test_what_the_people_sold_adds_up_to_what_their_leads_report(actuals):
    strategy = yaml.safe_load((LANTERN / "strategy.yml").read_text("utf-8"))
    sold = {row["email"]: int(row["value"].replace(",", "")) for row in actuals if row["measure"] == "revenue"}
    for lead, team in strategy["people"].items():
        assert sold[lead] == sum(sold[email] for email in team)
    assert sold["qiang@lantern.example"] == sold["li@lantern.example"] + sold["thomas@lantern.example"]
