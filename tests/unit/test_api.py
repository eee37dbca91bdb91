"""The read-only interface: what it answers, what it refuses and how, and what may be kept."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import ask, store
from dashboard.api import answers, application
from dashboard.api.gate import Gate
from dashboard.api.questions import QuestionError, Simulate
from dashboard.claims import NAMES, Claim
from dashboard.exports.pack import link
from dashboard.model import simulate
from dashboard.receipts import Version
from dashboard.scenarios import STEPS, OwnBase, Scenario, ShareAbove
from etl.settings import ROOT
from tests.serving import Server, serving

TABLES = ("/series", "/observations", "/limits", "/sources")


@pytest.fixture(scope="module")
def server(data_folder: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YEOKJIKGU_BUILT_DIR", str(data_folder))
        with serving() as found:
            yield found


# --- tables -----------------------------------------------------------------------


@pytest.mark.parametrize("place", TABLES)
def test_a_table_is_the_same_in_every_format(server: Server, place: str):
    told = server.ask(place, rows=7).json
    assert 0 < len(told["rows"]) <= 7
    text = server.ask(place, rows=7, format="csv")
    rows = list(csv.DictReader(io.StringIO(text.body.decode())))
    frame = pd.read_parquet(io.BytesIO(server.ask(place, rows=7, format="parquet").body))
    key = next(iter(told["rows"][0]))
    assert [row[key] for row in rows] == list(frame[key]) == [row[key] for row in told["rows"]]
    assert text.headers["yeokjikgu-total-rows"] == str(told["total_rows"])


def test_pages_of_a_table_make_the_whole(server: Server):
    ids: list[str] = []
    skip: int | None = 0
    while skip is not None:
        page = server.ask("/sources", rows=100, skip=skip).json
        ids += [row["source_id"] for row in page["rows"]]
        skip = page["next_skip"]
    assert len(set(ids)) == len(ids) == page["total_rows"] > 100


def test_observations_take_the_filters_of_the_trends_page(
    server: Server, warehouse: duckdb.DuckDBPyConnection
):
    asked = {
        "series": "kcs_total",
        "measure": "value_krw",
        "frequency": "year",
        "destination": "ALL",
        "item": "ALL",
    }
    rows = server.ask("/observations", channel="ALL", **asked).json["rows"]
    drawn = store.trend(warehouse, "kcs_total", "value_krw")
    derived = {row["period"]: row["value"] for row in rows if row["evidence"] == "derived"}
    expected = drawn[drawn["evidence"] == "derived"].set_index("period")["value"].to_dict()
    assert derived == pytest.approx(expected)
    assert expected
    assert all(row["formula"] and row["input_ids"] for row in rows if row["evidence"] == "derived")
    assert all(row["source_id"] for row in rows if row["evidence"] == "published")


def test_what_begins_like_a_formula_is_left_as_it_is_and_the_answer_says_so():
    frame = pd.DataFrame({"name": ["=1+1", "-", "@x"], "value": [-1.5, 2.0, 3.0]})
    headers = {"yeokjikgu-data-version": "d", "yeokjikgu-model-version": "m"}
    told = application.replies.of_table(frame, "csv", headers, rows=5, skip=0)
    assert bytes(told.body).decode() == "name,value\r\n=1+1,-1.5\r\n-,2.0\r\n@x,3.0\r\n"
    assert "nothing escaped" in told.headers["yeokjikgu-csv"]
    assert "nothing escaped" in application.api.description


# --- the model --------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"step": "2m-5m"},
        {"old": 3_300_000, "new": 7_770_000, "set": "reference", "population": "declared-2021"},
        {"uptake": "1", "exclude": "food", "assume": "shape.s:0.9", "lang": "ko"},
    ],
    ids=str,
)
def test_a_simulation_is_what_the_command_prints(
    server: Server, warehouse: duckdb.DuckDBPyConnection, query: dict[str, Any]
):
    rows = store.population_rows(warehouse), store.assumption_rows(warehouse)
    asked = ask.ask(Simulate(**query).scenario(), *rows)
    expected = asked.as_json(answers.model_version(), store.data_version(warehouse), query.get("lang", "en"))
    assert server.ask("/simulate", **query).json == json.loads(json.dumps(expected))


def test_flat_formats_hold_every_value_of_the_answer(server: Server):
    told = server.ask("/simulate").json
    flat = pd.read_parquet(io.BytesIO(server.ask("/simulate", format="parquet").body)).set_index("key")
    assert flat.loc["newly_qualifying.cases.p50", "value"] == told["newly_qualifying"]["cases"]["p50"]
    group = told["by_destination"][0]
    assert flat.loc[f"by_destination.{group['destination']}.cases.p50", "value"] == group["cases"]["p50"]
    assert flat.loc["data_version", "text"] == told["data_version"]
    assert flat.index.is_unique


CLAIM = Claim(1.0, 2.0, 3.0, 4.0, 5.0, "0123abcd")
SCENARIOS = [
    Scenario(),
    Scenario(to_krw=6_000_000, via_krw=(3_000_000, 5_000_000), spread={"shape.s": 0.1}, effective=""),
    *(Scenario().on(step) for step in STEPS.values() if step.id in {"4m-5m", "2m-5m"}),
    Scenario(
        from_krw=1_500_000, to_krw=9_000_000, effective="", assumptions="reference", changed={"shape.s": 0.9}
    ),
    Scenario(
        population=OwnBase(100_000.0, 6e9, 2025),
        excluded_items=("food",),
        anchors=(ShareAbove(1e6, 0.001),),
        effective="",
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_copied_address_of_the_simulator_asks_the_same(scenario: Scenario):
    """The names are the pages' own: the query of a link, without what it claims and the versions it was made with, is a question."""
    query = dict(
        pair.split("=")
        for pair in link.query(scenario, "en", Version("d", "m"), CLAIM)
        .replace("%2C", ",")
        .replace("%3A", ":")
        .split("&")
    )
    asked = Simulate.model_validate(
        {k: v for k, v in query.items() if k not in {"data", "model", *NAMES}}
    ).scenario()
    assert asked.from_krw == scenario.from_krw
    assert asked.to_krw == scenario.to_krw
    assert (asked.population, asked.assumptions, asked.changed, asked.anchors, asked.excluded_items, asked.via_krw, asked.spread) == (
        scenario.population, scenario.assumptions, scenario.changed, scenario.anchors, scenario.excluded_items, scenario.via_krw,
        scenario.spread,
    )  # fmt: skip


