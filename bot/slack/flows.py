"""All flows together: who answers which id, word and shortcut. Found by table, not by trying one after the other."""

import difflib
import re
from collections.abc import Sequence
from datetime import date

from bot.slack.blocks import Block, Home
from bot.slack.flow import Command, Flow, Kind, Passage, Step, Task, Turn
from bot.slack.menu import CHINESE, IN_A_QUESTION

MOST_CARRIED = 1_900
"""Characters of what was typed; a button carries 2,000."""
MOST_REPEATED = 20
"""Characters of a word that nobody knows; written without spaces, it may be a whole sentence."""


class Flows:
    """The conversations of one Cairn."""

    def __init__(self, flows: Sequence[Flow]) -> None:
        self.all = tuple(flows)
        self.steps = {step.id: step for flow in flows for step in flow.steps}
        self.commands = {command.word: command for flow in flows for command in flow.commands}
        self.shortcuts = {name: step for flow in flows for name, step in flow.shortcuts.items()}
        self.replies = {step.flow: step for step in self.steps.values() if step.kind is Kind.REPLY}
        self.files = [step for step in self.steps.values() if step.kind is Kind.FILE]
        self.prompts = [step.id for step in self.steps.values() if step.unasked]
        self._home = next((flow.home_view for flow in flows if flow.home_view), None)

    def step(self, slack_id: str, kind: Kind) -> Step | None:
        """The step that an id from Slack or a timer names; None when it names none of this kind."""
        step = self.steps.get(slack_id.split("#", 1)[0])
        return step if step and step.kind is kind else None

    def for_file(self, name: str) -> Step:
        """The step that takes a file of this name: the one for its ending, else the one for all others."""
        fitting = [step for step in self.files if step.endings and name.lower().endswith(step.endings)]
        return [*fitting, *(step for step in self.files if not step.endings)][0]

    def asked(self, text: str) -> tuple[Step, str]:
        """The step for what was typed after /cairn, and what it carries.

        `help.unknown` answers what no command understands: it gets the words of the commands that may be meant, a bar,
        and the first word alone, for whole sentences typed here by mistake are kept nowhere.
        """
        words = text.strip()[:MOST_CARRIED].split(maxsplit=1)
        if not words:
            return self.steps["help.next_thing"], ""
        meant = self.named(words[0])
        if len(meant) == 1:
            return meant[0].step, words[1] if len(words) > 1 and not meant[0].bare else ""
        near = " ".join(one.word for one in meant or self.near(text[:MOST_CARRIED]))
        first, cut = words[0][:MOST_REPEATED], "…" if len(words[0]) > MOST_REPEATED else ""
        return self.steps["help.unknown"], f"{near}|{first}{cut}{' …' if len(words) > 1 else ''}"

    def named(self, word: str) -> list[Command]:
        """The command of this word, or those that it stands for in Chinese."""
        if (command := self.commands.get(word.lower())) is not None:
            return [command]
        return [self.commands[one] for one, words in CHINESE.items() if word in words and one in self.commands]

    def near(self, text: str) -> list[Command]:
        """The commands whose words are in a sentence, those with the longest first."""
        low = text.lower()
        found: dict[str, tuple[int, int]] = {}
        for word in self.commands:
            terms = (word, *CHINESE.get(word, ()), *IN_A_QUESTION.get(word, ()))
            if places := [(-len(one), at.start()) for one in terms if (at := _said(one).search(low))]:
                found[word] = min(places)
        return [self.commands[word] for word in sorted(found, key=found.__getitem__)]

    def nearest(self, word: str) -> Command | None:
        """The command that was probably meant by a misspelt word."""
        close = difflib.get_close_matches(word.lower(), self.commands, n=1, cutoff=0.7)
        return self.commands[close[0]] if close else None

    def waiting(self, turn: Turn) -> list[Task]:
        """Everything that waits for the person whose turn it is, the most pressing first."""
        tasks = [task for flow in self.all if flow.waiting_for for task in flow.waiting_for(turn)]
        return sorted(tasks, key=lambda task: task.due or date.max)

    def published(self, turn: Turn) -> list[Passage]:
        """All that the company has published to the person whose turn it is."""
        return [one for flow in self.all if flow.passages for one in flow.passages(turn)]

    def home_sections(self, turn: Turn) -> list[Block]:
        """What the flows show on the person's Home tab, in their order."""
        return [block for flow in self.all if flow.home_section for block in flow.home_section(turn)]

    def home(self, turn: Turn) -> Home:
        """The person's Home tab."""
        if self._home is None:
            raise LookupError("no flow draws the Home tab")
        return self._home(turn)


def _said(term: str) -> re.Pattern[str]:
    """How a term stands in a sentence: Chinese anywhere, English as a word of its own, also in the plural."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(term)}s?(?![a-z0-9])" if term.isascii() else term)
