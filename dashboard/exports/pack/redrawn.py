"""A page's chart as slides can draw it: the kinds that programs have, in the colours of the screen.

A map, tiles and rows of bars become the same numbers as ranked bars, which the slide says; where even that would mislead (rows of
intervals, of rules), the slide holds the table.
"""

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
_RGBA = re.compile(r"rgba\((\d+),(\d+),(\d+),[\d.]+\)")
_RANKED = {"bar", "treemap", "choropleth", "scattergeo"}


def redrawn(slide: Slide, words: Words) -> Slide:
    """The slide with a plot for its figure, where it has none; a note where the kind of chart had to change."""
    if slide.plot is not None or slide.figure is None or slide.table is None:
        return slide
    found = of_figure(slide.figure, slide.table, words)
    if found is not None:
        return replace(slide, plot=found)
    _ = words.gettext
    if not {trace.type for trace in slide.figure.data} <= _RANKED:
        return slide
    bars = plots.of_column(slide.table, most=_MOST_BARS)
    if bars is None:
        return slide
    note = _("Slides have no chart of this kind: the same numbers as ranked bars.")
    (series,) = bars.series
    return replace(
        slide, plot=replace(bars, note=note, series=(replace(series, colours=_same(series, slide.figure)),))
    )


def _same(series: Series, figure: go.Figure) -> tuple[str, ...]:
    """The colours that the figure gives these values; none where it has no colour for each."""
    known: dict[float, str] = {}
    for trace in figure.data:
        values = trace.values if trace.type == "treemap" else trace.x if trace.type == "bar" else ()
        colours = getattr(trace.marker, "colors" if trace.type == "treemap" else "color", None)
        if not isinstance(colours, str) and colours is not None and len(colours) == len(values):
            known.update(zip(map(float, values), colours, strict=True))
    found = [known.get(float(value)) for value in series.values if value is not None]
    return tuple(colour for colour in found if colour) if all(found) else ()


def of_figure(figure: go.Figure, table: Table, words: Words) -> Plot | None:
    """Bars, columns, lines, points and bands from a figure's own traces; None for every other kind, and for rows with words between."""
    traces = [trace for trace in figure.data if trace.meta != "guide"]
    kinds = {trace.type for trace in traces}
    layout = figure.layout
    is_plain = layout.xaxis.visible is not False and layout.yaxis.visible is not False
    is_single = not any(name.startswith(("xaxis", "yaxis")) and name[5:] for name in layout)
    if not traces or not is_plain or any(trace.meta == "stacked" for trace in traces):
        return None
    if not is_single:
        return _panels(figure, traces, table) if kinds == {"scatter"} and _has_dates(traces) else None
    if traces[0].type == "bar":
        is_histogram = traces[0].orientation != "h" and isinstance(traces[0].x[0], Real)
        return _histogram(figure, traces, table) if is_histogram else _bars(figure, traces)
    if kinds == {"scatter"} and not any(trace.fill for trace in traces):
        return _lines(figure, traces, table) if _has_dates(traces) else _points(figure, traces)
    by_name = {trace.name: trace for trace in traces}
    if by_name.keys() >= _QUANTILES:
        columns = {name: list(by_name[name].y) for name in _QUANTILES}
        return plots.band(pd.DataFrame({"new_krw": list(by_name["p50"].x), **columns}), words)
    return None


