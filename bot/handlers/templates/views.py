"""What HR sees of templates: the library, one template, its text, and what a draft would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.checked import Mistake
from bot.domain.composite import Component
from bot.domain.telling_apart import ToldApart
from bot.domain.template import COMPONENT_NAMES, COMPONENTS, Kpi, Template
from bot.domain.template_change import Part, parts
from bot.slack.blocks import (
    Block,
    Confirm,
    Does,
    Message,
    View,
    button,
    buttons,
    context,
    divider,
    fields,
    form,
    header,
    number_input,
    page,
    section,
    text_input,
)
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words
from bot.sources.templates import written
from bot.store.templates import Version

PIECE = 2600
"""Characters of a file in one section, of the 3,000 that Slack takes: marks and escaped characters need room."""
LONGEST = 3000
MOST_MISTAKES = 20
A_SECTION = 8


@dataclass(frozen=True)
class Doing:
    """What the buttons do."""

    look: Does
    reweigh: Does
    edit: Does
    download: Does
    apply: Does
    discard: Does


def library(t: Words, doing: Doing, found: Sequence[tuple[Template, tuple[str, ...]]]) -> View:
    """Every template with its version and the departments that it serves here."""
    shown = [
        section(
            lines(
                bold(t("{name}, version {version}", name=one.name.read(t.language), version=one.version)),
                _measured(t, one),
                t("Serves: {names}", names=t.names(list(served))) if served else None,
            ),
            button(t("Look"), does=doing.look, carry=one.id),
        )
        for one, served in found
    ]
    how = t(
        "To bring in your own, drop a file ending in .yml into our messages. It says what it would change before it "
        "counts, and every mistake with its line. Running cycles keep the version they began with."
    )
    return page(t("Templates"), [section(how), divider(), *shown], close=t("Close"))


def _measured(t: Words, template: Template) -> Text:
    return t.names([kpi.title.read(t.language) for kpi in template.kpis])


def one(t: Words, doing: Doing, template: Template, made: Sequence[tuple[Version, str]]) -> View:
    """One template: mix, measures, versions, and what can be done with it."""
    mix = [(t(COMPONENT_NAMES[name]), t.percent(Decimal(getattr(template.mix, name)) / 100)) for name in COMPONENTS]
    return page(
        t("A template"),
        [
            header(t("{name}, version {version}", name=template.name.read(t.language), version=template.version)),
            fields(mix),
            section(lines(bold(t("Measures and weights")), bullets(weight(t, kpi) for kpi in template.kpis))),
            buttons(
                button(t("Change weights"), does=doing.reweigh, carry=template.id),
                button(t("Change a text"), does=doing.edit, carry=template.id),
                button(t("Download as text"), does=doing.download, carry=template.id),
            ),
            context(*(versions(t, made) or [t("This version came with Cairn; nobody changed it here.")])),
        ],
        close=t("Close"),
    )


def versions(t: Words, made: Sequence[tuple[Version, str]]) -> list[Text]:
    """The newest versions that were made here, each with its day and who made it."""
    return [
        t("Version {version}: {name}, {day}", version=each.template.version, name=name, day=each.kept_at.date())
        for each, name in reversed(made)
    ][:A_SECTION]


def weight(t: Words, kpi: Kpi, template_before: Template | None = None) -> Text:
    """A measure, what it counts and, where it is to be another, its target; with what each was before."""
    before = (template_before.kpi(kpi.id) if template_before else None) or kpi
    counts = [t.percent(Decimal(each.weight) / 100) for each in (before, kpi)]
    aims = [t("none") if each.target is None else t.number(each.target) for each in (before, kpi)]
    aim = t("target {change}", change=_change(aims)) if aims[0] != aims[1] else None
    return row(_change(counts), escape(kpi.title.read(t.language)), aim)


def _change(pair: Sequence[Text]) -> Text:
    before, after = pair
    return after if before == after else row(before, after, between=" → ")


def as_text(t: Words, template: Template) -> View:
    """The whole file in pieces, to be copied."""
    how = t("Copy the pieces one below the other into a file ending in .yml, change it, and drop it into our messages.")
    shown = [section(Text(f"```{escape(piece)}```")) for piece in pieces(written(template))]
    return page(t("A template as text"), [section(how), *shown], close=t("Close"))


def pieces(text: str) -> list[str]:
    """Cut a text into pieces that Slack shows whole, at the ends of lines."""
    found = [""]
    for line in text.splitlines(keepends=True):
        if len(escape(found[-1] + line)) > PIECE:
            found.append("")
        found[-1] += line
    return found


def apart(t: Words, cycle: str, seen: ToldApart) -> Text:
    """What really weighed in a cycle: by component, how much of the difference between people came from it."""
    shares = [t("{name} {share}", name=t(COMPONENT_NAMES[name]), share=t.percent(seen.shares[component] / 100))
              for name, component in zip(COMPONENTS, Component, strict=True) if component in seen.shares]  # fmt: skip
    told = t("What told {count} people apart in {cycle}: {shares}. A part in which everybody gets the same decides "
             "nothing, whatever it weighs.", count=seen.count, cycle=cycle, shares=row(*shares))  # fmt: skip
    nobody = t("Ten percent more or less on one part would have changed nobody's grade.")
    some = t.plural(
        "Ten percent more or less on one part would have changed the grade of one of them.",
        "Ten percent more or less on one part would have changed the grades of up to {n} of them.",
        seen.moved,
    )
    return lines(told, some if seen.moved else nobody)


def weights(t: Words, template: Template, does: Does, told: Text | None = None) -> View:
    """A form for the mix and the weights, all in percent."""
    return form(
        t("Change weights"),
        [
            section(bold(t("What counts in a result; together 100"))),
            *([context(told)] if told else []),
            *(
                number_input(
                    f"mix_{name}", t(COMPONENT_NAMES[name]), initial=getattr(template.mix, name), least=0, whole=True
                )
                for name in COMPONENTS
            ),
            section(bold(t("What counts among the goals; together 100"))),
            *(
                number_input(
                    f"kpi_{kpi.id}", escape(kpi.title.read(t.language)), initial=kpi.weight, least=1, whole=True
                )
                for kpi in template.kpis
            ),
        ],
        does=does,
        submit=t("Show what changes"),
        close=t("Leave it as it is"),
        carry=template.id,
    )


def which_part(t: Words, template: Template, does: Does) -> View:
    """Every part of a template, each with its button."""
    shown = [section(part_name(t, part), button(t("Change"), does=does, carry=f"{template.id}/{part.key}"))
             for part in parts(template)]  # fmt: skip
    return page(t("Change a text"), shown, close=t("Close"))


def part_name(t: Words, part: Part) -> Text:
    """What a part is called."""
    return t("{kind}: {name}", kind=t(part.kind), name=part.name.read(t.language)) if part.name else t(part.kind)


def part_form(t: Words, template: Template, part: Part, does: Does) -> View:
    """A part as text, to be changed."""
    hint = t("Both languages, en and zh. Keep the words before the colons; mistakes are told with their line.")
    return form(
        t("Change a text"),
        [
            section(bold(part_name(t, part))),
            text_input("text", t("Text"), initial=written(template, part.path), lines=True, longest=LONGEST, hint=hint),
        ],
        does=does,
        submit=t("Show what changes"),
        close=t("Leave it as it is"),
        carry=f"{template.id}/{part.key}",
    )


def see_messages(t: Words) -> View:
    """After a form: where the preview is."""
    text = t("Nothing is changed yet. What it would change stands in our direct messages.")
    return page(t("Templates"), [section(text)], close=t("Close"))


def preview(
    t: Words, doing: Doing, draft_id: str, before: Template | None, after: Template, changed: Sequence[Part]
) -> Message:
    """What a draft would change, with the way on."""
    name = after.name.read(t.language)
    text = t("I have read the template “{name}”. Nothing is changed yet.", name=name)
    was = t("New here: version {version}", version=after.version)
    if before:
        was = t("Version {before} → {after}", before=before.version, after=after.version)
    differs = [part_name(t, part) for part in changed[:MOST_MISTAKES]]
    sure = Confirm(
        t("Use this version?"),
        t("The next cycle begins with it. Running cycles keep the version they began with."),
        yes=t("Use it"),
        no=t("Not now"),
    )
    return Message(
        text,
        [
            section(text),
            section(lines(was, bullets(weight(t, kpi, before) for kpi in after.kpis))),
            *([section(lines(bold(t("Changed")), bullets(differs)))] if differs else []),
            buttons(
                button(t("Use it"), does=doing.apply, carry=draft_id, style="primary", confirm=sure),
                button(t("Discard"), does=doing.discard, carry=draft_id),
            ),
        ],
    )


def same(t: Words) -> Message:
    """A draft that says what is said already."""
    return Message(t("This is the version in use already; there is nothing to change."))


def applied(t: Words, template: Template) -> Message:
    """After applying, in the preview's place."""
    name = template.name.read(t.language)
    return Message(t("Done. “{name}” is at version {version} now.", name=name, version=template.version))


