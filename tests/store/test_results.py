"""What results are computed from: who was there for how long, on leave when, and what was released about them."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.cycle import Cycle
from bot.domain.org import Stint
from bot.domain.proration import Served
from bot.domain.refusal import Refused
from bot.domain.result import Facts
from bot.store import facts, goals, leaves, people, released, results
from tests.company import Company
from tests.stories import ended_quarter, heard_from_colleagues, planned, reported_values, reviewed


def weekdays(_person):
    return lambda day: day.weekday() < 5


def facts_of(company: Company, cycle: Cycle, person_id: str) -> Facts:
    return company.knows(lambda session: facts.gather(session, cycle, cycle.ends_on, weekdays))[person_id]


def test_who_started_inside_the_quarter_counts_from_that_day(company: Company) -> None:
    cycle = ended_quarter(company, "nuo")
    assert facts_of(company, cycle, "U01NUO").served == Served(64, 13)


def test_a_transfer_inside_the_quarter_is_no_gap(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    moved = Stint("U01EMILY", "R&D", "Engineer", "U01WEI", date(2027, 2, 15))
    company.knows(lambda session: people.place(session, moved))
    assert facts_of(company, cycle, "U01EMILY").served == Served(64, 64)


def test_leave_is_counted_on_working_days_inside_the_quarter(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    company.knows(lambda session: leaves.take(session, "U01EMILY", date(2026, 12, 28), date(2027, 1, 4)))
    company.knows(lambda session: leaves.take(session, "U01EMILY", date(2027, 3, 26), date(2027, 4, 9)))
    assert facts_of(company, cycle, "U01EMILY").served == Served(64, 64, Decimal(6))


def test_facts_for_all_are_those_that_each_noun_has_for_one(company: Company) -> None:
    cycle = ended_quarter(company, "emily", "marcus")
    heard_from_colleagues(company, cycle, "emily", "4", "5", "3", "4")
    for person_id in ("U01EMILY", "U01MARCUS"):
        known = facts_of(company, cycle, person_id)
        summary = company.knows(lambda session, one=person_id: released.summary(session, cycle.id, one))
        assert known.goals == company.knows(lambda session, one=person_id: goals.agreed_goals(session, cycle.id, one))
        assert {group: sorted(given) for group, given in known.ratings.items()} == {
            one.group: sorted(one.ratings) for one in summary
        }


def test_a_released_result_stays_as_it_is_whatever_is_computed_later(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    reported_values(company, cycle, "emily")
    reviewed(company, cycle, "emily")
    planned(company, "scoring.compute", cycle.id)
    now = company.slack.clock.now()
    company.knows(lambda session: results.release(session, cycle.id, by="U01MEI", at=now))
    before = company.knows(lambda session: results.result(session, cycle.id, "U01EMILY"))
    company.knows(lambda session: leaves.take(session, "U01EMILY", date(2027, 1, 11), date(2027, 2, 26)))
    planned(company, "scoring.compute", cycle.id)
    assert company.knows(lambda session: results.result(session, cycle.id, "U01EMILY")) == before
    with pytest.raises(Refused, match="released already"):
        company.knows(lambda session: results.release(session, cycle.id, by="U01MEI", at=now))


def test_nobody_answers_a_result_that_is_not_released(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    planned(company, "scoring.compute", cycle.id)
    now, agrees = company.slack.clock.now(), results.Answer.AGREES
    with pytest.raises(Refused):
        company.knows(lambda session: results.answered(session, cycle.id, "U01EMILY", agrees, "", now))
