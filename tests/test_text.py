"""Text that is safe to show: what somebody typed is shown as typed, however it is put together, and acts nowhere."""

import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.slack.blocks import Message, context, fields, section
from bot.slack.text import as_typed, bold, bullets, clip, escape, italic, lines, quote, readable, row
from bot.slack.words import Words

ROOT = Path(__file__).parent.parent
MARKS = ["<!channel>", "<@U1>", "<http://evil.example|bank>", "&lt;!here&gt;", "&amp;", "<", ">", "&", "|", "`", "*",
         "_", "\n"]  # fmt: skip
TYPED = st.lists(st.sampled_from(MARKS) | st.text(st.characters(codec=None), max_size=6), max_size=8).map("".join)
ENTITY = re.compile(r"&(amp|lt|gt);")

WRITTEN_BY_HAND = {
    "attention.py": 1,  # what was put off, as it was made
    "asking/views.py": 1,  # published words, each line with the mark of a quotation
    "calibration/lens.py": 2,
    "calibration/shown.py": 1,
    "cascade/shown.py": 1,
    "cascade/tree.py": 1,
    "checkins/views.py": 2,
    "days/views.py": 2,
    "delivery/why.py": 3,
    "evidence.py": 1,  # the link that Slack gave to a message
    "home.py": 2,
    "imports/plain.py": 1,  # for a terminal
    "imports/told.py": 1,
    "onboarding.py": 1,
    "outcomes/commending.py": 1,  # the channel that HR chose
    "plans/views.py": 1,
    "suggestions.py": 1,  # clipped, and quoted then, which escapes
    "templates/views.py": 1,
}
"""Where a conversation makes `Text` itself: what is put in was looked at, and is `Text` or no person's."""


def acts(mrkdwn: str) -> bool:
    """Whether Slack would read a mention, a link or an entity that nobody meant in it."""
    unquoted = re.sub(r"(?m)^>", "", mrkdwn)
    return "<" in unquoted or ">" in unquoted or "&" in ENTITY.sub("", unquoted)


@settings(max_examples=60)
@given(typed=TYPED, limit=st.integers(4, 40), language=st.sampled_from(["en", "zh"]))
@example(typed="&" * 20, limit=9, language="en")
def test_what_is_typed_acts_nowhere_and_is_read_as_it_was_typed(typed: str, limit: int, language: str) -> None:
    t, raw = Words(language), readable(typed)
    assert as_typed(escape(raw)) == raw
    said = (
        escape(raw),
        t("Question: {words}", words=raw),
        t.names([raw, raw]),
        lines(bold(escape(raw)), quote(raw)),
        row(italic(escape(raw)), bullets([escape(raw)])),
    )
    for one in said:
        assert not acts(one)
        short = clip(one, limit)
        assert not acts(short)
        assert len(short.encode("utf-16-le")) // 2 <= limit
        body = Message(one, [section(short), context(short), fields([(short, short)])]).body()
        assert not acts(body["text"])


def test_text_is_made_by_words_and_in_a_few_places_that_were_looked_at() -> None:
    found: dict[str, int] = {}
    for path in (ROOT / "bot" / "handlers").rglob("*.py"):
        made = re.findall(r"(?<![\w.])Text\((?!\"[^\"]*\"\))", path.read_text("utf-8"))
        if made:
            found[path.relative_to(ROOT / "bot" / "handlers").as_posix()] = len(made)
    assert found == WRITTEN_BY_HAND
