"""Tables as files for spreadsheets: XLSX with charts, and CSV. A cell is text unless it is a number or a date.

Whatever people typed stays text: nothing that begins like a formula is ever calculated by whoever opens the file.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | Decimal | date | None
LONGEST_CELL = 32_767
"""Characters of a cell in XLSX."""
WIDEST, NARROWEST = 40, 8
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML does not know."""
_CALCULATED = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - some spreadsheets take the full-width signs too
"""What a formula begins with."""


@dataclass(frozen=True)
class Sheet:
    """One table: its heading, and rows as long as that. `chart` names what its bars say: first column by second."""

    title: str
    heading: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    chart: str = ""


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file with these sheets, each chart drawn by the spreadsheet itself."""
    from openpyxl import Workbook  # noqa: PLC0415 - half a second that only exports need

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(_title(sheet.title)), sheet)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def csv_of(sheet: Sheet) -> bytes:
    """One table as CSV, with the mark by which spreadsheets know UTF-8; an apostrophe stands before what would act."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([[_typed(cell) for cell in row] for row in (sheet.heading, *sheet.rows)])
    return written.getvalue().encode("utf-8-sig")


# Inside -------------------------------------------------------------------------------------


def _fill(page: "Worksheet", sheet: Sheet) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    for at, row in enumerate((sheet.heading, *sheet.rows), 1):
        for n, cell in enumerate(row, 1):
            _put(page.cell(at, n), cell)
    for n, column in enumerate(zip(sheet.heading, *sheet.rows, strict=True), 1):
        page.cell(1, n).font = Font(bold=True)
        longest = max(_wide(str(cell or "")) for cell in column)
        page.column_dimensions[get_column_letter(n)].width = min(WIDEST, max(NARROWEST, longest + 2))
    page.freeze_panes = "A2"
    if sheet.chart and sheet.rows:
        _draw(page, sheet)


def _wide(text: str) -> int:
    """How many digits wide a text is; a Chinese character is as wide as two."""
    return len(text) + (0 if text.isascii() else sum(east_asian_width(one) in "WF" for one in text))


def _put(cell: Any, value: Cell) -> None:
    """A number or a date as such; anything else as text, also where it looks like a formula."""
    if isinstance(value, str):
        cell.value = _UNWRITABLE.sub("", value)[:LONGEST_CELL]
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_CALCULATED)
    else:
        cell.value = value
        if isinstance(value, Decimal):
            cell.number_format = f"0.{'0' * places}" if (places := -int(value.as_tuple().exponent)) > 0 else "0"


def _typed(cell: Cell) -> str:
    if isinstance(cell, str):
        text = _UNWRITABLE.sub("", cell)
        return f"'{text}" if text.startswith(_CALCULATED) else text
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "" if cell is None else cell.isoformat()


def _draw(page: "Worksheet", sheet: Sheet) -> None:
    """Bars beside the table: the first column names them, the second says how high."""
    from openpyxl.chart import BarChart, Reference  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    last = len(sheet.rows) + 1
    chart = BarChart()
    chart.title, chart.legend = sheet.chart, None
    chart.add_data(Reference(page, min_col=2, min_row=1, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(page, min_col=1, min_row=2, max_row=last))
    chart.x_axis.delete = chart.y_axis.delete = False
    page.add_chart(chart, f"{get_column_letter(len(sheet.heading) + 2)}2")


def _title(text: str) -> str:
    """A name that a sheet may have."""
    return re.sub(r"[\[\]:*?/\\]", " ", text)[:31]
