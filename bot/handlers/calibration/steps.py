"""The board, and the meeting in which it is looked at: opened and closed by HR, with what it changed as a whole."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain import board as rules
from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.board import ASPECT_NAMES, Aspect
from bot.domain.cycle import Cycle
from bot.domain.refusal import N_, Refused
from bot.domain.team import Duty
from bot.handlers.calibration import facts, shown
from bot.handlers.calibration.ahead import read_ahead
from bot.handlers.calibration.conversation import flow
from bot.handlers.calibration.facts import GRADES, Row, Sight
from bot.handlers.calibration.person import open_person
from bot.handlers.calibration.warmup import warm_up
from bot.slack.blocks import (
    Block,
    Message,
    View,
    button,
    buttons,
    context,
    divider,
    form,
    menu,
    page,
    section,
    text_input,
)
from bot.slack.charts import bars
from bot.slack.flow import Open, Replace, Task, Turn, known
from bot.slack.text import Text, bold, bullets, escape, lines
from bot.slack.words import Words
from bot.store import board as sides
from bot.store import calibrations, cycles, people

PAGE, PAIRS_ON_PAGE = 8, 5
LEAST_FOUND = 4
"""Characters of what was found about who is too low."""


@dataclass(frozen=True)
class Shown:
    """A page of the board: single people, or pairs of them; `rest` says whether more follow."""

    sight: Sight
    aspect: Aspect
    first: int
    rows: tuple[Row, ...] = ()
    pairs: tuple[tuple[Row, Row], ...] = ()
    rest: bool = False

    def carry(self, first: int) -> str:
        """What turns to another page of the same."""
        return f"{self.sight.cycle.id}/{self.aspect}/{first}"


# What people see --------------------------------------------------------------------------


def board(t: Words, found: Shown, news: Text | None = None) -> View:
    """The board: how the meeting stands, a menu of what to look at, and a page of it."""
    sight = found.sight
    options = [(f"{sight.cycle.id}/{aspect}/0", t(name)) for aspect, name in ASPECT_NAMES.items()]
    chosen = f"{sight.cycle.id}/{found.aspect}/0"
    shown_now = [*_people(t, found), *_pairs(t, found)] or [section(t("Nobody here."))]
    blocks = [
        section(bold(t("Calibration of {cycle}", cycle=sight.cycle.name))),
        *([section(news)] if news else []),
        context(*status(t, sight)),
        buttons(menu(t("What to look at"), options, does=turn_to, chosen=chosen)),
        *shown_now,
        *_turns(t, found),
        divider(),
        *ways_on(t, sight),
    ]
    return page(t("Calibration"), blocks, close=t("Close"))


def status(t: Words, sight: Sight) -> list[Text]:
    """Whether there is a meeting, and how many wait to be looked at."""
    meeting = sight.meeting
    if sight.is_open and meeting:
        now = t("The review meeting is open since {at}.", at=meeting.opened_at)
    elif sight.calibrating:
        now = t("No review meeting is open; HR opens it.")
    else:
        now = t("Grades are not changed at this time.")
    near = sum(one.near is not None for one in sight.figures)
    changed = sum(one.grade != one.formula for one in sight.figures)
    again = len(rules.to_look_at_again(sight.figures, sight.newest))
    counted = t("{people} results, {near} close to a boundary, {changed} changed", people=len(sight.figures),
                near=near, changed=changed)  # fmt: skip
    return [now, counted, *([t("{n} to look at again", n=again)] if again else [])]


def _people(t: Words, found: Shown) -> list[Block]:
    return [_row(t, found.sight, row) for row in found.rows]


def _row(t: Words, sight: Sight, row: Row) -> Block:
    look = button(t("Look"), does=open_person, carry=f"{sight.cycle.id}/{row.person.id}")
    return section(shown.person_lines(t, row), look)


def _pairs(t: Words, found: Shown) -> list[Block]:
    """Two sections a pair, so that each has its button, with a line between pairs."""
    return [block for pair in found.pairs for block in (*(_row(t, found.sight, row) for row in pair), divider())][:-1]


def _turns(t: Words, found: Shown) -> list[Block]:
    size = PAIRS_ON_PAGE if found.aspect is Aspect.PAIRS else PAGE
    first = found.first
    back = button(t("Earlier"), does=turn_to, carry=found.carry(max(first - size, 0))) if first else None
    on = button(t("Further"), does=turn_to, carry=found.carry(first + size)) if found.rest else None
    return [buttons(back, on)] if back or on else []


def ways_on(t: Words, sight: Sight) -> list[Block]:
    """What else belongs to a meeting."""
    carry, runs = sight.cycle.id, sight.runs_it and sight.calibrating
    ahead = button(t("Before the meeting"), does=read_ahead, carry=carry)
    warm = button(t("Warm-up"), does=warm_up, carry=carry)
    drawn = button(t("Before and after"), does=show_chart, carry=carry)
    begins = button(t("Open the meeting"), does=open_meeting, carry=carry, style="primary")
    ends = button(t("Close the meeting"), does=closing, carry=carry)
    meeting = (ends if sight.is_open else begins) if runs else None
    return [buttons(ahead, warm, drawn, meeting)]


def no_results(t: Words) -> View:
    """No cycle is that far."""
    text = t("There is nothing to compare yet. Results are computed on the day on which calibrating opens.")
    return page(t("Calibration"), [section(text)], close=t("Close"))


def closing_sheet(t: Words, sight: Sight) -> View:
    """Before a meeting ends: what it did as a whole, and the question that is asked in both directions."""
    asked = t("Is anybody too low? Write whom you looked at and what you found.")
    hint = t("Meetings lower grades more readily than they raise them. “Nobody; we went through the list” is fine.")
    return form(
        t("Close the meeting"),
        [
            section(bold(t("What this meeting changed"))),
            section(shown.drift_lines(t, facts.drift_of(sight, sight.of_meeting))),
            text_input("found", asked, lines=True, hint=hint, longest=1000),
        ],
        does=close_meeting,
        submit=t("Close the meeting"),
        close=t("Go on"),
        carry=f"{sight.cycle.id}/{sight.meeting_n}",
    )


def is_open(t: Words, cycle: Cycle) -> Message:
    """To those who calibrate: there is a meeting. Nobody's result is in it."""
    text = t("The review meeting of {cycle} is open. Results are looked at side by side.", cycle=cycle.name)
    note = t("Begin with the warm-up and with what is to be read before. You never see yourself or those above you.")
    return Message(text, [section(text), context(note), buttons(button(t("To the board"), does=begin, carry=cycle.id))])


