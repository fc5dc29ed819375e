"""Stories of people at the web page, in a real browser."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from tiny_app import WORKSPACE, button, modal, plain
from tiny_app import field as input_block

from sandbox.clock import Clock
from sandbox.slack import Slack
from sandbox.state import Answer, Envelope
from sandbox.workspace import read_workspace

pytestmark = pytest.mark.browser

ANA, BO = "U01ANA", "U02BO"
QUIET = ("background-networking", "component-update", "sync")
OPTIONS = [{"text": plain(text), "value": text.lower()} for text in ("Red", "Green")]


@dataclass
class Tiny:
    """The app's side: what reached it, what it answers, and calls in its name."""

    slack: Slack
    payloads: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Callable[[dict[str, Any]], Any]] = field(default_factory=dict)

    async def deliver(self, envelope: Envelope) -> Answer:
        payload = envelope.payload
        self.payloads.append(payload)
        kind = str(payload.get("command") or payload.get("type"))
        return Answer(body=self.answers[kind](payload) if kind in self.answers else None)

    def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        body = self.slack.call(method, "xoxb-tiny", arguments).body
        assert body["ok"], body
        return body

    def post(self, text: str, *blocks: dict[str, Any], to: str = BO) -> None:
        self.call("chat.postMessage", channel=to, text=text, blocks=list(blocks))

    def open_on_command(self, view: dict[str, Any]) -> None:
        self.answers["/tiny"] = lambda it: self.call("views.open", trigger_id=it["trigger_id"], view=view) and None

    def last(self, kind: str) -> dict[str, Any]:
        return [each for each in self.payloads if each.get("type") == kind][-1]


@pytest.fixture
def slack() -> Slack:
    return Slack(read_workspace(WORKSPACE), Clock(datetime(2026, 10, 1, 23, 30, tzinfo=UTC)))


@pytest.fixture
def tiny(served: Slack) -> Tiny:
    app = Tiny(served)
    served.connect("A01TINY", app.deliver)
    return app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def sit(browser: Browser, served: Slack, tiny: Tiny) -> Iterator[Callable[[str], Page]]:
    """Sit somebody down before the page, in the app's Messages tab; nothing may be fetched from elsewhere."""
    pages, elsewhere = [], []
    assert tiny.slack is served

    def down(who: str = BO) -> Page:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("request", lambda asked: asked.url.startswith(served.base_url) or elsewhere.append(asked.url))
        page.on("pageerror", lambda error: elsewhere.append(str(error)))
        page.goto(f"{served.base_url}?as={who}")
        page.get_by_test_id("place-Tiny").click()
        page.get_by_role("tab", name="Messages").click()
        pages.append(page)
        return page

    yield down
    for page in pages:
        page.close()
    assert elsewhere == []


def say(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("composer").press("Enter")


def log(page: Page) -> Locator:
    return page.get_by_role("log")


def test_what_an_app_writes_is_text_never_html(tiny: Tiny, sit: Callable[..., Page]) -> None:
    page = sit()
    tiny.post("<img src=x onerror=alert(1)> &lt;b&gt;bold&lt;/b&gt; *strong* :tada:")
    expect(log(page)).to_contain_text("<img src=x onerror=alert(1)> <b>bold</b> strong 🎉")
    expect(log(page).locator("img, b")).to_have_count(0)
    expect(log(page).locator("strong")).to_have_text("strong")


def test_instants_are_shown_in_the_readers_zone_and_language(tiny: Tiny, sit: Callable[..., Page]) -> None:
    at = int(datetime(2026, 12, 31, 23, 30, tzinfo=UTC).timestamp())
    for who in (BO, ANA):
        tiny.post(f"due <!date^{at}^{{date_long}} {{time}}|later> for <@{BO}>", to=who)
    expect(log(sit(BO))).to_contain_text("due 2027年1月1日星期五 7:30 for @Bo Li")
    expect(log(sit(ANA))).to_contain_text("due quinta-feira, 31 de dezembro de 2026 20:30 for @Bo Li")


def test_a_notification_shows_the_top_level_text_and_not_the_blocks(tiny: Tiny, sit: Callable[..., Page]) -> None:
    page = sit()
    tiny.post("Two goals wait for <@U01ANA>", {"type": "header", "text": plain("Goals")})
    expect(page.get_by_role("status").get_by_test_id("toast-text")).to_have_text("Two goals wait for @Ana Silva")
    expect(log(page)).to_contain_text("Goals")
    expect(log(page)).not_to_contain_text("Two goals wait")
    page.get_by_role("status").get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("status")).to_have_count(0)


