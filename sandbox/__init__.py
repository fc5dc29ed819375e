"""A local Slack for trying and testing any Bolt app."""
