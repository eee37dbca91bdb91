"""What readers do: move the limit, change series and language, go back, copy the address, take a file along."""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.i18n import words_for
from etl.settings import ROOT

OpenPage = Callable[..., Page]
Settled = Callable[[Page], None]


def query(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def chart(page: Page) -> Locator:
    return page.get_by_role("figure").first


def expect_finding(page: Page, text: str) -> None:
    """The chart's alternative text holds its finding."""
    expect(chart(page)).to_have_attribute("aria-label", re.compile(re.escape(text)))


def expect_query(page: Page, **codes: str) -> None:
    """The address says so (a moment after the page does)."""
    for name, code in codes.items():
        expect(page).to_have_url(re.compile(rf"[?&]{name}={re.escape(code)}(&|$)"))


def choose_series(page: Page, name: str) -> None:
    page.get_by_test_id("stSelectbox").first.click()
    page.get_by_role("option", name=name, exact=True).click()


def go_to(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()


def alone(page: Page) -> None:
    """Nothing went wrong."""
    expect(page.get_by_test_id("stException")).to_have_count(0)


# --- the limit ------------------------------------------------------------


def headline(page: Page) -> Locator:
    """How many shipments newly qualify, with the interval."""
    return page.locator(".st-key-headline-cases").get_by_test_id("stHtml")


def test_the_limit_moves_by_keyboard_and_survives_a_reload(open_page: OpenPage, settled: Settled):
    page = open_page("simulator", lang="en", step="own")
    expect_finding(page, "A limit of KRW 4 million brings in")
    expect_finding(page, "KRW 2 million to KRW 4 million")
    before = headline(page).inner_text()
    drawn = chart(page).locator("path.js-line").first.get_attribute("d")

    new = page.get_by_role("slider", name="New limit (FOB)")
    new.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect_finding(page, "A limit of KRW 4.3 million brings in")
    expect_query(page, step="own", new="4300000", old="2000000")
    expect(new).to_have_attribute("aria-valuetext", "KRW 4.3 million")
    expect(new).to_be_focused()
    expect(chart(page)).to_contain_text("new limit KRW 4.3 million")
    expect(headline(page)).not_to_have_text(before)

    old = page.get_by_role("slider", name="Old limit (FOB)")
    old.focus()
    page.keyboard.press("ArrowRight")
    expect_finding(page, "KRW 2.1 million to KRW 4.3 million")
    # 4.091tn / 2.1M
    answer = "at most 1,948,100 cases"
    expect(page.get_by_test_id("stMain").get_by_text(answer, exact=False).first).to_be_visible()
    expect_query(page, old="2100000", new="4300000")
    assert chart(page).locator("path.js-line").first.get_attribute("d") != drawn

    address, shown = page.url, headline(page).inner_text()
    page.reload()
    settled(page)
    expect_finding(page, "KRW 2.1 million to KRW 4.3 million")
    expect(page.get_by_role("slider", name="New limit (FOB)")).to_have_attribute(
        "aria-valuetext", "KRW 4.3 million"
    )
    expect(headline(page)).to_have_text(shown, use_inner_text=True)
    assert page.url == address
    alone(page)


def test_quick_keys_are_all_counted(open_page: OpenPage):
    page = open_page("simulator", lang="en", step="own")
    page.get_by_role("slider", name="New limit (FOB)").focus()
    for pause in (0, 120, 250, 30, 180, 60, 300, 90):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(pause)
    expect_finding(page, "KRW 2 million to KRW 4.8 million")
    expect_query(page, new="4800000")


# --- the address is the state ------------------------------------------------------------


def test_a_series_survives_language_and_navigation(open_page: OpenPage):
    page = open_page("trends", lang="en")
    choose_series(page, "Online overseas direct sales, before the redesign")
    expect_query(page, series="kostat_old", measure="value_krw")

    page.get_by_test_id("stSidebar").get_by_text("한국어", exact=True).click()
    korean = words_for("ko").gettext
    expect(page.get_by_role("heading", level=1)).to_have_text(korean("Trends"))
    expect_query(page, series="kostat_old", lang="ko")
    assert all(code.isascii() for code in query(page).values())

    go_to(page, korean("Simulator"))
    expect_query(page, population="total-2024")
    assert "series" not in query(page)
    go_to(page, korean("Trends"))
    expect_query(page, series="kostat_old", lang="ko")
    expect_finding(page, "온라인 해외 직접판매액(개편 전)")
    alone(page)


def test_back_and_forward_undo_and_redo_one_choice(open_page: OpenPage):
    page = open_page("trends", lang="en")
    first = chart(page).get_attribute("aria-label") or ""
    assert first

    choose_series(page, "KOTRA: declared e-commerce exports")
    expect_finding(page, "KOTRA: declared")
    expect_query(page, series="kotra_declared")
    page.go_back()
    expect_finding(page, first)
    expect_query(page, series="kcs_total")
    page.go_forward()
    expect_finding(page, "KOTRA: declared")
    expect_query(page, series="kotra_declared")
    alone(page)


def test_back_leads_out_of_the_page(open_page: OpenPage, page: Page):
    page.goto("about:blank")
    open_page("destinations", lang="en")
    expect_query(page, publication="kcs_total%3A2023")
    page.go_back()
    page.wait_for_timeout(500)
    if page.url != "about:blank":
        page.go_back()
    expect(page).to_have_url("about:blank")


def test_a_copied_address_opens_the_same_view(open_page: OpenPage, browser: Browser, settled: Settled):
    page = open_page("trends", lang="en", series="kostat_old", measure="value_krw", view="index")
    expect_query(page, **{"from": "2014", "view": "index"})
    finding = chart(page).get_attribute("aria-label") or ""
    assert "= 100" in finding

    context = browser.new_context(locale="ko-KR")
    try:
        other = context.new_page()
        other.goto(page.url)
        settled(other)
        expect(chart(other)).to_have_attribute("aria-label", finding)
        assert query(other) == query(page)
        alone(other)
    finally:
        context.close()


def test_nonsense_in_an_address_is_said(open_page: OpenPage):
    page = open_page("trends", lang="en", series="nonsense")
    expect(page.get_by_test_id("stAlert")).to_contain_text("series=nonsense")
    expect_query(page, series="kcs_total")
    alone(page)


# --- files ------------------------------------------------------------


def test_the_csv_of_a_chart_is_what_it_shows(open_page: OpenPage, tmp_path: Path):
    page = open_page("trends", lang="en", series="kcs_total", measure="value_usd")
    page.get_by_role("button", name="Download").first.click()
    with page.expect_download() as started:
        page.get_by_role("button", name="CSV: what is shown").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    assert file.suffix == ".csv"
    with file.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    assert [(row["Period"], float(row["value"])) for row in rows][-3:] == [
        ("2021", 1_745_187_000),
        ("2023", 2_320_000_000),
        ("2024", 2_903_000_000),
    ]
    assert all(row["receipt_url"].startswith("http") and row["data_version"] for row in rows)


# --- data that changes meanwhile ------------------------------------------------------------


def build(folder: Path, reference: Path) -> str:
    """Build with the project's own command; returns the data version."""
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "build"],
        env={
            **os.environ,
            "YEOKJIKGU_BUILT_DIR": str(folder / "data"),
            "YEOKJIKGU_REFERENCE_DIR": str(reference),
        },
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout.split()[-1]


@pytest.mark.slow
def test_a_build_that_lands_is_seen_on_the_next_run(open_page: OpenPage, server_folder: Path, tmp_path: Path):
    original = ROOT / "data" / "reference"
    changed = Path(shutil.copytree(original, tmp_path / "reference"))
    observations = changed / "observations.csv"
    text = observations.read_text(encoding="utf-8")
    assert ",2903000000," in text
    observations.write_text(text.replace(",2903000000,", ",2904000000,"), encoding="utf-8")

    page = open_page("trends", lang="en", measure="value_usd")
    expect_finding(page, "USD 2,903 million (2024)")
    try:
        version = build(server_folder, changed)
        expect(page.get_by_test_id("stSidebar")).not_to_contain_text(version)
        page.get_by_test_id("stMain").get_by_text("Index", exact=True).click()
        expect(page.get_by_test_id("stSidebar")).to_contain_text(version)
        page.get_by_test_id("stMain").get_by_text("Level", exact=True).click()
        expect_finding(page, "USD 2,904 million (2024)")
        alone(page)
    finally:
        build(server_folder, original)
