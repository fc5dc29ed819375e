"""python -m bot import: the importer of Slack at a terminal."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command

from bot.handlers.imports.plain import Request, run_import
from bot.store import actuals, audit, people, seal_key
from bot.store.db import Database
from bot.store.migrate import _config
from bot.store.schema import METADATA
from bot.store.sqlite_file import NoPlace, why_no_folder
from bot.store.uploads import UploadKind
from sandbox.state import Fault
from tests.company import Company
from tests.stories import launched_quarter

ROOT = Path(__file__).parent.parent
LANTERN = ROOT / "examples" / "lantern"
PEOPLE, ACTUALS = (LANTERN / "people.csv").read_bytes(), (LANTERN / "actuals.csv").read_bytes()
NOW = datetime(2027, 1, 4, 1, tzinfo=UTC)


def imports(company: Company, kind: UploadKind, content: bytes, **more: object) -> tuple[int, str]:
    """What the command answers, and what it says."""
    said: list[str] = []
    status = run_import(company.database, Request(kind, content, **more), NOW, said.append)
    return status, "\n".join(said)


def test_a_dry_run_says_what_would_change_and_changes_nothing(company: Company) -> None:
    status, said = imports(company, UploadKind.PEOPLE, PEOPLE)
    assert status == 0
    assert "New: 40" in said
    assert "王强 will head Sales." in said
    assert "李伟 will head R&D." in said
    assert "this was a dry run" in said
    assert company.knows(people.any_stint) is False


def test_apply_places_everyone_and_leaves_a_trace(company: Company) -> None:
    status, said = imports(company, UploadKind.PEOPLE, PEOPLE, apply=True)
    assert (status, said.splitlines()[-1]) == (0, "Applied, for 40 people.")
    assert company.knows(lambda session: people.manager_of(session, "U01EMILY", NOW.date())).id == "U01THOMAS"
    assert [one.act for one in company.knows(lambda session: audit.about(session, "U01EMILY"))] == ["import"]


def test_refused_lines_are_all_told_and_nothing_is_applied(company: Company) -> None:
    content = PEOPLE.replace(b"thomas@lantern.example,2019-04-15", b"ghost@lantern.example,someday")
    status, said = imports(company, UploadKind.PEOPLE, content, apply=True)
    assert status == 1
    assert "Line 20: the manager ghost@lantern.example is not in Slack." in said
    assert "Applied" not in said
    assert company.knows(people.any_stint) is False


def test_a_file_of_the_other_kind_is_refused(company: Company) -> None:
    status, said = imports(company, UploadKind.PEOPLE, ACTUALS)
    assert status == 1
    assert "a column that is not known" in said


def test_values_need_a_cycle(company: Company) -> None:
    assert imports(company, UploadKind.ACTUALS, ACTUALS) == (
        1,
        "No cycle is open for actual values. Please open one first: /cairn cycle.",
    )
    assert imports(company, UploadKind.ACTUALS, ACTUALS, cycle_id="nope")[0] == 1


def test_values_go_to_the_open_cycle(company: Company) -> None:
    cycle = launched_quarter(company)
    status, said = imports(company, UploadKind.ACTUALS, ACTUALS, apply=True)
    assert status == 0
    assert "New: 204" in said
    assert "Jonas Weber satisfaction" in said
    values = company.knows(lambda session: actuals.values(session, cycle.id, "U01EMILY"))
    assert "revenue" in values


# The command itself -----------------------------------------------------------------------


def runs(company: Company, url: str, *arguments: str) -> tuple[int, str, str]:
    """What a process answers, writes and complains of; the local Slack answers it meanwhile."""
    settings = company.cairn.settings
    environ = {
        "SLACK_BOT_TOKEN": settings.bot_token,
        "SLACK_APP_TOKEN": "xapp-lantern-cairn",
        "SLACK_API_URL": settings.slack_api_url,
        "DATABASE_URL": url,
    }
    return company.runs(_process(environ, *arguments))


async def _process(environ: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    command = (sys.executable, "-m", "bot", *arguments)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environ, stdout=PIPE, stderr=PIPE)
    written, complained = await process.communicate()
    assert process.returncode is not None
    return process.returncode, written.decode(), complained.decode()


@pytest.fixture
def new_url(tmp_path: Path) -> str:
    """A database in which nobody is known yet."""
    url = f"sqlite:///{tmp_path / 'new.db'}"
    database = Database(url)
    METADATA.create_all(database.engine)
    with database.engine.begin() as connection:
        command.stamp(_config(connection), "head")
    database.close()
    return url


def test_the_command_asks_slack_who_there_is_and_dry_runs_by_default(company: Company, new_url: str) -> None:
    file = str(LANTERN / "people.csv")
    status, written, _ = runs(company, new_url, "import", "people", file)
    assert (status, "New: 40" in written) == (0, True)
    status, written, _ = runs(company, new_url, "import", "people", file, "--apply")
    assert (status, "Applied, for 40 people." in written) == (0, True)


def test_the_audit_runs_and_a_lost_secret_is_said_at_the_door(company: Company, new_url: str, tmp_path: Path) -> None:
    status, written, _ = runs(company, new_url, "privacy-audit")
    assert (status, written.splitlines()[-1]) == (0, "No attack led from an answer to its author.")
    (tmp_path / "new.db.key").unlink()
    database = Database(new_url, "a secret that only another worker knows")
    with database.unit_of_work() as session:
        seal_key.make_key(session, "q1")
    database.close()
    status, _, complained = runs(company, new_url, "migrate")
    assert status == 2
    assert complained.startswith("`python -m bot migrate` could not be done:\n  - CAIRN_SEAL_KEY is missing, and so is")
    assert "rounds of feedback are open" in complained


def test_a_revoked_token_is_said_at_the_door(company: Company, new_url: str) -> None:
    company.slack.faults["auth.test"] = Fault("token_revoked", times=1)
    status, _, complained = runs(company, new_url, "import", "people", str(LANTERN / "people.csv"))
    assert (status, "Traceback" in complained) == (2, False)
    assert complained.endswith(
        "Slack says token_revoked: SLACK_BOT_TOKEN was revoked; install the app again and copy the new one from "
        "OAuth & Permissions on the app's page.\n"
    )


def test_a_file_that_is_not_there_is_said(company: Company, new_url: str) -> None:
    status, _, complained = runs(company, new_url, "import", "people", "/nowhere.csv")
    assert status == 1
    assert complained.splitlines()[-1].startswith("/nowhere.csv cannot be read")


def test_wrong_settings_are_told_before_anything_is_read(company: Company) -> None:
    status, _, complained = runs(company, "mysql://here", "import", "people", "/nowhere.csv")
    assert status == 2
    assert "DATABASE_URL has to start with" in complained


@pytest.mark.parametrize("command", ["serve", "restore", "doctor"])
def test_a_folder_that_is_not_there_is_a_mistyped_address_and_is_not_made(
    company: Company, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "mistyped" / "cairn.db"
    more = [str(tmp_path / "backup")] if command == "restore" else []
    status, written, complained = runs(company, f"sqlite:///{file}", command, *more)
    assert status == (1 if command == "doctor" else 2)
    assert (
        f"DATABASE_URL names {file}, and there is no folder {file.parent}. Make it for Cairn's user"
        in written + complained
    )
    assert not [one for one in (file.parent.exists(), "Traceback" in complained) if one]


def test_an_address_from_here_is_told_as_the_whole_path(tmp_path: Path) -> None:
    assert f"names {Path.cwd() / 'data' / 'cairn.db'}, and" in why_no_folder(Path("data/cairn.db"))
    assert why_no_folder(Path("var/cairn.db")) == "", "a first start makes it, as the pages promise"
    (tmp_path / "cairn.db").mkdir()
    with pytest.raises(NoPlace, match="there is no folder"):
        Database(f"sqlite:///{tmp_path / 'cairn.db' / 'nothing' / 'cairn.db'}")


@pytest.mark.parametrize("command", ["migrate", "serve", "backup", "doctor"])
def test_a_database_that_does_not_answer_is_said_without_its_password(
    company: Company, tmp_path: Path, command: str
) -> None:
    more = [str(tmp_path / "file")] if command == "backup" else []
    told = runs(company, "postgresql://c:pa55word@127.0.0.1:1/cairn", command, *more)
    assert told[0] == 1
    assert "127.0.0.1, database cairn, user c: it does not answer." in told[1] + told[2]
    assert not [one for one in ("Traceback", "pa55word") if one in told[1] + told[2]]


def test_pay_comes_in_and_a_pool_goes_out_at_the_terminal_alone(company: Company, new_url: str, tmp_path: Path) -> None:
    file = tmp_path / "pay.csv"
    file.write_text("email,target_bonus\nemily@lantern.example,1000\n", encoding="utf-8")
    status, written, _ = runs(company, new_url, "import", "pay", str(file), "--total", "1000", "--cycle", "2031-Q9")
    assert (status, written.splitlines()[-1]) == (1, "There is no such cycle with released results. Known: –.")
    status, written, _ = runs(company, new_url, "export", "goals", "2031-Q9", str(tmp_path / "goals.xlsx"))
    assert (status, written.splitlines()[-1]) == (1, "There is no cycle “2031-Q9”. Known: none.")
    status, written, _ = runs(company, new_url, "export", "pool", "2031-Q9", str(tmp_path / "pool.xlsx"))
    assert (status, written.splitlines()[-1]) == (1, "There is no such cycle with released results. Known: –.")
