"""Help in the months between: asked for, promised, brought back to mind, delivered, thanked for; or declined."""

from datetime import date

from bot.domain.org import Stint
from bot.domain.policy import Policy
from bot.domain.support import State, Useful
from bot.store import leaves, people, policy, support
from tests.company import Company, Persona
from tests.working_quarters import asked, presses, updates, working

DIGEST = "2027-01-22T09:30:00+01:00"


def blocked(company: Company, *others: str) -> tuple[Persona, Persona]:
    """Emily is blocked, and her manager has just got the digest."""
    asked(company, "emily", "lena", *others)
    much = Policy(a_week=20)  # each message is looked at where it comes by itself
    company.knows(lambda session: policy.keep(session, much, by="U01MEI", at=company.slack.clock.now()))
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.clicks("Blocked")
    emily.submits(blocking="No access to the new price list", help=["Price or terms"])
    company.winds(to=DIGEST)
    return emily, thomas


def requests(company: Company, person: Persona) -> list[support.Support]:
    return company.knows(lambda session: support.of_people(session, [person.id]))


def test_a_blocked_employee_gets_help_that_is_promised_delivered_and_thanked_for(company: Company) -> None:
    emily, thomas = blocked(company)
    assert "Asked for on 22 Jan 2027; no answer yet." in emily.last_words()
    assert "no answer yet" in thomas.last_words()

    thomas.clicks("Help")
    for given in ("Market or competitor facts", "Lead or introduction", "Often helps in Sales", "Plan three visits"):
        assert given in thomas.sees()
    assert "Where do you need me: a lead, a price decision, a visit?" in thomas.sees()
    thomas.submits(promise=" ", due="2027-01-26")
    assert thomas.errors == {"promise": "Please say in a few words what you promise"}
    thomas.submits(promise="The list for your region", due="2027-01-21")
    assert "is not ahead of us" in thomas.errors["due"]
    thomas.submits(promise="The list for your region", due="2027-01-26", by="U01LENA")
    thomas.clicks("Comment")
    thomas.submits(comment="Thank you for saying it early.")
    said = "Thomas Keller promised for 26 Jan 2027, through Lena Hoffmann: The list for your region"
    assert said in thomas.last_words()
    assert said in emily.last_words()
    assert "Thank you for saying it early." in emily.last_words()
    assert "Acknowledge" not in thomas.last_words(), "help and a comment are an answer"

    before = len(emily.messages)
    company.winds(to="2027-01-22T09:31:00-05:00")
    assert len(emily.messages) == before + 1, "comment and promise in one message, in her morning"
    assert emily.pushes[-1] == "Thomas Keller answered your check-in of Thu 21 Jan."
    assert "Thank you for saying it early." in emily.last_words()
    assert said in emily.last_words()

    due = "One promise to your team is due."
    for moment, times in (("25T12:00", 0), ("26T09:40", 1), ("27T09:40", 2), ("28T12:00", 2)):
        company.winds(to=f"2027-01-{moment}:00+01:00")
        assert thomas.pushes.count(due) == times
    thomas.clicks("Delivered", near=due)
    assert thomas.sees().count("The promises that were due are settled.") == 2, "on both mornings"

    company.winds(to="2027-01-28T09:31:00-05:00")
    emily.clicks("Yes")
    emily.clicks("Add a line")
    emily.submits(word="The tender went out the same day.")
    company.winds(to="2027-01-28T09:45:00-05:00")
    assert thomas.pushes[-1] == "Emily Carter tells you how your help worked out."
    assert "your help was useful" in thomas.last_words()
    assert "The tender went out the same day." in thomas.last_words()
    (one,) = requests(company, emily)
    assert (one.state, one.useful, one.by) == (State.DELIVERED, Useful.YES, "U01LENA")
    assert sum("Was it useful?" in push for push in emily.pushes) == 1


def test_who_was_away_on_the_day_of_a_promise_reads_of_it_once_on_the_next(company: Company) -> None:
    _, thomas = blocked(company)
    thomas.clicks("Help")
    thomas.submits(promise="The list for your region", due="2027-01-26")
    company.knows(lambda session: leaves.take(session, thomas.id, date(2027, 1, 26), date(2027, 1, 26)))
    for moment, times in (("26T18:00", 0), ("27T09:31", 1), ("27T12:00", 1)):
        company.winds(to=f"2027-01-{moment}:00+01:00")
        assert thomas.pushes.count("One promise to your team is due.") == times


