"""Peer feedback: whom to ask, the confidential answer, and the one moment when the answers are opened."""

from bot.handlers.peers import answering, approving, closing, instead, nominating, reminding
from bot.handlers.peers.conversation import flow

__all__ = ["answering", "approving", "closing", "flow", "instead", "nominating", "reminding"]
