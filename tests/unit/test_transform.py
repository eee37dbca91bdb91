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
            "bound": "exact",
            "metric_id": "value_usd",
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


def test_change_is_in_the_unit_of_the_level():
    changed = transform.change(LEVELS)
    assert changed["value"].tolist() == [500.0, 500.0]
    assert set(changed["unit"]) == {"USD"}
    assert set(changed["formula"]) == {"level − level a year earlier"}


def test_the_period_before_is_not_the_year_before(warehouse: duckdb.DuckDBPyConnection):
    quarters = store.trend(warehouse, "kostat_old", "value_krw", frequency="quarter")
    level = quarters.set_index("period")["value"]
    grown = transform.growth(quarters, "before").set_index("period")
    assert grown["value"]["2016-Q2"] == pytest.approx(100 * (level["2016-Q2"] / level["2016-Q1"] - 1))
    assert "2016-Q1" not in grown.index
    assert set(grown["formula"]) == {"level / level of the period before − 1"}
    changed = transform.change(quarters, "before").set_index("period")["value"]
    assert changed["2024-Q4"] == level["2024-Q4"] - level["2024-Q3"]


def test_of_years_both_comparisons_are_the_same():
    one, other = transform.growth(LEVELS, "before"), transform.growth(LEVELS, "year")
    assert one["value"].tolist() == other["value"].tolist()


def test_what_rests_on_a_forecast_is_no_more_exact():
    points = LEVELS.assign(bound=["exact", "forecast", "exact", "exact"])
    assert transform.growth(points)["bound"].tolist() == ["forecast", "forecast"]
    assert set(transform.index(points, "2020")["bound"]) == {"forecast"}
    assert transform.index(points, "2019")["bound"].tolist() == points["bound"].tolist()


def test_a_derived_view_tells_the_whole_way(warehouse: duckdb.DuckDBPyConnection):
    won = store.trend(warehouse, "kcs_total", "value_krw")
    grown = transform.growth(won).set_index("period")
    assert grown["formula"]["2020"] == "value at the period’s average rate → level / level a year earlier − 1"
    # both rates are among the inputs: F374 of 2019, F375 of 2020
    assert {"F374", "F375"} <= set(grown["input_ids"]["2020"])


# --- other terms ------------------------------------------------------------


def test_at_a_constant_rate_the_exchange_rate_moves_nothing(
    warehouse: duckdb.DuckDBPyConnection, total: pd.DataFrame
):
    won = transform.at_constant_rate(total, store.yearly_rates(warehouse), "2020")
    by_year = won.set_index("period")
    # USD 269M and 2,903M, each times 1,180.5554
    assert by_year["value"]["2016"] == pytest.approx(317.5694e9, rel=1e-6)
    assert by_year["value"]["2024"] == pytest.approx(3_427.1523e9, rel=1e-6)
    assert by_year["value"]["2024"] / by_year["value"]["2016"] == pytest.approx(2_903 / 269)
    assert set(won["unit"]) == {"KRW"}
    assert all("F375" in ids for ids in won["input_ids"])


def test_won_at_a_constant_rate_are_dollars(warehouse: duckdb.DuckDBPyConnection):
    won = store.trend(warehouse, "kostat_old", "value_krw", frequency="quarter")
    dollars = transform.at_constant_rate(won, store.yearly_rates(warehouse), "2018")
    # every quarter, whether its own rate is published or not; KRW 1,099.2926 to the dollar in 2018
    assert len(dollars) == len(won)
    assert dollars["value"].tolist() == pytest.approx((won["value"] / 1099.2926).tolist())
    assert set(dollars["unit"]) == {"USD"}


def test_no_rate_no_constant_rate(warehouse: duckdb.DuckDBPyConnection, total: pd.DataFrame):
    with pytest.raises(ValueError, match="no exchange rate for 2009"):
        transform.at_constant_rate(total, store.yearly_rates(warehouse), "2009")


def test_the_price_index_is_linked_in_2020(warehouse: duckdb.DuckDBPyConnection):
    prices = store.price_index(warehouse).set_index("period")
    assert prices.index.tolist() == [str(year) for year in range(2012, 2026)]
    # as published on the new base
    assert prices["value"]["2020"] == 100
    assert prices["value"]["2025"] == 116.61
    # 104.45 on the old base, on which 2020 is 105.42
    assert prices["value"]["2018"] == pytest.approx(104.45 / 105.42 * 100)
    assert prices["evidence"]["2018"] == "derived"
    assert set(prices["input_ids"]["2018"]) == {"cpi-2018", "cpi-2020-old", "cpi-2020"}
    # the growth that was announced for each year, to the rounding of one decimal
    said = {"2019": 0.4, "2020": 0.5, "2021": 2.5, "2022": 5.1, "2023": 3.6, "2024": 2.3, "2025": 2.1}
    grown = 100 * (prices["value"] / prices["value"].shift(1) - 1)
    assert {year: round(grown[year], 1) for year in said} == said


def test_real_values_are_at_the_prices_of_one_year(warehouse: duckdb.DuckDBPyConnection):
    won = store.trend(warehouse, "kostat_old", "value_krw")
    real = transform.real(won, store.price_index(warehouse), "2024").set_index("period")
    level = won.set_index("period")["value"]
    assert real["value"]["2024"] == pytest.approx(level["2024"])
    # 2014: 99.298 on the old base is 94.193 on the new one; prices rose to 114.18
    assert real["value"]["2014"] == pytest.approx(level["2014"] * 114.18 / (99.298 / 105.42 * 100))
    assert {"cpi-2014", "cpi-2020-old", "cpi-2020", "cpi-2024"} <= set(real["input_ids"]["2014"])


def test_a_year_without_prices_has_no_real_value(warehouse: duckdb.DuckDBPyConnection):
    won = line(y2010=5.0, y2014=6.0)
    real = transform.real(won, store.price_index(warehouse), "2014")
    assert real["period"].tolist() == ["2014"]
    with pytest.raises(ValueError, match="no figure for 2010"):
        transform.real(won, store.price_index(warehouse), "2010")


# --- ranks ------------------------------------------------------------


def test_members_move_in_rank():
    lines = {
        "a": line(y2020=9.0, y2021=5.0),
        "b": line(y2020=4.0, y2021=6.0),
        "new": line(y2021=7.0, y2022=1.0),
        "gone": line(y2020=8.0, y2022=1.0),
    }
    ranked = transform.ranked(lines, "2021", "2020")
    assert [(each.member, each.rank) for each in ranked] == [("new", 1), ("b", 2), ("a", 3)]
    # of a and b, which have both years, b overtook a
    assert [each.moved for each in ranked] == [None, 1, -1]
    assert [each.before is None for each in ranked] == [True, False, False]


# --- gaps ------------------------------------------------------------


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
