"""Rights as one table: who may do what about whom. Asked again at the moment of acting."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What the actor is to the person whose record it is."""

    SELF = "self"
    MANAGER = "manager"
    NEXT_MANAGER = "next_manager"
    HEAD = "head"
    HR = "hr"
    COLLEAGUE = "colleague"
    CALIBRATOR = "calibrator"
    FINANCE = "finance"
    OWNER = "owner"


class Act(StrEnum):
    """What somebody wants to do to a record."""

    RUN_CYCLE = "run_cycle"
    IMPORT = "import"
    DRAFT_GOALS = "draft_goals"
    AGREE_GOALS = "agree_goals"
    SEE_GOALS = "see_goals"
    CHECK_IN = "check_in"
    SEE_CHECKINS = "see_checkins"
    ANSWER_CHECKIN = "answer_checkin"
    ASK_SUPPORT = "ask_support"
    GIVE_SUPPORT = "give_support"
    SEE_SUPPORT = "see_support"
    PLAN_TALK = "plan_talk"
    HOLD_TALK = "hold_talk"
    SEE_ANSWERING = "see_answering"
    NOMINATE_RATERS = "nominate_raters"
    APPROVE_RATERS = "approve_raters"
    GIVE_FEEDBACK = "give_feedback"
    REVIEW_SELF = "review_self"
    REVIEW_AS_MANAGER = "review_as_manager"
    SEE_REVIEW = "see_review"
    RELEASE_RESULTS = "release_results"
    SEE_RESULT = "see_result"
    SEE_ALL_RESULTS = "see_all_results"
    SEE_ALL_GOALS = "see_all_goals"
    COUNT_CHECKINS = "count_checkins"
    FOLLOW_ACTIONS = "follow_actions"
    ANSWER_RESULT = "answer_result"
    READ_FEEDBACK = "read_feedback"
    PLACE_PEOPLE = "place_people"
    SET_OBJECTIVE = "set_objective"
    GIVE_OBJECTIVE = "give_objective"
    REPORT_VALUE = "report_value"
    CONFIRM_VALUE = "confirm_value"
    EDIT_TEMPLATE = "edit_template"
    SET_WEEK = "set_week"
    SET_CALENDAR = "set_calendar"
    GIVE_EVIDENCE = "give_evidence"
    SAVE_EVIDENCE = "save_evidence"
    SHARE_EVIDENCE = "share_evidence"
    SEE_EVIDENCE = "see_evidence"
    PROPOSE_ADJUSTMENT = "propose_adjustment"
    DECIDE_ADJUSTMENT = "decide_adjustment"
    SEE_BOARD = "see_board"
    CALIBRATE = "calibrate"
    SEE_FAIRNESS = "see_fairness"
    NAME_STAND_IN = "name_stand_in"
    SEE_OUTCOMES = "see_outcomes"
    DECIDE_OUTCOME = "decide_outcome"
    SEE_POOL = "see_pool"
    MAKE_POOL = "make_pool"
    PREPARE_INTERVIEW = "prepare_interview"
    HOLD_INTERVIEW = "hold_interview"
    CONFIRM_MINUTES = "confirm_minutes"
    SEE_INTERVIEWS = "see_interviews"
    START_PLAN = "start_plan"
    SEE_PLAN = "see_plan"
    WRITE_CHECKPOINT = "write_checkpoint"
    END_PLAN = "end_plan"
    TELL_SYSTEMS = "tell_systems"
    ERASE_LEAVERS = "erase_leavers"
    SEE_PROCESS = "see_process"
    PROPOSE_CHANGE = "propose_change"
    DECIDE_CHANGE = "decide_change"


_SELF, _MANAGER, _HR = Role.SELF, Role.MANAGER, Role.HR

