"""A person in front of Slack: looks, presses, fills in, corrects, closes."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from scripts.rehearsal.errands import Errand
from scripts.rehearsal.habits import IN_WINDOWS, NOT_SENT, ON_MESSAGES, ON_MONDAYS, Decided, Impulse, wish
from scripts.rehearsal.personas import Persona
from scripts.rehearsal.reading import Press, in_message, in_view, inputs_of, is_coming, is_refusal, words
from scripts.rehearsal.settling import Bot
from scripts.rehearsal.workspace import NotDone, Workspace

MOST_WINDOWS = 150
A_LOOK = 0.05
"""Real seconds until one looks again whether a window's content has come."""
ATTEMPTS = 6

Json = dict[str, Any]


@dataclass(frozen=True)
class Objection:
    """A sentence that somebody got instead of what they wanted."""

    at: datetime
    person_id: str
    step: str
    sentence: str
    own_mistake: bool


@dataclass
class Told:
    """What people did and what they were told, for the report."""

    acts: Counter[str] = field(default_factory=Counter)
    did: set[tuple[str, str]] = field(default_factory=set)
    """Who did which step."""
    objections: list[Objection] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)


@dataclass
class Life:
    """Lets people live in front of one workspace."""

    workspace: Workspace
    bot: Bot
    told: Told = field(default_factory=Told)

    def sees(self, person: Persona) -> list[Json]:
        """What stands in somebody's DM, newest first."""
        return self.workspace.messages(person.id, person.dm)[::-1]

    def looks(self, person: Persona, seen: list[Json]) -> None:
        """Somebody goes through what they saw in their DM and does what they want to do."""
        for message in seen:
            while pressed := self._wish(person, message):
                if self.presses(person, pressed) or self._presses_again(person, pressed):
                    self.finishes(person, pressed.step)

    def begins(self, person: Persona) -> None:
        """Somebody may begin what nobody asked them for."""
        for impulse in ON_MONDAYS:
            if person.impulses.random() < impulse.chance and self._follows(person, impulse):
                self.finishes(person, impulse.begins)

    def does(self, person: Persona, errand: Errand) -> bool:
        """Somebody does what they set out to do; whether they could press what they came for."""
        if errand.leaves:
            self.workspace.deactivates(person.id)
            person.gone = True
            return True
        given, pressed = person.hand.given, self.told.acts[errand.presses]
        person.errand, person.hand.given = errand.choices, {**given, **errand.enters}
        begun = self.drops(person, "people.csv", errand.drops.encode()) if errand.drops else self._types(
            person, errand.types)  # fmt: skip
        self.finishes(person, errand.types)
        person.errand, person.hand.given = (), given
        return begun and (not errand.presses or self.told.acts[errand.presses] > pressed)

    def drops(self, person: Persona, name: str, content: bytes) -> bool:
        """Somebody drops a file into the DM, and does what is asked about it."""
        self.workspace.drop(person.id, person.dm, name, content)
        self.bot.settles()
        self.looks(person, self.sees(person))
        return True

    def _follows(self, person: Persona, impulse: Impulse) -> bool:
        if impulse.typed:
            return self._types(person, impulse.begins)
        there = [one for message in self.sees(person) for one in in_message(person.dm, message)]
        wanted = [one for one in there if one.step == impulse.begins]
        return bool(wanted) and self.presses(person, wanted[0])

    def _types(self, person: Persona, words: str) -> bool:
        try:
            self.workspace.act(person.id, "command", channel=person.dm, text=words)
        except NotDone as problem:
            if "didn't respond" in str(problem):
                return False
            raise
        self.told.acts[words] += 1
        return True

    def _presses_again(self, person: Persona, pressed: Press) -> bool:
        """The message was drawn anew under somebody's finger: press the same where it stands now, if it does."""
        self.bot.settles()
        there = [one for message in self.sees(person) for one in in_message(person.dm, message)]
        same = [one for one in there if one.surface == pressed.surface and one.named == pressed.named]
        return bool(same) and self.presses(person, same[0])

    def _wish(self, person: Persona, message: Json) -> Press | None:
        seen = in_message(person.dm, message)
        return wish(ON_MESSAGES, seen, person.decided, person.own_ways, person.rng) if seen else None

    def presses(self, person: Persona, pressed: Press) -> bool:
        """Press something; whether it was still there, and answered."""
        try:
            self.workspace.act(person.id, "press", **pressed.fields)
        except NotDone as problem:
            if "There is no" in str(problem) or "didn't respond" in str(problem):
                return False
            raise
        self.told.acts[pressed.step] += 1
        self.told.did.add((person.id, pressed.step))
        return True

    def finishes(self, person: Persona, step: str) -> None:
        """Deal with every window that is open, until none is."""
        sitting = Sitting(self, person, step)
        for _ in range(MOST_WINDOWS):
            if not (open_now := self.workspace.windows(person.id)):
                break
            sitting.deals_with(open_now[-1])
        else:
            last = ", ".join(one["callback_id"] for one in open_now)
            self._is_stuck(person, step, f"there is no end of windows: {last}")
            self._closes_all(person)

    def _closes_all(self, person: Persona) -> None:
        while open_now := self.workspace.windows(person.id):
            self.workspace.act(person.id, "close", view_id=open_now[-1]["id"])

    def _is_stuck(self, person: Persona, step: str, why: str) -> None:
        self.told.stuck.append(f"{person.name} at {step}: {why}")


