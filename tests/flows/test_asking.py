"""Questions: answered with what is published, word for word; else by HR, in time or with a reminder."""

from datetime import date

from bot.domain.policy import Policy
from bot.store import leaves, people, policy
from tests.company import Company, shown
from tests.stories import launched_quarter


def test_a_question_is_answered_with_what_is_published_and_its_place(company: Company) -> None:
    launched_quarter(company)
    emily, yang, mei = company.person("emily"), company.person("yang"), company.person("mei")
    emily.types("/cairn ask When are the self-reviews written?")
    assert "Dates of 2027-Q1" in emily.sees()
    assert "From Thu 1 Apr to Wed 14 Apr." in emily.sees()
    emily.types("/cairn ask")
    emily.submits(words="Who can see my check-ins?")
    assert "Your check-ins: you, your manager" in emily.sees()
    emily.clicks("Read it all")
    assert "What you are paid, and what comes of a bonus pool" in emily.sees()
    yang.types("/cairn ask 我的结果由哪些部分组成，权重是多少？")
    assert "Sales 的模板" in yang.sees() or "销售" in yang.sees()
    assert "权重" in yang.sees()
    mei.types("/cairn language en")
    mei.types("/cairn rules")
    mei.clicks("Write the rules")
    mei.submits(en="Whoever gets an A chooses a course abroad.", zh="得 A 的人可以自选一门国外课程。")
    mei.clicks("Publish")
    emily.closes()
    emily.closes()
    emily.types("/cairn ask Who chooses a course abroad?")
    assert "What follows from a result, version 1" in emily.sees()
    assert "Whoever gets an A chooses a course abroad." in emily.sees()
    emily.types("/cairn ask What happens with an A?")
    assert "Whoever gets an A chooses a course abroad." in emily.sees()
    yang.types("/cairn ask 得了A会怎样？")
    assert "得 A 的人可以自选一门国外课程。" in yang.sees()
    emily.types("/cairn ask when does planning end?")
    assert "Goals are drafted and agreed between employee and manager." in emily.sees()


def test_what_nothing_answers_goes_to_hr_with_a_clock_and_the_answer_helps_the_next_one(placed: Company) -> None:
    placed.winds(to="2027-01-05T10:30:00-05:00")
    emily, mei, marcus = placed.person("emily"), placed.person("mei"), placed.person("marcus")
    mei.types("/cairn language en")
    emily.types("/cairn ask May I bring my dog to the office?")
    assert "I found nothing published that answers this." in emily.sees()
    emily.clicks("Ask HR")
    assert "I asked them to answer by Fri 8 Jan." in emily.sees()
    emily.closes()
    placed.winds(to="2027-01-06T10:00:00+08:00")
    assert mei.pushes[-1] == "Emily Carter has a question for HR."
    assert "May I bring my dog" in mei.last_words()
    mei.types("/cairn")
    assert "A question to HR, by Fri 8 Jan" in mei.sees()
    placed.winds(to="2027-01-08T10:00:00+08:00")
    assert mei.pushes[-1] == "The question from Emily Carter is due today."
    assert "still with HR. I reminded them on Thu 7 Jan." in emily.sees()
    emily.types("/cairn ask")
    assert "with HR, by Fri 8 Jan" in emily.sees()
    emily.closes()
    mei.clicks("Answer", near="due today")
    mei.submits(answer="Dogs are welcome on Fridays", publish=["publish"])
    assert mei.last_words().endswith("This is answered."), "nor does the reminder offer an answer any more"
    placed.knows(lambda s: policy.keep(s, Policy(a_week=1), by=mei.id, at=placed.slack.clock.now()))
    placed.winds(to="2027-01-08T10:00:00-05:00")
    assert emily.pushes[-1] == "HR has answered your question."
    assert "Dogs are welcome on Fridays" in emily.last_words()
    told = [words for one in emily.messages if "HR has answered" in (words := shown(one))]
    assert len(told) == 2, "the asker's own card, and a message of its own"
    assert all("Dogs are welcome on Fridays" in words for words in told)
    marcus.types("/cairn ask is a dog welcome in the office?")
    assert "Questions that HR has answered" in marcus.sees()
    assert "Dogs are welcome on Fridays" in marcus.sees()
    assert "Emily" not in marcus.sees()
    placed.winds(to="2027-01-12T10:00:00+08:00")
    assert [push for push in mei.pushes if "today" in push] == ["The question from Emily Carter is due today."]


def test_a_question_that_one_of_hr_answered_wakes_no_other_one(placed: Company) -> None:
    placed.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    emily, julia, mei = placed.person("emily"), placed.person("julia"), placed.person("mei")
    placed.winds(to="2027-01-05T09:30:00-05:00")
    before = list(mei.pushes)
    emily.types("/cairn ask May I bring my dog to the office?")
    emily.clicks("Ask HR")
    assert julia.pushes[-1] == "Emily Carter has a question for HR.", "half past three in Berlin"
    julia.clicks("Answer")
    julia.submits(answer="Dogs are welcome on Fridays")
    assert "This is answered." in julia.last_words()
    placed.winds(to="2027-01-06T12:00:00+08:00")
    assert mei.pushes == before, "not at half past ten at night in Shanghai, nor in the morning: nothing is left to do"


def test_with_one_of_hr_on_leave_the_other_ones_days_count_and_who_forgets_is_reminded_three_times(
    placed: Company,
) -> None:
    placed.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    placed.knows(lambda session: leaves.take(session, "U01JULIA", date(2027, 1, 4), date(2027, 3, 1)))
    placed.winds(to="2027-01-05T10:30:00-05:00")
    emily, mei, yang = placed.person("emily"), placed.person("mei"), placed.person("yang")
    mei.types("/cairn language en")
    emily.types("/cairn ask May I bring my dog to the office?")
    emily.clicks("Ask HR")
    assert "I asked them to answer by Fri 8 Jan." in emily.sees(), "whoever of HR is at work"
    emily.closes()
    for day, said in (("08", "is due today."), ("12", "was due on Fri 8 Jan."), ("14", "was due on Fri 8 Jan.")):
        placed.winds(to=f"2027-01-{day}T10:00:00+08:00")
        assert mei.pushes[-1] == f"The question from Emily Carter {said}"
    assert "My last reminder was on Wed 13 Jan; please ask them in person." in emily.sees(), "evening in New York"
    placed.winds(to="2027-01-21T10:00:00+08:00")
    assert len([push for push in mei.pushes if "The question from" in push]) == 3
    yang.types("/cairn ask 我可以带狗来办公室吗？")
    yang.clicks("问 HR")
    yang.closes()
    placed.winds(plus="1m")
    mei.clicks("Answer", near="带狗")
    mei.submits(answer="周五可以")
    heard = list(mei.pushes)
    yang.types("/cairn ask 我可以带狗来办公室吗？")
    yang.clicks("问 HR")
    assert "周五可以" in yang.sees(), "not “with HR”, who would hear nothing of it"
    assert "如果还有不清楚的，请换个说法再问。" in yang.sees()
    assert mei.pushes == heard
    yang.clicks("继续问")
    yang.submits(words="狗要拴绳吗？")
    yang.clicks("问 HR")
    assert "你的问题已转给 HR" in yang.sees()
