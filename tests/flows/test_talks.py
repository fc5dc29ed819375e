"""One-on-ones: an agenda gathered from facts, what two people keep of a talk, and what comes back."""

from datetime import date

from bot.domain.org import Stint
from bot.domain.policy import Policy
from bot.store import one_on_ones, people, policy
from tests.company import Company, Persona
from tests.working_quarters import asked, presses, updates, working

NEITHER = "One-on-ones here are between somebody and their manager."


def eventful_weeks(company: Company) -> tuple[Persona, Persona]:
    """Emily turned off track, is blocked and was thanked twice; her manager has the digest."""
    asked(company, "emily", "lena")
    emily, thomas = company.person("emily"), company.person("thomas")
    updates(emily)
    company.winds(to="2027-01-28T10:00:00-05:00")
    emily.clicks("Blocked")
    emily.submits(blocking="No access to the new price list", help=["Price or terms"])
    emily.clicks("Change")
    emily.submits(**{"confidence-g1": "✕ Off track"})
    for name, words in (("thomas", "The Basel talks"), ("lena", "Helped me at night")):
        company.person(name).types("/cairn kudos")
        company.person(name).submits(whom=emily.id, words=words)
    company.winds(to="2027-01-29T09:30:00+01:00")
    return emily, thomas


def test_the_agenda_is_gathered_from_facts_and_a_talk_leaves_notes_and_actions(company: Company) -> None:
    emily, thomas = eventful_weeks(company)
    thomas.types("/cairn team")
    thomas.clicks("Add to 1:1", near="Add to 1:1")
    thomas.submits(point="Her wish to lead the tender")
    thomas.closes()

    emily.types(f"/cairn talk <@{thomas.id}>")
    assert "*Thomas Keller*\nNo talk is noted yet." in emily.sees()
    assert "•  New revenue: On track → Off track\n•  Blocked: No access to the new price list" in emily.sees()
    assert "Thanks from Thomas Keller: “The Basel talks”" in emily.sees()
    assert "Helped me at night" not in emily.sees(), "she has not shared it with her manager"
    assert "No access to the new price list  ·  Asked for on 29 Jan 2027; no answer yet." in emily.sees()
    assert "tender" not in emily.sees(), "the manager's own list stays theirs"
    emily.clicks("Add a point")
    emily.submits(point="Two days at home")
    assert "•  Emily Carter: Two days at home" in emily.sees()
    emily.clicks("Write a note")
    emily.submits(note="Ask for the raise", readers="Only me")
    assert "Private notes; only you read them" in emily.sees()

    thomas.types("/cairn team")
    thomas.clicks("Talk")
    assert "•  Emily Carter: Two days at home" in thomas.sees()
    assert "Ask for the raise" not in thomas.sees()
    thomas.clicks("Add an action")
    thomas.submits(item="Write to the fair", owner="Emily Carter", due="2027-01-28")
    assert thomas.errors == {"due": "Please choose a day from today on, within a year"}
    thomas.submits(item="Write to the fair", owner="Emily Carter", due="2027-02-03")
    thomas.clicks("We talked")
    thomas.submits(day="2026-11-29")
    assert thomas.errors == {"day": "This is long ago. Please choose one of the last 60 days."}
    thomas.submits(points=["Emily Carter: Two days at home"], note="At home on Fridays", day="2027-01-29")
    assert "Last talk: Fri 29 Jan" in thomas.sees()
    assert "Two days at home" not in thomas.sees()
    assert "Her wish to lead the tender" in thomas.sees(), "what was not ticked stays"
    thomas.closes()
    thomas.types("/cairn team")
    assert "Last talk: Fri 29 Jan" in thomas.sees()

    emily.closes()
    company.winds(to="2027-02-04T10:00:00-05:00")
    assert "*Agreed to do:* Write to the fair  ·  by Wed 3 Feb" in emily.last_words()
    thomas.types(f"/cairn talk <@{emily.id}>")
    assert "Emily Carter: Write to the fair  ·  late since Wed 3 Feb" in thomas.sees()
    emily.clicks("It is done")
    assert "Write to the fair" not in emily.last_words()
    thomas.types(f"/cairn talk <@{emily.id}>")
    assert "Emily Carter: Write to the fair  ·  ✓ done" in thomas.sees()


def test_a_rhythm_brings_the_agenda_to_both_in_their_own_morning_until_they_talked(company: Company) -> None:
    working(company, "min")
    min_, li = company.person("min"), company.person("li")
    company.winds(to="2027-01-19T10:00:00+08:00")
    li.types(f"/cairn talk <@{min_.id}>")
    li.clicks("多久一次")
    li.submits(weeks="每两周一次", first="2027-01-18")
    assert li.errors == {"first": "请选择今天起一年以内的日期"}
    li.submits(weeks="每两周一次", first="2027-01-20")
    assert "还没有谈话记录。  ·  下次：1月20日 周三" in li.sees()
    li.closes()
    company.winds(to="2027-01-20T09:36:00+08:00")
    said = "和{}的一对一：1月20日 周三"
    assert min_.pushes[-1] == "你" + said.format("陈丽")
    assert li.pushes[-1].startswith("你和")
    min_.replies("想换一个区域", to="陈丽的一对一")
    assert "想换一个区域" in li.last_words(), "the card follows"
    min_.clicks("这次不谈")
    for one in (min_, li):
        assert "这次和" in one.last_words()
        assert "下次：2月3日 周三" in one.last_words()
    company.winds(to="2027-01-27T18:00:00+08:00")
    before = len(min_.pushes)
    company.winds(to="2027-02-03T09:36:00+08:00")
    assert len(min_.pushes) == before + 1
    li.clicks("打开")
    li.clicks("我们谈过了")
    li.submits(day="2027-02-03")
    assert "上次一对一：2月3日 周三" in li.sees()
    assert "你已和陈丽谈过。" in min_.last_words()
    li.clicks("多久一次")
    li.submits(weeks="不定期，需要时再谈", first="2027-02-17")
    company.winds(to="2027-02-18T18:00:00+08:00")
    assert not [one for one in min_.pushes if "2月17日" in one]