def test_a_promise_comes_back_although_cairn_was_down_for_days(company: Company) -> None:
    emily, thomas = blocked(company)
    thomas.clicks("Help")
    thomas.submits(promise="The list for your region", due="2027-01-26")
    company.winds(to="2027-02-01T12:00:00+01:00")
    assert thomas.pushes.count("One promise to your team is due.") == 1
    thomas.clicks("Change promise", near="One promise to your team is due.")
    thomas.submits()
    (one,) = requests(company, emily)
    assert one.due is not None
    assert one.due >= date(2027, 2, 1), "no day is proposed that is over"


def test_a_promise_that_is_gathered_with_others_is_not_gathered_twice(company: Company) -> None:
    _, thomas = blocked(company)
    thomas.clicks("Help")
    thomas.submits(promise="The list for your region", due="2027-01-26")
    little = Policy(a_week=1)
    company.knows(lambda session: policy.keep(session, little, by="U01MEI", at=company.slack.clock.now()))
    company.winds(to="2027-01-26T12:00:00+01:00")
    company.winds(to="2027-01-27T12:00:00+01:00")
    assert thomas.sees().count("One promise to your team is due.") == 1
    assert "Also waiting for you: one thing" in thomas.sees()


def test_help_is_declined_with_a_reason_in_chinese(company: Company) -> None:
    working(company, "min", "hao")
    min_, li = company.person("min"), company.person("li")
    company.winds(to="2027-01-21T10:00:00+08:00")
    min_.clicks("遇到阻碍")
    min_.submits(blocking="价格审批卡了两周", help=["价格或条款"])
    company.winds(to="2027-01-22T09:30:00+08:00")
    assert "2027年1月22日提出，还没有答复。" in li.last_words()
    li.clicks("帮助")
    assert "在销售部，这些往往有用" in li.sees()
    li.clicks("这件事我帮不上忙")
    li.submits(reason=" ")
    assert "请说明原因" in li.errors["reason"]
    li.submits(reason="底价由总部定，我们先谈付款条件")
    said = "陈丽这次帮不上忙：底价由总部定，我们先谈付款条件"
    assert said in min_.last_words()
    company.winds(plus="15m")
    assert min_.pushes[-1] == "陈丽回应了你1月21日 周四的进展汇报。"
    assert said in min_.last_words()
    li.opens_home()
    assert "在等你的支持" not in li.home


def test_a_request_waits_in_home_and_in_the_next_digest_and_is_asked_only_once(company: Company) -> None:
    emily, thomas = blocked(company)
    thomas.opens_home()
    assert "Emily Carter waits for your help since Fri 22 Jan" in thomas.home
    company.winds(to="2027-01-28T10:00:00-05:00")
    emily.clicks("Blocked")
    emily.submits(blocking="No access to the new price list", help=["Price or terms"])
    updates(company.person("lena"))
    company.winds(to="2027-01-29T09:30:00+01:00")
    assert [one.what for one in requests(company, emily)] == ["No access to the new price list"]
    assert "Asked for on 22 Jan 2027; no answer yet." in thomas.last_words()
    emily.opens_home()
    assert "Help that I asked for" in emily.home
    emily.clicks("No longer needed", near="Asked for on")
    assert requests(company, emily)[0].state is State.WITHDRAWN
    assert "no answer yet" not in thomas.last_words()


