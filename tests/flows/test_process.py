"""Improving the process: a cycle is looked back on, a sealed pulse is asked, and the next cycle begins otherwise."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.cycle import Cycle, CycleKind, Participant, Stage
from bot.domain.health import Figure, Health, Measured, Misses
from bot.domain.interview import Cause, Interview, Prepared, Side
from bot.domain.process_change import State
from bot.domain.team import Duty
from bot.store import cycles, health, interviews, people, policy, process_changes, suggestions, templates
from bot.store.cycles import CycleRow
from bot.store.inbox import InboxRow
from bot.store.reviews import ReviewRow
from bot.store.schema import METADATA
from bot.store.seal_key import DESTROYED, CycleKeyRow
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.forging import Forger
from tests.stories import UNPREPARED, ended_quarter, planned

TEAM = ("emily", "marcus", "jonas", "lena", "sofia", "pierre")
BEFORE = Health(
    12,
    {
        Figure.AGREED: Measured(8, 10, 10),
        Figure.SELF_REVIEWS: Measured(10, 12, 12),
        Figure.REVIEWS: Measured(12, 12, 12),
        Figure.TALKS: Measured(3, 4, 4),
    },
    {Side.PERSON: Misses(6, {Cause.TARGET: 3, Cause.MARKET: 3})},
)
WHY = "Half of the reminders were not answered"
WORDS = "Canary Zephyrine says: the goals came too late!!"


@lived_once
def looked_back(company: Company) -> Cycle:
    """Six sellers' quarter is over; its process is reviewed since 13 May, beside the quarter before."""
    cycle = ended_quarter(company, *TEAM)
    company.knows(lambda session: lived(session, cycle))
    company.winds(to="2027-05-13T21:00:00+08:00")
    planned(company, "process.look_back", cycle.id)
    company.winds(to="2027-05-14T10:00:00-04:00")
    return cycle


def lived(session: Any, cycle: Cycle) -> None:
    """What other flows would have kept, and the report of the quarter before."""
    people.grant(session, "U01FELIX", Duty.OWNER)
    at, ids = datetime(2027, 4, 12, 8, tzinfo=UTC), [one.person_id for one in cycles.participants(session, cycle.id)]
    first, last = date(2026, 10, 1), date(2026, 12, 31)
    earlier = cycles.create(session, "2026-Q4", CycleKind.QUARTER, (first, last), {}, by="U01MEI", at=at)
    cycles.launch(session, earlier.id, [Participant(earlier.id, ids[0], "Sales", "U01THOMAS", "")], at)
    session.execute(update(CycleRow).values(departments=["Sales"]))
    health.keep(session, earlier.id, BEFORE, at)
    for n, one in enumerate(ids):
        late = datetime(2027, 4, 20, 8, tzinfo=UTC) if n == 0 else at
        session.add(review(cycle.id, one, "manager", late))
        if n:
            session.add(review(cycle.id, one, "self", at))
        talk = Interview(cycle.id, one, "U01THOMAS", date(2027, 4, 23), date(2027, 4, 30), date(2027, 4, 30))
        interviews.begin(session, talk)
        if n:
            interviews.hold(session, talk, "U01THOMAS", date(2027, 4, 28), n, at)
            missed = Prepared(Side.PERSON, one, causes={"g1": (Cause.TARGET,) if n > 2 else (Cause.MARKET,)})
            interviews.prepare(session, talk, missed, at)


def review(cycle_id: str, person_id: str, kind: str, at: datetime) -> ReviewRow:
    return ReviewRow(cycle_id=cycle_id, person_id=person_id, kind=kind, author_id="U01THOMAS", state="sent",
                     overall="B", competencies={}, levels={}, notes={}, sent_at=at)  # fmt: skip


