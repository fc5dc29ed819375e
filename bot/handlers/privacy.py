"""Privacy: what Cairn keeps about me, and who may see it, read off the table of rights itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.access import RIGHTS, Act, Role
from bot.domain.anonymity import PEER
from bot.domain.org import Person, Stint
from bot.domain.refusal import N_
from bot.slack.blocks import Does, View, button, buttons, context, header, page, section
from bot.slack.flow import Flow, Open, Passage, Turn
from bot.slack.text import Text, bold, bullets, lines, quote
from bot.slack.words import Words
from bot.store import audit, claims, evidence, leaves, objectives, one_on_ones, people, policy, questions, suggestions
from bot.store.audit import Entry
from bot.store.export import AT_A_TERMINAL
from bot.store.export_tables import AT_A_TERMINAL as TABLE_AT_A_TERMINAL
from bot.store.export_tables import Table
from bot.store.sources import SAMPLE

flow = Flow("privacy")

ROLES: Mapping[Role, str] = {
    Role.SELF: N_("you"),
    Role.MANAGER: N_("your manager"),
    Role.NEXT_MANAGER: N_("your manager's manager"),
    Role.HEAD: N_("the head of your department"),
    Role.HR: N_("HR"),
    Role.COLLEAGUE: N_("colleagues"),
    Role.CALIBRATOR: N_("those who calibrate"),
    Role.FINANCE: N_("those of finance"),
}
SEEN: Mapping[Act, str] = {
    Act.SEE_GOALS: N_("Your goals, and your part of an objective"),
    Act.CONFIRM_VALUE: N_("Values of your goals that one of you two reports by hand, with the evidence"),
    Act.SEE_CHECKINS: N_("Your check-ins"),
    Act.COUNT_CHECKINS: N_("How many check-ins you answered in which week, without what is in them"),
    Act.SEE_SUPPORT: N_("Help you asked for, and what became of it"),
    Act.HOLD_TALK: N_("Your one-on-ones: points, shared notes, action items and when you talked"),
    Act.SEE_ANSWERING: N_("If you lead people: how many of their digests you answered, as a number"),
    Act.SEE_REVIEW: N_("Your reviews"),
    Act.SEE_EVIDENCE: N_("Thanks, feedback and saved messages about you, once you share them"),
    Act.SEE_RESULT: N_("Your result"),
    Act.SEE_OUTCOMES: N_("What followed from your result, with the reasons"),
    Act.PREPARE_INTERVIEW: N_("The talk about your result: what you both prepared, minutes and actions"),
    Act.FOLLOW_ACTIONS: N_("Of these actions who does each, by when, and whether it is done, without its words"),
    Act.SEE_PLAN: N_("An improvement plan, if you have one"),
    Act.SEE_BOARD: N_("Your result and what it rests on, while results are compared; never seen by those below you"),
}

LOOKED: Mapping[str, str] = {
    Act.SEE_RESULT: N_("{day}, {name}: your result"),
    Act.SEE_ALL_RESULTS: N_("{day}, {name}: your result, in a file with those of all"),
    Act.SEE_ALL_GOALS: N_("{day}, {name}: your goals, in a file with those of all"),
    Act.COUNT_CHECKINS: N_("{day}, {name}: how many check-ins you answered, in a file with those of all"),
    Act.FOLLOW_ACTIONS: N_("{day}, {name}: whether the actions of your talk are done, in a file with those of all"),
    AT_A_TERMINAL: N_("{day}: your result, in a file with those of all, written by whoever runs me"),
    TABLE_AT_A_TERMINAL[Table.GOALS]: N_("{day}: your goals, in a file with those of all, written by whoever runs me"),
    TABLE_AT_A_TERMINAL[Table.CHECKINS]: N_(
        "{day}: how many check-ins you answered, in a file with those of all, written by whoever runs me"
    ),
    TABLE_AT_A_TERMINAL[Table.ACTIONS]: N_(
        "{day}: whether the actions of your talk are done, in a file with those of all, written by whoever runs me"
    ),
    Act.SEE_REVIEW: N_("{day}, {name}: your reviews, and what they rest on"),
    Act.SEE_GOALS: N_("{day}, {name}: your part of an objective, or why you protested against goals"),
    Act.SEE_CHECKINS: N_("{day}, {name}: your check-in"),
    Act.SEE_OUTCOMES: N_("{day}, {name}: what follows from your result"),
    Act.SEE_PLAN: N_("{day}, {name}: your improvement plan"),
    "see_appeal": N_("{day}, {name}: your appeal"),
    "see_packet": N_("{day}: all of it was written to a file, as you can ask for"),
    Act.SEE_BOARD: N_("{day}, {name}: your result while results were compared"),
}
"""Looking that leaves a trace, as the person reads it whose record it was."""
MOST_LOOKS, A_SECTION = 80, 20

# What people see --------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """What is kept about somebody: where they stood, and how much there is of what."""

    stints: Sequence[Stint]
    days_off: int
    claims: int
    objectives: int
    evidence: int
    talks: int
    asked: int
    acts: int


def in_short(t: Words) -> View:
    """The answer in two lines, and the way to each part of the long one."""
    what = t(
        "I keep what you and others write to me about your work, and what is agreed, reported and decided about it."
    )
    who = t(
        "Your manager sees most of it, HR what results rest on. What colleagues say in confidence reaches nobody with "
        "a name."
    )
    return page(
        t("Privacy"),
        [
            header(t("What I keep about you")),
            section(lines(what, who)),
            buttons(
                button(t("What is kept"), does=show_kept),
                button(t("Who can see it"), does=show_readers),
                button(t("What is confidential"), does=show_confidential),
                button(t("How long"), does=show_how_long),
            ),
            buttons(
                button(t("Who looked, and when"), does=show_looks), button(t("Take it with me"), does=show_way_out)
            ),
            context(t("I read no channels and no messages but those to me, and I do not judge moods.")),
        ],
        close=t("Close"),
    )


def listed(t: Words, title: Text, what: Sequence[Text]) -> View:
    """One part of the long answer."""
    return page(title, [section(bullets(what))], close=t("Close"))


def confidential(t: Words) -> View:
    """What is kept without a name, when it is opened and for how many."""
    parts = [(t("Feedback from colleagues"), sealed(t)), (t("Sealed suggestions"), sealed_suggestions(t))]
    return page(
        t("What is confidential"), [section(lines(bold(name), words)) for name, words in parts], close=t("Close")
    )


def readers(t: Words) -> list[Text]:
    """Who can see what."""
    return [*(who_sees(t, what, RIGHTS[act]) for act, what in SEEN.items()), *further(t)]


def kept(t: Words, person: Person, found: Kept) -> list[Text]:
    """What is kept, with the facts themselves."""
    zone = t("From Slack: {name}, {email}, time zone {zone}", name=person.name, email=person.email, zone=person.tz)
    places = [
        t(
            "Since {day}: {department}, {position}",
            day=each.starts_on,
            department=each.department or "–",
            position=each.position or "–",
        )
        for each in found.stints
    ]
    course = t("How far you came in the course; your answers there are not kept")
    own = t("What you write to me in goals, check-ins, reviews and feedback")
    week = [t("You do not work on: {days}", days=t.weekdays(person.free_weekdays))] if person.free_weekdays else []
    unasked = t("When I wrote to you unasked, and when you acted on it; HR sees sums only")
    return [zone, *places, *week, course, own, unasked, *_counted(t, found)]


def _counted(t: Words, found: Kept) -> list[Text]:
    away = t.plural("One day of leave", "{n} days of leave", found.days_off)
    values = t.plural(
        "One value reported by hand for a goal of yours, with its evidence and what became of it",
        "{n} values reported by hand for goals of yours, with their evidence and what became of them",
        found.claims,
    )
    parts = t.plural(
        "One objective, or part of one, that you answer for",
        "{n} objectives, or parts of them, that you answer for",
        found.objectives,
    )
    said = t.plural(
        "One piece of evidence: thanks, feedback or a saved message, about you or from you",
        "{n} pieces of evidence: thanks, feedback and saved messages, about you or from you",
        found.evidence,
    )
    talks = t.plural(
        "One point, note or action item of a one-on-one, from you or for you",
        "{n} points, notes and action items of one-on-ones, from you or for you",
        found.talks,
    )
    asked = t.plural(
        "One question to HR, or suggestion under your name",
        "{n} questions to HR, or suggestions under your name",
        found.asked,
    )
    trace = t.plural(
        "One entry of who changed something about you, and when",
        "{n} entries of who changed something about you, and when",
        found.acts,
    )
    counts = (found.days_off, found.claims, found.objectives, found.evidence, found.talks, found.asked, found.acts)
    return [one for one, n in zip((away, values, parts, said, talks, asked, trace), counts, strict=True) if n]


def further(t: Words) -> list[Text]:
    """Who sees more of it than the table of rights says."""
    return [
        t("A value counts once it is confirmed; from then on HR sees it too, and where it comes from."),
        t("While somebody stands in for your manager, they see what your manager would; you are told who it is."),
        t("Where colleagues judge the level of a goal, those you choose read its title and levels, no other goal."),
        t("Further up, your part of an objective is seen as a share of a sum only."),
        t("Your manager may keep a list of what to talk about with you; nobody else sees it."),
        t(
            "A private note of a one-on-one is read by whoever wrote it. A new manager sees no notes and no points of "
            "the old one; what you still have to do goes on with you."
        ),
        t(
            "An appeal is read by whoever decides it, as long as they do. If it changes your result, your manager and "
            "HR read the reason beside it."
        ),
        t("Thanks, feedback and saved messages: their author and you read them from the beginning, nobody else."),
        t("What you are paid, and what comes of a bonus pool, only those of finance see, in a file; never in Slack."),
    ]


def who_looked(t: Words, found: Sequence[Entry], named: Mapping[str, Person]) -> View:
    """Each day on which somebody else looked at something, once, the newest first."""
    gone = t("somebody who left")
    said = dict.fromkeys(
        t(LOOKED[one.act], day=one.at.astimezone(t.tz).date(), name=named.get(one.actor_id, gone)) for one in found
    )
    looks = [*said]
    parts = [section(bullets(looks[n : n + A_SECTION])) for n in range(0, len(looks), A_SECTION)]
    nobody = section(t("Nobody but you has opened anything of yours so far."))
    note = t(
        "What reaches your manager in the course of work, such as goals you two talk about or help you ask for, "
        "is not counted here."
    )
    return page(t("Who looked"), [*(parts or [nobody]), context(note)], close=t("Close"))


def way_out(t: Words, email: str, here: Does) -> View:
    """How somebody gets everything that is kept about them as a file."""
    return page(
        t("My data"),
        [
            section(
                t(
                    "You can have everything I keep about you: a page to read, and the same as JSON. Here, both come "
                    "as files into your DM with me, where nobody else sees them."
                )
            ),
            buttons(button(t("Send me the files here"), does=here, style="primary")),
            section(
                t(
                    "Or past Slack, so that only you hold it: please send this line to whoever runs me here, or ask HR "
                    "who that is. Only there is what you are paid in it."
                )
            ),
            section(quote(f"python -m bot packet {email} FOLDER")),
            context(
                t(
                    "Not in it: what is still sealed, who wrote what in feedback by groups, and what others keep for "
                    "themselves, such as private notes."
                )
            ),
        ],
        close=t("Close"),
    )


def how_long(t: Words, keep_days: int) -> list[Text]:
    """How long things stay: the record first; `keep_days` after somebody left, 0 where HR has not decided."""
    erased = t.plural(
        "A day after you leave, at the earliest, they are erased; later if an appeal, an improvement plan or a cycle "
        "is still open, or HR keeps them with a reason.",
        "{n} days after you leave, at the earliest, they are erased; later if an appeal, an improvement plan or a "
        "cycle is still open, or HR keeps them with a reason.",
        keep_days,
    )
    undecided = t("HR has not decided yet for how long they stay after you leave; until then they are not erased.")
    return [
        t("Your goals, check-ins, reviews and results, and what belongs to them, stay as long as you work here."),
        erased if keep_days else undecided,
        t(
            "Sealed answers, in feedback and in the pulse, wait until they are opened, once; then their key is "
            "destroyed. What was opened about you stays as long as your results."
        ),
        t(
            "What you wrote into records of others stays with them, and the audit of who did what stays whole; once "
            "your records are erased, neither has your name."
        ),
        t("Values reported by hand stay with their cycle, also those that were disputed or withdrawn."),
        t("Objectives stay until whoever gave them out takes them back."),
        t(
            "When HR tests a source of values, up to {n} rows of its answer are kept until HR has seen them. "
            "What it brings, or a file, waits at most a day once HR has seen it.",
            n=SAMPLE,
        ),
        t("What I wrote to somebody stays in Slack as long as your company keeps messages there."),
    ]


def who_sees(t: Words, what: str, roles: frozenset[Role]) -> Text:
    """One record and its readers."""
    theirs = t.names([t(ROLES[role]) for role in Role if role in roles])
    return t("{what}: {readers}", what=t(what), readers=theirs)


def sealed(t: Words) -> Text:
    """What is confidential towards whom, when it is opened and for how many, and what cannot be hidden."""
    return lines(
        t(
            "It is confidential towards the person it is about, managers and HR: answers are sealed without a name and "
            "opened together on the day when assessing ends. Ratings are shown from {k} answers, sentences from {c}. "
            "Groups that are too small are put together; what is still too little is destroyed unread.",
            k=PEER.score_shown,
            c=PEER.comments,
        ),
        t(
            "Slack, and whoever runs this server, could with effort notice the moment at which somebody sends an "
            "answer. Whoever runs it can try every known way from an answer to its author with the command "
            "privacy-audit, which says what it found."
        ),
    )


def sealed_suggestions(t: Words) -> Text:
    """What is kept of a sealed suggestion."""
    return t(
        "I keep their words and nothing of who wrote them. The card in your messages alone leads to the answer: "
        "whoever can read your messages in Slack can use it too."
    )


# What happens -----------------------------------------------------------------------------


@flow.command("privacy", N_("What I keep about you, and who sees it"))
@flow.action
def show(turn: Turn) -> Open:
    """Show the short answer."""
    return Open(in_short(turn.t))


@flow.action
def show_kept(turn: Turn) -> Open:
    """Show what is kept, with the facts themselves."""
    me, session = turn.person, turn.session
    found = Kept(
        people.stints_of(session, me.id),
        len(leaves.days_off(session, me.id)),
        claims.count_about(session, me.id),
        objectives.count_of(session, me.id),
        evidence.count_about(session, me.id),
        one_on_ones.count_of(session, me.id),
        questions.count_of(session, me.id) + suggestions.count_of(session, me.id),
        audit.count_about(session, me.id),
    )
    return Open(listed(turn.t, turn.t("What is kept"), kept(turn.t, me, found)))


@flow.action
def show_readers(turn: Turn) -> Open:
    """Show who can see what."""
    return Open(listed(turn.t, turn.t("Who can see it"), readers(turn.t)))


@flow.action
def show_confidential(turn: Turn) -> Open:
    """Show what is kept without a name."""
    return Open(confidential(turn.t))


@flow.action
def show_how_long(turn: Turn) -> Open:
    """Show how long things stay."""
    return Open(listed(turn.t, turn.t("How long"), how_long(turn.t, policy.current(turn.session).keep_left_days)))


@flow.action
def show_looks(turn: Turn) -> Open:
    """Show who looked at what is kept about me."""
    found = audit.by_others(turn.session, turn.person.id, [*LOOKED], MOST_LOOKS)
    return Open(who_looked(turn.t, found, people.named(turn.session, {one.actor_id for one in found})))


@flow.action
def show_way_out(turn: Turn) -> Open:
    """Say how to get all of it as a file."""
    return Open(way_out(turn.t, turn.person.email, turn.flows.steps["packet.take"]))


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """Who sees what, how long it stays, and what confidential means."""
    t = turn.t
    parts = [
        *((t("Who can see it"), one, show_readers) for one in readers(t)),
        *((t("How long"), one, show_how_long) for one in how_long(t, policy.current(turn.session).keep_left_days)),
        (t("Feedback from colleagues"), sealed(t), show_confidential),
        (t("Sealed suggestions"), sealed_suggestions(t), show_confidential),
    ]
    return [Passage(t("Privacy"), name, words, does) for name, words, does in parts]
