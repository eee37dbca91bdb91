"""From the rows of the marts to receipts: every row, every formula, both languages."""

from typing import Any

import duckdb
import pandas as pd
import pytest

from dashboard import store
from dashboard.evidence import Evidence, formula_text
from dashboard.i18n import LANGUAGES, Lang, words_for

MARTS = ["trend", "member_share", "member_level"]


@pytest.fixture(scope="module")
def marts(warehouse: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """The rows of the marts that pages read."""
    return {name: warehouse.table(f"mart.{name}").df().to_dict("records") for name in MARTS}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("mart", MARTS)
def test_every_formula_of_the_marts_can_be_read(
    marts: dict[str, list[dict[str, Any]]], mart: str, lang: Lang
):
    formulas = {row["formula"] for row in marts[mart]}
    assert len(formulas) >= 2
    for formula in formulas:
        assert bool(formula_text(formula, words_for(lang))) == bool(formula)


def test_an_unknown_formula_is_an_error():
    with pytest.raises(KeyError):
        formula_text("guessed", words_for("en"))


@pytest.mark.parametrize("mart", MARTS)
def test_every_row_cites_what_it_rests_on(
    marts: dict[str, list[dict[str, Any]]], warehouse: duckdb.DuckDBPyConnection, english: Evidence, mart: str
):
    values = store.figures(warehouse).set_index("observation_id", drop=False)["value"].to_dict()
    for row in marts[mart]:
        ids = list(dict.fromkeys(row["input_ids"]))
        receipt = english.receipt(row, "any label")
        assert receipt.kind == row["evidence"]
        assert receipt.value == pytest.approx(row["value"])
        assert receipt.unit == row["unit"]
        assert [line.value for line in receipt.inputs] == [values[each] for each in ids]
        assert all(line.source_id and line.publisher and line.quality for line in receipt.inputs)
        if receipt.kind == "published":
            assert (receipt.formula, len(receipt.inputs)) == (None, 1)
        else:
            assert receipt.formula
            assert len(receipt.inputs) >= 2


def test_every_figure_has_one_row_and_a_source(warehouse: duckdb.DuckDBPyConnection):
    figures = store.figures(warehouse)
    assert figures["observation_id"].is_unique
    assert (figures["source_id"] != "").all()
    rates = figures[figures["unit"] == "KRW/USD"]
    assert rates["label_en"].notna().all()
    of_series = figures[
        "series_id"
    ].notna()  # rates, price indices, facts of markets and thresholds belong to none
    assert of_series.sum() == len(store.table(warehouse, "observation"))
    assert figures.loc[~of_series, "label_en"].notna().all()
    assert figures.loc[~of_series, "label_ko"].notna().all()


def test_a_converted_value_cites_its_rate(warehouse: duckdb.DuckDBPyConnection, english: Evidence):
    points = store.trend(warehouse, "kcs_total", "value_krw").set_index("period")
    receipt = english.receipt(points.loc["2021"].to_dict(), "Value in won")
    assert receipt.label == "Value in won"
    assert receipt.formula == "value at the period’s average rate"
    assert [(line.value, line.unit) for line in receipt.inputs] == [
        (1_745_187_000.0, "USD"),
        (1144.8911, "KRW/USD"),
    ]
    assert receipt.value == pytest.approx(1_745_187_000 * 1144.8911)


def test_the_published_won_of_2024_stays_as_published(
    warehouse: duckdb.DuckDBPyConnection, english: Evidence
):
    points = store.trend(warehouse, "kcs_total", "value_krw").set_index("period")
    receipt = english.receipt(points.loc["2024"].to_dict())
    assert (receipt.kind, receipt.value) == ("published", 4.091e12)


def test_a_published_figure_reads_in_both_languages(
    warehouse: duckdb.DuckDBPyConnection, evidences: dict[str, Evidence]
):
    row = store.trend(warehouse, "kcs_total", "cases").iloc[-1].to_dict()
    texts = {lang: str(evidence.number(row)) for lang, evidence in evidences.items()}
    assert texts == {"ko": "6,117만 건", "en": "61.17 million cases"}
    labels = {evidence.receipt(row).label for evidence in evidences.values()}
    assert len(labels) == 2


def test_inputs_are_cited_once_each_in_order(english: Evidence):
    assert [line.value for line in english.inputs(["F023", "F022", "F023"])] == [1_745_187_000, 1_190_134_000]


def test_a_figure_that_does_not_exist_cannot_be_cited(english: Evidence):
    with pytest.raises(KeyError):
        english.inputs(["F999999"])


@pytest.mark.parametrize("channel", ["simplified_declaration", "list_clearance"])
def test_a_limit_cites_the_notice(warehouse: duckdb.DuckDBPyConnection, english: Evidence, channel: str):
    limits = store.limits_in_force(warehouse)
    rows: pd.DataFrame = limits[limits["channel_id"] == channel]
    numbers = [english.limit(row) for row in rows.to_dict("records")]
    expected = {"simplified_declaration": [2e6, 4e6, 5e6], "list_clearance": [2e6, 2e6, 2e6]}[channel]
    assert [number.receipt.value for number in numbers] == expected
    assert {number.receipt.kind for number in numbers} == {"published"}
    assert all(number.receipt.inputs[0].source_id for number in numbers)
    assert ("list clearance" in numbers[0].receipt.label) == (channel == "list_clearance")


def test_the_series_behind_a_number_and_all_that_was_published_of_it(
    warehouse: duckdb.DuckDBPyConnection, english: Evidence
):
    row = store.trend(warehouse, "kcs_total", "value_krw").set_index("period").loc["2021"]
    receipt = english.receipt(row.to_dict())
    # dollars and a rate of exchange, which belongs to no series
    assert english.series_behind([receipt, receipt]) == ["kcs_total"]
    published = english.published(["kcs_total"])
    everything = store.table(warehouse, "observation").query("series_id == 'kcs_total'")
    assert set(published["observation_id"]) == set(everything["observation_id"])
    assert set(published["preferred"]) == {True, False}
    assert (published["source_id"] != "").all()


def test_a_number_that_rests_on_nothing_published_has_no_series(english: Evidence):
    chosen = english.derived("Chosen limit", 4e6, "KRW", "", (), kind="assumed")
    assert english.series_behind([chosen.receipt]) == []
