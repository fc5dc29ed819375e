"""Files chosen in a form reach the app as Slack's file objects, with the content behind their address."""

import asyncio
import base64

import httpx
from tiny_app import field, modal

from sandbox.slack import Slack
from sandbox.state import Answer, Envelope


def test_a_file_chosen_in_a_form_can_be_downloaded_by_the_app(served: Slack) -> None:
    sent: list[Envelope] = []

    async def deliver(envelope: Envelope) -> Answer:
        sent.append(envelope)
        if envelope.payload["type"] == "shortcut":
            view = modal(field("people", type="file_input"))
            served.call("views.open", "xoxb-tiny", {"trigger_id": envelope.payload["trigger_id"], "view": view})
        return Answer()

    served.connect("A01TINY", deliver)
    asyncio.run(served.act("U01ANA", "shortcut", callback_id="make"))
    view = served.stack("U01ANA")[-1]
    given = [{"name": "people.csv", "content_base64": base64.b64encode(b"email,name").decode()}]
    asyncio.run(served.act("U01ANA", "submit", view_id=view.id, state={"people": {"it": given}}))
    (file,) = sent[-1].payload["view"]["state"]["values"]["people"]["it"]["files"]
    headers = {"Authorization": "Bearer xoxb-tiny"}
    assert file["name"] == "people.csv"
    assert httpx.get(file["url_private"], headers=headers, trust_env=False).content == b"email,name"


def test_the_bare_address_shows_the_owners_screen(served: Slack) -> None:
    shown = httpx.get(f"{served.base_url}_/state", trust_env=False).json()
    assert shown["me"]["id"] == "U01ANA"
