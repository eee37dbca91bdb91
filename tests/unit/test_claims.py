"""What a link claims, and how the difference to today's answer is parted: figures, assumptions, model."""

import math
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import claims, store
from dashboard.answers import claimed
from dashboard.answers.core import Modelled
from dashboard.ask import ask
from dashboard.claims import Account, Claim
from dashboard.evidence import Evidence
from dashboard.exports.pack.link import query
from dashboard.model.priors import StandardNormals
from dashboard.receipts import Version
from dashboard.scenarios import OwnBase, Scenario
from tests import assumption_sets
from tests.packs import Packs

Row = dict[str, Any]
NORMALS = StandardNormals(np.random.default_rng(7), 400)
CLAIM = Claim(2546.0, 18782.0, 66256.0, 61_170_000.0, 4_091_000_000_000.0, "d485eccf")
THEN = Version("0123456789ab", "0.0.9")


@pytest.fixture(scope="module")
def populations(warehouse: duckdb.DuckDBPyConnection) -> list[Row]:
    return store.population_rows(warehouse)


@pytest.fixture(scope="module")
def rows(warehouse: duckdb.DuckDBPyConnection) -> list[Row]:
    return store.assumption_rows(warehouse)


@pytest.fixture(scope="module")
def former(warehouse: duckdb.DuckDBPyConnection) -> list[Row]:
    return store.former_assumption_rows(warehouse)


def moved(rows: list[Row], name: str, parameter: str, p1: float) -> list[Row]:
    """The rows with one prior of one set moved."""
    return [{**row, "p1": p1} if (row["set"], row["parameter"]) == (name, parameter) else row for row in rows]


def based(populations: list[Row], cases: float, value_krw: float) -> list[Row]:
    """The populations with other figures for the default base."""
    return [
        {**row, "cases": cases, "value_krw": value_krw} if row["population_id"] == "total-2024" else row
        for row in populations
    ]


# --- the address -----------------------------------------------------------------


@given(
    st.lists(st.floats(0, 1e9), min_size=3, max_size=3).map(sorted),
    st.floats(1, 1e10),
    st.floats(1, 1e16),
)
def test_a_claim_survives_the_address(quantiles: list[float], cases: float, value: float):
    claim = Claim(*quantiles, cases, value, "0123abcd")
    again = claims.read(claim.codes())
    assert again is not None
    assert again.says_the_same(claim)
    # plain text: no exponent, nothing that an address would have to escape
    assert all(set(text) <= set("0123456789.abcdef") for text in claim.codes().values())
    assert again.base_cases == pytest.approx(cases, abs=1e-4)


@pytest.mark.parametrize(
    "wrong",
    [
        {"p05": "20000"},  # above the median
        {"p50": "-1"},
        {"p50": "many"},
        {"p95": "nan"},
        {"p95": "1e5"},
        {"p50": "９"},
        {"base_cases": "0"},
        {"base_value_krw": ""},
        {"base_cases": "9" * 400},
        {"assumptions": "<b>"},
        {"assumptions": "d485eccfx"},
    ],
)
def test_nonsense_is_no_claim(wrong: dict[str, str]):
    assert claims.read(CLAIM.codes()) == CLAIM
    assert claims.read(CLAIM.codes() | wrong) is None


@pytest.mark.parametrize("name", claims.NAMES)
def test_half_a_claim_is_none(name: str):
    assert claims.read({key: text for key, text in CLAIM.codes().items() if key != name}) is None


def test_the_answer_to_the_default_question_claims_what_it_shows(populations: list[Row], rows: list[Row]):
    asked = ask(Scenario(), populations, rows, NORMALS)
    claim = claims.of(asked, rows)
    cases = asked.result.cases
    assert (claim.p05, claim.p50, claim.p95) == (cases.p05, cases.p50, cases.p95)
    assert (claim.base_cases, claim.base_value_krw) == (61_170_000, 4_091_000_000_000)
    # a change of the scenario's own stands in the address already: the digest is of the set as read
    changed = ask(Scenario(changed={"shape.s": 0.9}), populations, rows, NORMALS)
    assert claims.of(changed, rows).assumptions == claim.assumptions
    assert claims.of(
        ask(Scenario(assumptions="reference"), populations, rows, NORMALS), rows
    ).assumptions != (claim.assumptions)


def test_the_digest_knows_values_not_words(rows: list[Row]):
    of_set = [row for row in rows if row["set"] == "reference"]
    named = claims.digest(of_set)
    assert (
        claims.digest([{**row, "statement_en": "other words", "p1": str(row["p1"])} for row in of_set])
        == named
    )
    assert claims.digest(moved(of_set, "reference", "shape.s", 0.9)) != named
    assert claims.digest(of_set[1:]) != named
    # another order of destinations is another draw
    assert claims.digest(of_set[::-1]) != named


