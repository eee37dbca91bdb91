"""Files of shipments: what is typed, and what is refused with its file and line."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.errors import InputError
from etl.intake.reading import REASONS
from etl.intake.sources import Limits
from tests.etl.intake.taken import HEADER, refused, rows, taken, values

# Each cell, what becomes of it (won, or the reason), in a list without any currency. The dollar is the one of
# August 2024, F383: 1,351.4436 won; 1,000.50 dollars are 1,352,119.32 won.
CELLS = {
    "1234": 1234,
    '"1,234,000"': 1_234_000,
    '"₩1,234"': 1234,
    '"￦1,234"': 1234,
    '"\\1,234"': 1234,  # cp949 shows the won sign in the place of the backslash
    '"1,234원"': 1234,
    "KRW 1234": 1234,
    "１２３４": 1234,
    '"１，２３４"': 1234,
    "\u00a01234\u3000": 1234,
    "1234.00": 1234,
    "1234.5": 1235,
    '"US $1,000.50"': 1_352_119,
    "$1000.50": 1_352_119,
    "USD 1000.50": 1_352_119,
    '="1234"': 1234,
    "-5": "negative",
    "−5": "negative",
    "△5": "negative",
    '"-₩1,234"': "negative",
    '"₩-1,234"': "negative",
    '"(1,234)"': "negative",
    "0": "zero",
    "0.00": "zero",
    "": "empty",
    "   ": "empty",
    "abc": "text",
    "N/A": "text",
    "-": "text",
    "1e5": "text",
    "0x10": "text",
    "1_000": "text",
    '"12,34"': "text",
    '"1.234,00"': "text",
    "1 234": "text",
    "약 1000": "text",
    "=1+2": "formula",
    '"=SUM(A1,A2)"': "formula",
    "¥500": "currency",
    "JPY 500": "rate",
    "1.234": "dots",
    "99999999999999999999": "large",
    "100000000000000": "large",
}


def test_every_cell_is_a_value_or_has_its_reason(write: Callable[..., Path]):
    path = write(
        HEADER + "".join(f"2024-08-0{1 + n % 9},JP,330499,{cell},x\n" for n, cell in enumerate(CELLS))
    )
    with taken(path) as intake:
        found = dict(refused(intake))
        assert intake.rows_read == len(CELLS)
        assert values(intake) == sorted(value for value in CELLS.values() if isinstance(value, int))
        for line, (cell, expected) in enumerate(CELLS.items(), start=2):
            assert found.get(line, "counted") == (expected if isinstance(expected, str) else "counted"), cell
        assert set(found.values()) <= set(REASONS)


DAYS = {
    "2024-08-01": "2024-08-01",
    "2024-8-1": "2024-08-01",
    "2024.08.01": "2024-08-01",
    "2024. 8. 1.": "2024-08-01",
    "2024/08/01 12:30": "2024-08-01",
    "2024년 8월 1일": "2024-08-01",
    "20240801": "2024-08-01",
    "20240801123000": "2024-08-01",
    "2024-08-01 23:59:59 +0900": "2024-08-01",
    "2024-08-01T00:00:00Z": "2024-08-01",
    "２０２４-０８-０１": "2024-08-01",
    "2024-08": "2024-08-01",
    "202408": "2024-08-01",
    "2024년 8월": "2024-08-01",
    "Aug-01-24": "2024-08-01",
    "01-Aug-2024": "2024-08-01",
    "2024-02-30": None,
    "01/08/2024": None,  # the first of August, or the eighth of January
    "2024-13-01": None,
    "0024-08-01": None,
    "tomorrow": None,
    "": None,
}


def test_every_day_is_read_or_refused(write: Callable[..., Path]):
    path = write("date,value\n" + "".join(f'"{day}",{1000 + n}\n' for n, day in enumerate(DAYS)))
    with taken(path) as intake:
        found = {value: day for day, _, _, _, value in rows(intake)}
        assert [found.get(1000 + n) for n in range(len(DAYS))] == list(DAYS.values())
        assert {reason for _, reason in refused(intake)} == {"date"}


def test_a_form_of_dates_that_is_said_settles_what_is_open(write: Callable[..., Path]):
    path = write("date,value\n01/08/2024,1000\n")
    with taken(path, date_format="%d/%m/%Y") as intake:
        assert rows(intake)[0][0] == "2024-08-01"
    with pytest.raises(InputError, match="is no form of a date"), taken(path, date_format="%Q"):
        pass


def test_countries_and_goods_get_their_codes(write: Callable[..., Path]):
    path = write(
        "date,destination,HS,value\n"
        "2024-01-01,일본,3304.99-1000,1\n2024-01-01,USA,330499,2\n2024-01-01,hong kong,0901,3\n"
        '2024-01-01,Atlantis,양말,4\n2024-01-01,,"=""0901""",5\n2024-01-01,한국,1,6\n'
    )
    with taken(path) as intake:
        assert [(d, i) for _, d, i, _, _ in sorted(rows(intake), key=lambda row: row[-1])] == [
            ("JP", "3304991000"),
            ("US", "330499"),
            ("HK", "0901"),
            ("Atlantis", "양말"),
            ("", "0901"),
        ]
        assert refused(intake) == [(7, "domestic")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_line_ends_and_delimiters(
    write: Callable[..., Path], encoding: str, end: str, delimiter: str
):
    text = "신고일자,목적국,결제금액,비고\n2024-08-01,미국,1000,가\n2024-08-01,일본,x,나\n2024-08-02,일본,3000,다\n"
    path = write(text.replace(",", delimiter).replace("\n", end), encoding=encoding)
    with taken(path) as intake:
        assert values(intake) == [1000, 3000]
        assert refused(intake) == [(3, "text")]


def test_the_line_is_right_behind_notes_of_several_lines_and_blank_lines(write: Callable[..., Path]):
    path = write(
        HEADER
        + '2024-08-01,JP,1,1000,"one\ntwo\r\nthree"\n\n2024-08-01,JP,1,x,\n2024-08-01,JP,1,2000,"a ""b"""\n'
    )
    with taken(path) as intake:
        assert refused(intake) == [(6, "text")]
        assert values(intake) == [1000, 2000]


def test_titles_above_the_header_are_passed_over(write: Callable[..., Path]):
    path = write("판매 목록\n\n" + HEADER + "2024-08-01,JP,1,x,\n2024-08-01,JP,1,5,\n")
    with taken(path) as intake:
        assert (values(intake), refused(intake)) == ([5], [(4, "text")])


def test_a_broken_row_takes_no_other_with_it(write: Callable[..., Path]):
    path = write(
        HEADER
        + '2024-08-01,JP,1,1000,"open\n2024-08-01,JP,1,2000,"b"\n2024-08-01,JP,1,3000\n'
        + "2024-08-01,JP,1,4000,x,y\n2024-08-01,JP,1,5000,x,,\n2024-08-01,JP,1,6000,\n"
    )
    with taken(path) as intake:
        assert values(intake) == [2000, 5000, 6000]
        assert refused(intake) == [(2, "quotes"), (4, "cells"), (5, "cells")]


def test_a_quote_that_nobody_closes_costs_one_line(write: Callable[..., Path]):
    path = write(HEADER + '2024-08-01,JP,1,1000,"open\n' + "2024-08-01,JP,1,2000,\n" * 3000)
    with taken(path) as intake:
        assert (intake.rows_counted, refused(intake)) == (3000, [(2, "quotes")])


def test_a_line_that_is_too_long_is_refused_and_the_next_one_read(write: Callable[..., Path]):
    path = write(HEADER + f"2024-08-01,JP,1,1000,{'x' * 5000}\n2024-08-01,JP,1,2000,\n")
    with taken(path, limits=Limits(line_chars=1000)) as intake:
        assert (values(intake), refused(intake)) == ([2000], [(2, "long")])
    with taken(path) as intake:
        assert values(intake) == [1000, 2000]


def test_bytes_of_no_encoding_cost_their_line(write: Callable[..., Path]):
    good = "".join(f"2024-08-01,일본,1,{n},가나다\n" for n in range(1, 20)).encode()
    path = write(
        HEADER.encode() + good + b"2024-08-01,\xff\xfe\xfa,1,50,\n" + "2024-08-01,일본,1,60,라\n".encode()
    )
    with taken(path) as intake:
        assert refused(intake) == [(21, "bytes")]
        assert values(intake)[-1] == 60


def test_too_many_refused_rows_stop_the_count(write: Callable[..., Path]):
    path = write(HEADER + "2024-08-01,JP,1,1000,\n" * 18 + "2024-08-01,JP,1,x,\n2024-08-01,KR,1,5,\n")
    with taken(path, max_rejected=0.05) as intake:  # 1 of 20; what goes to Korea is no fault
        assert intake.histogram().rows_rejected == 2
    with (
        taken(path, max_rejected=0.04) as intake,
        pytest.raises(
            InputError, match=r"1 of 20 rows \(5.0%\) cannot be counted, more than 4% may be; .*line 20: “x”"
        ),
    ):
        intake.histogram()


def test_nothing_to_count_is_said(write: Callable[..., Path]):
    with (
        taken(write(HEADER + "2024-08-01,KR,1,5,\n")) as intake,
        pytest.raises(InputError, match="No shipment is left"),
    ):
        intake.histogram()


def test_refused_rows_are_written_and_no_cell_acts(write: Callable[..., Path], tmp_path: Path):
    path = write(HEADER + '2024-08-01,JP,1,"=HYPERLINK(""x"")",\n2024-08-01,JP,1,-5,\n2024-08-01,JP,1,5,\n')
    with taken(path) as intake:
        intake.write_rejects(tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [(row["line"], row["reason"], row["cell"]) for row in written] == [
        ("2", "formula", '\'=HYPERLINK("x")'),
        ("3", "negative", "'-5"),
    ]
    assert {row["file"] for row in written} == {str(path)}


def test_months_without_a_date_are_unknown_and_said(write: Callable[..., Path]):
    with taken(write("value\n5\n")) as intake:
        assert intake.histogram().inputs[0].counted == {"": 1}
        assert any("no column of dates" in note for note in intake.notes)
        assert any("taken as won" in note for note in intake.notes)
