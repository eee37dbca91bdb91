"""Monthly figures in the view that the reader chose: level, daily average, change on the year before, season.

Lines are frames as `received.cited` gives them, by name; each keeps an axis and a column of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, formats, naming, tables, transform, working_days
from dashboard.evidence import Evidence, formula_text
from dashboard.i18n import Words
from dashboard.receipts import Input, Number, Statement
from dashboard.tables import Cell, Table

_DAYS = "weekdays without public holidays + Saturdays / 2"
_SEASON = "median over the years of month / centred mean of a year"


@dataclass(frozen=True)
class View:
    """A picture, what it shows in words, the name of its measure, the table of the same points, and how they were computed."""

    figure: go.Figure
    heading: str
    measure: str
    table: Table
    points: pd.DataFrame
    formula: str
    cites: tuple[Number, ...] = ()  # that the heading names


def names(words: Words) -> dict[str, str]:
    """The views."""
    _ = words.gettext
    return {
        "level": _("Level"),
        "daily": _("Daily average"),
        "growth": _("Change on the year before"),
        "season": _("Season"),
    }


def of(view: str, lines: Mapping[str, pd.DataFrame], evidence: Evidence) -> View | None:
    """The lines in a view, a panel each; a line that has nothing to show there is left out. None where all are."""
    return _season(lines, evidence) if view == "season" else _over_time(view, lines, evidence)


def per_working_day(points: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The average of a working day in each month; the number of these days is an input of each."""
    _ = words.gettext
    made = working_days.per_working_day(points)
    label, formula = _("Working days of the month"), formula_text(_DAYS, words)
    counted = [
        Input(label, days, "days", period, kind="derived", note=formula)
        for days, period in zip(made["working_days"], made["period"], strict=True)
    ]
    inputs = [[*ids, days] for ids, days in zip(made["input_ids"], counted, strict=True)]
    before = [f"{formula}{transform.STEP}" if formula else "" for formula in made["formula"]]
    return made.assign(
        unit=made["unit"] + "/day",
        evidence="derived",
        input_ids=pd.Series(inputs, index=made.index, dtype=object),
        formula=[f"{each}value / working days of the month" for each in before],
    )


def newest_run(points: pd.DataFrame) -> pd.DataFrame:
    """The newest months without a gap between them."""
    follows = points["period_start"].dt.to_period("M").astype("int64").diff() == 1
    run: pd.DataFrame = points[(~follows).cumsum() == (~follows).sum()]
    return run


def why_empty(view: str, words: Words) -> str:
    """Why a view has nothing to show."""
    _ = words.gettext
    if view == "season":
        return _(
            "The season needs three years of which every month has a complete year around it: about four years of months without a gap. "
            "Fetch more, as in `yeokjikgu refresh customs --since 2019-01`."
        )
    if view == "growth":
        return _("No two months that lie a year apart were fetched. Fetch more, or choose the level.")
    return _("No month of this choice was fetched. Choose other goods or another destination.")


def subtitle_parts(
    measure: str, trade: Mapping[str, pd.DataFrame], ecommerce: Mapping[str, pd.DataFrame], words: Words
) -> list[str]:
    """What is measured, and what covers what."""
    _ = words.gettext
    if trade and ecommerce:
        return [measure, _("all trade above, e-commerce alone below, each on an axis of its own")]
    return [measure, _("all trade, not e-commerce alone") if trade else _("e-commerce alone")]


def notes(view: str, shown: View, lines: Mapping[str, pd.DataFrame], words: Words) -> list[str]:
    """What a reader should know: corrections, gaps, days, what the season rests on."""
    _ = words.gettext
    said = [_gap_note(lines, words)]
    if view != "season" and (shown.points["bound"] == "provisional").any():
        said.insert(0, _("Hollow: the newest three months, which may still be corrected."))
    if view == "daily":
        said.append(
            _(
                "A Saturday counts half a working day, public holidays and their substitutes none; the days stand in the table."
            )
        )
    if view == "season":
        said.append(
            _(
                "Months without a gap only. Not adjusted for working days; the newest months may still be corrected."
            )
        )
    left = [name for name, points in lines.items() if name not in shown.table.columns and not points.empty]
    said += [words.fill(_("{name}: too few months for this view."), name=name) for name in left]
    return said


def _gap_note(lines: Mapping[str, pd.DataFrame], words: Words) -> str:
    """Which months between the first and the newest have no figure; empty where none is missing."""
    _ = words.gettext
    missing = []
    for points in lines.values():
        there = set(points["period"])
        span = pd.period_range(min(there), max(there), freq="M").astype(str)
        missing += [month for month in span if month not in there]
    if not missing:
        return ""
    listed = ", ".join(formats.period(month, words.lang) for month in sorted(set(missing)))
    return words.fill(_("No figure was received for {months}: a gap, not zero."), months=listed)


