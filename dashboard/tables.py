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
) -> Table:
    """Ranked members of one publication with share and level; `names` are the column names of member, share and level."""
    name_column, share_name, level_name = names
    key, label = f"{dimension}_id", f"{dimension}_{evidence.words.lang}"
    by_member = {row[key]: row for row in _rows(levels)}
    rows = _rows(shares)
    return Table(
        {
            name_column: [row[label] for row in rows],
            share_name: [evidence.number(row, f"{row[label]} · {share_name}") for row in rows],
            level_name: [
                evidence.number(by_member[row[key]], f"{row[label]} · {level_name}")
                if row[key] in by_member
                else formats.MISSING
                for row in rows
            ],
        }
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
