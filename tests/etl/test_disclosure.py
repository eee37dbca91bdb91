"""What leaves the secure room, attacked with everything that its reader may know."""

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from etl.disclosure import Release, lines, release, statement, write_release
from etl.errors import InputError
from etl.histogram import LARGEST_KRW, SCHEMA, Histogram, bin_of

LIMITS = (2_000_000, 4_000_000)


def histogram_of(rows: list[tuple[str, str, str, int, int]]) -> Histogram:
    """One row a month, destination, item, value (won) and number of cases of that value."""
    months, destinations, items, values, cases = (list(column) for column in zip(*rows, strict=True))
    bins = [bin_of(value) for value in values]
    sums = [value * number for value, number in zip(values, cases, strict=True)]
    columns = [months, destinations, items, [""] * len(rows), bins, cases, sums]
    return Histogram(pa.table(columns, schema=SCHEMA), ())


def random_rows(seed: int) -> list[tuple[str, str, str, int, int]]:
    """Uneven: a few cells hold most of the cases, many hold one or two, some none."""
    rng = np.random.default_rng(seed)
    rows = []
    for month, destination, item in itertools.product(range(3), "ABCD", "xyz"):
        busy = 400 / (1 + "ABCD".index(destination)) ** 2 / (1 + "xyz".index(item))
        for value, share in (
            (50_000, 1.0),
            (1_500_000, 0.2),
            (2_500_000, 0.03),
            (3_990_000, 0.02),
            (9_000_000, 0.01),
        ):
            if cases := int(rng.poisson(busy * share)):
                rows.append(
                    (f"2024-0{month + 1}", destination, item, value + 10_000 * int(rng.integers(0, 9)), cases)
                )
    return rows


class Attack:
    """A reader with a linear programme: unknown are cases and value of each hidden inner cell, known is all else."""

    def __init__(self, released: Release) -> None:
        shape = released.cases.shape
        inner = tuple(slice(0, -1) for _ in shape)
        self.released = released
        self.unknown = np.argwhere(released.hidden[inner])
        self.number = {tuple(place): at for at, place in enumerate(self.unknown.tolist())}
        count = len(self.unknown)
        rows, right = [], []
        for place in map(tuple, np.argwhere(released.cases > 0).tolist()):
            if released.hidden[place] or not any(at == end - 1 for at, end in zip(place, shape, strict=True)):
                continue
            members = self.members(place)
            known = [cell for cell in self.cells(place) if cell not in self.number]
            for table, offset in ((released.cases, 0), (released.value_krw, count)):
                rows.append([at + offset for at in members])
                right.append(float(table[place]) - sum(float(table[cell]) for cell in known))
        data = [(row, column) for row, columns in enumerate(rows) for column in columns]
        at = ([row for row, _ in data], [column for _, column in data])
        self.equal = csr_array((np.ones(len(data)), at), shape=(len(rows), 2 * count))
        self.right = np.array(right)
        # A hidden cell has a case, and each case is worth what its band allows.
        bands = [released.members[3][place[3]] for place in self.unknown.tolist()]
        value = np.arange(count) + count
        both = (np.tile(np.arange(count), 2), np.concatenate([np.arange(count), value]))
        above = csr_array(
            (np.r_[[low + 1.0 for low, _ in bands], -np.ones(count)], both), shape=(count, 2 * count)
        )
        below = csr_array(
            (np.r_[[-float(high) for _, high in bands], np.ones(count)], both), shape=(count, 2 * count)
        )
        self.unequal = [above, below]

    def cells(self, place: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        ends = self.released.cases.shape
        return itertools.product(
            *(range(end - 1) if at == end - 1 else (at,) for at, end in zip(place, ends, strict=True))
        )

    def members(self, place: tuple[int, ...]) -> list[int]:
        return [self.number[cell] for cell in self.cells(place) if cell in self.number]

    def range_of(self, place: tuple[int, ...]) -> tuple[float, float]:
        """Least and greatest number of cases that fit what is published."""
        count = len(self.unknown)
        goal = np.zeros(2 * count)
        goal[self.members(place)] = 1
        fixed = sum(float(self.released.cases[cell]) for cell in self.cells(place) if cell not in self.number)
        scale = np.r_[np.ones(count), np.full(count, 1e6)]  # value in millions, for the solver's sake
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * goal,
                A_ub=vstack(self.unequal).multiply(scale[None, :] / 1e6).tocsr(),
                b_ub=np.zeros(2 * count),
                A_eq=self.equal.multiply(scale[None, :]).tocsr(),
                b_eq=self.right,
                bounds=[(1, None)] * count + [(0, None)] * count,
                method="highs",
            )
            assert found.status in (0, 3), found.message
            ends.append(fixed + sign * found.fun if found.status == 0 else float("inf"))
        return ends[0], ends[1]


def small_cells(released: Release, minimum: int) -> list[tuple[int, ...]]:
    return list(map(tuple, np.argwhere((released.cases > 0) & (released.cases < minimum)).tolist()))


@pytest.mark.parametrize("seed", range(4))
def test_no_linear_attack_narrows_a_small_cell_below_the_minimum(seed: int) -> None:
    released = release(histogram_of(random_rows(seed)), LIMITS, minimum=5)
    attack = Attack(released)
    small = small_cells(released, 5)
    assert small
    for place in small:
        assert released.hidden[place]
        low, high = attack.range_of(place)
        assert high - low >= 5 - 1e-4, (place, low, high)
        assert low - 1e-4 <= released.cases[place] <= high + 1e-4


