"""Those who calibrate look at results side by side, change a grade with a reason, and its person reads why."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.cycle import Cycle
from bot.domain.explain import to_json
from bot.domain.org import Person
from bot.domain.proof import mistakes
from bot.domain.review import Kind, Review, State
from bot.handlers.calibration import lens
from bot.slack.words import Words
from bot.store import audit, calibrations, export, people, results
from bot.store.actuals import ReportedRow
from bot.store.reviews import ReviewRow
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.forging import Forger
from tests.stories import ended_quarter, planned, reported_values, reviewed

CALIBRATING, RELEASING = "2027-04-15T21:30:00+08:00", "2027-04-23T10:00:00+08:00"
NAMES = ("emily", "jonas", "lena", "thomas")
REASON = "Two customers wrote that the March order was hers alone"
RECORDED = {
    "why_revenue": "Three of the four largest customers went elsewhere in February",
    "example": "The Hamburg offer left nine days late", "example_day": "2027-02-12", "earlier": "not_raised",
    "strength": "Kept calm when the customer threatened to leave", "strength_day": "2027-03-10",
}  # fmt: skip


@lived_once
def computed_quarter(company: Company) -> Cycle:
    """Four results of sales are computed. Katrin of R&D and Thomas, their manager, calibrate; Mei leads HR."""
    cycle = ended_quarter(company, *NAMES)
    reported_values(company, cycle, *NAMES)
    for name, grade in zip(NAMES, (2, 4, 3, 4), strict=True):
        reviewed(company, cycle, name, grade)
    for name in ("katrin", "thomas"):
        company.knows(lambda session, name=name: people.grant(session, company.person(name).id, "calibrator"))
    company.winds(to=CALIBRATING)
    planned(company, "scoring.compute", cycle.id)
    return cycle


@pytest.fixture
def quarter(company: Company) -> Cycle:
    return computed_quarter(company)


def result_of(company: Company, cycle: Cycle, name: str) -> results.Result:
    return company.knows(lambda session: results.result(session, cycle.id, company.person(name).id))


def noted(company: Company, name: str, notes: Mapping[str, str]) -> None:
    """The manager's review of somebody holds these notes and no others."""
    about = select(ReviewRow).where(ReviewRow.person_id == company.person(name).id)

    def write(session: Session) -> None:
        for review in session.scalars(about):
            review.notes = dict(notes)

    company.knows(write)


def meeting(company: Company) -> Persona:
    """Mei opens the meeting, and Katrin the board."""
    company.person("mei").types("/cairn calibrate")
    company.person("mei").clicks("开始校准会")
    katrin = company.person("katrin")
    katrin.clicks("To the board")
    return katrin


def change(somebody: Persona, name: str, after: str, **values: str) -> None:
    somebody.clicks("Look", near=name)
    somebody.clicks("Change the grade")
    somebody.submits(after=after, **{"reason": REASON, "day": "2027-03-10", **values})


def other(grade: str, by: int) -> str:
    """A grade so many steps lower (or higher, below zero)."""
    return "SABCD"["SABCD".index(grade) + by]


def mistakes_in(company: Company, cycle: Cycle) -> list[str]:
    return mistakes(company.knows(lambda session: export.results_of(session, cycle)))


