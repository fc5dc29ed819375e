"""Everything that is kept about one person, for that person: one function for each noun, plain JSON out.

What colleagues, managers or those who calibrate said comes in for the cycles whose result the person has opened, for
then they may see it. Never in it: sealed answers, who said what in feedback by groups, and what others keep for
themselves. Columns are named one by one, so that a new one is not handed out by accident.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bot.domain import review as reviewing
from bot.domain.talk import Kind
from bot.store import released
from bot.store.actuals import ReportedRow
from bot.store.adjustments import AdjustmentRow
from bot.store.appeals import AppealRow
from bot.store.appeals import DecisionRow as AppealDecisionRow
from bot.store.audit import AuditRow
from bot.store.calibrations import ChangeRow, WarmupRow
from bot.store.checkins import CheckinRow
from bot.store.claims import ClaimRow
from bot.store.cycles import ParticipantRow
from bot.store.db import Base
from bot.store.evidence import EvidenceRow
from bot.store.goal_stints import GoalStintRow
from bot.store.goals import DraftRow, SheetRow, SpokenRow
from bot.store.interviews import InterviewRow, PreparationRow
from bot.store.invitations import InvitationRow, RoundRow
from bot.store.kudos import KudosChoiceRow
from bot.store.leavers import ErasureRow
from bot.store.leaves import LeaveRow
from bot.store.lessons import LessonRow
from bot.store.objectives import GoalSupportRow, ObjectiveRow
from bot.store.one_on_ones import TalkEntryRow, TalkTermsRow
from bot.store.outcomes import CommendationRow
from bot.store.outcomes import DecisionRow as OutcomeRow
from bot.store.pay import PayBaseRow
from bot.store.people import PersonRow, RoleRow, StintRow
from bot.store.plans import PlanCheckpointRow, PlanRow
from bot.store.pulse import PulseDoneRow
from bot.store.questions import QuestionRow
from bot.store.recall import RecalledRow
from bot.store.result_versions import VersionRow
from bot.store.results import ResultRow
from bot.store.reviews import ReviewRow
from bot.store.stand_ins import StandInRow
from bot.store.suggestions import AuthorRow, SuggestionRow
from bot.store.support import SupportRow
from bot.store.webhooks import DeliveryRow

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """Whose packet it is, and the cycles whose result they have opened."""

    session: Session
    id: str
    opened: frozenset[str]


def _rows(asked: Asked, table: type[Base], columns: str, *where: ColumnElement[bool]) -> Rows:
    """These columns of a table's rows, in the order of their keys."""
    wanted = select(table).where(*where).order_by(*table.__table__.primary_key)
    return [{name: getattr(row, name) for name in columns.split()} for row in asked.session.scalars(wanted)]


# The nouns ------------------------------------------------------------------------------------


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """What stands inside another row is plain already."""
    return {name: one.isoformat() if isinstance(one, date) else one for name, one in row.items() if one}


def profile(asked: Asked) -> Rows:
    """From Slack, and what was chosen here."""
    chosen = "name email locale tz chosen_language paused_until free_weekdays whole_text"
    return _rows(asked, PersonRow, chosen, PersonRow.id == asked.id)


def places(asked: Asked) -> Rows:
    """Departments, positions and managers."""
    columns = "starts_on ends_on department position manager_id"
    return _rows(asked, StintRow, columns, StintRow.person_id == asked.id)


def duties(asked: Asked) -> Rows:
    """HR, heading a department, calibrating, and the like."""
    return _rows(asked, RoleRow, "role department", RoleRow.person_id == asked.id)


def days_off(asked: Asked) -> Rows:
    """Leave."""
    return _rows(asked, LeaveRow, "first_day last_day", LeaveRow.person_id == asked.id)


def course(asked: Asked) -> Rows:
    """How far they came in the course."""
    return _rows(asked, LessonRow, "seen done", LessonRow.person_id == asked.id)


