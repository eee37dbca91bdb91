"""Value histograms of shipments: what is kept of them, exact at every edge, and how parts add up.

A bin holds whole won and is closed on the right, because a limit is "at most": 10,000 wide up to 10 million, 100,000 up to
100 million, 1 million up to 1 billion, 10 million up to 10 billion, and one open bin. Adding `cases` and `value_krw` of
equal keys and bins merges two histograms; one writer makes equal histograms equal files, whichever engine counted.
"""

import hashlib
import json
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from etl.errors import InputError

KEYS = ("month", "destination", "item", "channel")
# Up to `reach` won the bins are `width` won wide. Each width is ten times the one before.
SCALES = ((10_000, 10**7), (100_000, 10**8), (1_000_000, 10**9), (10_000_000, 10**10))


def _edges() -> Iterable[int]:
    yield 0
    start = 0
    for width, reach in SCALES:
        yield from range(start + width, reach + 1, width)
        start = reach


EDGES = tuple(_edges())  # won; bin b covers (EDGES[b - 1], EDGES[b]]
OPEN_BIN = len(EDGES)  # 3701: above EDGES[-1]
NOT_COUNTED = 0  # the bin in which a reduction gathers rows without a usable value
LARGEST_KRW = 10**15  # no shipment is worth a third of the country's yearly output; such a value is a slip

SCHEMA = pa.schema(
    [
        *((key, pa.string()) for key in KEYS),
        ("bin", pa.int32()),
        ("cases", pa.int64()),
        ("value_krw", pa.int64()),
    ]
)
_METADATA = "yeokjikgu_histogram"
_FORMAT = 1
_CHUNK_BYTES = 1 << 20


def bin_of(value_krw: int) -> int:
    """The bin (1 to 3701) of a value in whole won, 1 to `LARGEST_KRW`.

    Raises:
        ValueError: outside.
    """
    if not 0 < value_krw <= LARGEST_KRW:
        raise ValueError(f"{value_krw} is no value of a shipment: 1 to {LARGEST_KRW} won are")
    return bisect_left(EDGES, value_krw)


def span(number: int) -> tuple[int, int]:
    """Least and greatest whole won in a bin."""
    return EDGES[number - 1] + 1, EDGES[number] if number < OPEN_BIN else LARGEST_KRW


@dataclass(frozen=True)
class Input:
    """What was read from one input.

    Attributes:
        sha256: of its bytes, in hex digits.
        counted: month ('YYYY-MM', '' where unknown) -> rows counted.
        rejected: rows that were not counted.
    """

    sha256: str
    counted: Mapping[str, int]
    rejected: int

    @property
    def rows_read(self) -> int:
        """Every row is counted or rejected."""
        return sum(self.counted.values()) + self.rejected


@dataclass(frozen=True)
class Histogram:
    """Shipments by month, destination, item, channel and bin.

    Attributes:
        table: columns of `SCHEMA`, one row a key and bin that occurs, in the order of the columns; what is unknown is ''.
        inputs: what it was made from, by hash.
    """

    table: pa.Table
    inputs: tuple[Input, ...]

    @property
    def rows_counted(self) -> int:
        """Rows of the inputs that are in the table."""
        return sum(sum(part.counted.values()) for part in self.inputs)

    @property
    def rows_rejected(self) -> int:
        """Rows of the inputs that are not in the table."""
        return sum(part.rejected for part in self.inputs)

    @property
    def rows_read(self) -> int:
        """Rows of the inputs."""
        return self.rows_counted + self.rows_rejected


def fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex digits.

    Raises:
        InputError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}") from None
    return digest.hexdigest()


def in_order(counts: pa.Table) -> pa.Table:
    """What an engine counted, NULL as '', equal keys and bins added up, in binary order of the keys, typed as `SCHEMA`.

    Raises:
        InputError: the values of a bin add up to more than 64 bits hold.
    """
    with duckdb.connect() as connection:
        connection.register("counts", counts)
        try:
            return connection.sql(_IN_ORDER).to_arrow_table().cast(SCHEMA)
        except duckdb.ConversionException:
            raise InputError(
                "The values of a bin add up to more than 9.2e18 won; a value must be a slip"
            ) from None


# Oracle knows no empty text and gives NULL for it.
_IN_ORDER = """
    SELECT coalesce(month, '') AS month, coalesce(destination, '') AS destination, coalesce(item, '') AS item,
        coalesce(channel, '') AS channel, bin::INTEGER AS bin, sum(cases)::BIGINT AS cases, sum(value_krw)::BIGINT AS value_krw
    FROM counts GROUP BY ALL ORDER BY ALL
"""


def merge(*histograms: Histogram) -> Histogram:
    """The histogram of all inputs together.

    Raises:
        InputError: one input, by its hash, is in two of them.
    """
    inputs = sorted(
        (part for histogram in histograms for part in histogram.inputs), key=lambda part: part.sha256
    )
    for part, following in pairwise(inputs):
        if part.sha256 == following.sha256:
            raise InputError(f"The input {_short(part)} is in two of the histograms; it would count twice")
    return Histogram(in_order(pa.concat_tables([histogram.table for histogram in histograms])), tuple(inputs))


