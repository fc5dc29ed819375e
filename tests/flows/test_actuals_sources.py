"""HR names an address that values are read from by themselves; everything it brings goes the way of a file."""

import asyncio
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.org import Person
from bot.schedules.readings import Readings
from bot.sources.http_source import Surroundings
from bot.store import actuals, cycles, people, sources, templates
from bot.store.uploads import UploadRow
from tests.company import Company, Persona
from tests.stories import launched_quarter

PATHS = "rows: data\nemail: mail\nmeasure: =revenue\nperiod: =2027-Q1\nvalue: sum"


class Erp:
    """The company's order system: answers what it is told, on this machine."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = [{"mail": "emily@lantern.example", "sum": 3_510_000}]
        self.status = "200 OK"
        self.asked = 0
        self.port = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        body = json.dumps({"data": self.rows})
        head = f"HTTP/1.1 {self.status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sums"


@pytest.fixture
def erp(company: Company) -> Iterator[Erp]:
    erp = Erp()
    server = company.runs(asyncio.start_server(erp.take, "127.0.0.1", 0))
    erp.port = server.sockets[0].getsockname()[1]
    company.inside.add(f"127.0.0.1:{erp.port}")
    yield erp
    server.close()
    company.runs(server.wait_closed())


@pytest.fixture
def mei(company: Company) -> Persona:
    mei = company.person("mei")
    mei.types("/cairn language en")
    launched_quarter(company)
    company.winds(to="2027-01-05T10:00:00+08:00")
    return mei


def adds(mei: Persona, erp: Erp, handling: str = "Show me first", **changes: str) -> None:
    mei.types("/cairn sources")
    mei.clicks("Add a source")
    fields = {"name": "Orders", "url": erp.url, "paths": PATHS, "every": "every day", "fresh": "3"}
    mei.submits(**{**fields, "handling": handling, **changes})


def revenue(company: Company, name: str = "emily") -> actuals.Reported | None:
    def look(session) -> actuals.Reported | None:
        cycle_id = actuals.cycles.every(session)[0].id
        return actuals.values(session, cycle_id, company.person(name).id).get("revenue")

    return company.knows(look)


def test_what_a_source_brings_is_shown_and_applied_with_its_name_and_who_set_it_up(
    company: Company, mei: Persona, erp: Erp
) -> None:
    adds(mei, erp)
    assert revenue(company) is None
    assert "*New*\n1" in mei.last_words()
    mei.closes()
    mei.clicks("Apply")
    assert "Done. Actual values: 1 new, 0 changed." in mei.last_words()
    found = revenue(company)
    assert (found.value, found.source, found.reported_by) == (Decimal(3_510_000), "Orders", "U01MEI")


def test_the_next_day_it_is_read_again_and_says_nothing_when_nothing_is_new(
    company: Company, mei: Persona, erp: Erp
) -> None:
    adds(mei, erp, "Apply unless a line is refused")
    assert revenue(company).value == Decimal(3_510_000)
    mei.closes()
    asked, told = erp.asked, mei.sees().count("Actual values")
    company.winds(plus="25h")
    assert (erp.asked, mei.sees().count("Actual values")) == (asked + 1, told)
    erp.rows[0]["sum"] = 3_600_000
    company.winds(plus="25h")
    assert revenue(company).value == Decimal(3_600_000)
    assert "Done. Actual values: 0 new, 1 changed." in mei.sees()


def test_a_refused_line_keeps_all_of_it_out_even_where_nobody_is_asked(
    company: Company, mei: Persona, erp: Erp
) -> None:
    erp.rows.append({"mail": "nobody@lantern.example", "sum": 1})
    adds(mei, erp, "Apply unless a line is refused")
    assert "Line 2: nobody in Slack has the e-mail address nobody@lantern.example." in mei.last_words()
    assert revenue(company) is None


def test_a_test_shows_the_first_rows_and_applies_nothing(company: Company, mei: Persona, erp: Erp) -> None:
    adds(mei, erp)
    mei.clicks("Test")
    mei.closes()
    assert "I asked the source “Orders”." in mei.last_words()
    assert "emily@lantern.example, revenue, 2027-Q1: 3510000" in mei.last_words()
    assert company.knows(sources.every)[0].sample == ()
    assert revenue(company) is None


def test_hr_hears_once_that_a_source_fails_and_the_page_says_why(company: Company, mei: Persona, erp: Erp) -> None:
    erp.status = "403 No"
    adds(mei, erp)
    mei.closes()
    assert "The source “Orders” could not be read." in mei.last_words()
    assert "The address does not let me in (403)." in mei.last_words()
    before = len(mei.messages)
    company.winds(plus="25h")
    assert len(mei.messages) == before
    mei.types("/cairn sources")
    assert "The last reading failed: The address does not let me in (403)." in mei.sees()


def test_a_test_does_not_put_off_the_next_reading(company: Company, mei: Persona, erp: Erp) -> None:
    adds(mei, erp, "Apply unless a line is refused")
    company.winds(plus="23h")
    erp.rows[0]["sum"] = 3_600_000
    mei.clicks("Test")
    assert revenue(company).value == Decimal(3_510_000)
    mei.closes()
    company.winds(plus="2h")
    assert revenue(company).value == Decimal(3_600_000)


def test_who_tests_a_broken_source_does_not_keep_the_rest_of_hr_from_hearing_of_it(
    company: Company, mei: Persona, erp: Erp
) -> None:
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    adds(mei, erp)
    erp.status = "403 No"
    mei.clicks("Test")
    mei.closes()
    assert "The address does not let me in (403)." in mei.last_words()
    mei.types("/cairn sources")
    assert "The last reading failed" not in mei.sees()
    company.winds(plus="36h")
    assert "The source “Orders” could not be read." in company.person("julia").sees()


def test_a_fault_of_ours_while_reading_is_logged_told_and_not_repeated_every_few_minutes(
    company: Company, mei: Persona, erp: Erp, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(host: str, port: int) -> list[str]:
        raise KeyError(host)

    adds(mei, erp)
    mei.closes()
    company.slack.wind({"plus": "25h"})
    readings = Readings(company.cairn.desk, Surroundings(resolve=broken))
    assert company.runs(readings()) == 1
    assert company.runs(readings()) == 0
    company.settles()
    assert "could not be read" in mei.last_words()
    assert "Something broke on our side (reference " in mei.last_words()
    assert "step=readings error=KeyError" in caplog.text
    company.waits(minutes=10)
    assert company.runs(readings()) == 0


def test_hr_hears_when_nothing_new_came_for_longer_than_expected(company: Company, mei: Persona, erp: Erp) -> None:
    adds(mei, erp, "Apply unless a line is refused")
    mei.closes()
    company.winds(plus="77h")
    assert "The source “Orders” has brought nothing new for 3 days." in mei.sees()


def test_a_source_inside_that_the_operator_did_not_name_is_not_asked(company: Company, mei: Persona, erp: Erp) -> None:
    company.inside.clear()
    adds(mei, erp)
    mei.closes()
    assert "127.0.0.1 lies inside a network. The operator has to name it" in mei.last_words()
    assert erp.asked == 0


def test_a_wrong_path_or_token_is_told_under_its_field(mei: Persona, erp: Erp) -> None:
    adds(mei, erp, paths="rows: data\nemail: mail")
    assert "It is not said where to find measure, period, value." in mei.errors["paths"]
    adds(mei, erp, token="SLACK_BOT_TOKEN")
    assert "Name a variable that begins with CAIRN_TOKEN_" in mei.errors["token"]


def test_a_source_is_changed_and_removed_and_its_values_stay(company: Company, mei: Persona, erp: Erp) -> None:
    adds(mei, erp, "Apply unless a line is refused")
    mei.clicks("Change")
    mei.submits(name="Order system", every="every week")
    assert "Order system" in mei.sees()
    mei.clicks("Remove")
    assert "There is none yet." in mei.sees()
    mei.closes()
    asked = erp.asked
    company.winds(plus="8d")
    assert erp.asked == asked
    assert revenue(company).value == Decimal(3_510_000)


def test_only_hr_looks_at_sources(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn sources")
    assert "This is not yours to do" in emily.last_words()


def test_all_of_it_in_chinese(company: Company, erp: Erp) -> None:
    launched_quarter(company)
    company.winds(to="2027-01-05T10:00:00+08:00")
    mei = company.person("mei")
    mei.types("/cairn language zh")
    mei.types("/cairn sources")
    mei.clicks("添加数据源")
    mei.submits(name="订单系统", url=erp.url, paths=PATHS, every="每天", fresh="3", handling="先给我看")
    mei.clicks("测试")
    mei.closes()
    assert "已读取数据源“订单系统”。" in mei.last_words()
    mei.clicks("应用")
    company.winds(plus="77h")
    assert "数据源“订单系统”已经 3 天没有新数值。" in mei.sees()


def test_when_who_set_it_up_is_hr_no_more_somebody_else_decides(company: Company, mei: Persona, erp: Erp) -> None:
    adds(mei, erp)
    mei.closes()
    mei.clicks("Discard")

    def hand_over(session) -> Person | None:
        people.grant(session, "U01JULIA", people.HR)
        session.query(people.RoleRow).filter_by(person_id="U01MEI", role=people.HR).delete()
        return people.get(session, "U01JULIA")

    julia = company.knows(hand_over)
    erp.rows[0]["sum"] = 1
    company.winds(plus="36h")
    assert "*New*\n1" in company.person(julia.name.split()[0].lower()).last_words()


# Which cycle, and when ---------------------------------------------------------------------


def test_values_go_into_the_cycle_of_their_person_and_not_into_the_newest(company: Company, erp: Erp) -> None:
    mei = company.person("mei")
    mei.types("/cairn language en")
    sales = launched_quarter(company, ["Sales"])
    company.winds(plus="1h")
    newest = launched_quarter(company, ["R&D"])
    assert company.knows(cycles.every)[0].id == newest.id
    erp.rows.append({"mail": "mei@lantern.example", "sum": 7})
    adds(mei, erp)
    mei.closes()
    assert mei.last_words().count("*New*") == 1
    assert f"The values are for the cycle “{sales.name}”." in mei.last_words()
    assert "One line is about somebody outside this cycle, or without goals in it" in mei.last_words()
    mei.clicks("Apply")
    found = company.knows(lambda session: actuals.values(session, sales.id, "U01EMILY"))
    assert found["revenue"].value == Decimal(3_510_000)


def test_every_open_cycle_gets_what_is_about_its_people(company: Company, erp: Erp) -> None:
    mei = company.person("mei")
    sales = launched_quarter(company, ["Sales"])
    company.winds(plus="1h")
    newest = launched_quarter(company, ["R&D"])
    mei.types("/cairn language en")
    kpi = company.knows(lambda session: a_measure_of(session, newest.id, "U01FAN"))
    erp.rows = [
        {"mail": "emily@lantern.example", "kpi": "revenue", "sum": 5},
        {"mail": "fan@lantern.example", "kpi": kpi, "sum": 80},
    ]
    adds(mei, erp, "Apply unless a line is refused", paths=PATHS.replace("=revenue", "kpi"))
    assert company.knows(lambda session: actuals.values(session, sales.id, "U01EMILY"))["revenue"].value == 5
    assert company.knows(lambda session: actuals.values(session, newest.id, "U01FAN"))[kpi].value == 80


def a_measure_of(session, cycle_id: str, person_id: str) -> str:
    """What somebody's values in a cycle may be kept under."""
    return templates.template_of(session, cycles.participant(session, cycle_id, person_id).template).kpis[0].id