def test_limits_of_the_sliders_are_evaluated_ahead_until_other_worlds_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
):
    asked: list[float] = []
    monkeypatch.setattr(simulate, "above_limit", lambda _worlds, limit: asked.append(limit))
    monkeypatch.setattr(simulate, "sweep_limits", lambda _assumptions: np.array([1e6, 2e6]))
    worlds: Any = SimpleNamespace(assumptions=None)
    saving: Any = None  # nobody asks for it
    shared, other = (ask.Shared(simulate.survival_grid(worlds), saving) for _ in range(2))
    ahead = answers._Ahead(newest=other)
    ahead.evaluate(shared)
    assert asked == []
    ahead.evaluate(other)
    other.grid.above(2e6)
    assert asked == [1e6, 2e6], "what is known is not evaluated again"


# --- refusals ---------------------------------------------------------------------

REFUSED = [
    ("/simulate", {"foo": "1"}, 422, "foo", "is no parameter"),
    ("/series", {"rows": "0"}, 422, "rows", "greater than or equal to 1"),
    ("/series", {"rows": "5001"}, 422, "rows", "less than or equal to 5000"),
    ("/series", {"format": "xml"}, 422, "format", "'json', 'csv' or 'parquet'"),
    ("/observations", {"measure": "weight"}, 404, "measure", "choose one of cases"),
    ("/simulate", {"old": "1e6"}, 422, "old", "valid integer"),
    ("/simulate", {"old": "4000000", "new": "2000000"}, 422, "new", "above"),
    ("/simulate", {"new": "9999999999"}, 422, "new", "at most"),
    ("/simulate", {"step": "3m"}, 422, "step", "choose one of 2m-4m"),
    ("/simulate", {"step": "2m-4m", "old": "1000000"}, 422, "old", "step=own"),
    ("/simulate", {"step": "2m-4m", "via": "3000000"}, 422, "via", "step=own"),
    ("/simulate", {"spread": "shape.s"}, 422, "spread", "parameter:deviation"),
    ("/simulate", {"population": "mars"}, 404, "population", "total-2024"),
    ("/simulate", {"population": "own"}, 422, "population", "give all three"),
    ("/simulate", {"own_cases": "5"}, 422, "own_cases", "population=own"),
    ("/simulate", {"anchor": "1"}, 422, "anchor", "give both"),
    ("/simulate", {"assume": "shape.s"}, 422, "assume", "parameter:centre"),
    ("/simulate", {"assume": "shape.s:nan"}, 422, "assume", "number"),
    ("/simulate", {"exclude": "gold"}, 422, "exclude", "cosmetics"),
    ("/nothing", {}, 404, "", "/observations"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "query", "status", "parameter", "said"), REFUSED)
def test_a_refusal_is_one_sentence_that_names_the_parameter(
    server: Server, place: str, query: dict[str, str], status: int, parameter: str, said: str
):
    told = server.ask(place, **query)
    assert (told.status, told.json["parameter"]) == (status, parameter)
    assert said in told.json["error"]
    assert told.json["error"].endswith(".")
    assert told.headers["cache-control"] == "no-store"


