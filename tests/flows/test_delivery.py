"""A result reaches its person: a push without a number, every why, colleagues as promised, and an answer."""

import json
import re
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bot.domain.cycle import Cycle
from bot.domain.feedback import Said
from bot.domain.kpi import attainment
from bot.domain.measure import Actual, Anchor, Direction, Measure
from bot.domain.measure import State as Known
from bot.domain.review import Kind, Review, State
from bot.domain.why import ROOT, goal_lines
from bot.handlers.delivery import why
from bot.handlers.delivery.parts import from_colleagues
from bot.handlers.delivery.steps import ask_deeper
from bot.slack.words import Words
from bot.store import audit, people, results, reviews
from bot.store.people import Member
from bot.store.released import GroupSummary
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.forging import Forger
from tests.stories import ended_quarter, heard_from_colleagues, planned, reported_values, reviewed

STRENGTH = "Kept calm when the customer threatened to leave, and found out what was behind it"
GAP = "Offers went out without a second pair of eyes"
SENTENCE = "The minutes of the fair came the same evening."
RESULT_DAY = "2027-04-23T10:00:00+08:00"


@lived_once
def released_quarter(company: Company, *names: str, without_review: tuple[str, ...] = ()) -> Cycle:
    """A quarter of these people, released by HR; everyone has been told."""
    cycle = ended_quarter(company, *names)
    reported_values(company, cycle, *names)
    for name in names:
        if name not in without_review:
            reviewed(company, cycle, name, strength=STRENGTH, strength_day="2027-02-10", gap=GAP)
    heard_from_colleagues(company, cycle, names[0], "5", "4", "4", "4.5", "3.5", sentence=SENTENCE)
    company.winds(to=RESULT_DAY)
    planned(company, "scoring.compute", cycle.id)
    planned(company, "scoring.offer_release", cycle.id)
    company.person("mei").clicks("发布结果")
    company.winds(to="2027-04-23T10:00:00-04:00")
    return cycle


@pytest.fixture
def emily(company: Company) -> Persona:
    """Emily in front of her released result."""
    released_quarter(company, "emily")
    return company.person("emily")


def result_of(company: Company, cycle_id: str, name: str) -> results.Result:
    return company.knows(lambda session: results.result(session, cycle_id, company.person(name).id))


def only_cycle(company: Company, person_id: str) -> str:
    return company.knows(lambda session: results.released_in(session, [person_id]))[0].cycle_id


def test_the_push_says_that_it_is_ready_and_nothing_more(company: Company, emily: Persona) -> None:
    outcome = result_of(company, only_cycle(company, emily.id), "emily").outcome
    assert emily.pushes == ["Your result of 2027-Q1 is ready."]
    emily.clicks("Two minutes: Reading a result")
    assert "say that you do not agree is your right" in emily.sees()
    emily.closes()
    assert str(outcome.score) not in emily.sees()
    assert "Grade" not in emily.sees()


def test_the_page_holds_grade_lines_words_and_colleagues(company: Company, emily: Persona) -> None:
    emily.clicks("Open my result")
    outcome = result_of(company, only_cycle(company, emily.id), "emily").outcome
    page = emily.sees()
    assert str(outcome.score) in page
    assert f"*Grade*\n{outcome.band}" in page
    assert re.search(r"Goals, 70 % of the result: \d+\.\d\d points; 70 is on target", page)
    assert re.search(r"\*Grade\*\n(S: 110 and more|A: 100 to under 110|B: 80 to under 100|C: 60 to under 80)", page)
    assert "*Sales revenue*" in page
    assert STRENGTH in page
    assert "A strength, 10 Feb 2027" in page
    assert SENTENCE in page
    assert "5 of 5 answered" in page
    assert "nothing was changed by a formula" in page


@pytest.mark.parametrize(("language", "line"), [
    ("en", "*Revenue growth*\n41 % reached, weight 10 %: 5.13 points"),
    ("zh", "*Revenue growth*\n完成率 41%，权重 10%，得 5.13 分"),
])  # fmt: skip
def test_points_are_shown_with_halves_up_as_they_are_counted(company: Company, language: str, line: str) -> None:
    cycle = released_quarter(company, "jonas")
    company.knows(lambda session: people.choose_language(session, "U01JONAS", language))
    jonas = company.person("jonas")
    jonas.types("/cairn result")
    found = {one.title: one.points for one in goal_lines(result_of(company, cycle.id, "jonas").outcome.tree)}
    assert found["Revenue growth"] == Decimal("5.125")
    assert line in jonas.sees()


