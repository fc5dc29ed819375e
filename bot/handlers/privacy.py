"""Privacy: what Cairn keeps about me, and who may see it, read off the table of rights itself."""

from collections.abc import Mapping, Sequence

from bot.domain.access import RIGHTS, Act, Role
from bot.domain.org import Person, Stint
from bot.domain.refusal import N_
from bot.slack.blocks import View, context, header, page, section
from bot.slack.flow import Flow, Open, Turn
from bot.slack.text import Text, bold, bullets, lines
from bot.slack.words import Words
from bot.store import audit, people

flow = Flow("privacy")

ROLES: Mapping[Role, str] = {
    Role.SELF: N_("you"),
    Role.MANAGER: N_("your manager"),
    Role.NEXT_MANAGER: N_("your manager's manager"),
    Role.HEAD: N_("the head of your department"),
    Role.HR: N_("HR"),
    Role.COLLEAGUE: N_("colleagues"),
}
SEEN: Mapping[Act, str] = {
    Act.SEE_GOALS: N_("Your goals"),
    Act.SEE_CHECKINS: N_("Your check-ins"),
    Act.SEE_REVIEW: N_("Your reviews"),
    Act.SEE_RESULT: N_("Your result"),
}

# What people see --------------------------------------------------------------------------


def what_is_kept(t: Words, person: Person, stints: Sequence[Stint], days_off: int, acts: int) -> View:
    """The whole page."""
    return page(
        t("Privacy"),
        [
            header(t("What I keep about you")),
            section(bullets(kept(t, person, stints, days_off, acts))),
            header(t("Who can see it")),
            section(bullets(who_sees(t, what, RIGHTS[act]) for act, what in SEEN.items())),
            section(lines(bold(t("Feedback from colleagues")), sealed(t))),
            context(t("I read no channels and no messages but those to me, and I do not judge moods.")),
        ],
        close=t("Close"),
    )


def kept(t: Words, person: Person, stints: Sequence[Stint], days_off: int, acts: int) -> list[Text]:
    """What is kept, with the facts themselves."""
    zone = t("From Slack: {name}, {email}, time zone {zone}", name=person.name, email=person.email, zone=person.tz)
    places = [
        t(
            "Since {day}: {department}, {position}",
            day=each.starts_on,
            department=each.department or "–",
            position=each.position or "–",
        )
        for each in stints
    ]
    away = t.plural("One day of leave", "{n} days of leave", days_off) if days_off else None
    trace = t.plural(
        "One entry of who changed something about you, and when",
        "{n} entries of who changed something about you, and when",
        acts,
    )
    course = t("How far you came in the course; your answers there are not kept")
    own = t("What you write to me in goals, check-ins, reviews and feedback")
    return [one for one in (zone, *places, away, course, own, trace if acts else None) if one]


def who_sees(t: Words, what: str, roles: frozenset[Role]) -> Text:
    """One record and its readers."""
    readers = t.names([t(ROLES[role]) for role in Role if role in roles])
    return t("{what}: {readers}", what=t(what), readers=readers)


def sealed(t: Words) -> Text:
    """What is confidential towards whom, and what cannot be hidden."""
    return t(
        "It is confidential towards the person it is about, managers and HR: answers are sealed without a name, "
        "opened together, and shown only when enough people answered. Slack, and whoever runs this server, "
        "could with effort notice the moment at which somebody sends an answer."
    )


# What happens -----------------------------------------------------------------------------


@flow.command("privacy", N_("What I keep about you, and who sees it"))
@flow.action
def show(turn: Turn) -> Open:
    """Show the page."""
    me = turn.person
    stints = people.stints_of(turn.session, me.id)
    days_off, acts = len(people.days_off(turn.session, me.id)), len(audit.about(turn.session, me.id))
    return Open(what_is_kept(turn.t, me, stints, days_off, acts))