def to_look_again(t: Words, cycle: Cycle, count: int) -> Message:
    """To whoever changed a grade: the rules come to another one by now."""
    text = t.plural(
        "One grade of {cycle} that was changed has to be looked at again.",
        "{n} grades of {cycle} that were changed have to be looked at again.",
        count,
        cycle=cycle.name,
    )
    note = t("The rules came to another grade since, so the change does not count any more.")
    return Message(text, [section(text), context(note), buttons(button(t("To the board"), does=begin, carry=cycle.id))])


def chart(t: Words, sight: Sight) -> Message:
    """The grades by the rules and as they stand: as bars, and the same in words."""
    before = rules.distribution((one.formula for one in sight.figures), GRADES)
    after = rules.distribution((one.grade for one in sight.figures), GRADES)
    title = t("Grades of {cycle} before and after", cycle=sight.cycle.name)
    series = {
        t("By the rules"): [Decimal(count) for count in before.values()],
        t("As they stand"): [Decimal(count) for count in after.values()],
    }
    drawn = bars(t("Grades before and after"), [escape(grade) for grade in GRADES], series, unit=t("people"))
    whole = rules.drift(
        {one.person_id: one.formula for one in sight.figures},
        {one.person_id: one.grade for one in sight.figures},
        GRADES,
    )
    twin = bullets(shown.distribution_lines(t, before, after))
    return Message(title, [section(bold(title)), drawn, section(lines(twin, shown.drift_lines(t, whole)))])


# What happens: the board --------------------------------------------------------------------


@flow.command("calibrate", N_("Calibration: results side by side, and a grade changed with a reason"), for_hr=True)
@flow.action
def begin(turn: Turn) -> Open:
    """Show the board of the cycle that is being calibrated."""
    turn.must(Act.SEE_BOARD, turn.person.id)
    cycle = facts.newest_cycle(turn, turn.carry)
    return Open(board(turn.t, _shown(turn, cycle.id)) if cycle else no_results(turn.t))


@flow.action
def turn_to(turn: Turn) -> Replace:
    """Show another part of the board, or another page of it."""
    turn.must(Act.SEE_BOARD, turn.person.id)
    cycle_id, aspect, first = turn.carried(3)
    at = int(first) if first.isdecimal() and len(first) < 6 else 0
    return Replace(board(turn.t, _shown(turn, cycle_id, known(Aspect, aspect), at)))


def _shown(turn: Turn, cycle_id: str, aspect: Aspect = Aspect.APART, first: int = 0) -> Shown:
    sight = facts.sight_of(turn, cycle_id)
    if aspect is Aspect.PAIRS:
        found = facts.alike(sight)
        here = found[first : first + PAIRS_ON_PAGE]
        rows = facts.rows_of(turn, sight, [one for pair in here for one in (pair.higher, pair.lower)])
        pairs = tuple(zip(rows[::2], rows[1::2], strict=True))
        return Shown(sight, aspect, first, pairs=pairs, rest=len(found) > first + PAIRS_ON_PAGE)
    listed = facts.listed(turn, sight, aspect)
    shown_here = facts.rows_of(turn, sight, listed[first : first + PAGE])
    return Shown(sight, aspect, first, tuple(shown_here), rest=len(listed) > first + PAGE)


