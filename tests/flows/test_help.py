"""What Cairn answers to anything typed."""

import pytest

from tests.company import Company


def test_the_bare_command_says_that_nothing_waits(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn")
    assert "Nothing waits for you" in emily.last_words()


def test_a_near_miss_offers_the_command_with_a_button(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn hepl me")
    assert "Did you mean `/cairn help`" in emily.last_words()
    emily.clicks("What you can do here")
    assert "`/cairn now`" in emily.sees()


def test_plain_words_in_the_dm_are_answered_like_a_command(company: Company) -> None:
    emily = company.person("emily")
    emily.types("what is this")
    assert "I do not know “what is this”" in emily.last_words()


def test_home_greets_in_the_language_of_slack(company: Company) -> None:
    emily = company.person("emily")
    emily.opens_home()
    assert "Waiting for you" in emily.home


def test_a_typed_channel_ping_is_shown_and_pings_nobody(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn <!channel>")
    assert "&lt;!channel&gt;" in emily.last_words()


@pytest.mark.parametrize("word", ["payload", "ssl_check=1"])
def test_no_word_loses_a_command(company: Company, word: str) -> None:
    emily = company.person("emily")
    emily.types(f"/cairn {word}")
    assert word in emily.last_words()
