"""Outcome rules: what follows from a result, readable by everybody, in the version their cycle was launched with."""

from bot.domain.access import Act
from bot.domain.outcome_rules import LONGEST, STARTER, STARTING, both_languages
from bot.domain.outcomes import FOR_GRADES, GRADES, KINDS, MOST_COEFFICIENT, USUAL, Kind, Terms, checked_terms
from bot.domain.refusal import N_
from bot.domain.template import Text as Both
from bot.slack.blocks import (
    Block,
    Does,
    Message,
    View,
    button,
    buttons,
    choices,
    context,
    divider,
    form,
    header,
    number_input,
    page,
    section,
    text_input,
)
from bot.slack.flow import Answer, Flow, Open, Passage, Replace, Turn
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words, in_both
from bot.store import announcements, cycles, rules
from bot.store.announcements import RULES
from bot.store.rules import Rules

flow = Flow("rules")

# What people see --------------------------------------------------------------------------


def published(t: Words, now: Rules, cycle: str) -> Message:
    """The rules in the reader's language, and for which cycle they hold."""
    text = t("What follows from a result")
    since = t("Version {version}, published {day}.", version=now.version, day=now.published_at.date())
    held = t("It holds for the cycle {name}, whatever is published later.", name=cycle) if cycle else None
    shown = [section(lines(bold(text), escape(now.text.read(t.language)))), *_proposing(t, now.terms)]
    return Message(text, [*shown, context(*(one for one in (since, held) if one))])


def _proposing(t: Words, terms: Terms | None) -> list[Block]:
    """What the rules propose for which grade, if they do."""
    if terms is None:
        return []
    asks = t("For whom it is proposed; a person decides each time")
    return [section(lines(bold(asks), bullets(proposed(t, terms))))]


def proposed(t: Words, terms: Terms) -> list[Text]:
    """Each kind with its grades, coefficients with their numbers."""
    each = [row(escape(grade), t.number(value), between=" ") for grade, value in terms.coefficients.items()]
    coefficients = t("{kind}: {what}", kind=t(KINDS[Kind.COEFFICIENT]), what=row(*each))
    others = [(kind, terms.grades.get(kind, ())) for kind in FOR_GRADES]
    named = [t("{kind}: {what}", kind=t(KINDS[kind]), what=t.names(list(some))) for kind, some in others if some]
    return [coefficients, *named]


def editing(t: Words, text: Both, terms: Terms, *, draft: bool = False) -> View:
    """The form in which HR writes the rules in both languages; from a draft, with the way to begin without it."""
    mine = t("This is what you wrote and have not published yet.")
    blocks = [
        section(t("Everybody can read this before the cycle begins. A running cycle keeps the version it began with.")),
        *([section(mine, button(t("Start anew"), does=start_anew))] if draft else []),
        *(text_input(code, name, initial=words, lines=True, longest=LONGEST) for code, name, words in in_both(t, text)),
        *_terms_inputs(t, terms),
    ]
    return form(t("Outcome rules"), blocks, does=save, submit=t("Show me first"), close=t("Leave it as it is"))


def _terms_inputs(t: Words, terms: Terms) -> list[Block]:
    """What is proposed for which grade, apart from the words: this is what Cairn reckons with."""
    told = t("When results are out, Cairn makes proposals from what you choose here. A person decides each one.")
    numbers = [
        number_input(
            f"coefficient-{grade}",
            t("Bonus coefficient with grade {grade}", grade=grade),
            initial=terms.coefficients.get(grade),
            least=0,
            most=MOST_COEFFICIENT,
        )
        for grade in GRADES
    ]
    grades = [(grade, escape(grade)) for grade in GRADES]
    kinds = [
        choices(f"grades-{kind}", t("{kind}: with which grades?", kind=t(KINDS[kind])), grades,
                chosen=terms.grades.get(kind, ()), optional=True)
        for kind in FOR_GRADES
    ]  # fmt: skip
    return [section(told), *numbers, *kinds]


def preview(t: Words, text: Both, terms: Terms | None, draft_id: str) -> View:
    """What everybody would read, before they do."""
    first, second = (section(lines(bold(name), escape(words))) for _, name, words in in_both(t, text))
    return page(
        t("Outcome rules"),
        [
            section(t("This is what everybody will read, each in their own language. It is not published yet.")),
            header(t("What follows from a result")),
            first,
            divider(),
            second,
            *_proposing(t, terms),
            buttons(
                button(t("Publish"), does=publish, carry=draft_id, style="primary"),
                button(t("Change the text"), does=write_on, carry=draft_id),
            ),
        ],
        close=t("Not now"),
    )