def test_unread_marks_go_when_the_messages_are_read(tiny: Tiny, sit: Callable[..., Page]) -> None:
    page = sit()
    page.get_by_test_id("place-general").click()
    expect(page.get_by_role("heading", name="# general")).to_be_visible()
    tiny.post("one")
    tiny.post("two")
    expect(page.get_by_label("2 unread")).to_be_visible()
    page.get_by_test_id("place-Tiny").click()
    expect(log(page)).to_contain_text("two")
    expect(page.get_by_label("2 unread")).to_have_count(0)


def test_a_command_is_completed_and_its_answer_is_seen_by_one_person(tiny: Tiny, sit: Callable[..., Page]) -> None:
    tiny.answers["/tiny"] = lambda it: {"text": f"*{it['text']}* it is"}
    bo, ana = sit(BO), sit(ANA)
    for page in (bo, ana):
        page.get_by_test_id("place-general").click()
    bo.get_by_test_id("composer").press_sequentially("/ti")
    expect(bo.get_by_role("option", name="/tiny")).to_contain_text("a command")
    bo.keyboard.press("Tab")
    bo.keyboard.type("tea")
    bo.keyboard.press("Enter")
    expect(log(bo)).to_contain_text("Only visible to you")
    expect(log(bo)).to_contain_text("tea it is")
    say(bo, "said aloud")
    expect(log(ana)).to_contain_text("said aloud")
    expect(log(ana)).not_to_contain_text("tea it is")
    say(bo, "/nonsense")
    expect(bo.get_by_test_id("notice")).to_contain_text("/nonsense is not a valid command.")


EVERY_INPUT = modal(
    input_block("Text", initial_value="kept"),
    input_block("Number", type="number_input", is_decimal_allowed=False, max_value="100"),
    input_block("Select", type="static_select", options=OPTIONS, initial_option=OPTIONS[0]),
    input_block("Several", type="multi_static_select", options=OPTIONS),
    input_block("Who", type="users_select"),
    input_block("Radio", type="radio_buttons", options=OPTIONS),
    input_block("Boxes", type="checkboxes", options=OPTIONS),
    input_block("Day", type="datepicker"),
    input_block("Time", type="timepicker"),
    input_block("When", type="datetimepicker"),
    callback_id="all",
)


def fill(page: Page) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Select").click()
    page.get_by_role("option", name="Green").click()
    dialog.get_by_label("Several").click()
    page.get_by_role("option", name="Green").click()
    page.get_by_role("option", name="Red").click()
    page.keyboard.press("Escape")
    dialog.get_by_label("Who").fill("ana")
    dialog.get_by_label("Who").press("Enter")
    dialog.get_by_role("radiogroup", name="Radio").get_by_label("Red").check()
    dialog.get_by_role("group", name="Boxes").get_by_label("Green").check()
    dialog.get_by_label("Day").fill("2026-10-09")
    dialog.get_by_label("Time").fill("09:30")
    dialog.get_by_label("When").fill("2026-10-09T08:00")


def test_a_modal_says_what_is_wrong_under_each_field_and_keeps_what_was_typed(
    tiny: Tiny, sit: Callable[..., Page]
) -> None:
    tiny.open_on_command(EVERY_INPUT)
    page = sit()
    say(page, "/tiny")
    dialog = page.get_by_role("dialog", name="A form")
    fill(page)
    dialog.get_by_label("Text").fill("")
    dialog.get_by_label("Number").fill("101")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_test_id("field-error")).to_have_text(
        ["Please complete this required field.", "Please enter a number of at most 100."]
    )
    expect(dialog.get_by_label("Text")).to_be_focused()
    expect(dialog.get_by_label("Day")).to_have_value("2026-10-09")
    assert not any(each.get("type") == "view_submission" for each in tiny.payloads)


def test_what_is_entered_reaches_the_app_in_its_own_zone(tiny: Tiny, sit: Callable[..., Page]) -> None:
    tiny.open_on_command(EVERY_INPUT)
    page = sit()
    say(page, "/tiny")
    fill(page)
    page.get_by_role("dialog").get_by_label("Number").fill("42")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    values = {name: each["it"] for name, each in tiny.last("view_submission")["view"]["state"]["values"].items()}
    assert (values["Text"]["value"], values["Number"]["value"]) == ("kept", "42")
    assert values["Select"]["selected_option"]["value"] == "green"
    assert [each["value"] for each in values["Several"]["selected_options"]] == ["green", "red"]
    assert values["Who"]["selected_user"] == ANA
    assert values["Radio"]["selected_option"]["value"] == "red"
    assert [each["value"] for each in values["Boxes"]["selected_options"]] == ["green"]
    assert (values["Day"]["selected_date"], values["Time"]["selected_time"]) == ("2026-10-09", "09:30")
    assert values["When"]["selected_date_time"] == datetime(2026, 10, 9, 0, 0, tzinfo=UTC).timestamp()


