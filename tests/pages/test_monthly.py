"""Monthly trade: nothing fetched says how to fetch; what the stand-in for the publishers gave is drawn, cited and never spliced.

The warehouse here was filled by a real refresh over a real socket, twice: the second time the newest months came corrected.
"""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from dashboard import monthly, received, session, store
from dashboard.evidence import Evidence
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.receipts import Version
from etl import imports, refresh
from etl.settings import ROOT, Access, Settings
from etl.sources import trass
from etl.sources.registry import DATASETS
from etl.transport import Transport
from etl.warehouse import build
from tests.etl.desk import QUICK
from tests.fake_apis import all_keys, serving
from tests.fake_apis.customs import KEY
from tests.looking import Look, look
from tests.pages.conftest import Visit, Visitor
from tests.pages.test_figure_and_table import missing
from tests.pages.test_receipt_for_every_digit import texts_of, uncovered
from tests.pages.test_stray_english import strays_in
from tests.views import View

FIRST, AGAIN = datetime(2026, 11, 20, 3, tzinfo=UTC), datetime(2026, 11, 23, 3, tzinfo=UTC)
VIEWS = [
    View("monthly"),
    View("monthly", (("goods", "3304"), ("to", "US"))),
    *(View("monthly", (("goods", "3304"), ("view", view))) for view in ("daily", "growth", "season")),
    View("monthly", (("table", "DT_1KE1009"), ("region", "미국"), ("product", "화장품"))),
    View("sources", (("section", "freshness"),)),
    View("sources", (("section", "revisions"),)),
]
EVERY_VIEW = pytest.mark.parametrize("view", VIEWS, ids=str)


def workbook(file: Path) -> Path:
    """E-commerce trade from January 2021 to September 2026: a hundred million dollars, a million more each month."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["전자상거래 무역통계"], [], ["조회기간"], []):
        sheet.append(line)
    sheet.append(["연월", "수출건수", "수출금액", "수입건수", "수입금액"])
    months = [f"{year}.{month:02}" for year in range(2021, 2027) for month in range(1, 13)][:69]
    for place, month in enumerate(months):
        sheet.append([month, 1_000_000 + place, 100_000_000 + 1_000_000 * place, 15_000_000, 400_000_000])
    book.save(file)
    return file


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Figures of two refreshes and a workbook."""
    folder = tmp_path_factory.mktemp("live")
    settings = Settings(ROOT / "data" / "reference", folder / "raw", folder)
    order = refresh.Order(("customs", "kosis"), "2021-01", None, ("3304", "852349"), ("US", "JP"))
    with serving() as server, Transport(Access(all_keys(), server.base), QUICK, sleep=lambda _: None) as door:
        for now, since in ((FIRST, "2021-01"), (AGAIN, "2026-01")):
            access = Access(all_keys(), server.base)
            planned = refresh.plan(dataclasses.replace(order, since=since), settings, access, DATASETS, now)
            result = refresh.run(
                planned, settings, door, lambda _: None, lambda *_: None, clock=lambda now=now: now
            )
            assert not result.failed
            server.faults.switch_on("customs.revision", 1)
    imports.take(workbook(folder / "trade.xlsx"), trass.DATASET, settings, AGAIN)
    build(settings, lambda _: None)
    return settings


