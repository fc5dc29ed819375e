"""Goals: drafted by the person, agreed by both sides, frozen, and changed only when both say so."""

from bot.handlers.goals import drafting, inviting, looking, moving, offering, protesting, recalling
from bot.handlers.goals.talk import flow

__all__ = ["drafting", "flow", "inviting", "looking", "moving", "offering", "protesting", "recalling"]
