"""Logs: one line an event, with ids only; as key=value, or as JSON for whoever collects them."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

PLAIN, AS_JSON = "plain", "json"
FORMATS = (PLAIN, AS_JSON)
_PAIR = re.compile(r"(\w+)=(\S+)")
_ABOUT: ContextVar[str] = ContextVar("about", default="")


@contextmanager
def about(workspace: str) -> Iterator[None]:
    """Have every line that is written meanwhile, and by whatever is begun meanwhile, name the workspace."""
    before = _ABOUT.set(workspace)
    try:
        yield
    finally:
        _ABOUT.reset(before)


def _name_the_workspace(record: logging.LogRecord) -> bool:
    if workspace := _ABOUT.get():
        record.msg = f"workspace={workspace} {record.msg}"
    return True


class JsonLines(logging.Formatter):
    """Each line is one object: when, how grave, from where, the words, and each key=value in them by its name."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        words = record.getMessage()
        said = dict(_PAIR.findall(words))
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {**said, "at": at, "level": record.levelname, "from": record.name, "message": words}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(level: str, form: str = PLAIN) -> None:
    """Log from here on. The SDK's and Bolt's own lines can hold what people typed: warnings only."""
    logging.basicConfig(level=level, format="%(asctime)s level=%(levelname)s from=%(name)s %(message)s", force=True)
    logging.getLogger().handlers[0].addFilter(_name_the_workspace)
    if form == AS_JSON:
        logging.getLogger().handlers[0].setFormatter(JsonLines())
    for name in ("slack_sdk", "slack_bolt", "httpx", "alembic", "aiohttp", "asyncio", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat while the last round still runs is no news
