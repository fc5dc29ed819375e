"""The cards of the stages: short enough for two minutes, in both languages, and the right ones for everybody."""

import re

import pytest

from bot.domain.stage_card import CARDS, FOR_LEADERS, Task, cards_for
from bot.slack.words import Words

MOST_WORDS, MOST_CHARACTERS = 180, 420
"""At ninety English words, or two hundred Chinese characters, a minute: a slow reader's pace."""


@pytest.mark.parametrize("task", Task)
def test_a_card_is_read_in_two_minutes_in_both_languages(task: Task) -> None:
    card = CARDS[task]
    told = [card.title, *card.points, card.little, card.more]
    english = " ".join(told).split()
    chinese = re.findall(r"[\u4e00-\u9fff]", "".join(map(Words("zh"), told)))
    assert 100 <= len(english) <= MOST_WORDS
    assert 150 <= len(chinese) <= MOST_CHARACTERS


def test_who_leads_nobody_is_not_offered_what_leaders_do() -> None:
    assert set(cards_for(manages=True)) - set(cards_for(manages=False)) == FOR_LEADERS