def test_hr_and_the_owner_look_back_beside_the_cycle_before(company: Company) -> None:
    looked_back(company)
    mei, felix, emily = (company.person(name) for name in ("mei", "felix", "emily"))
    company.winds(to="2027-05-17T15:00:00+08:00")
    assert mei.pushes[-1] == "可以回顾 2027-Q1 了：这一轮流程进行得如何。"
    mei.clicks("看一下")
    assert "与上一个同类周期 2026-Q4 对照。" in mei.sees()
    assert "目标已商定的人：100%，比上次的 80% 高" in mei.sees()
    felix.types("/cairn process")
    page = felix.sees()
    for line in (
        "Self-reviews sent: 83 %, as last time",
        "Managers' reviews sent before results were computed: 83 %, down from 100 %",
        "Talks about results held: 83 %\n",
        "Working days from the result to the talk, half of them within: 3",
        "Causes of missed goals, as 5 employees name them",
        "The target was set wrong: 60 %  ·  last time 50 %",
        "The market or the customer: 40 %  ·  last time 50 %",
    ):
        assert line in page
    assert "Appeals filed" not in page, "fewer than five"
    with pytest.raises(AssertionError, match="sees no button"):
        felix.clicks("Propose a change")
    emily.types("/cairn process")
    assert "Nothing was changed for your cycles so far." in emily.sees()
    assert "83 %" not in emily.sees()
    emily.closes()


def test_of_fewer_than_five_people_no_figure_is_shown(company: Company) -> None:
    ended_quarter(company, "emily", "marcus")
    company.winds(to="2027-05-14T15:00:00+08:00")
    company.person("mei").types("/cairn process")
    page = company.person("mei").sees()
    assert "参加的不足 5 人，因此不显示任何数字。" in page
    assert "100%" not in page


def proposes(mei: Persona, path: str, after: str, **more: str) -> None:
    """HR proposes, in Chinese."""
    mei.types("/cairn process")
    mei.clicks("提议一项改动")
    mei.submits(field=path)
    mei.submits(after=after, why=WHY, **more)


def decides(felix: Persona, label: str, reason: str) -> None:
    felix.clicks("Look and decide")
    felix.submits(state=label, reason=reason)


def launches(company: Company) -> tuple[Cycle, str]:
    """HR launches the third quarter of Sales; gives it with what the last window said."""
    mei = company.person("mei")
    mei.types("/cairn cycle")
    mei.submits(departments=["Sales"])
    mei.submits()
    summary = mei.sees()
    mei.submits(reason=UNPREPARED)
    return company.knows(lambda session: cycles.every(session)[0]), summary


def test_a_change_goes_from_a_suggestion_by_the_owner_into_the_next_cycle(company: Company) -> None:
    looked_back(company)
    mei, felix, emily = (company.person(name) for name in ("mei", "felix", "emily"))
    emily.types("/cairn suggest")
    emily.submits(words="Write to us less often", how="named")
    company.winds(to="2027-05-17T15:00:00+08:00")
    mei.types("/cairn process")
    mei.clicks("提议一项改动")
    mei.submits(field="policy/a_week")
    assert "现在：5" in mei.sees()
    mei.submits(after="5", why=WHY)
    assert mei.errors == {"after": "现在就是这样，请选择别的。"}
    mei.submits(after="3", why=WHY, suggestion="Write to us less often")
    assert "从“5”改为“3”" in mei.sees()
    mei.closes()
    company.winds(to="2027-05-18T15:00:00+02:00")
    assert felix.pushes[-1] == "A change of the process is proposed, and you decide."
    decides(felix, "Accept the change", "Fewer, and better ones")
    assert "Accepted; it holds from the next cycle on" in felix.last_words()
    company.winds(to="2027-05-19T15:00:00+08:00")
    assert mei.pushes[-1] == "Felix Braun 对你提议的改动作出了决定。"
    company.winds(to="2027-05-19T15:00:00-04:00")
    assert "Being considered" in emily.last_words()
    assert company.knows(policy.current).a_week == 5, "until the next cycle begins"

    company.winds(to="2027-06-28T15:00:00+08:00")
    cycle, last = launches(company)
    assert "与上次相比的改动" in last
    assert f"每人每周最多收到的消息数：从“5”改为“3”\n原因：{WHY}" in last
    assert company.knows(policy.current).a_week == 3
    (kept,) = company.knows(lambda session: process_changes.adopted_in(session, cycle.id))
    assert kept.cycle_id != cycle.id
    emily.opens_home()
    assert "Changed since last time" in emily.home
    assert f"Messages a week to each person, at most: from “5” to “3”\nWhy: {WHY}" in emily.home
    emily.types("/cairn process")
    assert f"Why: {WHY}" in emily.sees()
    emily.closes()
    company.winds(to="2027-06-29T15:00:00-04:00")
    assert "There is news about your suggestion." in emily.last_words()
    (led,) = company.knows(lambda session: suggestions.opened(session, 9, all_of_them=True))
    assert (led.state, led.reason) == ("done", f"{cycle.name}: {WHY}")


