"""Block Kit's rules, written as data."""
