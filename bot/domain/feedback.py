"""Feedback from colleagues: who may be asked, in which group an answer counts, and what is opened at the close."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from random import Random
from statistics import median_high

from bot.domain.anonymity import PEER, Thresholds, plain_style, split_sentences
from bot.domain.effort import effort_question, ratings_hint
from bot.domain.identifying import identifying_hints, language_hint
from bot.domain.org import Person, Stint
from bot.domain.refusal import N_, Refused, Sentence
from bot.domain.template import Group
from bot.domain.wording_hints import feedback_hints

LEAST = PEER.score_shown + 1
"""People a round is opened with, so that one of them may stay silent."""
MOST_PROPOSED, MOST_ASKED = 6, 12
MOST_OPEN = 5
"""Requests of open rounds somebody may have, answered or not, before the next one needs their consent."""
LEAST_FOR_COVERAGE = 5


class RoundState(StrEnum):
    """Where the round about one person stands."""

    ASKED = "asked"
    PROPOSED = "proposed"
    OPEN = "open"
    TOO_FEW = "too_few"
    CLOSED = "closed"


OPEN_TO_LISTS = frozenset({RoundState.ASKED, RoundState.PROPOSED, RoundState.TOO_FEW})
"""States in which the person may still propose whom to ask."""


class InvitationState(StrEnum):
    """Where one person's part in a round stands. `done` says that, not when and not how many before."""

    PROPOSED = "proposed"
    CONSENT = "consent"
    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


class Question(StrEnum):
    """What is asked in words."""

    SITUATION = "situation"
    BEHAVIOUR = "behaviour"
    IMPACT = "impact"
    NEXT_TIME = "next_time"


QUESTIONS: Mapping[Question, str] = {
    Question.SITUATION: N_("Situation: when did you work together on something?"),
    Question.BEHAVIOUR: N_("Behaviour: what did you see or hear?"),
    Question.IMPACT: N_("Impact: what came of it?"),
    Question.NEXT_TIME: N_("Next time: what should stay, what could be different?"),
}

GROUP_NAMES: Mapping[Group, str] = {
    Group.PEER: N_("Colleagues"),
    Group.UPWARD: N_("Own team"),
    Group.CROSS_DEPARTMENT: N_("Other departments"),
    Group.INTERNAL_CUSTOMER: N_("Departments served"),
}

RELATION_NAMES: Mapping[Group, str] = {
    Group.PEER: N_("colleague"),
    Group.UPWARD: N_("reports to them"),
    Group.CROSS_DEPARTMENT: N_("another department"),
    Group.INTERNAL_CUSTOMER: N_("a department served"),
}
"""The same, of one person."""


class Reason(StrEnum):
    """Why somebody would rather not answer."""

    LITTLE_CONTACT = "little_contact"
    TOO_CLOSE = "too_close"
    NO_TIME = "no_time"
    OTHER = "other"


REASONS: Mapping[Reason, str] = {
    Reason.LITTLE_CONTACT: N_("We worked together too little"),
    Reason.TOO_CLOSE: N_("I am too close to be fair"),
    Reason.NO_TIME: N_("I have no time for it in these weeks"),
    Reason.OTHER: N_("I would rather not say"),
}


@dataclass(frozen=True)
class Round:
    """The round about one person in a cycle; `approver_id` has the card about it, which says nothing of who leads."""

    cycle_id: str
    ratee_id: str
    state: RoundState
    approver_id: str = ""


@dataclass(frozen=True)
class Invitation:
    """That somebody was asked about somebody, and whether they are done. It knows nothing of the answer."""

    cycle_id: str
    ratee_id: str
    rater_id: str
    relation: Group
    state: InvitationState
    asked_on: date | None = None


@dataclass(frozen=True)
class Answer:
    """What one colleague said: levels by topic, only those observed, and texts by question, only those written."""

    ratings: Mapping[str, int] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)
    levels: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Levels of the goals that colleagues judge, by goal, as they are written."""


@dataclass(frozen=True)
class Judged:
    """The level of a goal that `n` colleagues found right: the middle one, of two the better."""

    goal_id: str
    n: int
    level: Decimal


@dataclass(frozen=True)
class TopicMean:
    """The mean of a topic over those who observed it."""

    topic_id: str
    n: int
    mean: Decimal


@dataclass(frozen=True)
class Said:
    """One sentence under the question it answers, of nobody in particular."""

    question: str
    sentence: str = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """What is left of a group's answers when its seal is broken: in no order, and without what was one person's.

    `means` and `judged` are kept for the result, and of so many people only as may count in one.
    """

    n: int
    means: tuple[Decimal, ...]
    topics: tuple[TopicMean, ...]
    said: tuple[Said, ...]
    judged: tuple[Judged, ...] = ()


# Who may be asked ---------------------------------------------------------------------------


def check_raters(
    chosen: Sequence[str], ratee_id: str, manager_ids: Collection[str], known: Mapping[str, Person], placed: set[str]
) -> None:
    """Refuse anybody who cannot answer; `known` are the people Slack told of, `placed` those with a department."""
    for one in chosen:
        if one == ratee_id:
            raise Refused("Nobody gives confidential feedback on themself. Please choose colleagues.", field="raters")
        if one not in known:
            raise Refused("One of these people is not known to me. Please choose others.", field="raters")
        name = known[one].name
        if one in manager_ids:
            raise Refused("{name} reviews this work as the manager already.", field="raters", name=name)
        if not known[one].takes_part:
            raise Refused("{name} is a guest or has left, and cannot be asked.", field="raters", name=name)
        if one not in placed:
            raise Refused("{name} is not in the company's list of people yet.", field="raters", name=name)


def check_number(chosen: Sequence[str], most: int) -> None:
    """Refuse too few to hide among, and more than is kind to ask."""
    if not LEAST <= len(set(chosen)) <= most:
        raise Refused(
            "Please choose {least} to {most} people; {chosen} are chosen now.",
            field="raters",
            least=LEAST,
            most=most,
            chosen=len(set(chosen)),
        )


def relation_of(ratee: Stint, rater: Stint, *, served: bool) -> Group:
    """What a rater is to the ratee; `served` tells that other departments are customers of the ratee's."""
    if rater.manager_id == ratee.person_id:
        return Group.UPWARD
    if rater.department == ratee.department:
        return Group.PEER
    return Group.INTERNAL_CUSTOMER if served else Group.CROSS_DEPARTMENT