def test_a_grade_is_changed_with_a_reason_and_its_person_reads_why(company: Company, quarter: Cycle) -> None:
    made = result_of(company, quarter, "emily")
    katrin = meeting(company)
    assert katrin.pushes[-1] == "The review meeting of 2027-Q1 is open. Results are looked at side by side."
    after = other(made.outcome.band, -1)
    katrin.clicks("Look", near="Emily Carter")
    assert f"The manager expected {made.outcome.band}." in katrin.sees()
    reason = "It stayed well away from what we had agreed on in January"
    assert f"Why, for “Sales revenue”\n>{reason}" in katrin.sees()
    assert f"Why, for “Customer visits”\n>{reason}" in katrin.sees()
    assert "Not raised before." in katrin.sees()
    katrin.clicks("Change the grade")
    assert "A: 100 to under 110 · all that was agreed" in katrin.sees()
    katrin.submits(after=after, reason="Better than that")
    assert katrin.errors == {"reason": "Please write a reason of at least 20 characters: what does the evidence show?"}
    katrin.submits(after=after, reason=REASON)
    assert "Please name the evidence" in katrin.errors["link"]
    katrin.submits(after=after, reason=REASON, link="https://lantern.example/march", day="2027-03-10")
    assert f"Changed from {made.outcome.band} to {after}." in katrin.sees()
    assert f"{after}, by the rules {made.outcome.band}" in katrin.sees()
    changed = result_of(company, quarter, "emily")
    assert (changed.outcome.band, changed.formula_band) == (after, made.outcome.band)
    assert changed.outcome.score == made.outcome.score
    assert to_json(changed.outcome.tree)["children"] == [to_json(made.outcome.tree)]
    assert mistakes_in(company, quarter) == []
    acts = company.knows(lambda session: audit.about(session, company.person("emily").id))
    assert {"see_board", "calibrate"} <= {one.act for one in acts}

    company.winds(to=RELEASING)
    planned(company, "scoring.offer_release", quarter.id)
    company.person("mei").clicks("发布结果")
    company.winds(to="2027-04-23T10:00:00-04:00")
    emily = company.person("emily")
    emily.clicks("Open my result")
    page = emily.sees()
    assert f"{after}, after the review meeting. By the rules {made.outcome.band}: " in page
    assert f"Your manager's rating was 2 of 5; by the rules the grade was {made.outcome.band}." in page
    assert f"After the review meeting on 15 Apr 2027 it became {after}." in page
    assert f"Reason given: {REASON}" in page
    assert "Evidence used: https://lantern.example/march, what was seen on 10 Mar 2027" in page
    assert "Nobody's rating was changed by a formula." in page
    assert "Katrin" not in page
    emily.clicks("Why?", near="How the result is made")
    assert f"grade {made.outcome.band} changed to {after} by people" in emily.sees()
    emily.closes()
    katrin.closes()
    katrin.closes()
    katrin.types("/cairn calibrate")
    katrin.clicks("Look", near="Emily Carter")
    assert "before results are given" in katrin.sees()


def test_a_chinese_reader_is_told_in_chinese_and_an_untouched_result_says_so(company: Company, quarter: Cycle) -> None:
    change(meeting(company), "Jonas Weber", "S", link="https://lantern.example/hamburg")
    company.winds(to=RELEASING)
    planned(company, "scoring.offer_release", quarter.id)
    company.person("mei").clicks("发布结果")
    company.winds(to="2027-04-23T15:00:00+02:00")
    jonas, lena = company.person("jonas"), company.person("lena")
    lena.clicks("Open my result")
    assert "Calibration changed nothing here" in lena.sees()
    jonas.opens_home()
    jonas.chooses("中文")
    jonas.types("/cairn result")
    assert "在2027年4月15日的校准会之后，改为 S。" in jonas.sees()
    assert "依据：https://lantern.example/hamburg" in jonas.sees()
    assert "没有任何人的评分被公式调整过。" in jonas.sees()


def test_a_lower_grade_waits_for_its_reasons_and_asks_who_is_too_low(company: Company, quarter: Cycle) -> None:
    katrin, mei = meeting(company), company.person("mei")
    change(katrin, "Jonas Weber", "D")
    assert "is anybody too low?" in katrin.sees()
    assert "It is released when the manager has recorded the reasons" in katrin.sees()
    assert calibrations_of(company, quarter) == {"U01JONAS": "D"}
    company.winds(to="2027-04-16T10:00:00+02:00")
    thomas, made = company.person("thomas"), result_of(company, quarter, "jonas").formula_band
    thomas.clicks("Give the reasons")
    assert f"By the rules {made}; the review meeting made it D, because:\n>{REASON}" in thomas.sees()
    thomas.closes()
    company.winds(to=RELEASING)
    planned(company, "scoring.offer_release", quarter.id)
    assert "Jonas Weber" in mei.last_words()
    mei.clicks("发布结果")
    assert result_of(company, quarter, "jonas").released_at is None
    jonas = company.person("jonas")
    jonas.types("/cairn result")
    assert "Your result of 2027-Q1 is not released yet: something that belongs to it" in jonas.last_words()
    assert result_of(company, quarter, "emily").released_at


def calibrations_of(company: Company, cycle: Cycle) -> Mapping[str, str]:
    return company.knows(
        lambda session: {key: one.after for key, one in calibrations.newest(session, cycle.id).items()}
    )


