"""Several companies in one Cairn: the same people, channels and ids in each, and one door for all of them.

lantern, hansa = tenants.companies("T0LANTERN", "T0HANSA")
"""

import asyncio
import html
import re
import shutil
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine
from sqlalchemy import event as on

from bot.app import Cairn
from bot.config import Settings
from bot.slack.limits import UNHURRIED
from bot.store.db import Database
from bot.web import Receiver
from bot.workspaces import places, register
from bot.workspaces.house import House
from sandbox.app import together
from sandbox.clock import Clock
from sandbox.delivery import decoded, http_request
from sandbox.slack import Slack
from sandbox.state import Answer, Envelope
from sandbox.workspace import Team
from tests.company import APP, START, Company, Server, _read
from tests.compiled import COMPILED, DIALECTS, SEAL_KEY, _careless

SECRETS = {"signing_secret": "lantern-signing-secret", "client_id": "1.2", "client_secret": "the-secret-of-the-app"}
KEY = "5ea1" * 16
SITE = "https://cairn.example"
LANTERN = Path(__file__).parent.parent / "examples" / "lantern" / "workspace.yml"
T1, T2, ORG = "T0LANTERN", "T0HANSA", "E0HARBOUR"
LEAVING = ("app_uninstalled", "tokens_revoked")


class Tenants:
    """One app at Slack, several workspaces, and the workers that serve them."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, server: Server, url: str, workspace: Path, *teams: Team
    ) -> None:
        self.loop = loop
        self.clock = self.real_clock = Clock(datetime.fromisoformat(START))
        self.slacks = {team.id: self._workspace(workspace, team, server.url) for team in teams}
        server.app = together(*self.slacks.values())
        self.settings = Settings(
            **SECRETS, port=1, slack_api_url=f"{server.url}api/", database_url=url, keys=KEY, seal_key=SEAL_KEY
        )
        self.houses: list[House] = []
        self.house = self.joins()
        self.web = self.browser()

    def _workspace(self, workspace: Path, team: Team, url: str) -> Slack:
        slack = Slack(replace(deepcopy(_read(workspace)), team=team), self.clock, url)
        slack.settings.ack_seconds = slack.settings.trigger_seconds = 60  # a busy machine is no defect
        secrets = {**SECRETS, "redirect_url": f"{SITE}/slack/oauth_redirect", "bot_token": "", "config_token": ""}
        app = slack.apps[APP]
        slack.apps[APP] = replace(app, **secrets, events=app.events | {*LEAVING})
        return slack

    def joins(self) -> House:
        """One more worker."""
        database = register.opened(self.settings)
        house = House(self.settings, database, self.clock, self.real_clock, dict(UNHURRIED))
        self.houses.append(house)
        self.runs(house.begin())
        self.looks()
        return house

    def browser(self) -> httpx.AsyncClient:
        """A browser in front of the first worker's pages, and whoever else comes to its door."""
        house = self.house
        probes = (house.health, house.answers, lambda: True, house.figures)
        door = Receiver(house, SECRETS["signing_secret"], self.real_clock, *probes, pages=house.pages)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=door), base_url=SITE)

    def runs(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def waits(self, **time: float) -> None:
        """Let time pass, and every worker look around: hours=11."""
        self.real_clock.wind(self.real_clock.now() + timedelta(**time))
        self.looks()

    def looks(self) -> None:
        """Let every worker look at the register, at the same moment, and finish what comes of it."""

        async def look() -> None:
            await asyncio.gather(*(house.look() for house in self.houses))
            met = [cairn.meeting for house in self.houses for cairn in house.open.values()]
            await asyncio.gather(*met, *(task for house in self.houses for task in house._closing))

        self.runs(look())

    def goes(self, address: str, browser: httpx.AsyncClient | None = None, **headers: str) -> httpx.Response:
        """Open a page of Cairn's, as the first worker shows it."""
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        found: httpx.Response = self.runs((browser or self.web).get(address, headers=asked))
        return found

    def led_to(self, page: str, word: str) -> str:
        """Where a link on a page leads."""
        return next(
            html.unescape(to) for to, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', page) if words == word
        )

    def led_back(self, team_id: str, answer: str = "Allow") -> str:
        """Where Slack leads back to, when somebody who came from the page answers so in a workspace."""
        to_slack = self.led_to(self.goes("/slack/install").text, "Go on to Slack")
        return self.led_to(self._at_slack(f"{to_slack}&team={team_id}").text, answer)

    def _at_slack(self, address: str) -> httpx.Response:
        async def get() -> httpx.Response:
            async with httpx.AsyncClient() as browser:
                return await browser.get(address)

        found: httpx.Response = self.runs(get())
        assert found.status_code == 200, found.text
        return found

    def installs(self, team_id: str, **headers: str) -> str:
        """Somebody installs Cairn in a workspace; what the last page says."""
        page = self.goes(self.led_back(team_id), **headers)
        assert page.status_code == 200, page.text
        return page.text

    def company(self, team_id: str, home: str = "") -> "Tenant":
        """A workspace in which Cairn is installed, with everybody known."""
        self.looks()
        tenant = Tenant(self, self.slacks[team_id], home or team_id)
        if tenant.database.is_sqlite:
            hasten(tenant.database.engine)
        return tenant

    def companies(self, *team_ids: str) -> "list[Tenant]":
        """Workspaces in which somebody installs Cairn now."""
        for team_id in team_ids:
            self.installs(team_id)
        return [self.company(team_id) for team_id in team_ids]

    def known(self) -> list[register.Installation]:
        """What stands in the register."""
        with self.house.register.unit_of_work() as session:
            return register.everything(session)

    def address(self, team_id: str) -> str:
        """Where a workspace's database is."""
        return places.address(self.settings.database_url, team_id)

    def prepares(self, stamped: Path) -> None:
        """Have files with all tables where SQLite's databases will be, so that no story waits for migrations."""
        homes = {slack.team.organisation if slack.org_wide else team_id for team_id, slack in self.slacks.items()}
        for home in homes:
            shutil.copy(stamped, self.address(home).removeprefix("sqlite:///"))

    def closes(self) -> None:
        self.runs(self.web.aclose())
        for house in self.houses:
            self.runs(house.close())


def hasten(engine: Engine) -> None:
    """Have a file share what was compiled for its kind, and outlive no machine."""
    engine.dialect = DIALECTS.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=COMPILED)
    on.listen(engine, "connect", _careless)
    engine.dispose()


class Tenant(Company):
    """One of the companies: its people speak to Slack, and Slack to the door that all share."""

    def __init__(self, tenants: Tenants, slack: Slack, home: str) -> None:
        self.tenants, self.home = tenants, home
        self.loop, self.slack, self.real_clock = tenants.loop, slack, tenants.real_clock
        self.inside: set[str] = set()
        self.limits = dict(UNHURRIED)
        self.untouched = b""
        slack.connect(APP, self._deliver)

    @property
    def cairn(self) -> Cairn:
        return self.tenants.house.open[self.home]

    @property
    def database(self) -> Database:
        return self.cairn.database

    async def _deliver(self, envelope: Envelope) -> Answer:
        now = int(self.tenants.real_clock.now().timestamp())
        body, headers = http_request(self.slack.apps[APP], envelope, now)
        response = await self.tenants.web.post("/slack/events", content=body.encode(), headers=headers)
        return Answer(response.status_code, decoded(response.text))
