"""People in front of the sandbox's page, in a real browser: what they press, type, drop and choose."""

import base64
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, sync_playwright

QUIET = ("background-networking", "component-update", "sync")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
SIZE: ViewportSize = {"width": 1280, "height": 800}
PATIENCE = 30_000
"""Milliseconds that anything may take to appear."""

DROP = """([name, type, content]) => {
    const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, {type}));
    return data;
}"""


@dataclass
class Seat:
    """One person at Slack's page. What is written here in English is found in the person's own language."""

    page: Page
    words: Mapping[str, str] = field(default_factory=dict)
    """The person's words for the English ones; none for who reads English."""

    def t(self, text: str, **facts: str) -> str:
        """A text of Cairn's as this person reads it."""
        return self.words.get(text, text).format(**facts)

    @property
    def chat(self) -> Locator:
        """The messages with Cairn."""
        return self.page.get_by_role("log")

    def card(self, text: str, **facts: str) -> Locator:
        """The newest message that says this."""
        return self.chat.get_by_test_id("message").filter(has_text=self.t(text, **facts)).last

    def window(self, title: str) -> Locator:
        """The modal of this title."""
        return self.page.get_by_role("dialog", name=self.t(title), exact=True)

    def presses(self, label: str, at: Locator | None = None, **facts: str) -> None:
        """Press the newest button of this name in the messages, or `at` some place, whatever else it is called."""
        self.page.bring_to_front()  # what lies behind is drawn once a second only
        name = re.compile(
            rf"^{re.escape(self.t(label, **facts))}(: .*| \(\d+\))?$"
        )  # of equal ones also what it is about
        (at or self.chat).get_by_role("button", name=name).last.click()

    def confirms(self, label: str) -> None:
        """Answer the question that a button asks first."""
        self.presses(label, self.page.get_by_role("alertdialog"))

    def sends(self, window: Locator) -> None:
        """Press the button that sends a form, whatever it is called."""
        self.page.bring_to_front()
        window.get_by_test_id("modal-submit").click()

    def types(self, text: str) -> None:
        """Type a slash command or a message."""
        self.page.bring_to_front()
        composer = self.page.get_by_test_id("composer")
        composer.fill(text)
        composer.press("Escape")  # the list of commands
        composer.press("Enter")

    def drops(self, file: Path) -> None:
        """Drop a file into the messages and send it."""
        self.page.bring_to_front()
        carried = [file.name, "text/csv", base64.b64encode(file.read_bytes()).decode()]
        self.chat.dispatch_event("drop", {"dataTransfer": self.page.evaluate_handle(DROP, carried)})
        self.page.locator(".pending").get_by_text(file.name).wait_for()
        self.page.get_by_test_id("composer").press("Enter")

    def goes_to(self, tab: str) -> None:
        """Open Cairn's Home or Messages."""
        self.page.bring_to_front()
        self.page.get_by_role("tab", name=tab).click()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def office(browser: Browser, url: str, sharpness: float = 1) -> Iterator[Callable[..., Seat]]:
    """Sit people down before the page at this address, each in a browser of their own; nothing may go wrong in it."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def sit(person_id: str, words: Mapping[str, str] | None = None) -> Seat:
        locale = "zh-CN" if words else "en-GB"
        context = browser.new_context(viewport=SIZE, device_scale_factor=sharpness, locale=locale)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda found: wrong.append(str(found.error)))
        page = context.new_page()
        page.goto(f"{url}?as={person_id}")
        page.get_by_test_id("place-Cairn").click()
        page.get_by_role("tab", name="Messages").click()
        return Seat(page, words or {})

    yield sit
    for context in contexts:
        context.close()
    if wrong:
        raise AssertionError(wrong)
