"""Outcome rules: what follows from a result, readable by everybody, in the version their cycle was launched with."""

from bot.domain.access import Act
from bot.domain.outcome_rules import LONGEST, STARTER, both_languages
from bot.domain.refusal import N_
from bot.domain.template import Text as Both
from bot.slack.blocks import (
    Does,
    Message,
    View,
    button,
    buttons,
    context,
    divider,
    form,
    header,
    page,
    section,
    text_input,
)
from bot.slack.flow import Answer, Flow, Open, Passage, Replace, Turn
from bot.slack.text import bold, escape, lines
from bot.slack.words import Words
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
    return Message(text, [section(escape(now.text.read(t.language))), context(*(one for one in (since, held) if one))])


def editing(t: Words, text: Both, *, draft: bool = False) -> View:
    """The form in which HR writes the rules in both languages; from a draft, with the way to begin without it."""
    mine = t("This is what you wrote and have not published yet.")
    blocks = [
        section(t("Everybody can read this before the cycle begins. A running cycle keeps the version it began with.")),
        *([section(mine, button(t("Start anew"), does=start_anew))] if draft else []),
        text_input("en", t("English"), initial=text.en, lines=True, longest=LONGEST),
        text_input("zh", t("Chinese"), initial=text.zh, lines=True, longest=LONGEST),
    ]
    return form(t("Outcome rules"), blocks, does=save, submit=t("Show me first"), close=t("Cancel"))


def preview(t: Words, text: Both, draft_id: str) -> View:
    """What everybody would read, before they do."""
    return page(
        t("Outcome rules"),
        [
            section(t("This is what everybody will read, each in their own language. It is not published yet.")),
            header(t("What follows from a result")),
            section(lines(bold(t("English")), escape(text.en))),
            divider(),
            section(lines(bold(t("Chinese")), escape(text.zh))),
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
        return Open(editing(turn.t, announcements.text_of(turn.session, mine, RULES), draft=True))
    return Open(editing(turn.t, _standing(turn)))


@flow.action
def start_anew(turn: Turn) -> Replace:
    """From the rules that stand, or from a text to begin with; what was written before is dropped."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    announcements.forget_unsent(turn.session, RULES, turn.person.id)
    return Replace(editing(turn.t, _standing(turn)))


@flow.view
def save(turn: Turn) -> Replace:
    """Show what was written as everybody would read it."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    text = both_languages(turn.inputs.text("en"), turn.inputs.text("zh"))
    return Replace(preview(turn.t, text, announcements.draft(turn.session, RULES, text, turn.person.id)))


@flow.action
def write_on(turn: Turn) -> Replace:
    """It is not right yet."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return Replace(editing(turn.t, announcements.text_of(turn.session, turn.carry, RULES)))


@flow.action
def publish(turn: Turn) -> Replace:
    """Publish a version."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    text = announcements.text_of(turn.session, turn.carry, RULES)
    now = rules.publish(turn.session, text, by=turn.person.id, at=turn.now)
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
    return [Passage(source, turn.t("paragraph {n}", n=n), escape(part), read) for n, part in enumerate(parts, start=1)]


def _holding(turn: Turn) -> Rules | None:
    """The rules of this person's cycle, else those that were published last."""
    cycle = cycles.current_for(turn.session, turn.person.id, turn.today)
    return (rules.of_cycle(turn.session, cycle.id) if cycle else None) or rules.newest(turn.session)


# Inside -----------------------------------------------------------------------------------


def _standing(turn: Turn) -> Both:
    now = rules.newest(turn.session)
    return now.text if now else Both(*(str(Words(language)(STARTER)) for language in ("en", "zh")))
