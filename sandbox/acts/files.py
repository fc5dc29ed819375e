"""Files people give: dropped into a conversation, or chosen in a form."""

import base64
import binascii
from typing import Any

from sandbox.errors import ActError
from sandbox.inputs import find_element
from sandbox.model import File, Json
from sandbox.shapes import file_shape
from sandbox.state import State
from sandbox.workspace import Person


def kept(state: State, person: Person, channel: str, given: Json) -> File:
    """Keep a file given as {"name", "content_base64"} and show it in a conversation."""
    try:
        content = base64.b64decode(given["content_base64"], validate=True)
    except binascii.Error as error:
        raise ActError("The file's content is not base64.") from error
    file = File(state.new_id("F"), given["name"], person.id, len(content), int(state.seconds()), content=content)
    file.received = file.complete = True
    file.channels = [channel]
    state.files[file.id] = file
    return file


def with_files(state: State, person: Person, dm: str, blocks: list[Json], values: Json) -> Json:
    """Put stored files in the place of the contents that the client sent for a form's file inputs."""
    return {
        block_id: {action_id: _stored(state, person, dm, find_element(blocks, block_id, action_id)[1], value)
                   for action_id, value in actions.items()}
        for block_id, actions in values.items()
    }  # fmt: skip


def _stored(state: State, person: Person, dm: str, element: Json, value: Any) -> Any:
    if element["type"] != "file_input" or not value:
        return value
    return [file_shape(state, kept(state, person, dm, one)) if "content_base64" in one else one for one in value]
