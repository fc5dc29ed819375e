"""The strict checker refuses what Slack refuses in a message, and is content with what Slack takes."""

from typing import Any

import pytest
from block_shapes import CONFIRM, RICH, actions, ask, cell, chart, figures, message, option, pie, section, select, table
from hypothesis import given
from hypothesis import strategies as st
from tiny_app import button, plain

from sandbox.checker import check_announced, check_message, check_view

GOOD_MESSAGES = {
    "section": message(section(accessory=button("a", value="v", confirm=CONFIRM, style="danger"))),
    "fields": message({"type": "section", "fields": [plain("a"), {"type": "mrkdwn", "text": "b"}]}),
    "actions": message(actions(button("a"), select("x", "y", initial_option=option("y")))),
    "header": message({"type": "header", "text": plain("Title")}, {"type": "divider"}),
    "context": message(
        {
            "type": "context",
            "elements": [plain("a"), {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a"}],
        }
    ),
    "image": message({"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a chart"}),
    "chart": message(chart(), section("Sales of Q1: 12.5, of Q2: nothing")),
    "pie": message(pie(1, 2, 3), section("s0: 1, s1: 2, s2: 3")),
    "table": message(table([cell("a"), cell("b")], [cell("1"), RICH], column_settings=[None, {"align": "right"}])),
    "data table": message(figures([cell("a")], [{"type": "raw_number", "value": 3}], page_size=10)),
    "rich text": message(RICH),
    "markdown": message({"type": "markdown", "text": "# hi"}),
    "container": message(
        {"type": "container", "title": plain("Box"), "child_blocks": [section(), actions(button("a"))]}
    ),
    "card": message({"type": "card", "title": plain("Card"), "actions": [button("go")]}),
    "overflow": message(section(accessory={"type": "overflow", "action_id": "o", "options": [option("a")]})),
    "metadata": message(metadata={"event_type": "goal", "event_payload": {"goal_id": "g1"}}),
}


@pytest.mark.parametrize("name", GOOD_MESSAGES)
def test_a_good_message_has_no_findings(name: str) -> None:
    assert check_message(GOOD_MESSAGES[name]) == []


BAD_MESSAGES = {
    "header too long": (message({"type": "header", "text": plain("x" * 151)}), "/blocks/0/text/text", "too_long"),
    "header in mrkdwn": (
        message({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
        "/blocks/0/text",
        "wrong_place",
    ),
    "empty section": (message({"type": "section"}), "/blocks/0", "missing"),
    "section too long": (message(section("x" * 3001)), "/blocks/0/text/text", "too_long"),
    "empty text": (message(section("")), "/blocks/0/text/text", "too_short"),
    "emoji counts twice": (message({"type": "header", "text": plain("🙂" * 76)}), "/blocks/0/text/text", "too_long"),
    "eleven fields": (message({"type": "section", "fields": [plain("a")] * 11}), "/blocks/0/fields", "wrong_count"),
    "field too long": (
        message({"type": "section", "fields": [plain("a" * 2001)]}),
        "/blocks/0/fields/0/text",
        "too_long",
    ),
    "emoji flag in mrkdwn": (
        message({"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}),
        "/blocks/0/text/emoji",
        "unknown_key",
    ),
    "unknown key": (message(section(colour="red")), "/blocks/0/colour", "unknown_key"),
    "unknown block": (message({"type": "graph"}), "/blocks/0", "unknown_type"),
    "no block": ({"text": "x", "blocks": ["text"]}, "/blocks/0", "wrong_type"),
    "too many elements": (
        message(actions(*[button(f"b{at}") for at in range(26)])),
        "/blocks/0/elements",
        "wrong_count",
    ),
    "no elements": (message(actions()), "/blocks/0/elements", "wrong_count"),
    "button text": (
        message(actions({**button("a"), "text": plain("x" * 76)})),
        "/blocks/0/elements/0/text/text",
        "too_long",
    ),
    "button value": (message(actions(button("a", value="x" * 2001))), "/blocks/0/elements/0/value", "too_long"),
    "button style": (message(actions(button("a", style="loud"))), "/blocks/0/elements/0/style", "unknown_value"),
    "input in actions": (message(actions({"type": "plain_text_input"})), "/blocks/0/elements/0", "wrong_place"),
    "confirm in mrkdwn": (
        message(actions(button("a", confirm={**CONFIRM, "text": {"type": "mrkdwn", "text": "x"}}))),
        "/blocks/0/elements/0/confirm/text",
        "wrong_place",
    ),
    "no options": (message(actions(select())), "/blocks/0/elements/0/options", "wrong_count"),
    "many options": (message(actions(select(*map(str, range(101))))), "/blocks/0/elements/0/options", "wrong_count"),
    "initial option differs": (
        message(actions(select("x", initial_option=option("x", "another text")))),
        "/blocks/0/elements/0",
        "initial_option",
    ),
    "option value": (
        message(actions({**select(), "options": [option("x" * 151, "a")]})),
        "/blocks/0/elements/0/options/0/value",
        "too_long",
    ),
    "options and groups": (
        message(actions(select("x", option_groups=[{"label": plain("g"), "options": [option("y")]}]))),
        "/blocks/0/elements/0",
        "conflict",
    ),
    "eleven checkboxes": (
        message(actions({"type": "checkboxes", "options": [option(str(at)) for at in range(11)]})),
        "/blocks/0/elements/0/options",
        "wrong_count",
    ),
    "six in overflow": (
        message(section(accessory={"type": "overflow", "options": [option(str(at)) for at in range(6)]})),
        "/blocks/0/accessory/options",
        "wrong_count",
    ),
    "initial date": (
        message(actions({"type": "datepicker", "initial_date": "1.2.2026"})),
        "/blocks/0/elements/0/initial_date",
        "wrong_form",
    ),
    "too many initial": (
        message(ask(type="multi_users_select", max_selected_items=1, initial_users=["U1", "U2"])),
        "/blocks/0/element/initial_users",
        "wrong_count",
    ),
    "duplicate block": (message(section(block_id="b"), section(block_id="b")), "/blocks", "duplicate_block_id"),
    "duplicate action": (message(actions(button("a"), button("a"))), "/blocks", "duplicate_action_id"),
    "fifty-one blocks": (message(*[section()] * 51), "/blocks", "wrong_count"),
    "alert in message": (message({"type": "alert", "text": plain("x")}), "/blocks/0", "wrong_surface"),
    "number input in message": (
        message(ask(type="number_input", is_decimal_allowed=True)),
        "/blocks/0/element",
        "wrong_surface",
    ),
    "file block": (message({"type": "file", "external_id": "x", "source": "remote"}), "/blocks/0", "wrong_surface"),
    "image without alt": (
        message({"type": "image", "image_url": "https://x.example/a"}),
        "/blocks/0/alt_text",
        "missing",
    ),
    "two image sources": (
        message({"type": "image", "image_url": "https://x.example/a", "slack_file": {"id": "F"}, "alt_text": "a"}),
        "/blocks/0",
        "conflict",
    ),
    "card of nothing": (message({"type": "card"}), "/blocks/0", "missing"),
    "three charts": (message(chart(), chart(), pie(1)), "/blocks", "wrong_count"),
    "pie of nothing": (message(pie(0)), "/blocks/0/chart/segments/0/value", "out_of_range"),
    "seven segments": (message(pie(*range(1, 8))), "/blocks/0/chart/segments", "wrong_count"),
    "labels not categories": (
        message(chart(axis_config={"categories": ["Q2", "Q1"]})),
        "/blocks/0/chart/series/0/data",
        "labels",
    ),
    "uneven table": (message(table([cell("a")], [cell("a"), cell("b")])), "/blocks/0/rows", "uneven_rows"),
    "table too long": (message(table([cell("x" * 10_001)])), "/blocks/0/rows", "too_long"),
    "two tables": (message(table([cell("a")]), table([cell("b")])), "/blocks", "wrong_count"),
    "data table of one row": (message(figures([cell("a")])), "/blocks/0/rows", "wrong_count"),
    "data table without caption": (
        message(table([cell("a")], [cell("b")], kind="data_table")),
        "/blocks/0/caption",
        "missing",
    ),
    "rich header cell": (message(figures([RICH], [cell("b")])), "/blocks/0/rows/0", "wrong_place"),
    "page size": (message(figures([cell("a")], [cell("b")], page_size=101)), "/blocks/0/page_size", "out_of_range"),
    "markdown sum": (
        message({"type": "markdown", "text": "x" * 7000}, {"type": "markdown", "text": "x" * 7000}),
        "/blocks",
        "text_sum",
    ),
    "list indent": (
        message({"type": "rich_text", "elements": [{**RICH["elements"][1], "indent": 9}]}),
        "/blocks/0/elements/0/indent",
        "out_of_range",
    ),
    "collapsible divider": (
        message(
            {
                "type": "container",
                "title": plain("x"),
                "child_blocks": [section()],
                "is_collapsible": True,
                "has_header_divider": True,
            }
        ),
        "/blocks/0",
        "conflict",
    ),
    "chart in container": (
        message({"type": "container", "title": plain("x"), "child_blocks": [chart()]}),
        "/blocks/0/child_blocks/0",
        "wrong_place",
    ),
    "blocks in attachment": (
        message(attachments=[{"blocks": [actions()]}]),
        "/attachments/0/blocks/0/elements",
        "wrong_count",
    ),
    "text far too long": (message(*[section("x" * 2500)] * 5), "/blocks", "text_sum"),
}


@pytest.mark.parametrize("name", BAD_MESSAGES)
def test_a_bad_message_is_refused_where_it_is_bad(name: str) -> None:
    payload, path, rule = BAD_MESSAGES[name]
    (finding,) = check_message(payload)
    assert (finding.path, finding.rule) == (path, rule)
    assert finding.code


ADVICE = {
    "no words": ({"blocks": [section()]}, "/text", "top_level_text"),
    "a mark alone": (message({"type": "header", "text": plain("✓ :tada:")}), "/blocks/0", "mark_alone"),
    "a button of a mark": (message(actions(button("🗑"))), "/blocks/0", "mark_alone"),
    "equal buttons": (message(actions(button("a"), {**button("a"), "action_id": "b"})), "/blocks", "equal_buttons"),
    "a chart alone": (message(chart(), section("Look at this")), "/blocks/0", "chart_alone"),
    "a bare answer": (
        message(section(accessory=button("a", confirm={**CONFIRM, "deny": plain("Cancel")}))),
        "/blocks",
        "unnamed_button",
    ),
    "long words": (message(text="x" * 4001), "/text", "too_long"),
    "long blocks": (message(*[section("x" * 2100)] * 5), "/blocks", "text_sum"),
    "same value twice": (message(actions(select("x", "x"))), "/blocks/0/elements/0", "duplicate_option"),
    "nested metadata": (
        message(metadata={"event_type": "g", "event_payload": {"goal": {"id": 1}}}),
        "/metadata/event_payload/goal",
        "metadata",
    ),
}


@pytest.mark.parametrize("name", ADVICE)
def test_what_slack_would_take_but_nobody_should_send_is_noted(name: str) -> None:
    payload, path, rule = ADVICE[name]
    (finding,) = check_message(payload)
    assert (finding.path, finding.rule, finding.code) == (path, rule, "")


HEADLINE = message(
    section("*Your goals* for <Q1> are\nagreed."), section("Visits: 110"), text="Your goals for <Q1> are agreed."
)
WHOLE = HEADLINE | {"text": "Your goals for <Q1> are agreed.\nVisits: 110"}
OTHER = HEADLINE | {"text": "Please look: your goals are agreed."}


def test_a_text_is_the_headline_of_its_blocks_or_all_of_their_words() -> None:
    assert [check_announced(one) for one in (HEADLINE, WHOLE, message(text="alone"))] == [[], [], []]
    (finding,) = check_announced(OTHER)
    assert (finding.path, finding.rule, finding.code) == ("/blocks", "begins_otherwise", "")
    assert check_announced(message({"type": "header", "text": plain("85")}, section("in words")))


KEYS = ["type", "text", "elements", "element", "options", "rows", "chart", "accessory", "fields", "label", "value"]
TYPES = ["section", "actions", "input", "table", "data_visualization", "static_select", "plain_text", "modal"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(TYPES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=3), JSON)
def test_the_checker_never_stumbles_over_nonsense(blocks: list[Any], metadata: Any) -> None:
    check_message({"text": "x", "blocks": blocks, "metadata": metadata})
    check_view({"type": "modal", "title": plain("x"), "blocks": blocks})


@given(st.text(min_size=1, max_size=4000))
def test_a_text_is_refused_exactly_when_its_longer_count_passes_the_limit(text: str) -> None:
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert any(one.code for one in check_message(message(section(text)))) == (units > 3000)
