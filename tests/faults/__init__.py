"""The fault matrix: real processes, real databases, a Slack that fails on purpose, and real kills."""

from importlib import import_module

TOPICS = ("kills", "chores", "answers", "files", "deliveries", "workers", "outages", "clocks")


def everything() -> list:
    """Every cell of the matrix."""
    for topic in TOPICS:
        import_module(f"tests.faults.{topic}")
    from tests.faults.cells import CELLS  # noqa: PLC0415 - filled just now

    return [*CELLS.values()]
