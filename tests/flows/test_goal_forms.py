"""Every kind of goal has a form: points on the way, dated milestones, levels in words; in both languages."""

from decimal import Decimal

import pytest

from bot.domain.goal import Goal
from bot.domain.measure import Point
from bot.handlers.goals.shown import looks
from bot.slack.words import Words
from bot.store import goals
from tests.company import Company
from tests.goal_talks import changes, filled_in, fills, invited_sellers, wrong


@pytest.fixture
def quarter(company: Company) -> str:
    """The id of a running quarter for sales; everybody was invited this morning."""
    return invited_sellers(company)


def written(company: Company, cycle_id: str, person_id: str) -> tuple[Goal, ...]:
    draft = company.knows(lambda session: goals.draft(session, cycle_id, person_id, person_id))
    assert draft
    return draft.goals


def test_points_begin_as_the_goal_is_judged_without_them(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Sales revenue")
    emily.clicks("Points on the way")
    assert filled_in(emily)["points-revenue"] == "0 0\n3000000 100\n3600000 120"
    fills(emily, points="2400000 50\n3000000 100\n3600000 120")
    assert written(company, quarter, "U01EMILY")[0].points == (
        Point(Decimal(2400000), Decimal("0.5")),
        Point(Decimal(3000000), Decimal(1)),
        Point(Decimal(3600000), Decimal("1.2")),
    )
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    thomas = company.person("thomas")
    assert "2,400,000 CNY: 50 %" in thomas.last_words()
    thomas.clicks("Agree")
    emily.clicks("How it is judged", near="Sales revenue")
    assert "Evenly from point to point; below the first of them it is worth nothing." in emily.sees()
    assert "80 %: 2,760,000 CNY\n100 %: 3,000,000 CNY\n120 %: 3,600,000 CNY" in emily.sees()


def test_who_is_to_agree_reads_the_stretch_and_what_kind_of_number_it_is(company: Company, quarter: str) -> None:
    """Nobody agrees to a value worth 120 %, or to another way of counting, without having seen it."""
    yang, li = company.person("yang"), company.person("li")
    yang.clicks("起草目标")
    yang.clicks("修改", near="销售额")
    fills(yang, stretch="3100000")
    yang.clicks("提交给陈丽")
    yang.submits()
    assert "挑战值 3,100,000 元：120%" in li.last_words()
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Customer visits")
    emily.clicks("Remove this goal")
    emily.chooses("My own: higher is better")
    fills(emily, title="Fairs visited", measure="Fairs on the list", unit="fairs", adds="yes")
    fills(emily, target="3", stretch="4")
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    assert "Stretch 4 fairs: 120 %" in thomas.last_words()
    thomas.clicks("Suggest a change")
    thomas.clicks("Edit", near="Fairs visited")
    thomas.clicks("Change the words")
    fills(thomas, adds="no")
    fills(thomas)
    thomas.clicks("Suggest to Emily Carter")
    thomas.submits()
    assert quarter
    assert "Kind of number: adds up → stands at a level" in emily.last_words()


def test_points_that_leave_the_target_out_are_refused_where_they_are_written(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Sales revenue")
    emily.clicks("Points on the way")
    fills(emily, points="2400000 50\n3600000 120")
    said = "One of the points of “Sales revenue” must be its target of 3,000,000, worth 100."
    assert wrong(emily) == {"points": said}
    fills(emily, points="lots")
    assert "Line 1: please write the value first" in wrong(emily)["points"]
    fills(emily, points="")
    assert written(company, quarter, "U01EMILY")[0].points == ()


def test_zero_accidents_are_scored_along_points(company: Company, quarter: str) -> None:
    yang, li = company.person("yang"), company.person("li")
    yang.types("/cairn goals")
    yang.chooses("自定：越低越好")
    fills(yang, title="安全事故", measure="登记的事故", unit="起", adds="no")
    fills(yang, target="0", weight="5")
    assert "目标值是 0" in wrong(yang)["baseline"]
    fills(yang, target="0", weight="5", tolerance="3")
    yang.clicks("修改", near="安全事故")
    yang.clicks("分段得分")
    fills(yang, points="3 0\n1 80\n0 100")
    yang.clicks("修改", near="销售额")
    fills(yang, weight="30")
    yang.clicks("提交给陈丽")
    yang.submits()
    assert "1 起：80%" in li.last_words()
    assert quarter


def test_what_was_typed_is_kept_when_another_page_is_asked_for(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Orders signed")
    (target,) = [name for name in filled_in(emily) if name.startswith("target-")]
    emily.clicks("Points on the way", having={target: "15"})
    assert "15 100" in filled_in(emily)[target.replace("target", "points")]
    assert quarter


def test_what_was_typed_is_kept_on_the_way_back_to_the_list(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Customer visits")
    (target,) = [name for name in filled_in(emily) if name.startswith("target-")]
    emily.clicks("Back to the list", having={target: "77"})
    assert "at least 77 visits" in emily.sees()
    emily.clicks("Edit", near="Customer visits")
    assert filled_in(emily)[target] == "77"
    assert quarter


@pytest.mark.parametrize(("target", "most"), [("99.995", "79.996"), ("0.004", "0.0032")])
def test_what_is_agreed_is_shown_to_its_last_digit(company: Company, quarter: str, target: str, most: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    changes(emily, "Sales revenue", target=target)
    assert f"at least {target} CNY" in emily.sees()
    revenue = next(one for one in written(company, quarter, "U01EMILY") if one.kpi == "revenue")
    assert f"80 %: {most} CNY" in looks(Words("en"), revenue)


@pytest.mark.parametrize("typed", ["3,200,000", "3 200 000", "３２０万", "320 万", "3,200,000 CNY", "cny 3200000.00"])
def test_a_number_is_taken_as_people_write_it(company: Company, quarter: str, typed: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    changes(emily, "Sales revenue", target=typed)
    assert written(company, quarter, "U01EMILY")[0].target == Decimal(3_200_000)
    emily.clicks("Edit", near="Sales revenue")
    assert filled_in(emily)["target-revenue"].startswith("3,200,000")


def test_a_percent_sign_stands_where_percent_is_counted_and_nowhere_else(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    changes(emily, "Complaint rate", target="1.5 %")
    goal = next(one for one in written(company, quarter, "U01EMILY") if one.kpi == "complaint_rate")
    assert (goal.target, goal.unit) == (Decimal("1.5"), "%")
    emily.clicks("Edit", near="Sales revenue")
    fills(emily, target="20%")
    assert wrong(emily) == {"target": "This is not counted in percent. Please write the number itself."}


@pytest.mark.parametrize("typed", ["12,5", "1.200.000", "1e6", "many"])
def test_what_could_be_read_in_two_ways_is_asked_for_again_and_what_was_typed_stays(
    company: Company, quarter: str, typed: str
) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Sales revenue")
    fills(emily, target=typed)
    assert wrong(emily) == {"target": f"“{typed}” is no number. Write 1250.5 or 1,250.5."}
    emily.clicks("Points on the way", having={"target-revenue": typed})
    assert f"“{typed}” is no number." in emily.sees()
    emily.closes()
    assert emily.modal["title"]["text"] == "Edit goal"
    fills(emily, target="3,200,000")
    assert written(company, quarter, "U01EMILY")[0].target == Decimal(3_200_000)


def test_what_is_no_number_is_told_in_chinese(company: Company, quarter: str) -> None:
    yang = company.person("yang")
    yang.types("/cairn goals")
    yang.clicks("修改", near="销售额")
    fills(yang, target="二十万")
    assert wrong(yang) == {"target": "“二十万”不是数字，请写成 1250.5 或 1,250.5。"}
    fills(yang, target="20％")  # noqa: RUF001 - full-width
    assert wrong(yang) == {"target": "这里不按百分比计算，请直接写数字。"}
    fills(yang, target="320万元")
    assert written(company, quarter, "U01YANG")[0].target == Decimal(3_200_000)


def test_milestones_may_have_a_day_each(company: Company, quarter: str) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn goals")
    emily.chooses("My own: milestones")
    fills(emily, title="Open the Boston office", measure="Milestones of the plan")
    fills(emily, weight="5", milestones="40 Lease signed 2027-02-31")
    assert wrong(emily) == {"milestones": "Line 1: there is no day 2027-02-31."}
    fills(emily, weight="5", milestones="40 Lease signed 2027-02-26\n60 First order shipped")
    changes(emily, "Sales revenue", weight="30")
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    assert "Lease signed: 40 points  ·  by 26 Feb 2027" in thomas.last_words()
    assert quarter


def test_a_rubric_of_ones_own_has_levels_in_words(company: Company, quarter: str) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn goals")
    emily.chooses("My own: judged in words")
    fills(emily, title="Coach the new colleague", measure="What she can do alone")
    fills(emily, weight="5", levels="100 Runs a call alone\n60 Joins calls")
    assert "needs levels from the lowest to the highest" in wrong(emily)["levels"]
    fills(emily, weight="5", levels="60 Joins calls\n100 Runs a call alone")
    changes(emily, "Sales revenue", weight="30")
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    assert "Level 2, 100 %: Runs a call alone" in thomas.last_words()
    assert quarter


def test_an_own_number_that_adds_up_is_known_as_such(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.chooses("My own: higher is better")
    fills(emily, title="Fairs visited", measure="Fairs on the list", unit="fairs", adds="yes")
    fills(emily, target="4", weight="5")
    assert written(company, quarter, "U01EMILY")[-1].cumulative
    emily.clicks("Edit", near="Fairs visited")
    emily.clicks("Change the words")
    fills(emily, adds="no")
    emily.clicks("Back to the list")
    assert not written(company, quarter, "U01EMILY")[-1].cumulative
