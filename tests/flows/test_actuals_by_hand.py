"""A value by hand: one of the two reports it with evidence, the other confirms it, and only then it counts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest

from bot.domain.claim import Claim
from bot.domain.cycle import Cycle
from bot.domain.org import Stint
from bot.domain.refusal import Refused
from bot.domain.reported import Reported
from bot.domain.score import Outcome, Rated
from bot.domain.score_rules import RULES
from bot.handlers.claims.choosing import Choice
from bot.handlers.claims.forms import which_goal
from bot.slack.desk import Delivery, Refusal
from bot.slack.words import Words
from bot.store import actuals, audit, claims, cycles, goals, people, results
from bot.store.cycles import CycleRow
from tests.company import Company, Persona
from tests.forging import Forger
from tests.stories import UNPREPARED, agreed_goals_for, ended_quarter, placed_people, reported_values

LINK = "https://crm.lantern.example/visits?quarter=2027-1"


@pytest.fixture
def cycle(company: Company) -> Cycle:
    return ended_quarter(company, "emily", "marcus")


def offered(who: Persona) -> list[str]:
    """The goals in the window on top, each with whose it is."""
    return [one["value"] for block in who.modal["blocks"] for one in block.get("accessory", {}).get("options", ())]


def begins(who: Persona, kpi: str = "visits", of: str = "U01EMILY") -> None:
    who.types("/cairn report")
    who.chooses(next(one for one in offered(who) if one.endswith(f"{of}/{kpi}")))


def reports(who: Persona, kpi: str = "visits", of: str = "U01EMILY", **changes: str) -> None:
    begins(who, kpi, of)
    who.submits(**{"period": "2027-Q1", "value": "57", "evidence": LINK, **changes})


def visits(company: Company, cycle: Cycle) -> Reported | None:
    return company.knows(lambda session: actuals.values(session, cycle.id, "U01EMILY").get("visits"))


def waiting(company: Company) -> list[Claim]:
    """What waits to be confirmed by Emily's manager."""
    return company.knows(lambda session: claims.waiting_for(session, "", ["U01EMILY"]))


def acts(company: Company) -> list[str]:
    return [one.act for one in company.knows(lambda session: audit.about(session, "U01EMILY"))]


def moves_to_lena(company: Company) -> None:
    """From today, wherever they are, Emily reports to Lena, not to Thomas."""
    today = company.slack.clock.now().date() - timedelta(days=1)

    def move(session) -> None:
        stint = people.stint_on(session, "U01EMILY", today)
        people.place(session, Stint("U01EMILY", stint.department, stint.position, "U01LENA", today))

    company.knows(move)


