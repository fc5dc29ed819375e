"""The file with actual values."""

from collections.abc import Sequence

from bot.domain.actuals import ActualRow
from bot.sources.tables import EMAIL, Column, Line, read_lines, table_of

COLUMNS = (
    EMAIL,
    Column("measure", ("kpi", "indicator", "metric", "goal", "指标", "指标名称", "考核指标", "目标")),
    Column("period", ("month", "quarter", "期间", "周期", "考核周期", "月份", "季度")),
    Column("value", ("actual", "actual value", "result", "实际值", "完成值", "实际完成", "数值")),
    Column("source", ("data source", "from", "来源", "数据来源"), required=False),
)  # fmt: skip


def read_actuals(content: bytes) -> list[ActualRow]:
    """Read CSV or XLSX bytes into lines of values, unchecked; raises `Refused` for a file that is no such table."""
    return values_in(read_lines(content))


def values_in(lines: Sequence[Line]) -> list[ActualRow]:
    """Make rows of the lines of a file that was read."""
    return [ActualRow(row.line, **row.cells) for row in table_of(lines, COLUMNS)]
