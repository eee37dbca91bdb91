"""Counts that may leave a secure room: small cells hidden, and enough others that no total gives them away.

The released table holds cases and value by month, destination, item and band of value, and every total over these
('ALL'). A cell of fewer cases than the minimum is hidden. Each hidden cell is then put into a box: one partner a
dimension, which is another member or its total, and all corners of the box are hidden too. Moving cases round a box, out
of one member into the other, changes no published number, so nobody can tell how many there were. The partner of a band
is always its total: cases of different bands differ in value, and the values must add up as well.
"""

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from etl.errors import InputError
from etl.histogram import EDGES, LARGEST_KRW, Histogram

ALL = "ALL"
DIMENSIONS = ("month", "destination", "item")
MINIMUM = 5
_TOTAL = -1  # where a dimension's total stands
_BAND = len(DIMENSIONS)  # the last axis
_PARTNERS = 8  # members tried a dimension, and the total: a box of the cheapest ones is near enough to the cheapest box
_LARGEST_TABLE = 20_000_000

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Index = tuple[int, ...]
Band = tuple[int, int]
Members = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[Band, ...]]

# What a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


@dataclass(frozen=True)
class Release:
    """A table for others to see.

    Attributes:
        minimum: cells of fewer cases are hidden; below 2 none is.
        members: names along each axis: months, destinations, items, then bands as (above, at most) in won.
        cases, value_krw: one number a cell; on each axis the total comes last.
        hidden: which cells may not be seen.
    """

    minimum: int
    members: Members
    cases: Counts
    value_krw: Counts
    hidden: Mask


def release(histogram: Histogram, limits: Sequence[int], *, minimum: int = MINIMUM) -> Release:
    """Cases and value by month, destination, item and band between `limits` (won), with the small ones hidden.

    This protects the number of cases, and their value, of every cell with fewer than `minimum` cases against all sums and
    differences of what is published: at least one other number, larger by `minimum` or more, fits as well. It does not
    know of other releases of the same shipments, nor of a seller who makes up most of a larger cell.

    Raises:
        InputError: a limit is no edge, a name is 'ALL', or the table is too large.
    """
    inner = sorted(set(limits))
    if not inner or not {*inner} <= {*EDGES[1:]}:
        raise InputError(
            "Counts for others need limits on the edges of the bins, such as 2000000 and 4000000"
        )
    cases, value, members = _table(histogram, inner)
    hidden = np.zeros(cases.shape, dtype=bool)
    if minimum > 1:
        _hide(cases, value, members[-1], minimum, hidden)
    return Release(minimum, members, cases, value, hidden)


def _table(histogram: Histogram, inner: list[int]) -> tuple[Counts, Counts, Members]:
    names: list[tuple[str, ...]] = []
    places: list[NDArray[np.intp]] = []
    for dimension in DIMENSIONS:
        column = histogram.table.column(dimension)
        members = sorted(pc.unique(column).to_pylist())
        if ALL in members:
            raise InputError(f"One {dimension} is called ALL, as totals are; rename it")
        names.append(tuple(members))
        places.append(pc.index_in(column, pa.array(members)).to_numpy())
    bands = tuple(itertools.pairwise([0, *inner, LARGEST_KRW]))
    first_bins = [EDGES.index(limit) + 1 for limit in inner]
    places.append(np.searchsorted(first_bins, histogram.table.column("bin").to_numpy(), side="right"))
    shape = tuple(len(members) + 1 for members in (*names, bands))
    if np.prod(shape, dtype=float) > _LARGEST_TABLE:
        raise InputError("Too many months, destinations and items for one release; add some of them up first")
    tables = []
    for column in ("cases", "value_krw"):
        table = np.zeros(shape, dtype=np.int64)
        np.add.at(table, tuple(places), histogram.table.column(column).to_numpy())
        for axis in range(len(shape)):
            table[(slice(None),) * axis + (_TOTAL,)] = table.sum(axis=axis)
        tables.append(table)
    months, destinations, items = names
    return tables[0], tables[1], (months, destinations, items, bands)


def _hide(cases: Counts, value: Counts, bands: tuple[Band, ...], minimum: int, hidden: Mask) -> None:
    small = np.argwhere((cases > 0) & (cases < minimum))
    hidden[tuple(small.T)] = True
    # The smallest first: what protects a single case often protects its neighbours.
    for cell in sorted(map(tuple, small.tolist()), key=lambda cell: (cases[cell], cell)):
        corners = _cheapest_box(cases, value, bands, minimum, hidden, cell)
        hidden[corners] = True


