"""The steps of the preparation."""

from bot.domain.access import Act
from bot.domain.org import Person
from bot.domain.outcome_rules import NEWS, both_languages
from bot.domain.readiness import Facts, preflight, readiness
from bot.domain.refusal import N_, Refused
from bot.domain.team import FEWEST_OF_FINANCE, Duty, without_judge
from bot.domain.template import Template
from bot.domain.template import Text as Both
from bot.handlers.setup import views
from bot.slack import limits
from bot.slack.blocks import Confirm, View
from bot.slack.flow import Flow, Open, Passage, Replace, Task, Turn
from bot.slack.text import escape
from bot.slack.words import Words
from bot.sources.templates import shipped
from bot.store import actuals, announcements, cycles, lessons, people, templates, timers, zones
from bot.store import readiness as standing

flow = Flow("setup")

ELSEWHERE = {"people": "people", "strategy": "objectives", "templates": "templates"}
"""Items that another conversation looks after, by its word."""


@flow.command("setup", N_("Prepare a cycle, step by step"), for_hr=True)
@flow.action
def begin(turn: Turn) -> Open:
    """Show what stands and what is missing."""
    return Open(_overview(turn))


@flow.action
def go_back(turn: Turn) -> Replace:
    """Show it again, as it stands now."""
    return Replace(_overview(turn))


def _overview(turn: Turn) -> View:
    turn.must(Act.RUN_CYCLE, turn.person.id)
    facts = _facts(turn)
    commands = turn.flows.commands
    does = {kind: commands[word].step for kind, word in ELSEWHERE.items() if word in commands}
    does |= {"roles": name_roles, "rules": turn.flows.steps["rules.write"], "course": offer_course}
    does |= {"announcement": announce, "pitfalls": check}
    seen = views.through(turn.t, lessons.count_done(turn.session), len(people.everyone(turn.session)))
    seen_if_sent = seen if facts.course_sent else None
    open_now = [one for one in cycles.every(turn.session) if actuals.is_open(one, turn.today)]
    return views.overview(turn.t, readiness(facts), does, commands["cycle"].step, seen_if_sent, open_now)


@flow.waiting
def next_steps(turn: Turn) -> list[Task]:
    """Until the first cycle runs, HR has the preparation to go on with."""
    if not turn.may(Act.RUN_CYCLE, turn.person.id) or not people.any_stint(turn.session):
        return []
    if any(one.launched for one in cycles.every(turn.session)):
        return []
    return [Task(turn.t("Prepare your first cycle: I lead you through it."), turn.t("Go on"), does=begin)]


@flow.action
def check(turn: Turn) -> Replace:
    """Check the templates and reporting lines against the four pitfalls."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return Replace(views.report(turn.t, preflight(_facts(turn), turn.t.language), go_back))


@flow.action
def name_roles(turn: Turn) -> Replace:
    """Ask who holds which duty."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    held = {role: [one.id for one in people.holders(turn.session, role)] for role in (people.HR, *Duty)}
    return Replace(views.roles(turn.t, held, save_roles))


@flow.view
def save_roles(turn: Turn) -> Replace:
    """Name the holders, unless somebody would be left without an independent judge."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    roles = (people.HR, *Duty)
    shown = dict(zip(roles, (set(ids.split(",")) for ids in turn.carried(len(roles))), strict=True))
    held = {role: {one.id for one in people.holders(turn.session, role)} for role in roles}
    wanted = {role: _as_changed(held[role], shown[role], _chosen(turn, role)) for role in roles}
    _check_conflicts(turn, wanted)
    for role, chosen in wanted.items():
        before = held[role]
        for person_id in before - chosen:
            people.revoke(turn.session, person_id, role)
            turn.note("revoke_role", person_id, role)
        for person_id in sorted(chosen - before):
            people.grant(turn.session, person_id, role)
            turn.note("grant_role", person_id, role)
    if turn.person.id not in wanted[people.HR]:
        return Replace(views.handed_over(turn.t, people.holders(turn.session, people.HR)))
    return Replace(_overview(turn))


def _as_changed(held: set[str], shown: set[str], chosen: set[str]) -> set[str]:
    """Who holds a duty then: whoever was named or released while the form stood open stays so."""
    return (held | (chosen - shown)) - (shown - chosen)


def _chosen(turn: Turn, role: str) -> set[str]:
    chosen = turn.inputs.many(role)
    known = people.named(turn.session, chosen)
    if (not chosen and role != Duty.FINANCE) or any(one not in known or not known[one].takes_part for one in chosen):
        raise Refused("Please choose people who take part here; guests and former colleagues do not.", field=role)
    return set(chosen)


def _check_conflicts(turn: Turn, wanted: dict[str, set[str]]) -> None:
    """Everybody needs a calibrator and an appeal handler who is neither they nor above them; nobody does both."""
    for one in sorted(wanted[Duty.CALIBRATOR] & wanted[Duty.APPEALS]):
        both = people.get(turn.session, one)
        raise Refused(
            "{name} would hear appeals about what they calibrated. Please choose somebody else.",
            field=Duty.APPEALS,
            name=both.name if both else one,
        )
    if 0 < len(wanted[Duty.FINANCE]) < FEWEST_OF_FINANCE:
        raise Refused(
            "Please name two people or more, or nobody: whoever makes a bonus pool does not approve it.",
            field=Duty.FINANCE,
        )
    managers = {stint.person_id: stint.manager_id for stint in people.stints_on(turn.session, turn.today)}
    judged = [person_id for person_id in zones.of_everyone(turn.session) if managers.get(person_id)]
    for duty in (Duty.CALIBRATOR, Duty.APPEALS):
        if lacking := without_judge(wanted[duty], judged, managers):
            named = people.named(turn.session, [*wanted[duty], lacking[0]])
            raise Refused(
                "Everyone chosen here stands above {name}, or is {name}, and so may not judge there. "
                "Please add somebody from another line.",
                field=duty,
                name=named[lacking[0]].name,
            )


@flow.action
def offer_course(turn: Turn) -> Replace:
    """Show what the course is before it goes to everybody."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return Replace(views.course_offer(turn.t, _asked(turn), send_course))


