"""A reader's own files: read from a folder of their own that is gone when they are read, and kept by nobody here.

The readers of `etl` take files by their path, so the uploaded bytes are written to a temporary folder that only this account
may open, and the folder is removed before `take` returns. What is kept of a file stands in `Taken`, and whoever asked keeps
it: the session's own state, never a cache, because caches are shared between sessions.
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import pyarrow as pa
import pyarrow.compute as pc

from etl import counting, histogram
from etl.counting import Bounds, Count, Part, count
from etl.errors import InputError, NoValuesError
from etl.histogram import EDGES, LARGEST_KRW, Histogram
from etl.intake import columns, reading
from etl.intake.columns import CURRENCIES
from etl.intake.reading import LEFT_OUT, REASONS, Intake, Options, Refused
from etl.settings import Settings

__all__ = [
    "CURRENCIES",
    "EDGES",
    "KINDS",
    "LARGEST_KRW",
    "LEFT_OUT",
    "REASONS",
    "Bounds",
    "Count",
    "Histogram",
    "Options",
    "Part",
    "Refused",
    "Taken",
    "UnreadableError",
    "as_json",
    "cases_by_bin",
    "count",
    "histogram_file",
    "is_to",
    "months",
    "presets",
    "take",
]

# What a box for files offers; a database may hold more than shipments and is left to the command.
KINDS = ("csv", "tsv", "txt", "xlsx", "parquet", "jsonl", "gz", "zst")
_PACKED = frozenset({".gz", ".zst"})


class UnreadableError(Exception):
    """A file that cannot be read: the pipeline's sentence with the reader's own name of the file, and the columns if known."""

    def __init__(self, sentence: str, header: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.header = tuple(header)


@dataclass(frozen=True)
class Taken:
    """What is kept of a file.

    Attributes:
        form: how it is written, as the pipeline says it ("UTF-8, commas").
        header: names of its columns.
        places: role -> name of its column.
        currency: of values that state none, "" where they are taken as won.
        first_rows: date, destination, item, channel, value in won of the first shipments.
        orders: shipments; several rows where lines of an order are added.
        conversions: "USD 2024-08" -> won per unit with its source.
        notes: what a person should know, as the pipeline says it.
        fault: why nothing is counted though the file was read, as the pipeline says it; "" where it is counted.
        counted: the shipments as a histogram; None with a fault.
        rejects: the rows that are not counted, as CSV.
        is_made_up: it is the example.
    """

    name: str
    sha256: str
    form: str
    header: tuple[str, ...]
    places: dict[str, str]
    preset: str
    currency: str
    first_rows: list[tuple[str, str, str, str, int]]
    rows_read: int
    rows_counted: int
    rows_rejected: int
    orders: int
    refused: list[Refused]
    conversions: dict[str, str]
    notes: list[str]
    fault: str
    counted: Histogram | None
    rejects: bytes
    is_made_up: bool


def take(name: str, content: bytes | memoryview, options: Options, *, is_made_up: bool = False) -> Taken:
    """Read a file of shipments by its content; its name tells its kind.

    Raises:
        UnreadableError: it cannot be read, or an option makes no sense.
    """
    with tempfile.TemporaryDirectory(prefix="yeokjikgu-upload-") as made:
        # A name of ours: the reader's may be too long for the disk, or lead elsewhere.
        path = Path(made) / f"upload{_suffix(name)}"
        path.write_bytes(content)

        def named(text: str) -> str:
            return text.replace(str(path), name)

        try:
            with reading.read([path], options, Settings.from_environment().reference_dir) as intake:
                return _taken(intake, name, path.with_name("rejects.csv"), named, is_made_up=is_made_up)
        except InputError as error:
            header = error.header if isinstance(error, NoValuesError) else ()
            raise UnreadableError(named(str(error)), header) from None


def _suffix(name: str) -> str:
    """`.csv`, or both of `.csv.gz`: all that is used of a name."""
    plain = PurePath(name)
    last = plain.suffix.lower()
    return (PurePath(plain.stem).suffix.lower() + last) if last in _PACKED else last


def _taken(
    intake: Intake, name: str, rejects: Path, named: Callable[[str], str], *, is_made_up: bool
) -> Taken:
    (cells,) = intake.files
    if intake.rows_rejected:
        intake.write_rejects(rejects)
    fault, counted = "", None
    try:
        counted = intake.histogram()
    except InputError as error:
        fault = named(str(error))
    known = cells.columns
    return Taken(
        name=name,
        sha256=cells.source.sha256,
        form=cells.form,
        header=tuple(filter(None, cells.header)),
        places={role: cells.header[place] for role, place in known.places.items()},
        preset=known.preset.preset if known.preset else "",
        currency=intake.options.currency or known.currency,
        first_rows=intake.first_rows(),
        rows_read=intake.rows_read,
        rows_counted=intake.rows_counted,
        rows_rejected=intake.rows_rejected,
        orders=intake.orders,
        refused=intake.refused,
        conversions=intake.conversions,
        notes=[named(note) for note in intake.notes],
        fault=fault,
        counted=counted,
        # each row names the file
        rejects=rejects.read_bytes().replace(cells.source.name.encode(), name.encode())
        if intake.rows_rejected
        else b"",
        is_made_up=is_made_up,
    )


def cases_by_bin(made: Histogram) -> list[int]:
    """Shipments in each bin of `EDGES`, the open one last, over all months, places and goods."""
    found = [0] * len(EDGES)
    bins = made.table.group_by("bin").aggregate([("cases", "sum")])
    for number, cases in zip(*(bins.column(name).to_pylist() for name in ("bin", "cases_sum")), strict=True):
        found[number - 1] = cases
    return found


def is_to(made: Histogram, destination: str) -> pa.ChunkedArray:
    """Which rows of a histogram go to a destination."""
    return pc.equal(made.table.column("destination"), destination)


def months(made: Histogram) -> tuple[str, str]:
    """First and last month ('YYYY-MM'), "" where none is known."""
    known = sorted(month for part in made.inputs for month in part.counted if month)
    return (known[0], known[-1]) if known else ("", "")


def presets() -> dict[str, tuple[str, str]]:
    """The exports of shops that are known: id -> name in Korean and in English."""
    known = columns.presets(Settings.from_environment().reference_dir)
    return {each.preset: (each.name_ko, each.name_en) for each in known.values()}


def as_json(counted: Count, made: Histogram, made_up: str = "") -> bytes:
    """The answer as the command prints it; of the example, `made_up` says so before all else."""
    told = counting.told(counted, made)
    whole = {"made_up": made_up, **told} if made_up else told
    return (json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def histogram_file(made: Histogram) -> bytes:
    """The histogram as the Parquet file that `yeokjikgu shipments reduce` writes."""
    with tempfile.TemporaryDirectory(prefix="yeokjikgu-upload-") as folder:
        path = Path(folder) / "histogram.parquet"
        histogram.write(made, path)
        return path.read_bytes()
