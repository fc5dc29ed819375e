"""Two presses that meet on one PostgreSQL: one of them does it, the other is told so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.cycle import CycleKind, propose_stages
from bot.domain.goal import Side
from bot.domain.org import Stint
from bot.domain.refusal import Refused
from bot.domain.support import State
from bot.schedules.due import Due
from bot.slack.desk import Delivery
from bot.slack.flow import Flow, Turn
from bot.slack.inputs import Inputs
from bot.slack.limits import UNHURRIED
from bot.sources.templates import shipped, written
from bot.store import (
    announcements,
    calibrations,
    cycles,
    first_word,
    goals,
    invitations,
    lessons,
    objectives,
    people,
    results,
    rules,
    support,
    templates,
    timers,
)
from bot.store.checkins import CheckinRow
from bot.store.invitations import InvitationRow
from bot.store.outbox import OutboxRow
from bot.store.templates import TemplateDraftRow
from bot.store.timers import TimerRow
from tests.cascades import split_to_thomas
from tests.company import Company
from tests.flows.test_calibration import computed_quarter
from tests.goal_talks import invited_sellers
from tests.peer_rounds import GOOD, TEAM, TOPICS
from tests.peer_rounds import asked as peers_asked
from tests.store.test_together import at_once, until_somebody_waits
from tests.stories import placed_people
from tests.working_quarters import asked, updates

HOUR = timedelta(hours=1)
pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database_url", ["postgres"], indirect=True)]


def presses(company: Company, name: str, step: str, carry: str = "", **typed: Any) -> Callable[[Session], object]:
    """Somebody's press as one unit of work."""
    desk = company.cairn.desk

    def press(session: Session) -> object:
        turn = desk.turn(session, people.get(session, company.person(name).id))
        turn.carry, turn.inputs = carry, Inputs(typed)
        return desk.flows.steps[step](turn)

    return press


def test_a_team_gets_its_parts_once(company: Company) -> None:
    placed_people(company)
    thomas = split_to_thomas(company)
    (own,) = company.knows(lambda session: objectives.without_parts(session, thomas.id, thomas_s_day(company)))
    press = presses(company, "thomas", "cascade.share_out", own.id)
    with pytest.raises(Refused, match="Everybody in your team has a part already"):
        at_once(company.database, press, press)
    tree = company.knows(lambda session: objectives.tree_below(session, [own.id], own.starts_on, own.ends_on))
    owners = [one.owner_id for one in tree.children(own.id)]
    assert len(owners) == len(set(owners)) > 1


def thomas_s_day(company: Company):
    return company.slack.clock.now().date()


def test_everybody_is_invited_to_the_course_once(company: Company) -> None:
    placed_people(company)
    press = presses(company, "mei", "setup.send_course")
    with pytest.raises(Refused, match="Everybody is invited already"):
        at_once(company.database, press, press)
    invited = select(TimerRow).filter_by(step="course.invite", person_id="U01EMILY")
    assert len(company.knows(lambda session: session.scalars(invited).all())) == 1


def test_of_two_versions_of_the_rules_one_is_published(company: Company) -> None:
    placed_people(company)
    texts = rules.Text("Results are talked about.", "结果先面谈。"), rules.Text("Something else.", "别的。")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    hr = [company.person(name) for name in ("mei", "julia")]
    drafts = company.knows(lambda session: [announcements.draft(session, "rules", text, one.id)
                                            for one, text in zip(hr, texts, strict=True)])  # fmt: skip
    first, second = (presses(company, one.id, "rules.publish", draft) for one, draft in zip(hr, drafts, strict=True))
    with pytest.raises(Refused, match="published a version meanwhile"):
        at_once(company.database, first, second)
    now = company.knows(rules.newest)
    assert now
    assert (now.version, now.text.en) == (1, "Results are talked about.")


