"""KOSIS: quarters by interface and from the web's CSV, totals held against leaves, errors by their number, over a real socket."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import BusyError, FormatError, RefusedError, SourceError
from etl.sources.kosis import (
    COLUMNS,
    DIRECT_PURCHASES,
    DIRECT_SALES,
    FILE,
    KEY,
    OLD_REGIONS,
    check_file,
    read_csv,
)
from etl.sources.source import Answer, Request, Rows
from tests.etl.desk import SCOPE, Desk, asking, rows_or_refusal, spoiled, statuses, with_params
from tests.fake_apis import FakeServer
from tests.fake_apis.kosis import OLD_REGIONS as FAKE_REGIONS
from tests.fake_apis.kosis import PRODUCTS

MILLION = 1_000_000
# The documented record: sales outside of duty-free shops in the first quarter of 2024, as published.
RECORD = {
    "ORG_ID": "101", "TBL_ID": "DT_1KE10081", "TBL_NM": "지역별/상품군별 온라인쇼핑 해외직접판매액", "C1": "A0", "C1_NM": "합계",
    "C1_NM_ENG": "Total", "C1_OBJ_NM": "지역별", "C1_OBJ_NM_ENG": "By region", "C2": "00", "C2_NM": "합계", "C2_NM_ENG": "Total",
    "C2_OBJ_NM": "상품군별", "C2_OBJ_NM_ENG": "By commodity", "C3": "1", "C3_NM": "면세점 이외", "C3_NM_ENG": "Other than duty free",
    "C3_OBJ_NM": "판매유형별", "C3_OBJ_NM_ENG": "By type", "ITM_ID": "T1", "ITM_NM": "해외직접판매액", "ITM_NM_ENG": "Overseas direct sales",
    "UNIT_ID": "", "UNIT_NM": "백만원", "UNIT_NM_ENG": "Million Won", "PRD_SE": "Q", "PRD_DE": "202401", "DT": "159201",
    "LST_CHN_DE": "2024-05-02",
}  # fmt: skip
FIRST_2024 = Request("kosis_direct_sales", "https://kosis.kr/", (), "table=DT_1KE10081", "2024-Q1", "2024-Q4")
# 합계 / 합계 / 계 in million won, as published.
TOTALS = {
    "2020.1/4": 1531212,
    "2021.4/4": 932840,
    "2022.1/4": 575319,
    "2023.1/4": 291336,
    "2024.1/4 p)": 399086,
}


def read(value: object) -> Rows:
    return DIRECT_SALES.read(Answer(200, json.dumps(value).encode()), FIRST_2024)


def cells(rows: Rows, **wanted: str) -> list[tuple[object, ...]]:
    """The rows that have these values, as tuples in the order of the columns after the first."""
    found = zip(*(rows.columns[name] for name in COLUMNS[1:]), strict=True)
    return [
        row for row in found if all(row[COLUMNS.index(name) - 1] == text for name, text in wanted.items())
    ]


def table(lines: Sequence[Sequence[str]], encoding: str = "cp949") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode(encoding)


# --- by interface


def test_the_documented_record():
    assert cells(read([RECORD])) == [("2024-Q1", "합계", "합계", "면세점 이외", 159201 * MILLION, True)]


def test_plans_ask_year_by_year_for_quarters_that_can_be_out():
    requests = DIRECT_SALES.plan(replace(SCOPE, since="2024-05"))
    assert [(request.start, request.end) for request in requests] == [
        ("2024-Q1", "2024-Q4"),
        ("2025-Q1", "2025-Q4"),
        ("2026-Q1", "2026-Q3"),  # the third quarter of 2026 ended 54 days ago, the fourth has not
    ]
    params = dict(requests[-1].params)
    assert (params["prdSe"], params["startPrdDe"], params["endPrdDe"]) == ("Q", "202601", "202603")
    assert (params["jsonVD"], params["orgId"], params["tblId"]) == ("Y", "101", "DT_1KE10081")
    assert [name for name in params if name.startswith("objL")] == ["objL1", "objL2", "objL3"]
    assert "objL3" not in dict(DIRECT_PURCHASES.plan(SCOPE)[0].params)
    assert DIRECT_SALES.plan(replace(SCOPE, since="2026-10", until="2026-12"))[0].end == "2026-Q3"
    assert not DIRECT_SALES.plan(replace(SCOPE, since="2026-01", today="2026-04-10"))


@pytest.mark.parametrize("dataset", [DIRECT_SALES, DIRECT_PURCHASES])
def test_all_quarters_arrive_in_won_and_add_up(desk: Desk, dataset):  # noqa: ANN001 (a Dataset)
    for request in dataset.plan(replace(SCOPE, since="2022-01")):
        rows, contradictions = desk.send(dataset, request)
        assert not contradictions
        assert min(rows.periods) == request.start
        assert max(rows.periods) == request.end
        assert set(rows.columns["table_id"]) == {dict(request.params)["tblId"]}
        (total,) = cells(rows, quarter=request.start, region="합계", product="합계", sales_type="계")
        assert int(str(total[4])) > 100_000 * MILLION


def test_only_the_newest_quarter_is_provisional(desk: Desk):
    rows, _ = desk.send(DIRECT_SALES, DIRECT_SALES.plan(SCOPE)[-1])
    provisional = {row[0] for row in cells(rows) if row[5]}
    assert (provisional, rows.periods - provisional) == ({"2026-Q3"}, {"2026-Q1", "2026-Q2"})


def test_regions_above_regions_and_straightened_names(desk: Desk):
    old, _ = desk.first(DIRECT_SALES, replace(SCOPE, since="2022-01"))
    new, _ = desk.first(DIRECT_SALES)
    assert set(old.columns["region"]) == {*FAKE_REGIONS, "합계"} == {*OLD_REGIONS, "합계"}
    assert {"북미", "캐나다", "유럽", "영국"} <= set(new.columns["region"])
    # “서 적” and “기 타” as published.
    assert {"서적", "기타", "합계"} < set(new.columns["product"])
    assert "컴퓨터 및 주변기기" in set(new.columns["product"])


def test_an_error_is_an_object_with_status_200(desk: Desk):
    answer = desk.transport._ask(DIRECT_SALES, with_params(DIRECT_SALES.plan(SCOPE)[0], itmId=""))
    assert answer.status == 200
    assert json.loads(answer.body)["err"] == "20"


@pytest.mark.parametrize("shape", [None, "kosis.errCode", "kosis.xml-error"])
def test_errors_come_in_three_shapes(publishers: FakeServer, shape: str | None):
    with asking(publishers, {KEY: "another-key-than-theirs"}) as desk:
        if shape:
            desk.faults.switch_on(shape)
        with pytest.raises(RefusedError, match=rf"KOSIS error 11.*check {KEY}"):
            desk.first(DIRECT_SALES)


def test_without_jsonvd_names_have_no_quotes(desk: Desk):
    with pytest.raises(FormatError, match=r"names without quotes.*jsonVD=Y"):
        desk.first(DIRECT_SALES, jsonVD="")


def test_too_few_axes_are_error_20(desk: Desk):
    with pytest.raises(RefusedError, match=r"KOSIS error 20.*\(objL\).*more than 3 axes"):
        desk.first(DIRECT_SALES, objL3="")


@pytest.mark.parametrize("code", ["ALL", ""])
def test_too_many_or_empty_axes_are_error_21(desk: Desk, code: str):
    request = DIRECT_PURCHASES.plan(SCOPE)[0]
    with pytest.raises(RefusedError, match=r"KOSIS error 21.*fewer than 2 axes"):
        desk.send(DIRECT_PURCHASES, replace(request, params=(*request.params, ("objL3", code))))


def test_error_30_is_no_rows_and_no_error(desk: Desk):
    rows, contradictions = desk.first(DIRECT_SALES, startPrdDe="202701", endPrdDe="202704")
    assert (rows.periods, contradictions) == (frozenset(), [])
    assert tuple(rows.columns) == COLUMNS


def test_more_than_40000_cells_are_error_31(desk: Desk):
    with pytest.raises(RefusedError, match=r"KOSIS error 31.*40,000"):
        desk.first(DIRECT_SALES, startPrdDe="201001", endPrdDe="202604")


def test_months_asked_of_a_table_of_quarters_bring_quarters_silently(desk: Desk):
    # 202404 is April to the one who asks and the fourth quarter to the table.
    rows, _ = desk.first(DIRECT_SALES, prdSe="M", startPrdDe="202404", endPrdDe="202404")
    assert rows.periods == {"2024-Q4"}
    desk.faults.switch_on("kosis.other-frequency")
    with pytest.raises(FormatError, match="asked for quarters and sent the frequency A"):
        desk.first(DIRECT_SALES)


def test_signs_are_no_figures(desk: Desk):
    plain, _ = desk.first(DIRECT_SALES)
    desk.faults.switch_on("kosis.signs")
    rows, contradictions = desk.first(DIRECT_SALES)
    assert len(rows.columns["quarter"]) == len(plain.columns["quarter"]) - 3
    assert rows.notes == ("Cells without a figure (-, ..., x) are left out, not taken for zero: 3",)
    assert not contradictions


def test_commas_in_figures_are_read(desk: Desk):
    plain, _ = desk.first(DIRECT_SALES)
    desk.faults.switch_on("kosis.commas")
    assert desk.first(DIRECT_SALES)[0] == plain


def test_a_raw_tab_in_a_text_is_read(desk: Desk):
    plain, _ = desk.first(DIRECT_SALES)
    desk.faults.switch_on("kosis.tabs")
    answer, rows = desk.transport.fetch(DIRECT_SALES, DIRECT_SALES.plan(SCOPE)[0])
    assert b"By\tregion" in answer.body
    assert rows == plain


def test_another_table_and_another_unit_are_noticed(desk: Desk):
    desk.faults.switch_on("kosis.other-table")
    with pytest.raises(FormatError, match="“온라인쇼핑몰 판매매체별/상품군별 거래액” instead of DT_1KE10081"):
        desk.first(DIRECT_SALES)
    desk.faults.switch_off("kosis.other-table")
    desk.faults.switch_on("kosis.thousands")
    with pytest.raises(FormatError, match="unit “천원”, not 백만원"):
        desk.first(DIRECT_SALES)


def test_a_total_that_is_not_the_sum_contradicts(desk: Desk):
    desk.faults.switch_on("kosis.wrong-total")
    _, contradictions = desk.first(DIRECT_SALES)
    # Once against the products; with 면세점 and 면세점 이외 it is the sum of the types that is off.
    assert "2024-Q1 / 미국 / 계: the parts differ from 합계 by 9,000 million won" in contradictions


@pytest.mark.parametrize("fault", ["kosis.busy", "kosis.server"])
def test_errors_40_and_50_wait_and_ask_again(desk: Desk, fault: str):
    desk.faults.switch_on(fault, 1)
    assert desk.first(DIRECT_SALES)[0].periods
    assert sum(desk.server.calls.values()) == 2
    assert (60.0 in desk.waits) == (fault == "kosis.busy")


def test_no_key_is_error_10():
    with pytest.raises(RefusedError, match=f"KOSIS error 10.*check {KEY}"):
        read({"err": "10", "errMsg": "인증KEY가 누락되었습니다."})


def test_what_was_last_changed_long_after_its_quarter_is_no_first_print():
    # The first quarter of 2024 ended on 31 March: 32 and 123 days before.
    dates = {"2024-05-02": True, "2024-08-01": False, "2024-13-01": False, None: False}
    for changed, provisional in dates.items():
        assert read([{**RECORD, "LST_CHN_DE": changed}]).columns["provisional"] == [provisional]


def test_quarters_that_were_not_asked_for_contradict():
    rows = read([{**RECORD, "PRD_DE": "202304"}])
    assert DIRECT_SALES.check(rows, FIRST_2024, {})[0] == "asked for 2024-Q1 to 2024-Q4, got 2023-Q4 too"


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ([{**RECORD, "PRD_DE": "202405"}], FormatError),
        ([{**RECORD, "PRD_DE": "2024Q1"}], FormatError),
        ([{**RECORD, "C2_OBJ_NM": "판매매체별"}], FormatError),
        ([{**RECORD, "C3_OBJ_NM": "상품군별"}], FormatError),
        ([{**RECORD, "ITM_NM": "해외직접구매액"}], FormatError),
        ([RECORD, {**RECORD, "ITM_ID": "T2", "ITM_NM": "전년동기비"}], FormatError),
        ([{**RECORD, "DT": "1.5"}], FormatError),
        ([{**RECORD, "DT": None}], FormatError),
        ([{**RECORD, "DT": "1,59201"}], FormatError),
        ([RECORD, RECORD], FormatError),
        ([[RECORD]], FormatError),
        ({"err": "99"}, RefusedError),
        ({"err": 50}, BusyError),
        ({"errMsg": "?"}, FormatError),
    ],
)
def test_broken_bodies_have_named_errors(value: object, error: type[SourceError]):
    with pytest.raises(error):
        read(value)


@given(st.binary(max_size=300), statuses)
def test_any_bytes_give_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DIRECT_SALES, Answer(status, body), FIRST_2024)


@given(spoiled([RECORD, {**RECORD, "C3_NM": "면세점"}]), statuses)
def test_any_spoiled_body_gives_rows_or_a_named_error(body: bytes, status: int):
    rows_or_refusal(DIRECT_SALES, Answer(status, body), FIRST_2024)


# --- from the web's CSV


# The last name of the header comes without quotation marks, as in the files of the web.
LONG = (
    '"국가(대륙)별","상품군별","판매유형별","시점",데이터\n'
    '"미국","화장품","면세점 이외","2017.1/4",7539\n'
    '"미국","화장품","면세점 이외","2020.4/4",14076\n'
    '"미국","화장품","면세점 이외","2022.2/4 p)",5438\n'
    '"미국","서 적","면세점 이외","2022.2/4 p)",-\n'
)
WIDE_HEADER = ["지역별(1)", "지역별(2)", "상품군별(1)", "판매유형별(1)", *TOTALS]
WIDE = [
    WIDE_HEADER,
    ["합계", "소계", "합계", "계", *map(str, TOTALS.values())],
    ["합계", "소계", "합계", "면세점", "...", "x", "-", "", "239885"],
    ["합계", "소계", "합계", "면세점 이외", "...", "x", "-", "", "159201"],
    ["북미", "소계", "합계", "계", "-", "-", "-", "1,234", "5678 e"],
    ["북미", "미국", "합계", "계", "-", "-", "-", "1,000", "▽ 5000"],
]


@pytest.mark.parametrize("encoding", ["cp949", "utf-8-sig", "utf-8"])
def test_a_long_csv_with_published_figures(encoding: str):
    rows = read_csv(LONG.encode(encoding))
    assert cells(rows) == [
        ("2017-Q1", "미국", "화장품", "면세점 이외", 7539 * MILLION, False),
        ("2020-Q4", "미국", "화장품", "면세점 이외", 14076 * MILLION, False),
        ("2022-Q2", "미국", "화장품", "면세점 이외", 5438 * MILLION, True),
    ]
    assert set(rows.columns["table_id"]) == {"DT_1KE10081"}
    assert rows.periods == {"2017-Q1", "2020-Q4", "2022-Q2"}
    assert rows.notes == ("Cells without a figure (-, ..., x) are left out, not taken for zero: 1",)


@pytest.mark.parametrize("encoding", ["cp949", "utf-8-sig"])
def test_a_wide_csv_with_published_totals(encoding: str):
    rows = read_csv(table(WIDE, encoding))
    totals = cells(rows, region="합계", product="합계", sales_type="계")
    assert [row[4] for row in totals] == [value * MILLION for value in TOTALS.values()]
    assert [row[5] for row in totals] == [False, False, False, False, True]
    # 239,885 in duty-free shops and 159,201 elsewhere are 399,086.
    assert check_file(rows) == []
    assert [row[1:5] for row in cells(rows, quarter="2024-Q1") if row[1] != "합계"] == [
        ("북미", "합계", "계", 5678 * MILLION),
        ("미국", "합계", "계", 5000 * MILLION),
    ]


def test_estimates_and_provisional_figures_are_to_be_revised():
    rows = read_csv(table(WIDE))
    assert [row[5] for row in cells(rows, region="북미")] == [False, True]
    signed = read_csv(LONG.replace("7539", "7539 p)").replace("14076", "14076e").encode())
    assert [(row[4], row[5]) for row in cells(signed)][:2] == [
        (7539 * MILLION, True),
        (14076 * MILLION, True),
    ]


def test_a_second_header_line_says_what_is_measured():
    lines = [WIDE_HEADER, [*WIDE_HEADER[:4], *["해외직접판매액 (백만원)"] * 5], *WIDE[1:]]
    assert read_csv(table(lines)) == read_csv(table(WIDE))
    lines[1][4:] = ["해외직접판매액 (천원)"] * 5
    with pytest.raises(FormatError, match="unit is “천원”"):
        read_csv(table(lines))


def test_columns_of_item_and_unit_are_checked():
    long = LONG.replace("시점,", "항목,단위,시점,").replace('"시점",', '"항목","단위","시점",')
    long = long.replace('"면세점 이외",', '"면세점 이외","해외직접판매액","백만원",')
    assert read_csv(long.encode()) == read_csv(LONG.encode())
    with pytest.raises(FormatError, match="unit is “천원”"):
        read_csv(long.replace("백만원", "천원").encode())
    with pytest.raises(FormatError, match="measures “해외직접구매액”, expected 해외직접판매액"):
        read_csv(long.replace("해외직접판매액", "해외직접구매액").encode())
    wide = [["항목", "단위", *WIDE[0]]] + [["해외직접판매액", "백만원", *line] for line in WIDE[1:]]
    assert read_csv(table(wide)) == read_csv(table(WIDE))
    wide[1][1] = "억원"
    with pytest.raises(FormatError, match="unit is “백만원, 억원”"):
        read_csv(table(wide))


def test_without_types_of_sale_it_is_the_table_of_purchases():
    rows = read_csv(LONG.replace(',"판매유형별"', "").replace(',"면세점 이외"', "").encode())
    assert set(rows.columns["table_id"]) == {"DT_1KE1009"}
    assert set(rows.columns["sales_type"]) == {"계"}


def test_long_and_wide_say_the_same():
    quarters = ["2022.3/4", "2022.4/4 p)"]
    wide = [["지역별(1)", "상품군별(1)", "판매유형별(1)", *quarters]]
    long = [["지역별", "상품군별", "판매유형별", "시점", "데이터"]]
    for place, product in enumerate(PRODUCTS):
        wide.append(["일본", product, "계", str(place), str(place * 7)])
        long += [
            ["일본", product, "계", quarters[0], str(place)],
            ["일본", product, "계", quarters[1], str(place * 7)],
        ]
    assert read_csv(table(wide)) == read_csv(table(long))


def test_what_the_interface_sends_and_the_csv_of_it_are_the_same_rows(desk: Desk):
    sent, _ = desk.first(DIRECT_SALES)
    lines = [["지역별", "상품군별", "판매유형별", "시점", "데이터"]]
    for quarter, region, product, kind, value, _ in cells(sent):
        lines.append(
            [
                str(region),
                str(product),
                str(kind),
                f"{str(quarter)[:4]}.{str(quarter)[-1]}/4",
                str(int(str(value)) // MILLION),
            ]
        )
    assert cells(read_csv(table(lines))) == cells(sent)


def test_a_file_whose_parts_do_not_add_up_contradicts():
    lines = [list(line) for line in WIDE]
    lines[2][-1] = "139885"
    rows = read_csv(table(lines))
    assert check_file(rows) == ["2024-Q1 / 합계 / 합계: the parts differ from 계 by 100,000 million won"]


def test_each_quarter_is_held_against_the_names_of_its_own_time():
    # The two goods were renamed in between; the parts of the older quarter fall short.
    lines = [["지역별", "상품군별", "판매유형별", "시점", "데이터"]]
    for quarter, names, total in (
        ("2022.4/4", ("생활용품 및 자동차용품", "화장품"), "50"),
        ("2023.1/4", ("생활·자동차용품", "화장품"), "20"),
    ):
        lines += [["일본", name, "계", quarter, "10"] for name in names] + [
            ["일본", "합계", "계", quarter, total]
        ]
    contradictions = check_file(read_csv(table(lines)))
    assert contradictions == ["2022-Q4 / 일본 / 계: the parts differ from 합계 by 30 million won"]


def test_regions_add_up_where_none_contains_another():
    lines = [["지역별(1)", "상품군별(1)", "판매유형별(1)", "2020.1/4"], ["합계", "합계", "계", "90009"]]
    lines += [[region, "합계", "계", "10001"] for region in sorted(OLD_REGIONS)]
    assert check_file(read_csv(table(lines))) == []
    lines[-1][-1] = "30001"
    assert check_file(read_csv(table(lines))) == [
        "2020-Q1 / 합계 / 계: the parts differ from 합계 by 20,000 million won"
    ]


def test_a_table_that_is_wrong_throughout_says_so_shortly():
    lines = [["지역별(1)", "상품군별(1)", "판매유형별(1)", "2020.1/4"]]
    for product in PRODUCTS:
        lines += [
            ["일본", product, kind, amount]
            for kind, amount in (("계", "99"), ("면세점", "10"), ("면세점 이외", "10"))
        ]
    found = check_file(read_csv(table(lines)))
    assert (len(found), found[-1]) == (6, "and 9 more contradictions")


def test_a_grand_total_of_another_scale_contradicts():
    lines = [["지역별(1)", "상품군별(1)", "판매유형별(1)", "2024.1/4"], ["합계", "합계", "계", "399"]]
    (contradiction,) = check_file(read_csv(table(lines)))
    assert "399,000,000 won cannot be in the unit" in contradiction


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        ("국가,금액\n미국,1".encode(), "is none of KOSIS’s: expected a column 시점"),
        (LONG.replace("시점", "기간").encode(), "expected a column 시점"),
        (LONG.replace("데이터", "비고").encode(), "needs one column 데이터"),
        (LONG.replace("상품군별", "판매매체별").encode(), "“판매매체별” is no axis"),
        (LONG.replace("2017.1/4", "2017.01").encode(), "Line 2 has the period “2017.01”"),
        (LONG.replace("7539", "7.5").encode(), "Line 2 holds “7.5”"),
        (LONG.replace('"2017.1/4",7539', '"2017.1/4",7539,1').encode(), "Line 2 has 6 cells, the header 5"),
        (
            LONG.replace(
                '"미국","화장품","면세점 이외","2020.4/4"', '"미국","화장품","면세점 이외","2017.1/4"'
            ).encode(),
            "more than once",
        ),
        (LONG.replace('"미국"', '""', 1).encode(), "does not name its region"),
        (
            table([["지역별(1)", "2020.1/4", "비고", "2020.2/4"], ["합계", "1", "", "2"]]),
            "“비고” stands among the quarters",
        ),
        (table([["지역별(1)", "2020.1/4"], ["합계", "1"]]), "needs one column"),
        (LONG.encode("utf-16"), "bytes that no text has"),
        (b'"a","b\n\x80\x80', "neither UTF-8 nor cp949"),
        (b"PK\x03\x04\x00", "bytes that no text has"),
        (b'"open', "no CSV of KOSIS"),
    ],
)
def test_any_other_file_is_refused_in_a_sentence(body: bytes, sentence: str):
    with pytest.raises(FormatError) as caught:
        read_csv(body)
    assert sentence in str(caught.value)


csv_letters = st.sampled_from(
    [
        '"',
        ",",
        "\n",
        "시점",
        "데이터",
        "지역별(1)",
        "상품군별",
        "2024.1/4",
        "p)",
        "-",
        "1,000",
        "합계",
        "x",
        " ",
    ]
)


@given(
    st.one_of(
        st.binary(max_size=200), st.lists(csv_letters, max_size=40).map(lambda words: "".join(words).encode())
    )
)
def test_any_file_gives_rows_or_a_named_error(body: bytes):
    rows_or_refusal(FILE, Answer(200, body), Request("kosis_file", "file", (), "", "", ""))


@given(
    st.sampled_from([LONG.encode(), table(WIDE)]),
    st.integers(0, 400),
    st.integers(0, 40),
    st.binary(max_size=4),
)
def test_any_changed_file_gives_rows_or_a_named_error(body: bytes, start: int, length: int, piece: bytes):
    rows_or_refusal(
        FILE,
        Answer(200, body[:start] + piece + body[start + length :]),
        Request("kosis_file", "file", (), "", "", ""),
    )
