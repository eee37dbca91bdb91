"""World Bank indicators: made-up years of real countries, groups of countries among them, and the documented faults."""

import re
from zlib import crc32

from werkzeug import Request, Response

from tests.fake_apis import FakeServer, Faults, as_json, page, xml

KEYS: dict[str, str] = {}
FAULTS = {
    "worldbank.502": "answers 502 with a page, N times",
    "worldbank.xml-error": "errors come as XML though JSON was asked for",
    "worldbank.message": "answers that a parameter is not valid",
    "worldbank.short-pages": "gives at most N rows a page whatever is asked for",
    "worldbank.texts": "numbers of pages and rows are texts",
    "worldbank.groups": "groups of countries come beside the country asked for",
    "worldbank.bom": "the body starts with a byte order mark",
}
# ISO alpha-2 -> alpha-3, name, people in millions, GDP a head in USD, internet users in per cent.
COUNTRIES = {
    "KR": ("KOR", "Korea, Rep.", 51.7, 33_000, 97.0),
    "US": ("USA", "United States", 334.9, 76_000, 93.0),
    "JP": ("JPN", "Japan", 124.5, 34_000, 87.0),
    "CN": ("CHN", "China", 1410.7, 12_700, 77.0),
    "HK": ("HKG", "Hong Kong SAR, China", 7.5, 50_000, 96.0),
    "SG": ("SGP", "Singapore", 5.9, 84_000, 95.0),
    "CA": ("CAN", "Canada", 40.1, 53_000, 94.0),
    "MY": ("MYS", "Malaysia", 34.3, 11_600, 97.0),
    "PH": ("PHL", "Philippines", 117.3, 3_700, 76.0),
    "VN": ("VNM", "Viet Nam", 98.9, 4_300, 78.0),
    "TH": ("THA", "Thailand", 71.8, 7_200, 89.0),
    "ID": ("IDN", "Indonesia", 277.5, 4_900, 69.0),
    "AU": ("AUS", "Australia", 26.6, 64_000, 96.0),
    "GB": ("GBR", "United Kingdom", 68.4, 49_000, 96.0),
    "DE": ("DEU", "Germany", 84.5, 52_000, 92.0),
    "FR": ("FRA", "France", 68.2, 44_000, 87.0),
    "RU": ("RUS", "Russian Federation", 143.8, 13_800, 92.0),
    "MN": ("MNG", "Mongolia", 3.4, 5_800, 83.0),
    "MO": ("MAC", "Macao SAR, China", 0.7, 69_000, 88.0),
}
GROUPS = {
    "1W": ("WLD", "World", 8_000.0, 13_000, 67.0),
    "ZH": ("", "Africa Eastern and Southern", 740.0, 1_600, 30.0),
}
INDICATORS = {
    "SP.POP.TOTL": "Population, total",
    "NY.GDP.MKTP.CD": "GDP (current US$)",
    "NY.GDP.PCAP.CD": "GDP per capita (current US$)",
    "IT.NET.USER.ZS": "Individuals using the Internet (% of population)",
}


def add_routes(server: FakeServer, faults: Faults) -> None:
    server.answer(
        re.compile(r"/v2/country/[^/]+/indicator/[^/]+"), lambda request: _answer(request, server, faults)
    )


def _answer(request: Request, server: FakeServer, faults: Faults) -> Response:
    if faults.take("worldbank.502"):
        return page(502)
    _, _, _, places, _, indicator = request.path.split("/")
    everywhere = {**COUNTRIES, **GROUPS}
    chosen = (
        list(everywhere)
        if places == "all"
        else [
            code
            for place in places.split(";")
            for code, (long, *_) in everywhere.items()
            if place.upper() in {code, long}
        ]
    )
    years = re.fullmatch(r"([0-9]{4})(?::([0-9]{4}))?", request.args.get("date", "2019:2024"))
    if indicator not in INDICATORS or not chosen or not years or faults.on("worldbank.message"):
        return _invalid(faults)
    if request.args.get("format") != "json":
        return xml("<wb:data xmlns:wb='http://www.worldbank.org'/>")
    if faults.on("worldbank.groups"):
        chosen += list(GROUPS)
    wanted = range(int(years[2] or years[1]), int(years[1]) - 1, -1)  # the newest first
    rows = [
        _row(indicator, code, year, server)
        for code in chosen
        for year in wanted
        if year < int(server.today[:4])
    ]
    most = int(request.args.get("per_page", "50"))
    most = min(most, int(faults.number("worldbank.short-pages", most)))
    number = int(request.args.get("page", "1"))
    head: dict[str, object] = {
        "page": number if rows else 0,
        "pages": -(-len(rows) // most),
        "per_page": most,
        "total": len(rows),
        "sourceid": "2",
        "lastupdated": server.today,
    }
    if faults.on("worldbank.texts"):
        head |= {name: str(head[name]) for name in ("page", "pages", "per_page", "total")}
    response = as_json([head, rows[(number - 1) * most : number * most] or None])
    if faults.on("worldbank.bom"):
        response.set_data(b"\xef\xbb\xbf" + response.get_data())
    return response


def _invalid(faults: Faults) -> Response:
    words = "The provided parameter value is not valid"
    if faults.on("worldbank.xml-error"):
        return xml(
            '<?xml version="1.0" encoding="utf-8"?><wb:error xmlns:wb="http://www.worldbank.org">'
            f'<wb:message id="120" key="Invalid value">{words}</wb:message></wb:error>'
        )
    return as_json([{"message": [{"id": "120", "key": "Invalid value", "value": words}]}])


def _row(indicator: str, code: str, year: int, server: FakeServer) -> dict[str, object]:
    long, name, people, wealth, online = {**COUNTRIES, **GROUPS}[code]
    after = year - 2023
    noise = 0.99 + 0.02 * (crc32(f"{indicator}{code}{year}".encode()) % 1000) / 1000
    people, wealth = people * 1e6 * 1.004**after, wealth * 1.03**after * noise
    value: float | None = {
        "SP.POP.TOTL": round(people),
        "NY.GDP.MKTP.CD": round(people * wealth, 2),
        "NY.GDP.PCAP.CD": round(wealth, 2),
        "IT.NET.USER.ZS": round(min(online * 1.01**after, 99.9), 2),
    }[indicator]
    if year > int(server.today[:4]) - 2 + (indicator == "SP.POP.TOTL"):
        value = None  # not out yet
    return {
        "indicator": {"id": indicator, "value": INDICATORS[indicator]},
        "country": {"id": code, "value": name},
        "countryiso3code": long,
        "date": str(year),
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
    }
