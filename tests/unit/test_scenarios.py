"""A scenario survives its file, a wrong file is named by its key, and the steps are those of the law."""

import json
import tomllib
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import scenarios, store
from dashboard.model.behaviour import Switches
from dashboard.scenarios import STEPS, OwnBase, Scenario, ScenarioError, ShareAbove, as_table, read, write
from tests.sentences import assert_names

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.floats(allow_nan=False, allow_infinity=False)
amounts = st.floats(0, 1e12) | st.integers(0, 10**12).map(float)
scenarios_of_any_kind = st.builds(
    Scenario,
    name=texts,
    population=texts | st.builds(OwnBase, cases=numbers, value_krw=numbers, year=st.integers(-1, 9999)),
    from_krw=numbers,
    to_krw=numbers,
    via_krw=st.lists(numbers).map(tuple),
    list_clearance_krw=st.none() | numbers,
    effective=st.just("") | st.dates().map(date.isoformat),
    excluded_items=st.lists(texts).map(tuple),
    switches=st.builds(Switches, *[st.booleans()] * 5),
    assumptions=texts,
    changed=st.dictionaries(texts, numbers),
    spread=st.dictionaries(texts, st.floats(0, 1e12, exclude_min=True)),
    anchors=st.lists(
        st.builds(ShareAbove, amounts, st.floats(0, 1), st.sampled_from(["cases", "value"]))
    ).map(tuple),
)

FILE = """\
version = 1
name = "한도 400만 원"
population = "total-2021"
effective = 2024-08-01
assumptions = "reference"
excluded_items = ["food"]

[limits]
from_krw = 2_000_000
via_krw = [3e6]
to_krw = 4000000.0
list_clearance_krw = 1500000

[behaviour]
uptake = true

[changed]
"shape.s" = 0.95

[spread]
"shape.s" = 0.05

[[anchors]]
above_krw = 1000000
share = 0.002

[[anchors]]
above_krw = 500000
share = 0.2
kind = "value"
"""


@settings(deadline=None)
@given(scenarios_of_any_kind)
def test_what_is_written_reads_the_same(scenario: Scenario) -> None:
    assert read(write(scenario)) == scenario


@settings(deadline=None)
@given(scenarios_of_any_kind)
def test_the_table_is_plain_data(scenario: Scenario) -> None:
    assert json.loads(json.dumps(as_table(scenario), allow_nan=False)) == as_table(scenario)


def test_a_file_means_what_it_says() -> None:
    assert read(FILE) == Scenario(
        name="한도 400만 원",
        population="total-2021",
        from_krw=2e6,
        to_krw=4e6,
        via_krw=(3e6,),
        list_clearance_krw=1.5e6,
        effective="2024-08-01",
        excluded_items=("food",),
        switches=Switches(uptake=True),
        assumptions="reference",
        changed={"shape.s": 0.95},
        spread={"shape.s": 0.05},
        anchors=(ShareAbove(1e6, 0.002, "cases"), ShareAbove(5e5, 0.2, "value")),
    )


def test_what_is_left_out_is_the_default() -> None:
    assert read("version = 1") == Scenario(effective="")
    assert tomllib.loads(write(Scenario())) == {
        "version": 1,
        "effective": date(2024, 8, 1),
        "population": "total-2024",
        "assumptions": "default",
        "limits": {"from_krw": 2_000_000, "to_krw": 4_000_000},
        "behaviour": dict.fromkeys(
            ("exclusions", "uptake", "splitting", "under_declaration", "volume"), False
        ),
    }