def test_strengths_and_gaps_are_three_at_most_with_what_they_rest_on(company: Company) -> None:
    cycle = ended_quarter(company, "jonas")
    reported_values(company, cycle, "jonas")
    seen = {"reason_selling": "He asked Hansa what the delay costs them, and came back with a plan for it",
            "day_selling": "2027-01-02"}  # fmt: skip
    reviewed(company, cycle, "jonas", strength=STRENGTH, strength_day="2027-01-03", gap=GAP, **seen)
    company.winds(to=RESULT_DAY)
    planned(company, "scoring.compute", cycle.id)
    planned(company, "scoring.offer_release", cycle.id)
    company.person("mei").clicks("发布结果")
    company.winds(to="2027-04-23T15:00:00+02:00")
    jonas = company.person("jonas")
    jonas.clicks("Open my result")
    page = jonas.sees()
    places = [page.index(one) for one in (STRENGTH, "*Selling skill, 2 Jan 2027*\n>He asked", "*Strengths too*", GAP,
                                          "*Gaps too*")]  # fmt: skip
    assert places == sorted(places)
    assert "*Strengths too*\n•  Understanding customers: 4 of 5\n" in page, "three with the two in words"
    of_goals = goal_lines(result_of(company, cycle.id, "jonas").outcome.tree)
    missed = [one for one in of_goals if one.reached is not None and one.reached < 1]
    assert len(missed) > 2
    first, second = sorted(missed, key=lambda one: -one.weight * (1 - one.reached))[:2]
    assert re.search(
        rf"\*Gaps too\*\n•  {first.title}: [\d.]+ % reached.*\n•  {second.title}: [\d.]+ % reached.*\n[^•]", page
    )
    company.knows(lambda session: people.choose_language(session, jonas.id, "zh"))
    jonas.closes()
    jonas.types("/cairn result")
    assert "*其他优点*\n•  理解客户：4 分（满分 5）" in jonas.sees()


def test_reasons_stand_under_their_goals_with_when_they_were_raised_and_behind_why(
    company: Company, emily: Persona
) -> None:
    band = result_of(company, only_cycle(company, emily.id), "emily").outcome.band
    emily.clicks("Open my result")
    reason = f"The manager's reason for {band}:\n>It stayed well away from what we had agreed on in January"
    assert re.search(rf"\*Sales revenue\*\n.*points\n{re.escape(reason)}", emily.sees())
    assert "Not raised before." in emily.sees()
    emily.clicks("Why?", near="Sales revenue")
    assert f"{reason}\nNot raised before." in emily.sees()


def test_colleagues_who_see_somebody_differently_are_read_rather_than_averaged() -> None:
    def told(said: tuple[Said, ...], *ratings: int) -> str:
        group = GroupSummary("peer", 6, len(ratings), tuple(map(Decimal, ratings)), (), said)
        opened = SimpleNamespace(groups=(group,), template=None)
        return str(from_colleagues(Words("en"), opened))

    words, apart = (Said("behaviour", SENTENCE),), "They see it differently"
    assert apart in told(words, 1, 5, 2, 5, 4)
    assert apart not in told(words, 4, 5, 4, 5, 4)
    assert apart not in told(words, 1, 5, 2, 5)  # four are shown as a band
    assert apart not in told((), 1, 5, 2, 5, 4)  # there is nothing to read


def test_every_line_opens_and_the_tree_is_walked_in_one_window(emily: Persona) -> None:
    emily.clicks("Open my result")
    emily.clicks("Why?", near="How the result is made")
    assert "rounded once, halves up" in emily.sees()
    assert len(emily.modals) == 2
    emily.clicks("Why?", near="Result before rounding")
    emily.clicks("Why?", near="Goals, 70 %")
    emily.clicks("Why?")
    emily.clicks("Why?")
    emily.clicks("Why?", near="Sales revenue")
    emily.clicks("Why?")
    emily.clicks("Why?")
    why = emily.sees()
    assert "actual ÷ target" in why
    assert "Order system, 2027-Q1, 3 Jan 2027" in why
    assert "from 林美" in why
    assert re.search(r"[\d,]+ ÷ 3,000,000 [=≈] \d\.\d+", why)
    emily.clicks("Why?", near="falls on the days that count")
    assert "amount for the whole cycle: 3,000,000 CNY  ·  The agreed goals" in emily.sees()
    assert len(emily.modals) == 2
    emily.clicks("Back to what it goes into")
    emily.clicks("Back to what it goes into")
    assert "within the limits for one goal" in emily.sees()
    assert "Close this window to get back to the whole result." in emily.sees()
    emily.closes()
    assert "Your goals" in emily.sees()


