"""Templates as YAML: what ships is complete, and a mistake is told with its line."""

import json
import re
from importlib.resources import files

import pytest
import yaml

from bot.domain.checked import Mistaken
from bot.domain.measure import Direction
from bot.domain.template import GRADES, PHASES, Text
from bot.domain.template_document import document_of
from bot.domain.template_reading import parse_template
from bot.slack.words import Words
from bot.sources.templates import read_template, shipped

HAN = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = {"%"}
OPTION = 75
"""Characters that Slack takes of an option; the number of a level stands before its words."""


def texts(value):
    """Every text in a template, wherever it stands."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts(inner)
    elif hasattr(value, "__dataclass_fields__"):
        yield from texts(tuple(vars(value).values()))


def refused(text):
    with pytest.raises(Mistaken) as caught:
        read_template(text)
    return caught.value.mistakes


def written(template_id):
    return next(text for text in shipped_files() if f"\nid: {template_id}\n" in text)


def shipped_files():
    return [each.read_text("utf-8") for each in (files("bot") / "templates").iterdir() if each.name.endswith(".yml")]


def test_nine_departments_are_shipped():
    mission = {"sales", "rnd", "logistics"}
    assert shipped().keys() == mission | {"marketing", "support", "hr", "finance", "manufacturing", "product_design"}


def test_no_department_is_served_by_two_templates():
    names = [name.casefold() for each in shipped().values() for name in {each.name.en, each.name.zh, *each.aliases}]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("template", shipped().values(), ids=lambda template: template.id)
class TestEveryShippedTemplate:
    def test_is_written_in_chinese_where_it_says_chinese_and_in_english_where_it_says_english(self, template):
        for text in texts(template):
            assert text.en in SAME_IN_BOTH or (HAN.search(text.zh) and not HAN.search(text.en)), text

    def test_says_anonymous_nowhere(self, template):
        for text in texts(template):
            assert "anonym" not in text.en.lower(), text
            assert "匿名" not in text.zh, text

    def test_fits_slacks_limits(self, template):
        for text in texts(template):
            assert len(text.en) <= 150, text
            assert len(text.zh) <= 150, text
        for kind in (*template.support, *template.raters, *template.feedback, *template.competencies):
            assert len(kind.name.en) <= 75, kind

    def test_its_levels_are_read_to_the_end_where_one_is_chosen(self, template):
        for topic in (*template.competencies, *template.feedback):
            for level, words in topic.anchors.items():
                for language in ("en", "zh"):
                    assert len(f"{level} · {words.read(language)}") <= OPTION, words
        for kpi in (*template.kpis, *template.shelf):
            for level in kpi.levels:
                for language in ("en", "zh"):
                    assert len(f"{level.percent} · {level.text.read(language)}") <= OPTION, level

    def test_gives_no_measure_more_than_the_goal_check_lets_pass(self, template):
        weights = [kpi.weight / 100 for kpi in template.kpis]
        assert max(weights) <= 0.4
        assert sum(weight**2 for weight in weights) < 0.36

    def test_has_words_for_every_grade_and_every_phase(self, template):
        assert all(tuple(sorted(each.anchors)) == GRADES for each in template.competencies)
        assert all(len(template.guide[phase]) == 3 for phase in PHASES)

    def test_guards_every_number_that_could_be_won_at_the_cost_of_another(self, template):
        assert all(kpi.guard for kpi in template.kpis if kpi.category == "result")

    def test_holds_early_and_late_measures(self, template):
        assert {kpi.leading for kpi in template.kpis} == {True, False}


def test_the_served_departments_count_for_logistics_and_technical_peers_for_research():
    templates = shipped()
    assert templates["logistics"].mix.internal_customer == 20
    assert any(kpi.direction is Direction.RUBRIC for kpi in templates["rnd"].kpis)
    assert {kpi.direction for each in templates.values() for kpi in each.kpis} == set(Direction)


def test_a_mistake_is_told_with_its_line():
    text = written("sales").replace("weight: 35", "weight: 350")
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "weight: 350" in each)
    assert line in {mistake.line for mistake in refused(text)}


def test_a_missing_value_is_told_with_the_line_of_what_lacks_it():
    text = written("sales").replace("name: {en: Sales, zh: 销售部}", "name: {en: Sales}")
    (mistake,) = refused(text)
    assert text.splitlines()[mistake.line - 1] == "name: {en: Sales}"
    assert Words("en").say(mistake.sentence) == "The Chinese text of “name” is missing. Please add “zh: …” there."


def test_a_key_written_twice_is_refused_where_yaml_would_take_the_last():
    text = written("sales") + "\nversion: 2\n"
    (mistake,) = refused(text)
    assert mistake.path == ("version",)
    assert mistake.line == len(text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "kpis: [",
        "a: &x 1\nb: *x\n",
        "[" * 5000,
        "just words",
        "",
        "a: 2027-02-31\n",
        "é" * 300_000,
        "!!python/object:os.system {}",
        "a: x\x01\n",
        "? [a]\n: b\n",
        "2027-02-31: x\n",
        "!!int {a: 1}",
    ],
)
def test_what_is_no_template_is_refused_with_a_sentence(text):
    assert all(mistake.sentence.text for mistake in refused(text))


UNREADABLE = [
    ("a: {en: x, zh: y\nb: 1\n", (1, 4), "the bracket that opens there", "括号没有闭合"),
    ("a: {en: Visits: more}\n", (1, 4), "stands between quotation marks", "要加引号"),
    ("b: 1\na: 'x\n", (2, 4), "the quotation mark there is not closed", "引号没有闭合"),
    ("a: b: c\n", (1, 5), "a colon stands where none can", "这里不能有冒号"),
    ("名称：销售\nb: 1\n", (2, 2), "and not “：”", "不是“：”"),
    ("a:\n\tb: 1\n", (2, 1), "a tab stands there", "制表符"),
    ("a:\n  - x\n - y\n", (3, 2), "in the same column", "左对齐"),
    ("a: @x\n", (1, 4), "a sign stands there", "另有含义"),
    ("a: !foo x\n", (1, 4), "a sign stands there", "另有含义"),
    ("a: 1\n---\nb: 2\n", (2, 1), "is not as in a template", "与下载的模板对照"),
]


@pytest.mark.parametrize(("text", "where", "english", "chinese"), UNREADABLE)
def test_what_is_no_yaml_is_told_with_line_and_column_and_in_words_of_ours(text, where, english, chinese):
    (mistake,) = refused(text)
    assert (mistake.line, mistake.sentence.facts["column"]) == where
    assert english in Words("en").say(mistake.sentence)
    assert chinese in Words("zh").say(mistake.sentence)


@pytest.mark.parametrize(
    "value", ["2027-02-31", "!!bool x", "!!int ''", "!!timestamp x", "9" * 5000], ids=lambda value: value[:12]
)
def test_a_value_that_is_no_date_and_no_number_is_told_with_its_line(value):
    (mistake,) = refused(f"id: sales\ntarget: {value}\n")
    assert (mistake.line, mistake.path) == (2, ("target",))
    assert "“target” looks like a date or a number" in Words("en").say(mistake.sentence)


def test_the_layout_of_the_file_does_not_change_the_hash():
    text = written("rnd")
    laid_out_differently = yaml.safe_dump(yaml.safe_load(text), allow_unicode=False, sort_keys=True)
    assert read_template(laid_out_differently).content_hash == read_template(text).content_hash


def test_every_shipped_template_can_be_kept_as_json_and_read_back():
    for template in shipped().values():
        assert parse_template(json.loads(json.dumps(document_of(template)))) == template


def test_mistakes_come_in_the_order_of_the_file():
    text = written("sales").replace("weight: 35", "weight: 30").replace("goals: 70", "goals: 71")
    lines = [mistake.line for mistake in refused(text.replace("direction: lower", "direction: down"))]
    assert len(lines) == 3
    assert lines == sorted(lines)
