"""What two people say about goals, for the stories about them."""

from datetime import date
from decimal import Decimal

from bot.domain.cycle import MONTHS, Cycle, CycleKind, Participant, propose_end, propose_name, propose_stages
from bot.domain.goal import Sheet
from bot.sources.templates import shipped
from bot.store import cycles, goals
from bot.store.actuals import ReportedRow
from tests.beginnings import lived_once
from tests.company import Company, Persona, shown
from tests.stories import launched_quarter

MORNING = "2027-01-04T09:31:00-05:00"


@lived_once
def invited_sellers(company: Company) -> str:
    """A quarter runs for sales, everybody was invited on the first morning; the id of the cycle."""
    cycle = launched_quarter(company, ["Sales"])
    company.winds(to="2027-01-04T09:31:00+08:00")
    company.winds(to=MORNING)
    return cycle.id


def sheet_of(company: Company, cycle_id: str, person_id: str = "U01EMILY") -> Sheet | None:
    return company.knows(lambda session: goals.sheet(session, cycle_id, person_id))


def changes(persona: Persona, goal: str, **values: object) -> None:
    """Change one goal of the list."""
    persona.clicks("Edit", near=goal)
    fills(persona, **values)


def fills(persona: Persona, **values: object) -> None:
    """Fill in and send the form of one goal; the names of its inputs end in the id of the goal."""
    whole = {block["block_id"].split("-")[0]: block["block_id"] for block in persona.modal["blocks"]}
    persona.submits(**{whole[name]: value for name, value in values.items()})


def wrong(persona: Persona) -> dict[str, str]:
    """What stands under the inputs of the form of one goal."""
    there = {block["block_id"] for block in persona.modal["blocks"]}
    assert set(persona.errors) <= there
    return {block_id.split("-")[0]: text for block_id, text in persona.errors.items()}


def filled_in(persona: Persona) -> dict[str, str]:
    """What stands in the inputs of the form of one goal: as proposed, or as Slack kept what was typed."""
    state = persona.modal["state"]["values"]
    return {block_id: element["value"].get("value") or "" for block_id, element in state.items()}


def emily_proposes(company: Company) -> tuple[Persona, Persona]:
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.clicks("Draft your goals")
    emily.clicks("Propose to Thomas Keller")
    emily.submits(comment="My customers know me")
    return emily, thomas


def thomas_counters(company: Company) -> tuple[Persona, Persona]:
    emily, thomas = emily_proposes(company)
    thomas.clicks("Suggest a change")
    changes(thomas, "Sales revenue", target="2500000")
    thomas.clicks("Suggest to Emily Carter")
    thomas.submits(comment="The market is slow")
    return emily, thomas


def emily_asks_for_a_change(company: Company) -> tuple[Persona, Persona]:
    emily, thomas = emily_proposes(company)
    thomas.clicks("Agree")
    emily.clicks("Ask for a change")
    changes(emily, "Customer visits", target="50")
    emily.clicks("Ask Thomas Keller for this change")
    emily.submits(comment="Two customers closed")
    return emily, thomas


def press(persona: Persona, action_id: str, value: str) -> None:
    """Press a button as a forger would: the step and what it carries are made up, on a message that is there."""
    for message in reversed(persona.messages):
        for block in message["blocks"] or []:
            for element in [*block.get("elements", ()), block.get("accessory") or {}]:
                if element.get("type") == "button":
                    element["action_id"], element["value"] = action_id, value
                    persona.clicks(element["text"]["text"], near=shown(message)[:20])
                    return
    raise AssertionError("there is no button to forge")


# What came before ---------------------------------------------------------------------------


def earlier_cycles(company: Company, count: int, kind: CycleKind = CycleKind.QUARTER) -> list[Cycle]:
    """So many cycles of a kind that ended before 2027, the oldest first; of those who work, nobody took part yet."""
    now, months = company.slack.clock.now(), MONTHS[kind]

    def make(session, number: int) -> Cycle:
        year, month = divmod(2027 * 12 - (count - number) * months, 12)
        first = date(year, month + 1, 1)
        last = propose_end(kind, first)
        opens = propose_stages(first, last)
        cycle = cycles.create(session, propose_name(kind, first), kind, (first, last), opens, by="U01MEI", at=now)
        cycles.launch(session, cycle.id, [Participant(cycle.id, "U01QIANG", "Sales", "", "")], now)
        return cycles.get(session, cycle.id)

    return company.knows(lambda session: [make(session, number) for number in range(count)])


def took_part(
    company: Company, earlier: list[Cycle], name: str, kpi: str, *values: int, unit: str | None = None
) -> None:
    """Somebody took part in these cycles and reached these values of one measure, in the unit of the department."""
    person_id, now = company.person(name).id, company.slack.clock.now()
    known = shipped()["sales"].kpi(kpi)
    counted = unit or (known.unit.en if known else "")

    def keep(session) -> None:
        for cycle, value in zip(earlier, values, strict=True):
            session.add(cycles.ParticipantRow(**vars(Participant(cycle.id, person_id, "Sales", "U01QIANG", ""))))
            reported = {"value": Decimal(value), "unit": counted, "cumulative": True, "source": "CRM", "at": now}
            session.add(ReportedRow(cycle_id=cycle.id, person_id=person_id, kpi=kpi, period=cycle.name,
                                    reported_by="U01MEI", **reported))  # fmt: skip

    company.knows(keep)


def proposes_almost_one_goal_alone(emily: Persona) -> None:
    """Revenue is to decide seven tenths; what Cairn thinks of that is on top then."""
    for goal in ("Revenue growth", "Orders signed", "Customer visits"):
        emily.clicks("Edit", near=goal)
        emily.clicks("Remove this goal")
    changes(emily, "Sales revenue", weight="70")
    emily.clicks("Propose to Thomas Keller")