def test_of_two_versions_of_a_template_one_has_the_number_and_the_other_is_shown_anew(company: Company) -> None:
    placed_people(company)
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    sales = written(shipped()["sales"])
    for name, target in (("mei", 90), ("julia", 91)):
        company.person(name).drops("sales.yml", sales.replace("target: 88", f"target: {target}").encode())
    ids = company.knows(lambda session: {row.by: row.id for row in session.scalars(select(TemplateDraftRow))})
    at_once(company.database, *(presses(company, name, "templates.apply", ids[f"U01{name.upper()}"])
                                for name in ("mei", "julia")))  # fmt: skip
    company.settles()
    made = company.knows(templates.versions)
    assert [(one.template.version, one.kept_by) for one in made] == [(2, "U01MEI")]
    julia = company.person("julia")
    assert "Version 2 → 3" in julia.last_words()
    julia.clicks("Use it")
    assert [one.template.version for one in company.knows(templates.versions)] == [2, 3]


def test_of_two_new_templates_for_one_department_one_is_kept(company: Company) -> None:
    placed_people(company)
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    named = written(shipped()["sales"]).replace("name: {en: Sales, zh: 销售部}", "name: {en: Export, zh: 外贸部}")
    named = "".join(line for line in named.splitlines(keepends=True) if not line.startswith("aliases"))
    for name in ("mei", "julia"):
        company.person(name).drops("export.yml", named.replace("id: sales", f"id: export_{name}").encode())
    ids = company.knows(lambda session: {row.by: row.id for row in session.scalars(select(TemplateDraftRow))})
    with pytest.raises(Refused, match="A department has one template"):
        at_once(company.database, *(presses(company, name, "templates.apply", ids[f"U01{name.upper()}"])
                                    for name in ("mei", "julia")))  # fmt: skip
    assert len(company.knows(templates.versions)) == 1


def test_two_pages_of_the_course_keep_the_further_one(company: Company) -> None:
    placed_people(company)
    at_once(company.database, *(presses(company, "emily", "course.turn_page", n) for n in ("3", "2")))
    assert company.knows(lambda session: lessons.seen(session, "U01EMILY")) == 3


def test_two_quick_presses_open_one_sheet(company: Company) -> None:
    cycle_id = invited_sellers(company)
    company.knows(lambda session: session.execute(delete(goals.SheetRow)))  # as before the invitation
    press = presses(company, "emily", "goals.edit", f"{cycle_id}/U01EMILY")
    at_once(company.database, press, press)
    sheet = company.knows(lambda session: goals.sheet(session, cycle_id, "U01EMILY"))
    assert sheet
    assert (sheet.state.value, sheet.revision) == ("draft", 0)


def test_two_quick_presses_keep_one_draft(company: Company) -> None:
    cycle_id = invited_sellers(company)
    company.knows(lambda session: goals.opened(session, cycle_id, "U01EMILY"))
    press = presses(company, "emily", "goals.remove", f"{cycle_id}/U01EMILY/visits")
    at_once(company.database, press, press)
    draft = company.knows(lambda session: goals.draft(session, cycle_id, "U01EMILY", "U01EMILY"))
    assert draft
    assert "visits" not in {one.kpi for one in draft.goals}


def test_what_is_kept_twice_at_once_stands_as_it_was_kept_last(company: Company) -> None:
    cycle_id = invited_sellers(company)
    sides = (
        lambda session, side=side: first_word.give(session, cycle_id, side) for side in (Side.MANAGER, Side.EMPLOYEE)
    )
    company.knows(lambda session: session.execute(delete(first_word.FirstWordRow)))
    at_once(company.database, *sides)
    assert company.knows(lambda session: first_word.begins(session, cycle_id)) is Side.EMPLOYEE


def test_nobody_is_in_two_cycles_launched_at_once(company: Company) -> None:
    placed_people(company)
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    days, now = (date(2027, 1, 1), date(2027, 3, 31)), company.slack.clock.now()
    makers = {"One": "U01MEI", "Two": "U01JULIA"}
    one, two = (company.knows(lambda session, name=name, by=by: cycles.create(
        session, name, CycleKind.QUARTER, days, propose_stages(*days), by=by, at=now, departments=["Sales"]
    ).id) for name, by in makers.items())  # fmt: skip
    first, second = (presses(company, who, "cycle.launch", cycle_id, reason="because")
                     for who, cycle_id in (("mei", one), ("julia", two)))  # fmt: skip
    with pytest.raises(Refused, match="Nobody can take part"):
        at_once(company.database, first, second)
    assert company.knows(lambda session: cycles.count(session, one)) > 1
    assert not company.knows(lambda session: cycles.count(session, two))


