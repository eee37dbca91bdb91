"""The TRASS workbook: both known layouts by the names of their columns, and a sentence for everything else."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from etl.errors import FormatError
from etl.sources.source import Answer, Request, Rows
from etl.sources.trass import COLUMNS, DATASET, read_workbook
from tests.etl.desk import rows_or_refusal

FILE = Request("trass", "file", (("name", "trade.xlsx"),), "", "", "")
Lines = Sequence[Sequence[object]]
Sheets = dict[str, list[list[object]]]

EXPORTS = ["연도", "월", "전자상거래 수출 금액", "전자상거래 수출 건수", "전체 수출 금액", "전체 수출 건수"]
IMPORTS = [name.replace("수출", "수입") for name in EXPORTS]
# Imports of a month of 2014 as published; the exports beside it are made up.
PUBLISHED = [84577963, 869808, 44746013067, 1426765]
SOLD = [3_600_000, 61_000, 45_500_000_000, 590_000]


def sheets(header_rows: int = 3, months: int = 14, **changes: object) -> Sheets:
    """Both sheets of the first layout, from January 2014."""
    title: list[list[object]] = [["관세청 전자상거래 무역통계"], ["단위: USD, 건"], []][:header_rows]
    made: Sheets = {"표지": [["관세청"], ["2026년"]]}
    for name, header, figures in (
        ("전자상거래 수출", EXPORTS, SOLD),
        ("전자상거래 수입", IMPORTS, PUBLISHED),
    ):
        made[name] = [list(line) for line in title] + [list(header)]
        for month in range(months):
            made[name].append([2014 + month // 12, month % 12 + 1, *(figure + month for figure in figures)])
    return made | changes  # type: ignore[return-value] (a test's own sheets)


ONE_SHEET: list[list[object]] = [
    ["전자상거래 무역통계"],
    [],
    ["조회기간: 2024.01 ~ 2024.12"],
    [],
    ["연월", "수출건수", "수출금액", "수입건수", "수입금액"],
    *(
        [
            f"2024.{month:02}",
            f"{1_000_000 + month:,}",
            f"{60_000_000 + month:,}",
            f"{15_000_000:,}",
            f"{400_000_000:,}",
        ]
        for month in range(1, 13)
    ),
]


def book(pages: dict[str, Lines], edit: Callable[[Workbook], None] | None = None) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, lines in pages.items():
        sheet = workbook.create_sheet(title)
        for line in lines:
            sheet.append(line)
    if edit:
        edit(workbook)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def month(rows: Rows, period: str) -> dict[str, object]:
    place = rows.columns["month"].index(period)
    return {name: rows.columns[name][place] for name in COLUMNS[1:]}


def refusal(body: bytes) -> str:
    with pytest.raises(FormatError) as caught:
        read_workbook(body)
    return str(caught.value)


def changed(name: str, row: int, column: int, value: object) -> bytes:
    pages = sheets()
    pages[name][row][column] = value
    return book(pages)


@pytest.mark.parametrize("header_rows", [0, 1, 2, 3])
def test_two_sheets_with_headers_of_any_height(header_rows: int):
    rows = read_workbook(book(sheets(header_rows)))
    assert tuple(rows.columns) == COLUMNS
    assert rows.columns["month"] == [f"2014-{number:02}" for number in range(1, 13)] + ["2015-01", "2015-02"]
    assert rows.periods == set(rows.columns["month"])
    assert month(rows, "2014-01") == {
        "exports_usd": 3_600_000,
        "exports_cases": 61_000,
        "imports_usd": 84577963,
        "imports_cases": 869808,
        "all_exports_usd": 45_500_000_000,
        "all_exports_cases": 590_000,
        "all_imports_usd": 44746013067,
        "all_imports_cases": 1426765,
    }


def test_one_sheet_with_texts_and_commas_and_without_all_trade():
    rows = read_workbook(book({"Sheet1": ONE_SHEET}))
    assert len(rows.periods) == 12
    assert month(rows, "2024-10") == {
        "exports_usd": 60_000_010,
        "exports_cases": 1_000_010,
        "imports_usd": 400_000_000,
        "imports_cases": 15_000_000,
        **dict.fromkeys(COLUMNS[5:]),
    }


def test_columns_are_found_by_name_wherever_they_stand():
    pages = sheets()
    for name in ("전자상거래 수출", "전자상거래 수입"):
        pages[name] = [
            [*line[:2], "더함", *reversed(line[2:])] if len(line) == 6 else line for line in pages[name]
        ]
    assert read_workbook(book(pages)) == read_workbook(book(sheets()))


def test_units_and_line_ends_in_headers_do_not_matter():
    pages = sheets()
    pages["전자상거래 수출"][3] = [
        "연도",
        "월",
        "전자상거래 수출\n금액(USD)",
        "전자상거래 수출 건수 (건)",
        "전체수출금액[달러]",
        "전체 수출 건수",
    ]
    assert read_workbook(book(pages)) == read_workbook(book(sheets()))


def test_a_header_over_merged_cells():
    def merge(workbook: Workbook) -> None:
        for word, title in (("수출", "전자상거래 수출"), ("수입", "전자상거래 수입")):
            sheet = workbook[title]
            for column, text in zip(
                "ABCDEF", ["연도", "월", f"전자상거래 {word}", None, f"전체 {word}", None], strict=True
            ):
                sheet[f"{column}4"] = text
            sheet.insert_rows(5)
            for column, text in zip("CDEF", ["금액", "건수"] * 2, strict=True):
                sheet[f"{column}5"] = text
            for cells in ("A4:A5", "B4:B5", "C4:D4", "E4:F4"):
                sheet.merge_cells(cells)

    assert read_workbook(book(sheets(), merge)) == read_workbook(book(sheets()))


def test_years_in_merged_cells_numbers_of_any_kind_and_notes_below():
    pages = sheets()
    for name in ("전자상거래 수출", "전자상거래 수입"):
        for line in pages[name][4:]:
            line[2:] = [f"{line[2]:,}", float(line[3]), str(line[4]), line[5]]  # type: ignore[arg-type] (numbers)
            if line[1] != 1:
                line[0] = None
            line[1] = f"{line[1]}월"
        pages[name] += [[], ["※ 자료: 관세청"]]
    assert read_workbook(book(pages)) == read_workbook(book(sheets()))


def test_months_newest_first_and_dates_for_months():
    lines = [*ONE_SHEET[:5], *reversed(ONE_SHEET[5:])]
    assert read_workbook(book({"Sheet1": lines})) == read_workbook(book({"Sheet1": ONE_SHEET}))
    dated = ONE_SHEET[:5] + [
        [date(2024, place, 1), *line[1:]] for place, line in enumerate(ONE_SHEET[5:], start=1)
    ]
    assert read_workbook(book({"Sheet1": dated})) == read_workbook(book({"Sheet1": ONE_SHEET}))


def patched(body: bytes, part: str, edit: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts edited."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in source.namelist():
            piece = source.read(name)
            copy.writestr(name, edit(piece) if name == part else piece)
    return target.getvalue()


def test_formulas_count_by_their_values():
    pages = sheets()
    pages["전자상거래 수출"][4][2] = "=D5*59"
    calculated = patched(
        book(pages),
        "xl/worksheets/sheet2.xml",
        lambda xml: re.sub(rb"<f>D5\*59</f><v ?/?>(</v>)?", b"<f>D5*59</f><v>3600000</v>", xml),
    )
    assert read_workbook(calculated) == read_workbook(book(sheets()))
    # Never opened in a spreadsheet, so nothing has calculated it.
    assert "row 5, 2014-01, exports_usd: “” is no whole number" in refusal(book(pages))


# --- contradictions


def test_e_commerce_above_all_trade():
    words = refusal(changed("전자상거래 수출", 4, 5, 60_999))
    assert "2014-01: exports_cases of e-commerce (61000) is above that of all trade (60999)" in words


def test_a_missing_and_a_repeated_month():
    pages = sheets()
    for name in ("전자상거래 수출", "전자상거래 수입"):
        del pages[name][8]
    assert refusal(book(pages)) == "Months are missing between 2014-04 to 2014-06"
    assert "repeats 2014-04" in refusal(changed("전자상거래 수출", 8, 1, 4))


def test_sheets_that_cover_different_months():
    pages = sheets()
    del pages["전자상거래 수입"][-1]
    assert refusal(book(pages)) == "The sheets of exports and imports do not cover the same months: 2015-02"


def test_thousand_dollars_are_noticed():
    lines = [[*line[:2], "60000", *line[3:]] if place > 4 else line for place, line in enumerate(ONE_SHEET)]
    assert "60,000 USD of exports in 1,000,001 declarations are of another unit" in refusal(
        book({"S": lines})
    )
    assert "45500000 USD of all exports are of another unit" in refusal(
        changed("전자상거래 수출", 4, 4, 45_500_000)
    )


# --- anything else


@pytest.mark.parametrize("value", ["12a", "-5", "1,23", "1.5", 1.5, "", None, True, "１２"])
def test_a_figure_that_is_none(value: object):
    assert "row 5, 2014-01, exports_usd: " in refusal(changed("전자상거래 수출", 4, 2, value))


@pytest.mark.parametrize(("column", "value"), [(0, "14"), (1, 13), (1, "합계"), (1, None)])
def test_a_month_that_is_none(column: int, value: object):
    words = refusal(changed("전자상거래 수출", 5, column, value))
    assert "row 6 holds" in words
    assert "where a year and a month are expected" in words


def test_a_month_written_as_a_number_is_ambiguous():
    # 2024.1 is January or October.
    lines = [list(line) for line in ONE_SHEET]
    lines[5][0], lines[6][0] = "2024.01", 2024.1
    assert "row 7 holds the month 2024.1 as a number: write it as the text 2024.01" in refusal(
        book({"S": lines})
    )


def test_another_layout_is_named_with_what_is_expected():
    words = refusal(book({"매출": [["월", "금액", "수량"], ["2024-01", 1, 2]], "비고": [[]]}))
    assert words.startswith(
        "The workbook holds the sheet “매출” with 월, 금액, 수량; the sheet “비고” with nothing; expected"
    )
    assert "연월, 수출건수, 수출금액, 수입건수, 수입금액" in words


def test_a_renamed_column_is_named_with_its_sheet():
    words = refusal(changed("전자상거래 수입", 3, 4, "총수입액"))
    assert words.startswith("The sheet “전자상거래 수입” has no columns 연도, 월, ")


def test_two_sheets_of_the_one_sheet_layout_are_ambiguous():
    assert "More than one sheet holds the months: 가, 나" in refusal(book({"가": ONE_SHEET, "나": ONE_SHEET}))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "no .xlsx workbook"),
        ("연월,수출금액\n2024.01,1".encode("cp949"), "no .xlsx workbook"),
        (b"PK\x03\x04broken", "no .xlsx workbook"),
        (OLE + bytes(600), "an old .xls workbook: open it and save it as .xlsx"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
    ],
)
def test_other_files(body: bytes, sentence: str):
    assert sentence in refusal(body)


def archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, piece in parts.items():
            made.writestr(name, piece)
    return file.getvalue()


def test_another_archive_is_no_workbook():
    assert "no .xlsx workbook" in refusal(archive({"word/document.xml": b"<w/>"}))


def test_an_archive_that_unpacks_to_too_much():
    body = archive({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(120_000_000)})
    assert len(body) < 200_000
    assert refusal(body) == "The workbook unpacks to 120 MB, which no workbook of TRASS does"


def test_an_archive_that_lies_about_its_size():
    body = archive({"xl/workbook.xml": b"<x/>" * 100_000})
    lied = body.replace(struct.pack("<I", 400_000), struct.pack("<I", 40))
    assert lied != body
    assert "no .xlsx workbook" in refusal(lied)


def test_entities_that_grow_when_read():
    laughs = b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'
    body = patched(book(sheets()), "xl/worksheets/sheet2.xml", lambda xml: laughs + xml)
    assert refusal(body) == "The workbook defines XML entities, which no workbook of TRASS does"


def test_a_sheet_that_is_cut():
    body = patched(book(sheets()), "xl/worksheets/sheet2.xml", lambda xml: xml[: len(xml) // 2])
    assert refusal(body) == "The workbook is broken: download it from TRASS again"


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_named_error(body: bytes):
    rows_or_refusal(DATASET, Answer(200, body), FILE)


SOUND = book(sheets())


@given(st.integers(0, len(SOUND)), st.integers(0, 60), st.binary(max_size=8))
def test_any_changed_workbook_gives_rows_or_a_named_error(start: int, length: int, piece: bytes):
    rows_or_refusal(DATASET, Answer(200, SOUND[:start] + piece + SOUND[start + length :]), FILE)


cells = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 10**16), st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["연도", "월", "2014", "2024.01", "-", "1,000", "합계", *EXPORTS]),
)  # fmt: skip


@settings(max_examples=40)  # each writes a workbook
@given(st.lists(st.tuples(st.integers(0, 17), st.integers(0, 6), cells), min_size=1, max_size=4))
def test_any_changed_cells_give_rows_or_a_named_error(edits: list[tuple[int, int, object]]):
    pages = sheets()
    for row, column, value in edits:
        line = pages["전자상거래 수출"][row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = value
    rows_or_refusal(DATASET, Answer(200, book(pages)), FILE)
