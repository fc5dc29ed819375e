"""Filling in forms: from what each input is, and a little from its name; with the mistakes people make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from scripts.rehearsal.reading import inputs_of

Json = dict[str, Any]

SENTENCES = (
    (
        "On 12 February the order list was checked twice before it left, and the customer said that the delivery "
        "of all 24 crates came complete and on the day that we had named."
    ),
    (
        "The price list of March had 3 wrong lines; after the talk on the 9th each list was read by a second person "
        "and no line was wrong again."
    ),
    "In the meeting on 17 February two questions stayed open, and both had an answer in writing by the next evening.",
)
SENTENCES_ZH = (
    "二月十二日出货前把清单核对了两遍，客户说二十四箱全部齐全，并且在约定的那天送到，没有一箱需要补发或者退换。",
    "三月的价目表有三行写错；九日谈过以后，每份价目表都由第二个人再看一遍，之后没有再出现错误的行。",
    "二月十七日的会上有两个问题没有答案，第二天傍晚之前都用书面方式回复了，参会的同事都收到了。",
)
MISTAKEN_WEIGHT = "95"
AS_PROPOSED = {"milestones", "levels", "points", "title", "measure", "unit", "source"}
"""Words of a goal that nobody here rewrites."""

AMOUNTS = {"target", "baseline", "stretch", "low", "high", "tolerance", "value"}
"""Inputs that take a number as people write it."""
LEFT_ALONE = {("appeals.adjust", "value"), ("outcomes.keep", "words")}
"""Inputs of a form that people leave as they are, unless they came for them."""
TURNS = {"confidence": 0.2, "weeks": 1.0, "how": 0.8}
"""How often somebody changes what a choice proposes: how sure they are, the rhythm of talks, with or without a name."""


@dataclass
class Hand:
    """How somebody fills in forms."""

    owner: str = ""
    rng: Random = field(default_factory=Random)
    chinese: bool = False
    revenue_target: int | None = None
    mistakes: set[str] = field(default_factory=set)
    colleagues: list[str] = field(default_factory=list)
    company: list[str] = field(default_factory=list)
    weights: dict[str, str] = field(default_factory=dict)
    """The weights that were there before a mistake, by what the form carries."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What is entered whatever the form proposes, by block id."""

    def fills(self, view: Json, today: date, attempt: int) -> dict[str, dict[str, Any]]:
        """The state to send: what is changed in the form; the rest stays as it was shown."""
        filled: dict[str, dict[str, Any]] = {}
        for block in inputs_of(view):
            name, alone = block["block_id"], (view["callback_id"], kind_of(block)) in LEFT_ALONE
            value = self.given.get(name) if alone or name in self.given else self._value(view, block, today, attempt)
            if value is not None:
                filled[block["block_id"]] = {block["element"]["action_id"]: value}
        return filled

    def _value(self, view: Json, block: Json, today: date, attempt: int) -> Any:
        element = block["element"]
        match element["type"]:
            case "plain_text_input" if kind_of(block) in AMOUNTS:
                return self._number(view, block)
            case "plain_text_input":
                return self._text(block, attempt)
            case "number_input":
                return self._number(view, block)
            case "radio_buttons" | "static_select":
                return self._option(block, attempt)
            case "checkboxes" | "multi_static_select":
                return self._options(view, block)
            case "datepicker":
                return self._day(view, block, today, attempt)
            case "multi_users_select":
                return self._people(view, block, attempt)
            case "users_select":
                return None if element.get("initial_user") else self.rng.choice(self.colleagues)
        return None

    def _text(self, block: Json, attempt: int) -> str | None:
        element = block["element"]
        if kind_of(block) in AS_PROPOSED or (
            attempt == 0 and (element.get("initial_value") or (block["optional"] and self.rng.random() < 0.5))
        ):
            return None
        text = " ".join(self.rng.sample(SENTENCES_ZH if self.chinese else SENTENCES, 1 + min(attempt, 2)))
        return text[: element.get("max_length", 3000)]

    def _number(self, view: Json, block: Json) -> str | None:
        name, element, carry = kind_of(block), block["element"], view["private_metadata"]
        initial = (element.get("initial_value") or "").replace(",", "") or None
        if name == "weight" and initial is not None:
            return self._weight(carry, initial)
        if name in {"target", "odds"}:
            return self._aim(name, carry, initial)
        if name == "value":
            return self._progress(initial)
        if initial is not None or block["optional"]:
            return None
        return _within(element, self.rng.randint(1, 9))

    def _aim(self, name: str, carry: str, initial: str | None) -> str | None:
        """One's own revenue target comes from the strategy; to somebody else a manager suggests a little less."""
        _, person_id, goal = carry.split("/")
        if name == "odds":
            return _within({"max_value": "10"}, int(initial or 8) - 1)
        if person_id != self.owner:
            return f"{(Decimal(initial) * Decimal('0.95')).normalize():f}" if initial else None
        return str(self.revenue_target) if goal == "revenue" and self.revenue_target else None

    def _weight(self, carry: str, initial: str) -> str | None:
        if "empty" in self.mistakes:
            self.mistakes.remove("empty")
            return ""
        if "weight" in self.mistakes:
            self.mistakes.remove("weight")
            self.weights[carry] = initial
            return MISTAKEN_WEIGHT
        return self.weights.pop(carry, initial)

    def _progress(self, initial: str | None) -> str:
        """A value that grows from check-in to check-in."""
        before = Decimal(initial or 0)
        return f"{before + self.rng.randint(1, 4):f}"

    def _option(self, block: Json, attempt: int) -> str | None:
        element = block["element"]
        values = [one["value"] for one in element["options"]]
        initial = (element.get("initial_option") or {}).get("value")
        chance = TURNS.get(kind_of(block), 0)
        turns = chance > 0 and self.rng.random() < chance
        if initial and attempt == 0 and not turns:
            return None
        drawn: str = self.rng.choice(values)
        return drawn

    def _options(self, view: Json, block: Json) -> list[str] | None:
        element = block["element"]
        values = [one["value"] for one in element["options"]]
        match view["callback_id"], kind_of(block):
            case "interviews.keep_prepared", "strengths":
                return values[:1]
            case "interviews.keep_prepared", "gaps":
                return [self.rng.choice(values[1:])] if values[1:] else None
            case "interviews.send_minutes", "gaps":  # the gap for which an action is proposed first
                return values[:1]
        if element.get("initial_options") or (block["optional"] and self.rng.random() < 0.7):
            return None
        return [self.rng.choice(values)]

    def _day(self, view: Json, block: Json, today: date, attempt: int) -> str | None:
        """As proposed, else some weeks ago; a manager wants what is due a week earlier, if that may be."""
        initial, carry = block["element"].get("initial_date"), view["private_metadata"]
        if not initial:
            return (today - timedelta(days=20 + 10 * attempt)).isoformat()
        if kind_of(block) == "due" and f"/{self.owner}/" not in carry:
            return (date.fromisoformat(initial) - timedelta(days=0 if attempt else 7)).isoformat()
        return None

    def _people(self, view: Json, block: Json, attempt: int) -> list[str] | None:
        """As proposed; else five of the department instead, in the end of the company; one in the place of another."""
        initial = block["element"].get("initial_users") or []
        if initial and attempt == 0:
            return None
        near = self.colleagues if attempt < 2 else self.company
        several = initial or (kind_of(block) == "raters" and view["callback_id"] != "peers.asked_more")
        most = block["element"].get("max_selected_items") or len(near)
        drawn: list[str] = self.rng.sample(near, min(len(near), most, 5 if several else 1))
        return drawn


def kind_of(block: Json) -> str:
    """What an input is for; behind a dash may stand which goal it is about."""
    kind: str = block["block_id"].split("-", 1)[0]
    return kind


def _within(element: Json, wished: int) -> str:
    least, most = Decimal(element.get("min_value", 0)), Decimal(element.get("max_value", 10**9))
    return f"{min(max(Decimal(wished), least), most):f}"