def test_a_parameter_given_twice_is_refused(server: Server):
    told = server.ask("/simulate?old=1&old=2&x=")
    assert told.status == 422
    assert told.json["parameter"] == "old"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from([*Simulate.model_fields, "x"]),
        st.one_of(
            st.text(max_size=20),
            st.integers().map(str),
            st.sampled_from(["0", "1", "own", "food", "shape.s:1"]),
        ),
        max_size=4,
    )
)
def test_no_question_breaks_it(server: Server, query: dict[str, str]):
    told = server.ask("/simulate", **query)
    assert told.status in {200, 404, 422}
    if told.status != 200:
        assert set(told.json) == {"error", "parameter"}


# --- what may be kept, who may ask, how -------------------------------------------


def test_an_answer_is_kept_until_data_or_model_change(server: Server, monkeypatch: pytest.MonkeyPatch):
    first = server.ask("/series")
    assert first.headers["cache-control"] == "public, no-cache"
    held = {"If-None-Match": first.headers["etag"]}
    again = server.ask("/series", headers=held)
    assert (again.status, again.body) == (304, b"")
    assert server.ask("/series", headers=held, format="csv").status == 200
    monkeypatch.setattr(answers, "model_version", lambda: "9.9.9")
    newer = server.ask("/series", headers=held)
    assert (newer.status, newer.headers["yeokjikgu-model-version"]) == (200, "9.9.9")


def test_a_refused_question_is_refused_whatever_is_held(server: Server):
    assert server.ask("/simulate", headers={"If-None-Match": "*"}, foo="1").status == 422


def test_only_reading_and_no_other_site(server: Server):
    whole, head = server.ask("/limits"), server.ask("/limits", "HEAD")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", whole.headers["etag"])
    assert head.headers["content-length"] == str(len(whole.body))
    options = server.ask(
        "/limits", "OPTIONS", {"Origin": "https://x.example", "Access-Control-Request-Method": "GET"}
    )
    assert (options.status, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        told = server.ask("/limits", method)
        assert (told.status, told.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    for told in (options, server.ask("/limits", headers={"Origin": "https://x.example"})):
        assert not [name for name in told.headers if name.startswith("access-control")]


def test_beyond_the_queue_comes_429(server: Server, monkeypatch: pytest.MonkeyPatch):
    gate, go = Gate(running=1, waiting=1), threading.Event()
    monkeypatch.setattr(application, "_simulating", gate)
    monkeypatch.setattr(answers, "simulated", lambda *_asked: go.wait(30) and {"done": True})
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(server.ask("/simulate").status)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    while gate._inside < 2:
        pass
    told = server.ask("/simulate")
    assert (told.status, told.headers["retry-after"]) == (429, "1")
    assert "ask again in 1 s" in told.json["error"]
    assert server.ask("/series").status == 200, "tables have a queue of their own"
    go.set()
    for thread in threads:
        thread.join()
    assert found == [200, 200]
    assert gate._inside == 0


def test_without_data_it_says_what_to_do(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("YEOKJIKGU_BUILT_DIR", str(tmp_path))
    told = server.ask("/series")
    assert told.status == 503
    assert "run yeokjikgu build" in told.json["error"]


def test_it_describes_itself_with_the_addresses_below_the_base_path(server: Server):
    told = server.ask("/openapi.json").json
    assert set(told["paths"]) == {"/series", "/observations", "/simulate", "/limits", "/sources"}
    assert told["servers"] == [{"url": Server.path}]


def test_a_question_error_is_an_error():
    with pytest.raises(QuestionError, match="give both"):
        Simulate(anchor="1").scenario()


# --- the examples of the README ---------------------------------------------------


def examples(language: str) -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## API\n")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.+?)```", section, re.DOTALL)


@pytest.mark.parametrize(("language", "command"), [("sh", ["sh", "-ec"]), ("python", [sys.executable, "-c"])])
def test_the_examples_of_the_readme_run(server: Server, tmp_path: Path, language: str, command: list[str]):
    if language == "sh" and shutil.which("curl") is None:
        pytest.skip("no curl here")
    found = examples(language)
    assert found
    for example in found:
        code = example.replace("http://127.0.0.1:8501/api/v1", server.url)
        assert server.url in code
        done = subprocess.run([*command, code], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()


def test_r_and_excel_ask_what_is_there(server: Server):
    """Neither runs here: their addresses must answer."""
    for language in ("r", "powerquery"):
        addresses = [
            each
            for code in examples(language)
            for each in re.findall(r'"http://127.0.0.1:8501/api/v1([^"]+)"', code)
        ]
        assert addresses
        assert [server.ask(each).status for each in addresses] == [200] * len(addresses)
