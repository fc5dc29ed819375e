"""A value that comes after a result would silently differ from what it was made of: it is left aside, and said."""

from decimal import Decimal

from bot.domain.score import Outcome, Rated
from bot.domain.score_rules import RULES
from bot.store import actuals, results
from tests.company import Company
from tests.stories import ended_quarter

HEAD = "email,measure,period,value,source"


def released(company: Company, cycle_id: str, person_id: str) -> None:
    """Somebody's result is out."""
    now = company.slack.clock.now()
    rated = Outcome(Rated.RATED, Decimal(80), "B", None)

    def release(session) -> None:
        results.keep(session, cycle_id, [results.Computed(person_id, rated, RULES.written, {})], now)
        results.release(session, cycle_id, by="U01MEI", at=now)

    company.knows(release)


def drops(company: Company, *names: str) -> str:
    """林美 drops a file with one value for each of these people."""
    mei = company.person("mei")
    lines = [HEAD, *(f"{name}@lantern.example,visits,2027-Q1,57,CRM" for name in names)]
    mei.drops("values.csv", "\n".join(lines).encode())
    return mei.last_words()


def known(company: Company, cycle_id: str, person_id: str) -> Decimal | None:
    """What is known of somebody's visits."""
    found = company.knows(lambda session: actuals.values(session, cycle_id, person_id).get("visits"))
    return found.value if found else None


def test_a_value_of_a_file_that_comes_after_the_result_is_left_aside_and_said(company: Company) -> None:
    cycle = ended_quarter(company, "emily", "marcus")
    company.person("mei").types("/cairn language en")
    released(company, cycle.id, "U01EMILY")
    said = drops(company, "emily", "marcus")
    assert "*New*\n1" in said
    assert "*Left aside*\n1" in said
    assert "comes after the result of its person is out, and is left aside: Emily Carter" in said
    company.person("mei").clicks("Apply")
    assert (known(company, cycle.id, "U01EMILY"), known(company, cycle.id, "U01MARCUS")) == (None, Decimal(57))


def test_a_file_of_nothing_but_late_values_has_nothing_to_apply(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    released(company, cycle.id, "U01EMILY")
    assert "结果已经发布，数值不再改变结果，没有需要应用的。" in drops(company, "emily")
    assert known(company, cycle.id, "U01EMILY") is None


def test_a_preview_from_before_the_release_is_shown_anew(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    mei = company.person("mei")
    mei.types("/cairn language en")
    drops(company, "emily")
    released(company, cycle.id, "U01EMILY")
    mei.clicks("Apply")
    assert "there is nothing to apply" in mei.last_words()
    assert known(company, cycle.id, "U01EMILY") is None
