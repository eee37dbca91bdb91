"""The commands that receive data: ask the publishers, say how the sources stand, take files downloaded by hand."""

import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Self

import typer

from etl import imports, refresh, standing, warehouse
from etl.errors import BuildError
from etl.settings import Access, Settings
from etl.sources import kosis, trass
from etl.sources.registry import DATASETS
from etl.sources.source import Dataset
from etl.transport import Transport

_INTERRUPTED = 130
_REFRESH_EPILOG = """\b
Sources: customs, kosis, ecos, frankfurter, worldbank, comtrade, or one data set of them (see yeokjikgu sources).
Which need a key, where to get one and how to set it: yeokjikgu sources.

\b
Examples:
  yeokjikgu refresh --dry-run            only say how many calls it would take
  yeokjikgu refresh                      the last 13 months of everything that a key is set for
  yeokjikgu refresh customs --since 2019-01 --hs 3304 --hs 3305 --to US --to JP
  yeokjikgu refresh frankfurter worldbank
                                         what needs no key
"""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(name="refresh", epilog=_REFRESH_EPILOG)(refresh_sources)
    app.command(name="sources")(list_sources)
    app.command(name="import-trass")(import_trass)
    app.command(name="import-kosis")(import_kosis)


def refresh_sources(
    *,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Publishers to ask; all by default.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="First month, 2019-01; 13 months back by default.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last month; the newest by default.")] = None,
    hs: Annotated[
        list[str] | None,
        typer.Option(
            help="HS code; may stand several times. Those of data/reference/watchlist.csv by default."
        ),
    ] = None,
    to: Annotated[
        list[str] | None, typer.Option(help="Destination, two letters; may stand several times, as above.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how many calls it would take.")
    ] = False,
    max_calls: Annotated[int | None, typer.Option(help="Stop after so many calls.", min=1)] = None,
    restart: Annotated[
        bool,
        typer.Option("--restart", help="Ask for everything anew, even if the same command was interrupted."),
    ] = False,
) -> None:
    """Ask the publishers for new figures, check and keep them, and build the data from them.

    Interrupted or out of quota, the same command goes on where it stopped. Every answer is kept in data/raw; an answer that
    contradicts itself is not used.
    """
    order = refresh.Order(
        sources=tuple(sources or ()),
        since=since,
        until=until,
        hs_codes=tuple(hs or ()),
        destinations=tuple(code.upper() for code in to or ()),
    )
    with _in_sentences():
        settings, access = Settings.from_environment(), Access.from_environment()
        now = datetime.now(UTC)
        planned = refresh.plan(order, settings, access, DATASETS, now, anew=restart)
        for note in planned.notes:
            typer.echo(note, err=planned.failed)
        if planned.done:
            typer.echo(f"This goes on with what was begun on {planned.started.astimezone():%Y-%m-%d %H:%M}.")
        for line in planned.summary():
            typer.echo(line)
        if dry_run:
            return
        with _Line() as screen, Transport(access) as door:
            result = refresh.run(planned, settings, door, screen.report, screen.show, max_calls=max_calls)
        # Also what an earlier refresh kept and was killed before building.
        if result.kept or warehouse.is_out_of_date(settings):
            typer.echo(f"Data version {warehouse.build(settings, _silent).data_version}")
        refresh.finish(planned, settings, result)
    if result.failed:
        raise typer.Exit(1)


