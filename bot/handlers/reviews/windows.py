"""The windows of a review: its form page by page, the last look before sending, and how it looks when sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.effort import pasted_question
from bot.domain.review import Kind, Review, middle_hint, own_words
from bot.domain.wording_hints import feedback_hints
from bot.handlers.reviews.case import Case
from bot.handlers.reviews.facts import answers, facts, written_by
from bot.handlers.reviews.goal_page import to_goals
from bot.handlers.reviews.pages import Page
from bot.slack.blocks import (
    Block,
    Does,
    View,
    button,
    buttons,
    context,
    divider,
    form,
    header,
    page,
    person_input,
    section,
)
from bot.slack.text import Text, bold, bullets, lines
from bot.slack.words import Words

MOST_HINTS = 3
WHOSE = "whose"
LAST_LOOK = "look"
"""What the last window carries in the place of a page's key."""


@dataclass(frozen=True)
class Steps:
    """What the buttons and forms of these windows do."""

    keep: Does
    back: Does
    send: Does
    write: Does
    reopen: Does


def title_of(t: Words, review: Review) -> Text:
    """Whose eyes it is written with."""
    return t("My self-review") if review.kind is Kind.SELF else t("My review")


def asking(t: Words, case: Case, pages: Sequence[Page], n: int, steps: Steps, *, missing: bool = False) -> View:
    """One page of the form; `missing` says what it lacks, for somebody who was led back to it."""
    shown = pages[n]
    lacks = [t.say(one) for name, one in case.problems.items() if name in shown.fields] if missing else []
    top = [
        context(_place(t, case, pages, n)),
        *([section(lines(bold(t("Still needed here")), bullets(dict.fromkeys(lacks))))] if lacks else []),
    ]
    before = buttons(button(t("Back"), does=steps.back, carry=f"{case.carry}/{shown.key}"))
    return form(
        title_of(t, case.review),
        [*top, *shown.blocks, *([before] if n else [])],
        does=steps.keep,
        submit=t("Keep and go on"),
        close=t("Close"),
        carry=f"{case.carry}/{shown.key}",
    )


def _place(t: Words, case: Case, pages: Sequence[Page], n: int) -> Text:
    """Which page this is; the reasons for a grade are counted apart, so that no total changes on the way."""
    alike = [page for page in pages if page.further == pages[n].further]
    here, of_all = alike.index(pages[n]) + 1, len(alike)
    if pages[n].further:
        return t("{name} · reasons, page {n} of {all}", name=case.person, n=here, all=of_all)
    return t("{name} · page {n} of {all}", name=case.person, n=here, all=of_all)


def last_look(t: Words, case: Case, steps: Steps, ratings: Sequence[int]) -> View:
    """All of it once more, with hints for the author alone, and the button that sends it."""
    seen = t("Your manager and HR can read it once it is sent.")
    if case.review.kind is Kind.MANAGER:
        seen = t("HR can read it once it is sent; {name} can after the results are released.", name=case.person)
    hints = _hints(t, case.review, ratings)
    asked = [section(lines(bold(t("For you alone, before you send")), bullets(hints)))] if hints else []
    return form(
        title_of(t, case.review),
        [
            header(t("All there. One last look?")),
            *asked,
            *answers(t, case, case.review),
            buttons(button(t("Back"), does=steps.back, carry=f"{case.carry}/{LAST_LOOK}")),
            context(seen),
        ],
        does=steps.send,
        submit=t("Send"),
        close=t("Keep as a draft"),
        carry=case.carry,
    )


def sent(t: Words, case: Case, steps: Steps, *, may_reopen: bool) -> View:
    """A review that was sent, and the way to change it while that can be."""
    again = buttons(button(t("Reopen"), does=steps.reopen, carry=case.carry))
    frozen = context(t("It stands as it was sent."))
    return page(
        title_of(t, case.review),
        [
            section(t("Your review of {name} is sent.", name=case.person))
            if case.review.kind is Kind.MANAGER
            else section(t("Your self-review is sent.")),
            *answers(t, case, case.review),
            again if may_reopen else frozen,
        ],
        close=t("Close"),
    )


def known(t: Words, case: Case, steps: Steps, *, may_reopen: bool) -> View:
    """What a manager may look at before and while writing: facts, the self-review, their own."""
    mine = case.review
    begun = t("Go on with my review") if mine.competencies else t("Write my review")
    again = button(t("Reopen"), does=steps.reopen, carry=case.carry) if may_reopen else None
    press = again if mine.sent else button(begun, does=steps.write, carry=case.carry, style="primary")
    by = written_by(t, case.author, case.written_for) if case.written_for else None
    title = [header(t("The manager's review")), context(by)] if by else [header(t("My review"))]
    written = [divider(), *title, *answers(t, case, mine)] if mine.sent else []
    return page(
        t("Review"),
        [
            section(bold(t("{name} in {cycle}", name=case.person, cycle=case.cycle.name))),
            *([buttons(press)] if press else [context(t("It stands as it was sent."))]),
            *facts(t, case),
            *to_goals(t, case),
            divider(),
            header(t("Self-review")),
            *_own(t, case),
            *written,
        ],
        close=t("Close"),
    )


def whose(t: Words, read: Does) -> View:
    """Whose reviews somebody of HR wants to read."""
    who = person_input(WHOSE, t("Whose reviews?"), hint=t("The audit keeps that you looked."))
    return form(t("Read reviews"), [who], does=read, submit=t("Show"), close=t("Close"))


def to_read(t: Words, case: Case) -> View:
    """What was sent about a person's work, to be read only."""
    mine = answers(t, case, case.review) if case.review.sent else [section(t("The manager has not sent a review yet."))]
    by = written_by(t, case.author, case.written_for)
    return page(
        t("Reviews"),
        [
            section(bold(t("{name} in {cycle}", name=case.person, cycle=case.cycle.name))),
            header(t("Self-review")),
            *_own(t, case),
            divider(),
            header(t("The manager's review")),
            *([context(by)] if by else []),
            *mine,
        ],
        close=t("Close"),
    )


def _own(t: Words, case: Case) -> list[Block]:
    if case.own is None:
        return [section(t("{name} has not sent a self-review yet.", name=case.person))]
    return answers(t, case, case.own)


def _hints(t: Words, review: Review, ratings: Sequence[int]) -> list[Text]:
    """Hints on words used twice, on wording and on ratings nearly all the middle; none of them stops anything."""
    if review.kind is Kind.SELF:
        return []
    worded = [hint for words in review.notes.values() for hint in feedback_hints(words)]
    middle = middle_hint(ratings)
    pasted = pasted_question(own_words(review.notes))
    found = [*([pasted] if pasted else []), *([middle] if middle else []), *worded]
    return list(dict.fromkeys(t.say(one) for one in found))[:MOST_HINTS]
