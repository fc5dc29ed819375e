"""Erasing somebody who left: for each table that names a person, what becomes of the rows.

Their own records go. What they did for the company or wrote into the record of somebody else stays with the company
or with that person, under an id that is nobody's any more: the row of the person stays for the sake of foreign keys,
without anything in it. The audit loses who they were and stays a chain. Tables are named rather than imported, so
that this module reaches all of them and none of what the others know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from json import dumps
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, not_, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.talk import Kind
from bot.store.db import CHECKPOINT, MOST_AT_ONCE, Base, Database, batched, outside

NOBODY = "—"
"""What is shown in the place of a name."""
OFFICE = "done for the company; the id is nobody's any more"
THEIRS = "in the record of somebody else, who keeps it; the id is nobody's any more"


@dataclass(frozen=True)
class Rule:
    """What becomes of a table's rows: those that name the person in a `gone` column go, in a `kept` one they stay.

    `below` are the column that leads to a table above and that table: rows go with the row above them. `emptied` is
    what a row that stays because of a column loses.
    """

    gone: Sequence[str] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    below: tuple[str, str] | None = None
    emptied: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def _kept(why: str, *columns: str) -> dict[str, str]:
    return dict.fromkeys(columns, why)


_OWN = ("person_id",)
RULES: Mapping[str, Rule] = {
    "actuals": Rule(_OWN, _kept(THEIRS, "reported_by")),
    "adjustments": Rule(_OWN, _kept(THEIRS, "by", "decided_by")),
    "announcements": Rule(kept=_kept(OFFICE, "by")),
    "appeal_decisions": Rule(kept=_kept(THEIRS, "decided_by"), below=("appeal_id", "appeals")),
    "appeal_records": Rule(below=("appeal_id", "appeals")),
    "appeals": Rule(_OWN, _kept(THEIRS, "handler_id", "named_by", "rater_id")),
    "audit": Rule(
        emptied={
            "actor_id": {"actor_id": "", "actor_salt": ""},
            "about_id": {"about_id": "", "record": "", "about_salt": ""},
        }
    ),
    "calendar_days": Rule(kept=_kept(OFFICE, "entered_by")),
    "calibration_changes": Rule(_OWN, _kept(THEIRS, "decided_by")),
    "calibration_closings": Rule(kept=_kept(OFFICE, "closed_by")),
    "calibration_meetings": Rule(kept=_kept(OFFICE, "opened_by")),
    "calibration_warmups": Rule(_OWN),
    "checkins": Rule(_OWN, _kept(THEIRS, "manager_id", "comment_by")),
    "claims": Rule(_OWN, _kept(THEIRS, "by", "asked")),
    "commendations": Rule(_OWN, _kept(THEIRS, "proposed_by")),
    "cycles": Rule(kept=_kept(OFFICE, "created_by")),
    "directory_names": Rule(_OWN),
    "erasures": Rule(
        kept=_kept("that it was done, until the files are written anew", "person_id") | _kept(OFFICE, "held_by"),
        emptied={"person_id": {"reason": ""}},
    ),
    "evidence": Rule(("about_id",), _kept(THEIRS, "author_id")),
    "feedback_invitations": Rule(("ratee_id", "rater_id")),
    "feedback_rounds": Rule(("ratee_id",), _kept(THEIRS, "approver_id")),
    "goal_drafts": Rule(("person_id", "author_id")),
    "goal_history": Rule(_OWN, _kept(THEIRS, "by")),
    "goal_recalled": Rule(_OWN),
    "goal_sheets": Rule(_OWN, _kept(THEIRS, "spoken_by")),
    "goal_stints": Rule(_OWN, _kept(THEIRS, "manager_id")),
    "goal_supports": Rule(_OWN),
    "interview_preparations": Rule(_OWN, _kept(THEIRS, "author_id")),
    "interviews": Rule(_OWN, _kept(THEIRS, "manager_id", "led_by", "minutes_by")),
    "kudos_choices": Rule(_OWN),
    "launch_reasons": Rule(kept=_kept(OFFICE, "by")),
    "leaves": Rule(_OWN),
    "lessons": Rule(_OWN),
    "objectives": Rule(kept=_kept(OFFICE, "owner_id")),
    "outbox": Rule(_OWN),
    "outcome_decisions": Rule(_OWN, _kept(THEIRS, "decided_by")),
    "outcome_rules": Rule(kept=_kept(OFFICE, "published_by")),
    "participants": Rule(_OWN, _kept(THEIRS, "manager_id")),
    "pay_bases": Rule(_OWN),
    "people": Rule(
        emptied={
            "id": {
                "name": NOBODY, "email": "", "locale": "", "tz": "UTC", "owner": False, "takes_part": False,
                "chosen_language": "", "paused_until": None, "free_weekdays": "", "greeted": False,
                "whole_text": False,
            }
        }
    ),
    "plan_checkpoints": Rule(kept=_kept(THEIRS, "written_by"), below=("plan_id", "plans")),
    "plans": Rule(_OWN, _kept(THEIRS, "manager_id", "hr_id", "proposed_by")),
    "policy": Rule(kept=_kept(OFFICE, "chosen_by")),
    "pools": Rule(kept=_kept(OFFICE, "made_by", "approved_by")),
    "process_changes": Rule(kept=_kept(OFFICE, "proposed_by", "decided_by")),
    "pulse_done": Rule(_OWN),
    "questions": Rule(("asker_id",), _kept(OFFICE, "answered_by")),
    "released_groups": Rule(("ratee_id",)),
    "released_levels": Rule(("ratee_id",)),
    "released_means": Rule(("ratee_id",)),
    "released_sentences": Rule(("ratee_id",)),
    "released_topics": Rule(("ratee_id",)),
    "result_versions": Rule(_OWN),
    "results": Rule(_OWN, _kept(OFFICE, "released_by")),
    "reviews": Rule(_OWN, _kept(THEIRS, "author_id")),
    "roles": Rule(_OWN),
    "sealed_answers": Rule(("ratee_id",)),
    "stand_ins": Rule(("manager_id", "stand_in_id"), _kept(OFFICE, "named_by")),
    "stints": Rule(_OWN, _kept(THEIRS, "manager_id")),
    "suggestion_authors": Rule(_OWN),
    "support_requests": Rule(_OWN, _kept(THEIRS, "manager_id", "by")),
    "talk_entries": Rule(_OWN, _kept(THEIRS, "manager_id", "author_id", "owner_id")),
    "talk_points": Rule(("manager_id", "person_id")),
    "talk_terms": Rule(("manager_id", "person_id")),
    "template_drafts": Rule(("by",)),
    "templates": Rule(kept=_kept(OFFICE, "kept_by")),
    "timers": Rule(_OWN),
    "uploads": Rule(("by",)),
    "value_sources": Rule(kept=_kept(OFFICE, "added_by", "asked_by")),
    "webhook_deliveries": Rule(_OWN),
    "webhooks": Rule(kept=_kept(OFFICE, "added_by")),
}  # fmt: skip


def erase(session: Session, person_id: str, day: date) -> None:
    """Erase what is kept about somebody. Whoever calls this has asked whether anything holds them."""
    people = _table("people")
    name, email = session.execute(select(people.c.name, people.c.email).where(people.c.id == person_id)).one()
    _forget_what_was_said(session, person_id, name, email)
    _forget_what_nobody_reads(session, person_id)
    for table in reversed(Base.metadata.sorted_tables):
        rule = RULES.get(table.name, Rule())
        _erase_below(session, table, rule, person_id)
        if rule.gone:
            session.execute(delete(table).where(_names(table, rule.gone, person_id), *_still(table)))
        for column, values in rule.emptied.items():
            session.execute(update(table).where(table.c[column] == person_id).values(values))
    session.execute(update(people).where(people.c.id == person_id).values(erased_on=day))
    session.expire_all()


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _names(table: Table, columns: Sequence[str], person_id: str) -> ColumnElement[bool]:
    return or_(*(table.c[column] == person_id for column in columns))


def _still(table: Table) -> list[ColumnElement[bool]]:
    """A question that HR published stands with its answer, as nobody's."""
    return [not_(table.c.public)] if table.name == "questions" else []


