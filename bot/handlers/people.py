"""People: who works where, who is without a manager or department, and the correction of one person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.access import Act
from bot.domain.org import Person, Stint
from bot.domain.placing import is_above
from bot.domain.refusal import N_, Refused
from bot.slack.blocks import (
    Block,
    View,
    button,
    buttons,
    choice,
    choices,
    context,
    day_input,
    fields,
    form,
    page,
    people_input,
    person_input,
    section,
    text_input,
)
from bot.slack.flow import Flow, Open, Replace, Turn
from bot.slack.text import Text, bold, bullets, escape, lines
from bot.slack.words import Words
from bot.store import directory, people

flow = Flow("people")

MOST_NAMED = 10
MOST_DEPARTMENTS = 30
LONGEST_NAME = 75
"""Characters of a department's name, so that it fits a menu."""
FURTHEST = timedelta(days=366)

# What people see --------------------------------------------------------------------------


@dataclass(frozen=True)
class Staff:
    """Everyone who takes part, where they stand, and who heads the departments."""

    everyone: Sequence[Person]
    stints: dict[str, Stint]
    heads: dict[str, list[Person]]

    def without(self, what: str) -> list[Person]:
        """Those who have no `manager_id` or no `department`."""
        return [one for one in self.everyone if not getattr(self.stints.get(one.id), what, "")]

    def departments(self) -> dict[str, int]:
        """How many people each department has, by name."""
        here = [self.stints[one.id].department for one in self.everyone if one.id in self.stints]
        return {name: here.count(name) for name in sorted(set(here) - {""})}


def overview(t: Words, staff: Staff) -> View:
    """The counts, and who still has to be placed."""
    without_manager, without_department = staff.without("manager_id"), staff.without("department")
    numbers = [
        (t("People"), t.number(len(staff.everyone))),
        (t("Departments"), t.number(len(staff.departments()))),
        (t("Without a manager"), t.number(len(without_manager))),
        (t("Without a department"), t.number(len(without_department))),
    ]
    blocks = [
        fields(numbers),
        *departments(t, staff),
        *to_place(t, t("Without a manager"), without_manager),
        *to_place(t, t("Without a department"), without_department),
        buttons(button(t("Correct a person"), does=pick)),
        context(t("Whoever leads the company has no manager. Many people are placed at once with `/cairn import`.")),
    ]
    return page(t("People"), blocks, close=t("Close"))


def departments(t: Words, staff: Staff) -> list[Block]:
    """The departments with their size and head."""
    told = []
    for name, count in list(staff.departments().items())[:MOST_DEPARTMENTS]:
        heads = t.names([one.name for one in staff.heads.get(name, [])])
        size = t.plural("{department}: one person", "{department}: {n} people", count, department=name)
        told.append(t("{size}, headed by {heads}", size=size, heads=heads) if heads else size)
    return [section(bullets(told))] if told else []


def to_place(t: Words, title: Text, those: list[Person]) -> list[Block]:
    """People who lack something, each with the button that helps."""
    if not those:
        return []
    shown = [section(escape(one.name), button(t("Correct"), does=correct, carry=one.id)) for one in those[:MOST_NAMED]]
    rest = len(those) - len(shown)
    more = [context(t.plural("and one more", "and {n} more", rest))] if rest else []
    return [section(bold(title)), *shown, *more]


def ask_whom(t: Words) -> View:
    """Whose place is to be corrected."""
    who = person_input("person", t("Who?"))
    return form(t("Correct a person"), [who], does=picked, submit=t("Go on"), close=t("Not now"))


def correction(t: Words, person: Person, staff: Staff, today: date) -> View:
    """Where somebody stands, to be changed from a day on."""
    at = staff.stints.get(person.id) or Stint(person.id, "", "", "", today)
    known = [name for name in staff.departments() if len(name) <= LONGEST_NAME]
    offered = [(name, escape(name)) for name in known]
    heads = person in staff.heads.get(at.department, []) and bool(at.department)
    blocks = [
        section(lines(bold(escape(person.name)), escape(person.email))),
        people_input("manager", t("Manager"), initial=[at.manager_id] if at.manager_id else [], most=1, optional=True),
        *(
            [choice("department", t("Department"), offered, chosen=_one_of(at.department, known), optional=True)]
            if known
            else []
        ),
        text_input("new_department", t("Or a new department"), optional=True, longest=LONGEST_NAME),
        text_input("position", t("Position"), initial=at.position, optional=True, longest=150),
        day_input(
            "day",
            t("From this day on"),
            initial=max(today, at.starts_on),
            hint=t("It takes the place of what is planned later."),
        ),
        choices("head", t("Role"), [("head", t("Heads this department"))], chosen=["head"] * heads, optional=True),
    ]
    return form(
        t("Correct a person"), blocks, does=save, submit=t("Save"), close=t("Leave it as it is"), carry=person.id
    )


