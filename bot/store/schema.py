"""Every table, gathered: importing this module makes the whole schema known."""

import importlib
import pkgutil

import bot.store
from bot.store.db import Base

for _module in pkgutil.iter_modules(bot.store.__path__):
    if _module.name not in {"schema", "migrate", "migrations"}:
        importlib.import_module(f"bot.store.{_module.name}")

METADATA = Base.metadata
