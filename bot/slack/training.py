"""The way from the message that begins a stage's task to the two-minute card about it."""

from slack_sdk.models.blocks import ButtonElement

from bot.domain.stage_card import CARDS, Task
from bot.slack.blocks import Does, button
from bot.slack.words import Words

READ = "course.read"
"""The step that shows a card, in `turn.flows.steps`."""


def two_minutes(t: Words, task: Task, read: Does) -> ButtonElement:
    """The offer of a card: a button, never a message of its own."""
    return button(t("Two minutes: {what}", what=t(CARDS[task].title)), does=read, carry=task.value)
