"""The acts by name."""

from collections.abc import Awaitable, Callable

from sandbox.errors import ActError
from sandbox.model import Channel, Json, Message, View
from sandbox.state import Answer, State
from sandbox.workspace import App, Person

Act = Callable[[State, Person, Json], Awaitable[Json]]
ACTS: dict[str, Act] = {}


def act(name: str) -> Callable[[Act], Act]:
    """Register a function as something people can do."""

    def register(run: Act) -> Act:
        ACTS[name] = run
        return run

    return register


async def perform(state: State, who: str, do: str, fields: Json) -> Json:
    """Do something as a person; returns {"ok": ..., "answer": ...} after the app's ack."""
    person = state.member(who)
    if person.deleted:
        raise ActError(f"{person.name} has been deactivated.")
    if do not in ACTS:
        raise ActError(f'Nobody can do "{do}"; there is {", ".join(sorted(ACTS))}.')
    try:
        return await ACTS[do](state, person, fields)
    except KeyError as error:
        if error.args and error.args[0] in _FIELDS - fields.keys():
            raise ActError(f'"{do}" needs the field {error}.') from error
        raise


_FIELDS = {"channel", "text", "block_id", "action_id", "view_id", "callback_id", "ts", "app", "name", "content_base64"}


def done(answer: Answer | None, app: App) -> Json:
    """Return the outcome of an interaction."""
    if answer is None:
        return {"ok": True, "answer": None, "error": f"{app.name} didn't respond"}
    return {"ok": True, "answer": answer.body}


def channel_of(state: State, person: Person, fields: Json) -> Channel:
    """Return the conversation a person acts in, if that person is in it."""
    channel = state.channels.get(fields["channel"])
    if channel is None or (person.id not in channel.members and channel.private):
        raise ActError(f"{person.name} sees no conversation {fields['channel']}.")
    return channel


def message_of(channel: Channel, person: Person, ts: str) -> Message:
    """Return a message the person can see."""
    message = channel.messages.get(ts)
    if message is None or message.reader not in {"", person.id}:
        raise ActError(f"There is no message {ts}.")
    return message


def view_of(state: State, person: Person, view_id: str) -> View:
    """Return an open modal or a Home of this person."""
    for view in [*state.stack(person.id), *state.homes.values()]:
        if view.id == view_id and view.user == person.id:
            return view
    raise ActError(f"{person.name} has no view {view_id} open.")