def test_only_the_manager_of_today_promises_and_only_who_asked_closes(company: Company) -> None:
    emily, thomas = blocked(company)
    (one,) = requests(company, emily)
    for step in ("support.offer", "support.refuse", "checkins.comment", "checkins.add_to_talk"):
        assert "not yours to do" in presses(company, step, company.person("lena"), one.place)
        assert "not yours to do" in presses(company, step, emily, one.place)
    assert "not yours to do" in presses(company, "support.deliver", emily, one.id)
    for step in ("support.arrived", "support.withdraw"):
        assert "not yours to do" in presses(company, step, thomas, one.id)
    assert "settled meanwhile" in presses(company, "support.deliver", thomas, one.id)
    assert "out of date" in presses(company, "support.offer", thomas, f"{one.cycle_id}/{emily.id}/soon")
    assert "settled meanwhile" in presses(company, "support.rate", emily, f"{one.id}/yes")
    thomas.clicks("Help")
    thomas.submits(promise="The list for your region", due="2027-01-26")
    moved = Stint(emily.id, "Sales", "", "U01QIANG", date(2027, 1, 25))
    company.knows(lambda session: people.place(session, moved))
    company.winds(to="2027-01-26T12:00:00+01:00")
    company.winds(to="2027-01-27T09:31:00+08:00")
    assert "not yours to do" in presses(company, "support.deliver", thomas, one.id)
    assert "One promise to your team is due." not in thomas.pushes
    assert company.person("qiang").pushes[-1] == "你对团队的 1 项承诺到期了。"


def test_silence_gets_one_nudge_and_becomes_a_rate_one_level_up(company: Company) -> None:
    emily, thomas = blocked(company, "thomas")
    nudged = "Your team's check-ins of Fri 22 Jan wait for a sign from you."
    for moment, times in (("25T12:00", 0), ("26T09:30", 1), ("28T12:00", 1)):
        company.winds(to=f"2027-01-{moment}:00+01:00")
        assert thomas.pushes.count(nudged) == times
    qiang = company.person("qiang")
    qiang.types("/cairn team")
    assert "Thomas Keller：1 份汇总已回应 0 份" in qiang.sees()
    assert "1 个求助等待超过两个工作日" in qiang.sees()
    assert "Emily" not in qiang.sees()
    assert "price list" not in qiang.sees()
    qiang.closes()
    thomas.clicks("Acknowledge all", near=nudged)
    assert "Your team's check-ins of Fri 22 Jan wait" not in thomas.sees()
    assert "Thomas Keller has read it" in emily.last_words()
    qiang.types("/cairn team")
    said = "Thomas Keller：1 份汇总已回应 1 份；通常 4 个工作日后回应"
    assert said in qiang.sees()
    qiang.closes()
    company.winds(to="2027-01-29T09:30:00+08:00")
    assert said in qiang.last_words(), "also in the digest of who leads managers"
    assert "Emily" not in qiang.sees()


def test_a_request_left_alone_counts_one_level_up_before_any_digest(company: Company) -> None:
    working(company, "emily")
    emily, qiang = company.person("emily"), company.person("qiang")
    emily.types("/cairn support")
    assert "While it is open a next manager reads it too" in emily.sees()
    emily.submits(what="The price list by Friday")
    company.winds(to="2027-01-21T20:00:00+08:00")
    qiang.types("/cairn team")
    assert "Thomas Keller：还没有需要回应的汇总；1 个求助等待超过两个工作日" in qiang.sees()


def test_what_is_due_comes_by_itself_in_a_full_week_and_thanks_can_wait(company: Company) -> None:
    asked(company, "emily", "lena")
    emily, lena, thomas = (company.person(name) for name in ("emily", "lena", "thomas"))
    company.knows(lambda s: policy.keep(s, Policy(a_week=4), by="U01MEI", at=company.slack.clock.now()))
    updates(lena)
    emily.clicks("Blocked")
    emily.submits(blocking="No access to the new price list", help=["Price or terms"])
    company.winds(to=DIGEST)
    thomas.clicks("Help")
    thomas.submits(promise="The list for your region", due="2027-01-26")
    for moment in ("22T16:00", "26T09:30", "26T09:40"):
        company.winds(to=f"2027-01-{moment}:00+01:00")
    nudge, due = "Your team's check-ins of Fri 22 Jan wait for a sign from you.", "One promise to your team is due."
    assert thomas.pushes[-2:] == [nudge, due], "both lose their point within days"
    thomas.clicks("Delivered", near=due)
    company.winds(to="2027-01-26T09:31:00-05:00")
    emily.clicks("Yes")
    company.winds(plus="15m")
    assert "Also waiting for you: one thing*\nEmily Carter tells you how your help worked out." in thomas.last_words()
    thomas.clicks("Show")
    assert "your help was useful" in thomas.last_words()


