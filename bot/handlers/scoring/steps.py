"""The conversation itself: results are computed, HR looks, computes again where needed, and releases once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.calibration import unseen_by
from bot.domain.cycle import Cycle, Stage
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused, Sentence, sentence
from bot.domain.score import Rated
from bot.domain.webhook import Event
from bot.handlers.scoring import slices
from bot.handlers.scoring.parts import Held, Standing, computed_at, counts, held_up, overview, sure
from bot.slack import limits
from bot.slack.blocks import Block, Message, View, button, buttons, context, fields, page, section
from bot.slack.flow import Flow, Open, Replace, Task, Turn
from bot.slack.text import Text, bold
from bot.slack.words import Words
from bot.store import cycles, people, results, reviewers, stand_ins, timers, webhooks

flow = Flow("scoring")

COMPUTED_IN = (Stage.CALIBRATING, Stage.RELEASING, Stage.APPLYING, Stage.REVIEWING)
RELEASED_IN = COMPUTED_IN[1:]
MOST_NAMED = 10
"""People named with each reason on the card; the page behind it has more."""
MOST_ON_PAGE = 100
AFTERWARDS = ("reviews.ask_all", "calibration.moved", "fairness.make")
"""What other conversations do with results that were just computed."""
CLOSING, LATER = "peers.close", timedelta(minutes=1)
"""What results wait for, and how long until they look again."""


# What people see --------------------------------------------------------------------------


def offer(t: Words, standing: Standing) -> Message:
    """The card for HR: how many there are, who has none and why, and the ways on."""
    text = t("The results of {cycle} are computed. Please look before you release them.", cycle=standing.cycle.name)
    held = held_up(t, standing, MOST_NAMED)
    ways = buttons(
        button(t("Release results"), does=release, carry=standing.cycle.id, style="primary", confirm=sure(t, standing))
        if standing.waiting
        else None,
        button(t("Recompute"), does=recompute, carry=standing.cycle.id) if standing.open else None,
        button(t("Everyone without a result"), does=look, carry=standing.cycle.id),
    )
    return Message(text, [section(text), *computed_at(t, standing), *overview(t, standing), *held, ways])


def all_released(t: Words, standing: Standing, by: Person) -> Message:
    """What the card turns into."""
    text = t("{name} has released the results of {cycle}.", name=by, cycle=standing.cycle.name)
    told = t("Everyone is told in their own working hours, without a number. Their managers see them too.")
    blocks = [section(text), fields(counts(t, standing)), context(told)]
    return Message(text, [*blocks, *([later(t, standing)] if standing.incomplete else [])])


def later(t: Words, standing: Standing) -> Block:
    """After the release: what is still incomplete can be finished."""
    return buttons(
        button(t("Recompute"), does=recompute, carry=standing.cycle.id) if standing.open else None,
        button(t("Everyone without a result"), does=look, carry=standing.cycle.id),
    )


def standing_page(t: Words, standing: Standing, news: Text | None = None) -> View:
    """The same in a window, with everybody who has no result."""
    carry, asked = standing.cycle.id, sure(t, standing)
    let_out = button(t("Release results"), does=release_here, carry=carry, style="primary", confirm=asked)
    again = button(t("Recompute"), does=recompute_here, carry=carry)
    ways = [let_out] * bool(standing.waiting) + [again] * standing.open
    blocks = [
        section(bold(t("Results of {cycle}", cycle=standing.cycle.name))),
        *([section(news)] if news else []),
        *computed_at(t, standing),
        *overview(t, standing),
        *([buttons(*ways)] if ways else []),
        *held_up(t, standing, MOST_ON_PAGE),
    ]
    return page(t("Results"), blocks, close=t("Close"))


def nothing_computed(t: Words) -> View:
    """No cycle is that far."""
    text = t("There are no results yet. They are computed on the day on which calibrating opens.")
    return page(t("Results"), [section(text)], close=t("Close"))


# What happens -----------------------------------------------------------------------------


@flow.timer
def compute(turn: Turn) -> None:
    """Calibrating has opened: compute everybody's result, once what colleagues said is opened or given up."""
    (cycle_id,) = turn.carried(1)
    if timers.is_set(turn.session, (CLOSING,), cycle_id):
        turn.remind(compute, "", turn.now + LATER, cycle_id)
        return
    slices.begin(turn, cycles.get(turn.session, cycle_id), slices.Then.NOTHING)


@flow.timer
def compute_slice(turn: Turn) -> None:
    """Compute some people's results; then the next ones', and after the last ones do what was waiting for it."""
    if (done := slices.compute_some(turn)) is None:
        return
    cycle, then = done
    for step in AFTERWARDS:
        turn.remind(step, "", turn.now, cycle.id)
    if then is slices.Then.TELL:
        tell_hr(turn, cycle)
    if then is slices.Then.OFFER:
        _offer(turn, cycle.id)