def test_nobody_sees_themself_or_those_above_nor_moves_whom_they_rated(company: Company, quarter: Cycle) -> None:
    meeting(company)
    thomas, emily = company.person("thomas"), company.person("emily")
    thomas.types("/cairn calibrate")
    assert "Emily Carter" in thomas.sees()
    assert "Thomas Keller" not in thomas.sees()
    assert "3 results" in thomas.sees()
    thomas.clicks("Look", near="Emily Carter")
    assert "so others look at this grade" in thomas.sees()
    with pytest.raises(AssertionError, match="sees no button"):
        thomas.clicks("Change the grade")
    forged = {"after": {"type": "plain_text_input", "value": "S"}}
    forger = Forger(company, thomas.id)
    for step, person in (("open_person", thomas), ("change_form", thomas), ("change", thomas)):
        carry = f"{quarter.id}/{person.id}" + "/B" * (step == "change")
        assert "This result is not yours to look at" in forger.reads(f"calibration.{step}", carry, forged)
    assert "so others look" in forger.reads("calibration.change", f"{quarter.id}/{emily.id}/B", forged)
    assert "This is not yours" in forger.reads("calibration.open_meeting", quarter.id, {})
    emily.types("/cairn calibrate")
    assert "This is not yours to do" in emily.last_words()


def test_grades_are_changed_only_in_a_meeting_and_an_old_form_changes_nothing(company: Company, quarter: Cycle) -> None:
    katrin, mei = company.person("katrin"), company.person("mei")
    katrin.types("/cairn calibrate")
    katrin.clicks("Look", near="Emily Carter")
    assert "Grades are changed in a review meeting; HR opens it." in katrin.sees()
    katrin.closes()
    mei.types("/cairn calibrate")
    mei.clicks("开始校准会")
    made = result_of(company, quarter, "emily").outcome.band
    katrin.clicks("Look", near="Emily Carter")
    katrin.clicks("Change the grade")
    company.knows(lambda session: people.grant(session, company.person("lan").id, people.HR))
    company.knows(lambda session: people.grant(session, company.person("lan").id, "appeal_handler"))
    company.person("lan").types("/cairn calibrate")
    company.person("lan").clicks("看一下", near="Emily Carter")
    assert "处理申诉的人不能更改等级。" in company.person("lan").sees()
    mei.clicks("看一下", near="Emily Carter")
    mei.clicks("更改等级")
    mei.submits(after="S", reason="两位客户都写信说，三月的那笔订单完全是她独自拿下的。", day="2027-03-10")
    katrin.submits(after=other(made, -1), reason=REASON, day="2027-03-10")
    assert katrin.errors == {"after": "This grade was changed meanwhile. Please look at it again."}
    assert calibrations_of(company, quarter) == {"U01EMILY": "S"}


def test_computing_again_keeps_a_change_until_the_rules_make_another_grade(company: Company, quarter: Cycle) -> None:
    katrin = meeting(company)
    change(katrin, "Emily Carter", "S")
    planned(company, "scoring.compute", quarter.id)
    assert result_of(company, quarter, "emily").outcome.band == "S"
    assert mistakes_in(company, quarter) == []

    corrected = update(ReportedRow).where(ReportedRow.person_id == "U01EMILY").values(value=Decimal(1))
    company.knows(lambda session: session.execute(corrected))
    planned(company, "scoring.compute", quarter.id)
    made = result_of(company, quarter, "emily")
    assert made.outcome.band == made.formula_band != "S"
    assert mistakes_in(company, quarter) == []
    assert katrin.pushes[-1] == "One grade of 2027-Q1 that was changed has to be looked at again."
    katrin.closes()
    katrin.closes()
    katrin.clicks("To the board", near="looked at again")
    katrin.chooses("Look again")
    assert "The grade by the rules has moved since it was changed." in katrin.sees()
    assert "1 to look at again" in katrin.sees()
    change(katrin, "Emily Carter", "A")
    katrin.closes()
    katrin.chooses("Look again")
    assert "Nobody here." in katrin.sees()
    assert mistakes_in(company, quarter) == []


