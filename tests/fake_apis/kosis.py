"""KOSIS: made-up quarters of online overseas sales and purchases whose leaves add up, and its documented faults."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from zlib import crc32

from werkzeug import Request, Response

from tests.fake_apis import FakeServer, Faults, as_json, text, xml

KEY = "a2Fw+b3Npcy9/a2V5LWZha2U="
KEYS = {"YEOKJIKGU_KOSIS_KEY": KEY}
FAULTS = {
    "kosis.busy": "answers err 40 (too many calls a minute), N times",
    "kosis.server": "answers err 50 (a fault of the server), N times",
    "kosis.xml-error": "errors come as XML",
    "kosis.errCode": "errors come under errCode instead of err",
    "kosis.other-frequency": "rows of years though quarters were asked for",
    "kosis.other-table": "rows of another table",
    "kosis.thousands": "the unit is 천원 (thousand won)",
    "kosis.signs": "one figure is “-”, one “...”, one “x”",
    "kosis.commas": "figures have commas",
    "kosis.tabs": "a raw TAB stands in a text",
    "kosis.wrong-total": "one total is 9 million won off",
    "kosis.late": "the newest N quarters are not out yet",
    "kosis.revision": "the newest two quarters as corrected for the Nth time",
}
MOST_CELLS = 40_000
NO_DATA = "데이터가 존재하지 않습니다."
RELEASED_AFTER = timedelta(days=31)

OLD_REGIONS = ("미국", "중국", "일본", "아세안(ASEAN)", "유럽연합(EU)", "중동", "중남미", "대양주", "기타")
# Since 2023 regions contain regions.
NEW_REGIONS = {
    "북미": ("미국", "캐나다"),
    "아시아": ("중국", "일본", "아세안(ASEAN)", "기타 아시아"),
    "유럽": ("유럽연합(EU)", "영국", "기타 유럽"),
    "중동": (),
    "중남미": (),
    "대양주": (),
    "기타": (),
}
PRODUCTS = (
    "컴퓨터 및 주변기기", "가전·전자·통신기기", "소프트웨어", "서 적", "사무·문구", "음반·비디오·악기", "의류 및 패션 관련상품",
    "스포츠·레저용품", "화장품", "아동·유아용품", "음·식료품", "농축수산물", "생활용품 및 자동차용품", "기 타",
)  # fmt: skip
WEIGHTS = {
    "미국": 9,
    "중국": 14,
    "일본": 11,
    "아세안(ASEAN)": 6,
    "화장품": 30,
    "의류 및 패션 관련상품": 14,
    "음반·비디오·악기": 9,
}
TYPES = {"면세점": 60, "면세점 이외": 40}


@dataclass(frozen=True)
class Table:
    title: str
    item: str
    axes: tuple[str, ...]
    million_won: float  # in a quarter of 2019


TABLES = {
    "DT_1KE10081": Table(
        "지역별/상품군별 온라인쇼핑 해외직접판매액",
        "해외직접판매액",
        ("지역별", "상품군별", "판매유형별"),
        600_000,
    ),
    "DT_1KE1009": Table(
        "국가(대륙)별/상품군별 온라인쇼핑 해외직접구매액",
        "해외직접구매액",
        ("국가(대륙)별", "상품군별"),
        900_000,
    ),
}
NAMES = {
    "지역별": "By region",
    "국가(대륙)별": "By country",
    "상품군별": "By commodity",
    "판매유형별": "By type",
}

Cell = tuple[str, str, str]  # region, product, type


class _RefusedError(Exception):
    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


def add_routes(server: FakeServer, faults: Faults) -> None:
    def answer(request: Request) -> Response:
        try:
            return _data(request, server, faults)
        except _RefusedError as refusal:
            if faults.on("kosis.xml-error"):
                return xml(f"<error><err>{refusal.code}</err><errMsg>{refusal.message}</errMsg></error>")
            name = "errCode" if faults.on("kosis.errCode") else "err"
            return as_json({name: refusal.code, "errMsg": refusal.message})

    server.answer("/openapi/Param/statisticsParameterData.do", answer)


def _data(request: Request, server: FakeServer, faults: Faults) -> Response:
    asked = request.args
    _check_call(request, faults)
    table = TABLES.get(asked.get("tblId", ""))
    if not table:
        raise _RefusedError("30", NO_DATA)
    _check_axes(request, len(table.axes))
    quarters = list(_quarters(request, server, faults))
    if not quarters:
        raise _RefusedError("30", NO_DATA)
    asked_for = (int(asked["endPrdDe"]) - int(asked["startPrdDe"])) // 100 * 4
    if asked_for * len(cells(table, "2026-Q1")) > MOST_CELLS:
        raise _RefusedError("31", "조회 가능한 셀 수(40,000)를 초과하였습니다.")
    rows = [row for quarter in quarters for row in _rows(asked["tblId"], table, quarter, server, faults)]
    _spoil(rows, faults)
    body = json.dumps(rows, ensure_ascii=False)
    if asked.get("jsonVD") != "Y":
        for name in rows[0]:
            body = body.replace(f'"{name}": ', f"{name}:")
    if faults.on("kosis.tabs"):
        body = body.replace("By region", "By\tregion", 1)
    return text(body)


def _check_call(request: Request, faults: Faults) -> None:
    asked = request.args
    if faults.take("kosis.busy"):
        raise _RefusedError("40", "호출가능건수를 초과하였습니다.")
    if faults.take("kosis.server"):
        raise _RefusedError("50", "서버오류가 발생하였습니다.")
    if not asked.get("apiKey"):
        raise _RefusedError("10", "인증KEY가 누락되었습니다.")
    if asked["apiKey"] != KEY:
        raise _RefusedError("11", "유효하지 않은 인증KEY입니다.")
    if asked.get("method") != "getList" or asked.get("orgId") != "101" or not asked.get("itmId"):
        raise _RefusedError("20", "필수요청변수값이 누락되었습니다.")


def _check_axes(request: Request, axes: int) -> None:
    given = {name: request.args[name] for name in request.args if name.startswith("objL")}
    if any(not given.get(f"objL{place}") for place in range(1, axes + 1)):
        raise _RefusedError("20", "필수요청변수값이 누락되었습니다. (objL)")
    if len(given) > axes:
        raise _RefusedError("21", "잘못된 요청 변수를 호출 하였습니다. (objL)")


def _quarters(request: Request, server: FakeServer, faults: Faults) -> Iterator[str]:
    """Quarters out by today; whatever frequency is asked for, the table has no other."""
    first, last = request.args.get("startPrdDe", ""), request.args.get("endPrdDe", "")
    out = released(server.today, int(faults.number("kosis.late")))
    for quarter in out:
        if first <= f"{quarter[:4]}0{quarter[-1]}" <= last:
            yield quarter


def released(today: str, late: int = 0) -> list[str]:
    """The quarters that are out by `today`, but for the newest `late` ones."""
    out = [
        f"{year}-Q{quarter}"
        for year in range(2014, int(today[:4]) + 1)
        for quarter in range(1, 5)
        if (_end(f"{year}-Q{quarter}") + RELEASED_AFTER).isoformat() <= today
    ]
    return out[: len(out) - late]


def _end(quarter: str) -> date:
    year, part = int(quarter[:4]), int(quarter[-1])
    return date(year + part // 4, part * 3 % 12 + 1, 1) - timedelta(days=1)


@cache
def cells(table: Table, quarter: str) -> dict[Cell, int]:
    """All cells of a quarter, leaves and totals, in million won."""
    leaves = {cell: _leaf(table, quarter, cell) for cell in _leaves(table, quarter)}
    new = quarter >= "2023"
    parts: dict[str, tuple[str, ...]] = {"합계": tuple({cell[0] for cell in leaves})}
    for region in NEW_REGIONS if new else OLD_REGIONS:
        inside = NEW_REGIONS[region] if new else ()
        parts |= {region: inside or (region,), **{each: (each,) for each in inside}}
    kinds = (
        {"계": tuple(TYPES), **{kind: (kind,) for kind in TYPES}} if len(table.axes) > 2 else {"계": ("계",)}
    )
    goods = {"합계": PRODUCTS, **{each: (each,) for each in PRODUCTS}}
    return {
        (region, good, kind): sum(leaves[leaf] for leaf in product(parts[region], goods[good], kinds[kind]))
        for region, good, kind in product(parts, goods, kinds)
    }


def _leaves(table: Table, quarter: str) -> Iterator[Cell]:
    regions: tuple[str, ...] = OLD_REGIONS
    if quarter >= "2023":
        regions = tuple(each for region, inside in NEW_REGIONS.items() for each in inside or (region,))
    return product(regions, PRODUCTS, tuple(TYPES) if len(table.axes) > 2 else ("계",))


@cache
def _leaf(table: Table, quarter: str, cell: Cell) -> int:
    years = int(quarter[:4]) + int(quarter[-1]) / 4 - 2019
    share = 1.0
    for name in cell:
        share *= WEIGHTS.get(name, TYPES.get(name, 100 if name == "계" else 2)) / 100
    noise = 0.8 + 0.4 * (crc32(f"{table.item}{quarter}{cell}".encode()) % 1000) / 1000
    return round(table.million_won * 1.06**years * share * noise * 6)


def _rows(
    table_id: str, table: Table, quarter: str, server: FakeServer, faults: Faults
) -> Iterator[dict[str, str]]:
    out = released(server.today)
    changed = (_end(out[-1]) + RELEASED_AFTER).isoformat()
    revised = int(faults.number("kosis.revision")) if quarter in out[-2:] else 0
    for cell, value in cells(table, quarter).items():
        row = {"ORG_ID": "101", "TBL_ID": table_id, "TBL_NM": table.title}
        for place, (axis, name) in enumerate(zip(table.axes, cell, strict=False), start=1):
            code = f"{crc32(name.encode()) % 1000:03}"
            row |= {f"C{place}": code, f"C{place}_NM": name, f"C{place}_OBJ_NM": axis}
            row |= {f"C{place}_OBJ_NM_ENG": NAMES[axis]}
        row |= {"ITM_ID": "T1", "ITM_NM": table.item, "UNIT_ID": "", "UNIT_NM": "백만원"}
        row |= {"PRD_SE": "Q", "PRD_DE": f"{quarter[:4]}0{quarter[-1]}"}
        # A correction moves all by the same hundred-fold, so that leaves still add up.
        yield row | {"DT": str(value * (1 + revised)), "LST_CHN_DE": changed}


def _spoil(rows: list[dict[str, str]], faults: Faults) -> None:
    for fault, name, value in (
        ("kosis.other-frequency", "PRD_SE", "A"),
        ("kosis.other-table", "TBL_NM", "온라인쇼핑몰 판매매체별/상품군별 거래액"),
        ("kosis.thousands", "UNIT_NM", "천원"),
    ):
        if faults.on(fault):
            for row in rows:
                row[name] = value
    if faults.on("kosis.signs"):
        for row, sign in zip(rows[-3:], ("-", "...", "x"), strict=True):
            row["DT"] = sign
    if faults.on("kosis.commas"):
        for row in rows:
            row["DT"] = f"{int(row['DT']):,}" if row["DT"].isdigit() else row["DT"]
    if faults.on("kosis.wrong-total"):
        row = next(row for row in rows if row["C1_NM"] == "미국" and row["C2_NM"] == "합계")
        row["DT"] = str(int(row["DT"].replace(",", "")) + 9_000)
