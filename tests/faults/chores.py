"""Killed in a migration, an import or a release of sealed answers: all of it happened, or nothing, and never twice.

A file too large for one transaction goes on where it stopped.
"""

from datetime import date, timedelta
from itertools import product
from pathlib import Path

from sqlalchemy import func, inspect, select

from bot.domain.actuals import ActualRow
from bot.domain.cycle import CycleKind, Participant, propose_stages
from bot.domain.feedback import Answer, RoundState
from bot.domain.org import Stint
from bot.domain.template import Group
from bot.domain.template_document import document_of
from bot.sources.templates import shipped
from bot.store import cycles, invitations, outbox, people, released, seal_key, sealed, templates, timers, uploads
from bot.store.actuals import ReportedRow
from bot.store.audit import AuditRow
from bot.store.people import HR, StintRow
from bot.store.schema import METADATA
from bot.store.sealed import SealedRow
from tests.faults.cells import CELLS, Cell
from tests.faults.company import Company, Count
from tests.faults.lives import AGAIN, Death, Moment, Points
from tests.faults.payloads import pressed
from tests.faults.stories import IN_TIME
from tests.faults.times import STRIKES

RATERS = 5
KILLED = -9
MOMENTS = {
    "any statement": Moment.STATEMENT,
    "before its commit": Moment.BEFORE_COMMIT,
    "after its commit": Moment.AFTER_COMMIT,
}


SLICE = "uploads|actuals"
RELEASE = "feedback_rounds|sealed_answers|released_|cycle_keys"


def _swept(name: str, moment: Moment, once, statement: str = "", *, anew: bool = True) -> None:
    """Do it once to count the points, and then be killed at one after the other."""

    async def lives(company: Company, n: int) -> Count:
        company.time.cells[STRIKES] = 0
        if company.points:
            return await once(company, Death(moment, statement, company.points.swept(n)))
        count = await once(company, Death(moment, statement))
        company.points = Points(company.strikes, anew=anew)
        return count

    CELLS[name] = Cell(name, lives)


# The schema -----------------------------------------------------------------------------------


async def migrated(company: Company, death: Death) -> Count:
    """An empty database is brought up to date, again and again where that did not survive."""
    _empty(company)
    died = 0
    while (status := await company.runs("migrate", death)) == KILLED:
        died += 1
    there = set(inspect(company.database.engine).get_table_names())
    return Count(died, lost=len({*METADATA.tables} - there), stuck=int(status != 0))


def _empty(company: Company) -> None:
    engine = company.database.engine
    if company.database.is_sqlite:
        engine.dispose()
        for path in Path(str(engine.url.database)).parent.glob(f"{Path(str(engine.url.database)).name}*"):
            path.unlink()
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


# People ---------------------------------------------------------------------------------------


async def imported(company: Company, death: Death) -> Count:
    """A file of five people is applied, and again where that did not survive."""
    ids = company.hires(5)
    file = company.folder / f"{ids[0]}.csv"
    lines = [f"{one}@example.com,{one},Sales,Seller,,2026-05-04" for one in ids]
    file.write_text("\n".join(["email,name,department,position,manager_email,start_date", *lines]))
    died = half = 0
    while (status := await company.runs("import", death, file=file)) == KILLED:
        died, half = died + 1, half + int(_rows(company, StintRow.person_id, ids) not in {0, len(ids)})
    placed, noted = _rows(company, StintRow.person_id, ids), _rows(company, AuditRow.about_id, ids)
    lost = half + max(0, len(ids) - placed) + max(0, len(ids) - noted)
    return Count(died, lost, max(0, placed - len(ids)) + max(0, noted - len(ids)), stuck=int(status != 0))


def _rows(company: Company, column, ids: list[str]) -> int:
    return company.writes(lambda session: session.scalar(select(func.count()).where(column.in_(ids)))) or 0


# Values ---------------------------------------------------------------------------------------

MEASURES, PERIODS = ("revenue", "orders", "visits", "satisfaction"), ("2027-01", "2027-02", "2027-03", "2027-Q1")
SELLERS = 40
"""With sixteen values each: more than one slice."""


def values_file(company: Company) -> tuple[str, str, str]:
    """HR has given a file of a whole department's values; gives HR's id, the file's and the cycle's."""
    hr, *sellers = company.hires(1 + SELLERS)
    template, at = shipped()["sales"], company.time.people.now()
    first, last = date(2027, 1, 1), date(2027, 3, 31)

    def write(session) -> tuple[str, str, str]:
        people.grant(session, hr, HR)
        templates.keep(session, template.content_hash, "sales", document_of(template), at)
        cycle = cycles.create(session, hr, CycleKind.QUARTER, (first, last), propose_stages(first, last), by=hr, at=at)
        taking_part = [Participant(cycle.id, one, "Sales", "", template.content_hash) for one in sellers]
        cycles.launch(session, cycle.id, taking_part, at)
        rows = [
            vars(ActualRow(n, f"{one}@example.com", measure, period, str(n), "ERP"))
            for n, (one, measure, period) in enumerate(product(sellers, MEASURES, PERIODS), 2)
        ]
        return hr, uploads.keep(session, uploads.UploadKind.ACTUALS, rows, cycle.id, by=hr, at=at).id, cycle.id

    return company.writes(write)