def test_the_same_attack_succeeds_where_only_small_cells_are_hidden() -> None:
    honest = release(histogram_of(random_rows(0)), LIMITS, minimum=5)
    only_small = (honest.cases > 0) & (honest.cases < 5)
    naive = Release(honest.minimum, honest.members, honest.cases, honest.value_krw, only_small)
    attack = Attack(naive)
    ranges = [attack.range_of(place) for place in small_cells(naive, 5)]
    assert sum(high - low < 0.01 for low, high in ranges) > len(ranges) / 4


def test_the_worked_example_of_one_small_cell() -> None:
    # Two months x two destinations, one item, one band: 3, 20 / 30, 40. Hiding the 3 alone gives it away: 23 - 20.
    rows = [("2024-01", "JP", "x", 50_000, 3), ("2024-01", "US", "x", 50_000, 20)]
    rows += [("2024-02", "JP", "x", 50_000, 30), ("2024-02", "US", "x", 50_000, 40)]
    released = release(histogram_of(rows), LIMITS, minimum=5)
    inner = released.hidden[:2, :2, 0, 0]
    assert inner.all()
    assert not released.hidden[2, 2, 1, 3]  # the total of all is published: 93
    assert released.cases[2, 2, 1, 3] == 93
    assert not released.hidden[0, 2, 0, 0]  # so is that of the first month: 23


def test_millions_of_cases_in_the_open_band_still_make_a_box() -> None:
    rows = [("2024-01", "JP", "x", 9_000_000, 2), ("2024-01", "US", "x", 9_000_000, 2_000_000)]
    rows += [("2024-02", "JP", "x", 9_000_000, 2_000_000), ("2024-02", "US", "x", 9_000_000, 2_000_000)]
    released = release(histogram_of(rows), LIMITS)
    assert released.hidden[:2, :2, 0, 2].all()
    assert not released.hidden[-1, -1, -1, -1]
    assert not released.hidden[-1, :, :, :].any()  # every total over the months can be told


def test_a_total_that_is_small_itself_is_hidden() -> None:
    rows = [
        ("2024-01", "JP", "x", 50_000, 60),
        ("2024-02", "JP", "x", 50_000, 60),
        ("2024-01", "US", "x", 50_000, 60),
    ]
    rows += [("2024-02", "US", "x", 50_000, 60), ("2024-01", "SG", "x", 50_000, 2)]
    released = release(histogram_of(rows), LIMITS, minimum=5)
    singapore = released.members[1].index("SG")
    assert released.hidden[-1, singapore, -1, -1]
    low, high = Attack(released).range_of((len(released.members[0]), singapore, 1, 3))
    assert high - low >= 5 - 1e-6


def test_a_single_case_alone_hides_the_total_of_all() -> None:
    released = release(histogram_of([("2024-01", "JP", "x", 50_000, 1)]), LIMITS)
    assert released.hidden[released.cases > 0].all()


def test_without_small_cells_nothing_is_hidden() -> None:
    rows = [("2024-01", name, "x", 50_000, 5) for name in ("JP", "US")]
    assert not release(histogram_of(rows), LIMITS).hidden.any()


@pytest.mark.parametrize("minimum", [0, 1])
def test_it_is_off_for_own_data(minimum: int) -> None:
    released = release(histogram_of(random_rows(1)), LIMITS, minimum=minimum)
    assert not released.hidden.any()
    assert "Nothing is hidden" in statement(released)[0]


def test_the_file_says_what_was_done_and_shows_no_hidden_number(tmp_path: Path) -> None:
    released = release(histogram_of(random_rows(2)), LIMITS, minimum=5)
    path = tmp_path / "release.csv"
    write_release(released, path)
    text = path.read_text(encoding="utf-8-sig").splitlines()
    head = [line for line in text if line.startswith("# ")]
    assert head == [f"# {sentence}" for sentence in statement(released)]
    assert "fewer than 5 cases are hidden" in head[0]
    assert f"Hidden: {int(released.hidden.sum())} of" in head[2]
    rows = list(csv.DictReader(text[len(head) :]))
    assert len(rows) == int((released.cases > 0).sum())
    assert {(row["cases"], row["value_krw"]) for row in rows if row["status"] == "hidden"} == {("", "")}
    assert all(int(row["cases"]) >= 5 for row in rows if row["status"] == "published")
    assert sum(row["status"] == "hidden" for row in rows) == int(released.hidden.sum())


def test_published_totals_are_those_of_the_histogram() -> None:
    rows = random_rows(3)
    found = list(lines(release(histogram_of(rows), LIMITS, minimum=0)))[1:]
    total = next(line for line in found if line[:5] == ("ALL", "ALL", "ALL", "0", ""))
    assert int(total[5]) == sum(row[4] for row in rows)
    assert int(total[6]) == sum(row[3] * row[4] for row in rows)
    band = next(line for line in found if line[:5] == ("ALL", "A", "ALL", "2000000", "4000000"))
    assert int(band[5]) == sum(row[4] for row in rows if row[1] == "A" and 2_000_000 < row[3] <= 4_000_000)


@pytest.mark.parametrize("limits", [(), (2_000_001,), (0,), (LARGEST_KRW,)])
def test_limits_off_the_edges_are_refused(limits: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="limits on the edges of the bins"):
        release(histogram_of(random_rows(0)), limits)


def test_a_member_named_as_totals_are_is_refused() -> None:
    with pytest.raises(InputError, match="One item is called ALL, as totals are; rename it"):
        release(histogram_of([("2024-01", "JP", "ALL", 50_000, 9)]), LIMITS)
