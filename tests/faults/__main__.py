"""What `make faults` runs: the whole matrix on both databases; exit status 1 unless every promise was kept."""

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import everything
from tests.faults.cells import BOTH, Cell
from tests.faults.company import WARM
from tests.faults.databases import Files, Postgres
from tests.faults.matrix import Matrix, Row, line, table


def main() -> int:
    chosen = _chosen()
    kinds = BOTH if chosen.database == "both" else (chosen.database,)
    cells = [cell for cell in everything() if re.search(chosen.only, cell.name)]
    began = time.monotonic()
    # In memory: the disk's own time is no part of what is looked at.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
        rows = _lived(Path(folder), cells, kinds, chosen.runs)
    print("\n" + table(rows))
    print(f"\n{len(rows)} cells, {sum(row.count.runs for row in rows)} runs, {time.monotonic() - began:.0f} s")
    print("\n".join(row.log for row in rows if row.log))
    return 1 if any(not row.count.kept for row in rows) else 0


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="The fault matrix.")
    parser.add_argument("--runs", type=int, default=100, help="at least so many runs a cell")
    parser.add_argument("--only", default="", help="cells in whose name this pattern is found")
    parser.add_argument("--database", choices=[*BOTH, "both"], default="both")
    return parser.parse_args()


def _lived(folder: Path, cells: list[Cell], kinds: tuple[str, ...], runs: int) -> list[Row]:
    folder.chmod(0o755)  # PostgreSQL's own user looks in
    places: dict[str, Files | Postgres] = {"sqlite": Files(folder)}
    if "postgres" in kinds:
        places["postgres"] = server = Postgres(folder / "postgres")
        os.environ[WARM] = server.fresh()
    if "postgres" in kinds and any(cell.alone for cell in cells):
        places["alone"] = Postgres(folder / "alone", killed=True)
    try:
        return asyncio.run(_rows(Matrix(runs, folder, places), cells, kinds))
    finally:
        for place in places.values():
            place.stops()


async def _rows(matrix: Matrix, cells: list[Cell], kinds: tuple[str, ...]) -> list[Row]:
    wanted = [(cell, kind) for cell in cells for kind in kinds if kind in cell.databases]

    async def one(cell: Cell, kind: str) -> Row:
        row = await matrix.row(cell, kind)
        print(line(row), flush=True)
        return row

    return list(await asyncio.gather(*(one(cell, kind) for cell, kind in wanted)))


if __name__ == "__main__":
    sys.exit(main())
