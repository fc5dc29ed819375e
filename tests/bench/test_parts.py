"""The parts of the bench that live a company's days do what they say: nothing measures an empty run."""

import asyncio

from sqlalchemy import select

from bot.handlers.reviews.owing import SLICE
from bot.store import cycles, results, reviewers
from bot.store.timers import TimerRow
from tests.bench import assessment, crowd, ground, prompts, scores


def test_each_prompt_that_is_measured_becomes_a_message(loop: asyncio.AbstractEventLoop) -> None:
    with ground.sqlite() as fresh:
        found = loop.run_until_complete(prompts.measured_on("SQLite", fresh(), 20, 1.0))
    assert [row.ours for row in found if row.what.startswith("missed prompts")] == [0]


def test_everybody_whose_scores_are_measured_has_some(loop: asyncio.AbstractEventLoop) -> None:
    with ground.sqlite() as fresh:
        found = loop.run_until_complete(scores.measured_on("SQLite", fresh(), 30))
    assert len(found) == 3


def test_everybody_whose_assessment_is_closed_is_told_and_has_a_result(loop: asyncio.AbstractEventLoop) -> None:
    with ground.sqlite() as fresh:
        found = loop.run_until_complete(assessment.measured_on("SQLite", fresh(), 60))
    assert len(found) == 6


def test_in_a_company_of_several_slices_everybody_who_owes_reasons_is_asked(loop: asyncio.AbstractEventLoop) -> None:
    with ground.sqlite() as fresh:
        database = fresh()
        loop.run_until_complete(scores.measured_on("SQLite", database, SLICE + 60))
        with database.unit_of_work() as session:
            (cycle,) = cycles.every(session)
            owing = results.owing(session, cycle.id, crowd.CALIBRATING)
            writers = reviewers.writers(session, cycle.id, owing, crowd.CALIBRATING.date())
            asked = select(TimerRow.person_id).where(TimerRow.step.in_(("reviews.ask", "reviews.remind")))
            assert {one.id for one in writers.values()} == set(session.scalars(asked))
        assert len(owing) > SLICE / 2