def test_a_cap_that_was_hit_is_said(company: Company) -> None:
    released_quarter(company, "yang")
    yang = company.person("yang")
    yang.clicks("打开我的结果")
    assert "，按 120% 计，权重" in yang.sees()
    yang.clicks("为什么？", near="销售额")
    yang.clicks("为什么？")
    assert "已封顶：单个目标最多按 1.2 倍计" in yang.sees()


def test_a_chart_comes_as_a_message_with_the_same_in_words(emily: Persona) -> None:
    emily.clicks("Open my result")
    emily.clicks("Show as a chart")
    assert len(emily.modals) == 1
    assert "The chart is in your messages." in emily.sees()
    emily.closes()
    message = emily.messages[-1]
    assert "data_visualization" in [block["type"] for block in message["blocks"]]
    assert message["text"] == "Your chart of 2027-Q1"
    assert "Customer visits: " in emily.last_words()


def test_topics_are_compared_as_bars_and_in_words_and_a_year_is_not_averaged(company: Company, emily: Persona) -> None:
    cycle_id = only_cycle(company, emily.id)
    own = Review(cycle_id, emily.id, emily.id, Kind.SELF, State.SENT, {"customer": 5, "selling": 3})
    company.knows(lambda session: session.add(row_of(own, company.slack.clock.now())))
    emily.clicks("Open my result")
    emily.clicks("Compare by topic")
    emily.closes()
    message = emily.messages[-1]
    (drawn,) = [block for block in message["blocks"] if block["type"] == "data_visualization"]
    series = {one["name"]: [point["value"] for point in one["data"]] for one in drawn["chart"]["series"]}
    assert series == {"You": [5.0, 3.0], "Manager": [4.0, 4.0]}, "colleagues rated none of these topics"
    assert "*Selling skill*\nYou: 3 of 5  ·  manager: 4 of 5" in emily.last_words()
    emily.types("/cairn result year")
    result = result_of(company, cycle_id, "emily").outcome
    assert f"2027-Q1: grade {result.band}, result {result.score}" in emily.sees()
    assert "Customer visits: 113.3 % reached" in emily.sees()
    assert "nothing is averaged here" in emily.sees()


def row_of(review: Review, at: datetime) -> reviews.ReviewRow:
    return reviews.ReviewRow(
        cycle_id=review.cycle_id, person_id=review.person_id, kind=review.kind.value, author_id=review.author_id,
        state=review.state.value, competencies=dict(review.competencies), levels={}, overall="A", notes={}, sent_at=at,
        later={},
    )  # fmt: skip


def test_agreeing_is_kept_once_and_the_card_says_so(company: Company, emily: Persona) -> None:
    emily.clicks("Open my result")
    emily.clicks("Seen and agree")
    assert "Seen and agreed on" in emily.sees()
    emily.closes()
    assert len(emily.messages) == 1
    assert "Seen and agreed on" in emily.last_words()
    assert "Thomas Keller is there" in emily.last_words()
    acts = company.knows(lambda session: audit.about(session, emily.id))
    assert [one.record.split("/")[1] for one in acts if one.act == "answer_result"] == ["agrees"]
    emily.clicks("Prepare the talk")
    assert "What went well?" in emily.sees(), "the talk is still ahead"


def test_not_agreeing_takes_words_and_tells_the_manager_without_them(company: Company, emily: Persona) -> None:
    emily.clicks("Open my result")
    emily.clicks("Seen, do not agree")
    assert "Send to mark it as not agreed. You can still talk about it." in emily.sees()
    emily.submits(words="The fair in March was moved by <!channel> us.")
    assert "not agreed" in emily.sees()
    assert "&lt;!channel&gt;" in emily.sees()
    thomas = company.person("thomas")
    assert "Emily Carter has seen the result of 2027-Q1 and does not agree" in thomas.pushes[-1]
    assert "The fair" not in "".join(thomas.pushes)
    thomas.clicks("Open the result", near="does not agree")
    assert "The fair in March" in thomas.sees()


