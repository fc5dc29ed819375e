"""The pages say what is so: tables, settings, commands and pictures are there, and the tests that they rest on."""

import argparse
import re
import shlex
from pathlib import Path

from bot.__main__ import _parser
from bot.store.schema import METADATA
from scripts.data_map import KEPT, PAGE, page

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WORDS = "\n".join(one.read_text("utf-8") for one in PAGES)


def test_the_data_map_is_that_of_the_models() -> None:
    assert PAGE.read_text("utf-8") == page(), "make data-map writes it anew"
    assert set(METADATA.tables) >= set(KEPT)


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


def test_every_link_and_picture_leads_somewhere() -> None:
    for one in PAGES:
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", one.read_text("utf-8")):
            assert "://" in link or (one.parent / link).exists(), f"{one.name}: {link}"


def test_the_pages_for_readers_name_words_that_cairn_knows() -> None:
    for name in ("employee", "manager", "hr"):
        words = re.findall(r"`/cairn ([a-z]+)", (ROOT / "docs" / f"{name}.md").read_text("utf-8"))
        assert words
        assert [one for one in words if f"`{one}`" not in (ROOT / "docs" / "flows.md").read_text("utf-8")] == []


def test_every_target_of_make_has_a_line_about_itself() -> None:
    made = (ROOT / "Makefile").read_text("utf-8")
    names = next(line for line in made.splitlines() if line.startswith(".PHONY")).split()[1:]
    assert [one for one in names if not re.search(rf"(?m)^{one}:.*##", made)] == []
