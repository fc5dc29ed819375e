"""What is true of every score, whoever it is about."""

import json
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.explain import from_json, recompute, to_json
from bot.domain.goal_score import Goal
from bot.domain.kpi import attainment, stretched
from bot.domain.measure import Actual, Direction, Measure, Milestone, Provider, State
from bot.domain.proration import Served
from bot.domain.rounding import largest_remainder
from bot.domain.score import Assessment, Rated, assess
from bot.domain.score_rules import ScoreRules
from tests.domain.scoring import ONLY_GOALS, goal, peers, person, value

D = Decimal
numbers = st.decimals(0, 10_000, places=2)
targets = st.decimals(1, 10_000, places=2)
ratings = st.decimals(1, 5, places=1)
states = st.sampled_from([State.VALUE] * 6 + [State.MISSING, State.NA])


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    """A goal judged by one of the formulas for numbers."""
    target, more = draw(targets), draw(targets)
    return draw(
        st.sampled_from(
            [
                Measure("m", Direction.HIGHER, target=target, cumulative=True),
                Measure("m", Direction.HIGHER, target=target, baseline=target - more),
                Measure("m", Direction.HIGHER, target=target, curve=((D("0.8"), D("0.5")), (D("1.2"), D("1.5")))),
                Measure("m", Direction.LOWER, target=target, cumulative=True),
                Measure("m", Direction.LOWER, target=target, baseline=target + more),
                Measure("m", Direction.LOWER, target=D(0), tolerance=more),
                stretched(Measure("m", Direction.HIGHER, target=target, cumulative=True), target + more),
                stretched(Measure("m", Direction.LOWER, target=target, baseline=target + more), target - more),
                Measure("m", Direction.LOWER, curve=((D(8), D("0.5")), (D(2), D("1.2")))),
            ]
        )
    )


def value_or(state: State, number: Decimal) -> Actual:
    return value(number) if state is State.VALUE else Actual(state, reason="Reorganised", provider=Provider.SYSTEM)


@st.composite
def people(draw: st.DrawFn) -> Assessment:
    """A person with a few goals of any kind, ratings, and perhaps colleagues."""
    count = draw(st.integers(1, 6))
    weights = largest_remainder([D(draw(st.integers(1, 9))) for _ in range(count)], step=D("0.5"))
    goals = tuple(Goal(f"g{n}", weight, draw(measures())) for n, weight in enumerate(weights))
    actuals = {each.key: value_or(draw(states), draw(numbers)) for each in goals}
    panel = draw(st.none() | st.lists(ratings, min_size=1, max_size=7).map(lambda given: peers(*given)))
    return person(goals, actuals, peers=panel, served=Served(240, draw(st.integers(80, 240))))


@given(people())
def test_every_score_is_bounded_and_recomputes_also_after_a_journey(who):
    outcome = assess(who, ScoreRules())
    if outcome.state is not Rated.RATED:
        assert outcome.score is None
        assert outcome.reasons
        return
    assert 0 <= outcome.score <= 120
    assert outcome.score == outcome.score.quantize(D("0.01"))
    assert str(recompute(outcome.tree)) == str(outcome.score)
    assert from_json(json.loads(json.dumps(to_json(outcome.tree)))) == outcome.tree


@given(people(), st.lists(ratings, min_size=4, max_size=8), st.randoms())
def test_the_order_of_goals_and_colleagues_never_matters(who, given_by, chance):
    goals, keys, colleagues = list(who.goals), list(who.actuals), list(given_by)
    for each in (goals, keys, colleagues):
        chance.shuffle(each)
    other = person(tuple(goals), {key: who.actuals[key] for key in keys}, peers=peers(*colleagues), served=who.served)
    same = person(who.goals, who.actuals, peers=peers(*given_by), served=who.served)
    one, two = assess(same, ScoreRules()), assess(other, ScoreRules())
    assert (one.state, one.score, one.band) == (two.state, two.score, two.band)
    if one.tree and two.tree:
        assert str(one.tree.children[0].value) == str(two.tree.children[0].value)


