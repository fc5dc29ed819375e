"""Making and approving a pool. No amount is ever shown here: whoever approves reads it in the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle, Stage
from bot.domain.fingerprint import fingerprint
from bot.domain.org import Person
from bot.domain.payout import SHOWN
from bot.domain.pool import RESULT_FACTORS, USUAL_FACTORS, check_result_factor
from bot.domain.refusal import N_, Refused
from bot.domain.team import Duty
from bot.slack.blocks import (
    Block,
    Confirm,
    Message,
    View,
    button,
    buttons,
    choice,
    context,
    fields,
    form,
    number_input,
    page,
    section,
    text_input,
)
from bot.slack.flow import Answer, Flow, Open, Replace, Task, Turn, known
from bot.slack.text import Text, bold, escape, lines
from bot.slack.words import Words
from bot.store import cycles, outcomes, pay, people, pools
from bot.store.pools import Pool, Standing

flow = Flow("pool")

MOST_CYCLES = 5
MOST_DEPARTMENTS = 90
"""What a form holds."""


class Way(StrEnum):
    """How a pool is shared out."""

    ONE = "one"
    DEPARTMENTS = "departments"


WAYS: Mapping[Way, str] = {Way.ONE: N_("one pool for all"), Way.DEPARTMENTS: N_("a pool for each department")}


@dataclass(frozen=True)
class Shown:
    """A cycle on its way to a pool: counts, where it stands, and who did what."""

    cycle: Cycle
    counts: Standing
    pool: Pool | None
    named: Mapping[str, Person]
    me: str
    may_make: bool
    others: Sequence[Cycle] = ()
    moved: int = 0
    """How many grades have changed or come since a pool was approved."""
    split: bool = False
    """Whether each department has a pool of its own."""


# What people see --------------------------------------------------------------------------


def pool_page(t: Words, shown: Shown) -> View:
    """Where a pool stands, and what is next."""
    counts = shown.counts
    pairs = [
        (t("People with a grade"), t.number(counts.graded)),
        (t("Of them with a pay base"), t.number(counts.with_base)),
        (t("Coefficients not decided yet"), t.number(counts.undecided)),
        (t("People in the pool"), t.number(counts.in_pool)),
        (t("Held back: disputed"), t.number(counts.held)),
        (t("How it is shared out"), t(WAYS[Way.DEPARTMENTS if shown.split else Way.ONE])),
    ]
    privately = context(
        t("Amounts are never shown in Slack. They are in the file that whoever runs the server writes.")
    )
    ways = [button(escape(one.name), does=change, carry=one.id) for one in shown.others[:MOST_CYCLES]]
    return page(
        t("Bonus pool"),
        [
            section(lines(bold(escape(shown.cycle.name)), _state(t, shown))),
            fields(pairs),
            *_way_on(t, shown),
            privately,
            *([buttons(*ways)] if ways else []),
        ],
        close=t("Close"),
    )


def _state(t: Words, shown: Shown) -> Text:
    pool = shown.pool
    if pool is None:
        return t("No pool is made yet.")
    by = t("Made by {name}, {at}.", name=shown.named[pool.made_by], at=pool.made_at)
    low, high = USUAL_FACTORS
    odd = None if pool.document["usual"] else t(
        "Please look twice: pool and grades do not fit well. The factor in the file is not between {low} and {high}.",
        low=low, high=high)  # fmt: skip
    if pool.approved_by:
        done = t("Approved by {name}, {at}. It can be paid.", name=shown.named[pool.approved_by], at=pool.approved_at)
        return lines(by, done, _moved(t, shown), odd)
    return lines(by, t("It waits for somebody else of finance to read the file and approve it."), odd)


def _moved(t: Words, shown: Shown) -> Text | None:
    if not shown.moved:
        return None
    return t.plural(
        "One grade has changed or come since. That line alone is made anew; nobody else's amount changes.",
        "{n} grades have changed or come since. Those lines alone are made anew; nobody else's amount changes.",
        shown.moved,
    )


def _way_on(t: Words, shown: Shown) -> list[Block]:
    if not shown.may_make or (shown.pool and shown.pool.approved_by and not shown.moved):
        return []
    again = shown.pool is not None
    sure = Confirm(
        t("Make the pool?"),
        _moved(t, shown)
        or t(
            "It is frozen as everything stands now: grades, coefficients, pay bases. A new one takes the place of this."
        ),
        yes=t("Make it"),
        no=t("Not now"),
    )
    make_it = button(t("Make it anew") if again else t("Make the pool"), does=make, carry=shown.cycle.id, confirm=sure,
                     style=None if again else "primary")  # fmt: skip
    mine = shown.pool is None or bool(shown.pool.approved_by) or shown.pool.made_by == shown.me
    look = None if mine else button(t("Approve it"), does=approve_form, carry=_carry(shown.pool), style="primary")
    approved = bool(shown.pool and shown.pool.approved_by)
    apart = None if approved else button(t("Split by department"), does=split_form, carry=shown.cycle.id)
    return [buttons(look, make_it, apart)]


def approval(t: Words, shown: Shown) -> View:
    """The proof that the file was read: a piece of its fingerprint, which stands nowhere in Slack."""
    how = t(
        "Have the file written with `python -m bot export pool` and read it. Beside the sums stands its fingerprint."
    )
    hint = t("The first {n} characters of the fingerprint in the file", n=SHOWN)
    return form(
        t("Approve the pool"),
        [
            section(lines(bold(escape(shown.cycle.name)), _state(t, shown), how)),
            text_input("fingerprint", t("Fingerprint"), hint=hint, longest=64),
        ],
        does=approve, submit=t("Approve it"), close=t("Not now"), carry=_carry(shown.pool),
    )  # fmt: skip


def split_sheet(t: Words, cycle: Cycle, departments: Sequence[str], split: Mapping[str, Decimal] | None) -> View:
    """One pool for all, or one for each department, with the factors of their results; no amount."""
    low, high = RESULT_FACTORS
    ways = [(way.value, t(name)) for way, name in WAYS.items()]
    how = t(
        "A department's pool is its part of the whole, by its targets and the factor of its result: {low} to {high}, 1 "
        "leaves it as it is. Each pool is then shared out by itself.",
        low=low, high=high)  # fmt: skip
    numbers = [
        number_input(factor_field(name), escape(name or "–"), initial=(split or {}).get(name, Decimal(1)), least=low,
                     most=high)
        for name in departments
    ]  # fmt: skip
    chosen = Way.ONE if split is None else Way.DEPARTMENTS
    return form(
        t("Split by department"),
        [section(lines(bold(escape(cycle.name)), how)), choice("way", t("How is it shared out?"), ways, chosen=chosen),
         *numbers, context(t("A pool that was made before has to be made anew."))],
        does=keep_split, submit=t("Save"), close=t("Not now"), carry=cycle.id,
    )  # fmt: skip


def factor_field(department: str) -> str:
    """The input for a department's factor; its name may hold anything."""
    return f"factor_{fingerprint({'department': department})[:12]}"


