"""Priors are data: every row reads, draws as it says, and moves only within its range."""

from collections.abc import Mapping

import numpy as np
import pytest
from scipy import stats

from dashboard.model.errors import AssumptionError
from dashboard.model.priors import (
    Assumption,
    Assumptions,
    Distribution,
    StandardNormals,
    effective_sample_size,
    normalised,
    read_assumptions,
)


def prior(
    distribution: Distribution, p1: float, p2: float | None = None, p3: float | None = None
) -> Assumption:
    return Assumption(
        id="X",
        parameter="x",
        distribution=distribution,
        p1=p1,
        p2=p2,
        p3=p3,
        low=0.0,
        high=100.0,
        unit="",
        unit_ko="",
        statement_ko="",
        statement_en="x",
        source_id="",
        judgement=True,
        alternatives_ko="",
        alternatives_en="",
    )


@pytest.mark.parametrize("name", ["default", "reference"])
def test_every_row_is_complete(rows: list[Mapping[str, str]], name: str) -> None:
    found = read_assumptions(rows, name)
    assert len(found) == len({a.id for a in found.values()}) == sum(row["set"] == name for row in rows)
    for row in found.values():
        assert row.statement_ko
        assert row.statement_en
        assert row.unit
        assert row.judgement or row.source_id


def test_sets_hold_the_same_questions(default: Assumptions, reference: Assumptions) -> None:
    def general(found: Assumptions) -> set[str]:
        return {name for name in found if ".destination." not in name and "@" not in name}

    assert general(default) == general(reference)


@pytest.mark.parametrize(
    ("row", "law"),
    [
        (prior("normal", 2, 0.5), stats.norm(2, 0.5)),
        (prior("lognormal", 2, 0.5), stats.lognorm(0.5, scale=2)),
        (prior("beta", 4, 5), stats.beta(4, 5)),
        (prior("uniform", 1, 4), stats.uniform(1, 3)),
    ],
)
def test_draws_follow_the_law(row: Assumption, law: stats.rv_continuous) -> None:
    drawn = row.at(StandardNormals.default(4_000).of("x"))
    assert stats.kstest(drawn, law.cdf).pvalue > 1e-3


def test_soft_anchor_is_student_t_on_the_log() -> None:
    row = prior("student_t", 0.0031, 0.95, 3)
    values = np.array([0.0031, 0.01, 0.0005])
    expected = stats.t.logpdf(np.log(values / 0.0031) / 0.95, 3)
    # Up to a constant: weights add up to one.
    np.testing.assert_allclose(np.diff(row.log_density(values)), np.diff(expected))
    drawn = row.at(StandardNormals.default(4_000).of("x"))
    assert stats.kstest(np.log(drawn / 0.0031) / 0.95, stats.t(3).cdf).pvalue > 1e-3


def test_moving_keeps_the_spread_and_marks_the_change(default: Assumptions) -> None:
    moved = default.with_centre("shape.s", 1.0).with_centre("shape.rho", 0.3)
    assert moved.changed == {"shape.s", "shape.rho"}
    assert moved["shape.s"].p2 == default["shape.s"].p2
    assert moved.value("shape.rho") == pytest.approx(0.3)
    assert (moved["shape.rho"].p1, moved["shape.rho"].p2) == pytest.approx((2.7, 6.3))
    assert default.changed == frozenset()
    assert default.value("shape.s") == 0.85
    assert moved.with_centre("list.value_share", 0.7)["list.value_share"].p1 == pytest.approx(0.66)
    assert not default.with_fixed("shape.s", 0.9)["shape.s"].uncertain


def test_what_cannot_be_is_named(default: Assumptions, rows: list[Mapping[str, str]]) -> None:
    with pytest.raises(AssumptionError) as caught:
        default.with_centre("shape.s", 40)
    assert "between" in caught.value.en
    with pytest.raises(AssumptionError):
        default.with_centre("no.such", 1)
    with pytest.raises(AssumptionError):
        read_assumptions(rows, "no-such-set")
    broken = [{**rows[0], "p1": "many"}]
    with pytest.raises(AssumptionError):
        read_assumptions(broken, rows[0]["set"])
    with pytest.raises(AssumptionError):
        read_assumptions([{**rows[0], "distribution": "cauchy"}], rows[0]["set"])


