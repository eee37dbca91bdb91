"""The snippets under charts and answers: run as they stand, they give the numbers of the page."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import reproduce
from tests.views import VIEWS, View

APP = Path(dashboard.__file__).with_name("app.py")
FEW = {"trends-kostat_old-destination", "overview", "simulator-gains"}


@pytest.fixture(scope="module", autouse=True)
def _built_data(data_folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YEOKJIKGU_BUILT_DIR", str(data_folder))
        yield


def run(code: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "snippet", "exec"), {})  # noqa: S102 (the snippet is what is tested)
    return out.getvalue()


def seen(view: View, lang: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=120)
    app.query_params.update({**view.query, "lang": lang})
    app.switch_page(f"app_pages/{view.page}.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    "view",
    [pytest.param(each, id=str(each), marks=() if str(each) in FEW else pytest.mark.slow) for each in VIEWS],
)
def test_the_snippets_of_a_view_give_its_numbers(view: View):
    app = seen(view, "ko")
    snippets = [each.value for each in app.code if "reproduce.table(" in each.value]
    tables = {key: table for key, table in app.session_state["tables_of_this_run"].items() if table.numbers()}
    assert len(snippets) == len(tables)
    for code, (key, table) in zip(snippets, tables.items(), strict=True):
        assert f", {key!r})" in code
        # AppTest knows no address: what a browser has before the query is the page's own
        rows = {}
        exec(code.replace("table('?", f"table('http://h/below/{view.place}?").partition("print")[0], rows)  # noqa: S102 (as above)
        numbers = [number.receipt.value for number in table.numbers()]
        found = [cell for row in rows["rows"].itertuples(index=False) for cell in row]
        given = [
            cell
            for cell, shown in zip(
                found,
                (c for row in zip(*table.columns.values(), strict=True) for c in row),
                strict=True,
            )
            if not isinstance(shown, str)
        ]
        assert [None if pd.isna(each) else each for each in given] == pytest.approx(numbers, nan_ok=True)


def test_the_snippet_of_an_answer_gives_its_interval():
    app = seen(View("simulator", (("step", "own"), ("old", "1500000"), ("set", "reference"))), "en")
    (code,) = [each.value for each in app.code if "scenarios.read" in each.value]
    p05, p50, p95 = map(float, run(code).split())
    shown = {
        each.receipt.value
        for each in app.session_state["numbers_of_this_run"]
        if each.receipt.unit == "cases"
    }
    assert {p05, p50, p95} <= {each for each in shown if each is not None}


def test_a_name_that_nobody_has_is_said():
    with pytest.raises(reproduce.ViewError, match="has no 'nothing'; it has trend"):
        reproduce.table("http://h/trends?lang=en", "nothing")
