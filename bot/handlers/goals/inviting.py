"""The beginning of goals: the card that invites to draft them, one reminder for each side, and their place in Home."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain import stage_card
from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle, Stage, opening
from bot.domain.follow_on import Start
from bot.domain.goal import Sheet, SheetState, Side, awaits
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.handlers.goals import beginning, follow_on, looking, moving, recalling
from bot.handlers.goals.shown import goal_line
from bot.handlers.goals.talk import OPEN, flow, prefilled, working_days_on
from bot.slack.blocks import Block, Does, Message, button, buttons, context, divider, header, section
from bot.slack.flow import Task, Turn
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.training import READ, two_minutes
from bot.slack.words import Words
from bot.store import cycles, first_word, goals, people, recall, timers

A_MINUTE = timedelta(minutes=1)
PATIENCE = 3
"""Working days after which somebody is reminded of their draft, once."""
TEAM = 15
"""People of a team in Home."""
STATES = {
    SheetState.DRAFT: N_("not proposed yet"),
    SheetState.PROPOSED: N_("proposed"),
    SheetState.COUNTERED: N_("a change is suggested"),
    SheetState.AGREED: N_("agreed"),
    SheetState.CHANGING: N_("agreed, a change is asked for"),
}

# What people see --------------------------------------------------------------------------


def invitation(t: Words, cycle: Cycle, ref: str, titles: Sequence[str], read: Does, starts: Sequence[Start]) -> Message:
    """A new cycle begins for somebody: what it is, and the first thing to do."""
    text = t("{cycle} begins. Draft your goals.", cycle=cycle.name)
    what = t("Your department proposes these. Change them, drop them, add your own; your manager sees them when you "
             "propose them. Please do so by {day}.", day=t.weekday(cycle.opens[Stage.EXECUTING]))  # fmt: skip
    go = button(t("Draft your goals"), does=looking.look, carry=ref, style="primary")
    return Message(
        text,
        [
            section(lines(bold(text), what)),
            section(bullets(map(escape, titles))),
            *follow_on.reminder(t, starts),
            buttons(go, two_minutes(t, stage_card.Task.GOAL, read)),
        ],
    )


def still_draft(t: Words, cycle: Cycle, ref: str) -> Message:
    """The one reminder to draft."""
    text = t("Your goals for {cycle} are not proposed yet.", cycle=cycle.name)
    why = t("A few minutes are enough to begin: everything is kept as you go.")
    go = button(t("Draft your goals"), does=looking.look, carry=ref, style="primary")
    return Message(text, [section(text), context(why), buttons(go)])


def still_waiting(t: Words, person: Person, ref: str) -> Message:
    """The one reminder to answer."""
    text = t("The goals of {name} still wait for your answer.", name=person)
    return Message(text, [section(text, button(t("See the goals"), does=looking.look, carry=ref, style="primary"))])


def mine(t: Words, sheet: Sheet) -> list[Block]:
    """My goals in Home."""
    state = context(t("Where they stand: {state}", state=t(STATES[sheet.state])))
    shown = sheet.agreed or sheet.goals
    listed = [section(bullets(goal_line(t, goal) for goal in shown))] if shown else []
    go = button(t("Draft your goals") if sheet.state is SheetState.DRAFT else t("See the goals"), does=looking.look,
                carry=f"{sheet.cycle_id}/{sheet.person_id}")  # fmt: skip
    return [divider(), header(t("My goals")), *listed, state, buttons(go)]


def team(t: Words, found: Sequence[tuple[Person, Cycle, SheetState]]) -> list[Block]:
    """The goals of a manager's people in Home."""
    each = [section(row(bold(escape(person.name)), t(STATES[state])),
                    button(t("See the goals"), does=looking.look, carry=f"{cycle.id}/{person.id}"))
            for person, cycle, state in found[:TEAM]]  # fmt: skip
    rest = len(found) - TEAM
    more = [context(t.plural("and one more", "and {n} more", rest))] if rest > 0 else []
    return [divider(), header(t("Goals of your team")), *each, *more] if each else []


def _task(text: Text, label: Text, ref: str, cycle: Cycle) -> Task:
    return Task(text, label, looking.look, ref, cycle.opens[Stage.EXECUTING])


# What happens -----------------------------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def invite(turn: Turn) -> None:
    """Goals open where this person is: invite them, after what was announced about it."""
    cycle = cycles.get(turn.session, turn.carry)
    me = turn.person
    if not people.stint_on(turn.session, me.id, turn.today) and (
        coming := people.stint_to_come(turn.session, me.id, turn.today)
    ):
        turn.remind(invite, me.id, opening(coming.starts_on, me.tz), cycle.id)
        return
    if timers.is_due(turn.session, "setup.tell", me.id, turn.now):
        turn.remind(invite, me.id, turn.now + A_MINUTE, cycle.id)
        return
    sheet = goals.opened(turn.session, cycle.id, me.id)
    timers.remind_once(turn.session, moving.look_around.id, "", cycle.id, moving.tomorrow(turn))
    if sheet.state is not SheetState.DRAFT or cycle.stage_on(turn.today) not in OPEN:
        return
    if first_word.begins(turn.session, cycle.id) is Side.MANAGER:
        beginning.begin(turn, cycle)
        return
    participant = cycles.participant(turn.session, cycle.id, me.id)
    ref = f"{cycle.id}/{me.id}"
    titles = [goal.title for goal in prefilled(turn, participant, me, cycle)]
    starts = follow_on.starts_for(turn, cycle, me, me)
    turn.say(me, f"goals/{ref}/invite", invitation, cycle, ref, titles, turn.flows.steps[READ], starts)
    turn.remind(nudge, me.id, working_days_on(turn, me, PATIENCE), cycle.id)


