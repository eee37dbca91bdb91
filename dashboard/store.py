"""Read-only DuckDB -> DataFrame: one function a mart, and the guard that keeps series apart.

Frames carry both languages (`name_ko`, `name_en`); `input_ids` are lists of the published figures that a derived row rests on.
What goes to the model comes as plain rows, typed, with None for what is empty.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

# What reading a damaged file raises, for callers that speak no SQL.
UnreadableError = duckdb.Error

ALL = "ALL"
# What the Sources page offers as CSV: the tables of published values.
TABLES = (
    "observation",
    "series",
    "source",
    "metric",
    "destination",
    "item",
    "channel",
    "contradiction",
    "fact",
    "clearance_limit",
    "event",
    "exchange_rate",
    "price_index",
    "currency_rate",
    "market_metric",
    "market_figure",
    "destination_rule",
    "assumption",
    "former_assumption",
    "term",
    "watch",
)


class SpliceError(Exception):
    """Observations of different definitions or frequencies were asked for as one line."""


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a warehouse file for reading only; UnreadableError where that fails."""
    return duckdb.connect(path, read_only=True)


def data_version(connection: duckdb.DuckDBPyConnection) -> str:
    """Version of the content, in hex digits."""
    row = connection.execute("SELECT data_version FROM mart.build").fetchone()
    return str(row[0]) if row else ""