def test_the_board_shows_pairs_evidence_and_what_a_meeting_changed(company: Company, quarter: Cycle) -> None:
    for name in NAMES:
        noted(company, name, RECORDED if name == "jonas" else {})
    katrin, mei = meeting(company), company.person("mei")
    board = katrin.sees()
    assert "2 dated examples  ·  not raised before" in board
    assert "no dated example" in board
    for aspect in ("Same attainment, other grade", "Close to a boundary", "Is anybody too low?", "No dated example"):
        katrin.chooses(aspect)
    assert "Jonas Weber" not in katrin.sees()
    assert "Emily Carter" in katrin.sees()
    change(katrin, "Emily Carter", "S")
    katrin.closes()
    katrin.clicks("Before and after")
    katrin.closes()
    chart = katrin.last_words()
    assert "1 raised, 0 lowered" in chart
    assert "S: " in chart
    assert company.findings() == []

    mei.clicks("结束校准会")
    assert "上调 1 人，下调 0 人" in mei.sees()
    mei.submits(found="没有，名单都看过了")
    assert "校准会已结束" in mei.sees()
    found = company.knows(lambda session: calibrations.newest_meeting(session, quarter.id))
    assert (found.is_open, found.found) == (False, "没有，名单都看过了")


def test_what_is_read_before_the_meeting_hides_a_rater_of_few(company: Company, quarter: Cycle) -> None:
    for name in NAMES:
        noted(company, name, RECORDED if name == "jonas" else {})
    katrin, thomas = meeting(company), company.person("thomas")
    katrin.clicks("Before the meeting")
    katrin.clicks("Read", near="Thomas Keller")
    assert "3 people rated" in katrin.sees()
    assert "*No dated example*\nEmily Carter, Lena Hoffmann" in katrin.sees()
    assert "*Not raised before*\nJonas Weber" in katrin.sees()
    assert "How these ratings compare" not in katrin.sees()
    thomas.types("/cairn calibrate")
    thomas.clicks("Before the meeting")
    assert "Thomas Keller: 3 people" in thomas.sees()
    assert "王强" not in thomas.sees()


def test_the_warm_up_shows_a_spread_and_never_whose_rating_is_whose(company: Company, quarter: Cycle) -> None:
    katrin = meeting(company)
    katrin.clicks("Warm-up")
    katrin.submits(kim="3: what was agreed", noor="5: far more than was agreed")
    assert "The spread is shown from 3 ratings on." in katrin.sees()
    thomas, mei = company.person("thomas"), company.person("mei")
    thomas.types("/cairn calibrate")
    thomas.clicks("Warm-up")
    thomas.submits(kim="2", noor="3")
    mei.clicks("热身")
    mei.submits(kim="4", noor="3")
    assert "3 份评分，从 2 到 4，中间一份是 3。" in mei.sees()
    katrin.closes()
    katrin.clicks("Warm-up")
    assert "3 ratings, from 3 to 5; the middle one is 3." in katrin.sees()


def shown_for(rater: str, ratings: Mapping[str, Sequence[int]], language: str = "en") -> str:
    """What is said of one rater where these gave these ratings, one for each of their people."""
    rated = [
        (Review("c1", f"{name}{n}", name, Kind.MANAGER, State.SENT, {"a": one, "b": one + n % 2}), "Sales", [0.1 * n])
        for name, given in ratings.items()
        for n, one in enumerate(given)
    ]
    blocks = lens.blocks(Words(language), Person(rater, "Thomas Keller"), lens.of(rater, rated))
    return blocks[0]["text"]["text"] if blocks else ""


def test_how_a_rater_compares_is_said_in_words_that_judge_nobody() -> None:
    others = {"li": [4, 3, 4, 4, 3, 4, 4, 3, 4, 4], "wei": [4, 4, 3, 4, 3, 4, 3, 4, 4, 4]}
    strict = {"t": [2, 1, 2, 2, 1, 2, 2, 1, 2, 2], **others}
    assert "SD lower than comparable roles elsewhere (10 people, q &lt; 0.01)" in shown_for("t", strict)
    assert "It is not a finding of bias." in shown_for("t", strict)
    assert "本提示不等于认定不公" in shown_for("t", strict, "zh")
    assert "Small differences cannot be seen" in shown_for("t", {"t": others["li"][::-1], **others})
    assert "7 people are too few to tell" in shown_for("t", {"t": [1] * 7, **others})
    assert shown_for("t", {"t": [1] * 4, **others}) == ""


def test_what_calibration_keeps_is_never_altered_or_taken_away() -> None:
    source = Path(calibrations.__file__).read_text(encoding="utf-8")
    assert [word for word in ("update(", "delete(", "keep_row", "insert_or_update", "merge(") if word in source] == []
