"""Everything that knows the shapes of Slack."""