@flow.timer
def offer_release(turn: Turn) -> None:
    """Results may be released from today: show HR what there is."""
    (cycle_id,) = turn.carried(1)
    if results.any_in(turn.session, cycle_id):
        _offer(turn, cycle_id)
    else:
        slices.begin(turn, cycles.get(turn.session, cycle_id), slices.Then.OFFER)


def _offer(turn: Turn, cycle_id: str) -> None:
    for hr in people.holders(turn.session, people.HR):
        turn.remind(offer_to, hr.id, turn.now, cycle_id)


@flow.prompt_that(Attention.EXPIRES)
def offer_to(turn: Turn) -> None:
    """Show one HR person what there is."""
    (cycle_id,) = turn.carried(1)
    standing = standing_of(turn, cycles.get(turn.session, cycle_id), turn.person)
    turn.say(turn.person, _key(cycle_id, turn.person), card, standing, turn.person)


@flow.action
def recompute(turn: Turn) -> None:
    """Compute again what is not released, from what is known now."""
    _compute_anew(turn)


@flow.action
def recompute_here(turn: Turn) -> Replace:
    """The same from the window."""
    cycle = _compute_anew(turn)
    news = turn.t("Results are being computed. You get a message when they are there.")
    return Replace(standing_page(turn.t, standing_of(turn, cycle, turn.person), news))


def _compute_anew(turn: Turn) -> Cycle:
    cycle = _cycle_for_hr(turn)
    if cycle.stage_on(turn.today) not in COMPUTED_IN:
        raise Refused("Results are computed from {day} on.", day=cycle.opens[Stage.CALIBRATING])
    standing = standing_of(turn, cycle, turn.person)
    if standing.released and not (standing.waiting or standing.held or standing.incomplete):
        raise Refused("The results of this cycle were released already.")
    turn.note("recompute_results", turn.person.id, cycle.id)
    turn.remind(compute_again, "", turn.now, cycle.id)
    return cycle


@flow.timer
def compute_again(turn: Turn) -> None:
    """HR asked for it: a whole company takes longer than a click may."""
    (cycle_id,) = turn.carried(1)
    slices.begin(turn, cycles.get(turn.session, cycle_id), slices.Then.TELL)


@flow.action
def release(turn: Turn) -> None:
    """Release all results of a cycle, once, and have everybody told at a good hour of theirs."""
    _release(turn)


@flow.action
def release_here(turn: Turn) -> Replace:
    """The same from the window."""
    standing = standing_of(turn, _release(turn), turn.person)
    return Replace(standing_page(turn.t, standing, turn.t("The results are released.")))


def _release(turn: Turn) -> Cycle:
    cycle = _cycle_for_hr(turn)
    if cycle.stage_on(turn.today) not in RELEASED_IN:
        raise Refused("Results are released from {day} on.", day=cycle.opens[Stage.RELEASING])
    released = results.release(turn.session, cycle.id, by=turn.person.id, at=turn.now)
    if slices.under_way(turn, cycle):  # asked once the results are held: what was approved until then is known here
        raise Refused("The results are being computed at this moment. Please release them in a minute.")
    told = set(released)
    managers = {one.manager_id for one in people.stints_on(turn.session, turn.today) if one.person_id in told} - {""}
    for person_id in released:
        turn.note(Act.RELEASE_RESULTS, person_id, cycle.id)
    timers.set_all(turn.session, _to_tell(turn, cycle, "interviews.begin", released))
    timers.set_all(turn.session, _to_tell(turn, cycle, "delivery.tell", released))
    timers.set_all(turn.session, _to_tell(turn, cycle, "delivery.tell_manager", managers))
    for manager_id, other_id in stand_ins.on_day(turn.session, turn.today).items():
        if manager_id in managers:
            turn.remind("delivery.tell_stand_in", other_id, turn.now, f"{cycle.id}/{manager_id}")
    turn.remind("fairness.make", "", turn.now, cycle.id)
    webhooks.tell(turn.session, Event.RESULT_RELEASED, cycle.id, released, turn.now, turn.real_now)
    tell_hr(turn, cycle)
    return cycle


def _to_tell(turn: Turn, cycle: Cycle, step: str, person_ids: Iterable[str]) -> list[timers.Timer]:
    return [timers.Timer(step, one, cycle.id, turn.now) for one in sorted(person_ids)]


@flow.command("results", N_("Results: who has one, and releasing them"), for_hr=True)
@flow.action
def look(turn: Turn) -> Open:
    """Show how the results stand; without a cycle in the button, of the newest one that has any."""
    turn.must(Act.RELEASE_RESULTS, turn.person.id)
    found = [one for one in cycles.every(turn.session) if turn.carry in {"", one.id}]
    computed = next((one for one in found if results.any_in(turn.session, one.id)), None)
    if computed is None:
        return Open(nothing_computed(turn.t))
    return Open(standing_page(turn.t, standing_of(turn, computed, turn.person)))


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """Results that wait for HR to release them."""
    if not turn.may(Act.RELEASE_RESULTS, turn.person.id):
        return []
    t = turn.t
    waiting = [
        one
        for one in cycles.every(turn.session)
        if one.stage_on(turn.today) in RELEASED_IN and results.ready(turn.session, one.id, turn.now)
    ]
    return [
        Task(
            t("The results of {cycle} wait to be released.", cycle=one.name),
            t("Look and release"),
            look,
            one.id,
            one.opens[Stage.RELEASING],
        )
        for one in waiting
    ]


