"""Columns found by name, currencies, lines of one order, and the presets of real exports."""

from collections.abc import Callable
from pathlib import Path

import pytest

from etl.errors import InputError
from etl.intake import columns, rates
from tests.etl.intake.taken import REFERENCE, refused, rows, taken, values


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