def waits(t: Words, cycle: Cycle, maker: Person) -> Message:
    """To the others of finance."""
    text = t("{name} has made the bonus pool of {cycle}. It waits for a second pair of eyes.", name=maker,
             cycle=cycle.name)  # fmt: skip
    return Message(text, [section(text), buttons(button(t("Look at it"), does=look, carry=cycle.id, style="primary"))])


def approved(t: Words, cycle: Cycle, by: Person) -> Message:
    """To whoever made it."""
    text = t("{name} has approved the bonus pool of {cycle}.", name=by, cycle=cycle.name)
    return Message(text, [section(text), buttons(button(t("Look at it"), does=look, carry=cycle.id))])


# What happens -----------------------------------------------------------------------------


@flow.command("pool", N_("The bonus pool of a cycle: how far it is"), for_hr=True)
@flow.action
def show(turn: Turn) -> Open | Answer:
    """Where the pool of the newest cycle stands that has none yet, or one that waits; else of the newest."""
    turn.must(Act.SEE_POOL, turn.person.id)
    found = outcomes.released_cycles(turn.session)
    if not found:
        return Answer(Message(turn.t("No result is released yet, so there is nothing to make a pool from.")))
    cycle = next((one for one in _running(turn, found) if not _is_settled(turn, one)), found[0])
    return Open(pool_page(turn.t, _shown(turn, cycle)))


