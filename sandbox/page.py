"""The web page of the sandbox: one HTML document and the static modules it loads."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

_HERE = Path(__file__).parent
_TEMPLATES = Jinja2Templates(directory=_HERE / "templates")

# Message text is drawn as text nodes only; the policy is the second lock on that door.
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob: http: https:; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'"
)


async def _page(request: Request) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return _TEMPLATES.TemplateResponse(request, "page.html", {"title": "Sandbox"}, headers=headers)


class _FreshFiles(StaticFiles):
    """Static files that a browser asks about anew each time, so that an edit shows on reload."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        response.headers["Cache-Control"] = "no-cache"
        return response


routes: list[BaseRoute] = [
    Route("/", _page),
    Mount("/static", _FreshFiles(directory=_HERE / "static"), name="static"),
]
