"""From what was agreed, reported, reviewed and released about one person to a result that explains itself."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from bot.domain import goal_score
from bot.domain import template as template_mix
from bot.domain.adjustment import Proposal, adjustments, exempted, vetoes
from bot.domain.anonymity import Band, precision
from bot.domain.cadence import IsWorkday
from bot.domain.composite import Mix, Panel, Rating
from bot.domain.explain import Source
from bot.domain.feedback import Judged
from bot.domain.goal import Goal
from bot.domain.measure import Actual, Direction, Provider, State
from bot.domain.proration import Served
from bot.domain.refusal import N_, Refused
from bot.domain.reported import Reported, key_of, units_of
from bot.domain.review import Review
from bot.domain.review import State as Sent
from bot.domain.rounding import half_up, mean
from bot.domain.score import FULL_TIME, Assessment, EarlierGoals, Outcome, Rated, assess, attained
from bot.domain.score_rules import RULES, ScoreRules
from bot.domain.template import Group, Template
from bot.domain.template_measures import actual_of

AGREED, REVIEWED, ANSWERED = N_("The agreed goals"), N_("The manager's review"), N_("Confidential answers, rounded")
JUDGED = N_("Confidential answers: the middle one of the levels that colleagues chose")
SOURCES = frozenset({AGREED, REVIEWED, ANSWERED, JUDGED})
"""Sources that Cairn names itself, to be translated where they are shown; the others are words from a file."""

OF_BAND: Mapping[Band, Decimal] = {Band.BELOW: Decimal(2), Band.ON: Decimal(3), Band.ABOVE: Decimal(4)}
LEAST_IN_MEAN = 10
"""People who were rated from which on their group's average says nothing of one of them."""

Ratings = tuple[Decimal, ...]


@dataclass(frozen=True)
class Earlier:
    """A role that was held before a transfer inside the cycle: its department, agreed goals, days and template."""

    department: str
    goals: tuple[Goal, ...]
    served: Served
    template: Template | None = None


@dataclass(frozen=True)
class Facts:
    """What is known about one person on the day of computing.

    `reported` is by the key of a goal, `ratings` has one average per colleague and group, without names, and
    `group_means` what the same group said of everyone, where it rated enough people.
    """

    goals: tuple[Goal, ...]
    today: date
    reported: Mapping[str, Reported] = field(default_factory=dict)
    review: Review | None = None
    template: Template | None = None
    ratings: Mapping[str, Ratings] = field(default_factory=dict)
    group_means: Mapping[str, Decimal] = field(default_factory=dict)
    served: Served = FULL_TIME
    language: str = "en"
    department: str = ""
    earlier: tuple[Earlier, ...] = ()
    adjusted: tuple[Proposal, ...] = ()
    judged: Mapping[str, Judged] = field(default_factory=dict)
    """The levels of goals that colleagues chose, by goal: of those alone that enough of them judged."""
    disputed: frozenset[str] = frozenset()
    """The keys of goals whose newest value is disputed; while no other is known, the result waits for it."""
    company: ScoreRules = RULES
    """The rules that the cycle began with; the mix is the template's."""

    @property
    def rules(self) -> ScoreRules:
        """What the result is scored by."""
        return rules_for(self.template, self.company)

    def summary(self) -> dict[str, Any]:
        """What went in, without anybody's words: kept beside a result, also where there is no number to explain."""
        return {
            "today": self.today.isoformat(),
            "goals": {goal.id: key_of(goal) for goal in self.goals},
            "reported": {
                key: {"value": None if one.value is None else str(one.value), "at": one.at.isoformat()}
                for key, one in self.reported.items()
            },
            "review_sent_at": self.review.sent_at.isoformat() if self.review and self.review.sent_at else None,
            "template": self.template.content_hash if self.template else None,
            "answers": {group: len(values) for group, values in self.ratings.items()},
            "disputed": sorted(self.disputed),
            "judged": {goal_id: one.n for goal_id, one in self.judged.items()},
            "served": _written(self.served),
            "adjusted": [one.id for one in self.adjusted],
            "earlier": [
                {"goals": {goal.id: key_of(goal) for goal in each.goals}, "served": _written(each.served)}
                for each in self.earlier
            ],
        }


