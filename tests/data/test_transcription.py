"""Every figure that was collected is in the warehouse, once, with its value and its source.

`figures_index.csv` holds what was collected: 703 figures (609 published, 94 derived) and 14 limits.
"""

import csv
import re
from collections import Counter
from pathlib import Path

import duckdb
import pytest

INDEX = list(
    csv.DictReader((Path(__file__).parent / "figures_index.csv").read_text(encoding="utf-8").splitlines())
)
STORED = {
    "observation": "SELECT observation_id, value, quality FROM core.observation",
    "exchange_rate": "SELECT rate_id, krw_per_usd, quality FROM core.exchange_rate",
    "fact": "SELECT fact_id, value, quality FROM core.fact",
    "limit": "SELECT limit_id, limit_krw, quality FROM core.clearance_limit",
}
# Figures that an article quotes beside a collected one, stored under the collected figure's number.
QUOTED_BESIDE = {
    "duty-free": 4,
    "growth": 48,
    "growth-cn": 1,
    "growth-us": 1,
    "qoq": 1,
    "share": 1,
    "sme-share": 4,
    "imports": 1,
    "value": 1,
    "cases": 1,
}

Stored = dict[str, tuple[float | None, str]]


def stored(connection: duckdb.DuckDBPyConnection, kind: str) -> Stored:
    return {key: (value, quality) for key, value, quality in connection.execute(STORED[kind]).fetchall()}


def collected(kind: str) -> Stored:
    return {
        row["id"]: (float(row["value"]) if row["value"] else None, row["quality"])
        for row in INDEX
        if row["kind"] == kind
    }


def test_the_index_is_complete():
    assert len({row["id"] for row in INDEX}) == len(INDEX)
    assert Counter(row["kind"] for row in INDEX) == {
        "observation": 538,
        "exchange_rate": 32,
        "fact": 39,
        "derived": 94,
        "limit": 14,
    }


@pytest.mark.parametrize("kind", STORED)
def test_each_figure_stands_in_its_table_with_its_value_and_quality(
    connection: duckdb.DuckDBPyConnection, kind: str
):
    ours = stored(connection, kind)
    wrong = {key: (value, ours.get(key)) for key, value in collected(kind).items() if ours.get(key) != value}
    assert not wrong


def test_no_figure_stands_in_two_tables(connection: duckdb.DuckDBPyConnection):
    found = Counter(key for kind in STORED for key in stored(connection, kind))
    assert not [key for key, times in found.items() if times > 1]


def test_derived_figures_are_not_stored(connection: duckdb.DuckDBPyConnection):
    assert not collected("derived").keys() & {key for kind in STORED for key in stored(connection, kind)}


def test_what_is_stored_beyond_the_collection_was_quoted_beside_a_collected_figure(
    connection: duckdb.DuckDBPyConnection,
):
    known = {row["id"] for row in INDEX}
    beyond = {key for kind in STORED for key in stored(connection, kind)} - known
    named = [re.fullmatch(r"(?P<of>[FG]\d{3})-(?P<what>[a-z-]+)", key) for key in beyond]
    assert all(match and match["of"] in known for match in named), beyond
    assert Counter(match["what"] for match in named if match) == QUOTED_BESIDE


@pytest.mark.parametrize(
    ("what", "rows"),
    [
        ("figure", "mart.observation"),
        ("rate", "mart.exchange_rate"),
        ("fact", "mart.fact"),
        ("limit", "mart.clearance_limit"),
    ],
)
def test_each_row_has_publisher_title_address_date_and_quality(
    connection: duckdb.DuckDBPyConnection, what: str, rows: str
):
    without = connection.execute(
        f"""
        SELECT r.source_id, s.publisher_ko, s.publisher_en, s.title, s.url, s.published, s.published_note_en
        FROM {rows} AS r LEFT JOIN core.source AS s USING (source_id)
        WHERE s.source_id IS NULL OR s.publisher_ko = '' OR s.publisher_en = '' OR s.title = ''
          OR r.quality = ''
          -- what is not known is said in words, in both languages
          OR ((s.url = '' OR s.published = '') AND (s.published_note_ko = '' OR s.published_note_en = ''))
        """  # noqa: S608 (one of the names above)
    ).fetchall()
    assert not without, what


def test_addresses_are_addresses(connection: duckdb.DuckDBPyConnection):
    urls = [url for (url,) in connection.execute("SELECT url FROM core.source WHERE url <> ''").fetchall()]
    assert not [url for url in urls if not re.match(r"https?://[^\s/]+\.[^\s/]+(/|$)", url)]


def test_figures_that_disagree_all_stay_and_one_is_preferred_with_a_reason(
    connection: duckdb.DuckDBPyConnection,
):
    groups = connection.execute(
        """
        SELECT count(*), count(*) FILTER (preferred), max(reason_ko) <> '' AND max(reason_en) <> ''
        FROM core.observation
        GROUP BY series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id
        HAVING min(value) <> max(value)
        """
    ).fetchall()
    assert len(groups) >= 10
    assert {(preferred, reason) for _, preferred, reason in groups} == {(1, True)}
