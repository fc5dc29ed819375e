"""When a delivery is tried again, and how it is signed."""

from datetime import UTC, datetime, timedelta

from bot.domain.webhook import FIRST_WAIT, TRIED_FOR, next_try, signature, useless_secrets

FIRST = datetime(2027, 4, 23, 9, tzinfo=UTC)


def waits(delivery_id: str) -> list[timedelta]:
    """The waits between the tries of a delivery that is never taken."""
    now, found = FIRST, list[timedelta]()
    while due := next_try(delivery_id, len(found) + 1, FIRST, now):
        found.append(due - now)
        now = due
    return found


def test_waits_double_give_or_take_a_quarter_until_a_day_after_the_first_try() -> None:
    found = waits("a")
    for n, wait in enumerate(found[:-1]):
        assert 0.75 <= wait / (FIRST_WAIT * 2**n) <= 1.25
    assert sum(found, timedelta()) == TRIED_FOR
    assert 11 <= len(found) <= 12
    assert waits("a") == found
    assert waits("b")[0] != found[0], "what failed together does not come back together"


def test_the_signature_is_the_one_in_the_page_for_operators() -> None:
    # printf 'v1:1808463600:{}' | openssl dgst -sha256 -hmac key
    assert signature("key", 1808463600, b"{}") == "v1=bdb22dab88805543ab6f95fc7c9cf03ddc2edc08eb24bd28c2ea5c27548ea02c"
    assert signature("key", 1808463601, b"{}") != signature("key", 1808463600, b"{}")


def test_a_secret_that_is_missing_or_short_is_named() -> None:
    given = {"A": "x" * 32, "B": "short"}
    assert useless_secrets(["A", "B", "C"], given) == {"B": "too short", "C": "missing"}
