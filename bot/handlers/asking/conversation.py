"""The flow itself: who answers a question, and under which keys its cards stand."""

from bot.domain.access import Act
from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.slack.flow import Flow, Turn
from bot.store import cycles, interviews, people
from bot.store.questions import Question

flow = Flow("asking")

RESULT = "result"


def about_result(cycle_id: str) -> str:
    """What a question is kept with that is about its asker's result."""
    return f"{RESULT}/{cycle_id}"


def cycle_of(turn: Turn, one: Question) -> Cycle | None:
    """The cycle whose result a question is about."""
    return cycles.get(turn.session, one.about.partition("/")[2]) if one.about else None


def answerers(turn: Turn, asker_id: str, about: str) -> list[Person]:
    """Who answers: HR; about a result whoever leads the asker today, and HR only where nobody does."""
    if about:
        return interviews.who_answers(turn.session, asker_id, turn.today)
    return people.holders(turn.session, people.HR)


def who_of(turn: Turn, asker_id: str, about: str) -> Person | None:
    """Who leads the asker, where they answer; None is HR."""
    return interviews.leader_of(turn.session, asker_id, turn.today) if about else None


def must_answer(turn: Turn, one: Question) -> None:
    """Refuse whoever a question is not for."""
    if turn.person in answerers(turn, one.asker_id, one.about):
        return
    if one.about:
        turn.must(Act.HOLD_INTERVIEW, one.asker_id)
    turn.must(Act.RUN_CYCLE, turn.person.id)


def mine_key(one: Question) -> str:
    """The asker's card."""
    return f"asking/{one.id}/{one.asker_id}"


def their_key(one: Question, reader: Person) -> str:
    """The card of somebody who is to answer."""
    return f"asking/{one.id}/hr/{reader.id}"


def due_key(one: Question, reader: Person, n: int) -> str:
    """The nth reminder of it."""
    return f"asking/{nth(one, n)}/due/{reader.id}"


def nth(one: Question, n: int) -> str:
    """What the nth reminder of a question is known by; the first one by the question."""
    return one.id if n == 1 else f"{one.id}/{n}"
