"""One file for each conversation. To add one, write its file and name it here."""

from bot.handlers import (
    actuals,
    cascade,
    checkins,
    course,
    cycle,
    delivery,
    goals,
    help,  # noqa: A004 - a flow named for what it is
    home,
    imports,
    onboarding,
    peers,
    people,
    privacy,
    reviews,
    rules,
    scoring,
    setup,
    sources,
    templates,
)
from bot.slack.flow import Flow

ALL: tuple[Flow, ...] = (
    help.flow,
    home.flow,
    onboarding.flow,
    imports.flow,
    setup.flow,
    people.flow,
    templates.flow,
    privacy.flow,
    rules.flow,
    course.flow,
    cycle.flow,
    cascade.flow,
    goals.flow,
    checkins.flow,
    reviews.flow,
    peers.flow,
    actuals.flow,
    sources.flow,
    scoring.flow,
    delivery.flow,
)
