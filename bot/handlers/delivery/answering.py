"""The answer to a result: seen and agreed, or seen and not agreed, and who hears of it."""

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.refusal import Refused
from bot.domain.score import Rated
from bot.handlers.delivery import steps, views
from bot.handlers.delivery.conversation import flow
from bot.handlers.delivery.facts import open_for
from bot.handlers.delivery.parts import Answers, Opened
from bot.slack.blocks import View
from bot.slack.flow import Replace, Turn
from bot.store import cycles, interviews, people, results
from bot.store.results import Answer


@flow.action
def seen_and_agree(turn: Turn) -> Replace:
    """Somebody agrees with their own result."""
    return Replace(_answer(turn, Answer.AGREES, ""))


@flow.action
def disagree_form(turn: Turn) -> Replace:
    """Ask, not demand, what they see differently."""
    cycle_id, person_id = turn.carried(2)
    opened = open_for(turn, cycle_id, person_id)
    turn.must(Act.ANSWER_RESULT, person_id)
    _check_open(opened)
    return Replace(views.disagreement(turn.t, opened.cycle, opened.carry, opened.manager))


@flow.view
def send_disagreement(turn: Turn) -> Replace:
    """Somebody does not agree with their own result."""
    view = _answer(turn, Answer.DISAGREES, turn.inputs.text("words"))
    cycle_id, _ = turn.carried(2)
    for one in interviews.who_answers(turn.session, turn.person.id, turn.today):
        turn.remind(tell_disagrees, one.id, turn.now, f"{cycle_id}/{turn.person.id}")
    return Replace(view)


@flow.prompt_that(Attention.FREE)
def tell_disagrees(turn: Turn) -> None:
    """Who leads them hears that somebody wants to talk, in a working hour; HR hears it where nobody does."""
    cycle_id, person_id = turn.carried(2)
    if person := people.get(turn.session, person_id):
        leader = interviews.leader_of(turn.session, person_id, turn.today)
        words = views.does_not_agree if leader else views.nobody_leads
        key = f"delivery/{cycle_id}/{person_id}/disagrees/{turn.person.id}"
        turn.say(turn.person, key, words, person, cycles.get(turn.session, cycle_id), turn.carry)


def _answer(turn: Turn, answer: Answer, words: str) -> View:
    cycle_id, person_id = turn.carried(2)
    turn.must(Act.ANSWER_RESULT, person_id)
    answers = _check_open(open_for(turn, cycle_id, person_id))
    results.answered(turn.session, cycle_id, person_id, answer, words, turn.now, answers.talked_at)
    turn.note(Act.ANSWER_RESULT, person_id, f"{cycle_id}/{answer.value}")
    opened = open_for(turn, cycle_id, person_id)
    steps.tell_person(turn, turn.person, opened.cycle, opened.result)
    return views.result_page(turn.t, opened)


def _check_open(opened: Opened) -> Answers:
    answers = opened.answers
    if opened.result.outcome.state is not Rated.RATED or answers is None:
        raise Refused("There is no result to agree with yet.")
    if not answers.open and opened.result.answer is not Answer.NONE:
        raise Refused("You have answered this result already. Your manager is there for questions.")
    if not answers.open:
        raise Refused("The days to answer ended on {day}. For questions your manager and HR are still there.",
                      day=answers.until)  # fmt: skip
    return answers
