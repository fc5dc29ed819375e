"""The Web API, method by method, independent of HTTP."""

from sandbox.api import chat, conversations, files, meta, oauth, users, views
from sandbox.api.registry import Outcome, call

__all__ = ["Outcome", "call", "chat", "conversations", "files", "meta", "oauth", "users", "views"]
