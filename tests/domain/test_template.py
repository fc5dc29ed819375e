"""A template is taken whole or refused whole, with every mistake and its place."""

import copy
import json

import pytest

from bot.domain.checked import Mistaken, Path, place
from bot.domain.measure import Direction
from bot.domain.template import Text
from bot.domain.template_document import document_of
from bot.domain.template_reading import parse_template
from bot.slack.words import Words


def both(words):
    return {"en": words, "zh": f"{words}（中文）"}


def kpi(kpi_id, weight, category, **more: object):
    told = {"title": both(kpi_id), "measure": both("counted"), "unit": both("orders"), "source": both("CRM")}
    return (
        {"id": kpi_id, "weight": weight, "category": category, "direction": "higher", "cumulative": True} | told | more
    )


def small():
    levels = {level: both(f"level {level}") for level in range(1, 6)}
    return {
        "format": 1,
        "id": "garden",
        "version": 3,
        "name": both("Garden"),
        "aliases": ["Gardeners"],
        "mix": {"goals": 60, "competency": 20, "peer": 10, "internal_customer": 10},
        "kpis": [
            kpi("trees", 50, "result", guard="care", target=10),
            kpi("care", 30, "customer", unit={"en": "%", "zh": "%"}, cumulative=False),
            kpi("weeds", 20, "quality", direction="lower", baseline=2.5),
        ],
        "competencies": [{"id": "patience", "name": both("Patience"), "anchors": levels}],
        "checkin": {"cadence": "weekly", "weekday": "friday", "questions": [both("What grew?")]},
        "coaching": [both("Walk through the beds together.")],
        "support": [{"id": "tool", "name": both("Tool")}],
        "raters": [
            {"id": "peer", "name": both("Colleagues"), "min": 3, "max": 5},
            {"id": "internal_customer", "name": both("Kitchen"), "min": 4, "max": 8},
        ],
        "feedback": [{"id": "calm", "name": both("Calm"), "anchors": {1: both("a"), 3: both("b"), 5: both("c")}}],
        "guide": {phase: [both(phase)] for phase in ("plan", "coach", "appraise", "feed_back")},
    }


def put(document, path, value):
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def written(path: Path) -> str:
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def mistakes_of(document):
    with pytest.raises(Mistaken) as refused:
        parse_template(document)
    return {written(each.path): each.sentence for each in refused.value.mistakes}


def test_a_place_is_told_from_the_inside_out_in_both_languages():
    found = place(("kpis", 1, "title", "zh"))
    assert Words("en").say(found) == "“zh” in “title” in entry 2 of “kpis”"
    assert Words("zh").say(found) == "“kpis”第 2 项的“title”的“zh”"


def test_a_whole_template_is_taken_as_it_is_written():
    template = parse_template(small())
    assert (template.id, template.version, template.name) == ("garden", 3, Text("Garden", "Garden（中文）"))
    assert [each.weight for each in template.kpis] == [50, 30, 20]
    assert template.kpis[0].guard == "care"
    assert template.kpis[1].in_percent
    assert template.kpis[2].direction is Direction.LOWER
    assert str(template.kpis[2].baseline) == "2.5"
    assert template.competencies[0].anchors[5].read("zh") == "level 5（中文）"


def test_it_serves_departments_by_either_name_or_an_alias():
    template = parse_template(small())
    assert all(template.serves(name) for name in ("garden", " Garden ", "Garden（中文）", "gardeners"))
    assert not template.serves("Kitchen")


