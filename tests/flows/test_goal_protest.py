"""Agreeing under protest: it binds, the reason is kept, one level up learns of it; and a month in, one tap."""

import pytest

from bot.domain.access import RIGHTS, Act, Role
from bot.domain.goal import SheetState
from bot.store import audit, outbox, people, recall
from tests.company import Company, Persona
from tests.goal_talks import changes, emily_proposes, invited_sellers, press, sheet_of, thomas_counters
from tests.stories import agreed_goals_for, planned

NOT_CONVINCED = "The region lost two customers"


@pytest.fixture
def quarter(company: Company) -> str:
    """The id of a running quarter for sales; everybody was invited this morning."""
    return invited_sellers(company)


def emily_protests(company: Company) -> tuple[Persona, Persona]:
    emily, thomas = thomas_counters(company)
    emily.clicks("Agree under protest")
    emily.submits(why=NOT_CONVINCED)
    return emily, thomas


READERS = {Role.SELF: "your", Role.MANAGER: "Thomas Keller", Role.NEXT_MANAGER: "one level up", Role.HR: "HR",
           Role.HEAD: "the head of the department"}  # fmt: skip


def test_the_form_names_everybody_who_may_read_why(company: Company, quarter: str) -> None:
    assert READERS.keys() == RIGHTS[Act.SEE_GOALS]
    emily, _ = thomas_counters(company)
    emily.clicks("Agree under protest")
    (said,) = (line for line in emily.sees().splitlines() if "may read this" in line)
    assert [name for name in READERS.values() if name not in said] == []
    emily.submits(why=NOT_CONVINCED)
    marcus = company.person("marcus")
    press(marcus, "goals.why", f"{quarter}/U01EMILY/1")
    assert "This is not yours to do" in marcus.sees()
    company.knows(lambda session: people.grant(session, marcus.id, people.HEAD, "Sales"))
    press(marcus, "goals.why", f"{quarter}/U01EMILY/1")
    assert NOT_CONVINCED in marcus.sees()


def test_an_agreement_under_protest_is_an_agreement(company: Company, quarter: str) -> None:
    emily, thomas = emily_protests(company)
    sheet = sheet_of(company, quarter)
    assert (sheet.state, sheet.version, sheet.protest) == (SheetState.AGREED, 1, NOT_CONVINCED)
    assert len(sheet.rules_hash) == 64
    for card in (emily.last_words(), thomas.last_words()):
        assert "Agreed under protest. It holds, and one level up learns of it." in card
        assert NOT_CONVINCED in card
    assert NOT_CONVINCED not in "".join(thomas.pushes)
    emily.clicks("History")
    assert f"Agreed under protest\n>{NOT_CONVINCED}" in emily.sees()
    acts = [(one.act, one.record) for one in company.knows(lambda session: audit.about(session, "U01EMILY"))]
    assert ("goals_protest", f"goals/{quarter}/U01EMILY/3/protest") in acts


def test_one_level_up_learns_of_it_in_their_working_hours_and_in_their_language(company: Company, quarter: str) -> None:
    emily_protests(company)
    qiang = company.person("qiang")
    assert "保留意见" not in qiang.sees(), "it is night in Shanghai"
    company.winds(to="2027-01-05T10:00:00+08:00")
    assert "Emily Carter 对 2027-Q1 的目标保留意见并同意。" in qiang.last_words()
    assert "其主管是 Thomas Keller。" in qiang.last_words()
    assert NOT_CONVINCED not in qiang.last_words()
    qiang.clicks("查看原因")
    assert NOT_CONVINCED in qiang.sees()
    assert "至少 2,500,000 CNY" in qiang.sees()
    assert quarter


def test_a_colleague_does_not_learn_why(company: Company, quarter: str) -> None:
    emily_protests(company)
    marcus = company.person("marcus")
    press(marcus, "goals.why", f"{quarter}/U01EMILY/1")
    assert "This is not yours to do" in marcus.sees()


def test_a_protest_says_why(company: Company, quarter: str) -> None:
    emily, _ = thomas_counters(company)
    emily.clicks("Agree under protest")
    emily.submits()
    assert emily.errors
    assert sheet_of(company, quarter).state is SheetState.COUNTERED


def test_a_manager_does_not_protest_and_nobody_against_their_own_values(company: Company, quarter: str) -> None:
    emily, thomas = emily_proposes(company)
    press(thomas, "goals.protest", f"{quarter}/U01EMILY/1")
    assert "Only the person whose goals they are can agree under protest." in thomas.sees()
    press(emily, "goals.protest", f"{quarter}/U01EMILY/1")
    emily.submits(why=NOT_CONVINCED)
    assert "Nobody agrees to their own values." in str(emily.errors) + emily.sees()
    assert sheet_of(company, quarter).version == 0


