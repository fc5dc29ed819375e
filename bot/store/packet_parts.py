"""The parts of a person's packet: which tables each is made of, what is left out and why, and all of it together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.refusal import N_
from bot.store import cycles, packet, people
from bot.store.results import ResultRow

FORMAT = 1
PEOPLE = frozenset({
    *("about_id", "actor_id", "answered_by", "asked", "author_id", "by", "comment_by", "decided_by", "held_by"),
    *("hr_id", "manager_id", "owner_id", "ratee_id", "reported_by", "stand_in_id"),
})  # fmt: skip
"""Columns that hold somebody's id: a name is handed out in its place."""


@dataclass(frozen=True)
class Noun:
    """One part of the packet: its heading, the tables it is made of, and what is in it."""

    heading: str
    tables: tuple[str, ...]
    gather: Callable[[packet.Asked], packet.Rows]


NOUNS: tuple[Noun, ...] = (
    Noun(N_("From Slack, and what you chose here"), ("people",), packet.profile),
    Noun(N_("Where you work"), ("stints",), packet.places),
    Noun(N_("Duties"), ("roles",), packet.duties),
    Noun(N_("Days away"), ("leaves",), packet.days_off),
    Noun(N_("The course"), ("lessons",), packet.course),
    Noun(N_("Cycles you take part in"), ("participants",), packet.cycles_taken_part_in),
    Noun(N_("Goals as they stand"), ("goal_sheets",), packet.goals),
    Noun(N_("The talk about goals"), ("goal_history",), packet.goal_history),
    Noun(N_("Goals you are still writing"), ("goal_drafts",), packet.goal_drafts),
    Noun(N_("Goals of an earlier role"), ("goal_stints",), packet.earlier_goals),
    Noun(N_("Where you said whether you can name your goals"), ("goal_recalled",), packet.recalled),
    Noun(N_("Cycles about whose process you answered three questions"), ("pulse_done",), packet.pulses),
    Noun(N_("Objectives you answer for"), ("objectives",), packet.objectives),
    Noun(N_("Goals that support an objective"), ("goal_supports",), packet.supports),
    Noun(N_("Actual values"), ("actuals",), packet.values),
    Noun(N_("Values reported by hand"), ("claims",), packet.values_by_hand),
    Noun(N_("Your answered check-ins"), ("checkins",), packet.checkins),
    Noun(N_("Help you asked for"), ("support_requests",), packet.support),
    Noun(N_("One-on-ones with your managers"), ("talk_entries",), packet.one_on_ones),
    Noun(N_("The rhythm of one-on-ones"), ("talk_terms",), packet.rhythm),
    Noun(N_("Thanks, feedback and saved messages"), ("evidence",), packet.evidence),
    Noun(N_("Thanks for you in a channel"), ("kudos_choices",), packet.thanks_in_public),
    Noun(N_("Questions to HR"), ("questions",), packet.questions),
    Noun(N_("Suggestions under your name"), ("suggestion_authors",), packet.suggestions),
    Noun(N_("Colleagues you were asked about"), ("feedback_invitations",), packet.asked_for_feedback),
    Noun(N_("Feedback rounds about you"), ("feedback_rounds",), packet.feedback_rounds),
    Noun(
        N_("What colleagues said, by groups"),
        ("released_groups", "released_topics", "released_means", "released_sentences"),
        packet.colleagues,
    ),
    Noun(N_("Reviews"), ("reviews",), packet.reviews),
    Noun(N_("Results you have opened"), ("results",), packet.results),
    Noun(N_("Changes of a grade"), ("calibration_changes",), packet.changes),
    Noun(N_("Points added or deducted, and red lines"), ("adjustments",), packet.adjustments),
    Noun(N_("Your talks about results"), ("interviews",), packet.talks_about_results),
    Noun(N_("What you and your manager prepared for them"), ("interview_preparations",), packet.prepared),
    Noun(N_("Your appeals"), ("appeals", "appeal_decisions"), packet.appeals),
    Noun(N_("Results as they stood before an appeal"), ("result_versions",), packet.earlier_results),
    Noun(N_("Improvement plans"), ("plans", "plan_checkpoints"), packet.plans),
    Noun(N_("What followed from your result"), ("outcome_decisions",), packet.followed),
    Noun(N_("Commendations"), ("commendations",), packet.commendations),
    Noun(N_("Pay, as a file brought it in"), ("pay_bases",), packet.pay),
    Noun(N_("Who stood in for whom"), ("stand_ins",), packet.stand_ins),
    Noun(N_("Your warm-up before calibrating"), ("calibration_warmups",), packet.warm_up),
    Noun(N_("What other systems were told happened"), ("webhook_deliveries",), packet.told_others),
    Noun(N_("Why your records are kept after you left"), ("erasures",), packet.kept_after_leaving),
    Noun(N_("Who looked, and when"), ("audit",), packet.looks),
)
_IN_OFFICE = (
    *("announcements", "calendar_days", "cycles", "launch_reasons", "outcome_rules", "policy", "process_changes"),
    *("template_drafts", "templates", "uploads", "value_sources", "webhooks"),
)
LEFT_OUT = {
    **dict.fromkeys(_IN_OFFICE, "who of HR did it is an act in office; the row is about the company"),
    "calibration_closings": "what was found in a whole meeting; who of HR closed it is an act, and nobody's record",
    "calibration_meetings": "who of HR opened a meeting is an act, and nobody's record",
    "outbox": "the messages stand in the person's own Slack, and what they say of others is theirs",
    "pools": "a pool is about everybody together; what comes of it for somebody goes by payroll",
    "released_levels": "what counts of them stands in the arithmetic of the result",
    "sealed_answers": "sealed: nobody reads them before the round is opened, and then they are in the released tables",
    "talk_points": "what a manager keeps for themselves, to talk about",
    "timers": "which step is due for whom and when, gone once it is done: no record of anybody",
}
"""Tables that name a person and are not handed out, each with why."""


# The whole ------------------------------------------------------------------------------------


def gathered(session: Session, person_id: str) -> list[tuple[Noun, packet.Rows]]:
    """Each part that has something, with names in place of ids, and nothing that is empty."""
    mine = select(ResultRow.cycle_id).where(ResultRow.person_id == person_id, ResultRow.opened_at.is_not(None))
    asked = packet.Asked(session, person_id, frozenset(session.scalars(mine)))
    found = [(noun, noun.gather(asked)) for noun in NOUNS]
    ids = {str(row[name]) for _, rows in found for row in rows for name in PEOPLE & row.keys() if row[name]}
    named = {one.id: one.name for one in people.named(session, ids).values()}
    called = {one.id: one.name for one in cycles.every(session)}
    return [(noun, [_plain(row, named, called) for row in rows]) for noun, rows in found if rows]


def _plain(row: dict[str, Any], named: dict[str, str], called: dict[str, str]) -> dict[str, Any]:
    told = {name: named.get(value, value) if name in PEOPLE else value for name, value in row.items()}
    told = {name: called.get(value, value) if name == "cycle_id" else value for name, value in told.items()}
    return {name.removesuffix("_id"): _json(value) for name, value in told.items() if value not in (None, "", [], {})}


def _json(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value
