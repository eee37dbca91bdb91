"""Growth, index and average growth against arithmetic by hand; missing years stay missing."""

import duckdb
import pandas as pd
import pytest

from dashboard import store, transform


def line(**levels: float) -> pd.DataFrame:
    """Yearly points: `y2019=563.0` and so on."""
    years = [int(name[1:]) for name in levels]
    return pd.DataFrame(
        {
            "period": [str(year) for year in years],
            "period_start": [pd.Timestamp(year, 1, 1) for year in years],
            "period_end": [pd.Timestamp(year, 12, 31) for year in years],
            "frequency": "year",
            "value": list(levels.values()),
            "unit": "USD",
            "evidence": "published",
            "formula": "",
            "input_ids": [[f"F{year}"] for year in years],
        }
    )


LEVELS = line(y2019=500.0, y2020=1000.0, y2021=1500.0, y2023=1200.0)


@pytest.fixture
def total(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return store.trend(warehouse, "kcs_total", "value_usd")


def test_growth():
    grown = transform.growth(LEVELS)
    assert grown["period"].tolist() == ["2020", "2021"]  # 2023 has no year before it
    assert grown["value"].tolist() == pytest.approx([100.0, 50.0])
    assert set(grown["unit"]) == {"percent"}
    assert set(grown["evidence"]) == {"derived"}
    assert grown["input_ids"].tolist() == [["F2020", "F2019"], ["F2021", "F2020"]]
    assert set(grown) == set(LEVELS)


def test_growth_of_the_customs_total(total: pd.DataFrame):
    grown = transform.growth(total).set_index("period")["value"]
    # 1,190.134 / 563; 1,745.187 / 1,190.134; 2,903 / 2,320
    assert grown.to_dict() == pytest.approx({"2020": 111.3915, "2021": 46.6379, "2024": 25.1293}, abs=1e-4)


def test_growth_without_neighbouring_years_is_empty():
    assert transform.growth(line(y2017=1.0, y2024=2.0)).empty
    assert transform.growth(line(y2017=1.0)).empty


def test_growth_compares_a_quarter_with_the_same_quarter(warehouse: duckdb.DuckDBPyConnection):
    quarters = store.trend(warehouse, "kostat_old", "value_krw", frequency="quarter")
    level = quarters.set_index("period")["value"]
    grown = transform.growth(quarters).set_index("period")["value"]
    assert grown["2017-Q4"] == pytest.approx(100 * (level["2017-Q4"] / level["2016-Q4"] - 1))
    assert grown["2018-Q4"] == pytest.approx(100 * (level["2018-Q4"] / level["2017-Q4"] - 1))
    assert "2018-Q3" not in grown  # the third quarter of 2017 is not published
    assert "2016-Q2" not in grown  # and the quarter before is no year before


def test_index():
    indexed = transform.index(LEVELS, "2020")
    assert indexed["value"].tolist() == pytest.approx([50.0, 100.0, 150.0, 120.0])
    assert set(indexed["unit"]) == {""}
    assert indexed["input_ids"].tolist()[0] == ["F2019", "F2020"]


def test_index_needs_its_base():
    with pytest.raises(ValueError, match="2022"):
        transform.index(LEVELS, "2022")


def test_average_growth():
    # three times as much in two years: the root of 3
    average = transform.average_growth(LEVELS, "2019", "2021")
    assert average["value"] == pytest.approx(100 * (3**0.5 - 1))
    assert (average["unit"], average["evidence"]) == ("percent", "derived")
    assert average["input_ids"] == ["F2019", "F2021"]


def test_average_growth_counts_the_missing_years(total: pd.DataFrame):
    # 2,903 / 563 over five years
    average = transform.average_growth(total, "2019", "2024")["value"]
    assert average == pytest.approx(38.83, abs=0.005)
    assert 563e6 * (1 + average / 100) ** 5 == pytest.approx(2_903e6)


def test_average_growth_of_quarters_is_a_year():
    points = line(y2019=100.0, y2020=121.0).assign(
        period=["2019-Q1", "2019-Q3"], period_start=[pd.Timestamp("2019-01-01"), pd.Timestamp("2019-07-01")]
    )
    # 21% in half a year is 46.41% in a whole one
    assert transform.average_growth(points, "2019-Q1", "2019-Q3")["value"] == pytest.approx(46.41, abs=0.01)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2021", "2019", "before the last"),
        ("2020", "2020", "before the last"),
        ("2018", "2020", "2018"),
        ("2019", "2022", "2022"),
    ],
)
def test_average_growth_refuses_nonsense(first: str, last: str, why: str):
    with pytest.raises(ValueError, match=why):
        transform.average_growth(LEVELS, first, last)


def test_average_growth_from_nothing_has_no_rate():
    with pytest.raises(ValueError, match="from nothing"):
        transform.average_growth(line(y2019=0.0, y2020=5.0), "2019", "2020")


def test_missing_years(total: pd.DataFrame):
    assert transform.missing_years(LEVELS) == ["2022"]
    assert transform.missing_years(total) == ["2017", "2018", "2022"]
    assert transform.missing_years(LEVELS.head(3)) == []
    assert transform.missing_years(LEVELS.head(0)) == []


def test_nothing_is_changed_in_place():
    before = LEVELS.copy(deep=True)
    transform.growth(LEVELS)
    transform.index(LEVELS, "2020")
    transform.average_growth(LEVELS, "2019", "2021")
    pd.testing.assert_frame_equal(LEVELS, before)
    assert LEVELS["input_ids"].tolist() == [["F2019"], ["F2020"], ["F2021"], ["F2023"]]