FRIDAY, MONDAY = "2027-01-08T23:00:00+08:00", "2027-01-11T10:30:00+08:00"


def test_what_was_read_at_the_weekend_is_shown_on_monday_once_and_can_be_applied(
    company: Company, mei: Persona, erp: Erp
) -> None:
    adds(mei, erp, "Apply unless a line is refused")
    mei.clicks("Change")
    mei.submits(handling="Show me first")
    mei.closes()
    company.winds(to=FRIDAY)
    before = len(mei.messages)
    for day, amount in (("09", 3_600_000), ("10", 3_700_000)):
        erp.rows[0]["sum"] = amount
        company.winds(to=f"2027-01-{day}T12:00:00+08:00")
    assert len(mei.messages) == before
    company.winds(to=MONDAY)
    assert len(mei.messages) == before + 1
    assert "Emily Carter, revenue, 2027-Q1: 3,510,000 → 3,700,000" in mei.last_words()
    company.winds(plus="5h")
    mei.clicks("Apply")
    assert revenue(company).value == Decimal(3_700_000)


def test_what_was_read_at_the_weekend_and_is_known_by_monday_is_not_spoken_of(
    company: Company, mei: Persona, erp: Erp
) -> None:
    company.winds(to=FRIDAY)
    adds(mei, erp)
    mei.closes()
    before = len(mei.messages)
    same = b"email,measure,period,value,source\nemily@lantern.example,revenue,2027-Q1,3510000,Orders"
    mei.drops("actuals.csv", same)
    mei.clicks("Apply")
    company.winds(to="2027-01-11T08:00:00+08:00")
    company.winds(to=MONDAY)
    assert len(mei.messages) == before + 2, "the file and its preview"


def test_what_a_source_brought_goes_with_it_when_it_is_removed_before_monday(
    company: Company, mei: Persona, erp: Erp
) -> None:
    company.winds(to=FRIDAY)
    adds(mei, erp)
    mei.clicks("Remove")
    mei.closes()
    before = len(mei.messages)
    company.winds(to=MONDAY)
    assert len(mei.messages) == before
    assert company.knows(lambda session: list(session.scalars(select(UploadRow)))) == []


# How it is read ---------------------------------------------------------------------------


def test_an_address_without_https_is_refused_at_the_door(company: Company, mei: Persona, erp: Erp) -> None:
    adds(mei, erp, url="http://erp.lantern.example/sums")
    assert mei.errors["url"] == "Without https anybody on the way could change the values. Please use https."
    assert company.knows(sources.every) == []
    mei.submits(url="http://localhost:9/sums")
    assert [one.plan.endpoint.url for one in company.knows(sources.every)] == ["http://localhost:9/sums"]
    mei.closes()
    mei.types("/cairn language zh")
    mei.types("/cairn sources")
    mei.clicks("修改")
    mei.submits(url="http://10.0.0.7/sums")
    assert mei.errors["url"] == "没有 https，途中任何人都可能改动数值。请使用 https。"