def test_todays_sets_are_on_record(rows: list[Row], former: list[Row]):
    assert not assumption_sets.not_on_record(), (
        "The assumptions changed. Links made with the new ones must be explained one day: put them on record with "
        "`uv run python -m tests.assumption_sets` (it adds rows to data/reference/former_assumptions.csv; take none out)."
    )
    # each set on record is what its digest says, as the warehouse reads it
    for named in {row["digest"] for row in former}:
        assert claims.digest(row for row in former if row["digest"] == named) == named
    assert {claims.digest(row for row in rows if row["set"] == name) for name in assumption_sets.SETS} <= {
        row["digest"] for row in former
    }


# --- the account -----------------------------------------------------------------

OLD_BASE = (40_000_000.0, 3_600_000_000_000.0)
SCENARIOS = [
    Scenario(assumptions="reference"),
    Scenario(
        via_krw=(3_000_000,), changed={"shape.s": 0.8}, spread={"shape.rho": 0.1}, excluded_items=("food",)
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_parts_are_what_todays_model_says_and_add_up(
    scenario: Scenario, populations: list[Row], rows: list[Row], former: list[Row]
):
    """The link was made on 40 million cases with the set on record; since then the figures rose and an assumption moved."""
    name = scenario.assumptions
    parameter = "share.destination.US"  # in both sets, and moved by no scenario here
    old_populations, new_rows = based(populations, *OLD_BASE), moved(rows, name, parameter, 0.3)
    then = claims.of(ask(scenario, old_populations, rows, NORMALS), rows)
    now = ask(scenario, populations, new_rows, NORMALS)
    found = claims.account(then, now, populations, new_rows, former)
    # worked by hand: each step is an answer of its own
    on_old_base = ask(scenario, old_populations, new_rows, NORMALS).result.cases.p50
    assert found.figures == pytest.approx(now.result.cases.p50 - on_old_base)
    assert found.assumed == pytest.approx(on_old_base - then.p50)
    assert found.rest == pytest.approx(0, abs=1e-6)
    assert not found.has_rest
    assert found.difference == pytest.approx(found.figures + (found.assumed or 0) + found.rest)
    (changed,) = found.moved
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.after.parameter, changed.after.centre) == (parameter, 0.3)
    assert not math.isclose(found.figures, 0, abs_tol=1)
    assert not math.isclose(found.assumed or 0, 0, abs_tol=1)


def test_what_no_record_explains_is_left_together(populations: list[Row], rows: list[Row], former: list[Row]):
    now = ask(Scenario(), populations, rows, NORMALS)
    then = replace(claims.of(now, rows), p50=now.result.cases.p50 - 1_000, p05=1.0, assumptions="00000000")
    found = claims.account(then, now, populations, rows, former)
    assert found.assumed is None
    assert found.figures == 0
    assert found.rest == pytest.approx(1_000)
    # the same claim with a set on record is the model's own, or the hand that wrote it
    known = claims.account(
        replace(then, assumptions=claims.of(now, rows).assumptions), now, populations, rows, former
    )
    assert known.assumed == 0
    assert known.has_rest


def test_a_set_that_lacks_what_the_scenario_changes_cannot_be_asked(
    populations: list[Row], rows: list[Row], former: list[Row]
):
    """The link's set knew no spread by item; the scenario of today moves it."""
    scenario = Scenario(changed={"shape.s_item": 1.1})
    now = ask(scenario, populations, rows, NORMALS)
    on_record = claims.of(now, rows).assumptions
    lacking = [
        {**row, "digest": "11111111"}
        for row in former
        if row["digest"] == on_record and row["parameter"] != "shape.s_item"
    ]
    then = replace(claims.of(now, rows), p50=claims.of(now, rows).p50 + 10, p95=1e9, assumptions="11111111")
    assert claims.account(then, now, populations, rows, lacking).assumed is None


def test_a_base_of_ones_own_is_parted_too(populations: list[Row], rows: list[Row], former: list[Row]):
    scenario = Scenario(population=OwnBase(200_000, 12e9, 2025))
    then = claims.of(
        ask(replace(scenario, population=OwnBase(100_000, 9e9, 2025)), populations, rows, NORMALS), rows
    )
    found = claims.account(then, ask(scenario, populations, rows, NORMALS), populations, rows, former)
    assert found.figures == pytest.approx(found.difference)
    assert found.difference != 0


@given(cases=st.floats(1, 1e12), value=st.floats(1, 1e18))
def test_any_figures_can_be_asked(populations: list[Row], rows: list[Row], cases: float, value: float):
    """A reader's text: whatever base a claim names, the account is finite and adds up."""
    few = StandardNormals(np.random.default_rng(7), 20)
    now = ask(Scenario(), populations, rows, few)
    found = claims.account(replace(CLAIM, base_cases=cases, base_value_krw=value), now, populations, rows, [])
    assert found.figures + found.rest == pytest.approx(found.difference)
    assert math.isfinite(found.figures)


# --- words -----------------------------------------------------------------------


def account_of(now: Any, rows: list[Row], **parts: Any) -> Account:
    claim = claims.of(now, rows)
    base = {"then": claim, "now": claim, "figures": 0.0, "assumed": 0.0, "rest": 0.0, "moved": ()}
    return Account(**{**base, **parts})


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_each_cause_is_said(
    populations: list[Row], rows: list[Row], evidences: dict[str, Evidence], lang: str
):
    now = ask(Scenario(), populations, rows, NORMALS)
    modelled = Modelled(now, [], evidences[lang])
    claim = claims.of(now, rows)

    def said(version: Version = THEN, **parts: Any) -> str:
        return "\n".join(
            each.text for each in claimed.told(account_of(now, rows, **parts), version, modelled)
        )

    _ = modelled.words.gettext
    nothing = said()
    for sentence in (
        "Nothing of it comes from the figures: the base is the same.",
        "Nothing of it comes from the assumptions: they are the same.",
        "Nothing of it comes from the model.",
    ):
        assert _(sentence) in nothing
    other = replace(claim, base_cases=40_000_000)
    assert "−1,234" in said(then=other, figures=-1234.0)
    unknown = said(then=replace(claim, assumptions="00000000"), assumed=None, rest=77.0)
    assert "+77" in unknown
    assert ("not on record" if lang == "en" else "기록이 없어") in unknown
    by_model = said(rest=250.0)
    assert "+250" in by_model
    edited = said(modelled.evidence.version, rest=250.0)
    assert edited != by_model
    assert ("edited" if lang == "en" else "수정") in edited


def test_versions_alone_are_one_quiet_line(populations: list[Row], rows: list[Row], english: Evidence):
    modelled = Modelled(ask(Scenario(), populations, rows, NORMALS), [], english)
    said = claimed.same(THEN, modelled)
    assert "0123456789ab, model version 0.0.9" in said
    assert claimed.same(english.version, modelled) == ""


def test_the_link_s_numbers_are_receipted_as_the_link_s(
    populations: list[Row], rows: list[Row], english: Evidence
):
    modelled = Modelled(ask(Scenario(), populations, rows, NORMALS), [], english)
    statement = claimed.then_statement(CLAIM, THEN, modelled)
    assert [each.text for each in statement.numbers] == ["2,546 cases", "18,782 cases", "66,256 cases"]
    for each in statement.numbers:
        assert each.receipt.kind == "assumed"
        assert each.receipt.formula == "as the address says; not computed here"
        assert (each.receipt.data_version, each.receipt.model_version) == (THEN.data, THEN.model)


def test_a_file_s_link_claims_too():
    text = query(Scenario(list_clearance_krw=1_500_000, spread={"shape.s": 0.1}), "en", THEN, CLAIM)
    assert "p50=18782&" in text
    assert "base_value_krw=4091000000000&" in text
    assert "assume=list.limit_krw%3A1500000&spread=shape.s%3A0.1" in text
    # defaults stand in it as well: they may be others one day
    assert {"uptake=0", "exclude=", "anchor=0", "step=2m-4m", "set=default"} <= set(text.split("&"))


def test_a_pack_s_link_claims_the_pack_s_own_answer(packs: Packs):
    pack = packs()
    assert pack.answer is not None
    cases = pack.answer.asked.result.cases
    claim = claims.read(dict(parse_qsl(urlsplit(pack.address).query)))
    assert claim is not None
    assert (claim.p05, claim.p50, claim.p95) == pytest.approx((cases.p05, cases.p50, cases.p95), abs=1e-4)


def test_a_changed_set_is_missed_on_record(monkeypatch: pytest.MonkeyPatch):
    read = assumption_sets.rows

    def changed(name: str) -> list[dict[str, str]]:
        return [{**row, "p1": "0.9"} if row.get("assumption_id") == "R001" else row for row in read(name)]

    monkeypatch.setattr(assumption_sets, "rows", changed)
    ((named, of_set),) = assumption_sets.not_on_record().items()
    assert {row["set"] for row in of_set} == {"reference"}
    assert [row["p1"] for row in of_set if row["parameter"] == "shape.s"] == ["0.9"]
    assert claims.digest(of_set) == named
