"""Whatever stands in a file that somebody drops: it becomes rows, or a sentence that says where; never an error."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.actuals import plan_actuals
from bot.domain.checked import Mistaken
from bot.domain.directory import DirectoryRow, plan_directory
from bot.domain.directory_reading import check_people
from bot.domain.pay import read_bases
from bot.domain.refusal import Refused, Sentence
from bot.domain.template_document import document_of
from bot.domain.template_reading import parse_template
from bot.sources import actuals_file, pay_file, people_file
from bot.sources.any_file import read_any
from bot.sources.scim import ENTERPRISE, people_of
from bot.sources.templates import read_template, shipped

EMAILS = ("mei@lantern.example", "Emily@Lantern.example", "")
USUAL = ("2027-01", "2027-Q1", "2027-02-30", "0", "-1", "1e999", "12,5", "120万", "=1+1", '"', "“")
TYPED = st.one_of(
    st.sampled_from([*EMAILS, *USUAL]),
    st.text(max_size=12),
    st.text("=+-@0123456789.,%eE/年月 ", max_size=8),
)
READERS: dict[str, tuple[Any, Callable[[bytes], Any]]] = {
    "people": (people_file.COLUMNS, people_file.read_people),
    "actuals": (actuals_file.COLUMNS, actuals_file.read_actuals),
    "pay": (pay_file.COLUMNS, pay_file.read_pay),
}
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def said(refusal: Sentence) -> None:
    """The sentence as it is shown: every fact it needs is there."""
    assert refusal.text.format(**refusal.facts)


def read(reader: Callable[[bytes], Any], content: bytes) -> list[Any]:
    """The rows of a file, gone on with as its preview does; none where it is refused."""
    try:
        rows = reader(content)
    except Refused as refused:
        said(refused.sentence)
        return []
    planned(rows)
    return rows


def planned(rows: list[Any]) -> None:
    """What the preview makes of rows; each line it refuses has its number and a sentence."""
    if rows and isinstance(rows[0], DirectoryRow):
        refused = plan_directory(rows, {}, EMAILS).refused
    elif rows and isinstance(rows[0], pay_file.PayRow):
        refused = tuple(read_bases(rows, {"mei@lantern.example": "U01MEI"})[1])
    else:
        refused = plan_actuals(rows, "q1", ["2027-01", "2027-Q1"], {}, {}).refused
    lines = {row.line for row in rows}
    for one in refused:
        assert one.line in lines
        said(one.sentence)


@FEW
@given(data=st.data(), kind=st.sampled_from(sorted(READERS)))
def test_a_csv_with_anything_in_its_cells(data: st.DataObject, kind: str) -> None:
    columns, reader = READERS[kind]
    names = data.draw(st.permutations([data.draw(st.sampled_from([one.name, *one.synonyms])) for one in columns]))
    rows = data.draw(st.lists(st.lists(TYPED, max_size=len(names) + 1), max_size=5))
    between = data.draw(st.sampled_from(",;\t|"))
    text = "\r\n".join(between.join(cells) for cells in [names, *rows])
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
    content = text.encode(encoding, "replace" if encoding == "gb18030" else "surrogatepass")
    read(reader, content)
    read(read_any, content)


UTF16 = st.text(max_size=200).map(lambda text: text.encode("utf-16", "surrogatepass"))


@FEW
@given(st.one_of(st.binary(max_size=200), UTF16))
@example(b"\xff\xfea")
@example(b"PK\x03\x04")
@example(b"email\r,name")
def test_bytes_that_are_no_table(content: bytes) -> None:
    for _, reader in READERS.values():
        read(reader, content)


def writable(text: str) -> str:
    """What a workbook can hold of a text."""
    legal: str = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text)
    return legal.encode("utf-8", "ignore").decode()


VALUES = st.one_of(
    TYPED.map(writable) | st.none() | st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - as a spreadsheet has them
)


@FEW
@given(st.lists(st.lists(VALUES, min_size=1, max_size=5), max_size=4))
def test_a_workbook_with_anything_in_its_cells(rows: list[list[Any]]) -> None:
    read(actuals_file.read_actuals, workbook(rows))


def workbook(rows: list[list[Any]]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in [["email", "measure", "period", "value", "source"], *rows]:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@cache
def parts() -> dict[str, bytes]:
    """What a good workbook is made of."""
    row = ["mei@lantern.example", "sales", "2027-01", 3.5, datetime(2027, 1, 1)]  # noqa: DTZ001 - as above
    with zipfile.ZipFile(io.BytesIO(workbook([row]))) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")  # it warns of damage, and goes on or gives up
@FEW
@given(st.integers(0, 2**32))
@example(65535)  # relations that name nothing
@example(2238000444)  # an invalid specification of a sheet
@example(4104240063)  # no stylesheet
def test_a_workbook_whose_parts_are_damaged(seed: int) -> None:
    """Parts of it are left out, cut, doubled or have other letters in them."""
    rng, file = random.Random(seed), io.BytesIO()
    with zipfile.ZipFile(file, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as book:
        for name, content in parts().items():
            if rng.random() > 0.1:
                book.writestr(name, damaged(content, rng) if rng.random() < 0.4 else content)
    read(actuals_file.read_actuals, file.getvalue())
    read(actuals_file.read_actuals, damaged(file.getvalue(), rng))


EXCHANGED = ((b"sheetId", b"x"), (b'r="', b'r="!'), (b"<c ", b'<c t="d" '), (b"0", b"-7"), (b"A1", b"ZZZZ9"))


def damaged(content: bytes, rng: random.Random) -> bytes:
    first, last = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    match rng.randrange(5):
        case 0:
            return content[:first]
        case 1:
            return content[:first] + content[last:]
        case 2:
            return content[:last] + content[first:]
        case 3:
            return content[:first] + rng.randbytes(rng.randrange(1, 9)) + content[first:]
        case _:
            old, new = rng.choice(EXCHANGED)
            return content.replace(old, new)


# Templates ------------------------------------------------------------------------------------

SHIPPED = (Path(__file__).parents[2] / "bot" / "templates" / "sales.yml").read_text("utf-8").splitlines()
NODES = ("&a", "*a", "<<: *a", "!!python/none", "? ", "---", "~", "'", '"', "[", "a: [", "}")
PUT = ("", "- ", "x:", "\t", "2027-02-30", "2027-01-01 99:99:99 +99:99", "0x", "1e400", "・", *NODES)


@FEW
@given(
    st.integers(0, len(SHIPPED) - 1),
    st.integers(0, 60),
    st.one_of(st.sampled_from(PUT), st.text(max_size=8)),
    st.booleans(),
)
@example(3, 60, "2027-02-30", True)
@example(0, 0, "[" * 3000, False)
def test_a_template_with_anything_in_one_of_its_lines(at: int, within: int, put: str, instead: bool) -> None:
    line, in_the_file = SHIPPED[at], list[bool]()
    changed = line[:within] + put + ("" if instead else line[within:])
    try:
        read_template("\n".join([*SHIPPED[:at], changed, *SHIPPED[at + 1 :]]))
    except Mistaken as refused:
        for one in refused.mistakes:
            in_the_file.append(one.line is None or 0 < one.line <= len(SHIPPED) + 2)
            said(one.sentence)
    assert all(in_the_file)


WORDS = st.one_of(st.sampled_from([*EMAILS, "1", "2", "true", "False", "x" * 501, "=1+1", "\0"]), st.text(max_size=6))
ANY_JSON = st.recursive(
    WORDS | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "primary", "type"]), inner),
    max_leaves=6,
)
TEXTS = ("id", "userName", "displayName", "title")
EMAILED = st.fixed_dictionaries({"value": WORDS}, optional={"primary": ANY_JSON})
EXTENDED = st.fixed_dictionaries({}, optional=dict.fromkeys(["department", "manager", "employeeNumber"], ANY_JSON))
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(TEXTS, WORDS | ANY_JSON),
        "active": st.booleans() | ANY_JSON,
        "name": st.fixed_dictionaries({}, optional={"formatted": WORDS, "givenName": ANY_JSON}) | ANY_JSON,
        "emails": st.lists(EMAILED | ANY_JSON) | ANY_JSON,
        ENTERPRISE: EXTENDED | ANY_JSON,
    },
)


@FEW
@given(st.lists(RECORDS | ANY_JSON, max_size=4))
def test_people_at_an_address_whatever_stands_in_their_records(records: list[Any]) -> None:
    """JSON numbers are text by then."""
    rows = []
    try:
        rows = check_people(people_of(records))
    except Refused as refused:
        said(refused.sentence)
    planned([row for row in rows if row.active])
    assert {row.line for row in rows} <= set(range(1, len(records) + 1))


LEAVES = st.one_of(TYPED, st.none(), st.booleans(), st.integers(), st.floats(), st.datetimes(), st.dates())
ANYTHING = st.recursive(
    LEAVES, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(LEAVES, inside, max_size=3), max_leaves=6
)


def places(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place within a document."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in inside:
        yield (*path, step)
        yield from places(value, (*path, step))


@cache
def documents() -> list[tuple[Any, list[tuple[Any, ...]]]]:
    """Every template that is shipped, and its places."""
    return [(one, list(places(one))) for one in map(document_of, shipped().values())]


@settings(FEW, max_examples=150)
@given(st.data(), st.sampled_from(["instead", "gone", "twice", "beside"]), ANYTHING)
def test_a_template_with_anything_in_one_of_its_places(data: st.DataObject, how: str, put: Any) -> None:
    shipped_one, known = data.draw(st.sampled_from(documents()))
    *above, last = data.draw(st.sampled_from(known))
    document = within = deepcopy(shipped_one)
    for step in above:
        within = within[step]
    match how:
        case "instead":
            within[last] = put
        case "gone":
            del within[last]
        case "twice":
            within[last] = [within[last]] * 2
        case "beside" if isinstance(within, list):
            within.insert(last, put)
        case "beside":
            within[put if isinstance(put, str) else "more"] = put
    try:
        template = parse_template(document)
    except Mistaken as refused:
        for one in refused.mistakes:
            said(one.sentence)
    else:
        assert parse_template(document_of(template)) == template
