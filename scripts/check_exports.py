"""Open exported files in LibreOffice, without a window: what people typed stays text, and Chinese stays Chinese."""

import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.store.export import grades_sheet, results_sheet
from bot.store.sheets import csv_of, workbook

TYPED = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", '=HYPERLINK("http://x","y")', "＝1+1", "林美（销售部）")  # noqa: RUF001
"""Names as somebody might have typed them into Slack."""
SHOWN_AS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false"
"""As CSV in UTF-8; `-1` behind it is every sheet."""
READ_AS = "--infilter=CSV:44,34,76,1"
"""In UTF-8, which somebody at a screen is asked about; without a screen nobody is."""
PATIENCE = 300


def main() -> int:
    """Write, open, read back and compare; the exit status is 1 when something acts or is lost."""
    office = shutil.which("soffice")
    if office is None:
        print("LibreOffice is not here: make check-exports installs it.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        wrong = _check(office, Path(folder))
    for line in wrong:
        print(line)
    if not wrong:
        print(f"XLSX and CSV open in LibreOffice; {len(TYPED)} odd names stay as they were typed, and scores add up.")
    return 1 if wrong else 0


def results() -> dict[str, Any]:
    """A cycle's results as they are exported, of people with odd names."""
    rules = {"bands": [{"name": name} for name in "SABCD"]}
    return {
        "cycle": {"name": "2027-Q1 第一季度"},
        "results": [
            {
                "person": {"email": f"p{n}@lantern.example", "name": name},
                "rated": "rated",
                "score": f"{80 + n}.25",
                "band": "B",
                "formula_band": "B",
                "released_at": "2027-04-23T08:00:00+00:00",
                "answer": "",
                "rules": rules,
            }
            for n, name in enumerate(TYPED)
        ],
    }


def _check(office: str, folder: Path) -> list[str]:
    document = results()
    (folder / "table.xlsx").write_bytes(workbook([results_sheet(document), grades_sheet(document)]))
    (folder / "plain.csv").write_bytes(csv_of(results_sheet(document)))
    read = _opened(office, folder)
    people, grades = read["table-2027-Q1 第一季度"], read["table-Grades"]
    return [
        *_compared("XLSX", people, [name.strip("\t") for name in TYPED]),
        *_compared("CSV", read["plain"], [name if name == TYPED[-1] else f"'{name}" for name in TYPED]),
        *([] if ["B", str(len(TYPED))] in grades else [f"The table behind the chart reads {grades}."]),
    ]


def _compared(kind: str, rows: Sequence[Sequence[str]], names: Sequence[str]) -> list[str]:
    found = [row[1].strip("\t").replace("'\t", "'") for row in rows[1:]]
    scores = sum((Decimal(row[3]) for row in rows[1:]), Decimal(0))
    expected = [name.replace("'\t", "'") for name in names]
    wrong = [
        f"{kind}: {name!r} reads {is_now!r}." for name, is_now in zip(expected, found, strict=True) if name != is_now
    ]
    total = sum((Decimal(one["score"]) for one in results()["results"]), Decimal(0))
    return wrong if scores == total else [*wrong, f"{kind}: the scores add up to {scores}, not to {total}."]


def _opened(office: str, folder: Path) -> dict[str, list[list[str]]]:
    """Every table as LibreOffice shows it, by file and sheet."""
    shown, profile = folder / "shown", (folder / "profile").as_uri()
    begins, into = (office, "--headless", f"-env:UserInstallation={profile}"), ("--outdir", str(shown))
    _run(*begins, "--convert-to", f"{SHOWN_AS},-1", *into, str(folder / "table.xlsx"))
    _run(*begins, READ_AS, "--convert-to", "ods", *into, str(folder / "plain.csv"))
    _run(*begins, "--convert-to", SHOWN_AS, *into, str(shown / "plain.ods"))
    return {file.stem: list(csv.reader(file.open(encoding="utf-8", newline=""))) for file in shown.glob("*.csv")}


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