def _running(turn: Turn, found: Sequence[Cycle]) -> list[Cycle]:
    return [one for one in found if one.stage_on(turn.today) is not Stage.CLOSED]


def _is_settled(turn: Turn, cycle: Cycle) -> bool:
    pool = pools.newest(turn.session, cycle.id)
    return pool is not None and bool(pool.approved_by) and not pools.moved(turn.session, cycle.id)


@flow.action
def change(turn: Turn) -> Replace:
    """The same page, of another cycle."""
    (cycle_id,) = turn.carried(1)
    turn.must(Act.SEE_POOL, turn.person.id)
    return Replace(pool_page(turn.t, _shown(turn, cycles.get(turn.session, cycle_id))))


@flow.action
def look(turn: Turn) -> Open:
    """The same, of the cycle that a message names."""
    (cycle_id,) = turn.carried(1)
    turn.must(Act.SEE_POOL, turn.person.id)
    return Open(pool_page(turn.t, _shown(turn, cycles.get(turn.session, cycle_id))))


@flow.action
def make(turn: Turn) -> Replace:
    """Freeze a pool, and ask the others of finance to look at it."""
    (cycle_id,) = turn.carried(1)
    turn.must(Act.MAKE_POOL, turn.person.id)
    cycle = cycles.get(turn.session, cycle_id)
    made = pools.make(turn.session, cycle, turn.person.id, turn.now)
    turn.note(Act.MAKE_POOL, turn.person.id, f"{cycle.id}/{made.n}/{made.hash}")
    for one in people.holders(turn.session, Duty.FINANCE):
        if one != turn.person:
            turn.remind(ask, one.id, turn.now, f"{cycle.id}/{made.n}")
    return Replace(pool_page(turn.t, _shown(turn, cycle)))


@flow.action
def split_form(turn: Turn) -> Replace:
    """Ask finance how the pool is to be shared out."""
    (cycle_id,) = turn.carried(1)
    return Replace(split_sheet(turn.t, *_divisible(turn, cycle_id), pay.split(turn.session, cycle_id)))


@flow.view
def keep_split(turn: Turn) -> Replace:
    """Have one pool, or one for each department; it counts from the next making on."""
    (cycle_id,) = turn.carried(1)
    cycle, departments = _divisible(turn, cycle_id)
    way = known(Way, turn.inputs.text("way"))
    factors = {name: check_result_factor(turn.inputs.number(factor_field(name)), factor_field(name))
               for name in departments if way is Way.DEPARTMENTS}  # fmt: skip
    pay.keep_split(turn.session, cycle.id, factors)
    turn.note("split_pool", turn.person.id, f"{cycle.id}/{way}")
    return Replace(pool_page(turn.t, _shown(turn, cycle)))


def _divisible(turn: Turn, cycle_id: str) -> tuple[Cycle, list[str]]:
    """A cycle whose pool is not approved, and its departments with pay bases."""
    turn.must(Act.MAKE_POOL, turn.person.id)
    cycle = cycles.get(turn.session, cycle_id)
    pools.check_open(turn.session, cycle.id)
    departments = pools.departments(turn.session, cycle.id)
    if len(departments) > MOST_DEPARTMENTS:
        raise Refused("A pool can be split into {most} departments at most; here are {n}.", most=MOST_DEPARTMENTS,
                      n=len(departments))  # fmt: skip
    return cycle, departments