def _cheapest_box(
    cases: Counts, value: Counts, bands: tuple[Band, ...], minimum: int, hidden: Mask, cell: Index
) -> tuple[NDArray[np.intp], ...]:
    """The corners, one index a dimension, of the box that hides the fewest cases that are still seen."""
    last = tuple(length - 1 for length in cases.shape)
    inside = _fullest_member(cases, cell, last)
    choices = [
        [
            *_partners(cases, hidden, cell, axis, minimum),
            inside[axis] if cell[axis] == last[axis] else last[axis],
        ]
        for axis in range(_BAND)
    ]
    choices.append([inside[_BAND] if cell[_BAND] == last[_BAND] else last[_BAND]])
    partners = np.array(list(itertools.product(*choices)))
    corners = np.array(list(itertools.product((0, 1), repeat=len(last))))  # 1: the partner's side
    at = np.where(corners[None, :, :] == 1, partners[:, None, :], np.array(cell)[None, None, :])
    places = tuple(np.moveaxis(at, -1, 0))
    seen = np.where(hidden[places], 0, cases[places]).sum(axis=1)
    # A member against its total moves together; two members of a dimension move against each other.
    apart = (partners != np.array(last)) & (np.array(cell) != np.array(last))
    against = (corners[None, :, :] * apart[:, None, :]).sum(axis=2) % 2 == 1
    moved = (at != np.array(last)).all(axis=2)
    gives = against & moved
    left, worth = cases[places] - minimum, value[places]
    band = at[:, :, _BAND].min(axis=1)
    least = np.array([above + 1 for above, _ in bands])[band][:, None]
    greatest = np.array([upto for _, upto in bands])[band][:, None]
    # What the givers hand over is worth the same each time: `minimum` cases of the band, and what is left fits it too.
    # As floats: a full open band times its greatest value leaves 64 bits, and then sets no bound anyway.
    from_krw = np.where(gives, worth - left * greatest.astype(float), minimum * least).max(axis=1)
    to_krw = np.where(gives, worth - left * least, minimum * greatest).min(axis=1)
    from_krw = np.maximum(from_krw, minimum * least[:, 0])
    to_krw = np.minimum(to_krw, minimum * greatest[:, 0])
    possible = (~gives | (left >= 1)).all(axis=1) & (from_krw <= to_krw)
    possible &= (~moved | (cases[places] > 0)).all(axis=1)
    best = int(np.where(possible, seen, np.iinfo(np.int64).max).argmin())
    return tuple(axis[best] for axis in places)


def _partners(cases: Counts, hidden: Mask, cell: Index, axis: int, minimum: int) -> list[int]:
    """Members on `axis` to try, those first that hide the fewest cases; for a total those that have any, else enough."""
    total = cases.shape[axis] - 1
    along, unseen = (
        np.moveaxis(table, axis, -1)[(*cell[:axis], *cell[axis + 1 :])][:total] for table in (cases, hidden)
    )
    enough = along > (0 if cell[axis] == total else minimum)
    cheapest = np.argsort(np.where(unseen, 0, along), kind="stable")
    return [int(place) for place in cheapest if enough[place] and place != cell[axis]][:_PARTNERS]


def _fullest_member(cases: Counts, cell: Index, last: Index) -> Index:
    """The cell without totals that has the most cases of those that `cell` adds up: moved alone, it is a box that always fits."""
    part = cases[
        tuple(
            slice(0, -1) if place == end else slice(place, place + 1)
            for place, end in zip(cell, last, strict=True)
        )
    ]
    found = np.unravel_index(int(part.argmax()), part.shape)
    return tuple(int(at) if place == end else place for at, place, end in zip(found, cell, last, strict=True))


def lines(released: Release) -> Iterator[tuple[str, ...]]:
    """The cells in which there is a case, totals included, as texts; a hidden one has empty numbers."""
    yield (*DIMENSIONS, "above_krw", "at_most_krw", "cases", "value_krw", "status")
    *keys_of, bands_of = released.members
    names = [(*members, ALL) for members in keys_of]
    bands = [(str(above), str(upto) if upto < LARGEST_KRW else "") for above, upto in bands_of]
    bands.append(("0", ""))
    for place in map(tuple, np.argwhere(released.cases > 0).tolist()):
        keys = tuple(_inert(name[index]) for name, index in zip(names, place, strict=False))
        if released.hidden[place]:
            yield (*keys, *bands[place[_BAND]], "", "", "hidden")
        else:
            numbers = str(released.cases[place]), str(released.value_krw[place])
            yield (*keys, *bands[place[_BAND]], *numbers, "published")


def _inert(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name


def statement(released: Release) -> tuple[str, ...]:
    """What was done, in sentences, for the head of the file."""
    if released.minimum <= 1:
        return ("Nothing is hidden: this table is for the owner of the shipments.",)
    small = int(((released.cases > 0) & (released.cases < released.minimum)).sum())
    listed, hidden = int((released.cases > 0).sum()), int(released.hidden.sum())
    return (
        f"Cells of fewer than {released.minimum} cases are hidden, totals (ALL) included.",
        "As many other cells are hidden as it takes to keep sums and differences of published cells from revealing them.",
        f"Hidden: {hidden} of {listed} cells, {small} of them for their own size; cells that are not listed are empty.",
        f"For each of these {small} at least one other number, larger by {released.minimum} or more, fits what is published.",
        "Not guarded against: other releases of the same shipments, and one seller who makes up most of a large cell.",
    )


def write_release(released: Release, path: Path) -> None:
    """Write the table as CSV (UTF-8 with BOM), below lines that start with # and say what was done.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            file.writelines(f"# {sentence}\r\n" for sentence in statement(released))
            csv.writer(file, lineterminator="\r\n").writerows(lines(released))
    except OSError as error:
        raise InputError(f"{path.name} cannot be written: {error.strerror or error}") from None