def merged(relations: Mapping[str, Group], least: int) -> dict[str, Group]:
    """Put groups smaller than `least` together with the largest, since a small one could never be shown."""
    sizes = Counter(relations.values())
    largest = min(sizes, key=lambda group: (-sizes[group], list(Group).index(group)))
    return {rater: group if sizes[group] >= least else largest for rater, group in relations.items()}


def joining(relation: Group, present: Sequence[Group]) -> Group:
    """The group of somebody who is asked later: their own if the round has it, else the largest."""
    sizes = Counter(present)
    return relation if relation in sizes else min(sizes, key=lambda group: (-sizes[group], list(Group).index(group)))


# What is said, and what is opened of it ---------------------------------------------------------


def check_answer(answer: Answer) -> None:
    """Refuse an answer that says nothing at all."""
    if not answer.ratings and not answer.texts and not answer.levels:
        raise Refused(
            "Please rate at least one topic or write one example. If you saw too little, close this and decline.",
            field=Question.BEHAVIOUR.value,
        )


def hints(
    answer: Answer, names: Collection[str], others: Collection[str] = (), seconds: float | None = None
) -> list[Sentence]:
    """What the author alone is told before sending: words that help nobody, or give them away, or say little.

    `names` is what the author goes by, `others` the languages of the other people in their group, `seconds` how long
    the form was open.
    """
    texts = list(answer.texts.values())
    of_texts = [hint for text in texts for hint in (*feedback_hints(text), *identifying_hints(text, names))]
    of_all = [
        language_hint(texts, others),
        effort_question(texts),
        ratings_hint(list(answer.ratings.values()), texts, seconds=seconds),
    ]
    found = [*of_texts, *(hint for hint in of_all if hint)]
    return [hint for n, hint in enumerate(found) if hint not in found[:n]]


MIXED = ""
"""In the place of a question: what was said to several questions that few answered."""


def opened(answers: Sequence[Answer], thresholds: Thresholds, rng: Random) -> Opened:
    """Take a group's answers apart: per topic and per question, shuffled, and nothing that too few people gave."""
    rated = [answer.ratings for answer in answers if answer.ratings]
    wrote = [answer.texts for answer in answers if answer.texts]
    means = [Decimal(sum(each.values())) / len(each) for each in rated]
    rng.shuffle(means)
    return Opened(
        n=len(answers),
        means=tuple(means) if len(rated) >= thresholds.score_used else (),
        topics=_topic_means(rated, thresholds.score_shown),
        said=_shuffled(wrote, thresholds.comments, rng),
        judged=_judged([answer.levels for answer in answers], thresholds.score_used),
    )


def _judged(chosen: Sequence[Mapping[str, str]], least: int) -> tuple[Judged, ...]:
    by_goal: dict[str, list[Decimal]] = {}
    for levels in chosen:
        for goal_id, level in levels.items():
            by_goal.setdefault(goal_id, []).append(Decimal(level))
    return tuple(
        Judged(goal_id, len(levels), median_high(levels))
        for goal_id, levels in sorted(by_goal.items())
        if len(levels) >= least
    )


def _topic_means(rated: Sequence[Mapping[str, int]], least: int) -> tuple[TopicMean, ...]:
    by_topic: dict[str, list[int]] = {}
    for ratings in rated:
        for topic_id, level in ratings.items():
            by_topic.setdefault(topic_id, []).append(level)
    enough = {topic_id: levels for topic_id, levels in sorted(by_topic.items()) if len(levels) >= least}
    return tuple(TopicMean(one, len(levels), Decimal(sum(levels)) / len(levels)) for one, levels in enough.items())


def _shuffled(wrote: Sequence[Mapping[str, str]], least: int, rng: Random) -> tuple[Said, ...]:
    """Mix sentences under their questions; those of questions that too few answered are mixed with each other.

    A lone sentence under a heading of its own would be nobody's only in name.
    """
    writers = Counter(question for texts in wrote for question in texts)
    few = {question for question, n in writers.items() if n < least}
    if len([texts for texts in wrote if few & texts.keys()]) < least:
        wrote, few = [{name: text for name, text in texts.items() if name not in few} for texts in wrote], set()
    said = [
        Said(MIXED if question in few else question, plain)
        for texts in wrote
        for question, text in texts.items()
        for sentence in split_sentences(text)
        if (plain := plain_style(sentence))
    ]
    rng.shuffle(said)
    return tuple(said)
