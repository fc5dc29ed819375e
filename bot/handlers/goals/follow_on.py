"""What was agreed before comes back while goals are written: one press begins a goal with it, and nothing is forced."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.access import Act, may
from bot.domain.cycle import Cycle
from bot.domain.follow_on import Left, Start, not_taken
from bot.domain.goal import Goal
from bot.domain.interview import CAUSES, Cause, Interview, Prepared, gaps_of, goal_topic, topics_of
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.handlers.goals import drafting
from bot.handlers.goals.talk import Talk
from bot.slack.blocks import Block, button, context, divider, section
from bot.slack.flow import Turn
from bot.slack.text import Text, bold, bullets, clip, lines, row
from bot.slack.words import Words
from bot.store import cycles, goals, interviews, one_on_ones, people, plans, reporting, templates

MOST = 12
"""So much of what was agreed before stands under a list of goals."""
A_LINE = 400
HEADINGS: Mapping[Left, str] = {
    Left.ACTION: N_("From the talk about {cycle}: {what}"),
    Left.GAP: N_("A gap from the talk about {cycle}: {what}"),
    Left.PLAN: N_("What the improvement plan expects: {what}"),
}

# What people see --------------------------------------------------------------------------


def offered(t: Words, talk: Talk, starts: Sequence[Start], written: Sequence[Goal]) -> list[Block]:
    """Under the list: what was agreed before, each with a press that begins a goal with it, or that it has one."""
    if not starts:
        return []
    there = {one.id for one in written}
    readers = t("It stays between the two of you until you take it over. A goal is read by more people: also by HR, "
                "the head of the department and one level up. You can change every word of it.")  # fmt: skip
    return [
        divider(),
        section(bold(t("Agreed before: a goal can begin with it"))),
        *(_offered(t, talk, one, taken=one.id in there) for one in starts[:MOST]),
        context(readers),
    ]


def _offered(t: Words, talk: Talk, one: Start, *, taken: bool) -> Block:
    if taken:
        return section(told(t, one, taken=True))
    return section(told(t, one), button(t("Make it a goal"), does=drafting.add, carry=f"{talk.ref}/{one.id}"))


def told(t: Words, one: Start, *, taken: bool = False) -> Text:
    """What was agreed, by when, with what support; of a gap, what was behind it and who sees it so."""
    what = clip(t(HEADINGS[one.kind], cycle=one.cycle, what=one.words), A_LINE)
    by = t("by {day}", day=t.weekday(one.due)) if one.due else None
    support = t("support: {support}", support=one.support) if one.support else None
    mark = t("✓ among the goals") if taken else None
    behind = [t("{name}: {what}", name=name, what=t.names([t(CAUSES[one]) for one in some]))
              for name, some in one.causes.items()]  # fmt: skip
    causes = t("What was behind it: {causes}", causes=row(*behind)) if behind else None
    return lines(row(what, t("✓ done") if one.done else by, support, mark), causes)


def in_none(t: Words, starts: Sequence[Start], written: Sequence[Goal]) -> list[Block]:
    """For the manager: what was agreed before and is still to be done, and that no goal here began with."""
    left = not_taken(starts, written)
    said = bold(t("Agreed before and still open; no goal here began with it"))
    return [section(lines(said, bullets(told(t, one) for one in left[:MOST])))] if left else []


def reminder(t: Words, starts: Sequence[Start]) -> list[Block]:
    """On the invitation: that there is something, not what."""
    there = t("Below the list you find what was agreed in your last talk. One press begins a goal with it.")
    return [context(there)] if starts else []


# Gathering it -----------------------------------------------------------------------------


def starts_for(turn: Turn, cycle: Cycle, person: Person, reader: Person) -> list[Start]:
    """What this reader may see of what was agreed with a person before a cycle's goals, today."""
    roles = reporting.roles_toward(turn.session, reader.id, person.id, turn.today)
    found = _from_talk(turn, cycle, person, reader) if may(roles, Act.PREPARE_INTERVIEW) else []
    plan = plans.open_of(turn.session, person.id) if may(roles, Act.SEE_PLAN) else None
    return [*found, *([Start(Left.PLAN, plan.id, plan.standard)] if plan else [])]


def _from_talk(turn: Turn, cycle: Cycle, person: Person, reader: Person) -> list[Start]:
    """Of the last talk: what the person was to do, and the gaps with what was behind them."""
    held = [one for one in interviews.of_people(turn.session, [person.id]) if one.held_on and one.cycle_id != cycle.id]
    if not held:
        return []
    last, name = held[0], cycles.get(turn.session, held[0].cycle_id).name
    actions = [
        Start(Left.ACTION, one.id, one.text, name, one.due, done=one.done_at is not None, support=one.support)
        for one in one_on_ones.agreed_about(turn.session, last.cycle_id, person.id)
        if one.owner_id == person.id
    ]
    return [*actions, *_gaps(turn, last, name, reader)]


def _gaps(turn: Turn, last: Interview, name: str, reader: Person) -> list[Start]:
    """The gaps of the minutes; what the two prepared, and so what they saw behind it, is for these two alone."""
    session = turn.session
    theirs = interviews.reads_prepared(session, last, reader.id, turn.today)
    both = interviews.prepared(session, last.cycle_id, last.person_id) if theirs else {}
    gaps = last.gaps if last.posted_at else gaps_of(both)
    agreed = goals.agreed_goals(session, last.cycle_id, last.person_id)
    taker = cycles.participant(session, last.cycle_id, last.person_id)
    template = templates.template_of(session, taker.template) if taker.template else None
    topics, missed = topics_of(agreed, template, reader.language), {goal_topic(one.id): one for one in agreed}
    authors = people.named(session, {one.author_id for one in both.values()})
    return [
        Start(
            Left.GAP,
            missed[one].id if one in missed else one.replace(":", "."),
            topics[one],
            name,
            causes={authors[each.author_id].name: some for each, some in _causes(both.values(), missed.get(one))},
            before=missed.get(one),
        )
        for one in gaps
        if one in topics
    ]


def _causes(both: Iterable[Prepared], missed: Goal | None) -> list[tuple[Prepared, Sequence[Cause]]]:
    found = [(one, one.causes.get(missed.id, ())) for one in both] if missed else []
    return [(one, some) for one, some in found if some]