def test_population_rows_replace_plain_ones(default: Assumptions) -> None:
    here = default.for_population("total-2021")
    assert here.value("share.destination.JP") == 0.456
    assert default.for_population("total-2024").value("share.destination.JP") == 0.36
    assert not any("@" in name for name in here)
    assert default.name_for("share.destination.JP", "total-2021") == "share.destination.JP@total-2021"
    assert default.name_for("share.destination.JP", "total-2024") == "share.destination.JP"


@pytest.mark.parametrize("population", ["total-2024", "total-2021", "declared-2021", "own"])
@pytest.mark.parametrize("prefix", ["share.destination", "share.item", "case_share.destination"])
def test_shares_add_up_to_one(default: Assumptions, population: str, prefix: str) -> None:
    here = default.for_population(population)
    members = here.members(prefix)
    assert sum(here.value(f"{prefix}.{member}") for member in members) == pytest.approx(1)


def test_streams_do_not_depend_on_the_order_of_asking() -> None:
    one, other = StandardNormals.default(10), StandardNormals.default(10)
    first = one.of("a"), one.of("b", (2,))
    second = other.of("b", (2,)), other.of("a")
    assert np.array_equal(first[0], second[1])
    assert np.array_equal(first[1], second[0])
    assert not np.array_equal(first[0], first[1][0])
    with pytest.raises(ValueError, match="read-only"):
        first[0][0] = 1


def test_weights_and_what_they_are_worth() -> None:
    even = normalised(np.zeros(10))
    assert effective_sample_size(even) == pytest.approx(10)
    half = normalised(np.where(np.arange(10) < 5, -np.inf, 3.0))
    assert effective_sample_size(half) == pytest.approx(5)


def test_a_moved_share_is_met_and_the_others_make_room(default: Assumptions) -> None:
    moved = default.with_centre("share.destination.US", 0.4)
    members = [m for m in moved.members("share.destination") if "@" not in m]
    assert moved.value("share.destination.US") == 0.4
    assert sum(moved.value(f"share.destination.{m}") for m in members) == pytest.approx(1)
    japan, china = (
        moved.value(name) / default.value(name) for name in ("share.destination.JP", "share.destination.CN")
    )
    assert japan == pytest.approx(china)
    assert moved.changed == {"share.destination.US"}
    for name in ("share.destination.US@total-2021", "share.cell_noise", "share.item.food"):
        assert moved[name] == default[name]


def test_shares_moved_together_are_all_met_whatever_their_order(default: Assumptions) -> None:
    centres = {"share.destination.US": 0.3, "share.destination.JP": 0.4}
    moved = default.with_centres(centres)
    assert moved == default.with_centres(dict(reversed(centres.items())))
    members = [
        f"share.destination.{code}" for code in default.members("share.destination") if "@" not in code
    ]
    assert {name: moved.value(name) for name in centres} == centres
    assert sum(moved.value(name) for name in members) == pytest.approx(1)
    others = [name for name in members if name not in centres]
    ratios = [moved.value(name) / default.value(name) for name in others]
    np.testing.assert_allclose(ratios, ratios[0])
    assert moved.changed == set(centres)


def test_a_centre_that_stays_is_no_change(default: Assumptions) -> None:
    same = default.with_centres({"shape.s": default.value("shape.s"), "shape.rho": 0.4})
    assert same.changed == {"shape.rho"}


def test_shares_beyond_one_are_refused(default: Assumptions) -> None:
    with pytest.raises(AssumptionError, match="add up to 1"):
        default.with_centres({"share.destination.US": 0.6, "share.destination.JP": 0.5})
    every = {f"share.item.{code}": 0.1 for code in ("cosmetics", "fashion", "electronics", "food", "other")}
    with pytest.raises(AssumptionError, match="add up to 1"):
        default.with_centres(every)


def test_typed_rows_read_like_text(rows: list[Mapping[str, str]], default: Assumptions) -> None:
    numbers = ("p1", "p2", "p3", "low", "high")
    typed = [
        {
            **row,
            **{name: float(row[name]) if row[name] else None for name in numbers},
            "source_id": row["source_id"] or None,
            "judgement": row["judgement"] == "yes",
        }
        for row in rows
    ]
    assert read_assumptions(typed, "default") == default
    with pytest.raises(AssumptionError, match="cannot be read"):
        read_assumptions([{**typed[0], "low": None}], str(typed[0]["set"]))
