"""The two readers of text files give the same rows, and the careful one knows each line."""

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import InputError
from etl.intake import delimited, tables
from etl.intake.delimited import Broken, Form
from etl.intake.reading import Options, read
from etl.intake.sources import Limits, Source
from etl.settings import ROOT

REFERENCE = ROOT / "data" / "reference"
LIMITS = Limits()
CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\n", exclude_categories=["Cs"]), max_size=8
)
NOTES = st.text(st.sampled_from('ab,"\n \t가;'), max_size=8)


def plain(path: Path, delimiter: str = ",", *, damaged: bool = False) -> list[delimited.Row]:
    return list(delimited.rows(path, Form("utf-8", damaged, delimiter, None), LIMITS))


@given(
    st.lists(st.lists(NOTES, min_size=2, max_size=2), min_size=1, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_csv_writes_is_read_with_its_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], end: str
):
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    text, expected = "", []
    for number, row in enumerate(rows):
        out = io.StringIO()
        csv.writer(out, lineterminator=end).writerow([f"r{number}", *row])
        expected.append((text.count("\n") + 1, [f"r{number}", *row]))
        text += out.getvalue()
    path.write_bytes(text.encode())
    assert plain(path) == expected


@settings(max_examples=40)
@given(st.data())
def test_quick_and_careful_reader_agree(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject):
    width = data.draw(st.integers(2, 4))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=10))
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["value", *(f"x{n}" for n in range(1, width))])
        writer.writerows(rows)
    opening = tables.Opening(
        {f"{role}": f"x{n}" for n, role in enumerate(("item", "channel", "order"), 1) if n < width},
        None,
        None,
        REFERENCE,
        path.parent,
        LIMITS,
    )
    found, quickly = [], list[bool]()
    for quick in (True, False):
        with duckdb.connect() as connection:
            source = Source("rows.csv", path, "csv", "")
            cells = tables.open_file(connection, source, 0, opening, quick=quick)
            columns = "line, coalesce(value_text, ''), coalesce(item, ''), coalesce(channel, ''), coalesce(order_id, '')"
            query = f"SELECT {columns} FROM ({cells.relation}) ORDER BY line"  # noqa: S608 - built by the reader under test
            found.append((connection.execute(query).fetchall(), cells.broken))
            quickly.append(cells.relation.startswith("SELECT rowid"))
    assert found[0] == found[1]
    assert quickly[1] is False
    # Only rows whose cells are all blank, and lone quotes that both read alike, may send DuckDB's reader home.
    if all(any(cell.strip() for cell in row) for row in rows):
        assert quickly[0]


@settings(max_examples=60)
@given(st.text(st.sampled_from('a1,"\n\r\t;가 '), max_size=60))
def test_no_text_stops_the_reader_and_no_line_is_lost(tmp_path_factory: pytest.TempPathFactory, text: str):
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    path.write_bytes(("value,note\n" + text + "\n5,last\n").encode())
    with read([path], Options(max_rejected=1.0), REFERENCE) as intake:
        assert intake.rows_read == intake.rows_counted + intake.rows_rejected
        counted = intake.connection.execute("SELECT count(*) FROM judged WHERE reason = ''").fetchone()
        assert counted == (intake.rows_counted,)
        assert len(list(intake.refusals())) == intake.rows_rejected


def test_lines_are_those_of_an_editor(tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_bytes(b'a,b\r\n\r\n"1\r\n2",x\n3,"y"z\n4,"open\n5,"q"\n\n6,z')
    assert plain(path) == [
        (1, ["a", "b"]),
        (3, ["1\r\n2", "x"]),
        Broken(5, "quotes", '3,"y"z'),
        Broken(6, "quotes", '4,"open'),
        (7, ["5", "q"]),
        (9, ["6", "z"]),
    ]


def test_a_cell_beyond_what_csv_takes_is_a_long_line(tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n1," + "x" * 200_000 + "\n2,y\n", encoding="utf-8")
    assert [row if isinstance(row, tuple) else (row.line, row.reason) for row in plain(path)] == [
        (1, ["a", "b"]),
        (2, "long"),
        (3, ["2", "y"]),
    ]


def test_an_empty_file_is_said(tmp_path: Path):
    (tmp_path / "empty.csv").touch()
    with pytest.raises(InputError, match="is empty"), read([tmp_path / "empty.csv"], Options(), REFERENCE):
        pass


def test_the_encoding_that_spoils_fewest_lines_is_taken(tmp_path: Path):
    path = tmp_path / "orders.csv"
    path.write_bytes("금액,비고\n5,가나다\n6,라마바\n".encode("cp949") + b"7,\xff\n")
    form = delimited.form_of(path, "orders.csv", LIMITS, lambda cells: cells[0] == "금액")
    assert (form.encoding, form.damaged, form.delimiter, form.lines) == ("cp949", True, ",", 4)
