"""People come, move and go while a cycle runs."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.cascade import Objective, Support
from bot.domain.goal import Move, SheetState, Side, cleared, moved
from bot.domain.org import Stint
from bot.store import actuals, cycles, facts, goal_stints, goals, leavers, objectives, people
from tests.cascades import TITLE, gives, split_to_thomas
from tests.company import Company
from tests.goal_talks import emily_proposes, invited_sellers, sheet_of
from tests.stories import agreed_goals_for, launched_quarter, planned


def places(company: Company, stint: Stint) -> None:
    company.knows(lambda session: people.place(session, stint))


@pytest.fixture
def quarter(company: Company) -> str:
    """The id of a running quarter for sales and R&D; everybody was invited this morning."""
    cycle = launched_quarter(company, ["Sales", "R&D"])
    company.winds(to="2027-01-04T09:31:00+08:00")
    company.winds(to="2027-01-04T09:31:00-05:00")
    return cycle.id


def test_who_joins_after_the_launch_is_taken_in_and_invited(company: Company) -> None:
    cycle_id = invited_sellers(company)
    places(company, Stint("U01FELIX", "Sales", "Account manager", "U01THOMAS", date(2027, 1, 11)))
    felix, mei = company.person("felix"), company.person("mei")
    company.winds(to="2027-01-10T12:00:00+01:00")
    assert "begins. Draft your goals" not in felix.sees()
    company.winds(to="2027-01-11T10:00:00+01:00")
    assert "2027-Q1 begins. Draft your goals." in felix.last_words()
    assert f"从现在起参加：{felix.member.name}" not in mei.sees(), "it is 17:00 in Shanghai"
    company.winds(to="2027-01-12T10:00:00+08:00")
    assert f"从现在起参加：{felix.member.name}" in mei.sees()
    taker = company.knows(lambda session: cycles.participant(session, cycle_id, "U01FELIX"))
    assert (taker.department, taker.manager_id) == ("Sales", "U01THOMAS")


def test_who_begins_during_the_quarter_is_invited_on_the_first_day_and_answered_before(company: Company) -> None:
    launched_quarter(company, ["Sales"])
    company.knows(lambda session: people.move_starts(session, {"U01EMILY": date(2027, 1, 11)}))
    emily, thomas = company.person("emily"), company.person("thomas")
    company.winds(to="2027-01-08T12:00:00-05:00")
    assert "2027-Q1 begins. Draft your goals." not in emily.sees()
    emily.types("/cairn goals")
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    thomas.clicks("Agree")
    assert "are agreed with Thomas Keller" in emily.last_words()


def test_an_invitation_does_not_put_off_the_look_for_who_joins(company: Company) -> None:
    cycle_id = invited_sellers(company)
    felix = company.person("felix")
    places(company, Stint(felix.id, "Sales", "Account manager", "U01THOMAS", date(2027, 1, 5)))
    company.winds(to="2027-01-05T09:45:00+08:00")
    planned(company, "goals.invite", cycle_id, "U01YANG")
    company.winds(to="2027-01-05T10:00:00+01:00")
    assert "2027-Q1 begins. Draft your goals." in felix.last_words()


def test_a_new_manager_answers_and_the_former_one_reads_nothing_of_it(company: Company) -> None:
    cycle_id = invited_sellers(company)
    emily_proposes(company)
    thomas, lena = company.person("thomas"), company.person("lena")
    asked = thomas.last_words()
    places(company, Stint("U01EMILY", "Sales", "Account manager", lena.id, company.slack.clock.now().date()))
    lena.opens_home()
    lena.clicks("Answer", near="Emily Carter")
    lena.submits()
    assert sheet_of(company, cycle_id).state is SheetState.AGREED
    assert thomas.last_words() == asked


def test_a_transfer_keeps_both_stints_with_both_managers(company: Company, quarter: str) -> None:
    agreed = agreed_goals_for(company, "emily")
    felix = company.knows(lambda session: cycles.participant(session, quarter, "U01FELIX"))
    places(company, Stint("U01EMILY", "R&D", "Engineer", felix.manager_id, date(2027, 2, 15)))
    company.winds(to="2027-02-15T23:00:00+08:00")
    (past,) = company.knows(lambda session: goal_stints.of(session, quarter, ["U01EMILY"]))["U01EMILY"]
    assert (past.department, past.manager_id, past.goals) == ("Sales", "U01THOMAS", agreed)
    assert (past.first_day, past.last_day) == (date(2027, 1, 1), date(2027, 2, 14))
    now = company.knows(lambda session: cycles.participant(session, quarter, "U01EMILY"))
    assert (now.department, now.manager_id, now.template) == ("R&D", felix.manager_id, felix.template)
    sheet = sheet_of(company, quarter)
    assert (sheet.state, sheet.version, sheet.agreed) == (SheetState.DRAFT, 1, ())


def test_a_transfer_is_told_to_the_person_and_to_both_managers(company: Company, quarter: str) -> None:
    agreed_goals_for(company, "emily")
    felix = company.knows(lambda session: cycles.participant(session, quarter, "U01FELIX"))
    places(company, Stint("U01EMILY", "R&D", "Engineer", felix.manager_id, date(2027, 2, 15)))
    company.winds(to="2027-02-17T23:00:00+08:00")
    emily, thomas, next_one = company.person("emily"), company.person("thomas"), company.person(felix.manager_id)
    assert "What you had agreed counts until 14 Feb 2027." in emily.sees()
    assert "2027-Q1 begins. Draft your goals." in emily.sees()
    assert "Emily Carter has moved to another department." in thomas.sees()
    assert "Emily Carter" in next_one.sees()
    emily.clicks("Draft your goals", near="A new role, new goals for 2027-Q1.")
    assert "Project milestones" in emily.sees()
    assert "Sales revenue" not in emily.sees()


def test_an_offer_that_lay_on_the_table_is_gone_with_the_old_role(company: Company, quarter: str) -> None:
    _, thomas = emily_proposes(company)
    felix = company.knows(lambda session: cycles.participant(session, quarter, "U01FELIX"))
    places(company, Stint("U01EMILY", "R&D", "Engineer", felix.manager_id, date(2027, 1, 11)))
    company.winds(to="2027-01-11T23:00:00+08:00")
    thomas.clicks("Agree", near="Emily Carter proposes goals.")
    assert "This is not yours to do" in thomas.sees()
    assert company.knows(lambda session: goals.agreed_goals(session, quarter, "U01EMILY")) == ()


def test_who_moves_before_anything_was_agreed_does_not_read_that_it_counts(company: Company, quarter: str) -> None:
    emily_proposes(company)
    felix = company.knows(lambda session: cycles.participant(session, quarter, "U01FELIX"))
    places(company, Stint("U01EMILY", "R&D", "Engineer", felix.manager_id, date(2027, 1, 11)))
    company.winds(to="2027-01-12T23:00:00+08:00")
    emily, thomas = company.person("emily"), company.person("thomas")
    assert "None were agreed before, so none count." in emily.sees()
    assert "What you had agreed counts" not in emily.sees()
    assert "The goals you agreed" not in thomas.sees()


def test_who_leaves_is_asked_for_nothing_more(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    before = len(emily.messages)
    company.knows(lambda session: session.get(people.PersonRow, "U01EMILY").__setattr__("takes_part", False))
    company.winds(to="2027-01-08T16:00:00-05:00")
    assert len(emily.messages) == before
    assert quarter


def test_both_stints_reach_the_result_with_their_days(company: Company, quarter: str) -> None:
    agreed = agreed_goals_for(company, "emily")
    felix = company.knows(lambda session: cycles.participant(session, quarter, "U01FELIX"))
    places(company, Stint("U01EMILY", "R&D", "Engineer", felix.manager_id, date(2027, 2, 15)))
    company.winds(to="2027-02-15T23:00:00+08:00")
    everyday = lambda _person: lambda _day: True  # noqa: E731 - one line reads better here

    def gathered(session):
        return facts.gather(session, cycles.get(session, quarter), date(2027, 4, 15), everyday, ["U01EMILY", "U01MIN"])

    known = company.knows(gathered)
    (earlier,) = known["U01EMILY"].earlier
    assert (earlier.department, earlier.goals, earlier.served.employed_days) == ("Sales", agreed, 45)
    assert (known["U01EMILY"].department, known["U01EMILY"].served.employed_days) == ("R&D", 45)
    assert (known["U01MIN"].earlier, known["U01MIN"].served.employed_days) == ((), 90)
    company.knows(lambda session: leavers.leave(session, {"U01EMILY": date(2027, 3, 1), "U01MIN": date(2027, 1, 10)}))
    known = company.knows(gathered)
    assert [one.served.employed_days for one in (*known["U01EMILY"].earlier, known["U01EMILY"])] == [45, 15]
    assert known["U01MIN"].served.employed_days == 10


def test_values_of_a_role_that_ended_are_still_wanted_and_taken(company: Company, quarter: str) -> None:
    """Else the goals of the first half would count with nothing, and the company's file be refused for one mover."""
    agreed_goals_for(company, "emily")
    emily, mei = company.person("emily"), company.person("mei")
    felix = company.knows(lambda session: cycles.participant(session, quarter, "U01FELIX"))
    places(company, Stint("U01EMILY", "R&D", "Engineer", felix.manager_id, date(2027, 2, 15)))
    company.winds(to="2027-02-15T23:00:00+08:00")
    company.winds(to="2027-04-01T12:00:00-04:00")
    mei.types("/cairn actuals")
    assert "Sales revenue" in mei.sees()
    mei.closes()
    mei.drops("actuals.csv", "email,measure,period,value\nemily@lantern.example,销售额,2027-Q1,1500000\n".encode())
    mei.clicks("应用")
    emily.types("/cairn report")
    emily.chooses("Customer visits")
    emily.submits(period="2027-Q1", value="28", evidence="CRM, report 17")
    company.person(felix.manager_id).clicks("Confirm")
    found = company.knows(lambda session: actuals.values(session, quarter, "U01EMILY"))
    assert (found["revenue"].value, found["visits"].value) == (1_500_000, 28)


