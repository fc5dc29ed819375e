"""A person's packet: everything that is kept about them, as a page to read and as JSON; here, or at a terminal."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from bot.domain.access import Act
from bot.domain.org import CAIRN, Person
from bot.domain.refusal import N_
from bot.slack import blocks
from bot.slack.flow import Flow, Replace, Turn
from bot.slack.handout import hand_out
from bot.slack.inputs import File
from bot.slack.text import Text, plain
from bot.slack.words import Words, words_for
from bot.store import audit, people
from bot.store.db import Database
from bot.store.export import AT_A_TERMINAL
from bot.store.export_tables import AT_A_TERMINAL as TABLE_AT_A_TERMINAL
from bot.store.export_tables import Table
from bot.store.packet import Rows
from bot.store.packet_parts import FORMAT, Noun, gathered
from bot.store.private_file import private_file

flow = Flow("packet")

ACT = "see_packet"
NOT_IN_SLACK = frozenset({"pay_bases"})
"""Money never goes through Slack."""
IN_JSON_ALONE = frozenset({"tree", "rules", "inputs", "whole_text"})
"""The arithmetic of a result: page after page, and for a machine to calculate again. And a switch: no words."""
LABELS: Mapping[str, str] = {
    "about": N_("About"),
    "act": N_("What"),
    "actor": N_("Who"),
    "agreed": N_("Agreed"),
    "answer": N_("Answer"),
    "at": N_("When"),
    "author": N_("Written by"),
    "band": N_("Grade"),
    "baseline": N_("Starting value"),
    "blocking": N_("What is in the way"),
    "by": N_("By"),
    "comment": N_("Comment"),
    "comment_by": N_("Comment by"),
    "competencies": N_("Competencies"),
    "cycle": N_("Cycle"),
    "day": N_("Day"),
    "delivered_on": N_("Delivered on"),
    "department": N_("Department"),
    "due": N_("Due on"),
    "email": N_("E-mail"),
    "ends_on": N_("Until"),
    "evidence": N_("Evidence"),
    "first_day": N_("From day"),
    "formula_band": N_("Grade by the rules"),
    "free_weekdays": N_("Weekdays off"),
    "goals": N_("Goals"),
    "help_wanted": N_("Help wanted"),
    "items": N_("On each goal"),
    "kind": N_("Kind"),
    "last_day": N_("To day"),
    "later": N_("Reasons given later, by grade"),
    "levels": N_("Levels"),
    "manager": N_("Manager"),
    "name": N_("Name"),
    "note": N_("Note"),
    "notes": N_("Notes"),
    "opened_at": N_("Opened"),
    "overall": N_("Overall grade"),
    "owner": N_("Who does it"),
    "period": N_("Period"),
    "position": N_("Position"),
    "promise": N_("Promise"),
    "protest": N_("Protest"),
    "ratee": N_("Colleague"),
    "reason": N_("The reason"),
    "reasons": N_("The reasons"),
    "relation": N_("Group"),
    "released_at": N_("Released"),
    "role": N_("Duty"),
    "score": N_("Result"),
    "sentences": N_("Sentences"),
    "source": N_("Source"),
    "starts_on": N_("Since"),
    "state": N_("State"),
    "target": N_("The target"),
    "text": N_("Text"),
    "title": N_("Title"),
    "topics": N_("Topics"),
    "tz": N_("Time zone"),
    "unit": N_("Unit"),
    "value": N_("Value"),
    "version": N_("Version"),
    "what": N_("What for"),
    "words": N_("Words"),
}
"""What the page calls a column; the others are called as they are."""
ACTS: Mapping[str, str] = {
    Act.SEE_RESULT: N_("Your result"),
    Act.SEE_ALL_RESULTS: N_("Your result, in a file with those of all"),
    Act.SEE_ALL_GOALS: N_("Your goals, in a file with those of all"),
    Act.COUNT_CHECKINS: N_("How many check-ins you answered, in a file with those of all"),
    Act.FOLLOW_ACTIONS: N_("Whether the actions of your talk are done, in a file with those of all"),
    AT_A_TERMINAL: N_("Your result, in a file with those of all, written by whoever runs me"),
    TABLE_AT_A_TERMINAL[Table.GOALS]: N_("Your goals, in a file with those of all, written by whoever runs me"),
    TABLE_AT_A_TERMINAL[Table.CHECKINS]: N_(
        "How many check-ins you answered, in a file with those of all, written by whoever runs me"
    ),
    TABLE_AT_A_TERMINAL[Table.ACTIONS]: N_(
        "Whether the actions of your talk are done, in a file with those of all, written by whoever runs me"
    ),
    Act.SEE_REVIEW: N_("Your reviews"),
    Act.SEE_CHECKINS: N_("Your check-ins"),
    Act.SEE_GOALS: N_("Your goals, and your part of an objective"),
    Act.SEE_BOARD: N_("Your result and what it rests on, while results are compared; never seen by those below you"),
    Act.SEE_OUTCOMES: N_("What follows from your results"),
    Act.SEE_PLAN: N_("Your improvement plans"),
    "see_appeal": N_("Your appeals"),
    ACT: N_("All of it, for a file like this one"),
}
"""What was looked at, in words."""
STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}dl{border-top:1px solid #ccc;"
    "margin:0;padding:.5em 0}dt{color:#555;float:left;clear:left;width:12em}dd{margin-left:13em}ul{margin:0}"
)


def run_packet(database: Database, email: str, folder: Path, now: datetime, say: Callable[[str], object]) -> int:
    """Write a person's packet into a folder; the exit status is 1 when nobody has this address."""
    with database.unit_of_work() as session:
        person = people.with_email(session, email)
        if person is None:
            say(f"Nobody here has the address {email}.")
            return 1
        found = gathered(session, person.id)
        audit.note(session, now, CAIRN.id, ACT, person.id, "command line")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = "".join(sign if sign.isalnum() else "-" for sign in person.email.lower())
    machine, readable = folder / f"{name}.json", folder / f"{name}.html"
    of_page = page(words_for(person), person, found, now).encode()
    for path, written in ((machine, _machine(person, found, now)), (readable, of_page)):
        with private_file(path) as file:
            file.write(written)
    say(f"{sum(len(rows) for _, rows in found)} entries about {person.name} written to {readable} and {machine}.")
    say("Please hand them to nobody else, and delete them here when they are handed over.")
    return 0