def _one_of(name: str, known: Sequence[str]) -> str | None:
    return name if name in known else None


# What happens -----------------------------------------------------------------------------


@flow.command("people", N_("Who works where, and corrections"), for_hr=True)
@flow.action
def show(turn: Turn) -> Open:
    """Show the counts and gaps."""
    turn.must(Act.PLACE_PEOPLE, turn.person.id)
    return Open(overview(turn.t, _staff(turn)))


@flow.action
def pick(turn: Turn) -> Replace:
    """Ask whose place is to be corrected."""
    turn.must(Act.PLACE_PEOPLE, turn.person.id)
    return Replace(ask_whom(turn.t))


@flow.view
def picked(turn: Turn) -> Replace:
    """Show the place of the person chosen."""
    return Replace(_correction_of(turn, turn.inputs.text("person"), field="person"))


@flow.action
def correct(turn: Turn) -> Replace:
    """Show the place of the person beside the button."""
    return Replace(_correction_of(turn, turn.carry))


def _staff(turn: Turn) -> Staff:
    """Everyone where they stand today, or will when they start."""
    stints = people.stints_by_person(turn.session)
    stand = {person_id: directory.standing(those, turn.today) for person_id, those in stints.items()}
    return Staff(people.everyone(turn.session), stand, people.heads(turn.session))


def _correction_of(turn: Turn, person_id: str, field: str | None = None) -> View:
    person = _colleague(turn, person_id, field)
    turn.must(Act.PLACE_PEOPLE, person.id)
    return correction(turn.t, person, _staff(turn), turn.today)


def _colleague(turn: Turn, person_id: str, field: str | None) -> Person:
    person = people.get(turn.session, person_id)
    if person is None or not person.takes_part:
        raise Refused("This account takes no part: guests, apps and former colleagues do not.", field=field)
    return person


@flow.view
def save(turn: Turn) -> Replace:
    """Place somebody from a day on."""
    person = _colleague(turn, turn.carry, None)
    turn.must(Act.PLACE_PEOPLE, person.id)
    day = turn.inputs.day("day") or turn.today
    if day > turn.today + FURTHEST:
        raise Refused("Please choose a day within a year from now", field="day")
    before = people.stint_on(turn.session, person.id, day)
    wanted = Stint(person.id, _department(turn), turn.inputs.text("position"), _manager(turn, person, day), day)
    if before is None or replace(wanted, starts_on=before.starts_on, ends_on=before.ends_on) != before:
        people.forget_from(turn.session, person.id, day)
        people.place(turn.session, wanted)
    _head(turn, person, wanted.department)
    turn.note(Act.PLACE_PEOPLE, person.id, day.isoformat())
    return Replace(overview(turn.t, _staff(turn)))


def _department(turn: Turn) -> str:
    """The department chosen, or typed; one that is typed again is the one that exists."""
    typed = turn.inputs.text("new_department") or turn.inputs.text("department")
    known = {name.casefold(): name for name in people.departments(turn.session, turn.today)}
    return known.get(typed.casefold(), typed)


def _manager(turn: Turn, person: Person, day: date) -> str:
    chosen = turn.inputs.many("manager")
    if not chosen:
        return ""
    manager = _colleague(turn, chosen[0], "manager")
    if manager.id == person.id:
        raise Refused("Nobody reports to themself", field="manager")
    managers = {one.person_id: one.manager_id for one in people.stints_on(turn.session, max(day, turn.today))}
    if is_above(person.id, manager.id, managers):
        raise Refused("{manager} reports to {person}, directly or not", field="manager", manager=manager, person=person)
    return manager.id


def _head(turn: Turn, person: Person, department: str) -> None:
    """Name or release a head; who leaves a department no longer heads it."""
    wanted = "head" in turn.inputs.many("head") and bool(department)
    for headed, those in people.heads(turn.session).items():
        if person in those and not (wanted and headed == department):
            people.revoke(turn.session, person.id, people.HEAD, headed)
    if wanted:
        people.grant(turn.session, person.id, people.HEAD, department)
