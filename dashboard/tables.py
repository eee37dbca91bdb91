"""What stands in the table under each chart: texts, and numbers that bring their receipts along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.evidence import Evidence
from dashboard.receipts import Number

Cell = str | Number


@dataclass(frozen=True)
class Table:
    """Column name -> cells, all columns equally long; the first column names the rows."""

    columns: Mapping[str, Sequence[Cell]]

    def as_text(self) -> pd.DataFrame:
        """What the reader sees."""
        return pd.DataFrame(
            {name: list(map(str, cells)) for name, cells in self.columns.items()}, dtype="str"
        )

    def numbers(self) -> list[Number]:
        """All numbers, row by row."""
        rows = zip(*self.columns.values(), strict=True)
        return [cell for row in rows for cell in row if isinstance(cell, Number)]


def line(points: pd.DataFrame, measure: str, evidence: Evidence) -> Table:
    """The points of a line, a row a period."""
    _ = evidence.words.gettext
    lang = evidence.words.lang
    return Table(
        {
            _("Period"): [formats.period(period, lang) for period in points["period"]],
            measure: [evidence.number(row, measure) for row in _rows(points)],
        }
    )


def lines(named: Sequence[tuple[str, pd.DataFrame]], evidence: Evidence) -> Table:
    """Several lines side by side, a row a period and a column a name; missing is an en dash."""
    _ = evidence.words.gettext
    order = pd.concat([points for _name, points in named]).drop_duplicates("period").sort_values("period_end")
    columns: dict[str, Sequence[Cell]] = {
        _("Period"): [formats.period(period, evidence.words.lang) for period in order["period"]]
    }
    for name, points in named:
        by_period = {row["period"]: row for row in _rows(points)}
        columns[name] = [
            evidence.number(by_period[period], name) if period in by_period else formats.MISSING
            for period in order["period"]
        ]
    return Table(columns)


def average(points: pd.DataFrame, rate: pd.Series, measure: str, evidence: Evidence) -> Table:
    """The points of a line, and last the average growth between the first and the last."""
    _ = evidence.words.gettext
    levels = line(points, measure, evidence)
    period, cells = levels.columns.values()
    name = _("Average growth a year")
    row = {str(key): value for key, value in rate.items()}
    return Table({_("Period"): [*period, name], measure: [*cells, evidence.number(row, name, signed=True)]})


def totals(points: pd.DataFrame, metrics: Mapping[str, str], evidence: Evidence) -> Table:
    """Several measures of one series side by side, a row a period: metric id -> column name; missing is an en dash."""
    _ = evidence.words.gettext
    order = points.drop_duplicates(["period_start", "period_end"]).sort_values(["period_end", "period_start"])
    columns: dict[str, Sequence[Cell]] = {
        _("Period"): [formats.period(period, evidence.words.lang) for period in order["period"]]
    }
    for metric_id, name in metrics.items():
        by_period = {row["period"]: row for row in _rows(points[points["metric_id"] == metric_id])}
        columns[name] = [
            evidence.number(by_period[period], name) if period in by_period else formats.MISSING
            for period in order["period"]
        ]
    return Table(columns)


def members(
    shares: pd.DataFrame,
    levels: pd.DataFrame,
    dimension: str,
    names: tuple[str, str, str],
    evidence: Evidence,
    grown: pd.DataFrame | None = None,
) -> Table:
    """Ranked members of one publication with share and level; `names` are the column names of member, share and level.

    `grown`, as `findings.members.growth` gives it, adds the change of the level and since when.
    """
    _ = evidence.words.gettext
    name_column, share_name, level_name = names
    key, label = f"{dimension}_id", f"{dimension}_{evidence.words.lang}"
    by_member = {row[key]: row for row in _rows(levels)}
    rows = _rows(shares)
    columns: dict[str, Sequence[Cell]] = {
        name_column: [row[label] for row in rows],
        share_name: [evidence.number(row, f"{row[label]} · {share_name}") for row in rows],
        level_name: [
            evidence.number(by_member[row[key]], f"{row[label]} · {level_name}")
            if row[key] in by_member
            else formats.MISSING
            for row in rows
        ],
    }
    if grown is not None:
        changes = {row[key]: row for row in _rows(grown)}
        change_name = _("Change since then")
        columns[_("Earlier figure")] = [
            formats.period(changes[row[key]]["since"], evidence.words.lang)
            if row[key] in changes
            else formats.MISSING
            for row in rows
        ]
        columns[change_name] = [
            evidence.number(changes[row[key]], f"{row[label]} · {change_name}", significant=3, signed=True)
            if row[key] in changes
            else formats.MISSING
            for row in rows
        ]
    return Table(columns)


def ranks(ranked: pd.DataFrame, dimension: str, evidence: Evidence) -> Table:
    """Ranks in each publication, a row a publication and a column a member; an en dash where it is not named."""
    _ = evidence.words.gettext
    key, label = f"{dimension}_id", f"{dimension}_{evidence.words.lang}"
    by_place = {(row["period"], row[key]): row for row in _rows(ranked)}
    inputs = {
        period: [each for ids in rows["input_ids"] for each in ids]
        for period, rows in ranked.groupby("period")
    }
    periods = list(dict.fromkeys(ranked["period"]))

    def cell(period: str, member: str, name: str) -> Cell:
        row = by_place.get((period, member))
        if row is None:
            return formats.MISSING
        return _rank(
            row["rank"], f"{name} · {formats.period(period, evidence.words.lang)}", inputs[period], evidence
        )

    columns: dict[str, Sequence[Cell]] = {
        _("Period"): [formats.period(each, evidence.words.lang) for each in periods]
    }
    named = ranked.drop_duplicates(key)
    for member, name in zip(named[key], named[label], strict=True):
        columns[str(name)] = [cell(period, member, name) for period in periods]
    return Table(columns)


def movement(
    moved: pd.DataFrame, dimension: str, name: str, periods: tuple[str, str], evidence: Evidence
) -> Table:
    """Rank now and then, and places moved up, a row a member; `name` is the column name of members, `periods` are now and then."""
    words = evidence.words
    _ = words.gettext
    label, rank_name, rows = f"{dimension}_{words.lang}", _("Rank"), _rows(moved)
    now, then = (formats.period(each, words.lang) for each in periods)
    all_now, all_then = (
        [each for row in rows if not isinstance(row[column], float) for each in row[column]]  # NaN: not named
        for column in ("input_ids", "input_ids_before")
    )

    def places(row: Mapping[str, Any]) -> Cell:
        if pd.isna(row["moved"]):
            return _("not named then")
        change = {
            "value": float(row["moved"]),
            "unit": "",
            "evidence": "derived",
            "formula": "rank then − rank now",
        }
        inputs = {"input_ids": [*all_now, *all_then]}
        return evidence.number({**change, **inputs}, f"{row[label]} · {rank_name}", signed=True)

    return Table(
        {
            name: [row[label] for row in rows],
            f"{rank_name}, {now}": [
                _rank(row["rank"], f"{row[label]} · {rank_name}", all_now, evidence) for row in rows
            ],
            f"{rank_name}, {then}": [
                formats.MISSING
                if pd.isna(row["rank_before"])
                else _rank(row["rank_before"], f"{row[label]} · {rank_name}", all_then, evidence)
                for row in rows
            ],
            _("Places moved up"): [places(row) for row in rows],
        }
    )


def _rank(rank: float, label: str, ids: Sequence[str], evidence: Evidence) -> Number:
    _ = evidence.words.gettext
    return evidence.derived(label, float(rank), "", _("place by share among those named"), ids)


def against_cases(
    compared: pd.DataFrame, dimension: str, names: tuple[str, str, str], evidence: Evidence, *, is_exact: bool
) -> Table:
    """Shares of cases and of value side by side, and value per case over the average.

    `names` are the column names of member, share of cases and share of value; the ratio is about where it is not exact.
    """
    _ = evidence.words.gettext
    name_column, cases_name, value_name = names
    label, ratio_name = f"{dimension}_{evidence.words.lang}", _("Value per case, average = 1")
    rows = _rows(compared)

    def of_cases(row: Mapping[str, Any]) -> Number:
        cases = {
            **row,
            **{each: row[f"{each}_cases"] for each in ("value", "input_ids", "evidence", "formula")},
        }
        return evidence.number(cases, f"{row[label]} · {cases_name}")

    return Table(
        {
            name_column: [row[label] for row in rows],
            cases_name: [of_cases(row) for row in rows],
            value_name: [evidence.number(row, f"{row[label]} · {value_name}") for row in rows],
            ratio_name: [ratio(row, dimension, evidence, is_exact=is_exact) for row in rows],
        }
    )


def ratio(row: Mapping[str, Any], dimension: str, evidence: Evidence, *, is_exact: bool) -> Number:
    """Value per case of a member over the average of all."""
    _ = evidence.words.gettext
    name, member = _("Value per case, average = 1"), row[f"{dimension}_{evidence.words.lang}"]
    return evidence.derived(
        f"{member} · {name}",
        float(row["ratio"]),
        "x",
        _("share of value / share of cases"),
        [*row["input_ids"], *row["input_ids_cases"]],
        significant=2,
        approximate=not is_exact,
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