def test_a_rhythm_and_a_stage_are_adopted_by_the_cycle_that_they_concern(company: Company) -> None:
    looked_back(company)
    mei, felix = company.person("mei"), company.person("felix")
    company.winds(to="2027-05-17T15:00:00+08:00")
    for path, after in (("checkin/sales", "two_weeks"), ("stage/quarter/assessing", "21")):
        proposes(mei, path, after)
        mei.closes()
    mei.types("/cairn process")
    mei.clicks("提议一项改动")
    mei.submits(field="checkin/sales")
    mei.submits(after="monthly", why=WHY)
    assert "这一项已有改动在等待" in str(mei.errors)
    for _ in mei.modals:
        mei.closes()
    company.winds(to="2027-05-18T15:00:00+02:00")
    for change in company.knows(lambda session: process_changes.in_state(session, [State.PROPOSED])):
        form = {"state": {"type": "radio_buttons", "selected_option": {"value": "accepted"}},
                "reason": {"type": "plain_text_input", "value": "Tried it in one team"}}  # fmt: skip
        Forger(company, felix.id).sends("process.decide", change.id, form)
    company.winds(to="2027-06-28T15:00:00+08:00")
    cycle, _ = launches(company)
    assert (cycle.opens[Stage.CALIBRATING] - cycle.opens[Stage.ASSESSING]).days == 21
    taker = company.knows(lambda session: cycles.participant(session, cycle.id, "U01EMILY"))
    template = company.knows(lambda session: templates.template_of(session, taker.template))
    assert template.checkin.cadence == "two_weeks"
    adopted = company.knows(lambda session: process_changes.adopted_in(session, cycle.id))
    assert {one.path for one in adopted} == {"checkin/sales", "stage/quarter/assessing"}


def test_what_was_changed_by_hand_meanwhile_is_not_adopted_and_a_no_has_a_reason(company: Company) -> None:
    looked_back(company)
    mei, felix = company.person("mei"), company.person("felix")
    company.winds(to="2027-05-17T15:00:00+08:00")
    proposes(mei, "policy/a_week", "3")
    mei.closes()
    company.winds(to="2027-05-18T15:00:00+02:00")
    felix.clicks("Look and decide")
    felix.submits(state="Do not accept the change", reason=" ")
    assert felix.errors == {"reason": "Please say why; everybody in the next cycle can read it."}
    by_hand(company, 6)
    felix.submits(state="Accept the change", reason="Fewer is better")
    assert "changed by hand meanwhile" in felix.errors["state"]
    felix.submits(state="Do not accept the change", reason="Wait for one more cycle")
    company.winds(to="2027-05-19T15:00:00+08:00")
    assert "Wait for one more cycle" in mei.last_words()
    proposes(mei, "policy/a_week", "4")
    mei.closes()
    company.winds(to="2027-05-20T15:00:00+02:00")
    decides(felix, "Accept the change", "That is better")
    by_hand(company, 7)
    company.winds(to="2027-06-28T15:00:00+08:00")
    cycle, _ = launches(company)
    assert company.knows(policy.current).a_week == 7
    assert company.knows(lambda session: process_changes.adopted_in(session, cycle.id)) == []
    overtaken = company.knows(lambda session: process_changes.in_state(session, [State.OVERTAKEN]))
    assert [one.after for one in overtaken] == ["4"]


