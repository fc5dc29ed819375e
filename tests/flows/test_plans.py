"""Improvement plans: nobody hears of it there first, the clock waits for the manager, and the end has two hands."""

from datetime import date

import pytest

from bot.domain.org import Stint
from bot.domain.plan import Outcome, Plan
from bot.domain.retention import Hold
from bot.store import one_on_ones, people, plans
from tests.beginnings import lived_once
from tests.company import Company, Persona, shown
from tests.flows.test_leavers import who_left
from tests.flows.test_standin import stands_in
from tests.working_quarters import presses, working

GAP = "Offers to the customers in Basel and Lyon leave later than promised."
FACTS = "2027-01-12 The offer to Basel left three days late\n2027-01-14 Lyon asked twice where theirs was"
STANDARD = "Nine of ten offers leave on the promised day, 9 of 10 by the last day of the plan."
HELP = "Two free mornings a week and Lena Hoffmann, who reads the first five offers."
SEEN = "Seven of eight offers left on their day, and Basel wrote that they were glad."
DONE = "I took the fair off her list and sat with her on Tuesday for an hour."
FILLED = {
    "gap": GAP,
    "facts": FACTS,
    "standard": STANDARD,
    "activities": "Write offers on the morning they are asked for\nA list of promises, seen on Fridays",
    "support": HELP,
    "duties": "Take the fair in February off her list",
    "starts": "2027-01-20",
    "days": "30 days",
}
OVER = "Over, not all that was expected is there"
PUSH = "Thomas Keller wrote something for you. Please read it when you have a quiet moment."


@lived_once
def heard(company: Company) -> None:
    """Emily's manager told her in writing, a day before."""
    working(company, "emily")
    told(company)


def told(company: Company) -> None:
    thomas, emily = company.person("thomas"), company.person("emily")
    thomas.types("/cairn feedback")
    thomas.submits(whom=emily.id, situation="The offer to Basel, on 12 January", behaviour="It left three days late",
                   impact="Basel asked others as well")  # fmt: skip
    company.winds(to="2027-01-19T15:00:00+01:00")


def form(company: Company) -> Persona:
    thomas = company.person("thomas")
    thomas.types(f"/cairn plan <@{company.person('emily').id}>")
    return thomas


@lived_once
def begun(company: Company) -> None:
    """A plan of thirty days from Wednesday 20 January, with a checkpoint every week; everybody has heard of it."""
    heard(company)
    thomas = form(company)
    ground = next(block for block in thomas.modal["blocks"] if block["block_id"] == "grounds")
    thomas.submits(**FILLED, grounds=[ground["element"]["options"][0]["value"]])
    thomas.closes()
    company.winds(to="2027-01-20T22:00:00+01:00")


def kept(company: Company) -> Plan:
    return company.knows(lambda session: plans.open_of(session, company.person("emily").id))


def writes(thomas: Persona, **said: str) -> None:
    """Write the checkpoint that is due."""
    thomas.clicks("Write the checkpoint")
    thomas.submits(**{"standing": "Partly there", "seen": SEEN, "done": DONE, **said})
    thomas.closes()


def lived_to_the_end(company: Company) -> Persona:
    """Every checkpoint is written on its day."""
    begun(company)
    thomas = company.person("thomas")
    for day in ("2027-01-27", "2027-02-03", "2027-02-10", "2027-02-17"):
        company.winds(to=f"{day}T16:00:00+01:00")
        writes(thomas)
    company.winds(to="2027-02-19T16:00:00+01:00")
    return thomas


def test_nobody_hears_of_it_first_from_a_plan(company: Company) -> None:
    working(company, "emily")
    emily, thomas = company.person("emily"), company.person("thomas")
    form(company)
    assert "A plan cannot be the first that somebody hears of it." in thomas.last_words()
    assert "/cairn feedback" in thomas.last_words()
    told(company)
    form(company)
    ground = next(block for block in thomas.modal["blocks"] if block["block_id"] == "grounds")
    chosen = ground["element"]["options"][0]
    assert "It left three days late" in chosen["text"]["text"]
    thomas.submits(**{**FILLED, "standard": "Offers leave in time and with more care than now"},
                   grounds=[chosen["value"]])  # fmt: skip
    assert thomas.errors == {"standard": "Please say how one can tell: a number, a share, or a day."}
    for name, says in (("emily", "There is no improvement plan for you."), ("lena", "This is not yours to do.")):
        somebody = company.person(name)
        somebody.types(f"/cairn plan <@{emily.id}>")
        assert says in somebody.last_words()


