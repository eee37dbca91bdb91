"""The one reduction: shipments on any engine to counts and values by month, destination, item, channel and bin.

It is written once, as an Ibis expression. On DuckDB, the default, its SQL runs on a connection of our own; on PySpark
and every other engine that Ibis speaks to it runs unchanged, and what comes back is the same to the won.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends.sql.datatypes import DuckDBType

from etl.errors import InputError
from etl.histogram import (
    KEYS,
    LARGEST_KRW,
    NOT_COUNTED,
    OPEN_BIN,
    SCALES,
    SCHEMA,
    Histogram,
    Input,
    in_order,
)

_SHIPMENTS = "shipments_to_reduce"
COLUMNS = ("date", "destination", "item", "channel", "value_krw")  # of shipments; only the last must be there
_TEXTS = ("destination", "item", "channel")


@dataclass(frozen=True)
class Reduced:
    """What a reduction gives.

    Attributes:
        table: columns as `etl.histogram.SCHEMA`.
        counted: month ('' where unknown) -> shipments counted.
        rejected: shipments without a value of 1 to `LARGEST_KRW` won.
    """

    table: pa.Table
    counted: Mapping[str, int]
    rejected: int

    def histogram(self, sha256: str = "") -> Histogram:
        """The histogram of one input, each of whose rows is a shipment; without a file's hash, that of the counts."""
        return Histogram(self.table, (Input(sha256 or _content(self.table), self.counted, self.rejected),))


def reduce(shipments: ir.Table) -> ir.Table:
    """Shipments as counts: month, destination, item, channel (texts, '' where unknown), bin, cases, value_krw.

    `shipments` has `value_krw` in whole won and any of `date`, `destination`, `item` and `channel`. Rows without a usable
    value are counted in bin 0 with the value 0, so that one pass over the data counts them too. A key with '' may come
    twice, once for NULL: `etl.histogram.in_order` adds them up.

    Raises:
        InputError: `value_krw` is missing or no whole number, or `date` is no date.
    """
    _expect_types(shipments)
    given = shipments["value_krw"]
    value = ibis.ifelse((given > 0) & (given <= LARGEST_KRW), given, 0).cast("int64")
    keys = {name: _text(shipments, name) for name in _TEXTS}
    # Months become text, and NULL becomes '', only after the counting: once a group is cheaper than once a row.
    month = shipments["date"].truncate("M") if "date" in shipments.columns else ibis.literal("")
    counts = (
        shipments.select(month=month, **keys, bin=_bin(value), value_krw=value)
        .group_by([*KEYS, "bin"])
        .aggregate(cases=ibis._.count(), value_krw=ibis._.value_krw.sum())
    )
    if "date" in shipments.columns:
        counts = counts.mutate(month=counts["month"].strftime("%Y-%m"))
    return counts.mutate(**{key: counts[key].fill_null("") for key in KEYS}).select(SCHEMA.names)


