"""Files that a person downloaded by hand: read, checked, and kept like any publisher's answer."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from etl import vintages
from etl.errors import BuildError, SourceError
from etl.settings import Settings
from etl.sources.source import Answer, Dataset, Request

_LARGEST_BYTES = 200_000_000


@dataclass(frozen=True)
class Imported:
    """What a file brought: rows and periods, the first and the last of them, and what a reader should know."""

    rows: int
    periods: int
    first: str
    last: str
    notes: tuple[str, ...]


def take(file: Path, dataset: Dataset, settings: Settings, now: datetime) -> Imported:
    """Keep a file's figures beside what is kept of the data set; `now` has a time zone.

    Raises:
        BuildError: it cannot be read, is another file, or contradicts itself; what was kept before stays.
    """
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise BuildError(f"{file.name} is larger than {_LARGEST_BYTES:,} bytes: this is another file")
        body = file.read_bytes()
    except OSError as error:
        raise BuildError(f"Cannot read {file}: {error.strerror or error}") from None
    answer = Answer(200, body)
    request = Request(dataset.dataset_id, vintages.FILE, (("name", file.name),), "", "", "")
    try:
        rows = dataset.read(answer, request)
    except SourceError as error:
        raise BuildError(f"{file.name}: {error}") from None
    periods = sorted(rows.periods)
    if not periods:
        raise BuildError(f"{file.name} holds no figures")
    request = replace(request, start=periods[0], end=periods[-1])
    if wrong := dataset.check(rows, request, {}):
        raise BuildError(f"{file.name}: {'; '.join(wrong)}; the older figures stay")
    counted = Counter(str(period) for period in rows.columns[dataset.period_column])
    vintages.keep(settings.raw_dir, request, answer, {each: counted[each] for each in periods}, now)
    return Imported(sum(counted.values()), len(periods), periods[0], periods[-1], rows.notes)
