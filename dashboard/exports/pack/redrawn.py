"""A page's chart as slides can draw it: the kinds that programs have, else the same numbers as ranked bars, which it says."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.exports.pack import plots
from dashboard.exports.pack.slide import Plot, Series, Shape, Slide
from dashboard.i18n import Words
from dashboard.receipts import Number
from dashboard.tables import Table

_MARKUP = re.compile(r"<[^>]+>")
_PERCENT = re.compile(r"\(%\)")
_MOST_BARS = 20
_QUANTILES = {"p05", "p25", "p50", "p75", "p95"}
_NEAR = 1e-9


def redrawn(slide: Slide, words: Words) -> Slide:
    """The slide with a plot for its figure; a note where the kind of chart had to change."""
    if slide.figure is None or slide.table is None:
        return slide
    found = of_figure(slide.figure, slide.table, words)
    if found is not None:
        return replace(slide, plot=found)
    _ = words.gettext
    bars = plots.of_column(slide.table, most=_MOST_BARS)
    note = _("Slides have no chart of this kind: the same numbers as ranked bars.")
    return replace(slide, plot=replace(bars, note=note)) if bars else slide


def of_figure(figure: go.Figure, table: Table, words: Words) -> Plot | None:
    """Bars, columns, lines, points and bands from a figure's own traces; None for every other kind, and for rows with words between."""
    traces = [trace for trace in figure.data if trace.meta != "guide"]
    kinds = {trace.type for trace in traces}
    layout = figure.layout
    is_plain = layout.xaxis.visible is not False and layout.yaxis.visible is not False
    is_single = not any(name.startswith(("xaxis", "yaxis")) and name[5:] for name in layout)
    if not traces or not is_plain or not is_single or any(trace.meta == "stacked" for trace in traces):
        return None
    if kinds == {"bar"}:
        return _bars(figure, traces)
    if kinds == {"scatter"} and not any(trace.fill for trace in traces):
        return _lines(figure, traces, table) if _has_dates(traces) else _points(figure, traces)
    by_name = {trace.name: trace for trace in traces}
    if by_name.keys() >= _QUANTILES:
        columns = {name: list(by_name[name].y) for name in _QUANTILES}
        return plots.band(pd.DataFrame({"new_krw": list(by_name["p50"].x), **columns}), words)
    return None


def _bars(figure: go.Figure, traces: Sequence[Any]) -> Plot | None:
    is_flat = all(trace.orientation == "h" for trace in traces)
    names = [list(trace.y if is_flat else trace.x) for trace in traces]
    if any(each != names[0] for each in names) or any(isinstance(name, Real) for name in names[0]):
        return None
    said = [_plain(str(name)) for name in names[0]]
    if len(traces) == 1 and traces[0].text is not None and not isinstance(traces[0].text, str):
        said = [f"{name}: {_plain(str(text))}" for name, text in zip(said, traces[0].text, strict=True)]
    order = -1 if is_flat else 1  # Plotly draws horizontal bars from the bottom
    series = tuple(
        Series(_name(trace), _values(trace.x if is_flat else trace.y)[::order], _colour(trace, place))
        for place, trace in enumerate(traces)
    )
    measured, other = (
        (figure.layout.xaxis, figure.layout.yaxis) if is_flat else (figure.layout.yaxis, figure.layout.xaxis)
    )
    title = _plain(measured.title.text or "")
    if len(series) == 1:
        series = (replace(series[0], name=title),)
    shape: Shape = "bars" if is_flat else "columns"
    return Plot(
        shape,
        tuple(said[::order]),
        series,
        title,
        _plain(other.title.text or ""),
        is_percent=bool(_PERCENT.search(title)),
    )


def _lines(figure: go.Figure, traces: Sequence[Any], table: Table) -> Plot | None:
    """Lines over dates; a date reads as the table calls its row, where there are as many."""
    places = sorted({_day(x) for trace in traces for x in trace.x if x is not None})
    values_at: dict[pd.Timestamp, list[float]] = {place: [] for place in places}
    series = []
    for number, trace in enumerate(traces):
        by_place = {_day(x): y for x, y in zip(trace.x, trace.y, strict=True) if x is not None}
        values = _values([by_place.get(place) for place in places])
        for place, value in zip(places, values, strict=True):
            values_at[place] += [] if value is None else [value]
        if any(value is not None for value in values):
            series.append(Series(_name(trace), values, _colour(trace, number)))
    title = _plain(figure.layout.yaxis.title.text or "")
    is_log = figure.layout.yaxis.type == "log"
    if not series or len(places) < 2:  # noqa: PLR2004 (a line has two ends)
        return None
    known_to = "%Y" if len({place.year for place in places}) == len(places) else "%Y-%m"
    names = tuple(_row_of(values_at[place], table) or place.strftime(known_to) for place in places)
    drawn = tuple(series) if len(series) > 1 else (replace(series[0], name=title),)
    is_percent = bool(_PERCENT.search(title))
    ends = figure.layout.yaxis.range or (0, 1)
    return Plot(
        "lines", names, drawn, title, is_log=is_log, is_percent=is_percent, is_reversed=ends[0] > ends[1]
    )


def _row_of(values: Sequence[float], table: Table) -> str:
    """What the table calls the row of these values; empty where that is not clear."""
    rows = zip(*table.columns.values(), strict=True)
    found = {
        str(row[0])
        for row in rows
        for cell in row
        if isinstance(cell, Number) and cell.receipt.value is not None
        if any(math.isclose(cell.receipt.value, value, rel_tol=_NEAR) for value in values)
    }
    return found.pop() if len(found) == 1 else ""


def _points(figure: go.Figure, traces: Sequence[Any]) -> Plot | None:
    series, xs = [], []
    for number, trace in enumerate(traces):
        pairs = [
            (float(x), float(y))
            for x, y in zip(trace.x, trace.y, strict=True)
            if _is_number(x) and _is_number(y)
        ]
        if pairs:
            series.append(Series(_name(trace), tuple(y for _x, y in pairs), _colour(trace, number)))
            xs.append(tuple(x for x, _y in pairs))
    if not series:
        return None
    titles = [_plain(axis.title.text or "") for axis in (figure.layout.yaxis, figure.layout.xaxis)]
    return Plot("points", (), tuple(series), titles[0], titles[1], xs=tuple(xs))


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and math.isfinite(float(value))


def _has_dates(traces: Sequence[Any]) -> bool:
    return all(isinstance(x, datetime | np.datetime64) for trace in traces for x in trace.x[:1])


def _day(x: Any) -> pd.Timestamp:
    return pd.Timestamp(x)


def _values(values: Any) -> tuple[float | None, ...]:
    return tuple(None if value is None or pd.isna(value) else float(value) for value in values)


def _name(trace: Any) -> str:
    return _plain(trace.name or "") or formats.MISSING


def _colour(trace: Any, place: int) -> str:
    for part in (getattr(trace, "line", None), trace.marker):
        colour = getattr(part, "color", None)
        if isinstance(colour, str) and re.fullmatch("#[0-9a-fA-F]{6}", colour):
            return colour
    return theme.CYCLE[place % len(theme.CYCLE)]


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())