@flow.prompt_that(Attention.EXPIRES)
def nudge(turn: Turn) -> None:
    """Three working days later: remind whoever still has a draft."""
    cycle = cycles.get(turn.session, turn.carry)
    sheet = goals.opened(turn.session, cycle.id, turn.person.id)
    if sheet.state is SheetState.DRAFT and cycle.stage_on(turn.today) in OPEN:
        ref = f"{cycle.id}/{turn.person.id}"
        turn.say(turn.person, f"goals/{ref}/nudge", still_draft, cycle, ref)


@flow.prompt_that(Attention.EXPIRES)
def nudge_manager(turn: Turn) -> None:
    """Two working days after an offer: remind a manager who has not answered."""
    cycle_id, person_id, revision = turn.carried(3)
    sheet = goals.opened(turn.session, cycle_id, person_id)
    person = people.get(turn.session, person_id)
    waits = str(sheet.revision) == revision and awaits(sheet, Side.MANAGER)
    if person and waits and turn.may(Act.AGREE_GOALS, person_id):
        key = f"goals/{turn.carry}/{turn.person.id}/nudge"
        turn.say(turn.person, key, still_waiting, person, f"{cycle_id}/{person_id}")


@flow.waiting
def waiting(turn: Turn) -> list[Task]:
    """Goals to draft, and offers to answer, on both sides."""
    return [*_own_task(turn), *_team_tasks(turn)]


@flow.home
def at_home(turn: Turn) -> list[Block]:
    """My goals, those of my team, and for HR how many can name theirs."""
    own = _own_sheet(turn)
    found = [(person, cycle, sheet.state if sheet else SheetState.DRAFT) for person, cycle, sheet in _team(turn)]
    return [*(mine(turn.t, own[1]) if own else []), *team(turn.t, found), *_recalled(turn)]


# Inside -----------------------------------------------------------------------------------


def _own_sheet(turn: Turn) -> tuple[Cycle, Sheet] | None:
    cycle = cycles.current_for(turn.session, turn.person.id, turn.today)
    sheet = goals.sheet(turn.session, cycle.id, turn.person.id) if cycle else None
    return (cycle, sheet) if cycle and sheet else None


def _own_task(turn: Turn) -> list[Task]:
    own = _own_sheet(turn)
    if own is None or own[0].stage_on(turn.today) not in OPEN:
        return []
    cycle, sheet = own
    t, ref = turn.t, f"{cycle.id}/{turn.person.id}"
    if sheet.state is SheetState.DRAFT and first_word.begins(turn.session, cycle.id) is Side.EMPLOYEE:
        return [_task(t("Draft your goals for {cycle}.", cycle=cycle.name), t("Draft"), ref, cycle)]
    if awaits(sheet, Side.EMPLOYEE):
        return [_task(t("Your manager suggests a change to your goals."), t("Answer"), ref, cycle)]
    return []


def _recalled(turn: Turn) -> list[Block]:
    if turn.person not in people.holders(turn.session, people.HR):
        return []
    running = [one for one in cycles.every(turn.session) if one.stage_on(turn.today) is Stage.EXECUTING]
    return recalling.tallies(turn.t, [each for one in running for each in recall.tallies(turn.session, one.id)])


def _team_tasks(turn: Turn) -> list[Task]:
    return [task for person, cycle, sheet in _team(turn) for task in _team_task(turn, person, cycle, sheet)]


def _team_task(turn: Turn, person: Person, cycle: Cycle, sheet: Sheet | None) -> list[Task]:
    t, ref = turn.t, f"{cycle.id}/{person.id}"
    if sheet and awaits(sheet, Side.MANAGER):
        return [_task(t("The goals of {name} wait for you.", name=person), t("Answer"), ref, cycle)]
    begun = sheet is not None and sheet.state is not SheetState.DRAFT
    if begun or first_word.begins(turn.session, cycle.id) is Side.EMPLOYEE:
        return []
    return [_task(t("Write the first goals of {name}.", name=person), t("Write goals"), ref, cycle)]


def _team(turn: Turn) -> list[tuple[Person, Cycle, Sheet | None]]:
    """My people in the running cycles, while goals may be agreed."""
    return goals.of_reports(turn.session, turn.person.id, turn.today, OPEN)
