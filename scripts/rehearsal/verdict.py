"""The verdict: what must be true of a lived quarter, counted and compared."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import Any

from bot.domain.policy import Policy
from scripts.processes import Running
from scripts.rehearsal import checks, deeds
from scripts.rehearsal.after import NEXT_BEGINS
from scripts.rehearsal.checks import Prompt, Seen
from scripts.rehearsal.kept import kept
from scripts.rehearsal.quarter import Quarter
from scripts.rehearsal.reading import steps_of
from scripts.rehearsal.report import Report, by_step, count_acts
from scripts.rehearsal.time_off import EVERY_DAY, EVERYBODYS, Calendar
from scripts.workers import Workers

CYCLE = "2027-Q1"
WORK_ENDS = date(2027, 4, 1)
"""From this day on nobody is asked to check in."""
CALENDAR = Calendar()
GONE_WITHIN = 10.0
"""Seconds a worker may take from SIGTERM to its end."""
INVITED = Prompt("goals", "goals.look", time(9, 30))
CHECK_IN = Prompt("check-ins", "checkins.update", time(10))
PROMPTS = (
    INVITED,
    CHECK_IN,
    Prompt("digests", "checkins.acknowledge", time(9, 30)),
    Prompt("self-reviews", "reviews.open_self", time(9, 30)),
    Prompt("reviews", "reviews.open_report", time(9, 30)),
    Prompt("nominations", "peers.propose", time(9, 30)),
)
"""What Cairn asks by itself, and its hour."""
ONCE_EACH = (INVITED, PROMPTS[3], PROMPTS[5])
"""What everybody who takes part is asked."""
COMES_FREE = {
    "delivery/ready", "delivery/unfinished", "delivery/team", "delivery/disagrees", "cycle",
    "asking/answer", "support/wanted", "support/answer", "interviews/minutes", "appeals/decided", "appeals/changed",
    "outcomes/decided", "plans", "plans/completed",
}  # fmt: skip
"""What time brings and costs nothing, since somebody waits for it: results, and that one is not agreed with; how the
cycle stands, for HR; HR's answer to a question; a request for help and its answer; minutes, and what was decided; that
there is a plan, how it came out."""
ASKS_NOTHING = {
    *COMES_FREE, checks.DIGEST, "checkins/word", "kudos", "feedback", "support/thanks", "interviews/comment",
    "plans/words",
}  # fmt: skip
"""What reaches its reader in a pause too, within their working hours: what a colleague wrote, how the team does."""
AT_ANY_HOUR = {"goals", "goals/agreed", "goals/agreed/manager", "peers/approve"}
"""What another person's act brings at once, whatever the hour: a move in a talk about goals, a list of colleagues to
approve. Somebody waits on the other side."""
NO_ANSWER = ("timeout", "connection_failed", "http_timeout", "http_error", "not_connected")
"""What the local Slack notes when it tells somebody that Cairn did not respond."""
BEGUN = {
    "thanks given": ("kudos.send",),
    "feedback at any time": ("feedback.send",),
    "questions asked": ("asking.look_up",),
    "  of them brought to HR": ("asking.to_hr",),
    "  answered": ("asking.keep_answer",),
    "suggestions": ("suggestions.send",),
    "  answered by HR": ("suggestions.keep_answer",),
    "  looked at by their author": ("suggestions.look",),
    "help asked for outside a check-in": ("support.request",),
    "one-on-ones opened": ("talks.open_talk", "/cairn talk"),
    "  held": ("talks.keep_talked",),
    "  given a rhythm": ("talks.keep",),
}
"""What nobody is asked to do, and everybody may: each has to happen."""
ANSWERS = ("checkins.same", "checkins.send", "checkins.send_blocked")


@dataclass(frozen=True)
class Lived:
    """A quarter that was lived, and where its traces are."""

    quarter: Quarter
    running: Running
    folder: Path
    taking_part: Mapping[str, int]
    """Who is in the cycle, with the weeks from one check-in of theirs to the next."""
    seconds: float


def judge(lived: Lived, *, whole: bool = True) -> Report:
    """Count everything and say what is off; of a quarter that was left early, only what may never be."""
    report, of = Report(), kept(lived.running.environment["DATABASE_URL"])
    seen = [replace(one, kept=of.get(one.post.opaque, one.kept)) for one in lived.quarter.messages]
    _people(report, lived)
    _messages(report, seen)
    _attention(report, seen, len(lived.quarter.people))
    if whole:
        _prompts(report, lived)
        _acts(report, lived.quarter)
        _results(report, lived)
        _afterwards(report, lived, seen)
    else:
        report.says("acts", lived.quarter.life.told.acts.total())
    _faults(report, lived)
    return report


def _people(report: Report, lived: Lived) -> None:
    report.must_be("people", len(lived.quarter.people), 40)
    report.says("of them in the cycle", len(lived.taking_part))
    report.says("time off", _kinds_of_time_off())
    report.must_be_none("errands that could not be run", lived.quarter.undone)
    report.says("moments", lived.quarter.moments)
    report.says("seconds", f"{lived.seconds:.0f}")


def _kinds_of_time_off() -> str:
    pauses = sum(off.pause for off in EVERYBODYS)
    weeks = sum(off.weekdays != EVERY_DAY for off in EVERYBODYS)
    return f"{weeks} part-time, {len(EVERYBODYS) - weeks - pauses} on leave, {pauses} in a pause"


def _messages(report: Report, seen: list[Seen]) -> None:
    report.says("messages", len(seen))
    report.must_be_none("duplicates", checks.duplicates(seen))
    report.must_be_none("without an identity", checks.without_identity(seen))
    bound = [one for one in seen if not _may_come_at_any_hour(one)]
    report.must_be_none("outside their reader's working hours", checks.at_wrong_hours(bound, CALENDAR, ASKS_NOTHING))
    relayed = [one for one in seen if _may_come_at_any_hour(one)]
    relayed_late = checks.at_wrong_hours(relayed, CALENDAR, ASKS_NOTHING)
    report.says("  besides, moves in a talk and lists to approve", len(relayed_late))


def _may_come_at_any_hour(one: Seen) -> bool:
    return bool(one.during) and one.kept.kind in AT_ANY_HOUR


def _attention(report: Report, seen: list[Seen], people: int) -> None:
    weeks, most = checks.a_week(seen), Policy().a_week
    report.must_be_none(f"weeks with more than {most} unasked messages", checks.over_budget(seen, most))
    report.says("  most to one person in a week", max(weeks.values(), default=0))
    lived = len({week for _, week in weeks})
    report.says("  mean to one person in a week", f"{weeks.total() / max(people * lived, 1):.2f}")
    report.must_be_none("unasked and not counted", checks.uncounted(seen, COMES_FREE))
    report.must_be_none("more than one digest on a day", checks.twice_in_a_morning(seen))


def _prompts(report: Report, lived: Lived) -> None:
    seen = lived.quarter.messages
    report.says("prompts", sum(not one.during for one in seen))
    for prompt in PROMPTS:
        report.says(f"  {prompt.name}", sum(map(len, checks.prompted(seen, prompt).values())))
    report.must_be_none("prompts at the wrong time", _each(checks.wrongly_timed(seen, one) for one in PROMPTS))
    report.must_be_none("prompts twice on a day", _each(checks.not_once_a_day(seen, one) for one in PROMPTS))
    did = lived.quarter.life.told.did  # who comes before a gathered prompt does, by Home, needs it no more
    gone = deeds.gone_by(WORK_ENDS)
    missing = _each(
        checks.missing(seen, one, [who for who in lived.taking_part if (who, one.step) not in did and who not in gone])
        for one in ONCE_EACH
    )
    report.must_be_none("prompts that never came", missing)
    never = checks.missing(seen, CHECK_IN, [who for who in lived.taking_part if lived.quarter.people[who].looks])
    silences = checks.not_asked_again(seen, CHECK_IN, lived.taking_part, WORK_ENDS, CALENDAR)
    report.must_be_none("more than two rhythms without a check-in", [*never, *silences])


def _each(found: Iterable[list[str]]) -> list[str]:
    return [one for some in found for one in some]


def _acts(report: Report, quarter: Quarter) -> None:
    told = quarter.life.told
    report.says("acts", told.acts.total())
    report.says("goals agreed", count_acts(told, "goals.agree", "goals.agree_here"))
    report.says("check-ins answered", count_acts(told, *ANSWERS))
    report.says("feedback sent", count_acts(told, "peers.send", "peers.send_anyway"))
    for name, steps in BEGUN.items():
        report.must_be_some(name, count_acts(told, *steps))
    report.says("feedback declined", count_acts(told, "peers.decline_with_reason"))
    report.says("reviews sent", count_acts(told, "reviews.send"))
    report.says("results agreed with", count_acts(told, "delivery.seen_and_agree"))
    report.says("results not agreed with", count_acts(told, "delivery.send_disagreement"))
    report.says("refusals", f"{len(told.objections)}: {by_step(told.objections)}")
    report.must_be_none("people who could not go on", told.stuck)


def _results(report: Report, lived: Lived) -> None:
    """Every result is written out by one process and calculated again by another."""
    file = lived.folder / "results.json"
    written = lived.running.runs("export", "results", CYCLE, str(file))
    if written.returncode:
        report.off.append(f"the results cannot be exported: {written.stdout}{written.stderr}")
        return
    verified = lived.running.runs("verify", str(file))
    report.must_be("results that can be calculated again", _all(verified.returncode), "all")
    if verified.returncode:
        report.off.append(verified.stdout + verified.stderr)
    exported: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    states = Counter(one["rated"] for one in exported["results"])
    report.must_be("results", states.total(), len(lived.taking_part))
    report.says("  of them", ", ".join(f"{state} {n}" for state, n in states.most_common()))


def _afterwards(report: Report, lived: Lived, seen: list[Seen]) -> None:
    """What follows on the results was done, and everybody is asked for the goals of the next cycle."""
    url = lived.running.environment["DATABASE_URL"]
    those = deeds.judge(report, url, CYCLE, lived.taking_part)
    new = [one for one in seen if one.local.date() >= NEXT_BEGINS]
    asked = {one.person_id for one in new if INVITED.step in steps_of(one.post.blocks)}  # some bring it out themselves
    report.must_be_none("  not asked for goals in it", sorted(those - asked))


def _all(status: int) -> str:
    return "all" if status == 0 else "not all"


def _faults(report: Report, lived: Lived) -> None:
    log = [line for file in sorted(lived.folder.glob("bot*.log")) for line in file.read_text("utf-8").splitlines()]
    findings = lived.quarter.life.workspace.findings()
    report.must_be_none("lost clicks", [one for one in findings if one["rule"] in NO_ANSWER])
    report.says("answers later than three seconds", lived.quarter.life.workspace.late)
    report.must_be_none("findings of the strict checker", findings)
    report.must_be_none("faults in the bot's log", [line for line in log if "level=ERROR" in line])
    report.must_be("messages given up", lived.quarter.facts["given_up"], 0)


def judge_workers(report: Report, several: Workers) -> None:
    """Say what the workers did, and how quickly they stopped."""
    report.says("workers", len(several.members))
    report.says("restarts", len(several.stops))
    slow = [f"{seconds:.1f} seconds" for seconds in several.stops if seconds > GONE_WITHIN]
    report.says("slowest stop", f"{max(several.stops, default=0):.1f} seconds")
    report.must_be_none("stops slower than ten seconds", slow)
    report.says("stops that left something behind", several.forced)
    report.says("requests that another worker had to take", several.proxy.passed_on)
