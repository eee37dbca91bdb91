"""What the Markets page says: cells with grades, ease of entry, ranking with reasons, sizes that add up, and a sheet of one market."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import duckdb
import pytest
from openpyxl import load_workbook

from dashboard import store
from dashboard.evidence import Evidence
from dashboard.exports.market_sheet import html_bytes
from dashboard.exports.workbook import Shown, xlsx_bytes
from dashboard.markets.criteria import CRITERIA, PRESETS
from dashboard.markets.known import GROUPS, Asked, Known
from dashboard.markets.ranking import Ranking, Wishes
from dashboard.markets.sheet import Sheet, sheet
from dashboard.markets.sizing import ASSUMED, STAGES, Guess, Sizing, without
from dashboard.model.markets.ranking import WeightsError
from dashboard.model.markets.sizing import SizingError
from dashboard.receipts import Number

DAY = date(2026, 11, 23)
ASKED = Asked("cosmetics", 45_000.0, DAY, 0.1)
GUESSES = {"spend": Guess(0.2, 0.5, 0.9), "online": Guess(10, 20, 40), "abroad": Guess(2, 6, 15), "won": Guess(0.01, 0.05, 0.2)}  # fmt: skip
Ask = Callable[..., Known]


@pytest.fixture(scope="module")
def ask(warehouse: duckdb.DuckDBPyConnection, english: Evidence) -> Ask:
    read = store.market(warehouse), store.destination_rules(warehouse), store.currency_rates(warehouse)

    def known(evidence: Evidence = english, **changed: object) -> Known:
        return Known(replace(ASKED, **changed), *read, evidence)  # type: ignore[arg-type]  # (fields of Asked)

    return known


@pytest.fixture(scope="module")
def known(ask: Ask) -> Known:
    return ask()


@pytest.fixture(scope="module")
def assumed(warehouse: duckdb.DuckDBPyConnection) -> dict[str, float]:
    return {row["parameter"]: row["p1"] for row in store.market_assumption_rows(warehouse)}


@pytest.fixture(scope="module")
def ranked(known: Known, assumed: dict[str, float]) -> Ranking:
    return Ranking(known, Wishes(PRESETS["balanced"]), assumed)


# --- what is known ------------------------------------------------------------


def test_a_cell_shows_period_and_grade_and_missing_is_a_dash(known: Known):
    assert str(known.graded("JP", "population")) == "123.98 million people (2024, A)" or (
        str(known.graded("JP", "population")) == "124 million people (2024, A)"
    )
    assert str(known.graded("US", "item_growth")) == "+15.1% (2025, B)"
    assert known.graded("MN", "item_exports") == "–"


def test_every_table_has_a_row_for_every_destination_and_no_column_of_dashes(known: Known):
    for group in (*GROUPS, "rules"):
        table = known.table(group)  # type: ignore[arg-type]  # (the groups by name)
        columns = table.columns
        assert {len(cells) for cells in columns.values()} == {len(known.names)} == {32}
        assert not [name for name, cells in columns.items() if set(map(str, cells)) == {"–"}]


def test_imports_are_a_column_once_they_were_fetched(warehouse: duckdb.DuckDBPyConnection, english: Evidence):
    rows = store.market(warehouse)
    like = next(row for row in rows if row["column_id"] == "cosmetics_exports")
    fetched = {**like, "column_id": "imports"}
    known = Known(ASKED, [*rows, fetched], store.destination_rules(warehouse), [], english)
    assert "Imports of the item from the world" in known.table("item").columns


def test_imports_are_no_column_while_none_were_fetched(known: Known):
    assert not [name for name in known.table("item").columns if "Imports" in name]


@pytest.mark.parametrize(
    ("destination", "parcel", "day", "ease"),
    [
        # Japan: both free up to 10,000 yen, about 95,000 won; 10% of the rate either way leaves the edges apart
        ("JP", 45_000, DAY, 100.0),
        ("JP", 95_000, DAY, 50.0),  # within the band of the rate: it depends
        ("JP", 200_000, DAY, 0.0),
        ("JP", 45_000, date(2028, 4, 1), 50.0),  # tax from the first yen, duty still free
        # United States: both free up to USD 800 until 28 August 2025, then duty is due and there is no federal tax
        ("US", 45_000, date(2025, 8, 28), 100.0),
        ("US", 45_000, date(2025, 8, 29), 50.0),
        # EU: duty free up to EUR 150 until June 2026, VAT due
        ("DE", 45_000, date(2026, 6, 30), 50.0),
        ("DE", 45_000, date(2026, 7, 1), 0.0),
        # Indonesia's own rule for cosmetics: 45,000 won are above USD 3
        ("ID", 45_000, DAY, 0.0),
        # Vietnam: sources disagree on the duty, the tax is due
        ("VN", 45_000, DAY, 25.0),
        # Kazakhstan: the old rule and the plan that may have replaced it agree on the duty only
        ("KZ", 45_000, DAY, 75.0),
        # the tax of Mongolia is not known
        ("MN", 45_000, DAY, 75.0),
    ],
)
def test_ease_is_what_the_rule_of_the_day_says(
    ask: Ask, destination: str, parcel: float, day: date, ease: float
):
    assert ask(parcel_krw=float(parcel), day=day).ease(destination) == ease


def test_a_destination_without_a_rule_or_figures_says_nothing(ask: Ask):
    early = ask(day=date(1990, 1, 1))
    assert early.ease("DE") is None
    assert early.ease_number("DE") is None
    assert early.value("CH", "population") is None


def test_the_next_change_is_the_next_rule_of_parcels(known: Known):
    following = known.scheduled("JP")
    assert following is not None
    assert following["rule_id"] == "JP-mail-order"
    assert known.scheduled("AU") is None


# --- ranking ------------------------------------------------------------


def test_parts_of_a_score_add_up_and_all_numbers_have_receipts(ranked: Ranking):
    assert ranked.scored.parts.sum(axis=1) == pytest.approx(ranked.scored.scores)
    table = ranked.table(10)
    assert len(table.columns["Destination"]) == 10
    for name in ("Score", "In the first three"):
        assert all(isinstance(cell, Number) and cell.receipt.inputs for cell in table.columns[name])
    assert {
        cell.receipt.kind for cell in table.columns["In the first three"] if isinstance(cell, Number)
    } == {"modelled"}


def test_nobody_is_lost(ranked: Ranking):
    floored = {each.destination for each in ranked.floored}
    assert set(ranked.order) | set(ranked.thin) | floored == set(ranked.known.names)
    assert len(ranked.order) + len(ranked.thin) + len(floored) == len(ranked.known.names)


def test_the_shares_of_draws_add_up_to_three_places(ranked: Ranking):
    assert sum(each.in_top for each in ranked.certainty.values()) == pytest.approx(3)


def test_reasons_name_what_is_ahead_behind_and_missing_with_the_figures(ranked: Ranking):
    said = ranked.reasons("US")
    assert said.text.startswith(("Its place is quite certain.", "Its place is likely", "Its place is open"))
    assert "Ahead in: Size (USD 27.22 trillion), Korea’s position (USD 2,186 million)" in said.text
    assert "Behind in: " in said.text
    assert {number.receipt.unit for number in said.numbers} >= {"USD", "percent"}


def test_growth_of_another_year_is_not_compared(ranked: Ranking):
    """Taiwan's growth is of 2022, the others' of 2025."""
    assert ranked.known.number("TW", "item_growth") is not None
    assert ranked.number("TW", "growth") is None


def test_weights_that_are_all_zero_are_one_sentence(known: Known, assumed: dict[str, float]):
    with pytest.raises(WeightsError) as error:
        Ranking(known, Wishes(dict.fromkeys(CRITERIA, 0.0)), assumed)
    assert "all weights at zero" in error.value.in_language("en")


def test_floors_list_whom_they_leave_out(known: Known, assumed: dict[str, float]):
    floored = Ranking(known, Wishes(PRESETS["balanced"], least_exports_usd=500e6), assumed)
    assert set(floored.order) == {"US", "CN", "JP", "HK"}
    said = " ".join(floored.left_out())
    assert "Below the floor, not ranked:" in said
    assert "the figure that the floor asks for is missing:" in said
    assert len(floored.floored_table().columns["Destination"]) == len(floored.floored) == 28


def test_one_market_alone_is_said_to_be_alone(known: Known, assumed: dict[str, float]):
    alone = Ranking(known, Wishes(PRESETS["balanced"], least_people=1e9, least_exports_usd=1e9), assumed)
    assert list(alone.order) == ["CN"]
    assert alone.heading() == "Only China is left: with one market there is nothing to rank"


def test_a_floor_above_all_leaves_an_empty_order_and_sentences(known: Known, assumed: dict[str, float]):
    none = Ranking(known, Wishes(PRESETS["balanced"], least_people=1e10), assumed)
    assert not none.order
    assert none.left_out()


def test_a_basket_above_every_threshold_is_said_so(ask: Ask, assumed: dict[str, float]):
    """Ten million won; Hong Kong and the United States levy no tax at any value, so ease still tells those apart."""
    dear = Ranking(ask(parcel_krw=10_000_000.0), Wishes(PRESETS["balanced"]), assumed)
    said = dear.above_thresholds()
    assert said is not None
    assert said.text.startswith("A parcel of KRW 10 million is above every threshold that is known")
    near = Ranking(ask(), Wishes(PRESETS["balanced"]), assumed)
    assert near.above_thresholds() is None


@pytest.mark.parametrize("method", ["min-max", "rank", "z-score"])
@pytest.mark.parametrize("item", ["cosmetics", "food", "recorded_media"])
def test_every_item_and_scale_ranks_with_a_heading(
    ask: Ask, assumed: dict[str, float], item: str, method: str
):
    found = Ranking(ask(item_id=item), Wishes(PRESETS["easy"], method), assumed)  # type: ignore[arg-type]  # (a method)
    assert found.heading()
    assert list(found.frame()["score"]) == sorted(found.frame()["score"], reverse=True)


def test_a_criterion_that_is_known_of_one_market_is_not_weighed_and_said_so(ranked: Ranking):
    """Values per case are published for Japan alone: they tell no two markets apart."""
    assert ranked.weights["value_per_case"] == 0
    assert "Not weighed because fewer than two markets have a figure: Value per case." in ranked.left_out()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("item", ["cosmetics", "food", "recorded_media"])
def test_every_item_has_a_shortlist_of_three_whatever_matters(
    ask: Ask, assumed: dict[str, float], item: str, preset: str
):
    found = Ranking(ask(item_id=item), Wishes(PRESETS[preset]), assumed)
    assert len(found.order) >= 3
    assert all(found.reasons(each).text for each in found.order[:3])


def test_weight_on_what_is_hardly_known_is_one_sentence(ask: Ask, assumed: dict[str, float]):
    with pytest.raises(WeightsError) as error:
        Ranking(ask(item_id="food"), Wishes({"growth": 100.0}), assumed)
    assert "known of fewer than two markets" in error.value.in_language("en")


# --- size ------------------------------------------------------------


@pytest.fixture(scope="module")
def sized(known: Known, assumed: dict[str, float]) -> Sizing:
    return Sizing(known, ["JP", "US"], GUESSES, assumed)


def test_children_add_up_to_parents(sized: Sizing):
    for stage in STAGES:
        parts = sum(sized.sized.markets[each][stage] for each in ("JP", "US"))
        assert sized.sized.total[stage] == pytest.approx(parts)
        means = [sized.sized.summary(stage, each).mean for each in ("JP", "US")]
        assert sized.sized.summary(stage).mean == pytest.approx(sum(means))


def test_a_chain_is_the_product_of_its_factors(known: Known, assumed: dict[str, float]):
    """Japan, all factors at their middle: 123,975,371 × 85.54% × 32,487.08 × 0.5% = USD 17.2bn; × 20% × 6% = 207M; × 0.05% = 103,000."""
    sure = {name: Guess(guess.mid, guess.mid, guess.mid) for name, guess in GUESSES.items()}
    exact = Sizing(known, ["JP"], sure, {**assumed, **{f"market.error.{each}": 0.0 for each in "ABC"}})
    tam = 123_975_371 * 0.8554 * 32_487.08 * 0.005
    medians = [exact.sized.summary(stage, "JP").p50 for stage in STAGES]
    assert medians == pytest.approx([tam, tam * 0.2 * 0.06, tam * 0.2 * 0.06 * 0.0005], rel=1e-3)


def test_each_stage_is_smaller_and_its_interval_is_one(sized: Sizing):
    ends = {stage: sized.sized.summary(stage) for stage in STAGES}
    assert ends["TAM"].p50 > ends["SAM"].p50 > ends["SOM"].p50 > 0
    assert all(each.p05 < each.p50 < each.p95 for each in ends.values())


def test_factors_say_whether_they_are_published_or_assumed(sized: Sizing):
    kinds = list(sized.factors_table().columns["Kind"])
    assert kinds == ["published"] * 6 + ["assumed"] * len(ASSUMED)


def test_a_published_factor_that_the_reader_moved_is_an_assumption(known: Known, assumed: dict[str, float]):
    moved = Sizing(known, ["JP"], GUESSES, assumed, {"population": 0.5})
    assert next(iter(moved.factors_table().columns["Kind"])) == "assumed"
    assert any("50% of the published figure" in each for each in moved.assumptions())


def test_the_widest_factor_is_on_top_of_the_tornado(sized: Sizing):
    assert sized.bars["name"].iloc[0] == "Won by one seller"
    assert sized.bars["cases_at_low"].iloc[0] < sized.centre < sized.bars["cases_at_high"].iloc[0]


def test_no_market_is_a_sentence_and_one_without_facts_is_named(known: Known, assumed: dict[str, float]):
    with pytest.raises(SizingError):
        Sizing(known, [], GUESSES, assumed)
    with pytest.raises(SizingError):
        Sizing(known, ["CH"], GUESSES, assumed)
    assert without(known, ["JP", "CH"]) == ["CH"]
    assert Sizing(known, ["JP", "CH"], GUESSES, assumed).destinations == ["JP"]


# --- the sheet ------------------------------------------------------------


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _value in attrs if name.startswith("on") or name == "src"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module", params=["ko", "en"])
def page(request: pytest.FixtureRequest, ask: Ask, evidences: dict[str, Evidence]) -> tuple[Sheet, Evidence]:
    evidence = evidences[request.param]
    return sheet(ask(evidence), "JP", ["said"]), evidence


def test_the_html_sheet_stands_alone_with_its_sources(page: tuple[Sheet, Evidence]):
    found, evidence = page
    text = html_bytes(
        found, "https://example.org/markets?sheet=JP", evidence.version, evidence.words
    ).decode()
    seen = Page(text)
    assert f'<html lang="{evidence.words.lang}">' in text
    assert not {"script", "img", "link", "iframe"} & set(seen.tags)
    assert "@media print" in text
    for number in found.numbers():
        assert str(number) in seen.text
    assert "https://data.worldbank.org/indicator/SP.POP.TOTL" in text
    assert "SP.POP.TOTL" in seen.text
    assert "0123456789ab" in seen.text


def test_text_is_escaped(page: tuple[Sheet, Evidence]):
    found, evidence = page
    evil = replace(found, title="<script>alert(1)</script>", notes=['"&<b>'])
    text = html_bytes(evil, "javascript:alert(1)", evidence.version, evidence.words).decode()
    assert "<script" not in text
    assert "<b>" not in text
    assert "javascript:" not in text


def test_the_workbook_of_the_sheet_holds_the_same_numbers(page: tuple[Sheet, Evidence], tmp_path: object):
    found, evidence = page
    shown = Shown(found.title, found.lead, tuple(found.notes), "source")
    content = xlsx_bytes(
        found.table,
        shown,
        address="",
        version=evidence.version,
        built="",
        definitions=[],
        words=evidence.words,
    )
    path = f"{tmp_path}/sheet.xlsx"
    with open(path, "wb") as file:  # noqa: PTH123 (openpyxl wants a name)
        file.write(content)
    book = load_workbook(path)
    values = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert 123_975_371 in values
    assert 1_044_000_000 in values


def test_both_languages_hold_the_same_rows(ask: Ask, evidences: dict[str, Evidence]):
    rows = [
        [
            len(section.table.columns[next(iter(section.table.columns))])
            for section in sheet(ask(each), "JP", []).sections
        ]
        for each in evidences.values()
    ]
    assert rows[0] == rows[1]
    assert not re.search("[가-힣]", sheet(ask(evidences["en"]), "JP", []).lead)
