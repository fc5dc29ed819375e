"""Charts and tables that Slack draws itself. The SDK has no models for them yet, so they are plain dicts here.

The same figures always stand in the message's text too, for screen readers and old clients.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.slack.blocks import Block
from bot.slack.text import Text, plain

NATIVE = frozenset({"data_visualization", "data_table"})
"""Block types that an older workspace may refuse; the sender then leaves them out."""

MOST_SERIES = 6
MOST_POINTS = 20


def bars(title: Text, categories: Sequence[Text], series: Mapping[Text, Sequence[Decimal]], *, unit: Text) -> Block:
    """A bar for each category and series."""
    return _chart("bar", title, categories, series, unit)


def line(title: Text, categories: Sequence[Text], series: Mapping[Text, Sequence[Decimal]], *, unit: Text) -> Block:
    """A line for each series over the categories, such as weeks."""
    return _chart("line", title, categories, series, unit)


def _chart(
    kind: str, title: Text, categories: Sequence[Text], series: Mapping[Text, Sequence[Decimal]], unit: Text
) -> Block:
    labels = _labels(categories[:MOST_POINTS])
    drawn = [
        {
            "name": plain(name)[:20],
            "data": [{"label": label, "value": float(value)} for label, value in zip(labels, values, strict=False)],
        }
        for name, values in list(series.items())[:MOST_SERIES]
    ]
    axis = {"categories": labels, "y_label": plain(unit)[:50]}
    return {
        "type": "data_visualization",
        "title": plain(title)[:50],
        "chart": {"type": kind, "series": drawn, "axis_config": axis},
    }


def _labels(categories: Sequence[Text]) -> list[str]:
    """Slack wants labels of at most 20 characters, each different."""
    labels: list[str] = []
    for n, category in enumerate(categories, 1):
        label = plain(category)[:20]
        labels.append(label if label not in labels else f"{label[:17]} {n}")
    return labels


def table(caption: Text, head: Sequence[Text], rows: Sequence[Sequence[Text]]) -> Block:
    """Rows under a head."""
    return {
        "type": "data_table",
        "caption": plain(caption),
        "rows": [[_cell(one) for one in row] for row in (head, *rows[:100])],
    }


def _cell(value: Text) -> dict[str, str]:
    return {"type": "raw_text", "text": plain(value) or "–"}