@dataclass
class Sitting:
    """One person with windows open: from the first that opens to the last that closes."""

    life: Life
    person: Persona
    began_with: str
    decided: Decided = field(default_factory=set)
    attempts: Counter[str] = field(default_factory=Counter)
    editing: int = 1
    """How many goals they mean to edit before they propose."""
    mended: int = 0

    def deals_with(self, view: Json) -> None:
        """Press what one wants in it; else fill it in and send it; else close it."""
        if is_coming(view):
            time.sleep(A_LOOK)
            return
        if is_refusal(view):
            self._object(view["callback_id"], words(view), own_mistake=False)
            self._close(view)
        elif pressed := self._edits(view) or self._wants(view):
            self.life.presses(self.person, pressed)
        elif view.get("submit") and view["callback_id"] not in NOT_SENT:
            self._send(view)
        else:
            self._close(view)

    def _wants(self, view: Json) -> Press | None:
        choices = (*self.person.errand, *IN_WINDOWS)
        return wish(choices, in_view(view), self.decided, self.person.own_ways, self.person.rng)

    def _edits(self, view: Json) -> Press | None:
        """In the list of goals: edit some, propose; and if that is refused, mend all and propose again."""
        seen = in_view(view)
        propose = next((one for one in seen if one.step == "goals.propose"), None)
        if propose is None:
            return None
        if ("propose", "") in self.decided:
            self._is_told_to_mend(view)
        for one in seen:
            if one.step == "goals.edit_goal" and self.editing and ("edit", one.value) not in self.decided:
                self.decided.add(("edit", one.value))
                self.editing -= 1
                return one
        self.decided.add(("propose", ""))
        return propose if self.mended < ATTEMPTS else None

    def _is_told_to_mend(self, view: Json) -> None:
        self._object("goals.propose", words(view)[:300], own_mistake=bool(self.person.hand.weights))
        self.decided.clear()
        self.mended += 1
        self.editing = 100

    def _send(self, view: Json) -> None:
        step, attempt = view["callback_id"], self.attempts[view["id"] + view["callback_id"]]
        fillable = {block["block_id"] for block in inputs_of(view)}
        state = self.person.hand.fills(view, self._today(), attempt)
        mistaken = any(value == "" for inputs in state.values() for value in inputs.values())
        self.life.told.acts[step] += 1
        try:
            done = self.life.workspace.act(self.person.id, "submit", view_id=view["id"], state=state)
        except NotDone as problem:
            self.life.told.stuck.append(f"{self.person.name} at {step}: {problem}")
            self._close(view)
            return
        answer = done.get("answer") or {}
        errors = done.get("errors") or (answer.get("errors") if isinstance(answer, dict) else None) or {}
        for name, sentence in errors.items():
            self._object(step, f"{name}: {sentence}", own_mistake=mistaken)
        self._tries_again(view, attempt, errors, fillable=bool(fillable))

    def _tries_again(self, view: Json, attempt: int, errors: Mapping[str, str], *, fillable: bool) -> None:
        key = view["id"] + view["callback_id"]
        if not errors:
            self.attempts[key] = 0
        elif attempt + 1 < ATTEMPTS and fillable:
            self.attempts[key] = attempt + 1
        else:
            why = f"gave up after {attempt + 1}: {'; '.join(errors.values())}"
            self.life.told.stuck.append(f"{self.person.name} at {view['callback_id']}: {why}")
            self._close(view)

    def _object(self, step: str, sentence: str, *, own_mistake: bool) -> None:
        now = self.life.workspace.now
        step = self.began_with if step == "shown" else step
        self.life.told.objections.append(Objection(now, self.person.id, step, sentence, own_mistake))

    def _close(self, view: Json) -> None:
        self.life.workspace.act(self.person.id, "close", view_id=view["id"])

    def _today(self) -> date:
        return self.life.workspace.now.astimezone(self.person.zone).date()
