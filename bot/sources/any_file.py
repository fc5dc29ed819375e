"""A file whose kind nobody has said: its headings tell whether it is about people or about actual values."""

from dataclasses import replace

from bot.domain.actuals import ActualRow
from bot.domain.directory import DirectoryRow
from bot.domain.refusal import Refused
from bot.sources import actuals_file, people_file
from bot.sources.actuals_file import values_in
from bot.sources.people_file import people_in
from bot.sources.tables import read_lines, table_of

_OF_ACTUALS = {column.name for column in actuals_file.COLUMNS} - {column.name for column in people_file.COLUMNS}
_ALL = tuple(replace(each, required=False) for each in dict.fromkeys((*people_file.COLUMNS, *actuals_file.COLUMNS)))


def read_any(content: bytes) -> list[DirectoryRow] | list[ActualRow]:
    """Read CSV or XLSX bytes into lines of one kind, unchecked; raises `Refused` for a file that is neither."""
    lines = read_lines(content)
    rows = table_of(lines, _ALL)
    if not rows:
        raise Refused("The file has headings, but no lines below them.")
    if _OF_ACTUALS & set(rows[0].cells):
        return values_in(lines)
    return people_in(lines)