def cycles_taken_part_in(asked: Asked) -> Rows:
    """In which cycles they take part, where and under whom."""
    columns = "cycle_id department manager_id template"
    return _rows(asked, ParticipantRow, columns, ParticipantRow.person_id == asked.id)


def goals(asked: Asked) -> Rows:
    """Goals as they stand."""
    columns = "cycle_id state version goals agreed comment protest"
    return _rows(asked, SheetRow, columns, SheetRow.person_id == asked.id)


def goal_history(asked: Asked) -> Rows:
    """Every move of the talk about goals."""
    columns = "cycle_id at by state version goals comment reasons"
    return _rows(asked, SpokenRow, columns, SpokenRow.person_id == asked.id)


def goal_drafts(asked: Asked) -> Rows:
    """What they write themselves and have not sent; a manager's draft is the manager's."""
    mine = (DraftRow.person_id == asked.id, DraftRow.author_id == asked.id)
    return _rows(asked, DraftRow, "cycle_id goals comment reason", *mine)


def earlier_goals(asked: Asked) -> Rows:
    """Goals of an earlier role."""
    columns = "cycle_id first_day last_day department manager_id goals"
    return _rows(asked, GoalStintRow, columns, GoalStintRow.person_id == asked.id)


def recalled(asked: Asked) -> Rows:
    """That they answered whether they can name their goals."""
    return _rows(asked, RecalledRow, "cycle_id", RecalledRow.person_id == asked.id)


def pulses(asked: Asked) -> Rows:
    """That they answered a pulse; not what."""
    return _rows(asked, PulseDoneRow, "cycle_id", PulseDoneRow.person_id == asked.id)


def objectives(asked: Asked) -> Rows:
    """Objectives and parts they answer for."""
    columns = "title part unit direction baseline target starts_on ends_on months"
    return _rows(asked, ObjectiveRow, columns, ObjectiveRow.owner_id == asked.id)


def supports(asked: Asked) -> Rows:
    """Which goal supports which objective."""
    titles = {row.id: row.title for row in asked.session.scalars(select(ObjectiveRow))}
    rows = _rows(asked, GoalSupportRow, "cycle_id goal_id objective_id share", GoalSupportRow.person_id == asked.id)
    return [{**row, "objective_id": titles[row["objective_id"]]} for row in rows]


def values(asked: Asked) -> Rows:
    """Actual values."""
    columns = "cycle_id kpi period value unit source reported_by at"
    return _rows(asked, ReportedRow, columns, ReportedRow.person_id == asked.id)


def values_by_hand(asked: Asked) -> Rows:
    """Values reported by hand, and what became of them."""
    columns = "cycle_id title period value unit evidence by asked at state reason"
    return _rows(asked, ClaimRow, columns, ClaimRow.person_id == asked.id)


def checkins(asked: Asked) -> Rows:
    """Check-ins that were answered, with the manager's comments."""
    columns = "cycle_id day kind items note blocking help_wanted answered_at comment comment_by earlier_comments"
    mine = (CheckinRow.person_id == asked.id, CheckinRow.answered_at.is_not(None))
    return _rows(asked, CheckinRow, columns, *mine)


def support(asked: Asked) -> Rows:
    """Help they asked for."""
    columns = "cycle_id day kinds what state promise by due delivered_on useful word reason"
    return _rows(asked, SupportRow, columns, SupportRow.person_id == asked.id)


def one_on_ones(asked: Asked) -> Rows:
    """Points, shared notes and action items of talks with their managers, and private notes of their own."""
    mine = or_(TalkEntryRow.kind != Kind.PRIVATE, TalkEntryRow.author_id == asked.id)
    columns = "manager_id kind author_id text at owner_id due done_at gap support"
    return _rows(asked, TalkEntryRow, columns, TalkEntryRow.person_id == asked.id, mine)


def rhythm(asked: Asked) -> Rows:
    """How often they talk with their manager."""
    return _rows(asked, TalkTermsRow, "manager_id weeks first_on last_on", TalkTermsRow.person_id == asked.id)


