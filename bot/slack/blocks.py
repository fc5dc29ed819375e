"""The shapes of what people see: makers of Block Kit by the SDK's models (text needs none), kept to Slack's limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Protocol

from slack_sdk.models import blocks as kit
from slack_sdk.models.blocks.basic_components import ConfirmObject, Option, PlainTextObject
from slack_sdk.models.blocks.block_elements import ConversationFilter

from bot.slack.spoken import told_apart, whole
from bot.slack.text import Text, clip, plain, unmarked

Block = dict[str, Any]
"""One block, made by a function of this module and of `charts`."""

LONGEST_TEXT = 3900
"""Characters of a top-level text; Slack advises against more than 4,000."""
WHOLE = "whole"
"""In the body of a message for who wants it: all its words as one text, which the sender puts in by an edit."""
INPUT = "value"
"""The action id of every form input; its block id is the name of the input."""


class Does(Protocol):
    """A step, as far as a button needs to know it."""

    @property
    def id(self) -> str:
        """The id that Slack sends back."""
        ...


@dataclass(frozen=True)
class Message:
    """What is said in a DM. `text` is what the notification and a screen reader say: nothing confidential in it.

    The blocks begin with the same words, for of them Slack makes the notification on a computer. `over` says that the
    matter is settled: who has not read of it yet need not hear of it any more.
    """

    text: Text
    blocks: Sequence[Block] = ()
    over: bool = False

    def body(self, *, whole_text: bool = False) -> dict[str, Any]:
        """As Slack takes it; a message of text alone gets one section. `whole_text` brings all its words along, too."""
        blocks = self.blocks or [section(self.text)]
        body = {"text": clip(unmarked(self.text), LONGEST_TEXT), "blocks": _unique(blocks)}
        return {**body, WHOLE: clip(whole(self.text, blocks), LONGEST_TEXT)} if whole_text else body

    def beside(self) -> dict[str, Any]:
        """As an answer where a command was typed: it notifies nobody, so its text is all of its words for everybody."""
        body = self.body(whole_text=True)
        return {"text": body[WHOLE], "blocks": body["blocks"]}


@dataclass(frozen=True)
class View:
    """A modal: the step that answers it, the words on it, and what it carries to that step."""

    title: Text
    blocks: Sequence[Block]
    does: Does | None = None
    submit: Text | None = None
    close: Text | None = None
    carry: str = ""

    def body(self) -> dict[str, Any]:
        """As Slack takes it."""
        body = {
            "type": "modal",
            "title": _plain(self.title, 24),
            "close": _plain(self.close, 24) if self.close else None,
            "submit": _plain(self.submit, 24) if self.submit and self.does else None,
            "callback_id": self.does.id if self.does else "shown",
            "private_metadata": self.carry,
            "blocks": _unique(self.blocks),
        }
        return {name: value for name, value in body.items() if value is not None}


@dataclass(frozen=True)
class Home:
    """A person's Home tab."""

    blocks: Sequence[Block]

    def body(self) -> dict[str, Any]:
        """As Slack takes it."""
        return {"type": "home", "callback_id": "home", "blocks": _unique(self.blocks)[:100]}


def form(title: Text, blocks: Sequence[Block], *, does: Does, submit: Text, close: Text, carry: str = "") -> View:
    """A modal that is filled in and sent; both of its buttons are named by what they do."""
    return View(title, blocks, does, submit, close, carry)


def page(title: Text, blocks: Sequence[Block], *, close: Text) -> View:
    """A modal that is only read (its buttons may still do things)."""
    return View(title, blocks, close=close)


# Blocks ----------------------------------------------------------------------------


def section(text: Text, accessory: kit.BlockElement | None = None) -> Block:
    """A paragraph, with a button or menu beside it if given."""
    return {**({"accessory": accessory.to_dict()} if accessory else {}), "text": _mrkdwn(text, 3000), "type": "section"}


def fields(pairs: Iterable[tuple[Text, Text]]) -> Block:
    """Up to ten short facts in two columns, each under its name."""
    shown = [_mrkdwn(Text(f"*{name}*\n{value}"), 2000) for name, value in pairs][:10]
    return {"fields": shown, "type": "section"}


def header(text: Text) -> Block:
    """A heading."""
    return kit.HeaderBlock(text=_plain_text(text, 150)).to_dict()


def divider() -> Block:
    """A line across."""
    return kit.DividerBlock().to_dict()


def context(*texts: Text) -> Block:
    """Small print."""
    return {"elements": [_mrkdwn(text, 2000) for text in texts][:10], "type": "context"}


