"""A company sends ten thousand values at once: nobody waits, nothing is half done, the message tells how far it is."""

import time
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, update

from bot.domain.cycle import Cycle
from bot.domain.org import CAIRN, Person
from bot.handlers.imports import slices
from bot.store import actuals, cycles, people, timers
from bot.store.actuals import ReportedRow
from bot.store.cycles import ParticipantRow
from bot.store.people import PersonRow
from tests.company import Company, Persona
from tests.stories import launched_quarter

HEAD = "email,measure,period,value,source"
PERIODS = ("2027-01", "2027-02", "2027-03", "2027-Q1")
MEASURES = ("revenue", "orders", "visits", "satisfaction", "complaint_rate")


@pytest.fixture
def mei(company: Company) -> Persona:
    mei = company.person("mei")
    mei.types("/cairn language en")
    return mei


def hundreds_more(company: Company, cycle: Cycle, count: int) -> None:
    """As many more in sales as a large company has, all in the cycle."""

    def come(session) -> None:
        taker = cycles.participant(session, cycle.id, company.person("emily").id)
        for n in range(count):
            session.add(PersonRow(id=f"U9{n:05}", name=f"P {n}", email=f"p{n}@big.example", locale="en-US", tz="UTC",
                                  owner=False, takes_part=True, paused_until=None))  # fmt: skip
        session.flush()
        rows = [
            {"cycle_id": cycle.id, "person_id": f"U9{n:05}", "department": "Sales", "manager_id": taker.manager_id,
             "template": taker.template}
            for n in range(count)
        ]  # fmt: skip
        session.execute(insert(ParticipantRow), rows)

    company.knows(come)


def values(count: int, more: int = 0) -> bytes:
    """Twenty values for each of so many people."""
    rows = [
        f"p{n}@big.example,{measure},{period},{n + more}{'%' if measure == 'complaint_rate' else ''},ERP"
        for n in range(count)
        for measure in MEASURES
        for period in PERIODS
    ]
    return "\n".join([HEAD, *rows]).encode()


def kept(company: Company) -> list[ReportedRow]:
    return company.knows(lambda session: list(session.scalars(select(ReportedRow))))


def test_ten_thousand_values_are_taken_in_seconds_and_the_message_tells_how_far(company: Company, mei: Persona) -> None:
    cycle = launched_quarter(company)
    hundreds_more(company, cycle, 500)
    began = time.monotonic()
    mei.drops("actuals.csv", values(500))
    assert "*New*\n10,000" in mei.last_words()
    mei.clicks("Apply")
    assert time.monotonic() - began < 60, "seconds, on a machine that is busy with something else"
    assert "Done. Actual values: 10,000 new, 0 changed." in mei.last_words()
    rows = kept(company)
    assert len(rows) == 10_000
    assert {(row.source, row.reported_by) for row in rows} == {("ERP", "U01MEI")}


def test_the_message_goes_along_and_a_restart_goes_on_where_it_stopped(company: Company, mei: Persona) -> None:
    cycle = launched_quarter(company)
    hundreds_more(company, cycle, 60)
    mei.drops("actuals.csv", values(60))
    pressed = next(one for block in mei.messages[-1]["blocks"] for one in block.get("elements", ()) if "style" in one)
    happens(company, "imports.apply", company.knows(lambda session: people.get(session, mei.id)), pressed["value"])
    timer = company.knows(lambda session: timers.take_due(session, company.slack.clock.now()))
    happens(company, timer.step, CAIRN, timer.carry)
    while company.runs(company.cairn.sender.send_ready()) + company.runs(company.cairn.sender.finished()):
        pass
    assert "I am applying the file: 500 of 1,200 values." in mei.last_words()
    assert len(kept(company)) == slices.SLICE
    company.settles()
    assert "Done. Actual values: 1,200 new, 0 changed." in mei.last_words()
    assert len(kept(company)) == 1200


def test_what_changes_while_a_file_is_applied_is_not_counted_as_written(company: Company, mei: Persona) -> None:
    cycle = launched_quarter(company)
    hundreds_more(company, cycle, 60)
    mei.drops("actuals.csv", values(60))
    pressed = next(one for block in mei.messages[-1]["blocks"] for one in block.get("elements", ()) if "style" in one)
    happens(company, "imports.apply", company.knows(lambda session: people.get(session, mei.id)), pressed["value"])
    married = update(PersonRow).where(PersonRow.id == "U900059").values(email="new@big.example")
    company.knows(lambda session: session.execute(married))
    company.settles()
    assert "Done. Actual values: 1,180 new, 0 changed." in mei.last_words()
    assert "20 values were not taken: since the preview an address or a goal changed" in mei.last_words()
    assert len(kept(company)) == 1180


def happens(company: Company, step: str, who: Person, carry: str) -> None:
    """One step and nothing after it: as if the process ended there."""

    def once(session) -> None:
        turn = company.cairn.desk.turn(session, who)
        turn.carry = carry
        company.cairn.desk.flows.steps[step](turn)

    company.knows(once)


def test_sent_again_nothing_changes_and_a_correction_changes_what_it_names(company: Company, mei: Persona) -> None:
    cycle = launched_quarter(company)
    hundreds_more(company, cycle, 30)
    mei.drops("actuals.csv", values(30))
    mei.clicks("Apply")
    mei.drops("actuals.csv", values(30))
    assert "there is nothing to apply" in mei.last_words()
    mei.drops("actuals.csv", values(30, more=1))
    mei.clicks("Apply")
    assert "Done. Actual values: 0 new, 600 changed." in mei.last_words()
    found = company.knows(lambda session: actuals.values(session, cycle.id, "U900007"))
    assert found["orders"].value == Decimal(8)


def test_thirty_seven_bad_rows_of_ten_thousand_apply_nothing_and_are_all_told(company: Company) -> None:
    mei = company.person("mei")
    cycle = launched_quarter(company)
    hundreds_more(company, cycle, 500)
    lines = values(500).decode().split("\n")
    bad = range(11, 11 + 37 * 100, 100)
    for n in bad:
        lines[n - 1] = lines[n - 1].replace(",ERP", "x,ERP")
    mei.drops("实际值.csv", "\n".join(lines).encode("gb18030"))
    words = mei.last_words()
    assert [n for n in bad if f"第 {n} 行：" not in words] == []
    assert "*拒绝*\n37" in words
    assert kept(company) == []
