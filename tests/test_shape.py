"""The house keeps its shape: short functions and files, one place that commits, one place that reads the clock."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

from bot.handlers import ALL
from bot.slack.flows import Flows

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("sandbox/**/*.py"), *ROOT.glob("scripts/*.py")])
OURS = [path for path in SOURCES if "migrations" not in path.parts]

LONGEST_FUNCTION, LONGEST_FILE = 40, 400

MAY_COMMIT = {"bot/store/db.py"}
MAY_READ_THE_CLOCK = {
    "bot/slack/desk.py",  # the front door
    "bot/sources/followed_clock.py",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of each function, its docstring and decorators aside."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
            yield node.name, (node.end_lineno or 0) - body[0].lineno + 1


def calls(path: Path, *names: str) -> list[int]:
    """The lines on which something of this name is called, such as `.commit(`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


@pytest.mark.parametrize("path", OURS, ids=name)
def test_files_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    assert [one for one in functions(path) if one[1] > LONGEST_FUNCTION] == []


def test_most_functions_are_very_short() -> None:
    lengths = [length for path in OURS for _, length in functions(path)]
    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[-1] <= 25


def test_only_the_unit_of_work_commits() -> None:
    bot = [path for path in OURS if name(path).startswith("bot/") and name(path) not in MAY_COMMIT]
    assert [(name(path), line) for path in bot for line in calls(path, "commit", "rollback")] == []


def test_only_the_front_door_reads_the_clock() -> None:
    found = [
        (name(path), node.lineno)
        for path in OURS
        if name(path).startswith("bot/") and name(path) not in MAY_READ_THE_CLOCK
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ]
    assert found == []


def test_every_step_named_by_a_string_exists() -> None:
    known = Flows(ALL).steps
    flows = {flow.name for flow in ALL}
    named = {
        (name(path), node.value)
        for path in OURS
        if name(path).startswith(("bot/handlers/", "bot/slack/", "bot/schedules/"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.count(".") == 1
        and node.value.split(".")[0] in flows
        and node.value.split(".")[1].isidentifier()
    }
    assert named, "the launch of a cycle names steps of other flows"
    assert [one for one in named if one[1] not in known] == []


def test_no_two_flows_answer_the_same_word_or_id() -> None:
    steps = [step.id for flow in ALL for step in flow.steps]
    words = [command.word for flow in ALL for command in flow.commands]
    assert len(steps) == len(set(steps))
    assert len(words) == len(set(words))
