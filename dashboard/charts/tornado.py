"""Which input moves the answer, and by how much."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts import axes, rows
from dashboard.i18n import Words

_ROOM = 0.45  # of the longest bar, on both sides, for the labels at its ends
_LEAST_SPAN = math.log(2)


def tornado(
    bars: pd.DataFrame, centre: float, words: Words, *, unit: str = "cases", title: str = ""
) -> go.Figure:
    """One bar an input, from cases with it at its low to cases with it at its high value, the longest on top; log axis.

    Columns: `name`, `low_label` and `high_label` (the input's two values, as text), `cases_at_low`, `cases_at_high` (cases a
    year, or another `unit` that `title` names); `centre` is the cases with every input in its middle.
    """
    _ = words.gettext
    title = title or _("Newly qualifying shipments a year (log scale)")
    ends = bars[["cases_at_low", "cases_at_high"]]
    lowest, highest = _span(ends, centre)
    floored = ends.clip(lower=lowest)
    length = (floored["cases_at_high"] / floored["cases_at_low"]).map(math.log).abs()
    shown = bars.loc[length.sort_values(ascending=False, kind="stable").index]
    names = [rows.wrapped(str(name)) for name in shown["name"]]
    tops = rows.tops([rows.LINE * len(lines) + rows.MARK + rows.GAP for lines in names])
    figure = go.Figure()
    for top, lines, row in zip(tops, names, shown.to_dict("records"), strict=False):
        rows.write(figure, lines, top)
        middle = top + rows.LINE * len(lines) + rows.MARK / 2 + 2
        _add_bar(figure, row, middle, (max(centre, lowest), lowest), unit, words)
        _add_centre(figure, max(centre, lowest), middle)
    axes.log_axis(figure, lowest, highest, unit, title, words)
    said = words.fill(
        _("every input in its middle: {cases}"), cases=axes.cases(centre, words, about=True, unit=unit)
    )
    axes.explain_line(figure, said)
    return rows.finish(figure, tops[-1], above=rows.LINE + rows.GAP)


def _span(ends: pd.DataFrame, centre: float) -> tuple[float, float]:
    """From where to where the axis goes: all ends that are at least one case, with room for labels on both sides."""
    found = [value for value in [centre, *ends.to_numpy().ravel()] if value >= 1]
    low, high = (min(found), max(found)) if found else (1.0, 1.0)
    room = math.exp(_ROOM * max(math.log(high / low), _LEAST_SPAN))
    return low / room, high * room


def _add_centre(figure: go.Figure, centre: float, middle: float) -> None:
    """Mark the centre across one bar; a line through all rows would cross their words."""
    reach = rows.MARK / 2 + 1
    figure.add_shape(
        type="line", x0=centre, x1=centre, y0=middle - reach, y1=middle + reach, line={"color": theme.GREY, "width": 2}
    )  # fmt: skip


def _add_bar(
    figure: go.Figure,
    row: Mapping[Hashable, Any],
    middle: float,
    from_: tuple[float, float],
    unit: str,
    words: Words,
) -> None:
    """Draw both halves of a bar from the centre, with the input's value at each end; `from_` is the centre and the axis's start."""
    centre, lowest = from_
    at_low, at_high = max(row["cases_at_low"], lowest), max(row["cases_at_high"], lowest)
    is_rising = at_high >= at_low
    halves = [
        ("low", at_low, theme.ACCENT, not is_rising),
        ("high", at_high, theme.VERMILION, is_rising),
    ]
    # Where both ends lie on one side of the centre the shorter half stands in front of the longer one.
    for column, end, colour, is_right in sorted(
        halves, key=lambda half: abs(math.log(half[1] / centre)), reverse=True
    ):
        label = str(row[f"{column}_label"])
        said = axes.cases(row[f"cases_at_{column}"], words, about=True, unit=unit)
        outer = max(at_low, at_high, centre) if is_right else min(at_low, at_high, centre)
        figure.add_trace(
            go.Scatter(
                x=[centre, end],
                y=[middle, middle],
                name=f"{row['name']} {column}",
                mode="lines",
                line={"color": colour, "width": rows.MARK - 4},
                hovertemplate=f"{label}: {said}<extra></extra>",
            )
        )
        figure.add_annotation(
            x=math.log10(outer),
            y=middle,
            text=label,
            showarrow=False,
            xanchor="left" if is_right else "right",
            xshift=3 if is_right else -3,
            font={"size": 12},
        )