def append(old: Histogram, new: Histogram, *, replace: bool = False) -> Histogram:
    """`old` with the months of `new`, or, where `replace` is set, with these months in place of its own.

    Only whole months are replaced: rows of one month cannot be told apart by input any more. An input of which no month
    is left goes, with the rows of it that were rejected.

    Raises:
        InputError: an input, by its hash, or a month of `new` is in `old` already, and `replace` is not set.
    """
    again = {part.sha256 for part in new.inputs}
    twice = [part for part in old.inputs if part.sha256 in again]
    taken = _months(new) | {month for part in twice for month in part.counted}
    if not replace:
        if twice:
            raise InputError(
                f"The input {_short(twice[0])} is in the histogram already; replace it, or leave it out"
            )
        if both := sorted(_months(old) & taken):
            raise InputError(
                f"The histogram holds {', '.join(month or 'rows without a month' for month in both)} already; "
                "replace the whole month, or leave it out"
            )
    kept_inputs = []
    for part in old.inputs:
        counted = {month: rows for month, rows in part.counted.items() if month not in taken}
        if part not in twice and (counted or not part.counted):
            kept_inputs.append(Input(part.sha256, counted, part.rejected))
    months = old.table.column("month")
    kept = old.table.filter(pc.invert(pc.is_in(months, pa.array(sorted(taken), pa.string()))))
    return merge(Histogram(kept, tuple(kept_inputs)), new)


def _months(histogram: Histogram) -> set[str]:
    return {month for part in histogram.inputs for month in part.counted}


def _short(part: Input) -> str:
    return f"with the hash {part.sha256[:12]}…"


def write(histogram: Histogram, path: Path) -> None:
    """Write a histogram as Parquet; equal histograms give equal bytes. A file that was there stays until the new one is whole.

    Raises:
        InputError: the folder cannot be written.
    """
    inputs = [
        {"sha256": part.sha256, "rejected": part.rejected, "counted": dict(sorted(part.counted.items()))}
        for part in sorted(histogram.inputs, key=lambda part: part.sha256)
    ]
    about = json.dumps(
        {
            "format": _FORMAT,
            "rows_read": histogram.rows_read,
            "rows_counted": histogram.rows_counted,
            "rows_rejected": histogram.rows_rejected,
            "inputs": inputs,
        }
    )
    try:
        with tempfile.TemporaryDirectory(prefix=".histogram-", dir=path.parent) as folder:
            unfinished = Path(folder) / "unfinished.parquet"
            # One thread: the cut into row groups must not depend on the machine.
            with duckdb.connect(config={"threads": 1}) as connection:
                connection.register("counts", histogram.table)
                connection.execute(
                    f"COPY (FROM counts) TO {_text(str(unfinished))} "
                    f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{_METADATA}: {_text(about)}}})"
                )
            unfinished.replace(path)
    except OSError as error:
        raise InputError(f"{path.name} cannot be written: {error.strerror or error}") from None


def read(path: Path) -> Histogram:
    """Read what `write` wrote.

    Raises:
        InputError: no such file, another kind of file, or one whose numbers contradict each other.
    """
    foreign = f"{path.name} is no histogram of shipments; `yeokjikgu shipments reduce` makes one"
    if not path.is_file():
        raise InputError(f"{path.name} is not there, or is no file")
    try:
        with duckdb.connect() as connection:
            found = connection.execute(
                "SELECT decode(value) FROM parquet_kv_metadata($file) WHERE key = encode($key)",
                {"file": str(path), "key": _METADATA},
            ).fetchall()
            if not found:
                raise InputError(foreign)
            about = json.loads(found[0][0])
            if about["format"] != _FORMAT:
                raise InputError(f"{path.name} was written by a newer version of this program; update it")
            table = connection.read_parquet(str(path)).to_arrow_table().cast(SCHEMA)
            connection.register("counts", table)
            connection.register("bins", _BINS)
            broken = connection.execute(_CONTRADICTIONS).fetchall()
    except (duckdb.Error, pa.ArrowInvalid, KeyError, TypeError, ValueError):
        raise InputError(foreign) from None
    inputs = tuple(Input(part["sha256"], part["counted"], part["rejected"]) for part in about["inputs"])
    if broken:
        raise InputError(f"{path.name} contradicts itself at {broken[0][0]}; reduce the shipments again")
    return Histogram(table, inputs)


_BINS = pa.table(
    {
        "bin": pa.array(range(1, OPEN_BIN + 1), pa.int32()),
        "least": [span(number)[0] for number in range(1, OPEN_BIN + 1)],
        "greatest": [span(number)[1] for number in range(1, OPEN_BIN + 1)],
    }
)
_CONTRADICTIONS = """
    SELECT concat_ws(', ', month, destination, item, channel, 'bin ' || bin)
    FROM counts LEFT JOIN bins USING (bin)
    WHERE least IS NULL OR cases < 1 OR NOT value_krw BETWEEN cases::HUGEINT * least AND cases::HUGEINT * greatest
        OR month IS NULL OR destination IS NULL OR item IS NULL OR channel IS NULL
    LIMIT 1
"""


def _text(text: str) -> str:
    """A literal of SQL: COPY takes no parameters in its options."""
    return "'" + text.replace("'", "''") + "'"