def test_who_joins_while_a_cycle_is_launched_is_in_one_of_them(company: Company) -> None:
    running = invited_sellers(company)
    days, now = (date(2027, 1, 1), date(2027, 3, 31)), company.slack.clock.now()
    newcomer = Stint("U01FAN", "Sales", "Account manager", "U01LI", date(2027, 1, 4))
    company.knows(lambda session: people.place(session, newcomer))
    other = company.knows(lambda session: cycles.create(
        session, "Two", CycleKind.QUARTER, days, propose_stages(*days), by="U01MEI", at=now, departments=["Sales"]
    ).id)  # fmt: skip
    launch = presses(company, "mei", "cycle.launch", other, reason="because")
    at_once(company.database, launch, presses(company, "mei", "goals.look_around", running))
    assert company.knows(lambda session: cycles.takes_part(session, other, "U01FAN"))
    assert not company.knows(lambda session: cycles.takes_part(session, running, "U01FAN"))


def test_help_is_promised_or_withdrawn_and_the_other_one_is_told(company: Company) -> None:
    asked(company, "emily")
    emily = company.person("emily")
    emily.clicks("Blocked")
    emily.submits(blocking="No access to the new price list")
    company.winds(to="2027-01-22T09:30:00+01:00")
    (one,) = company.knows(lambda session: support.of_people(session, [emily.id]))
    promise = presses(company, "thomas", "support.promise", one.place, promise="The list", due="2027-01-26")
    with pytest.raises(Refused, match="settled meanwhile"):
        at_once(company.database, promise, presses(company, "emily", "support.withdraw", one.id))
    (one,) = company.knows(lambda session: support.of_people(session, [emily.id]))
    assert one.state is State.PROMISED
    changes = (presses(company, "thomas", "support.promise", one.place, promise=words, due="2027-01-27")
               for words in ("Half of it", "All of it"))  # fmt: skip
    with pytest.raises(Refused, match="settled meanwhile"):
        at_once(company.database, *changes)
    (one,) = company.knows(lambda session: support.of_people(session, [emily.id]))
    assert one.promise == "Half of it"


def test_of_two_changes_of_one_grade_the_first_stands_and_one_meeting_is_opened(company: Company) -> None:
    cycle = computed_quarter(company)
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    at_once(company.database, *(presses(company, name, "calibration.open_meeting", cycle.id)
                                for name in ("mei", "julia")))  # fmt: skip
    assert company.knows(lambda session: calibrations.newest_meeting(session, cycle.id)).n == 1
    before = company.knows(lambda session: results.result(session, cycle.id, "U01EMILY")).outcome.band
    typed = {"reason": "Two customers wrote that the March order was hers alone", "day": "2027-03-10"}
    press = [presses(company, name, "calibration.change", f"{cycle.id}/U01EMILY/{before}", after=after, **typed)
             for name, after in (("katrin", "S"), ("julia", "A"))]  # fmt: skip
    with pytest.raises(Refused, match="This grade was changed meanwhile"):
        at_once(company.database, *press)
    (kept,) = company.knows(lambda session: calibrations.changes_in(session, cycle.id))
    assert company.knows(lambda session: results.result(session, cycle.id, "U01EMILY")).outcome.band == kept.after


def test_two_late_answers_both_stand_in_the_digest(company: Company) -> None:
    cycle = asked(company, "emily", "marcus")
    company.winds(to="2027-01-22T09:30:00+01:00")
    late = [
        presses(company, name, "checkins.send_blocked", f"{cycle.id}/{company.person(name).id}/2027-01-21",
                blocking=f"{name} needs a hand")
        for name in ("emily", "marcus")
    ]  # fmt: skip
    at_once(company.database, *late)
    company.settles()
    assert "emily needs a hand" in company.person("thomas").last_words()
    assert "marcus needs a hand" in company.person("thomas").last_words()


