"""Shares of one whole as tiles, each with its share and what became of it."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import rows
from dashboard.i18n import Words

_LARGE = 9.0  # percent of the picture that a tile needs for all its lines on a telephone
_SMALLEST_WORDS = 12  # pixels; what fits in no such size is left out of its tile
_NAME, _CHANGE = 14, 22  # half-width characters of a line of a name, and of what became of it


def treemap(tiles: pd.DataFrame, words: Words) -> go.Figure:
    """One tile a row: columns `name`, `value` (percent), `colour`, and `growth`, the words on what became of it.

    What does not fit into its tile is left out of it; `small` gives the rows that are to be named beside the picture.
    """
    figure = go.Figure(
        go.Treemap(
            labels=tiles["name"],
            parents=[""] * len(tiles),
            values=tiles["value"],
            text=[_text(row, words) for row in tiles.to_dict("records")],
            texttemplate="%{text}",
            textposition="middle center",
            textfont={"color": theme.INK, "size": 14},
            marker={"colors": tiles["colour"], "line": {"width": 2}, "pad": {"t": 0, "l": 0, "r": 0, "b": 0}},
            tiling={"pad": 3},
            root={"color": "rgba(0,0,0,0)"},
            pathbar={"visible": False},
            hovertemplate="%{label}<br>%{customdata}<extra></extra>",
            customdata=[
                f"{_share(row['value'], words)}<br>{row['growth']}" for row in tiles.to_dict("records")
            ],
            sort=True,
        )
    )
    theme.house_style(figure, height=400)
    figure.update_layout(uniformtext={"minsize": _SMALLEST_WORDS, "mode": "hide"})
    return figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})


def small(tiles: pd.DataFrame) -> pd.DataFrame:
    """Tiles that may be too small for all their words on a telephone."""
    return tiles[tiles["value"] < _LARGE]


def _text(row: Mapping[Hashable, Any], words: Words) -> str:
    lines = [
        *(f"<b>{line}</b>" for line in rows.wrapped(str(row["name"]), _NAME)),
        _share(row["value"], words),
    ]
    if row["value"] >= _LARGE:
        lines += rows.wrapped(str(row["growth"]), _CHANGE)
    return "<br>".join(lines)


def _share(value: float, words: Words) -> str:
    return formats.amount(value, "percent", words.lang, significant=4)
