"""The person's side: what an appeal is, filing one, taking it back, asking somebody else once."""

from datetime import date

from bot.domain.access import Act
from bot.domain.appeal import (
    DECIDED_WITHIN,
    ESCALATED_WITHIN,
    FILED_WITHIN,
    KINDS,
    Appeal,
    Kind,
    Published,
    check_filed,
    check_words,
    last_day,
    published,
)
from bot.domain.cycle import Cycle
from bot.domain.refusal import N_, Refused
from bot.domain.score import Rated
from bot.handlers.appeals import cards, handling
from bot.handlers.appeals.conversation import Shown, flow, own, shown_of, today_of
from bot.slack.blocks import Block, View, choice, context, form, page, section, text_input
from bot.slack.flow import Open, Passage, Replace, Turn, known
from bot.slack.text import Text, bold, bullets
from bot.slack.words import Words
from bot.store import appeal_facts, appeals, cycles, results
from bot.store.results import Result, ResultRow

LONGEST = 1500

# What people see --------------------------------------------------------------------------------


def sheet(t: Words, cycle: Cycle, until: date) -> View:
    """What is wrong, in what way, and what the person wishes; and who reads it."""
    who = t("Only whoever decides reads this, beside a record of your result as it is now: goals, values, reviews, the "
            "rounded numbers of your colleagues, without anybody's name and without a sentence of theirs.")  # fmt: skip
    return form(
        t("Appeal"),
        [
            section(bold(t("Your result of {cycle}", cycle=cycle.name))),
            choice("kind", t("What is the appeal about?"), [(one.value, t(name)) for one, name in KINDS.items()]),
            text_input("words", t("What is wrong?"), lines=True, longest=LONGEST),
            text_input("wish", t("What should change?"), lines=True, optional=True, longest=LONGEST),
            context(who),
            context(t("You can appeal until {day}.", day=t.weekday(until)), t(cards.NOBODY_WORSE)),
        ],
        does=file,
        submit=t("File the appeal"),
        close=t("Not now"),
        carry=cycle.id,
    )


def about(t: Words, why: Text | None, shown: Shown | None, told: list[tuple[Cycle, Published]]) -> View:
    """One's own appeal if there is one, how appeals work, and what everybody may read of them."""
    own_part: list[Block] = [section(why)] if why else []
    if shown:
        own_part = [section(bold(t("Your appeal about {cycle}", cycle=shown.cycle.name))), *cards.standing(t, shown)]
    counted = [section(bullets([_told(t, cycle, one) for cycle, one in told]))] if told else []
    few = context(t("How many appeals there were is told from five up, once a cycle's process is looked at."))
    return page(
        t("Appeals"),
        [*own_part, section(bold(t("How it works"))), section(bullets(rules(t))), *counted, few],
        close=t("Close"),
    )


def rules(t: Words) -> list[Text]:
    """How appeals work here."""
    return [
        t("You can appeal within {n} working days of seeing your result.", n=FILED_WITHIN),
        t("Your result is frozen as it is: whoever decides looks at that record and at your words."),
        t("Whoever decides has no part in it: nobody in your line, today or during the cycle, nobody who rated you or "
          "changed your points or grade. Where there is nobody, HR names somebody."),
        t("They decide within {n} working days: the result stands, a value is corrected and the result computed again "
          "by the same rules, or the rating is given anew. The reason is written.", n=DECIDED_WITHIN),
        t("You can ask somebody else to decide, once, within {n} working days.", n=ESCALATED_WITHIN),
        t("A result that changed keeps its original beside it."),
        t(cards.NOBODY_WORSE),
    ]  # fmt: skip


def _told(t: Words, cycle: Cycle, one: Published) -> Text:
    if one.stood is None or one.changed is None:
        return t("{cycle}: {total} appeals", cycle=cycle.name, total=one.total)
    return t("{cycle}: {total} appeals; {stood} results stood, {changed} changed",
             cycle=cycle.name, total=one.total, stood=one.stood, changed=one.changed)  # fmt: skip


def further(t: Words, shown: Shown) -> View:
    """What somebody says to the decision, for whoever decides next."""
    return form(
        t("Another decision"),
        [
            *cards.standing(t, shown),
            text_input("words", t("What does this decision leave out?"), lines=True, longest=LONGEST),
            context(t("It can be asked once. The next decision is the last one here.")),
        ],
        does=escalate,
        submit=t("Ask for another decision"),
        close=t("Not now"),
        carry=shown.one.id,
    )


# What happens -----------------------------------------------------------------------------------


