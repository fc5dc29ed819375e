"""The rehearsal: 40 simulated people live a whole quarter through the protocol; what `make rehearse` runs."""

import csv
import shutil
import sys
import time
from pathlib import Path

import yaml

from scripts.processes import LANTERN, Trouble, both, free_port
from scripts.rehearsal.life import Life
from scripts.rehearsal.personas import HR, cast
from scripts.rehearsal.quarter import Quarter
from scripts.rehearsal.settling import Bot
from scripts.rehearsal.workspace import Workspace

FOLDER = Path("var/rehearsal")


def main() -> int:
    """Rehearse, report, and say by the exit status whether all was well."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    began = time.monotonic()
    try:
        with both(free_port(), f"sqlite:///{FOLDER / 'cairn.db'}", FOLDER) as running:
            quarter = _quarter(Workspace(running.slack_url), Bot(running.bot_url))
            quarter.lives()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(f"{time.monotonic() - began:.1f} s")
    return 0


def _quarter(workspace: Workspace, bot: Bot) -> Quarter:
    strategy = yaml.safe_load((LANTERN / "strategy.yml").read_text())
    targets = {one["lead"]: one["target"] for one in strategy["teams"]}
    targets |= {email: target for team in strategy["people"].values() for email, target in team.items()}
    targets |= {one["head"]: one["target"] for one in strategy["departments"] if "target" in one}
    with (LANTERN / "people.csv").open(encoding="utf-8") as file:
        places = {row["email"]: row for row in csv.DictReader(file)}
    return Quarter(Life(workspace), bot, cast(workspace.screen(HR)["people"], places, targets))


if __name__ == "__main__":
    sys.exit(main())