def test_the_apps_errors_stand_under_their_fields(tiny: Tiny, sit: Callable[..., Page]) -> None:
    tiny.open_on_command(modal(input_block("Name", initial_value="nobody")))
    tiny.answers["view_submission"] = lambda _: {"response_action": "errors", "errors": {"Name": "Somebody, please."}}
    page = sit()
    say(page, "/tiny")
    page.get_by_role("dialog").get_by_label("Name").press("Enter")
    expect(page.get_by_test_id("field-error")).to_have_text("Somebody, please.")


def test_a_form_in_the_place_of_another_sends_its_own_fields_alone(tiny: Tiny, sit: Callable[..., Page]) -> None:
    tiny.open_on_command(modal(input_block("Name")))
    second = modal(input_block("City"), title=plain("Second"))
    tiny.answers["view_submission"] = lambda _: {"response_action": "update", "view": second}
    page = sit()
    say(page, "/tiny")
    page.get_by_role("dialog", name="A form").get_by_label("Name").fill("Bo")
    page.get_by_role("dialog", name="A form").get_by_role("button", name="Send").click()
    page.get_by_role("dialog", name="Second").get_by_label("City").fill("Recife")
    tiny.answers.clear()
    page.get_by_role("dialog", name="Second").get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert list(tiny.last("view_submission")["view"]["state"]["values"]) == ["City"]


def test_a_view_put_in_place_by_a_button_forgets_what_was_being_typed(tiny: Tiny, sit: Callable[..., Page]) -> None:
    swap = {"type": "actions", "block_id": "swap", "elements": [button("Swap")]}
    first = modal(input_block("Name"), swap)
    second = modal(input_block("City"), swap, title=plain("Second"))
    tiny.open_on_command(first)
    following = iter([second, first])
    tiny.answers["block_actions"] = lambda it: (
        tiny.call("views.update", view_id=it["view"]["id"], view=next(following)) and None
    )
    page = sit()
    say(page, "/tiny")
    page.get_by_role("dialog", name="A form").get_by_label("Name").fill("Bo")
    page.get_by_role("dialog", name="A form").get_by_role("button", name="Swap").click()
    page.get_by_role("dialog", name="Second").get_by_label("City").fill("Recife")
    page.get_by_role("dialog", name="Second").get_by_role("button", name="Swap").click()
    expect(page.get_by_role("dialog", name="A form").get_by_label("Name")).to_have_value("")
    page.get_by_role("dialog", name="A form").get_by_label("Name").fill("Ana")
    page.get_by_role("dialog", name="A form").get_by_label("Name").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    values = tiny.last("view_submission")["view"]["state"]["values"]
    assert {name: each["it"]["value"] for name, each in values.items()} == {"Name": "Ana"}


def test_a_home_drawn_anew_still_answers_after_something_was_chosen_there(tiny: Tiny, sit: Callable[..., Page]) -> None:
    """Its blocks have other ids by then; what was chosen in the old one is not sent with the next press."""
    choose = {"type": "static_select", "action_id": "colour", "placeholder": plain("Colour"), "options": OPTIONS}
    swap = {"type": "actions", "elements": [choose, button("Swap")]}

    def draw(_: Any = None) -> None:
        tiny.call("views.publish", user_id=BO, view={"type": "home", "blocks": [swap]})

    draw()
    tiny.answers["block_actions"] = draw
    page = sit()
    page.get_by_role("tab", name="Home").click()
    page.get_by_test_id("home").get_by_role("combobox").click()
    page.get_by_role("option", name="Green").click()
    page.get_by_test_id("home").get_by_role("button", name="Swap").click()
    expect(page.get_by_test_id("toast")).to_have_count(0)
    assert [each["actions"][0]["type"] for each in tiny.payloads if each["type"] == "block_actions"] == [
        "static_select",
        "button",
    ]


def test_a_pushed_modal_lies_on_top_and_escape_returns(tiny: Tiny, sit: Callable[..., Page]) -> None:
    second = modal(input_block("Deeper"), title=plain("Second"))
    more = {"type": "actions", "block_id": "more", "elements": [button("More")]}
    tiny.open_on_command(modal(input_block("Name"), more))
    tiny.answers["block_actions"] = lambda it: (
        tiny.call("views.push", trigger_id=it["trigger_id"], view=second) and None
    )
    page = sit()
    say(page, "/tiny")
    page.get_by_role("dialog").get_by_label("Name").fill("half typed")
    page.get_by_role("dialog").get_by_role("button", name="More").click()
    expect(page.get_by_role("dialog", name="Second")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="A form").get_by_label("Name")).to_have_value("half typed")
    assert tiny.last("block_actions")["view"]["state"]["values"]["Name"]["it"]["value"] == "half typed"


