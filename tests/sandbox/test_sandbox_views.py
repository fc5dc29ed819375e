"""Modals and Home: triggers, the stack, hashes, ids, what is kept and what the client checks."""

import asyncio
from typing import Any

import pytest
from tiny_app import button, field, modal, plain

from sandbox.api import Outcome
from sandbox.errors import ActError
from sandbox.slack import Slack
from sandbox.state import Answer, Envelope

TOKEN = "xoxb-tiny"


def call(slack: Slack, method: str, **args: Any) -> dict[str, Any]:
    return slack.call(method, TOKEN, args).body


def opened(slack: Slack, view: dict[str, Any], user: str = "U01ANA") -> dict[str, Any]:
    trigger = slack.new_trigger(slack.apps["A01TINY"], user)
    return call(slack, "views.open", trigger_id=trigger, view=view)


class Inbox:
    """Acks every payload with the same body and keeps them."""

    def __init__(self, slack: Slack, body: Any = None) -> None:
        self.payloads: list[dict[str, Any]] = []
        self.body = body
        slack.connect("A01TINY", self)

    async def __call__(self, envelope: Envelope) -> Answer:
        self.payloads.append(envelope.payload)
        return Answer(body=self.body)


def live(story: Any) -> Any:
    return asyncio.run(story)


def test_a_trigger_opens_one_modal_within_three_seconds(slack: Slack) -> None:
    trigger = slack.new_trigger(slack.apps["A01TINY"], "U01ANA")
    assert call(slack, "views.open", trigger_id=trigger, view=modal(field("a")))["ok"]
    assert call(slack, "views.open", trigger_id=trigger, view=modal(field("a")))["error"] == "exchanged_trigger_id"
    late = slack.new_trigger(slack.apps["A01TINY"], "U01ANA")
    slack.triggers[late].born -= 3.1
    assert call(slack, "views.open", trigger_id=late, view=modal(field("a")))["error"] == "expired_trigger_id"
    assert call(slack, "views.open", trigger_id="1.2.3", view=modal(field("a")))["error"] == "invalid_trigger_id"


def test_the_stack_holds_three(slack: Slack) -> None:
    top = opened(slack, modal(field("a")))["view"]
    for _ in range(2):
        trigger = slack.new_trigger(slack.apps["A01TINY"], "U01ANA", top["id"])
        pushed = call(slack, "views.push", trigger_id=trigger, view=modal(field("a")))["view"]
        assert (pushed["previous_view_id"], pushed["root_view_id"]) == (top["id"], slack.stacks["U01ANA"][0])
        top = pushed
    trigger = slack.new_trigger(slack.apps["A01TINY"], "U01ANA", top["id"])
    refused: Outcome = slack.call("views.push", TOKEN, {"trigger_id": trigger, "view": modal(field("a"))})
    assert refused.body["error"] == "push_limit_reached"


def test_an_update_with_an_old_hash_conflicts(slack: Slack) -> None:
    first = opened(slack, modal(field("a"), external_id="goal"))["view"]
    fresh = call(slack, "views.update", external_id="goal", hash=first["hash"], view=modal(field("a")))
    assert fresh["view"]["hash"] != first["hash"]
    stale = call(slack, "views.update", view_id=first["id"], hash=first["hash"], view=modal(field("a")))
    assert stale["error"] == "hash_conflict"
    assert call(slack, "views.update", view_id="V99", view=modal(field("a")))["error"] == "not_found"


def test_an_external_id_is_used_once(slack: Slack) -> None:
    assert opened(slack, modal(field("a"), external_id="goal"))["ok"]
    again = opened(slack, modal(field("a"), external_id="goal"), "U02BO")
    assert again["error"] == "duplicate_external_id"