def buttons(*elements: kit.InteractiveElement | None) -> Block:
    """Buttons and menus beside each other; what is None is left out."""
    return kit.ActionsBlock(elements=[one for one in elements if one is not None][:25]).to_dict()


# Things to press --------------------------------------------------------------------


@dataclass(frozen=True)
class Confirm:
    """What is asked before a button acts; both answers are named by what they do."""

    title: Text
    text: Text
    yes: Text
    no: Text


def button(
    text: Text, *, does: Does, carry: str = "", style: str | None = None, confirm: Confirm | None = None
) -> kit.ButtonElement:
    """A button that runs a step. `style` is `primary` or `danger`."""
    asked = confirm and ConfirmObject(
        title=_plain_text(confirm.title, 100),
        text=_plain_text(confirm.text, 300),
        confirm=_plain(confirm.yes, 30)["text"],
        deny=_plain(confirm.no, 30)["text"],
    )
    return kit.ButtonElement(
        text=_plain_text(text, 75), action_id=does.id, value=carry or None, style=style, confirm=asked or None
    )


def menu(
    prompt: Text, options: Sequence[tuple[str, Text]], *, does: Does, chosen: str | None = None
) -> kit.StaticSelectElement:
    """A drop-down that runs a step with the chosen value as what it carries."""
    offered = _options(options)
    return kit.StaticSelectElement(
        placeholder=_plain_text(prompt, 150),
        action_id=does.id,
        options=offered,
        initial_option=_picked(offered, [chosen])[0] if chosen else None,
    )


def more(options: Sequence[tuple[str, Text]], *, does: Does) -> kit.OverflowMenuElement:
    """The three dots: up to five rarely needed choices."""
    return kit.OverflowMenuElement(action_id=does.id, options=_options(options)[:5])


# Things to fill in ------------------------------------------------------------------


def text_input(
    name: str,
    label: Text,
    *,
    initial: str = "",
    lines: bool = False,
    optional: bool = False,
    hint: Text | None = None,
    prompt: Text | None = None,
    longest: int = 2000,
) -> Block:
    """Words: one line, or several with `lines`."""
    element = kit.PlainTextInputElement(
        action_id=INPUT,
        initial_value=initial[:longest] or None,
        multiline=lines,
        max_length=longest,
        placeholder=_plain_text(prompt, 150) if prompt else None,
    )
    return _input(name, label, element, optional=optional, hint=hint)


def number_input(
    name: str,
    label: Text,
    *,
    initial: Decimal | int | None = None,
    least: Decimal | int | None = None,
    most: Decimal | int | None = None,
    whole: bool = False,
    optional: bool = False,
    hint: Text | None = None,
) -> Block:
    """A small number; Slack itself refuses anything else, also `1,200,000`: ask for that with `amount_input`."""
    element = kit.NumberInputElement(
        action_id=INPUT,
        is_decimal_allowed=not whole,
        initial_value=None if initial is None else f"{Decimal(initial):f}",
        min_value=None if least is None else f"{Decimal(least):f}",
        max_value=None if most is None else f"{Decimal(most):f}",
    )
    return _input(name, label, element, optional=optional, hint=hint)


def amount_input(
    name: str, label: Text, *, initial: Decimal | None = None, optional: bool = False, hint: Text | None = None
) -> Block:
    """A number as people write it, read by `Inputs.amount`: Slack's own input for numbers takes neither `,` nor 万."""
    written = "" if initial is None else f"{initial:,f}"
    return text_input(name, label, initial=written, optional=optional, hint=hint, longest=60)


def choice(
    name: str,
    label: Text,
    options: Sequence[tuple[str, Text]],
    *,
    chosen: str | None = None,
    optional: bool = False,
    hint: Text | None = None,
) -> Block:
    """One of several: all in sight when they are few, a drop-down when they are many."""
    offered = _options(options)
    initial = _picked(offered, [chosen])[0] if chosen else None
    if len(offered) <= 6:
        return _input(
            name,
            label,
            kit.RadioButtonsElement(action_id=INPUT, options=offered, initial_option=initial),
            optional=optional,
            hint=hint,
        )
    return _input(
        name,
        label,
        kit.StaticSelectElement(action_id=INPUT, options=offered, initial_option=initial),
        optional=optional,
        hint=hint,
    )


def choices(
    name: str,
    label: Text,
    options: Sequence[tuple[str, Text]],
    *,
    chosen: Sequence[str] = (),
    optional: bool = False,
    hint: Text | None = None,
) -> Block:
    """Any of several."""
    offered = _options(options)
    initial = _picked(offered, chosen) or None
    element: kit.InputInteractiveElement = (
        kit.CheckboxesElement(action_id=INPUT, options=offered, initial_options=initial)
        if len(offered) <= 10
        else kit.StaticMultiSelectElement(action_id=INPUT, options=offered, initial_options=initial)
    )
    return _input(name, label, element, optional=optional, hint=hint)