def test_not_agreeing_reaches_hr_where_the_manager_has_left(company: Company, emily: Persona) -> None:
    thomas, mei = company.person("thomas"), company.person("mei")
    gone = Member(thomas.id, "Thomas Keller", "", "en-GB", "Europe/Berlin", owner=False, takes_part=False)
    company.knows(lambda session: people.keep_member(session, gone))
    told = len(thomas.messages)
    emily.clicks("Open my result")
    emily.clicks("Seen, do not agree")
    assert "\nHR can read this." in emily.sees()
    emily.submits(words="The fair in March was moved")
    assert "For questions, HR is there." in emily.sees()
    company.winds(to="2027-04-26T10:00:00+08:00")
    assert "目前没有人是对方的主管，请你和本人谈谈。" in mei.pushes[-1]
    assert "fair" not in mei.pushes[-1]
    assert len(thomas.messages) == told
    mei.clicks("打开结果", near="目前没有人是对方的主管")
    assert "The fair in March was moved" in mei.sees()


def test_answers_have_a_last_day_and_the_talk_opens_them_once_more(company: Company, emily: Persona) -> None:
    emily.clicks("Open my result")
    assert "10 working days are left to answer, until 7 May 2027." in emily.sees()
    emily.clicks("Seen, do not agree")
    emily.submits()
    assert "Your answer stands." in emily.sees()
    emily.closes()
    company.winds(to="2027-05-06T10:00:00+02:00")
    thomas = company.person("thomas")
    thomas.types(f"/cairn interview <@{emily.id}>")
    thomas.clicks("We are talking today")
    company.winds(to="2027-05-11T10:00:00-04:00")
    emily.types("/cairn result")
    assert "2 working days are left to answer, until 13 May 2027." in emily.sees()
    assert "You have talked since you answered: you may answer anew." in emily.sees()
    emily.clicks("Seen and agree")
    assert "Seen and agreed on" in emily.sees()
    assert "Seen and agree" not in [one for block in emily.modal["blocks"] for one in labels(block)]


def labels(block) -> list[str]:
    return [one["text"]["text"] for one in block.get("elements", ()) if one["type"] == "button"]


def test_after_the_last_day_nothing_is_asked_any_more(company: Company, emily: Persona) -> None:
    emily.clicks("Open my result")
    emily.closes()
    company.winds(to="2027-05-10T10:00:00-04:00")
    emily.opens_home()
    assert "Your result of 2027-Q1 is ready." not in emily.home
    emily.types("/cairn result")
    assert "The days to answer ended on 7 May 2027." in emily.sees()
    assert "Seen, do not agree" not in emily.sees()


def test_not_agreeing_needs_no_words(company: Company, emily: Persona) -> None:
    emily.clicks("Open my result")
    emily.clicks("Seen, do not agree")
    emily.submits()
    kept = result_of(company, only_cycle(company, emily.id), "emily")
    assert (kept.answer, kept.words) == (results.Answer.DISAGREES, "")


def test_an_answer_from_an_old_window_is_refused(company: Company, emily: Persona) -> None:
    emily.clicks("Open my result")
    emily.clicks("Seen, do not agree")
    cycle_id, now = only_cycle(company, emily.id), company.slack.clock.now()
    agrees = results.Answer.AGREES
    company.knows(lambda session: results.answered(session, cycle_id, emily.id, agrees, "", now))
    emily.submits(words="Too late")
    assert "You have answered this result already" in str(emily.errors) + emily.sees()
    assert result_of(company, cycle_id, "emily").answer is agrees