def test_the_person_reads_all_of_it_says_what_they_think_and_finds_their_part_in_the_check_in(
    company: Company,
) -> None:
    begun(company)
    emily, thomas, mei = company.person("emily"), company.person("thomas"), company.person("mei")
    assert emily.pushes[-1] == PUSH
    assert "You are not alone with it" in emily.last_words()
    emily.clicks("Read the plan")
    for words in (GAP, "The offer to Basel left three days late", STANDARD, HELP, "Take the fair in February"):
        assert words in emily.sees()
    assert "The checkpoint of Wed 27 Jan, written by Mon 1 Feb" in emily.sees(), "what the manager owes stands there"
    emily.clicks("I have seen it")
    assert "Seen does not mean agreed" in emily.sees()
    emily.clicks("Add my words")
    emily.submits(words="Half of the delays came from the price list")
    assert "Half of the delays came from the price list" in emily.sees()
    company.winds(to="2027-01-21T10:00:00+08:00")
    company.winds(to="2027-01-21T16:00:00+01:00")
    assert "Half of the delays" in thomas.last_words()
    assert any("Half of the delays" in str(one) for one in mei.messages)
    assert not any(words in " ".join((*mei.pushes, *emily.pushes)) for words in ("delays", "Basel", GAP))
    emily.closes()
    assert "*Agreed to do:* Write offers on the morning they are asked for" in str(
        [one["blocks"] for one in emily.messages]
    )
    mei.types("/cairn plan Emily Carter")
    assert "改进计划" in mei.sees()
    assert "Take the fair in February" in mei.sees()
    assert "It left three days late" not in mei.sees(), "HR reads that there was feedback, not its words"


def test_a_checkpoint_that_is_late_stops_the_clock_and_costs_the_person_no_day(company: Company) -> None:
    begun(company)
    emily, thomas, mei = company.person("emily"), company.person("thomas"), company.person("mei")
    company.winds(to="2027-01-27T16:00:00+01:00")
    assert thomas.pushes[-1] == "A checkpoint waits for your words."
    company.winds(to="2027-02-01T16:00:00+01:00")
    assert thomas.pushes[-1] == "A checkpoint still waits for your words."
    assert thomas.pushes.count("A checkpoint waits for your words.") == 1
    company.winds(to="2027-02-03T10:00:00+08:00")
    company.winds(to="2027-02-03T16:00:00+01:00")
    assert "一份计划在等主管。" in mei.pushes
    emily.types("/cairn plan")
    assert "The plan stands still until Thomas Keller has written the checkpoint." in emily.sees()
    emily.closes()
    thomas.clicks("Write the checkpoint")
    thomas.submits(standing="Partly there", seen="Good so far", done=DONE)
    assert thomas.errors == {"seen": "Please write about 8 words or more, so that one can act on it."}
    thomas.submits(standing="Well on the way", seen=SEEN, done=DONE)
    assert "A checkpoint came late, so the end moved by 2 working days." in thomas.sees()
    assert "From Wed 20 Jan to Tue 23 Feb" in thomas.sees(), "Friday the 19th and two working days"
    company.winds(to="2027-02-03T19:00:00+01:00")
    assert emily.pushes.count(PUSH) == 2
    assert SEEN in str(emily.messages)
    assert "的计划继续进行" in mei.last_words()
    thomas.types("/cairn plan")
    assert "Runs until Tue 23 Feb" in thomas.sees()


