"""Support: what somebody asks for or is promised, until it is delivered and found useful, or declined with a reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.checkin import Checkin
from bot.domain.effort import repeats
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused, Sentence, sentence

LONGEST = 500
"""Characters of a promise, a reason, and a line of thanks."""
USUALLY = 5
"""Working days that a promise takes, unless somebody says otherwise."""
FURTHEST = timedelta(days=366)


class State(StrEnum):
    """Where a request for support stands."""

    ASKED = "asked"
    PROMISED = "promised"
    DELIVERED = "delivered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.ASKED, State.PROMISED})


class Useful(StrEnum):
    """What the one who asked says of it afterwards."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


USEFUL_NAMES: Mapping[Useful, str] = {
    Useful.YES: N_("It was useful."),
    Useful.PARTLY: N_("It was partly useful."),
    Useful.NO: N_("It was not useful."),
}


@dataclass(frozen=True)
class Support:
    """One request of the check-in that began on `day`, or of that day alone if it was made `apart` from check-ins.

    `kinds` holds ids of the template's kinds of support; `manager_id` was asked, `by` is who does what was promised;
    `answered_at` is when it was promised or declined, the last time.
    """

    id: str
    cycle_id: str
    person_id: str
    day: date
    manager_id: str
    asked_at: datetime
    kinds: tuple[str, ...] = ()
    what: str = field(default="", repr=False)
    state: State = State.ASKED
    promise: str = field(default="", repr=False)
    by: str = ""
    due: date | None = None
    answered_at: datetime | None = None
    delivered_on: date | None = None
    useful: Useful | None = None
    word: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    apart: bool = False

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in OPEN

    @property
    def place(self) -> str:
        """The check-in of its day."""
        return f"{self.cycle_id}/{self.person_id}/{self.day}"

    @property
    def carry(self) -> str:
        """What buttons carry: of a check-in one request is open, apart from them any number."""
        return self.id if self.apart else self.place

    def is_due(self, day: date) -> bool:
        """Whether it was promised for this day or an earlier one, and is still to come."""
        return self.state is State.PROMISED and self.due is not None and self.due <= day


# What becomes of it -------------------------------------------------------------------------


def asked(checkin: Checkin, at: datetime) -> Support:
    """A request as a check-in makes it, or as its manager begins one."""
    return Support(
        "",
        checkin.cycle_id,
        checkin.person_id,
        checkin.day,
        checkin.manager_id,
        at,
        kinds=checkin.help_wanted,
        what=checkin.blocking,
    )


def asks(checkin: Checkin) -> bool:
    """Whether a check-in asks for anything."""
    return bool(checkin.blocking or checkin.help_wanted)


def request_of(checkin: Checkin, theirs: Sequence[Support]) -> Support | None:
    """The help that came of a check-in, or was asked for before in the same words; until it is told there is none."""
    if not checkin.told:
        return None
    place = (checkin.cycle_id, checkin.person_id, checkin.day)
    own = [one for one in theirs if not one.apart and (one.cycle_id, one.person_id, one.day) == place]
    if own:
        return next((one for one in own if one.open), own[-1])
    return asked_before(checkin, theirs) if asks(checkin) else None


def asked_before(checkin: Checkin, before: Sequence[Support]) -> Support | None:
    """The request among the person's earlier ones that waits for the same thing: it is not made a second time."""
    earlier = [one for one in before if one.day <= checkin.day]
    return waiting_for(checkin.blocking, checkin.help_wanted, earlier)


def waiting_for(what: str, kinds: Collection[str], before: Sequence[Support]) -> Support | None:
    """The open request that says the same."""
    return next((one for one in before if one.open and _says_the_same(what, kinds, one)), None)


def _says_the_same(what: str, kinds: Collection[str], one: Support) -> bool:
    return (not what or repeats(what, [one.what])) and set(kinds) <= set(one.kinds)


def promised(one: Support, *, kind: str, promise: str, by: str, due: date | None, today: date) -> Support:
    """What the manager promises: in words, for a day, by somebody; it may be promised anew until it is delivered."""
    must_be_open(one)
    if not promise:
        raise Refused("Please say in a few words what you promise", field="promise")
    if due is None:
        raise Refused("Please choose a day", field="due")
    if due < today:
        raise Refused("{day} is not ahead of us. Please give a day to come.", field="due", day=due)
    if due - today > FURTHEST:
        raise Refused("A promise lasts a year at most. Please give an earlier day.", field="due")
    kinds = one.kinds if not kind or kind in one.kinds else (*one.kinds, kind)
    return replace(one, state=State.PROMISED, promise=promise, by=by, due=due, kinds=kinds)


def declined(one: Support, reason: str) -> Support:
    """The manager cannot help with this, and says why."""
    must_be_open(one)
    if not reason:
        raise Refused("Please say why; it helps to hear the reason.", field="reason")
    return replace(one, state=State.DECLINED, reason=reason)


def delivered(one: Support, day: date) -> Support:
    """What was promised has arrived."""
    if one.state is not State.PROMISED:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return replace(one, state=State.DELIVERED, delivered_on=day)


def withdrawn(one: Support) -> Support:
    """Who asked needs it no longer."""
    must_be_open(one)
    return replace(one, state=State.WITHDRAWN)


def rated(one: Support, useful: Useful) -> Support:
    """Who asked says whether it was useful, once."""
    if one.state is not State.DELIVERED or one.useful:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return replace(one, useful=useful)


def must_be_open(one: Support) -> None:
    """Refuse to answer what was delivered, declined or withdrawn."""
    if not one.open:
        raise Refused("This was settled meanwhile. Please look at the newest card.")


# In words -----------------------------------------------------------------------------------


def said(one: Support, people: Mapping[str, Person], asked_on: date) -> Sentence:
    """Where it stands, the same for both sides; `asked_on` is the day where the reader is."""
    match one.state:
        case State.ASKED:
            return sentence("Asked for on {day}; no answer yet.", day=asked_on)
        case State.PROMISED:
            return _promise(one, people)
        case State.DELIVERED:
            return sentence("Delivered on {day}: {promise}", day=one.delivered_on, promise=one.promise)
        case State.DECLINED:
            manager = people.get(one.manager_id)
            return sentence("{name} cannot help with this: {reason}", name=manager or "–", reason=one.reason)
        case State.WITHDRAWN:
            return sentence("The help is not needed any more.")


def _promise(one: Support, people: Mapping[str, Person]) -> Sentence:
    manager, by = people.get(one.manager_id) or "–", people.get(one.by)
    if by is None or one.by == one.manager_id:
        return sentence("{name} promised for {day}: {promise}", name=manager, day=one.due, promise=one.promise)
    return sentence(
        "{name} promised for {day}, through {other}: {promise}",
        name=manager,
        other=by,
        day=one.due,
        promise=one.promise,
    )


def those_in(supports: Iterable[Support]) -> Collection[str]:
    """The ids of everybody whom the words about these may name."""
    return {each for one in supports for each in (one.person_id, one.manager_id, one.by) if each}
