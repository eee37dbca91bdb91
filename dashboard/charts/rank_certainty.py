"""Ranked markets: their scores, and how sure their places are."""

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes, rows
from dashboard.i18n import Words

_ROOM = 1.12  # times the longest bar


def rank_certainty(ranked: pd.DataFrame, top: int, title: str, words: Words) -> go.Figure:
    """One bar a market, best first: its score, with the share of draws in which it is among the first `top` in words.

    Columns: `name`, `score`, `in_top` (0 to 1), `p05`, `p95` (ranks). `title` names the axis of the scores. A market that is among the
    first in less than half of the draws is grey.
    """
    _ = words.gettext
    records = ranked.to_dict("records")
    said = []
    for place, row in enumerate(records, start=1):
        certainty = words.fill(
            _("top {top} in {share} of draws, rank {p05} to {p95}"),
            top=str(top),
            share=formats.percent(100 * row["in_top"], words.lang, 0),
            p05=str(row["p05"]),
            p95=str(row["p95"]),
        )
        said.append([f"<b>{place} {row['name']}</b>", *rows.wrapped(certainty)])
    tops = rows.tops([rows.LINE * len(lines) + rows.MARK + rows.GAP for lines in said])
    middles = [top_ + rows.LINE * len(lines) + rows.MARK / 2 for top_, lines in zip(tops, said, strict=False)]
    figure = go.Figure(
        go.Bar(
            x=ranked["score"],
            y=middles,
            width=rows.MARK - 4,
            orientation="h",
            marker={"color": [theme.ACCENT if row["in_top"] >= 1 / 2 else theme.GREY for row in records]},
            hoverinfo="skip",
        )
    )
    for top_, lines in zip(tops, said, strict=False):
        rows.write(figure, ["<br>".join(lines)], top_)
    axes.value_axis(figure, ranked["score"], "", title, words, axis="x")
    low, high = min(0.0, float(ranked["score"].min())), max(0.0, float(ranked["score"].max()))
    figure.update_xaxes(range=[low * _ROOM, high * _ROOM or 1])
    return rows.finish(figure, tops[-1])
