"""The page on which somebody agrees to an app: two links, one with a code, one without."""

from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.slack import Slack


def routes(slack: Slack) -> list[Route]:
    """Return the route that apps lead to."""

    async def authorize(request: Request) -> Response:
        asked = request.query_params
        app = next(
            (one for one in slack.apps.values() if one.client_id and one.client_id == asked.get("client_id")), None
        )
        if app is None:
            return PlainTextResponse("Invalid client_id parameter", 400)
        missing = {*asked.get("scope", "").split(",")} - {*(app.scopes or ())}
        if missing:
            return PlainTextResponse(f"Invalid permissions requested: {', '.join(sorted(missing))}", 400)
        back = {"state": asked.get("state", "")}
        agreed = f"{app.redirect_url}?{urlencode({'code': slack.allow(app.id), **back})}"
        refused = f"{app.redirect_url}?{urlencode({'error': 'access_denied', **back})}"
        question = f"<h1>{escape(app.name)} asks to be let into {escape(slack.team.name)}</h1>"
        links = (f'<p><a href="{escape(to)}">{word}</a></p>' for to, word in ((agreed, "Allow"), (refused, "Cancel")))
        return HTMLResponse(question + "".join(links))

    return [Route("/oauth/v2/authorize", authorize)]
