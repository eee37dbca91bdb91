"""Build a new warehouse file, check it, and only then point to it."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from importlib.resources import files
from pathlib import Path

import babel
import duckdb

from etl import received, vintages
from etl.errors import BuildError, CheckError, SourceError
from etl.reference import TABLES, load
from etl.settings import Settings
from etl.sources.registry import DATASETS
from etl.sources.source import Dataset

POINTER = "current"
_PATTERN = "yeokjikgu-*.duckdb"
_UNFINISHED = ("building-*", f"{POINTER}.*")  # with DuckDB's log, and a pointer not yet moved
_STALE_SECONDS = 3600.0
_YOUNG_SECONDS = 60.0
_VERSION_DIGITS = 12
_INPUT_DIGITS = 8

Report = Callable[[str], None]


@dataclass(frozen=True)
class Build:
    """What a build made: `data_version` is a hash of the content of all published tables, in hex digits."""

    data_version: str
    path: Path
    rows: int
    seconds: float


def build(settings: Settings, report: Report) -> Build:
    """Build the warehouse from the reference files and what was received; `report` gets one line a step.

    The file in use is never touched: a new one is written under another name, checked, named by its version, and the
    pointer is replaced in one step. A build that is killed at any moment leaves the old data in use.

    Raises:
        BuildError: a broken reference file, a damaged answer, a broken rule, or a folder that cannot be written; the data in
            use stay.
    """
    started = time.perf_counter()
    try:
        settings.built_dir.mkdir(parents=True, exist_ok=True)
        unfinished = _unfinished(settings.built_dir)
    except OSError as error:
        raise BuildError(f"The data folder cannot be written: {error.strerror or error}") from None
    try:
        inputs = _inputs(settings)  # first: what is edited meanwhile must count as out of date
        rows, version = _fill(settings, unfinished, report)
        path = settings.built_dir / f"yeokjikgu-{version}-{inputs}.duckdb"
        try:
            os.utime(path)  # the same inputs were built before; a file in use is never replaced
        except FileNotFoundError:
            _rename(unfinished, path)
    except OSError as error:
        raise BuildError(f"The data folder cannot be written: {error.strerror or error}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    report(f"Wrote {path.name}")
    previous = current(settings)
    _point_to(settings, path)
    report(f"In use from now on: data version {version}")
    _clean(settings, keep={path, previous})
    return Build(version, path, rows, time.perf_counter() - started)


def current(settings: Settings) -> Path | None:
    """The warehouse file that the pointer names; None where nothing was built yet or the file is gone."""
    try:
        name = (settings.built_dir / POINTER).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    path = settings.built_dir / name
    return path if name and path.is_file() else None


def is_out_of_date(settings: Settings) -> bool:
    """Whether the file in use was built from other inputs than those of now (or nothing is in use)."""
    path = current(settings)
    return path is None or not path.stem.endswith(f"-{_inputs(settings)}")


def data_version(connection: duckdb.DuckDBPyConnection) -> str:
    """Hash over names and content of all tables of `core`, independent of the order of rows and of when they were received."""
    digest = hashlib.sha256()
    # The rows of received slices count through the digests of core.slice: there may be millions of them.
    tables = connection.execute(
        "SELECT table_name, bool_or(column_name = 'known_from') FROM duckdb_columns() WHERE schema_name = 'core' "
        "GROUP BY table_name HAVING table_name = 'slice' OR NOT bool_or(column_name = 'vintage') ORDER BY table_name"
    ).fetchall()
    for table, has_times in tables:
        wanted = "* EXCLUDE (known_from)" if has_times else "*"
        content = connection.execute(f'SELECT {wanted} FROM core."{table}" ORDER BY ALL')  # noqa: S608 (own catalogue)
        digest.update(repr((table, [column[0] for column in content.description or ()])).encode())
        for row in content.fetchall():
            digest.update(repr(row).encode())
    return digest.hexdigest()[:_VERSION_DIGITS]


def sql(name: str) -> str:
    """The text of one of the SQL files of this package."""
    return (files("etl") / "sql" / name).read_text(encoding="utf-8")


def run_checks(connection: duckdb.DuckDBPyConnection) -> int:
    """Run the rules of `checks.sql`; returns how many there are.

    Raises:
        CheckError: a rule returned rows; the message holds its name and a sample.
    """
    rules = re.findall(
        r"^-- check: (.+?)\n(.*?)(?=^-- check: |\Z)", sql("checks.sql"), re.MULTILINE | re.DOTALL
    )
    for name, query in rules:
        result = connection.execute(query)
        columns = [column[0] for column in result.description or ()]
        broken = result.fetchall()
        if broken:
            sample = "; ".join(
                ", ".join(f"{column} {value}" for column, value in zip(columns, row, strict=True))
                for row in broken[:5]
            )
            raise CheckError(f"{name}: {len(broken)} rows break this rule ({sample})")
    return len(rules)


def _fill(settings: Settings, path: Path, report: Report) -> tuple[int, str]:
    with duckdb.connect(path) as connection:
        connection.execute(sql("schema.sql"))
        connection.execute(sql("received.sql"))
        rows = 0
        for table in TABLES:
            count = load(connection, settings.reference_dir, table)
            rows += count
            report(f"Read {table.file}: {count} rows")
        received.fill(connection, DATASETS, lambda dataset: _received(settings, dataset), report)
        connection.execute(sql("marts.sql"))
        connection.execute(sql("received_marts.sql"))
        received.describe(connection, DATASETS, _last_answers(settings))
        connection.execute(sql("market_marts.sql"))
        report("Added the views that the dashboard reads")
        report(f"Passed {run_checks(connection)} checks")
        version = data_version(connection)
        connection.execute("CREATE TABLE mart.build AS SELECT $version AS data_version", {"version": version})
        connection.execute("COMMENT ON TABLE mart.build IS '자료 버전 | The data version'")
    return rows, version


def _received(settings: Settings, dataset: Dataset) -> Iterator[received.Received]:
    """What was kept of a data set, read again, in order of time."""
    for kept in vintages.distinct(vintages.kept(settings.raw_dir, dataset.dataset_id)):
        try:
            rows = dataset.read(kept.answer(), kept.request)
        except SourceError as error:
            raise BuildError(
                f"{kept.path.name} in {kept.path.parent.name} was kept but cannot be read any more ({error}): delete it and fetch it again"
            ) from None
        yield received.Received(kept.request.query, kept.retrieved.astimezone(UTC).replace(tzinfo=None), rows)


def _last_answers(settings: Settings) -> dict[str, vintages.Kept]:
    """The last answer of each data set, an unchanged one included."""
    answers = {each.dataset_id: vintages.kept(settings.raw_dir, each.dataset_id) for each in DATASETS}
    return {dataset_id: found[-1] for dataset_id, found in answers.items() if found}


def _inputs(settings: Settings) -> str:
    """Hash of everything a build reads, so that an unchanged checkout is not built again."""
    digest = hashlib.sha256(babel.__version__.encode())  # country names come from CLDR
    for table in TABLES:
        try:
            digest.update((settings.reference_dir / table.file).read_bytes())
        except OSError:
            digest.update(b"missing")
    digest.update(vintages.fingerprint(settings.raw_dir).encode())
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:_INPUT_DIGITS]


def _unfinished(folder: Path) -> Path:
    """A new name in `folder` for the file under construction; DuckDB creates it."""
    handle, name = tempfile.mkstemp(prefix="building-", suffix=".duckdb", dir=folder)
    os.close(handle)
    path = Path(name)
    path.unlink()
    return path


def _rename(unfinished: Path, path: Path) -> None:
    try:
        unfinished.rename(path)
    except FileExistsError:  # Windows: another build of the same inputs was faster
        return


def _point_to(settings: Settings, path: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=f"{POINTER}.", dir=settings.built_dir)
    with os.fdopen(handle, "w", encoding="utf-8") as pointer:
        pointer.write(path.name + "\n")
    Path(name).chmod(0o644)  # mkstemp's own would let only this user read it
    Path(name).replace(settings.built_dir / POINTER)


def _clean(settings: Settings, keep: set[Path | None]) -> None:
    """Remove older versions and what killed builds left.

    Not the previous version and not a young one: a reader may just be opening it, another build may be about
    to point to it.
    """
    old = [(path, _YOUNG_SECONDS) for path in settings.built_dir.glob(_PATTERN) if path not in keep]
    old += [(path, _STALE_SECONDS) for form in _UNFINISHED for path in settings.built_dir.glob(form)]
    now = time.time()
    for path, seconds in old:
        try:
            if path.stat().st_mtime < now - seconds:
                path.unlink()
        except OSError:  # gone meanwhile, or held by a reader on Windows: the next build tries again
            continue
