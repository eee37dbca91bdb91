"""Trends: every combination of controls is a page, and what it says follows from the figures."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from dashboard import store
from dashboard.i18n import LANGUAGES, Lang, words_for

Visit = Callable[..., Any]
OLD = {"series": "kostat_old", "measure": "value_krw"}
QUARTERS = OLD | {"frequency": "quarter"}


# --- all combinations ------------------------------------------------------------


def combinations(warehouse: duckdb.DuckDBPyConnection) -> Iterator[dict[str, str]]:
    """Every series, measure and frequency in every view and in all terms, and split into panels; what is not there is said."""
    lines = store.measures(warehouse).query(
        "destination_id == 'ALL' and item_id == 'ALL' and channel_id == 'ALL'"
    )
    views = ["level", "growth", "change", "index", "average"]
    for line in lines[["series_id", "metric_id", "frequency"]].itertuples(index=False):
        chosen = {"series": line[0], "measure": line[1], "frequency": line[2]}
        for terms, view in itertools.product(["current", "constant", "real"], views):
            is_money = line[1].startswith("value")
            # in other terms only the arithmetic changes: two views show it
            if terms == "current" or (is_money and view in {"level", "index"}):
                yield chosen | {"terms": terms, "view": view, "panels": "total", "break": "0"}
        yield chosen | {"terms": "current", "view": "growth", "panels": "total", "break": "1"}
        if line[0].startswith("kostat"):
            splits, axes = ["destination", "item", "channel"], ["shared", "free"]
            for split, view, axis in itertools.product(splits, views, axes):
                yield chosen | {"terms": "current", "view": view, "panels": split, "axes": axis}


# One in so many on each run; all of them take two minutes.
@pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.slow)])
def test_every_combination_of_controls_is_a_page(
    visit: Visit, warehouse: duckdb.DuckDBPyConnection, step: int
):
    seen = visit("trends")
    tried, drawn = list(combinations(warehouse))[::step], 0
    for place, query in enumerate(tried):
        seen.address.clear()
        seen.address.update(
            query | {"lang": LANGUAGES[place % 2], "against": ["year", "before"][place // 2 % 2]}
        )
        seen.run()
        assert seen.is_sound, query
        # either a chart, or what to do instead
        assert seen.alternatives or seen.app.info, query
        drawn += len(seen.alternatives)
    assert drawn > len(tried) / 2


# --- what is said ------------------------------------------------------------


def boxes(seen: Any) -> str:
    return " ".join(seen.headlines)


def test_two_comparisons_stand_above_the_chart(visit: Visit):
    seen = visit("trends", **QUARTERS)
    # KRW 428.6bn after 419bn in the third quarter
    assert "KRW 428.6 billion" in boxes(seen)
    assert "Change on the period before" in boxes(seen)
    assert "+2.3%" in boxes(seen)


def test_a_comparison_that_is_missing_is_no_zero(visit: Visit):
    # the fourth quarter of 2023 is not published
    said = boxes(visit("trends", **QUARTERS))
    assert "no figure to compare Q4 2024 with" in said
    assert "+0%" not in said


def test_changes_are_absolute_or_in_percent_against_either_period(visit: Visit):
    seen = visit("trends", **QUARTERS, view="change", against="before")
    assert "Value (KRW): change on the period before" in seen.finding
    assert "level − level of the period before" in " ".join(seen.texts)
    seen.choose("against", "year")
    assert "change on the same period a year before" in seen.finding
    seen.choose("view", "growth")
    assert "Change on the same period a year before (%)" in seen.finding


def test_yearly_figures_have_one_comparison(visit: Visit):
    seen = visit("trends", **OLD, view="growth")
    assert "against" not in seen.controls


# --- terms ------------------------------------------------------------


def test_real_values_name_their_deflator(visit: Visit):
    seen = visit("trends", **OLD, terms="real", base="2024")
    assert "at the prices of 2024" in seen.finding
    assert "deflated by the consumer price index of Korea, all items (Statistics Korea)" in seen.finding
    # KRW 679.1bn in 2014 at the prices of 2024: 679.1 x 114.18 / (99.298 / 105.42 x 100) is 823.2
    assert "KRW 823.2 billion (2014)" in seen.finding
    assert "price index of the base year / price index of the year" in " ".join(seen.texts)
    seen.choose("base", "2014")
    assert "KRW 679.1 billion (2014)" in seen.finding


def test_real_values_are_of_won_only(visit: Visit):
    seen = visit("trends", **OLD | {"measure": "value_usd"})
    assert seen.controls["terms"].options == ["As published", "Constant exchange rate"]


def test_at_a_constant_rate_quarters_have_dollars_at_all(visit: Visit):
    """Rates of quarters are known for 2024 only; the rate of one year serves all of them."""
    seen = visit("trends", **QUARTERS | {"measure": "value_usd"})
    assert "Q1 2024" in seen.finding
    seen.choose("terms", "constant")
    assert "at the average exchange rate of 2024" in seen.finding
    assert "Q1 2016" in seen.finding


# --- panels and ranks ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_members_side_by_side_with_their_ranks(visit: Visit, lang: Lang):
    _ = words_for(lang).gettext
    seen = visit("trends", lang, **QUARTERS, panels="destination")
    said = " ".join(seen.texts)
    assert _("All panels have the same value axis: heights compare.") in said
    seen.choose("axes", "free")
    assert _("Each panel has its own value axis: shapes compare, heights do not.") in " ".join(seen.texts)
    # the table has a column a member, a group is called one
    tables = [element.value.reset_index() for element in seen.app.main.get("table")]
    columns = [column for table in tables for column in table.columns]
    group = words_for(lang).fill(_("{name} (group of countries)"), name={"ko": "아세안", "en": "ASEAN"}[lang])
    assert group in columns
    assert _("Places moved") in columns


def test_ranks_move(visit: Visit):
    seen = visit("trends", **QUARTERS, panels="destination", ranked="2018-Q1", since="2016-Q4")
    cells = seen.cells
    # the United States fell behind Japan; no figure is published for ASEAN at the end of 2016
    assert [cell for cell in cells if cell.startswith(("▲", "▼", "=", "no figure before"))] == [
        "= same place",
        "▲ up 1 place",
        "no figure before",
        "▼ down 1 place",
    ]


# --- events, breaks, what is not exact ------------------------------------------------------------


def test_events_are_listed_with_their_sources_until_switched_off(visit: Visit):
    seen = visit("trends")
    listed = next(text for text in seen.texts if "①" in text)
    assert "**Simplified limit KRW 4M** (limit): announced 1 July 2024, in effect 1 August 2024." in listed
    assert listed.count("](http") >= 5
    seen.choose("events", code=False)
    assert seen.address["events"] == "0"
    assert not [text for text in seen.texts if "①" in text]


def test_a_break_of_definition_is_two_lines_and_its_reason(visit: Visit):
    seen = visit("trends", **OLD)
    assert "redesigned in 2025" not in seen.finding
    seen.choose("break", code=True)
    assert "before the redesign / Online overseas direct sales, redesigned in 2025" in seen.finding
    assert "drawn as a line of its own and not joined. Sample redesign of 2025." in " ".join(seen.texts)


def test_a_series_without_a_break_has_no_switch(visit: Visit):
    assert "break" not in visit("trends", series="mss_all").controls


def test_what_is_not_exact_is_explained(visit: Visit):
    assert "Hollow points are not exact. approximate: 2017, 2024." in " ".join(
        visit("trends", series="bok_direct").texts
    )
    assert "forecast: 2016" in " ".join(visit("trends", series="kcs_declared_2016").texts)
    assert "Hollow" not in " ".join(visit("trends").texts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_to_import_a_monthly_series_is_said(visit: Visit, lang: Lang):
    said = " ".join(visit("trends", lang).texts)
    assert "`yeokjikgu import-trass FILE.xlsx`" in said
    assert "`yeokjikgu import-kosis FILE.csv`" in said
