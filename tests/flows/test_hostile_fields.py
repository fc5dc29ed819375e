"""Hostile words in every field that takes words: whoever reads them reads them as they were typed, and nothing acts."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.slack import directory
from tests.cascades import company_objective, everybody_hears, gives
from tests.company import Company
from tests.flows.test_actuals_by_hand import reports
from tests.flows.test_appeals import REASON, heard_by, next_morning
from tests.flows.test_delivery import RESULT_DAY
from tests.flows.test_hostile_words import ACTIVE, CANARY, HOSTILE, KEPT, marked_up, outgoing
from tests.flows.test_reviews import reviews_are_open
from tests.flows.test_setup import closes_all
from tests.flows.test_suggestions import suggests
from tests.flows.test_support import DIGEST
from tests.goal_talks import invited_sellers, thomas_counters
from tests.postgres import on
from tests.stories import (
    ended_quarter,
    heard_from_colleagues,
    launched_quarter,
    placed_people,
    planned,
    reported_values,
    reviewed,
)
from tests.working_quarters import asked

SHORT = f"{CANARY} <!channel>"
"""For fields with little room."""


def are_called_so(company: Company, *names: str) -> None:
    """In Slack these people's names hold what pings a channel and leads elsewhere, and Cairn has read them."""
    for name in names:
        one = company.person(name)
        company.slack.people[one.id] = replace(one.member, name=f"{name} {CANARY} {' '.join(ACTIVE)} & *b*")
    company.runs(directory.sync(company.database, company.cairn.client, ()))


def protests(company: Company) -> None:
    invited_sellers(company)
    emily, _ = thomas_counters(company)
    emily.clicks("Agree under protest")
    emily.submits(why=HOSTILE)


def writes_a_self_review(company: Company) -> None:
    reviews_are_open(company)
    emily = company.person("emily")
    emily.clicks("Write my self-review")
    emily.submits(rating_customer="3", rating_selling="4", rating_honesty="3", reason_selling=HOSTILE)
    emily.clicks("Back")


