"""What `make bench` runs: each line beside its floor from the same run, so that a noisy machine is noisy for both.

CPU seconds are what counts; nothing here is asserted in a test.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bot.serving import spare_the_collector
from tests.bench.measure import Row

PARTS = (
    "acks",
    "turns",
    "growth",
    "claims",
    "prompts",
    "fanout",
    "idle",
    "opening",
    "scores",
    "assessment",
    "fairness",
    "startup",
    "tree",
)
WRITTEN = Path("var/bench.json")


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for, print it as a table and as JSON, and write it to a file."""
    chosen = _parser().parse_args(arguments)
    logging.disable(logging.CRITICAL)
    found: list[Row] = []
    for part in chosen.only or PARTS:
        rows = import_module(f"tests.bench.{part}").rows
        spare_the_collector()  # as `serve` does once it has started
        began = time.monotonic()
        measured = asyncio.run(rows(quick=chosen.quick))
        print(f"\n{part} ({time.monotonic() - began:.0f} s)", *map(line, measured), sep="\n", flush=True)
        found += measured
    document = json.dumps([row.document() for row in found], ensure_ascii=False)
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(document, encoding="utf-8")
    missed = [row for row in found if row.holds is False]
    print(f"\n{len(found)} lines; {len(missed)} goals do not hold:", *(row.what for row in missed), sep="\n  ")
    print(document)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Cairn beside bare floors.")
    parser.add_argument("--only", action="append", choices=PARTS, help="one part; may be given several times")
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds, to try it out")
    return parser


def line(row: Row) -> str:
    """A row of the table."""
    floor = "" if row.floor is None else f"{row.floor:,.3f}"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f} ×"
    verdict = {True: "holds", False: "DOES NOT HOLD", None: ""}[row.holds]
    return (
        f"  {row.what:<62} {row.ours:>12,.3f} {row.unit:<5} floor {floor:>12} {ratio:>9}  "
        f"{row.goal:<16} {verdict:<13} {row.note}"
    ).rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