@flow.command("appeal", N_("Appeal against my result, or see how it stands"))
@flow.action
def begin(turn: Turn) -> Open:
    """Open the form while there is time, else what stands and how it works."""
    result = _newest(turn)
    if result is None:
        return _about(turn, turn.t("There is no released result of yours to appeal against."))
    cycle = cycles.get(turn.session, result.cycle_id)
    if one := appeals.of_person(turn.session, cycle.id, turn.person.id):
        if one.open or shown_of(turn, one).until:
            turn.say(turn.person, cards.key(one, "mine", turn.person.id), cards.mine, shown_of(turn, one))
        return _about(turn, None, shown_of(turn, one))
    try:
        _check(turn, result)
    except Refused as refused:
        return _about(turn, turn.t.say(refused.sentence))
    return Open(sheet(turn.t, cycle, last_day(_shown_on(turn, result), turn.workdays(turn.person))))


def _newest(turn: Turn) -> Result | None:
    """One's own released result that is named, else the newest."""
    mine = results.released_in(turn.session, [turn.person.id])
    return next((one for one in mine if one.cycle_id == turn.carry), mine[0] if mine else None)


def _about(turn: Turn, why: Text | None, shown: Shown | None = None) -> Open:
    found = [
        (cycle, told)
        for cycle in cycles.every(turn.session)
        if cycle.launched
        and (told := published(appeals.counts(turn.session, cycle.id), cycle.stage_on(turn.today))) is not None
    ]
    return Open(about(turn.t, why, shown, found))


def _shown_on(turn: Turn, result: Result | ResultRow) -> date:
    """The day on which its person saw it; until they do, the day of the release."""
    return today_of(turn, turn.person, result.opened_at or result.released_at)


def _check(turn: Turn, result: Result) -> None:
    if result.outcome.state is Rated.INCOMPLETE:
        raise Refused("This result is not complete yet, so there is nothing to appeal against.")
    check_filed(_shown_on(turn, result), turn.today, turn.workdays(turn.person))


@flow.view
def file(turn: Turn) -> Replace:
    """Freeze the record, keep the appeal, give it to somebody who has no part in it."""
    (cycle_id,) = turn.carried(1)
    row = results.as_released(turn.session, cycle_id, turn.person.id)
    result = results.result(turn.session, cycle_id, turn.person.id)
    if row is None or result is None:
        raise Refused("There is no released result of yours to appeal against.")
    _check(turn, result)
    words, wish = turn.inputs.text("words")[:LONGEST], turn.inputs.text("wish")[:LONGEST]
    kind = known(Kind, turn.inputs.text("kind"))
    check_words(words)
    cycle = cycles.get(turn.session, cycle_id)
    document = appeal_facts.document(turn.session, cycle, row)
    one = appeals.file(turn.session, Appeal("", cycle_id, turn.person.id, kind, words, wish, turn.now), document)
    turn.note(Act.ANSWER_RESULT, turn.person.id, f"appeal/{one.id}")
    return _filed(turn, handling.give_out(turn, one))


@flow.action
def withdraw(turn: Turn) -> None:
    """Its person takes it back; whoever decides is told by their card."""
    one = appeals.withdraw(turn.session, own(turn))
    turn.note(Act.ANSWER_RESULT, turn.person.id, f"appeal/{one.id}/withdrawn")
    turn.say(turn.person, cards.key(one, "mine", turn.person.id), cards.mine, shown_of(turn, one))
    cards.show(turn, one)


@flow.action
def ask_another(turn: Turn) -> Open:
    """Ask what the decision leaves out."""
    one = own(turn)
    _check_time(turn, one)
    return Open(further(turn.t, shown_of(turn, one)))


@flow.view
def escalate(turn: Turn) -> Replace:
    """Give it to somebody else, once."""
    one, words = own(turn), turn.inputs.text("words")[:LONGEST]
    _check_time(turn, one)
    check_words(words)
    again = appeals.escalate(turn.session, one, words)
    turn.note(Act.ANSWER_RESULT, turn.person.id, f"appeal/{one.id}/escalated")
    given = handling.give_out(turn, again)
    for what in ("mine", "decided"):
        turn.update(turn.person, cards.key(one, what, turn.person.id), cards.mine, shown_of(turn, given))
    return _filed(turn, given)


def _check_time(turn: Turn, one: Appeal) -> None:
    until = shown_of(turn, one).until
    if until is None or turn.today > until:
        raise Refused("Somebody else can be asked once, within {n} working days of the decision.", n=ESCALATED_WITHIN)


def _filed(turn: Turn, one: Appeal) -> Replace:
    """Its card stands, and the window says the same."""
    shown = shown_of(turn, one)
    turn.say(turn.person, cards.key(one, "mine", turn.person.id), cards.mine, shown)
    cards.show(turn, one)
    t = turn.t
    return Replace(page(t("Appeal"), [*cards.standing(t, shown), context(t(cards.NOBODY_WORSE))], close=t("Close")))


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """How appeals work, for whoever asks."""
    t = turn.t
    return [Passage(t("Appeals"), t("How it works"), one, begin) for one in rules(t)]