def test_the_card_of_a_talk_that_a_pause_swallowed_does_not_come_on_another_day(company: Company) -> None:
    working(company, "emily")
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn talk")
    emily.clicks("How often")
    emily.submits(weeks="Every two weeks", first="2027-01-28")
    emily.closes()
    emily.types("/cairn pause until 2027-02-22")
    for day in ("28T10:00:00+01:00", "28T10:00:00-05:00"):
        company.winds(to=f"2027-01-{day}")
    assert "Your one-on-one with Emily Carter: Thu 28 Jan" in thomas.pushes
    company.winds(to="2027-02-22T10:00:00-05:00")
    assert not [push for push in emily.pushes if "Your one-on-one" in push], "no talk is on a Monday"
    company.winds(to="2027-02-25T10:00:00-05:00")
    assert "Your one-on-one with Thomas Keller: Thu 25 Feb" in emily.pushes


def test_a_new_manager_inherits_what_is_to_do_and_nothing_else(company: Company) -> None:
    asked(company, "emily")
    much = Policy(a_week=20)
    company.knows(lambda session: policy.keep(session, much, by="U01MEI", at=company.slack.clock.now()))
    emily, thomas, lena, mei = (company.person(name) for name in ("emily", "thomas", "lena", "mei"))
    thomas.types(f"/cairn talk <@{emily.id}>")
    thomas.clicks("How often")
    thomas.submits(weeks="Every week", first="2027-01-27")
    thomas.clicks("Add an action")
    thomas.submits(item="Write to the fair", owner="Emily Carter", due="2027-02-03")
    thomas.clicks("Write a note")
    thomas.submits(note="Wants to lead", readers="The two of us")
    thomas.clicks("Add a point")
    thomas.submits(point="The Hansa offer")
    for n in range(6):
        thomas.clicks("Write a note")
        thomas.submits(note=f"Mine {n}", readers="Only me")
    assert "Mine 0" not in thomas.sees()
    thomas.clicks("All notes")
    assert "Mine 0" in thomas.sees()
    emily.types("/cairn talk")
    assert "Wants to lead" in emily.sees(), "with one partner there is nothing to choose"
    assert "Mine" not in emily.sees()
    emily.closes()
    for other in (mei, company.person("qiang"), lena):
        for step in ("talks.open_talk", "talks.add_note", "talks.choose"):
            assert presses(company, step, other, emily.id)[:13] in {NEITHER[:13], "这里的一对一是员工与主管之间"[:13]}
    moved = Stint(emily.id, "Sales", "", lena.id, date(2027, 1, 25))
    company.knows(lambda session: people.place(session, moved))
    company.winds(to="2027-01-27T12:00:00-05:00")
    assert not [push for push in thomas.pushes if "one-on-one" in push]
    assert emily.pushes[-1] == "Your one-on-ones with Thomas Keller are over: you report to Lena Hoffmann now."
    company.winds(to="2027-01-28T09:31:00+01:00")
    assert "Emily Carter reports to you now. How often will the two of you talk?" in lena.pushes
    assert "Until now they had one-on-ones: Every week." in str(lena.messages)
    assert NEITHER in presses(company, "talks.open_talk", thomas, emily.id)
    lena.clicks("Open")
    assert "Emily Carter: Write to the fair" in lena.sees()
    assert "Wants to lead" not in lena.sees()
    assert "The Hansa offer" not in lena.sees()
    (item,) = company.knows(lambda session: one_on_ones.to_do(session, emily.id))
    assert "not yours to do" in presses(company, "talks.done_in_checkin", thomas, f"{item.id}/c/{emily.id}/2027-01-28")
    assert "settled meanwhile" in presses(company, "talks.done", thomas, f"{lena.id}/{item.id}")
    lena.clicks("We talked")
    lena.submits(day="2027-01-22")
    assert lena.errors == {"day": "On this day you two were not yet manager and report."}
    lena.closes()
    lena.types(f"/cairn talk <@{emily.id}>")
    lena.clicks("It is done")
    assert not company.knows(lambda session: one_on_ones.to_do(session, emily.id))


def test_each_of_the_two_reads_their_card_by_their_own_calendar(company: Company) -> None:
    working(company, "emily")
    emily, thomas = company.person("emily"), company.person("thomas")
    company.winds(to="2027-01-27T10:00:00+01:00")
    thomas.types(f"/cairn talk <@{emily.id}>")
    thomas.clicks("How often")
    thomas.submits(weeks="Every week", first="2027-02-03")
    thomas.clicks("Add an action")
    thomas.submits(item="Write to the fair", owner="Emily Carter", due="2027-02-03")
    company.winds(to="2027-02-03T10:00:00-05:00")
    company.winds(to="2027-02-04T00:30:00+01:00")
    thomas.clicks("Add a point")
    thomas.submits(point="The Hansa offer")
    late = "Emily Carter: Write to the fair  ·  late since Wed 3 Feb"
    assert late in thomas.sees(), "in Berlin it is Thursday"
    assert "The Hansa offer" in emily.sees()
    assert "Emily Carter: Write to the fair  ·  by Wed 3 Feb" in emily.sees(), "in New York the day is not over"
    assert late not in emily.sees()