def _bars(figure: go.Figure, traces: Sequence[Any]) -> Plot | None:
    if {trace.type for trace in traces} != {"bar"}:
        return None
    is_flat = all(trace.orientation == "h" for trace in traces)
    names = [list(trace.y if is_flat else trace.x) for trace in traces]
    if any(each != names[0] for each in names) or any(isinstance(name, Real) for name in names[0]):
        return None
    said = [_plain(str(name)) for name in names[0]]
    if len(traces) == 1 and traces[0].text is not None and not isinstance(traces[0].text, str):
        said = [f"{name}: {_plain(str(text))}" for name, text in zip(said, traces[0].text, strict=True)]
    order = -1 if is_flat else 1  # Plotly draws horizontal bars from the bottom
    series = tuple(
        Series(
            _name(trace),
            _values(trace.x if is_flat else trace.y)[::order],
            _colour(trace, place),
            _colours(trace)[::order],
        )
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


def _histogram(figure: go.Figure, traces: Sequence[Any], table: Table) -> Plot | None:
    """Columns in the order of the table's rows, which say where each begins or ends; with a line over them all are lines."""
    edges = [cells for cells in table.columns.values() if not any(isinstance(each, Number) for each in cells)]
    known = {name: _column(cells) for name, cells in table.columns.items() if cells not in edges}
    series = []
    for place, trace in enumerate(traces):
        values = _values(trace.y)
        name = next((name for name, column in known.items() if column == values), "")
        if not name:
            return None
        series.append(Series(name, values, _colour(trace, place)))
    names = tuple(" – ".join(map(str, row)) for row in zip(*edges, strict=True))
    title, below = (_plain(axis.title.text or "") for axis in (figure.layout.yaxis, figure.layout.xaxis))
    shape: Shape = "columns" if len(series) == 1 else "lines"
    return Plot(shape, names, tuple(series), title, below, is_percent=bool(_PERCENT.search(title)))


def _column(cells: Sequence[Any]) -> tuple[float | None, ...]:
    return _values([cell.receipt.value if isinstance(cell, Number) else None for cell in cells])


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
            dash, marker = trace.line.dash or "solid", _marker(trace)
            series.append(Series(_name(trace), values, _colour(trace, number), dash=dash, marker=marker))
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


def _panels(figure: go.Figure, traces: Sequence[Any], table: Table) -> Plot | None:
    """Small panels of one measure, which stands above them, as lines in one chart; None where panels measure different things."""
    named = [name for name in figure.layout if name.startswith("yaxis") and figure.layout[name].title.text]
    found = _lines(figure, traces, table)
    if named or found is None or not figure.layout.annotations:
        return None
    # side by side they needed neither dash nor marker of their own
    apart = tuple(
        replace(
            series,
            dash=theme.DASHES[place % len(theme.DASHES)],
            marker=theme.MARKERS[place % len(theme.MARKERS)],
        )
        for place, series in enumerate(found.series)
    )
    title = _plain(figure.layout.annotations[0].text)
    return replace(found, series=apart, value_title=title, is_percent=bool(_PERCENT.search(title)))


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
    series: list[Series] = []
    xs: list[tuple[float, ...]] = []
    for number, trace in enumerate(traces):
        pairs = [
            (float(x), float(y))
            for x, y in zip(trace.x, trace.y, strict=True)
            if _is_number(x) and _is_number(y)
        ]
        colours = _colours(trace)
        if len(colours) == len(pairs) == len(trace.text if trace.text is not None else ()):
            for (x, y), colour, text in zip(pairs, colours, trace.text, strict=True):
                series.append(Series(_plain(str(text)), (y,), colour))
                xs.append((x,))
        elif pairs:
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


def _marker(trace: Any) -> str:
    """The shape of its marks; those of one line differ in being hollow at most."""
    symbol = trace.marker.symbol or "circle"
    return (symbol if isinstance(symbol, str) else str(symbol[0])).removesuffix("-open")


def _colour(trace: Any, place: int) -> str:
    """Its one colour, in full: slides have a white ground."""
    for part in (getattr(trace, "line", None), trace.marker):
        if found := _solid(getattr(part, "color", None)):
            return found
    return theme.CYCLE[place % len(theme.CYCLE)]


def _colours(trace: Any) -> tuple[str, ...]:
    """The colours of its values where they differ."""
    colours = trace.marker.color
    found = [] if colours is None or isinstance(colours, str) else [_solid(each) for each in colours]
    return tuple(each for each in found if each) if all(found) else ()


def _solid(colour: Any) -> str:
    if not isinstance(colour, str):
        return ""
    if parts := _RGBA.fullmatch(colour):
        return "#" + "".join(f"{int(part):02x}" for part in parts.groups())
    return colour if re.fullmatch("#[0-9a-fA-F]{6}", colour) else ""


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())
