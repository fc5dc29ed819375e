"""The flow itself, for the modules that add its steps."""

from bot.slack.flow import Flow

flow = Flow("calibration")
