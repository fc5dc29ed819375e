"""The file with the company's people."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.directory import DirectoryRow
from bot.sources.tables import EMAIL, Column, Line, read_lines, table_of

COLUMNS = (
    EMAIL,
    Column("name", ("full name", "employee", "employee name", "姓名", "名字", "员工", "员工姓名")),
    Column("department", ("dept", "team", "部门", "所属部门", "所在部门")),
    Column("position", ("job title", "title", "role", "岗位", "职位", "职务"), required=False),
    Column(
        "manager_email",
        ("manager", "reports to", "supervisor", "上级", "主管", "上级邮箱", "主管邮箱", "直属上级邮箱", "经理邮箱"),
    ),
    Column("start_date", ("start", "hire date", "joined", "入职日期", "入职时间", "到岗日期"), required=False),
)  # fmt: skip


def read_people(content: bytes) -> list[DirectoryRow]:
    """Read CSV or XLSX bytes into lines about people, unchecked; raises `Refused` for a file that is no such table."""
    return people_in(read_lines(content))


def people_in(lines: Sequence[Line]) -> list[DirectoryRow]:
    """Make rows of the lines of a file that was read."""
    return [_row(row.line, row.cells) for row in table_of(lines, COLUMNS)]


def _row(line: int, cells: Mapping[str, Any]) -> DirectoryRow:
    return DirectoryRow(line, **cells)
