"""The bounds against the new limit."""

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.i18n import Words

_AT_THE_END = (0, 1)


def bounds(
    sweep: pd.DataFrame, names: dict[str, str], cursor_krw: float, marks: dict[float, str], words: Words
) -> go.Figure:
    """Upper bounds of newly qualifying shipments for every new limit: column `new_krw` (won) and one column a bound (cases).

    `names` gives the bounds to draw, in order, with their labels; `marks` labels limits of the law; the cursor is the new limit
    that the reader chose.
    """
    _ = words.gettext
    figure = go.Figure()
    for place, (column, name) in enumerate(names.items()):
        colour = theme.CYCLE[place % len(theme.CYCLE)]
        figure.add_trace(
            go.Scatter(
                x=sweep["new_krw"],
                y=sweep[column],
                name=name,
                mode="lines",
                line={"color": colour, "width": 2.5, "dash": theme.DASHES[place % len(theme.DASHES)]},
                customdata=[
                    formats.amount(limit, "KRW", words.lang)
                    + "<br>"
                    + formats.amount(cases, "cases", words.lang)
                    for limit, cases in zip(sweep["new_krw"], sweep[column], strict=True)
                ],
                hovertemplate="%{customdata}<extra>" + name + "</extra>",
            )
        )
        # Bounds may coincide: one label above the line, the next below, the third further left.
        at = sweep.iloc[-1 if place in _AT_THE_END else len(sweep) * 6 // 10]
        figure.add_annotation(
            x=at["new_krw"], y=at[column], text=name, showarrow=False, xanchor="right",
            yanchor="top" if place == 1 else "bottom", yshift=-3 if place == 1 else 3, font={"color": colour, "size": 13},
        )  # fmt: skip
    axes.value_axis(
        figure,
        sweep[list(names)].to_numpy().ravel(),
        "cases",
        _("Newly qualifying shipments a year, at most"),
        words,
    )
    figure.add_vline(x=cursor_krw, line={"color": theme.VERMILION, "width": 2, "dash": "dot"})
    figure.add_annotation(
        x=cursor_krw,
        xref="x",
        y=0,
        yref="paper",
        text=_("new limit"),
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        xshift=4,
        font={"size": 12, "color": theme.VERMILION},
    )
    ticks = [limit for limit in range(2_000_000, 10_000_001, 1_000_000) if limit > sweep["new_krw"].iloc[0]]
    figure.update_xaxes(
        title=_("New limit (KRW, FOB)"),
        range=[sweep["new_krw"].iloc[0], sweep["new_krw"].iloc[-1]],
        tickvals=ticks,
        ticktext=[formats.short(limit, "KRW", words.lang) for limit in ticks],
    )
    theme.house_style(figure, height=460)
    axes.mark_limits(figure, list(marks.items()))
    return figure
