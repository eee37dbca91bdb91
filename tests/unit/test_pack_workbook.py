"""The workbook of the board pack recomputes: opened as it is it shows the screen's numbers, changed it follows the model."""

import io
import subprocess
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from dashboard.exports.pack import formulas, lognormal
from dashboard.exports.pack.recompute import xlsx_bytes
from dashboard.model import bounds
from dashboard.model.bounds import Bound, Facts
from tests.packs import Packs
from tests.unit.formula_reader import FormulaReader

LAYERS = [
    "assumption_free",
    "list_clearance_capped",
    "decreasing_density",
    "list_capped_and_decreasing",
    "any_lognormal",
]
# Named cells of the sheet, changed: the 5M step, a third of the cases, a base whose mean lies between the limits.
CHANGES: list[dict[str, float]] = [
    {"to_krw": 5e6},
    {"from_krw": 4e6, "to_krw": 5e6},
    {"cases": 20e6},
    {"value_krw": 9e12, "list_share": 0.4},
    {"from_krw": 3e6, "to_krw": 9e6, "cases": 1e6},
    {"to_krw": 2e6},
]


def opened(packs: Packs, name: str = "plain", lang: str = "en") -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(packs(name, lang))))  # type: ignore[arg-type] (a language as text)


def rows_of(book: Workbook) -> dict[str, int]:
    """Where each label of the first sheet stands."""
    sheet = book.worksheets[0]
    return {str(sheet.cell(row, 1).value): row for row in range(1, sheet.max_row + 1)}


def put(book: Workbook, changes: Mapping[str, float]) -> None:
    for name, value in changes.items():
        sheet, _, cell = book.defined_names[name].attr_text.rpartition("!")
        book[sheet.strip("'")][cell.replace("$", "")] = value


def expected(given: Mapping[str, float]) -> dict[str, float]:
    """What the model says about the inputs of the sheet, cases a year."""
    facts = Facts(given["from_krw"], given["to_krw"], given["cases"], given["value_krw"])
    listed = given["list_share"], given["list_limit_krw"]
    found: dict[str, Bound] = {
        "assumption_free": bounds.assumption_free(facts),
        "decreasing_density": bounds.decreasing_density(facts),
        "any_lognormal": bounds.any_lognormal(facts),
        "list_clearance_capped": bounds.list_clearance_capped(facts, *listed),
        "list_capped_and_decreasing": bounds.list_capped_and_decreasing(facts, *listed),
    }
    return {name: bound.cases[1] for name, bound in found.items()}


LABELS = {
    "assumption_free": "no assumption",
    "list_clearance_capped": "list clearance taken out",
    "decreasing_density": "if shipments get rarer with value",
    "list_capped_and_decreasing": "both of these",
    "any_lognormal": "one lognormal, whatever its spread",
}


