"""Many workspaces: somebody installs Cairn from its page, tokens change, Cairn is removed, and comes back."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.config import Settings
from bot.store import people
from bot.workspaces import commands, register, tokens
from sandbox.state import Envelope
from sandbox.workspace import Team
from tests.company import APP, Server
from tests.forging import Forger
from tests.store.test_together import until_somebody_waits
from tests.tenants import LANTERN, LEAVING, ORG, T1, T2, Tenants

HALF_A_DAY = 12 * 3600


def calls(tenants: Tenants, team_id: str) -> list[str]:
    """What was asked of Slack, by method."""
    return [one["what"] for one in tenants.slacks[team_id].traffic if one["direction"] == "app→slack"]


def forgive(tenants: Tenants, rule: str) -> None:
    """That Slack found this was meant, and nothing else was found."""
    assert {one["rule"] for one in tenants.slacks[T1].findings} == {rule}
    tenants.slacks[T1].findings.clear()


def known_people(tenants: Tenants, team_id: str) -> int:
    return len(tenants.company(team_id).knows(people.everyone))


# Installing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_somebody_installs_cairn_and_reads_what_happens_next(tenants: Tenants, tmp_path: Path) -> None:
    page = tenants.goes("/slack/install")
    assert "in a database of its own" in page.text
    assert {"HttpOnly", "Secure", "SameSite=Lax"} <= {one.strip() for one in page.headers["set-cookie"].split(";")}
    said = tenants.installs(T2, accept_language="fr, zh-CN;q=0.9, en;q=0.3")
    assert "Cairn 已装进 Hansa &amp; Söhne" in said
    assert "Whoever owns the workspace is HR there at first" in tenants.installs(T1, accept_language="en-GB")
    lantern = tenants.company(T1)
    assert lantern.knows(lambda session: [one.id for one in people.holders(session, people.HR)]) == ["U01MEI"]
    lantern.person("emily").types("/cairn help")
    assert "What you can type" in lantern.person("emily").sees()
    token = tenants.slacks[T1].apps[APP].bot_token
    assert token not in repr((tenants.house, tenants.settings, tenants.known(), lantern.cairn.settings))
    files = [*tmp_path.glob("company*")]
    assert len(files) > 2
    assert not [file for file in files if token.encode() in file.read_bytes()]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_way_back_that_is_old_used_forged_or_anothers_installs_nothing(tenants: Tenants) -> None:
    def refused(address: str, sentence: str, browser: object = None) -> None:
        page = tenants.goes(address, browser)
        assert (page.status_code, sentence in page.text) == (400, True), page.text
        assert tenants.led_to(page.text, "Start again") == "/slack/install"

    wrong = "too old, was used before, or was opened in another browser"
    stranger = tenants.browser()
    refused(tenants.led_back(T1), wrong, stranger)
    refused(tenants.led_back(T1).replace("state=", "state=9"), wrong)
    refused("/slack/oauth_redirect?code=1&state=", wrong)
    refused("/slack/oauth_redirect?code=1&state=%F0%9F%97%BB.1.2", wrong)
    old = tenants.led_back(T1)
    tenants.waits(minutes=11)
    refused(old, wrong)
    refused(tenants.led_back(T1, "Cancel"), "You did not agree in Slack")
    app = tenants.slacks[T1].apps[APP]
    back = tenants.led_back(T1)
    tenants.slacks[T1].apps[APP] = replace(app, scopes=app.scopes - {"im:write", "files:read"})
    refused(back, "the app&#x27;s scopes: files:read, im:write")
    tenants.slacks[T1].apps[APP] = app
    assert tenants.known() == []
    back = tenants.led_back(T1)
    assert tenants.goes(back).status_code == 200
    refused(back, wrong)
    page = tenants.goes(tenants.led_back(T2).replace("code=T0HANSA", "code=T0HANSA0"))
    assert (page.status_code, "tell whoever runs Cairn this number" in page.text) == (502, True)
    assert [one.home for one in tenants.known()] == [T1]
    assert [one["rule"] for one in tenants.slacks[T2].findings] == ["invalid_code"]
    tenants.slacks[T2].findings.clear()
    tenants.runs(stranger.aclose())


# Tokens -------------------------------------------------------------------------------------


def test_two_workers_renew_a_token_once_before_it_ends_whether_or_not_anybody_asks(tenants: Tenants) -> None:
    tenants.slacks[T1].settings.token_seconds = HALF_A_DAY
    tenants.installs(T1)
    lantern, second = tenants.company(T1), tenants.joins()
    first = lantern.cairn.client.token
    for renewed in (1, 2):
        tenants.waits(hours=10.5)
        tenants.looks()
        assert calls(tenants, T1).count("oauth.v2.access") == 1 + renewed
        tokens = {house.open[T1].client.token for house in (tenants.house, second)}
        assert tokens == {tenants.slacks[T1].apps[APP].bot_token}
        assert first not in tokens
    tenants.slacks[T1].earlier.clear()  # Slack takes the older ones no more
    lantern.person("emily").types("/cairn help")
    lantern.person("emily").opens_home()
    assert lantern.person("emily").home


def test_while_slack_is_slow_to_renew_a_token_others_write_into_the_register(tenants: Tenants, server: Server) -> None:
    tenants.slacks[T1].settings.token_seconds = HALF_A_DAY
    tenants.installs(T1)
    tenants.real_clock.wind(tenants.real_clock.now() + timedelta(hours=10.5))
    slack, asked, answers = server.app, asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/api/oauth.v2.access":
            asked.set()
            await answers.wait()
        await slack(scope, receive, send)

    async def story() -> None:
        looking = asyncio.create_task(tenants.house.look())
        async with asyncio.timeout(tokens.PATIENCE):
            await asked.wait()
            now = tenants.real_clock.now()
            written = tenants.house.register.run(lambda session: register.use_state(session, "of another", now))
            assert await written
        assert not looking.done()
        answers.set()
        await looking

    server.app = slow
    tenants.runs(story())
    assert tenants.known()[0].token.access == tenants.slacks[T1].apps[APP].bot_token


# Removed, and back --------------------------------------------------------------------------


@pytest.mark.parametrize("order", [LEAVING, LEAVING[::-1]], ids=["uninstalled first", "revoked first"])
def test_whoever_removes_cairn_hears_no_more_and_finds_all_again_within_the_days_of_grace(
    tenants: Tenants, order: tuple[str, str]
) -> None:
    lantern, hansa = tenants.companies(T1, T2)
    second = tenants.joins()
    lantern.knows(lambda session: people.choose_language(session, "U01EMILY", "zh"))
    lantern.runs(lantern.slack.uninstall(APP, *order))
    assert set(tenants.house.open) == {T2}
    tenants.looks()
    assert set(second.open) == {T2}
    removed = tenants.known()[0]
    assert (removed.home, removed.token.access, removed.closed_at is None) == (T1, "", False)
    before = len(calls(tenants, T1))
    emily = lantern.slack.people["U01EMILY"]
    lantern.runs(lantern.slack.act(emily.id, "open_home", app=APP))
    tenants.waits(days=20)
    assert len(calls(tenants, T1)) == before

    assert "Cairn is back, and finds everything as it was." in tenants.installs(T1)
    lantern = tenants.company(T1)
    assert lantern.knows(lambda session: people.get(session, "U01EMILY")).language == "zh"
    event = {"type": order[0], "tokens": {"bot": ["U01CAIRN"]}}
    late = {"type": "event_callback", "event_id": "Ev9", "event_time": 1, "team_id": T1, "event": event}
    lantern.runs(lantern._deliver(Envelope("events_api", late, "E9")))
    assert set(tenants.house.open) == {T1, T2}, "that was about the time before"

    lantern.runs(lantern.slack.uninstall(APP, order[0]))
    tenants.waits(days=31)
    assert [one.home for one in tenants.known()] == [T2]
    assert not tables_of(tenants, T1)
    assert hansa.knows(lambda session: people.get(session, "U01EMILY")).language == "en"


def test_without_days_of_grace_a_database_is_purged_once_everybody_has_let_go(tenants: Tenants) -> None:
    tenants.house.settings = replace(tenants.settings, grace_days=0)
    (lantern,) = tenants.companies(T1)
    lantern.runs(lantern.slack.uninstall(APP, "app_uninstalled"))
    tenants.looks()
    assert tables_of(tenants, T1), "another worker may still answer and send"
    tenants.waits(seconds=59)
    assert tables_of(tenants, T1)
    tenants.waits(seconds=2)
    assert (tables_of(tenants, T1), tenants.known()) == (0, [])


def tables_of(tenants: Tenants, team_id: str) -> int:
    """How many tables a workspace has."""
    with tenants.house.register.unit_of_work() as session:
        if tenants.house.register.is_sqlite:
            return int(Path(tenants.address(team_id).removeprefix("sqlite:///")).exists())
        found = text("SELECT count(*) FROM information_schema.tables WHERE table_schema = :name")
        return int(session.scalar(found, {"name": f"cairn_{team_id.lower()}"}) or 0)


# An organisation ----------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("org_wide", [True, False], ids=["org-wide", "one workspace of it"])
def test_people_of_an_organisation_take_part_wherever_they_are_at_home(
    loop, server: Server, database_url: str, stamped_sqlite: Path, org_wide: bool
) -> None:
    team = Team(T1, "Lantern Trading", organisation=ORG)
    tenants = Tenants(loop, server, database_url, LANTERN, team)
    slack = tenants.slacks[T1]
    slack.org_wide = org_wide
    tenants.prepares(stamped_sqlite)
    slack.people["U01EMILY"] = replace(slack.people["U01EMILY"], home_team="T0ELSEWHERE")
    slack.people["U01FELIX"] = replace(slack.people["U01FELIX"], team=T2)  # met through Slack Connect
    assert ("still choose the workspaces" in tenants.installs(T1)) is org_wide
    lantern = tenants.company(T1, ORG if org_wide else T1)
    taking_part = {one.id for one in lantern.knows(people.everyone)}
    assert ("U01EMILY" in taking_part, "U01FELIX" in taking_part) == (True, False)
    emily = lantern.person("emily")
    emily.types("/cairn language zh")
    assert lantern.knows(lambda session: people.get(session, "U01EMILY")).language == "zh"
    emily.opens_home()
    assert emily.home
    pressed = {"type": "button", "action_id": "goals.look", "block_id": "b", "value": "x/y", "action_ts": "1.1"}
    team = {"team": None} if org_wide else {}
    whose = {"enterprise": {"id": ORG, "name": "Harbour"}, "is_enterprise_install": org_wide, **team}
    Forger(lantern, "U01EMILY", "T0ELSEWHERE").delivers({"type": "block_actions", "actions": [pressed], **whose})
    assert [view.user for view in slack.views.values()] == ["U01EMILY"]
    lantern.runs(slack.uninstall(APP, "tokens_revoked"))
    assert tenants.house.open == {}
    tenants.closes()
    assert slack.findings == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("says_whose", [True, False], ids=["says whose", "leaves it out"])
def test_a_workspace_that_removes_its_own_leaves_its_organisations_where_it_is(
    loop, server: Server, database_url: str, stamped_sqlite: Path, says_whose: bool
) -> None:
    lantern, hansa = Team(T1, "Lantern Trading", organisation=ORG), Team(T2, "Hansa & Söhne", organisation=ORG)
    tenants = Tenants(loop, server, database_url, LANTERN, lantern, hansa)
    tenants.slacks[T1].org_wide = True
    tenants.prepares(stamped_sqlite)
    tenants.installs(T1)
    tenants.installs(T2)
    of_two = tenants.company(T2)
    farewell = {"type": "event_callback", "event_time": int(tenants.real_clock.now().timestamp()), "team_id": T2,
                "enterprise_id": ORG, "authorizations": []}  # fmt: skip
    if says_whose:
        of_two.runs(of_two.slack.uninstall(APP, *LEAVING))
    for n, name in enumerate(LEAVING):  # the second one comes when nothing of the workspace's own is open any more
        event = {"type": name, "tokens": {"bot": ["U01CAIRN"]}}
        of_two.runs(of_two._deliver(Envelope("events_api", {**farewell, "event_id": f"Ev{n}", "event": event}, "E9")))
    assert {one.home: one.closed_at is None for one in tenants.known()} == {ORG: True, T2: False}
    assert set(tenants.house.open) == {ORG}
    tenants.closes()


# What operators see -------------------------------------------------------------------------


def said_by(command, settings: Settings, *more: object) -> list[str]:
    said: list[str] = []
    command(settings, *more, said.append)
    return said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_operators_see_every_workspace_and_change_the_keys_of_all(tenants: Tenants, tmp_path: Path) -> None:
    lantern, hansa = tenants.companies(T1, T2)
    hansa.runs(hansa.slack.uninstall(APP, "app_uninstalled"))
    listed = said_by(commands.list_workspaces, tenants.settings)
    assert [line.split("  ")[:2] for line in listed[:2]] == [[T1, "Lantern Trading"], [T2, "Hansa & Söhne"]]
    assert ("installed" in listed[0], "removed" in listed[1], listed[2]) == (True, True, "Workspaces: 1; removed: 1.")
    good, facts = tenants.runs(tenants.house.health())
    assert (good, facts["workspaces"], facts["refused"]) == (True, 1, {})
    assert f'cairn_timers_due{{workspace="{T1}"}}' in tenants.runs(tenants.house.figures())
    now = tenants.real_clock.now()
    with pytest.raises(commands.WhichWorkspace, match="Say which workspace"):
        commands.settings_for(tenants.settings, "T0NOBODY", now)
    own = commands.settings_for(tenants.settings, T1, now)
    assert (own.bot_token, own.database_url) == (lantern.slack.apps[APP].bot_token, tenants.address(T1))

    file = tmp_path / "keys"
    file.write_text(f"{tenants.settings.keys}\n")
    settings = replace(tenants.settings, keys="", keys_file=str(file))
    assert "stands first in" in said_by(commands.change_keys, settings, "rotate", now)[0]
    file.write_text(file.read_text().splitlines()[0])
    assert commands.settings_for(settings, T1, now).bot_token == own.bot_token


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_operator_removes_a_workspace_of_which_slack_says_no_more_and_types_its_id(tenants: Tenants) -> None:
    tenants.companies(T1, T2)
    now, asked = tenants.real_clock.now(), list[str]()

    def removed(home: str, typed: str) -> tuple[int, str]:
        said: list[str] = []
        status = commands.remove(
            tenants.settings, home, now, lambda question: asked.append(question) or typed, said.append
        )
        return status, " ".join(said)

    for unknown in ("", "T0NOBODY"):
        with pytest.raises(commands.WhichWorkspace, match="Say which workspace"):
            removed(unknown, unknown)
    assert asked == []
    assert removed(T1, T2) == (1, removed(T1, "")[1])
    tenants.looks()
    assert set(tenants.house.open) == {T1, T2}, "another id, or none, removes nothing"
    status, said = removed(T1, f" {T1}\n")
    assert (status, asked[-1]) == (0, f"Type {T1} to remove Cairn from it: ")
    until = f"{now + timedelta(days=30):%Y-%m-%d}"
    assert f"is kept until {until}" in said
    assert said.endswith(f"{T1}  Lantern Trading  removed {now:%Y-%m-%d}, purged {until}")
    tenants.looks()
    assert set(tenants.house.open) == {T2}
    assert removed(T1, "")[0] == 0, "it was already, and nothing is asked"
    assert len(asked) == 3
    assert [one.token.access for one in tenants.known() if one.home == T1] == [""]
    assert "Cairn is back, and finds everything as it was." in tenants.installs(T1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_workspace_that_cannot_be_opened_keeps_no_other_shut(
    tenants: Tenants, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tenants.installs(T1)
    Path(tenants.address(T2).removeprefix("sqlite:///")).write_bytes(b"no database at all" * 100)
    tenants.installs(T2)
    assert set(tenants.house.open) == {T1}
    assert f"trouble workspace={T2}" in caplog.text
    good, facts = tenants.runs(tenants.house.health())
    assert (good, facts["silent"], facts["refused"]) == (False, [T2], {})
    said = said_by(commands.change_keys, tenants.settings, "encrypt", tenants.real_clock.now())
    assert (
        "Its database could not be gone through (DatabaseError). Keep the older keys"
        in said[said.index(f"{T2}  Hansa & Söhne") + 1]
    )
    assert "Nothing is left under another key" in said[said.index(f"{T1}  Lantern Trading") + 1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_workspace_in_trouble_is_shut_as_soon_as_it_is_removed(tenants: Tenants) -> None:
    tenants.slacks[T1].settings.token_seconds = HALF_A_DAY
    tenants.installs(T1)
    second = tenants.joins()
    tenants.slacks[T1].refreshes.clear()  # what was given to renew with is good no more
    tenants.waits(hours=10.5)
    assert set(second.open) == {T1}
    with tenants.house.register.unit_of_work() as session:
        register.close(session, T1, tenants.real_clock.now())
    tenants.looks()
    assert (tenants.house.open, second.open) == ({}, {})
    forgive(tenants, "invalid_refresh_token")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_token_that_ended_is_slacks_word_and_a_backup_needs_none(tenants: Tenants) -> None:
    tenants.slacks[T1].settings.token_seconds = HALF_A_DAY
    tenants.installs(T1)
    tenants.slacks[T1].refreshes.clear()
    tenants.real_clock.wind(tenants.real_clock.now() + timedelta(hours=13))
    later = tenants.joins()
    good, facts = tenants.runs(later.health())
    assert (good, facts["silent"], facts["refused"]) == (True, [], {T1: ("invalid_refresh_token",)})
    forgive(tenants, "invalid_refresh_token")
    nowhere = replace(tenants.settings, slack_api_url="http://127.0.0.1:9/api/")
    own = commands.settings_for(nowhere, T1, tenants.real_clock.now())
    assert own.database_url == tenants.address(T1)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_token_that_is_renewed_while_the_keys_change_is_the_one_that_stays(tenants: Tenants) -> None:
    tenants.installs(T1)
    house, now = tenants.house, tenants.real_clock.now()
    newer = register.Token("xoxe.xoxb-newer", "xoxe-newer", now + timedelta(hours=12))
    with ThreadPoolExecutor(1) as operator:
        with house.register.unit_of_work() as session:
            register.locked(session, T1)
            register.keep_token(session, T1, newer)
            changing = operator.submit(said_by, commands.change_keys, tenants.settings, "encrypt", now)
            until_somebody_waits(house.register)
        assert "Nothing is left under another key" in " ".join(changing.result(30))
    assert tenants.known()[0].token == newer
