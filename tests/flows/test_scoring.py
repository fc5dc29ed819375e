"""Actual values that lack, results computed for everyone, and one release."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.cycle import Cycle, Stage
from bot.domain.explain import differences, walk
from bot.domain.refusal import Refused
from bot.domain.score import Rated
from bot.domain.stand_in import StandIn
from bot.domain.why import goal_lines
from bot.handlers.scoring.parts import Standing
from bot.handlers.scoring.steps import standing_of, standing_page
from bot.slack.words import Words
from bot.store import audit, people, results, stand_ins, timers
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.stories import ended_quarter, planned, reported_values, reviewed

ASSESSING, CALIBRATING, RELEASING = (
    "2027-04-02T10:00:00+08:00",
    "2027-04-15T21:30:00+08:00",
    "2027-04-23T10:00:00+08:00",
)


@pytest.fixture
@lived_once
def quarter(company: Company) -> Cycle:
    """Emily and Jonas with values (one of Jonas's is missing), Nuo who came in March; all are reviewed."""
    cycle = ended_quarter(company, "emily", "jonas", "nuo")
    company.winds(to=ASSESSING)
    reported_values(company, cycle, "emily", "jonas", "nuo")
    for name in ("emily", "jonas", "nuo"):
        reviewed(company, cycle, name)
    return cycle


def result_of(company: Company, cycle: Cycle, name: str) -> results.Result:
    return company.knows(lambda session: results.result(session, cycle.id, company.person(name).id))


def computed(company: Company, cycle: Cycle) -> None:
    company.winds(to=CALIBRATING)
    planned(company, "scoring.compute", cycle.id)


def offered(company: Company, cycle: Cycle) -> None:
    company.winds(to=RELEASING)
    planned(company, "scoring.offer_release", cycle.id)


def test_hr_learns_which_values_are_missing_and_sees_by_whom(company: Company, quarter: Cycle) -> None:
    planned(company, "actuals.remind", quarter.id)
    mei = company.person("mei")
    assert "2027-Q1" in mei.last_words()
    assert "Customer satisfaction：1 人" in mei.last_words()
    mei.clicks("看看谁缺什么")
    assert "Jonas Weber：Customer satisfaction" in mei.sees()
    mei.closes()
    mei.opens_home()
    assert "还缺 1 个数值" in mei.home


def test_hr_is_told_when_nothing_is_missing(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    company.winds(to=ASSESSING)
    reported_values(company, cycle, "emily")
    planned(company, "actuals.remind", cycle.id)
    assert "2027-Q1 的实际值都齐了" in company.person("mei").last_words()


def test_who_is_not_hr_does_not_see_what_others_lack(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn actuals")
    assert "This is not yours to do" in emily.last_words()


def test_everyone_gets_a_result_that_recomputes_to_the_last_digit(company: Company, quarter: Cycle) -> None:
    computed(company, quarter)
    for name in ("emily", "jonas"):
        outcome = result_of(company, quarter, name).outcome
        assert outcome.state is Rated.RATED
        assert outcome.score == outcome.tree.value
        assert list(differences(outcome.tree)) == []
    assert result_of(company, quarter, "nuo").outcome.state is Rated.NOT_RATED


def test_a_missing_value_of_a_system_is_left_out_and_never_zero(company: Company, quarter: Cycle) -> None:
    computed(company, quarter)
    left_out = {
        name: [one.title for one in goal_lines(result_of(company, quarter, name).outcome.tree) if one.reached is None]
        for name in ("emily", "jonas")
    }
    assert left_out == {"emily": [], "jonas": ["Customer satisfaction"]}
    goals = next(node for node in walk(result_of(company, quarter, "jonas").outcome.tree) if node.formula == "points")
    assert goals.inputs["whole"].value == Decimal(80)


def test_a_result_waits_for_the_managers_review(company: Company) -> None:
    cycle = ended_quarter(company, "marcus")
    reported_values(company, cycle, "marcus")
    computed(company, cycle)
    outcome = result_of(company, cycle, "marcus").outcome
    assert (outcome.state, outcome.score) == (Rated.INCOMPLETE, None)
    assert [one.text for one in outcome.reasons] == ["The manager has not rated yet."]


def test_hr_sees_counts_and_reasons_but_no_score(company: Company, quarter: Cycle) -> None:
    computed(company, quarter)
    offered(company, quarter)
    mei = company.person("mei")
    card, score = mei.last_words(), result_of(company, quarter, "emily").outcome.score
    assert "2027-Q1 的结果已算好" in card
    assert "许诺" in card
    assert str(score) not in card


def test_results_are_released_once_and_each_is_told_at_a_good_hour(company: Company, quarter: Cycle) -> None:
    computed(company, quarter)
    offered(company, quarter)
    mei, emily, lena = (company.person(name) for name in ("mei", "emily", "lena"))
    away = StandIn("", "U01THOMAS", lena.id, date(2027, 4, 22), date(2027, 4, 30), "U01MEI")
    company.knows(lambda session: stand_ins.name(session, away, company.slack.clock.now()))
    mei.clicks("发布结果")
    assert "发布了 2027-Q1 的结果" in mei.last_words()
    assert company.knows(timers.next_due) is not None
    assert "Your result of 2027-Q1 is ready." not in emily.sees()
    company.winds(to="2027-04-23T09:35:00-04:00")
    assert emily.pushes[-1] == "Your result of 2027-Q1 is ready."
    theirs = "The results of the team of Thomas Keller for 2027-Q1 are released. You stand in for Thomas Keller."
    assert theirs in lena.pushes
    entries = company.knows(lambda session: audit.about(session, emily.id))
    assert ("release_results", quarter.id) in {(one.act, one.record) for one in entries}


def test_the_window_shows_what_the_button_in_it_did(company: Company, quarter: Cycle) -> None:
    computed(company, quarter)
    offered(company, quarter)
    mei = company.person("mei")
    mei.types("/cairn results")
    mei.clicks("重新计算")
    assert "正在计算结果" in mei.sees()
    mei.clicks("发布结果")
    assert "结果已发布。" in mei.sees()
    with pytest.raises(AssertionError, match="sees no button"):
        mei.clicks("发布结果")


def test_a_second_release_from_an_old_window_is_refused(company: Company, quarter: Cycle) -> None:
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    computed(company, quarter)
    offered(company, quarter)
    julia = company.person("julia")
    julia.types("/cairn results")
    company.person("mei").clicks("发布结果")
    julia.clicks("Release results")
    assert "released already" in julia.sees()


def test_results_are_not_released_before_their_day(company: Company, quarter: Cycle) -> None:
    computed(company, quarter)
    mei = company.person("mei")
    mei.types("/cairn results")
    mei.clicks("发布结果")
    assert "2027年4月22日" in mei.sees()


def test_a_late_review_completes_a_result_that_was_released_without_a_number(company: Company) -> None:
    cycle = ended_quarter(company, "marcus", "emily")
    reported_values(company, cycle, "marcus", "emily")
    reviewed(company, cycle, "emily")
    computed(company, cycle)
    offered(company, cycle)
    mei = company.person("mei")
    mei.clicks("发布结果")
    reviewed(company, cycle, "marcus")
    before = result_of(company, cycle, "emily")
    mei.clicks("重新计算")
    assert result_of(company, cycle, "marcus").outcome.state is Rated.RATED
    assert result_of(company, cycle, "emily") == before
    mei.clicks("发布结果")
    assert result_of(company, cycle, "marcus").released_at is not None


def test_computing_anew_after_a_complete_release_is_refused(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    reported_values(company, cycle, "emily")
    reviewed(company, cycle, "emily")
    computed(company, cycle)
    offered(company, cycle)
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    julia = company.person("julia")
    planned(company, "scoring.offer_release", cycle.id)
    julia.types("/cairn results")
    company.person("mei").clicks("发布结果")
    julia.clicks("Recompute")
    assert "released already" in julia.sees()


def test_only_hr_sees_how_results_stand(company: Company) -> None:
    thomas = company.person("thomas")
    thomas.types("/cairn results")
    assert "This is not yours to do" in thomas.last_words()


def test_before_anything_is_computed_hr_reads_when_it_will_be(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn results")
    assert "还没有结果" in mei.sees()


def unfinished_quarter(company: Company, *reviewed_names: str) -> Cycle:
    """Marcus, Emily and Jonas with values, of whom only these are reviewed; offered to HR."""
    cycle = ended_quarter(company, "marcus", "emily", "jonas")
    reported_values(company, cycle, "marcus", "emily", "jonas")
    for name in reviewed_names:
        reviewed(company, cycle, name)
    computed(company, cycle)
    offered(company, cycle)
    return cycle


@pytest.mark.parametrize(
    ("finished", "asked"),
    [
        ((), "Nobody has a result yet. Release anyway?"),
        (("emily",), "Only one person has a result; 2 do not. Release anyway?"),
        (("emily", "jonas"), "Only 2 have a result; one does not. Release anyway?"),
        (("emily", "jonas", "marcus"), "3 people will be told, and results stay as they are. It happens once."),
    ],
)
def test_releasing_says_first_how_many_have_no_result(company: Company, finished: tuple[str, ...], asked: str) -> None:
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    unfinished_quarter(company, *finished)
    julia = company.person("julia")
    julia.types("/cairn results")
    assert asked in confirmations(julia)


def test_releasing_asks_in_chinese_too(company: Company) -> None:
    unfinished_quarter(company, "emily")
    assert "只有 1 人有结果，2 人还没有。仍要发布吗？" in confirmations(company.person("mei"))


def confirmations(who: Persona) -> list[str]:
    """What the buttons in front of somebody ask before they act."""
    return [one.element["confirm"]["text"]["text"] for one in who._pressables() if "confirm" in one.element]


def test_people_with_the_same_reasons_stand_together(company: Company) -> None:
    unfinished_quarter(company, "emily")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    julia = company.person("julia")
    julia.types("/cairn results")
    assert "2 people: The manager has not rated yet.\nJonas Weber, Marcus Reed" in julia.sees()
    assert julia.sees().count("The manager has not rated yet.") == 1


def test_nothing_is_recomputed_once_a_cycle_is_closed(company: Company) -> None:
    cycle = unfinished_quarter(company, "emily")

    def standing(session: Any, day: date) -> Standing:
        turn = SimpleNamespace(session=session, today=day, t=Words("en"), now=company.slack.clock.now())
        return standing_of(turn, cycle, people.get(session, "U01JULIA"))

    before = company.knows(lambda session: standing(session, cycle.opens[Stage.CLOSED] - timedelta(days=1)))
    after = company.knows(lambda session: standing(session, cycle.opens[Stage.CLOSED]))
    assert "Recompute" in str(standing_page(Words("en"), before).body())
    assert "Recompute" not in str(standing_page(Words("en"), after).body())


def test_nothing_is_released_while_results_are_computed(company: Company, quarter: Cycle) -> None:
    computed(company, quarter)
    offered(company, quarter)
    mei = company.person("mei")
    with company.database.unit_of_work() as session:
        turn = company.cairn.desk.turn(session, people.get(session, mei.id))
        turn.carry = quarter.id
        company.cairn.desk.flows.steps["scoring.recompute"](turn)
        with pytest.raises(Refused, match="being computed"):
            company.cairn.desk.flows.steps["scoring.release"](turn)
