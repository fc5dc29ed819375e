"""oauth: an app is installed for a code, and gets its next token for a refresh token."""

from dataclasses import replace

from sandbox.api.registry import Call, method
from sandbox.errors import SlackError
from sandbox.model import Json


@method("oauth.v2.access", tier=4, token="")
def oauth_access(call: Call) -> Json:
    """Give a token for a code or a refresh token; neither is good twice."""
    state, app = call.state, call.app
    if call.text("grant_type") == "refresh_token":
        if state.refreshes.pop(call.need("refresh_token"), "") != app.id:
            raise SlackError("invalid_refresh_token")
        state.earlier[app.bot_token] = app.id
    elif state.codes.pop(call.need("code"), "") != app.id:
        raise SlackError("invalid_code")
    return {**_given(call), **_who(call)}


def _given(call: Call) -> Json:
    """A new token; it names its team, so that several workspaces can be behind one address."""
    state, number = call.state, call.state.new_id("")
    rotates = {"refresh_token": f"xoxe-1-{state.team.id}-{number}", "expires_in": state.settings.token_seconds}
    token = f"{'xoxe.' if rotates['expires_in'] else ''}xoxb-{state.team.id}-{number}"
    state.apps[call.app.id] = replace(call.app, bot_token=token)
    if not rotates["expires_in"]:
        return {"access_token": token, "token_type": "bot"}
    state.refreshes[str(rotates["refresh_token"])] = call.app.id
    return {"access_token": token, "token_type": "bot", **rotates}


def _who(call: Call) -> Json:
    team, app = call.state.team, call.app
    organisation = {"id": team.organisation, "name": f"{team.name} organisation"} if team.organisation else None
    return {
        "scope": ",".join(sorted(app.scopes or ())),
        "bot_user_id": app.bot.user_id,
        "app_id": app.id,
        "team": None if call.state.org_wide else {"id": team.id, "name": team.name},
        "enterprise": organisation,
        "is_enterprise_install": call.state.org_wide,
        "authed_user": {"id": next((one.id for one in call.state.people.values() if one.owner), "")},
    }
