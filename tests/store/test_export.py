"""Results travel as a file, and whoever holds it can calculate them again."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.domain.cycle import Cycle
from bot.domain.proof import mistakes
from bot.sources.tables import read_lines
from bot.store import export, results
from tests.company import Company
from tests.forging import Forger
from tests.stories import ended_quarter, heard_from_colleagues, planned, reported_values, reviewed

SENTENCE, WORDS = "The minutes came the same evening.", "Kept calm when the customer threatened to leave"


@pytest.fixture
def quarter(company: Company) -> Cycle:
    """Four people with a result each: two rated, one incomplete, one there too shortly."""
    cycle = ended_quarter(company, "emily", "jonas", "marcus", "nuo")
    reported_values(company, cycle, "emily", "jonas", "marcus", "nuo")
    for name in ("emily", "jonas", "nuo"):
        reviewed(company, cycle, name, strength=WORDS)
    heard_from_colleagues(company, cycle, "emily", "4.25", "3.5", "4.75", "4", "4", sentence=SENTENCE)
    company.winds(to="2027-04-22T20:30:00+08:00")
    planned(company, "scoring.compute", cycle.id)
    return cycle


def exported(company: Company, cycle: Cycle) -> dict[str, Any]:
    document = company.knows(lambda session: export.results_of(session, cycle))
    found: dict[str, Any] = json.loads(json.dumps(document, ensure_ascii=False))
    return found


def of(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in document["results"] if one["person"]["email"].startswith(name))


def test_an_export_recomputes_to_the_last_digit(company: Company, quarter: Cycle) -> None:
    document = exported(company, quarter)
    assert [one["rated"] for one in document["results"]].count("rated") == 2
    assert mistakes(document) == []


def test_an_export_holds_nothing_that_anybody_wrote_and_no_single_rating(company: Company, quarter: Cycle) -> None:
    emily = company.person("emily").id

    def disagree(session) -> None:
        results.release(session, quarter.id, by="U01MEI", at=company.slack.clock.now())
        results.answered(session, quarter.id, emily, results.Answer.DISAGREES, "I see it differently", quarter_end)

    quarter_end = company.slack.clock.now()
    company.knows(disagree)
    text = json.dumps(exported(company, quarter), ensure_ascii=False)
    for secret in (SENTENCE, WORDS, "I see it differently", "4.25", "4.75"):
        assert secret not in text


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (lambda one: one.update(score="120.00"), "its tree makes"),
        (lambda one: one.update(band="S"), "the grade is S"),
        (lambda one: one["tree"].update(value="99.99"), "but its inputs make"),
        (lambda one: one["tree"]["children"][0]["children"][0]["inputs"]["weight"].update(value="71"), "inputs make"),
        (lambda one: one["rules"].update(item_cap="9"), "rules are not those"),
        (lambda one: one.update(tree=None), "cannot be read"),
        (lambda one: one["tree"].update(version=99), "does not know"),
        (lambda one: one.update(rated="not_rated"), "holds a number"),
    ],
    ids=["score", "grade", "value", "input", "rules", "no tree", "later formula", "state"],
)
def test_a_forged_export_is_found(company: Company, quarter: Cycle, forge, found: str) -> None:
    document = exported(company, quarter)
    forge(of(document, "emily"))
    said = mistakes(document)
    assert said
    assert all(one.startswith("emily@lantern.example: ") for one in said)
    assert found in " ".join(said)


@pytest.mark.usefixtures("quarter")
def test_the_command_answers_with_a_status(company: Company, tmp_path: Path, capsys) -> None:
    file, said = tmp_path / "results.json", []
    file.write_text("an older one that everybody may read")
    file.chmod(0o644)
    assert export.export_results(company.database, "2027-Q1", file, company.slack.clock.now(), said.append) == 0
    assert said == [f"4 results written to {file}."]
    emily = Forger(company, "U01EMILY")
    assert "in a file with those of all, written by whoever runs me" in emily.reads("privacy.show_looks", "", {})
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir() if "results" in one.name] == ["results.json"]
    assert main(["verify", str(file)]) == 0
    assert "4 results recomputed; every one matches to the last digit." in capsys.readouterr().out
    document = json.loads(file.read_text("utf-8"))
    of(document, "emily")["tree"]["children"][0]["value"] += "1"
    file.write_text(json.dumps(document), "utf-8")
    assert main(["verify", str(file)]) == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1, "results": [1]}', '{"format": 2}'])
def test_a_file_that_is_no_export_is_refused(tmp_path: Path, content: str, capsys) -> None:
    file = tmp_path / "other.json"
    file.write_text(content, "utf-8")
    assert main(["verify", str(file)]) == 1
    assert capsys.readouterr().out


@pytest.mark.usefixtures("quarter")
def test_an_unknown_cycle_is_named_with_those_that_exist(company: Company, tmp_path: Path) -> None:
    said: list[str] = []
    now = company.slack.clock.now()
    assert export.export_results(company.database, "2031-Q9", tmp_path / "none.json", now, said.append) == 1
    assert said == ["There is no cycle “2031-Q9”. Known: 2027-Q1."]


@pytest.mark.usefixtures("quarter")
@pytest.mark.parametrize("name", ["results.xlsx", "results.csv"])
def test_a_table_holds_the_scores_that_verify_recomputes(company: Company, tmp_path: Path, name: str, capsys) -> None:
    proof, table = tmp_path / "results.json", tmp_path / name
    table.touch(mode=0o644)
    for file in (proof, table):
        assert export.export_results(company.database, "2027-Q1", file, company.slack.clock.now(), print) == 0
    assert oct(table.stat().st_mode & 0o777) == "0o600"
    assert main(["verify", str(proof)]) == 0
    assert "every one matches" in capsys.readouterr().out
    known = {one["person"]["email"]: one for one in json.loads(proof.read_text("utf-8"))["results"]}
    (_, heading), *lines = read_lines(table.read_bytes())
    found = [dict(zip(heading, cells, strict=True)) for _, cells in lines]
    assert {one["E-mail"] for one in found} == set(known)
    for one in found:
        of = known[one["E-mail"]]
        assert [Decimal(each) for each in (one["Score"] or "-1", of["score"] or "-1")] == [
            Decimal(of["score"] or -1)
        ] * 2
        assert (one["Name"], one["State"], one["Grade"]) == (of["person"]["name"], of["rated"], of["band"] or "")
    assert sum(bool(one["Score"]) for one in found) == 2