@pytest.mark.parametrize(("step", "state"), [("consent", "consent"), ("decline_with_reason", "open")])
def test_who_sends_an_answer_and_presses_the_card_at_once_has_answered_once(
    company: Company, step: str, state: str
) -> None:
    cycle_id = peers_asked(company, *TEAM)
    request = (cycle_id, "U01EMILY", "U01MARCUS")
    company.knows(lambda session: setattr(session.get_one(InvitationRow, request), "state", state))
    carry, typed = f"{cycle_id}/U01EMILY", {**dict.fromkeys(TOPICS, "4"), "behaviour": GOOD}
    send = presses(company, "marcus", "peers.send_anyway", carry, **typed)
    with pytest.raises(Refused, match="You have answered this request already"):
        at_once(company.database, send, presses(company, "marcus", f"peers.{step}", carry, reason="no_time"))
    assert company.knows(lambda session: invitations.invitation(session, *request)).state == "done"


def test_somebody_else_is_asked_once_by_two_quick_presses(company: Company) -> None:
    cycle_id = peers_asked(company, *TEAM)
    marcus = company.person("marcus")
    marcus.clicks("Decline")
    marcus.submits(reason="no_time")
    carry, felix = f"{cycle_id}/U01EMILY/{marcus.id}", company.person("felix").id
    press = presses(company, "thomas", "peers.asked_more", carry, raters=[felix])
    with pytest.raises(Refused, match="has not been asked yet"):
        at_once(company.database, press, press)
    assert len(company.knows(lambda session: invitations.invited(session, cycle_id, "U01EMILY"))) == len(TEAM)


def test_two_workers_that_wait_for_each_other_both_finish_and_nothing_is_called_a_fault(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    both, tries, flow, desk = Barrier(2), list[str](), Flow("crossing"), company.cairn.desk

    @flow.timer
    def plan(turn: Turn) -> None:
        first, second = turn.carry.split("/")
        turn.remind("crossing.later", "", turn.now + HOUR, first)
        tries.append(first)
        if len(tries) <= 2:
            both.wait(10)
        turn.remind("crossing.later", "", turn.now + HOUR, second)

    @flow.timer
    def later(turn: Turn) -> None:
        """What both of them plan."""

    company.learns(flow)
    now = desk.clock.now()
    for name, carry in (("emily", "a/b"), ("marcus", "b/a")):
        company.knows(partial(timers.remind, step=plan.id, person_id=company.person(name).id, carry=carry, due=now))
    due = Due(desk, UNHURRIED)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda _: desk.database._do(lambda session: due._batch(session, now)), range(2)))
    company.knows(lambda session: due._batch(session, now))
    assert len(tries) == 3, "one of the two was given up, and tried again"
    assert company.knows(lambda session: timers.count_due(session, now)) == 0
    assert company.knows(lambda session: timers.count_due(session, now + 2 * HOUR)) == 2
    assert "fault" not in caplog.text


def test_one_digest_is_acknowledged_on_two_messages_at_once_and_neither_press_is_given_up(company: Company) -> None:
    cycle = asked(company, "emily", "lena")
    for name in ("emily", "lena"):
        updates(company.person(name))
    for moment in ("22T09:30", "26T09:30"):
        company.winds(to=f"2027-01-{moment}:00+01:00")
    desk, database, carry = company.cairn.desk, company.database, f"{cycle.id}/2027-01-22"
    thomas = company.knows(lambda session: people.get(session, "U01THOMAS"))
    mine = select(OutboxRow.channel, OutboxRow.ts).where(OutboxRow.person_id == "U01THOMAS", OutboxRow.ts != "")
    digest, nudge = map(tuple, company.knows(lambda session: session.execute(mine.order_by(OutboxRow.ts)).all()))

    def press(step: str, place: tuple[str, str]) -> Callable[[Session], object]:
        delivery = Delivery(step, thomas.id, carry, place=place)
        return lambda session: desk._act(session, delivery, desk.flows.steps[step], thomas)

    with ThreadPoolExecutor(2) as others:
        with database.unit_of_work() as session:
            session.execute(select(CheckinRow.person_id).with_for_update())
            waiting = [others.submit(database._do, press("checkins.acknowledge", digest))]
            until_somebody_waits(database)
            waiting.append(others.submit(database._do, press("checkins.catch_up", nudge)))
            until_somebody_waits(database, 2)
        for one in waiting:
            one.result(10)
    company.settles()
    assert "Thomas Keller has read it" in company.person("emily").last_words()
    assert "Acknowledge" not in company.person("thomas").sees()
