"""The attention budget: what nobody asked for comes within bounds, and nothing of it is lost."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.attention import Attention
from bot.domain.policy import Policy
from bot.slack.blocks import Message, button, buttons, section
from bot.slack.flow import Flow, Turn
from bot.slack.words import Words
from bot.store import policy
from bot.store.outbox import OutboxRow
from tests.company import Company, Persona, shown
from tests.stories import planned
from tests.working_quarters import SALES_THURSDAY, asked, updates, working


def errands() -> Flow:
    """A conversation that asks for as much as it is told to."""
    flow = Flow("errands")

    def errand(t: Words, name: str) -> Message:
        return Message(t("Errand {name}", name=name), [section(t("Errand {name}", name=name)),
                                                       buttons(button(t("Done"), does=done, carry=name))])  # fmt: skip

    def over(t: Words, name: str) -> Message:
        return Message(t("Errand {name} is done", name=name), over=True)

    def say(turn: Turn) -> None:
        turn.say(turn.person, f"errands/{turn.carry}/{turn.person.id}", errand, turn.carry)

    @flow.action
    def done(turn: Turn) -> None:
        turn.say(turn.person, f"errands/{turn.carry}/{turn.person.id}", over, turn.carry)

    @flow.prompt
    def wait(turn: Turn) -> None:
        say(turn)

    @flow.prompt_that(Attention.EXPIRES)
    def press(turn: Turn) -> None:
        say(turn)

    @flow.prompt_that(Attention.FREE)
    def give(turn: Turn) -> None:
        say(turn)

    @flow.timer
    def withdraw(turn: Turn) -> None:
        turn.say(turn.person, f"errands/{turn.carry}/{turn.person.id}", over, turn.carry)

    return flow


@pytest.fixture
def busy(company: Company) -> Company:
    company.learns(errands())
    return company


def asks(company: Company, person: Persona, step: str, *names: str) -> None:
    for name in names:
        planned(company, f"errands.{step}", name, person.id)


def alone(person: Persona) -> list[str]:
    """The errands that stand open as messages of their own."""
    return [words.splitlines()[0][-1] for one in person.messages if "Done" in (words := shown(one))]


def test_five_a_week_and_no_more_what_expires_first_and_the_rest_in_one(busy: Company) -> None:
    emily = busy.person("emily")
    busy.winds(to="2027-01-05T10:00:00-05:00")
    asks(busy, emily, "wait", "a", "b", "d")
    asks(busy, emily, "press", "c", "e", "f")
    asks(busy, emily, "give", "g")
    assert alone(emily) == ["a", "b", "c", "e", "g"], "what waits yields a place to what expires; a result is free"
    rest = [one for one in emily.messages if "Also waiting" in shown(one)]
    assert len(rest) == 1
    assert "Also waiting for you: 2 things*\nErrand d\nShow\nErrand f\nShow" in shown(rest[0])
    assert "At most 5 messages a week come to you unasked, this one included. Some of these" in shown(rest[0])
    emily.clicks("Show")
    assert alone(emily)[-1] == "d"
    assert "one thing*\nErrand f" in emily.sees()
    emily.clicks("Done", near="Errand d")
    asks(busy, emily, "withdraw", "f")
    assert alone(emily)[-1] == "g"
    assert "Nothing more waits here." in emily.sees(), "what is over does not come any more"
    busy.winds(to="2027-01-11T10:00:00-05:00")
    asks(busy, emily, "wait", "h")
    assert alone(emily)[-1] == "h", "a new week"


def test_what_is_gathered_waits_in_home_and_is_looked_through_there(busy: Company) -> None:
    emily = busy.person("emily")
    busy.winds(to="2027-01-05T10:00:00-05:00")
    asks(busy, emily, "press", *"abcdefg")
    emily.opens_home()
    assert "3 messages are gathered for you" in emily.home
    asks(busy, emily, "press", "h")
    assert "4 messages are gathered for you" in emily.home, "a later one is seen as well"
    emily.types("/cairn")
    emily.clicks("Look through")
    assert "Errand e\nShow\nErrand f\nShow\nErrand g\nShow\nErrand h" in emily.sees()
    emily.clicks("Show", near="Errand f")
    assert "Errand f" not in emily.sees()
    assert "It stands in our messages now." in emily.sees()
    assert alone(emily)[-1] == "f"
    emily.closes()
    assert "3 messages are gathered for you" in emily.home
    busy.winds(to="2027-01-18T10:00:00-05:00")
    emily.opens_home()
    assert "gathered for you" not in emily.home, "and not for ever"


def test_not_now_but_tomorrow_or_next_week(busy: Company) -> None:
    lena = busy.person("lena")
    busy.winds(to="2027-01-07T10:00:00+01:00")
    asks(busy, lena, "wait", "a", "b")
    lena.chooses("Remind me next week")
    assert "I will remind you of this on Mon 11 Jan." in lena.last_words()
    assert alone(lena) == ["a"]
    lena.chooses("Remind me tomorrow")
    assert alone(lena) == []
    busy.winds(to="2027-01-08T09:31:00+01:00")
    assert alone(lena) == ["a"]
    asks(busy, lena, "withdraw", "b")
    busy.winds(to="2027-01-11T09:31:00+01:00")
    assert alone(lena) == ["a"], "what was settled meanwhile does not come again"


def about_a_colleague(session: Session) -> None:
    """One of the messages that were answered asked for confidential feedback."""
    answered = select(OutboxRow.key).where(OutboxRow.answered_at.is_not(None), ~OutboxRow.merged)
    key = session.scalar(answered.order_by(OutboxRow.key).limit(1))
    session.execute(update(OutboxRow).where(OutboxRow.key == key).values(key="peers/q1/U01EMILY/rater/U01JONAS"))


def test_hr_sees_the_figures_without_names_and_sets_the_budget(busy: Company) -> None:
    mei, emily = busy.person("mei"), busy.person("emily")
    busy.winds(to="2027-01-05T10:00:00-05:00")
    asks(busy, emily, "press", *"abcdef")
    for name in "abcd":
        emily.clicks("Done", near=f"Errand {name}")
    busy.winds(plus="2h")
    emily.clicks("Show", near="Errand e")
    emily.clicks("Done", near="Errand e")
    busy.knows(about_a_colleague)
    mei.types("/cairn figures")
    assert "*已回复*\n0" in mei.sees(), "this week's answers come in one by one"
    mei.closes()
    busy.winds(to="2027-01-11T23:00:00+08:00")
    mei.types("/cairn figures")
    assert "*单独发出*\n4" in mei.sees()
    assert "*汇总发出*\n2" in mei.sees()
    assert "*已回复*\n4" in mei.sees(), "nor is the answer to a request for confidential feedback counted"
    assert "回复太少" in mei.sees(), "three answers to messages of their own"
    assert "*一人一周最多收到*\n5" in mei.sees()
    assert "Emily" not in mei.sees()
    mei.clicks("修改")
    mei.submits(a_week="2")
    assert "每人 2 条主动消息" in mei.sees()
    assert busy.knows(policy.current) == Policy(a_week=2)
    asks(busy, busy.person("marcus"), "press", "a", "b")
    assert "Also waiting for you: one thing" in busy.person("marcus").last_words()
    asks(busy, mei, "press", "a", "b")
    busy.winds(to="2027-01-12T10:00:00+08:00")
    assert "每周最多主动发 2 条消息（含这一条）。其中一部分名额留给快到期的事" in mei.last_words()
    emily.types("/cairn figures")
    assert "not yours to do" in emily.sees()


def test_whoever_put_a_check_in_off_is_not_reminded_of_it_before(company: Company) -> None:
    working(company, "emily", work_from=date(2027, 1, 18))
    emily = company.person("emily")
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    emily.chooses("Remind me next week")
    company.winds(to="2027-01-22T16:00:00-05:00")
    assert emily.last_words() == "I will remind you of this on Mon 25 Jan."
    company.winds(to="2027-01-25T09:31:00-05:00")
    updates(emily)
    assert "Check-in, Thu 21 Jan: thank you" in emily.last_words()
    assert len(emily.messages) == 2, "and nothing is said of the reminder that never came"


def test_a_check_in_beyond_the_budget_is_answered_from_where_it_was_gathered(company: Company) -> None:
    working(company, "emily", work_from=date(2027, 1, 18))
    emily = company.person("emily")
    company.knows(lambda s: policy.keep(s, Policy(a_week=1), by="U01MEI", at=company.slack.clock.now()))
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    assert "Also waiting for you: one thing*\nCheck-in, Thu 21 Jan: how is it going?\nShow" in emily.last_words()
    assert "At most one message a week comes to you unasked, and it is this one" in emily.last_words()
    emily.clicks("Show")
    updates(emily)
    assert "Check-in, Thu 21 Jan: thank you" in emily.last_words()
    assert "Nothing more waits here." in emily.sees()


def test_what_a_manager_put_off_gets_new_words_by_a_late_answer_and_stays_put_off(company: Company) -> None:
    asked(company, "emily", "lena")
    emily, lena, thomas = (company.person(name) for name in ("emily", "lena", "thomas"))
    updates(emily)
    company.winds(to="2027-01-22T09:30:00+01:00")
    assert "1 of 2 answered" in thomas.last_words()
    thomas.chooses("Remind me tomorrow")
    pushes = list(thomas.pushes)
    updates(lena)
    company.winds(plus="2h")
    assert thomas.pushes == pushes, "what she did brings nothing out that he put off"
    company.winds(to="2027-01-25T09:31:00+01:00")
    assert "2 of 2 answered" in thomas.last_words()
    assert thomas.pushes == [*pushes, "Check-ins of your team: 2 of 2 answered"]


def test_what_was_put_off_stays_to_be_found_in_home_until_its_day(company: Company) -> None:
    working(company, "emily", work_from=date(2027, 1, 18))
    emily = company.person("emily")
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    emily.opens_home()
    assert "Put off by you" not in emily.home
    emily.chooses("Remind me next week")
    emily.opens_home()
    assert "Put off by you" in emily.home
    assert "Check-in, Thu 21 Jan: how is it going? (on Mon 25 Jan)\nShow now" in emily.home
    count = len(emily.messages)
    emily.clicks("Show now")
    assert "It stands in our messages now." in emily.sees()
    emily.closes()
    assert len(emily.messages) == count + 1
    emily.opens_home()
    assert "Put off by you" not in emily.home
    updates(emily)
    assert "Check-in, Thu 21 Jan: thank you" in emily.last_words()
    company.winds(to="2027-01-25T09:31:00-05:00")
    assert len(emily.messages) == count + 1, "it came already"


def test_what_comes_on_its_day_is_no_longer_put_off_in_home(company: Company) -> None:
    working(company, "yang", work_from=date(2027, 1, 18))
    yang = company.person("yang")
    company.winds(to=f"{SALES_THURSDAY}+08:00")
    yang.chooses("明天再提醒我")
    yang.opens_home()
    assert "你推迟的事" in yang.home
    assert "（1月22日 周五再提醒）" in yang.home
    company.winds(to="2027-01-22T10:31:00+08:00")
    yang.opens_home()
    assert "你推迟的事" not in yang.home