def _bin(value: ir.IntegerValue) -> ir.IntegerValue:
    """Steps of the narrowest width, rounded up, then steps of ten, a hundred and a thousand of these; 0 for 0.

    Rounding up twice is rounding up once to the product. So no quotient comes nearer to the next whole number than a ten
    thousandth: engines divide as binary floats, as decimals or, Snowflake, with six decimals, and all floor alike.
    """
    narrowest = SCALES[0][0]
    steps = _rounded_up(value, narrowest)
    cases = []
    below = bins_below = 0
    for width, reach in SCALES:
        number = _rounded_up(steps, width // narrowest) if width > narrowest else steps
        offset = bins_below - below // width
        cases.append((steps <= reach // narrowest, number + offset if offset else number))
        below, bins_below = reach, offset + reach // width
    return ibis.cases(*cases, else_=OPEN_BIN).cast("int32")  # half the width of what is grouped by


def _rounded_up(value: ir.IntegerValue, width: int) -> ir.IntegerValue:
    return (value + (width - 1)) // width


def _text(shipments: ir.Table, name: str) -> ir.StringValue:
    if name not in shipments.columns:
        return ibis.literal("")
    column = shipments[name]
    return column if column.type().is_string() else column.cast("string")


def _expect_types(shipments: ir.Table) -> None:
    if "value_krw" not in shipments.columns:
        raise InputError(f"No column value_krw; the columns are {', '.join(shipments.columns)}")
    if not (kind := shipments["value_krw"].type()).is_integer():
        raise InputError(f"The column value_krw is {kind}; convert it to whole won first")
    if "date" in shipments.columns:
        kind = shipments["date"].type()
        # With a time zone the month would depend on the machine.
        if not kind.is_date() and not (kind.is_timestamp() and kind.timezone is None):
            raise InputError(f"The column date is {kind}; convert it to a date of Korean time first")


def from_duckdb(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None
) -> Reduced:
    """Reduce what `query` gives on `connection`.

    Ibis 12 cannot run anything on DuckDB 2, but writes SQL that it understands.

    Raises:
        InputError: as `reduce`, or the memory does not suffice.
    """
    kinds = connection.execute(f"DESCRIBE {query}", parameters).fetchall()
    columns = tuple((name, kind) for name, kind, *_ in kinds if name in COLUMNS)
    counts = connection.sql(f"WITH {_SHIPMENTS} AS ({query}) {_sql(columns)}", params=parameters)
    # Ordering in the same query would hold the counting's memory as well: twice as much at a thousand million shipments.
    try:
        return _split(in_order(counts.to_arrow_table()))
    except duckdb.OutOfMemoryException:
        raise InputError(
            "Counting these shipments takes more memory than there is; reduce a part at a time and add it with --append"
        ) from None


@cache
def _sql(columns: tuple[tuple[str, str], ...]) -> str:
    """The reduction in DuckDB's words, for shipments with these columns and types."""
    # DuckDB's list of an enumeration's members is no type to Ibis; it is text.
    schema = {
        name: "string" if kind.startswith("ENUM") else DuckDBType.from_string(kind) for name, kind in columns
    }
    return str(ibis.to_sql(reduce(ibis.table(schema, name=_SHIPMENTS)), dialect="duckdb"))


def from_backend(shipments: ir.Table) -> Reduced:
    """Reduce a table of a connected Ibis backend, wherever it is; only the counts come back.

    Raises:
        InputError: as `reduce`.
    """
    counts, engine = reduce(shipments), shipments.get_backend()
    if engine.name == "pyspark":
        # Ibis would fetch it as a pandas frame: slow, and in a way that pandas 3 warns about.
        return _split(in_order(engine.raw_sql(engine.compile(counts)).toArrow()))
    return _split(in_order(counts.to_pyarrow()))


def from_connection(url: str, table: str, columns: Mapping[str, str]) -> Reduced:
    """Reduce `table` ("name", "schema.name" or "catalog.schema.name") of the engine at `url`, as `ibis.connect` reads it.

    `columns` says what `date`, `destination`, `item`, `channel` and `value_krw` are called there; what is left out is
    unknown. A password in `url` reaches no message.

    Raises:
        InputError: the engine's own package is missing, it does not answer, lacks the table or a column, or as `reduce`.
    """
    engine = url.partition("://")[0]
    database, _, name = table.rpartition(".")
    try:
        found = ibis.connect(url).table(name, database=database or None)
        missing = sorted(set(columns.values()) - set(found.columns))
        if not missing:
            return from_backend(found.select(**{ours: found[theirs] for ours, theirs in columns.items()}))
    except InputError:
        raise
    except ImportError:
        raise InputError(f"{engine} needs a package: pip install 'ibis-framework[{engine}]'") from None
    except Exception as error:  # noqa: BLE001 (each engine has its own exceptions; their texts may hold the password)
        raise InputError(
            f"{engine} gave no answer on {table}: {type(error).__name__}; see address, name and rights"
        ) from None
    raise InputError(f"{table} has no column {', '.join(missing)}; there are {', '.join(found.columns)}")


def _split(counts: pa.Table) -> Reduced:
    """Part the rows that cannot be counted from those that are."""
    usable = pc.not_equal(counts.column("bin"), NOT_COUNTED)
    table = counts.filter(usable)
    by_month = table.group_by("month").aggregate([("cases", "sum")]).to_pydict()
    unusable = counts.column("cases").filter(pc.invert(usable))
    return Reduced(
        table,
        dict(sorted(zip(by_month["month"], by_month["cases_sum"], strict=True))),
        int(pc.sum(unusable).as_py() or 0),
    )


def _content(table: pa.Table) -> str:
    """A hash that equal counts share: a table of a warehouse has no bytes of its own."""
    digest = hashlib.sha256()
    for column in table.columns:
        digest.update(json.dumps(column.to_pylist()).encode())
    return digest.hexdigest()
