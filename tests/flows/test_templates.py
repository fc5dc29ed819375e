"""HR looks at templates, edits them, brings in their own; nothing counts before it was seen."""

from decimal import Decimal

import pytest

from bot.domain.composite import Component, Mix, mixed
from bot.domain.explain import Input, Node, compute
from bot.domain.refusal import sentence
from bot.domain.score import Outcome, Rated
from bot.domain.score_rules import RULES
from bot.sources.templates import shipped, written
from bot.store import audit, cycles, people, results, templates
from tests.company import Company, Persona
from tests.stories import ended_quarter, launched_quarter, placed_people

SALES = written(shipped()["sales"])


def hr(company: Company, language: str = "en") -> Persona:
    placed_people(company)
    company.knows(lambda session: people.choose_language(session, "U01MEI", language))
    return company.person("mei")


def drops(mei: Persona, text: str) -> None:
    mei.drops("sales.yml", text.encode())


def in_use(company: Company, key: str = "sales"):
    return company.knows(lambda session: templates.in_use(session, shipped())[key])


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in line)


def test_the_library_says_whom_each_template_serves(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn templates")
    assert "Sales, version 1" in mei.sees()
    assert "Serves: R&amp;D" in mei.sees()
    assert "Manufacturing, version 1" in mei.sees()


def test_the_library_speaks_chinese(company: Company) -> None:
    mei = hr(company, "zh")
    mei.types("/cairn templates")
    assert "销售部，第 1 版" in mei.sees()
    mei.clicks("看一下", near="销售部")
    assert "这是 Cairn 自带的版本" in mei.sees()


def test_a_download_can_be_dropped_back_as_it_is(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn templates")
    mei.clicks("Look", near="Sales, version 1")
    mei.clicks("Download as text")
    shown = [block["text"]["text"] for block in mei.modal["blocks"][1:]]
    copied = "".join(each.strip("`") for each in shown).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert copied == SALES
    mei.closes()
    drops(mei, copied)
    assert "This is the version in use already" in mei.last_words()


def test_who_changes_weights_reads_what_told_people_apart(company: Company) -> None:
    sellers = ("min", "hao", "qian", "kai", "jonas", "lena", "emily", "marcus")
    cycle = ended_quarter(company, *sellers)
    now = company.slack.clock.now()

    def released(session) -> None:
        for n, name in enumerate(sellers):
            parts = {Component.GOALS: given(80 + n), Component.MANAGER: given(75), Component.PEER: given(75)}
            tree = compute("rounded", sentence("Result"), {"places": Input(Decimal(2))}, (mixed(parts, Mix()),))
            outcome = Outcome(Rated.RATED, tree.value, "B", tree)
            made = results.Computed(company.person(name).id, outcome, RULES.written, {})
            results.keep(session, cycle.id, [made], now)
        results.release(session, cycle.id, by="U01MEI", at=now)

    mei = hr(company)
    assert "people apart" not in looks_at_weights(mei)
    company.knows(released)
    page = looks_at_weights(mei)
    assert "What told 8 people apart in 2027-Q1: Goals 100 %  ·  Competencies 0 %" in page
    assert "Ten percent more or less on one part would have changed the grade of one of them." in page


def looks_at_weights(mei: Persona) -> str:
    mei.types("/cairn templates")
    mei.clicks("Look", near="Sales, version 1")
    mei.clicks("Change weights")
    return mei.sees()


def given(number: int) -> Node:
    return compute("given", sentence("Given"), {"value": Input(Decimal(number))})


def test_an_upload_is_previewed_and_then_used(company: Company) -> None:
    mei = hr(company)
    drops(mei, SALES.replace("weight: 35", "weight: 30").replace("weight: 20", "weight: 25"))
    assert "Version 1 → 2" in mei.last_words()
    assert "Measure: Sales revenue" in mei.last_words()
    assert in_use(company).version == 1
    mei.clicks("Use it")
    assert "“Sales” is at version 2 now" in mei.last_words()
    assert in_use(company).kpi("revenue").weight == 30
    found = company.knows(lambda session: audit.about(session, "U01MEI"))
    assert [(entry.act, entry.record) for entry in found] == [("edit_template", "sales/2")]


def test_a_draft_that_is_discarded_changes_nothing_and_works_once(company: Company) -> None:
    mei = hr(company)
    drops(mei, SALES.replace("target: 88", "target: 90"))
    mei.clicks("Discard")
    assert "The template stays as it was" in mei.last_words()
    assert in_use(company).version == 1


def test_of_two_drafts_the_second_is_shown_anew_under_the_next_number(company: Company) -> None:
    mei, julia = hr(company), company.person("julia")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    drops(mei, SALES.replace("target: 88", "target: 90"))
    drops(julia, SALES.replace("target: 88", "target: 91"))
    mei.clicks("Use it")
    julia.clicks("Use it")
    assert "Version 2 → 3" in julia.last_words()
    julia.clicks("Use it")
    assert in_use(company).kpi("satisfaction").target == 91


def test_a_running_cycle_keeps_its_version(company: Company) -> None:
    cycle = launched_quarter(company, ["Sales"])
    mei = hr(company)
    drops(mei, SALES.replace("target: 88", "target: 90"))
    mei.clicks("Use it")
    emily = company.knows(lambda session: cycles.participant(session, cycle.id, "U01EMILY"))
    assert company.knows(lambda session: templates.template_of(session, emily.template)).version == 1


REFUSED = [
    (
        "weight: 35",
        "weight: 30",
        "kpis:",
        "The weights of the measures under “kpis” have to make 100 together; now they make 95.",
        "“kpis”下各指标的权重合计要是 100，现在是 95。",
    ),
    (
        "goals: 70",
        "goals: 60",
        "mix:",
        "The shares under “mix” have to make 100 together; now they make 90.",
        "“mix”下的占比合计要是 100，现在是 90。",
    ),
    (
        "guard: complaint_rate",
        "gard: complaint_rate",
        "gard:",
        "I do not know “gard” in entry 1 of “kpis”. Did you mean “guard”?",
        "不认识“kpis”第 1 项的“gard”。是不是想写“guard”？",
    ),
    (
        "{en: Sales, zh: 销售部}",
        "{en: Sales}",
        "name: {en: Sales}",
        "The Chinese text of “name” is missing. Please add “zh: …” there.",
        "“name”缺少中文，请在那里加上“zh: …”。",
    ),
    (
        "en: Sales,",
        'en: "Sales,',
        'name: {en: "Sales',
        "From character 12 on I cannot read it: the quotation mark there is not closed.",
        "从第 12 个字符起读不下去：那里的引号没有闭合。",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "where", "english", "chinese"), REFUSED)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_mistake_is_refused_with_its_line(
    company: Company, language: str, right: str, wrong: str, where: str, english: str, chinese: str
) -> None:
    mei = hr(company, language)
    text = SALES.replace(right, wrong, 1)
    drops(mei, text)
    line = line_of(text, where)
    assert (f"Line {line}: {english}" if language == "en" else f"第 {line} 行：") in mei.last_words()
    assert (english if language == "en" else chinese) in mei.last_words()
    assert in_use(company).version == 1


def test_what_is_no_yaml_or_no_utf8_is_refused(company: Company) -> None:
    mei = hr(company)
    drops(mei, "kpis: [")
    assert "Line 1: From character" in mei.last_words()
    drops(mei, "just words")
    assert "This is not a template. One begins with lines such as" in mei.last_words()
    mei.drops("sales.yml", "销售".encode("gb18030"))
    assert "not written in UTF-8" in mei.last_words()


def test_a_department_has_one_template(company: Company) -> None:
    mei = hr(company)
    drops(mei, SALES.replace("id: sales", "id: my_sales"))
    assert "is served by the template “Sales” already" in mei.last_words()


def test_a_department_of_ones_own_gets_a_template(company: Company) -> None:
    mei = hr(company)
    own = SALES.replace("id: sales", "id: board").replace("{en: Sales, zh: 销售部}", "{en: Management, zh: 管理层}")
    drops(mei, own.replace("aliases: [Sales department, 销售]\n", ""))
    assert "New here: version 1" in mei.last_words()
    mei.clicks("Use it")
    mei.types("/cairn cycle")
    assert "No template serves" not in mei.sees()


def test_weights_are_changed_in_a_form(company: Company) -> None:
    mei = weighing(company)
    mei.submits(kpi_revenue="30", kpi_growth="15")
    mei.closes()
    assert "Version 1 → 2" in mei.last_words()
    mei.clicks("Use it")
    assert in_use(company).kpi("growth").weight == 15


def test_weights_that_make_no_whole_are_refused_under_the_field(company: Company) -> None:
    mei = weighing(company)
    mei.submits(kpi_revenue="34")
    assert mei.errors == {"kpi_revenue": "Together these have to make 100; now they make 99."}
    mei.submits(mix_peer="11", kpi_revenue="35")
    assert mei.errors == {"mix_goals": "Together these have to make 100; now they make 101."}


def test_colleagues_who_would_weigh_too_much_are_refused_before_they_can_stop_a_result(company: Company) -> None:
    mei = weighing(company)
    mei.submits(mix_goals="60", mix_peer="25", mix_competency="15")
    assert mei.errors == {"mix_goals": "Feedback from colleagues may weigh at most 20 %, not 25 %."}


def weighing(company: Company) -> Persona:
    mei = hr(company)
    mei.types("/cairn templates")
    mei.clicks("Look", near="Sales, version 1")
    mei.clicks("Change weights")
    return mei


def test_a_part_is_changed_as_text_and_its_mistake_has_a_line(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn templates")
    mei.clicks("Look", near="Sales, version 1")
    mei.clicks("Change a text")
    mei.clicks("Change", near="Hints for coaching")
    mei.submits(text="- {en: Ask first., zh: 先问。}\n- {en: Then listen.}")
    assert mei.errors == {
        "text": "Line 2: The Chinese text of entry 2 of “coaching” is missing. Please add “zh: …” there."
    }
    mei.submits(text="- {en: Ask first., zh: 先问。}\n- {en: Then listen., zh: 再听。}")
    mei.closes()
    assert "Hints for coaching" in mei.last_words()
    mei.clicks("Use it")
    assert [each.zh for each in in_use(company).coaching] == ["先问。", "再听。"]
    mei.types("/cairn templates")
    mei.clicks("Look", near="Sales, version 2")
    assert "Version 2: 林美" in mei.sees()


def test_only_hr_may(company: Company) -> None:
    placed_people(company)
    emily = company.person("emily")
    emily.types("/cairn templates")
    assert "This is not yours to do" in emily.last_words()
    emily.drops("sales.yml", SALES.encode())
    assert "This is not yours to do" in emily.last_words()