def evidence(asked: Asked) -> Rows:
    """Thanks, feedback and saved messages about them or from them."""
    mine = or_(EvidenceRow.about_id == asked.id, EvidenceRow.author_id == asked.id)
    return _rows(asked, EvidenceRow, "kind author_id about_id at words shared", mine)


def thanks_in_public(asked: Asked) -> Rows:
    """Whether thanks for them may be shown in a channel."""
    return _rows(asked, KudosChoiceRow, "in_channel", KudosChoiceRow.person_id == asked.id)


def questions(asked: Asked) -> Rows:
    """Questions to HR."""
    columns = "words asked_at answer answered_by answered_at"
    return _rows(asked, QuestionRow, columns, QuestionRow.asker_id == asked.id)


def suggestions(asked: Asked) -> Rows:
    """Suggestions under their name."""
    mine = select(AuthorRow.suggestion_id).where(AuthorRow.person_id == asked.id)
    return _rows(asked, SuggestionRow, "words state reason", SuggestionRow.id.in_(mine))


def asked_for_feedback(asked: Asked) -> Rows:
    """About whom they were asked, and that it is done; what they answered is nowhere under their name."""
    columns = "cycle_id ratee_id relation state"
    return _rows(asked, InvitationRow, columns, InvitationRow.rater_id == asked.id)


def feedback_rounds(asked: Asked) -> Rows:
    """That a round about them runs or ran."""
    return _rows(asked, RoundRow, "cycle_id state", RoundRow.ratee_id == asked.id)


def colleagues(asked: Asked) -> Rows:
    """What was opened of feedback by groups, as precisely as the result's page shows it."""
    return [
        {
            "cycle_id": cycle_id,
            "relation": group.group,
            "invited": group.invited,
            "n": group.n,
            "topics": {one.topic_id: one.shown.band or one.shown.number for one in group.topics if one.shown},
            "sentences": list(group.sentences),
        }
        for cycle_id in sorted(asked.opened)
        for group in released.summary(asked.session, cycle_id, asked.id)
        if group.topics or group.said
    ]


def reviews(asked: Asked) -> Rows:
    """Self-reviews, and the manager's once it was sent and its result opened."""
    sent = (ReviewRow.state == reviewing.State.SENT, ReviewRow.cycle_id.in_(asked.opened))
    known = or_(ReviewRow.kind == reviewing.Kind.SELF, ReviewRow.sent_at.is_not(None) & sent[0] & sent[1])
    columns = "cycle_id kind author_id state competencies levels overall notes sent_at later"
    return _rows(asked, ReviewRow, columns, ReviewRow.person_id == asked.id, known)


def results(asked: Asked) -> Rows:
    """Results they have opened, with the whole arithmetic."""
    columns = (
        "cycle_id rated score band formula_band reasons released_at opened_at answer words answered_at "
        "rules_version rules_hash rules inputs tree"
    )
    return _rows(asked, ResultRow, columns, ResultRow.person_id == asked.id, ResultRow.cycle_id.in_(asked.opened))


def changes(asked: Asked) -> Rows:
    """Changes of a grade after comparing; who decided is for those who calibrate."""
    mine = (ChangeRow.person_id == asked.id, ChangeRow.cycle_id.in_(asked.opened))
    return _rows(asked, ChangeRow, "cycle_id before after reason link day at", *mine)


def adjustments(asked: Asked) -> Rows:
    """Points added or deducted, and red lines, of results they have opened."""
    mine = (AdjustmentRow.person_id == asked.id, AdjustmentRow.cycle_id.in_(asked.opened))
    return _rows(asked, AdjustmentRow, "cycle_id kind points ceiling goal reason evidence state decided_by word", *mine)


def talks_about_results(asked: Asked) -> Rows:
    """The talk about each result, its minutes, and what they added."""
    columns = "cycle_id manager_id due_on planned_on held_on minutes_by minutes gaps posted_at comment seen_at"
    mine = (InterviewRow.person_id == asked.id, InterviewRow.posted_at.is_not(None))
    return _rows(asked, InterviewRow, columns, *mine)


