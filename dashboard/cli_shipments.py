"""`yeokjikgu shipments`: look at files of shipments, reduce them to a histogram, count what lies between two limits."""

import contextlib
import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from etl import counting, disclosure, histogram, shipments
from etl.counting import Bounds, Count
from etl.errors import BuildError, InputError
from etl.histogram import Histogram
from etl.intake import reading, sources, tables
from etl.intake.columns import ROLES
from etl.intake.reading import LEFT_OUT, REASONS, Intake, Options
from etl.settings import Settings

_SHOWN = 10
_REJECTS = Path("yeokjikgu-rejects.csv")
_PERCENT = 100
_ENGINE = "://"
_OURS = {
    "value": "value_krw",
    "date": "date",
    "destination": "destination",
    "item": "item",
    "channel": "channel",
}

_HELP = """Count your own shipments: exact answers from files that never leave this machine.

INPUT is a file, a folder or a pattern: csv, tsv, xlsx, parquet, jsonl and duckdb, the text formats also as .gz or .zst.
Columns are found by their Korean or English names, or as the exports of Shopify, Cafe24, Qoo10 Japan and eBay, or a list of
export declarations, have them; --column says it otherwise.
"""
_EPILOG = """\b
Examples:
  yeokjikgu shipments inspect orders.csv
  yeokjikgu shipments count orders.xlsx --from 2000000 --to 4000000
  yeokjikgu shipments count 2025/*.csv --column value=결제금액 --currency JPY --rate JPY=9.4 --json
  yeokjikgu shipments reduce 2025-01.parquet -o shipments.parquet
  yeokjikgu shipments reduce 2025-02.parquet -o shipments.parquet --append
  yeokjikgu shipments count shipments.parquet --from 2000000 --to 4000000
  yeokjikgu shipments release shipments.parquet --limit 2000000 --limit 4000000 -o for-others.csv
  yeokjikgu shipments reduce trino://me@host/customs --table exports.declarations --column value=fob_krw
                                   --column date=accepted -o all.parquet      on the engine, by its connection string
"""

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=_HELP,
    epilog=_EPILOG,
)

Inputs = Annotated[list[str], typer.Argument(help="Files, folders or patterns.", metavar="INPUT…")]
Column = Annotated[
    list[str] | None,
    typer.Option(
        help=f"Which column is what, as value=결제금액; ROLE= for none. Roles: {', '.join(ROLES)}.",
        metavar="ROLE=NAME",
    ),
]
Preset = Annotated[
    str | None, typer.Option(help="shopify, cafe24, qoo10-japan, ebay or declarations; recognised by itself.")
]
Currency = Annotated[str, typer.Option(help="Currency of values that name none, as USD.")]
Rate = Annotated[
    list[str] | None,
    typer.Option(
        help="Won per unit: JPY=9.4, or JPY:2024-08=9.21 for one month.", metavar="CODE[:MONTH]=WON"
    ),
]
Table = Annotated[str | None, typer.Option(help="Sheet of a workbook or table of a database.")]
DateFormat = Annotated[str, typer.Option(help="Form of the dates, as %d/%m/%Y.")]
MaxRejected = Annotated[
    str, typer.Option(help="Share of rows that may be refused; above it nothing is counted.", metavar="SHARE")
]
Rejects = Annotated[Path, typer.Option(help="Where refused rows are written, with file, line and reason.")]


@app.command()
def inspect(
    inputs: Inputs,
    *,
    column: Column = None,
    preset: Preset = None,
    currency: Currency = "",
    rate: Rate = None,
    table: Table = None,
    date_format: DateFormat = "",
    max_rejected: MaxRejected = "0.05",
) -> None:
    """Show what would be read: columns, preset, first rows, currencies, and which rows would be refused."""
    options = _options(column, preset, currency, rate, table, date_format, max_rejected)
    with _one_sentence(), _read(inputs, options) as intake:
        for cells in intake.files:
            typer.echo(f"{cells.source.name}: {cells.form}")
            known = cells.columns.preset
            if known:
                typer.echo(f"  preset {known.preset} ({known.document}). {known.note}")
            for role in ROLES:
                if role in cells.columns.places:
                    typer.echo(f"  {role:<12} {cells.header[cells.columns.places[role]]}")
            unused = [
                name
                for place, name in enumerate(cells.header)
                if place not in cells.columns.places.values() and name
            ]
            if unused:
                typer.echo(f"  not used     {', '.join(unused)}")
        typer.echo("First shipments:")
        for day, destination, item, channel, value in intake.first_rows():
            typer.echo(
                "  "
                + "  ".join(
                    (day or "no date", destination or "—", item or "—", channel or "—", f"KRW {value:,}")
                )
            )
        for line in _about(intake):
            typer.echo(line)


