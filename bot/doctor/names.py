"""The names of settings: one that nobody reads may be a mistyped one."""

import re
from difflib import get_close_matches

from bot.config import FREE, NAMES, read_environment
from bot.doctor.finding import Finding
from bot.doctor.look import Look

OURS = ("CAIRN_", "SLACK_")
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
"""A line that is none may be a secret that was pasted, and is not repeated."""
ALIKE = 0.8


def every_name_is_known(look: Look) -> Finding | None:
    """Whether a name that looks like one of Cairn's is read by nothing."""
    written = {one for one in read_environment(look.machine.env_file, {}) if one.startswith(OURS) or _meant(one)}
    written |= {one for one in look.environ if one.startswith(OURS[0])}
    unknown = sorted(one for one in written - NAMES if NAME.fullmatch(one) and not one.startswith(FREE))
    if not unknown:
        return None
    named = ", ".join(f"{one}{_meant(one)}" for one in unknown)
    return Finding(
        f"Cairn knows no setting {named}: what stands there has no effect.",
        "Mend the name or take the line out; .env.example has them all.",
        severe=False,
    )


def _meant(name: str) -> str:
    """Which setting was meant, if one is alike."""
    found = get_close_matches(name, NAMES, 1, ALIKE) if name not in NAMES else []
    return f" (meant {found[0]}?)" if found else ""


CHECKS = (every_name_is_known,)
