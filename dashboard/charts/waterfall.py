"""Why one answer differs from another, cause by cause."""

import math

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes, rows
from dashboard.i18n import Words

_SAME = 1e-9


def waterfall(
    steps: pd.DataFrame, start: tuple[str, float], end: tuple[str, float], words: Words
) -> go.Figure:
    """A bar for the start, one for each cause (columns `name`, `change` in cases a year) and one for the end.

    `start` and `end` are name and cases. Raises ValueError where the changes do not lead from one to the other.
    """
    _ = words.gettext
    reached = start[1] + float(steps["change"].sum())
    if not math.isclose(reached, end[1], rel_tol=_SAME, abs_tol=_SAME * max(abs(start[1]), 1.0)):
        raise ValueError(f"the steps lead to {reached}, not to {end[1]}")
    before = [start[1], *(start[1] + steps["change"].cumsum())]
    bases = [0.0, *before[:-1], 0.0]
    changes = [start[1], *steps["change"], end[1]]
    names = [start[0], *steps["name"], end[0]]
    is_total = [True, *[False] * len(steps), True]
    said = [
        formats.amount(round(change), "cases", words.lang, significant=None, signed=not total)
        for change, total in zip(changes, is_total, strict=True)
    ]
    texts = [_said(str(name), number) for name, number in zip(names, said, strict=True)]
    tops = rows.tops([rows.LINE * len(lines) + rows.MARK + rows.GAP for lines in texts])
    middles = [top + rows.LINE * len(lines) + rows.MARK / 2 for top, lines in zip(tops, texts, strict=False)]
    figure = go.Figure(
        go.Bar(
            x=changes,
            base=bases,
            y=middles,
            width=rows.MARK,
            orientation="h",
            marker={
                "color": [
                    theme.GREY if total else theme.ACCENT if change >= 0 else theme.VERMILION
                    for total, change in zip(is_total, changes, strict=True)
                ]
            },
            hoverinfo="skip",
        )
    )
    for top, lines in zip(tops, texts, strict=False):
        rows.write(figure, lines, top)
    # a thin line carries each level down to the next bar
    for level, above, below in zip(before, middles, middles[1:], strict=False):
        figure.add_shape(
            type="line", x0=level, x1=level, y0=above - rows.MARK / 2, y1=below + rows.MARK / 2,
            line={"color": theme.GREY, "width": 1},
        )  # fmt: skip
    axes.value_axis(figure, [0.0, *before], "cases", _("Newly qualifying shipments a year"), words, axis="x")
    return rows.finish(figure, tops[-1])


def _said(name: str, number: str) -> list[str]:
    """A name and its number on one line where they fit, else the number below."""
    lines = rows.wrapped(name)
    if len(rows.wrapped(f"{lines[-1]} {number}")) == 1:
        return [*lines[:-1], f"{lines[-1]} <b>{number}</b>"]
    return [*lines, f"<b>{number}</b>"]
