"""What a file of people would change, and which of its lines are refused."""

from datetime import date

import pytest

from bot.domain.directory import DirectoryEntry, DirectoryRow, day_of, plan_directory

SLACK = ["boss@x.example", "Ana@x.example", "bo@x.example", "cy@x.example"]


def row(line, who, manager="", **more: object):
    told = {"name": who.title(), "department": "Sales", "position": "Seller", "start_date": "2020-01-31"} | more
    return DirectoryRow(line, f"{who}@x.example", manager_email=manager and f"{manager}@x.example", **told)


def entry(who, manager=""):
    email = f"{who}@x.example"
    return DirectoryEntry(email, who.title(), "Sales", "Seller", manager and f"{manager}@x.example", date(2020, 1, 31))


def plan(*rows: object, known=()):
    return plan_directory(rows, {each.email: each for each in known}, SLACK)


def refused(preview):
    return {each.line: each.sentence.text for each in preview.refused}


def test_people_are_added_changed_or_unchanged():
    preview = plan(
        row(2, "boss"), row(3, "ana", "boss"), row(4, "bo", "ana"), known=[entry("boss"), entry("bo", "boss")]
    )
    assert preview.unchanged == (entry("boss"),)
    assert preview.added == (entry("ana", "boss"),)
    assert [(each.before, each.after) for each in preview.changed] == [(entry("bo", "boss"), entry("bo", "ana"))]
    assert preview.refused == ()
    assert preview.to_apply == (entry("ana", "boss"), entry("bo", "ana"))


def test_the_same_file_twice_changes_nothing():
    rows = [row(2, "boss"), row(3, "ana", "boss")]
    again = plan(*rows, known=plan(*rows).to_apply)
    assert (again.added, again.changed, len(again.unchanged)) == ((), (), 2)


def test_e_mail_addresses_are_the_same_in_capitals():
    preview = plan(DirectoryRow(2, " ANA@X.example ", "Ana", "Sales", "Seller", "BOSS@x.example", "2020-01-31"))
    assert preview.added == (entry("ana", "boss"),)


def test_a_column_that_is_absent_leaves_what_is_known_and_an_empty_cell_clears_it():
    known = entry("ana", "boss")
    absent = plan(DirectoryRow(2, "ana@x.example", "Ana", "Logistics"), known=[known]).changed[0].after
    assert (absent.department, absent.position, absent.manager_email) == ("Logistics", "Seller", "boss@x.example")
    assert absent.start_date == known.start_date
    cleared = plan(row(2, "ana", "", position="", start_date=""), known=[known]).changed[0].after
    assert (cleared.position, cleared.manager_email, cleared.start_date) == ("", "", None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (DirectoryRow(3, "", "Ana"), "there is no e-mail address."),
        (row(3, "nobody"), "nobody in Slack has the e-mail address {email}."),
        (row(3, "boss"), "{email} is already on line {first}."),
        (row(3, "ana", name=" "), "{email} has no name."),
        (row(3, "ana", "nobody"), "the manager {email} is not in Slack."),
        (row(3, "ana", start_date="31.01.2020"), "“{text}” is no date. Write it as 2027-01-31."),
        (row(3, "ana", start_date="2027-02-30"), "“{text}” is no date. Write it as 2027-01-31."),
        (row(3, "ana", "ana"), "the managers form a loop: {loop}."),
    ],
)
def test_a_wrong_line_is_refused_by_its_number_and_the_others_stay(wrong, said):
    preview = plan(row(2, "boss"), wrong, row(4, "cy", "boss"))
    assert refused(preview) == {3: said}
    assert preview.added == (entry("boss"), entry("cy", "boss"))


def test_everyone_in_a_loop_of_managers_is_refused_and_those_below_it_are_not():
    preview = plan(row(2, "boss", "bo"), row(3, "ana", "boss"), row(4, "bo", "ana"), row(5, "cy", "bo"))
    assert set(refused(preview)) == {2, 3, 4}
    assert preview.refused[0].sentence.facts["loop"] == (
        "boss@x.example → bo@x.example → ana@x.example → boss@x.example"
    )
    assert preview.added == (entry("cy", "bo"),)


def test_a_loop_with_what_is_known_already_is_found():
    preview = plan(row(2, "boss", "ana"), known=[entry("ana", "boss"), entry("boss")])
    assert set(refused(preview)) == {2}


def test_a_refused_line_that_leaves_its_person_in_place_may_close_another_loop():
    known = [entry("ana", "bo"), entry("bo"), entry("boss")]
    preview = plan(row(2, "ana", "boss", start_date="soon"), row(3, "bo", "ana"), known=known)
    assert set(refused(preview)) == {2, 3}


def test_dates_that_begin_with_the_year_are_understood():
    for text in ("2027-01-05", "2027/1/5", "2027.1.5", "2027年1月5日"):
        assert day_of(text) == date(2027, 1, 5)
    for text in ("01/05/2027", "5.1.2027", "2027-13-01", "20270105", ""):
        assert day_of(text) is None
