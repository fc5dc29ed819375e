"""Tables and charts."""

from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.grammar import (
    Check,
    Finding,
    boolean,
    length,
    many,
    number,
    one_of,
    record,
    string,
    tagged,
    whole,
)
from sandbox.blockkit.objects import RAW_NUMBER, RAW_TEXT, RICH_TEXT

_LABEL = string(20)
# The pages on series and segments disagree (6 and 12), and on rows (101 and 201): the smaller holds.
SERIES = 6
DATA_ROWS = 101


def _rich(value: Any, path: str, surface: str) -> Iterator[Finding]:
    yield from RICH_TEXT(value, path, surface)


_CELLS: dict[str, Check] = {"raw_text": RAW_TEXT, "raw_number": RAW_NUMBER}
_CELL = tagged({**_CELLS, "rich_text": _rich})


def _setting(value: Any, path: str, surface: str) -> Iterator[Finding]:
    if value is not None:
        inner = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
        yield from inner(value, path, surface)


def _even(value: Any, path: str, _: str) -> Iterator[Finding]:
    if len({len(row) for row in value["rows"]}) > 1:
        yield Finding(f"{path}/rows", "uneven_rows", "every row must have as many cells as the first")


def _headed(value: Any, path: str, _: str) -> Iterator[Finding]:
    if any(cell["type"] == "rich_text" for cell in value["rows"][0]):
        yield Finding(f"{path}/rows/0", "wrong_place", "header cells cannot be rich_text")


def _short(most: int) -> Check:
    def check(value: Any, path: str, _: str) -> Iterator[Finding]:
        if cells_length(value) > most:
            yield Finding(f"{path}/rows", "too_long", f"the cells must have at most {most} characters together")

    return check


def cells_length(table: Any) -> int:
    """Count the characters in all cells of a table."""
    return sum(_cell_length(cell) for row in table["rows"] for cell in row)


def _cell_length(node: Any) -> int:
    if isinstance(node, list):
        return sum(_cell_length(each) for each in node)
    if not isinstance(node, dict):
        return 0
    own = length(node["text"]) if isinstance(node.get("text"), str) else length(str(node.get("value", "")))
    return own + _cell_length(node.get("elements"))


TABLE = record(
    {"rows": many(many(_CELL, 1, 20), 1, 100)},
    {"block_id": string(255), "column_settings": many(_setting, 1, 20)},
    _even,
    _short(10_000),
)
DATA_TABLE = record(
    {"rows": many(many(_CELL, 1, 20), 2, DATA_ROWS), "caption": string(3000)},
    {"block_id": string(255), "page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
    _even,
    _headed,
    _short(20_000),
)


def _points_fit(value: Any, path: str, _: str) -> Iterator[Finding]:
    """Require unique series names and the labels of each series to be the categories in order."""
    names = [series["name"] for series in value["series"]]
    if len(set(names)) < len(names):
        yield Finding(f"{path}/series", "duplicate_name", "series names must be unique")
    for at, series in enumerate(value["series"]):
        if [point["label"] for point in series["data"]] != value["axis_config"]["categories"]:
            yield Finding(f"{path}/series/{at}/data", "labels", "the labels must be the categories in order")


_POINT = record({"label": _LABEL, "value": number()})
_AXES = record(
    {"categories": many(_LABEL, 1, 20)},
    {"x_label": string(50), "y_label": string(50)},
)
_PLOT = record(
    {
        "series": many(record({"name": _LABEL, "data": many(_POINT, 1, 20)}), 1, SERIES),
        "axis_config": _AXES,
    },
    {},
    _points_fit,
)
_PIE = record({"segments": many(record({"label": _LABEL, "value": number(positive=True)}), 1, SERIES)})
CHART = record(
    {"title": string(50), "chart": tagged({"pie": _PIE, "bar": _PLOT, "area": _PLOT, "line": _PLOT})},
    {"block_id": string(255)},
)
