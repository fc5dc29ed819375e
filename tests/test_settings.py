"""Settings: every mistake of the environment is told at once, in words an operator can act on."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.config import NAMES, PUBLIC_SLACK, Misconfigured, is_loopback, read_environment, read_settings
from bot.doctor.look import Answer, Look, Machine
from bot.slack.desk import WallClock
from bot.web import Receiver
from bot.workspaces.places import address, settings_of
from bot.workspaces.register import Installation, Token

EXAMPLE = Path(__file__).parent.parent / ".env.example"
GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def problems(**changes: str) -> list[str]:
    with pytest.raises(Misconfigured) as wrong:
        read_settings({**GOOD, **changes})
    return wrong.value.problems


def test_two_tokens_are_enough() -> None:
    settings = read_settings(GOOD)
    assert settings.socket_mode
    assert settings.slack_api_url == PUBLIC_SLACK
    assert settings.database_url == "sqlite:///var/cairn.db"


def test_hosts_inside_are_named_with_their_ports_and_tokens_are_not_shown() -> None:
    settings = read_settings({**GOOD, "CAIRN_INSIDE": "ERP.corp:443, 127.0.0.1:9000", "CAIRN_TOKEN_ERP": " s3cret "})
    assert settings.inside == {"erp.corp:443", "127.0.0.1:9000"}
    assert settings.tokens == {"CAIRN_TOKEN_ERP": "s3cret"}
    assert "s3cret" not in repr(settings)
    assert "hosts with their ports" in problems(CAIRN_INSIDE="https://erp.corp/")[0]


def test_the_secret_of_sealed_answers_is_long_and_not_shown() -> None:
    settings = read_settings({**GOOD, "CAIRN_SEAL_KEY": f" {'s3cret' * 6} "})
    assert settings.seal_key == "s3cret" * 6
    assert "s3cret" not in repr(settings)
    assert "too short to be a secret" in problems(CAIRN_SEAL_KEY="s3cret")[0]


def test_every_mistake_is_told_at_once() -> None:
    told = problems(
        SLACK_BOT_TOKEN="xapp-1",
        SLACK_APP_TOKEN="xoxb-1",
        PORT="many",
        SLACK_API_URL="slack",
        DATABASE_URL="mysql://here",
        CAIRN_HR="mei, U012AB3CD",
        CAIRN_CLOCK_URL="http://localhost:8080/clock",
        LOG_LEVEL="loud",
    )
    names = ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "PORT", "SLACK_API_URL", "DATABASE_URL", "CAIRN_HR", "LOG_LEVEL"]
    assert [line.split()[0] for line in told] == [*names, "CAIRN_CLOCK_URL"]


def test_nothing_at_all_says_what_to_get_first() -> None:
    with pytest.raises(Misconfigured, match="SLACK_BOT_TOKEN is missing") as wrong:
        read_settings({})
    assert wrong.value.problems[1].startswith("Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET")


def test_http_mode_needs_a_port() -> None:
    assert problems(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="s") == ["HTTP mode needs PORT, the port to listen on."]
    settings = read_settings({**GOOD, "SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "s", "PORT": "3000"})
    assert (settings.socket_mode, settings.port) == (False, 3000)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a"])
def test_a_port_is_a_port(port: str) -> None:
    assert problems(PORT=port) == [f"PORT is {port!r}: it has to be a number from 1 to 65535."]


@pytest.mark.parametrize("many", ["0", "11", "-1", "two"])
def test_slack_allows_ten_connections(many: str) -> None:
    assert problems(CAIRN_SOCKETS=many) == [
        f"CAIRN_SOCKETS is {many!r}: Slack allows an app 1 to 10 connections, all processes together."
    ]
    assert read_settings({**GOOD, "CAIRN_SOCKETS": "10"}).sockets == 10


def test_a_clock_is_followed_against_a_local_slack_alone() -> None:
    clock = {"CAIRN_CLOCK_URL": "http://localhost:8080/clock"}
    assert "accepted only when SLACK_API_URL is local" in problems(**clock)[0]
    assert read_settings({**GOOD, **clock, "SLACK_API_URL": "http://localhost:8080/api/"}).clock_url


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:8080/", True),
        ("http://127.0.0.1/", True),
        ("http://[::1]:80/", True),
        ("https://slack.com/api/", False),
        ("http://localhost.example/", False),
        ("http://127.0.0.1.example/", False),
    ],
)
def test_only_this_machine_is_local(url: str, local: bool) -> None:
    assert is_loopback(url) is local


def test_the_first_hr_people_are_user_ids_however_they_are_set_apart() -> None:
    assert read_settings({**GOOD, "CAIRN_HR": "U012AB3CD, W0987\nU1A2"}).hr == ("U012AB3CD", "W0987", "U1A2")


@pytest.mark.parametrize("password", ["p@ss", "1/2", "a/b", "a?b", "a#b", "a:b@c"])
def test_a_password_that_takes_its_address_apart_is_told_without_a_piece_of_it(password: str) -> None:
    (said,) = problems(DATABASE_URL=f"postgresql://cairn:{password}@database/cairn")
    assert said.startswith("DATABASE_URL cannot be read")
    assert password not in said
    whole = f"postgresql://cairn:{quote(password, safe='')}@database:5432/cairn?sslmode=require"
    assert read_settings({**GOOD, "DATABASE_URL": whole}).database_url.endswith("sslmode=require")


def test_postgresql_gets_its_driver() -> None:
    settings = read_settings({**GOOD, "DATABASE_URL": "postgresql://cairn@localhost/cairn"})
    assert settings.database_url == "postgresql+psycopg://cairn@localhost/cairn"


def test_no_secret_is_shown_when_settings_are() -> None:
    secret = {"SLACK_BOT_TOKEN": "xoxb-secret", "SLACK_APP_TOKEN": "xapp-secret", "SLACK_SIGNING_SECRET": "secret"}
    keys = {"CAIRN_KEYS": "5ec4e7" * 10 + "5ec4"}
    settings = read_settings({**secret, **keys, "DATABASE_URL": "postgresql://cairn:secret@db.example/cairn"})
    assert "secret" not in repr(settings)
    assert "5ec4e7" not in repr(settings)


MANY = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "s3cret",
    "SLACK_SIGNING_SECRET": "s",
    "PORT": "3000",
    "CAIRN_KEYS": "5ec4e7" * 10 + "5ec4",
}


def test_no_secret_is_shown_by_what_holds_the_settings() -> None:
    environ = {**GOOD, "SLACK_SIGNING_SECRET": "s3cret", "SLACK_BOT_TOKEN": "xoxb-s3cret"}
    socket = Answer(data={"url": "wss://slack.example/?ticket=s3cret"})
    look = Look(read_settings(environ), environ, datetime(2027, 1, 4, tzinfo=UTC), Machine(), {}, socket=socket)
    door = Receiver(Nobody(), "s3cret", WallClock(), nothing, nothing)
    assert "s3cret" not in repr((look, door))


class Nobody:
    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        raise AssertionError(f"nobody knocks with {req}")


async def nothing() -> tuple[bool, dict[str, Any]]:
    return True, {}


def test_many_workspaces_need_the_apps_secret_and_keys_and_bring_their_own_tokens() -> None:
    settings = read_settings(MANY)
    assert (settings.many, settings.grace_days, "s3cret" in repr(settings)) == (True, 30, False)
    assert not read_settings(GOOD).many
    assert problems(SLACK_CLIENT_ID="1.2", SLACK_BOT_TOKEN="")[0].startswith("For many workspaces set SLACK_CLIENT_ID")
    with pytest.raises(Misconfigured) as wrong:
        read_settings({**MANY, **GOOD, "CAIRN_HR": "U012AB3CD", "CAIRN_INSIDE": "erp.corp:1", "CAIRN_KEYS": "",
                       "CAIRN_GRACE_DAYS": "soon"})  # fmt: skip
    names = ["CAIRN_GRACE_DAYS", "SLACK_BOT_TOKEN", "CAIRN_HR", "CAIRN_INSIDE", "Many"]
    assert [one.split()[0] for one in wrong.value.problems] == names


def test_of_the_operators_variables_a_workspace_knows_those_that_bear_its_id() -> None:
    erp = {"CAIRN_TOKEN_T0A_ERP": "a", "CAIRN_TOKEN_ERP": "b", "CAIRN_TOKEN_T0AB_ERP": "c", "CAIRN_SECRET_T0AB_HR": "d"}
    one = Installation("T0AB", "", "Lantern", "U1", datetime(2027, 1, 4, tzinfo=UTC), Token("xoxb-9"))
    own = settings_of(read_settings({**MANY, **erp}), one)
    assert (own.tokens, own.secrets) == ({"CAIRN_TOKEN_T0AB_ERP": "c"}, {"CAIRN_SECRET_T0AB_HR": "d"})
    assert (own.bot_token, own.client_secret, own.database_url) == ("xoxb-9", "", "sqlite:///var/cairn-T0AB.db")
    assert address("postgresql+psycopg://u:p@h/d?options=-c%20geqo=off", "T0AB").endswith(
        "options=-c+geqo%3Doff+-csearch_path%3Dcairn_t0ab"
    )
    with pytest.raises(ValueError, match="not the id"):
        address("sqlite:///var/cairn.db", "../T0")


# The file ---------------------------------------------------------------------------------


def told_of(file: Path, content: bytes, **environ: str) -> list[str]:
    """What is wrong with a file of settings."""
    file.write_bytes(content)
    with pytest.raises(Misconfigured) as wrong:
        read_settings(read_environment(file, environ))
    return wrong.value.problems


def test_a_file_may_be_written_as_others_write_theirs(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    tokens = "export SLACK_BOT_TOKEN='xoxb-1'\r\nSLACK_APP_TOKEN = \"xapp-1\"\r\n"
    file.write_text(f"# Lantern\n\n{tokens}POSTGRES_PASSWORD=1\nLOG_LEVEL=DEBUG\n", "utf-8-sig")
    settings = read_settings(read_environment(file, {"LOG_LEVEL": "ERROR"}))
    assert (settings.bot_token, settings.app_token, settings.log_level) == ("xoxb-1", "xapp-1", "ERROR")


def test_a_line_that_would_be_passed_over_is_told_with_its_number(tmp_path: Path) -> None:
    lines = b"SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nCAIRN_KEY_FILE=var/keys\nDATABASE_URI=x\n  xoxb-s3cret\n"
    assert told_of(tmp_path / ".env", lines) == [
        "Line 3 of .env sets CAIRN_KEY_FILE, which is no setting: CAIRN_KEYS_FILE may be meant.",
        "Line 4 of .env sets DATABASE_URI, which is no setting: DATABASE_URL may be meant.",
        "Line 5 of .env sets nothing: it has to be NAME=value, or begin with #.",
    ]


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    assert "it is not UTF-8" in told_of(tmp_path / ".env", "SLACK_BOT_TOKEN=xoxb-1".encode("utf-16"), **GOOD)[0]
    (folder := tmp_path / "of").mkdir()
    with pytest.raises(Misconfigured, match=r"^of cannot be read: Is a directory. It has to be a file of the user"):
        read_settings(read_environment(folder, GOOD))


def test_the_doctor_tells_it_as_a_finding(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKN=xoxb-1\n", "utf-16")
    command = [sys.executable, "-m", "bot", "doctor"]
    where: Any = {"cwd": tmp_path, "env": {"PYTHONPATH": str(EXAMPLE.parent)}}
    looked = subprocess.run(command, capture_output=True, check=False, **where)  # noqa: S603 - a command of ours
    assert looked.returncode == 1
    assert b"PROBLEM  .env cannot be read: it is not UTF-8." in looked.stdout
    assert looked.stderr == b""


def test_where_no_file_lies_and_a_token_is_missing_the_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Misconfigured) as wrong:
        read_settings(read_environment(Path(".env"), {}))
    assert f"There is no .env in {tmp_path}: begin in the project's folder" in str(wrong.value)
    assert read_settings(read_environment(Path(".env"), GOOD)).bot_token == "xoxb-1"


def test_an_example_that_was_copied_and_not_filled_in_is_told() -> None:
    assert problems(SLACK_BOT_TOKEN="xoxb-", SLACK_APP_TOKEN="xapp-") == [
        "SLACK_BOT_TOKEN is not filled in: xoxb- is only how it begins. Copy it whole, or leave it empty.",
        "SLACK_APP_TOKEN is not filled in: xapp- is only how it begins. Copy it whole, or leave it empty.",
    ]


# The example ------------------------------------------------------------------------------


class Asked(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return GOOD[name]

    def __iter__(self) -> Iterator[str]:
        return iter(GOOD)

    def __len__(self) -> int:
        return len(GOOD)


def test_the_example_lists_every_setting_and_no_other() -> None:
    asked = Asked()
    read_settings(asked)
    listed = re.findall(r"(?m)^([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(asked.names) == sorted(NAMES)


def test_the_examples_defaults_are_the_real_ones() -> None:
    values = dict(re.findall(r"(?m)^([A-Z_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8")))
    assert read_settings({**values, **GOOD}) == read_settings(GOOD)
