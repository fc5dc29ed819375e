"""Whether Slack's requests come in: the public address, what stands before it, and where Cairn listens."""

from urllib.parse import urlsplit

from bot.config import MOST_SOCKETS, is_loopback
from bot.doctor.finding import Finding
from bot.doctor.look import Look

GOOD, REFUSED, TOO_LARGE = 200, 401, 413
PATH = "/slack/events"


def it_listens_where_it_is_asked(look: Look) -> Finding | None:
    """Whether Cairn in a container listens to itself alone."""
    settings = look.settings
    is_contained = look.machine.container.exists() or "KUBERNETES_SERVICE_HOST" in look.environ
    if not is_contained or not settings.port or not is_loopback(f"http://{settings.host}"):
        return None
    return Finding(
        f"HOST is {settings.host} inside a container: neither Slack's requests nor the probes arrive.",
        "Set HOST=0.0.0.0 and publish the port to the proxy alone.",
    )


def sockets_leave_room(look: Look) -> Finding | None:
    """Whether a second process would find no place for its sockets."""
    many = look.settings.sockets
    if not look.settings.socket_mode or 2 * many <= MOST_SOCKETS:
        return None
    return Finding(
        f"CAIRN_SOCKETS is {many}: two processes would take more than the {MOST_SOCKETS} that Slack allows an app.",
        "Leave it at 2 for each process.",
        severe=False,
    )


def an_address_was_given(look: Look) -> Finding | None:
    """Whether the way from Slack to Cairn could be looked at in HTTP mode."""
    if look.settings.socket_mode or look.url:
        return None
    return Finding(
        "Whether Slack reaches Cairn over HTTP was not looked at.",
        f"Give the request URL: python -m bot doctor --url https://your.host{PATH}",
        severe=False,
    )


def the_address_is_one_for_slack(look: Look) -> Finding | None:
    """Whether Slack would take the address."""
    parts = urlsplit(look.url)
    if not look.url or is_loopback(look.url) or (parts.scheme == "https" and parts.path == PATH):
        return None
    return Finding(
        f"Slack needs an address that begins with https and ends with {PATH}.", "Put a proxy with TLS before it."
    )


def the_address_answers(look: Look) -> Finding | None:
    """Whether a request that is signed as Slack signs arrives whole."""
    reached = look.reached
    if reached is None or (reached.status == GOOD and reached.words == "cairn"):
        return None
    if reached.trouble:
        return Finding(f"Nothing answers at {look.url} ({reached.trouble}).", "Look at name, firewall, proxy and port.")
    if reached.status == REFUSED and "time" in reached.words:
        return Finding(
            "The request arrives without its time of signing, or too late.",
            "Have the proxy pass X-Slack-Request-Timestamp and X-Slack-Signature on, and look at the clocks.",
        )
    if reached.status == REFUSED:
        return Finding(
            "The Cairn behind the address has another SLACK_SIGNING_SECRET, or the proxy changes the body.",
            "Copy the signing secret from Basic Information on the app's page, for every worker.",
        )
    return Finding(
        f"{look.url} answers {reached.status}, and not as Cairn does.",
        f"Have the proxy pass {PATH} on to Cairn's PORT.",
    )


def large_requests_arrive(look: Look) -> Finding | None:
    """Whether the proxy takes what Slack sends at most."""
    if look.reached is None or look.reached.status != GOOD or look.reached.large == GOOD:
        return None
    return Finding(
        f"The proxy answers {look.reached.large} to a request of 900 KB: large forms are lost.",
        "Allow bodies of 1 MB (nginx: client_max_body_size 1m).",
    )


CHECKS = (
    it_listens_where_it_is_asked,
    sockets_leave_room,
    an_address_was_given,
    the_address_is_one_for_slack,
    the_address_answers,
    large_requests_arrive,
)
