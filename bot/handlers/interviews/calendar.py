"""The talk as a file for one's own calendar: asked for by either of the two, and brought again when it changes."""

from collections.abc import Callable
from hashlib import sha256

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.interview import LASTS, Interview
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.handlers.interviews import views
from bot.handlers.interviews.conversation import Case, case_for, case_of, flow
from bot.handlers.interviews.ics import Event, calendar_of
from bot.slack.flow import Replace, Turn
from bot.slack.handout import hand_out, was_handed
from bot.slack.inputs import File
from bot.slack.text import Text, plain
from bot.slack.words import Words
from bot.store import interviews


@flow.action
def into_calendar(turn: Turn) -> Replace:
    """Hand the file to whoever asked for it."""
    case = _planned(turn)
    name, cycle = case.other or "–", case.cycle.name
    _bring(turn, case, lambda t: t("For your calendar: your talk with {name} about {cycle}", name=name, cycle=cycle))
    return Replace(views.page_of(turn.t, case, turn.t("The file for your calendar comes into your DM with me.")))


def bring_again(turn: Turn, case: Case) -> None:
    """The talk has moved: who has the file gets it once more, the other one of the two in their working hours."""
    for one in (turn.person, case.other):
        if one and was_handed(turn, one, key_of(case.talk, one.id)):
            turn.remind(moved, one.id, turn.now, case.carry)


def hand_on(turn: Turn, talk: Interview, person: Person) -> None:
    """Somebody else holds the talk: the file that its person has names them from now on."""
    if _is_planned(talk) and was_handed(turn, person, key_of(talk, person.id)):
        turn.remind(renamed, person.id, turn.now, f"{talk.cycle_id}/{talk.person_id}")


@flow.prompt_that(Attention.FREE)
def moved(turn: Turn) -> None:
    """Somebody's calendar is brought up to date."""
    if case := _still_planned(turn):
        name, cycle = case.other or "–", case.cycle.name
        _bring(turn, case, lambda t: t(
            "Your talk with {name} about {cycle} has moved. This file takes the place of the one before.", name=name,
            cycle=cycle))  # fmt: skip


@flow.prompt_that(Attention.FREE)
def renamed(turn: Turn) -> None:
    """The same, where the day stands and whom one talks with is somebody else."""
    if case := _still_planned(turn):
        name, cycle = case.other or "–", case.cycle.name
        _bring(turn, case, lambda t: t(
            "Your talk about {cycle} is with {name} now. This file takes the place of the one before.", name=name,
            cycle=cycle))  # fmt: skip


def _bring(turn: Turn, case: Case, says: Callable[[Words], Text]) -> None:
    hand_out(turn, turn.person, key_of(case.talk, turn.person.id), file, case.carry, says)


@flow.handout
def file(turn: Turn) -> File:
    """The file as the talk is planned now."""
    case, t = _planned(turn), turn.t
    talk, opaque = case.talk, sha256(f"interview/{case.carry}".encode()).hexdigest()
    event = Event(
        uid=opaque[:32],
        sequence=talk.moves,
        day=talk.planned_on,
        begins_at=talk.begins_at,
        lasts=LASTS,
        title=plain(t("Talk: {cycle}", cycle=case.cycle.name)),
        with_whom=plain(t.names([one.name for one in (case.person, case.leader) if one])),
        written_at=turn.now,
    )
    return File("talk.ics", calendar_of(event))


def key_of(talk: Interview, reader_id: str) -> str:
    """The key of the file before one of the two."""
    return f"interviews/{talk.cycle_id}/{talk.person_id}/{reader_id}/calendar"


def _planned(turn: Turn) -> Case:
    case = case_of(turn)
    if case.talk.held_on:
        raise Refused("You have talked already.")
    if not case.talk.is_set or case.leader is None:
        raise Refused("The day of this talk is not chosen yet.")
    return case


def _still_planned(turn: Turn) -> Case | None:
    """The talk, unless they have talked meanwhile, or it is not the reader's any more: then there is nothing to say."""
    cycle_id, person_id = turn.carried(2)
    talk = interviews.find(turn.session, cycle_id, person_id)
    if talk is None or not _is_planned(talk) or not turn.may(Act.PREPARE_INTERVIEW, person_id):
        return None
    case = case_for(turn, talk, turn.person)
    return case if case.leader else None


def _is_planned(talk: Interview) -> bool:
    return talk.is_set and talk.held_on is None