def test_what_the_employee_reports_counts_once_the_manager_confirmed_it(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    assert "I asked Thomas" in emily.last_words()
    assert visits(company, cycle) is None
    assert LINK in thomas.last_words().replace("&amp;", "&")
    thomas.clicks("Confirm")
    found = visits(company, cycle)
    assert (found.value, found.source, found.reported_by) == (Decimal(57), LINK, "U01EMILY")
    assert "is confirmed and counts" in emily.last_words()
    assert "is confirmed and counts" in thomas.last_words()
    assert {"report_value", "confirm_value"} <= set(acts(company))


def test_what_the_manager_reports_is_confirmed_by_the_employee(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(thomas)
    emily.clicks("Confirm")
    assert visits(company, cycle).reported_by == "U01THOMAS"


def test_a_value_below_zero_is_asked_about_or_refused_where_it_could_not_be_scored(
    company: Company, cycle: Cycle
) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    begins(emily, "complaint_rate")
    emily.submits(period="2027-Q1", value="-2", evidence=LINK)
    assert "This value is below zero. Is it meant so?" in emily.last_words()
    reports(emily, period="2027-01", value="-3")
    assert "This value is below zero. Is it meant so?" in thomas.last_words()
    rate_without_a_baseline(company, cycle)
    reports(emily, "complaint_rate", value="-2")
    assert "a negative number cannot be divided by its target" in emily.errors["value"]


def rate_without_a_baseline(company: Company, cycle: Cycle) -> None:
    """Emily's complaints are judged by their target alone from now on."""

    def rejudge(session) -> None:
        sheet = session.get(goals.SheetRow, (cycle.id, "U01EMILY"))
        sheet.agreed = [{**one, "baseline": None} if one["kpi"] == "complaint_rate" else one for one in sheet.agreed]

    company.knows(rejudge)


def counts_visits_in(company: Company, cycle: Cycle, unit: str) -> None:
    """Emily's visits are counted in another unit from now on."""

    def recount(session) -> None:
        sheet = session.get(goals.SheetRow, (cycle.id, "U01EMILY"))
        sheet.agreed = [{**one, "unit": unit} if one["kpi"] == "visits" else one for one in sheet.agreed]

    company.knows(recount)


def test_a_value_is_not_confirmed_into_another_unit(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily, value="57000")
    counts_visits_in(company, cycle, "thousand visits")
    thomas.clicks("Confirm")
    assert "is counted in “thousand visits” by now" in thomas.sees()
    assert visits(company, cycle) is None


def test_the_same_number_in_another_unit_is_taken_from_a_file_anew(company: Company, cycle: Cycle) -> None:
    lines = b"email,measure,period,value\nemily@lantern.example,visits,2027-Q1,57\n"
    mei = company.person("mei")
    mei.types("/cairn language en")
    mei.drops("v.csv", lines)
    mei.clicks("Apply")
    counts_visits_in(company, cycle, "thousand visits")
    mei.drops("v.csv", lines)
    mei.clicks("Apply")
    assert visits(company, cycle).unit == "thousand visits"


def test_the_notification_tells_no_number(company: Company, cycle: Cycle) -> None:
    reports(company.person("emily"))
    assert company.person("thomas").pushes[-1] == (
        "Emily Carter reports an actual value and asks you to confirm it."
    )  # fmt: skip


def test_a_disputed_value_does_not_count_and_both_read_why(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    thomas.clicks("Dispute")
    thomas.submits(reason="The March visits are counted twice.")
    assert visits(company, cycle) is None
    for who in (emily, thomas):
        assert "It does not count." in who.last_words()
        assert "The March visits are counted twice." in who.last_words()
    reports(emily, value="52")
    thomas.clicks("Confirm")
    assert visits(company, cycle).value == Decimal(52)


def test_what_was_known_before_is_shown_to_who_confirms(company: Company, cycle: Cycle) -> None:
    reported_values(company, cycle, "emily")
    reports(company.person("emily"))
    assert "from CRM" in company.person("thomas").last_words()


def test_a_value_waits_in_home_and_can_be_withdrawn(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    thomas.opens_home()
    assert "A reported value waits for you" in thomas.home
    emily.clicks("Withdraw")
    assert "withdrew the value" in thomas.sees()
    assert waiting(company) == []
    assert visits(company, cycle) is None


def test_nobody_confirms_their_own_value(company: Company, cycle: Cycle) -> None:
    reports(company.person("emily"))
    (claim,) = waiting(company)
    for other, sentence in (("U01EMILY", "Only the other one"), ("U01MARCUS", "not yours"), ("U01MEI", "not yours")):
        with pytest.raises(Refusal, match=sentence):
            presses(company, other, "confirm", f"{claim.id}/-")
    assert visits(company, cycle) is None


def test_confirming_twice_is_refused(company: Company, cycle: Cycle) -> None:
    reports(company.person("emily"))
    (claim,) = waiting(company)
    company.person("thomas").clicks("Confirm")
    with pytest.raises(Refusal, match="meanwhile"):
        presses(company, "U01THOMAS", "confirm", f"{claim.id}/57")


def presses(company: Company, user_id: str, step: str, carry: str) -> None:
    desk = company.cairn.desk
    company.runs(desk.take(Delivery(f"{user_id}-{step}", user_id, carry), desk.flows.steps[f"claims.{step}"]))


def test_the_audit_says_what_was_done(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    emily.clicks("Withdraw")
    reports(emily)
    thomas.clicks("Dispute")
    thomas.submits(reason="The March visits are counted twice.")
    done = [act for act in acts(company) if act.endswith("_value")]
    assert sorted(done) == ["dispute_value", "report_value", "report_value", "withdraw_value"]


def test_from_home_it_is_looked_at_in_a_window_and_confirmed_there(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    thomas.opens_home()
    thomas.clicks("Look at it")
    assert LINK in thomas.sees().replace("&amp;", "&")
    assert thomas.modal["title"]["text"] == "A reported value"
    thomas.submits()
    assert thomas.modals == []
    assert visits(company, cycle).value == Decimal(57)
    assert "is confirmed and counts" in thomas.sees()


def test_from_home_it_is_disputed_in_the_same_window(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    thomas.opens_home()
    thomas.clicks("Look at it")
    thomas.clicks("Dispute")
    thomas.submits(reason="The March visits are counted twice.")
    assert thomas.modals == []
    assert "It does not count." in emily.last_words()


def test_what_became_known_since_is_shown_before_it_is_replaced(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    reported_values(company, cycle, "emily")
    thomas.clicks("Confirm")
    assert "changed since I asked you" in thomas.sees()
    assert visits(company, cycle).source == "CRM"
    thomas.submits()
    assert visits(company, cycle).source == LINK


def test_todays_manager_is_asked_not_the_one_of_the_launch(company: Company, cycle: Cycle) -> None:
    emily, thomas, lena = (company.person(name) for name in ("emily", "thomas", "lena"))
    moves_to_lena(company)
    before = thomas.last_words()
    reports(emily)
    assert thomas.last_words() == before
    lena.clicks("Confirm")
    assert visits(company, cycle).value == Decimal(57)


def test_when_the_manager_changes_while_it_waits_the_new_one_is_asked(company: Company, cycle: Cycle) -> None:
    emily, thomas, lena = (company.person(name) for name in ("emily", "thomas", "lena"))
    reports(emily)
    moves_to_lena(company)
    company.winds(to="2027-01-08T03:00:00+01:00")
    assert lena.pushes == [], "it is night there"
    company.winds(to="2027-01-08T11:00:00+01:00")
    assert "Lena" in emily.last_words()
    assert "is to confirm this value now." in thomas.last_words()
    assert LINK not in thomas.last_words().replace("&amp;", "&")
    lena.clicks("Confirm")
    assert visits(company, cycle).value == Decimal(57)
    assert "is confirmed and counts" in emily.last_words()


def test_the_new_manager_finds_it_in_home_at_once_and_the_old_one_no_more(company: Company, cycle: Cycle) -> None:
    emily, thomas, lena = (company.person(name) for name in ("emily", "thomas", "lena"))
    reports(emily)
    moves_to_lena(company)
    thomas.opens_home()
    assert "A reported value waits for you" not in thomas.home
    (claim,) = waiting(company)
    with pytest.raises(Refusal, match="not yours"):
        presses(company, "U01THOMAS", "confirm", f"{claim.id}/-")
    lena.opens_home()
    lena.clicks("Look at it")
    lena.submits()
    assert visits(company, cycle).value == Decimal(57)
    assert "is to confirm this value now." in thomas.sees()


def test_the_new_manager_reports_and_the_old_one_is_not_offered_it(company: Company, cycle: Cycle) -> None:
    emily, thomas, lena = (company.person(name) for name in ("emily", "thomas", "lena"))
    moves_to_lena(company)
    reports(lena)
    emily.clicks("Confirm")
    assert visits(company, cycle).reported_by == "U01LENA"
    thomas.types("/cairn report")
    assert not any("U01EMILY" in one for one in offered(thomas))


def test_where_the_manager_left_nobody_is_asked(company: Company, cycle: Cycle) -> None:
    def leaves(session) -> None:
        session.get(people.PersonRow, "U01THOMAS").takes_part = False

    company.knows(leaves)
    emily = company.person("emily")
    reports(emily)
    assert "Nobody is there to confirm this value" in str(emily.errors)
    assert waiting(company) == []


def test_after_the_close_a_value_does_not_change_any_more(company: Company, cycle: Cycle) -> None:
    reports(company.person("emily"))
    company.winds(to="2027-09-01T09:31:00+08:00")
    thomas = company.person("thomas")
    thomas.clicks("Confirm")
    assert "cannot count any more" in thomas.sees()
    assert visits(company, cycle) is None
    thomas.opens_home()
    assert "A reported value waits for you" not in thomas.home


def test_after_the_release_a_value_does_not_change_any_more(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    reports(emily)
    outcome = Outcome(Rated.RATED, Decimal(80), "B", None)
    now = company.slack.clock.now()

    def release(session) -> None:
        results.keep(session, cycle.id, [results.Computed(emily.id, outcome, RULES.written, {})], now)
        results.release(session, cycle.id, by="U01MEI", at=now)

    company.knows(release)
    thomas.clicks("Confirm")
    assert "cannot count any more" in thomas.sees()
    emily.types("/cairn report")
    assert "There is no agreed goal" in emily.sees()


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_two_reports_at_once_are_one(company: Company, cycle: Cycle) -> None:
    claim = Claim("", cycle.id, "U01EMILY", "visits", "Visits", "2027-Q1", Decimal(57), "", LINK,
                  "U01EMILY", "U01THOMAS", company.slack.clock.now())  # fmt: skip
    started = Barrier(2)

    def report() -> str:
        with company.database.unit_of_work() as session:
            started.wait(timeout=10)
            try:
                return claims.keep(session, claim).id
            except Refused as refused:
                return refused.sentence.text

    with ThreadPoolExecutor(2) as two:
        said = [one.result() for one in [two.submit(report), two.submit(report)]]
    assert len(waiting(company)) == 1
    assert "This value was reported already and waits to be confirmed." in said


def test_without_evidence_it_is_not_taken(company: Company, cycle: Cycle) -> None:
    emily = company.person("emily")
    reports(emily, evidence="yes")
    assert "Please give a link" in emily.errors["evidence"]
    assert waiting(company) == []


def test_the_same_value_is_not_reported_twice_at_once(company: Company, cycle: Cycle) -> None:
    emily = company.person("emily")
    reports(emily)
    reports(emily, value="99")
    assert "waits to be confirmed" in emily.errors["period"]


def test_who_has_no_agreed_goal_reads_so(company: Company, cycle: Cycle) -> None:
    jonas = company.person("jonas")
    jonas.types("/cairn report")
    assert "There is no agreed goal yet" in jonas.last_words()


def test_all_of_it_in_chinese(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    for who in (emily, thomas):
        who.types("/cairn language zh")
    reports(emily)
    assert "已请 Thomas" in emily.last_words()
    thomas.clicks("质疑")
    thomas.submits(reason="三月重复计算了。")
    assert "它不生效" in emily.last_words()
    reports(emily)
    thomas.clicks("确认")
    assert "已确认并生效" in emily.last_words()


# Which number is asked --------------------------------------------------------------------


def test_the_form_says_in_what_the_number_is_counted_how_and_what_is_to_be_reached(
    company: Company, cycle: Cycle
) -> None:
    emily = company.person("emily")
    begins(emily)
    assert "*Target for 2027-Q1*\nat least 60 visits" in emily.sees()
    assert "*Unit*\nvisits" in emily.sees()
    assert "It adds up over the cycle: write what the chosen period alone brought." in emily.sees()
    emily.closes()
    begins(emily, "complaint_rate")
    assert "*Target for 2027-Q1*\nat most 2 %" in emily.sees()
    assert "It stands at a level: write where it stood at the end of the chosen period. Write 20 for 20 %." in (
        emily.sees()
    )


def test_the_form_says_so_in_chinese_and_the_manager_reads_whose_goal_it_is(company: Company, cycle: Cycle) -> None:
    thomas = company.person("thomas")
    thomas.types("/cairn language zh")
    begins(thomas, "complaint_rate")
    assert "Emily Carter：" in thomas.sees()
    assert "*2027-Q1 的目标值*\n至多" in thomas.sees()
    assert "它是一个水平值：请填写所选期间结束时的数值。20% 请填写 20。" in thomas.sees()


def test_a_value_is_taken_as_people_write_it(company: Company, cycle: Cycle) -> None:
    reports(company.person("emily"), "revenue", value="3,200,000 CNY")
    (claim,) = waiting(company)
    assert claim.value == Decimal(3_200_000)


def test_what_is_no_number_is_asked_for_again_and_what_was_typed_stays(company: Company, cycle: Cycle) -> None:
    emily = company.person("emily")
    reports(emily, value="12,5")
    assert emily.errors == {"value": "“12,5” is no number. Write 1250.5 or 1,250.5."}
    emily.submits(value="12.5")
    (claim,) = waiting(company)
    assert (claim.value, claim.evidence) == (Decimal("12.5"), LINK)


def test_what_has_not_begun_is_not_offered_and_refused_in_words(company: Company, cycle: Cycle) -> None:
    emily = company.person("emily")
    begins(emily)
    periods = next(one["element"]["options"] for one in emily.modal["blocks"] if one["block_id"] == "period")
    assert [one["value"] for one in periods] == ["2027-01", "2027-Q1"]
    carry = emily.modal["private_metadata"]
    for language, told in (("en", "2027-03 has not begun yet, so nobody knows its value."),
                           ("zh", "2027-03 还没有开始，还没有人知道它的数值。")):  # fmt: skip
        emily.types(f"/cairn language {language}")
        answer = Forger(company, emily.id).sends("claims.report", carry, {
            "value": {"type": "plain_text_input", "value": "5"},
            "period": {"type": "static_select", "selected_option": {"value": "2027-03"}},
            "evidence": {"type": "plain_text_input", "value": LINK},
        })  # fmt: skip
        assert answer.body["errors"] == {"period": told}
    assert waiting(company) == []


def test_before_the_cycle_begins_there_is_nothing_to_report(company: Company, cycle: Cycle) -> None:
    with company.database.unit_of_work() as session:
        session.get(CycleRow, cycle.id).starts_on = date(2027, 1, 5)
        session.get(CycleRow, cycle.id).ends_on = date(2027, 4, 30)
    emily = company.person("emily")
    emily.types("/cairn report")
    assert "There is no agreed goal yet that you could report a value for." in emily.last_words()


def test_a_large_team_chooses_among_all_of_its_goals(company: Company, cycle: Cycle) -> None:
    emily = company.knows(lambda session: people.get(session, "U01EMILY"))
    goal = company.knows(lambda session: goals.agreed_goals(session, cycle.id, emily.id))[0]
    offered = [Choice(cycle, replace(emily, id=f"U{n}", name=f"N{n}"), goal) for n in range(120)]
    _, first, second = which_goal(Words("en"), emily, offered).body()["blocks"]
    assert [len(each["accessory"]["options"]) for each in (first, second)] == [100, 20]
    assert f"N100: {goal.title} – N119: {goal.title}" in second["text"]["text"]


DAYS = "2027-01-11/2027-02-19"


def test_a_cycle_of_ones_own_dates_takes_values_for_just_these_days(company: Company) -> None:
    """From a Monday to a Friday six weeks later: no month lies in it, and none may stand for it."""
    placed_people(company)
    emily, thomas, mei = (company.person(name) for name in ("emily", "thomas", "mei"))
    mei.types("/cairn cycle")
    mei.submits(departments=["Sales"], kind="custom", starts_on="2027-01-11", ends_on="2027-02-19")
    mei.submits()
    mei.submits(reason=UNPREPARED)
    company.winds(to="2027-01-11T15:00:00+00:00")
    agreed_goals_for(company, "emily")
    (launched,) = company.knows(cycles.every)
    reports(emily, period=DAYS)
    thomas.clicks("Confirm")
    assert visits(company, launched).value == Decimal(57)
    mei.drops("actuals.csv", b"email,measure,period,value\nemily@lantern.example,visits,2027-01,20\n")
    assert f"可用的期间：{DAYS}" in mei.last_words()
    line = "emily@lantern.example,visits,2027-01-11 至 2027-02-19,61\n"
    mei.drops("actuals.csv", f"email,measure,period,value\n{line}".encode())
    mei.clicks("应用")
    assert visits(company, launched).value == Decimal(61)
