"""The talk about goals as a table of moves, and what is frozen, compared and checked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.finding import Past
from bot.domain.goal import (
    MOVES,
    Goal,
    Move,
    Sheet,
    SheetState,
    Side,
    awaits,
    differences,
    moved,
    placed,
)
from bot.domain.goal_check import Level, blocking
from bot.domain.goal_record import document_of, goal_of, rules_hash
from bot.domain.goal_template import Known, check_sheet, goal_from, prefill
from bot.domain.measure import Anchor, Direction, Milestone, Point, check_measure
from bot.domain.refusal import Refused
from bot.domain.score_rules import RULES, ScoreRules
from bot.handlers.checkins.conversation import Row
from bot.handlers.checkins.views import value_of
from bot.slack.goal_words import aim
from bot.slack.words import Words
from bot.sources.templates import shipped

DUE = date(2027, 3, 31)
GOAL = Goal("g1", "Revenue", "Orders delivered", "CNY", Direction.HIGHER, Decimal(100), DUE, target=Decimal(300))
HARDER = replace(GOAL, target=Decimal(330))
DRAFT = Sheet("c", "ana", SheetState.DRAFT, 0, ())

ANA, BOSS = (Side.EMPLOYEE, "ana"), (Side.MANAGER, "boss")
Who = tuple[Side, str]


def talk(*said: tuple[Who, Move, tuple[Goal, ...] | None]) -> Sheet:
    """A sheet after these moves."""
    sheet = DRAFT
    for (side, by), move, goals in said:
        sheet = moved(sheet, side, move, by, goals)
    return sheet


PROPOSED = talk((ANA, Move.OFFER, (GOAL,)))
AGREED = moved(PROPOSED, Side.MANAGER, Move.AGREE, "boss")


# The talk ---------------------------------------------------------------------------------


def test_goals_are_agreed_by_the_one_who_did_not_offer() -> None:
    assert (AGREED.state, AGREED.version, AGREED.agreed, AGREED.revision) == (SheetState.AGREED, 1, (GOAL,), 2)
    countered = moved(PROPOSED, Side.MANAGER, Move.OFFER, "boss", (HARDER,), "more is possible")
    assert (countered.before, countered.goals, countered.comment) == ((GOAL,), (HARDER,), "more is possible")
    assert moved(countered, Side.EMPLOYEE, Move.AGREE, "ana").agreed == (HARDER,)


@pytest.mark.parametrize(
    ("sheet", "side", "by"),
    [
        (PROPOSED, Side.EMPLOYEE, "ana"),
        (moved(PROPOSED, Side.MANAGER, Move.OFFER, "boss", (HARDER,)), Side.MANAGER, "boss"),
        (moved(AGREED, Side.EMPLOYEE, Move.OFFER, "ana", (HARDER,)), Side.EMPLOYEE, "ana"),
        (moved(AGREED, Side.MANAGER, Move.OFFER, "boss", (HARDER,)), Side.MANAGER, "boss"),
        (moved(AGREED, Side.MANAGER, Move.OFFER, "boss", (HARDER,)), Side.MANAGER, "the new boss"),
    ],
)
def test_nobody_agrees_to_what_their_own_side_offered(sheet: Sheet, side: Side, by: str) -> None:
    with pytest.raises(Refused, match="Nobody agrees to their own values"):
        moved(sheet, side, Move.AGREE, by)


def test_a_change_holds_only_when_accepted_and_what_was_agreed_stays_until_then() -> None:
    asked = moved(AGREED, Side.MANAGER, Move.OFFER, "boss", (HARDER,))
    assert (asked.agreed, asked.version) == ((GOAL,), 1)
    accepted = moved(asked, Side.EMPLOYEE, Move.AGREE, "ana")
    assert (accepted.agreed, accepted.version, accepted.before) == ((HARDER,), 2, (GOAL,))
    for left in (
        moved(asked, Side.EMPLOYEE, Move.DECLINE, "ana"),
        moved(asked, Side.MANAGER, Move.WITHDRAW, "boss"),
    ):
        assert (left.state, left.goals, left.version) == (SheetState.AGREED, (GOAL,), 1)


def test_what_was_taken_back_is_a_draft_of_the_same_values() -> None:
    back = moved(PROPOSED, Side.EMPLOYEE, Move.WITHDRAW, "ana")
    assert (back.state, back.goals, back.version) == (SheetState.DRAFT, (GOAL,), 0)


@pytest.mark.parametrize("sheet", [DRAFT, PROPOSED, AGREED, moved(AGREED, Side.EMPLOYEE, Move.OFFER, "ana", (HARDER,))])
@pytest.mark.parametrize("who", [ANA, BOSS])
@pytest.mark.parametrize("move", list(Move))
def test_every_move_is_in_the_table_or_refused_in_words(sheet: Sheet, who: Who, move: Move) -> None:
    side, by = who
    in_turn = sheet.state is not SheetState.CHANGING or awaits(sheet, side) is (move is not Move.WITHDRAW)
    if (sheet.state, side, move) not in MOVES or not in_turn:
        with pytest.raises(Refused, match=r"\.$"):
            moved(sheet, side, move, by, (HARDER,))
        return
    after = moved(sheet, side, move, by, (HARDER,))
    assert after.state is MOVES[sheet.state, side, move]
    assert after.revision == sheet.revision + 1
    assert not (awaits(sheet, side) and awaits(after, side))


def test_exactly_one_side_is_awaited_while_an_offer_lies_on_the_table() -> None:
    for sheet in (PROPOSED, moved(AGREED, Side.MANAGER, Move.OFFER, "boss", (HARDER,))):
        assert sorted(awaits(sheet, side) for side in Side) == [False, True]
    assert not any(awaits(sheet, side) for sheet in (DRAFT, AGREED) for side in Side)


# What changed -----------------------------------------------------------------------------


def test_differences_name_the_fields_the_new_and_the_dropped() -> None:
    other, new = replace(GOAL, id="g2"), replace(GOAL, id="g3")
    found = differences((GOAL, other), (HARDER, new))
    assert [(one.before, one.after, one.fields) for one in found] == [
        (GOAL, HARDER, ("target",)),
        (None, new, ()),
        (other, None, ()),
    ]
    assert differences((GOAL,), (GOAL,)) == []


# What is kept -----------------------------------------------------------------------------


def test_every_goal_of_every_template_is_read_back_as_it_was_written() -> None:
    goals = [goal for template in shipped().values() for lang in ("en", "zh") for goal in prefill(template, lang, DUE)]
    assert len(goals) > 20
    assert [goal_of(document_of(goal)) for goal in goals] == goals


def test_a_goal_of_points_and_dated_milestones_is_read_back_as_it_was_written() -> None:
    goal = replace(
        GOAL,
        milestones=(Milestone("Lease signed", Decimal(40), date(2027, 2, 26)), Milestone("Shipped", Decimal(60))),
        levels=(Anchor(Decimal(1), "Needs reminders", Decimal("0.6")),),
        points=(Point(Decimal(240), Decimal("0.5")), Point(Decimal(300), Decimal(1))),
    )
    assert goal_of(document_of(goal)) == goal


def test_a_goal_written_before_there_were_points_is_still_read() -> None:
    document = document_of(replace(GOAL, milestones=(Milestone("Lease signed", Decimal(40)),)))
    del document["points"]
    assert goal_of(document).milestones == (Milestone("Lease signed", Decimal(40)),)
    assert goal_of(document).points == ()


def test_the_fingerprint_changes_with_the_goals_the_template_and_the_rules_alone() -> None:
    first = rules_hash((GOAL,), "t", RULES)
    assert first == rules_hash((replace(GOAL, target=Decimal("300.00")),), "t", RULES)
    others = {
        rules_hash((HARDER,), "t", RULES),
        rules_hash((GOAL,), "u", RULES),
        rules_hash((GOAL,), "t", ScoreRules(item_cap=Decimal("1.5"))),
    }
    assert len({first, *others}) == 4


# The template -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("department", list(shipped()))
def test_what_a_department_proposes_can_be_agreed_as_it_is(department: str, language: str) -> None:
    template = shipped()[department]
    goals = prefill(template, language, DUE)
    assert placed(goals) == 100
    assert blocking(check_sheet(goals, template)) == []
    for goal in goals:
        check_measure(goal.to_measure())


def test_missing_history_is_said_once_for_the_whole_set() -> None:
    template = shipped()["sales"]
    hints = [one for one in check_sheet(prefill(template, "en", DUE), template) if one.level is Level.HINT]
    assert [(one.rule, one.goal) for one in hints] == [("difficulty", None)]


def test_where_one_goal_has_a_history_the_hint_speaks_of_the_others() -> None:
    template = shipped()["sales"]
    known = Known({("visits", "visits"): Past(own=(Decimal(60),) * 4)})
    (hint,) = [one for one in check_sheet(prefill(template, "en", DUE), template, known) if one.level is Level.HINT]
    assert "the other goals" in hint.sentence.text


def test_a_goal_without_its_counterweight_is_warned_in_the_words_of_its_language() -> None:
    template = shipped()["sales"]
    goals = [goal for goal in prefill(template, "zh", DUE) if goal.id != "complaint_rate"]
    guard = next(one for one in check_sheet(goals, template) if one.rule == "guard")
    assert guard.sentence.facts == {"title": "销售额", "guard": "客户投诉率"}


def test_what_cannot_be_scored_blocks_and_says_why() -> None:
    template = shipped()["sales"]
    kpi = template.kpi("complaint_rate")
    assert kpi
    goal = replace(goal_from(kpi, "en", DUE), target=Decimal(6), weight=Decimal(100))
    found = [one for one in check_sheet([goal], template) if one.rule == "target"]
    assert [one.level for one in found] == [Level.BLOCK]
    assert "must be below the baseline" in found[0].sentence.text


def test_a_stretch_goes_into_the_measure_and_a_senseless_one_blocks() -> None:
    template = shipped()["sales"]
    assert replace(GOAL, stretch=Decimal(400)).to_measure().curve[-1][1] == Decimal("1.2")
    found = check_sheet([replace(GOAL, stretch=Decimal(200))], template)
    assert [one.rule for one in found if one.rule == "stretch"] == ["stretch"]


LEVELS = (
    Anchor(Decimal(4), "Others build on it", Decimal(1)),
    Anchor(Decimal(1), "A start was made", Decimal("0.2")),
    Anchor(Decimal(5), "The field learns from it", Decimal("1.2")),
)
DEPTH = replace(GOAL, direction=Direction.RUBRIC, unit="", target=None, levels=LEVELS)


def test_a_rubric_aims_at_the_level_that_is_worth_all_of_it_and_not_at_the_best() -> None:
    assert aim(Words("en"), DEPTH) == "Others build on it"
    assert aim(Words("en"), replace(DEPTH, target=Decimal(5))) == "The field learns from it"
    assert aim(Words("en"), replace(DEPTH, levels=LEVELS[1:2])) == "A start was made"


def test_a_target_reads_with_its_direction_and_a_value_beside_it_too() -> None:
    returns = replace(GOAL, direction=Direction.LOWER, unit="%", target=Decimal(2))
    stock = replace(GOAL, direction=Direction.RANGE, unit="%", target=None, low=Decimal(15), high=Decimal(20))
    assert [aim(Words("en"), one) for one in (GOAL, returns, stock)] == [
        "at least 300 CNY",
        "at most 2 %",
        "15 to 20 %",
    ]
    assert aim(Words("zh"), returns) == "至多 2%"
    shown = [value_of(Words("en"), Row(one, Decimal("33.6"), None)) for one in (GOAL, returns, stock)]
    assert shown == ["33.6 of 300 CNY", "33.6 %, at most 2 %", "33.6 %, 15 to 20 %"]
