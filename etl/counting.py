"""How many shipments lie between two limits: exact on the edges of the bins, sharp bounds between them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from etl.errors import InputError
from etl.histogram import EDGES, LARGEST_KRW, Histogram, bin_of, span


@dataclass(frozen=True)
class Bounds:
    """Least and greatest number of cases and value (won) that the histogram allows; equal where it knows."""

    cases: tuple[int, int]
    value_krw: tuple[int, int]

    def __add__(self, other: Self) -> "Bounds":
        """Bounds of both together: what holds in one bin of one key says nothing about another."""
        return Bounds(
            (self.cases[0] + other.cases[0], self.cases[1] + other.cases[1]),
            (self.value_krw[0] + other.value_krw[0], self.value_krw[1] + other.value_krw[1]),
        )


NOTHING = Bounds((0, 0), (0, 0))


@dataclass(frozen=True)
class Part:
    """One destination or item ('' where unknown): all its cases and value (won), and those between the limits."""

    name: str
    cases: int
    value_krw: int
    band: Bounds


@dataclass(frozen=True)
class Count:
    """Shipments worth more than `from_krw` and at most `to_krw`.

    Attributes:
        cases, value_krw: all shipments of the histogram.
        exact: whether both limits are edges; then both ends of `band` are one number.
        band: the shipments between the limits.
        by_destination, by_item: the same for each of them, the largest first.
    """

    from_krw: int
    to_krw: int
    cases: int
    value_krw: int
    exact: bool
    band: Bounds
    by_destination: tuple[Part, ...]
    by_item: tuple[Part, ...]


def count(histogram: Histogram, from_krw: int, to_krw: int) -> Count:
    """Count the shipments that newly qualify when the limit moves from `from_krw` to `to_krw` (won).

    Between edges the bounds are sharp: for each end there are shipments that give this histogram and attain it.

    Raises:
        InputError: not 0 <= from_krw < to_krw <= LARGEST_KRW.
    """
    if not 0 <= from_krw < to_krw <= LARGEST_KRW:
        raise InputError(f"From {from_krw} to {to_krw} won is no step up; name a lower and a higher limit")
    by_destination = _parts(histogram.table, "destination", from_krw, to_krw)
    return Count(
        from_krw,
        to_krw,
        sum(part.cases for part in by_destination),
        sum(part.value_krw for part in by_destination),
        {from_krw, to_krw} <= _EDGES,
        sum((part.band for part in by_destination), NOTHING),
        by_destination,
        _parts(histogram.table, "item", from_krw, to_krw),
    )


_EDGES = frozenset((*EDGES, LARGEST_KRW))


def _parts(table: pa.Table, key: str, from_krw: int, to_krw: int) -> tuple[Part, ...]:
    bands: defaultdict[str, Bounds] = defaultdict(lambda: NOTHING)
    first, last = bin_of(from_krw + 1), bin_of(to_krw)
    whole = [number for number in (first, last) if not _is_cut(number, from_krw, to_krw)]
    low, high = (first if first in whole else first + 1), (last if last in whole else last - 1)
    numbers = table.column("bin")
    inside = table.filter(pc.and_(pc.greater_equal(numbers, low), pc.less_equal(numbers, high)))
    for name, cases, value in _sums(inside, key):
        bands[name] += Bounds((cases, cases), (value, value))
    for number in {first, last} - set(whole):
        least, greatest = span(number)
        part = (max(least, from_krw + 1), min(greatest, to_krw))
        cut = table.filter(pc.equal(numbers, number))
        columns = (cut.column(name).to_pylist() for name in (key, "cases", "value_krw"))
        for name, cases, value in zip(*columns, strict=True):
            bands[name] += within(cases, value, (least, greatest), part)
    parts = [Part(name, cases, value, bands[name]) for name, cases, value in _sums(table, key)]
    return tuple(sorted(parts, key=lambda part: (-part.band.cases[1], -part.cases, part.name)))


def _is_cut(number: int, from_krw: int, to_krw: int) -> bool:
    least, greatest = span(number)
    return from_krw >= least or to_krw < greatest


def _sums(table: pa.Table, key: str) -> Iterator[tuple[str, int, int]]:
    added = table.group_by(key).aggregate([("cases", "sum"), ("value_krw", "sum")])
    columns = (added.column(name).to_pylist() for name in (key, "cases_sum", "value_krw_sum"))
    return zip(*columns, strict=True)


def within(cases: int, value: int, span: tuple[int, int], part: tuple[int, int]) -> Bounds:
    """Sharp bounds on what lies in `part` of a bin, both given by their least and greatest won.

    `cases` whole values of the bin add up to `value`. Say k of them lie in the part, j above and the others below it.
    Such values exist where `value` lies between the least and the greatest sum of k, j and the others, because every
    whole sum between is reached; for each k that leaves a range of j. The value in the part is greatest with the fewest
    above, the others as small as they can be, and least with the most above.
    """
    (least, greatest), (start, end) = span, part
    if start == least and end == greatest:
        return Bounds((cases, cases), (value, value))
    if start > greatest or end < least:
        return NOTHING
    if end == greatest:
        fewest = max(0, -((cases * (start - 1) - value) // (end - start + 1)))
        most = min(cases, (value - cases * least) // (start - least))
        lowest = max(fewest * start, value - (cases - fewest) * (start - 1))
        highest = min(most * end, value - (cases - most) * least)
        return Bounds((fewest, most), (lowest, highest))
    if start == least:
        above = within(cases, value, span, (end + 1, greatest))
        return Bounds(
            (cases - above.cases[1], cases - above.cases[0]),
            (value - above.value_krw[1], value - above.value_krw[0]),
        )
    return _in_the_middle(cases, value, span, part)


def _in_the_middle(cases: int, value: int, span: tuple[int, int], part: tuple[int, int]) -> Bounds:
    """As `within`, for a part with room on both sides: no closed form, every k is tried."""
    (least, greatest), (start, end) = span, part
    # Python's whole numbers where 64 bits might not do: only in the open bin, where shipments are few.
    inside: NDArray[Any] = np.arange(cases + 1).astype(np.int64 if cases * greatest < 2**62 else object)
    outside = cases - inside
    fewest_above = np.maximum(0, -((inside * end + outside * (start - 1) - value) // (greatest - start + 1)))
    most_above = np.minimum(outside, (value - inside * start - outside * least) // (end + 1 - least))
    possible = np.flatnonzero((fewest_above <= most_above).astype(bool))
    inside, outside = inside[possible], outside[possible]
    few, many = fewest_above[possible], most_above[possible]
    highest = np.minimum(inside * end, value - (outside - few) * least - few * (end + 1))
    lowest = np.maximum(inside * start, value - (outside - many) * (start - 1) - many * greatest)
    return Bounds((int(inside[0]), int(inside[-1])), (int(lowest.min()), int(highest.max())))


def told(counted: Count, made: Histogram) -> dict[str, Any]:
    """The answer as JSON: its structure is a promise.

    Between the edges of bins `exact` is false, the newly qualifying cases, value and shares are null, and the bounds are sharp.
    """
    return {
        "cases": counted.cases,
        "value_krw": counted.value_krw,
        "newly_qualifying": {
            **_newly(counted.band, exact=counted.exact),
            "share_of_cases": _share(counted.band.cases[0], counted.cases) if counted.exact else None,
            "share_of_value": _share(counted.band.value_krw[0], counted.value_krw) if counted.exact else None,
        },
        "exact": counted.exact,
        "bounds": _told_bounds(counted.band),
        "rows_read": made.rows_read,
        "rows_counted": made.rows_counted,
        "rows_rejected": made.rows_rejected,
        "orders": counted.cases,
        "by_destination": [
            _told_part(part, "destination", exact=counted.exact) for part in counted.by_destination
        ],
        "by_item": [_told_part(part, "item", exact=counted.exact) for part in counted.by_item],
    }


def _told_part(part: Part, kind: str, *, exact: bool) -> dict[str, Any]:
    return {
        kind: part.name,
        "cases": part.cases,
        "value_krw": part.value_krw,
        "newly_qualifying": _newly(part.band, exact=exact),
        "bounds": _told_bounds(part.band),
    }


def _newly(band: Bounds, *, exact: bool) -> dict[str, int | None]:
    return {"cases": band.cases[0] if exact else None, "value_krw": band.value_krw[0] if exact else None}


def _told_bounds(band: Bounds) -> dict[str, list[int]]:
    return {"cases": list(band.cases), "value_krw": list(band.value_krw)}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