def _written(served: Served) -> dict[str, Any]:
    return {
        "cycle_days": served.cycle_days,
        "employed_days": served.employed_days,
        "leave_days": str(served.leave_days),
        "leave_before": str(served.leave_before),
    }


def outcome_of(facts: Facts) -> Outcome:
    """Score one person; what the rules cannot score honestly is a result that is incomplete, with the reason."""
    rules = facts.rules
    try:
        return assess(assessment_of(facts), rules)
    except Refused as reason:
        return Outcome(Rated.INCOMPLETE, None, None, None, (reason.sentence,), None, rules.version, rules.hash)


def attained_by(facts: Facts) -> str | None:
    """The grade that the goals alone would give, with the levels of a review that is still a draft, or None."""
    review = replace(facts.review, state=Sent.SENT) if facts.review else None
    try:
        return attained(assessment_of(replace(facts, review=review)), facts.rules)
    except Refused:
        return None


def rules_for(template: Template | None, company: ScoreRules = RULES) -> ScoreRules:
    """The company's rules, mixed as the department's template says."""
    return company if template is None else _mixed_as(template.mix, company)


@cache
def _mixed_as(mix: template_mix.Mix, company: ScoreRules) -> ScoreRules:
    """Rules are looked at for every person, and there are few mixes."""
    shares = (mix.goals, mix.competency, mix.peer, mix.internal_customer)
    return replace(company, mix=Mix(*(Decimal(share) for share in shares)))


def assessment_of(facts: Facts) -> Assessment:
    """Put together what the score is computed from."""
    return Assessment(
        goals=tuple(_scored(goal) for goal in facts.goals),
        actuals=_actuals(Earlier(facts.department, facts.goals, facts.served, facts.template), facts),
        competencies=_competencies(facts),
        peers=_panel(facts, Group.PEER),
        customers=_panel(facts, Group.INTERNAL_CUSTOMER),
        served=facts.served,
        adjustments=adjustments(facts.adjusted),
        vetoes=vetoes(facts.adjusted),
        name=facts.department,
        earlier=tuple(_earlier(each, facts) for each in facts.earlier if each.goals and each.served.employed_days),
    )


def _earlier(each: Earlier, facts: Facts) -> EarlierGoals:
    scored = tuple(_scored(goal) for goal in each.goals)
    return EarlierGoals(each.department, scored, _actuals(each, facts), each.served)


def _scored(goal: Goal) -> goal_score.Goal:
    return goal_score.Goal(goal.id, goal.weight, goal.to_measure(Source(AGREED)))


# Goals ------------------------------------------------------------------------


def actual_for(goal: Goal, facts: Facts, template: Template | None) -> Actual:
    """What was reached: the level that colleagues or the manager chose for a rubric, else what was reported.

    A value keeps the unit it was reported in, unless that is only the other language's word for the goal's.
    """
    if (why := exempted(facts.adjusted).get(goal.id)) is not None:
        return Actual(State.NA, unit=goal.unit, reason=why)
    if (level := _by_colleagues(goal, facts.judged) or _level(goal, facts.review)) is not None:
        return level
    reported = facts.reported.get(key_of(goal))
    if reported is None or reported.value is None:
        disputed = key_of(goal) in facts.disputed
        return Actual(State.DISPUTED, unit=goal.unit) if disputed else _absent(goal, reported, facts.today)
    source = Source(_named(goal, reported), reported.at, reported.reported_by)
    units = units_of(goal, template.kpi(goal.kpi) if template else None)
    other = next((one for one in (reported.unit, *reported.others) if one not in units), goal.unit)
    return replace(actual_of(goal, reported.value), source=source, unit=other)


def _actuals(role: Earlier, facts: Facts) -> dict[str, Actual]:
    """What was reached in one role. A number that adds up over several of them is shared by their working days."""
    found = {goal.id: actual_for(goal, facts, role.template) for goal in role.goals}
    if not facts.earlier:
        return found
    return {goal.id: replace(found[goal.id], shared=_share(goal, role.served, facts)) for goal in role.goals}


