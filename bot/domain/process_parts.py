"""Changes of the process that are several numbers at once: weights and mix of a template, where grades begin."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.domain.checked import Mistaken
from bot.domain.composite import check_mix
from bot.domain.refusal import Refused, Sentence, sentence
from bot.domain.result import rules_for
from bot.domain.score_choice import BANDS, LIMITS, numbers_of, written
from bot.domain.template import COMPONENT_NAMES, COMPONENTS, Rhythm, Template
from bot.domain.template_change import reweighed
from bot.domain.template_document import document_of
from bot.domain.template_reading import HEAVIEST, WHOLE, parse_template

CHECKIN, MIX, WEIGHTS, SCORE = "checkin", "mix", "weights", "score"
"""How the path of a field begins."""
OF_TEMPLATE = frozenset({CHECKIN, MIX, WEIGHTS})
SHARES = frozenset({MIX, WEIGHTS})
"""What makes 100 together."""


def in_parts(path: str) -> bool:
    """Whether a field is several numbers."""
    return path.partition("/")[0] in SHARES or path == f"{SCORE}/{BANDS}"


def part_field(name: str) -> str:
    """The input for one of them."""
    return f"after_{name}"


def limits_of(path: str) -> tuple[int, int]:
    """The least and the most that each of them may be."""
    part = path.partition("/")[0]
    return LIMITS[BANDS] if part == SCORE else (0, WHOLE) if part == MIX else (1, HEAVIEST)


def checked_parts(path: str, before: str, given: Mapping[str, Decimal | None]) -> str:
    """The new numbers as one word; what is no number, out of place or changes nothing is refused, under its input."""
    least, most = limits_of(path)
    found = {}
    for name in numbers_of(before):
        number = given.get(name)
        if number is None or number != int(number) or not least <= number <= most:
            raise Refused(
                "Please give a whole number from {least} to {most}.", field=part_field(name), least=least, most=most
            )
        found[name] = int(number)
    first = part_field(next(iter(found)))
    made = sum(found.values())
    if path.partition("/")[0] in SHARES and made != WHOLE:
        raise Refused("Together these have to make 100; now they make {total}.", field=first, total=made)
    if (after := written(found)) == before:
        raise Refused("This is how it is now. Please choose something else.", field=first)
    return after


def part_name(path: str, name: str, names: Mapping[str, str]) -> Sentence | str:
    """What one of them is called; `names` has the measures' names, by template and id."""
    part, _, rest = path.partition("/")
    if part == MIX:
        return Sentence(COMPONENT_NAMES[name])
    return names.get(f"{rest}/{name}", name)


def in_words(path: str, value: str, names: Mapping[str, str]) -> tuple[Sentence, ...]:
    """All of them, as they are called."""
    return tuple(
        sentence("{name} {number}", name=part_name(path, name, names), number=number)
        for name, number in numbers_of(value).items()
    )


def changed_parts(path: str, before: str, after: str, names: Mapping[str, str]) -> tuple[Sentence, ...]:
    """Those that change, each with what it was."""
    was = numbers_of(before)
    return tuple(
        sentence("{name} {now} instead of {before}", name=part_name(path, name, names), now=now, before=was[name])
        for name, now in numbers_of(after).items()
        if name in was and was[name] != now
    )


# Templates ------------------------------------------------------------------------------------


def of_template(template: Template, part: str) -> str:
    """How a field of a template stands."""
    match part:
        case "checkin":
            return template.checkin.cadence.value
        case "mix":
            return written({name: getattr(template.mix, name) for name in COMPONENTS})
        case _:
            return written({kpi.id: kpi.weight for kpi in template.kpis})


def with_part(template: Template, part: str, value: str) -> Template:
    """The template with another value in one field, of the same version; one that does not hold is refused."""
    if part == CHECKIN:
        return replace(template, checkin=replace(template.checkin, cadence=Rhythm(value)))
    mix = value if part == MIX else of_template(template, MIX)
    weights = value if part == WEIGHTS else of_template(template, WEIGHTS)
    try:
        after = parse_template(document_of(reweighed(template, numbers_of(mix), numbers_of(weights))))
    except Mistaken as mistaken:
        raise Refused("The template would not hold with it: {why}", why=mistaken.mistakes[0].sentence) from None
    check_mix(rules_for(after).mix)
    return after