def test_a_protest_ends_with_the_next_agreement(company: Company, quarter: str) -> None:
    emily, thomas = emily_protests(company)
    company.winds(to="2027-01-05T10:00:00+08:00")
    emily.clicks("Ask for a change")
    changes(emily, "Sales revenue", target="2400000")
    emily.clicks("Ask Thomas Keller for this change")
    emily.submits(comment="Two customers closed")
    assert sheet_of(company, quarter).protest == NOT_CONVINCED
    thomas.clicks("Agree")
    assert sheet_of(company, quarter).protest == ""
    qiang = company.person("qiang")
    qiang.clicks("查看原因")
    assert "这些目标后来已重新商定" in qiang.sees()


# A month in -------------------------------------------------------------------------------


def agreed_at_home(company: Company) -> Persona:
    emily, thomas = emily_proposes(company)
    thomas.clicks("Agree")
    return emily


def test_a_month_in_one_tap_asks_whether_the_goals_can_be_named(company: Company, quarter: str) -> None:
    emily = agreed_at_home(company)
    company.winds(to="2027-01-29T10:00:00-05:00")
    assert "Can you name" not in emily.sees()
    company.winds(to="2027-02-02T10:00:00-05:00")
    assert "Can you name your 6 goals?" in emily.last_words()
    emily.clicks("Not quite")
    assert "*Sales revenue*  ·  35 %  ·  at least 3,000,000 CNY" in emily.sees()
    assert "Customer visits" in emily.sees()
    emily.closes()
    assert "Thank you. Your goals are always in Home." in emily.last_words()
    assert quarter


@pytest.mark.parametrize(
    ("name", "most", "asked"),
    [
        ("emily", 1, "Can you name your goal?"),
        ("emily", 2, "Can you name your 2 goals?"),
        ("yang", 2, "说得出自己的 2 个目标吗？"),
        ("yang", 6, "说得出自己的 6 个目标吗？"),
    ],
)
def test_it_asks_for_as_many_as_there_are(company: Company, quarter: str, name: str, most: int, asked: str) -> None:
    someone = company.person(name)
    agreed_goals_for(company, name, most)
    company.winds(to="2027-01-20T16:00:00+08:00")
    planned(company, "goals.ask", quarter, someone.id)
    company.winds(to="2027-01-20T10:00:00-05:00")
    assert asked in someone.last_words()


def test_the_card_does_not_tell_which_answer_it_was(company: Company, quarter: str) -> None:
    cards = []
    company.winds(to="2027-01-20T16:00:00+01:00")
    for name, answer in (("emily", "Yes, I can"), ("marcus", "Not quite")):
        agreed_goals_for(company, name)
        someone = company.person(name)
        planned(company, "goals.ask", quarter, someone.id)
        someone.clicks(answer)
        if someone.modals:
            someone.closes()
        cards.append(someone.last_words())
    assert cards[0] == cards[1]
    assert company.knows(lambda session: outbox.was_said(session, f"goals/{quarter}/U01EMILY/recall"))


def test_only_counts_of_five_are_shown_and_only_to_hr(company: Company, quarter: str) -> None:
    company.winds(to="2027-01-20T10:30:00+08:00")
    mei, sellers = company.person("mei"), ("yang", "min", "hao", "qian", "kai", "lei")
    for number, name in enumerate(sellers, 1):
        agreed_goals_for(company, name)
        seller = company.person(name)
        planned(company, "goals.ask", quarter, seller.id)
        seller.clicks("能" if number > 2 else "不太能")
        mei.opens_home()
        assert ("5 人中 3 人说得出自己的目标" in mei.home) is (number >= 5)
    assert company.knows(lambda session: recall.tallies(session, quarter)) == [recall.Tally("Sales", 5, 3)]
    li = company.person("li")
    li.opens_home()
    assert "说得出自己的目标" not in li.home


def test_an_answer_counts_once(company: Company, quarter: str) -> None:
    emily = agreed_at_home(company)
    company.winds(to="2027-02-02T10:00:00-05:00")
    emily.clicks("Yes, I can")
    press(emily, "goals.not_quite", quarter)
    with_rows = company.knows(lambda session: session.get(recall.RecallRow, (quarter, "Sales")).asked)
    assert with_rows == 1