def prepared(asked: Asked) -> Rows:
    """What they prepared for talks about results; what was prepared with it by who led them, once they have talked."""
    columns = "cycle_id author_id strengths gaps causes examples wish sent_at"
    talked = select(InterviewRow.cycle_id).where(InterviewRow.person_id == asked.id, InterviewRow.held_on.is_not(None))
    known = or_(PreparationRow.author_id == asked.id, PreparationRow.cycle_id.in_(talked))
    return _rows(asked, PreparationRow, columns, PreparationRow.person_id == asked.id, known)


def appeals(asked: Asked) -> Rows:
    """Their appeals, with each decision; who named whom to decide is not among it."""
    rows = _rows(asked, AppealRow, "id cycle_id kind words wish filed_at state due_on", AppealRow.person_id == asked.id)
    columns = "level state reason at before after"
    return [
        {**row, "decisions": [_dated(one) for one in _rows(asked, AppealDecisionRow, columns, of)]}
        for row in rows
        for of in [AppealDecisionRow.appeal_id == row.pop("id")]
    ]


def earlier_results(asked: Asked) -> Rows:
    """Results as they stood before an appeal, of those they have opened."""
    mine = (VersionRow.person_id == asked.id, VersionRow.cycle_id.in_(asked.opened))
    return _rows(asked, VersionRow, "cycle_id n document words replaced_at because", *mine)


def followed(asked: Asked) -> Rows:
    """What followed from results they have opened."""
    mine = (OutcomeRow.person_id == asked.id, OutcomeRow.cycle_id.in_(asked.opened))
    return _rows(asked, OutcomeRow, "cycle_id kind grade granted value reason decided_by at", *mine)


def commendations(asked: Asked) -> Rows:
    """Words that would be shown about them."""
    return _rows(asked, CommendationRow, "cycle_id words state at", CommendationRow.person_id == asked.id)


def pay(asked: Asked) -> Rows:
    """Target bonus and salary, as a file brought them in."""
    return _rows(asked, PayBaseRow, "cycle_id target salary midpoint", PayBaseRow.person_id == asked.id)


def plans(asked: Asked) -> Rows:
    """Their improvement plans, with what was written at each checkpoint; what is only proposed is not among it."""
    began = "id gap facts standard activities support duties starts_on days every started_at manager_id hr_id"
    columns = f"{began} more_days seen_at comments outcome why ended_on"
    rows = _rows(asked, PlanRow, columns, PlanRow.person_id == asked.id)
    return [
        {**row, "checkpoints": [_dated(one) for one in _rows(asked, PlanCheckpointRow, "n day standing seen done", of)]}
        for row in rows
        for of in [PlanCheckpointRow.plan_id == row.pop("id")]
    ]


def stand_ins(asked: Asked) -> Rows:
    """Who stood in for whom, where they are one of the two."""
    mine = or_(StandInRow.manager_id == asked.id, StandInRow.stand_in_id == asked.id)
    return _rows(asked, StandInRow, "manager_id stand_in_id first_day last_day", mine)


def warm_up(asked: Asked) -> Rows:
    """How they rated people who do not exist, if they calibrate."""
    return _rows(asked, WarmupRow, "cycle_id vignette level", WarmupRow.person_id == asked.id)


def told_others(asked: Asked) -> Rows:
    """Of what other systems were told in the last weeks; never what it was."""
    return _rows(asked, DeliveryRow, "event cycle_id at state", DeliveryRow.person_id == asked.id)


def kept_after_leaving(asked: Asked) -> Rows:
    """Why HR keeps their records although they left."""
    mine = (ErasureRow.person_id == asked.id, ErasureRow.reason != "")
    return _rows(asked, ErasureRow, "reason held_by held_at", *mine)


def looks(asked: Asked) -> Rows:
    """Who looked at what, and when."""
    mine = (AuditRow.about_id == asked.id, AuditRow.actor_id != asked.id, AuditRow.act.like("see\\_%", escape="\\"))
    return _rows(asked, AuditRow, "at actor_id act", *mine)
