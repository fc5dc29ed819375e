"""The rehearsal: 40 simulated people live a whole quarter through the protocol; what `make rehearse` runs."""

import argparse
import csv
import os
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path

import yaml

from scripts.postgres import postgres
from scripts.processes import LANTERN, Running, Trouble, both, free_port
from scripts.rehearsal.after import DEPARTMENTS, HR
from scripts.rehearsal.life import Life
from scripts.rehearsal.personas import cast
from scripts.rehearsal.quarter import Quarter
from scripts.rehearsal.report import Report
from scripts.rehearsal.settling import Bot, NotSettled
from scripts.rehearsal.verdict import Lived, judge, judge_workers
from scripts.rehearsal.wire import LOST
from scripts.rehearsal.workspace import NotDone, Workspace
from scripts.workers import workers

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


def main(arguments: Sequence[str]) -> int:
    """Rehearse, report, and say by the exit status whether all was well; what is needed to look closer is kept."""
    chosen = _parser().parse_args(arguments)
    # In memory where there is any: the disk's own time is no part of what is rehearsed.
    place = Path("var") if chosen.workers or not MEMORY.is_dir() else MEMORY
    folder = place / f"rehearsal-{os.getpid()}"  # several may rehearse at once
    print("Forty people live the first quarter of 2027 and what follows on it; this takes minutes.", flush=True)
    try:
        report = _with_workers(chosen, folder) if chosen.workers else _alone(folder)
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
    return parser


def _alone(folder: Path) -> Report:
    with both(free_port(), f"sqlite:///{folder / 'cairn.db'}", folder) as running:
        return _rehearse(running, folder)


def _with_workers(chosen: argparse.Namespace, folder: Path) -> Report:
    with ExitStack() as parts:
        url = parts.enter_context(postgres(folder / "postgres"))
        several = parts.enter_context(workers(chosen.workers, url, folder))
        with several.restarted_in_turn() if chosen.rolling_restart else nullcontext():
            report = _rehearse(several.running, folder)
        judge_workers(report, several)
        return report


def _rehearse(running: Running, folder: Path) -> Report:
    began = time.monotonic()
    with (LANTERN / "people.csv").open(encoding="utf-8") as file:
        places = {row["email"]: row for row in csv.DictReader(file)}
    workspace, bot = Workspace(running.slack_url), Bot(*running.bot_urls)
    people = cast(workspace.screen(HR)["people"], places, _targets())
    quarter = Quarter(Life(workspace, bot), bot, people)
    quarter.lives()
    departments = {one.id: places[one.email]["department"] for one in people.values()}
    taking_part = {person_id: DEPARTMENTS[name] for person_id, name in departments.items() if name in DEPARTMENTS}
    report = judge(Lived(quarter, running, folder, taking_part, time.monotonic() - began))
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
