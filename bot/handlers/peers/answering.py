"""The rater's side: what is asked and what is hidden from whom, the form, hints for the author alone, the seal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain import stage_card
from bot.domain.access import Act
from bot.domain.feedback import (
    GROUP_NAMES,
    LEAST,
    QUESTIONS,
    REASONS,
    Answer,
    Invitation,
    InvitationState,
    Question,
    Reason,
    RoundState,
    check_answer,
    hints,
)
from bot.domain.goal import Goal
from bot.domain.identifying import aliases
from bot.domain.refusal import Refused, Sentence
from bot.domain.template import GRADES, Anchored, Template
from bot.handlers.peers import approving, judging
from bot.handlers.peers.conversation import Case, case_of, flow, lead, my_request
from bot.handlers.peers.judging import NOT_OBSERVED
from bot.slack.blocks import (
    Block,
    Does,
    Message,
    View,
    button,
    buttons,
    choice,
    divider,
    form,
    page,
    section,
    text_input,
)
from bot.slack.flow import Answer as Shown
from bot.slack.flow import Open, Replace, Task, Turn
from bot.slack.text import Text, bold, bullets, escape, lines
from bot.slack.training import READ, two_minutes
from bot.slack.words import Words
from bot.store import invitations, people, sealed

# What people see --------------------------------------------------------------------------


def privacy(t: Words, case: Case, mine: Invitation) -> Text:
    """What is hidden from whom, and what cannot be: on the card, and in the form however it is opened."""
    return bullets(
        [
            t(
                "Confidential means: anonymous towards {ratee}, managers and HR. Your answers go to {ratee} only as "
                "part of a group: ratings from at least {k} people, sentences from at least {c}.",
                ratee=case.ratee,
                k=case.thresholds.score_shown,
                c=case.thresholds.comments,
            ),
            t(
                "Your answer counts in the group “{group}”. If fewer than {k} people of a group answer, their answers "
                "are mixed with those of other groups; if that is still fewer, they are destroyed unread.",
                group=t(GROUP_NAMES[mine.relation]),
                k=case.thresholds.score_shown,
            ),
            t(
                "I store that you took part, not which answer is yours. On {day} all answers are mixed and opened, "
                "and the key to the sealed ones is destroyed.",
                day=case.closes_on,
            ),
            t(
                "I cannot hide your style, facts only you know, or that Slack and the people who run this server "
                "could, with effort, observe you at the moment you press Send. If that matters, write less specific "
                "text."
            ),
        ]
    )


def request_card(t: Words, case: Case, mine: Invitation, read: Does) -> Message:
    """Ask for feedback on somebody."""
    text = t("Would you give confidential feedback on working with {ratee}?", ratee=case.ratee)
    why = t(
        "You see this work up close, and one manager alone never sees all of it. It takes about {minutes} minutes, "
        "until {day}.",
        minutes=2 + len(case.template.feedback),
        day=case.closes_on,
    )
    choose = [
        button(t("Start"), does=start, carry=case.carry, style="primary"),
        button(t("Decline"), does=decline, carry=case.carry),
        two_minutes(t, stage_card.Task.PEER, read),
    ]
    return Message(text, [section(lines(bold(text), why)), section(privacy(t, case, mine)), buttons(*choose)])


def consent_card(t: Words, case: Case) -> Message:
    """Ask somebody with much to answer whether they will."""
    text = t("You are asked for feedback on several people. Would you take one more, on {ratee}?", ratee=case.ratee)
    choose = [
        button(t("Yes, ask me"), does=consent, carry=case.carry, style="primary"),
        button(t("Decline"), does=decline, carry=case.carry),
    ]
    return Message(text, [section(text), buttons(*choose)])


def thanks_card(t: Words, case: Case) -> Message:
    """What stays in the DM: not a word of the answer."""
    text = t("Thank you for your feedback on {ratee}. It is sealed until {day}.", ratee=case.ratee, day=case.closes_on)
    return Message(text)


def declined_card(t: Words, case: Case) -> Message:
    """They would rather not."""
    return Message(
        t("You declined to give feedback on {ratee}. That is fine; thank you for saying so.", ratee=case.ratee)
    )


def feedback_form(
    t: Words,
    case: Case,
    mine: Invitation,
    opened: int,
    those: Sequence[Goal],
    answer: Answer | None = None,
    found: Sequence[Sentence] = (),
) -> View:
    """The form; with hints it comes a second time, everything typed still in it.

    It carries the second at which it was opened; that is kept nowhere else. `those` are goals whose level is asked.
    """
    warned = [section(lines(bold(t("Only you see this")), bullets(t.say(one) for one in found))), divider()]
    beside = section(t("My hints stand at the top, for you alone. You can change your answer, or send it as it is."))
    intro = section(lines(bold(t("On working with {ratee}", ratee=case.ratee)), privacy(t, case, mine)))
    blocks: list[Block] = [
        *(warned if found else [intro]),
        *(_topic(t, topic, answer) for topic in case.template.feedback),
        *judging.inputs(t, case, those, answer),
        *(_question(t, question, answer) for question in Question),
        *([beside] if found else []),
    ]
    does, submit = (send_anyway, t("Send anyway")) if found else (send, t("Send"))
    carry = f"{case.carry}/{opened}"
    return form(t("Confidential feedback"), blocks, does=does, submit=submit, close=t("Not now"), carry=carry)


def _topic(t: Words, topic: Anchored, answer: Answer | None) -> Block:
    levels = [(str(level), _level(t, topic, level)) for level in GRADES]
    chosen = None if answer is None else str(answer.ratings.get(topic.id, NOT_OBSERVED))
    name = escape(topic.name.read(t.language))
    return choice(topic.id, name, [*levels, (NOT_OBSERVED, t("Not observed"))], chosen=chosen)


def _level(t: Words, topic: Anchored, level: int) -> Text:
    anchor = topic.anchors.get(level)
    return t("{level}: {anchor}", level=level, anchor=anchor.read(t.language)) if anchor else t.number(level)


def _question(t: Words, question: Question, answer: Answer | None) -> Block:
    typed = answer.texts.get(question, "") if answer else ""
    return text_input(question.value, t(QUESTIONS[question]), initial=typed, lines=True, optional=True, longest=1500)


def decline_form(t: Words, case: Case) -> View:
    """Why not."""
    intro = t(
        "The manager of {ratee} sees that you declined and your reason, so that somebody else can be asked.",
        ratee=case.ratee,
    )
    reason = choice("reason", t("Reason"), [(one.value, t(REASONS[one])) for one in Reason])
    words: dict[str, Any] = {"submit": t("Decline"), "close": t("Go back")}
    return form(t("Decline feedback"), [section(intro), reason], does=decline_with_reason, carry=case.carry, **words)


# What happens -----------------------------------------------------------------------------


@flow.prompt
def ask(turn: Turn) -> None:
    """Ask a rater, if they have not answered from Home meanwhile."""
    case = case_of(turn, *turn.carried(2))
    mine = my_request(turn, case.cycle.id, case.ratee.id)
    if case.about.state is RoundState.OPEN and mine.state in {InvitationState.OPEN, InvitationState.CONSENT}:
        _say(turn, case, mine)


def _say(turn: Turn, case: Case, mine: Invitation) -> None:
    key = case.key("rater", turn.person.id)
    if mine.state is InvitationState.CONSENT:
        turn.say(turn.person, key, consent_card, case)
    else:
        turn.say(turn.person, key, request_card, case, mine, turn.flows.steps[READ])


@flow.action
def consent(turn: Turn) -> None:
    """Take on one more."""
    case, mine = _open_request(turn)
    invitations.answer_request(turn.session, mine, InvitationState.OPEN)
    _say(turn, case, replace(mine, state=InvitationState.OPEN))


@flow.action
def start(turn: Turn) -> Open:
    """Open the form."""
    case, mine = _open_request(turn)
    those = judging.judged_by(turn, case, mine)
    return Open(feedback_form(turn.t, case, mine, int(turn.real_now.timestamp()), those))


@flow.view
def send(turn: Turn) -> Replace | None:
    """Seal the answer, or first show its author what might be better; of that nothing is kept."""
    if _is_answered(turn):
        return Replace(answered_before(turn.t))
    case, mine = _open_request(turn)
    those = judging.judged_by(turn, case, mine)
    answer = _answered(turn, case.template, those)
    me, opened = turn.person, _opened(turn)
    open_for = turn.real_now.timestamp() - opened if opened else None
    if found := hints(answer, aliases(me.name, me.email), _languages_of_others(turn, mine), open_for):
        return Replace(feedback_form(turn.t, case, mine, opened, those, answer, found))
    _seal(turn, case, mine, answer)
    return None


def _languages_of_others(turn: Turn, mine: Invitation) -> set[str]:
    """The languages of those who are asked in the same group, whether they answer or not."""
    asked = invitations.invited(turn.session, mine.cycle_id, mine.ratee_id)
    others = [one.rater_id for one in asked if one.relation is mine.relation and one.rater_id != mine.rater_id]
    return {one.language for one in people.named(turn.session, others).values()}


@flow.view
def send_anyway(turn: Turn) -> Replace | None:
    """Seal the answer as it is."""
    if _is_answered(turn):
        return Replace(answered_before(turn.t))
    case, mine = _open_request(turn)
    _seal(turn, case, mine, _answered(turn, case.template, judging.judged_by(turn, case, mine)))
    return None


def answered_before(t: Words) -> View:
    """Two forms of one request were open, from card and reminder; the first one counts."""
    text = t("You have answered this request already. What you said first is kept; of this form nothing is.")
    return page(t("Confidential feedback"), [section(text)], close=t("Close"))


def _is_answered(turn: Turn) -> bool:
    cycle_id, ratee_id, *_ = turn.carried(3 if _opened(turn) else 2)
    turn.must(Act.GIVE_FEEDBACK, ratee_id)
    return my_request(turn, cycle_id, ratee_id).state in {InvitationState.DONE, InvitationState.DECLINED}


@flow.action
def decline(turn: Turn) -> Open:
    """Ask why."""
    case, _ = _open_request(turn)
    return Open(decline_form(turn.t, case))


@flow.view
def decline_with_reason(turn: Turn) -> None:
    """Tell whoever leads the person it is about, so that somebody else can be asked."""
    case, mine = _open_request(turn)
    reason = turn.inputs.text("reason")
    if reason not in set(Reason):
        raise Refused("Please choose a reason.", field="reason")
    invitations.answer_request(turn.session, mine, InvitationState.DECLINED)
    turn.say(turn.person, case.key("rater", turn.person.id), declined_card, case)
    if (manager := lead(turn, case)) is not None:
        turn.remind(approving.tell_declined, manager.id, turn.now, f"{case.carry}/{turn.person.id}/{reason}")
    if len(invitations.invited(turn.session, case.cycle.id, case.ratee.id)) < LEAST:
        turn.remind("peers.tell_short", case.ratee.id, turn.now, case.cycle.id)
    turn.note("decline_feedback", turn.person.id, case.carry)


@flow.reply
def typed_in_the_thread(turn: Turn) -> Shown:
    """A confidential answer goes through the form alone: what is typed beside a card is neither kept nor repeated."""
    return Shown(only_by_form(turn.t))


def only_by_form(t: Words) -> Message:
    """Where an answer belongs."""
    return Message(t("Please use the button on the card. I keep nothing of what is written here as feedback."))


def _open_request(turn: Turn) -> tuple[Case, Invitation]:
    """The request that was carried along, if it is this person's and can still be answered."""
    cycle_id, ratee_id, *_ = turn.carried(3 if _opened(turn) else 2)
    turn.must(Act.GIVE_FEEDBACK, ratee_id)
    mine = my_request(turn, cycle_id, ratee_id)
    if mine.state in {InvitationState.DONE, InvitationState.DECLINED}:
        raise Refused("You have answered this request already.")
    case = case_of(turn, cycle_id, ratee_id)
    invitations.must_be_open(case.about)
    return case, mine