def overtaken(t: Words) -> Message:
    """In the preview's place, when somebody else was faster: a new one is below."""
    return Message(t("Somebody else made a version meanwhile. What yours would change now stands in the next message."))


def discarded(t: Words) -> Message:
    """After discarding, in the preview's place."""
    return Message(t("Discarded. The template stays as it was."))


def refused(t: Words, mistakes: Sequence[Mistake]) -> Message:
    """Every mistake of a file, each with its line."""
    text = t.plural("This template has one mistake; nothing was taken from it.",
                    "This template has {n} mistakes; nothing was taken from it.", len(mistakes))  # fmt: skip
    told = [mistake_line(t, each) for each in mistakes[:MOST_MISTAKES]]
    rest = len(mistakes) - len(told)
    blocks: list[Block] = [section(bullets(told[n : n + A_SECTION])) for n in range(0, len(told), A_SECTION)]
    more = [context(t.plural("and one more", "and {n} more", rest))] if rest else []
    return Message(text, [section(text), *blocks, *more])


def mistake_line(t: Words, mistake: Mistake) -> Text:
    """One mistake, with its line where it has one."""
    what = t.say(mistake.sentence)
    return t("Line {line}: {what}", line=mistake.line, what=what) if mistake.line else what


def told(t: Words, template: Template) -> list[tuple[Text, Text]]:
    """What a template says of the people it serves, part by part, as questions are answered with it."""
    mix = [
        row(t(COMPONENT_NAMES[name]), t.percent(Decimal(share) / 100))
        for name in COMPONENTS
        if (share := getattr(template.mix, name))
    ]
    rated = [each.name.read(t.language) for each in template.competencies]
    return [
        (t("What counts in the result, with which weight"), bullets(mix)),
        (t("Measures and weights"), bullets(weight(t, kpi) for kpi in template.kpis)),
        (t("Competencies that are rated"), t.names(rated)),
        (t("What a check-in asks"), bullets(escape(each.read(t.language)) for each in template.checkin.questions)),
        (t("Help you can ask for"), t.names([each.name.read(t.language) for each in template.support])),
    ]
