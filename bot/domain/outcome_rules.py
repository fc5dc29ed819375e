"""What follows from a result, published in both languages before a cycle begins."""

import html
import re
from collections.abc import Mapping

from bot.domain.outcomes import GRADES, USUAL, Kind
from bot.domain.refusal import N_, Refused
from bot.domain.template import Text

LONGEST = 2900
"""Characters of one language, so that one paragraph of Slack holds it."""
HAN = re.compile(r"[\u4e00-\u9fff]")

STARTER = N_(
    "Results are grades, the best first: {grades}. They are talked about with you before anything follows from them.\n"
    "1. Nothing follows by itself: a result makes a proposal, and a person decides and gives the reason.\n"
    "2. {best}: larger tasks and consideration for promotion. A commendation is shown to others only if you agree.\n"
    "3. {good}: a good result. Support that was agreed goes on.\n"
    "4. {low}: training and help. {lowest}: a plan of improvement, no surprise and never without an earlier talk.\n"
    "5. Who disagrees may say so; somebody independent looks at it."
)
NEWS = N_(
    "Soon we begin a new cycle of goals and feedback, here in Slack with Cairn.\n"
    "You agree your goals with your manager, get help on the way, and a result that you can understand and question.\n"
    "`/cairn course` explains it in ten minutes, and `/cairn rules` says what follows from a result."
)

STARTING: Mapping[str, tuple[str, ...]] = {
    "grades": GRADES,
    "best": USUAL.grades[Kind.PROMOTION],
    "good": tuple(one for one in GRADES if not any(one in some for some in USUAL.grades.values())),
    "low": USUAL.grades[Kind.TRAINING],
    "lowest": USUAL.grades[Kind.PLAN],
}
"""The grades that the text to begin with names, taken from the grades there are."""


def both_languages(en: str, zh: str) -> Text:
    """Take a text in both languages; one that is missing, in the wrong place or too long to be shown is refused."""
    if not en or HAN.search(en):
        raise Refused("Please write the English text here", field="en")
    if not HAN.search(zh):
        raise Refused("Please write the Chinese text here", field="zh")
    for field, text in (("en", en), ("zh", zh)):
        if len(html.escape(text, quote=False)) > LONGEST:  # as Slack counts
            raise Refused("This is too long: {most} characters at most", field=field, most=LONGEST)
    return Text(en, zh)
