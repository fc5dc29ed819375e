"""The flow itself."""

from bot.slack.flow import Flow

flow = Flow("delivery")