def by_hand(company: Company, a_week: int) -> None:
    kept = replace(company.knows(policy.current), a_week=a_week)
    company.knows(lambda session: policy.keep(session, kept, by="U01MEI", at=company.slack.clock.now()))


# The pulse --------------------------------------------------------------------------------------


def answers(person: Persona, fair: str = "That is so", words: str = "") -> None:
    person.clicks("Answer sealed")
    person.submits(goals="That is so", help="Partly so", fair=fair, words=words)


def asked(company: Company, cycle: Cycle) -> list[Persona]:
    """Everybody is asked, in a working hour of theirs."""
    everybody = [company.person(name) for name in TEAM]
    for one in everybody:
        planned(company, "process.ask_pulse", cycle.id, one.id)
    return everybody


def test_a_pulse_is_sealed_answered_once_opened_once_and_tells_nobody(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    cycle = looked_back(company)
    everybody = asked(company, cycle)
    emily = everybody[0]
    assert emily.pushes[-1] == "Three short questions about how 2027-Q1 went for you"
    assert "It is opened once, after a week." in emily.last_words()
    emily.clicks("Answer sealed")
    before = company.knows(lambda session: session.query(InboxRow).count())
    emily.submits(goals="That is so", help="Partly so", fair="Not so", words=WORDS)
    assert company.knows(lambda session: session.query(InboxRow).count()) == before, "not even the delivery is noted"
    emily.closes()
    for one in everybody[1:5]:
        answers(one)
        one.closes()
    assert found_in(company, "Zephyrine") == []
    assert found_in(company, "Not so") == []
    emily.clicks("Answer sealed")
    assert "Thank you. Your answer lies sealed among the others." in emily.sees(), "once"
    emily.closes()
    felix = company.person("felix")
    felix.types("/cairn process")
    assert "pulse" not in felix.sees(), "nothing before it is opened"
    felix.closes()
    company.winds(to="2027-05-21T15:00:00+02:00")
    felix.types("/cairn process")
    page = felix.sees()
    assert "5 people answered." in page
    assert "My result was reached fairly, and I understand it.*\n“That is so” from 80 %" in page
    assert "Canary Zephyrine says: the goals came too late" in page
    assert found_in(company, "Zephyrine") == ["released_pulse_sentences"]
    for one in everybody:
        assert "The three questions about 2027-Q1 are closed." in one.last_words(), "also for who did not answer"
    keys = company.knows(lambda session: session.scalars(select(CycleKeyRow.key)).all())
    assert set(keys) <= {DESTROYED}
    assert "Zephyrine" not in caplog.text


def found_in(company: Company, words: str) -> list[str]:
    """The tables in which something stands, in clear."""

    def look(session: Any) -> list[str]:
        rows = ((name, row) for name, table in METADATA.tables.items() for row in session.execute(table.select()))
        return sorted({name for name, row in rows if name != "outbox" and words in json.dumps([*row], default=str)})

    return company.knows(look)


def test_of_four_answers_nothing_is_opened_and_outsiders_are_not_asked(company: Company) -> None:
    cycle = looked_back(company)
    for one in asked(company, cycle)[:4]:
        answers(one, words=WORDS)
        one.closes()
    form = {name: {"type": "radio_buttons", "selected_option": {"value": "yes"}} for name in ("goals", "help", "fair")}
    said = Forger(company, "U01KATRIN").reads("process.send_pulse", cycle.id, form)
    assert said == "These questions are asked only of who takes part in the cycle, for a week after it."
    company.winds(to="2027-05-21T15:00:00+02:00")
    company.person("mei").types("/cairn process")
    assert "作答的不足 5 人，没有开启。" in company.person("mei").sees()
    assert found_in(company, "Zephyrine") == []
