"""Counts between two limits against the shipments themselves, and bounds against every data set that fits."""

from itertools import combinations_with_replacement

import duckdb
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from etl.counting import Bounds, count, within
from etl.errors import InputError
from etl.histogram import EDGES, LARGEST_KRW, Histogram
from etl.shipments import from_duckdb

WON = st.one_of(
    st.integers(1, 30_000),
    st.integers(1, 5_000_000),
    st.integers(1, LARGEST_KRW),
    st.sampled_from(EDGES[1:]).flatmap(lambda edge: st.integers(edge - 1, edge + 1)),
)
SHIPMENT = st.tuples(WON, st.sampled_from(["JP", "US", ""]), st.sampled_from(["3304", "6109"]))
SHIPMENTS = st.lists(SHIPMENT, min_size=1, max_size=40)
LIMIT = st.one_of(WON, st.sampled_from(EDGES))


def histogram_of(shipments: list[tuple[int, str, str]]) -> Histogram:
    with duckdb.connect() as connection:
        query = "SELECT unnest($v) AS value_krw, unnest($d) AS destination, unnest($i) AS item"
        values, destinations, items = (list(column) for column in zip(*shipments, strict=True))
        return from_duckdb(connection, query, {"v": values, "d": destinations, "i": items}).histogram(
            "ab" * 32
        )


def plain_sql(shipments: list[tuple[int, str, str]], low: int, high: int) -> dict[str, tuple[int, int]]:
    """Destination -> cases and value above `low` and at most `high`, from the raw rows."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT d, count(*) FILTER (v > $low AND v <= $high), "
            "coalesce(sum(v) FILTER (v > $low AND v <= $high), 0)::BIGINT "
            "FROM (SELECT unnest($v) AS v, unnest($d) AS d) GROUP BY d",
            {
                "low": low,
                "high": high,
                "v": [row[0] for row in shipments],
                "d": [row[1] for row in shipments],
            },
        ).fetchall()
    return {name: (cases, value) for name, cases, value in rows}


@settings(max_examples=50)
@given(SHIPMENTS, st.sampled_from(EDGES), st.sampled_from(EDGES))
@example(
    [(2_000_000, "JP", "3304"), (2_000_001, "JP", "3304"), (4_000_000, "US", "6109")], 2_000_000, 4_000_000
)
def test_on_edges_the_count_is_that_of_plain_sql(
    shipments: list[tuple[int, str, str]], one: int, other: int
) -> None:
    assume(one != other)
    low, high = sorted((one, other))
    found = count(histogram_of(shipments), low, high)
    truth = plain_sql(shipments, low, high)
    assert found.exact
    assert {part.name: part.band for part in found.by_destination} == {
        name: Bounds((cases, cases), (value, value)) for name, (cases, value) in truth.items()
    }
    assert found.band.cases == (sum(cases for cases, _ in truth.values()),) * 2
    assert found.band == sum((part.band for part in found.by_item), Bounds((0, 0), (0, 0)))
    assert (found.cases, found.value_krw) == (len(shipments), sum(row[0] for row in shipments))


@given(SHIPMENTS, LIMIT, LIMIT)
@settings(max_examples=100)
def test_between_edges_the_truth_lies_within_the_bounds(
    shipments: list[tuple[int, str, str]], one: int, other: int
) -> None:
    assume(one != other)
    low, high = sorted((one, other))
    found = count(histogram_of(shipments), low, high)
    truth = plain_sql(shipments, low, high)
    for part in found.by_destination:
        cases, value = truth[part.name]
        assert part.band.cases[0] <= cases <= part.band.cases[1]
        assert part.band.value_krw[0] <= value <= part.band.value_krw[1]
    assert found.exact == ({low, high} <= {*EDGES, LARGEST_KRW})
    if found.exact:
        assert found.band.cases[0] == found.band.cases[1]


def every_data_set(cases: int, value: int, least: int, greatest: int) -> list[tuple[int, ...]]:
    """Every multiset of `cases` whole values of the bin that add up to `value`."""
    all_of_them = combinations_with_replacement(range(least, greatest + 1), cases)
    return [values for values in all_of_them if sum(values) == value]


@given(st.integers(0, 5), st.integers(3, 9), st.data())
@settings(max_examples=400)
def test_the_bounds_are_attained_by_some_shipments(least: int, width: int, data: st.DataObject) -> None:
    least += 1
    greatest = least + width - 1
    values = data.draw(st.lists(st.integers(least, greatest), min_size=1, max_size=5))
    start = data.draw(st.integers(least, greatest))
    end = data.draw(st.integers(start, greatest))
    inside = [
        [value for value in values if start <= value <= end]
        for values in every_data_set(len(values), sum(values), least, greatest)
    ]
    numbers, sums = [len(part) for part in inside], [sum(part) for part in inside]
    assert within(len(values), sum(values), (least, greatest), (start, end)) == Bounds(
        (min(numbers), max(numbers)), (min(sums), max(sums))
    )


def test_the_worked_example_of_one_cut_bin() -> None:
    # Bin (2,000,000, 2,010,000], 3 cases, 6,018,000 won; limit 2,004,000.
    # At most ceil-free: each case above is worth >= 2,004,001, each other >= 2,000,001:
    #   3 * 2,000,001 = 6,000,003 are needed anyway, 17,997 are left, 4,000 a case: 4 would fit, there are 3.
    # At least: the others hold at most 2,004,000 each, so 6,018,000 - 3 * 2,004,000 = 6,000 are above: one case does (10,000 max).
    shipments = [(2_003_000, "JP", "3304"), (2_005_000, "JP", "3304"), (2_010_000, "JP", "3304")]
    found = count(histogram_of(shipments), 2_004_000, 4_000_000)
    assert not found.exact
    assert found.band.cases == (1, 3)
    # One case above: it is worth at least 6,018,000 - 2 * 2,004,000 = 2,010,000; three: all of it.
    assert found.band.value_krw == (2_010_000, 6_018_000)


def test_millions_of_cases_in_the_open_bin_stay_exact() -> None:
    cases, value = 5_000, 5_000 * 2 * 10**14
    bounds = within(cases, value, (10**10 + 1, LARGEST_KRW), (10**13, 5 * 10**14))
    assert bounds.cases[0] == 0
    assert bounds.cases[1] == cases
    assert bounds.value_krw == (0, value)


@pytest.mark.parametrize(("low", "high"), [(4, 2), (2, 2), (-1, 5), (0, LARGEST_KRW + 1)])
def test_no_step_up_is_refused_in_one_sentence(low: int, high: int) -> None:
    with pytest.raises(InputError, match="no step up; name a lower and a higher limit"):
        count(histogram_of([(1, "JP", "3304")]), low, high)


def test_the_largest_part_comes_first() -> None:
    found = count(
        histogram_of([(10, "JP", "b"), (3_000_000, "US", "a"), (5, "JP", "b")]), 2_000_000, 4_000_000
    )
    assert [part.name for part in found.by_destination] == ["US", "JP"]
    assert [(part.name, part.cases) for part in found.by_item] == [("a", 1), ("b", 2)]
