"""The pages say what is so: tables, settings, commands and pictures are there, and the tests that they rest on."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from bot.__main__ import _parser
from bot.domain import template_reading as keys
from bot.domain.formulas import FORMULAS
from bot.domain.measure import Direction
from bot.domain.template import COMPONENTS, PHASES, Category, Day, Group, Rhythm
from bot.store.db import Base
from bot.store.schema import METADATA
from scripts.data_map import KEPT, PAGE, page
from scripts.screenshots import wanted_pictures
from tests.test_glossary import said as says
from tests.test_glossary import terms
from tests.test_words import chinese as in_chinese
from tests.test_words import written

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WORDS = "\n".join(one.read_text("utf-8") for one in PAGES)


READERS = ("employee", "manager", "hr")


def said(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def test_the_data_map_is_that_of_the_models() -> None:
    assert PAGE.read_text("utf-8") == page(), "make data-map writes it anew"
    assert set(METADATA.tables) >= set(KEPT)


def test_the_data_map_says_of_every_table_whose_rows_are_taken_out_when_they_go() -> None:
    tables = {mapper.class_.__name__: str(mapper.local_table) for mapper in Base.registry.mappers}
    found = set()
    for file in (ROOT / "bot" / "store").glob("*.py"):
        if file.name != "erasing.py":  # what goes with somebody who left is said of all on top of the page
            taken = re.findall(r"\bdelete\((\w+Row)\b", file.read_text("utf-8"))
            found |= {tables[one] for one in taken}
    assert {"sealed_pulses", "interview_preparations", "webhook_deliveries"} <= found
    assert sorted(found - KEPT.keys()) == []


def test_every_line_about_threats_rests_on_a_test_that_is_there() -> None:
    lines = [line for line in (ROOT / "docs" / "threats.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    told = [line for line in lines if not line.startswith("| Threat ")]
    assert len(told) > 25
    for line in told:
        found = re.findall(r"`(tests/\S+\.py)::(\w+)`", line)
        assert found or "*accepted*" in line, line
        for file, name in found:
            assert f"def {name}(" in (ROOT / file).read_text("utf-8"), name


def test_every_setting_is_told_of() -> None:
    settings = re.findall(r"(?m)^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"))
    assert [one for one in settings if one not in WORDS] == []


def test_every_command_of_the_terminal_is_told_of() -> None:
    (commands,) = (one for one in _parser()._actions if isinstance(one, argparse._SubParsersAction))
    assert [one for one in commands.choices if f"bot {one}" not in WORDS] == []


def test_every_line_for_the_terminal_on_the_operators_pages_is_one_that_it_takes() -> None:
    for name in ("slack-setup", "operating"):
        words = " ".join((ROOT / "docs" / f"{name}.md").read_text("utf-8").split())
        typed = re.findall(r"python -m bot ([^`]+)`", words)
        assert typed
        for one in typed:
            _parser().parse_args(shlex.split(one))


def test_who_asks_for_help_with_the_pictures_gets_it_and_takes_none(capsys: pytest.CaptureFixture[str]) -> None:
    for asked, status in (["--help"], 0), (["--hlep"], 2):
        with pytest.raises(SystemExit) as left:
            wanted_pictures(asked)
        assert left.value.code == status
    assert "checkin" in capsys.readouterr().out
    assert wanted_pictures(["kudos", "talk"]) == ["kudos", "talk"]


def test_every_link_and_picture_leads_somewhere() -> None:
    for one in PAGES:
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", one.read_text("utf-8")):
            assert "://" in link or (one.parent / link).exists(), f"{one.name}: {link}"


@pytest.mark.parametrize("name", READERS)
def test_the_pages_for_readers_name_words_that_cairn_knows_the_same_in_both_languages(name: str) -> None:
    english, chinese = (re.findall(r"`/cairn ([a-z]+)", said(f"{folder}{name}.md")) for folder in ("", "zh/"))
    assert english
    assert sorted(set(english)) == sorted(set(chinese))
    assert [one for one in english + chinese if f"`{one}`" not in said("flows.md")] == []


@pytest.mark.parametrize("name", READERS)
def test_the_buttons_on_a_page_are_called_as_in_slack(name: str) -> None:
    english = {shown for key in written() for shown in ([key] if isinstance(key, str) else key)} | {"Home"}
    chinese = {way for ways in in_chinese().values() for way in ways} | {"主页"}
    for folder, known in (("", english), ("zh/", chinese)):
        named = re.findall(r"(?<![*\w])\*([^*\n]+)\*(?![*\w])", re.sub(r"(?m)^\* ", "", said(f"{folder}{name}.md")))
        assert named
        assert [one for one in named if one not in known] == []


@pytest.mark.parametrize("name", [*READERS, "privacy"])
def test_each_page_for_readers_leads_to_the_other_language(name: str) -> None:
    assert f"](zh/{name}.md)" in said(f"{name}.md")
    assert f"](../{name}.md)" in said(f"zh/{name}.md")


def test_the_privacy_page_can_be_signed_in_both_languages() -> None:
    for page_, checks in (("privacy.md", "works council"), ("zh/privacy.md", "职工代表")):
        assert checks in said(page_)
        assert said(page_).rstrip().splitlines()[-1].count("____") >= 3
        assert all(
            one in said(page_) for one in ("privacy-audit", "audit verify", "verify FILE", "threats.md", "data-map.md")
        )


def rows(page_: str, heading: str) -> list[list[str]]:
    """The cells of each row of the table that begins with this heading, without the heading itself."""
    told = said(page_)
    table = told[told.index(f"| {heading} |") :].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def in_both(english: str, chinese: str) -> list[tuple[list[str], list[str]]]:
    """Each row of the table with this heading on the privacy page, with its Chinese."""
    return list(zip(rows("privacy.md", english), rows("zh/privacy.md", chinese), strict=True))


READ_BY = {
    "and theirs": "主管的主管",
    "heads the department": "部门负责人",
    "next one|new manager": "主管也能",
    "those who calibrate": "校准人",
    "owner of the process": "流程负责人",
    "finance": "财务人员",
    "after release|before release": "发布",
    "audit": "审计",
    "in a file": "文件",
    "only": "只",
    "no names|without your name|without names": "不带",
    "Slack": "Slack",
    "five": "五",
    "three": "三",
}
"""What a cell says of who reads something, when and how, and the word that its Chinese has then."""


def test_who_sees_what_is_the_same_in_both_languages_row_by_row() -> None:
    found = in_both("What", "内容")
    assert len(found) > 30
    for english, chinese in found:
        assert len(english) == len(chinese) == 5, english[0]
        for one, other in zip(english[1:], chinese[1:], strict=True):
            assert (one == "yes", one == "no") == (other == "能", other == "不能"), (english[0], one, other)
        for one, other in zip(english, chinese, strict=True):
            assert [way for said_, way in READ_BY.items() if re.search(said_, one) and way not in other] == [], other
        words = " ".join(chinese)
        used = [one for one in terms() if any(says(one, cell) for cell in english)]
        assert [one for one in used if not any(way in words for way in terms()[one])] == [], words


def test_what_can_be_agreed_is_as_long_in_both_languages() -> None:
    assert in_both("Agreed", "约定")


def test_every_key_of_a_template_is_told_of() -> None:
    page_ = said("extending.md")
    words = [*keys._FIELDS, "aliases", "shelf", *keys._KPI_FIELDS, "weight", *keys._KPI_EXTRAS, *COMPONENTS, *PHASES]
    words += ["anchors", "cadence", "weekday", "questions", "min", "max", "points", "percent"]
    words += [*Direction, *Category, *Group, *Rhythm, Day.MONDAY, Day.FRIDAY]
    assert [one for one in words if f"`{one}`" not in page_] == []


def test_every_formula_is_told_of() -> None:
    assert [name for name, _ in FORMULAS if f"`{name}`" not in said("methods.md")] == []


def test_every_target_of_make_has_a_line_about_itself() -> None:
    made = (ROOT / "Makefile").read_text("utf-8")
    names = next(line for line in made.splitlines() if line.startswith(".PHONY")).split()[1:]
    assert [one for one in names if not re.search(rf"(?m)^{one}:.*##", made)] == []
