"""Ranks over the publications of one series: who overtook whom, with gaps where somebody is not named."""

from collections import Counter
from collections.abc import Hashable, Mapping
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import rows as row_words
from dashboard.i18n import Words

_ROW = 56  # pixels for one rank
_FEW = 10  # publications beside each other that leave room for large marks
_WIDE_TICKS, _YEAR_TICKS = 0.4, 0.2  # of the axis that a label of a period needs on a telephone
_NAME = 13  # half-width characters of a line of a name at the right
_LETTER = 7.5  # pixels of half a Hangul syllable, for the names at the right


def bump(ranked: pd.DataFrame, colours: Mapping[str, str], period: str, words: Words) -> go.Figure:
    """A line a member: columns `member`, `name`, `period`, `period_start`, `period_end`, `rank` and `is_firm`.

    Lines join neighbouring publications that name the member both times: dotted where nothing was published in between. A rank
    that an unnamed member might take is hollow. `colours` by member; `period` is the publication that is marked.
    """
    _ = words.gettext
    middles = ranked["period_start"] + (ranked["period_end"] - ranked["period_start"]) / 2
    placed = ranked.assign(middle=middles)
    times = placed.drop_duplicates("period").reset_index(drop=True)
    span = max(times["middle"].max() - times["middle"].min(), pd.Timedelta(days=300))
    is_roomy = len(times) <= _FEW
    traces, named, lasts = [], [], Counter[int]()
    for place, (member, rows) in enumerate(placed.groupby("member", sort=False)):
        colour, symbol = colours[str(member)], theme.MARKERS[place % len(theme.MARKERS)]
        for dash, pairs in _segments(rows, times).items():
            traces.append(
                go.Scatter(
                    x=[x for first, second in pairs for x in (first["middle"], second["middle"], None)],
                    y=[y for first, second in pairs for y in (first["rank"], second["rank"], None)],
                    mode="lines",
                    line={"color": colour, "width": 3 if dash == "solid" else 1.5, "dash": dash},
                    hoverinfo="skip",
                    meta="guide",
                )
            )
        traces.append(
            go.Scatter(
                x=rows["middle"],
                y=rows["rank"],
                name=str(rows["name"].iloc[0]),
                mode="markers",
                marker={
                    "size": 16 if is_roomy else 10,
                    "symbol": [symbol if firm else f"{symbol}-open" for firm in rows["is_firm"]],
                    "color": colour,
                    "line": {"color": colour, "width": 2},
                },
                customdata=[formats.period(each, words.lang) for each in rows["period"]],
                hovertemplate="%{customdata}: %{y}<extra>%{fullData.name}</extra>",
                cliponaxis=False,
            )
        )
        last = rows.iloc[-1]
        if last["middle"] == times["middle"].max():
            named.append(_name_at_end(last, is_roomy=is_roomy))
        else:
            is_left = last["middle"] < times["middle"].min() + span / 2
            named.append(_name_at_last_mark(last, is_left=is_left, is_above=lasts[last["rank"]] % 2 == 0))
            lasts[last["rank"]] += 1
    figure = go.Figure(traces)
    chosen = times.set_index("period")["middle"][period]
    figure.add_vline(x=chosen, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    is_early = chosen < times["middle"].min() + span / 2
    said = {
        "x": chosen, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": "left" if is_early else "right",
        "showarrow": False, "text": formats.period(period, words.lang), "font": {"size": 12},
    }  # fmt: skip
    figure.update_layout(annotations=[said, *named])
    ticks = _ticks(times, span)
    figure.update_xaxes(
        range=[times["middle"].min() - span * 0.08, times["middle"].max() + span * 0.02],
        tickvals=ticks["middle"],
        ticktext=[formats.period(each, words.lang) for each in ticks["period"]],
        tickangle=0,
    )
    most = int(ranked["rank"].max())
    theme.house_style(figure, height=96 + _ROW * most)
    figure.update_yaxes(
        range=[most + 0.6, 0.4],
        tickvals=list(range(1, most + 1)),
        title=_("Rank"),
        showgrid=False,
    )
    at_end = placed[placed["middle"] == times["middle"].max()]["name"]
    longest = max(row_words.width(line) for name in at_end for line in row_words.wrapped(str(name), _NAME))
    return figure.update_layout(margin={"r": int(24 + _LETTER * longest)})


def _segments(
    rows: pd.DataFrame, times: pd.DataFrame
) -> dict[str, list[tuple[dict[Hashable, Any], dict[Hashable, Any]]]]:
    """Pairs of neighbouring publications that both name the member, by the dash of the line between them."""
    order = {period: place for place, period in enumerate(times["period"])}
    found: dict[str, list[tuple[dict[Hashable, Any], dict[Hashable, Any]]]] = {}
    for first, second in pairwise(rows.to_dict("records")):
        if order[second["period"]] - order[first["period"]] == 1:
            follows = second["period_start"] - first["period_end"] <= pd.Timedelta(days=1)
            found.setdefault("solid" if follows else "dot", []).append((first, second))
    return found


def _name_at_end(last: pd.Series, *, is_roomy: bool) -> dict[str, Any]:
    """The name of a member of the newest publication, right of its mark."""
    return {
        "x": last["middle"],
        "y": last["rank"],
        "text": "<br>".join(row_words.wrapped(str(last["name"]), _NAME)),
        "showarrow": False,
        "align": "left",
        "xanchor": "left",
        "xshift": 16 if is_roomy else 10,
        "font": {"size": 13},
    }


def _name_at_last_mark(last: pd.Series, *, is_left: bool, is_above: bool) -> dict[str, Any]:
    """The name of a member that newer publications do not name, over or under its last mark: neighbours in a row take turns."""
    return {
        "x": last["middle"],
        "y": last["rank"],
        "text": str(last["name"]),
        "showarrow": False,
        "xanchor": "left" if is_left else "right",
        "xshift": -8 if is_left else 8,
        "yanchor": "bottom" if is_above else "top",
        "yshift": 8 if is_above else -8,
        "font": {"size": 13},
    }


def _ticks(times: pd.DataFrame, span: pd.Timedelta) -> pd.DataFrame:
    """Publications far enough from each other for their labels, counted from the newest."""
    least = span * (_YEAR_TICKS if (times["frequency"] == "year").all() else _WIDE_TICKS)
    kept: list[int] = []
    for place in reversed(range(len(times))):
        if not kept or times["middle"][kept[-1]] - times["middle"][place] >= least:
            kept.append(place)
    return times.loc[sorted(kept)]
