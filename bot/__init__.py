"""Cairn: a performance-management cycle as conversations in Slack."""
