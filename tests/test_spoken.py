"""Who has Cairn read aloud hears what each button is about, and nobody sees any of it."""

from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from bot.slack.blocks import Block, Message, button, buttons, header, page, section
from bot.slack.text import Text, bold, escape, lines
from sandbox.checker import check_message, check_view


@dataclass(frozen=True)
class Step:
    id: str


def press(text: str) -> ButtonElement:
    return button(escape(text), does=Step("goals.look"))


def called(blocks: list[Block]) -> list[str | None]:
    """What every button is called aloud, where its own words do not do."""
    elements = [one for block in blocks for one in (block.get("accessory"), *block.get("elements", ())) if one]
    return [one.get("accessibility_label") for one in elements if one["type"] == "button"]


def said(*blocks: Block) -> dict[str, Any]:
    return Message(Text("Your goals"), blocks).body()


def test_equal_buttons_are_called_by_what_they_stand_beside() -> None:
    body = said(
        section(lines(bold(Text("Visits & orders")), Text("80 of 100")), press("Edit")),
        section(escape("<@U01EMILY> Margin"), press("Edit")),
        header(Text("全部目标")),
        buttons(press("Edit"), press("Send")),
    )
    assert called(body["blocks"]) == ["Edit: Visits & orders", "Edit: <@U01EMILY> Margin", "Edit: 全部目标", None]
    assert check_message(body) == []


def test_what_is_equal_beside_too_is_counted_and_never_too_long() -> None:
    rows = [section(Text("A very long goal " * 10), press("Open")) for _ in range(3)]
    view = page(Text("Goals"), [*rows, buttons(press("Open"))], close=Text("Close")).body()
    names = called(view["blocks"])
    assert len(set(names)) == 4
    assert [str(one)[-4:] for one in names[1:]] == [" (2)", " (3)", " (4)"]
    assert check_view(view) == []


def test_what_differs_already_is_left_as_it_is() -> None:
    assert called(said(buttons(press("Agree"), press("Change something")))["blocks"]) == [None, None]