def done(t: Words, now: Rules, back: Does) -> View:
    """After publishing."""
    text = t("Published as version {version}. Everybody can read it with `/cairn rules`.", version=now.version)
    on = buttons(button(t("Back to the preparation"), does=back))
    return page(t("Outcome rules"), [section(text), on], close=t("Close"))


def none_yet(t: Words, *, hr: bool) -> Message:
    """Nothing was published; HR can."""
    text = t("What follows from a result is not published yet.")
    return Message(text, [section(text), *([buttons(button(t("Write the rules"), does=write))] if hr else [])])


# What happens -----------------------------------------------------------------------------


@flow.command("rules", N_("What follows from a result"))
@flow.action
def read(turn: Turn) -> Answer:
    """Read the rules of one's cycle, else those that were published last."""
    cycle = cycles.current_for(turn.session, turn.person.id, turn.today)
    kept = rules.of_cycle(turn.session, cycle.id) if cycle else None
    now = kept or rules.newest(turn.session)
    if now is None:
        return Answer(none_yet(turn.t, hr=turn.may(Act.RUN_CYCLE, turn.person.id)))
    return Answer(published(turn.t, now, cycle.name if cycle and kept else ""))


@flow.action
def write(turn: Turn) -> Open:
    """HR writes the rules, from what they wrote and did not publish, else as `start_anew` does."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    if mine := announcements.unsent(turn.session, RULES, turn.person.id):
        return Open(_editing(turn, mine, draft=True))
    return Open(editing(turn.t, *_standing(turn)))


@flow.action
def start_anew(turn: Turn) -> Replace:
    """From the rules that stand, or from a text to begin with; what was written before is dropped."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    announcements.forget_unsent(turn.session, RULES, turn.person.id)
    return Replace(editing(turn.t, *_standing(turn)))


@flow.view
def save(turn: Turn) -> Replace:
    """Show what was written as everybody would read it."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    text = both_languages(turn.inputs.text("en"), turn.inputs.text("zh"))
    terms = checked_terms(
        {grade: turn.inputs.number(f"coefficient-{grade}") for grade in GRADES},
        {kind: turn.inputs.many(f"grades-{kind}") for kind in FOR_GRADES},
    )
    kept = announcements.draft(turn.session, RULES, text, turn.person.id, terms)
    return Replace(preview(turn.t, text, terms, kept))


@flow.action
def write_on(turn: Turn) -> Replace:
    """It is not right yet."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return Replace(_editing(turn, turn.carry))


@flow.action
def publish(turn: Turn) -> Replace:
    """Publish a version."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    text = announcements.text_of(turn.session, turn.carry, RULES)
    terms = announcements.terms_of(turn.session, turn.carry)
    now = rules.publish(turn.session, text, terms, by=turn.person.id, at=turn.now)
    announcements.forget_unsent(turn.session, RULES, turn.person.id)
    turn.note("publish_rules", turn.person.id, f"rules/{now.version}")
    return Replace(done(turn.t, now, turn.flows.steps["setup.go_back"]))


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """The rules that hold for this person, paragraph by paragraph."""
    now = _holding(turn)
    if now is None:
        return []
    source = turn.t("What follows from a result, version {version}", version=now.version)
    parts = [line for line in now.text.read(turn.t.language).splitlines() if line.strip()]
    told = [*map(escape, parts), *(proposed(turn.t, now.terms) if now.terms else [])]
    return [Passage(source, turn.t("paragraph {n}", n=n), part, read) for n, part in enumerate(told, start=1)]


def _holding(turn: Turn) -> Rules | None:
    """The rules of this person's cycle, else those that were published last."""
    cycle = cycles.current_for(turn.session, turn.person.id, turn.today)
    return (rules.of_cycle(turn.session, cycle.id) if cycle else None) or rules.newest(turn.session)


# Inside -----------------------------------------------------------------------------------


def _editing(turn: Turn, draft_id: str, *, draft: bool = False) -> View:
    """The form with what was written and not published."""
    text, terms = announcements.text_of(turn.session, draft_id, RULES), announcements.terms_of(turn.session, draft_id)
    return editing(turn.t, text, terms or USUAL, draft=draft)


def _standing(turn: Turn) -> tuple[Both, Terms]:
    now = rules.newest(turn.session)
    if now:
        return now.text, now.terms or USUAL
    return Both(*(_starter(Words(language)) for language in ("en", "zh"))), USUAL


def _starter(t: Words) -> str:
    return str(t(STARTER, **{place: t.names(list(grades)) for place, grades in STARTING.items()}))