def _over_time(view: str, lines: Mapping[str, pd.DataFrame], evidence: Evidence) -> View | None:
    words = evidence.words
    made = {name: _points(view, points, words) for name, points in lines.items()}
    made = {name: points for name, points in made.items() if not points.empty}
    if not made:
        return None
    measure = _measure(view, words)
    table = tables.lines(list(made.items()), evidence)
    if view == "daily":
        table = _with_days(table, made, evidence)
    said = [_newest(name, points, view, evidence) for name, points in made.items()]
    formulas = sorted({formula for points in made.values() for formula in points["formula"]}, key=len)
    return View(
        # beside a panel there is room for a short title only; the subtitle says what the change is on
        charts.months_apart(
            [charts.Line(name, points) for name, points in made.items()],
            words.gettext("Change (%)") if view == "growth" else measure,
            words,
        ),
        ". ".join(each.text for each in said),
        measure,
        table,
        pd.concat(list(made.values())),
        formula_text(formulas[-1], words),
        tuple(number for each in said for number in each.numbers),
    )


def _points(view: str, points: pd.DataFrame, words: Words) -> pd.DataFrame:
    if view == "daily":
        return per_working_day(points, words)
    return transform.growth(points) if view == "growth" else points


def _measure(view: str, words: Words) -> str:
    _ = words.gettext
    return {
        "level": _("Exports (USD)"),
        "daily": _("Exports per working day (USD)"),
        "growth": _("Change on the same month a year before (%)"),
        "season": _("Percent of the yearly mean"),
    }[view]


def _newest(name: str, points: pd.DataFrame, view: str, evidence: Evidence) -> Statement:
    """The newest figure of a line, and its change on the year before where there is one."""
    words = evidence.words
    _ = words.gettext
    last = points.iloc[-1]
    value = evidence.number(naming.plain(last), name, significant=4, signed=view == "growth")
    when = formats.period(last["period"], words.lang)
    plain = Statement(
        words.fill(_("{name}: {value} in {period}"), name=name, value=value, period=when), (value,)
    )
    grown = points.head(0) if view == "growth" else transform.growth(points)
    if grown.empty or grown["period"].iloc[-1] != last["period"]:
        return plain
    rate = evidence.number(naming.plain(grown.iloc[-1]), name, signed=True)
    message = _("{name}: {value} in {period}, {rate} on the year before")
    return Statement(words.fill(message, name=name, value=value, period=when, rate=rate), (value, rate))


def _with_days(table: Table, lines: Mapping[str, pd.DataFrame], evidence: Evidence) -> Table:
    """The table with the working days of each month."""
    words = evidence.words
    _ = words.gettext
    days = {
        formats.period(period, words.lang): value
        for points in lines.values()
        for period, value in zip(points["period"], points["working_days"], strict=True)
    }
    label, formula = _("Working days of the month"), formula_text(_DAYS, words)
    months, *_rest = table.columns.values()
    cells: list[Cell] = [
        evidence.derived(label, days[str(month)], "days", formula, significant=None) for month in months
    ]
    return Table({**table.columns, label: cells})


def _season(lines: Mapping[str, pd.DataFrame], evidence: Evidence) -> View | None:
    words = evidence.words
    _ = words.gettext
    profiles = {name: _profile(points) for name, points in lines.items()}
    profiles = {name: profile for name, profile in profiles.items() if not profile.empty}
    if not profiles:
        return None
    columns: dict[str, Sequence[Cell]] = {
        _("Month"): [formats.month(month, words.lang) for month in range(1, 13)]
    }
    for name, profile in profiles.items():
        columns[name] = [evidence.number(row, name) for row in _records(profile)]
    measure = _measure("season", words)
    return View(
        charts.seasons_apart(list(profiles.items()), measure, words),
        ". ".join(_extremes(name, profile, evidence) for name, profile in profiles.items()),
        measure,
        Table(columns),
        pd.concat([newest_run(lines[name]) for name in profiles]),
        formula_text(_SEASON, words),
    )


def _profile(points: pd.DataFrame) -> pd.DataFrame:
    """The season of the newest months without a gap, as rows that receipts take; each rests on all of these months."""
    run = newest_run(points)
    profile = working_days.seasonal_profile(run)
    inputs = list(dict.fromkeys(each for ids in run["input_ids"] for each in ids))
    return profile.assign(
        unit="percent",
        evidence="derived",
        formula=_SEASON,
        input_ids=pd.Series([inputs] * len(profile), index=profile.index, dtype=object),
    )


def _extremes(name: str, profile: pd.DataFrame, evidence: Evidence) -> str:
    words = evidence.words
    _ = words.gettext
    ordered = profile.sort_values("value")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    return words.fill(
        _("{name}: highest in {high_month} ({high} of the year around it), lowest in {low_month} ({low})"),
        name=name,
        high_month=formats.month(int(high["month"]), words.lang),
        high=evidence.number(naming.plain(high), name),
        low_month=formats.month(int(low["month"]), words.lang),
        low=evidence.number(naming.plain(low), name),
    )


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
