"""What Cairn is built on: named with its licence, and nothing under a licence that nobody has agreed to."""

import tomllib

from scripts.licences import AGREED, PAGE, ROOT, licences, needed, page


def test_the_page_names_everything_that_cairn_needs_to_run() -> None:
    assert PAGE.read_text("utf-8") == page(), "make licences writes it anew"
    direct = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert {one.partition(">")[0].partition("[")[0] for one in direct} <= set(needed())


def test_every_licence_is_one_that_was_agreed_to() -> None:
    assert [name for name, licence in licences().items() if not any(one in licence for one in AGREED)] == []
    assert len(licences()) > 30


def test_every_package_in_the_lock_file_has_a_hash_and_comes_from_the_registry() -> None:
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    for one in locked:
        if one["name"] != "cairn":
            assert one["source"] == {"registry": "https://pypi.org/simple"}
            files = [*one.get("wheels", ()), *([one["sdist"]] if "sdist" in one else [])]
            assert files, one["name"]
            assert all(file["hash"].startswith("sha256:") for file in files)