@st.composite
def ranges(draw: st.DrawFn) -> Measure:
    """A goal whose number should stay between two ends."""
    low, wide = draw(targets), draw(targets)
    slacks = draw(numbers), draw(numbers)
    return Measure("m", Direction.RANGE, low=low, high=low + wide, slack_low=slacks[0], slack_high=slacks[1])


@given(ranges(), numbers, numbers)
def test_nearer_to_a_range_never_has_a_lower_attainment(measure, one, other):
    def outside(number: Decimal) -> Decimal:
        return max(measure.low - number, number - measure.high, D(0))

    same_side = (one < measure.low) == (other < measure.low)
    nearer, further = sorted((one, other), key=outside)
    reached = attainment(measure, value(nearer)).value
    assert 0 <= reached <= 1
    assert (reached == 1) >= (outside(nearer) == 0)
    if same_side:
        assert reached >= attainment(measure, value(further)).value


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.data())
def test_one_milestone_more_or_earlier_never_lowers_an_attainment(values, data):
    milestones = tuple(Milestone(f"Step {n}", D(each)) for n, each in enumerate(values))
    measure = Measure("m", Direction.MILESTONES, milestones=milestones)
    done = data.draw(st.dictionaries(st.sampled_from([one.name for one in milestones]), st.integers(0, 60)))
    more = done | {data.draw(st.sampled_from([one.name for one in milestones])): 0}
    before, after = (attainment(measure, Actual(State.VALUE, done=each)).value for each in (done, more))
    assert 0 <= before <= after <= 1


@given(measures(), numbers, numbers)
def test_a_better_number_never_has_a_lower_attainment(measure, one, other):
    worse, better = sorted((one, other), reverse=measure.direction is Direction.LOWER)
    assert attainment(measure, value(worse)).value <= attainment(measure, value(better)).value


@given(st.lists(numbers, min_size=3, max_size=3), st.integers(0, 2), numbers)
def test_a_better_goal_never_lowers_the_result(actuals, which, more):
    goals = (goal("g0", 50), goal("g1", 30), goal("g2", 20))
    before = {f"g{n}": value(each) for n, each in enumerate(actuals)}
    after = before | {f"g{which}": value(actuals[which] + more)}
    assert assess(person(goals, before), ScoreRules()).score <= assess(person(goals, after), ScoreRules()).score


@given(measures(), numbers, st.integers(1, 240), st.data())
def test_more_leave_never_lowers_an_attainment(measure, number, employed, data):
    halves = st.integers(0, 2 * employed - 1).map(lambda half: D(half) / 2)
    less, more = sorted((data.draw(halves), data.draw(halves)))
    short = attainment(measure, value(number), Served(240, employed, less))
    long = attainment(measure, value(number), Served(240, employed, more))
    assert long.value >= short.value


@given(st.decimals(-100, 100, places=2), st.integers(0, 199), st.integers(0, 199))
def test_more_leave_never_lowers_a_loss_either(number, one, other):
    measure = Measure("Net growth", Direction.HIGHER, target=D(40), baseline=D(-20), cumulative=True)
    less, more = sorted((one, other))
    short, long = (attainment(measure, value(number), Served(200, 200, D(leave))).value for leave in (less, more))
    assert long >= short


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 97)), min_size=1, max_size=6))
def test_the_score_is_the_exact_one_rounded_once(pairs):
    weights = largest_remainder([D(1)] * len(pairs))
    goals = tuple(goal(f"g{n}", w, target) for n, (w, (_, target)) in enumerate(zip(weights, pairs, strict=True)))
    actuals = {f"g{n}": value(actual) for n, (actual, _) in enumerate(pairs)}
    capped = [min(Fraction(actual, target), Fraction(6, 5)) for actual, target in pairs]
    exact = sum((Fraction(w) * each for w, each in zip(weights, capped, strict=True)), Fraction(0))
    cents, rest = divmod(exact * 100, 1)
    expected = D(int(cents) + (rest >= Fraction(1, 2))) / 100
    assert assess(person(goals, actuals), ONLY_GOALS).score == expected
