"""Kudos and feedback at any time: named, kept for two, and shown further only by whom they are about."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store import audit, evidence, kudos, outbox
from bot.store.outbox import OutboxRow
from sandbox.state import Fault
from tests.company import Company, Persona

CHANNEL = "C01KUDOS"
BOTH_AWAKE = "2027-01-05T16:30:00+01:00"
"""A Tuesday: half past four in Berlin, half past ten in New York."""


@pytest.fixture
def awake(placed: Company) -> Company:
    """Thomas in Berlin and his people in New York are at work, and HR has set values and a channel."""
    placed.slack.channels[CHANNEL].members.add("U0CAIRN")
    placed.winds(to=BOTH_AWAKE)
    mei = placed.person("mei")
    mei.types("/cairn kudos")
    mei.clicks("价值观与频道")
    mei.submits(en="Customers first\nWe help each other", zh="客户第一")
    assert "同样多的价值观" in mei.errors["zh"]
    mei.submits(en="Customers first\nWe help each other", zh="客户第一\n互相帮助", channel=CHANNEL)
    return placed


def in_channel(company: Company) -> list[str]:
    return [one.text for one in company.slack.channels[CHANNEL].messages.values() if one.user == "U0CAIRN"]


def thanks(giver: Persona, whom: str, words: str, **more: str) -> None:
    giver.types(f"/cairn kudos <@{whom}|somebody>")
    giver.submits(words=words, **more)


def test_thanks_arrive_tied_to_a_value_and_reach_the_channel_only_with_consent_asked_once(awake: Company) -> None:
    emily, marcus = awake.person("emily"), awake.person("marcus")
    shown = {"value": "We help each other", "where": "Also in the channel, if they agree"}
    thanks(emily, emily.id, "Me")
    assert "Thanks go to a colleague." in emily.errors["whom"]
    emily.submits(whom=marcus.id, words="You stayed late for my demo", **shown)
    assert marcus.pushes[-1] == "Emily Carter thanks you."
    assert "We help each other" in marcus.last_words()
    assert "You stayed late for my demo" in marcus.last_words()
    assert in_channel(awake) == []
    marcus.clicks("Yes, this and later ones")
    assert in_channel(awake) == ["Emily Carter thanks Marcus Reed."]
    thanks(emily, marcus.id, "And again on Friday", **shown)
    assert "May kudos for you be shown" not in marcus.last_words(), "asked once"
    assert len(in_channel(awake)) == 2
    marcus.types("/cairn kudos")
    marcus.clicks("Kudos for me")
    marcus.clicks("Keep them private")
    assert "They are private now." in marcus.sees()
    marcus.closes()
    marcus.closes()
    thanks(emily, marcus.id, "A third time", **shown)
    thanks(emily, marcus.id, "Just for you")
    assert len(in_channel(awake)) == 2


def test_thanks_whose_arrival_in_the_channel_is_unclear_are_not_posted_twice_and_hr_hears_of_it(awake: Company) -> None:
    emily, marcus, mei = awake.person("emily"), awake.person("marcus"), awake.person("mei")
    awake.knows(lambda session: kudos.choose(session, marcus.id, in_channel=True))
    awake.slack.faults["chat.postMessage"] = Fault("reset", times=3)
    thanks(emily, marcus.id, "You stayed late", where="Also in the channel, if they agree")
    for _ in range(3):
        awake.waits(minutes=10)
    assert [push for push in marcus.pushes if "thanks you" in push] == ["Emily Carter thanks you."]
    assert len(in_channel(awake)) <= 1
    mei.types("/cairn language en")
    mei.opens_home()
    assert "One message could not be sent." in mei.home
    awake.slack.findings.clear()


def test_a_stop_amid_posts_to_the_channel_loses_none_that_was_not_begun(awake: Company) -> None:
    emily, marcus, sender = awake.person("emily"), awake.person("marcus"), awake.cairn.sender
    awake.knows(lambda session: kudos.choose(session, marcus.id, in_channel=True))
    awake.slack.faults["chat.postMessage"] = Fault("429", times=100, retry_after=60)
    for n in range(3):
        thanks(emily, marcus.id, f"You stayed late {n}", where="Also in the channel, if they agree")
    awake.real_clock.wind(awake.real_clock.now() + timedelta(minutes=3))
    awake.slack.faults["chat.postMessage"] = Fault("hang", times=100)
    awake.runs(sender.send_ready())
    awake.runs(sender.stop(0.2))
    rows = select(OutboxRow.leased_until, OutboxRow.attempts).where(OutboxRow.key.like("%/channel"))
    left = awake.knows(lambda session: [tuple(row) for row in session.execute(rows)])
    assert sorted(left, key=lambda one: one[1])[:2] == [(None, 0), (None, 0)], "only the one under way is in doubt"
    awake.slack.findings.clear()


def test_thanks_wait_for_the_receivers_working_hours_and_are_read_in_their_language(awake: Company) -> None:
    lena, yang = awake.person("lena"), awake.person("yang")
    thanks(lena, yang.id, "合同翻译得很好", value="Customers first")
    assert "Your thanks to 刘洋 are on their way." in lena.last_words()
    assert not yang.messages, "it is half past eleven at night in Shanghai"
    awake.winds(to="2027-01-06T09:30:00+08:00")
    assert yang.pushes == ["Lena Hoffmann 感谢你。"]
    assert "客户第一" in yang.last_words()


def test_feedback_gives_its_author_hints_first_and_is_read_by_two(awake: Company) -> None:
    thomas, emily = awake.person("thomas"), awake.person("emily")
    thomas.uses("give_feedback")
    thomas.submits(whom=emily.id, situation="Team call on Monday", behaviour="You are always so emotional", impact="ok")
    words = thomas.sees()
    assert "Only you see this" in words
    assert "“emotional”: this says what somebody is like" in words
    assert "“always”: this is rarely the whole truth" in words
    assert not emily.messages
    better = "You answered the customer's three questions before I had found the slide"
    thomas.submits(behaviour=better)
    assert emily.pushes == ["Thomas Keller has feedback for you."]
    assert better in emily.last_words()
    emily.clicks("Say thanks")
    emily.clicks("My evidence")
    emily.closes()
    assert "Emily Carter thanks you for your feedback." in thomas.last_words()
    kept = awake.knows(lambda session: str([[vars(row)] for row in session.query(evidence.EvidenceRow)]))
    assert "emotional" not in kept, "what the hint was about was never kept"
    for other in ("marcus", "mei"):
        awake.person(other).types("/cairn evidence")
        assert better not in awake.person(other).sees()
    traces = awake.knows(lambda session: [row.act for row in session.query(audit.AuditRow)])
    assert {act for act in traces if "hint" in act or "effort" in act} == set()


def test_little_effort_is_asked_about_once_in_chinese_and_never_stops_anything(awake: Company) -> None:
    li, yang = awake.person("li"), awake.person("yang")
    li.types(f"/cairn feedback <@{yang.id}>")
    li.submits(situation="同上", behaviour="不错")
    assert "不错" in li.sees()
    li.submits(situation="同", behaviour="上")
    assert not li.modals, "sent as it is the second time"
    li.types(f"/cairn feedback <@{yang.id}>")
    li.submits(situation="周一例会", behaviour="你总是不上心")
    assert "“不上心”" in li.sees()
    li.submits()
    awake.winds(to="2027-01-06T09:30:00+08:00")
    assert yang.pushes[-1] == "陈丽给你写了反馈。"


def test_whoever_was_thanked_before_hr_named_a_channel_was_never_asked(placed: Company) -> None:
    placed.winds(to=BOTH_AWAKE)
    emily, marcus = placed.person("emily"), placed.person("marcus")
    emily.types("/cairn kudos")
    assert "Where is it shown?" not in emily.sees()
    emily.submits(whom=marcus.id, words="Thank you")
    assert "May kudos" not in marcus.last_words()
    bodies = placed.knows(lambda session: [row.person_id for row in session.query(outbox.OutboxRow)])
    assert not [one for one in bodies if one.startswith("C")]


def test_thanks_that_wait_are_read_whatever_their_reader_chooses_meanwhile(awake: Company) -> None:
    emily, marcus = awake.person("emily"), awake.person("marcus")
    for words in ("You stayed late", "You found the error", "You drove to Basel"):
        thanks(emily, marcus.id, words, where="Also in the channel, if they agree")
    assert "Also waiting for you: one thing*\nEmily Carter thanks you." in marcus.last_words()
    marcus.chooses("Remind me next week")
    marcus.clicks("No, keep them private")
    assert "Also waiting for you: one thing" in marcus.sees(), "the choice is made, the thanks are not read"
    assert "You drove to Basel" not in marcus.sees(), "and they come when he wants them"
    marcus.clicks("Show", near="thanks you")
    assert "You drove to Basel" in marcus.sees()
    assert "You found the error" not in marcus.sees()
    awake.winds(to="2027-01-11T09:31:00-05:00")
    assert "You found the error" in marcus.sees(), "what was put off comes on its day"
    assert "May kudos for you be shown" not in marcus.sees()
