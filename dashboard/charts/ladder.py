"""Two borders on one axis of basket values: where each procedure, duty and tax begins and ends."""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts import axes, rows
from dashboard.i18n import Words

LOWEST_KRW, HIGHEST_KRW = 10_000.0, 10_000_000.0  # of the axis, unless the basket is worth more
_BAR = 16
_AIR = 5  # between words and their bar
_BEYOND = 1.5  # times the basket, where it lies beyond the axis
_HEADING = 8  # above the words of a group
_LETTER = 0.023  # of the axis on a telephone, for one half-width character
_FILLED = {"open", "free"}
_HATCH = {"shape": "/", "size": 7, "solidity": 0.3}


def ladder(bands: pd.DataFrame, basket_krw: float, basket_label: str, words: Words) -> go.Figure:
    """One bar a row of words over basket values in won, a log axis from KRW 10,000 to 10M; the basket is a diamond in what holds for it.

    Columns of `bands`: `heading` (of a group of rows), `name` (what the row says), `state` ("open", "free", "due", "depends",
    "unknown"), `low_krw`, `high_krw` (the band, from 0 and to infinity where it has no end). Rows with the same heading and
    name are one bar. Filled is open or free, hollow is due, hatched depends on the rate of the day, dotted is not known.
    """
    _ = words.gettext
    low, high = LOWEST_KRW, max(HIGHEST_KRW, basket_krw * _BEYOND)
    low = min(low, basket_krw / _BEYOND)
    grouped = list(bands.groupby(["heading", "name"], sort=False))
    said = [rows.wrapped(str(name)) for (_heading, name), _rows in grouped]
    headings = _headings([str(heading) for (heading, _name), _rows in grouped])
    above = [rows.LINE * len(lines) + (_HEADING if lines else 0) for lines in headings]
    heights = [
        over + rows.LINE * len(lines) + _AIR + _BAR + rows.GAP
        for over, lines in zip(above, said, strict=True)
    ]
    tops = rows.tops(heights)
    figure = go.Figure()
    for place, (_key, parts) in enumerate(grouped):
        top = tops[place] + (_HEADING if headings[place] else 0)
        words_of_row = [*(f"<b>{line}</b>" for line in headings[place]), *said[place]]
        rows.write(figure, ["<br>".join(words_of_row)], top)
        bar = tops[place + 1] - rows.GAP - _BAR
        for part in parts.to_dict("records"):
            _add_band(figure, str(part["state"]), _cut(part, low, high), bar)
            _add_word(figure, str(part["state"]), _cut(part, low, high), (low, high, basket_krw), bar, words)
        if ((parts["low_krw"] < basket_krw) & (basket_krw <= parts["high_krw"])).any():
            _add_basket(figure, basket_krw, bar)
    axes.log_axis(figure, low, high, "KRW", _("Value of the basket (KRW, log scale)"), words)
    axes.explain_mark(figure, "◆", basket_label)
    return rows.finish(figure, tops[-1], above=rows.LINE + rows.GAP)


def _headings(of_rows: Sequence[str]) -> list[list[str]]:
    """The lines of a heading over the first row of its group, none over the others."""
    before = ["", *of_rows]
    return [
        rows.wrapped(heading) if heading != previous else []
        for heading, previous in zip(of_rows, before, strict=False)
    ]


def _cut(part: Mapping[Hashable, Any], low: float, high: float) -> tuple[float, float]:
    """Both ends of a band within the axis."""
    start, stop = float(part["low_krw"]), float(part["high_krw"])
    return min(max(start, low), high), min(max(stop, low), high)


def _add_band(figure: go.Figure, state: str, ends: tuple[float, float], top: float) -> None:
    """Draw one band of a bar."""
    start, stop = ends
    if start >= stop:
        return
    looks: dict[str, dict[str, Any]] = {
        "depends": {"fillcolor": theme.ACCENT, "fillpattern": {**_HATCH, "fillmode": "replace"}},
        "due": {"fillcolor": "rgba(0,0,0,0)"},
        "unknown": {"fillcolor": "rgba(0,0,0,0)"},
    }
    colour = theme.VERMILION if state == "due" else theme.GREY if state == "unknown" else theme.ACCENT
    figure.add_trace(
        go.Scatter(
            x=[start, stop, stop, start, start],
            y=[top, top, top + _BAR, top + _BAR, top],
            name=state,
            mode="lines",
            line={"color": colour, "width": 1.5, "dash": "dot" if state == "unknown" else "solid"},
            fill="toself",
            hoverinfo="skip",
            **({"fillcolor": colour} if state in _FILLED else looks[state]),
        )
    )


def _add_word(
    figure: go.Figure,
    state: str,
    ends: tuple[float, float],
    axis: tuple[float, float, float],
    top: float,
    words: Words,
) -> None:
    """Write what a band is into it, where a telephone has room beside the basket; `axis` is its two ends and the basket."""
    _ = words.gettext
    word = {"free": _("free"), "due": _("levied"), "unknown": _("not known")}.get(state, "")
    start, stop = ends
    low, high, basket = axis
    if not word or start >= stop:
        return
    whole, room = math.log(high / low), _LETTER * (rows.width(word) + 2)
    to_basket = abs(math.log(basket / math.sqrt(start * stop))) / whole
    if math.log(stop / start) / whole <= room or to_basket <= (room + _LETTER * 2) / 2:
        return
    figure.add_annotation(
        x=(math.log10(start) + math.log10(stop)) / 2,
        y=top + _BAR / 2,
        text=word,
        showarrow=False,
        font={"size": 12, "color": theme.INK} if state in _FILLED else {"size": 12},
        borderpad=0,
    )


def _add_basket(figure: go.Figure, basket_krw: float, top: float) -> None:
    """Mark the basket in one bar; a line through all rows would cross their words."""
    figure.add_trace(
        go.Scatter(
            x=[basket_krw],
            y=[top + _BAR / 2],
            mode="markers",
            marker={
                "symbol": "diamond",
                "size": 11,
                "color": theme.INK,
                "line": {"color": "#ffffff", "width": 1.5},
            },
            hoverinfo="skip",
            meta="guide",  # the reader's own number
        )
    )
