"""One answer too few: nobody but the two who answered sees anything that would not be there without them."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from bot.store import export
from bot.store.linkage import ANSWERS
from bot.store.schema import METADATA
from tests.beginnings import keep, lived_once, take_up
from tests.company import Company
from tests.peer_rounds import TEAM, answers, ids
from tests.stories import ended_quarter, planned, reported_values, reviewed

ASKED, ANSWERED = TEAM[:4], TEAM[:2]
OTHERS = ("emily", "thomas", "mei", "julia", *ASKED[2:])
SAYS = "On the Hansa order she called the customer within the hour, and the lantern of the harbour was lit."
SAME = {"results", "reviews", "audit", "feedback_shares", "feedback_terms", "released_groups", "released_means"}

CLOCK = re.compile(r"\d?\d:\d\d(:\d\d(\.\d+)?)?|\d+(?=, tzinfo)|[0-9a-f]{64}|[0-9a-f]{32}")
"""What passes while a test runs, and the salts and links of the audit."""


@lived_once
def four_are_asked(company: Company) -> str:
    """Emily's quarter is over; her manager has written his review, and four colleagues are asked about her."""
    cycle = ended_quarter(company, "emily")
    reported_values(company, cycle, "emily")
    company.winds(to="2027-04-01T10:00:00-04:00")
    reviewed(company, cycle, "emily")
    planned(company, "peers.invite_nominations", cycle.id, "U01EMILY")
    emily = company.person("emily")
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, *ASKED))
    company.person("thomas").clicks("Approve")
    return cycle.id


def test_two_answers_of_four_show_nothing_anywhere_that_none_would_not_show(company: Company, tmp_path: Path) -> None:
    cycle_id = four_are_asked(company)
    kept = keep(company)
    for name in ANSWERED:
        answers(company.person(name), 5, behaviour=SAYS)
    with_two = lived(company, cycle_id, tmp_path)
    take_up(company, kept)
    without = lived(company, cycle_id, tmp_path)
    assert with_two.keys() == without.keys()
    for where, seen in with_two.items():
        assert CLOCK.sub("", str(seen)) == CLOCK.sub("", str(without[where])), where
        assert "harbour" not in str(seen)
    assert "the answers were destroyed unread" in with_two["emily's messages"]
    assert "From colleagues" not in with_two["the result"]


def lived(company: Company, cycle_id: str, folder: Path) -> dict[str, Any]:
    """The rest of the round until the result, and all that people see on the way and at the end."""
    seen: dict[str, Any] = {}
    mei, emily = company.person("mei"), company.person("emily")
    company.winds(to="2027-04-08T10:00:00-04:00")
    mei.types("/cairn peers")
    seen["HR's share"] = mei.last_words()
    seen |= {f"{name}'s Home, open": home(company, name) for name in OTHERS}
    seen |= {f"{name}'s reminders": company.person(name).sees() for name in OTHERS}
    company.winds(to="2027-04-15T12:00:30+00:00")
    planned(company, "peers.close", cycle_id)
    company.winds(to="2027-04-23T10:00:00+08:00")
    planned(company, "scoring.compute", cycle_id)
    planned(company, "scoring.offer_release", cycle_id)
    mei.clicks("发布结果")
    company.winds(to="2027-04-23T10:00:00-04:00")
    seen |= {f"{name}'s messages": company.person(name).sees() for name in OTHERS}
    seen |= {f"{name}'s Home": home(company, name) for name in OTHERS}
    emily.clicks("Open my result")
    seen["the result"] = emily.sees()
    emily.clicks("Why?", near="How the result is made")
    seen["why"] = emily.sees()
    file = folder / "results.json"
    assert (
        export.export_results(company.database, cycle_id, file, company.slack.clock.now(), print) == export.ENDED_WELL
    )
    seen["the export, with the tree"] = file.read_text("utf-8")
    tables = [table for name, table in METADATA.tables.items() if name in SAME or name.startswith(ANSWERS)]
    return seen | {table.name: company.knows(lambda session, table=table: in_order(session, table)) for table in tables}


def in_order(session: Session, table: Table) -> list[str]:
    """Rows with what people wrote in them as they wrote it, in an order of our own."""
    rows = session.execute(select(table))
    return sorted(str([str(one) if isinstance(one, datetime) else one for one in row]) for row in rows)


def home(company: Company, name: str) -> str:
    """What somebody's Home says."""
    persona = company.person(name)
    persona.opens_home()
    return persona.home
