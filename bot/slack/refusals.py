"""How a refusal, or a fault, reaches the person: in place, in their language, with nothing typed lost."""

from collections.abc import Iterable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.refusal import N_, Refused
from bot.slack import present
from bot.slack.blocks import Message, View, button, buttons, page, section
from bot.slack.desk import Desk, Fault, Refusal
from bot.slack.flow import OUTDATED, Step
from bot.slack.inputs import listed
from bot.slack.text import Text, escape, plain, readable
from bot.slack.words import Words, words_for
from bot.store import outbox, people

Body = Mapping[str, Any]

BROKEN = N_("Something broke on our side (reference {ref}). Nothing you typed was lost; please try again in a minute.")


def words_of(problem: Refusal | Fault) -> Words:
    """The language of who is to read it."""
    if isinstance(problem, Refusal):
        return problem.t
    return words_for(problem.person) if problem.person else Words("en")


def text_of(problem: Refusal | Fault) -> Text:
    """The sentence for a person."""
    return problem.text if isinstance(problem, Refusal) else words_of(problem)(BROKEN, ref=problem.ref)


async def show(desk: Desk, client: AsyncWebClient, body: Body, problem: Refusal | Fault) -> None:
    """After a press: a small window with the sentence, on top; when it is too late for one, it is said in the DM."""
    t, text = words_of(problem), text_of(problem)
    if not await present.opened(client, body, page(t("Please note"), [section(text)], close=t("Close")), t):
        await say(desk, readable(body["user"]["id"]), readable(body["trigger_id"]), Message(text))


async def words_to(desk: Desk, user_id: str) -> Words:
    """The language of somebody, outside any step."""
    person = await desk.database.run(lambda session: people.get(session, user_id))
    return words_for(person) if person else Words("en")


async def in_words(desk: Desk, user_id: str, refused: Refused) -> Refusal:
    """A refusal from outside any step, in the language of who is to read it."""
    return Refusal(refused, await words_to(desk, user_id))


async def outdated(desk: Desk, body: Body) -> Refusal:
    """The refusal of something that Cairn no longer knows."""
    return await in_words(desk, readable(body["user"]["id"]), Refused(OUTDATED))


async def show_outdated(desk: Desk, client: AsyncWebClient, body: Body) -> None:
    """After a press on something that Cairn no longer knows."""
    await show(desk, client, body, await outdated(desk, body))


def in_form(view: Body, problem: Refusal | Fault) -> dict[str, Any]:
    """After sending a form: the sentence under the field it concerns; a form without fields is turned into it."""
    blocks = [one for one in listed(view, "blocks") if isinstance(one, dict)]
    inputs = [readable(one.get("block_id")) for one in blocks if one.get("type") == "input"]
    field = problem.field if isinstance(problem, Refusal) else None
    text, t = text_of(problem), words_of(problem)
    if inputs:
        return {"response_action": "errors", "errors": {field if field in inputs else inputs[0]: plain(text)}}
    shown = View(t("Please note"), [section(text)], close=t("Close")).body()
    return {"response_action": "update", "view": shown}


def instead_of_form(t: Words, sentences: Iterable[str]) -> dict[str, Any]:
    """What came of a form that is not there any more: the sentences, or that it is done."""
    told = [section(escape(one)) for one in sentences] or [section(t("This is done."))]
    return View(t("Please note"), told, close=t("Close")).body()


async def say(desk: Desk, user_id: str, about: str, message: Message) -> None:
    """Answer in the DM, for what has no window to answer in."""
    now = desk.real_clock.now()
    await desk.database.run(
        lambda session: outbox.want(
            session, outbox.answer_key(about), user_id, message.body(), now, urgent=True, kind=outbox.MESSAGE
        )
    )
    desk.wake_sender()


def way_in(desk: Desk, step: Step, carry: str, t: Words) -> Message:
    """A DM cannot open a window by itself: offer the button that does."""
    purpose = next((command.purpose for command in desk.flows.commands.values() if command.step is step), "")
    text = t(purpose) if purpose else t("Here you are.")
    return Message(text, [section(text), buttons(button(t("Open"), does=step, carry=carry, style="primary"))])
