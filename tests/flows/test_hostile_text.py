"""What no database keeps, and more of it than anybody may write, through every door; PostgreSQL is the stricter one."""

import random

import pytest

from bot.store import people
from sandbox.state import Envelope
from tests.company import Company
from tests.flows.test_hostile_words import CANARY, no_word_in_a_log
from tests.forging import Forger, everything
from tests.goal_talks import invited_sellers

__all__ = ["no_word_in_a_log"]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
    pytest.mark.usefixtures("no_word_in_a_log"),
]
"""It refuses NUL, halves of characters, and keys of more than 2,704 bytes."""

BROKEN = f"{CANARY} a\x00b \ud83d c"
MENDED = f"{CANARY} ab \ufffd c"


def long(count: int) -> str:
    """Words that no database can pack into fewer bytes."""
    return f"{CANARY} " + "".join(chr(random.Random(n).randrange(0x4E00, 0x9FFF)) for n in range(count))


def typed(words: str) -> dict[str, str]:
    return {"type": "plain_text_input", "value": words}


def test_what_nobody_can_read_is_left_out_wherever_it_comes_in(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    invited_sellers(company)
    emily, forger = company.person("emily"), Forger(company, "U01EMILY")
    emily.clicks("Draft your goals")
    emily.clicks("Propose to Thomas Keller")
    forger.sends("goals.send", emily.modal["private_metadata"], {"comment": typed(BROKEN)})
    company.settles()
    assert MENDED in company.person("thomas").sees()
    for carry in (BROKEN, f"{BROKEN}/{BROKEN}", long(9_000)):
        forger.presses("goals.look", carry)
        forger.sends("goals.send", carry, {f"comment{BROKEN}": typed(BROKEN)})
    profile = {"real_name": f"Emily {BROKEN}", "email": "emily@lantern.example"}
    news = {"id": emily.id, "tz": "America/New_York", "profile": profile, "locale": "en-\x00US"}
    body = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "user_change", "user": news}}
    at = {"event_time": int(company.real_clock.now().timestamp())}
    assert company.runs(company._deliver(Envelope("events_api", body | at, "e"))).status == 200
    assert company.knows(lambda session: people.get(session, emily.id)).name == f"Emily {MENDED}"
    command = {"command": "/cairn", "text": BROKEN, "user_id": emily.id, "trigger_id": "1.1"}
    answer = company.runs(company._deliver(Envelope("slash_commands", command, "c")))
    assert answer.body["text"].startswith("I did not understand that.\nI do not know")
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


@pytest.mark.parametrize(("who", "sentence"), [("emily", "longer than 3,000 characters"), ("mei", "最多 3,000 个字符")])
def test_more_than_an_input_takes_is_refused_in_a_sentence(company: Company, who: str, sentence: str) -> None:
    forger = Forger(company, company.person(who).id)
    before = everything(company)["people"]
    answer = forger.sends("checkins.send", "x", {"note": typed(long(9_000))})
    assert sentence in answer.body["errors"]["note"]
    assert sentence in forger.reads("checkins.send", "x", {"note": typed(long(3_000))})
    assert everything(company)["people"] == before
    assert everything(company)["inbox"] == set()


def test_a_file_with_a_cell_too_long_for_a_key_is_refused_in_a_sentence(company: Company) -> None:
    mei = company.person("mei")
    head = "email,name,department,manager_email\nemily@lantern.example,Emily Carter"
    mei.drops("people.csv", f"{head},{long(3_000)},\n".encode())
    assert "第 2 行有一个单元格超过 500 个字符" in mei.last_words()
    mei.types("/cairn language en")
    mei.drops("people.csv", f"{head},{long(3_000)},\n".encode())
    assert "Line 2 holds a cell of more than 500 characters, or one that nobody can read." in mei.last_words()
    mei.drops("people.csv", f"{head},{long(480)},\n".encode())
    mei.clicks("Apply")
    assert "Done" in mei.last_words()
