"""What the team's page looks like."""

from datetime import date

from bot.domain.org import Person
from bot.domain.support import LONGEST, State
from bot.handlers.checkins import digest_views, digests, team, views
from bot.handlers.checkins.conversation import Row
from bot.handlers.checkins.roster import ON_PAGE, Report, Team
from bot.slack.blocks import Block, View, button, buttons, context, divider, form, page, section, text_input
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words
from bot.store.talks import TalkPoint

A_PAGE = 12
"""Reports on a page: with three blocks and a few points each they stay within Slack's hundred."""
MOST_POINTS = 4
MOST_GOALS = 8


def page_of(t: Words, facts: Team) -> View:
    """Each report, then how the managers among them answer."""
    shown = facts.reports[facts.first : facts.first + A_PAGE]
    blocks = [block for one in shown for block in (*_report(t, facts, one), divider())]
    return page(t("My team"), [*blocks, *_answering(t, facts), *_pages(t, facts)], close=t("Close"))


def _answering(t: Words, facts: Team) -> list[Block]:
    numbers = digest_views.one_level_up(t, facts.answering)
    told = t("Numbers of the running cycles. What was written, and by whom, stays between them.")
    return [*numbers, context(told)] if numbers else []


def _pages(t: Words, facts: Team) -> list[Block]:
    earlier = (
        button(t("Earlier"), does=team.turn_page, carry=f"{ON_PAGE}{max(0, facts.first - A_PAGE)}")
        if facts.first
        else None
    )
    more = facts.first + A_PAGE
    further = button(t("Further"), does=team.turn_page, carry=f"{ON_PAGE}{more}") if more < len(facts.reports) else None
    return [buttons(earlier, further)] if earlier or further else []


def _report(t: Words, facts: Team, one: Report) -> list[Block]:
    requests = [views.request_of(t, each, facts.named) for each in one.requests]
    rows = bullets(_goal(t, one, each) for each in one.rows[:MOST_GOALS])
    talked = t("Last talk: {day}", day=t.weekday(one.talked_on)) if one.talked_on else None
    last = row(_last_checkin(t, facts, one), talked)
    return [
        section(lines(bold(escape(one.person.name)), rows or t("No agreed goals yet."), last, *requests)),
        *(_point(t, facts, each) for each in one.points[:MOST_POINTS]),
        _presses(t, facts, one),
    ]


def _goal(t: Words, one: Report, each: Row) -> Text:
    if each.goal.id in one.turns:
        found = one.turns[each.goal.id]
        return row(digest_views.turn_of(t, each.goal, found.before, found.after), views.value_of(t, each))
    return row(escape(each.goal.title), views.value_of(t, each), views.confidence(t, each.confidence))


def _last_checkin(t: Words, facts: Team, one: Report) -> Text:
    last = one.checkin
    if last is None:
        return t("No check-in yet.")
    said = t("Last check-in: {day}", day=t.weekday(last.day))
    if last.comment_by == facts.reader_id:
        return row(said, t("you commented"))
    if last.manager_id != facts.reader_id:
        return row(said, t("told to a manager before you"))
    return row(said, t("read") if last.read else t("not acknowledged yet"))


def _point(t: Words, facts: Team, point: TalkPoint) -> Block:
    words = escape(point.text) if point.text else t("Check-in of {day}", day=t.weekday(date.fromisoformat(point.ref)))
    text = t("*To talk about:* {what}", what=words)
    return section(text, button(t("Talked about"), does=team.talked, carry=f"{point.id}/{facts.page}"))


def _presses(t: Words, facts: Team, one: Report) -> Block:
    last = one.checkin
    carry = f"{last.cycle_id}/{last.person_id}/{last.day}/{facts.page}" if last else ""
    promised = [each for each in one.requests if each.state is State.PROMISED]
    first = [*promised, *one.requests][:1]
    open_place = f"{first[0].carry}/{facts.page}" if first else carry
    deliver, offer = facts.steps["support.deliver"], facts.steps["support.offer"]
    unread = last if last and not last.read and last.manager_id == facts.reader_id else None
    read = f"{unread.cycle_id}/{unread.digest_on}/{unread.person_id}/{facts.page}" if unread else ""
    return buttons(
        button(t("Acknowledge"), does=digests.acknowledge, carry=read) if read else None,
        button(t("Comment"), does=digests.comment, carry=carry) if last else None,
        button(t("Delivered"), does=deliver, carry=f"{promised[0].id}/{facts.page}") if promised else None,
        button(t("Change promise") if promised else t("Help"), does=offer, carry=open_place) if open_place else None,
        button(t("Add to 1:1"), does=team.talk, carry=f"{one.person.id}/{facts.page}"),
        button(t("Talk"), does=facts.steps["talks.open_talk"], carry=one.person.id),
    )


def talk_form(t: Words, person: Person, page: str) -> View:
    """What to talk about next time."""
    return form(
        t("For the next talk"),
        [
            section(bold(escape(person.name))),
            text_input("point", t("What would you like to talk about?"), lines=True, longest=LONGEST),
            context(t("You alone see this list.")),
        ],
        does=team.keep_talk,
        submit=t("Add to 1:1"),
        close=t("Not now"),
        carry=f"{person.id}/{page}",
    )
