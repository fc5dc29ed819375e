"""The conversation about reviews; its steps stand in several files."""

from bot.slack.flow import Flow

flow = Flow("reviews")
