"""Text that is safe to show: what people typed is escaped once, at the moment it is put into a sentence.

`Text` is mrkdwn. Only the functions here and `Words` make it, so a bare string cannot reach a block unnoticed.
"""

import re
from collections.abc import Iterable

from bot.domain.org import Person


class Text(str):
    """Mrkdwn in which nothing a person typed can act: no mention, no link, no channel ping."""

    __slots__ = ()


def escape(raw: str) -> Text:
    """Make what somebody typed safe: `<!channel>` shows as typed and pings nobody."""
    return Text(raw.replace("\x00", "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def readable(sent: object) -> str:
    """What arrived as text, without NUL and halves of characters: no database keeps those, and nobody reads them."""
    text = sent if isinstance(sent, str) else ""
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\x00", "")


def as_typed(sent: str) -> str:
    """What somebody typed, of what Slack sent: there `&`, `<` and `>` arrive escaped."""
    return sent.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


MENTIONED = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def mentioned(typed: str) -> str:
    """The id of the person mentioned first in what somebody typed; empty when there is none."""
    found = MENTIONED.search(typed)
    return found[1] if found else ""


def plain(text: Text) -> str:
    """The same words for places that take plain text only, such as a title or a button."""
    return as_typed(unmarked(text))


def unmarked(text: Text) -> Text:
    """The same words for a notification, where marks for bold and code show as they are."""
    return Text(re.sub(r"(?<!\S)[*_](\S(?:.*?\S)?)[*_](?!\S)", r"\1", text).replace("`", ""))


def clip(text: Text, limit: int) -> Text:
    """Shorten to a limit of Slack's, never in the middle of an escaped character."""
    if len(text.encode("utf-16-le")) // 2 <= limit:
        return text
    cut = text[: limit - 1]
    while len(cut.encode("utf-16-le")) // 2 > limit - 1:
        cut = cut[:-1]
    return Text(re.sub(r"&[a-z]{0,3}$", "", cut) + "…")


def lines(*parts: Text | None) -> Text:
    """One part a line; what is None or empty is left out."""
    return Text("\n".join(part for part in parts if part))


def row(*parts: Text | None, between: str = "  ·  ") -> Text:
    """Parts beside each other."""
    return Text(between.join(part for part in parts if part))


def bullets(parts: Iterable[Text]) -> Text:
    """A list, one point a line."""
    return Text("\n".join(f"•  {part}" for part in parts))


def bold(text: Text) -> Text:
    """Strong."""
    return Text(f"*{text}*")


def italic(text: Text) -> Text:
    """Slanted."""
    return Text(f"_{text}_")


def quote(raw: str) -> Text:
    """What somebody wrote, set apart as theirs."""
    return Text("\n".join(f">{line}" for line in escape(raw.strip()).splitlines()))


def mention(person: Person) -> Text:
    """A person's name that opens their profile; in a direct message it notifies nobody else."""
    return Text(f"<@{person.id}>")