@flow.timer
def retell(turn: Turn) -> None:
    """Reasons came in: the card of HR says so, from the day on which it stands there."""
    (cycle_id,) = turn.carried(1)
    cycle = cycles.get(turn.session, cycle_id)
    if cycle.stage_on(turn.today) in RELEASED_IN and results.any_in(turn.session, cycle_id):
        tell_hr(turn, cycle)


def tell_hr(turn: Turn, cycle: Cycle) -> None:
    """Have the card of every HR person show how things stand: of who acts here, or who has one."""
    known = _known(turn, cycle)
    for hr in people.holders(turn.session, people.HR):
        standing = _seen_by(turn, known, hr)
        if hr.id == turn.person.id:
            turn.say(hr, _key(cycle.id, hr), card, standing, turn.person)
        else:
            turn.update(hr, _key(cycle.id, hr), card, standing, turn.person)


def card(t: Words, standing: Standing, by: Person) -> Message:
    """What waits to be released, or that all is."""
    return offer(t, standing) if standing.waiting or standing.held else all_released(t, standing, by)


def _key(cycle_id: str, hr: Person) -> str:
    return f"scoring/{cycle_id}/{hr.id}/release"


@dataclass(frozen=True)
class _Known:
    """All results of a cycle, read once for however many readers; `managers` is who leads whom today."""

    cycle: Cycle
    found: tuple[results.Brief, ...]
    incomplete: tuple[Held, ...]
    not_rated: tuple[Held, ...]
    held: tuple[Held, ...]
    managers: Mapping[str, str]


def _known(turn: Turn, cycle: Cycle) -> _Known:
    found, owing = results.in_brief(turn.session, cycle.id), results.owing(turn.session, cycle.id, turn.now)
    return _Known(
        cycle,
        tuple(found),
        _without(turn, [one for one in found if one.state is Rated.INCOMPLETE]),
        _without(turn, [one for one in found if one.state is Rated.NOT_RATED]),
        _held(turn, cycle, owing),
        people.managers_on(turn.session, turn.today),
    )


def standing_of(turn: Turn, cycle: Cycle, reader: Person) -> Standing:
    """Count the results of a cycle, as one reader may know them."""
    return _seen_by(turn, _known(turn, cycle), reader)


def _seen_by(turn: Turn, known: _Known, reader: Person) -> Standing:
    """What tells a grade is left out for the reader's own result and those above them, as on the board.

    One of those that is held counts with the results that wait, as long as there are any.
    """
    cycle, found, unseen = known.cycle, known.found, unseen_by(reader.id, known.managers)
    rated = [one for one in found if one.state is Rated.RATED]
    held = tuple(one for one in known.held if one.person.id not in unseen)
    owing = {one.person.id for one in known.held}
    waiting = [one for one in found if not one.released and one.person_id not in owing]
    if waiting:
        waiting += [one for one in found if one.person_id in owing & unseen]
    still_open = cycle.stage_on(turn.today) in COMPUTED_IN and bool(waiting or held or known.incomplete)
    return Standing(
        cycle,
        len(rated),
        sum(one.near for one in rated if one.person_id not in unseen),
        known.incomplete,
        known.not_rated,
        held,
        len(waiting),
        sum(one.released for one in found),
        max((one.computed_at for one in found), default=None),
        sum(one.state is Rated.RATED for one in waiting),
        sum(one.state is Rated.INCOMPLETE for one in waiting),
        limits.lasting(turn.t, turn.session, len(waiting)),
        still_open,
    )


def _without(turn: Turn, found: Collection[results.Brief]) -> tuple[Held, ...]:
    named = people.named(turn.session, [one.person_id for one in found])
    return _by_name(Held(named[one.person_id], one.reasons) for one in found)


def _held(turn: Turn, cycle: Cycle, owing: Collection[str]) -> tuple[Held, ...]:
    """Who waits for reasons, and whose reasons these are."""
    named = people.named(turn.session, owing)
    writers = reviewers.writers(turn.session, cycle.id, owing, turn.today)
    return _by_name(Held(named[one], (_owes(writers.get(one)),)) for one in owing)


def _owes(writer: Person | None) -> Sentence:
    if writer is None:
        return sentence("Nobody is there to give the reasons; please name a manager.")
    return sentence("{name} still owes the reasons for the grade.", name=writer.name)


def _by_name(held: Iterable[Held]) -> tuple[Held, ...]:
    return tuple(sorted(held, key=lambda one: (one.person.name, one.person.id)))


def _cycle_for_hr(turn: Turn) -> Cycle:
    turn.must(Act.RELEASE_RESULTS, turn.person.id)
    (cycle_id,) = turn.carried(1)
    return cycles.get(turn.session, cycle_id)
