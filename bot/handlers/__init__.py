"""One file for each conversation. To add one, write its file and name it here."""

from bot.handlers import cycle, help, home  # noqa: A004 - a flow named for what it is
from bot.slack.flow import Flow

ALL: tuple[Flow, ...] = (help.flow, home.flow, cycle.flow)