def test_before_the_release_nobody_sees_anything(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    reported_values(company, cycle, "emily")
    reviewed(company, cycle, "emily")
    company.winds(to="2027-04-16T10:00:00-04:00")
    planned(company, "scoring.compute", cycle.id)
    planned(company, "delivery.tell", cycle.id, company.person("emily").id)
    emily = company.person("emily")
    assert emily.messages == []
    emily.types("/cairn result")
    assert "Those of 2027-Q1 come from 22 Apr 2027 on" in emily.last_words()
    emily.opens_home()
    assert "Your result" not in emily.home


def test_a_colleague_may_not_see_a_result_and_the_manager_may(company: Company, emily: Persona) -> None:
    marcus = company.person("marcus")
    marcus.types("/cairn result @emily")
    assert "This is not yours to do" in marcus.last_words()
    thomas = company.person("thomas")
    thomas.types("/cairn result Emily Carter")
    assert "Emily Carter, 2027-Q1" in thomas.sees()
    assert SENTENCE in thomas.sees()
    thomas.closes()
    acts = company.knows(lambda session: audit.about(session, emily.id))
    assert ("see_result", thomas.id) in {(one.act, one.actor_id) for one in acts}
    thomas.types("/cairn result Emily Carter")
    with pytest.raises(AssertionError, match="sees no button"):
        thomas.clicks("Seen and agree")


@pytest.mark.usefixtures("emily")
def test_hr_sees_the_points_that_colleagues_add_and_nothing_that_they_said(company: Company) -> None:
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    julia, thomas = company.person("julia"), company.person("thomas")
    julia.types("/cairn result Emily Carter")
    assert "answered" not in julia.sees()
    assert SENTENCE not in julia.sees()
    assert re.search(r"Feedback from colleagues, 10 % of the result: \d+(\.\d+)? of 10 points", julia.sees())
    julia.clicks("Why?", near="How the result is made")
    julia.clicks("Why?", near="Result before rounding")
    julia.clicks("Why?", near="Feedback from colleagues")
    assert "What colleagues said is for the person and their manager." in julia.sees()
    thomas.types("/cairn result Emily Carter")
    thomas.clicks("Why?", near="Feedback from colleagues")
    thomas.clicks("Why?")
    assert "Average rating by colleagues" in thomas.sees()


def test_a_name_nobody_has_is_refused(emily: Persona) -> None:
    emily.types("/cairn result Nobody Here")
    assert "I do not know “Nobody Here”" in emily.last_words()


def test_a_forged_button_opens_nobody_elses_result(company: Company) -> None:
    cycle = released_quarter(company, "emily", "marcus")
    marcus, emily = company.person("marcus"), company.person("emily")
    message = marcus.messages[-1]
    (block,) = [one for one in message["blocks"] if one["type"] == "actions"]
    block["elements"][0]["value"] = f"{cycle.id}/{emily.id}"
    marcus.clicks("Open my result")
    assert "This is not yours to do" in marcus.sees()


@pytest.mark.usefixtures("emily")
def test_the_manager_is_told_and_opens_the_team(company: Company) -> None:
    thomas = company.person("thomas")
    assert thomas.pushes[-1] == "The results of your team for 2027-Q1 are released."
    thomas.clicks("Two minutes: Holding the talk")
    assert "Let the other side begin" in thomas.sees()
    thomas.closes()
    thomas.clicks("See my team's results")
    thomas.clicks("Open the result", near="Emily Carter")
    thomas.clicks("Why?", near="How the result is made")
    thomas.clicks("Why?")
    assert len(thomas.modals) == 3


def test_home_waits_until_it_was_answered_and_shows_the_grade_once_opened(company: Company, emily: Persona) -> None:
    emily.opens_home()
    assert "Your result of 2027-Q1 is ready." in emily.home
    assert "grade" not in emily.home
    emily.clicks("Open my result")
    band = result_of(company, only_cycle(company, emily.id), "emily").outcome.band
    assert f"Your result of 2027-Q1: grade {band}" in emily.home
    emily.clicks("Seen and agree")
    assert "is ready" not in emily.home


def test_an_incomplete_result_says_kindly_what_it_waits_for(company: Company) -> None:
    released_quarter(company, "emily", without_review=("emily",))
    emily = company.person("emily")
    assert emily.pushes == ["Your result of 2027-Q1 is not complete yet; HR will add it."]
    emily.opens_home()
    assert "Your result of 2027-Q1 is not complete yet; HR will add it." in emily.home
    assert "is ready" not in emily.home
    emily.clicks("See what is missing")
    assert "is not complete yet" in emily.sees()
    assert "The manager has not rated yet." in emily.sees()
    assert "Seen and agree" not in emily.sees()


def test_too_short_a_time_is_no_rating_and_no_low_result(company: Company) -> None:
    released_quarter(company, "nuo")
    nuo = company.person("nuo")
    nuo.clicks("打开我的结果")
    assert "不作评定" in nuo.sees()
    assert "这不代表结果差" in nuo.sees()


def test_it_reads_well_in_chinese(company: Company) -> None:
    released_quarter(company, "yang")
    yang = company.person("yang")
    assert yang.pushes == ["你的 2027-Q1 结果出来了。"]
    yang.clicks("打开我的结果")
    page = yang.sees()
    for words in ("*绩效等级*", "目标，占结果的 70%", "*销售额*\n完成率", "来自同事", "没有任何数字被公式调整过"):
        assert words in page, words
    assert "Why" not in page
    yang.clicks("看过，不同意")
    yang.submits(words="三月的展会改期了")
    assert "已看过，不同意" in yang.sees()


def test_whoever_looks_is_seen_looking_and_asking_why_is_looking_too(company: Company, emily: Persona) -> None:
    cycle_id = only_cycle(company, emily.id)
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    reads = Forger(company, "U01JULIA").reads("delivery.ask_why", f"{cycle_id}/{emily.id}/top", {})
    assert "rounded once, halves up" in reads
    emily.types("/cairn privacy")
    emily.clicks("Who looked, and when")
    assert "23 Apr 2027, Julia Brandt: your result" in emily.sees()
    emily.closes()
    emily.clicks("Take it with me")
    assert "python -m bot packet emily@lantern.example FOLDER" in emily.sees()
    emily.clicks("Send me the files here")
    machine, page = (company.slack.files[one["files"][0]["id"]] for one in emily.messages[-2:])
    assert emily.pushes[-2:] == ["What I keep about you, as JSON", "What I keep about you, to read"]
    assert "<h1>What is kept about Emily Carter</h1>" in page.content.decode()
    found = json.loads(machine.content)["parts"]
    assert "goal_sheets" in found
    assert "results" not in found, "she has not opened it"
    assert "pay_bases" not in found, "money never goes through Slack"
    marcus = company.person("marcus")
    marcus.types("/cairn privacy")
    marcus.clicks("Who looked, and when")
    assert "Nobody but you has opened anything of yours so far." in marcus.sees()


def test_a_question_about_a_result_goes_to_the_manager_and_is_answered_in_place(
    company: Company, emily: Persona
) -> None:
    cycle_id, thomas, mei = only_cycle(company, emily.id), company.person("thomas"), company.person("mei")
    emily.clicks("Open my result")
    emily.clicks("Ask about it")
    assert "Thomas Keller reads it and answers within 3 working days." in emily.sees()
    emily.submits(words="Why does the fair in March not count?")
    assert "Your question is with Thomas Keller. I asked them to answer by Wed 28 Apr." in emily.sees()
    company.winds(to="2027-04-26T10:00:00+02:00")
    assert thomas.pushes[-1] == "Emily Carter has a question about the result of 2027-Q1."
    card = thomas.last_words()
    assert "Why does the fair in March not count?" in card
    grade = company.knows(lambda session: results.result(session, cycle_id, emily.id)).outcome
    assert str(grade.score) not in card
    assert "*Grade*" not in card
    assert not any("question" in push for push in mei.pushes), "it is the manager's, not HR's"
    company.winds(to="2027-04-28T15:00:00+02:00")
    assert thomas.pushes[-1] == "The question from Emily Carter is due today."
    thomas.clicks("Answer")
    assert "please keep grades and points for the talk" in thomas.sees()
    thomas.submits(answer="It was moved to April, so it counts in the next quarter.")
    assert "This is answered." in thomas.last_words()
    company.winds(to="2027-04-28T10:00:00-04:00")
    assert emily.pushes[-1] == "Thomas Keller has answered your question."
    assert "so it counts in the next quarter" in emily.last_words()
    emily.types("/cairn ask fair in March")
    assert "next quarter" not in emily.sees() + emily.last_words().split("You asked")[-1], "it is nobody's to find"


def test_a_rubric_says_its_level_in_words_before_the_table() -> None:
    levels = (
        Anchor(Decimal(1), "A start was made", Decimal("0.2")),
        Anchor(Decimal(4), "Others build on it", Decimal(1)),
    )
    depth = Measure("Depth", Direction.RUBRIC, "", anchors=levels)
    node = attainment(depth, Actual(Known.VALUE, Decimal(4)))
    page = why.explained(Words("en"), why.Asked(node, ROOT, "c/p", {}, levels=levels), deeper=ask_deeper)
    said = "\n".join(block["text"]["text"] for block in page.blocks if "text" in block)
    assert "*The level that was reached*\nLevel 4, 100 %: Others build on it" in said
    table = said.partition("*All levels*")[2]
    assert "Level 1, 20 %: A start was made" in table
    assert "Level 4, 100 %: Others build on it" in table
    assert "worth 1" not in said
