"""What has to stand before a launch, and the checks against the four pitfalls."""

from dataclasses import replace

import pytest

from bot.domain.readiness import Facts, missing, preflight, readiness
from bot.domain.team import Duty
from bot.domain.template import Template
from bot.sources.templates import shipped

SALES = shipped()["sales"]
ALL_THERE = Facts(
    people=16,
    without_manager=(),
    objectives=1,
    duties=dict.fromkeys(Duty, 1),
    uncalibrated=(),
    unheard=(),
    without_template=(),
    rules=1,
    announced=True,
    course_sent=True,
    templates=(SALES,),
    reports={"Thomas Keller": 15},
)


def test_nothing_is_missing_when_all_is_there() -> None:
    assert missing(readiness(ALL_THERE)) == ()
    assert all(check.ready for check in preflight(ALL_THERE, "en"))


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        ("people", {"people": 0}),
        ("people", {"without_manager": ("Felix",)}),
        ("strategy", {"objectives": 0}),
        ("roles", {"duties": {Duty.OWNER: 1, Duty.CALIBRATOR: 1}}),
        ("roles", {"uncalibrated": ("Jing",)}),
        ("roles", {"unheard": ("Jing",)}),
        ("templates", {"without_template": ("Board",)}),
        ("pitfalls", {"reports": {"Thomas Keller": 16}}),
        ("rules", {"rules": 0}),
        ("course", {"course_sent": False}),
        ("announcement", {"announced": False}),
    ],
)
def test_what_is_missing_is_named_alone(kind: str, lacking: dict[str, object]) -> None:
    facts = replace(ALL_THERE, **lacking)
    assert [item.kind for item in missing(readiness(facts))] == [kind]
    assert all(check.ready for check in preflight(facts, "zh")) is (kind != "pitfalls")


def without(template: Template, **changes: object) -> Template:
    """A template whose first measure is another."""
    return replace(template, kpis=(replace(template.kpis[0], **changes), *template.kpis[1:]))


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("A unit and a target for every measure", without(SALES, target=None)),
        ("A starting point wherever less is better", without(shipped()["finance"], baseline=None)),
        ("At least three measures of three kinds", replace(SALES, kpis=SALES.kpis[:2])),
        ("No measure above 60 %, no few that decide alone", without(SALES, weight=61)),
        ("A counterweight to every result", without(SALES, guard="")),
        ("Questions for check-ins, hints for coaching, a guide for the talk", replace(SALES, coaching=())),
        (
            "Every level of a rating in words",
            replace(SALES, competencies=(replace(SALES.competencies[0], anchors={}),)),
        ),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_pitfall_is_found_in_a_template_that_has_it(language: str, name: str, template: Template) -> None:
    found = preflight(replace(ALL_THERE, templates=(template,)), language)
    assert name in [check.name for check in found if not check.ready]
    (wrong,) = [check for check in found if check.name == name]
    assert template.name.read(language) in str(wrong.found.facts["names"])


def test_a_manager_with_sixteen_people_has_no_time_to_talk() -> None:
    found = preflight(replace(ALL_THERE, reports={"Thomas Keller": 16}), "en")
    assert [check.found.facts["names"] for check in found if not check.ready] == ["Thomas Keller"]


def test_milestones_and_levels_need_no_number_to_aim_at() -> None:
    """A department's own template without a target there is as good as the one that comes with Cairn."""
    rnd = shipped()["rnd"]
    aimless = replace(
        rnd, kpis=tuple(replace(kpi, target=None) if kpi.milestones or kpi.levels else kpi for kpi in rnd.kpis)
    )
    assert aimless != rnd
    assert all(check.ready for check in preflight(replace(ALL_THERE, templates=(aimless,)), "en"))
