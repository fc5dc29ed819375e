"""When the last of many messages is out."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.pacing import finish

NINE = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("waves", "after"),
    [
        ({NINE: 240}, timedelta(minutes=1)),
        ({NINE: 10_000}, timedelta(minutes=41, seconds=40)),
        ({NINE: 2_400, NINE + HOUR: 2_400}, HOUR + timedelta(minutes=10)),
        ({NINE: 24_000, NINE + HOUR: 2_400}, timedelta(minutes=110)),
    ],
    ids=["a minute's worth", "ten thousand", "two zones apart", "one zone still busy when the next wakes"],
)
def test_one_queue_at_one_pace(waves: dict[datetime, int], after: timedelta) -> None:
    assert finish(waves, 240) == NINE + after


def test_nothing_to_send_never_ends() -> None:
    assert finish({}, 240) is None
