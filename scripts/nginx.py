"""nginx before several workers, with the settings of deploy/nginx.conf: the proxy that a company has."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.processes import PATIENCE, ROOT, Trouble, stop

SHIPPED = ROOT / "deploy" / "nginx.conf"
AROUND = """daemon off;
{user}pid {folder}/nginx.pid;
events {{}}
http {{
    log_format tried '$status $upstream_addr';
    access_log {folder}/nginx.log tried;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{settings}
}}
"""
"""What has to stand around the settings for a server of one's own, beside whatever else runs on this machine."""


@dataclass
class Nginx:
    """A running nginx. It finds out by itself which workers answer."""

    log: Path
    workers: list[str] = field(default_factory=list)

    @property
    def passed_on(self) -> int:
        """How often a worker did not answer and another was asked."""
        return sum(", " in line for line in self.log.read_text("utf-8").splitlines())


def settings_for(port: int, workers: Sequence[str]) -> str:
    """The settings as they are shipped, for these workers (host:port each) and a port of this machine."""
    shipped = SHIPPED.read_text("utf-8")
    (fault,) = {*re.findall(r"server worker\d+:3000 (.+);", shipped)}
    servers = "".join(f"    server {one} {fault};\n" for one in workers)
    shipped = re.sub(r"(    server worker\d+:3000 .+;\n)+", servers, shipped)
    shipped = re.sub(r"(proxy_next_upstream_tries) \d+", rf"\1 {len(workers)}", shipped)
    return shipped.replace("listen 80;", f"listen 127.0.0.1:{port};")


@contextmanager
def before(port: int, workers: Sequence[str], folder: Path) -> Iterator[Nginx]:
    """Run nginx on a port, before these workers."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        raise Trouble("nginx is not installed: bash scripts/debian-install.sh nginx")
    folder, file = folder.resolve(), folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""  # whoever it runs as has to reach the folder
    file.write_text(AROUND.format(folder=folder, user=user, settings=settings_for(port, workers)), "utf-8")
    errors = folder / "nginx-errors.log"
    process = subprocess.Popen([program, "-p", folder, "-c", file.resolve(), "-e", errors], start_new_session=True)
    try:
        _wait(process, port, errors)
        yield Nginx(folder / "nginx.log")
    finally:
        stop(process)


def _wait(process: subprocess.Popen[bytes], port: int, errors: Path) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Trouble(f"nginx does not run:\n{errors.read_text('utf-8') if errors.exists() else ''}")