def test_a_bad_view_is_refused_with_the_place(slack: Slack) -> None:
    refused = opened(slack, modal(field("a"), title=plain("x" * 25)))
    assert refused["error"] == "invalid_arguments"
    assert refused["response_metadata"]["messages"][0].endswith("[json-pointer:/view/title/text]")
    assert opened(slack, {"type": "home", "blocks": []})["error"] == "invalid_arguments"
    assert slack.stack("U01ANA") == []


def test_typed_text_survives_an_update_that_keeps_the_ids(slack: Slack) -> None:
    inbox = Inbox(slack)
    view = opened(slack, modal(field("a"), {"type": "actions", "block_id": "b", "elements": [button("more")]}))["view"]
    live(slack.act("U01ANA", "press", view_id=view["id"], block_id="b", action_id="more", state={"a": {"it": "typed"}}))
    values = inbox.payloads[0]["view"]["state"]["values"]
    assert values == {"a": {"it": {"type": "plain_text_input", "value": "typed"}}}
    updated = call(slack, "views.update", view_id=view["id"], view=modal(field("a"), field("c", initial_value="new")))
    shown = updated["view"]["state"]["values"]
    assert (shown["a"]["it"]["value"], shown["c"]["it"]["value"]) == ("typed", "new")


def test_home_is_published_per_person(slack: Slack) -> None:
    home = {"type": "home", "blocks": [{"type": "header", "text": plain("Hi")}]}
    first = call(slack, "views.publish", user_id="U01ANA", view=home)["view"]
    second = call(slack, "views.publish", user_id="U01ANA", view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    stale = call(slack, "views.publish", user_id="U01ANA", view=home, hash=first["hash"])
    assert stale["error"] == "hash_conflict"
    assert call(slack, "views.publish", user_id="U99", view=home)["error"] == "user_not_found"
    assert call(slack, "views.publish", user_id="U01ANA", view=modal(field("a")))["error"] == "invalid_arguments"


def number(**more: Any) -> dict[str, Any]:
    return field("n", type="number_input", **{"is_decimal_allowed": False, **more})


CLIENT_RULES = [
    (field("n"), "", "Please complete this required field."),
    (field("n", min_length=3), "ab", "Please write at least 3 characters."),
    (field("n", max_length=3), "abcd", "Please write at most 3 characters."),
    (number(), "x", "Please enter a number."),
    (number(), "NaN", "Please enter a number."),
    (number(), "1.5", "Please enter a whole number."),
    (number(min_value="2"), "1", "Please enter a number of at least 2."),
    (number(max_value="2"), "3", "Please enter a number of at most 2."),
    (field("n", type="email_text_input"), "me", "Please enter an e-mail address."),
    (field("n", type="url_text_input"), "me", "Please enter a web address."),
    (field("n", type="multi_users_select", max_selected_items=1), ["U01ANA", "U02BO"], "Please choose at most 1."),
]


@pytest.mark.parametrize(("block", "value", "sentence"), CLIENT_RULES)
def test_the_client_refuses_before_the_app_hears_of_it(
    slack: Slack, block: dict[str, Any], value: Any, sentence: str
) -> None:
    inbox = Inbox(slack)
    view = opened(slack, modal(block))["view"]
    answer = live(slack.act("U01ANA", "submit", view_id=view["id"], state={"n": {"it": value}}))
    assert answer == {"ok": False, "errors": {"n": sentence}}
    assert inbox.payloads == []


def choice(kind: str, **more: Any) -> dict[str, Any]:
    options = [{"text": plain(each), "value": each} for each in "xyz"]
    return field("n", type=kind, options=options, **more)


X = {"text": plain("x"), "value": "x"}
VALUES = [
    (field("n"), "hello", {"value": "hello"}),
    (number(), "7", {"value": "7"}),
    (choice("static_select"), "x", {"selected_option": X}),
    (choice("radio_buttons"), "x", {"selected_option": X}),
    (choice("checkboxes"), ["x"], {"selected_options": [X]}),
    (choice("multi_static_select"), ["x"], {"selected_options": [X]}),
    (field("n", type="users_select"), "U01ANA", {"selected_user": "U01ANA"}),
    (field("n", type="multi_conversations_select"), ["C1"], {"selected_conversations": ["C1"]}),
    (field("n", type="datepicker"), "2026-10-01", {"selected_date": "2026-10-01"}),
    (field("n", type="timepicker"), "09:30", {"selected_time": "09:30"}),
    (field("n", type="datetimepicker"), 1790000000, {"selected_date_time": 1790000000}),
]


@pytest.mark.parametrize(("block", "value", "shape"), VALUES)
def test_a_submission_carries_values_in_slacks_shapes(
    slack: Slack, block: dict[str, Any], value: Any, shape: dict[str, Any]
) -> None:
    inbox = Inbox(slack)
    view = opened(slack, modal(block))["view"]
    assert live(slack.act("U01ANA", "submit", view_id=view["id"], state={"n": {"it": value}})) == {
        "ok": True,
        "answer": None,
    }
    sent = inbox.payloads[0]["view"]["state"]["values"]["n"]["it"]
    assert sent == {"type": block["element"]["type"], **shape}
    assert slack.stack("U01ANA") == []


def test_inputs_not_named_keep_their_initial_values_and_optional_ones_are_empty(slack: Slack) -> None:
    inbox = Inbox(slack)
    view = opened(slack, modal(field("a", initial_value="as it was"), {**field("b"), "optional": True}))["view"]
    live(slack.act("U01ANA", "submit", view_id=view["id"]))
    values = inbox.payloads[0]["view"]["state"]["values"]
    assert (values["a"]["it"]["value"], values["b"]["it"]["value"]) == ("as it was", None)


def answered(slack: Slack, body: dict[str, Any]) -> list[str]:
    Inbox(slack, body)
    first = opened(slack, modal(field("a", initial_value="x")))["view"]
    live(slack.act("U01ANA", "submit", view_id=first["id"]))
    return [view.body["title"]["text"] for view in slack.stack("U01ANA")]


def test_a_submission_is_answered_by_update_push_or_clear(slack: Slack) -> None:
    other = modal(field("b"), title=plain("Other"))
    assert answered(slack, {"response_action": "update", "view": other}) == ["Other"]
    assert answered(slack, {"response_action": "push", "view": other}) == ["A form", "Other"]
    assert answered(slack, {"response_action": "clear"}) == []
    assert slack.findings == []


def test_an_answer_slack_would_refuse_leaves_the_modal_and_is_found(slack: Slack) -> None:
    assert answered(slack, {"response_action": "errors", "errors": {"other": "no"}}) == ["A form"]
    assert answered(slack, {"response_action": "push", "view": modal(title=plain("x" * 25))}) == ["A form"]
    assert [each["source"] for each in slack.findings] == ["view_submission", "view_submission"]


def test_closing_tells_the_app_when_it_asked(slack: Slack) -> None:
    inbox = Inbox(slack)
    quiet = opened(slack, modal(field("a")))["view"]
    live(slack.act("U01ANA", "close", view_id=quiet["id"]))
    assert inbox.payloads == []
    asking = opened(slack, modal(field("a"), notify_on_close=True))["view"]
    live(slack.act("U01ANA", "close", view_id=asking["id"]))
    (payload,) = inbox.payloads
    assert (payload["type"], payload["is_cleared"], payload["view"]["state"]) == ("view_closed", False, {"values": {}})


def test_only_the_modal_on_top_of_ones_own_stack_can_be_submitted(slack: Slack) -> None:
    view = opened(slack, modal(field("a")))["view"]
    with pytest.raises(ActError, match="not the modal on top"):
        live(slack.act("U02BO", "submit", view_id=view["id"]))
    opened(slack, modal(choice("static_select")))
    with pytest.raises(ActError, match="has no option"):
        live(slack.act("U01ANA", "submit", view_id=slack.stacks["U01ANA"][0], state={"n": {"it": "q"}}))
