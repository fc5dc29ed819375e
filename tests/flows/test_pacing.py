"""Many people, and a Slack that takes only so many messages a minute."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.store import cycles, outbox, people, rates, timers
from bot.store.outbox import OutboxRow
from bot.store.rates import Limit, RateRow
from tests.company import Company
from tests.stories import launched_quarter, placed_people

SLOW = 10
"""Messages a minute."""


@pytest.fixture
def slow(company: Company) -> Company:
    """Lantern, at a Slack that takes ten messages a minute."""
    company.limits.update(dict.fromkeys(outbox.METHODS, Limit(SLOW, SLOW)))
    now = company.real_clock.now()
    company.knows(lambda session: session.execute(delete(RateRow)))
    company.knows(lambda session: rates.bucket(session, outbox.POST, Limit(SLOW, SLOW), now))
    return company


def speaks_english(company: Company, person_id: str) -> None:
    company.knows(lambda session: people.choose_language(session, person_id, "en"))


def reached(company: Company) -> list[str]:
    """Who has been invited to write their goals, as often as they were."""
    told = select(OutboxRow.person_id).where(OutboxRow.key.startswith("goals/"), OutboxRow.sent > 0)
    return list(company.knows(lambda session: session.scalars(told).all()))


def invited_later(session: Session, person_id: str) -> bool:
    """Who joins, or comes back, on another day."""
    waiting = select(timers.TimerRow.due).where(
        timers.TimerRow.step == "goals.invite", timers.TimerRow.person_id == person_id
    )
    return session.scalar(waiting) is not None


def due(company: Company) -> int:
    now = company.slack.clock.now()
    return company.knows(lambda session: timers.count_due(session, now, company.cairn.desk.flows.prompts))


def lives(company: Company, minutes: int) -> None:
    """Everybody's clock and the machine's go on together."""
    for _ in range(minutes * 6):
        company.real_clock.wind(company.real_clock.now() + timedelta(seconds=10))
        company.winds(to=(company.slack.clock.now() + timedelta(seconds=10)).isoformat())


@pytest.mark.parametrize(
    ("language", "words"), [("en", "about 10 messages a minute"), ("zh", "每分钟大约能发 10 条消息")]
)
def test_hr_is_told_before_the_launch_when_the_last_person_is_reached(slow: Company, language: str, words: str) -> None:
    placed_people(slow)
    slow.knows(lambda session: people.choose_language(session, "U01MEI", language))
    mei = slow.person("mei")
    mei.types("/cairn cycle")
    mei.submits(departments=["Sales", "R&D", "Logistics"])
    mei.submits()
    assert words in mei.sees()


@pytest.mark.parametrize(("language", "words"), [("en", "lasts about 4 minutes"), ("zh", "大约需要 4 分钟")])
def test_hr_is_told_before_a_course_goes_to_everybody_how_long_it_lasts(
    slow: Company, language: str, words: str
) -> None:
    placed_people(slow)
    slow.knows(lambda session: people.choose_language(session, "U01MEI", language))
    mei = slow.person("mei")
    mei.types("/cairn setup")
    mei.clicks({"en": "Send the course", "zh": "发送课程"}[language])
    assert words in str(mei.modal)


def test_a_small_company_is_not_bothered_with_it(company: Company) -> None:
    placed_people(company)
    speaks_english(company, "U01MEI")
    mei = company.person("mei")
    mei.types("/cairn cycle")
    mei.submits(departments=["Sales"])
    mei.submits()
    assert "messages a minute" not in mei.sees()


def test_prompts_wait_for_their_turn_and_a_click_does_not(slow: Company) -> None:
    launched_quarter(slow)
    speaks_english(slow, "U01MEI")
    slow.winds(to="2027-01-04T09:30:30+08:00")
    held_back = due(slow)
    emily = slow.person("emily")
    emily.types("hello?")
    slow.waits(seconds=1)
    assert emily.last_words()
    assert due(slow) == held_back
    lives(slow, 4)
    assert 0 < len(reached(slow)) < 35
    assert due(slow) <= held_back


def test_hr_sees_what_is_on_its_way_and_until_when(slow: Company) -> None:
    launched_quarter(slow)
    speaks_english(slow, "U01MEI")
    with slow.database.unit_of_work() as session:
        for person in people.everyone(session):
            now = slow.real_clock.now()
            outbox.want(session, f"x/{person.id}", person.id, {"text": "Hello"}, now, urgent=False, kind=outbox.MESSAGE)
    mei = slow.person("mei")
    mei.opens_home()
    slow.waits(seconds=6)
    assert "messages are on their way. At the pace Slack takes, the last one is out at about" in mei.home
    lives(slow, 7)
    mei.opens_home()
    slow.waits(seconds=6)
    assert "on their way" not in mei.home


def test_who_could_not_be_reached_by_the_evening_is_reached_in_the_morning(slow: Company) -> None:
    cycle = launched_quarter(slow)
    everyone = {one.person_id for one in slow.knows(lambda session: cycles.participants(session, cycle.id))}
    slow.winds(to="2027-01-04T09:30:30+08:00")
    slow.winds(to="2027-01-04T23:30:00+08:00")
    lives(slow, 3)
    assert len(reached(slow)) < len(everyone) - 10
    slow.winds(to="2027-01-05T09:31:00+08:00")
    lives(slow, 3)
    slow.winds(to="2027-01-05T15:31:00+08:00")
    lives(slow, 3)
    slow.winds(to="2027-01-05T22:31:00+08:00")
    lives(slow, 3)
    later = {one for one in everyone if slow.knows(partial(invited_later, person_id=one))}
    assert len(later) <= 2
    assert sorted(reached(slow)) == sorted(everyone - later)
