"""What stands in deploy/ keeps to the rules: nobody is root, nothing is the latest, no secret is written down."""

import json
import re
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.serving import DRAIN, LAST, LINGER
from scripts.nginx import settings_for
from scripts.workers import PAUSE

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SECRET = re.compile(r"TOKEN|SECRET|PASSWORD|_KEY")


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """The image's steps, each a word and what follows it."""
    joined = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text("utf-8"))
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))["services"]
    return found


def named(steps: list[tuple[str, str]], word: str) -> list[str]:
    return [rest for one, rest in steps if one == word]


def is_pinned(image: str) -> bool:
    return re.search(r":\d", image) is not None


def test_the_image_is_built_in_one_stage_and_run_in_another_as_nobody(steps: list[tuple[str, str]]) -> None:
    stages = named(steps, "FROM")
    assert len(stages) == 2
    assert all(is_pinned(one) for one in stages)
    last = steps[[word for word, _ in steps].index("FROM", 1) :]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", named(last, "USER")[-1])
    assert not named(last, "ADD")
    assert not any("pip install" in one or "uv " in one for one in named(last, "RUN"))
    assert json.loads(named(last, "ENTRYPOINT")[0]) == ["python", "-m", "bot"]
    assert "/readyz" in named(last, "HEALTHCHECK")[0]


def test_no_secret_is_in_the_image(steps: list[tuple[str, str]]) -> None:
    assert not [rest for word, rest in steps if word in {"ENV", "ARG"} and SECRET.search(rest)]
    taken = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[0] == "!"
    }
    copied = {one for rest in named(steps, "COPY") if "--from" not in rest for one in rest.split()[:-1]}
    assert copied == taken
    assert all((ROOT / one).exists() for one in copied)


def test_cairn_listens_where_it_is_asked_in_the_image(steps: list[tuple[str, str]]) -> None:
    environment = dict(pair.split("=", 1) for rest in named(steps, "ENV") for pair in rest.split())
    assert (environment["HOST"], environment["PORT"]) == ("0.0.0.0", "3000")  # noqa: S104 - in a container
    names = set(re.findall(r"(?m)^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8")))
    assert {name for name in environment if not name.startswith(("UV_", "PYTHON", "PATH"))} <= names


def test_each_service_is_pinned_and_hardened_and_no_password_is_written_down(services: dict[str, Any]) -> None:
    for name, one in services.items():
        assert one["read_only"] is True, name
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert "build" in one or is_pinned(one["image"]), name
        for setting, value in one.get("environment", {}).items():
            assert not SECRET.search(setting) or re.fullmatch(r"\$\{\w+:\?.+\}", value), setting
    assert "ports" not in services["worker1"]
    assert all(port.startswith("127.0.0.1:") for port in services["proxy"]["ports"])


def test_two_workers_share_a_database_and_have_time_to_stop(services: dict[str, Any]) -> None:
    assert services["worker1"] == services["worker2"]
    assert services["worker1"]["environment"]["DATABASE_URL"].startswith("postgresql://cairn:${POSTGRES_PASSWORD:?")
    assert int(services["worker1"]["stop_grace_period"].rstrip("s")) > LINGER + DRAIN + LAST
    upstream = re.findall(r"server (\w+):3000", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert upstream == [name for name in services if name.startswith("worker")]


def test_the_proxy_of_a_rehearsal_has_the_settings_that_are_shipped() -> None:
    shipped, used = (DEPLOY / "nginx.conf").read_text("utf-8"), settings_for(8000, ["127.0.0.1:3001", "127.0.0.1:3002"])
    servers = re.findall(r"    server (\S+) (.+);", used)
    assert [address for address, _ in servers] == ["127.0.0.1:3001", "127.0.0.1:3002"]
    assert {fault for _, fault in servers} == {*re.findall(r"server worker\d:3000 (.+);", shipped)}
    other = set(shipped.splitlines()) - set(used.splitlines())
    assert len(other) == 3, "but for two addresses and the port it is the same"


def test_the_proxy_asks_a_worker_again_before_the_other_one_is_restarted() -> None:
    (seconds,) = {*re.findall(r"fail_timeout=(\d+)s", (DEPLOY / "nginx.conf").read_text("utf-8"))}
    assert int(seconds) <= PAUSE


def test_the_unit_runs_as_its_own_user_and_leaves_a_wrong_setting_alone() -> None:
    unit = RawConfigParser(strict=False, comment_prefixes="#")
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # names as systemd writes them
    unit.read(DEPLOY / "cairn.service", "utf-8")
    service = dict(unit["Service"])
    assert service["User"] == "cairn"
    assert service["ExecStart"].endswith("-m bot serve")
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["RestartPreventExitStatus"] == "2"
    assert int(service["TimeoutStopSec"].rstrip("s")) > LINGER + DRAIN + LAST
    assert not [name for name, value in service.items() if SECRET.search(value)]