def _erase_below(session: Session, table: Table, rule: Rule, person_id: str) -> None:
    if rule.below:
        column, name = rule.below
        above = _table(name)
        theirs = select(above.c.id).where(_names(above, RULES[name].gone, person_id))
        session.execute(delete(table).where(table.c[column].in_(theirs)))


def _forget_what_nobody_reads(session: Session, person_id: str) -> None:
    """Notes and unsent minutes whose one reader is gone, steps that wait about them, a part that bears their name."""
    entries, timers, objectives = _table("talk_entries"), _table("timers"), _table("objectives")
    talks = _table("interviews")
    unsent = and_(talks.c.minutes_by == person_id, talks.c.posted_at.is_(None))
    session.execute(update(talks).where(unsent).values(minutes="", gaps=[], minutes_by=""))
    private = and_(entries.c.author_id == person_id, entries.c.kind == Kind.PRIVATE.value)
    session.execute(delete(entries).where(private))
    session.execute(delete(timers).where(timers.c.carry.contains(person_id, autoescape=True)))
    named = and_(objectives.c.owner_id == person_id, objectives.c.cut == "person")
    session.execute(update(objectives).where(named).values(part=""))


def _forget_what_was_said(session: Session, person_id: str, name: str, email: str) -> None:
    """Messages to others that name them: what was sent stays in Slack and is emptied here, what was not is dropped.

    One that is on its way and names nobody but a namesake, as far as can be told, goes out. Messages may be encrypted,
    so the database cannot be asked for the words: each is read.
    """
    outbox = _table("outbox")
    surely, perhaps = _as_written(person_id, email), _as_written(name)
    dropped, emptied = list[str](), list[str]()
    rows = select(outbox.c.key, outbox.c.wanted, outbox.c.sent, outbox.c.body)
    for row in session.execute(rows, execution_options={"yield_per": MOST_AT_ONCE}):
        said = dumps(row.body, ensure_ascii=False)
        sure = person_id in row.key or any(one in said for one in surely)
        named = sure or any(one in said for one in perhaps)
        waits = row.wanted > row.sent
        if (waits and sure) or (not row.wanted and named):
            dropped.append(row.key)
        elif named and not waits:
            emptied.append(row.key)
    for keys in batched(dropped):
        session.execute(delete(outbox).where(outbox.c.key.in_(keys)))
    for keys in batched(emptied):
        session.execute(update(outbox).where(outbox.c.key.in_(keys)).values(body={}))


def _as_written(*words: str) -> set[str]:
    """Words as a message holds them: escaped for Slack, then for JSON."""
    both = {form for one in words if one for form in (one, escape(one, quote=False))}
    return {dumps(one, ensure_ascii=False)[1:-1] for one in both}


# The files --------------------------------------------------------------------------------------


def wipe(database: Database) -> bool:
    """Write the files anew after somebody was erased, so that no old bytes stay; False when nobody was, or not yet.

    To be called outside any unit of work, again and again: a crash in between has it done the next time.
    """
    erasures, people = _table("erasures"), _table("people")
    with database.unit_of_work() as session:
        done = select(people.c.id).where(people.c.erased_on.is_not(None))
        due = session.scalar(select(func.count()).select_from(erasures).where(erasures.c.person_id.in_(done)))
    if not due:
        return False
    anew = ["SET statement_timeout = 0", *(f"VACUUM {name}" for name in sorted(RULES))]
    if not outside(database, *(["VACUUM", CHECKPOINT] if database.is_sqlite else anew)):
        return False
    with database.unit_of_work() as session:
        session.execute(delete(erasures).where(erasures.c.person_id.in_(done)))
    if database.is_sqlite:
        outside(database, CHECKPOINT)
    return True
