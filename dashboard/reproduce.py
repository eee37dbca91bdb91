"""A view without a browser: the page itself is run on the same data, and hands over its tables and slides.

`table` takes the address of a view and the key of a chart or table on it, and gives its numbers in full; that is what the
snippet under every chart calls. `seen` gives all that a page hands over, in any language; packs and presentations are made of it.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
from streamlit import runtime
from streamlit.testing.v1 import AppTest, app_test

from dashboard.exports.pack.story import Seen
from dashboard.i18n import Lang
from dashboard.receipts import Number
from dashboard.tables import Table

_APP = Path(__file__).with_name("app.py")
_PAGES = _APP.parent / "app_pages"
_FIRST = "overview"
_SECONDS = 120
_ONE_AT_A_TIME = threading.Lock()


class ViewError(Exception):
    """The address opens no page, the page shows an error, or it has no table of that key.

    `reason` is what the page itself says, in its language; empty where there is no such page.
    """

    def __init__(self, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason


def seen(address: str, lang: Lang | None = None) -> Seen:
    """Open an address, in another language if one is named.

    A whole address that names no page opens the first one, whose address is the plain one whatever its base path; a relative
    one (`simulator?step=4m-5m`) has to name a page.

    Raises:
        ViewError: the address opens no page here, or the page shows an error.
    """
    parts = urlsplit(address)
    place = parts.path.rstrip("/").rpartition("/")[2] or _FIRST
    page = _PAGES / f"{place}.py"
    if not place.isidentifier() or not page.exists():
        if not parts.netloc and "/" not in parts.path:
            raise ViewError(f"{address}: there is no page {place!r}.")
        page = _PAGES / f"{_FIRST}.py"
    choices = dict(parse_qsl(parts.query, keep_blank_values=True))
    with _beside_the_server():
        app = AppTest.from_file(_APP, default_timeout=_SECONDS)
        app.query_params.update(choices | ({"lang": lang} if lang else {}))
        try:
            app.switch_page(str(page.relative_to(_APP.parent))).run()
        except RuntimeError as error:  # so says AppTest when the time is over
            raise ViewError(f"{address}: {error}.", f"{error}.") from error
    if wrong := [str(each.value) for each in [*app.exception, *app.error]]:
        raise ViewError(f"{address}: {wrong[0]}", wrong[0])
    state = app.session_state
    title, lead = state["page_title_of_this_run"]
    return Seen(
        title,
        lead,
        slides=state["slides_of_this_run"],
        tables=state["tables_of_this_run"],
        choices=state["address wanted"],
        ignored=state["address ignored"],
    )


class _Place:
    """Where AppTest puts its stand-in for the server, so that a server that runs here keeps its own place."""

    _instance: object = None


@contextmanager
def _beside_the_server() -> Iterator[None]:
    """Let AppTest run in a process of its own as well as inside the server that people look at.

    AppTest makes itself the process's runtime and leaves none behind: every session of a server would lose its files.
    """
    # it would say for each call that no browser is there
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    if not runtime.exists():
        logging.getLogger("streamlit").setLevel(logging.ERROR)
        yield
        return
    with _ONE_AT_A_TIME, patch.object(app_test, "Runtime", _Place):
        yield


def tables(address: str) -> dict[str, pd.DataFrame]:
    """Every chart's and table's rows by key; a number stands in full (share in percent where the page says percent).

    Raises:
        ViewError: the address opens no page here.
    """
    return {key: _in_full(shown) for key, shown in seen(address).tables.items()}


def table(address: str, key: str) -> pd.DataFrame:
    """The rows of one chart or table of a view; ViewError names the keys that the view has."""
    found = tables(address)
    if key not in found:
        raise ViewError(f"{address} has no {key!r}; it has {', '.join(found) or 'none'}.")
    return found[key]


def snippet(address: str, key: str, data: str, model: str) -> str:
    """Python that gives the rows of a chart or table again; data and model version are said in it."""
    return (
        f"# yeokjikgu: data version {data}, model version {model}\n"
        "from dashboard import reproduce\n\n"
        f"rows = reproduce.table({address!r}, {key!r})\n"
        "print(rows.to_string(index=False))\n"
    )


def scenario_snippet(scenario: str, data: str, model: str) -> str:
    """Python that asks the model a scenario (TOML) again, with nothing in it but the packages that everything here uses."""
    quoted = scenario.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return (
        f"# yeokjikgu: data version {data}, model version {model}\n"
        "from dashboard import scenarios, store\n"
        "from dashboard.ask import ask\n"
        "from etl import warehouse\n"
        "from etl.settings import Settings\n\n"
        f'scenario = scenarios.read("""\n{quoted}""")\n'
        "with store.connect(warehouse.current(Settings.from_environment())) as data:\n"
        "    asked = ask(scenario, store.population_rows(data), store.assumption_rows(data))\n"
        "cases = asked.result.cases\n"
        "print(cases.p05, cases.p50, cases.p95)\n"
    )


def _in_full(shown: Table) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: [cell.receipt.value if isinstance(cell, Number) else cell for cell in cells]
            for name, cells in shown.columns.items()
        }
    )
