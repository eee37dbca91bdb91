"""Received figures in the market table: newer ones of the World Bank take the place of shipped ones, Comtrade brings its columns."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest

from etl import refresh
from etl.settings import ROOT, Access, Settings
from etl.sources.registry import DATASETS
from etl.transport import Transport
from etl.warehouse import build
from tests.etl.desk import QUICK
from tests.fake_apis import FakeServer, all_keys

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(
    publishers: FakeServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The project's figures with what a refresh of three publishers brought for Japan."""
    folder = tmp_path_factory.mktemp("received")
    settings = Settings(ROOT / "data" / "reference", folder / "raw", folder)
    access = Access(all_keys(), publishers.base)
    order = refresh.Order(("worldbank", "comtrade", "frankfurter"), "2022-01", None, ("3304",), ("JP",))
    with Transport(access, QUICK, sleep=lambda _: None) as door:
        planned = refresh.plan(order, settings, access, DATASETS, NOW)
        result = refresh.run(planned, settings, door, lambda _: None, lambda *_: None, clock=lambda: NOW)
    assert not result.failed
    with duckdb.connect(build(settings, lambda _: None).path, read_only=True) as connection:
        yield connection


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    found = connection.execute(sql)
    names = [column[0] for column in found.description or ()]
    (row,) = found.fetchall()
    return dict(zip(names, row, strict=True))


def test_a_newer_indicator_takes_the_place_of_the_shipped_one(filled: duckdb.DuckDBPyConnection):
    received = one(
        filled,
        "SELECT max(year) AS year FROM mart.indicator WHERE country = 'JP' AND indicator = 'SP.POP.TOTL'",
    )
    cell = one(filled, "SELECT * FROM mart.market WHERE destination_id = 'JP' AND column_id = 'population'")
    assert received["year"] > "2024"
    assert (cell["period"], cell["grade"]) == (received["year"], "A")
    assert cell["input_ids"] == [f"received:SP.POP.TOTL:JP:{received['year']}"]
    cited = one(
        filled,
        f"SELECT * FROM mart.market_citation WHERE observation_id = '{cell['input_ids'][0]}'",  # noqa: S608 (our own id)
    )
    assert (cited["publisher_en"], cited["value"]) == ("World Bank", cell["value"])
    assert "2026-11-20" in cited["note_en"]


def test_who_was_not_asked_for_keeps_the_shipped_figure(filled: duckdb.DuckDBPyConnection):
    cell = one(filled, "SELECT * FROM mart.market WHERE destination_id = 'US' AND column_id = 'population'")
    assert (cell["period"], cell["input_ids"]) == ("2024", ["population-US-2024"])


def test_imports_and_the_share_of_korea_appear_with_comtrade(filled: duckdb.DuckDBPyConnection):
    imports = one(
        filled,
        "SELECT * FROM mart.market WHERE destination_id = 'JP' AND column_id = 'imports' AND item_id = 'cosmetics'",
    )
    share = one(
        filled,
        "SELECT * FROM mart.market WHERE destination_id = 'JP' AND column_id = 'korea_share' AND item_id = 'cosmetics'",
    )
    trade = one(
        filled,
        "SELECT sum(value) FILTER (flow = 'M') AS imports, sum(value) FILTER (flow = 'X') AS exports FROM mart.received_trade "
        "WHERE destination_id = 'JP' AND hs_code = '3304'",
    )
    assert imports["value"] == pytest.approx(trade["imports"])
    assert share["value"] == pytest.approx(100 * trade["exports"] / trade["imports"])
    assert (imports["grade"], share["grade"]) == ("B", "B")
    assert len(share["input_ids"]) == 2


def test_a_received_rate_takes_the_place_of_the_shipped_average(filled: duckdb.DuckDBPyConnection):
    newest = one(filled, "SELECT * FROM mart.currency_rate WHERE currency = 'JPY'")
    shipped = one(filled, "SELECT * FROM mart.currency_rate WHERE currency = 'VND'")
    assert newest["evidence"] == "published"
    assert newest["period"] > "2026"
    assert (shipped["evidence"], shipped["period"]) == ("derived", "2024")


def test_without_comtrade_the_columns_are_not_there(connection: duckdb.DuckDBPyConnection):
    assert (
        one(
            connection, "SELECT count(*) AS n FROM mart.market WHERE column_id IN ('imports', 'korea_share')"
        )["n"]
        == 0
    )
