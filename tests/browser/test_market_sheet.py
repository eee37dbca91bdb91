"""A market's sheet is one page when printed, in both languages."""

import re
from datetime import date

import duckdb
import pytest
from playwright.sync_api import Browser

from dashboard import store
from dashboard.evidence import Evidence
from dashboard.exports.market_sheet import html_bytes
from dashboard.i18n import LANGUAGES
from dashboard.markets.known import Asked, Known
from dashboard.markets.sheet import sheet


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_market_with_most_figures_prints_on_one_sheet_of_paper(
    browser: Browser, warehouse: duckdb.DuckDBPyConnection, evidences: dict[str, Evidence], lang: str
) -> None:
    evidence = evidences[lang]
    known = Known(
        Asked("cosmetics", 45_000.0, date(2026, 11, 23), 0.1),
        store.market(warehouse),
        store.destination_rules(warehouse),
        store.currency_rates(warehouse),
        evidence,
    )
    page = browser.new_page()
    page.set_content(html_bytes(sheet(known, "JP", []), "", evidence.version, evidence.words).decode())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
