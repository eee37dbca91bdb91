"""Markets by weighted criteria: the arithmetic by hand, what is missing, and how sure the order is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dashboard.model.markets.ranking import (
    METHODS,
    Criteria,
    CriteriaError,
    Doubt,
    Floor,
    Method,
    WeightsError,
    above_floors,
    herfindahl,
    normalised,
    rank_certainty,
    scored,
)

NAN = float("nan")
HIGHER = np.array([False, False])


def of(values: list[list[float]], *, lower: list[bool] | None = None) -> Criteria:
    names = tuple("abcdef"[: len(values)])
    columns = ("size", "growth", "share")[: len(values[0])]
    return Criteria(names, columns, np.array(values), np.array(lower or [False] * len(columns)))


# --- one scale ------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("min-max", [0.0, 0.25, 1.0]),  # (20 - 10) / (50 - 10) = 0.25
        ("rank", [0.0, 0.5, 1.0]),
        # mean 80/3; deviations -50/3, -20/3, 70/3; spread sqrt((2500 + 400 + 4900) / 27) = 16.997
        ("z-score", [-0.98058, -0.39223, 1.37281]),
    ],
)
def test_three_markets_on_one_scale(method: Method, expected: list[float]):
    values = np.array([[10.0], [20.0], [50.0]])
    assert normalised(values, np.array([False]), method)[:, 0] == pytest.approx(expected, abs=1e-5)
    # lower is better: the same the other way round
    turned = normalised(values, np.array([True]), method)[:, 0]
    assert turned == pytest.approx(
        [1 - each for each in expected] if method != "z-score" else [-each for each in expected], abs=1e-5
    )


def test_ties_share_the_mean_of_their_places():
    values = np.array([[1.0], [2.0], [2.0], [3.0]])
    # of four places 0, 1/3, 2/3, 1 the two in the middle share one half
    assert normalised(values, np.array([False]), "rank")[:, 0].tolist() == [0.0, 0.5, 0.5, 1.0]


@pytest.mark.parametrize(("method", "middle"), [("min-max", 0.5), ("rank", 0.5), ("z-score", 0.0)])
@pytest.mark.parametrize("values", [[[7.0]], [[0.1], [0.1], [0.1]], [[7.0], [NAN]]])
def test_where_no_two_markets_differ_all_get_the_middle(
    method: Method, middle: float, values: list[list[float]]
):
    found = normalised(np.array(values), np.array([False]), method)[:, 0]
    assert found[~np.isnan(found)].tolist() == [middle] * int((~np.isnan(found)).sum())


MATRIX = arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 3)),
    elements=st.one_of(st.just(NAN), st.floats(-1e6, 1e6, width=32)),
)


@given(values=MATRIX, method=st.sampled_from(METHODS))
def test_a_scale_keeps_the_order_and_what_is_missing(values: np.ndarray, method: Method):
    found = normalised(values, np.zeros(values.shape[1], dtype=bool), method)
    assert (np.isnan(found) == np.isnan(values)).all()
    for before, after in zip(values.T, found.T, strict=True):
        known = ~np.isnan(before)
        order = np.argsort(before[known], kind="stable")
        assert (np.diff(after[known][order]) >= -1e-9).all()
        if method != "z-score":
            assert ((after[known] >= 0) & (after[known] <= 1)).all()


# --- scores ------------------------------------------------------------


def test_a_score_by_hand():
    """Weights 3 and 1 are 0.75 and 0.25. size: a 1, b 0.25, c 0. growth: a 0, b 1, c 0.5.

    a: 0.75 x 1 + 0.25 x 0 = 0.75. b: 0.75 x 0.25 + 0.25 x 1 = 0.4375. c: 0.75 x 0 + 0.25 x 0.5 = 0.125.
    """
    found = scored(of([[50, 0], [20, 10], [10, 5]]), {"size": 3, "growth": 1})
    assert found.destinations == ("a", "b", "c")
    assert found.scores.tolist() == pytest.approx([0.75, 0.4375, 0.125])
    assert found.parts[1].tolist() == pytest.approx([0.1875, 0.25])
    assert found.weight_known.tolist() == [1, 1, 1]


def test_what_is_missing_is_left_out_and_said():
    """c lacks growth: it is scored on size alone, which has 0.75 of the weight; d has nothing and is no market to rank."""
    found = scored(of([[50, 0], [20, 10], [10, NAN], [NAN, NAN]]), {"size": 3, "growth": 1})
    assert found.destinations == ("a", "b", "c")
    assert found.scores.tolist() == pytest.approx([0.75, 0.4375, 0.0])
    assert found.weight_known.tolist() == pytest.approx([1, 1, 0.75])
    assert found.unknown == ("d",)


def test_a_market_known_only_by_what_weighs_nothing_is_not_ranked():
    assert scored(of([[50, 1], [NAN, 2]]), {"size": 1, "growth": 0}).unknown == ("b",)


@pytest.mark.parametrize(
    "weights",
    [{}, {"size": 0, "growth": 0}, {"size": -1, "growth": 2}, {"size": NAN}, {"size": 1, "colour": 1}],
)
def test_weights_that_say_nothing_are_an_error_in_words(weights: dict[str, float]):
    with pytest.raises(WeightsError) as error:
        scored(of([[1, 2], [3, 4]]), weights)
    assert error.value.in_language("ko").endswith(".")
    assert error.value.in_language("en").endswith(".")


def test_one_market_alone_has_a_score_of_the_middle():
    assert scored(of([[5, 7]]), {"size": 1, "growth": 1}).scores.tolist() == [0.5]


def test_criteria_of_another_shape_are_refused():
    with pytest.raises(CriteriaError):
        Criteria(("a",), ("size",), np.zeros((2, 1)), np.array([False]))
    with pytest.raises(CriteriaError):
        of([[float("inf"), 1]])


@given(
    values=arrays(np.float64, (5, 3), elements=st.one_of(st.just(NAN), st.floats(-1e6, 1e6, width=32))),
    weights=st.tuples(*[st.floats(0, 10)] * 3).filter(any),
    method=st.sampled_from(METHODS),
    factor=st.floats(0.1, 10),
)
def test_scores_add_up_and_only_the_proportions_of_weights_count(
    values: np.ndarray, weights: tuple[float, float, float], method: Method, factor: float
):
    criteria = of(values.tolist())
    given_ = dict(zip(criteria.names, weights, strict=True))
    found = scored(criteria, given_, method)
    assert found.parts.sum(axis=1) == pytest.approx(found.scores, abs=1e-9)
    assert (np.diff(found.scores) <= 0).all()
    assert {*found.destinations} | {*found.unknown} == {*criteria.destinations}
    if min(weight for weight in weights if weight) > 1e-6:
        again = scored(criteria, {name: weight * factor for name, weight in given_.items()}, method)
        assert again.scores == pytest.approx(found.scores, abs=1e-9)


# --- floors ------------------------------------------------------------


def test_markets_below_a_floor_are_listed_and_do_not_move_the_scale():
    kept, left = above_floors(of([[50, 0], [20, 10], [1, 99], [NAN, 5]]), [Floor("size", 10)])
    assert kept.destinations == ("a", "b")
    assert [(each.destination, each.reason, each.value) for each in left] == [
        ("c", "below", 1.0),
        ("d", "missing", None),
    ]
    # c's growth of 99 no longer sets the scale
    assert scored(kept, {"growth": 1}).scores.tolist() == [1.0, 0.0]


def test_a_market_on_the_floor_stays():
    kept, left = above_floors(of([[10, 0]]), [Floor("size", 10)])
    assert kept.destinations == ("a",)
    assert left == []


# --- certainty ------------------------------------------------------------


def certainty(criteria: Criteria, error: float = 0.1, **settings: object):
    doubt = Doubt(np.full(criteria.values.shape, error))
    return rank_certainty(
        criteria, {"size": 1, "growth": 1}, doubt, np.random.default_rng(20261123), **settings
    )


FOUR = of([[50, 9], [20, 10], [10, 2], [12, 3]])


def test_a_market_that_leads_in_all_is_always_first():
    found = certainty(of([[900, 90], [20, 10], [10, 5]]), top=1)
    assert found[0].destination == "a"
    assert found[0].in_top > 0.999
    assert (found[0].p05, found[0].p50, found[0].p95) == (1, 1, 1)


def test_equal_markets_share_the_top():
    """Five that are all the same: each is in the top three in 3 of 5 draws, give or take."""
    found = certainty(of([[5.0, 5.0]] * 5), error=0.0, draws=4_000)
    assert [each.in_top for each in found] == pytest.approx([0.6] * 5, abs=0.04)
    assert {(each.p05, each.p95) for each in found} == {(1, 5)}


def test_more_doubt_makes_the_order_less_sure():
    sure, unsure = certainty(FOUR, error=0.01, top=1), certainty(FOUR, error=1.0, top=1)
    assert max(each.in_top for each in sure) > max(each.in_top for each in unsure)


def test_the_same_seed_gives_the_same_answer():
    assert certainty(FOUR) == certainty(FOUR)


def test_growth_may_be_off_by_points_and_turn_negative():
    """Growth of 0 with an error of 5 points overtakes growth of 1 in nearly half of the draws; as a ratio it never could."""
    criteria = of([[5, 1], [5, 0]])
    doubt = Doubt(np.array([[0, 5.0], [0, 5.0]]), additive=frozenset({"growth"}))
    found = rank_certainty(criteria, {"growth": 1}, doubt, np.random.default_rng(1), top=1)
    # the difference 1 against a spread of 5 x sqrt(2): Phi(1 / 7.07) = 0.556
    assert found[0].in_top == pytest.approx(0.556, abs=0.03)


def test_what_weighs_nothing_never_counts():
    criteria = of([[5, 0], [4, 1e9]])
    doubt = Doubt(np.zeros((2, 2)))
    found = rank_certainty(criteria, {"size": 1, "growth": 0}, doubt, np.random.default_rng(1), top=1)
    assert [each.in_top for each in found] == [1.0, 0.0]


@given(
    values=arrays(np.float64, (4, 2), elements=st.one_of(st.just(NAN), st.floats(0, 1e6, width=32))),
    top=st.integers(1, 6),
    method=st.sampled_from(METHODS),
)
def test_the_shares_in_the_top_add_up(values: np.ndarray, top: int, method: Method):
    criteria = of(values.tolist())
    found = certainty(criteria, top=top, draws=50, method=method)
    assert sum(each.in_top for each in found) == pytest.approx(min(top, len(found)))
    assert all(1 <= each.p05 <= each.p50 <= each.p95 <= len(found) for each in found)
    assert (
        tuple(each.destination for each in found)
        == scored(criteria, {"size": 1, "growth": 1}, method).destinations
    )


def test_doubt_that_is_none_is_refused():
    with pytest.raises(CriteriaError):
        Doubt(np.array([[-0.1]]))
    with pytest.raises(CriteriaError):
        Doubt(np.array([[0.1]]), concentration=0)
    with pytest.raises(CriteriaError):
        rank_certainty(FOUR, {"size": 1}, Doubt(np.zeros((1, 1))), np.random.default_rng(1))


# --- concentration ------------------------------------------------------------


def test_concentration_by_hand():
    assert herfindahl(np.array([0.5, 0.3, 0.2])) == pytest.approx(0.25 + 0.09 + 0.04)
    assert herfindahl(np.array([5.0, 3.0, 2.0])) == pytest.approx(0.38)
    assert herfindahl(np.array([7.0])) == 1
    assert np.isnan(herfindahl(np.array([])))