@pytest.fixture(scope="session")
def live(filled: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    name = (filled.built_dir / "current").read_text(encoding="utf-8").strip()
    with store.connect(filled.built_dir / name) as connection:
        yield connection


@pytest.fixture
def with_data(filled: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEOKJIKGU_BUILT_DIR", str(filled.built_dir))


@pytest.fixture(scope="session")
def looked_live(filled: Settings) -> Callable[[View, str], Look]:
    """What a view shows with fetched figures; all tests share one look at each."""

    def once(view: View, lang: str) -> Look:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("YEOKJIKGU_BUILT_DIR", str(filled.built_dir))
            return look(view, lang)

    return cache(once)


# --- nothing fetched ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_nothing_fetched_the_page_says_what_to_type_and_draws_no_empty_frame(visit: Visit, lang: str):
    page = visit("monthly", lang)

    assert page.is_sound
    assert not page.app.main.get("plotly_chart")
    typed = "\n".join(block.value for block in page.app.code)
    assert "uv run yeokjikgu refresh customs" in typed
    assert "uv run yeokjikgu import-trass FILE.xlsx" in typed
    keys = {"YEOKJIKGU_DATA_GO_KR_KEY", "YEOKJIKGU_KOSIS_KEY", "YEOKJIKGU_ECOS_KEY"}
    assert all(any(key in cell for cell in page.cells) for key in keys)
    assert any("data.go.kr" in cell for cell in page.cells)


def test_with_nothing_fetched_there_is_no_revision(visit: Visit):
    page = visit("sources", section="revisions")

    assert page.is_sound
    assert not page.app.main.get("plotly_chart")
    assert any("has been revised" in text for text in page.texts)


# --- fetched figures on the page ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@EVERY_VIEW
def test_every_plotted_number_stands_in_the_table(
    looked_live: Callable[[View, str], Look], view: View, lang: str
):
    seen = looked_live(view, lang)
    assert seen.wrong == []
    assert {each.key: missing(each) for each in seen.drawn if missing(each)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
@EVERY_VIEW
def test_every_digit_has_its_receipt(looked_live: Callable[[View, str], Look], view: View, lang: Lang):
    seen = looked_live(view, lang)
    assert uncovered(texts_of(seen), seen.numbers, lang) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
@EVERY_VIEW
def test_no_word_of_the_other_language(looked_live: Callable[[View, str], Look], view: View, lang: str):
    assert strays_in(looked_live, view, lang) == {}


@EVERY_VIEW
def test_no_key_reaches_the_page(looked_live: Callable[[View, str], Look], view: View):
    texts = [said.text for said in looked_live(view, "en").said]
    assert not [text for text in texts for key in all_keys().values() if key in text]


def test_all_trade_and_e_commerce_are_two_pictures_on_axes_of_their_own(
    looked_live: Callable[[View, str], Look],
):
    drawn = next(each for each in looked_live(VIEWS[1], "en").drawn if each.key == "monthly")
    trade, ecommerce = drawn.figure.data

    assert (trade.yaxis, ecommerce.yaxis) == ("y", "y2")
    assert drawn.figure.layout.yaxis.range != drawn.figure.layout.yaxis2.range
    assert trade.name == "All trade: Make-up and skin care (HS 3304), United States"
    assert ecommerce.name == "E-commerce only: all goods, all destinations"
    assert "all trade above, e-commerce alone below" in drawn.subtitle


def test_the_newest_three_months_are_hollow(looked_live: Callable[[View, str], Look]):
    drawn = next(each for each in looked_live(VIEWS[1], "en").drawn if each.key == "monthly")
    symbols = list(drawn.figure.data[0].marker.symbol)

    assert len(symbols) == 70  # January 2021 to October 2026
    assert [each.endswith("-open") for each in symbols[-4:]] == [False, True, True, True]


def test_quarters_of_both_definitions_are_not_joined(looked_live: Callable[[View, str], Look]):
    drawn = next(each for each in looked_live(VIEWS[0], "en").drawn if each.key == "online-trade")
    before, after = drawn.figure.data

    assert pd.Timestamp(max(before.x)).year == 2022
    assert pd.Timestamp(min(after.x)).year == 2023


@pytest.mark.usefixtures("with_data")
def test_a_destination_of_its_own_and_all_together(visit: Visit):
    page = visit("monthly", goods="3304")

    assert page.controls["to"].options == ["All destinations fetched, together", "Japan", "United States"]
    assert "Make-up and skin care (HS 3304), destinations fetched, together" in page.alternatives[0]
    assert "Make-up and skin care (HS 3304), Japan" in page.choose("to", "JP").alternatives[0]


# --- what a receipt of a fetched figure says ------------------------------------------------------------


def points_of(live: duckdb.DuckDBPyConnection, lang: Lang, destination: str | None) -> tuple[object, ...]:
    words = words_for(lang)
    rows = store.monthly_exports(live, "nitemtrade", "3304", destination)
    evidence = Evidence(store.figures(live), words, Version("0123456789ab", "0.1.0"))
    return received.cited(rows, "HS 3304", store.datasets(live), words), evidence, words


def test_a_fetched_figure_is_published_by_its_publisher_with_vintage_and_day(live: duckdb.DuckDBPyConnection):
    points, evidence, _words = points_of(live, "en", "US")
    receipt = evidence.number(points.iloc[-1]).receipt
    (line,) = receipt.inputs

    assert (receipt.kind, line.period, line.publisher) == ("published", "2026-10", "Korea Customs Service")
    assert line.title == "Exports and imports by HS code and country"
    assert line.note == "provisional. Retrieved on 23 November 2026, vintage 2"
    assert line.url == "https://apis.data.go.kr/1220000/nitemtrade/getNitemtradeList"
    assert KEY not in line.url


def test_a_daily_average_is_the_value_over_the_working_days(live: duckdb.DuckDBPyConnection):
    """October 2025 has 23 weekdays and 4 Saturdays; off are the 3rd and the 6th to 9th (Chuseok, a substitute, Hangul Day)."""
    points, evidence, words = points_of(live, "en", "US")
    level = points[points["period"] == "2025-10"].iloc[0]
    daily = monthly.per_working_day(points, words)
    row = daily[daily["period"] == "2025-10"].iloc[0]
    receipt = evidence.number(row).receipt

    assert row["working_days"] == 23 - 5 + 4 / 2
    assert receipt.value == pytest.approx(level["value"] / 20)
    assert receipt.kind == "derived"
    assert receipt.formula == "value / working days of the month"
    assert [line.value for line in receipt.inputs] == [level["value"], 20]


def test_a_sum_over_destinations_leaves_out_the_months_that_one_lacks(live: duckdb.DuckDBPyConnection):
    points, _evidence, _words = points_of(live, "en", None)
    lacking = points[~((points["destination_id"] == "JP") & (points["period"] == "2024-05"))]
    whole, partial = received.together(points), received.together(lacking)
    may = points[points["period"] == "2024-05"]

    assert whole.set_index("period").loc["2024-05", "value"] == may["value"].sum()
    assert set(whole["period"]) - set(partial["period"]) == {"2024-05"}


def test_a_month_between_others_that_was_not_published_is_a_gap(live: duckdb.DuckDBPyConnection):
    points, evidence, words = points_of(live, "en", "US")
    lacking = points[points["period"] != "2024-05"]
    shown = monthly.of("level", {"US": lacking}, evidence)
    assert shown is not None
    drawn = [value for value in shown.figure.data[0].y if value != value]  # noqa: PLR0124 (NaN is not equal to itself)

    assert len(drawn) == 1
    assert "No figure was received for May 2024: a gap, not zero." in monthly.notes(
        "level", shown, {"US": lacking}, words
    )
    assert monthly.newest_run(lacking)["period"].iloc[0] == "2024-06"


def test_the_season_asks_for_three_years_with_a_year_around_each_month(live: duckdb.DuckDBPyConnection):
    points, evidence, words = points_of(live, "en", "US")

    assert monthly.of("season", {"US": points.tail(47)}, evidence) is None
    assert monthly.of("season", {"US": points.tail(48)}, evidence) is not None
    assert "three years" in monthly.why_empty("season", words)


# --- the Sources page ------------------------------------------------------------


def at(day: date, page: Visitor) -> Visitor:
    """The page as a session sees it that began on a day."""
    page.app.session_state[session._TODAY] = day
    return page.run()


def states(page: Visitor, table: int) -> dict[str, str]:
    rows: AppTest = page.app.main.get("table")[table]
    return dict(rows.value["Status"])


def test_a_series_is_fresh_then_due_then_overdue_then_given_up(visit: Visit):
    """SME exports of 2025 came out 28 days after the year: those of 2026 are due on 28 January 2027, late a year after."""
    page = visit("sources", section="freshness")
    name = "Online exports of SMEs, declared"
    days = (date(2027, 1, 27), date(2027, 1, 28), date(2028, 1, 28), date(2030, 2, 1))

    assert [states(at(day, page), 0)[name] for day in days] == [
        "fresh",
        "due",
        "overdue",
        "no longer followed",
    ]


@pytest.mark.usefixtures("with_data")
def test_a_data_set_is_fresh_until_the_next_month_should_be_out(visit: Visit):
    """Trade of October 2026 was fetched: that of November is due on 15 December, late on the 25th."""
    page = visit("sources", section="freshness")
    name = "Exports and imports by HS code and country"

    assert states(at(date(2026, 12, 14), page), 1)[name] == "fresh"
    assert states(at(date(2026, 12, 15), page), 1)[name] == "due"
    assert states(at(date(2026, 12, 25), page), 1)[name] == "overdue"
    assert states(page, 1)["UN Comtrade annual trade"] == "never fetched"
    assert "uv run yeokjikgu refresh customs" in {block.value for block in page.app.code}


@pytest.mark.usefixtures("with_data")
def test_revisions_show_the_first_print_against_now(visit: Visit, live: duckdb.DuckDBPyConnection):
    """Asked on the 20th and corrected on the 23rd: three days, two vintages."""
    page = visit("sources", section="revisions")
    found = store.revisions(live)
    first = found.iloc[0]

    assert set(found["days"]) == {3}
    assert first["change_pct"] == pytest.approx(100 * (first["newest_value"] / first["first_value"] - 1))
    assert page.alternatives[0].startswith("Largest revision: ")
    assert "3 days" in page.cells
