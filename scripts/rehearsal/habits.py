"""What people do when they see something to press: choices by the step behind a button, never by its words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from scripts.rehearsal.reading import Press

LEAVE = ""
"""The choice to press nothing."""


@dataclass(frozen=True)
class Choice:
    """Buttons of which a person presses one, with how often they press which.

    Decided once for each value that the buttons carry, or for each message or window if `by_message`; `needs` is a step
    that has to be on the message as well, `lacks` one that may not be; `primary` looks at the highlighted button only,
    `ending` at those whose value ends so.
    """

    name: str
    weights: Mapping[str, float]
    needs: str = ""
    lacks: str = ""
    by_message: bool = False
    primary: bool = False
    ending: str = ""


ON_MESSAGES = (
    Choice("see what was gathered", {"attention.show": 1}),
    Choice("import", {"imports.apply": 1}),
    Choice("draft goals", {"goals.look": 1}, primary=True),
    Choice("answer goals", {"goals.agree": 0.8, "goals.edit": 0.2}, needs="goals.agree", by_message=True),
    Choice("name my goals", {"goals.known": 0.7, "goals.not_quite": 0.3}),
    Choice("check in", {"checkins.same": 0.5, "checkins.update": 0.4, "checkins.blocked": 0.1}),
    Choice("read digest", {"checkins.acknowledge": 0.8, LEAVE: 0.2}),
    Choice("help who asks", {"support.offer": 0.8, LEAVE: 0.2}, primary=True),
    Choice("help", {"support.offer": 0.2, LEAVE: 0.8}),
    Choice("comment", {"checkins.comment": 0.1, LEAVE: 0.9}),
    Choice("plan a talk", {"checkins.add_to_talk": 0.1, LEAVE: 0.9}),
    Choice("deliver", {"support.deliver": 0.7, LEAVE: 0.3}),
    Choice("say whether it helped", {"support.rate": 1}, by_message=True),
    Choice("catch up", {"checkins.catch_up": 0.8, LEAVE: 0.2}),
    Choice("nominate", {"peers.propose": 1}, primary=True),
    Choice("approve raters", {"peers.approve": 0.7, "peers.change": 0.3}),
    Choice("replace rater", {"peers.ask_more": 1}),
    Choice("take one more", {"peers.consent": 1}),
    Choice("give feedback", {"peers.start": 0.93, "peers.decline": 0.02, LEAVE: 0.05}),
    Choice("review myself", {"reviews.open_self": 1}, primary=True),
    Choice("list my reviews", {"reviews.show_team": 1}),
    Choice("review", {"reviews.open_report": 1}, primary=True),
    Choice("give reasons", {"reviews.explain": 1}, primary=True),
    Choice("see missing values", {"actuals.show_missing": 1}),
    Choice("release", {"scoring.release": 1}),
    Choice("open result", {"delivery.open_result": 1}),
    Choice("see team's results", {"delivery.show_team": 1}),
    Choice("thank for feedback", {"feedback.thank": 0.7, LEAVE: 0.3}),
    Choice("answer question", {"asking.open_answer": 0.8, LEAVE: 0.2}, by_message=True),
    Choice("see suggestions", {"suggestions.show": 1}, by_message=True),
    Choice("hold talk", {"talks.open_talk": 0.8, "talks.leave_out": 0.1, LEAVE: 0.1}, by_message=True),
    Choice("action done", {"talks.done_in_checkin": 0.7, LEAVE: 0.3}),
    Choice("write rules", {"rules.write": 1}),
    Choice("prepare talk", {"interviews.prepare": 0.8, LEAVE: 0.2}, by_message=True),
    Choice("list talks", {"interviews.show": 1}, by_message=True),
    Choice("open talk", {"interviews.look": 0.6, LEAVE: 0.4}, by_message=True),
    Choice("read minutes", {"interviews.confirm": 0.7, "interviews.comment_form": 0.3}),
    Choice("name who decides", {"appeals.choose_handler": 1}),
    Choice("hear appeal", {"appeals.open_record": 1}, by_message=True),
    Choice("see plan", {"plans.seen": 1}),
    Choice("write checkpoint", {"plans.write": 1}, by_message=True),
    Choice("say how plan goes on", {"plans.propose": 1}),
    Choice("read plan", {"plans.open_plan": 0.8, "plans.add_words": 0.2}, by_message=True),
    Choice("look at proposals", {"outcomes.look": 1}),
    Choice("read what was decided", {"outcomes.open_person": 0.8, LEAVE: 0.2}),
    Choice("be commended", {"outcomes.agree": 0.5, "outcomes.decline": 0.5}),
)
"""In a DM."""

IN_WINDOWS = (
    Choice("review", {"reviews.open_report": 1}, primary=True),
    Choice("write review", {"reviews.write": 1}),
    Choice("ask why", {"delivery.ask_why": 1}, by_message=True),
    Choice("see chart", {"delivery.show_chart": 0.3, LEAVE: 0.7}),
    Choice("answer result", {"delivery.seen_and_agree": 0.9, "delivery.disagree_form": 0.05, LEAVE: 0.05},
           needs="delivery.seen_and_agree"),
    Choice("open result", {"delivery.open_result": 1}),
    Choice("ask HR", {"asking.to_hr": 0.7, LEAVE: 0.3}),
    Choice("answer suggestion", {"suggestions.open_answer": 0.6, LEAVE: 0.4}),
    Choice("talk with", {"talks.open_talk": 0.4, LEAVE: 0.6}),
    Choice("talk", {"talks.talked": 0.4, "talks.choose": 0.2, "talks.add_point": 0.2, "talks.add_item": 0.1,
                    "talks.add_note": 0.1}),
    Choice("publish rules", {"rules.publish": 1}),
    Choice("prepare talk", {"interviews.prepare_here": 0.8, LEAVE: 0.2}),
    Choice("open talk", {"interviews.look": 1}),
    Choice("correct value", {"appeals.adjust_form": 1}),
    Choice("confirm plan", {"plans.confirm": 1}),
    Choice("decide for all", {"outcomes.group_form": 1}),
    Choice("decide for one", {"outcomes.decide_form": 1}, ending="/commendation"),
    Choice("look at one", {"outcomes.open_person": 1}, lacks="outcomes.group_form"),
    Choice("look at group", {"outcomes.open_group": 1}),
    Choice("back to proposals", {"outcomes.back": 1}),
)  # fmt: skip
"""In a modal; what is not here is filled in and sent, or closed."""


@dataclass(frozen=True)
class Impulse:
    """What somebody begins by themselves on some Mondays: they type it, or press a button that still stands there."""

    begins: str
    chance: float

    @property
    def typed(self) -> bool:
        """Whether it is typed."""
        return self.begins.startswith("/")


ON_MONDAYS = (
    Impulse("/cairn kudos", 0.03),
    Impulse("/cairn feedback", 0.02),
    Impulse("/cairn ask", 0.015),
    Impulse("/cairn suggest", 0.015),
    Impulse("/cairn support", 0.015),
    Impulse("/cairn talk", 0.03),
    Impulse("suggestions.look", 0.2),
)

NOT_SENT = {"goals.withdraw"}
"""Forms that nobody means to send."""

Decided = set[tuple[str, str]]


def wish(
    choices: Iterable[Choice], seen: list[Press], decided: Decided, own: Mapping[str, Mapping[str, float]], rng: Random
) -> Press | None:
    """What a person presses next, if anything; what they decided is kept in `decided`."""
    for choice in choices:
        weights = own.get(choice.name, choice.weights)
        offered = [one for one in seen if _offered(choice, weights, one, seen)]
        for first in offered:
            key = (choice.name, first.surface if choice.by_message else first.value)
            if key in decided:
                continue
            decided.add(key)
            among = [one for one in offered if choice.by_message or one.value == first.value]
            if pressed := _drawn(among, weights, rng):
                return pressed
    return None


def _offered(choice: Choice, weights: Mapping[str, float], one: Press, seen: list[Press]) -> bool:
    if one.step not in {*choice.weights, *weights} or (choice.primary and not one.primary):
        return False
    there = {other.step for other in seen}
    return one.value.endswith(choice.ending) and choice.lacks not in there and {choice.needs} - {""} <= there


def _drawn(among: list[Press], weights: Mapping[str, float], rng: Random) -> Press | None:
    """Draw one of those there are; leaving it is always there."""
    there = {one.step: one for one in reversed(among)}
    steps = [step for step in weights if step == LEAVE or step in there]
    if not steps:
        return None
    return there.get(rng.choices(steps, [weights[step] for step in steps])[0])