def supports_thomas(company: Company, cycle_id: str, goal_id: str) -> Objective:
    """Emily's goal supports what Thomas answers for."""
    thomas = split_to_thomas(company)
    (own,) = company.knows(lambda session: objectives.without_parts(session, thomas.id, date(2027, 1, 4)))
    one = Support(own.id, cycle_id, "U01EMILY", goal_id, Decimal(100))
    company.knows(lambda session: objectives.support(session, one))
    return own


def carried_by_emily(company: Company, own: Objective) -> list[Decimal]:
    """What counts of Emily's goals."""
    tree = company.knows(lambda session: objectives.tree_below(session, [own.id], own.starts_on, own.ends_on))
    return [one.target for each in tree.supports.values() for one in each]


def test_a_new_roles_proposal_counts_as_soon_as_it_is_proposed(company: Company) -> None:
    cycle_id = invited_sellers(company)
    agreed = agreed_goals_for(company, "emily")
    own = supports_thomas(company, cycle_id, agreed[0].id)
    now = company.slack.clock.now()

    def proposes_anew(session) -> None:
        sheet = cleared(goals.sheet(session, cycle_id, "U01EMILY"), "CAIRN")
        goals.speak(session, sheet, "CAIRN", now)
        goals.speak(session, moved(sheet, Side.EMPLOYEE, Move.OFFER, "U01EMILY", agreed), "U01EMILY", now)

    assert carried_by_emily(company, own) == [agreed[0].target]
    company.knows(proposes_anew)
    assert carried_by_emily(company, own) == [agreed[0].target]


def test_who_left_carries_nothing_any_more_and_hr_reads_what_falls_free_once(company: Company) -> None:
    cycle_id = invited_sellers(company)
    agreed = agreed_goals_for(company, "emily")
    own = supports_thomas(company, cycle_id, agreed[0].id)
    gives(company.person("thomas"), company.person("emily"), "30000000", part="Chain stores")
    mei = company.person("mei")
    assert carried_by_emily(company, own) == [agreed[0].target]
    company.knows(lambda session: setattr(session.get_one(people.PersonRow, "U01EMILY"), "takes_part", False))
    for day in ("06", "07"):
        company.winds(to=f"2027-01-{day}T12:00:00+08:00")
    assert carried_by_emily(company, own) == []
    assert mei.pushes.count("Emily Carter 已离职，其承担的部分空了出来。") == 1
    assert f"仍在其名下，请在 /cairn objectives 中改派或收回：{TITLE} · Chain stores" in mei.last_words().replace(
        "`", ""
    )