def test_a_button_that_asks_first_can_be_left_alone(tiny: Tiny, sit: Callable[..., Page]) -> None:
    ask = {"title": plain("Sure?"), "text": plain("It is gone then."), "confirm": plain("Do it"), "deny": plain("Keep")}
    tiny.post("Goal", {"type": "actions", "elements": [button("Delete", confirm=ask)]})
    page = sit()
    log(page).get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog", name="Sure?").get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert not any(each.get("type") == "block_actions" for each in tiny.payloads)
    tiny.answers["block_actions"] = lambda it: (
        tiny.call("chat.update", channel=it["channel"]["id"], ts=it["message"]["ts"], text="Gone") and None
    )
    log(page).get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Do it").click()
    expect(log(page)).to_contain_text("Gone")
    expect(log(page).get_by_role("button", name="Delete")).to_have_count(0)


def test_a_file_dropped_into_the_dm_is_sent_with_its_words(tiny: Tiny, sit: Callable[..., Page]) -> None:
    page = sit()
    carried = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["email\\nmei@x"], "people.csv", {type: "text/csv"}));
            return data;
        }"""
    )
    log(page).dispatch_event("drop", {"dataTransfer": carried})
    expect(page.locator(".pending")).to_contain_text("people.csv")
    say(page, "here they are")
    expect(log(page).get_by_test_id("file")).to_contain_text("people.csv")
    expect(log(page)).to_contain_text("here they are")
    assert [file.content for file in tiny.slack.files.values()] == [b"email\nmei@x"]


def test_shortcuts_and_threads_start_at_a_message(tiny: Tiny, sit: Callable[..., Page]) -> None:
    tiny.post("keep me")
    page = sit()
    message = log(page).get_by_test_id("message").filter(has_text="keep me")
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Keep it").click()
    message.get_by_role("button", name="Reply in thread").click()
    page.get_by_test_id("thread-composer").fill("I do")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("thread")).to_contain_text("I do")
    expect(message.get_by_role("button", name="1 reply")).to_be_visible()
    assert tiny.last("message_action")["message"]["text"] == "keep me"


def test_charts_and_tables_carry_their_words(tiny: Tiny, sit: Callable[..., Page]) -> None:
    points = [{"label": "销售", "value": 91}, {"label": "R&D", "value": 84.5}]
    names = [point["label"] for point in points]
    chart = {"type": "bar", "series": [{"name": "Q3", "data": points}], "axis_config": {"categories": names}}
    cells = [[{"type": "raw_text", "text": "Team"}], [{"type": "raw_text", "text": "物流"}]]
    page = sit()
    tiny.post(
        "Scores",
        {"type": "data_visualization", "title": "Scores 得分", "chart": chart},
        {"type": "data_table", "caption": "Teams", "rows": cells},
    )
    drawing = log(page).get_by_role("img", name="Scores 得分")
    expect(drawing.locator("rect")).to_have_count(2)
    expect(drawing).to_contain_text("销售")
    expect(drawing).to_contain_text("84.5")
    expect(log(page).get_by_role("table", name="Teams")).to_contain_text("物流")


def test_the_clock_is_wound_in_the_persons_zone(sit: Callable[..., Page]) -> None:
    page = sit(BO)
    expect(page.get_by_test_id("clock")).to_contain_text("2026年10月2日")
    page.get_by_role("button", name="Next Monday").click()
    expect(page.get_by_test_id("clock")).to_contain_text("2026年10月5日周一 09:31 · Asia/Shanghai")
    page.get_by_role("button", name="To date…").click()
    page.get_by_test_id("wind-to").fill("2026-11-02T10:15")
    page.get_by_role("button", name="Wind", exact=True).click()
    expect(page.get_by_test_id("clock")).to_contain_text("2026年11月2日周一 10:15")


def test_the_inspector_shows_traffic_and_refusals(tiny: Tiny, sit: Callable[..., Page]) -> None:
    page = sit()
    tiny.slack.call("chat.postMessage", "xoxb-tiny", {"channel": "C0NOWHERE", "text": "x"})
    page.get_by_role("button", name="Inspector").click()
    entry = page.get_by_test_id("traffic").filter(has_text="chat.postMessage")
    expect(entry).to_contain_text("channel_not_found")
    entry.locator("summary").click()
    expect(entry).to_contain_text("C0NOWHERE")
    page.get_by_role("tab", name="Refusals").click()
    expect(page.get_by_test_id("finding")).to_contain_text("channel_not_found")


def test_another_person_is_chosen_in_the_bar(sit: Callable[..., Page]) -> None:
    page = sit(BO)
    page.get_by_label("Acting as").fill("silva")
    page.get_by_label("Acting as").press("Enter")
    expect(page).to_have_url(re.compile("as=U01ANA$"))
    expect(page.get_by_test_id("clock")).to_contain_text("America/Sao_Paulo")
