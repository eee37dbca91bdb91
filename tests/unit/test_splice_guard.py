"""Points of different definitions, measures or frequencies never become one line."""

import itertools

import duckdb
import pandas as pd
import pytest

from dashboard import store
from dashboard.store import SpliceError

MEMBERS = ["destination_id", "item_id", "channel_id"]


def point(**changes: object) -> dict[str, object]:
    start = pd.Timestamp(str(changes.get("period_start", "2020-01-01")))
    return {
        "series_id": "one",
        "definition_id": "one",
        "metric_id": "value_usd",
        "unit": "USD",
        "frequency": "year",
        "value": 1.0,
        **changes,
        "period_start": start,
    }


def line(*points: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(points))


@pytest.fixture(scope="module")
def points(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every point that a chart may draw."""
    return warehouse.execute("FROM mart.trend ORDER BY period_start, period_end").df()


# --- the five series of one name ------------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "metric"),
    [
        (("kcs_total", "kcs_release_2019"), "value_usd"),
        (("kcs_total", "kcs_total_early"), "cases"),
        (("kostat_old", "kostat_new"), "value_krw"),
        (("kcs_declared_2014", "kcs_declared_2016"), "value_usd"),
        (("mss_all", "mss_sme"), "value_usd"),
    ],
)
def test_series_of_one_name_are_not_joined(
    warehouse: duckdb.DuckDBPyConnection, series: tuple[str, str], metric: str
):
    with pytest.raises(SpliceError, match="definition_id") as raised:
        store.joined(warehouse, series, metric)
    assert all(each in str(raised.value) for each in series)


def test_no_two_series_of_other_definitions_are_joined(points: pd.DataFrame):
    yearly = points[(points["frequency"] == "year") & (points[MEMBERS] == store.ALL).all(axis=1)]
    tried = 0
    for _metric, of_metric in yearly.groupby("metric_id"):
        lines = [of_series for _series, of_series in of_metric.groupby("series_id")]
        for one, other in itertools.combinations(lines, 2):
            if one["definition_id"].iloc[0] != other["definition_id"].iloc[0]:
                tried += 1
                with pytest.raises(SpliceError, match="definition_id"):
                    store.as_one_line(pd.concat([one, other]))
    assert tried > 100


def test_two_values_of_2018_are_not_one_line(warehouse: duckdb.DuckDBPyConnection):
    """USD 3.25bn in one release of the customs, 0.38bn by the ratio that a study gives for its total."""
    releases = store.trend(warehouse, "kcs_release_2019", "value_usd")
    high = releases[releases["period"] == "2018"]
    found = warehouse.execute(
        "SELECT value FROM mart.reconciliation WHERE reconciliation_id = 'value_from_ratio' AND period = '2018'"
    ).fetchone()
    assert found is not None
    assert high["value"].item() == 3.252e9
    assert found[0] == pytest.approx(0.38e9, rel=0.01)
    low = high.assign(value=found[0], series_id="kcs_total", definition_id="kcs_total")
    with pytest.raises(SpliceError, match="kcs_release_2019, kcs_total"):
        store.as_one_line(pd.concat([low, high]))


def test_a_series_by_itself_is_a_line(warehouse: duckdb.DuckDBPyConnection):
    points = store.joined(warehouse, ["kcs_total"], "value_usd")
    assert points["period"].tolist() == ["2016", "2019", "2020", "2021", "2023", "2024"]
    assert set(points["definition_id"]) == {"kcs_total"}


def test_all_that_can_be_chosen_is_a_line(warehouse: duckdb.DuckDBPyConnection, points: pd.DataFrame):
    keys = ["series_id", "metric_id", "frequency", *MEMBERS]
    measures = store.measures(warehouse)
    assert not (measures["frequency"] == "span").any()
    lines = dict(list(points.groupby(keys)))
    for choice in measures.to_dict("records"):
        line = store.as_one_line(lines[tuple(choice[key] for key in keys)])
        assert len(line) == choice["points"]
        assert line["value"].notna().all()
        assert line["period_start"].is_monotonic_increasing
    spans = points[points["frequency"] == "span"].groupby(keys).ngroups
    assert len(measures) + spans == len(lines)


@pytest.mark.parametrize("frequency", ["year", "half", "quarter"])
def test_a_line_is_read_whole_and_alone(
    warehouse: duckdb.DuckDBPyConnection, points: pd.DataFrame, frequency: str
):
    series, metric = {
        "year": ("kcs_total", "cases"),
        "half": ("mss_sme", "value_usd"),
        "quarter": ("kostat_old", "value_krw"),
    }[frequency]
    asked = (points["series_id"] == series) & (points["metric_id"] == metric)
    expected = points[asked & (points["frequency"] == frequency) & (points[MEMBERS] == store.ALL).all(axis=1)]
    read = store.trend(warehouse, series, metric, frequency=frequency)
    assert len(read) > 1
    assert read["period"].tolist() == expected["period"].tolist()
    assert read["value"].tolist() == expected["value"].tolist()


def test_spans_of_a_real_series_are_no_line(warehouse: duckdb.DuckDBPyConnection):
    with pytest.raises(SpliceError, match="Spans"):
        store.trend(warehouse, "kcs_total", "cases", frequency="span")


# --- the rule by itself ------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("definition_id", ("one", "other")),
        ("metric_id", ("value_usd", "cases")),
        ("unit", ("USD", "KRW")),
        ("frequency", ("year", "half")),
    ],
)
def test_what_differs_is_named(column: str, values: tuple[str, str]):
    first, second = values
    points = line(point(**{column: first}), point(**{column: second}, period_start="2021-01-01"))
    with pytest.raises(SpliceError, match=rf"{column}.*: {', '.join(sorted(values))}"):
        store.as_one_line(points)


def test_two_values_of_one_period_are_no_line():
    with pytest.raises(SpliceError, match="same period"):
        store.as_one_line(line(point(), point(value=2.0)))


def test_spans_are_no_line():
    spans = line(point(frequency="span"), point(frequency="span", period_start="2021-01-01"))
    with pytest.raises(SpliceError, match="Spans"):
        store.as_one_line(spans)


def test_two_series_of_one_definition_are_a_line():
    points = line(point(), point(series_id="other", period_start="2021-01-01"))
    assert store.as_one_line(points) is points


def test_one_span_and_nothing_at_all_pass():
    assert len(store.as_one_line(line(point(frequency="span")))) == 1
    assert store.as_one_line(line(point()).head(0)).empty


def test_a_line_that_nobody_publishes_is_empty(warehouse: duckdb.DuckDBPyConnection):
    assert store.trend(warehouse, "kcs_total", "cases", destination_id="FR").empty
