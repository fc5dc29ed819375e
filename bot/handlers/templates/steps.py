"""The steps around templates: look, download, edit, upload, use."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.access import Act
from bot.domain.checked import Mistaken, Path
from bot.domain.composite import check_mix
from bot.domain.refusal import N_, Refused
from bot.domain.result import rules_for
from bot.domain.telling_apart import told_apart
from bot.domain.template import COMPONENTS, Template
from bot.domain.template_change import Part, check_names, differing, parts, reweighed
from bot.domain.template_document import document_of
from bot.domain.template_reading import WHOLE, parse_template
from bot.handlers.templates import views
from bot.slack.flow import OUTDATED, Answer, Errors, Flow, Open, Passage, Replace, Turn
from bot.slack.text import lines
from bot.sources.templates import read_part, read_template, shipped
from bot.store import cycles, people, templates, trees

flow = Flow("templates")

COMPARED = 200
"""Results that are looked at for what tells people apart; more say no more of it."""


@flow.command("templates", N_("Templates of the departments"), for_hr=True)
@flow.action
def show(turn: Turn) -> Open:
    """Show every template."""
    turn.must(Act.EDIT_TEMPLATE, turn.person.id)
    departments = sorted({stint.department for stint in people.stints_on(turn.session, turn.today)} - {""})
    found = [
        (each, tuple(name for name in departments if each.serves(name)))
        for each in templates.in_use(turn.session, shipped()).values()
    ]
    in_order = sorted(found, key=lambda pair: (not pair[1], pair[0].name.read(turn.t.language)))
    return Open(views.library(turn.t, DOING, in_order))


@flow.action
def look(turn: Turn) -> Open:
    """Show one template and its versions."""
    template = _template(turn, turn.carry)
    made = [each for each in templates.versions(turn.session) if each.template.id == template.id]
    named = people.named(turn.session, [each.kept_by for each in made])
    by = [(each, named[each.kept_by].name if each.kept_by in named else each.kept_by) for each in made]
    return Open(views.one(turn.t, DOING, template, by))


@flow.action
def download(turn: Turn) -> Open:
    """Show a template as text."""
    return Open(views.as_text(turn.t, _template(turn, turn.carry)))


@flow.action
def reweigh(turn: Turn) -> Replace:
    """Ask for other weights, beside what told people apart last time."""
    template = _template(turn, turn.carry)
    cycle_id, found = trees.newest(turn.session, templates.hashes_of(turn.session, template.id), COMPARED)
    cycle = cycles.get(turn.session, cycle_id) if found else None
    seen = told_apart(found, cycle.rules.bands) if cycle else None
    told = views.apart(turn.t, cycle.name, seen) if cycle and seen else None
    return Replace(views.weights(turn.t, template, save_weights, told))


@flow.view
def save_weights(turn: Turn) -> Replace | Errors:
    """Other weights were given: look at what they would change."""
    before = _template(turn, turn.carry)
    mix = {name: _share(turn, f"mix_{name}") for name in COMPONENTS}
    shares = {kpi.id: _share(turn, f"kpi_{kpi.id}") for kpi in before.kpis}
    _must_make_whole(mix, f"mix_{COMPONENTS[0]}")
    _must_make_whole(shares, f"kpi_{before.kpis[0].id}")
    after = reweighed(before, mix, shares)
    try:
        _propose(turn, parse_template(document_of(after)))
    except Mistaken as mistaken:
        under = {_weight_field(each.path, before): turn.t.say(each.sentence) for each in mistaken.mistakes}
        return Errors(under)
    return Replace(views.see_messages(turn.t))


def _share(turn: Turn, name: str) -> int:
    number = turn.inputs.number(name)
    if number is None or number != int(number):
        raise Refused("Please write a whole number", field=name)
    return int(number)


def _must_make_whole(shares: Mapping[str, int], field: str) -> None:
    if (made := sum(shares.values())) != WHOLE:
        raise Refused("Together these have to make 100; now they make {total}.", field=field, total=made)


def _weight_field(path: Path, template: Template) -> str:
    """The input that a mistake is shown under: its own, else the first of its group."""
    if path[:1] == ("mix",):
        return f"mix_{path[1] if len(path) > 1 else COMPONENTS[0]}"
    index = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
    return f"kpi_{template.kpis[index].id}"


@flow.action
def edit(turn: Turn) -> Replace:
    """Ask which part is to be changed."""
    return Replace(views.which_part(turn.t, _template(turn, turn.carry), edit_part))


@flow.action
def edit_part(turn: Turn) -> Replace:
    """Show a part as text."""
    template, part = _part(turn)
    return Replace(views.part_form(turn.t, template, part, save_part))


@flow.view
def save_part(turn: Turn) -> Replace | Errors:
    """A part was changed: look at what that would change."""
    before, part = _part(turn)
    try:
        _propose(turn, read_part(before, part.path, turn.inputs.text("text")))
    except Mistaken as mistaken:
        told = [views.mistake_line(turn.t, each) for each in mistaken.mistakes[: views.A_SECTION]]
        return Errors({"text": lines(*told)})
    return Replace(views.see_messages(turn.t))


@flow.file_ending(".yml", ".yaml")
def take_dropped(turn: Turn) -> Answer | None:
    """A template was dropped into the chat: look at what it would change, or tell its mistakes."""
    turn.must(Act.EDIT_TEMPLATE, turn.person.id)
    try:
        _propose(turn, read_template(_decoded(turn.inputs.file("file").content)))
    except Mistaken as mistaken:
        return Answer(views.refused(turn.t, mistaken.mistakes))
    return None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("This file is not written in UTF-8. Please save it as UTF-8 and send it again.") from None


@flow.action
def apply(turn: Turn) -> None:
    """Use a draft from the next cycle on, unless somebody else made a version meanwhile: then show it anew."""
    turn.must(Act.EDIT_TEMPLATE, turn.person.id)
    templates.hold_drafts(turn.session)
    draft = templates.take_draft(turn.session, turn.person.id, turn.carry)
    check_names(draft, templates.in_use(turn.session, shipped()).values())
    if not _kept(turn, draft):
        turn.say(turn.person, f"templates/{turn.carry}", views.overtaken)
        _propose(turn, draft)
        return
    turn.note(Act.EDIT_TEMPLATE, turn.person.id, f"{draft.id}/{draft.version}")
    turn.say(turn.person, f"templates/{turn.carry}", views.applied, draft)


@flow.action
def discard(turn: Turn) -> None:
    """Forget a draft."""
    turn.must(Act.EDIT_TEMPLATE, turn.person.id)
    templates.take_draft(turn.session, turn.person.id, turn.carry)
    turn.say(turn.person, f"templates/{turn.carry}", views.discarded)


DOING = views.Doing(look, reweigh, edit, download, apply, discard)


# Inside -----------------------------------------------------------------------------------


def _template(turn: Turn, template_id: str) -> Template:
    turn.must(Act.EDIT_TEMPLATE, turn.person.id)
    found = templates.in_use(turn.session, shipped()).get(template_id)
    if found is None:
        raise Refused(OUTDATED)
    return found


def _part(turn: Turn) -> tuple[Template, Part]:
    template_id, key = turn.carried(2)
    template = _template(turn, template_id)
    part = next((each for each in parts(template) if each.key == key), None)
    if part is None:
        raise Refused(OUTDATED)
    return template, part


def _kept(turn: Turn, draft: Template) -> bool:
    """Whether the draft is a version now; not so when its number was taken meanwhile."""
    if draft.version != templates.next_version(turn.session, shipped(), draft.id):
        return False
    by, body = turn.person.id, document_of(draft)
    return templates.keep(turn.session, draft.content_hash, draft.id, body, turn.now, by=by)


def _propose(turn: Turn, wanted: Template) -> None:
    """Keep a draft under the next version's number, and say what it would change."""
    known = templates.in_use(turn.session, shipped())
    check_names(wanted, known.values())
    check_mix(rules_for(wanted).mix)
    before = known.get(wanted.id)
    if before and replace(wanted, version=before.version) == before:
        turn.say(turn.person, f"templates/{wanted.id}/{turn.person.id}", views.same)
        return
    after = replace(wanted, version=templates.next_version(turn.session, shipped(), wanted.id))
    changed = differing(before, after) if before else []
    draft_id = templates.draft(turn.session, turn.person.id, after.id, document_of(after))
    turn.say(turn.person, f"templates/{draft_id}", views.preview, DOING, draft_id, before, after, changed)


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """What the template of the person's cycle says."""
    cycle = cycles.known_to(turn.session, turn.person.id, turn.today)
    if cycle is None:
        return []
    participant = cycles.participant(turn.session, cycle.id, turn.person.id)
    template = templates.template_of(turn.session, participant.template)
    source = turn.t("Template for {department}", department=participant.department)
    return [Passage(source, part, words) for part, words in views.told(turn.t, template)]
