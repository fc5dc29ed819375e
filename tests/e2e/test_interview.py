"""The talk about a result, clicked in both languages: prepared apart, held, minuted, read, and agreed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bot.domain.cycle import Cycle
from bot.domain.review import GIVEN_ON
from bot.store import goals, interviews, people, results, timers
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from bot.store.people import Member
from bot.store.reviews import ReviewRow
from scripts.browser import Seat, chromium, office
from scripts.processes import both, free_port
from scripts.scenes import CHINESE, opens_result, releases
from scripts.scenes_after import CHINESE as AFTER
from scripts.scenes_after import Sides, minutes, opens_talk, prepares
from scripts.town import Town, town
from tests.e2e.test_calibration import Behind
from tests.stories import ended_quarter, reasons_for, reported_values

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

WORDS = {**CHINESE, **AFTER}
OWN = Sides("Understanding customers", "Selling skill", "The market or the customer")
LEADS = Sides("Selling skill", "Understanding customers", "Something still to learn")


def begun(url: str) -> str:
    """The quarter before, which is another story: Emily's and 赵敏's results are about to be made."""
    behind: Any = Behind(Database(url), datetime(2027, 4, 12, 8, tzinfo=UTC))
    bring_up_to_date(behind.database)
    members = [Member(m.id, m.name, m.email, m.locale, m.tz, m.owner, not m.bot) for m in behind.members]
    behind.knows(lambda session: people.keep_members(session, members))
    cycle = ended_quarter(behind, "emily", "min")
    reported_values(behind, cycle, "emily", "min")
    behind.knows(lambda session: people.grant(session, "U01MEI", people.HR))
    for step, day in (("scoring.compute", 15), ("scoring.offer_release", 23)):
        at = datetime(2027, 4, day, 1, tzinfo=UTC)
        behind.knows(lambda session, of=(step, at): timers.remind(session, of[0], "", cycle.id, of[1]))
    for person_id, manager_id in (("U01EMILY", "U01THOMAS"), ("U01MIN", "U01LI")):
        behind.knows(lambda session, of=(person_id, manager_id): session.add(review(session, cycle, *of)))
    behind.database.close()
    return str(cycle.id)


def review(session: Any, cycle: Cycle, person_id: str, manager_id: str) -> ReviewRow:
    """A manager's review that was sent, with every reason that any grade can owe."""
    ids = [one.id for one in goals.agreed_goals(session, cycle.id, person_id)]
    reasons = {**reasons_for(ids, cycle), GIVEN_ON: "2027-04-12"}
    return ReviewRow(
        cycle_id=cycle.id, person_id=person_id, kind="manager", author_id=manager_id, state="sent", overall="A",
        sent_at=datetime(2027, 4, 12, 8, tzinfo=UTC), competencies=dict.fromkeys(("customer", "selling", "honesty"), 4),
        levels={}, notes=reasons, later=dict.fromkeys("SABCD", reasons),
    )  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@dataclass(frozen=True)
class Pair:
    """Two people at the page, and what they write."""

    person: Seat
    leader: Seat
    name: str
    action: str
    support: str
    words: str


def lives(pair: Pair, others: Town, winds: tuple[str, str], person_id: str) -> None:
    """One talk from the push to the answer."""
    person, leader = pair.person, pair.leader
    person.presses("Prepare the talk")
    prepares(person, person.window("Prepare the talk"), OWN)
    person.window("Talk about a result").get_by_test_id("modal-close").click()
    talk = opens_talk(leader, pair.name)
    leader.presses("Prepare the talk", talk)
    prepares(leader, leader.window("Prepare the talk"), LEADS)
    expect(talk).to_contain_text(leader.t("Where you two see it differently"))
    minutes(leader, talk, pair.action, pair.support, pair.words, left_out=LEADS.gap)
    for moment in winds:
        others.winds(moment, person_id)
    read = person.card("The minutes of your talk about {cycle} are there.", cycle="2027-Q1")
    expect(read).to_contain_text(pair.words)
    expect(read).to_contain_text(pair.support)
    person.presses("I have read them")
    expect(read).to_contain_text(person.t("You read them on"))
    result = opens_result(person)
    person.presses("Seen and agree", result)
    expect(result).to_contain_text(person.t("Seen and agreed on"))


def test_two_prepare_talk_minute_and_agree_in_both_languages(browser: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cairn.db'}"
    cycle_id = begun(url)
    with (
        both(free_port(), url, tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        mei = sit("U01MEI", WORDS)
        others.winds("2027-04-15T09:31", "U01MEI")
        others.winds("2027-04-23T09:31", "U01MEI")
        releases(mei)
        others.winds("2027-04-26T10:00", "U01MIN")
        li_and_min = Pair(sit("U01MIN", WORDS), sit("U01LI", WORDS), "赵敏", "一起拜访海港酒店", "陈丽同行",
                          "我们看了两个报价")  # fmt: skip
        lives(li_and_min, others, ("2027-04-26T10:10",), "U01MIN")
        others.winds("2027-04-26T10:00", "U01EMILY")
        emily_and_thomas = Pair(sit("U01EMILY"), sit("U01THOMAS"), "Emily Carter", "Visit Hansa together",
                                "Thomas comes along", "We looked at the two offers")  # fmt: skip
        lives(emily_and_thomas, others, ("2027-04-26T10:10",), "U01EMILY")
        assert others.findings() == []
    database = Database(url)
    with database.unit_of_work() as session:
        for person_id in ("U01EMILY", "U01MIN"):
            talk = interviews.find(session, cycle_id, person_id)
            assert talk
            assert (talk.posted_at is not None, talk.seen_at is not None) == (True, True)
            kept = results.result(session, cycle_id, person_id)
            assert kept
            assert kept.answer is results.Answer.AGREES
    database.close()
