"""Upkeep: what nobody needs any more is not kept for ever, and what can still be edited stays."""

from datetime import timedelta

from sqlalchemy import select, text

from bot.schedules.chores import KEEP_DELIVERIES, KEEP_FAILED
from bot.store import outbox, timers
from bot.store.db import Database
from tests.company import Company


def keys(company: Company) -> list[str]:
    return list(company.knows(lambda session: session.scalars(select(outbox.OutboxRow.key)).all()))


def answers(company: Company) -> list[str]:
    return [key for key in keys(company) if key.startswith("answer/")]


def test_answers_to_what_people_typed_are_forgotten_with_the_deliveries(company: Company) -> None:
    emily = company.person("emily")
    emily.opens_home()
    for n in range(5):
        emily.types(f"hello {n}")
    company.waits(days=2)
    assert len(answers(company)) == 5
    company.waits(days=KEEP_DELIVERIES.days)
    assert answers(company) == []
    assert f"home/{emily.id}" in keys(company)


def test_what_could_not_be_sent_is_kept_and_counted(company: Company) -> None:
    with company.database.unit_of_work() as session:
        now = company.real_clock.now()
        body = {"text": "hello"}
        outbox.want(session, outbox.answer_key("1"), "UNOBODY", body, now, urgent=True, kind=outbox.MESSAGE)
    company.settles()
    company.waits(days=30)
    assert len(answers(company)) == 1
    assert company.knows(outbox.backlog).given_up == 1
    company.slack.findings.clear()


def test_a_step_that_failed_is_shown_for_a_quarter_and_then_forgotten(company: Company) -> None:
    with company.database.unit_of_work() as session:
        timers.remind(session, "gone.away", "U01EMILY", "", company.slack.clock.now())
    for _ in range(timers.GIVE_UP_AFTER):
        company.winds(plus="9h")
    company.winds(plus=f"{(KEEP_FAILED - timedelta(days=7)).days}d")
    company.waits(minutes=2)
    assert company.knows(timers.count_failed) == 1
    company.winds(plus="14d")
    company.waits(minutes=2)
    assert company.knows(timers.count_failed) == 0


def test_neither_looks_through_the_whole_table(database_url: str) -> None:
    database = Database(database_url)
    with database.unit_of_work() as session:
        if not database.is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        forget = (
            "DELETE FROM outbox WHERE substr(key, 1, 7) = 'answer/' AND sent >= wanted AND not_before < '2027-01-01'"
        )
        for question, index in (
            (forget, "ix_outbox_answered"),
            ("SELECT count(*) FROM timers WHERE error <> ''", "ix_timers_failed"),
        ):
            plan = session.execute(text(f"{explain} {question}")).all()
            assert any(index in str(row) for row in plan), plan
    database.close()
