"""Tokens: Slack gives one for a code, and where tokens rotate, the next one for a refresh token that is good once."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, cast

from slack_sdk.web import WebClient
from sqlalchemy.orm import Session

from bot.config import Settings
from bot.store.db import Database
from bot.workspaces import register
from bot.workspaces.register import Installation, Token

log = logging.getLogger(__name__)

PATIENCE = 10
"""Seconds that Slack has to answer."""
LONGEST = 366 * 24 * 3600
"""Seconds; what is said to last longer does not end."""
EARLY = timedelta(hours=2)
"""A token is renewed so long before its twelve hours are over."""

_ASKING = Lock()
"""Held by whoever renews a token of a SQLite register: a refresh token is good once."""

Granted = Mapping[str, Any]


@dataclass(frozen=True)
class App:
    """The app at Slack, which exchanges codes and refresh tokens."""

    client_id: str
    client_secret: str = field(repr=False)
    api_url: str

    @classmethod
    def of(cls, settings: Settings) -> "App":
        """The app of these settings."""
        return cls(settings.client_id, settings.client_secret, settings.slack_api_url)

    def granted(self, **what: str) -> Granted:
        """What Slack gives for a code or a refresh token; blocking, and tried once, for neither is good twice."""
        client = WebClient(base_url=self.api_url, timeout=PATIENCE, retry_handlers=[])
        secrets = {"client_id": self.client_id, "client_secret": self.client_secret}
        answer = client.oauth_v2_access(**secrets, **what)
        return answer.data if isinstance(answer.data, dict) else {}


def token_of(granted: Granted, now: datetime) -> Token:
    """The bot's token that was given; raises ValueError where none was."""
    access, refresh, lasts = (granted.get(name) for name in ("access_token", "refresh_token", "expires_in"))
    if not isinstance(access, str) or not access:
        raise ValueError("Slack gave no token")
    ends = isinstance(lasts, int) and 0 < lasts <= LONGEST
    expires_at = now + timedelta(seconds=cast("int", lasts)) if ends else None
    return Token(access, refresh if isinstance(refresh, str) else "", expires_at)


def renew(database: Database, app: App, home: str, now: datetime) -> Token | None:
    """Renew a token that ends soon; blocking. Whoever comes second waits, and finds the new one in the register.

    PostgreSQL's workers wait for the row. SQLite knows no rows to wait for, and whoever asks Slack in a transaction
    keeps everybody from writing: there the one process that serves asks between two transactions.
    """
    if not database.is_sqlite:
        with database.unit_of_work() as session:
            return _renewed(session, app, home, now)
    with _ASKING:
        with database.unit_of_work() as session:
            one = register.find(session, home)
        if one is None or not _is_due(one, now):
            return _present(one)
        token = _granted(app, one, now)
        with database.unit_of_work() as session:
            present = register.find(session, home)
            if present is None or present.token != one.token:  # removed meanwhile, or installed anew
                return _present(present)
            return _kept(session, home, token)


def _renewed(session: Session, app: App, home: str, now: datetime) -> Token | None:
    one = register.locked(session, home)
    return _kept(session, home, _granted(app, one, now)) if one and _is_due(one, now) else _present(one)


def _is_due(one: Installation, now: datetime) -> bool:
    return not one.closed_at and bool(one.token.refresh) and one.token.ends_by(now + EARLY)


def _present(one: Installation | None) -> Token | None:
    return one.token if one and not one.closed_at else None


def _granted(app: App, one: Installation, now: datetime) -> Token:
    return token_of(app.granted(grant_type="refresh_token", refresh_token=one.token.refresh), now)


def _kept(session: Session, home: str, token: Token) -> Token:
    register.keep_token(session, home, token)
    log.info("token renewed workspace=%s", home)
    return token
