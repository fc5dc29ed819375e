"""Changing a template: what may be edited by itself, what differs, and whose departments it would take."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.domain.checked import Path
from bot.domain.refusal import N_, Refused
from bot.domain.template import COMPONENTS, Mix, Template, Text
from bot.domain.template_document import document_of

LISTS: Mapping[str, str] = {
    "kpis": N_("Measure"),
    "shelf": N_("Measure on the shelf"),
    "competencies": N_("Competency"),
    "feedback": N_("Topic of feedback"),
}
WHOLES: Mapping[str, str] = {
    "name": N_("Name"),
    "aliases": N_("Other names"),
    "checkin": N_("Check-in and its questions"),
    "coaching": N_("Hints for coaching"),
    "support": N_("Kinds of support"),
    "raters": N_("Who gives feedback"),
    "guide": N_("Guide for talks"),
}


@dataclass(frozen=True)
class Part:
    """A part that can be edited by itself: where it is, what kind it is, and its own name if it has one."""

    path: Path
    kind: str
    name: Text | None = None

    @property
    def key(self) -> str:
        """The path as one word."""
        return ".".join(map(str, self.path))


def parts(template: Template) -> list[Part]:
    """Every part of a template that is short enough to be edited as text."""
    items = [
        Part((key, index), kind, getattr(one, "title", None) or one.name)
        for key, kind in LISTS.items()
        for index, one in enumerate(getattr(template, key))
    ]
    return [*items, *(Part((key,), kind) for key, kind in WHOLES.items() if getattr(template, key))]


def reweighed(template: Template, mix: Mapping[str, int], weights: Mapping[str, int]) -> Template:
    """The template with another mix and other weights of its measures; not yet checked."""
    kpis = tuple(replace(kpi, weight=weights[kpi.id]) for kpi in template.kpis)
    return replace(template, mix=Mix(**{name: mix[name] for name in COMPONENTS}), kpis=kpis)


def differing(before: Template, after: Template) -> list[Part]:
    """The parts that are not as they were, in the order of the template; what is gone comes by its old name."""
    was, now = document_of(before), document_of(after)
    return [part for part in _all(before, after) if _at(was, part.path) != _at(now, part.path)]


def _all(before: Template, after: Template) -> Iterator[Part]:
    yield Part(("mix",), N_("Mix"))
    for key, kind in LISTS.items():
        for index, (old, new) in enumerate(zip_longest(getattr(before, key), getattr(after, key))):
            one = new or old
            yield Part((key, index), kind, getattr(one, "title", None) or one.name)
    yield from (Part((key,), kind) for key, kind in WHOLES.items())


def _at(document: object, path: Path) -> object:
    for step in path:
        try:
            document = document[step]  # type: ignore[index]  # a list by place or a mapping by key; else nothing is there
        except (IndexError, KeyError):
            return None
    return document


def check_names(template: Template, others: Collection[Template]) -> None:
    """Refuse a template that would serve a department which another one serves already."""
    for other in others:
        for name in (template.name.en, template.name.zh, *template.aliases):
            if other.id != template.id and other.serves(name):
                raise Refused(
                    "“{name}” is served by the template “{other}” already. A department has one template.",
                    name=name,
                    other=other.name.en,
                )