def test_an_end_needs_hr_and_is_told_with_what_comes_next(company: Company) -> None:
    thomas = lived_to_the_end(company)
    emily, mei = company.person("emily"), company.person("mei")
    standard = kept(company).standard
    assert thomas.pushes[-1] == "A plan is at its last day. How does it go on?"
    thomas.clicks("Say how it goes on")
    thomas.submits(outcome="It goes on for 30 days, once", why="Seven of eight leave on their day, not nine of ten.")
    thomas.closes()
    company.winds(to="2027-02-22T11:00:00+08:00")
    assert mei.pushes[-1] == "一份计划的结果等 HR 再次确认。"
    emily.types("/cairn plan")
    assert "goes on" not in emily.sees(), "nothing stands before the second press"
    emily.closes()
    mei.clicks("查看计划")
    mei.clicks("确认")
    mei.closes()
    company.winds(to="2027-02-22T16:00:00+01:00")
    assert "The plan goes on until" in str(emily.messages)
    assert (kept(company).standard, kept(company).extended) == (standard, True)
    company.winds(to="2027-02-26T16:00:00+01:00")
    writes(thomas)
    thomas.types(f"/cairn plan <@{emily.id}>")
    thomas.clicks("Say how it goes on")
    assert "It goes on for 30 days, once" not in thomas.sees(), "once"
    thomas.submits(outcome="Completed: what was expected is there", why="Ten of ten offers left on the promised day.")
    thomas.closes()
    company.winds(to="2027-03-01T11:00:00+08:00")
    mei.clicks("查看计划")
    mei.clicks("退回")
    mei.submits(word="请先写明这十份报价分别是哪几份，并附上日期。")
    mei.closes()
    company.winds(to="2027-03-01T16:00:00+01:00")
    assert "这十份报价" in "\n".join(shown(one) for one in thomas.messages)
    assert kept(company).open


def test_a_completed_plan_says_so_and_asks_for_nothing_any_more(company: Company) -> None:
    thomas = lived_to_the_end(company)
    emily, mei = company.person("emily"), company.person("mei")
    thomas.clicks("Say how it goes on")
    thomas.submits(outcome="Completed: what was expected is there", why="Nine of ten offers left on the promised day.")
    thomas.closes()
    company.winds(to="2027-02-22T11:00:00+08:00")
    mei.clicks("查看计划")
    mei.clicks("确认")
    company.winds(to="2027-02-22T16:00:00+01:00")
    told = next(shown(one) for one in emily.messages if "completed" in str(one))
    assert "The plan is completed: what was expected is there." in told
    assert "Nine of ten offers left" in told
    assert kept(company) is None
    assert company.knows(lambda session: one_on_ones.to_do(session, emily.id)) == []
    everything = " ".join(str(one) for name in ("emily", "thomas", "mei") for one in company.person(name).messages)
    assert not any(word in everything.lower() for word in ("terminat", "dismiss", "fired", "解雇", "开除", "辞退"))


def test_whoever_manages_does_not_confirm_even_with_both_roles(company: Company) -> None:
    thomas = lived_to_the_end(company)
    company.knows(lambda session: people.grant(session, thomas.id, people.HR))
    thomas.clicks("Say how it goes on")
    thomas.submits(outcome=OVER, why="Four of ten offers left on their promised day.")
    with pytest.raises(AssertionError, match="sees no button 'Confirm'"):
        thomas.clicks("Confirm")
    carry = f"{kept(company).id}/ended"
    assert presses(company, "plans.confirm", thomas, carry) == "The second press is for somebody else of HR."
    assert kept(company).open


def test_who_stands_in_writes_the_checkpoint_and_the_plan_stays_with_its_manager(company: Company) -> None:
    begun(company)
    emily, thomas, lena = company.person("emily"), company.person("thomas"), company.person("lena")
    stands_in(company, lena.id, "2027-01-25", "2027-01-29")
    company.winds(to="2027-01-27T16:00:00+01:00")
    writes(lena)
    assert [one.by for one in kept(company).written] == [lena.id]
    lena.types(f"/cairn plan <@{emily.id}>")
    lena.clicks("Say how it goes on")
    lena.submits(outcome="Completed: what was expected is there", why="Nine of ten offers left on the promised day.")
    company.winds(to="2027-01-28T11:00:00+08:00")
    mei = company.person("mei")
    mei.clicks("查看计划", near="再次确认")
    mei.clicks("确认")
    assert kept(company) is None
    company.winds(to="2027-02-01T16:00:00+01:00")
    thomas.types(f"/cairn plan <@{emily.id}>")
    assert "The plan is completed: what was expected is there." in thomas.sees()


