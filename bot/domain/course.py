"""The course before a cycle: five cards, three questions, two more cards for managers. Nothing is graded."""

from dataclasses import dataclass

from bot.domain.refusal import N_


@dataclass(frozen=True)
class Card:
    """One card to read."""

    title: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question with its answers; `right` is the place of the right one, `why` is said whatever was chosen."""

    ask: str
    answers: tuple[str, ...]
    right: int
    why: str


FOR_ALL: tuple[Card | Question, ...] = (
    Card(
        N_("What this is"),
        (
            N_("You and your manager agree on what matters this cycle, keep in touch while you work on it, and look "
               "back together at the end."),
            N_("I carry the messages, remember what was agreed and do the arithmetic. People decide."),
            N_("It takes you about ten minutes a week, all of it here in Slack."),
        ),
    ),
    Card(
        N_("Why we do it"),
        (
            N_("So that you know what is expected of you, and can say so when it makes no sense."),
            N_("So that help comes while it still helps, not in a talk months later."),
            N_("So that good work is seen, also the quiet kind."),
        ),
    ),
    Card(
        N_("What happens when"),
        (
            N_("First goals: you draft, your manager answers, and nothing counts before both of you agree."),
            N_("Then the work: a short check-in now and then, at your own working hours. One tap is enough when "
               "nothing has changed."),
            N_("At the end you look back, colleagues say what they saw, your manager writes a review, and the two of "
               "you talk."),
        ),
    ),
    Card(
        N_("How you are judged"),
        (
            N_("By the goals you agreed, by described behaviour, and by what colleagues saw; your goal card shows the "
               "weights from the first day."),
            N_("Every number opens: press *Why?* to see where it comes from and how it was computed."),
            N_("What colleagues write is sealed, opened once, and shown only when enough of them answered."),
        ),
    ),
    Card(
        N_("When you disagree"),
        (
            N_("You may suggest other goals, or agree under protest; whoever reads your goals may read why."),
            N_("You may say that you have seen a result and do not agree. To see is not to agree."),
            N_("What follows from a result is published before the start: `/cairn rules`."),
        ),
    ),
    Question(
        N_("Your manager suggests a target you think cannot be reached. What can you do?"),
        (
            N_("Nothing, the manager decides"),
            N_("Suggest another one and say why"),
            N_("Leave it open, then it counts as agreed"),
        ),
        1,
        N_("Nothing counts before both agree. Suggest what you think is fair; numbers from earlier make it easier."),
    ),
    Question(
        N_("It is the middle of the cycle and you are stuck. When do you say so?"),
        (N_("In the next check-in, or right away"), N_("At the end, in the self-review"), N_("Only when asked twice")),
        0,
        N_("A check-in asks what blocks you and what would help. Early is not a weakness; it is what it is for."),
    ),
    Question(
        N_("You get a result and do not understand a number. What now?"),
        (N_("Accept it"), N_("Ask a colleague for theirs"), N_("Press *Why?* beside it, then ask")),
        2,
        N_("Every number shows its source and its arithmetic. When it still looks wrong, say that you do not agree."),
    ),
)  # fmt: skip

FOR_MANAGERS: tuple[Card | Question, ...] = (
    Card(
        N_("For managers: reasons"),
        (
            N_("Write what happened, what came of it, and what you would like to see next time."),
            N_("Describe behaviour, not character: “the report came two days late”, not “unreliable”."),
            N_("A low grade needs a dated example and an earlier word about it. Nobody should be surprised in the "
               "talk."),
        ),
    ),
    Card(
        N_("For managers: the talk"),
        (
            N_("Ask first and listen. The other side of the table often knows the gap and its cause."),
            N_("Begin with what went well, with facts. Then one or two gaps, not ten."),
            N_("End with one next step for each gap: who does what by when, and what you will do to help."),
        ),
    ),
)  # fmt: skip


def steps(*, manages: bool) -> tuple[Card | Question, ...]:
    """Everything there is for somebody, in its order."""
    return (*FOR_ALL, *FOR_MANAGERS) if manages else FOR_ALL
