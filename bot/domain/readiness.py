"""What has to stand before a launch, computed from the facts, and the checks against the four pitfalls."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.measure import Direction
from bot.domain.refusal import N_, Sentence, sentence
from bot.domain.team import DUTY_NAMES, NEEDED, Duty
from bot.domain.template import GRADES, Category, Template, Text
from bot.domain.template_reading import FEWEST_CATEGORIES, HEAVIEST

FEWEST_MEASURES = 3
MOST_CONCENTRATED = Decimal("0.36")
"""From this sum of squared shares on, a few measures decide alone."""
MOST_REPORTS = 15
"""With more reports nobody finds the time to talk."""
MOST_NAMED = 5


@dataclass(frozen=True)
class Facts:
    """What is known before a launch: counts, and names of who lacks something."""

    people: int
    without_manager: tuple[str, ...]
    objectives: int
    duties: Mapping[Duty, int]
    uncalibrated: tuple[str, ...]
    unheard: tuple[str, ...]
    without_template: tuple[str, ...]
    rules: int
    announced: bool
    course_sent: bool
    templates: tuple[Template, ...]
    reports: Mapping[str, int]


@dataclass(frozen=True)
class Item:
    """One thing that has to stand: whether it does, what it is called, and what is missing or there."""

    kind: str
    ready: bool
    name: str
    detail: Sentence


def readiness(facts: Facts) -> tuple[Item, ...]:
    """Everything that has to stand before a launch, in the order in which one does it."""
    first = (_people(facts), _strategy(facts), _roles(facts), _templates(facts), _pitfalls(facts))
    return (*first, _rules(facts), _announcement(facts), _course(facts))


def missing(items: Iterable[Item]) -> tuple[Item, ...]:
    """What does not stand yet."""
    return tuple(item for item in items if not item.ready)


def _people(facts: Facts) -> Item:
    lacking = facts.without_manager
    detail = sentence("Nobody's department is known yet.")
    if lacking:
        detail = sentence("Without a manager: {names}", names=_some(lacking))
    elif facts.people:
        detail = sentence("{n} people in departments with a template, each with a manager", n=facts.people)
    return Item("people", bool(facts.people) and not lacking, N_("People and managers"), detail)


def _strategy(facts: Facts) -> Item:
    detail = sentence("What the company wants this year is not written down yet.")
    if facts.objectives:
        detail = sentence("Objectives of this year: {n}", n=facts.objectives)
    return Item("strategy", bool(facts.objectives), N_("Strategy"), detail)


def _roles(facts: Facts) -> Item:
    name = N_("Roles")
    if open_ones := [Sentence(DUTY_NAMES[duty], {}) for duty in NEEDED if not facts.duties.get(duty)]:
        return Item("roles", False, name, _unnamed(open_ones))
    for names, text in (
        (facts.uncalibrated, N_("No calibrator is independent of: {names}")),
        (facts.unheard, N_("No appeal handler is independent of: {names}")),
    ):
        if names:
            return Item("roles", False, name, Sentence(text, {"names": _some(names)}))
    return Item("roles", True, name, sentence("All named, and for everybody there is somebody independent."))


def _unnamed(duties: Sequence[Sentence]) -> Sentence:
    if len(duties) == 1:
        return sentence("Not named yet: {role}", role=duties[0])
    return sentence("Not named yet: {role}, and {n} more", role=duties[0], n=len(duties) - 1)


def _templates(facts: Facts) -> Item:
    lacking = facts.without_template
    detail = sentence("Without a template: {names}", names=_some(lacking))
    if not lacking:
        detail = sentence("Every department that takes part has one.")
    return Item("templates", not lacking, N_("Templates"), detail)


def _pitfalls(facts: Facts) -> Item:
    """What the page of checks shows; who may judge whom is told with the roles."""
    found = [check for check in preflight(facts, "en") if not check.ready]
    detail = sentence("Checks that found something: {n}", n=len(found))
    if not found:
        detail = sentence("No check found anything.")
    return Item("pitfalls", not found, N_("Pitfalls"), detail)


def _rules(facts: Facts) -> Item:
    detail = sentence("What follows from a result is not published yet.")
    if facts.rules:
        detail = sentence("Published, version {version}", version=facts.rules)
    return Item("rules", bool(facts.rules), N_("Outcome rules"), detail)


def _course(facts: Facts) -> Item:
    detail = sentence("Nobody was invited yet.")
    if facts.course_sent:
        detail = sentence("The invitations go out in everybody's working hours.")
    return Item("course", facts.course_sent, N_("Course"), detail)


def _announcement(facts: Facts) -> Item:
    detail = sentence("Nobody was told yet.")
    if facts.announced:
        detail = sentence("Everybody is told in their working hours.")
    return Item("announcement", facts.announced, N_("Announcement"), detail)


def _some(names: Sequence[str]) -> str:
    rest = "" if len(names) <= MOST_NAMED else " …"
    return ", ".join(names[:MOST_NAMED]) + rest


# The four pitfalls --------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """One check against a pitfall, and what it found."""

    pitfall: str
    ready: bool
    name: str
    found: Sentence


UNCLEAR = N_("Unclear or unreasonable goals")
SILENT = N_("No communication")
NARROW = N_("One measure only")
UNFAIR = N_("Unfairness")
PITFALLS = (UNCLEAR, SILENT, NARROW, UNFAIR)


def preflight(facts: Facts, language: str) -> tuple[Check, ...]:
    """The checks of templates and reporting lines against the four pitfalls, named in the reader's language."""
    found = (*_of_templates(facts, language), _spans(facts.reports))
    return tuple(sorted(found, key=lambda check: PITFALLS.index(check.pitfall)))


