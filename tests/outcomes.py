"""A quarter whose results are out, by grades that a story chooses: the beginning of what follows from them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import update

from bot.domain.cycle import Cycle, CycleKind, Participant
from bot.domain.outcomes import USUAL, Terms
from bot.domain.score import Outcome, Rated
from bot.domain.template import Text
from bot.store import cycles, people, results, rules
from tests.beginnings import lived_once
from tests.company import Company
from tests.stories import ended_quarter

DECIDING = "2027-05-06T10:00:00+08:00"
SCORES = {"S": "112.00", "A": "104.00", "B": "85.00", "C": "70.00", "D": "48.00"}
BANDS = {"bands": [{"name": name} for name in SCORES]}


@lived_once
def graded_quarter(company: Company, *grades: tuple[str, str], terms: Terms = USUAL) -> Cycle:
    """2027-Q1 with these people's grades released; its rules were published before. 林美 reads English here."""
    cycle = ended_quarter(company, *(name for name, _ in grades))
    company.winds(to=DECIDING)
    graded(company, cycle, *grades, terms=terms)
    company.knows(lambda session: people.choose_language(session, "U01MEI", "en"))
    return cycle


def graded(company: Company, cycle: Cycle, *grades: tuple[str, str], terms: Terms = USUAL) -> None:
    """These people's grades are released, under rules that were published before."""
    at = datetime.fromisoformat(DECIDING).astimezone(UTC)
    made = [computed(company.person(name).id, grade) for name, grade in grades]

    def release(session) -> None:
        rules.publish(session, Text("A result makes a proposal.", "结果产生建议。"), terms, by="U01MEI", at=at)
        rules.freeze(session, cycle.id)
        results.keep(session, cycle.id, made, at)
        session.execute(update(results.ResultRow).values(released_at=at, released_by="U01MEI"))

    company.knows(release)


def month_beside(company: Company, quarter: Cycle, *grades: tuple[str, str]) -> Cycle:
    """Others have months: their April is released, too."""
    at = company.slack.clock.now()

    def begin(session) -> Cycle:
        days = (date(2027, 4, 1), date(2027, 4, 30))
        month = cycles.create(session, "2027-04", CycleKind.MONTH, days, quarter.opens, by="U01MEI", at=at)
        those = [Participant(month.id, company.person(name).id, "Sales", "U01THOMAS", "") for name, _ in grades]
        cycles.launch(session, month.id, those, at)
        return cycles.get(session, month.id)

    month = company.knows(begin)
    graded(company, month, *grades)
    return month


def computed(person_id: str, grade: str) -> results.Computed:
    """A result with this grade."""
    outcome = Outcome(Rated.RATED, Decimal(SCORES[grade]), grade, None, (), None, "1", "x")
    served = {"cycle_days": 60, "employed_days": 60, "leave_days": "0", "leave_before": "0"}
    return results.Computed(person_id, outcome, BANDS, {"served": served, "earlier": []})
