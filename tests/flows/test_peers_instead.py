"""Where too few could answer in confidence: it is said beforehand, and feedback by name is a button away."""

from datetime import UTC, datetime

import pytest

from bot.store import evidence, people
from tests.company import Company
from tests.peer_rounds import asked, ids, launched, presses, proposing
from tests.stories import placed_people

SMALL = {"U01EMILY", "U01THOMAS", "U01LENA", "U01JONAS", "U01SOFIA"}
SITUATION, BEHAVIOUR = "The Hansa order in the last week of February.", "She called the customer within the hour."


def placed_alone(company: Company, *names: str) -> str:
    """Only these people are placed in the company, and the first one is asked whom to ask."""
    placed_people(company)
    here = set(ids(company, *names))

    def shrink(session) -> None:
        for one in people.everyone(session):
            if one.id not in here:
                session.query(people.StintRow).filter_by(person_id=one.id).delete()

    company.knows(shrink)
    return launched(company, company.person(names[0]).id)


def test_with_too_few_people_it_is_said_beforehand_and_colleagues_are_asked_by_name(company: Company) -> None:
    placed_alone(company, "emily", "thomas", "lena", "jonas", "sofia")
    emily, lena = company.person("emily"), company.person("lena")
    assert "it needs at least 4 people who can answer, and there are 3" in emily.sees()
    with pytest.raises(AssertionError, match="sees no button"):
        emily.clicks("Propose colleagues")
    emily.clicks("Ask colleagues by name")
    assert "It is not confidential" in emily.sees()
    emily.submits(raters=ids(company, "thomas"))
    assert "Thomas Keller reviews this work as the manager already" in emily.errors["raters"]
    emily.submits(raters=ids(company, "lena", "sofia"))
    assert "You asked for feedback by name: Lena" in emily.sees()
    assert "Emily Carter reads what you write, and that it is from you." in lena.sees()
    lena.clicks("Write feedback")
    assert "Only the two of you read it" in lena.sees()
    lena.submits(situation=SITUATION, behaviour=BEHAVIOUR)
    assert BEHAVIOUR in emily.sees()
    assert "Only the two of you read it" in emily.sees()
    assert "by name" not in company.person("jonas").sees()


def test_the_manager_asks_by_name_in_chinese_too_and_reads_it_beside_the_person(company: Company) -> None:
    placed_alone(company, "yang", "li", "min", "hao", "qian")
    company.winds(to="2027-04-02T10:00:00+08:00")
    yang, li, min_ = company.person("yang"), company.person("li"), company.person("min")
    assert "至少需要 4 位能作答的同事，目前只有 3 位" in yang.sees()
    yang.clicks("请主管邀请")
    assert "会请同事谈谈你的工作" in yang.sees()
    assert "能作答的不到 4 人" in li.sees()
    li.clicks("请同事署名反馈")
    li.submits(raters=ids(company, "min", "hao"))
    assert "你已就刘洋邀请署名反馈" in li.sees()
    assert "请你为刘洋写一份署名反馈" in min_.sees()
    min_.clicks("写反馈")
    assert "其主管也会看到" in min_.sees()
    min_.submits(situation="二月最后一周的汉莎订单，客户下午来电。", behaviour="他一小时内回了电话，还写下了改动。")
    assert "你的主管也会看到。" in yang.sees()
    since = datetime(2027, 1, 1, tzinfo=UTC)
    beside = company.knows(lambda session: evidence.for_review(session, yang.id, li.id, since))
    assert [one.author_id for one in beside] == [min_.id]


def test_who_knows_that_too_few_saw_the_work_says_so_and_may_think_again(company: Company) -> None:
    cycle_id, emily = proposing(company)
    emily.clicks("Fewer than 4 saw my work")
    assert "too few people saw your work" in emily.sees()
    emily.clicks("Propose colleagues after all")
    emily.submits(raters=ids(company, "marcus", "lena", "jonas", "sofia"))
    assert "Thomas Keller looks at your list next" in emily.sees()
    assert "settled already" in presses(company, "emily", "peers.too_few", cycle_id)


def test_who_was_told_that_the_round_fell_short_asks_by_name_beside_it(company: Company) -> None:
    asked(company, "marcus", "lena", "jonas", "pierre")
    marcus, emily = company.person("marcus"), company.person("emily")
    marcus.clicks("Decline")
    marcus.submits(reason="I have no time for it in these weeks")
    emily.clicks("Ask colleagues by name")
    emily.submits(raters=ids(company, "sofia"))
    assert "Emily Carter asks you for feedback, by name." in company.person("sofia").sees()
    assert "4 colleagues are asked about working with you." in emily.sees()