# In Slack: two files in one's own DM -------------------------------------------------------


def on_its_way(t: Words) -> blocks.View:
    """What comes, and where it stays."""
    comes = t("Two files come into your DM with me: a page to read, and the same as JSON.")
    stays = t("Slack keeps them as it keeps messages; you can delete them there once you have them.")
    return blocks.page(t("My data"), [blocks.section(comes), blocks.context(stays)], close=t("Close"))


@flow.action
def take(turn: Turn) -> Replace:
    """Hand both files to whoever they are about; that they were made stands among who looked."""
    me = turn.person
    hand_out(turn, me, f"packet/page/{me.id}", as_page, "", lambda t: t("What I keep about you, to read"))
    hand_out(turn, me, f"packet/json/{me.id}", as_json, "", lambda t: t("What I keep about you, as JSON"))
    turn.note(ACT, me.id, "Slack")
    return Replace(on_its_way(turn.t))


@flow.handout
def as_page(turn: Turn) -> File:
    """The page."""
    return File("my-data.html", page(turn.t, turn.person, _through_slack(turn), turn.now, in_slack=True).encode())


@flow.handout
def as_json(turn: Turn) -> File:
    """The JSON."""
    return File("my-data.json", _machine(turn.person, _through_slack(turn), turn.now))


def _through_slack(turn: Turn) -> list[tuple[Noun, Rows]]:
    found = gathered(turn.session, turn.person.id)
    return [(noun, rows) for noun, rows in found if noun.tables[0] not in NOT_IN_SLACK]


# What is in it ----------------------------------------------------------------------------


def _machine(person: Person, found: list[tuple[Noun, Rows]], now: datetime) -> bytes:
    return json.dumps(document(person, found, now), ensure_ascii=False, indent=1).encode()


def document(person: Person, found: list[tuple[Noun, Rows]], now: datetime) -> dict[str, Any]:
    """All of it for a machine: the parts by the names of their tables."""
    return {
        "format": FORMAT,
        "person": {"name": person.name, "email": person.email},
        "made_at": now.isoformat(),
        "parts": {noun.tables[0]: rows for noun, rows in found},
    }


def page(t: Words, person: Person, found: list[tuple[Noun, Rows]], now: datetime, *, in_slack: bool = False) -> str:
    """All of it to read, in the person's language; it loads nothing from anywhere."""
    title = _html(t("What is kept about {name}", name=person))
    made = _html(t("Written on {day}. The arithmetic of results stands in the JSON beside it.", day=now.date()))
    left_out = _html(
        t("Not in it: what is still sealed, who wrote what in feedback by groups, and what others keep for themselves, "
          "such as private notes.")
    )  # fmt: skip
    money = _html(t("What you are paid is not in it either: that never goes through Slack.")) if in_slack else ""
    parts = [f"<h2>{_html(t(noun.heading))}</h2>\n" + "\n".join(_row(t, row) for row in rows) for noun, rows in found]
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    body = "\n".join([f"<h1>{title}</h1>", f"<p>{made}</p>", f"<p>{left_out} {money}</p>", *parts])
    return f'<!doctype html>\n<html lang="{t.language}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _row(t: Words, row: Mapping[str, Any]) -> str:
    told = {name: plain(t(ACTS[value])) if name == "act" and value in ACTS else value for name, value in row.items()}
    shown = [f"<dt>{_label(t, name)}</dt><dd>{_value(value)}</dd>" for name, value in told.items() if _read(name)]
    return f"<dl>{''.join(shown)}</dl>"


def _read(name: str) -> bool:
    return name not in IN_JSON_ALONE


def _label(t: Words, name: str) -> str:
    return _html(t(LABELS[name])) if name in LABELS else escape(name.replace("_", " "))


def _value(value: object) -> str:
    match value:
        case dict():
            inside = [f"<li>{escape(str(name))}: {_value(one)}</li>" for name, one in value.items() if one]
        case list() | tuple():
            inside = [f"<li>{_value(one)}</li>" for one in value]
        case _:
            return escape(str(value)).replace("\n", "<br>")
    return f"<ul>{''.join(inside)}</ul>"


def _html(text: Text) -> str:
    return escape(plain(text))
