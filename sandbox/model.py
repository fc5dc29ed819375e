"""What a workspace remembers: plain records, changed only by the modules of this package."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Message:
    """One message; `reader` is set for an ephemeral one."""

    ts: str
    user: str
    text: str = ""
    app_id: str = ""
    bot_id: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    thread_ts: str = ""
    edited: str = ""
    reader: str = ""
    subtype: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    inputs: Json = field(default_factory=dict)


@dataclass
class Channel:
    """A channel ("C…") or a direct conversation ("D…", "G…"); `read` holds the last ts each person saw."""

    id: str
    name: str
    kind: str
    members: set[str] = field(default_factory=set)
    private: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)


@dataclass
class View:
    """A modal on somebody's stack, or the Home of one app for one person."""

    id: str
    app_id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str = ""
    inputs: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    loading: bool = False


@dataclass
class File:
    """An uploaded file; `content` is empty until the bytes have come."""

    id: str
    name: str
    user: str
    size: int
    created: int
    title: str = ""
    alt_text: str = ""
    content: bytes = b""
    received: bool = False
    complete: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass
class Trigger:
    """A trigger_id: who did something in which app, and in which view; `born` is monotonic seconds."""

    app_id: str
    user: str
    born: float
    view_id: str = ""
    used: bool = False


@dataclass
class ResponseUrl:
    """A response_url: `message` is the message it belongs to, if any; `born` is wound-clock seconds."""

    app_id: str
    user: str
    channel: str
    born: float
    message: str = ""
    thread_ts: str = ""
    uses: int = 0


@dataclass(frozen=True)
class Toast:
    """A notification pushed to a person."""

    id: str
    user: str
    channel: str
    title: str
    text: str
