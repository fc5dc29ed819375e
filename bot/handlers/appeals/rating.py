"""A rating that an appeal asks for anew: given by who gave it, by today's manager, or by who is above them."""

from dataclasses import replace

from bot.domain.appeal import Appeal, Decision, Move, State, check_reason
from bot.domain.attention import Attention
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.refusal import Refused
from bot.domain.review import EXAMPLE, Review, level, rating
from bot.domain.template import GRADES, Anchored
from bot.handlers.appeals import cards, deciding
from bot.handlers.appeals.conversation import Shown, flow, shown_of
from bot.slack.blocks import Block, View, choice, context, form, section, text_input
from bot.slack.flow import Open, Replace, Turn
from bot.slack.text import Text, bold, clip, escape, lines, quote, row
from bot.slack.words import Words
from bot.store import appeals, cycles, goals, reviews, templates

LONGEST = 1500
Rated = tuple[tuple[Anchored, ...], tuple[Goal, ...]]
"""The competencies and the goals with levels that a review rates."""

# What people see --------------------------------------------------------------------------------


def sheet(t: Words, shown: Shown, review: Review, rated: Rated) -> View:
    """Every rating as it stands, to be given anew, and why."""
    competencies, rubrics = rated
    asked = lines(bold(t("Why it is asked for")), quote(shown.one.asked))
    hint = t("The person, their manager, HR and whoever decides read this.")
    return form(
        t("Rating anew"),
        [
            section(t("{name}, {cycle}", name=shown.person, cycle=shown.cycle.name)),
            section(asked),
            *(_competency(t, one, review) for one in competencies),
            *(_level(t, one, review) for one in rubrics),
            text_input("reason", t("What do the ratings rest on?"), lines=True, longest=LONGEST, hint=hint),
            context(t(cards.NOBODY_WORSE)),
        ],
        does=rate,
        submit=t("Give the rating"),
        close=t("Not now"),
        carry=shown.one.id,
    )


def _competency(t: Words, one: Anchored, review: Review) -> Block:
    options = [(str(grade), _anchor(t, one, grade)) for grade in GRADES]
    chosen = review.competencies.get(one.id)
    return choice(rating(one.id), escape(one.name.read(t.language)), options, chosen=str(chosen) if chosen else None)


def _anchor(t: Words, one: Anchored, grade: int) -> Text:
    words = one.anchors.get(grade)
    return clip(row(t.number(grade), escape(words.read(t.language)) if words else None, between=" · "), 75)


def _level(t: Words, goal: Goal, review: Review) -> Block:
    options = [
        (f"{one.level:f}", clip(row(t.number(one.level), escape(one.words), between=" · "), 75)) for one in goal.levels
    ]
    chosen = review.levels.get(goal.id)
    known = f"{chosen:f}" if chosen is not None and any(one.level == chosen for one in goal.levels) else None
    return choice(level(goal.id), escape(goal.title), options, chosen=known)


# What happens -----------------------------------------------------------------------------------


def can_be_rated(turn: Turn, one: Appeal) -> bool:
    """Whether a result rests on a rating that could be given anew."""
    review = reviews.manager_review(turn.session, one.cycle_id, one.person_id)
    return review is not None and review.sent and any(_rated(turn, one))


def _rated(turn: Turn, one: Appeal) -> Rated:
    taker = cycles.participant(turn.session, one.cycle_id, one.person_id)
    template = templates.template_of(turn.session, taker.template) if taker.template else None
    agreed = goals.agreed_goals(turn.session, one.cycle_id, one.person_id)
    rubrics = tuple(goal for goal in agreed if goal.direction is Direction.RUBRIC)
    return (template.competencies if template else ()), rubrics


@flow.prompt_that(Attention.EXPIRES)
def ask(turn: Turn) -> None:
    """Somebody is asked to give a rating anew."""
    appeal_id, sent_at_level = turn.carried(2)
    one = appeals.get(turn.session, appeal_id)
    if one.state is State.REDOING and one.rater_id == turn.person.id and str(one.level) == sent_at_level:
        key = cards.key(one, "rate", turn.person.id)
        turn.say(turn.person, key, cards.to_rate, shown_of(turn, one), turn.person.id)


@flow.action
def open_rating(turn: Turn) -> Open:
    """Open the form, for whoever was asked."""
    one = _asked(turn)
    return Open(sheet(turn.t, shown_of(turn, one), _review(turn, one), _rated(turn, one)))


@flow.view
def rate(turn: Turn) -> Replace:
    """The rating counts, the result is computed again by the same rules, and the appeal is decided."""
    one = _asked(turn)
    review, reason = _review(turn, one), turn.inputs.text("reason")[:LONGEST]
    check_reason(reason)
    given = _given(turn, review, _rated(turn, one), reason)
    before = after = ""
    if (given.competencies, given.levels) != (review.competencies, review.levels):
        reviews.rate_anew(turn.session, review, given, turn.now)
        before, after = deciding.recompute(turn, one)
    said = f"{one.asked}\n\n{reason}"
    decision = Decision(one.level, one.handler_id, State.REDONE, said, turn.now, before, after)
    return deciding.settle(turn, one, Move.RATE, decision)


def _given(turn: Turn, review: Review, rated: Rated, reason: str) -> Review:
    """What was chosen; every rating has to be."""
    competencies, rubrics = rated
    inputs = turn.inputs
    ratings = {one.id: grade for one in competencies for grade in GRADES if inputs.text(rating(one.id)) == str(grade)}
    levels = {
        goal.id: one.level for goal in rubrics for one in goal.levels if f"{one.level:f}" == inputs.text(level(goal.id))
    }
    missing = [rating(one.id) for one in competencies if one.id not in ratings]
    missing += [level(goal.id) for goal in rubrics if goal.id not in levels]
    if missing:
        raise Refused("Please choose the words that fit best.", field=missing[0])
    notes = {EXAMPLE: reason}
    return replace(
        review, author_id=turn.person.id, competencies=ratings, levels={**review.levels, **levels}, notes=notes
    )


def _asked(turn: Turn) -> Appeal:
    one = appeals.get(turn.session, turn.carry)
    if one.rater_id != turn.person.id or one.state is not State.REDOING:
        raise Refused("This rating was given anew, or is not needed any more.")
    return one


def _review(turn: Turn, one: Appeal) -> Review:
    review = reviews.manager_review(turn.session, one.cycle_id, one.person_id)
    if review is None or not review.sent:
        raise Refused("There is no rating in this result that could be given anew.")
    return review