@flow.action
def show_chart(turn: Turn) -> Replace:
    """Send the chart to whoever asked; a window cannot hold one, but says where it is."""
    (cycle_id,) = turn.carried(1)
    found = _shown(turn, cycle_id)
    turn.say(turn.person, f"calibration/{cycle_id}/{turn.person.id}/chart", chart, found.sight)
    return Replace(board(turn.t, found, turn.t("The chart is in your messages.")))


# What happens: the meeting ------------------------------------------------------------------


@flow.action
def open_meeting(turn: Turn) -> Replace:
    """HR opens a meeting, and those who calibrate are told."""
    (cycle_id,) = turn.carried(1)
    turn.must(Act.RUN_CYCLE, turn.person.id)
    sight = facts.sight_of(turn, cycle_id)
    if not sight.calibrating:
        raise Refused("Grades are not changed at this time.")
    if calibrations.open_meeting(turn.session, cycle_id, turn.person.id, turn.now):
        turn.note("open_calibration", turn.person.id, cycle_id)
        for one in people.holders(turn.session, Duty.CALIBRATOR):
            if one != turn.person:
                turn.remind(tell, one.id, turn.now, f"{cycle_id}/{sight.meeting_n + 1}")
    return Replace(board(turn.t, _shown(turn, cycle_id)))


@flow.prompt_that(Attention.EXPIRES)
def tell(turn: Turn) -> None:
    """Tell somebody who calibrates, unless the meeting is over by then."""
    cycle_id, n = turn.carried(2)
    meeting = calibrations.newest_meeting(turn.session, cycle_id)
    if meeting and meeting.is_open and turn.may(Act.SEE_BOARD, turn.person.id):
        key = f"calibration/{cycle_id}/{turn.person.id}/open/{n}"
        turn.say(turn.person, key, is_open, cycles.get(turn.session, cycle_id))


@flow.timer
def moved(turn: Turn) -> None:
    """Results were computed anew: who changed a grade that the rules see otherwise now looks again, and so does HR."""
    (cycle_id,) = turn.carried(1)
    if changed := calibrations.newest(turn.session, cycle_id):
        again = rules.to_look_at_again(sides.figures(turn.session, cycle_id), changed)
        deciders = {changed[one.person_id].by for one in again}
        for one in deciders | {hr.id for hr in people.holders(turn.session, people.HR)} if again else ():
            turn.remind(tell_again, one, turn.now, cycle_id)


@flow.prompt_that(Attention.EXPIRES)
def tell_again(turn: Turn) -> None:
    """Tell somebody how many of the results that they may see wait for another look."""
    (cycle_id,) = turn.carried(1)
    if not turn.may(Act.SEE_BOARD, turn.person.id):
        return
    sight = facts.sight_of(turn, cycle_id)
    if count := len(rules.to_look_at_again(sight.figures, sight.newest)):
        turn.say(turn.person, f"calibration/{cycle_id}/{turn.person.id}/again", to_look_again, sight.cycle, count)


@flow.action
def closing(turn: Turn) -> Replace:
    """Show what the meeting changed, and ask who is too low."""
    (cycle_id,) = turn.carried(1)
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return Replace(closing_sheet(turn.t, facts.sight_of(turn, cycle_id)))


@flow.view
def close_meeting(turn: Turn) -> Replace:
    """HR closes the meeting with what was found."""
    cycle_id, n = turn.carried(2)
    turn.must(Act.RUN_CYCLE, turn.person.id)
    found = turn.inputs.text("found")
    if len(found) < LEAST_FOUND:
        raise Refused("Please write what you found, also if it is nobody.", field="found")
    meeting = calibrations.newest_meeting(turn.session, cycle_id)
    if meeting is None or str(meeting.n) != n or not meeting.is_open:
        raise Refused("This meeting was closed meanwhile.")
    if calibrations.close_meeting(turn.session, meeting, turn.person.id, turn.now, found):
        turn.note("close_calibration", turn.person.id, f"{cycle_id}/{n}")
    return Replace(board(turn.t, _shown(turn, cycle_id), turn.t("The meeting is closed. Its changes stand.")))


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """For those who calibrate: the meeting that is open."""
    if not turn.may(Act.SEE_BOARD, turn.person.id):
        return []
    cycle = facts.newest_cycle(turn)
    meeting = calibrations.newest_meeting(turn.session, cycle.id) if cycle else None
    if cycle is None or meeting is None or not meeting.is_open:
        return []
    text = turn.t("The review meeting of {cycle} is open.", cycle=cycle.name)
    return [Task(text, turn.t("To the board"), begin, cycle.id)]
