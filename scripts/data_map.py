"""What the database holds, of whom, encrypted or not, and for how long: python -m scripts.data_map writes the page.

Tables and columns come from the models, so none can be missing; how long their rows stay is said here.
"""

import sys
from pathlib import Path

from sqlalchemy import Table

from bot.store import schema
from bot.store.db import Base
from bot.store.private import private_columns

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "data-map.md"
HEAD = """# Data map and retention

Every table, generated from the models (`make data-map`); a test finds one that is missing here. *Of whom* names the
columns that say whose the row is; *encrypted* those of what people write (with a key: `docs/operating.md`). What is
said of each table to the people in it stands in `docs/privacy.md`; what could go wrong with it, in `docs/threats.md`.

Nothing is erased by itself but what this page says. *The record* stays until the company erases it.

| Table | One row is | Of whom | Encrypted | Kept |
|---|---|---|---|---|
"""
RECORD = "the record"
KEPT = {
    "announcements": "the record once it is sent; until then, until its author sends, uses or begins it anew",
    "backups": "the newest",
    "calendar_days": "until HR takes it out",
    "cycle_keys": "until the round closes; then overwritten, and the files rewritten",
    "cycles": "the record once it is launched; a draft until whoever began it begins another",
    "directory_names": "until HR takes the source out",
    "erasures": "until they are back, or their records and its own row are erased",
    "evidence": "the record; until its author takes it back",
    "feedback_invitations": "the record; a list that is chosen anew takes the place of the one before",
    "goal_drafts": "until the goals are sent or answered",
    "goal_supports": "as long as the goal carries part of the objective",
    "inbox": "three days",
    "interview_preparations": "the record; what a former manager prepared, until somebody else holds the talk",
    "kudos_terms": "the newest",
    "leaves": "until it is taken out",
    "objective_parts": "as long as one is part of the other",
    "objectives": "until it is taken back",
    "outbox": "answers: three days after they were sent; else the newest text of each message, with the record",
    "pay_bases": "until the next file of the cycle",
    "pool_splits": "until finance splits the pool otherwise",
    "rates": "the newest",
    "roles": "until the role is taken back",
    "sealed_answers": "until the round closes",
    "sealed_pulses": "until the pulse closes",
    "stand_ins": "the record; what was taken back before it began goes",
    "standstills": "until Slack takes it again",
    "stints": "the record; what was planned and does not come goes",
    "suggestions": "the record; written anew at each opening of the box",
    "template_drafts": "until it is decided",
    "text_keys": "until nothing is under that key",
    "timers": "until it is done; one that failed, twelve weeks",
    "uploads": "until it is applied or discarded, a day at most after it was shown",
    "value_sources": "until HR takes it out",
    "webhook_deliveries": "a month after it was taken; twelve weeks after it was given up",
}
"""How long rows stay, where that is not for as long as the record."""
OF_WHOM = frozenset({
    "person_id", "ratee_id", "rater_id", "about_id", "actor_id", "author_id", "asker_id", "manager_id", "owner_id",
    "approver_id", "handler_id", "hr_id", "stand_in_id", "by", "named_by", "made_by", "decided_by", "reported_by",
    "written_by", "spoken_by", "comment_by", "answered_by", "closed_by", "opened_by", "proposed_by", "released_by",
    "created_by", "published_by", "approved_by", "added_by", "asked_by", "kept_by", "entered_by", "chosen_by",
    "led_by", "minutes_by",
    "actor_seal", "about_seal",
})  # fmt: skip


def page() -> str:
    """The page as it should stand."""
    meant = {
        mapper.local_table.name: (mapper.class_.__doc__ or "").partition("\n")[0].rstrip(".")
        for mapper in Base.registry.mappers
    }
    return HEAD + "".join(_line(table, meant[name]) for name, table in sorted(schema.METADATA.tables.items()))


def _line(table: Table, meant: str) -> str:
    whom = [one.name for one in table.columns if one.name in OF_WHOM or (table.name == "people" and one.primary_key)]
    private = [one.name for one in private_columns(table)]
    cells = (f"`{table.name}`", meant, _named(whom), _named(private), KEPT.get(table.name, RECORD))
    return f"| {' | '.join(cells)} |\n"


def _named(columns: list[str]) -> str:
    return ", ".join(f"`{one}`" for one in columns) or "–"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} written.\n")
