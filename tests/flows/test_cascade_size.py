"""The cascade of many people."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event, insert

from bot.domain.split import evenly
from bot.store.goals import SheetRow
from bot.store.objectives import GoalSupportRow, ObjectiveRow, PartRow
from bot.store.people import PersonRow, StintRow
from tests.cascades import TITLE, company_objective, split_to_thomas
from tests.company import Company
from tests.objective_trees import one_of


@contextmanager
def statements(company: Company) -> Iterator[list[str]]:
    """Every statement that the database is sent meanwhile."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, _values, _context, _many) -> None:
        seen.append(statement)

    event.listen(company.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(company.database.engine, "before_cursor_execute", note)


def _crowd(company: Company, cycle_id: str, numbers: range) -> None:
    """So many people under Thomas, each with a part and an agreed goal that supports it."""
    ids = [f"U9{n:05d}" for n in numbers]
    whole = one_of(company, part="Europe and Americas")
    goal = {"id": "revenue", "target": "3000"}
    person = {"email": "", "locale": "en-GB", "tz": "Europe/Berlin", "owner": False, "takes_part": True}
    sheet = {"state": "agreed", "version": 1, "rules_hash": "", "revision": 1, "spoken_by": "", "comment": ""}
    part = {"title": TITLE, "part": "", "cut": "person", "unit": "CNY", "direction": "higher", "leading": False}
    days = {"starts_on": whole.starts_on, "ends_on": whole.ends_on, "revision": 0}
    months = {"target": Decimal(12_000), "months": [str(one) for one in evenly(Decimal(12_000), 12)]}
    rows = {
        PersonRow: [{"id": one, "name": f"Seller {one}", **person} for one in ids],
        StintRow: [{"person_id": one, "starts_on": date(2020, 1, 1), "department": "Sales", "position": "",
                    "manager_id": "U01THOMAS"} for one in ids],
        ObjectiveRow: [{"id": f"o{one}", "owner_id": one, **part, **days, **months} for one in ids],
        PartRow: [{"child_id": f"o{one}", "parent_id": whole.id, "share": Decimal(100)} for one in ids],
        SheetRow: [{"cycle_id": cycle_id, "person_id": one, "goals": [goal], "agreed": [goal], "before": [], **sheet}
                   for one in ids],
        GoalSupportRow: [{"cycle_id": cycle_id, "person_id": one, "goal_id": "revenue", "objective_id": f"o{one}",
                          "share": Decimal(100)} for one in ids],
    }  # fmt: skip
    company.knows(lambda session: [session.execute(insert(row), values) for row, values in rows.items()])


def test_the_tree_of_two_thousand_people_opens_at_once_with_as_many_queries_as_that_of_ten(
    company: Company, quarter: str
) -> None:
    thomas = split_to_thomas(company)
    counts = []
    for numbers in (range(10), range(10, 2_000)):
        _crowd(company, quarter, numbers)
        thomas.types("/cairn goals")
        with statements(company) as seen:
            begun = time.process_time()
            thomas.clicks("Open")
            thomas.clicks("See the tree")
            assert time.process_time() - begun < 3, "of Cairn, its database and the local Slack together"
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert "Page 1 of 50" in thomas.sees()
    thomas.clicks("Next page")
    assert "Page 2 of 50" in thomas.sees()
    assert "3,000 CNY" not in thomas.sees()


@pytest.mark.parametrize(("before", "target"), [("1.5亿", "+20%"), ("150,000,000", "1.8 亿"), ("15000万", "18000 万")])
def test_numbers_are_read_as_people_write_them(placed: Company, before: str, target: str) -> None:
    company_objective(placed, baseline=before, target=target)
    whole = one_of(placed, title=TITLE)
    assert (whole.baseline, whole.target) == (150_000_000, 180_000_000)
