"""The team's page: how each report is doing, what waits, and what to talk about; one level up, numbers."""

from bot.domain.access import Act
from bot.domain.refusal import N_, Refused
from bot.domain.support import LONGEST
from bot.handlers.checkins import team_views
from bot.handlers.checkins.conversation import flow
from bot.handlers.checkins.roster import ON_PAGE, team_of
from bot.slack.flow import Open, Replace, Turn
from bot.store import people, talks


@flow.command("team", N_("Your team: how each one is doing, and what waits for you"))
@flow.action
def open_team(turn: Turn) -> Open:
    """Show the page."""
    facts = team_of(turn)
    if not facts.reports:
        raise Refused("Nobody reports to you here. If that is wrong, HR can correct it.")
    return Open(team_views.page_of(turn.t, facts))


def again(turn: Turn) -> Replace:
    """The page as it stands now, from the report on with which it began."""
    first = turn.carry.rpartition("/")[2].removeprefix(ON_PAGE)
    return Replace(team_views.page_of(turn.t, team_of(turn, int(first) if first.isdecimal() and len(first) < 5 else 0)))


@flow.action
def turn_page(turn: Turn) -> Replace:
    """Show the reports from the one that was carried on."""
    return again(turn)


@flow.action
def talk(turn: Turn) -> Replace:
    """Ask what to talk about."""
    person_id, _, page = turn.carry.partition("/")
    turn.must(Act.PLAN_TALK, person_id)
    person = people.named(turn.session, [person_id])[person_id]
    return Replace(team_views.talk_form(turn.t, person, page))


@flow.view
def keep_talk(turn: Turn) -> Replace:
    """Put it on the list."""
    person_id = turn.carry.partition("/")[0]
    turn.must(Act.PLAN_TALK, person_id)
    words = turn.inputs.text("point")[:LONGEST]
    if not words:
        raise Refused("Please write a few words", field="point")
    talks.add(turn.session, turn.person.id, person_id, turn.now, words=words)
    turn.note(Act.PLAN_TALK, person_id)
    return again(turn)


@flow.action
def talked(turn: Turn) -> Replace:
    """It was talked about."""
    point = talks.get(turn.session, turn.carry.partition("/")[0])
    turn.must(Act.PLAN_TALK, point.person_id)
    if point.manager_id != turn.person.id:
        raise Refused("This is not yours to do. If you think it should be, please ask HR.")
    talks.finish(turn.session, point, turn.now)
    return again(turn)
