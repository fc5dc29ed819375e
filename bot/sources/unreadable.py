"""What is wrong with a text that is no YAML, in our own sentences: the parser's are English and about its parts."""

import yaml

from bot.domain.checked import Mistake
from bot.domain.refusal import N_, Sentence, sentence

BRACKET = N_(
    "the bracket that opens there is not closed, or a comma is missing inside; "
    "a text with a comma, a colon or a bracket in it stands between quotation marks."
)
QUOTE = N_("the quotation mark there is not closed.")
COLON = N_(
    "a colon stands where none can. A text with a colon in it stands between quotation marks; "
    "or the line before lacks its own: “:” with a space behind it, and not “：”."
)
NO_COLON = N_("behind the word there its colon is missing: “:” with a space behind it, and not “：”.")
TAB = N_("a tab stands there. Please write spaces.")
COLUMN = N_("what belongs together has to begin in the same column, and each “- ” on a line of its own.")
SIGN = N_("a sign stands there that means something else in such a file. Please put the text between quotation marks.")
OTHER = N_("something there is not as in a template. Please compare it with one that you download.")

AT_THE_PROBLEM = {
    "'\\t'": TAB,
    "mapping values": COLON,
    "<block end>": COLUMN,
    "sequence entries": COLUMN,
    "cannot start any token": SIGN,
    "the tag": SIGN,
    "escape": SIGN,
    "alphabetic": SIGN,
    "chomping": SIGN,
}
"""By what the parser says of the place that it stumbled over."""
WHERE_IT_BEGAN = {"quoted scalar": QUOTE, "flow": BRACKET, "simple key": NO_COLON}
"""By what it was amid: the mistake is where that began."""


def unreadable(error: yaml.YAMLError) -> Mistake:
    """The line, the character in it, and what to do."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return Mistake((), sentence("There is a character in the file that is no text. Please save it as plain text."))
    problem, context = error.problem or "", error.context or ""
    why = next((text for part, text in AT_THE_PROBLEM.items() if part in problem), OTHER)
    mark = error.problem_mark or error.context_mark
    for part, text in WHERE_IT_BEGAN.items():
        if part in context and why is OTHER:
            why, mark = text, error.context_mark or mark
    if mark is None:
        return Mistake((), Sentence(OTHER))
    wrong = sentence("From character {column} on I cannot read it: {why}", column=mark.column + 1, why=Sentence(why))
    return Mistake((), wrong, mark.line + 1)
