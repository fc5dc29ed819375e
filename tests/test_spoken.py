"""Who has Cairn read aloud hears what each button is about, and nobody sees any of it."""

from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from bot.slack.blocks import WHOLE, Block, Message, button, buttons, context, fields, header, page, section
from bot.slack.text import Text, bold, escape, lines
from sandbox.checker import check_announced, check_message, check_view


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


def test_who_wants_it_gets_all_words_of_a_message_in_the_order_in_which_they_are_seen() -> None:
    text = Text("Your goals")
    shown = [section(bold(text)), header(escape("<!channel> & more")), fields([(Text("Visits"), Text("80"))]),
             buttons(press("Edit")), context(Text("Nobody else sees it"), Text("Until Friday"))]  # fmt: skip
    body = Message(text, shown).body(whole_text=True)
    assert body["text"] == "Your goals"
    assert body[WHOLE].splitlines() == [
        "Your goals", "&lt;!channel&gt; &amp; more", "Visits", "80", "Nobody else sees it", "Until Friday",
    ]  # fmt: skip
    assert check_announced({**body, "text": body[WHOLE]}) == []
    assert WHOLE not in Message(text, shown).body()
    assert Message(text, shown).beside()["text"] == body[WHOLE], "an answer beside a command notifies nobody"


def test_all_words_are_no_more_than_slack_takes_and_begin_with_the_headline() -> None:
    body = Message(Text("New"), [section(Text("word " * 500)) for _ in range(4)]).body(whole_text=True)
    assert body[WHOLE].startswith("New\nword")
    assert len(body[WHOLE]) <= 3900
