"""What somebody is to everybody is what they are to each."""

from datetime import date

from bot.store import people, reporting
from tests.company import Company
from tests.stories import placed_people

DAY = date(2027, 1, 4)


def test_roles_toward_everybody_are_those_toward_each(company: Company) -> None:
    placed_people(company)
    company.knows(lambda session: people.grant(session, "U01QIANG", people.HEAD, "Sales"))

    def compare(session) -> None:
        everybody = [one.id for one in people.everyone(session) if people.stint_on(session, one.id, DAY)]
        for actor in ("U01MEI", "U01JIANGUO", "U01QIANG", "U01THOMAS", "U01EMILY"):
            at_once = reporting.everyone_toward(session, actor, DAY)
            assert at_once == {one: people.roles_toward(session, actor, one, DAY) for one in everybody}

    company.knows(compare)


def test_the_line_of_somebody_goes_up_to_the_top(company: Company) -> None:
    placed_people(company)
    line = company.knows(lambda session: reporting.line_of(session, "U01EMILY", DAY))
    assert line == ["U01EMILY", "U01THOMAS", "U01QIANG", "U01JIANGUO"]
