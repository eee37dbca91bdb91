"""The base that a limit acts on, cut into destination x item cells that add up to what is published.

A base is a full year of cases and their value. Its cells come from the margins (shares of value by
destination and by item) through iterative proportional fitting, and from the relative value per case. In
every draw the cells' values add up to the value and to both margins, and their counts to the cases; where
shares of cases by destination are given, the counts add up to those as well. Arrays are laid out
(destination, item, draw).

Source: Deming and Stephan (1940) for the fitting; it is also the entropy-balancing solution when only
margins are constrained.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.model.arrays import FloatArray
from dashboard.model.errors import PopulationError

REST = "REST"

# Rounded publications need not add up to one exactly; beyond this they contradict each other.
_ROUNDING = 1e-6
_FIT_TOLERANCE = 1e-12
_FIT_STEPS = 500


@dataclass(frozen=True)
class Population:
    """A base: cases a year and their value in KRW, in one full calendar year."""

    id: str
    year: int
    cases: float
    value_krw: float
    fx_krw_per_usd: float | None = None

    def __post_init__(self) -> None:
        numbers = (self.cases, self.value_krw)
        if not all(np.isfinite(n) and n > 0 for n in numbers):
            raise PopulationError(
                "건수와 금액은 0보다 커야 합니다.", "Cases and value must both be above zero."
            )

    @property
    def mean_krw(self) -> float:
        """Value of one case in KRW."""
        return self.value_krw / self.cases

    @classmethod
    def in_usd(
        cls, name: str, year: int, cases: float, value_usd: float, fx_krw_per_usd: float
    ) -> "Population":
        """Return a base whose value is published in USD, at the KRW per USD rate given."""
        if not fx_krw_per_usd > 0:
            raise PopulationError("환율은 0보다 커야 합니다.", "The exchange rate must be above zero.")
        return cls(name, year, cases, value_usd * fx_krw_per_usd, fx_krw_per_usd)


@dataclass(frozen=True)
class Cells:
    """One table a draw: value in KRW and number of cases, both of shape (destinations, items, draws)."""

    destinations: tuple[str, ...]
    items: tuple[str, ...]
    value_krw: FloatArray
    cases: FloatArray

    @property
    def mean_krw(self) -> FloatArray:
        """Value of one case in each cell."""
        return self.value_krw / self.cases

    @property
    def total_cases(self) -> FloatArray:
        """Cases a year in each draw."""
        return np.asarray(self.cases.sum(axis=(0, 1)))

    @property
    def total_value_krw(self) -> FloatArray:
        """Value a year in each draw, KRW."""
        return np.asarray(self.value_krw.sum(axis=(0, 1)))


def with_rest(shares: Mapping[str, float]) -> dict[str, float]:
    """Return published shares with what they leave out as an explicit rest."""
    known = {name: share for name, share in shares.items() if name != REST}
    left = 1 - sum(known.values())
    if any(not 0 <= share <= 1 for share in known.values()) or left < -_ROUNDING:
        raise PopulationError(
            "비중은 0과 1 사이여야 하고 합이 1을 넘을 수 없습니다.",
            "Shares must lie between 0 and 1 and may not add up to more than 1.",
        )
    return {**known, REST: max(left, 0.0)}


def fit_to_margins(seed: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """Scale positive tables (R, C, n) to row margins (R, n) and column margins (C, n) of equal totals.

    The result meets both margins to 1e-12; raises PopulationError if the fitting does not get there.
    """
    if not np.allclose(rows.sum(axis=0), columns.sum(axis=0), rtol=_ROUNDING):
        raise PopulationError(
            "목적국와 품목 비중의 합이 서로 다릅니다.", "The destination and item margins differ in total."
        )
    table = seed / np.einsum("rcn->n", seed)
    for _ in range(_FIT_STEPS):
        by_row = np.einsum("rcn->rn", table)
        table = table * (rows / by_row)[:, np.newaxis]
        by_column = np.einsum("rcn->cn", table)
        table *= (columns / by_column)[np.newaxis]
        if np.max(np.abs(columns / by_column - 1)) < _FIT_TOLERANCE:
            return np.asarray(table)
    raise PopulationError(
        "품목·목적국 비중을 함께 만족하는 표를 찾지 못했습니다.", "No table meets both margins at once."
    )


def build_cells(
    destinations: tuple[str, ...],
    items: tuple[str, ...],
    *,
    cases: FloatArray,
    value_krw: FloatArray,
    value_shares: FloatArray,
    relative_mean: FloatArray,
    destination_case_shares: FloatArray | None = None,
) -> Cells:
    """Turn value shares (D, I, n) and relative means (D, I, n) into cells that add up.

    `cases` and `value_krw` have shape (n,). Relative means are scaled so that the counts add up to the
    cases, or to `destination_case_shares` (D, n) of them where those are known.
    """
    weight = value_shares / relative_mean
    if destination_case_shares is None:
        counts = weight * (cases / np.einsum("din->n", weight))
    else:
        scale = destination_case_shares * cases / np.einsum("din->dn", weight)
        counts = weight * scale[:, np.newaxis]
    return Cells(destinations, items, value_shares * value_krw, counts)
