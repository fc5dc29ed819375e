"""A grade is changed by people, with a reason and evidence; the number and what the rules made stay as they are."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.board import (
    Figures,
    by_difference,
    distribution,
    drift,
    grades_before,
    pairs,
    perhaps_too_low,
    to_look_at_again,
)
from bot.domain.calibration import (
    CALIBRATED,
    Change,
    by_the_rules,
    calibrated,
    check_change,
    counting,
    evidence_in,
    unseen_by,
)
from bot.domain.composite import Component
from bot.domain.explain import differences, from_json, to_json
from bot.domain.proof import mistakes
from bot.domain.refusal import Refused
from bot.domain.review import Kind, Review, State
from bot.domain.score import assess
from bot.domain.score_rules import ScoreRules
from bot.domain.vignettes import spread
from bot.domain.why import worth_of
from bot.handlers.calibration.shown import drift_lines
from bot.slack.words import Words
from tests.domain.scoring import goal, person, value

D = Decimal
GRADES = ("S", "A", "B", "C", "D")
DAYS = (date(2027, 1, 1), date(2027, 4, 16))
AT = datetime(2027, 4, 16, 9, tzinfo=UTC)
REASON = "The order of March was won by her alone, as two customers wrote."
UP = Change("c1", "U01EMILY", "B", "B", "A", REASON, "https://lantern.example/42", None, "U01KATRIN", AT)
RULES = ScoreRules()


def outcome(reached: int = 96):
    """One goal reached to so many percent, rated 4 of 5: with 96 a B."""
    return assess(person((goal("a", 100),), {"a": value(reached)}), RULES)


# What a change needs ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"after": "B"}, "another grade"),
        ({"after": "Z"}, "another grade"),
        ({"reason": "She was better"}, "at least {least} characters"),
        ({"reason": "." * 40}, "at least {least} characters"),
        ({"link": ""}, "name the evidence"),
        ({"link": "see the wiki"}, "no address"),
        ({"link": "javascript:alert(1)"}, "no address"),
        ({"link": "https://lantern.example/<!channel>"}, "no address"),
        ({"link": "", "day": date(2026, 12, 31)}, "choose a day"),
        ({"link": "", "day": date(2027, 4, 17)}, "choose a day"),
    ],
)
def test_a_change_needs_another_grade_a_reason_and_evidence(wrong: dict[str, Any], said: str):
    with pytest.raises(Refused) as refused:
        check_change(replace(UP, **wrong), GRADES, DAYS)
    assert said in refused.value.sentence.text


@pytest.mark.parametrize(
    "fine",
    [{}, {"link": "", "day": date(2027, 3, 2)}, {"reason": "她独自赢得了三月的订单，两位客户都写信说明了这一点。"}],
)
def test_a_link_or_a_day_is_evidence_in_both_languages(fine: dict[str, Any]):
    check_change(replace(UP, **fine), GRADES, DAYS)


RECORDED = Review(
    "c1", "U01EMILY", "U01THOMAS", Kind.MANAGER, State.SENT, {"selling": 2}, {}, "C",
    {
        "why_g1": "Three of the four largest customers were lost to others in February",
        "example": "The Hamburg offer left the house nine days late", "example_day": "2027-02-12",
        "earlier": "not_raised",
    },
)  # fmt: skip

# What a change does ----------------------------------------------------------------------


def test_the_number_and_its_tree_stay_beneath_the_changed_grade():
    made = outcome()
    after = calibrated(made, UP, GRADES)
    assert (made.band, after.band, after.score) == ("B", "A", made.score)
    assert after.tree.formula == CALIBRATED
    assert by_the_rules(after.tree) == made.tree
    assert list(differences(after.tree)) == []
    assert from_json(to_json(after.tree)) == after.tree
    assert {name: each.value for name, each in after.tree.inputs.items()} == {"earned": 3, "given": 4}
    assert worth_of(after.tree, Component.GOALS) == 96
    assert worth_of(after.tree, Component.MANAGER) == 75
    assert worth_of(after.tree, Component.PEER) is None


def test_a_change_counts_only_while_the_rules_make_the_grade_that_was_looked_at():
    moved = outcome(125)
    assert moved.band == "A"
    assert calibrated(moved, UP, GRADES) == moved
    assert counting([UP, replace(UP, before="A", after="S", n=2)], "B")[-1].after == "S"
    assert counting([UP], "C") == ()
    assert counting([UP, replace(UP, formula="C", before="C", n=2)], "B") == ()


def exported(changes: list[Change], band: str | None = None) -> dict[str, Any]:
    after = calibrated(outcome(), changes[-1] if changes else None, GRADES)
    one = {
        "person": {"email": "emily@lantern.example"}, "rated": "rated", "score": str(after.score),
        "band": band or after.band, "formula_band": "B", "reasons": [], "rules": RULES.written,
        "rules_hash": RULES.hash, "tree": to_json(after.tree),
        "calibration": [{"formula": each.formula, "before": each.before, "after": each.after} for each in changes],
    }  # fmt: skip
    return {"format": 1, "results": [one]}


def test_verification_accepts_the_changed_grade_exactly_and_no_other():
    again = replace(UP, before="A", after="S", n=2)
    back = replace(UP, before="A", after="B", n=2)
    assert [mistakes(exported(each)) for each in ([], [UP], [UP, again], [UP, back])] == [[], [], [], []]
    for forged in (exported([UP], "S"), exported([UP], "B"), exported([UP], "C"), exported([], "A"), exported([], "C")):
        assert "the grade is" in " ".join(mistakes(forged))
    without = exported([UP])
    without["results"][0]["calibration"] = []
    assert "make B" in " ".join(mistakes(without))
    bare = exported([UP])
    bare["results"][0]["tree"] = bare["results"][0]["tree"]["children"][0]
    assert "does not show the change" in " ".join(mistakes(bare))
    broken = exported([UP, replace(again, before="C")])
    assert "begins at C" in " ".join(mistakes(broken))


def test_an_export_made_before_there_was_calibration_is_read_as_it_was():
    old = exported([])
    del old["results"][0]["formula_band"], old["results"][0]["calibration"]
    assert mistakes(old) == []


def test_evidence_is_counted_by_its_days():
    assert (evidence_in(RECORDED, 2).dated, evidence_in(RECORDED).not_raised) == (1, True)
    assert evidence_in(None).missing
    assert evidence_in(replace(RECORDED, state=State.DRAFT)).missing


def test_nobody_sees_themself_or_anybody_above_them():
    managers = {"emily": "thomas", "thomas": "qiang", "qiang": "jianguo", "jianguo": "", "lena": "thomas"}
    assert unseen_by("thomas", managers) == {"thomas", "qiang", "jianguo"}


# The board -------------------------------------------------------------------------------


def line(person_id: str, grade: str, attainment: str, rating: str) -> Figures:
    return Figures(person_id, D(90), grade, grade, D(attainment), D(rating))


BOARD = (
    line("emily", "B", "98.4", "75"),
    line("jonas", "A", "98.9", "75"),
    line("lena", "S", "110", "100"),
    line("pierre", "D", "98.0", "40"),
    line("sofia", "B", "60", "80"),
)


def test_those_furthest_apart_come_first_and_the_too_low_have_a_list_of_their_own():
    assert [one.person_id for one in by_difference(BOARD)] == ["pierre", "jonas", "emily", "sofia", "lena"]
    assert [one.person_id for one in perhaps_too_low(BOARD)] == ["pierre", "jonas", "emily", "lena"]


def test_pairs_reached_the_same_within_a_point_and_got_other_grades():
    found = [(pair.higher.person_id, pair.lower.person_id) for pair in pairs(BOARD, GRADES, 10)]
    assert found == [("jonas", "pierre"), ("emily", "pierre"), ("jonas", "emily")]
    assert pairs((line("a", "A", "98", "1"), line("b", "B", "96.99", "1")), GRADES, 10) == []


def test_a_grade_that_moved_after_it_was_changed_is_looked_at_again():
    stale = replace(UP, person_id="jonas", formula="C")
    assert [
        one.person_id for one in to_look_at_again(BOARD, {"jonas": stale, "emily": replace(UP, person_id="emily")})
    ] == ["jonas"]


def test_drift_tells_the_mean_the_spread_and_both_directions():
    before = dict(zip("abcdefgh", "SSDDBBBB", strict=True))
    found = drift(before, dict(zip("abcdefgh", "AACCBBBB", strict=True)), GRADES)
    # 5, 5, 1, 1 and four 3 became 4, 4, 2, 2: the mean stays 3, the spread falls from √2 to √½, that is by half
    assert (found.mean, found.up, found.down, found.levelled) == (0, 2, 2, True)
    assert found.narrower == D("0.5")
    assert round(found.spread, 4) == D("-0.7071")
    assert not drift(before, before, GRADES).levelled
    assert drift({}, {}, GRADES).up == 0
    assert distribution(before.values(), GRADES) == {"S": 2, "A": 0, "B": 4, "C": 0, "D": 2}
    assert drift_lines(Words("en"), found) == (
        "2 raised, 2 lowered  ·  average ±0.00 and spread −0.71 grade points\n"
        "*The spread shrank by 50 %. Were differences looked at, or levelled?*"
    )


def test_of_fewer_than_eight_people_an_average_and_a_spread_say_nothing():
    few = drift(dict(zip("abcdefg", "SDBBBBB", strict=True)), dict.fromkeys("abcdefg", "B"), GRADES)
    assert not few.levelled
    assert drift_lines(Words("en"), few) == "1 raised, 1 lowered"


def test_the_grades_before_a_meeting_are_those_that_its_first_changes_began_at():
    now = (replace(line("emily", "S", "1", "1"), formula="B"), line("jonas", "A", "1", "1"))
    twice = [replace(UP, person_id="emily"), replace(UP, person_id="emily", before="A", after="S", n=2)]
    assert grades_before(now, twice) == {"emily": "B", "jonas": "A"}


def test_the_spread_of_a_warm_up_is_shown_from_three_ratings_on():
    assert spread([2, 5]) is None
    found = spread([5, 2, 3])
    assert (found.count, found.lowest, found.highest, found.middle) == (3, 2, 5, 3)