@pytest.mark.parametrize(
    ("path", "value", "wrong_at"),
    [
        (("mix", "goals"), 70, "mix"),
        (("kpis", 0, "weight"), 45, "kpis"),
        (("kpis", 0, "weight"), 61, "kpis[1].weight"),
        (("kpis", 0, "weight"), True, "kpis[1].weight"),
        (("kpis", 0, "direction"), "up", "kpis[1].direction"),
        (("kpis", 0, "direction"), "range", "kpis[1]"),
        (("kpis", 0, "low"), 3, "kpis[1].low"),
        (("kpis", 0, "guard"), "nothing", "kpis[1].guard"),
        (("kpis", 0, "guard"), "trees", "kpis[1].guard"),
        (("kpis", 0, "target"), "ten", "kpis[1].target"),
        (("kpis", 0, "target"), float("nan"), "kpis[1].target"),
        (("kpis", 0, "colour"), "green", "kpis[1].colour"),
        (("kpis", 1, "id"), "trees", "kpis"),
        (("kpis", 1, "category"), "result", "kpis"),
        (("name",), {"en": "Garden"}, "name"),
        (("name", "zh"), "  ", "name.zh"),
        (("name", "fr"), "Jardin", "name.fr"),
        (("competencies", 0, "anchors"), {1: both("a")}, "competencies[1].anchors"),
        (("feedback", 0, "anchors", 6), both("f"), "feedback[1].anchors.6"),
        (("raters", 1, "id"), "upward", "raters"),
        (("raters", 0, "min"), 2, "raters[1].min"),
        (("raters", 0, "max"), 1, "raters[1].max"),
        (("guide", "plan"), [], "guide.plan"),
        (("checkin", "cadence"), "daily", "checkin.cadence"),
        (("checkin", "questions"), "What grew?", "checkin.questions"),
        (("format",), 2, "format"),
        (("version",), 0, "version"),
        (("support",), None, "support"),
    ],
)
def test_each_mistake_is_refused_at_its_place(path, value, wrong_at):
    document = small()
    put(document, path, value)
    assert wrong_at in mistakes_of(document)


def test_all_mistakes_are_told_at_once():
    document = small()
    del document["guide"]["coach"]
    document["mix"]["peer"] = 20
    document["kpis"][0]["direction"] = "sideways"
    document["kpis"][2]["title"] = "Weeds"
    said = mistakes_of(document)
    assert said.keys() == {"guide", "mix", "kpis[1].direction", "kpis[3].title"}
    assert said["mix"].facts == {"place": place(("mix",)), "total": 110}
    assert said["guide"].facts == {"place": place(("guide", "coach"))}


def test_something_that_is_no_template_is_refused_too():
    assert "" in mistakes_of([1, 2])
    assert len(mistakes_of({"hello": "world"})) > 1


def test_milestones_must_make_a_hundred_points():
    document = small()
    halves = [{"title": both("first"), "points": 50}, {"title": both("second"), "points": 40}]
    document["kpis"][0] |= {"direction": "milestones", "milestones": halves}
    assert mistakes_of(document).keys() == {"kpis[1].milestones"}
    halves[1]["points"] = 50
    assert parse_template(document).kpis[0].milestones[1].points == 50


def test_a_rubric_has_five_levels_in_words():
    document = small()
    levels = [{"percent": worth, "en": "so", "zh": "如此"} for worth in (0, 60, 80, 100)]
    document["kpis"][0] |= {"direction": "rubric", "levels": levels}
    assert mistakes_of(document).keys() == {"kpis[1].levels"}
    levels.append({"percent": 120, "en": "so", "zh": "如此"})
    assert [each.percent for each in parse_template(document).kpis[0].levels] == [0, 60, 80, 100, 120]


def test_the_hash_follows_the_content_and_not_its_layout():
    one, same, other = small(), copy.deepcopy(small()), small()
    same["kpis"][0]["target"] = 10.0
    reordered = dict(reversed(same.items()))
    other["coaching"][0]["zh"] = "一起走走。"
    first = parse_template(one).content_hash
    assert first == parse_template(reordered).content_hash
    assert first != parse_template(other).content_hash
    assert len(first) == 64


def test_a_template_written_out_and_read_back_is_the_same():
    document = small()
    shelved = {key: value for key, value in kpi("fruit", 0, "result").items() if key != "weight"}
    levels = [{"percent": worth, "en": "so", "zh": "如此"} for worth in (0, 60, 80, 100, 120)]
    document["shelf"] = [shelved | {"direction": "rubric", "levels": levels, "cumulative": False}]
    template = parse_template(document)
    kept = json.loads(json.dumps(document_of(template)))
    assert parse_template(kept) == template
    assert parse_template(kept).content_hash == template.content_hash