def _share(goal: Goal, served: Served, facts: Facts) -> tuple[Decimal, Decimal] | None:
    roles = ((facts.goals, facts.served), *((each.goals, each.served) for each in facts.earlier))
    days = [
        each.employed_days
        for goals, each in roles
        if each.employed_days and any(one.cumulative and key_of(one) == key_of(goal) for one in goals)
    ]
    return (Decimal(served.employed_days), Decimal(sum(days))) if goal.cumulative and len(days) > 1 else None


def _by_colleagues(goal: Goal, judged: Mapping[str, Judged]) -> Actual | None:
    """The level that colleagues found right, where it is one of those that were agreed."""
    found = judged.get(goal.id)
    if goal.direction is not Direction.RUBRIC or found is None or found.level not in {one.level for one in goal.levels}:
        return None
    return Actual(State.VALUE, found.level, goal.unit, source=Source(JUDGED))


def _level(goal: Goal, review: Review | None) -> Actual | None:
    if goal.direction is not Direction.RUBRIC or review is None or not review.sent or goal.id not in review.levels:
        return None
    return Actual(State.VALUE, review.levels[goal.id], goal.unit, source=_by_manager(review))


def _absent(goal: Goal, reported: Reported | None, today: date) -> Actual:
    """A number of the company's systems is theirs to deliver; one of a goal of somebody's own is their own."""
    pending = reported is None and goal.due is not None and goal.due >= today
    provider = Provider.SYSTEM if goal.kpi or reported else Provider.EMPLOYEE
    return Actual(State.PENDING if pending else State.MISSING, unit=goal.unit, provider=provider)


def _named(goal: Goal, reported: Reported) -> str:
    return ", ".join(part for part in (reported.source or goal.source, reported.period) if part)


# Ratings ----------------------------------------------------------------------


def _by_manager(review: Review) -> Source:
    return Source(REVIEWED, review.sent_at, review.author_id)


def _competencies(facts: Facts) -> tuple[Rating, ...]:
    review = facts.review
    if review is None or not review.sent or facts.template is None:
        return ()
    return tuple(
        Rating(
            one.name.read(facts.language),
            Decimal(grade),
            one.anchors[grade].read(facts.language) if grade in one.anchors else "",
            _by_manager(review),
        )
        for one in facts.template.competencies
        if (grade := review.competencies.get(one.id)) is not None
    )


def _panel(facts: Facts, group: Group) -> Panel | None:
    """Colleagues' ratings as precise as they may be shown: a result must not tell more than the page beside it."""
    ratings = facts.ratings.get(group.value, ())
    counted = coarse(ratings)
    if counted is None:
        return None
    return Panel((counted,) * len(ratings), facts.group_means.get(group.value), Source(ANSWERED))


def coarse(ratings: Sequence[Decimal]) -> Decimal | None:
    """The average that counts: no finer than what is shown for so many answers, None below the least that is shown."""
    if not ratings or (shown := precision(len(ratings), mean(ratings))) is None:
        return None
    return OF_BAND[shown.band] if shown.band else Decimal(shown.number.rstrip("+−"))


def group_means(everyone: Iterable[Mapping[str, Ratings]]) -> dict[str, Decimal]:
    """What each group said on average of all whom it rated, every person counting once, to one decimal.

    Everybody reads it beside their own rating: it stands for ten or more, of whom only those enter whose own ratings
    count. A smaller group has none.
    """
    found: dict[str, list[Decimal]] = {}
    for ratings in everyone:
        for group, values in ratings.items():
            if len(values) >= RULES.peer_least and (counted := coarse(values)) is not None:
                found.setdefault(group, []).append(counted)
    return {group: half_up(mean(values), 1) for group, values in found.items() if len(values) >= LEAST_IN_MEAN}


# Time -------------------------------------------------------------------------


def working_days(first: date, last: date, worked: IsWorkday) -> list[date]:
    """The working days of a cycle in their order, by a calendar without anybody's days off; both ends are included."""
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if worked(day)]


def served_between(days: Sequence[date], there: tuple[date, date], off: Collection[date]) -> Served:
    """Of the working days of a cycle count all, those on which somebody was there, and those of them on leave."""
    employed = days[bisect_left(days, there[0]) : bisect_right(days, there[1])]
    return Served(len(days), len(employed), Decimal(sum(day in off for day in employed) if off else 0))
