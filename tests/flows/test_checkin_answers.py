"""Answers to check-ins: given in a minute, changed until the digest, refused kindly."""

from decimal import Decimal

import pytest

from bot.domain.actuals import ActualRow
from bot.domain.checkin import Confidence, Kind
from bot.domain.cycle import Cycle
from bot.store import actuals, audit
from tests.company import Company, shown
from tests.stories import placed_people
from tests.working_quarters import asked, kept, presses, updates


def test_an_update_turns_the_card_into_its_thanks(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    assert "New revenue  ·  no value yet" in emily.last_words()
    assert "Which deal" in emily.last_words() or "What did you hear" in emily.last_words()
    updates(emily, confidence="△ At risk", note="Two deals slipped into April", help=["Price or terms"])
    assert "New revenue  ·  120 of 400 k€  ·  △ At risk" in emily.last_words()
    assert "Two deals slipped into April" in emily.last_words()
    assert "Thomas Keller gets it with the digest of Fri 22 Jan" in emily.last_words()
    assert len(emily.messages) == 1
    assert all("slipped" not in push for push in emily.pushes)
    (one,) = kept(company, cycle, emily)
    assert (one.items[0].value, one.items[0].confidence, one.help_wanted) == (120, Confidence.AT_RISK, ("price",))
    trail = company.knows(lambda session: audit.about(session, emily.id))
    assert ("check_in", emily.id) in [(entry.act, entry.actor_id) for entry in trail]


def test_nothing_is_chosen_for_a_first_answer_and_later_ones_start_from_the_last(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    emily.clicks("Update")
    assert "New revenue: will you make it?" in emily.sees()
    emily.submits(**{"value-g1": "120", "confidence-g2": "△ At risk"})
    assert set(emily.errors) == {"confidence-g1"}
    emily.submits(**{"value-g1": "120", "confidence-g1": "✓ On track", "confidence-g2": "△ At risk"})
    emily.clicks("Change")
    emily.submits()
    found = [item.confidence for item in kept(company, cycle, emily)[0].items]
    assert found == [Confidence.ON_TRACK, Confidence.AT_RISK]


def test_a_number_is_taken_as_people_write_it_and_asked_for_again_where_it_could_be_two(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    emily.clicks("Update")
    fine = {"confidence-g1": "✓ On track", "confidence-g2": "✓ On track"}
    emily.submits(**{"value-g1": "1,5", "note": "The fair brought many."}, **fine)
    assert emily.errors == {"value-g1": "“1,5” is no number. Write 1250.5 or 1,250.5."}
    emily.submits(**{"value-g1": "1 250.5"}, **fine)
    (one,) = kept(company, cycle, emily)
    assert (one.items[0].value, one.note) == (Decimal("1250.5"), "The fair brought many.")


def test_after_some_answers_the_card_shows_how_it_went_in_a_line_and_in_words(company: Company) -> None:
    asked(company, "emily")
    emily = company.person("emily")
    updates(emily, revenue="60")
    company.winds(to="2027-01-28T10:00:00-05:00")
    updates(emily, revenue="120")
    assert "New revenue: 60 → 120 k€\nRenewals: 80 → 80 %" in emily.last_words()
    company.winds(to="2027-02-04T10:00:00-05:00")
    assert "New revenue: 60 → 120 k€" in emily.last_words(), "before one answers, too"
    assert "So far" not in emily.last_words()
    updates(emily, revenue="180")
    assert "New revenue: 60 → 120 → 180 k€" in emily.last_words()
    drawn = next(one for one in emily.messages[-1]["blocks"] if one["type"] == "data_visualization")
    assert [one["value"] for one in drawn["chart"]["series"][0]["data"]] == [15, 30, 45], "percent of 400"
    assert drawn["chart"]["axis_config"]["categories"] == ["Thu 21 Jan", "Thu 28 Jan", "Thu 4 Feb"]


@pytest.mark.parametrize(
    ("name", "empty", "real"),
    [("emily", "as usual", "The fair brought many."), ("yang", "同上", "展会带来了不少客户。")],
)
def test_a_note_that_only_fills_the_field_is_asked_about_once_and_never_stopped(
    company: Company, name: str, empty: str, real: str
) -> None:
    cycle = asked(company, name)
    someone = company.person(name)
    someone.types("/cairn checkin")
    someone.submits(note=empty, **dict.fromkeys(("confidence-g1", "confidence-g2"), "on_track"))
    asks = {"emily": "One concrete example would make this", "yang": "补充一个具体的例子"}[name]
    assert asks in someone.sees()
    assert empty in someone.sees(), "what was typed is still there"
    assert not kept(company, cycle, someone)
    someone.submits()
    assert not someone.modals
    assert kept(company, cycle, someone)[0].note == empty
    someone.types("/cairn checkin")
    someone.submits(note=real)
    assert not someone.modals
    assert kept(company, cycle, someone)[0].note == real


def test_same_is_offered_only_when_there_is_something_to_repeat(company: Company) -> None:
    asked(company, "emily")
    emily = company.person("emily")
    with pytest.raises(AssertionError, match="no button 'Same'"):
        emily.clicks("Same")


def test_same_twice_gets_one_kind_question_and_is_kept(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    updates(emily)
    questions = []
    for week in ("01-28", "02-04", "02-11"):
        company.winds(to=f"2027-{week}T10:00:00-05:00")
        emily.clicks("Same")
        questions.append("Nothing moved twice in a row" in emily.last_words())
    assert questions == [False, True, False]
    assert [one.kind for one in kept(company, cycle, emily)] == [Kind.UPDATE, *[Kind.SAME] * 3]
    assert kept(company, cycle, emily)[-1].items[0].value == 120


def test_what_blocks_needs_words_and_keeps_the_numbers(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    updates(emily)
    company.winds(to="2027-01-28T10:00:00-05:00")
    emily.clicks("Blocked")
    emily.submits(blocking="  ")
    assert "Please say in a few words" in emily.errors["blocking"]
    emily.submits(blocking="The price list is two weeks late", help=["Price or terms"])
    assert "The price list is two weeks late" in emily.last_words()
    last = kept(company, cycle, emily)[-1]
    assert (last.kind, last.items[0].value) == (Kind.BLOCKED, 120)


def test_an_answer_in_the_thread_becomes_the_note(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    emily.replies("The big tender\nmoves to March", to="how is it going?")
    assert "The big tender moves to March" in shown(emily.messages[0])
    assert "how is it going?" in shown(emily.messages[0])
    emily.replies("x" * 1001, to="how is it going?")
    assert "longer than a note can be (1,000 characters)" in emily.sees()
    updates(emily, note="The big tender moves to March")
    assert kept(company, cycle, emily)[0].note == "The big tender moves to March"


def test_an_answer_can_be_changed_until_the_digest_goes_out(company: Company) -> None:
    cycle = asked(company, "emily", "lena")
    emily, lena = company.person("emily"), company.person("lena")
    updates(emily)
    emily.clicks("Change")
    emily.submits(**{"value-g1": "130", "confidence-g1": "✓ On track", "confidence-g2": "✓ On track"})
    assert kept(company, cycle, emily)[0].items[0].value == 130
    emily.clicks("Change")
    updates(lena)
    company.winds(to="2027-01-22T09:30:00+01:00")
    emily.submits(**{"value-g1": "999", "confidence-g1": "✓ On track", "confidence-g2": "✓ On track"})
    assert "Your manager has this answer already" in emily.errors["value-g1"]
    emily.closes()
    assert kept(company, cycle, emily)[0].items[0].value == 130
    with pytest.raises(AssertionError, match="no button 'Change'"):
        emily.clicks("Change")


def test_a_click_on_a_card_of_last_week_is_refused(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    company.winds(to="2027-01-28T10:00:00-05:00")
    assert "closed without an answer" in shown(emily.messages[0])
    refused = presses(company, "checkins.same", emily, f"{cycle.id}/{emily.id}/2027-01-21")
    assert "This check-in is closed" in refused


def test_nobody_answers_for_somebody_else(company: Company) -> None:
    cycle = asked(company, "emily", "lena")
    carry = f"{cycle.id}/U01LENA/2027-01-21"
    for step in ("checkins.same", "checkins.update", "checkins.blocked"):
        assert "not yours to do" in presses(company, step, company.person("emily"), carry)
    assert "not yours to do" in presses(company, "checkins.update", company.person("thomas"), carry)
    assert "out of date" in presses(company, "checkins.update", company.person("emily"), f"{cycle.id}/U01EMILY/soon")


def test_outside_the_time_of_work_there_is_no_sheet(company: Company) -> None:
    placed_people(company)
    emily = company.person("emily")
    emily.types("/cairn checkin")
    assert "yours is not in that stage today" in emily.last_words()


def test_an_open_check_in_waits_in_home_with_the_last_confidence(company: Company) -> None:
    asked(company, "emily")
    emily = company.person("emily")
    emily.opens_home()
    assert "Your check-in of Thu 21 Jan: about a minute" in emily.home
    emily.clicks("Check in")
    emily.submits(**{"confidence-g1": "✕ Off track", "confidence-g2": "✓ On track"})
    assert "Your check-in of Thu 21 Jan" not in emily.home
    assert "New revenue  ·  no value yet  ·  ✕ Off track" in emily.home


def imports(company: Company, cycle: Cycle, value: str, source: str = "CRM") -> None:
    """HR's file says what Emily's February came to."""
    row = ActualRow(2, "emily@lantern.example", "New revenue", "2027-02", value, source)
    now = company.slack.clock.now()

    def write(session) -> None:
        found = actuals.preview(session, cycle.id, [row])
        assert not found.refused
        actuals.apply(session, found.to_apply, by="U01MEI", at=now)

    company.knows(write)


def test_a_value_that_counts_is_shown_until_a_check_in_says_a_newer_one(company: Company) -> None:
    cycle = asked(company, "emily")
    emily, thomas = company.person("emily"), company.person("thomas")
    imports(company, cycle, "95")
    emily.clicks("Update")
    emily.submits(**{"confidence-g1": "△ At risk", "confidence-g2": "✓ On track"})
    assert "New revenue  ·  95 of 400 k€ (from CRM)  ·  △ At risk" in emily.last_words()
    thomas.types("/cairn team")
    assert "New revenue  ·  95 of 400 k€ (from CRM)" in thomas.sees()
    updates(emily, label="Change")
    assert "New revenue  ·  120 of 400 k€  ·  ✓ On track" in emily.last_words()
    company.winds(to="2027-01-26T09:00:00-05:00")
    imports(company, cycle, "150", source="")
    emily.opens_home()
    assert "New revenue  ·  150 of 400 k€ (from HR's values)  ·  ✓ On track" in emily.home
