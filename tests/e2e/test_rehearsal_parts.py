"""The rehearsal's own judgement: it finds what is said twice, at night, or not at all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from scripts.processes import Running, free_port
from scripts.proxy import Proxy, proxied
from scripts.rehearsal.checks import (
    DIGEST,
    Prompt,
    Seen,
    at_wrong_hours,
    duplicates,
    missing,
    not_asked_again,
    not_once_a_day,
    over_budget,
    twice_in_a_morning,
    uncounted,
    wrongly_timed,
)
from scripts.rehearsal.errands import Errand, at
from scripts.rehearsal.habits import LEAVE, Choice, wish
from scripts.rehearsal.hands import MISTAKEN_WEIGHT, Hand
from scripts.rehearsal.kept import Kept
from scripts.rehearsal.reading import COMING, in_message, is_coming
from scripts.rehearsal.report import Report
from scripts.rehearsal.time_off import Calendar, is_workday, leave, left, part_time, pause
from scripts.rehearsal.verdict import judge_workers
from scripts.rehearsal.workspace import Post
from scripts.workers import Workers

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
GOALS = Prompt("goals", "goals.look", time(9, 30))


def buttons(*steps: str, value: str = "c/U1", style: str | None = "primary") -> dict:
    elements = [{"type": "button", "action_id": step, "value": value, "style": style} for step in steps]
    return {"type": "actions", "block_id": "b", "elements": elements}


def said(at: str, opaque: str, *, to: str = "U1", zone=BERLIN, step: str = "goals.look", during=frozenset(),
         kept: Kept | None = None) -> Seen:  # fmt: skip
    post = Post(datetime.fromisoformat(at), f"D{to}", opaque, "Draft your goals.", (buttons(step),), opaque)
    return Seen(post, to, zone, during, kept or Kept())


def unasked(at: str, key: str = "goals/2027-Q1/U1/invite", **more: Any) -> Seen:
    return said(at, f"{key}{at}", kept=Kept(key, datetime.fromisoformat(at)), **more)


def weekdays(zone: str, day: date) -> bool:
    del zone
    return day.weekday() < 5


def test_the_same_words_are_a_duplicate_on_one_day_and_a_reminder_on_another() -> None:
    first, again, later = (said(f"2027-01-{day}+01:00", one) for day, one in
                           (("04T09:30", "a"), ("04T15:00", "b"), ("07T09:30", "c")))  # fmt: skip
    assert duplicates([first, later]) == []
    assert duplicates([first, again, later]) == [str(again)]


def test_the_same_identity_is_a_duplicate_on_any_day() -> None:
    seen = [said("2027-01-04T09:30+01:00", "a"), said("2027-01-05T09:30+01:00", "a")]
    assert duplicates(seen) == ["identity a 2 times"]


def test_hours_are_the_readers_own() -> None:
    at = "2027-01-04T14:30+01:00"
    assert at_wrong_hours([said(at, "a"), said(at, "b", zone=NEW_YORK)], Calendar(weekdays, ())) == [
        str(said(at, "b", zone=NEW_YORK))
    ]


def test_weekends_are_quiet_and_what_somebody_asked_for_may_come_any_time() -> None:
    saturday = "2027-01-09T12:00+01:00"
    assert at_wrong_hours([said(saturday, "a")], Calendar(weekdays, ()))
    assert not at_wrong_hours([said(saturday, "a", during=frozenset({"U1"}))], Calendar(weekdays, ()))
    assert at_wrong_hours([said(saturday, "a", during=frozenset({"U2"}))], Calendar(weekdays, ()))


def test_days_of_their_own_are_quiet_until_they_take_them_back() -> None:
    friday, monday = "2027-01-08T12:00+01:00", "2027-01-11T12:00+01:00"
    for off in (part_time("U1", at(1, 4), 4), leave("U1", at(1, 4), date(2027, 1, 8), date(2027, 1, 10)),
                pause("U1", at(1, 4), date(2027, 1, 11))):  # fmt: skip
        calendar = Calendar(weekdays, (off,))
        assert at_wrong_hours([said(friday, "a"), said(monday, "b")], calendar) == [str(said(friday, "a"))]
        assert not at_wrong_hours([said(friday, "a", to="U2")], calendar)
    back = Calendar(weekdays, (leave("U1", at(1, 4), date(2027, 1, 7), date(2027, 1, 10), back=at(1, 8, 12)),))
    assert at_wrong_hours([said("2027-01-08T11:59+01:00", "a")], back)
    assert not at_wrong_hours([said(friday, "a")], back)


def test_who_left_is_written_to_no_more_whatever_it_is() -> None:
    digest = said("2027-04-09T12:00+02:00", "d", kept=Kept("checkins/2027-Q1/U1/2027-04-09/digest"))
    calendar = Calendar(weekdays, (left("U1", at(4, 8, 17)),))
    assert at_wrong_hours([digest], calendar, {DIGEST}) == [str(digest)]
    assert at_wrong_hours([said("2027-04-08T12:00+02:00", "b")], calendar) == []


def test_in_a_pause_the_digest_of_a_team_comes_and_on_leave_it_does_not() -> None:
    digest = said("2027-01-08T12:00+01:00", "d", kept=Kept("checkins/2027-Q1/U1/2027-01-08/digest"))
    for days, quiet in ((pause("U1", at(1, 4), date(2027, 1, 11)), False), (part_time("U1", at(1, 4), 4), True)):
        assert bool(at_wrong_hours([digest], Calendar(weekdays, (days,)), {DIGEST})) is quiet


def test_the_countries_are_their_own() -> None:
    good_friday, chinese_new_year = date(2027, 3, 26), date(2027, 2, 8)
    zones = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
    assert [is_workday(zone, good_friday) for zone in zones] == [True, False, True]
    assert [is_workday(zone, chinese_new_year) for zone in zones] == [False, True, True]


def test_who_is_back_early_and_not_asked_again_is_found() -> None:
    check_in, weeks, until = Prompt("check-ins", "goals.look", time(10)), {"U1": 1}, date(2027, 3, 1)
    asked = [said("2027-01-07T10:00+01:00", "a"), said("2027-02-18T10:00+01:00", "b")]
    away = date(2027, 1, 8), date(2027, 2, 12)
    whole, short = (Calendar(weekdays, (leave("U1", at(1, 4), *away, **back),)) for back in ({}, {"back": at(1, 25)}))
    assert not_asked_again(asked, check_in, weeks, until, whole) == []
    assert not_asked_again(asked, check_in, weeks, until, short) == [
        "U1 from 2027-01-07 to 2027-02-18: 18 working days"
    ]
    assert not_asked_again(asked, check_in, {"U1": 2}, until, short) == []


def test_a_week_of_somebody_holds_no_more_than_the_budget() -> None:
    week = [unasked(f"2027-01-{day:02}T09:30+01:00") for day in range(4, 9)]
    assert over_budget(week, 5) == []
    others = [unasked("2027-01-08T15:00+01:00", to="U2"), unasked("2027-01-11T09:30+01:00")]
    assert over_budget([*week, *others], 5) == []
    asked_while_reading = unasked("2027-01-08T15:00+01:00", during=frozenset({"U1"}))
    assert over_budget([*week, asked_while_reading], 5) == ["U1 in 2027-W01: 6 messages"]
    gathering = said("2027-01-08T16:00+01:00", "g", kept=Kept("attention/U1/2027-01-04"))
    assert over_budget([*week, gathering], 5) == ["U1 in 2027-W01: 6 messages"]


def test_what_its_reader_brings_out_later_costs_nothing_again() -> None:
    week = [unasked(f"2027-01-{day:02}T09:30+01:00") for day in range(4, 9)]
    kept_back = Kept("kudos/7/U1", datetime.fromisoformat("2027-01-08T10:00+01:00"))
    brought_out = said("2027-01-08T16:20+01:00", "k", during=frozenset({"U1"}), kept=kept_back)
    assert over_budget([*week, brought_out], 5) == []
    by_others = said("2027-01-08T16:20+01:00", "k", during=frozenset({"U2"}), kept=kept_back)
    assert over_budget([*week, by_others], 5) == ["U1 in 2027-W01: 6 messages"]


def test_what_time_brings_counts_unless_it_is_of_a_kind_that_is_free() -> None:
    result = said("2027-04-23T09:31+02:00", "r", kept=Kept("delivery/2027-Q1/U1"))
    new = said("2027-04-23T09:32+02:00", "n", kept=Kept("novelty/2027-Q1/U1"))
    asked_for = said("2027-04-23T09:33+02:00", "p", kept=Kept("novelty/7/U1"), during=frozenset({"U1"}))
    assert uncounted([result, new, asked_for, unasked("2027-04-23T09:34+02:00")], {"delivery"}) == [str(new)]


def test_a_second_digest_on_one_morning_is_found() -> None:
    digest = "checkins/2027-Q1/U1/2027-01-{}/digest".format
    first, other_morning = (unasked(f"2027-01-{day}T09:30+01:00", digest(day)) for day in ("15", "22"))
    nudge = unasked("2027-01-15T09:31+01:00", digest("13") + "/nudge")
    assert twice_in_a_morning([first, other_morning, nudge]) == []
    again = unasked("2027-01-15T09:32+01:00", digest("14"))
    assert twice_in_a_morning([first, again, other_morning]) == ["U1 on 2027-01-15: 2 digests"]


def test_a_prompt_comes_at_its_wall_time_once_a_day_to_everybody() -> None:
    morning, noon = said("2027-01-04T09:30:30+01:00", "a"), said("2027-01-04T12:00+01:00", "b")
    assert wrongly_timed([morning, noon], GOALS) == [str(noon)]
    assert not_once_a_day([morning], GOALS) == []
    assert not_once_a_day([morning, noon], GOALS) == ["U1 on 2027-01-04: 2 times"]
    assert missing([morning], GOALS, ["U1", "U2"]) == ["U2"]


def test_people_decide_once_for_each_thing_and_keep_to_their_ways() -> None:
    check_in = Choice("check in", {"checkins.same": 1})
    message = {"ts": "1", "blocks": [buttons("checkins.same#2")]}
    seen, decided = in_message("D1", message), set()
    assert wish([check_in], seen, set(), {"check in": {LEAVE: 1}}, Random(1)) is None
    assert wish([check_in], seen, decided, {}, Random(1)).step == "checkins.same"
    assert wish([check_in], seen, decided, {}, Random(1)) is None


def test_what_somebody_came_for_goes_before_their_habits_and_some_buttons_are_for_others() -> None:
    errand = Errand("U1", at(4, 28), "/cairn interview", "interviews.talked")
    page = in_message("D1", {"ts": "1", "blocks": [buttons("interviews.prepare_here", "interviews.talked")]})
    habit = Choice("prepare", {"interviews.prepare_here": 1})
    assert wish((*errand.choices, habit), page, set(), {}, Random(1)).step == "interviews.talked"
    assert wish([Choice("alone", {"interviews.talked": 1}, lacks="interviews.prepare_here")], page, set(), {},
                Random(1)) is None  # fmt: skip
    assert wish([Choice("other", {"interviews.talked": 1}, ending="/U2")], page, set(), {}, Random(1)) is None


def test_a_short_page_is_no_page_that_is_still_coming() -> None:
    def saying(words: str) -> dict:
        return {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]}

    assert all(is_coming(saying(words)) for words in COMING)
    assert not is_coming(saying("HR 下次查看建议时会读到。"))


def test_a_mistaken_weight_is_put_right_the_second_time() -> None:
    element = {"type": "number_input", "action_id": "value", "initial_value": "35"}
    block = {"type": "input", "block_id": "weight-revenue", "optional": False, "element": element}
    view = {"blocks": [block], "private_metadata": "c/U1/revenue", "callback_id": "goals.keep_numbers"}
    hand = Hand("U1", Random(1), mistakes={"weight"})
    assert hand.fills(view, date(2027, 1, 4), 0) == {"weight-revenue": {"value": MISTAKEN_WEIGHT}}
    element["initial_value"] = MISTAKEN_WEIGHT
    assert hand.fills(view, date(2027, 1, 4), 0) == {"weight-revenue": {"value": "35"}}


def test_one_colleague_is_asked_in_the_place_of_another_and_five_where_a_list_is_made() -> None:
    block = {"type": "input", "block_id": "raters", "optional": False,
             "element": {"type": "multi_users_select", "action_id": "value", "max_selected_items": 20}}  # fmt: skip
    hand = Hand("U1", Random(1), colleagues=[f"U{n}" for n in range(2, 20)])

    def chosen(step: str) -> int:
        view = {"blocks": [block], "private_metadata": "c/U2/U3", "callback_id": step}
        return len(hand.fills(view, date(2027, 4, 12), 0)["raters"]["value"])

    assert chosen("peers.asked_more") == 1
    assert chosen("peers.proposed") == 5


# The proxy before several workers -------------------------------------------------------------


class Door(BaseHTTPRequestHandler):
    """A worker that breaks off when it is asked for /slack/events and it is the bad one."""

    breaks_off = False

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.breaks_off:
            self.connection.close()
            return
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@contextmanager
def door(*, breaks_off: bool) -> Iterator[str]:
    kind = type("Kind", (Door,), {"breaks_off": breaks_off})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_a_request_goes_to_the_next_worker_where_one_refuses_or_breaks_off() -> None:
    port, nobody = free_port(), f"http://127.0.0.1:{free_port()}/"
    with door(breaks_off=True) as bad, door(breaks_off=False) as good, proxied(port) as proxy:
        proxy.workers += [nobody, bad, good]
        answers = [_posts(port, f"click {n}") for n in range(3)]
        assert answers == [(200, "click 0"), (200, "click 1"), (200, "click 2")]
        assert proxy.passed_on == 3  # the first was broken off once, the third was refused and then broken off
        proxy.workers.remove(good)
        assert _posts(port, "click")[0] == 502


def _posts(port: int, words: str) -> tuple[int, str]:
    answer = httpx.post(f"http://127.0.0.1:{port}/slack/events", content=words.encode(), timeout=30)
    return answer.status_code, answer.text


def test_a_slow_stop_and_no_answer_at_all_are_off() -> None:
    report = Report()
    running = Running("", (), {})
    judge_workers(report, Workers(running, Proxy(), Path(), [], stops=[2.2, 11.0]))
    assert report.off == ["stops slower than ten seconds: 11.0 seconds"]