def _of_templates(facts: Facts, language: str) -> tuple[Check, ...]:
    used = [(template, language) for template in facts.templates]
    return (
        _check(UNCLEAR, N_("A unit and a target for every measure"), used, _aimless),
        _check(UNCLEAR, N_("A starting point wherever less is better"), used, _without_baseline),
        _check(NARROW, N_("At least three measures of three kinds"), used, _narrow),
        _check(NARROW, N_("No measure above 60 %, no few that decide alone"), used, _concentrated),
        _check(NARROW, N_("A counterweight to every result"), used, _unguarded),
        _check(UNFAIR, N_("Every level of a rating in words"), used, _wordless),
        _check(SILENT, N_("Questions for check-ins, hints for coaching, a guide for the talk"), used, _silent),
    )


def _check(
    pitfall: str, name: str, used: Iterable[tuple[Template, str]], fails: Callable[[Template], list[Text]]
) -> Check:
    wrong = [
        " ".join((template.name.read(language), *(each.read(language) for each in fails(template))))
        for template, language in used
        if fails(template)
    ]
    if wrong:
        return Check(pitfall, False, name, sentence("Not so in {names}", names=_some(wrong)))
    return Check(pitfall, True, name, sentence("So in every template"))


def _spans(reports: Mapping[str, int]) -> Check:
    wide = [name for name, count in sorted(reports.items()) if count > MOST_REPORTS]
    found = sentence("More than {most} reports: {names}", most=MOST_REPORTS, names=_some(wide))
    if not wide:
        found = sentence("Nobody has more than {most} reports", most=MOST_REPORTS)
    return Check(SILENT, not wide, N_("No manager has too many people to talk to"), found)


def _aimless(template: Template) -> list[Text]:
    """A range, milestones and levels say themselves what is to be reached."""
    counted = [kpi for kpi in template.kpis if kpi.direction in {Direction.HIGHER, Direction.LOWER}]
    return [kpi.title for kpi in counted if kpi.target is None]


def _without_baseline(template: Template) -> list[Text]:
    return [kpi.title for kpi in template.kpis if kpi.direction is Direction.LOWER and kpi.baseline is None]


def _silent(template: Template) -> list[Text]:
    whole = template.checkin.questions and template.coaching and all(template.guide.values())
    return [] if whole else [template.name]


def _narrow(template: Template) -> list[Text]:
    kinds = {kpi.category for kpi in template.kpis}
    wide = len(template.kpis) >= FEWEST_MEASURES and len(kinds) >= FEWEST_CATEGORIES
    return [] if wide else [kpi.title for kpi in template.kpis]


def _concentrated(template: Template) -> list[Text]:
    shares = [Decimal(kpi.weight) / 100 for kpi in template.kpis]
    heaviest = max(template.kpis, key=lambda kpi: kpi.weight)
    heavy = heaviest.weight > HEAVIEST or sum(share * share for share in shares) >= MOST_CONCENTRATED
    return [heaviest.title] if heavy else []


def _unguarded(template: Template) -> list[Text]:
    return [kpi.title for kpi in template.kpis if kpi.category is Category.RESULT and not kpi.guard]


def _wordless(template: Template) -> list[Text]:
    return [each.name for each in template.competencies if set(each.anchors) != set(GRADES)]
