"""What waits for HR: the proposals of a cycle by kind and grade, decided for a whole group or one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.access import Act
from bot.domain.cycle import Cycle, Stage
from bot.domain.org import Person
from bot.domain.outcomes import KINDS, LONGEST, Decision, Kind, Proposal, checked_decision, rule_of
from bot.domain.refusal import N_, Refused
from bot.handlers.outcomes.conversation import flow, look_at, may_see_own
from bot.handlers.outcomes.person import check_open, decide, open_person, page_of
from bot.slack.blocks import Block, Message, View, button, buttons, context, form, page, section, text_input
from bot.slack.flow import Answer, Open, Replace, Task, Turn, known
from bot.slack.text import Text, bold, escape, lines
from bot.slack.whom import named
from bot.slack.words import Words
from bot.store import cycles, outcomes, people, results
from bot.store.outcomes import Outcome

MOST_LISTED = 40
MOST_CYCLES = 5


@dataclass(frozen=True)
class Group:
    """Everybody for whom the same is proposed and not decided yet."""

    cycle: Cycle
    version: int
    proposal: Proposal
    people: tuple[Person, ...]

    @property
    def carry(self) -> str:
        """What a button brings along for this group."""
        return f"{self.cycle.id}/{self.proposal.kind}/{self.proposal.grade}"


@dataclass(frozen=True)
class Shown:
    """The proposals of a cycle: how many there are, and the groups that are open."""

    cycle: Cycle
    version: int
    proposed: int
    groups: tuple[Group, ...]

    @property
    def open(self) -> int:
        """How many nobody has decided yet."""
        return sum(len(one.people) for one in self.groups)


# What HR sees -----------------------------------------------------------------------------


def overview(t: Words, shown: Shown, others: Sequence[Cycle]) -> View:
    """How far the deciding is, each group that waits, and the way to other cycles."""
    n = shown.proposed - shown.open
    done = t("{n} of {all} proposals are decided.", n=n, all=shown.proposed)
    rules = t("Rules, version {version}, as they stood when the cycle began.", version=shown.version)
    head = section(lines(bold(escape(shown.cycle.name)), done))
    rest = [] if shown.groups else [section(t("Nothing waits for a decision."))]
    one = context(t("To look at one person: `/cairn outcomes @name`."), rules)
    ways = [button(escape(other.name), does=back, carry=other.id) for other in others[:MOST_CYCLES]]
    rows = [_row(t, each) for each in shown.groups]
    return page(t("What follows"), [head, *rows, *rest, one, *([buttons(*ways)] if ways else [])], close=t("Close"))


def _row(t: Words, group: Group) -> Block:
    n = t.plural("One person", "{n} people", len(group.people))
    look = button(t("Look at them"), does=open_group, carry=group.carry)
    return section(lines(bold(t(KINDS[group.proposal.kind])), _rule(t, group), n), look)


def _rule(t: Words, group: Group) -> Text:
    return t.say(rule_of(group.proposal, group.version))


def group_page(t: Words, group: Group, me: str) -> View:
    """Everybody in a group, and the way to decide for all of them as the rules propose."""
    others = [one for one in group.people if one.id != me]
    rows = [section(escape(one.name), button(t("Open"), does=open_person, carry=f"{group.cycle.id}/{one.id}"))
            for one in others[:MOST_LISTED]]  # fmt: skip
    hidden = len(others) - len(rows)
    more = [context(t.plural("and one more", "and {n} more", hidden))] if hidden else []
    mine = [context(t("What follows from your own result is decided by somebody else of HR."))]
    for_all = button(t("Decide for all of them"), does=group_form, carry=group.carry, style="primary")
    alone = group.proposal.kind is Kind.COMMENDATION or not others
    ways = buttons(None if alone else for_all, button(t("Back to the list"), does=back, carry=group.cycle.id))
    head = section(lines(bold(t(KINDS[group.proposal.kind])), _rule(t, group)))
    return page(t("What follows"), [head, *rows, *more, *(mine if len(others) < len(group.people) else []), ways],
                close=t("Close"))  # fmt: skip


def group_sheet(t: Words, group: Group, n: int) -> View:
    """The form for all: as proposed, and why."""
    told = t.plural("One person gets what the rules propose.", "{n} people get what the rules propose.", n)
    hint = t("Each of them reads this. Who should get something else is decided one by one.")
    return form(
        t("Decide for all of them"),
        [
            section(lines(bold(t(KINDS[group.proposal.kind])), _rule(t, group), told)),
            text_input("reason", t("Why?"), lines=True, hint=hint, longest=LONGEST),
        ],
        does=keep_group, submit=t("Decide"), close=t("Not now"), carry=group.carry,
    )  # fmt: skip


def wait(t: Words, cycle: Cycle, n: int) -> Text:
    """How many proposals wait."""
    return t.plural(
        "{cycle}: one proposal from a result waits for a decision.",
        "{cycle}: {n} proposals from results wait for a decision.",
        n,
        cycle=cycle.name,
    )


def asked(t: Words, cycle: Cycle, n: int) -> Message:
    """What HR is told when results are to be applied."""
    how = context(t("Those that are alike are decided together. Whom they are about reads the reason you give."))
    press = buttons(button(t("Look at the proposals"), does=look, carry=cycle.id, style="primary"))
    return Message(wait(t, cycle, n), [section(wait(t, cycle, n)), press, how])


# What happens -----------------------------------------------------------------------------


@flow.command("outcomes", N_("What follows from a result: the proposals, and what was decided"))
@flow.action
def show(turn: Turn) -> Open | Answer:
    """HR sees what waits; everybody else their own, and managers that of whom they name."""
    typed = turn.carry.strip()
    if not typed and turn.may(Act.RUN_CYCLE, turn.person.id):
        found = outcomes.released_cycles(turn.session)
        waiting = (one for one, n in _waiting_in(turn, found) if n)
        return Open(_page(turn, next(waiting, found[0]))) if found else Answer(_nothing(turn.t))
    about = named(turn, typed).id if typed else turn.person.id
    turn.must(Act.SEE_OUTCOMES, about)
    released = results.released_in(turn.session, [about])
    if not released:
        return Answer(_nothing(turn.t))
    return Open(page_of(turn, look_at(turn, released[0].cycle_id, about)))


def _nothing(t: Words) -> Message:
    return Message(t("No result is released yet, so nothing follows from one."))


@flow.action
def look(turn: Turn) -> Open:
    """HR opens the list of the cycle that a message names."""
    return Open(_listed(turn))


@flow.action
def back(turn: Turn) -> Replace:
    """The list again, as it stands now."""
    return Replace(_listed(turn))


def _listed(turn: Turn) -> View:
    (cycle_id,) = turn.carried(1)
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return _page(turn, cycles.get(turn.session, cycle_id))


@flow.action
def open_group(turn: Turn) -> Replace:
    """Look at everybody in a group."""
    return Replace(group_page(turn.t, _group(turn), turn.person.id))


@flow.action
def group_form(turn: Turn) -> Replace:
    """Ask why all of them get what is proposed."""
    group = _group(turn)
    return Replace(group_sheet(turn.t, group, sum(one.id != turn.person.id for one in group.people)))


@flow.view
def keep_group(turn: Turn) -> Replace:
    """Decide for all of a group as proposed, but for oneself."""
    group = _group(turn)
    if group.proposal.kind is Kind.COMMENDATION:
        raise Refused("A commendation is decided one by one: its words are about one person.")
    made = [_decision(turn, group, one) for one in group.people if turn.may(Act.DECIDE_OUTCOME, one.id)]
    if not made:
        raise Refused("Nobody here waits for your decision any more.")
    for one in made:
        check_open(turn, group.cycle.id, one.person_id, one.kind)
    decide(turn, [checked_decision(one, group.proposal) for one in made])
    return Replace(_page(turn, group.cycle))


def _decision(turn: Turn, group: Group, person: Person) -> Decision:
    one, reason = group.proposal, turn.inputs.text("reason")[:LONGEST]
    kept = (group.cycle.id, person.id, one.kind, one.grade)
    return Decision(*kept, granted=True, value=one.value, reason=reason, decided_by=turn.person.id, at=turn.now)


@flow.timer
def begin_deciding(turn: Turn) -> None:
    """Results are to be applied: HR is asked, each in their working hours."""
    (cycle_id,) = turn.carried(1)
    for one in people.holders(turn.session, people.HR):
        turn.remind(ask_hr, one.id, turn.now, cycle_id)


@flow.prompt
def ask_hr(turn: Turn) -> None:
    """Somebody of HR hears how many proposals wait."""
    (cycle_id,) = turn.carried(1)
    cycle = cycles.get(turn.session, cycle_id)
    n = _waiting_for(turn, cycle)
    if n and turn.may(Act.RUN_CYCLE, turn.person.id):
        turn.say(turn.person, f"outcomes/{cycle_id}/begin/{turn.person.id}", asked, cycle, n)


def _waiting_for(turn: Turn, cycle: Cycle) -> int:
    """How many proposals wait for somebody of HR; not those from their own result."""
    return sum(len(one.open) for one in outcomes.outcomes(turn.session, cycle.id) if one.person_id != turn.person.id)


def _waiting_in(turn: Turn, found: Sequence[Cycle]) -> Iterator[tuple[Cycle, int]]:
    """How many wait in each of these cycles that is not closed."""
    return ((one, _waiting_for(turn, one)) for one in found if one.stage_on(turn.today) is not Stage.CLOSED)


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """Proposals that wait for HR, until the cycle is closed."""
    if not turn.may(Act.RUN_CYCLE, turn.person.id):
        return []
    found = _waiting_in(turn, outcomes.released_cycles(turn.session))
    return [Task(wait(turn.t, one, n), turn.t("Decide"), look, one.id) for one, n in found if n]


# Inside -----------------------------------------------------------------------------------


def _page(turn: Turn, cycle: Cycle) -> View:
    others = [one for one in outcomes.released_cycles(turn.session) if one.id != cycle.id]
    return overview(turn.t, _shown(turn, cycle), others)


def _shown(turn: Turn, cycle: Cycle) -> Shown:
    held = outcomes.terms_of(turn.session, cycle.id)
    if held is None:
        raise Refused("This cycle began without rules that propose anything, so nothing is proposed here.")
    # A group that counted their own would tell somebody of HR their grade before the talk does.
    hidden = None if may_see_own(turn, cycle.id) else turn.person.id
    found = [one for one in outcomes.outcomes(turn.session, cycle.id) if one.person_id != hidden]
    named = people.named(turn.session, [one.person_id for one in found])
    groups = _groups(cycle, held[1], found, named)
    return Shown(cycle, held[1], sum(len(one.proposed) for one in found), groups)


def _groups(cycle: Cycle, version: int, found: Sequence[Outcome], named: dict[str, Person]) -> tuple[Group, ...]:
    """What is open, by kind and then by grade, people by name."""
    waiting: dict[Proposal, list[Person]] = {}
    for one in found:
        for proposal in one.open:
            waiting.setdefault(proposal, []).append(named[one.person_id])
    order = sorted(waiting, key=lambda one: (list(Kind).index(one.kind), -(one.value or 0), one.grade))
    by_name = {one: tuple(sorted(some, key=lambda each: (each.name, each.id))) for one, some in waiting.items()}
    return tuple(Group(cycle, version, one, by_name[one]) for one in order)


def _group(turn: Turn) -> Group:
    cycle_id, kind, grade = turn.carried(3)
    turn.must(Act.RUN_CYCLE, turn.person.id)
    shown = _shown(turn, cycles.get(turn.session, cycle_id))
    wanted = known(Kind, kind)
    found = [one for one in shown.groups if (one.proposal.kind, one.proposal.grade) == (wanted, grade)]
    if not found:
        raise Refused("Everything here is decided. Please open the page again.")
    return found[0]