def test_a_plan_is_over_when_its_person_leaves_and_nothing_waits_for_it(company: Company) -> None:
    begun(company)
    emily, thomas, mei = company.person("emily"), company.person("thomas"), company.person("mei")
    company.winds(to="2027-02-03T10:00:00+08:00")
    assert "一份计划在等主管。" in mei.pushes
    company.runs(company.slack.alter(emily.id, deleted=True))
    company.winds(to="2027-02-04T16:00:00+01:00")
    over = company.knows(lambda session: plans.newest_of(session, emily.id))
    assert (over.outcome, over.ended_on) == (Outcome.LEFT, date(2027, 2, 4))
    assert "This checkpoint is settled." in thomas.last_words()
    assert "计划已结束" in mei.last_words()
    assert company.knows(lambda session: one_on_ones.to_do(session, thomas.id)) == []
    (left,) = who_left(company)
    assert Hold.PLAN not in left.holds
    mei.types(f"/cairn plan <@{emily.id}>")
    assert "已离开，计划随之结束" in mei.sees()


def test_another_manager_takes_over_what_is_owed_and_the_former_one_sees_it_no_more(company: Company) -> None:
    begun(company)
    emily, thomas, lena = company.person("emily"), company.person("thomas"), company.person("lena")
    stint = Stint(emily.id, "Sales", "", lena.id, date(2027, 1, 25))
    company.knows(lambda session: people.place(session, stint))
    company.winds(to="2027-01-27T16:00:00+01:00")
    assert "A checkpoint waits for your words." in lena.pushes
    assert "A checkpoint waits for your words." not in thomas.pushes
    assert kept(company).manager_id == lena.id
    thomas.types(f"/cairn plan <@{emily.id}>")
    assert "This is not yours to do." in thomas.last_words()
    writes(lena)
    assert [one.by for one in kept(company).written] == [lena.id]


def hands_over(company: Company) -> tuple[Persona, Persona, Persona]:
    """Emily, who has not pressed that she saw her plan, reports to Lena from the Monday after it began."""
    begun(company)
    stint = Stint("U01EMILY", "Sales", "", "U01LENA", date(2027, 1, 25))
    company.knows(lambda session: people.place(session, stint))
    company.winds(to="2027-01-26T16:00:00+01:00")
    return company.person("emily"), company.person("thomas"), company.person("lena")


def test_a_plan_stays_by_who_wrote_it_when_somebody_else_leads(company: Company) -> None:
    emily, _, lena = hands_over(company)
    emily.opens_home()
    assert PUSH in emily.home
    assert "Lena Hoffmann wrote something" not in emily.home
    (card,) = [shown(one) for one in emily.messages if one["text"] == PUSH]
    assert "Thomas Keller has written a plan for the time until" in card
    assert "what Lena Hoffmann does for it" in card
    emily.clicks("I have seen it")
    company.winds(to="2027-01-27T16:00:00+01:00")
    writes(lena)
    assert emily.pushes[-1] == PUSH.replace("Thomas Keller", "Lena Hoffmann")


def test_all_three_hear_that_a_plan_goes_on_with_another_manager(company: Company) -> None:
    emily, thomas, lena = hands_over(company)
    assert lena.pushes == ["An improvement plan goes on with you."]
    for line in ("*Emily Carter*  ·  Runs until Fri 19 Feb", "Next checkpoint: Wed 27 Jan", FILLED["duties"]):
        assert line in lena.last_words()
    assert emily.pushes[-1] == "What Thomas Keller wrote for you goes on with Lena Hoffmann now."
    assert "Lena Hoffmann reads the plan and does what Thomas Keller had promised in it." in emily.last_words()
    assert thomas.pushes[-1] == "An improvement plan is with another manager now."
    assert "Emily Carter: Lena Hoffmann goes on with it. Nothing of it is asked of you any more." in thomas.last_words()
    lena.clicks("See the plan")
    assert STANDARD in lena.sees()
    company.winds(to="2027-01-27T11:00:00+01:00")
    assert len([one for one in (*emily.pushes, *thomas.pushes, *lena.pushes) if "goes on" in one]) == 2, "once"


def test_who_gets_a_plan_reads_of_it_in_chinese_too(company: Company) -> None:
    begun(company)
    for one in ("U01EMILY", "U01LENA"):
        company.knows(lambda session, one=one: people.choose_language(session, one, "zh"))
    company.knows(lambda session: people.place(session, Stint("U01EMILY", "Sales", "", "U01LENA", date(2027, 1, 25))))
    company.winds(to="2027-01-26T16:00:00+01:00")
    assert company.person("lena").pushes == ["有一份改进计划由你接手。"]
    assert company.person("emily").pushes[-1] == "Thomas Keller 为你写的内容，现在由 Lena Hoffmann 接手。"
