"""Tables that people send: CSV or XLSX bytes become rows of text with their line numbers, or a sentence of refusal."""

import csv
import io
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.refusal import Refused

MOST_BYTES = 5_000_000
MOST_BYTES_UNPACKED = 60_000_000
MOST_ROWS = 20_000
MOST_QUOTED = 80
LONGEST_CELL = 500
"""Characters: the indexes of PostgreSQL take no more than 2,704 bytes."""
DELIMITERS = ",;\t|"

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
"""NUL and halves of characters, which no database keeps."""
_SIGNS = ("=", "+", "-", "@")
_NO_FORMULA = re.compile(r"[+-](?:\s.*|[\d., ]*\d[万亿]?%?)")

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError,  # unpacking; with a password
    LookupError, AttributeError, ValueError, TypeError, ArithmeticError, SyntaxError,  # openpyxl, of parts that misfit
)  # fmt: skip

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Column:
    """A column that a table may have, and the other headings by which people call it."""

    name: str
    synonyms: tuple[str, ...] = ()
    required: bool = True


EMAIL = Column("email", ("e-mail", "mail", "email address", "work email", "邮箱", "电子邮箱", "工作邮箱", "邮箱地址"))
"""How every file says whom a line is about."""


@dataclass(frozen=True)
class Row:
    """One row: the line where it begins, counting the heading as in a spreadsheet, and its cells by column name."""

    line: int
    cells: dict[str, str]


def read_table(content: bytes, columns: Sequence[Column]) -> list[Row]:
    """Read a table with a heading row; empty rows are passed over, columns that may be absent are left out.

    Raises `Refused` for a file that cannot be read, a formula, a column unknown, missing or twice, a row too long.
    """
    return table_of(read_lines(content), columns)


def read_lines(content: bytes) -> list[Line]:
    """Read the filled lines of a file, the heading first; raises `Refused` for what cannot be read or is too much."""
    if len(content) > MOST_BYTES:
        raise Refused("The file is larger than {most} MB.", most=MOST_BYTES // 1_000_000)
    lines = list(_filled(_xlsx(content) if _is_xlsx(content) else _csv(_decoded(content))))
    if not lines:
        raise Refused("The file is empty.")
    return lines


def table_of(lines: Sequence[Line], columns: Sequence[Column]) -> list[Row]:
    """Make rows of lines that were read; raises `Refused` for a column unknown, missing or twice, a row too long."""
    names = _recognised(lines[0][1], columns)
    return [_row(line, cells, names) for line, cells in lines[1:]]


def _filled(lines: Iterator[Line]) -> Iterator[Line]:
    """Pass over empty rows, refuse too many and those with formulas."""
    for count, (line, cells) in enumerate(each for each in lines if any(each[1])):
        if count > MOST_ROWS:
            raise Refused("The file has more than {most} rows.", most=MOST_ROWS)
        for cell in cells:
            if len(cell) > LONGEST_CELL or _UNREADABLE.search(cell):
                raise Refused(
                    "Line {line} holds a cell of more than {most} characters, or one that nobody can read.",
                    line=line,
                    most=LONGEST_CELL,
                )
            if is_formula(cell):
                raise Refused("Line {line} holds a formula ({cell}). Put in its value.", line=line, cell=cell[:40])
        yield line, cells


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would calculate this; a signed number is none, nor is a dash before text."""
    if not cell.startswith(_SIGNS) or len(cell) == 1:
        return False
    return not _NO_FORMULA.fullmatch(unicodedata.normalize("NFKC", cell))


def _row(line: int, cells: list[str], names: list[str]) -> Row:
    if any(cells[len(names) :]):
        raise Refused(
            "Line {line} has {count} cells, but the heading has {expected}.",
            line=line,
            count=len(cells),
            expected=len(names),
        )
    padded = [*cells, *[""] * (len(names) - len(cells))]
    return Row(line, {name: cell for name, cell in zip(names, padded, strict=False) if name})


# Headings -----------------------------------------------------------------


def _recognised(heading: list[str], columns: Sequence[Column]) -> list[str]:
    """Name the columns of a heading; a nameless one may stay if nothing stands in it."""
    known = {_folded(name): column.name for column in columns for name in (column.name, *column.synonyms)}
    while heading and not heading[-1]:
        heading.pop()
    unknown = [each for each in heading if _folded(each) not in known]
    if len(unknown) == len(heading):
        raise Refused(
            "This is not a table with people or actual values: its first line is “{heading}”. Known headings: {known}.",
            heading=", ".join(unknown)[:MOST_QUOTED],
            known=", ".join(column.name for column in columns),
        )
    if unknown:
        raise Refused(
            "The file has a column that is not known: {columns}. Known: {known}.",
            columns=", ".join(f"“{each}”" for each in unknown),
            known=", ".join(column.name for column in columns),
        )
    names = [known[_folded(each)] for each in heading]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refused("The file has the column {columns} twice.", columns=", ".join(twice))
    if missing := [column.name for column in columns if column.required and column.name not in names]:
        raise Refused("The file lacks the column {columns}.", columns=", ".join(missing))
    return names


def _folded(heading: str) -> str:
    """Reduce a heading to what matters: `Start Date *` and `start_date` are the same."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(each for each in plain if each.isalnum())


# CSV ------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    """Decode text as spreadsheets save it: UTF-8 or UTF-16 with a mark, plain UTF-8, GB18030, or Western."""
    if content.startswith(_UTF16):
        return _strictly(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes  # noqa: PLC0415 - only for files that are not UTF-8

        guess = from_bytes(content, cp_isolation=["gb18030", "cp1252"]).best()
        return _strictly(content, guess.encoding if guess else "gb18030")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("The file is neither XLSX nor text that can be read. Save it as “CSV UTF-8” or XLSX.") from None


def _csv(text: str) -> Iterator[Line]:
    if "\0" in text:
        raise Refused("The file is neither XLSX nor text that can be read. Save it as “CSV UTF-8” or XLSX.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        raise Refused("Line {line} cannot be read: are its quotation marks closed?", line=line) from None


def _delimiter(text: str) -> str:
    """Sniff the delimiter from the heading, the one line that holds no free text."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return csv.Sniffer().sniff(heading, DELIMITERS).delimiter
    except csv.Error:  # a single column
        return ","


# XLSX -----------------------------------------------------------------------


def _is_xlsx(content: bytes) -> bool:
    if content.startswith(_OLD_EXCEL):
        raise Refused("This is an old or protected Excel file. Save it as XLSX without a password.")
    return content.startswith(_ZIP)


def _xlsx(content: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook  # noqa: PLC0415 - half a second that only XLSX files need

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > MOST_BYTES_UNPACKED:
            raise Refused("The file is larger than {most} MB.", most=MOST_BYTES_UNPACKED // 1_000_000)
        book = load_workbook(io.BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says about its own size may be wrong
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield number, [_cell_text(cell) for cell in cells]
    except _DAMAGED:
        raise Refused("This Excel file cannot be opened. Save it again as XLSX, or as “CSV UTF-8”.") from None


def _cell_text(cell: Any) -> str:
    """Write a cell as people see it: dates as 2027-01-31, percent cells as 20% rather than 0.2."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return value if isinstance(value, str) and value.startswith("=") else f"={value}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        percent = "%" in (cell.number_format or "")
        number = Decimal(f"{value:.15g}") * (100 if percent else 1)
        return f"{number.normalize():f}%" if percent else f"{number.normalize():f}"
    return str(value).strip()
