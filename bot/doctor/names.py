"""The names of settings: one that nobody reads may be a mistyped one."""

import re

from bot.config import FREE, NAMES, meant, read_environment
from bot.doctor.finding import Finding
from bot.doctor.look import Look

OURS = ("CAIRN_", "SLACK_")
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
"""A line that is none may be a secret that was pasted, and is not repeated."""
ALIKE = 0.8


def every_name_is_known(look: Look) -> Finding | None:
    """Whether a name that looks like one of Cairn's is read by nothing."""
    written = {one for one in read_environment(look.machine.env_file, {}) if one.startswith(OURS) or meant(one, ALIKE)}
    written |= {one for one in look.environ if one.startswith(OURS[0])}
    unknown = sorted(one for one in written - NAMES if NAME.fullmatch(one) and not one.startswith(FREE))
    if not unknown:
        return None
    named = ", ".join(_with_what_was_meant(one) for one in unknown)
    return Finding(
        f"Cairn knows no setting {named}: what stands there has no effect.",
        "Mend the name or take the line out; .env.example has them all.",
        severe=False,
    )


def _with_what_was_meant(name: str) -> str:
    known = meant(name, ALIKE)
    return f"{name} (meant {known}?)" if known else name


CHECKS = (every_name_is_known,)
