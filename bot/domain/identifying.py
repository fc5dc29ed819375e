"""Hints, for the author alone, about words that would give the author of a confidential answer away."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from bot.domain.refusal import N_, Sentence, sentence

EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
LINK = r"<?https?://[^\s>]+>?|\bwww\.\S+|\b[\w-]+\.(?:com|org|net|io|dev|cn)\b(?:/\S*)?"
MENTION = r"<@[UW]\w+(?:\|[^>]*)?>|(?<![\w.])@\w[\w.-]*"
PHONE = r"""
    (?<!\d)(?:\+?86[-\ ]?)?1[3-9]\d[-\ ]?\d{4}[-\ ]?\d{4}(?!\d)  # a Chinese mobile: eleven digits
    |\+\d[\d\ ().-]{7,}\d
    |(?<!\d)\(?\d{3}\)?[-.\ ]\d{3}[-.\ ]\d{4}(?!\d)
    |(?<!\d)0\d{2,3}-\d{7,8}(?!\d)
"""
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?:3[01]|[12]?\d)(?:st|nd|rd|th)?"
EXACT_DATE = rf"""
    \b\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\b
    |\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b
    |\b{_DAY}\ (?:of\ )?{_MONTH}(?!\w)
    |\b{_MONTH}\ {_DAY}\b
    |(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}[日号]
    |\d{{1,2}}[日号](?=[上下早晚中那当])
"""
_ROLE = r"""(?:desk|team|office|room)\ ?mate|manager|boss|lead|mentor|mentee|buddy|direct\ report|peer|partner
    |successor|predecessor|neighbou?r|assistant|intern"""
_YOUR, _YOU = "(?:your|his|her|their)", "(?:你|您|他|她|TA)"
RELATION = rf"""
    \bas\ (?:{_YOUR}|an?|the)\ (?:\w+\ ){{0,2}}?(?:{_ROLE})\b
    |\bas\ the\ only\ \w+
    |\bI(?:['\u2019]m|\ am|\ was)\ (?:{_YOUR}|the\ only)\ \w+
    |\bwhen\ you\ (?:trained|hired|interviewed|mentored|onboarded)\ me\b
    |\b(?:my|our)\ (?:desks?|1:1s?|one-on-ones?)\b
    |\bsit(?:s|ting)?\ (?:next\ to|beside|opposite)\ (?:you|him|her|them|me)\b
    |(?:我?作为|身为){_YOU}(?:唯一)?的\w{{1,4}}
    |我就?是{_YOU}的\w{{1,4}}
    |坐在?{_YOU}的?(?:旁边|隔壁|对面)
    |{_YOU}(?:带|面试|招|培训)过?我
    |我们[俩两]
    |我的(?:同桌|工位)
"""


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


# In this order, because what one pattern found is not shown to the next: an address is no mention, a date no phone.
_PATTERNS = (
    (
        _compiled(EMAIL),
        N_("“{found}” looks like an e-mail address. It may show who you are; you could leave it out."),
    ),
    (
        _compiled(LINK),
        N_("“{found}” is a link. Its address may show who you are; you could describe the thing instead."),
    ),
    (
        _compiled(MENTION),
        N_("“{found}” mentions a person. You could say what happened without naming people."),
    ),
    (
        _compiled(EXACT_DATE),
        N_("“{found}” is an exact date. The month or the quarter would do and says less about who you are."),
    ),
    (
        _compiled(PHONE),
        N_("“{found}” looks like a phone number. It may show who you are; you could leave it out."),
    ),
    (
        _compiled(RELATION),
        N_("“{found}” tells how you two stand to each other. You could describe only what you saw."),
    ),
)


def identifying_hints(text: str, names: Iterable[str] = ()) -> list[Sentence]:
    """Return a hint for each thing in the text that may show who wrote it; `names` are the author's own and aliases."""
    plain = unicodedata.normalize("NFKC", text)
    found = [*_found_patterns(plain), *_found_names(plain, names)]
    return [sentence(hint, found=what) for hint, what in dict.fromkeys(found)]


def aliases(name: str, address: str = "") -> list[str]:
    """What somebody goes by: their name, the handle of their address, and what colleagues make of a Chinese name."""
    handle = address.partition("@")[0]
    found = [name, *(part for part in (handle, *re.split(r"[._-]", handle)) if len(part) > SHORT_HANDLE)]
    if re.fullmatch("[\u3400-\u9fff]{2,4}", name):
        found += [name[1:], *(f"{mark}{name[0]}" for mark in "老小大阿"), *(f"{name[0]}{mark}" for mark in _TITLES)]
    return [one for one in dict.fromkeys(found) if len(one) > 1]


SHORT_HANDLE = 3
"""Letters: a handle like `min` or `li` is too often a word of its own."""
_TITLES = ("总", "哥", "姐", "工", "老师", "经理", "主管")


def language_hint(texts: Sequence[str], others: Collection[str]) -> Sentence | None:
    """A hint when nobody else in the group has the language of the texts: it would be as good as a signature."""
    written = " ".join(texts)
    characters, words = len(re.findall("[\u3400-\u9fff]", written)), len(re.findall("[A-Za-z]{2,}", written))
    language = "zh" if characters > words else "en" if words else ""
    if not language or not others or language in others:
        return None
    return sentence(_SIGNATURES[language])


_SIGNATURES = {
    "zh": N_(
        "Hardly anybody else who is asked writes Chinese, so the language may show who you are. English would not."
    ),
    "en": N_(
        "Hardly anybody else who is asked writes English, so the language may show who you are. Chinese would not."
    ),
}


def _found_patterns(text: str) -> Iterator[tuple[str, str]]:
    for pattern, hint in _PATTERNS:
        yield from ((hint, match.group()) for match in pattern.finditer(text))
        text = pattern.sub("\n", text)


def _found_names(text: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The longest first, because what was found is not looked at again: a whole name is told of once, not by parts."""
    hint = N_("“{found}” is your own name. Without it, the text says less about who you are.")
    parts = dict.fromkeys(part for name in names for part in (name, *name.split()) if len(part) > 1)
    for part in sorted(parts, key=len, reverse=True):
        pattern = re.compile(rf"\b{re.escape(part)}\b" if part.isascii() else re.escape(part), re.IGNORECASE)
        if pattern.search(text):
            yield hint, part
            text = pattern.sub("\n", text)