@flow.action
def send_course(turn: Turn) -> Replace:
    """Invite everybody, each in their working hours."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    if _facts(turn).course_sent:
        raise Refused("Everybody is invited already.")
    kept = announcements.invite(turn.session, turn.today, turn.person.id)
    _tell_everybody(turn, kept, "course.invite")
    return Replace(_overview(turn))


@flow.action
def announce(turn: Turn) -> Replace:
    """Ask what everybody is to be told, from what was written and not sent, else from a text to begin with."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    if mine := announcements.unsent(turn.session, announcements.NEWS, turn.person.id):
        return _announcing(turn, mine)
    starter = Both(*(str(Words(language)(NEWS)) for language in ("en", "zh")))
    return Replace(views.announcing(turn.t, starter, show_announcement))


@flow.action
def write_on(turn: Turn) -> Replace:
    """It is not right yet."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return _announcing(turn, turn.carry)


def _announcing(turn: Turn, kept: str) -> Replace:
    text = announcements.text_of(turn.session, kept)
    return Replace(views.announcing(turn.t, text, show_announcement, kept))


@flow.view
def show_announcement(turn: Turn) -> Replace:
    """Show the announcement to HR before it goes out."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    text = both_languages(turn.inputs.text("en"), turn.inputs.text("zh"))
    kept = announcements.draft(turn.session, announcements.NEWS, text, turn.person.id)
    does = (send_announcement, write_on)
    turn.say(turn.person, f"setup/{kept}/{turn.person.id}", views.proof, text, kept, _asked(turn), does)
    return Replace(views.see_messages(turn.t, go_back))


@flow.action
def send_announcement(turn: Turn) -> None:
    """Tell everybody, each in their working hours."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    text = announcements.text_of(turn.session, turn.carry)
    _tell_everybody(turn, turn.carry, tell.id)
    turn.say(turn.person, f"setup/{turn.carry}/{turn.person.id}", views.sent, text)


@flow.prompt
def tell(turn: Turn) -> None:
    """Tell somebody what HR announced, with the way to the course for who is not through it."""
    text = announcements.text_of(turn.session, turn.carry)
    course = None if lessons.is_done(turn.session, turn.person.id) else turn.flows.steps["course.begin"]
    turn.say(turn.person, f"setup/{turn.carry}/{turn.person.id}/news", views.news, text, course)


def _asked(turn: Turn) -> Confirm:
    count = len(people.everyone(turn.session))
    return views.everybody(turn.t, count, limits.lasting(turn.t, turn.session, count))


def _tell_everybody(turn: Turn, announcement_id: str, step: str) -> None:
    announcements.send(turn.session, announcement_id, turn.person.id, turn.now)
    everyone: list[Person] = people.everyone(turn.session)
    timers.set_all(turn.session, [timers.Timer(step, one.id, announcement_id, turn.now) for one in everyone])
    turn.note("announce", turn.person.id, f"{step}/{announcement_id}")


# Inside -----------------------------------------------------------------------------------


def _facts(turn: Turn) -> Facts:
    return standing.facts(turn.session, turn.today, _used(turn))


def _used(turn: Turn) -> dict[str, Template]:
    """The template of each department that has one."""
    known = templates.in_use(turn.session, shipped()).values()
    names = {stint.department for stint in people.stints_on(turn.session, turn.today)} - {""}
    return {name: one for name in sorted(names) for one in known if one.serves(name)}


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """What HR announced last, paragraph by paragraph."""
    told = announcements.newest(turn.session, announcements.NEWS)
    if told is None:
        return []
    sent_at, text = told
    source = turn.t("What HR announced on {day}", day=sent_at.date())
    parts = [line for line in text.read(turn.t.language).splitlines() if line.strip()]
    return [Passage(source, turn.t("paragraph {n}", n=n), escape(part)) for n, part in enumerate(parts, start=1)]