@flow.prompt
def ask(turn: Turn) -> None:
    """Somebody else of finance is asked, unless it is settled or made anew by then."""
    cycle_id, n = turn.carried(2)
    pool = pools.newest(turn.session, cycle_id)
    if pool is None or str(pool.n) != n or pool.approved_by or not turn.may(Act.MAKE_POOL, turn.person.id):
        return
    maker = people.named(turn.session, [pool.made_by])[pool.made_by]
    turn.say(turn.person, f"pool/{cycle_id}/{n}/{turn.person.id}", waits, cycles.get(turn.session, cycle_id), maker)


@flow.action
def approve_form(turn: Turn) -> Replace:
    """Ask for the fingerprint."""
    return Replace(approval(turn.t, _shown(turn, _waiting(turn)[0])))


@flow.view
def approve(turn: Turn) -> Replace:
    """Approve what was read."""
    cycle, pool = _waiting(turn)
    if turn.inputs.text("fingerprint").lower()[:SHOWN] != pool.shown:
        raise Refused("This is not the fingerprint of this pool. Please have the file written anew.",
                      field="fingerprint")  # fmt: skip
    pools.approve(turn.session, pool, turn.person.id, turn.now)
    turn.note("approve_pool", pool.made_by, f"{cycle.id}/{pool.n}/{pool.hash}")
    turn.remind(tell, pool.made_by, turn.now, f"{cycle.id}/{turn.person.id}")
    return Replace(pool_page(turn.t, _shown(turn, cycle)))


@flow.prompt_that(Attention.FREE)
def tell(turn: Turn) -> None:
    """Whoever made it hears that it is approved."""
    cycle_id, by = turn.carried(2)
    named = people.named(turn.session, [by])
    key = f"pool/{cycle_id}/approved/{turn.person.id}"
    turn.say(turn.person, key, approved, cycles.get(turn.session, cycle_id), named[by])


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """Pools that somebody else of finance made, or that a grade came to."""
    if not turn.may(Act.MAKE_POOL, turn.person.id):
        return []
    return [task for one in _running(turn, outcomes.released_cycles(turn.session)) for task in _tasks(turn, one)]


def _tasks(turn: Turn, cycle: Cycle) -> list[Task]:
    pool = pools.newest(turn.session, cycle.id)
    if pool is None:
        return []
    if pool.approved_by and pools.moved(turn.session, cycle.id):
        text = turn.t("A grade that changed or came later is not in the bonus pool of {cycle} yet.", cycle=cycle.name)
        return [Task(text, turn.t("Look at it"), look, cycle.id)]
    if pool.approved_by or pool.made_by == turn.person.id:
        return []
    text = turn.t("The bonus pool of {cycle} waits for a second pair of eyes.", cycle=cycle.name)
    return [Task(text, turn.t("Look at it"), look, cycle.id)]


# Inside -----------------------------------------------------------------------------------


def _waiting(turn: Turn) -> tuple[Cycle, Pool]:
    """The pool that a button names, if it waits for this person."""
    cycle_id, n = turn.carried(2)
    turn.must(Act.MAKE_POOL, turn.person.id)
    pool = pools.newest(turn.session, cycle_id)
    if pool is None or str(pool.n) != n:
        raise Refused("This pool was made anew meanwhile. Please look at the newest one.")
    if pool.made_by == turn.person.id:
        raise Refused("You made this pool. Somebody else has to look at it and approve it.")
    return cycles.get(turn.session, cycle_id), pool


def _shown(turn: Turn, cycle: Cycle) -> Shown:
    pool = pools.newest(turn.session, cycle.id)
    named = people.named(turn.session, {pool.made_by, pool.approved_by} - {""} if pool else ())
    may_make = turn.may(Act.MAKE_POOL, turn.person.id)
    moved = len(pools.moved(turn.session, cycle.id))
    others = [one for one in outcomes.released_cycles(turn.session) if one.id != cycle.id]
    counts = pools.standing(turn.session, cycle.id)
    apart = pay.split(turn.session, cycle.id) is not None
    return Shown(cycle, counts, pool, named, turn.person.id, may_make, others, moved, apart)


def _carry(pool: Pool | None) -> str:
    return f"{pool.cycle_id}/{pool.n}" if pool else ""
