"""A commendation is shown to others only when the person it is about has agreed to it."""

from bot.domain.attention import Attention
from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.domain.outcomes import LONGEST, Kind
from bot.domain.refusal import N_, Refused
from bot.handlers.outcomes.conversation import Looked, flow, waits_for_talk
from bot.slack.blocks import Block, Message, button, buttons, context, section, text_input
from bot.slack.flow import Turn
from bot.slack.text import Text, bold, lines, mention, quote
from bot.slack.words import Words, words_for
from bot.store import cycles, kudos, outcomes
from bot.store.outcomes import Commendation, Consent

NOT_ASKED = N_("This is not asked any more: what was decided about it has changed.")

# What people see --------------------------------------------------------------------------


def words_input(t: Words, looked: Looked) -> list[Block]:
    """The words that would be shown, as long as nobody was asked."""
    if looked.commended:
        return [context(state(t, looked.commended, looked.person))]
    hint = t("{name} reads it first, and it is shown only if {name} agrees. Leave it empty to show nothing.",
             name=looked.person)  # fmt: skip
    label = t("What would be shown in the channel for kudos?")
    return [text_input("words", label, lines=True, optional=True, hint=hint, longest=LONGEST)]


def state(t: Words, one: Commendation, person: Person) -> Text:
    """How a commendation stands."""
    match one.state:
        case Consent.ASKED:
            return t("{name} was asked whether it may be shown, and has not answered yet.", name=person)
        case Consent.YES:
            return t("{name} agreed, and it is shown.", name=person)
        case Consent.NO:
            return t("{name} prefers that it is not shown to others. That stands.", name=person)


def question(t: Words, one: Commendation, cycle: Cycle, *, stands: bool = True) -> Message:
    """What the person is asked, as long as it stands; the push does not say what is in it."""
    push = t("May a commendation for you be shown to others?")
    if not stands and one.state is Consent.ASKED:
        return Message(push, [section(t(NOT_ASKED))], over=True)
    if one.state is not Consent.ASKED:
        said = t("It is shown now.") if one.state is Consent.YES else t("It stays private. Nobody asks you again.")
        return Message(push, [section(lines(said, quote(one.words)))], over=True)
    where = t("For your result of {cycle}, in {channel}, in these words:", cycle=cycle.name,
              channel=Text(f"<#{one.channel}>"))  # fmt: skip
    carry = f"{one.cycle_id}/{one.person_id}"
    ways = buttons(
        button(t("Yes, show it"), does=agree, carry=carry, style="primary"),
        button(t("No, keep it private"), does=decline, carry=carry),
    )
    free = context(t("Both answers are fine, and nothing else depends on them. Your grade is not shown."))
    return Message(push, [section(lines(bold(push), where, quote(one.words))), ways, free])


def shown(t: Words, one: Commendation, person: Person) -> Message:
    """What stands in the channel."""
    head = t("{name} is commended by the company.", name=mention(person))
    return Message(t("{name} is commended by the company.", name=person), [section(lines(head, quote(one.words)))])


# What happens -----------------------------------------------------------------------------


def propose(turn: Turn, looked: Looked, words: str) -> None:
    """Keep the words and ask the person, when they work; who was not asked to the end is asked again."""
    if looked.commended and looked.commended.state is Consent.ASKED:
        turn.remind(ask, looked.person.id, turn.now, looked.cycle.id)
    if not words or looked.commended:
        return
    channel = kudos.terms(turn.session).channel
    if not channel:
        raise Refused("No channel is named yet. `/cairn kudos` names one, under “Values and channel”.", field="words")
    one = Commendation(
        looked.cycle.id, looked.person.id, words[:LONGEST], turn.person.id, channel, Consent.ASKED, turn.now
    )
    if outcomes.commend(turn.session, one):
        turn.remind(ask, looked.person.id, turn.now, looked.cycle.id)


@flow.prompt_that(Attention.BRINGS)
def ask(turn: Turn) -> None:
    """Ask the person, unless it was answered meanwhile; who sees their result in the talk is asked after it."""
    (cycle_id,) = turn.carried(1)
    one = outcomes.commendation(turn.session, cycle_id, turn.person.id)
    if one and one.state is Consent.ASKED and _stands(turn, one) and not waits_for_talk(turn, cycle_id, ask):
        turn.say(turn.person, _key(one), question, one, cycles.get(turn.session, cycle_id))


def take_back(turn: Turn, looked: Looked) -> None:
    """HR decides otherwise: what waits for an answer is not asked any more."""
    if looked.commended:
        turn.update(looked.person, _key(looked.commended), question, looked.commended, looked.cycle, stands=False)


def _stands(turn: Turn, one: Commendation) -> bool:
    """Whether the yes of HR is for the grade that the person has, and the rules propose it."""
    found = outcomes.outcomes(turn.session, one.cycle_id, [one.person_id])
    decided = found[0].stands(Kind.COMMENDATION) if found else None
    return decided is not None and decided.granted


@flow.action
def agree(turn: Turn) -> None:
    """It may be shown, and is."""
    one = _answered(turn, Consent.YES)
    message = shown(words_for(turn.person), one, turn.person)
    turn.post(one.channel, f"outcomes/{one.cycle_id}/{one.person_id}/commended", message)


@flow.action
def decline(turn: Turn) -> None:
    """It stays private."""
    _answered(turn, Consent.NO)


def _answered(turn: Turn, said: Consent) -> Commendation:
    cycle_id, person_id = turn.carried(2)
    if person_id != turn.person.id:
        raise Refused("Only the person it is about answers this.")
    one = outcomes.consent(turn.session, cycle_id, person_id, said)
    if said is Consent.YES and not _stands(turn, one):
        raise Refused(NOT_ASKED)
    turn.note("answer_commendation", person_id, f"{cycle_id}/{said.value}")
    turn.say(turn.person, _key(one), question, one, cycles.get(turn.session, cycle_id))
    return one


def _key(one: Commendation) -> str:
    return f"outcomes/{one.cycle_id}/commendation/{one.person_id}"
