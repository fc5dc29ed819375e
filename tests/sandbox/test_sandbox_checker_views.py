"""The strict checker on modals, Home and answers to submissions."""

import pytest
from block_shapes import Block, actions, ask, cell, chart, figures, section, table
from tiny_app import field, modal, plain

from sandbox.checker import check_response, check_view

NUMBER = {"type": "number_input", "is_decimal_allowed": False}
GOOD_VIEWS = {
    "form": modal(field("a"), field("b", focus_on_load=True, min_length=1, max_length=10)),
    "number": modal(ask(**NUMBER, min_value="0", max_value="100", initial_value="7")),
    "file": modal(ask(type="file_input", filetypes=["csv"], max_files=1)),
    "alert": modal({"type": "alert", "text": plain("careful"), "level": "warning"}),
    "nothing to submit": {"type": "modal", "title": plain("Read"), "blocks": [section()]},
    "confirmation": modal(section()),
    "home": {"type": "home", "blocks": [section("Sales"), chart(), figures([cell("a")], [cell("b")])]},
    "people": modal(ask(type="conversations_select", response_url_enabled=True, filter={"include": ["im"]})),
}


def test_a_form_whose_button_does_not_say_what_it_does_is_noted() -> None:
    (finding,) = check_view(modal(field("a"), close=plain("取消")))
    assert (finding.rule, finding.code) == ("unnamed_button", "")
    assert check_view(modal(field("a"), close=plain("Not now"))) == []


@pytest.mark.parametrize("name", GOOD_VIEWS)
def test_a_good_view_has_no_findings(name: str) -> None:
    assert check_view(GOOD_VIEWS[name]) == []


def without(view: Block, key: str) -> Block:
    return {name: value for name, value in view.items() if name != key}


BAD_VIEWS = {
    "no submit": (without(modal(field("a")), "submit"), "/view/submit", "missing"),
    "no title": (without(modal(field("a")), "title"), "/view/title", "missing"),
    "long title": (modal(title=plain("x" * 25)), "/view/title/text", "too_long"),
    "long metadata": (modal(private_metadata="x" * 3001), "/view/private_metadata", "too_long"),
    "long callback": (modal(callback_id="x" * 256), "/view/callback_id", "too_long"),
    "too many blocks": (modal(*[section()] * 101), "/view/blocks", "wrong_count"),
    "table in modal": (modal(table([cell("a")])), "/view/blocks/0", "wrong_surface"),
    "chart in modal": (modal(chart()), "/view/blocks/0", "wrong_surface"),
    "title on home": ({"type": "home", "blocks": [], "title": plain("x")}, "/view/title", "unknown_key"),
    "two focuses": (
        modal(field("a", focus_on_load=True), field("b", focus_on_load=True)),
        "/view/blocks",
        "focus_on_load",
    ),
    "number as number": (modal(ask(**NUMBER, min_value=0)), "/view/blocks/0/element/min_value", "wrong_form"),
    "no decimal flag": (modal(ask(type="number_input")), "/view/blocks/0/element/is_decimal_allowed", "missing"),
    "min above max": (modal(ask(**NUMBER, min_value="2", max_value="1")), "/view/blocks/0/element", "out_of_range"),
    "decimals": (modal(ask(**NUMBER, initial_value="1.5")), "/view/blocks/0/element/initial_value", "wrong_form"),
    "min length": (modal(field("a", min_length=9, max_length=3)), "/view/blocks/0/element", "out_of_range"),
    "max length": (modal(field("a", max_length=5000)), "/view/blocks/0/element/max_length", "out_of_range"),
    "placeholder": (
        modal(field("a", placeholder=plain("x" * 151))),
        "/view/blocks/0/element/placeholder/text",
        "too_long",
    ),
    "empty filter": (modal(ask(type="conversations_select", filter={})), "/view/blocks/0/element/filter", "missing"),
    "date and time at home": (
        {"type": "home", "blocks": [actions({"type": "datetimepicker"})]},
        "/view/blocks/0/elements/0",
        "wrong_surface",
    ),
    "dispatching file": (modal({**ask(type="file_input"), "dispatch_action": True}), "/view/blocks/0", "conflict"),
    "not a view": ({"type": "page"}, "/view/type", "unknown_type"),
}


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_a_bad_view_is_refused_where_it_is_bad(name: str) -> None:
    view, path, rule = BAD_VIEWS[name]
    (finding,) = check_view(view)
    assert (finding.path, finding.rule) == (path, rule)


def test_a_view_above_250_kb_is_too_large() -> None:
    view = modal(*[section("灯" * 3000, block_id=str(at)) for at in range(30)])
    (finding,) = check_view(view)
    assert finding.code == "view_too_large"


def test_errors_must_name_input_blocks() -> None:
    view = modal(field("name"), section(block_id="note"))
    assert check_response(view, {"response_action": "errors", "errors": {"name": "no"}}) == []
    for errors in ({"note": "no"}, {"other": "no"}, {}, None):
        assert check_response(view, {"response_action": "errors", "errors": errors})


def test_other_answers_to_a_submission_are_checked_too() -> None:
    view = modal(field("name"))
    assert check_response(view, None) == []
    assert check_response(view, {"response_action": "clear"}) == []
    assert check_response(view, {"response_action": "update", "view": view}) == []
    assert check_response(view, {"response_action": "push", "view": {"type": "modal"}})
    assert check_response(view, {"response_action": "close"})