async def values_imported(company: Company, death: Death) -> Count:
    """HR looks at the file once more and applies it; it is written slice by slice, by whoever is alive."""
    hr, file, cycle_id = values_file(company)
    whole = SELLERS * len(MEASURES) * len(PERIODS)
    company.employs(death=death)
    await company.ready()
    company.expects([hr], f"Done. Actual values: {whole:,} new, 0 changed.", within=IN_TIME * AGAIN)
    await company.insists(pressed(hr, "imports.apply", file))
    await company.insists(pressed(hr, "imports.apply", file))
    quiet = await company.quiet()
    company.dismisses()
    written, noted = _rows(company, ReportedRow.cycle_id, [cycle_id]), _rows(company, AuditRow.actor_id, [hr])
    lost, doubled = max(0, whole - written), max(0, written - whole) + max(0, noted - SELLERS)
    return company.counted(company.struck(death), quiet=quiet) + Count(lost=lost, doubled=doubled)


# Sealed answers -------------------------------------------------------------------------------


def sealed_round(company: Company) -> tuple[str, str, list[str]]:
    """Five people have answered about one, and the round closes now; gives the cycle, the one and the five."""
    ratee, *raters = company.hires(1 + RATERS)
    template, at = shipped()["sales"], company.time.people.now()
    real_now = company.time.real.now()
    first, last = date(2027, 1, 1), date(2027, 3, 31)

    def write(session) -> str:
        for one in (ratee, *raters):
            people.place(session, Stint(one, "Sales", "Seller", "", date(2026, 1, 1)))
        templates.keep(session, template.content_hash, "sales", document_of(template), at)
        cycle = cycles.create(
            session, ratee, CycleKind.QUARTER, (first, last), propose_stages(first, last), by=ratee, at=at
        )
        cycles.launch(session, cycle.id, [Participant(cycle.id, ratee, "Sales", "", template.content_hash)], at)
        invitations.begin(session, cycle.id, ratee, RoundState.ASKED)
        groups = dict.fromkeys(raters, Group.PEER)
        invitations.propose(session, invitations.round_about(session, cycle.id, ratee), groups)
        invitations.freeze_terms(session, cycle.id)
        seal_key.make_key(session, cycle.id)
        invitations.approve(session, invitations.round_about(session, cycle.id, ratee), groups, set(), first)
        for one in raters:
            group = invitations.finish(session, invitations.invitation(session, cycle.id, ratee, one))
            sealed.seal(session, cycle.id, ratee, group, Answer({"customers": 4}, {"behaviour": f"By {one}"}))
        told = {"nominate": ratee, **{f"rater/{one}": one for one in raters}}
        for rest, one in told.items():
            outbox.want(session, f"peers/{cycle.id}/{ratee}/{rest}", one, {"text": "."}, real_now, urgent=False,
                        kind=outbox.MESSAGE)  # fmt: skip
        timers.remind(session, "peers.close", "", cycle.id, at + timedelta(seconds=1))
        return cycle.id

    return company.writes(write), ratee, raters


async def closed(company: Company, death: Death | None, workers: int = 1) -> Count:
    """The round closes: everybody is told once, and the answers are opened once."""
    cycle_id, ratee, raters = sealed_round(company)
    company.employs(workers, death=death)
    company.expects([ratee], "The feedback round about your work is closed", within=IN_TIME * AGAIN)
    company.expects(raters, "Thank you for your answer", within=IN_TIME * AGAIN)
    await company.until(lambda: not _sealed(company, cycle_id) or not all(one.alive for one in company.workers))
    quiet = await company.quiet()
    opened = [one.n for one in company.writes(lambda session: released.summary(session, cycle_id, ratee))]
    left = _sealed(company, cycle_id)
    found = Count(lost=int(not opened), doubled=int(opened not in ([], [RATERS])) + left)
    return company.counted(company.struck(death), quiet=quiet) + found


def _sealed(company: Company, cycle_id: str) -> int:
    waits = select(func.count()).select_from(SealedRow).filter_by(cycle_id=cycle_id)
    return company.writes(lambda session: session.scalar(waits)) or 0


async def by_five_workers(company: Company, n: int) -> Count:
    return await closed(company, None, workers=5)


for _words, _moment in MOMENTS.items():
    _swept(f"killed in a migration: {_words}", _moment, migrated)
    _swept(f"killed in an import: {_words}", _moment, imported)
    _swept(f"killed in a large import: {_words}", _moment, values_imported, SLICE, anew=False)
    _swept(f"killed in a sealed release: {_words}", _moment, closed, RELEASE)
CELLS["one sealed release, five workers"] = Cell("one sealed release, five workers", by_five_workers)