def list_sources(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False
) -> None:
    """Say how each source stands: key, last success, rows, newest period, when the next is due, licence."""
    with _in_sentences():
        settings, access = Settings.from_environment(), Access.from_environment()
        today = datetime.now().astimezone().date()
        found = standing.standings(DATASETS, settings, access, today)
    if as_json:
        typer.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=2))
        return
    rows = [("source", "data set", "key", "last success", "rows", "newest", "next due", "state")]
    rows += [
        (
            each.dataset.publisher,
            each.dataset.dataset_id,
            _key(each),
            f"{each.last_success.astimezone():%Y-%m-%d %H:%M}" if each.last_success else "never",
            f"{each.rows:,}",
            each.newest_period or "none",
            each.due_on.isoformat() if each.due_on else "",
            each.state,
        )
        for each in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    typer.echo("")
    for each in found:
        typer.echo(f"{each.dataset.dataset_id}: {each.dataset.name_en}. {each.dataset.licence_en}.")
        typer.echo(f"    {_how_to_get(each.dataset)}")
    typer.echo("")
    typer.echo("A key is set in the environment or in a file .env in this folder: VARIABLE=key, one a line.")


def import_trass(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook as downloaded.")],
) -> None:
    """Take the TRASS workbook of monthly e-commerce trade (downloaded by hand after login at bandtrass.or.kr)."""
    _import(file, trass.DATASET)


def import_kosis(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The table as exported.")],
) -> None:
    """Take a CSV export of KOSIS: online overseas direct sales or purchases, long or wide."""
    _import(file, kosis.FILE)


def _import(file: Path, dataset: Dataset) -> None:
    with _in_sentences():
        settings = Settings.from_environment()
        taken = imports.take(file, dataset, settings, datetime.now(UTC))
        for note in taken.notes:
            typer.echo(note)
        rows = f"{taken.rows:,} {'row' if taken.rows == 1 else 'rows'}"
        periods = f"{taken.periods:,} {'period' if taken.periods == 1 else 'periods'}"
        typer.echo(f"{file.name}: {rows} of {periods}, {taken.first} to {taken.last}.")
        typer.echo(f"Data version {warehouse.build(settings, _silent).data_version}")


def _key(each: standing.Standing) -> str:
    """Whether the key is set, never the key."""
    if not each.dataset.key:
        return "not needed"
    if each.key_is_set:
        return "set"
    return "optional" if each.dataset.key_optional else "NOT SET"


def _how_to_get(dataset: Dataset) -> str:
    if dataset.dataset_id in refresh.IMPORTS:
        return (
            f"Download it at {dataset.apply_at}, then: yeokjikgu {refresh.IMPORTS[dataset.dataset_id]} FILE"
        )
    if not dataset.key:
        return "No key needed."
    more = " It answers without one, too, though less." if dataset.key_optional else ""
    return f"Key: apply at {dataset.apply_at}, set {dataset.key}.{more}"


def _as_json(each: standing.Standing) -> dict[str, object]:
    dataset = each.dataset
    return {
        "source": dataset.publisher,
        "dataset": dataset.dataset_id,
        "name_ko": dataset.name_ko,
        "name_en": dataset.name_en,
        "key_variable": dataset.key or None,
        "key_needed": bool(dataset.key) and not dataset.key_optional,
        "key_set": each.key_is_set if dataset.key else None,
        "apply_at": dataset.apply_at or None,
        "last_success": each.last_success.isoformat(timespec="seconds") if each.last_success else None,
        "rows": each.rows,
        "newest_period": each.newest_period or None,
        "next_due": each.due_on.isoformat() if each.due_on else None,
        "state": each.state,
        "licence_ko": dataset.licence_ko,
        "licence_en": dataset.licence_en,
        "import_command": refresh.IMPORTS.get(dataset.dataset_id),
    }


class _Line:
    """The line that shows how far a refresh is; only on a terminal, and out of the way of other lines."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write("")

    def show(self, made: int, calls: int, words: str) -> None:
        """Show that so many of all calls are made, and what is asked for now."""
        filled = 20 * made // max(calls, 1)
        self._write(f"[{'#' * filled}{'.' * (20 - filled)}] {made:,} of {calls:,} {words}" if words else "")

    def report(self, line: str) -> None:
        """Print a line for good."""
        self._write("")
        typer.echo(line)

    def _write(self, text: str) -> None:
        if self._is_shown:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write("\r" + text[:width].ljust(width) + ("" if text else "\r"))
            sys.stderr.flush()


_silent: Callable[[str], None] = lambda _line: None  # noqa: E731 - a name for what says nothing


@contextlib.contextmanager
def _in_sentences() -> Iterator[None]:
    """Leave with one sentence where something is at fault."""
    try:
        yield
    except BuildError as error:
        typer.echo(f"{str(error).removesuffix('.')}.", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"Cannot use {error.filename or 'a file'}: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("\nStopped. What came is kept: the same command goes on there.", err=True)
        raise typer.Exit(_INTERRUPTED) from None
