"""What becomes of help that was asked for: nothing is lost, nothing is changed unseen, and who wrote what stays."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.domain.checkin import Checkin, Kind
from bot.domain.coaching import Answering
from bot.domain.org import Person, Stint
from bot.domain.refusal import Refused
from bot.domain.support import State
from bot.handlers.checkins.conversation import Digest, Told
from bot.handlers.checkins.digest_views import digest
from bot.slack.inputs import Inputs
from bot.slack.words import Words
from bot.store import people
from tests.company import Company, Persona
from tests.flows.test_support import DIGEST, blocked, requests
from tests.stories import placed_people
from tests.working_quarters import asked, working


def test_what_is_asked_for_twice_on_one_day_is_two_requests_and_neither_is_lost(company: Company) -> None:
    asked(company, "emily")
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn support")
    emily.submits(what="The customer asks for a visit of our engineer")
    emily.clicks("Blocked")
    emily.submits(blocking="No access to the new price list", help=["Price or terms"])
    company.winds(to=DIGEST)
    for wanted in ("visit of our engineer", "new price list"):
        assert wanted in thomas.messages[-1]["text"] + thomas.last_words()
    thomas.clicks("Help", near="Emily Carter asks you for help.")
    assert "visit of our engineer" in thomas.sees()
    thomas.submits(promise="Anna comes along", due="2027-01-27")
    assert "Anna comes along" in thomas.sees()
    thomas.clicks("Help", near="Check-ins of your team")
    assert "new price list" in thomas.sees()
    thomas.submits(promise="The list for your region", due="2027-01-26")
    promised = {one.what: one.promise for one in requests(company, emily) if one.state is State.PROMISED}
    assert promised == {"The customer asks for a visit of our engineer": "Anna comes along",
                        "No access to the new price list": "The list for your region"}  # fmt: skip
    emily.opens_home()
    assert all(words in emily.home for words in promised.values())


def test_a_promise_that_changes_later_is_told_anew_and_a_second_thought_is_not(company: Company) -> None:
    emily, thomas = blocked(company)
    told = "Thomas Keller answered your check-in of Thu 21 Jan."

    def promises(words: str, label: str = "Change promise") -> None:
        thomas.clicks(label)
        thomas.submits(promise=words, due="2027-01-26")
        company.winds(plus="15m")

    promises("The list for your region", "Help")
    company.winds(to="2027-01-22T09:31:00-05:00")
    assert emily.pushes.count(told) == 1
    promises("The list for the whole coast")
    assert emily.pushes.count(told) == 1
    assert "The list for the whole coast" in emily.last_words()
    company.winds(plus="2h")
    promises("Half of the list")
    assert emily.pushes.count(told) == 2
    assert "Half of the list" in emily.last_words()
    assert "The list for the whole coast" in emily.sees(), "what was said stands"


def test_a_promise_is_not_made_over_one_that_was_not_seen(company: Company) -> None:
    emily, thomas = blocked(company)
    thomas.clicks("Help")
    seen = thomas.modal["private_metadata"]
    thomas.submits(promise="The list for your region", due="2027-01-26")
    steps = company.cairn.desk.flows.steps

    def promises_again(session: Session) -> None:
        turn = company.cairn.desk.turn(session, people.get(session, thomas.id))
        turn.carry, turn.inputs = seen, Inputs({"promise": "Another one", "due": "2027-01-27"})
        steps["support.promise"](turn)

    with pytest.raises(Refused, match="settled meanwhile"):
        company.knows(promises_again)
    assert [one.promise for one in requests(company, emily)] == ["The list for your region"]


def test_what_each_manager_wrote_stays_theirs(company: Company) -> None:
    emily, thomas = blocked(company)
    thomas.clicks("Comment")
    thomas.submits(comment="Thank you for saying it early.")
    moved = Stint(emily.id, "Sales", "", "U01QIANG", date(2027, 1, 25))
    company.knows(lambda session: people.place(session, moved))
    company.winds(to="2027-01-25T10:00:00+08:00")
    qiang = company.person("qiang")
    qiang.types("/cairn team")
    assert "已评论" not in qiang.sees()
    assert "1月21日 周四  ·  当时汇报给前任主管" in qiang.sees(), "he has not read it"
    qiang.clicks("评论")
    assert "Thank you" not in qiang.sees()
    assert "price list" not in qiang.sees(), "she did not write this to him"
    qiang.submits(comment="我来问价格表的事")
    assert "Thomas Keller wrote:*\n>Thank you for saying it early." in emily.last_words()
    assert "王强 wrote:*\n>我来问价格表的事" in emily.last_words()
    qiang.closes()
    qiang.types(f"/cairn talk <@{emily.id}>")
    assert "还没办完的求助" in qiang.sees(), "the window says what passes on"
    assert qiang.sees().count("price list") == 1, "as the help that is open, not as her check-in"


def test_a_request_goes_with_who_asked_to_each_next_manager(company: Company) -> None:
    working(company, "emily")
    emily, thomas, qiang, lena = (company.person(name) for name in ("emily", "thomas", "qiang", "lena"))

    def moves(to: Persona, day: int) -> None:
        stint = Stint(emily.id, "Sales", "", to.id, date(2027, 1, day))
        company.knows(lambda session: people.place(session, stint))

    emily.types("/cairn support")
    emily.submits(what="The price list by Friday")
    moves(qiang, 19)  # overnight, before Thomas was told
    for moment in ("19T10:00:00+01:00", "20T10:00:00+08:00"):
        company.winds(to=f"2027-01-{moment}")
    assert thomas.pushes == []
    assert qiang.pushes == ["Emily Carter 请你帮忙。"]
    assert "You asked 王强 for help." in emily.last_words()
    moves(lena, 21)
    for moment in ("21T13:00:00+01:00", "22T13:00:00+01:00"):
        company.winds(to=f"2027-01-{moment}")
    assert "Emily Carter asks you for help." in lena.pushes
    assert "这个求助由新主管答复" in qiang.last_words()
    lena.clicks("Help", near="asks you for help")
    lena.submits(promise="The list comes on Monday", due="2027-01-25")
    assert "Monday" not in qiang.last_words(), "that is between the two of them"


def test_what_is_done_on_the_second_page_of_a_team_leads_back_to_it(company: Company) -> None:
    placed_people(company)
    thomas = company.person("thomas")
    others = ("min", "hao", "qian", "kai", "lei", "chen", "yang", "wei", "haitao", "jing", "julia")
    for name in others:
        place = Stint(company.person(name).id, "Sales", "", thomas.id, date(2027, 1, 4))
        company.knows(lambda session, place=place: people.place(session, place))
    thomas.types("/cairn team")
    thomas.clicks("Further")
    second = thomas.sees()
    thomas.clicks("Add to 1:1")
    thomas.submits(point="Her wish to lead the tender")
    assert "Her wish to lead the tender" in thomas.sees()
    thomas.clicks("Talked about")
    assert thomas.sees() == second


def test_a_digest_of_sixty_in_need_fits_one_message(company: Company) -> None:
    emily, _ = blocked(company)
    (one,) = requests(company, emily)
    steps = company.cairn.desk.flows.steps
    person = Person(emily.id, "Emily Carter")
    wanting = Checkin(one.cycle_id, emily.id, date(2027, 1, 28), Kind.BLOCKED, blocking="x" * 900, told=True)
    silent = Checkin(one.cycle_id, emily.id, one.day, Kind.MISSED, told=True)
    lines = [Told(person, wanting, (), (), request=one)] * 60 + [Told(person, silent, (), (), talk=True)]
    numbers, named = ((person, Answering(1, 2, 1)),), {emily.id: person}
    facts = Digest(one.cycle_id, one.day, tuple(lines), 3, (one,) * 9, numbers, named, steps)
    body = digest(Words("en"), facts).body()
    assert 40 < len(body["blocks"]) <= 50
    chosen = {each["value"] for block in body["blocks"] for each in block.get("accessory", {}).get("options", ())}
    assert f"help/{one.place}" in chosen, "the request that is open, of whichever day"
    assert f"help/{one.cycle_id}/{emily.id}/2027-01-28" not in chosen