def reads_a_result(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    reported_values(company, cycle, "emily")
    reviewed(company, cycle, "emily", strength=KEPT, strength_day="2027-02-10", gap=KEPT)
    heard_from_colleagues(company, cycle, "emily", "5", "4", "4", "4.5", "3.5", sentence=KEPT)
    company.winds(to=RESULT_DAY)
    planned(company, "scoring.compute", cycle.id)
    planned(company, "scoring.offer_release", cycle.id)
    company.person("mei").clicks("发布结果")
    company.winds(to="2027-04-23T10:00:00-04:00")
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.clicks("Open my result")
    assert CANARY in emily.sees()
    emily.clicks("Seen, do not agree")
    emily.submits(words=HOSTILE)
    thomas.clicks("Open the result", near="does not agree")


def disputes_a_value(company: Company) -> None:
    ended_quarter(company, "emily")
    reports(company.person("emily"), evidence=SHORT)
    thomas = company.person("thomas")
    assert CANARY in thomas.last_words()
    thomas.clicks("Dispute")
    thomas.submits(reason=HOSTILE)


def sets_an_objective(company: Company) -> None:
    placed_people(company)
    company_objective(company, title=SHORT)
    jianguo, qiang = company.person("jianguo"), company.person("qiang")
    jianguo.types("/cairn objectives")
    jianguo.clicks("打开")
    gives(jianguo, qiang, "100%", cut="region", part=SHORT)
    everybody_hears(company)
    qiang.types("/cairn objectives")


def announces(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn language en")
    launched_quarter(company)
    mei.types("/cairn setup")
    mei.clicks("Write it")
    chinese = "从一月开始，我们用对话的方式来谈目标，谈进展，也谈结果。" * 3
    mei.submits(en=f"{CANARY} begins. {' '.join(ACTIVE)} *b*", zh=f"{chinese}{SHORT}")
    closes_all(mei)
    mei.clicks("Send to everybody")
    everybody_hears(company)


def names_a_source(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn language en")
    launched_quarter(company)
    mei.types("/cairn sources")
    mei.clicks("Add a source")
    paths = "rows: data\nemail: mail\nmeasure: =revenue\nperiod: =2027-Q1\nvalue: sum"
    mei.submits(name=SHORT, url="https://erp.example/sums", paths=paths, every="every day", fresh="3",
                handling="Show me first")  # fmt: skip


def names_a_department(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn language en")
    mei.types("/cairn people")
    mei.clicks("Correct a person")
    mei.submits(person=company.person("emily").id)
    mei.submits(new_department=SHORT, position=HOSTILE)


def helps_thanks_and_talks(company: Company) -> None:
    asked(company, "emily", "lena")
    are_called_so(company, "emily", "thomas", "lena")
    emily, thomas, lena = (company.person(name) for name in ("emily", "thomas", "lena"))
    emily.clicks("Blocked")
    emily.submits(blocking=HOSTILE, help=["Price or terms"])
    company.winds(to=DIGEST)
    thomas.clicks("Help")
    thomas.submits(promise=HOSTILE, due="2027-01-26", by=lena.id)
    thomas.clicks("Comment")
    thomas.submits(comment=HOSTILE)
    company.winds(to="2027-01-22T09:31:00-05:00")
    lena.types("/cairn kudos")
    lena.submits(whom=emily.id, words=HOSTILE)
    assert CANARY in emily.last_words()
    emily.types(f"/cairn talk <@{thomas.id}>")
    emily.clicks("Add a point")
    emily.submits(point=HOSTILE)
    emily.clicks("Write a note")
    emily.submits(note=HOSTILE, readers="Only me")
    thomas.types("/cairn team")
    thomas.opens_home()


def asks_and_suggests(company: Company) -> None:
    placed_people(company)
    are_called_so(company, "emily")
    company.winds(to="2027-01-05T10:30:00-05:00")
    emily, mei, marcus = (company.person(name) for name in ("emily", "mei", "marcus"))
    mei.types("/cairn language en")
    emily.types("/cairn ask")
    emily.submits(words=HOSTILE)
    emily.clicks("Ask HR")
    emily.closes()
    suggests(emily, HOSTILE, "named")
    company.winds(to="2027-01-06T10:00:00+08:00")
    mei.clicks("Answer", near="question")
    mei.submits(answer=HOSTILE, publish=["publish"])
    mei.types("/cairn suggestions")
    mei.clicks("Answer")
    mei.submits(state="Being considered", reason=HOSTILE, shown=["show"])
    company.winds(to="2027-01-07T10:00:00-05:00")
    marcus.types(f"/cairn ask {CANARY}")
    assert CANARY in marcus.sees()
    marcus.types("/cairn suggestions")


def appeals(company: Company) -> None:
    heard_by(company, "katrin")
    are_called_so(company, "emily", "katrin")
    emily, katrin = company.person("emily"), company.person("katrin")
    emily.clicks("Open my result")
    emily.clicks("Appeal")
    emily.submits(kind="data", words=HOSTILE, wish=HOSTILE)
    next_morning(company)
    katrin.clicks("Open the record")
    katrin.clicks("Let the result stand")
    katrin.submits(reason=f"{REASON} {HOSTILE}")
    company.winds(to="2027-04-26T10:00:00-04:00")
    emily.clicks("Have somebody else decide")
    emily.submits(words=HOSTILE)
    company.winds(to="2027-04-27T10:00:00+08:00")


FIELDS = (helps_thanks_and_talks, asks_and_suggests, appeals, protests, writes_a_self_review, reads_a_result,
          disputes_a_value, sets_an_objective, announces, names_a_source, names_a_department)  # fmt: skip


@pytest.mark.parametrize(
    ("types_it", "database_url"),
    [on(("sqlite", "postgres")[n % 2], one) for n, one in enumerate(FIELDS)],
    indirect=["database_url"],
)
def test_whatever_is_typed_acts_nowhere(company: Company, types_it: Callable[[Company], None]) -> None:
    types_it(company)
    assert any(CANARY in str(surface) for surface in outgoing(company)), "the words are shown somewhere"
    texts = [text for surface in outgoing(company) for text in marked_up(surface)]
    assert [text for text in texts if any(mark in text for mark in ACTIVE)] == []
    pushes = [text for person in company.slack.people for text in company.person(person).pushes]
    assert [text for text in pushes if any(mark in text for mark in ACTIVE)] == []