def _opened(turn: Turn) -> int:
    """The second at which the form was opened, as it carries it; 0 if it does not."""
    _, _, second = turn.carry.partition("/")[2].partition("/")
    return int(second) if second.isdecimal() and len(second) < 12 else 0


def _answered(turn: Turn, template: Template, those: Sequence[Goal]) -> Answer:
    given = {topic.id: turn.inputs.text(topic.id) for topic in template.feedback}
    levels = {str(level): level for level in GRADES}
    ratings: Mapping[str, int] = {topic: levels[level] for topic, level in given.items() if level in levels}
    texts = {question.value: turn.inputs.text(question) for question in Question if turn.inputs.text(question)}
    answer = Answer(ratings, texts, judging.chosen_levels(those, turn.inputs))
    check_answer(answer)
    return answer


def _seal(turn: Turn, case: Case, mine: Invitation, answer: Answer) -> None:
    """Mark the part as done and keep the answer. No audit row, and nobody else's message or Home is touched by it."""
    relation = invitations.finish(turn.session, mine)
    sealed.seal(turn.session, case.cycle.id, case.ratee.id, relation, answer)
    turn.say(turn.person, case.key("rater", turn.person.id), thanks_card, case)


def tasks(turn: Turn) -> list[Task]:
    """Whom this person is asked about."""
    asked = [
        (case_of(turn, one.cycle_id, one.ratee_id), one)
        for one in invitations.waiting_for(turn.session, turn.person.id)
    ]
    return [_task(turn, case, one) for case, one in asked]


def _task(turn: Turn, case: Case, one: Invitation) -> Task:
    text = turn.t("Confidential feedback on working with {ratee}", ratee=case.ratee)
    if one.state is InvitationState.CONSENT:
        return Task(text, turn.t("Yes, ask me"), consent, case.carry, case.closes_on)
    return Task(text, turn.t("Start"), start, case.carry, case.closes_on)