RIGHTS: Mapping[Act, frozenset[Role]] = {
    Act.RUN_CYCLE: frozenset({_HR}),
    Act.IMPORT: frozenset({_HR}),
    Act.DRAFT_GOALS: frozenset({_SELF}),
    Act.AGREE_GOALS: frozenset({_MANAGER}),
    Act.SEE_GOALS: frozenset({_SELF, _MANAGER, Role.NEXT_MANAGER, Role.HEAD, _HR}),
    Act.CHECK_IN: frozenset({_SELF}),
    Act.SEE_CHECKINS: frozenset({_SELF, _MANAGER}),
    Act.ANSWER_CHECKIN: frozenset({_MANAGER}),
    Act.ASK_SUPPORT: frozenset({_SELF}),
    Act.GIVE_SUPPORT: frozenset({_MANAGER}),
    Act.SEE_SUPPORT: frozenset({_SELF, _MANAGER}),
    Act.PLAN_TALK: frozenset({_MANAGER}),
    Act.HOLD_TALK: frozenset({_SELF, _MANAGER}),
    Act.SEE_ANSWERING: frozenset({_MANAGER}),
    Act.NOMINATE_RATERS: frozenset({_SELF}),
    Act.APPROVE_RATERS: frozenset({_MANAGER}),
    Act.GIVE_FEEDBACK: frozenset({Role.COLLEAGUE}),
    Act.REVIEW_SELF: frozenset({_SELF}),
    Act.REVIEW_AS_MANAGER: frozenset({_MANAGER}),
    Act.SEE_REVIEW: frozenset({_SELF, _MANAGER, _HR}),
    Act.RELEASE_RESULTS: frozenset({_HR}),
    Act.SEE_RESULT: frozenset({_SELF, _MANAGER, _HR}),
    Act.SEE_ALL_RESULTS: frozenset({_HR}),
    Act.SEE_ALL_GOALS: frozenset({_HR}),
    Act.COUNT_CHECKINS: frozenset({_HR}),
    Act.FOLLOW_ACTIONS: frozenset({_HR}),
    Act.ANSWER_RESULT: frozenset({_SELF}),
    Act.READ_FEEDBACK: frozenset({_SELF, _MANAGER}),
    Act.PLACE_PEOPLE: frozenset({_HR}),
    Act.SET_OBJECTIVE: frozenset({_HR}),
    Act.GIVE_OBJECTIVE: frozenset({_SELF, _MANAGER, Role.HEAD, _HR}),
    Act.REPORT_VALUE: frozenset({_SELF, _MANAGER}),
    Act.CONFIRM_VALUE: frozenset({_SELF, _MANAGER}),
    Act.EDIT_TEMPLATE: frozenset({_HR}),
    Act.SET_WEEK: frozenset({_SELF, _HR}),
    Act.SET_CALENDAR: frozenset({_HR}),
    Act.GIVE_EVIDENCE: frozenset({Role.COLLEAGUE}),
    Act.SAVE_EVIDENCE: frozenset({_SELF, _MANAGER}),
    Act.SHARE_EVIDENCE: frozenset({_SELF}),
    Act.SEE_EVIDENCE: frozenset({_SELF, _MANAGER}),
    Act.PROPOSE_ADJUSTMENT: frozenset({_MANAGER, _HR}),
    Act.DECIDE_ADJUSTMENT: frozenset({_HR}),
    Act.SEE_BOARD: frozenset({_HR, Role.CALIBRATOR}),
    Act.CALIBRATE: frozenset({_HR, Role.CALIBRATOR}),
    Act.SEE_FAIRNESS: frozenset({_HR}),
    Act.NAME_STAND_IN: frozenset({_SELF, _HR}),
    Act.SEE_OUTCOMES: frozenset({_SELF, _MANAGER, _HR}),
    Act.DECIDE_OUTCOME: frozenset({_HR}),
    Act.SEE_POOL: frozenset({_HR, Role.FINANCE}),
    Act.MAKE_POOL: frozenset({Role.FINANCE}),
    Act.PREPARE_INTERVIEW: frozenset({_SELF, _MANAGER}),
    Act.HOLD_INTERVIEW: frozenset({_MANAGER}),
    Act.CONFIRM_MINUTES: frozenset({_SELF}),
    Act.SEE_INTERVIEWS: frozenset({_HR}),
    Act.START_PLAN: frozenset({_MANAGER, _HR}),
    Act.SEE_PLAN: frozenset({_SELF, _MANAGER, _HR}),
    Act.WRITE_CHECKPOINT: frozenset({_MANAGER}),
    Act.END_PLAN: frozenset({_MANAGER, _HR}),
    Act.TELL_SYSTEMS: frozenset({_HR}),
    Act.ERASE_LEAVERS: frozenset({_HR}),
    Act.SEE_PROCESS: frozenset({_HR, Role.OWNER}),
    Act.PROPOSE_CHANGE: frozenset({_HR}),
    Act.DECIDE_CHANGE: frozenset({Role.OWNER}),
}

BARRED: Mapping[Act, frozenset[Role]] = {
    Act.AGREE_GOALS: frozenset({_SELF}),
    Act.ANSWER_CHECKIN: frozenset({_SELF}),
    Act.GIVE_SUPPORT: frozenset({_SELF}),
    Act.APPROVE_RATERS: frozenset({_SELF}),
    Act.GIVE_FEEDBACK: frozenset({_SELF}),
    Act.GIVE_EVIDENCE: frozenset({_SELF}),
    Act.REVIEW_AS_MANAGER: frozenset({_SELF}),
    Act.PROPOSE_ADJUSTMENT: frozenset({_SELF}),
    Act.DECIDE_ADJUSTMENT: frozenset({_SELF}),
    Act.CALIBRATE: frozenset({_SELF, _MANAGER, Role.NEXT_MANAGER}),
    Act.DECIDE_OUTCOME: frozenset({_SELF}),
    Act.HOLD_INTERVIEW: frozenset({_SELF}),
    Act.START_PLAN: frozenset({_SELF}),
    Act.WRITE_CHECKPOINT: frozenset({_SELF}),
    Act.END_PLAN: frozenset({_SELF}),
}
"""Nobody is both judge and party, whatever else they are."""


def may(roles: Collection[Role], act: Act) -> bool:
    """Whether somebody with these roles toward a person may do this to that person's record."""
    held = frozenset(roles)
    return bool(RIGHTS[act] & held) and not BARRED.get(act, frozenset()) & held
