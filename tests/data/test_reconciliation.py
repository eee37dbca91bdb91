"""Where two series meet: each result of mart.reconciliation that the page of the five series shows, worked by hand."""

import duckdb
import pytest

# result, period, what it must be, and by how much rounding may move it
WORKED = [
    # 3,577.7bn won of Statistics Korea (1 February 2019) / USD 3.252bn of the release of 25 February 2019
    ("release_implied_rate", "2018", 3_577.7e9 / 3.252e9, 1e-9),  # 1,100.15
    ("release_rate_gap", "2018", 100 * (1_100.1537515 / 1_099.2926 - 1), 1e-5),  # 0.078%
    # 3,577.7bn / 1.212 = 2,951.9bn won; / USD 2.611bn
    ("release_implied_rate", "2017", 3_577.7e9 / 1.212 / 2.611e9, 1e-9),  # 1,130.56
    ("release_rate_gap", "2017", 100 * (1_130.5621179 / 1_129.0435 - 1), 1e-5),  # 0.135%
    ("redesign_ratio", "2023", 2_398.9 / 1_656.1, 1e-9),  # 1.449
    ("redesign_ratio", "2024", 2_597.7 / 1_722.5, 1e-9),  # 1.508
    # 194.2bn in the third quarter of 2025 after −13.7%, against 225.1bn on the old basis
    ("redesign_ratio_duty_free", "2024-Q3", 194.2 / (1 - 0.137) / 225.1, 1e-9),  # 1.000
    # (694.3 / 1.078 − 194.2 / 0.863) against (419.1 − 225.1)
    (
        "redesign_ratio_non_duty_free",
        "2024-Q3",
        (694.3 / 1.078 - 194.2 / 0.863) / (419.1 - 225.1),
        1e-9,
    ),  # 2.16
    # 730M in the releases of 2021, 670M / 1.917 = 349.5M by later ones
    ("basis_ratio", "2020", 730 / (670 / 1.917), 1e-9),  # 2.09
    ("basis_half_of_year", "2021", 100 * 560 / 670, 1e-9),  # 83.6%
    ("declared_and_list", "2021", 1_037_055_000 + 708_132_000, 1e-9),  # 1,745,187,000
    ("list_clearance_value_left", "2021", 1_745_187_000 - 860e6, 1e-9),  # 885,187,000
    ("duty_free_share", "2023", 100 * 944.3 / 1_656.1, 1e-9),  # 57.0%
    ("value_from_ratio", "2015", 1_259.8e9 / 7.2 / 1_130.9603, 1e-9),  # 154.7M
]


@pytest.mark.parametrize(("result", "period", "expected", "tolerance"), WORKED)
def test_worked_by_hand(
    connection: duckdb.DuckDBPyConnection, result: str, period: str, expected: float, tolerance: float
):
    found = connection.execute(
        "SELECT value FROM mart.reconciliation WHERE reconciliation_id = $result AND period = $period",
        {"result": result, "period": period},
    ).fetchall()
    assert len(found) == 1
    assert found[0][0] == pytest.approx(expected, rel=tolerance)


def test_inside_the_customs_total_the_channels_add_up(connection: duckdb.DuckDBPyConnection):
    ((summed, total),) = connection.execute(
        "SELECT r.value, l.value FROM mart.reconciliation AS r JOIN mart.level AS l ON l.series_id = 'kcs_total' "
        "AND l.metric_id = 'value_usd' AND l.period = r.period AND l.destination_id = 'ALL' AND l.item_id = 'ALL' "
        "AND l.channel_id = 'ALL' WHERE r.reconciliation_id = 'declared_and_list'"
    ).fetchall()
    assert summed == total == 1_745_187_000


def test_the_page_says_what_is_true_of_the_figures(connection: duckdb.DuckDBPyConnection):
    found = dict(
        connection.execute(
            "SELECT reconciliation_id || ' ' || period, value FROM mart.reconciliation"
        ).fetchall()
    )
    assert abs(found["release_rate_gap 2018"]) < 0.2  # “B is D in dollars”
    assert found["duty_free_share 2023"] > 50  # “more than half”
    # “the same subtraction falls short of what customs publishes”
    assert found["list_clearance_value_left 2021"] < 1_037_055_000
    # “the new sample of shops raised only the sales outside duty-free”
    assert found["redesign_ratio_duty_free 2024-Q3"] == pytest.approx(1, abs=0.005)
    assert found["redesign_ratio_non_duty_free 2024-Q3"] > 2


def test_five_series_hold_each_total_once_in_both_currencies(connection: duckdb.DuckDBPyConnection):
    twice = connection.execute(
        "SELECT series_id, metric_id, period FROM mart.five_series GROUP BY ALL HAVING count(*) > 1"
    ).fetchall()
    alone = connection.execute(
        "SELECT series_id, period FROM mart.five_series GROUP BY ALL HAVING count(DISTINCT metric_id) < 2 AND period >= '2012'"
    ).fetchall()
    assert twice == []
    assert alone == []


def test_what_a_publication_gives_is_not_converted(connection: duckdb.DuckDBPyConnection):
    # 2024: USD 2,903M and KRW 4.091tn are both published; at the average rate it would be KRW 3.958tn.
    found = connection.execute(
        "SELECT metric_id, value, evidence FROM mart.five_series WHERE series_id = 'kcs_total' AND period = '2024' ORDER BY 1"
    ).fetchall()
    assert found == [("value_krw", 4.091e12, "published"), ("value_usd", 2.903e9, "published")]
