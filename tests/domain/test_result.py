"""A result is put together from what was agreed, reported, reviewed and released, and names its sources."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.composite import Mix
from bot.domain.explain import Node, differences, walk
from bot.domain.feedback import Judged
from bot.domain.goal import Goal
from bot.domain.measure import Anchor, Direction, Milestone, Provider, State
from bot.domain.proration import Served
from bot.domain.reported import Reported, lacking
from bot.domain.result import (
    JUDGED,
    Earlier,
    Facts,
    actual_for,
    assessment_of,
    coarse,
    group_means,
    outcome_of,
    rules_for,
    served_between,
    working_days,
)
from bot.domain.review import Kind, Review
from bot.domain.review import State as Sent
from bot.domain.score import Rated, assess
from bot.domain.score_rules import RULES
from bot.domain.template import Group
from bot.domain.why import components, goal_lines
from bot.sources.templates import shipped

D = Decimal
AT, TODAY, DUE = datetime(2027, 4, 3, 8, tzinfo=UTC), date(2027, 4, 15), date(2027, 3, 31)
SALES, RND, LOGISTICS = (shipped()[name] for name in ("sales", "rnd", "logistics"))
FOUR_LEVELS = tuple(Anchor(D(level), f"Level {level}", D(level) / 4) for level in range(1, 5))


def goal(key: str, weight: int = 50, **more: Any) -> Goal:
    given = {"direction": Direction.HIGHER, "target": D(100), "kpi": key, "due": DUE, **more}
    return Goal(key, key.title(), f"How {key} is measured", "pcs", weight=D(weight), **given)


def said(key: str, value: str | None, source: str = "CRM") -> Reported:
    return Reported(key, "2027-Q1", None if value is None else D(value), "pcs", source, "U01MEI", AT)


def review(template=SALES, grade: int = 4, *, state: Sent = Sent.SENT, **levels: Decimal) -> Review:
    ratings = {one.id: grade for one in template.competencies}
    return Review(
        "c", "p", "U01THOMAS", Kind.MANAGER, state, ratings, levels, sent_at=AT if state is Sent.SENT else None
    )


def facts(**more: Any) -> Facts:
    given = {
        "goals": (goal("revenue"), goal("visits")),
        "today": TODAY,
        "reported": {"revenue": said("revenue", "90"), "visits": said("visits", "110")},
        "review": review(),
        "template": SALES,
        **more,
    }
    return Facts(**given)


def test_a_result_of_goals_and_ratings_adds_up_and_recomputes():
    outcome = outcome_of(facts())
    # 0.7 × (45 + 55) + 0.3 × 75, the peers' tenth having gone to the manager's rating
    assert (outcome.state, outcome.score, outcome.band) == (Rated.RATED, D("92.50"), "B")
    assert list(differences(outcome.tree)) == []
    assert (outcome.rules_hash, outcome.rules_version) == (rules_for(SALES).hash, "1")


def test_the_departments_template_says_how_parts_mix():
    mix = rules_for(LOGISTICS).mix
    assert (mix.goals, mix.manager, mix.peer, mix.customer) == (50, 20, 10, 20)
    assert rules_for(LOGISTICS).hash != rules_for(SALES).hash


def test_every_value_keeps_its_source_its_time_and_its_reporter():
    sources = {
        (each.source.name, each.source.at, each.source.reporter)
        for node in walk(outcome_of(facts()).tree)
        for name, each in node.inputs.items()
        if name in {"actual", "value"} and each.source
    }
    assert sources == {("CRM, 2027-Q1", AT, "U01MEI"), ("The manager's review", AT, "U01THOMAS")}


def test_nothing_agreed_is_no_zero():
    outcome = outcome_of(facts(goals=(), reported={}))
    assert (outcome.state, outcome.score, outcome.tree) == (Rated.INCOMPLETE, None, None)
    assert outcome.reasons[0].text == "There are no agreed goals, so there is nothing to score. That is not a zero."


def test_a_draft_of_the_manager_does_not_count():
    outcome = outcome_of(facts(review=review(state=Sent.DRAFT)))
    assert [one.text for one in outcome.reasons] == ["The manager has not rated yet."]


@pytest.mark.parametrize(
    ("key", "reported", "due", "state", "provider"),
    [
        ("revenue", None, DUE, State.MISSING, Provider.SYSTEM),
        ("revenue", None, TODAY, State.PENDING, Provider.SYSTEM),
        ("revenue", None, None, State.MISSING, Provider.SYSTEM),
        ("revenue", said("revenue", None), TODAY, State.MISSING, Provider.SYSTEM),
        ("", None, DUE, State.MISSING, Provider.EMPLOYEE),
        ("", said("own", None), DUE, State.MISSING, Provider.SYSTEM),
    ],
)
def test_a_value_that_is_not_there_is_a_state(key, reported, due, state, provider):
    one = replace(goal("own"), kpi=key, due=due)
    actual = actual_for(one, facts(goals=(one,), reported={key or "own": reported} if reported else {}), None)
    assert (actual.state, actual.provider, actual.value) == (state, provider, None)


def test_a_number_that_somebody_holds_back_makes_the_result_wait():
    mine = replace(goal("own", 20), kpi="")
    held = outcome_of(facts(goals=(goal("revenue", 40), goal("visits", 40), mine)))
    assert [one.text for one in held.reasons] == ["The value of “{goal}” is overdue. The result waits for it."]
    theirs = outcome_of(facts(goals=(goal("revenue", 40), goal("visits", 40), goal("survey", 20))))
    assert theirs.state is Rated.RATED


def test_a_rubric_takes_the_level_that_the_manager_chose_and_else_the_reported_one():
    depth = replace(goal("depth"), direction=Direction.RUBRIC, target=None, levels=FOUR_LEVELS)
    known = facts(goals=(depth,), reported={"depth": said("depth", "2")}, review=review(depth=D(3)))
    assert actual_for(depth, known, None).value == 3
    assert actual_for(depth, replace(known, review=review(state=Sent.DRAFT, depth=D(3))), None).value == 2


def test_milestones_are_reported_by_their_points():
    built = replace(
        goal("built"),
        direction=Direction.MILESTONES,
        target=None,
        milestones=(Milestone("a", D(40)), Milestone("b", D(60))),
    )
    assert actual_for(built, facts(goals=(built,), reported={"built": said("built", "40")}), None).done == {"a": 0}


def test_a_value_in_another_unit_is_not_scored_and_the_result_says_which():
    revenue = replace(goal("revenue", 100), unit="thousand CNY")
    told = {"revenue": replace(said("revenue", "57000"), unit="CNY")}
    outcome = outcome_of(facts(goals=(revenue,), reported=told))
    assert outcome.state is Rated.INCOMPLETE
    assert (outcome.reasons[0].facts["agreed"], outcome.reasons[0].facts["given"]) == ("thousand CNY", "CNY")
    mixed = {"revenue": replace(told["revenue"], unit="thousand CNY", others=("CNY",))}
    assert outcome_of(facts(goals=(revenue,), reported=mixed)).state is Rated.INCOMPLETE


def test_the_unit_of_a_departments_measure_is_the_same_in_both_languages():
    kpi = SALES.kpis[0]
    agreed = replace(goal(kpi.id, 100), unit=kpi.unit.zh)
    told = {kpi.id: replace(said(kpi.id, "90"), unit=kpi.unit.en)}
    assert kpi.unit.zh != kpi.unit.en
    assert outcome_of(facts(goals=(agreed,), reported=told)).state is Rated.RATED


def test_what_cannot_be_scored_honestly_makes_one_result_wait_and_breaks_nothing():
    outcome = outcome_of(facts(reported={"revenue": said("revenue", "-5"), "visits": said("visits", "1")}))
    assert outcome.state is Rated.INCOMPLETE
    assert "negative number" in outcome.reasons[0].text


def test_too_short_a_time_is_not_rated():
    assert outcome_of(facts(served=Served(60, 13))).state is Rated.NOT_RATED


# Colleagues ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratings", "counted"),
    [
        ("", None),
        ("5 5", None),
        ("4 4 5", "4"),
        ("3 3 3 4", "3"),
        ("1 2 2 1", "2"),
        ("4.2 4.3 3.9 4.1 4", "4.0"),
        ("5 5 5 5 5", "4.5"),
        ("1 1 1 1 1", "1.5"),
        ("4 4 4 4 4 4 4 4 4 5", "4.1"),
    ],
)
def test_what_counts_of_colleagues_is_no_finer_than_what_is_shown(ratings, counted):
    assert coarse([D(one) for one in ratings.split()]) == (None if counted is None else D(counted))


def test_colleagues_enter_the_tree_as_a_count_and_a_rounded_average_only():
    ratings = tuple(D(one) for one in ("4.21", "3.87", "4.43", "3.79", "4.06"))
    outcome = outcome_of(facts(ratings={"peer": ratings}, group_means={"peer": D(4)}))
    node = next(node for node in walk(outcome.tree) if node.formula == "shrunken_mean")
    assert (node.inputs["raters"].value, node.inputs["mean"].value) == (5, D("4.0"))
    assert not any(str(one) in str(outcome.tree) for one in ratings)


def test_two_people_whose_colleagues_differ_less_than_is_shown_get_the_same_result():
    one, other = ("4.1", "4", "4", "4.1", "4.1"), ("3.9", "4", "4", "3.9", "3.8")
    scores = {outcome_of(facts(ratings={"peer": tuple(map(D, each))})).score for each in (one, other)}
    assert len(scores) == 1


def test_too_few_colleagues_leave_their_weight_to_the_manager():
    outcome = outcome_of(facts(ratings={"peer": (D(1), D(1), D(1))}))
    assert outcome.score == outcome_of(facts()).score


def test_the_level_that_technical_peers_chose_goes_before_the_managers_and_says_so():
    assert RND.kpi("technical_depth").judge is Group.PEER
    depth = goal("depth", direction=Direction.RUBRIC, levels=FOUR_LEVELS, target=None)

    def reached(**judged: Judged) -> tuple[Decimal | None, str]:
        found = actual_for(depth, facts(goals=(depth,), review=review(depth=D(2)), judged=judged), RND)
        return found.value, found.source.name

    assert reached() == (D(2), "The manager's review")
    assert reached(depth=Judged("depth", 4, D(4))) == (D(4), JUDGED)
    assert reached(depth=Judged("depth", 4, D(9))) == (D(2), "The manager's review"), "no such level was agreed"


def test_a_value_that_is_disputed_holds_the_result_until_another_one_is_known():
    known, waits = {"visits": said("visits", "110")}, "is disputed; it counts once that is settled."
    outcome = outcome_of(facts(reported=known, disputed=frozenset({"revenue"})))
    assert outcome.state is Rated.INCOMPLETE
    assert [one.text for one in outcome.reasons if waits in one.text]
    settled = outcome_of(facts(disputed=frozenset({"revenue"})))
    assert settled.score == outcome_of(facts()).score


def test_departments_that_are_served_rate_logistics():
    rated = facts(
        template=LOGISTICS, review=review(LOGISTICS), ratings={"internal_customer": (D(4),) * 5}, group_means={}
    )
    labels = [node.label.text for _, node in components(outcome_of(rated).tree) if node.formula == "share"]
    assert "Feedback from the departments served, {weight} % of the result" in labels


def test_the_mean_of_a_group_counts_every_person_once():
    everyone = [{"peer": (D(4),) * 10}] * 7 + [{"peer": (D(2),) * 20}] * 4 + [{"peer": (D(5),)}, {}]
    assert group_means(everyone) == {"peer": D("3.3")}


def test_a_mean_of_few_people_or_of_ratings_that_do_not_count_is_used_by_nobody():
    nine, three_raters = [{"peer": (D(4),) * 4}] * 9, {"peer": (D(1),) * 3}
    assert group_means([*nine, three_raters]) == {}
    assert group_means([*nine, {"peer": (D(4),) * 4}, three_raters]) == {"peer": D(4)}
    outcome = outcome_of(facts(ratings={"peer": (D(5),) * 4}))
    node = next(node for node in walk(outcome.tree) if node.formula == "shrunken_mean")
    assert (node.inputs["group_mean"].value, "middle of the scale" in node.note.text) == (3, True)


# Time and lines ---------------------------------------------------------------------------------


def test_days_before_the_start_and_long_leave_are_counted_on_working_days():
    quarter, weekday = (date(2027, 1, 4), date(2027, 1, 31)), lambda day: day.weekday() < 5
    leave = frozenset({date(2027, 1, 30), date(2027, 1, 28), date(2027, 1, 29), date(2027, 1, 5)})
    days = working_days(*quarter, weekday)
    served = served_between(days, (date(2027, 1, 18), date(2027, 1, 31)), leave)
    assert served == Served(20, 10, D(2))


def test_goal_lines_say_how_far_each_was_reached_and_what_it_made():
    goals = (goal("revenue", 40), goal("visits", 40), goal("survey", 20))
    lines = goal_lines(outcome_of(facts(goals=goals)).tree)
    assert [(one.title, one.reached, one.points) for one in lines] == [
        ("Revenue", D("0.9"), D(45)),
        ("Visits", D("1.1"), D(55)),
        ("Survey", None, D(0)),
    ]


def test_what_lacks_a_value_is_listed_and_a_rubric_is_the_managers():
    depth = replace(goal("depth"), direction=Direction.RUBRIC, target=None, levels=FOUR_LEVELS)
    known = {"revenue": said("revenue", "0"), "visits": said("visits", None)}
    assert [one.id for one in lacking((goal("revenue"), goal("visits"), goal("orders"), depth), known)] == [
        "visits",
        "orders",
    ]


def test_the_summary_of_what_went_in_holds_no_rating_of_a_colleague():
    summary = facts(ratings={"peer": (D("4.21"),) * 5}).summary()
    assert summary["answers"] == {"peer": 5}
    assert summary["reported"]["revenue"]["value"] == "90"
    assert "4.21" not in str(summary)


# Transfers ----------------------------------------------------------------------------------


def moved(**more: Any) -> Facts:
    """Sixty days in logistics at 90, then thirty in sales at 75; the targets are rates, which no days shrink."""
    before = (goal("repairs", 100),)
    given = {
        "goals": (goal("revenue", 100),),
        "reported": {"repairs": said("repairs", "90"), "revenue": said("revenue", "75")},
        "served": Served(90, 30),
        "department": "Sales",
        "earlier": (Earlier("Logistics", before, Served(90, 60)),),
        **more,
    }
    return facts(**given)


def goals_of(known: Facts) -> Node:
    """The part of a result that the goals make."""
    rules = replace(RULES, mix=Mix(D(100), D(0), D(0), D(0)))
    return assess(assessment_of(known), rules).tree


def test_the_goals_of_both_roles_count_by_their_days():
    outcome = outcome_of(moved())
    # goals 90 × 60 ÷ 90 + 75 × 30 ÷ 90 = 85; with 0.7 of it and 0.3 × 75: 59.5 + 22.5
    assert (outcome.state, outcome.score) == (Rated.RATED, D("82.00"))
    assert list(differences(outcome.tree)) == []
    assert [line.title for line in goal_lines(outcome.tree)] == ["Repairs", "Revenue"]


def test_a_target_that_adds_up_shrinks_to_the_days_of_its_role():
    repairs = goal("repairs", 100, cumulative=True, target=D(90))
    values = {"repairs": said("repairs", "60"), "revenue": said("revenue", "100")}
    outcome = outcome_of(moved(earlier=(Earlier("Logistics", (repairs,), Served(90, 60)),), reported=values))
    assert [line.reached for line in goal_lines(outcome.tree)] == [1, 1]


def test_a_number_that_adds_up_counts_once_however_many_roles_have_it():
    orders = goal("orders", 100, cumulative=True)
    told, rest = {"orders": said("orders", "100")}, {"template": None, "review": None}
    one = moved(goals=(orders,), reported=told, served=Served(90, 90), earlier=(), **rest)
    two = replace(one, served=Served(90, 30), earlier=(Earlier("Logistics", (orders,), Served(90, 60)),))
    trees = [goals_of(each) for each in (one, two)]
    assert [tree.value for tree in trees] == [100, 100]
    assert list(differences(trees[1])) == []
    away = replace(two, served=Served(90, 30, D(25)))
    assert goals_of(away).value > 100  # leave shrinks a target and never moves the number to another role


def test_a_rate_is_no_sum_and_counts_as_it_is_in_every_role():
    rate = goal("rate", 100)
    both = moved(goals=(rate,), reported={"rate": said("rate", "80")}, template=None,
                 earlier=(Earlier("Logistics", (rate,), Served(90, 60)),))  # fmt: skip
    assert goals_of(both).value == 80


def test_both_roles_together_are_long_enough_to_be_rated():
    short = moved(served=Served(90, 20), earlier=(Earlier("Logistics", (goal("repairs", 100),), Served(90, 20)),))
    assert outcome_of(short).state is Rated.RATED
    assert outcome_of(replace(short, earlier=())).state is Rated.NOT_RATED


def test_a_role_in_which_nothing_was_agreed_counts_for_nothing():
    without = moved(earlier=(Earlier("Logistics", (), Served(90, 60)),), served=Served(90, 30))
    assert outcome_of(without).score == D("75.00")


def test_a_value_that_an_earlier_role_lacks_holds_the_result_up():
    outcome = outcome_of(moved(reported={"revenue": said("revenue", "75")}))
    assert outcome.state is Rated.INCOMPLETE
