"""Several workers on one PostgreSQL, behind a proxy, in HTTP mode; and a restart of one after the other."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import yaml

from bot.__main__ import UNFINISHED
from scripts import nginx
from scripts.processes import LANTERN, PATIENCE, ROOT, Running, Trouble, free_port, launch, sandbox, stop
from scripts.proxy import Front, proxied

SECRET = "lantern-signing-secret"  # noqa: S105 - of the demo company
OWN, NGINX = "own", "nginx"
"""What may stand before the workers: scripts/proxy.py, or nginx with the settings of deploy/nginx.conf."""
PAUSE = 3.0
"""Seconds between two restarts."""
ENOUGH = {"ack_seconds": 30, "trigger_seconds": 30}
"""So many processes on one machine are slow at times: what is late is counted, and only what never comes is lost."""


@dataclass
class Worker:
    """One worker: where it listens, and the process that does at the moment."""

    name: str
    port: int
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/"

    def is_ready(self) -> bool:
        """Whether it takes requests."""
        try:
            return httpx.get(f"{self.url}readyz", timeout=10).status_code == 200
        except httpx.TransportError:
            return False


@dataclass
class Workers:
    """The workers, the proxy before them, and how long each took to stop."""

    running: Running
    proxy: Front
    folder: Path
    members: list[Worker]
    stops: list[float] = field(default_factory=list)
    forced: int = 0
    """How many of those left something behind that hung."""

    def start(self, *workers: Worker) -> None:
        """Start some at once; the proxy knows each as soon as it says that it is ready."""
        for worker in workers:
            worker.starts += 1
            environment = {**self.running.environment, "PORT": str(worker.port)}
            log = self.folder / f"{worker.name}.{worker.starts}.log"
            worker.process = launch(["bot", "serve"], environment, log)
        for worker in workers:
            _wait(worker.is_ready, f"{worker.name} was not ready; its log is in {self.folder}")
            self.proxy.workers.append(worker.url)

    def restart(self, worker: Worker) -> None:
        """End one as an operator does, and start it anew; the proxy finds out by itself that it has gone."""
        assert worker.process is not None  # noqa: S101 - it was started
        began = time.monotonic()
        worker.process.send_signal(signal.SIGTERM)
        worker.process.wait(timeout=PATIENCE)
        self.stops.append(time.monotonic() - began)
        self.forced += worker.process.returncode == UNFINISHED
        if worker.process.returncode not in {0, UNFINISHED}:
            raise Trouble(f"{worker.name} ended with {worker.process.returncode}; its log is in {self.folder}")
        self.proxy.workers.remove(worker.url)
        self.start(worker)

    @contextmanager
    def restarted_in_turn(self) -> Iterator[None]:
        """Restart one after the other, again and again."""
        enough = threading.Event()
        with ThreadPoolExecutor(1) as thread:
            restarting: Future[None] = thread.submit(self._restart_in_turn, enough)
            try:
                yield
            finally:
                enough.set()
            restarting.result()

    def _restart_in_turn(self, enough: threading.Event) -> None:
        while True:
            for worker in self.members:
                if enough.wait(PAUSE):
                    return
                self.restart(worker)

    def stop(self) -> None:
        """End all."""
        for worker in self.members:
            if worker.process:
                stop(worker.process)


@contextmanager
def workers(many: int, database_url: str, folder: Path, *, behind: str = OWN) -> Iterator[Workers]:
    """Start a sandbox that delivers by HTTP, a proxy, and so many workers at the same moment on one database."""
    slack_port, proxy_port = free_port(), free_port()
    members = [Worker(f"bot-{n}", free_port()) for n in range(1, many + 1)]
    slack_url = f"http://127.0.0.1:{slack_port}/"
    environment = {**os.environ, **_settings(slack_url, database_url), "PORT": str(members[0].port)}
    running = Running(slack_url, tuple(one.url for one in members), environment)
    folder.mkdir(parents=True, exist_ok=True)
    workspace = _by_http(folder / "workspace.yml", f"http://127.0.0.1:{proxy_port}/slack/events")
    with ExitStack() as parts:
        parts.enter_context(sandbox(slack_port, workspace, environment, folder))
        _wait(lambda: _answers(slack_url), "The sandbox did not start")
        httpx.post(f"{slack_url}_/settings", json=ENOUGH).raise_for_status()
        proxy = parts.enter_context(_proxy(behind, proxy_port, members, folder))
        found = Workers(running, proxy, folder, members)
        parts.callback(found.stop)
        found.start(*members)
        yield found


def _proxy(kind: str, port: int, members: list[Worker], folder: Path) -> AbstractContextManager[Front]:
    if kind == NGINX:
        return nginx.before(port, [f"127.0.0.1:{one.port}" for one in members], folder)
    return proxied(port)


def _settings(slack_url: str, database_url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": "xoxb-lantern-cairn",
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{slack_url}api/",
        "CAIRN_CLOCK_URL": f"{slack_url}_/clock",
        "DATABASE_URL": database_url,
    }


def _by_http(file: Path, request_url: str) -> Path:
    """The demo company's workspace, with its app at a URL."""
    workspace = yaml.safe_load((LANTERN / "workspace.yml").read_text(encoding="utf-8"))
    workspace["apps"][0] |= {"request_url": request_url, "manifest": str(ROOT / "manifest.yml")}
    file.write_text(yaml.safe_dump(workspace, allow_unicode=True), encoding="utf-8")
    return file


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}_/clock", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _wait(true: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > until:
            raise Trouble(otherwise)
        time.sleep(0.1)
