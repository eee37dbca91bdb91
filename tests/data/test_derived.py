"""The views compute every derived figure that was collected, within the rounding of its inputs.

`derived_rows.csv` names the view and the row of it that computes each of the 94 figures. An empty tolerance
means half a unit of the last printed digit; a wider one (relative) has its reason, and so has a figure
without a view.
"""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

FOLDER = Path(__file__).parent
ROWS = list(csv.DictReader((FOLDER / "derived_rows.csv").read_text(encoding="utf-8").splitlines()))
INDEX = list(csv.DictReader((FOLDER / "figures_index.csv").read_text(encoding="utf-8").splitlines()))
MEMBERS = {"destination_id": "ALL", "item_id": "ALL", "channel_id": "ALL"}


def allowed(row: dict[str, str]) -> Decimal:
    expected = Decimal(row["expected"])
    if row["tolerance"]:
        return abs(expected) * Decimal(row["tolerance"])
    exponent = expected.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent) / 2


@pytest.fixture(scope="module")
def computed(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """For each listed figure the rows of its view that its key names; a member left out is the total."""
    views = {view: read(connection, view) for view in {row["view"] for row in ROWS} - {""}}
    found = {}
    for row in ROWS:
        key = MEMBERS | dict(pair.split("=") for pair in row["key"].split("; ") if pair)
        found[row["id"]] = [
            one
            for one in views.get(row["view"], [])
            if all(
                str(one[column]) == text
                for column, text in key.items()
                if column in one or column not in MEMBERS
            )
        ]
    return found


def read(connection: duckdb.DuckDBPyConnection, view: str) -> list[dict[str, Any]]:
    rows = connection.execute(f"SELECT * FROM mart.{view}")  # noqa: S608 (a name from a file of the tests)
    columns = [column[0] for column in rows.description or ()]
    return [dict(zip(columns, values, strict=True)) for values in rows.fetchall()]


def test_all_derived_figures_are_listed_with_the_collected_value():
    listed = {row["id"]: float(row["expected"]) for row in ROWS}
    assert len(listed) == len(ROWS) == 94
    assert listed == {row["id"]: float(row["value"]) for row in INDEX if row["kind"] == "derived"}


def test_a_wider_tolerance_and_a_figure_without_a_view_have_a_reason():
    for row in ROWS:
        assert bool(row["reason"]) == (bool(row["tolerance"]) or not row["view"]), row["id"]
    assert len([row for row in ROWS if not row["view"]]) <= 2


def test_the_views_compute_the_derived_figures(computed: dict[str, list[dict[str, Any]]]):
    differences = []
    for row in ROWS:
        values = [one[row["column"]] for one in computed[row["id"]]]
        exact = len(values) == 1 and abs(Decimal(values[0]) - Decimal(row["expected"])) <= allowed(row)
        if row["view"] and not exact:
            differences.append(
                f"{row['id']:5} {row['expected']:>16} {values!s:>22}  {row['view']}: {row['key']}"
            )
    assert not differences, "\n" + "\n".join(differences)


def test_the_units_agree(computed: dict[str, list[dict[str, Any]]]):
    spelled = {"%": "percent", "USD/parcel": "USD/case"}
    for row in ROWS:
        printed = row["unit"].split()[0]
        for one in computed[row["id"]]:
            assert one.get("unit", printed) == spelled.get(printed, printed), row["id"]


def test_every_computed_figure_names_the_published_rows_it_came_from(connection: duckdb.DuckDBPyConnection):
    published = connection.execute(
        "SELECT observation_id FROM core.observation UNION ALL SELECT rate_id FROM core.exchange_rate "
        "UNION ALL SELECT index_id FROM core.price_index UNION ALL SELECT rate_id FROM core.currency_rate "
        "UNION ALL SELECT figure_id FROM core.market_figure"
    ).fetchall()
    known = {key for (key,) in published}
    views = connection.execute(
        "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'mart' AND column_name = 'input_ids'"
    ).fetchall()
    assert {row["view"] for row in ROWS} - {""} <= {view for (view,) in views}
    for (view,) in views:
        rows = connection.execute(f"SELECT input_ids FROM mart.{view}").fetchall()  # noqa: S608 (own catalogue)
        assert all(input_ids and set(input_ids) <= known for (input_ids,) in rows), view