@pytest.mark.parametrize("day", ["2024-08-01", '"2024-08-01"'])
def test_a_date_may_be_a_date_or_text(day: str) -> None:
    assert read(f"version = 1\neffective = {day}").effective == "2024-08-01"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("", "limits = "),
        ("", "version = 1\nversion = 1"),
        ("", "a = " + "[" * 5_000),
        ("version", "name = 'x'"),
        ("version", "version = '1'"),
        ("version", "version = true"),
        ("version", "version = 0"),
        ("version", "version = 2"),
        ("colour", "version = 1\ncolour = 'red'"),
        ("name", "version = 1\nname = 1"),
        ("population", "version = 1\npopulation = 2024"),
        ("population.cases", "version = 1\n[population]\nvalue_krw = 1\nyear = 2024"),
        ("population.cases", "version = 1\n[population]\ncases = 'many'\nvalue_krw = 1\nyear = 2024"),
        ("population.year", "version = 1\n[population]\ncases = 1\nvalue_krw = 1\nyear = 2024.5"),
        ("population.id", "version = 1\n[population]\ncases = 1\nvalue_krw = 1\nyear = 2024\nid = 'x'"),
        ("limits", "version = 1\nlimits = 4000000"),
        ("limits.from_krw", "version = 1\nlimits.from_krw = '2000000'"),
        ("limits.from_krw", "version = 1\nlimits.from_krw = true"),
        ("limits.to_krw", "version = 1\nlimits.to_krw = nan"),
        ("limits.to_krw", "version = 1\nlimits.to_krw = inf"),
        ("limits.to_krw", "version = 1\nlimits.to_krw = 1" + "0" * 400),
        ("limits.to", "version = 1\nlimits.to = 4000000"),
        ("limits.via_krw", "version = 1\nlimits.via_krw = 3000000"),
        ("limits.via_krw", "version = 1\nlimits.via_krw = ['x']"),
        ("limits.list_clearance_krw", "version = 1\nlimits.list_clearance_krw = '2M'"),
        ("effective", "version = 1\neffective = 2024-08-01T00:00:00"),
        ("effective", "version = 1\neffective = 'August'"),
        ("effective", "version = 1\neffective = '20240801'"),
        ("excluded_items", "version = 1\nexcluded_items = 'food'"),
        ("excluded_items", "version = 1\nexcluded_items = [1]"),
        ("assumptions", "version = 1\nassumptions = []"),
        ("behaviour.uptake", "version = 1\nbehaviour.uptake = 1"),
        ("behaviour.smuggling", "version = 1\nbehaviour.smuggling = true"),
        ("changed", "version = 1\nchanged = ['shape.s']"),
        ("changed.shape", "version = 1\nchanged.shape.s = 1"),
        ("spread", "version = 1\nspread = 0.1"),
        ("spread.shape.s", "version = 1\n[spread]\n'shape.s' = 0"),
        ("spread.shape.s", "version = 1\n[spread]\n'shape.s' = 'wide'"),
        ("anchors", "version = 1\nanchors = [1]"),
        ("anchors.share", "version = 1\nanchors = [{above_krw = 1}]"),
        ("anchors.share", "version = 1\nanchors = [{above_krw = 1, share = 20}]"),
        ("anchors.above_krw", "version = 1\nanchors = [{above_krw = -1, share = 0.2}]"),
        ("anchors.kind", "version = 1\nanchors = [{above_krw = 1, share = 0.2, kind = 'firms'}]"),
        ("anchors.below_krw", "version = 1\nanchors = [{above_krw = 1, share = 0.2, below_krw = 2}]"),
    ],
)
def test_a_wrong_file_is_named_by_its_key(key: str, text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    assert_names(caught.value, key)


def test_a_date_is_a_date_in_the_code_too() -> None:
    with pytest.raises(ScenarioError, match="effective"):
        Scenario(effective="soon")


def test_an_older_format_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(old: dict[str, Any]) -> dict[str, Any]:
        return {("name" if key == "title" else key): value for key, value in old.items()}

    def shouted(old: dict[str, Any]) -> dict[str, Any]:
        return {**old, "name": old["name"].upper()}

    monkeypatch.setattr(scenarios, "VERSION", 3)
    monkeypatch.setattr(scenarios, "_MIGRATIONS", {1: renamed, 2: shouted})
    assert read("version = 1\ntitle = 'old'").name == "OLD"
    assert read("version = 2\nname = 'newer'").name == "NEWER"
    assert read("version = 3\nname = 'new'").name == "new"
    assert tomllib.loads(write(Scenario()))["version"] == 3


def test_steps_are_those_of_the_law(warehouse: duckdb.DuckDBPyConnection) -> None:
    limits = store.limits_in_force(warehouse)
    simplified = limits[limits["channel_id"] == "simplified_declaration"].sort_values("valid_from")
    days = [f"{day:%Y-%m-%d}" for day in simplified["valid_from"]]
    history = list(zip(days, simplified["limit_krw"].tolist(), strict=True))
    assert [limit for _, limit in history] == [2e6, 4e6, 5e6]
    first, second, both, after, own = STEPS.values()
    assert (first.from_krw, first.effective, first.to_krw) == (history[0][1], *history[1])
    assert (second.from_krw, second.effective, second.to_krw) == (history[1][1], *history[2])
    assert (both.from_krw, both.via_krw, both.to_krw) == (first.from_krw, (first.to_krw,), second.to_krw)
    assert both.effective == second.effective
    assert (after.from_krw, after.to_krw, after.effective) == (history[-1][1], 6e6, "")
    assert own.id == "own"


def test_the_first_step_is_the_default() -> None:
    assert Scenario().on(next(iter(STEPS.values()))) == Scenario()
    stacked = Scenario(name="x", changed={"shape.s": 0.9}).on(STEPS["2m-5m"])
    assert (stacked.to_krw, stacked.via_krw, stacked.effective) == (5e6, (4e6,), "2026-06-26")
    assert (stacked.name, stacked.changed) == ("x", {"shape.s": 0.9})
    assert read(write(stacked)) == stacked
