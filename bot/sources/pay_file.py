"""The file with pay bases. Its amounts go into the database, and from there into a file again: never into Slack."""

from bot.domain.pay import PayRow
from bot.sources.tables import EMAIL, Column, read_table

COLUMNS = (
    EMAIL,
    Column("target_bonus", ("target", "bonus", "bonus target", "目标奖金", "奖金基数", "奖金")),
    Column("salary", ("annual salary", "base salary", "年薪", "工资", "薪资", "薪酬"), required=False),
    Column("midpoint", ("range midpoint", "pay midpoint", "中位值", "薪酬中位值", "薪档中点"), required=False),
)


def read_pay(content: bytes) -> list[PayRow]:
    """Read CSV or XLSX bytes into lines, unchecked; raises `Refused` for a file that is no such table."""
    return [PayRow(row.line, **row.cells) for row in read_table(content, COLUMNS)]
