"""`python -m sandbox --workspace FILE.yml`: serve a local Slack until interrupted."""

import argparse
import socket
import sys
from contextlib import suppress
from datetime import datetime

import uvicorn

from sandbox.app import create
from sandbox.clock import Clock
from sandbox.slack import Slack
from sandbox.workspace import WorkspaceError, read_workspace


def main() -> int:
    """Read the arguments and the workspace, then serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local Slack.")
    parser.add_argument("--workspace", required=True, help="the workspace file (YAML)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--start", type=moment, help="what the clock shows at first (ISO 8601); default: now")
    chosen = parser.parse_args()
    try:
        workspace = read_workspace(chosen.workspace)
        place = listening(chosen.host, chosen.port)
    except WorkspaceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError:
        sys.stderr.write(f"Port {chosen.port} on {chosen.host} is in use; choose another with --port.\n")
        return 2
    url = f"http://{chosen.host}:{chosen.port}/"
    slack = Slack(workspace, Clock(chosen.start), url)
    sys.stdout.write(f"A local Slack for {workspace.team.name} is at {url} until Ctrl+C.\n")
    sys.stdout.flush()
    server = uvicorn.Server(uvicorn.Config(create(slack), log_level="warning", ws="websockets-sansio"))
    with suppress(KeyboardInterrupt):  # the server has ended by then
        server.run(sockets=[place])
    return 0


def moment(text: str) -> datetime:
    """Read a moment with its offset from UTC."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} needs an offset, such as +08:00")
    return read


def listening(host: str, port: int) -> socket.socket:
    """Listen there; what leaves is not held back until its first part is acknowledged, 40 ms later."""
    place = socket.create_server((host, port))
    place.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return place


if __name__ == "__main__":
    sys.exit(main())
