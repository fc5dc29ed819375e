"""People who left: HR decides how long, reads beforehand who is about to go, and may keep somebody."""

from sqlalchemy import select, update

from bot.domain.retention import Hold
from bot.store import leavers, people, results
from bot.store.audit_proof import prove
from bot.store.leavers import Leaver
from bot.store.people import StintRow
from tests.company import Company
from tests.flows.test_appeals import files, heard_by
from tests.flows.test_delivery import GAP, STRENGTH, released_quarter
from tests.store.test_erasing import everything


def leaves(company: Company, name: str = "emily") -> None:
    company.runs(company.slack.alter(company.person(name).id, deleted=True))


def who_left(company: Company) -> list[Leaver]:
    today = company.slack.clock.now().date()

    def look(session) -> list[Leaver]:
        leavers.notice(session, today)
        return leavers.every(session, today)

    return company.knows(look)


def test_hr_reads_two_weeks_before_who_is_erased_keeps_them_with_a_reason_and_lets_them_go(company: Company) -> None:
    cycle = released_quarter(company, "emily")
    mei, thomas = company.person("mei"), company.person("thomas")
    mei.types("/cairn language en")
    leaves(company)
    mei.types("/cairn leavers")
    assert "Nobody is erased as long as you have not decided" in mei.sees()
    assert "Kept: a cycle they took part in is not closed" in mei.sees()
    mei.clicks("Choose how long")
    mei.submits(days="30")
    assert "erased 30 days after they left" in mei.sees()
    mei.closes()
    company.winds(to="2027-05-26T12:00:00+08:00")
    assert "The records of one person who left are about to be erased." not in mei.pushes
    company.winds(to="2027-05-31T12:00:00+08:00")
    assert mei.pushes.count("The records of one person who left are about to be erased.") == 1
    assert "Emily Carter, on " in mei.sees()
    mei.opens_home()
    assert "One person who left is about to be erased" in mei.home
    mei.types("/cairn leavers")
    mei.clicks("Keep")
    mei.submits(reason="The tax office asks about her bonus")
    assert "Kept: HR keeps them" in mei.sees()
    company.winds(to="2027-06-21T12:00:00+08:00")
    assert company.knows(lambda session: results.result(session, cycle.id, "U01EMILY"))
    mei.clicks("Keep no longer")
    company.winds(to="2027-06-23T12:00:00+08:00")
    company.waits(minutes=2)
    nobody = company.knows(lambda session: people.get(session, "U01EMILY"))
    assert (nobody.name, nobody.email) == ("—", "")
    left = everything(company.database)
    for words in (STRENGTH, GAP, "Emily", "emily@", "The tax office"):
        assert [line for line in left.splitlines() if words in line] == []
    assert company.knows(lambda session: prove(session, None)).problems == []
    mei.closes()
    mei.types("/cairn leavers")
    assert "No records of anybody who left are here." in mei.sees()
    for word in ("team", "goals", "reviews", "people"):
        (thomas if word != "people" else mei).types(f"/cairn {word}")
    assert company.findings() == []


def test_what_is_open_keeps_somebody_by_itself_and_who_comes_back_is_no_leaver(company: Company) -> None:
    heard_by(company, "katrin")
    files(company)
    leaves(company)
    (emily,) = who_left(company)
    assert emily.holds == {Hold.APPEAL, Hold.CYCLE}
    assert who_left(company) == [emily]
    company.runs(company.slack.alter("U01EMILY", deleted=False))
    assert who_left(company) == []
    day = select(people.PersonRow.left_on).filter_by(id="U01EMILY")
    assert company.knows(lambda session: session.scalar(day)) is None

    def ended(session) -> None:
        last = company.slack.clock.now().date().replace(day=1)
        session.execute(update(StintRow).where(StintRow.person_id == "U01EMILY").values(ends_on=last))

    company.knows(ended)
    assert [one.id for one in who_left(company)] == ["U01EMILY"]
