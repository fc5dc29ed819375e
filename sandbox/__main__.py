"""`python -m sandbox --workspace FILE.yml`: serve a local Slack until interrupted."""

import argparse
import socket
import sys
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
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((chosen.host, chosen.port))
    except WorkspaceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError:
        sys.stderr.write(f"Port {chosen.port} on {chosen.host} is in use; choose another with --port.\n")
        return 2
    slack = Slack(workspace, Clock(chosen.start), f"http://{chosen.host}:{chosen.port}/")
    uvicorn.run(create(slack), host=chosen.host, port=chosen.port, log_level="warning", ws="websockets-sansio")
    return 0


def moment(text: str) -> datetime:
    """Read a moment with its offset from UTC."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} needs an offset, such as +08:00")
    return read


if __name__ == "__main__":
    sys.exit(main())
