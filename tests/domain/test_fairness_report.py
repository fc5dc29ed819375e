"""The report of a cycle: what HR reads of a company, and what nobody reads of few people."""

import json

import numpy as np
import pytest

from bot.domain.fairness_questions import report
from bot.domain.fairness_report import Assessed, Question, Verdict, from_document


def company(*, strict=0.0, seed=1, teams=12, size=10, moved=()):
    """Three departments of four teams; the first manager rates lower by so many points of a hundred."""
    rng = np.random.default_rng(seed)
    people = []
    for n in range(teams * size):
        team, attainment = n // size, float(rng.normal(92, 8))
        rating = float(np.clip(60 + (attainment - 92) / 2 + rng.normal(0, 12), 0, 100)) - strict * (team == 0)
        formula = int(np.clip(round((104 - attainment) / 8), 0, 4))
        grade = formula - 1 if n in moved and formula else formula
        job = "engineer" if n % 3 else "analyst"
        people.append(
            Assessed(
                f"p{n}", f"m{team:02}", f"d{team // 4}", job, False, rating, attainment, attainment, formula, grade
            )
        )
    return people


def standing_out(found):
    return [(one.question, one.group) for one in found.findings if one.stands_out]


def test_a_company_without_bias_has_nothing_that_stands_out():
    assert standing_out(report(company())) == []


def test_a_strict_manager_stands_out_also_against_results():
    found = standing_out(report(company(strict=25)))
    assert (Question.MANAGERS, "m00") in found
    assert (Question.SAME_RESULT, "m00") in found


def test_a_department_whose_grades_were_moved_up_is_seen():
    found = report(company(moved=range(40)))
    changes = found.of(Question.CHANGES)
    assert (changes[0].group, changes[0].verdict) == ("d0", Verdict.FLAG)
    assert changes[0].difference > 0


def test_where_calibration_moved_nothing_there_is_nothing_to_compare():
    assert report(company()).of(Question.CHANGES) == []


def test_teams_of_four_are_counted_and_never_told():
    found = report(company(size=4))
    assert found.of(Question.MANAGERS) == []
    assert found.hidden[Question.MANAGERS] == 12


def test_teams_of_six_are_too_few_to_tell_however_they_differ():
    found = report(company(size=6, strict=40)).of(Question.MANAGERS)
    assert {one.verdict for one in found} == {Verdict.TOO_FEW}


def test_what_two_cycles_say_weakly_is_looked_at():
    before = report(company(strict=8, seed=3))
    now = report(company(strict=8, seed=7), before)
    mine = next(one for one in now.of(Question.MANAGERS) if one.group == "m00")
    assert mine.verdict is Verdict.NOTHING
    assert mine.repeated
    assert mine.both_q < 0.05 <= mine.q
    assert mine.both < -0.5
    assert from_document(json.loads(json.dumps(now.document()))) == now


def test_a_report_of_an_older_release_is_read_without_what_it_got_wrong():
    kept = json.loads(json.dumps(report(company(strict=25)).document()))
    for one in kept["findings"]:
        del one["both"], one["both_q"], one["rate"], one["best"]
        one |= {"repeated": True, "low": 0.1, "high": 99.0}
    found = from_document(kept)
    assert found.of(Question.BEST_GRADE) == []
    assert (Question.MANAGERS, "m00") in standing_out(found)
    assert not any(one.repeated for one in found.findings)


def test_a_report_is_kept_and_read_again():
    found = report(company(strict=25, moved=[3]))
    assert from_document(json.loads(json.dumps(found.document()))) == found


def test_people_without_figures_are_left_out():
    bare = [Assessed(f"x{n}", "m00", "d0", "engineer") for n in range(20)]
    assert standing_out(report([*company(), *bare])) == []
    assert report(bare).findings == ()
    assert report([]).people == 0


@pytest.mark.parametrize("question", [Question.MANAGERS, Question.DEPARTMENTS, Question.SAME_RESULT])
def test_the_order_of_people_changes_nothing(question):
    people = company(strict=25)
    one, other = report(people).of(question), report(people[::-1]).of(question)
    assert [(each.group, each.verdict) for each in one] == [(each.group, each.verdict) for each in other]
    assert [each.effect for each in one] == pytest.approx([each.effect for each in other])