def day_input(
    name: str, label: Text, *, initial: date | None = None, optional: bool = False, hint: Text | None = None
) -> Block:
    """A date."""
    element = kit.DatePickerElement(action_id=INPUT, initial_date=initial.isoformat() if initial else None)
    return _input(name, label, element, optional=optional, hint=hint)


def time_input(
    name: str, label: Text, *, initial: time | None = None, optional: bool = False, hint: Text | None = None
) -> Block:
    """A time of day, on the wall clock of whoever chooses it."""
    element = kit.TimePickerElement(action_id=INPUT, initial_time=f"{initial:%H:%M}" if initial else None)
    return _input(name, label, element, optional=optional, hint=hint)


def person_input(name: str, label: Text, *, initial: str = "", hint: Text | None = None) -> Block:
    """Somebody in the workspace."""
    return _input(name, label, kit.UserSelectElement(action_id=INPUT, initial_user=initial or None), hint=hint)


def people_input(
    name: str,
    label: Text,
    *,
    initial: Sequence[str] = (),
    most: int | None = None,
    optional: bool = False,
    hint: Text | None = None,
) -> Block:
    """Several people in the workspace."""
    element = kit.UserMultiSelectElement(action_id=INPUT, initial_users=list(initial) or None, max_selected_items=most)
    return _input(name, label, element, optional=optional, hint=hint)


def channel_input(name: str, label: Text, *, initial: str = "", hint: Text | None = None) -> Block:
    """A channel of the workspace, or none."""
    element = kit.ConversationSelectElement(
        action_id=INPUT,
        initial_conversation=initial or None,
        filter=ConversationFilter(include=["public", "private"], exclude_external_shared_channels=True),
    )
    return _input(name, label, element, optional=True, hint=hint)


def file_input(name: str, label: Text, types: Sequence[str], *, hint: Text | None = None) -> Block:
    """One file from the person's machine. The SDK has no model for the element, so it is put in by hand."""
    block = _input(name, label, kit.PlainTextInputElement(action_id=INPUT), hint=hint)
    element = {"type": "file_input", "action_id": INPUT, "filetypes": list(types), "max_files": 1}
    return {**block, "element": element}


# Inside ------------------------------------------------------------------------------


def _input(
    name: str, label: Text, element: kit.InputInteractiveElement, *, optional: bool = False, hint: Text | None = None
) -> Block:
    return kit.InputBlock(
        block_id=name,
        label=_plain_text(label, 2000),
        element=element,
        optional=optional,
        hint=_plain_text(hint, 2000) if hint else None,
    ).to_dict()


def _options(options: Sequence[tuple[str, Text]]) -> list[Option]:
    return [Option(value=value, text=_plain_text(text, 75)) for value, text in options][:100]


def _picked(offered: list[Option], chosen: Sequence[str | None]) -> list[Option]:
    wanted = set(chosen)
    picked = [one for one in offered if one.value in wanted]
    if wanted and not picked:
        raise ValueError(f"{sorted(map(str, wanted))} is not among the options")
    return picked


def _mrkdwn(text: Text, limit: int) -> dict[str, str]:
    return {"text": clip(text, limit), "type": "mrkdwn"}


def _plain_text(text: Text, limit: int) -> PlainTextObject:
    return PlainTextObject(text=plain(clip(text, limit)), emoji=True)


def _plain(text: Text, limit: int) -> dict[str, Any]:
    return _plain_text(text, limit).to_dict()


def _unique(blocks: Sequence[Block]) -> list[Block]:
    """Number the buttons that run the same step, because Slack wants ids to be unique on a surface."""
    seen: dict[str, int] = {}
    return [_numbered(block, seen) for block in told_apart(blocks)]


def _numbered(block: Block, seen: dict[str, int]) -> Block:
    if "elements" in block and block["type"] == "actions":
        return {**block, "elements": [_with_own_id(one, seen) for one in block["elements"]]}
    if "accessory" in block:
        return {**block, "accessory": _with_own_id(block["accessory"], seen)}
    return block


def _with_own_id(element: dict[str, Any], seen: dict[str, int]) -> dict[str, Any]:
    action = element.get("action_id")
    if action is None:
        return element
    seen[action] = seen.get(action, 0) + 1
    return {**element, "action_id": action if seen[action] == 1 else f"{action}#{seen[action]}"}
