"""The flow itself, and the facts of one talk as one of the two may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from bot.domain.access import Act
from bot.domain.cycle import Cycle
from bot.domain.goal import Goal
from bot.domain.interview import Interview, Prepared, Side, gaps_of, open_to_both, topics_of
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.talk import Entry
from bot.domain.template import Text
from bot.domain.why import goal_lines
from bot.slack.flow import Flow, Turn
from bot.store import cycles, goals, interviews, one_on_ones, people, reporting, results, templates

flow = Flow("interviews")

AT = time(9, 35)
"""When its cards come, on the reader's wall clock."""


@dataclass(frozen=True)
class Case:
    """One talk before one of the two. `both` holds what this reader may read now, `sent` who has prepared.

    `leader` is who leads the person today; nobody may. `held_with` held the talk, `minuted_by` wrote its minutes;
    `lead` is whose part the manager's is, also while another stands in. `authors` wrote what is in `both`. `topics`
    are goals and competencies by name, `missed` the goals below their target. `inherited` says that the reader came
    after the talk.
    """

    talk: Interview
    cycle: Cycle
    person: Person
    leader: Person | None
    lead: Person | None
    held_with: Person | None
    minuted_by: Person | None
    inherited: bool
    reader: Person
    both: Mapping[Side, Prepared]
    authors: Mapping[Side, Person]
    sent: frozenset[Side]
    topics: Mapping[str, str]
    missed: Sequence[Goal]
    guide: Sequence[Text]
    actions: Sequence[Entry]
    promised: Mapping[str, Person]
    today: date

    @property
    def carry(self) -> str:
        """What a button brings along to find it again."""
        return f"{self.cycle.id}/{self.person.id}"

    @property
    def side(self) -> Side:
        """The reader's."""
        return Side.PERSON if self.reader.id == self.person.id else Side.MANAGER

    @property
    def other(self) -> Person | None:
        """Whom the reader talks with."""
        return self.leader if self.side is Side.PERSON else self.person

    @property
    def draft(self) -> tuple[str, Sequence[str]]:
        """The minutes that the reader has begun to write, and their gaps; nobody goes on with somebody else's."""
        mine = self.talk.minutes_by == self.reader.id
        return (self.talk.minutes, self.talk.gaps) if mine else ("", ())

    def owed_by(self, one: Entry) -> Person | None:
        """Who had promised an open action, or the support for it, and leads the person no more."""
        past = one.done_at is None and (one.owner_id == one.manager_id or bool(one.support))
        return self.promised.get(one.manager_id) if past and self.lead and one.manager_id != self.lead.id else None

    @property
    def exchanged(self) -> bool:
        """Whether the reader sees what both wrote."""
        return len(self.both) == len(Side)

    @property
    def gaps(self) -> list[str]:
        """The gaps that either named, as far as the reader sees them."""
        return [one for one in gaps_of(self.both) if one in self.topics]

    def named(self, side: Side) -> str:
        """The name of one side: who prepared it, else who is to."""
        author = self.authors.get(side) or (self.person if side is Side.PERSON else self.leader)
        return author.name if author else "–"


@dataclass(frozen=True)
class LookBack:
    """A talk that somebody looks back on: with whom it was, and what of it is still to be done, by owners' names.

    `former` held it before the reader led the person.
    """

    talk: Interview
    cycle: Cycle
    other: str
    still_open: Sequence[Entry]
    named: Mapping[str, str]
    former: str = ""


def case_of(turn: Turn) -> Case:
    """The talk that was carried, for one of the two; others are refused."""
    cycle_id, person_id = turn.carried(2)
    turn.must(Act.PREPARE_INTERVIEW, person_id)
    return case_for(turn, talk_about(turn, cycle_id, person_id), turn.person)


def talk_about(turn: Turn, cycle_id: str, person_id: str) -> Interview:
    """The talk about somebody's result."""
    if found := interviews.find(turn.session, cycle_id, person_id):
        return found
    raise Refused("There is no talk about this result. It comes with the release.")


def case_for(turn: Turn, talk: Interview, reader: Person) -> Case:
    """Gather what one of the two sees."""
    session, today = turn.session, today_of(turn, reader)
    leader = interviews.leader_of(session, talk.person_id, today)
    prepared = _counting(interviews.prepared(session, talk.cycle_id, talk.person_id), talk, leader)
    authors = {one.author_id for one in prepared.values()}
    named = people.named(session, {talk.person_id, talk.manager_id, talk.minutes_by, *authors} - {""})
    taker = cycles.participant(session, talk.cycle_id, talk.person_id)
    template = templates.template_of(session, taker.template) if taker.template else None
    agreed = goals.agreed_goals(session, talk.cycle_id, talk.person_id)
    actions = one_on_ones.agreed_about(session, talk.cycle_id, talk.person_id)
    side = Side.PERSON if reader.id == talk.person_id else Side.MANAGER
    day = talk.on(ZoneInfo(reader.tz))
    shared = bool(talk.held_on) or open_to_both(len(prepared), day, today, turn.workdays(reader))
    inherited = not interviews.reads_prepared(session, talk, reader.id, today)
    both = {} if inherited else {one: each for one, each in prepared.items() if shared or one is side}
    return Case(
        talk=talk,
        cycle=cycles.get(session, talk.cycle_id),
        person=named[talk.person_id],
        leader=leader,
        lead=reporting.lead_of(session, talk.person_id, today),
        held_with=named.get(talk.manager_id) if talk.held_on else None,
        minuted_by=named.get(talk.minutes_by),
        inherited=inherited,
        reader=reader,
        both=both,
        authors={one: named[each.author_id] for one, each in both.items()},
        sent=frozenset(prepared),
        topics=topics_of(agreed, template, reader.language),
        missed=_missed(turn, talk, agreed),
        guide=template.guide.get("feed_back", ()) if template else (),
        actions=actions,
        promised=people.named(session, {one.manager_id for one in actions} | {one.owner_id for one in actions}),
        today=today,
    )


def _counting(prepared: Mapping[Side, Prepared], talk: Interview, leader: Person | None) -> dict[Side, Prepared]:
    """What was prepared for this talk: until it is held, nothing by somebody else than the two who will hold it."""
    there = {talk.person_id, leader.id if leader else ""}
    return {side: one for side, one in prepared.items() if talk.held_on or one.author_id in there}


def today_of(turn: Turn, reader: Person) -> date:
    """The date where a reader is, whoever's turn it is."""
    return turn.now.astimezone(ZoneInfo(reader.tz)).date()


def _missed(turn: Turn, talk: Interview, agreed: Sequence[Goal]) -> tuple[Goal, ...]:
    """The agreed goals that stayed below their target."""
    result = results.result(turn.session, talk.cycle_id, talk.person_id)
    tree = result.outcome.tree if result else None
    below = {one.title for one in goal_lines(tree) if one.reached is not None and one.reached < 1} if tree else set()
    return tuple(one for one in agreed if one.title in below)
