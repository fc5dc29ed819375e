"""Feedback from colleagues: asked, answered in confidence, opened once or never."""

import pytest
from sqlalchemy import inspect, text

from bot.store import released, sealed
from tests.company import Company, Persona
from tests.stories import launched_quarter

TEAM = ["marcus", "lena", "jonas", "sofia", "pierre"]
TOPICS = ("customers", "forecast", "teamwork", "follow_through")
GOOD = "On the Hansa order she called the customer within the hour and told the warehouse what had changed."
ASSESSING, CLOSING = "2027-04-01T10:00:00-04:00", "2027-04-15T12:00:30+00:00"


def ids(company: Company, *names: str) -> list[str]:
    return [company.person(name).id for name in names]


def proposing(company: Company) -> tuple[str, Persona]:
    """The quarter is over, and Emily is asked whom to ask."""
    cycle = launched_quarter(company)
    company.winds(to=ASSESSING)
    return cycle.id, company.person("emily")


def asked(company: Company, *names: str) -> str:
    """Emily proposed these people and Thomas approved."""
    cycle_id, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, *names))
    company.person("thomas").clicks("Approve")
    return cycle_id


def answers(person: Persona, level: int = 4, **texts: str) -> None:
    """Rate every topic and write something; nothing is in the way."""
    person.clicks("Start", near="Emily Carter")
    person.submits(**dict.fromkeys(TOPICS, str(level)), **(texts or {"behaviour": GOOD}))


def test_a_list_is_proposed_approved_and_everybody_on_it_is_asked(company: Company) -> None:
    _, emily = proposing(company)
    assert "Who can say what it is like to work with you?" in emily.sees()
    emily.clicks("Propose colleagues")
    assert set(emily.modal["blocks"][1]["element"]["initial_users"]) <= set(ids(company, *TEAM))
    emily.submits(raters=ids(company, *TEAM))
    assert "Thomas Keller looks at your list next" in emily.sees()
    thomas = company.person("thomas")
    assert "Marcus Reed, Colleagues: 0 open requests" in thomas.sees()
    thomas.clicks("Approve")
    assert "5 people are asked for feedback on Emily Carter." in thomas.sees()
    assert "5 colleagues are asked about working with you." in emily.sees()
    assert "anonymous towards Emily Carter, managers and HR" in company.person("marcus").sees()
    assert "Would you give confidential feedback on working with Emily Carter?" in company.person("lena").sees()


def test_answers_are_opened_once_at_the_close_and_nobody_is_named(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    for n, name in enumerate(TEAM):
        answers(company.person(name), 1 + n % 5)
    assert company.knows(lambda session: released.summary(session, cycle_id, "U01EMILY")) == ()
    company.winds(to=CLOSING)
    (group,) = company.knows(lambda session: released.summary(session, cycle_id, "U01EMILY"))
    assert (group.group, group.invited, group.n) == ("peer", 5, 5)
    assert sorted(map(int, group.ratings)) == [1, 2, 3, 4, 5]
    assert {topic.shown.number for topic in group.topics} == {"3.0"}
    assert group.sentences == (GOOD,) * 5
    assert "ratings and sentences are shown, mixed and without names" in company.person("emily").sees()
    assert "Thank you for your answer" in company.person("lena").sees()
