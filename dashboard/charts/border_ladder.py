"""Two borders on one ladder: the destinations' thresholds and the Korean limits on one axis of value."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts import axes, rows
from dashboard.i18n import Words

LOWEST_KRW, HIGHEST_KRW = 10_000.0, 10_000_000.0
_WORDS = (
    26  # half-width characters of a line: on a telephone they end before the line of a limit of KRW 500,000
)
_STYLES = {"duty": (theme.ACCENT, "circle"), "tax": (theme.VERMILION, "diamond")}


def border_ladder(thresholds: pd.DataFrame, limits: Mapping[float, str], words: Words) -> go.Figure:
    """A row a rule with its words above, a mark for each threshold; vertical lines are the Korean limits.

    Columns of `thresholds`: `name` (of the row), `free_krw` (won), `levy` ("duty" or "tax"), `said` (on hovering). Rows of one name
    share a line; where duty and tax begin together the diamond stands in the circle. `limits` labels won.
    """
    _ = words.gettext
    names = list(dict.fromkeys(thresholds["name"]))
    said = [rows.wrapped(name, _WORDS) for name in names]
    tops = rows.tops([rows.LINE * len(lines) + rows.MARK + rows.GAP for lines in said])
    middles = {}
    figure = go.Figure()
    for name, lines, top, end in zip(names, said, tops, tops[1:], strict=False):
        rows.write(figure, lines, top)
        middles[name] = end - rows.GAP - rows.MARK / 2
        figure.add_shape(
            type="line", x0=0, x1=1, xref="x domain", y0=middles[name], y1=middles[name],
            line={"color": theme.faded(theme.GREY, 0.4), "width": 1},
        )  # fmt: skip
    for levy, (colour, symbol) in _STYLES.items():
        shown = thresholds[thresholds["levy"] == levy]
        figure.add_scatter(
            x=shown["free_krw"],
            y=[middles[name] for name in shown["name"]],
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 15 if levy == "duty" else 8},
            customdata=shown["said"],
            hovertemplate="%{customdata}<extra></extra>",
        )
    values = [*thresholds["free_krw"], *limits]
    low, high = min([LOWEST_KRW, *values]) * 0.9, max([HIGHEST_KRW, *values]) * 1.1
    axes.log_axis(figure, low, high, "KRW", _("Value of a shipment (KRW, log scale)"), words)
    rows.finish(figure, tops[-1])
    axes.flag_limits(figure, limits, (low, high), is_log=True)
    return figure