def test_help_is_asked_for_between_check_ins_and_answered_in_its_own_card(company: Company) -> None:
    asked(company, "emily")
    emily, thomas, lena = (company.person(name) for name in ("emily", "thomas", "lena"))
    company.winds(to="2027-01-25T20:00:00+01:00")
    emily.types("/cairn support")
    emily.submits(what=" ")
    assert emily.errors == {"what": "Please say in a few words what is in the way"}
    emily.submits(what="The customer asks for a visit of our engineer", help=["Lead or introduction"])
    assert "You asked Thomas Keller for help." in emily.last_words()
    assert "Emily Carter asks you for help." not in thomas.pushes, "it is evening there"
    emily.types("/cairn support")
    emily.submits(what="The customer asks for a visit of our engineer")
    assert "still open" in emily.errors["what"]
    emily.submits(what="A demo machine for the fair in Boston")
    company.winds(to="2027-01-26T09:31:00+01:00")
    assert thomas.pushes.count("Emily Carter asks you for help.") == 2
    thomas.clicks("Help", near="a visit of our engineer")
    assert "a visit of our engineer" in thomas.sees()
    thomas.submits(promise="Anna comes along", due="2027-01-27")
    said = "Thomas Keller promised for 27 Jan 2027: Anna comes along"
    assert said in thomas.sees()
    assert said in emily.sees()
    company.winds(to="2027-01-26T09:45:00-05:00")
    assert emily.pushes[-1] == "Thomas Keller answered your request for help."
    thomas.clicks("Delivered", near="a visit of our engineer")
    assert "Delivered on 26 Jan 2027" in thomas.sees()
    company.winds(plus="1m")
    emily.clicks("Yes")
    assert [one.state for one in requests(company, emily)] == [State.DELIVERED, State.ASKED]
    lena.types("/cairn support")
    assert "Please talk to your manager directly." in lena.sees(), "no cycle runs for her"


def test_help_is_asked_for_in_chinese_and_declined_with_a_reason(company: Company) -> None:
    working(company, "min", "hao")
    min_, li = company.person("min"), company.person("li")
    company.winds(to="2027-01-19T10:00:00+08:00")
    min_.types("/cairn support")
    min_.submits(what="客户要看样品，仓库说要等两周")
    assert li.pushes[-1] == "赵敏请你帮忙。"
    li.clicks("帮助")
    li.clicks("这件事我帮不上忙")
    li.submits(reason="样品这周确实没有，先发照片和参数")
    company.winds(plus="15m")
    assert min_.pushes[-1] == "陈丽回应了你的求助。"
    assert "先发照片和参数" in min_.last_words()
    assert "不再需要" not in min_.sees()


def test_the_team_page_shows_each_report_and_what_to_talk_about(company: Company) -> None:
    emily, thomas = blocked(company)
    updates(company.person("lena"))
    company.winds(to="2027-01-28T10:00:00-05:00")
    updates(emily, confidence="✕ Off track")
    company.winds(to="2027-01-29T09:30:00+01:00")
    thomas.clicks("Add to 1:1", near="✕ Off track")
    assert "It is on the list for your next talk." in thomas.last_words()
    thomas.types("/cairn team")
    for said in ("New revenue  ·  120 of 400 k€  ·  ✕ Off track", "Last check-in: Thu 28 Jan  ·  not acknowledged yet",
                 "*To talk about:* Check-in of Thu 28 Jan", "Asked for on 22 Jan 2027"):  # fmt: skip
        assert said in thomas.sees()
    thomas.clicks("Help")
    thomas.submits(promise="A seat in the price round", due="2027-02-01")
    assert "promised for 1 Feb 2027: A seat in the price round" in thomas.sees(), "back on the page"
    thomas.clicks("Comment")
    thomas.submits(comment="Let us look at it together")
    assert "Last check-in: Thu 28 Jan  ·  you commented" in thomas.sees()
    thomas.clicks("Talked about")
    assert "To talk about" not in thomas.sees()
    thomas.clicks("Add to 1:1")
    thomas.submits(point="Her wish to lead the tender")
    assert "*To talk about:* Her wish to lead the tender" in thomas.sees()
    emily.types("/cairn team")
    assert "Nobody reports to you here." in emily.sees()
