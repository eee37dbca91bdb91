"""Import thresholds that overlap or leave a gap for one destination, route and goods stop a build; drafts and plans do not."""

import re
from collections.abc import Callable, Iterator

import duckdb
import pytest

from etl.errors import CheckError, RowError
from etl.settings import Settings
from etl.warehouse import build, sql

RULES = "destination_rules.csv"
OVERLAP, GAP = "do not overlap", "leave no gap"


def check(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
    """The rows that one rule of `checks.sql` finds, by the end of its name."""
    found = re.search(
        rf"^-- check: [^\n]*{name}\n(.*?)(?=^-- check: |\Z)", sql("checks.sql"), re.MULTILINE | re.DOTALL
    )
    assert found is not None
    return connection.execute(found[1]).fetchall()


@pytest.fixture
def rules(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The rules of Thailand alone, in a table of their own that may be changed: three by two routes, without overlap or gap."""
    thai = connection.execute("SELECT * FROM core.destination_rule WHERE destination_id = 'TH'").df()
    assert len(thai) == 6
    with duckdb.connect() as own:
        own.register("thai", thai)
        own.execute("CREATE SCHEMA core")
        own.execute("CREATE TABLE core.destination_rule AS FROM thai")
        own.execute("ALTER TABLE core.destination_rule ALTER valid_from_day TYPE date")
        own.execute("ALTER TABLE core.destination_rule ALTER valid_to_day TYPE date")
        yield own


def test_as_transcribed_nothing_overlaps_and_nothing_is_missing(rules: duckdb.DuckDBPyConnection):
    assert check(rules, OVERLAP) == check(rules, GAP) == []


@pytest.mark.parametrize(
    ("change", "name", "rows"),
    [
        # TH-2024 runs from 2024-07-05 to 2025-12-31, TH-2026 from 2026-01-01 on; each on two routes
        ("SET valid_to_day = DATE '2026-01-01' WHERE rule_id = 'TH-2024'", OVERLAP, 2),
        ("SET valid_to_day = NULL WHERE rule_id = 'TH-2024'", OVERLAP, 2),
        ("SET valid_from_day = NULL WHERE rule_id = 'TH-2026'", OVERLAP, 4),
        ("SET valid_to_day = DATE '2026-01-01' WHERE rule_id = 'TH-2024' AND route = 'post'", OVERLAP, 1),
        ("SET valid_to_day = DATE '2025-12-30' WHERE rule_id = 'TH-2024'", GAP, 2),
        ("SET valid_from_day = DATE '2026-01-02' WHERE rule_id = 'TH-2026' AND route = 'express'", GAP, 1),
    ],
)
def test_a_day_too_many_or_too_few_is_found(
    rules: duckdb.DuckDBPyConnection, change: str, name: str, rows: int
):
    rules.execute(f"UPDATE core.destination_rule {change}")
    assert len(check(rules, name)) == rows
    assert check(rules, GAP if name == OVERLAP else OVERLAP) == []


@pytest.mark.parametrize("status", ["draft", "planned"])
def test_what_is_not_adopted_stands_apart(rules: duckdb.DuckDBPyConnection, status: str):
    rules.execute(
        "UPDATE core.destination_rule SET status = $status, valid_from_day = DATE '2020-01-01' WHERE rule_id = 'TH-2026'",
        {"status": status},
    )
    assert check(rules, OVERLAP) == check(rules, GAP) == []


def test_goods_with_a_rule_of_their_own_do_not_overlap_the_rest(rules: duckdb.DuckDBPyConnection):
    rules.execute(
        "INSERT INTO core.destination_rule SELECT * REPLACE ('TH-cosmetics' AS rule_id, 'cosmetics' AS goods) "
        "FROM core.destination_rule WHERE rule_id = 'TH-2026'"
    )
    assert check(rules, OVERLAP) == check(rules, GAP) == []


def test_a_build_is_refused_and_names_both_rules(settings: Settings, change: Callable[..., None]):
    change(RULES, "TH-2024", valid_to="2026-02-01")
    with pytest.raises(CheckError, match=r"do not overlap: 2 rows .*rule TH-2024, overlaps TH-2026"):
        build(settings, lambda _: None)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"valid_from": "2024-13"}, "valid_from", "is no date"),
        ({"routes": " "}, "routes", "empty; name the routes"),
        ({"routes": "pigeon"}, "route", "breaks the rule"),
        ({"duty_free_up_to": ""}, "duty_relief", "breaks the rule"),
        ({"tax_relief": "up_to"}, "tax_relief", "breaks the rule"),
        ({"valid_to": "2017"}, "valid_from_day", "breaks the rule"),
    ],
)
def test_a_broken_rule_is_refused_by_line_and_column(
    settings: Settings, change: Callable[..., None], cells: dict[str, str], column: str, reason: str
):
    # TH-2018: free of both up to THB 1,500 from 2018-07-31; TH-2024: no tax relief
    change(RULES, "TH-2024" if "tax_relief" in cells else "TH-2018", **cells)
    with pytest.raises(RowError, match=rf"{RULES}, line \d+, column {column}: .*{reason}"):
        build(settings, lambda _: None)
