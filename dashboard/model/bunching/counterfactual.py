"""What the counts would be without the limit: three ways, each for many draws of the counts at once.

Counts have shape (draws, bins); so has what is returned.
"""

import numpy as np

from dashboard.model.arrays import BoolArray, FloatArray
from dashboard.model.bunching.grid import Grid
from dashboard.model.errors import HistogramError

_STEPS = 60
_CONVERGED = 1e-9
# A step of the fit moves no count by more than this factor's logarithm; a ridge keeps a heap that nobody used solvable.
_LONGEST_STEP = 4.0
_RIDGE = 1e-9
# With fewer bins than this the strength of a heap cannot also change with the amount.
_BINS_FOR_A_SLOPE = 4
_BINS_PER_PARAMETER = 3
_CORRECTION_STEPS = 1000
_CORRECTION_CONVERGED = 1e-12


def log_linear(grid: Grid, counts: FloatArray, degree: int, heaps: tuple[int, ...]) -> FloatArray:
    """Fit ln E[c] = polynomial in ln z, with heaps as factors that may change with z, by Poisson likelihood."""
    at = np.log(grid.middles / grid.limit)
    columns = [at**power for power in range(degree + 1)]
    for heap, bins in _usable_heaps(grid, heaps, grid.clean):
        columns.append(heap)
        if bins >= _BINS_FOR_A_SLOPE:
            columns.append(heap * at)
    design = np.column_stack(columns)
    _enough(grid.clean, design.shape[1])
    return _poisson(design, counts, grid.clean)


def _poisson(design: FloatArray, counts: FloatArray, kept: BoolArray) -> FloatArray:
    """Maximise the Poisson likelihood on the bins kept by Newton's method, for all draws at once."""
    used, seen = design[kept], counts[:, kept]
    bins, size = used.shape
    squares = (used[:, :, np.newaxis] * used[:, np.newaxis, :]).reshape(bins, size * size)
    weights = np.asarray(np.linalg.lstsq(used, np.log(seen + 0.5).T, rcond=None)[0].T, dtype=np.float64)
    ridge = _RIDGE * np.eye(size)
    for _ in range(_STEPS):
        expected = np.exp(weights @ used.T)
        curvature = (expected @ squares).reshape(-1, size, size)
        scale = np.trace(curvature, axis1=1, axis2=2)[:, np.newaxis, np.newaxis]
        slope = ((seen - expected) @ used)[..., np.newaxis]
        step = np.linalg.solve(curvature + scale * ridge, slope)[..., 0]
        longest = np.abs(step @ used.T).max(axis=1, keepdims=True)
        step *= np.minimum(1.0, _LONGEST_STEP / np.maximum(longest, _LONGEST_STEP))
        weights = weights + step
        if longest.max() < _CONVERGED:
            break
    return np.asarray(np.exp(weights @ design.T))


def textbook(
    grid: Grid,
    counts: FloatArray,
    untouched: BoolArray,
    degree: int,
    heaps: tuple[int, ...],
) -> FloatArray:
    """Fit c = polynomial in z + a constant for each heap by least squares on the untouched bins.

    Leaving bins out is the same as giving each of them a dummy of its own.
    """
    at = (grid.middles - grid.limit) / np.abs(grid.edges - grid.limit).max()
    columns = [at**power for power in range(degree + 1)]
    columns += [heap for heap, _ in _usable_heaps(grid, heaps, untouched)]
    design = np.column_stack(columns)
    _enough(untouched, design.shape[1])
    return np.asarray(counts[:, untouched] @ np.linalg.pinv(design[untouched]).T @ design.T)


def textbook_corrected(
    grid: Grid, counts: FloatArray, all_above: FloatArray, degree: int, heaps: tuple[int, ...]
) -> FloatArray:
    """Fit the textbook form with the integration correction of Chetty et al., to its fixed point.

    What bunches came from above the window: counts there are raised by B / (all counts above the window), which
    raises the counterfactual, which changes B. `all_above` has shape (draws,).
    """
    touched = grid.below | grid.above
    beyond = grid.edges[:-1] >= grid.window[1]
    excess = np.zeros(len(counts))
    for _ in range(_CORRECTION_STEPS):
        raised = np.where(beyond, counts * (1 + excess / all_above)[:, np.newaxis], counts)
        fitted = textbook(grid, raised, ~touched, degree, heaps)
        found = (counts - fitted)[:, touched].sum(axis=1)
        if np.max(np.abs(found - excess) / np.maximum(np.abs(found), 1.0)) < _CORRECTION_CONVERGED:
            return fitted
        excess = found
    raise HistogramError(
        "적분 보정이 수렴하지 않습니다. 더 낮은 차수를 써 보세요.",
        "The integration correction does not settle; try a lower degree.",
    )


def scaled(grid: Grid, counts: FloatArray, later: FloatArray) -> FloatArray:
    """Scale the counts of a later limit, shape (draws, bins), to those of the clean bins."""
    _enough(grid.clean, 1)
    here, there = counts[:, grid.clean].sum(axis=1), later[:, grid.clean].sum(axis=1)
    if not (np.all(here > 0) and np.all(there > 0)):
        raise HistogramError(
            "두 시기 모두 한도의 영향을 받지 않은 금액대에 건수가 있어야 합니다.",
            "Both periods need counts at amounts that neither limit touches.",
        )
    return np.asarray(later * (here / there)[:, np.newaxis])


def _usable_heaps(grid: Grid, heaps: tuple[int, ...], kept: BoolArray) -> list[tuple[FloatArray, int]]:
    """Return the heaps that tell bins apart, each with its number of bins; every bin having one is no heap."""
    found = []
    for heap in sorted(set(heaps)):
        multiples = grid.multiples(heap)
        holding = int(np.count_nonzero(multiples[kept]))
        if holding and np.ptp(multiples[kept]):
            found.append((multiples, holding))
    return found


def _enough(kept: BoolArray, parameters: int) -> None:
    bins = int(np.count_nonzero(kept))
    if bins < _BINS_PER_PARAMETER * parameters:
        raise HistogramError(
            f"한도의 영향을 받지 않은 구간이 {bins}개뿐입니다. 더 좁은 구간이나 더 넓은 범위를 써 주세요.",
            f"Only {bins} bins are untouched by the limit; use narrower bins or a wider reach.",
        )
