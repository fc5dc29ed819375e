"""How a refusal, or a fault, reaches the person: in place, in their language, with nothing typed lost."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.refusal import N_
from bot.slack.blocks import Message, View, button, buttons, page, section
from bot.slack.desk import Desk, Fault, Refusal
from bot.slack.flow import Step
from bot.slack.text import Text, plain
from bot.slack.words import Words, words_for
from bot.store import outbox

Body = Mapping[str, Any]

BROKEN = N_("Something broke on our side (reference {ref}). Nothing you typed was lost; please try again in a minute.")
OUTDATED = N_("This button is out of date. Please open Cairn's Home and start from there.")


def words_of(problem: Refusal | Fault) -> Words:
    """The language of who is to read it."""
    if isinstance(problem, Refusal):
        return problem.t
    return words_for(problem.person) if problem.person else Words("en")


def text_of(problem: Refusal | Fault) -> Text:
    """The sentence for a person."""
    return problem.text if isinstance(problem, Refusal) else words_of(problem)(BROKEN, ref=problem.ref)


async def show(client: AsyncWebClient, body: Body, problem: Refusal | Fault) -> None:
    """After a press: a small window with the sentence, over whatever is open."""
    await _notice(client, body, text_of(problem), words_of(problem))


async def show_outdated(client: AsyncWebClient, body: Body) -> None:
    """After a press on something that Cairn no longer knows."""
    t = Words("en")
    await _notice(client, body, t(OUTDATED), t)


async def _notice(client: AsyncWebClient, body: Body, text: Text, t: Words) -> None:
    view = page(t("Please note"), [section(text)], close=t("Close")).body()
    if (body.get("view") or {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)


def in_form(view: Body, problem: Refusal | Fault) -> dict[str, Any]:
    """After sending a form: the sentence under the field it concerns; a form without fields is turned into it."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    field = problem.field if isinstance(problem, Refusal) else None
    text, t = text_of(problem), words_of(problem)
    if inputs:
        return {"response_action": "errors", "errors": {field if field in inputs else inputs[0]: plain(text)}}
    shown = View(t("Please note"), [section(text)], close=t("Close")).body()
    return {"response_action": "update", "view": shown}


async def say(desk: Desk, user_id: str, about: str, message: Message) -> None:
    """Answer in the DM, for what has no window to answer in."""
    now = desk.real_clock.now()
    await desk.database.run(
        lambda session: outbox.want(
            session, f"answer/{about}", user_id, message.body(), now, urgent=True, kind=outbox.MESSAGE
        )
    )
    desk.wake_sender()


def way_in(desk: Desk, step: Step, carry: str, t: Words) -> Message:
    """A DM cannot open a window by itself: offer the button that does."""
    purpose = next((command.purpose for command in desk.flows.commands.values() if command.step is step), "")
    text = t(purpose) if purpose else t("Here you are.")
    return Message(text, [section(text), buttons(button(t("Open"), does=step, carry=carry, style="primary"))])
