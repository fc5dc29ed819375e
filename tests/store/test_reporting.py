"""What somebody is to everybody is what they are to each."""

from datetime import date

from bot.domain.access import Role
from bot.domain.stand_in import StandIn
from bot.store import people, reporting, stand_ins
from tests.company import Company
from tests.stories import placed_people

DAY = date(2027, 1, 4)


def test_roles_toward_everybody_are_those_toward_each(company: Company) -> None:
    placed_people(company)
    company.knows(lambda session: people.grant(session, "U01QIANG", people.HEAD, "Sales"))
    for manager, other in (("U01THOMAS", "U01EMILY"), ("U01QIANG", "U01THOMAS")):
        new = StandIn("", manager, other, DAY, DAY, manager)
        company.knows(lambda session, new=new: stand_ins.name(session, new, company.slack.clock.now()))

    def compare(session) -> None:
        everybody = [one.id for one in people.everyone(session) if people.stint_on(session, one.id, DAY)]
        for actor in ("U01MEI", "U01JIANGUO", "U01QIANG", "U01THOMAS", "U01EMILY"):
            at_once = reporting.everyone_toward(session, actor, DAY)
            assert at_once == {one: reporting.roles_toward(session, actor, one, DAY) for one in everybody}

        assert Role.MANAGER in reporting.roles_toward(session, "U01EMILY", "U01LENA", DAY)
        assert Role.MANAGER not in reporting.roles_toward(session, "U01EMILY", "U01EMILY", DAY)
        assert people.manager_of(session, "U01THOMAS", DAY).id == "U01QIANG", "nobody acts about themself"
        assert people.manager_of(session, "U01LI", DAY).id == "U01THOMAS"
        assert "U01LI" in {one.id for one in people.reports_of(session, "U01THOMAS", DAY)}
        assert not people.stood_in_for(session, "U01EMILY", DAY.replace(day=5))

    company.knows(compare)


def test_the_line_of_somebody_goes_up_to_the_top(company: Company) -> None:
    placed_people(company)
    line = company.knows(lambda session: people.line_of(session, "U01EMILY", DAY))
    assert line == ["U01EMILY", "U01THOMAS", "U01QIANG", "U01JIANGUO"]
