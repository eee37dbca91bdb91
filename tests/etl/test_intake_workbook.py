"""Excel workbooks: values, days, formulas, and archives that mean harm."""

import importlib.util
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from etl.errors import InputError
from etl.intake.reading import Intake, Options, read
from etl.intake.sources import Limits
from etl.settings import ROOT

REFERENCE = ROOT / "data" / "reference"
HEADER = ["신고일자", "목적국", "HS", "결제금액"]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("workbooks", Path(__file__).with_name("workbooks.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


workbooks = _load()
workbook, Raw = workbooks.workbook, workbooks.Raw


@contextmanager
def taken(path: Path, **options: Any) -> Iterator[Intake]:
    with read([path], Options(**{"max_rejected": 1.0, **options}), REFERENCE) as intake:
        yield intake


def rows(intake: Intake) -> list[tuple[Any, ...]]:
    return intake.connection.execute(
        "SELECT CAST(date AS VARCHAR), destination, item, value_krw FROM shipments ORDER BY ALL"
    ).fetchall()


def refused(intake: Intake) -> list[tuple[int, str]]:
    return [(line, reason) for _, line, reason, _, _ in intake.refusals()]


def test_numbers_days_and_texts(tmp_path: Path):
    # 45505 is 1 August 2024 as Excel counts, with its 29 February 1900 that never was.
    path = workbook(
        tmp_path / "orders.xlsx",
        {
            "목록": [
                ["수출 목록"],
                [],
                HEADER,
                [45505, "미국", "3304.99", 1234000],
                [45505.75, "일본", 330499, "1,234"],
                ["2024-08-02", "JP", 330499, 1999999.9999999998],
                [20240803, "JP", 330499, 1e15],
                [45505, "JP", None, None],
                [45505, "JP", 330499, 2.5e6],
            ]
        },
    )
    with taken(path) as intake:
        assert rows(intake) == [
            ("2024-08-01", "JP", "330499", 1234),
            ("2024-08-01", "JP", "330499", 2_500_000),
            ("2024-08-01", "US", "330499", 1_234_000),
            ("2024-08-02", "JP", "330499", 2_000_000),  # the fifteen digits that Excel shows
        ]
        assert refused(intake) == [(7, "large"), (8, "empty")]
        assert intake.files[0].form == "Excel, sheet “목록”"


def test_days_of_a_workbook_that_counts_from_1904(tmp_path: Path):
    path = workbook(tmp_path / "orders.xlsx", {"a": [HEADER, [44043, "JP", 1, 5]]}, from_1904=True)
    with taken(path) as intake:
        assert rows(intake) == [("2024-08-01", "JP", "1", 5)]


def test_formulas_count_with_what_excel_stored(tmp_path: Path):
    path = workbook(
        tmp_path / "orders.xlsx",
        {
            "a": [
                HEADER,
                [45505, "JP", 1, Raw('<c r="{at}"><f>SUM(A1:A2)</f><v>5000</v></c>')],
                [45505, "JP", 1, Raw('<c r="{at}"><f>SUM(A1:A2)</f></c>')],
                [45505, "JP", 1, Raw('<c r="{at}" t="str"><f>A1&amp;B1</f><v>7000</v></c>')],
                [45505, "JP", 1, Raw('<c r="{at}" t="e"><f>1/0</f><v>#DIV/0!</v></c>')],
                [45505, "JP", 1, Raw('<c r="{at}" t="inlineStr"><is><t>9,000</t></is></c>')],
            ]
        },
    )
    with taken(path) as intake:
        assert [row[-1] for row in rows(intake)] == [5000, 7000, 9000]
        assert refused(intake) == [(3, "formula"), (5, "text")]
        assert any("3 cells are formulas" in note for note in intake.notes)


def test_the_sheet_with_a_header_is_taken_or_the_one_that_is_named(tmp_path: Path):
    sheets = {
        "표지": [["안내"]],
        "숨김": [HEADER, [45505, "JP", 1, 1]],
        "자료": [HEADER, [45505, "JP", 1, 2]],
        "기타": [HEADER, [45505, "JP", 1, 3]],
    }
    path = workbook(tmp_path / "orders.xlsx", sheets, hidden=["숨김"])
    for table, value in ((None, 2), ("기타", 3), ("숨김", 1)):
        with taken(path, table=table) as intake:
            assert [row[-1] for row in rows(intake)] == [value]
    with (
        pytest.raises(InputError, match="has no sheet “없음”: it has “표지”, “숨김”, “자료”, “기타”"),
        taken(path, table="없음"),
    ):
        pass


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path):
    bomb = '<worksheet><sheetData><row r="1">' + " " * 30_000_000 + "</row></sheetData></worksheet>"
    path = workbook(tmp_path / "orders.xlsx", {"a": [HEADER]}, members={"xl/worksheets/sheet1.xml": bomb})
    assert path.stat().st_size < 100_000
    with (
        pytest.raises(InputError, match="grows more than 100 times when unpacked, as a zip bomb does"),
        taken(path, limits=Limits(ratio=100, free_bytes=1 << 20)),
    ):
        pass
    with (
        pytest.raises(InputError, match="unpacks to more than 1 MiB"),
        taken(path, limits=Limits(unpacked_bytes=1 << 20)),
    ):
        pass


def test_entities_are_refused(tmp_path: Path):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    path = workbook(tmp_path / "orders.xlsx", {"a": [HEADER]}, members={"xl/workbook.xml": laughs})
    with pytest.raises(InputError, match="is no whole Excel workbook"), taken(path):
        pass


@pytest.mark.parametrize(
    ("target", "mode"),
    [("../../../etc/passwd", ""), ("/etc/passwd", ""), ("file:///etc/passwd", ' TargetMode="External"')],
)
def test_a_sheet_outside_the_workbook_is_refused(tmp_path: Path, target: str, mode: str):
    rels = f'<Relationships><Relationship Id="rId1" Type="{workbooks.REL}/worksheet" Target="{target}"{mode}/></Relationships>'
    path = workbook(tmp_path / "orders.xlsx", {"a": [HEADER]}, members={"xl/_rels/workbook.xml.rels": rels})
    with pytest.raises(InputError, match="names a sheet outside itself"), taken(path):
        pass


def test_members_that_climb_out_are_never_written(tmp_path: Path):
    (tmp_path / "in").mkdir()
    path = workbook(
        tmp_path / "in" / "orders.xlsx",
        {"a": [HEADER, [45505, "JP", 1, 5]]},
        members={"../../evil.txt": "x"},
    )
    with taken(path) as intake:
        assert [row[-1] for row in rows(intake)] == [5]
    assert not list(tmp_path.rglob("evil.txt"))


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"PK\x03\x04broken", b"text"])
def test_what_is_no_workbook_is_said(tmp_path: Path, content: bytes):
    path = tmp_path / "orders.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"orders.xlsx is (protected|no whole)"), taken(path):
        pass


def test_a_workbook_cut_short_is_said(tmp_path: Path):
    path = workbook(tmp_path / "orders.xlsx", {"a": [HEADER, *[[45505, "JP", n, n] for n in range(3000)]]})
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    content = bytearray(path.read_bytes())
    content[at : at + 400] = b"\0" * 400
    path.write_bytes(content)
    with pytest.raises(InputError, match="is no whole Excel workbook"), taken(path):
        pass