def series(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """All series with what they cover and leave out, number of figures and span."""
    return connection.execute(
        "SELECT * FROM mart.series ORDER BY letter = '', letter, figures DESC, series_id"
    ).df()


def trend(
    connection: duckdb.DuckDBPyConnection,
    series_id: str,
    metric_id: str,
    destination_id: str = ALL,
    item_id: str = ALL,
    channel_id: str = ALL,
    frequency: str = "year",
) -> pd.DataFrame:
    """Points of one line in order of time: period, value, unit, evidence, formula, input_ids.

    Raises:
        SpliceError: the points do not share one definition and one frequency.
    """
    points = connection.execute(
        "SELECT * FROM mart.trend WHERE series_id = $series_id AND metric_id = $metric_id AND destination_id = $destination_id "
        "AND item_id = $item_id AND channel_id = $channel_id AND frequency = $frequency ORDER BY period_start",
        {
            "series_id": series_id,
            "metric_id": metric_id,
            "destination_id": destination_id,
            "item_id": item_id,
            "channel_id": channel_id,
            "frequency": frequency,
        },
    ).df()
    return as_one_line(points)


def joined(connection: duckdb.DuckDBPyConnection, series_ids: Sequence[str], metric_id: str) -> pd.DataFrame:
    """Yearly totals of several series as one line, where their definitions allow it.

    Raises:
        SpliceError: they do not share one definition.
    """
    points = connection.execute(
        "SELECT * FROM mart.trend WHERE list_contains($series_ids, series_id) AND metric_id = $metric_id AND frequency = 'year' "
        "AND destination_id = 'ALL' AND item_id = 'ALL' AND channel_id = 'ALL' ORDER BY period_start",
        {"series_ids": list(series_ids), "metric_id": metric_id},
    ).df()
    return as_one_line(points)


def as_one_line(points: pd.DataFrame) -> pd.DataFrame:
    """Let points through that may be joined into one line, at most one a period.

    Raises:
        SpliceError: points of different definitions, measures or frequencies, overlapping spans, or two at one time.
    """
    for column in ("definition_id", "metric_id", "unit", "frequency"):
        found = points[column].unique()
        if len(found) > 1:
            raise SpliceError(
                f"One line cannot join different values of {column}: {', '.join(map(str, sorted(found)))}"
            )
    if len(points) > 1 and (points["frequency"] == "span").any():
        raise SpliceError(
            "Spans of other lengths than a year, half, quarter or month overlap and make no line"
        )
    if points["period_start"].duplicated().any():
        raise SpliceError("One line cannot hold two values of the same period")
    return points


def members(
    connection: duckdb.DuckDBPyConnection,
    series_id: str,
    metric_id: str,
    dimension: str,
    frequency: str,
) -> dict[str, pd.DataFrame]:
    """The line of each destination, item or channel (`dimension`) of a series by member id, one dimension at a time.

    Raises:
        SpliceError: the points of a member do not share one definition.
    """
    points = connection.execute(
        "SELECT * FROM mart.trend WHERE series_id = $series_id AND metric_id = $metric_id AND frequency = $frequency "
        "AND (destination_id = 'ALL' OR $dimension = 'destination') AND (item_id = 'ALL' OR $dimension = 'item') "
        "AND (channel_id = 'ALL' OR $dimension = 'channel') "
        "AND NOT (destination_id = 'ALL' AND item_id = 'ALL' AND channel_id = 'ALL') ORDER BY period_start",
        {
            "series_id": series_id,
            "metric_id": metric_id,
            "dimension": dimension,
            "frequency": frequency,
        },
    ).df()
    return {str(member): as_one_line(line) for member, line in points.groupby(f"{dimension}_id")}


def events(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What charts are annotated with: kind, announced and effective as known, names, publisher and address, in order of time."""
    return connection.execute(
        "SELECT * FROM mart.event ORDER BY coalesce(nullif(announced, ''), effective), event_id"
    ).df()


def price_index(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Korean consumer prices by year on one base: period, value, evidence, formula, input_ids."""
    return connection.execute("SELECT * FROM mart.price_index ORDER BY period_start").df()


def yearly_rates(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Average won per dollar of each year that has one: period, krw_per_usd, rate_id."""
    return connection.execute(
        "SELECT period, krw_per_usd, rate_id FROM mart.exchange_rate WHERE preferred AND frequency = 'year' ORDER BY period"
    ).df()


def measures(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What can be drawn: series, measure, frequency and members, with the number of points and of published ones."""
    return connection.execute(
        "SELECT series_id, metric_id, unit, frequency, destination_id, item_id, channel_id, count(*) AS points, "
        "count(*) FILTER (evidence = 'published') AS published "
        "FROM mart.trend WHERE frequency <> 'span' GROUP BY ALL ORDER BY ALL"
    ).df()


def totals(connection: duckdb.DuckDBPyConnection, series_id: str) -> pd.DataFrame:
    """Every published or converted total of a series: all periods and measures."""
    return connection.execute(
        "SELECT * FROM mart.trend WHERE series_id = $series_id AND destination_id = 'ALL' AND item_id = 'ALL' AND channel_id = 'ALL' "
        "ORDER BY metric_id, period_start, period_end",
        {"series_id": series_id},
    ).df()


def member_shares(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Shares by destination, item or channel: published where a publication gives them, else computed."""
    return connection.execute(
        "SELECT * FROM mart.member_share ORDER BY series_id, period_start, period_end, metric_id, value DESC, destination_id, item_id"
    ).df()


def member_levels(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Levels by destination, item or channel: published, else share × total, else what follows from published ones."""
    return connection.execute(
        "SELECT * FROM mart.member_level ORDER BY series_id, period_start, metric_id, value DESC, destination_id, item_id, channel_id"
    ).df()


def destinations(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Countries by `iso3`, and groups, which have none."""
    return connection.execute("SELECT * FROM mart.destination ORDER BY destination_id").df()


def figures(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every published figure, exchange rate and threshold with its source: what receipts cite."""
    return connection.execute(
        "FROM mart.observation UNION ALL BY NAME "
        "SELECT rate_id AS observation_id, 'KRW/USD' AS unit, period, period_start, period_end, frequency, "
        "krw_per_usd AS value, 'exact' AS bound, quality, preferred, note_ko, note_en, source_id, publisher_ko, "
        "publisher_en, title, url, published, published_note_ko, published_note_en, "
        "'원·달러 평균환율' AS label_ko, 'Average won per dollar' AS label_en FROM mart.exchange_rate "
        "UNION ALL BY NAME SELECT i.index_id AS observation_id, '' AS unit, i.period, i.period_start, i.period_end, i.frequency, "
        "i.index_value AS value, 'exact' AS bound, i.quality, true AS preferred, i.note_ko, i.note_en, i.source_id, "
        "p.publisher_ko, p.publisher_en, p.title, p.url, p.published, p.published_note_ko, p.published_note_en, "
        "'소비자물가지수(' || i.base_year || '=100)' AS label_ko, "
        "'Consumer price index of Korea (' || i.base_year || '=100)' AS label_en "
        "FROM core.price_index AS i JOIN mart.source AS p USING (source_id) "
        "UNION ALL BY NAME FROM mart.market_citation"
    ).df()


def market(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """What is known of destinations as markets, a row a destination and column.

    Columns: `destination_id`, `column_id`, `item_id` ('ALL' for what belongs to no item), value, unit, period, evidence, formula,
    input_ids, quality, grade (A, B or C), and the destination's names. What is not known has no row.
    """
    return _rows(connection.execute("SELECT * FROM mart.market ORDER BY destination_id, column_id, item_id"))


def market_metrics(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The figures of markets with unit, kind, names and definitions in both languages."""
    return _rows(connection.execute("SELECT * FROM core.market_metric ORDER BY metric_id"))


def destination_rules(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every import threshold, a row a rule and route, in order of time; amounts in `currency`, dates None where unknown.

    The figure that a receipt cites has the id `<rule_id>:duty` or `<rule_id>:tax`, where the relief is `up_to`.
    """
    return _rows(
        connection.execute(
            "SELECT * FROM mart.destination_rule ORDER BY destination_id, valid_from_day NULLS FIRST, rule_id, route"
        )
    )


def currency_rates(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Won for one unit of each currency: currency, krw_per_unit (also as value), unit, period, evidence, formula, input_ids, quality."""
    return _rows(connection.execute("SELECT * FROM mart.currency_rate ORDER BY currency"))


def limits(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The history of the limits by channel, announced and effective."""
    return connection.execute(
        "SELECT * FROM mart.clearance_limit ORDER BY channel_id, coalesce(nullif(effective, ''), announced)"
    ).df()


def limits_in_force(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Limits that took effect on a known day, with the day from which the next one replaced them."""
    return connection.execute(
        "SELECT f.*, l.article, l.source_id, l.publisher_ko, l.publisher_en, l.title, l.url, l.published, l.quality, "
        "l.instrument_ko, l.instrument_en, l.note_ko, l.note_en "
        "FROM mart.limit_in_force AS f JOIN mart.clearance_limit AS l USING (limit_id) ORDER BY f.channel_id, f.valid_from"
    ).df()


def populations(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Populations of the simulator: cases, value in won, exchange rate, list-clearance value where published."""
    return connection.execute("SELECT * FROM mart.population ORDER BY channel_id, period DESC").df()


def assumptions(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every assumption with its range, source or judgement, and alternatives."""
    return connection.execute('SELECT * FROM mart.assumption ORDER BY "set", assumption_id').df()


def assumption_rows(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every assumption of the threshold model as it reads them, in the order of the sets."""
    return _rows(
        connection.execute(
            """SELECT * FROM mart.assumption WHERE "set" <> 'market' ORDER BY "set", assumption_id"""
        )
    )


def former_assumption_rows(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Sets of assumptions on record, today's among them: each row with the digest of its set."""
    return _rows(connection.execute("SELECT * FROM mart.former_assumption ORDER BY digest, place"))


def market_assumption_rows(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The assumptions about markets: spend, errors by grade, the exchange-rate band."""
    return _rows(
        connection.execute("""SELECT * FROM mart.assumption WHERE "set" = 'market' ORDER BY assumption_id""")
    )


def population_rows(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Populations of the simulator as the model reads them."""
    return _rows(connection.execute("SELECT * FROM mart.population ORDER BY channel_id, period DESC"))


def published_totals(
    connection: duckdb.DuckDBPyConnection, metric_id: str = "value_usd"
) -> list[dict[str, Any]]:
    """Every vintage of the customs total of a full year, preferred or not: year, value, published_on, quality, ids.

    A publication known by its month or year counts from the last day of it; one of an unknown date does not count.
    """
    return _rows(
        connection.execute(
            "SELECT year(period_start) AS year, value, quality, observation_id, source_id, CASE length(published) "
            "WHEN 4 THEN make_date(published::integer, 12, 31) "
            "WHEN 7 THEN last_day((published || '-01')::date) ELSE published::date END AS published_on "
            "FROM mart.observation WHERE series_id = 'kcs_total' AND metric_id = $metric_id AND frequency = 'year' "
            "AND destination_id = 'ALL' AND item_id = 'ALL' AND channel_id = 'ALL' AND published <> '' "
            "ORDER BY year, published_on, observation_id",
            {"metric_id": metric_id},
        )
    )


def _rows(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def observations(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every published figure with its source, and every figure derived from them (`evidence`) with formula and `input_ids`."""
    return connection.execute(
        "SELECT 'published' AS evidence, '' AS formula, [observation_id] AS input_ids, * FROM mart.observation "
        "UNION ALL BY NAME SELECT t.*, s.letter, s.name_ko AS series_ko, s.name_en AS series_en "
        "FROM mart.trend AS t JOIN mart.series AS s USING (series_id) WHERE t.evidence = 'derived' "
        "ORDER BY series_id, metric_id, frequency, destination_id, item_id, channel_id, period_start, evidence, observation_id"
    ).df()


def contradictions(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Figures that disagree, both values, and how they are read; one row a figure."""
    return connection.execute(
        "SELECT c.contradiction_id, c.title_ko, c.title_en, c.reading_ko, c.reading_en, o.* "
        "FROM mart.contradiction AS c JOIN mart.observation AS o USING (observation_id) "
        "ORDER BY c.title_ko = '', c.contradiction_id, o.period, o.preferred DESC, o.observation_id"
    ).df()


def sources(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every publication with the number of figures read in it."""
    return connection.execute("SELECT * FROM mart.source ORDER BY published DESC, source_id").df()


def facts(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What is no statistic: notices, articles, fees, penalties, field counts."""
    return connection.execute("SELECT * FROM mart.fact ORDER BY topic, fact_id").df()


def terms(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The glossary: terms and definitions in both languages, article and source where there is one."""
    return connection.execute("SELECT * FROM mart.term ORDER BY term_id").df()


def five_series(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Totals of the five series that share one name, in dollars and in won; every definition is a line of its own."""
    return connection.execute(
        "SELECT * FROM mart.five_series ORDER BY letter, series_id, metric_id, period_start"
    ).df()


def reconciliations(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What several series say together: `reconciliation_id`, period, unit, value, bound, formula, input_ids."""
    return connection.execute(
        "SELECT *, 'derived' AS evidence FROM mart.reconciliation ORDER BY reconciliation_id, period"
    ).df()


def datasets(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every data set of the publishers' interfaces: last success (UTC), newest period, rows, days from which the next is due and late."""
    return connection.execute(
        "SELECT d.*, r.newest_period, r.row_count, r.next_period_end + d.due_days AS due_on, "
        "r.next_period_end + d.overdue_days AS overdue_on "
        "FROM mart.dataset AS d LEFT JOIN mart.received AS r USING (dataset) ORDER BY d.rowid"
    ).df()


def freshness(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every series with its newest period, when that was published, and when the next may be expected."""
    return connection.execute(
        "SELECT f.*, s.name_ko, s.name_en, s.publisher_ko, s.publisher_en FROM mart.series_freshness AS f JOIN mart.series AS s USING (series_id) "
        "ORDER BY f.period_end DESC, f.series_id"
    ).df()


def revisions(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """First print against now of every received slice whose main value changed, the largest change in relation first."""
    return connection.execute(
        "SELECT *, regexp_extract(query, 'hs=(\\d+)', 1) AS hs_code, regexp_extract(query, 'to=(\\w+)', 1) AS destination_id, "
        "100 * (newest_value / nullif(first_value, 0) - 1) AS change_pct, newest_known::date - first_known::date AS days "
        "FROM mart.revision ORDER BY abs(change_pct) DESC NULLS LAST, dataset, query, period"
    ).df()


def watched(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Names of the goods (`kind` hs) and destinations that a refresh asks for, by code."""
    return connection.execute("SELECT * FROM mart.watch ORDER BY kind DESC, code").df()


def monthly_lines(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Which monthly exports were received: data set, HS code ('' is all goods), destination ('' is the world), number of months."""
    return connection.execute(
        "SELECT dataset, hs_code, destination_id, count(*) AS months FROM mart.monthly_exports GROUP BY ALL ORDER BY ALL"
    ).df()


def monthly_exports(
    connection: duckdb.DuckDBPyConnection, dataset: str, hs_code: str = "", destination_id: str | None = ""
) -> pd.DataFrame:
    """Monthly exports in USD of one data set and HS code, in order of time: value, vintage, `known_from` (UTC), provisional.

    A `destination_id` of None gives all destinations, a row each.
    """
    return connection.execute(
        "SELECT *, month AS period, (month || '-01')::date AS period_start, last_day((month || '-01')::date) AS period_end, "
        "'month' AS frequency, 'USD' AS unit FROM mart.monthly_exports "
        "WHERE dataset = $dataset AND hs_code = $hs_code AND ($destination_id IS NULL OR destination_id = $destination_id) "
        "ORDER BY month, destination_id",
        {"dataset": dataset, "hs_code": hs_code, "destination_id": destination_id},
    ).df()


def online_members(connection: duckdb.DuckDBPyConnection, table_id: str) -> pd.DataFrame:
    """Regions, products and types of sale that were received of a table of Statistics Korea, as it names them."""
    return connection.execute(
        "SELECT region, product, sales_type, max(value_krw) AS value_krw FROM mart.online_trade WHERE table_id = $table_id "
        "GROUP BY ALL ORDER BY value_krw DESC, region, product, sales_type",
        {"table_id": table_id},
    ).df()


def online_trade(
    connection: duckdb.DuckDBPyConnection, table_id: str, region: str, product: str, sales_type: str
) -> pd.DataFrame:
    """Quarters of one region, product and type of sale, won, in order of time, with vintage and `known_from` (UTC)."""
    return connection.execute(
        "SELECT *, quarter AS period, make_date(quarter[:4]::integer, 3 * quarter[-1:]::integer - 2, 1) AS period_start, "
        "last_day(make_date(quarter[:4]::integer, 3 * quarter[-1:]::integer, 1)) AS period_end, "
        "'quarter' AS frequency, 'KRW' AS unit, value_krw AS value FROM mart.online_trade "
        "WHERE table_id = $table_id AND region = $region AND product = $product AND sales_type = $sales_type ORDER BY quarter",
        {"table_id": table_id, "region": region, "product": product, "sales_type": sales_type},
    ).df()


def dictionary(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Tables and columns with their comments in both languages."""
    return connection.execute("SELECT * FROM mart.dictionary ORDER BY table_name, column_index").df()


def table(connection: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    """A whole table of published values, for download; `name` is one of `TABLES`."""
    if name not in TABLES:
        raise ValueError(f"no table {name!r}")
    found: pd.DataFrame = connection.table(f"core.{name}").df()
    return found
