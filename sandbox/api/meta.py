"""auth, apps, team and bots: who an app is and how it connects."""

from sandbox.api.registry import Call, method
from sandbox.errors import SlackError
from sandbox.model import Json


@method("auth.test", tier=5)
def auth_test(call: Call) -> Json:
    """Say whose token this is."""
    team, bot = call.state.team, call.app.bot
    names = {"url": call.state.base_url, "team": team.name, "user": bot.name, "user_id": bot.user_id}
    organisation = {"enterprise_id": team.organisation} if team.organisation else {}
    org_wide = call.state.org_wide
    whose = {"team_id": team.organisation if org_wide else team.id, "is_enterprise_install": org_wide, **organisation}
    return {**names, **whose, "bot_id": bot.bot_id}


@method("auth.teams.list", tier=2)
def teams_list(call: Call) -> Json:
    """List the workspaces in which an app may be seen that an organisation installed."""
    team = call.state.team
    return {"teams": [{"id": team.id, "name": team.name}], "response_metadata": {"next_cursor": ""}}


@method("apps.connections.open", "connections:write", tier=1, token="app_token")  # noqa: S106 - which one
def connections_open(call: Call) -> Json:
    """Hand out the address of one Socket Mode connection."""
    ticket = call.state.new_id("T")
    call.state.tickets[ticket] = call.app.id
    return {"url": f"ws{call.state.base_url.removeprefix('http')}link/?ticket={ticket}&app_id={call.app.id}"}


@method("apps.manifest.export", token="config_token")  # noqa: S106 - which one
def manifest_export(call: Call) -> Json:
    """Say how an app is configured, as its manifest."""
    if call.need("app_id") != call.app.id:
        raise SlackError("invalid_app_id")
    return {"manifest": call.app.manifest}


@method("team.info", "team:read")
def team_info(call: Call) -> Json:
    """Describe the workspace."""
    team = call.state.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


@method("bots.info", "users:read")
def bots_info(call: Call) -> Json:
    """Describe a bot."""
    for app in call.state.apps.values():
        if app.bot.bot_id == call.text("bot"):
            bot = {"id": app.bot.bot_id, "deleted": False, "name": app.bot.name, "app_id": app.id}
            return {"bot": {**bot, "user_id": app.bot.user_id, "updated": 0, "icons": {}}}
    raise SlackError("bot_not_found")
