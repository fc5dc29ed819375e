"""What is said about a set of goals before anyone agrees to it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.difficulty import Verdict, day_in_role, difficulty, eased, in_role_since, percentile, ramp
from bot.domain.finding import Past
from bot.domain.goal_check import GoalDraft, Level, blocking, check_goal, check_goals, concentration
from bot.domain.org import Stint
from bot.domain.similarity import similarity

REVENUE = GoalDraft(
    title="Grow revenue",
    measure="Signed revenue",
    unit="CNY",
    direction="higher",
    weight=Decimal(40),
    target=Decimal(95),
    due=date(2026, 12, 31),
    category="result",
    kpi="revenue",
    past=Past(own=tuple(map(Decimal, (80, 85, 90, 95, 100, 105)))),
)
SATISFACTION = replace(REVENUE, title="Delight customers", weight=Decimal(30), category="customer", kpi="satisfaction")
LEARNING = replace(REVENUE, title="Master the new product", weight=Decimal(30), category="learning", kpi="learning")
GOOD = [REVENUE, SATISFACTION, LEARNING]


def weighing(*weights: object) -> list[GoalDraft]:
    titles = ["apples", "bricks", "clouds", "dwarfs", "engines", "forum", "gypsum", "hotels", "igloo"]
    return [replace(REVENUE, title=titles[i], weight=Decimal(str(w))) for i, w in enumerate(weights)]


def found(goals, rule, *, faces_customers=False):
    return [finding.level for finding in check_goals(goals, faces_customers=faces_customers) if finding.rule == rule]


def test_a_good_set_has_no_findings():
    assert check_goals(GOOD, faces_customers=True) == []


def test_an_empty_set_blocks():
    assert found([], "count") == [Level.BLOCK]


@pytest.mark.parametrize(
    ("weights", "rest"), [(("40", "30", "29.99"), "0.01"), (("40", "30", "30.5"), "0.5"), (("33.3",) * 3, "0.1")]
)
def test_weights_that_do_not_make_exactly_100_block_and_the_difference_is_said(weights, rest):
    (finding,) = [finding for finding in check_goals(weighing(*weights)) if finding.rule == "sum"]
    assert finding.level is Level.BLOCK
    assert not finding.overridable
    assert finding.sentence.facts["rest"] == Decimal(rest)


@pytest.mark.parametrize(
    ("count", "levels"), [(1, [Level.WARN]), (2, [Level.WARN]), (3, []), (8, []), (9, [Level.WARN])]
)
def test_too_few_and_too_many_goals_are_pointed_out(count, levels):
    assert found(weighing(*[10] * count), "count") == levels


@pytest.mark.parametrize(
    ("weight", "levels"),
    [
        ("0", [Level.BLOCK]),
        ("-5", [Level.BLOCK]),
        ("4.99", [Level.WARN]),
        ("5", []),
        ("40", []),
        ("40.01", [Level.WARN]),
        ("60", [Level.WARN]),
        ("60.01", [Level.BLOCK]),
    ],
)
def test_no_goal_weighs_too_much_or_too_little(weight, levels):
    assert found(weighing(weight), "weight") == levels


def test_a_heavy_goal_may_be_kept_with_a_reason_but_a_wrong_sum_may_not():
    findings = check_goals(weighing(65, 20, 10))
    assert {finding.rule for finding in blocking(findings)} == {"sum", "weight"}
    assert {finding.rule for finding in blocking(findings, {"sum", "weight"})} == {"sum"}


# V-28
@pytest.mark.parametrize(
    ("weights", "index", "levels"),
    [
        ([100], "1", [Level.BLOCK]),
        ([80, 20], "0.68", [Level.BLOCK]),
        ([60, 20, 20], "0.44", [Level.WARN]),
        ([40, 30, 20, 10], "0.30", []),
        ([25] * 4, "0.25", []),
        ([20] * 5, "0.2", []),
        ([50, 50], "0.5", [Level.BLOCK]),
        ([60, 0, 0], "0.36", [Level.WARN]),
    ],
)
def test_concentration(weights, index, levels):
    assert concentration(map(Decimal, weights)) == Decimal(index)
    assert found(weighing(*weights), "concentration") == levels


def test_eighty_twenty_is_as_narrow_as_one_and_a_half_goals():
    (finding,) = [f for f in check_goals(weighing(80, 20)) if f.rule == "concentration"]
    assert finding.sentence.facts["number"] == Decimal("1.5")
    assert finding.overridable


def test_one_category_with_four_fifths_of_the_weight_is_pointed_out():
    goals = [replace(REVENUE, weight=Decimal(80)), replace(SATISFACTION, weight=Decimal(20))]
    assert found(goals, "balance") == [Level.WARN]
    assert found(GOOD, "balance") == []


def test_sales_needs_a_goal_that_customers_feel():
    goals = [REVENUE, replace(SATISFACTION, category="process"), LEARNING]
    assert found(goals, "balance", faces_customers=True) == [Level.WARN]
    assert found(goals, "balance") == []


def test_a_volume_goal_wants_its_guard():
    guarded = replace(REVENUE, guard="satisfaction")
    assert found([guarded, SATISFACTION, LEARNING], "guard") == []
    assert found([guarded, LEARNING], "guard") == [Level.WARN]


# V-28: titles
@pytest.mark.parametrize(
    ("one", "other", "index"),
    [
        ("2026年销售额增长20%", "销售额增长25%（2026年）", 0.857),
        ("Reduce P1 incidents by 30%", "Reduce P1 incidents by 40% this quarter", 0.633),
        ("提高客户满意度", "降低客户投诉率", 0.091),
        ("", "", 0),
        ("a", "A", 1),
    ],
)
def test_likeness_of_two_titles(one, other, index):
    assert similarity(one, other) == pytest.approx(index, abs=0.0005)


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_has_no_direction(one, other):
    assert similarity(one, other) == similarity(other, one)


def test_near_duplicates_are_pointed_out_at_the_later_goal():
    twin = replace(SATISFACTION, title="Grow the revenue")
    (finding,) = [f for f in check_goals([REVENUE, LEARNING, twin]) if f.rule == "duplicate"]
    assert (finding.level, finding.goal) == (Level.WARN, 2)


# V-27
@pytest.mark.parametrize(
    ("target", "chance", "verdict"),
    [(95, "0.5", Verdict.FINE), (110, "0.125", Verdict.HARD), (70, "0.875", Verdict.FINE)],
)
def test_a_target_is_judged_by_six_earlier_periods(target, chance, verdict):
    judged = difficulty(Decimal(target), REVENUE.past.own)
    assert (judged.chance, judged.verdict) == (Decimal(chance), verdict)


def test_a_target_always_reached_is_too_easy():
    judged = difficulty(Decimal(78), [Decimal(80)] * 12)
    assert judged.verdict is Verdict.EASY
    assert judged.chance == Decimal(13) / 14


def test_where_less_is_better_a_low_target_is_hard():
    defects = [Decimal(n) for n in (9, 8, 10, 9, 11)]
    assert difficulty(Decimal(5), defects, higher=False).verdict is Verdict.HARD
    assert difficulty(Decimal(9), defects, higher=False).verdict is Verdict.FINE


@pytest.mark.parametrize(
    ("target", "history", "verdict"),
    [
        (160, [100, 100], Verdict.HARD),
        (150, [100, 100], Verdict.FINE),
        (99, [100, 100], Verdict.EASY),
        (50, [0, 0], Verdict.UNKNOWN),
        (50, [50], Verdict.UNKNOWN),
    ],
)
def test_with_two_or_three_periods_only_growth_is_looked_at(target, history, verdict):
    assert difficulty(Decimal(target), [Decimal(past) for past in history]).verdict is verdict


@pytest.mark.parametrize(("target", "level"), [(110, Level.WARN), (95, None)])
def test_a_hard_target_is_pointed_out_with_its_history(target, level):
    levels = [f.level for f in check_goal(replace(REVENUE, target=Decimal(target))) if f.rule == "difficulty"]
    assert levels == ([level] if level else [])


def test_too_little_history_is_said():
    (finding,) = check_goal(replace(REVENUE, past=Past()))
    assert (finding.rule, finding.level) == ("difficulty", Level.HINT)
    assert "too little history" in finding.sentence.text


def test_a_newcomer_with_a_veterans_target_is_pointed_out():
    newcomer = replace(REVENUE, ramp=Decimal("0.4"), usual=Decimal(95))
    assert [f.rule for f in check_goal(newcomer)] == ["newcomer"]
    assert check_goal(replace(newcomer, usual=Decimal(96))) == []
    assert [f.rule for f in check_goal(replace(newcomer, direction="lower", usual=Decimal(96)))] == ["newcomer"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"title": " "}, "title"),
        ({"measure": ""}, "measure"),
        ({"unit": ""}, "unit"),
        ({"target": None}, "target"),
        ({"due": None}, "due"),
        ({"direction": "range", "low": Decimal(1)}, "target"),
        ({"direction": "milestones"}, "target"),
        ({"direction": "rubric", "steps": 1}, "target"),
    ],
)
def test_what_a_goal_lacks_blocks_it(change, rule):
    (finding,) = check_goal(replace(REVENUE, **change), 4)
    assert (finding.rule, finding.level, finding.goal) == (rule, Level.BLOCK, 4)


@pytest.mark.parametrize(
    "change",
    [
        {"direction": "milestones", "steps": 1, "target": None, "unit": ""},
        {"direction": "rubric", "steps": 2, "target": None, "unit": ""},
        {"direction": "range", "low": Decimal(0), "high": Decimal(5), "target": None},
        {"target": Decimal(0), "direction": "lower", "past": Past(own=tuple(map(Decimal, (1, 0, 2, 0))))},
    ],
)
def test_each_kind_of_goal_is_complete_in_its_own_way(change):
    assert check_goal(replace(REVENUE, **change)) == []


def test_a_goal_without_a_parent_is_a_hint():
    (finding,) = check_goal(replace(REVENUE, aligned=False))
    assert (finding.rule, finding.level) == ("alignment", Level.HINT)


def test_every_sentence_has_the_facts_it_names():
    bare = GoalDraft("", "", "", "higher", Decimal(70), guard="x", aligned=False)
    past = Past((Decimal(9),) * 12, (Decimal(0),) * 5, (Decimal(1),) * 5, (Decimal(0),) * 5)
    easy = replace(REVENUE, target=Decimal(1), past=past, ramp=Decimal("0.7"), unit="points of 100", odds=1)
    hard = replace(easy, target=Decimal(99), weight=Decimal(1))
    findings = check_goals([bare, easy, hard, bare], faces_customers=True)
    assert len({finding.rule for finding in findings}) >= 10
    for finding in findings:
        assert finding.sentence.text.format(**finding.sentence.facts)


# Newcomers ------------------------------------------------------------------------------

QUARTER = (date(2027, 1, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("joined", "share"),
    [
        (date(2027, 2, 1), "0.4"),
        (date(2026, 12, 1), "0.4"),
        (date(2026, 10, 3), "0.7"),
        (date(2026, 7, 5), None),
        (date(2014, 1, 1), None),
    ],
)
def test_a_newcomer_begins_with_two_fifths_and_goes_on_with_seven_tenths(joined, share):
    assert ramp(joined, QUARTER) == (Decimal(share) if share else None)


@pytest.mark.parametrize(
    ("mark", "share", "baseline", "higher", "amount"),
    [("100", "0.4", None, True, "40"), ("95", "0.4", "80", True, "86"), ("4", "0.4", None, False, "10")],
)
def test_what_a_part_of_the_way_comes_to(mark, share, baseline, higher, amount):
    start = Decimal(baseline) if baseline else None
    assert eased(Decimal(mark), Decimal(share), start, higher=higher) == Decimal(amount)


def test_another_manager_makes_no_newcomer_and_another_role_does():
    stints = [
        Stint("ana", "Sales", "Account manager", "thomas", date(2020, 1, 1), date(2026, 12, 31)),
        Stint("ana", "Sales", "Account manager", "li", date(2027, 1, 1), date(2027, 2, 14)),
        Stint("ana", "Logistics", "Planner", "mei", date(2027, 2, 15)),
    ]
    assert in_role_since(stints, date(2027, 2, 1)) == date(2020, 1, 1)
    assert in_role_since(stints, date(2027, 3, 1)) == date(2027, 2, 15)
    assert in_role_since([], date(2027, 3, 1)) is None
    assert day_in_role(stints[2:], date(2027, 1, 4)) == date(2027, 2, 15)
    assert day_in_role(stints, date(2027, 1, 4)) == date(2027, 1, 4)


def test_a_newcomer_is_compared_with_experienced_colleagues_where_five_of_them_are():
    veterans = Past(own=REVENUE.past.own, experienced=tuple(map(Decimal, (90, 96, 100, 110, 120))))
    newcomer = replace(REVENUE, ramp=Decimal("0.4"), usual=Decimal(50), past=veterans)
    assert check_goal(newcomer) == []
    (finding,) = check_goal(replace(newcomer, target=Decimal(100)))
    assert (finding.rule, finding.sentence.facts["amount"]) == ("newcomer", 40)
    few = replace(veterans, experienced=veterans.experienced[1:])
    (finding,) = check_goal(replace(newcomer, past=few))
    assert finding.sentence.facts["amount"] == 20


# Colleagues in the same role --------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "others", "share"),
    [
        ("95", "80 85 90 95", None),
        ("95", "80 85 90 95 100", "0.6"),
        ("101", "80 85 90 95 100", "1"),
        ("80", "80 85 90 95 100", "0"),
    ],
)
def test_colleagues_are_compared_with_from_five_on(target, others, share):
    found = percentile(Decimal(target), [Decimal(each) for each in others.split()])
    assert found == (Decimal(share) if share else None)


def test_where_less_is_better_an_easier_target_is_the_higher_one():
    assert percentile(Decimal(4), [Decimal(each) for each in (5, 6, 7, 8, 3)], higher=False) == Decimal("0.8")


@pytest.mark.parametrize(
    ("targets", "results", "said"),
    [
        ("80 85 90 91 92", "", ["easier target"]),
        ("95 96 97 98 99", "", []),
        ("95.1 96 97 98 99", "", ["harder target"]),
        ("80 85 96 97 98", "", []),
        ("80 85 90 91", "80 85 90 91", []),
        ("", "80 85 90 91 92", ["last time"]),
        ("", "80 85 90 91 96", []),
    ],
)
def test_only_the_ends_of_a_role_are_pointed_out_and_nobody_is_named(targets, results, said):
    past = replace(
        REVENUE.past, targets=tuple(map(Decimal, targets.split())), results=tuple(map(Decimal, results.split()))
    )
    found = check_goal(replace(REVENUE, past=past))
    assert [(one.rule, one.level) for one in found] == [("role", Level.HINT)] * len(said)
    assert all(words in one.sentence.text for one, words in zip(found, said, strict=True))


# Odds, scales and words -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("odds", "goals"),
    [((1, 5, 5), [0]), ((2, 9, 9), []), ((9, 10, 9), [None]), ((9, 10, None), []), ((0, 1, 9), [0, 1])],
)
def test_what_the_person_holds_for_impossible_or_certain_is_pointed_out(odds, goals):
    drafts = [replace(goal, odds=each) for goal, each in zip(GOOD, odds, strict=True)]
    found_ = [one for one in check_goals(drafts) if one.rule == "odds"]
    assert [one.goal for one in found_] == goals
    assert all(one.level is Level.WARN for one in found_)


@pytest.mark.parametrize(
    ("unit", "baseline", "hints"),
    [
        ("points of 100", None, 1),
        ("分（满分 100）", None, 1),
        ("score/100", None, 1),
        ("NPS", None, 1),
        ("°C", None, 1),
        ("points of 100", 80, 0),
        ("CNY", None, 0),
        ("分钟", None, 0),
        ("orders", None, 0),
    ],
)
def test_a_scale_without_a_zero_of_its_own_wants_a_baseline(unit, baseline, hints):
    goal = replace(REVENUE, unit=unit, baseline=None if baseline is None else Decimal(baseline))
    assert [one.rule for one in check_goal(goal) if one.rule == "baseline"] == ["baseline"] * hints


@pytest.mark.parametrize(
    ("title", "words"),
    [("Support the team", "“support”"), ("尽快提升满意度", "“尽快”"), ("Raise the rate to 95 %", None)],
)
def test_vague_words_are_a_hint_in_both_languages(title, words):
    found_ = [one for one in check_goal(replace(REVENUE, title=title)) if one.rule == "wording"]
    assert all(one.level is Level.HINT for one in found_)
    assert [one.sentence.facts["words"] for one in found_][:1] == ([words] if words else [])
