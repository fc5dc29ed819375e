"""Measurements: Cairn beside bare floors, in one run."""

SECRET = "a secret of thirty-two characters"
"""With which requests are signed here."""