@pytest.mark.parametrize(
    ("name", "lang"), [("plain", "ko"), ("low", "en"), ("nothing", "en"), ("stacked", "en")]
)
def test_opened_as_it_is_it_shows_the_numbers_of_the_screen(packs: Packs, name: str, lang: str):
    pack = packs(name, lang)  # type: ignore[arg-type] (a language as text)
    assert pack.answer is not None
    asked = pack.answer.asked
    content = xlsx_bytes(pack)
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    reader = FormulaReader(openpyxl.load_workbook(io.BytesIO(content)))
    shown = [stored.cell(row, 3).value for row in range(1, stored.max_row + 1)]
    screen = [bound.cases[1] for bound in asked.bounds.values() if isinstance(bound, Bound)]
    screen += [asked.result.cases.p05, asked.result.cases.p50, asked.result.cases.p95]
    assert sorted(each for each in shown if isinstance(each, int | float)) == pytest.approx(
        sorted(screen), rel=1e-12
    )
    for row in range(1, stored.max_row + 1):
        if isinstance(stored.cell(row, 3).value, int | float) and stored.cell(row, 2).value is not None:
            computed = reader.value(stored.title, row, 2)
            # what is stored for programs that do not recalculate, what the formula gives, and the screen's number
            assert stored.cell(row, 2).value == pytest.approx(stored.cell(row, 3).value, rel=1e-12)
            assert computed == pytest.approx(stored.cell(row, 3).value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_a_changed_input_gives_what_the_model_gives(packs: Packs, changes: dict[str, float]):
    pack = packs()
    assert pack.answer is not None
    book = opened(packs)
    put(book, changes)
    given = formulas.inputs(pack.answer.asked) | changes
    reader, places = FormulaReader(book), rows_of(book)
    for name, value in expected(given).items():
        found = reader.value("Answer", places[LABELS[name]], 2)
        assert found == pytest.approx(value, rel=1e-6, abs=1e-6), name


def test_where_a_bound_does_not_hold_it_says_so_instead_of_a_number(packs: Packs):
    book = opened(packs)
    put(book, {"from_krw": 1e6})  # list clearance reaches above the old limit
    reader, places = FormulaReader(book), rows_of(book)
    assert reader.value("Answer", places[LABELS["list_clearance_capped"]], 2) == "-"
    assert reader.value("Answer", places[LABELS["assumption_free"]], 2) == pytest.approx(4_091_000)


def test_the_upper_bound_by_hand(packs: Packs):
    """KRW 4.091tn / KRW 2M = 2,045,500 shipments, and 4.091tn / 2.5M = 1,636,400."""
    book = opened(packs)
    place = rows_of(book)["no assumption"]
    assert FormulaReader(book).value("Answer", place, 2) == pytest.approx(2_045_500)
    put(book, {"from_krw": 2.5e6})
    assert FormulaReader(book).value("Answer", place, 2) == pytest.approx(1_636_400)


def test_the_spread_of_the_lognormal_is_the_one_that_gives_the_share():
    share = lognormal.share_between(2e6, 4e6, 66_879.0, 1.2)
    spread = lognormal.spread_for(share, 2e6, 4e6, 66_879.0)
    assert spread == pytest.approx(1.2)
    most = max(lognormal.share_between(2e6, 4e6, 66_879.0, each) for each in lognormal.spreads())
    assert lognormal.spread_for(1.01 * most, 2e6, 4e6, 66_879.0) is None


def test_text_stays_text_and_negative_numbers_stay_numbers(packs: Packs):
    book = opened(packs, "everything")
    ours = {"Answer", "Lognormal"}
    formulas_elsewhere = [
        cell.coordinate
        for sheet in book
        if sheet.title not in ours
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert formulas_elsewhere == []
    cells = [cell for row in book["Contents"].iter_rows() for cell in row]
    assert any(
        str(cell.value).startswith('=HYPERLINK("http://x","y")') and cell.data_type == "s" for cell in cells
    )
    parts = (
        [cell.value for row in book["Table 13"].iter_rows() for cell in row]
        if "Table 13" in book.sheetnames
        else []
    )
    numbers = [
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "n"
    ]
    assert any(isinstance(each, int | float) and each < 0 for each in numbers), parts


@pytest.mark.parametrize("name", ["plain", "everything", "few"])
def test_every_table_receipt_and_definition_is_in_it(packs: Packs, name: str):
    pack = packs(name)
    book = opened(packs, name)
    tables = [each.table for each in pack.slides if each.table is not None]
    assert sum(sheet.title.startswith("Table ") for sheet in book) == len(tables)
    assert book["Receipts"].max_row == 1 + sum(len(table.numbers()) for table in tables)
    assert {"Contents", "Draws", "Sources", "Definitions", "Scenario"} <= set(book.sheetnames)
    said = [str(cell.value) for row in book["Contents"].iter_rows() for cell in row]
    assert pack.address in said
    assert pack.version.data in said


def test_the_draws_are_summarised_as_the_screen_says(packs: Packs):
    pack = packs()
    assert pack.answer is not None
    rows = {row[0]: row[1] for row in opened(packs)["Draws"].iter_rows(min_row=2, values_only=True)}
    cases = pack.answer.asked.result.cases
    assert [rows[5], rows[25], rows[50], rows[75], rows[95]] == pytest.approx(
        [cases.p05, cases.p25, cases.p50, cases.p75, cases.p95]
    )


def test_the_same_pack_gives_the_same_bytes(packs: Packs):
    assert xlsx_bytes(packs()) == xlsx_bytes(packs())


@pytest.mark.slow
@pytest.mark.parametrize("changes", [{}, CHANGES[1]], ids=str)
def test_libreoffice_computes_the_same(packs: Packs, tmp_path: Path, office: str, changes: dict[str, float]):
    """Recalculated on loading (OOXMLRecalcMode 0), from the file as written and from one with changed inputs."""
    pack = packs()
    assert pack.answer is not None
    file = tmp_path / "pack.xlsx"
    if changes:
        book = opened(packs)
        put(book, changes)
        book.save(file)
    else:
        file.write_bytes(xlsx_bytes(pack))
    profile = tmp_path / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load">'
        '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>',
        encoding="utf-8",
    )
    command = [
        office,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "ods:calc8",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=170
    )
    back = [*command[:-1], "xlsx", "--outdir", str(tmp_path / "back"), str(tmp_path / "pack.ods")]
    subprocess.run(back, check=True, capture_output=True, timeout=170)
    computed = openpyxl.load_workbook(tmp_path / "back" / "pack.xlsx", data_only=True)
    places = rows_of(computed)
    sheet = computed.worksheets[0]
    given = formulas.inputs(pack.answer.asked) | changes
    for name, value in expected(given).items():
        assert sheet.cell(places[LABELS[name]], 2).value == pytest.approx(value, rel=1e-6), name
    if not changes:
        cases = pack.answer.asked.result.cases
        median = [row for row in sheet.iter_rows(values_only=True) if row[0] == "Median"]
        assert median[0][1] == pytest.approx(cases.p50, rel=1e-9)
