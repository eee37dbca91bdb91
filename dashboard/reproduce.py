"""The numbers of a view without a browser: the page itself is run on the same data, and hands over its tables.

`table` takes the address of a view and the key of a chart or table on it, and gives its numbers in full; that is what the
snippet under every chart calls.
"""

import logging
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
from streamlit.testing.v1 import AppTest

from dashboard.receipts import Number
from dashboard.tables import Table

_APP = Path(__file__).with_name("app.py")
_SECONDS = 120
_TABLES = "tables_of_this_run"


class ViewError(Exception):
    """The address opens no page, the page shows an error, or it has no table of that key."""


def tables(address: str) -> dict[str, pd.DataFrame]:
    """Every chart's and table's rows by key; a number stands in full (share in percent where the page says percent).

    Raises:
        ViewError: the address opens no page here.
    """
    parts = urlsplit(address)
    place = parts.path.rstrip("/").rpartition("/")[2] or "overview"
    page = _APP.parent / "app_pages" / f"{place}.py"
    if not place.isidentifier() or not page.exists():
        page = (
            _APP.parent / "app_pages" / "overview.py"
        )  # the first page has the plain address, whatever its base path
    for name in ("streamlit.runtime.scriptrunner_utils.script_run_context", "streamlit"):
        logging.getLogger(name).setLevel(logging.ERROR)  # it would say for each call that no browser is there
    app = AppTest.from_file(_APP, default_timeout=_SECONDS)
    app.query_params.update(dict(parse_qsl(parts.query, keep_blank_values=True)))
    app.switch_page(str(page.relative_to(_APP.parent))).run()
    if wrong := [str(each.value) for each in [*app.exception, *app.error]]:
        raise ViewError(f"{address}: {wrong[0]}")
    return {key: _in_full(shown) for key, shown in app.session_state[_TABLES].items()}


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
