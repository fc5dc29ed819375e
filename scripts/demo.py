"""Sandbox and bot together, with the demo company: what `make demo` runs."""

import os
import signal
import sys
import threading
from pathlib import Path

from scripts.processes import LANTERN, Running, Trouble, both, check_port

FIRST = """
Cairn is ready: {url}

  1. You are Mei (林美), who leads HR at Lantern Trading. Choose the app Cairn on the left, then Home. Cairn writes
     Chinese to her; at the bottom of Home you may choose English in the menu of languages.
  2. Press "Preparation" (周期准备): objectives, roles, rules, announcement and course, each with its button. Then open
     a cycle for Sales, R&D and Logistics; without the preparation it only asks you why.
  3. Press "Next morning" at the top, then switch to Emily at the top right and press it again: that is morning in
     China, and then in Europe and New York. Each on their own clock, everyone gets a card "Draft your goals".
  4. As Emily (English) or 赵敏 (Chinese) set goals; then be their manager, Thomas or 陈丽.
  5. Go on: check-ins, feedback from colleagues, reviews. Drop {actuals} into Cairn's messages as Mei.
  6. Release the results as Mei, and open yours as Emily. Every number has its "Why?".

Everything is in var/demo. Stop with Ctrl-C; start again to begin anew.
"""


def main() -> int:
    """Run until Ctrl-C."""
    port = int(os.environ.get("PORT") or 8080)
    folder = Path("var/demo")
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    try:
        check_port(port)
        _begin_anew(folder)
        with both(port, f"sqlite:///{folder / 'cairn.db'}", folder) as running:
            _load(running)
            print(FIRST.format(url=f"http://localhost:{port}/?as=U01MEI", actuals="examples/lantern/actuals.csv"))
            stop.wait()
            print("Stopping.")
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _begin_anew(folder: Path) -> None:
    for old in folder.glob("cairn.db*"):
        old.unlink()


def _load(running: Running) -> None:
    loaded = running.runs("import", "people", str(LANTERN / "people.csv"), "--apply")
    if loaded.returncode:
        raise Trouble("The demo company could not be loaded:\n" + loaded.stdout + loaded.stderr)


if __name__ == "__main__":
    sys.exit(main())