@app.command()
def reduce(  # noqa: PLR0913 - the options of the command
    inputs: Inputs,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The histogram to write (.parquet).")],
    append: Annotated[
        bool, typer.Option("--append", help="Add to the histogram; its months must be new.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Add to the histogram, in place of the months that both have.")
    ] = False,
    column: Column = None,
    preset: Preset = None,
    currency: Currency = "",
    rate: Rate = None,
    table: Table = None,
    date_format: DateFormat = "",
    max_rejected: MaxRejected = "0.05",
    rejects: Rejects = _REJECTS,
) -> None:
    """Reduce shipments to a histogram by month, destination, item and channel, from which any limit can be counted."""
    options = _options(column, preset, currency, rate, table, date_format, max_rejected)
    with _one_sentence():
        adding = append or replace
        if output.exists() and not adding:
            raise InputError(f"{output} is there already: say --append or --replace, or another name")
        older = histogram.read(output) if adding and output.exists() else None
        made, notes = _histogram(inputs, options, rejects)
        if older is not None:
            made = histogram.append(older, made, replace=replace)
        histogram.write(made, output)
        for line in notes:
            typer.echo(line)
        cases = sum(made.table.column("cases").to_pylist())
        typer.echo(f"Wrote {output}: {cases:,} shipments in {made.table.num_rows:,} rows.")


