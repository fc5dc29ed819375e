"""The rehearsal: 40 simulated people live a whole quarter through the protocol; what `make rehearse` runs."""

import argparse
import csv
import os
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from datetime import UTC, date, datetime
from datetime import time as day_time
from pathlib import Path

import yaml

from scripts.postgres import postgres
from scripts.processes import LANTERN, Running, Trouble, both, free_port
from scripts.rehearsal.after import DEPARTMENTS, HR
from scripts.rehearsal.life import Life
from scripts.rehearsal.personas import cast
from scripts.rehearsal.quarter import END, Quarter
from scripts.rehearsal.report import Report
from scripts.rehearsal.settling import Bot, NotSettled
from scripts.rehearsal.verdict import Lived, judge, judge_workers
from scripts.rehearsal.wire import LOST
from scripts.rehearsal.workspace import NotDone, Workspace
from scripts.workers import NGINX, OWN, workers

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


def main(arguments: Sequence[str]) -> int:
    """Rehearse, report, and say by the exit status whether all was well; what is needed to look closer is kept."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if not chosen.workers and (chosen.proxy != OWN or chosen.rolling_restart):
        parser.error("a proxy and restarts are for several workers: --workers 2")
    # In memory where there is any: the disk's own time is no part of what is rehearsed.
    place = Path("var") if chosen.workers or not MEMORY.is_dir() else MEMORY
    folder = place / f"rehearsal-{os.getpid()}"  # several may rehearse at once
    print("Forty people live the first quarter of 2027 and what follows on it; this takes minutes.", flush=True)
    try:
        report = _with_workers(chosen, folder) if chosen.workers else _alone(chosen, folder)
    except (Trouble, NotSettled, NotDone, *LOST) as trouble:
        print(f"{trouble}\nThe logs are in {folder}.", file=sys.stderr)
        return 1
    print(report.text())
    if report.off:
        print(f"Database and logs are in {folder}.")
        return 1
    shutil.rmtree(folder)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.rehearse", description=__doc__)
    parser.add_argument("--workers", type=int, default=0, help="so many, by HTTP on PostgreSQL; 0: one, by a socket")
    parser.add_argument("--rolling-restart", action="store_true", help="restart the workers in turn all the while")
    parser.add_argument("--proxy", choices=[OWN, NGINX], default=OWN, help="what stands before several workers")
    parser.add_argument(
        "--until", type=date.fromisoformat, help="leave the quarter on this day; what comes later is not judged"
    )
    return parser


def _alone(chosen: argparse.Namespace, folder: Path) -> Report:
    with both(free_port(), f"sqlite:///{folder / 'cairn.db'}", folder) as running:
        return _rehearse(running, folder, chosen.until)


def _with_workers(chosen: argparse.Namespace, folder: Path) -> Report:
    with ExitStack() as parts:
        url = parts.enter_context(postgres(folder / "postgres"))
        several = parts.enter_context(workers(chosen.workers, url, folder, behind=chosen.proxy))
        with several.restarted_in_turn() if chosen.rolling_restart else nullcontext():
            report = _rehearse(several.running, folder, chosen.until)
        judge_workers(report, several)
        return report


def _rehearse(running: Running, folder: Path, until: date | None) -> Report:
    began = time.monotonic()
    with (LANTERN / "people.csv").open(encoding="utf-8") as file:
        places = {row["email"]: row for row in csv.DictReader(file)}
    workspace, bot = Workspace(running.slack_url), Bot(*running.bot_urls)
    people = cast(workspace.screen(HR)["people"], places, _targets())
    end = datetime.combine(until, day_time(), UTC) if until else END
    quarter = Quarter(Life(workspace, bot), bot, people, end)
    quarter.lives()
    departments = {one.id: places[one.email]["department"] for one in people.values()}
    taking_part = {person_id: DEPARTMENTS[name] for person_id, name in departments.items() if name in DEPARTMENTS}
    lived = Lived(quarter, running, folder, taking_part, time.monotonic() - began)
    report = judge(lived, whole=not until)
    workspace.close()
    bot.close()
    return report


def _targets() -> dict[str, int]:
    """Everybody's revenue target, by e-mail."""
    strategy = yaml.safe_load((LANTERN / "strategy.yml").read_text(encoding="utf-8"))
    return {
        **{one["head"]: one["target"] for one in strategy["departments"] if "target" in one},
        **{one["lead"]: one["target"] for one in strategy["teams"]},
        **{email: target for team in strategy["people"].values() for email, target in team.items()},
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
