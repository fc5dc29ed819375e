"""What the templates propose can be scored, and so can everything that the demo company reached."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.directory import day_of
from bot.domain.kpi import attainment
from bot.domain.measure import Direction, check_measure
from bot.domain.template_measures import actual_of, measure_of, reached
from bot.domain.written import number_of
from bot.sources.actuals_file import read_actuals
from bot.sources.people_file import read_people
from bot.sources.templates import shipped

LANTERN = Path(__file__).parents[2] / "examples" / "lantern"
KPIS = {kpi.id: kpi for template in shipped().values() for kpi in (*template.kpis, *template.shelf)}


@pytest.mark.parametrize(
    "kpi", [kpi for template in shipped().values() for kpi in template.kpis], ids=lambda kpi: kpi.id
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_proposed_measure_may_be_agreed_as_it_is(kpi, language):
    check_measure(measure_of(kpi, language))


def test_every_value_of_the_demo_company_can_be_scored():
    for row in read_actuals((LANTERN / "actuals.csv").read_bytes()):
        if row.value:
            measure = measure_of(KPIS[row.measure], "en")
            assert attainment(measure, actual_of(measure, number_of(row.value)[0])).value is not None


def test_the_demo_company_has_hits_and_misses_in_every_department():
    hits, misses = set(), set()
    departments = {person.email: person.department for person in read_people((LANTERN / "people.csv").read_bytes())}
    for row in read_actuals((LANTERN / "actuals.csv").read_bytes()):
        if row.value and row.measure != "revenue":  # its targets are agreed person by person
            measure = measure_of(KPIS[row.measure], "zh")
            value = attainment(measure, actual_of(measure, number_of(row.value)[0])).value
            (hits if value >= 1 else misses).add(departments[row.email])
    assert hits == misses == {"Sales", "R&D", "Logistics"}


@pytest.mark.parametrize(("points", "count"), [(0, 0), (19, 0), (20, 1), (50, 2), (79, 2), (80, 3), (100, 4)])
def test_points_of_milestones_stand_for_the_first_ones_in_order(points, count):
    measure = measure_of(KPIS["milestones"], "en")
    assert len(reached(measure, Decimal(points))) == count


def test_a_rubric_is_scored_by_its_level():
    measure = measure_of(KPIS["technical_depth"], "en")
    assert measure.direction is Direction.RUBRIC
    assert attainment(measure, actual_of(measure, Decimal(5))).value == Decimal("1.2")


def test_one_newcomer_is_there_for_two_thirds_of_the_quarter_and_one_too_short_for_a_rating():
    starts = [day_of(person.start_date) for person in read_people((LANTERN / "people.csv").read_bytes())]
    assert sorted(day for day in starts if day >= date(2027, 1, 1)) == [date(2027, 2, 1), date(2027, 3, 15)]
