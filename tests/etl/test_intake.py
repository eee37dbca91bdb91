"""Files of shipments: what is found, typed, converted, grouped and refused, each refusal with its file and line."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.errors import InputError
from etl.histogram import SCHEMA
from etl.intake import columns, rates
from etl.intake.reading import REASONS, Intake, Options, read
from etl.intake.sources import Limits
from etl.settings import ROOT

REFERENCE = ROOT / "data" / "reference"
HEADER = "신고일자,목적국,HS,결제금액,비고\n"


@contextmanager
def taken(*files: Path | str, **options: Any) -> Iterator[Intake]:
    with read(files, Options(**{"max_rejected": 1.0, **options}), REFERENCE) as intake:
        assert intake.rows_read == intake.rows_counted + intake.rows_rejected
        yield intake


def values(intake: Intake) -> list[int]:
    return [
        row[0] for row in intake.connection.execute("SELECT value_krw FROM shipments ORDER BY 1").fetchall()
    ]


def rows(intake: Intake) -> list[tuple[Any, ...]]:
    return intake.connection.execute(
        "SELECT CAST(date AS VARCHAR), destination, item, channel, value_krw FROM shipments ORDER BY ALL"
    ).fetchall()


def refused(intake: Intake) -> list[tuple[int, str]]:
    return [(line, reason) for _, line, reason, _, _ in intake.refusals()]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def apply(text: str | bytes, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return apply


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


def test_values_in_other_currencies_take_the_rate_of_their_month(write: Callable[..., Path]):
    text = "date,country,amount,currency\n2024-08-31,US,1000.50,USD\n2024-09-01,US,1000.50,usd\n2024-08-01,JP,100000,JPY\n2024-08-01,JP,70,KRW\n"
    path = write(text)
    with taken(path) as intake:
        # F383: August 2024 at 1,351.4436; September lies in the quarter F397 at 1,358.35: 1,359,029.175 won.
        assert values(intake) == [70, 1_352_119, 1_359_029]
        assert refused(intake) == [(4, "rate")]
        assert intake.conversions["USD 2024-08"].startswith("F383 (2024-08, fed_h10)")
        assert intake.conversions["USD 2024-09"].startswith("F397 (2024-Q3, bok)")
    with taken(path, rates=["JPY:2024-08=9.21", "USD=1,400"]) as intake:
        assert values(intake) == [70, 921_000, 1_400_700, 1_400_700]
        assert intake.conversions["JPY 2024-08"].startswith("given")


@pytest.mark.parametrize("name", ["amount_usd", "FOB (USD)", "금액(달러)", "amount [usd]", "Amount USD"])
def test_a_currency_in_the_name_of_the_column_counts(write: Callable[..., Path], name: str):
    with taken(write(f"date,{name}\n2024-08-01,1000.50\n")) as intake:
        assert values(intake) == [1_352_119]


def test_a_sign_settles_or_contradicts(write: Callable[..., Path]):
    path = write(
        "date,amount,currency\n2024-08-01,$10,SGD\n2024-08-01,¥10,JPY\n2024-08-01,€10,USD\n2024-08-01,$10,EUR\n"
    )
    with taken(path, rates=["SGD=1000", "JPY=9", "EUR=1500"]) as intake:
        assert values(intake) == [90, 10_000]
        assert refused(intake) == [(4, "currency"), (5, "currency")]


@pytest.mark.parametrize(
    "text", ["USD", "USD=", "USD=0", "USD=-1", "XXX=5", "USD:2024-13=5", "USD:2024=5", "USD=1.2.3"]
)
def test_rates_that_make_no_sense_are_refused(text: str):
    with pytest.raises(InputError, match="is no exchange rate"):
        rates.given([text])


def test_lines_of_one_order_are_one_shipment(write: Callable[..., Path]):
    path = write(
        "주문번호,주문일,국가,품목,금액\n"
        "A,2024-08-02,JP,330499,1500000\nA,2024-08-01,JP,610910,700000\nB,2024-08-01,US,1,100\nC,2024-08-01,US,1,x\nC,2024-08-01,US,1,900\n"
        ",2024-08-01,US,1,5\n"
    )
    with taken(path) as intake:
        # 1,500,000 + 700,000 exceed a limit of 2,000,000 that no single line exceeds; C is not known without its first line.
        assert rows(intake) == [
            ("2024-08-01", "JP", "330499", "", 2_200_000),
            ("2024-08-01", "US", "1", "", 100),
        ]
        assert (intake.rows_read, intake.rows_counted, intake.orders) == (6, 3, 2)
        assert refused(intake) == [(5, "text"), (6, "with"), (7, "order")]
        made = intake.histogram()
        assert (made.rows_read, made.rows_counted, made.rows_rejected) == (6, 3, 3)
        assert made.inputs[0].counted == {"2024-08": 3}
        assert sum(made.table.column("cases").to_pylist()) == 2
    with taken(path, columns={"order": ""}) as intake:
        assert intake.orders == intake.rows_counted == 5


def test_an_order_in_two_files_is_one(write: Callable[..., Path]):
    files = [write(f"order id,date,value\nA,2024-08-01,{value}\n", f"{value}.csv") for value in (10, 20)]
    with taken(*files) as intake:
        assert values(intake) == [30]
        assert [part.rows_read for part in intake.histogram().inputs] == [1, 1]


def test_shopify_orders_state_their_value_once(write: Callable[..., Path]):
    header = (
        "Name,Email,Financial Status,Currency,Subtotal,Shipping,Total,Created at,Lineitem name,Lineitem sku,"
    )
    header += "Shipping Country,Cancelled at,Source\n"
    path = write(
        header
        + "#1,a@b,paid,USD,1000.50,20,1020.50,2024-08-01 09:50:26 +0900,Cream,C1,JP,,web\n"
        + "#1,a@b,,,,,,2024-08-01 09:50:26 +0900,Mask,M1,,,\n"
        + "#2,a@b,paid,KRW,5000,0,5000,2024-08-02 09:50:26 +0900,Cream,C1,US,2024-08-03 00:00:00 +0900,web\n"
        + "#3,a@b,paid,KRW,7000,0,7000,2024-08-02 09:50:26 +0900,Cream,C1,KR,,web\n#3,,,,,,,2024-08-02 09:50:26 +0900,Mask,M1,,,\n"
        + "#4,a@b,paid,KRW,,0,7000,2024-08-02 09:50:26 +0900,Cream,C1,TW,,web\n"
        + "#6,a@b,paid,KRW,600,0,600,,Cream,C1,TW,,web\n"
        + "#5,a@b,paid,KRW,800,0,800,2024-08-02 09:50:26 +0900,Cream,C1,TW,,web\n"
        + "#5,a@b,paid,KRW,900,0,900,2024-08-02 09:50:26 +0900,Cream,C1,TW,,web\n"
    )
    with taken(path) as intake:
        assert intake.files[0].columns.preset is not None
        assert intake.files[0].columns.preset.preset == "shopify"
        assert rows(intake) == [("2024-08-01", "JP", "C1", "web", 1_352_119)]
        assert (intake.rows_read, intake.rows_counted, intake.orders) == (9, 2, 1)
        assert [reason for _, reason in refused(intake)] == [
            "cancelled",
            "domestic",
            "domestic",
            "empty",
            "date",
            "totals",
            "totals",
        ]
        intake.histogram()


def test_cafe24_lines_are_added_to_orders(write: Callable[..., Path]):
    path = write(
        "주문번호,품목별 주문번호,주문일시,상품코드,상품명(한국어 쇼핑몰),수량,상품구매금액(KRW),수령인 국가\n"
        '20240801-1,20240801-1-01,2024-08-01 10:00:00,P1,크림,2,"30,000",미국\n20240801-1,20240801-1-02,2024-08-01 10:00:00,P2,팩,1,"12,000",미국\n',
        encoding="cp949",
    )
    with taken(path) as intake:
        assert intake.files[0].columns.preset is not None
        assert intake.files[0].columns.preset.preset == "cafe24"
        assert rows(intake) == [("2024-08-01", "US", "P1", "", 42_000)]


def test_qoo10_carts_in_yen_and_shift_jis(write: Callable[..., Path]):
    path = write(
        "配送状態,注文番号,カート番号,注文日,商品名,数量,国家,決済サイト,通貨,購入者決済金額,販売者商品コード\n"
        '配送完了,1,77,2024/08/01 10:00:00,クリーム,1,JP,JP,JPY,"3,000",C1\n配送完了,2,77,2024/08/01 10:00:00,マスク,1,JP,JP,JPY,1500,M1\n',
        encoding="cp932",
    )
    with taken(path, rates=["JPY=9.4"]) as intake:
        assert intake.files[0].columns.preset is not None
        assert intake.files[0].columns.preset.preset == "qoo10-japan"
        assert rows(intake) == [("2024-08-01", "JP", "C1", "JP", 42_300)]


def test_ebay_takes_pieces_times_price_and_leaves_the_summing_line_out(write: Callable[..., Path]):
    path = write(
        '"Sales Record Number","Order Number","Ship To Country","Item Number","Custom Label","Quantity","Sold For","Total Price","Sale Date"\n'
        '"1","01-1","United States","","","3","$30.00","$35.00","Aug-01-24"\n'
        '"1","01-1","United States","111","C1","2","$10.00","","Aug-01-24"\n"1","01-1","United States","112","M1","1","US $10.00","","Aug-01-24"\n'
        '"2","01-2","Germany","111","C1","0","$10.00","","Aug-01-24"\n'
    )
    with taken(path, rates=["USD=1000"]) as intake:
        assert rows(intake) == [("2024-08-01", "US", "C1", "", 30_000)]
        assert refused(intake) == [(2, "summary"), (5, "quantity")]


def test_declarations_add_their_lines(write: Callable[..., Path]):
    path = write(
        "수출신고 목록\n신고번호,신고일자,수리일자,거래구분,목적국,세번부호,신고가격(FOB 원화)\n"
        "1-1,2024-07-31,20240801,15,JP,3304.99.1000,1500000\n1-1,2024-07-31,20240801,15,JP,6109.10,700000\n"
    )
    with taken(path) as intake:
        assert intake.files[0].columns.preset is not None
        assert intake.files[0].columns.preset.preset == "declarations"
        assert rows(intake) == [("2024-08-01", "JP", "3304991000", "15", 2_200_000)]


def test_each_preset_is_found_by_the_names_that_it_documents():
    for preset in columns.presets(REFERENCE).values():
        known = columns.names(REFERENCE)[preset.preset]
        header = [*dict.fromkeys([*preset.required, *(names[0] for names in known.values())])]
        found = columns.match("file", header, {}, None, REFERENCE)
        assert found.preset == preset
        assert {role: header[place] for role, place in found.places.items()} == {
            role: names[0] for role, names in known.items()
        }
        assert preset.document
        assert preset.note
        assert set(known) <= set(columns.ROLES)


@pytest.mark.parametrize(
    "header",
    [
        "신고금액",
        "결제금액",
        "주문금액",
        "FOB",
        "value",
        "amount",
        "total",
        "Total Price",
        "신고금액(원)",
        "value_krw",
        "FOB 금액",
        " VALUE ",
    ],
)
def test_values_are_found_by_name(header: str):
    assert columns.match("f", ["x", header], {}, None, REFERENCE).places["value"] == 1


def test_all_roles_are_found_in_both_languages():
    korean = ["신고일자", "목적국", "품목번호", "통관구분", "통화", "주문번호", "신고금액"]
    english = ["Order date", "Country", "HS code", "Channel", "Currency", "Order ID", "Amount"]
    for header in (korean, english):
        assert columns.match("f", header, {}, None, REFERENCE).places == {
            "date": 0,
            "destination": 1,
            "item": 2,
            "channel": 3,
            "currency": 4,
            "order": 5,
            "value": 6,
        }


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"value": "없음"}, "has no column “없음” for value: it has “가”, “나”, “나”"),
        ({"value": "나"}, "has 2 columns “나” for value: rename one of them"),
        ({"price": "가"}, "A column can be value, currency, .*, not “price”"),
        (
            {},
            "has no column of values that is known by name .“가”, “나”, “나”.: say which, as --column value=NAME",
        ),
    ],
)
def test_columns_that_are_not_there_are_named(write: Callable[..., Path], said: dict[str, str], message: str):
    path = write("가,나,나\n1,2,3\n")
    with pytest.raises(InputError, match=message), taken(path, columns=said):
        pass


def test_what_is_said_goes_before_what_is_found(write: Callable[..., Path]):
    path = write("date,amount,paid\n2024-08-01,5,7\n")
    with taken(path, columns={"value": "paid"}) as intake:
        assert values(intake) == [7]
    with (
        pytest.raises(InputError, match="There is no preset “amazon”: take one of shopify"),
        taken(path, preset="amazon"),
    ):
        pass


def test_json_lines(write: Callable[..., Path]):
    lines = [
        {"date": "2024-08-01", "country": "JP", "value": 1000},
        {"date": "2024-08-01", "country": "US", "value": "1,234,000", "extra": [1]},
        {"country": "US", "date": "2024-08-01"},
    ]
    text = (
        "\n".join(json.dumps(line) for line in lines)
        + '\n\n[1]\n{"value": 1\n{"date": "2024-08-02", "value": 2e3}\n'
    )
    with taken(write(text, "orders.jsonl")) as intake:
        assert values(intake) == [1000, 1_234_000]
        assert refused(intake) == [(3, "empty"), (5, "json"), (6, "json"), (7, "text")]


def test_parquet_with_types(tmp_path: Path):
    path = tmp_path / "orders[1].parquet"
    frame = {
        "date": pa.array([19936, 19936, None, 19937, 19937], pa.date32()),
        "destination": ["JP", "미국", "JP", "KR", None],
        "HS": pa.array([330499, 330499, 1, 1, 610910], pa.int64()),
        "value": pa.array([1000, 0, 3000, 4000, 5000], pa.int64()),
    }
    pq.write_table(pa.table(frame), path)
    other = tmp_path / "orders1.parquet"  # what a pattern would read in its place
    pq.write_table(pa.table({**frame, "value": pa.array([7] * 5, pa.int64())}), other)
    with taken(path) as intake:
        assert rows(intake) == [
            ("2024-08-01", "JP", "330499", "", 1000),
            ("2024-08-02", "", "610910", "", 5000),
        ]
        assert refused(intake) == [(2, "zero"), (3, "date"), (4, "domestic")]
        assert not intake.connection.execute("SELECT * FROM typed").fetchall(), (
            "a typed file is read where it is"
        )


def test_a_typed_file_gives_the_same_with_text_and_with_fractions(tmp_path: Path):
    days = ["2024-08-01", "2024-08-02"]
    for name, prices in (("text", ["1000", "2000"]), ("float", [1000.0, 2000.0]), ("int", [1000, 2000])):
        pq.write_table(pa.table({"date": days, "value": prices}), tmp_path / f"{name}.parquet")
        with taken(tmp_path / f"{name}.parquet") as intake:
            assert rows(intake) == [("2024-08-01", "", "", "", 1000), ("2024-08-02", "", "", "", 2000)]
    pq.write_table(pa.table({"value": [float("nan"), -1.0, None, 1e30, 5.0]}), tmp_path / "odd.parquet")
    with taken(tmp_path / "odd.parquet") as intake:
        assert values(intake) == [5]
        assert refused(intake) == [(1, "large"), (2, "negative"), (3, "empty"), (4, "large")]


def test_a_moment_falls_on_its_day_in_korea(tmp_path: Path):
    moments = pa.array(
        [1_722_438_000, 1_722_437_999], pa.timestamp("s", tz="UTC")
    )  # 31 July 2024, 15:00 and a second before
    pq.write_table(pa.table({"date": moments, "value": [1, 2]}), tmp_path / "orders.parquet")
    with taken(tmp_path / "orders.parquet") as intake:
        assert [row[0] for row in sorted(rows(intake), key=lambda row: row[-1])] == [
            "2024-08-01",
            "2024-07-31",
        ]


def test_a_typed_file_that_breaks_off_is_said(tmp_path: Path):
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table({"value": list(range(1, 50_000))}), path, compression="zstd")
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[4:half] = b"\0" * (half - 4)
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"), taken(path) as intake:
        intake.histogram()


def test_a_database_is_read_by_its_table_and_never_by_its_views(tmp_path: Path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(path) as made:
        made.execute(
            "CREATE TABLE orders AS SELECT DATE '2024-08-01' AS date, 'JP' AS country, 1000 AS value"
        )
        made.execute("CREATE VIEW elsewhere AS SELECT 42 AS value")  # as well read_csv of any file
    with taken(path) as intake:
        assert rows(intake) == [("2024-08-01", "JP", "", "", 1000)]
    with (
        pytest.raises(InputError, match=r"say which table to read, as --table NAME \(it has: main.orders\)"),
        taken(path, table="elsewhere"),
    ):
        pass
    with duckdb.connect(path) as made:
        made.execute("CREATE TABLE other AS SELECT 5 AS value")
    with taken(path, table="other") as intake:
        assert values(intake) == [5]


def test_a_histogram_is_not_taken_for_shipments(tmp_path: Path):
    pq.write_table(SCHEMA.empty_table(), tmp_path / "histogram.parquet")
    with (
        pytest.raises(InputError, match="is a histogram, not shipments"),
        taken(tmp_path / "histogram.parquet"),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.parquet", b"PAR1"), ("a.duckdb", b"x" * 5000), ("a.xlsx", b"PK"), ("a.csv.gz", b"\x1f\x8b")],
)
def test_files_that_are_not_what_they_say(write: Callable[..., Path], name: str, content: bytes):
    path = write(content, name)
    with pytest.raises(InputError, match=rf"{name} is no "), taken(path):
        pass


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


def test_packed_files_are_read_alike(write: Callable[..., Path], tmp_path: Path):
    text = (HEADER + "2024-08-01,JP,1,1000,\n").encode()
    write(gzip.compress(text), "a.csv.gz")
    with pa.CompressedOutputStream(str(tmp_path / "b.tsv.zst"), "zstd") as packed:
        packed.write(text.replace(b",", b"\t"))
    for name in ("a.csv.gz", "b.tsv.zst"):
        with taken(tmp_path / name) as intake:
            assert rows(intake) == [("2024-08-01", "JP", "1", "", 1000)]


def test_months_without_a_date_are_unknown_and_said(write: Callable[..., Path]):
    with taken(write("value\n5\n")) as intake:
        assert intake.histogram().inputs[0].counted == {"": 1}
        assert any("no column of dates" in note for note in intake.notes)
        assert any("taken as won" in note for note in intake.notes)


def test_what_was_unpacked_is_gone_afterwards(write: Callable[..., Path]):
    with taken(write(gzip.compress(b"value,x\n5,6\n"), "a.csv.gz")) as intake:
        inside = intake.files[0].source.path
        assert inside.exists()
    assert not inside.parent.exists()
