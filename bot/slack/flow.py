"""A flow is one conversation: its steps, each a function from a Turn to a Reply, and what it offers elsewhere."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.domain.access import Act, may
from bot.domain.attention import Attention
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.slack import attention
from bot.slack.blocks import Block, Home, Message, View
from bot.slack.calendar import Calendar
from bot.slack.inputs import File, Inputs
from bot.slack.text import Text
from bot.slack.words import Words, words_for
from bot.store import audit, outbox, reporting, timers

if TYPE_CHECKING:
    from bot.slack.flows import Flows

P = ParamSpec("P")
T = TypeVar("T")

OUTDATED = N_("This button is out of date. Please open Cairn's Home and start from there.")
OUTSIDER = N_("Cairn is for the people of this company; guests and former colleagues take no part.")


def known(kinds: Callable[[str], T], word: str) -> T:
    """What was carried or chosen, as the kind it names; a forged or outdated one is refused."""
    try:
        return kinds(word)
    except ValueError:
        raise Refused(OUTDATED) from None


def day_of(word: str) -> date:
    """A carried date; a forged one is refused."""
    return known(date.fromisoformat, word)


# What a step answers with: good only for the three seconds that Slack waits ------------


@dataclass(frozen=True)
class Open:
    """Open a modal, on top of the present one if there is one."""

    view: View


@dataclass(frozen=True)
class Replace:
    """Put another view in the place of the present modal."""

    view: View


@dataclass(frozen=True)
class Errors:
    """Keep the form open, with a sentence under each of these inputs."""

    by_field: Mapping[str, Text]


@dataclass(frozen=True)
class Answer:
    """Say something that only this person sees, where they typed the command."""

    message: Message


@dataclass(frozen=True)
class Hand:
    """Hand a message to this person without keeping anything of it, then show one of two views.

    It goes straight to Slack, not by the outbox: what it carries is in no table. Once, or not at all: `failed` is shown
    where Slack did not take it.
    """

    message: Message
    view: View
    failed: View


@dataclass(frozen=True)
class Apart:
    """Nothing yet: `calculate` is to run outside any unit of work, so that nobody waits for the database meanwhile.

    `then` gets its result in a turn of its own, which answers; what `calculate` refuses is refused there.
    """

    calculate: Callable[[], Any]
    then: Callable[["Turn", Any], "Reply"]


Reply = Open | Replace | Errors | Answer | Apart | Hand | File | None
FormReply = Open | Replace | Errors | Apart | Hand | None
"""A form is answered where it stands; what should stay is said."""


# What a step is given -------------------------------------------------------------------


@dataclass(frozen=True)
class Quoted:
    """A message that somebody pointed at with a message shortcut."""

    author_id: str
    text: str = field(repr=False)
    link: str = ""
    at: datetime | None = None


@dataclass
class Turn:
    """One person's turn in a conversation, inside one unit of work.

    `carry` is what the button, form or timer brought along; it comes from outside and proves nothing. What must
    survive is written: `say`, `say_home`, `remind`. `late` is how long after its moment a timer runs,
    `attention` what its messages cost their readers; `place` is the message of ours that was pressed on.
    """

    session: Session
    now: datetime
    real_now: datetime
    person: Person
    flows: "Flows"
    calendar: Calendar
    carry: str = ""
    inputs: Inputs = field(default_factory=Inputs)
    quoted: Quoted | None = None
    urgent: bool = True
    late: timedelta = timedelta()
    attention: Attention | None = None
    place: tuple[str, str] | None = None
    traceless: bool = False
    """Set by a step whose person nobody may find out: the delivery is not noted, and no Home is drawn anew."""
    touched: set[str] = field(default_factory=set)

    @property
    def t(self) -> Words:
        """The words of the person whose turn it is."""
        return words_for(self.person)

    @property
    def today(self) -> date:
        """The date where this person is."""
        return self.now.astimezone(ZoneInfo(self.person.tz)).date()

    def workdays(self, person: Person) -> Callable[[date], bool]:
        """Which days somebody works: their country's, less the days they are away."""
        return self.calendar.workdays(self.session, person)

    def carried(self, count: int) -> list[str]:
        """What was brought along, as this many parts between slashes; a forged or outdated one is refused."""
        parts = self.carry.split("/")
        if len(parts) != count or not all(parts):
            raise Refused(OUTDATED)
        return parts

    def say(
        self, to: Person, key: str, builder: Callable[Concatenate[Words, P], Message], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Have a message stand in somebody's DM, in their language; the same key again edits it in place."""
        attention.say(self, to, key, builder(words_for(to), *args, **kwargs))
        self.touched.add(to.id)

    def update(
        self, to: Person, key: str, builder: Callable[Concatenate[Words, P], Message], *args: P.args, **kwargs: P.kwargs
    ) -> bool:
        """Bring a message up to date that was said, at any hour; nothing is posted, and False given, if none was."""
        return key in self.update_all([(to, key, lambda t: builder(t, *args, **kwargs))])

    def update_all(self, changes: Iterable[tuple[Person, str, Callable[[Words], Message]]]) -> set[str]:
        """Bring many messages up to date at once, as `update` does; returns the keys of those that were said."""
        messages = [(to, key, builder(words_for(to))) for to, key, builder in changes]
        self.touched |= {to.id for to, _, _ in messages}
        return attention.update_all(self, messages)

    def post(self, channel_id: str, key: str, message: Message) -> None:
        """Have a message stand in a channel; only what everybody it concerns has agreed to show there."""
        outbox.want(
            self.session, key, channel_id, message.body(), self.real_now, urgent=self.urgent, kind=outbox.MESSAGE
        )

    def say_home(self) -> None:
        """Have this person's Home tab drawn anew."""
        key = outbox.home_key(self.person.id)
        outbox.want(self.session, key, self.person.id, {}, self.real_now, urgent=True, kind=outbox.HOME)
        self.touched.add(self.person.id)

    def remind(self, step: "Step | str", person_id: str, due: datetime, carry: str = "") -> None:
        """Have a step run at a moment, for a person; setting it again moves the moment."""
        timers.remind(self.session, step if isinstance(step, str) else step.id, person_id, carry, due)

    def forget(self, step: "Step | str", person_id: str, carry: str = "") -> None:
        """Cancel what `remind` set."""
        timers.forget(self.session, step if isinstance(step, str) else step.id, person_id, carry)

    def may(self, act: Act, about_id: str) -> bool:
        """Whether this person may do this to that person's record, today."""
        return may(reporting.roles_toward(self.session, self.person.id, about_id, self.today), act)

    def must(self, act: Act, about_id: str) -> None:
        """Refuse unless this person may do this to that person's record."""
        if not self.may(act, about_id):
            raise Refused("This is not yours to do. If you think it should be, please ask HR.")

    def note(self, act: Act | str, about_id: str, record: str = "") -> None:
        """Leave a trace in the audit: ids only."""
        audit.note(self.session, self.now, self.person.id, str(act), about_id, record)
        self.touched.add(about_id)

    def look(self, act: Act, about_id: str, record: str = "") -> None:
        """Leave a trace of looking at somebody else's record; one's own is looked at without."""
        if about_id != self.person.id:
            audit.note(self.session, self.now, self.person.id, act, about_id, record)


class Kind(StrEnum):
    """What starts a step."""

    ACTION = "action"
    VIEW = "view"
    TIMER = "timer"
    REPLY = "reply"
    FILE = "file"
    HANDOUT = "handout"


@dataclass(frozen=True)
class Step:
    """A named function from a turn to a reply. An `unasked` one waits for an hour when the person may be written to.

    What it says for the first time is counted as `attention` says.
    `endings` are the file names that a step for files takes; without any it takes all that nobody else does.
    """

    flow: str
    name: str
    kind: Kind
    run: Callable[[Turn], Reply]
    unasked: bool = False
    attention: Attention | None = None
    endings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What Slack and the timers know it by."""
        return f"{self.flow}.{self.name}"

    def __call__(self, turn: Turn) -> Reply:
        """Run it."""
        return self.run(turn)


@dataclass(frozen=True)
class Command:
    """A word after /cairn, what it is for, and the step that answers. `for_hr` words are shown to HR alone.

    What follows a `bare` word is not taken: it could be what nobody is to find.
    """

    word: str
    purpose: str
    step: Step
    for_hr: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Task:
    """Something that waits for a person: shown in Home, and by /cairn, the one due first."""

    text: Text
    label: Text
    does: Step
    carry: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Passage:
    """A piece of what the company has published, in the reader's words: where it stands, and what shows all of it."""

    source: Text
    section: Text
    words: Text
    does: Step | None = None


class Flow:
    """One conversation, declared by decorating its steps. It knows neither the app nor other flows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.steps: list[Step] = []
        self.commands: list[Command] = []
        self.shortcuts: dict[str, Step] = {}
        self.waiting_for: Callable[[Turn], Sequence[Task]] | None = None
        self.home_section: Callable[[Turn], Sequence[Block]] | None = None
        self.home_view: Callable[[Turn], Home] | None = None
        self.passages: Callable[[Turn], Sequence[Passage]] | None = None

    def action(self, run: Callable[[Turn], Reply]) -> Step:
        """A step started by a button or menu (and by commands and shortcuts stacked on it)."""
        return self._step(run, Kind.ACTION)

    def view(self, run: Callable[[Turn], FormReply]) -> Step:
        """A step started by sending a form."""
        return self._step(run, Kind.VIEW)

    def timer(self, run: Callable[[Turn], None]) -> Step:
        """A step started by time. Its turn's person is the one the timer is for, or Cairn itself."""
        return self._step(run, Kind.TIMER)

    def timer_that(self, attention: Attention) -> Callable[[Callable[[Turn], None]], Step]:
        """A timer that minds the hour itself, and whose messages count like those of a prompt."""
        return lambda run: self._step(run, Kind.TIMER, attention=attention)

    def prompt(self, run: Callable[[Turn], None]) -> Step:
        """A timer that writes to a person unasked: never at night, on a day off, on leave or, if it asks, in a pause.

        What comes due then waits for their next working hour by itself. Facts may have changed meanwhile. What it says
        counts against the person's attention budget, and may be merged with other things that can wait.
        """
        return self._step(run, Kind.TIMER, unasked=True, attention=Attention.WAITS)

    def prompt_that(self, attention: Attention) -> Callable[[Callable[[Turn], None]], Step]:
        """A prompt that `EXPIRES` and so goes before others, is `FREE` because it was asked for, or `BRINGS` words."""
        return lambda run: self._step(run, Kind.TIMER, unasked=True, attention=attention)

    def reply(self, run: Callable[[Turn], Answer | None]) -> Step:
        """A step started by an answer in the thread of one of this flow's messages: `inputs.text("text")`."""
        return self._step(run, Kind.REPLY)

    def file(self, run: Callable[[Turn], Answer | Apart | None]) -> Step:
        """A step started by a file dropped into Cairn's DM: `inputs.file("file")`."""
        return self._step(run, Kind.FILE)

    def handout(self, run: Callable[[Turn], File | Apart | None]) -> Step:
        """A step that makes a file for somebody's DM when it is sent: see `bot.slack.handout.hand_out`."""
        return self._step(run, Kind.HANDOUT)

    def file_ending(self, *endings: str) -> Callable[[Callable[[Turn], Answer | None]], Step]:
        """A step like `file`, for the files with these endings alone: `.yml`."""
        return lambda run: self._step(run, Kind.FILE, endings=endings)

    def command(self, word: str, purpose: str, *, for_hr: bool = False, bare: bool = False) -> Callable[[Step], Step]:
        """Make an action reachable by `/cairn word`; what follows the word is carried, unless it is `bare`."""

        def declare(step: Step) -> Step:
            self.commands.append(Command(word, purpose, step, for_hr, bare))
            return step

        return declare

    def shortcut(self, callback_id: str) -> Callable[[Step], Step]:
        """Make an action reachable by a shortcut of the manifest."""

        def declare(step: Step) -> Step:
            self.shortcuts[callback_id] = step
            return step

        return declare

    def waiting(self, tasks: Callable[[Turn], Sequence[Task]]) -> Callable[[Turn], Sequence[Task]]:
        """What in this conversation waits for the person whose turn it is."""
        self.waiting_for = tasks
        return tasks

    def home(self, section: Callable[[Turn], Sequence[Block]]) -> Callable[[Turn], Sequence[Block]]:
        """This conversation's part of the person's Home tab."""
        self.home_section = section
        return section

    def published(self, passages: Callable[[Turn], Sequence[Passage]]) -> Callable[[Turn], Sequence[Passage]]:
        """What this conversation has published to the person whose turn it is; questions are answered from it."""
        self.passages = passages
        return passages

    def whole_home(self, view: Callable[[Turn], Home]) -> Callable[[Turn], Home]:
        """The Home tab itself; one flow has it."""
        self.home_view = view
        return view

    def _step(
        self, run: Callable[[Turn], Reply], kind: Kind, *, unasked: bool = False, attention: Attention | None = None,
        endings: tuple[str, ...] = (),
    ) -> Step:  # fmt: skip
        step = Step(self.name, run.__name__, kind, run, unasked, attention, endings)
        self.steps.append(step)
        return step
