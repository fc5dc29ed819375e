"""The calendar in Slack: one's own week and leave, HR's exceptions, and the zone that Slack knows."""

from datetime import date

from bot.domain.policy import Missed, Policy
from bot.store import people, policy
from tests.company import Company
from tests.working_quarters import presses


def test_somebody_sees_the_days_off_to_come_and_says_when_they_do_not_work(placed: Company) -> None:
    lena = placed.person("lena")
    placed.winds(to="2027-04-06T09:00:00+02:00")
    lena.types("/cairn calendar")
    assert "Working days of Germany, times of Europe/Berlin" in lena.sees()
    assert "Thu 6 May: off, Ascension Day" in lena.sees()
    assert "Sat" not in lena.sees(), "ordinary weekends are not news"
    assert "The company's calendar" not in lena.sees()
    lena.clicks("My week")
    lena.submits(weekdays=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"])
    assert lena.errors == {"weekdays": "One working day at least has to be left"}
    lena.submits(weekdays=["Friday"])
    assert "You do not work on: Friday" in lena.sees()
    lena.clicks("I am away")
    lena.submits(first="2027-05-03", last="2027-05-01")
    assert lena.errors == {"last": "The last day comes before the first"}
    lena.submits(first="2027-05-03", last="2027-05-05")
    assert "Away: Mon 3 May to Wed 5 May" in lena.sees()
    works = placed.knows(lambda s: placed.cairn.desk.calendar.workdays(s, people.get(s, lena.id)))
    assert [day for day in range(3, 15) if works(date(2027, 5, day))] == [10, 11, 12, 13]
    lena.types("/cairn privacy")
    lena.clicks("What is kept")
    assert "You do not work on: Friday" in lena.sees()
    lena.closes()
    lena.closes()
    lena.types("/cairn calendar")
    lena.clicks("Remove", near="3 May")
    assert "Away:" not in lena.sees()


def test_hr_enters_a_make_up_saturday_and_a_week_and_says_what_an_outage_means(placed: Company) -> None:
    mei, yang, lena = (placed.person(name) for name in ("mei", "yang", "lena"))
    mei.opens_home()
    assert "△ 中国 2027 年的日历尚未公布" in mei.home
    mei.types("/cairn calendar")
    assert "△ 中国 2027 年的日历是推算的，官方尚未公布，缺少调休上班日。" in mei.sees()
    mei.clicks("录入日期")
    mei.submits(first="2027-01-30", where="中国", kind="上班", note="春节调休")
    assert "中国，1月30日 周六：上班，春节调休\n林美，2027年1月4日" in mei.sees()
    assert "官方尚未公布" not in mei.sees(), "HR has the notice"
    assert "尚未公布" not in mei.home
    yang.types("/cairn calendar")
    assert "1月30日 周六：上班，春节调休" in yang.sees()
    lena.types("/cairn calendar")
    assert "Nothing but ordinary weeks." in lena.sees()
    works = placed.knows(lambda s: placed.cairn.desk.calendar.workdays(s, people.get(s, yang.id)))
    assert works(date(2027, 1, 30))
    mei.clicks("移除", near="春节调休")
    assert "没有例外" in mei.sees()
    mei.clicks("某人的工作周")
    mei.submits(person=lena.id)
    assert "Lena Hoffmann 每周不上班的日子" in mei.sees()
    mei.submits(weekdays=["星期五"])
    assert placed.knows(lambda session: people.get(session, lena.id)).free_weekdays == "4"
    assert lena.pushes == [], "it is two in the morning in Berlin"
    mei.clicks("修改", near="Cairn 停机期间")
    mei.submits(missed="left_out", late_hours="2")
    assert "不补发，下一次照常" in mei.sees()
    assert placed.knows(policy.current) == Policy(Missed.LEFT_OUT, 2)
    placed.winds(to="2027-01-04T09:31:00+01:00")
    assert lena.pushes == ["林美 set your week here: you do not work on Friday."]


def test_only_hr_touches_the_companys_calendar(placed: Company) -> None:
    emily = placed.person("emily")
    for step, carry in (("days.remove", "all/2027-05-01"), ("days.choose_policy", ""), ("days.choose", "")):
        assert "not yours to do" in presses(placed, step, emily, carry)


def test_a_zone_whose_news_was_lost_is_known_a_day_later(company: Company) -> None:
    emily = company.person("emily")
    company.settles()
    company.slack.change_person(emily.id, tz="Asia/Tokyo")
    company.waits(hours=23)
    assert company.knows(lambda session: people.get(session, emily.id)).tz == "America/New_York"
    company.waits(hours=2)
    assert company.knows(lambda session: people.get(session, emily.id)).tz == "Asia/Tokyo"
