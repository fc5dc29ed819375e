"""Reading a department's template from a document, refusing with every mistake and its place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain.checked import Mistaken, Spot
from bot.domain.measure import Direction
from bot.domain.refusal import N_, Sentence, sentence
from bot.domain.template import (
    COMPONENTS,
    FORMAT,
    GRADES,
    PHASES,
    Anchored,
    Category,
    Checkin,
    Day,
    Group,
    Kpi,
    Level,
    MilestoneDefault,
    Mix,
    Named,
    RaterGroup,
    Rhythm,
    Template,
    Text,
)

WHOLE = 100
HEAVIEST = 60
"""No measure may weigh more, so that nobody is judged by one number."""
FEWEST_CATEGORIES = 3
FEWEST_RATERS = 3
"""Fewer would show who wrote what."""

_KPI_FIELDS = ("id", "title", "measure", "unit", "direction", "category", "source", "cumulative")
_KPI_EXTRAS = ("leading", "guard", "baseline", "target", "stretch", "low", "high", "tolerance", "milestones", "levels",
               "judge")  # fmt: skip
_FIELDS = (
    "format", "id", "version", "name", "mix", "kpis", "competencies", "checkin", "coaching", "support", "raters",
    "feedback", "guide",
)  # fmt: skip
_NEEDED = {
    Direction.RANGE: ("low", "high", "tolerance"),
    Direction.MILESTONES: ("milestones",),
    Direction.RUBRIC: ("levels",),
}
"""What a direction cannot be judged without; the other directions have no use for it."""
_ALSO: Mapping[Direction, tuple[str, ...]] = {Direction.RUBRIC: ("judge",)}
"""What one direction alone may say besides."""


def parse_template(data: Mapping[str, Any]) -> Template:
    """Make a template of a document; raises `Mistaken` with every mistake and its place."""
    document = Spot(data)
    given = document.fields(_FIELDS, ("aliases", "shelf"))
    given["format"].whole(FORMAT, FORMAT)
    template = Template(
        id=given["id"].slug(),
        version=given["version"].whole(1, 1_000_000),
        name=_text(given["name"]),
        aliases=tuple(each.text() for each in given["aliases"].items()),
        mix=_mix(given["mix"]),
        kpis=_kpis(given["kpis"]),
        shelf=tuple(_kpi(each, weighed=False) for each in given["shelf"].items()),
        competencies=tuple(_anchored(each, GRADES) for each in given["competencies"].items(1)),
        checkin=_checkin(given["checkin"]),
        coaching=_texts(given["coaching"]),
        support=tuple(_named(each) for each in given["support"].items(1)),
        raters=tuple(_rater_group(each) for each in given["raters"].items(1)),
        feedback=tuple(_anchored(each, (1, 3, 5)) for each in given["feedback"].items(1)),
        guide={phase: _texts(each) for phase, each in given["guide"].fields(PHASES).items()},
    )
    _check_together(given, template)
    if document.mistakes:
        raise Mistaken(document.mistakes)
    return template


def _text(spot: Spot) -> Text:
    given = spot.fields(("en", "zh"))
    return Text(given["en"].text(), given["zh"].text())


def _texts(spot: Spot) -> tuple[Text, ...]:
    return tuple(_text(each) for each in spot.items(1))


def _named(spot: Spot) -> Named:
    given = spot.fields(("id", "name"))
    return Named(given["id"].slug(), _text(given["name"]))


def _mix(spot: Spot) -> Mix:
    shares = {name: each.whole(0, WHOLE) for name, each in spot.fields(COMPONENTS).items()}
    together = N_("The shares under {place} have to make 100 together; now they make {total}.")
    _must_make_whole(spot, shares.values(), together)
    return Mix(**shares)


def _must_make_whole(spot: Spot, shares: Iterable[int], text: str) -> None:
    if (total := sum(shares)) != WHOLE:
        spot.wrong(Sentence(text, {"place": spot.where, "total": total}))


def _kpis(spot: Spot) -> tuple[Kpi, ...]:
    kpis = tuple(_kpi(each, weighed=True) for each in spot.items(1))
    together = N_("The weights of the measures under {place} have to make 100 together; now they make {total}.")
    _must_make_whole(spot, (each.weight for each in kpis), together)
    if len({each.category for each in kpis}) < FEWEST_CATEGORIES:
        spot.wrong(
            sentence("Categories of the measures under {place}: at least {count}, or success is seen from one side.",
                     place=spot.where, count=FEWEST_CATEGORIES)
        )  # fmt: skip
    return kpis


def _kpi(spot: Spot, *, weighed: bool) -> Kpi:
    given = spot.fields((*_KPI_FIELDS, "weight") if weighed else _KPI_FIELDS, _KPI_EXTRAS)
    direction = given["direction"].choice(Direction, Direction.HIGHER)
    _check_direction(spot, direction, given)
    return Kpi(
        id=given["id"].slug(),
        title=_text(given["title"]),
        measure=_text(given["measure"]),
        unit=_text(given["unit"]),
        direction=direction,
        category=given["category"].choice(Category, Category.RESULT),
        source=_text(given["source"]),
        cumulative=given["cumulative"].truth(),
        weight=given["weight"].whole(1, HEAVIEST) if weighed else 0,
        leading=given["leading"].truth(),
        guard=given["guard"].slug(),
        **{name: given[name].number() for name in ("baseline", "target", "stretch", "low", "high", "tolerance")},
        milestones=tuple(_milestone(each) for each in given["milestones"].items(1)),
        levels=tuple(_level(each) for each in given["levels"].items(len(GRADES))),
        judge=given["judge"].choice(Group, Group.PEER) if given["judge"].given else None,
    )


def _check_direction(spot: Spot, direction: Direction, given: Mapping[str, Spot]) -> None:
    for name in _NEEDED.get(direction, ()):
        if not given[name].given:
            spot.wrong(
                sentence("{place} has the direction “{direction}”, so it needs “{key}” as well.",
                         place=spot.where, direction=direction.value, key=name)
            )  # fmt: skip
    for other in _NEEDED.keys() - {direction}:
        for name in (*_NEEDED[other], *_ALSO.get(other, ())):
            given[name].wrong(
                sentence("{place} says nothing where the direction is “{direction}”. Please delete it.",
                         place=given[name].where, direction=direction.value)
            )  # fmt: skip


def _milestone(spot: Spot) -> MilestoneDefault:
    given = spot.fields(("title", "points"))
    return MilestoneDefault(_text(given["title"]), given["points"].whole(1, WHOLE))


def _level(spot: Spot) -> Level:
    given = spot.fields(("percent", "en", "zh"))
    return Level(given["percent"].whole(0, 200), Text(given["en"].text(), given["zh"].text()))


def _anchored(spot: Spot, needed: Sequence[int]) -> Anchored:
    given = spot.fields(("id", "name", "anchors"))
    required = [str(level) for level in needed]
    optional = [str(level) for level in GRADES if level not in needed]
    anchors = given["anchors"].fields(required, optional)
    words = {int(level): _text(each) for level, each in anchors.items() if each.given}
    return Anchored(given["id"].slug(), _text(given["name"]), words)


def _checkin(spot: Spot) -> Checkin:
    given = spot.fields(("cadence", "weekday", "questions"))
    return Checkin(
        given["cadence"].choice(Rhythm, Rhythm.WEEKLY),
        given["weekday"].choice(Day, Day.THURSDAY),
        _texts(given["questions"]),
    )


def _rater_group(spot: Spot) -> RaterGroup:
    given = spot.fields(("id", "name", "min", "max"))
    fewest = given["min"].whole(FEWEST_RATERS, 20)
    most = given["max"].whole(fewest, 50)
    return RaterGroup(given["id"].choice(Group, Group.PEER), _text(given["name"]), fewest, most)


def _check_together(given: Mapping[str, Spot], template: Template) -> None:
    _check_unique(given["kpis"], [each.id for each in (*template.kpis, *template.shelf)])
    for name in ("competencies", "feedback", "support", "raters"):
        _check_unique(given[name], [each.id for each in getattr(template, name)])
    _check_guards(given["kpis"], template)
    groups = {each.id for each in template.raters}
    for group, share in ((Group.PEER, template.mix.peer), (Group.INTERNAL_CUSTOMER, template.mix.internal_customer)):
        if share and group not in groups:
            given["raters"].wrong(
                sentence("The group “{group}” has a share in “mix”, so {place} needs an entry for it.",
                         place=given["raters"].where, group=group.value)
            )  # fmt: skip
    _check_milestones(given["kpis"], template)


def _check_unique(spot: Spot, ids: Sequence[str]) -> None:
    for twice in sorted({each for each in ids if each and ids.count(each) > 1}):
        spot.wrong(sentence("“{name}” stands twice under {place}; once is allowed.", place=spot.where, name=twice))


def _check_guards(spot: Spot, template: Template) -> None:
    for index, kpi in enumerate(template.kpis):
        others = {each.id for each in template.kpis} - {kpi.id}
        if kpi.guard and kpi.guard not in others:
            here = spot.at(index, kpi).at("guard", kpi.guard)
            here.wrong(
                sentence("{place} names “{name}”, but no other measure has that id.", place=here.where, name=kpi.guard)
            )


def _check_milestones(spot: Spot, template: Template) -> None:
    for index, kpi in enumerate(template.kpis):
        if kpi.milestones:
            here = spot.at(index, kpi).at("milestones", kpi.milestones)
            together = N_("The points under {place} have to make 100 together; now they make {total}.")
            _must_make_whole(here, (int(each.points) for each in kpi.milestones), together)