@app.command()
def count(  # noqa: PLR0913 - the options of the command
    inputs: Inputs,
    *,
    from_krw: Annotated[str, typer.Option("--from", help="Old limit, KRW.", metavar="KRW")],
    to_krw: Annotated[str, typer.Option("--to", help="New limit, KRW.", metavar="KRW")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    column: Column = None,
    preset: Preset = None,
    currency: Currency = "",
    rate: Rate = None,
    table: Table = None,
    date_format: DateFormat = "",
    max_rejected: MaxRejected = "0.05",
    rejects: Rejects = _REJECTS,
) -> None:
    """Say how many shipments newly qualify: those above the old limit and at most the new one.

    INPUT may be a histogram that `reduce` wrote.
    """
    options = _options(column, preset, currency, rate, table, date_format, max_rejected)
    with _one_sentence():
        limits = _won(from_krw), _won(to_krw)
        made, notes = _histogram(inputs, options, rejects)
        counted = counting.count(made, *limits)
        if as_json:
            for note in notes:
                typer.echo(note, err=True)
            typer.echo(
                json.dumps(counting.told(counted, made), ensure_ascii=False, indent=2, allow_nan=False)
            )
            return
        for line in (*_in_words(counted), *notes):
            typer.echo(line)


@app.command()
def release(
    inputs: Inputs,
    *,
    limit: Annotated[
        list[str], typer.Option(help="A limit, KRW; give each that the table is to have.", metavar="KRW")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The table to write (.csv).")],
    minimum: Annotated[
        int, typer.Option(help="Cells of fewer shipments are hidden; 1 hides none, for your own data.", min=1)
    ] = disclosure.MINIMUM,
) -> None:
    """Write counts for others to see: small cells are hidden, and as many others as it takes that sums do not tell them.

    INPUT is a histogram that `reduce` wrote.
    """
    with _one_sentence():
        files = sources.find(inputs)
        if foreign := next((file for file in files if not tables.is_histogram(file)), None):
            raise InputError(f"{foreign} is no histogram of shipments: reduce the shipments first")
        made = histogram.merge(*map(histogram.read, files))
        released = disclosure.release(made, [_won(text) for text in limit], minimum=minimum)
        disclosure.write_release(released, output)
    for sentence in disclosure.statement(released):
        typer.echo(sentence)
    typer.echo(f"Wrote {output}.")


def _in_words(counted: Count) -> Iterator[str]:
    limits = f"From KRW {counted.from_krw:,} to KRW {counted.to_krw:,}"
    yield f"{limits}: {_said(counted.band)} newly qualify, worth {_said_won(counted.band)}."
    yield f"  of {counted.cases:,} shipments worth KRW {counted.value_krw:,}" + (
        f" ({_share(counted.band.cases[0], counted.cases):.2%} of shipments, "
        f"{_share(counted.band.value_krw[0], counted.value_krw):.2%} of value)"
        if counted.exact
        else "; a limit between two edges of the bins gives the least and the most that it can be"
    )
    for title, parts in (("destination", counted.by_destination), ("item", counted.by_item)):
        if any(part.name for part in parts):
            yield f"By {title}:"
            for part in parts[:_SHOWN]:
                yield f"  {part.name or 'unknown':<14} {_said(part.band)} of {part.cases:,}, worth {_said_won(part.band)}"
            if len(parts) > _SHOWN:
                yield f"  and {len(parts) - _SHOWN:,} more (all of them with --json)"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _said(band: Bounds) -> str:
    low, high = band.cases
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _said_won(band: Bounds) -> str:
    low, high = band.value_krw
    return f"KRW {low:,}" if low == high else f"KRW {low:,} to {high:,}"


def _about(intake: Intake) -> Iterator[str]:
    """Rows, rates and reasons, a line each."""
    yield f"Rows: {intake.rows_read:,} read, {intake.rows_counted:,} counted, {intake.rows_rejected:,} rejected."
    if intake.orders != intake.rows_counted:
        yield f"Orders: {intake.orders:,}; the lines of an order count as one shipment."
    for name, source in intake.conversions.items():
        yield f"Rate {name}: {source}"
    for found in intake.refused:
        left = "left out" if found.reason in LEFT_OUT else "refused"
        yield f"  {found.rows:,} {left}: {REASONS[found.reason]} (first: {found.file}, line {found.line}: “{found.cell}”)"
    yield from intake.notes


def _histogram(inputs: list[str], options: Options, rejects: Path) -> tuple[Histogram, list[str]]:
    """The histogram of the inputs (as reduce wrote it, from an engine, or made here of files), and what to say on it."""
    if any(_ENGINE in named for named in inputs):
        return _from_engine(inputs, options), []
    files = sources.find(inputs)
    if all(map(tables.is_histogram, files)):
        made = histogram.merge(*map(histogram.read, files))
        rows = (
            f"Rows: {made.rows_read:,} read, {made.rows_counted:,} counted, {made.rows_rejected:,} rejected."
        )
        return made, [rows]
    with _read(inputs, options) as intake:
        _tell_refused(intake, rejects)
        return intake.histogram(), [*_about(intake)]


def _from_engine(inputs: list[str], options: Options) -> Histogram:
    if len(inputs) > 1 or not options.table or "value" not in options.columns:
        raise InputError(
            "An engine is read alone, and its table and columns are named: URL --table declarations --column value=fob_krw"
        )
    if options.currency.upper() not in {"", "KRW"} or not options.columns.keys() <= _OURS.keys():
        raise InputError(
            f"An engine gives shipments in whole won, a row each; its columns can be {', '.join(_OURS)}"
        )
    names = {_OURS[role]: name for role, name in options.columns.items() if name}
    reduced = shipments.from_connection(inputs[0], options.table, names)
    read = sum(reduced.counted.values()) + reduced.rejected
    if reduced.rejected > options.max_rejected * read:
        raise InputError(
            f"{reduced.rejected:,} of {read:,} rows have no value that can be counted, more than {options.max_rejected:.0%} may have"
        )
    return reduced.histogram()


@contextlib.contextmanager
def _read(inputs: list[str], options: Options) -> Iterator[Intake]:
    with reading.read(inputs, options, Settings.from_environment().reference_dir) as intake:
        yield intake


def _tell_refused(intake: Intake, rejects: Path) -> None:
    if intake.rows_rejected:
        intake.write_rejects(rejects)
        typer.echo(
            f"Wrote {rejects}: {intake.rows_rejected:,} rows that are not counted, with their reasons.",
            err=True,
        )


def _options(
    column: list[str] | None,
    preset: str | None,
    currency: str,
    rate: list[str] | None,
    table: str | None,
    date_format: str,
    max_rejected: str,
) -> Options:
    with _one_sentence():
        said = {}
        for text in column or []:
            role, equals, name = text.partition("=")
            if not equals:
                raise InputError(f"“{text}” names no column: write ROLE=NAME, as --column value=결제금액")
            said[role.strip()] = name.strip()
        try:
            text = max_rejected.strip()
            share = float(text.removesuffix("%")) / (_PERCENT if text.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise InputError(f"“{max_rejected}” is no share of rows: write 0.05 or 5%")
        return Options(said, preset, currency.strip(), rate or [], table, date_format, share)


def _won(text: str) -> int:
    try:
        number = Decimal(text.replace(",", "").replace("_", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number != number.to_integral_value():
        raise InputError(f"A limit is a whole number of won, not “{text}”")
    return int(number)


@contextlib.contextmanager
def _one_sentence() -> Iterator[None]:
    """Leave with one sentence and exit code 1 where the files or what was asked are at fault."""
    try:
        yield
    except (InputError, BuildError) as error:
        sentence = " ".join(str(error).split())
        typer.echo(f"{sentence.removesuffix('.')}.", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"Cannot use {error.filename or 'a file'}: {error.strerror or error}.", err=True)
        raise typer.Exit(1) from None
