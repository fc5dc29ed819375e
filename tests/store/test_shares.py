"""Shares of given feedback: none from which the few people of another round could be told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.domain.cycle import CycleKind
from bot.domain.feedback import InvitationState, RoundState
from bot.domain.template import Group
from bot.store import cycles, invitations, people, shares
from bot.store.db import Database
from bot.store.shares import ShareRow

DAY = date(2027, 4, 1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def counted(database: Database, *asked: int) -> Decimal | None:
    """The share of a cycle with a round for each of these numbers of people, of whom one has answered in each."""
    with database.unit_of_work() as session:
        names = [f"U{n:02}" for n in range(20)]
        for one in names:
            people.keep_member(session, people.Member(one, one, "", "en-US", "UTC", owner=False, takes_part=True))
        at = datetime(2027, 1, 1, tzinfo=UTC)
        cycle_id = cycles.create(session, "Q1", CycleKind.QUARTER, (DAY, DAY), {}, by="U00", at=at).id
        for ratee, n in zip(names, asked, strict=False):
            invitations.begin(session, cycle_id, ratee, RoundState.ASKED)
            raters = dict.fromkeys(names[5 : 5 + n], Group.PEER)
            invitations.propose(session, invitations.round_about(session, cycle_id, ratee), raters)
            invitations.approve(session, invitations.round_about(session, cycle_id, ratee), raters, set(), DAY)
            invitations.finish(session, invitations.invitation(session, cycle_id, ratee, names[5]))
        shares.count(session, cycle_id, DAY)
        found = shares.counted(session, cycle_id)
    assert found
    assert found[1] == DAY
    return found[0]


@pytest.mark.parametrize(
    ("asked", "share"),
    [
        ((5,), Decimal("0.2")),
        ((4,), None),
        ((6, 4), None),  # the whole less the larger round, which its manager sees, would be the four
        ((6, 6), Decimal(2) / 12),
        ((5, 5, 4), None),  # whoever manages both fives takes them off the whole
        ((5, 5, 4, 4), Decimal(4) / 18),
        ((4, 4), Decimal("0.25")),
    ],
)
def test_a_share_is_shown_where_it_leaves_nobody_by_subtraction(database, asked, share):
    assert counted(database, *asked) == share


def test_somebody_who_is_asked_later_is_in_no_share_for_two_shares_would_tell_of_them(database):
    assert counted(database, 6) == Decimal(1) / 6
    with database.unit_of_work() as session:
        (cycle_id,) = session.scalars(select(ShareRow.cycle_id))
        asked = {one.rater_id: one for one in invitations.invited(session, cycle_id, "U00")}
        invitations.answer_request(session, asked["U06"], InvitationState.DECLINED)
        for one in ("U07", "U08", "U09", "U10"):
            invitations.finish(session, asked[one])
        before = shares.of_round(session, cycle_id, "U00")
        about = invitations.round_about(session, cycle_id, "U00")
        invitations.ask(session, about, {"U12": Group.PEER}, set(), DAY + timedelta(days=4))
        assert shares.of_round(session, cycle_id, "U00") == before == 1
        shares.count(session, cycle_id, DAY)
        assert shares.counted(session, cycle_id) == (Decimal(1), DAY)
