"""Shares on a map of the world: countries filled, city states as circles, what is not published in a grey outside the scale."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType

from dashboard import formats, theme
from dashboard.i18n import Words

# Edges of the classes in percent, the same for every publication, so that two maps can be compared.
_EDGES = (0.0, 5.0, 10.0, 20.0, 40.0, 100.0)
_SIZE = 13  # of a circle, in pixels
_PACIFIC = 150  # degrees east in the middle: Korea's buyers stand round the Pacific


class Place(NamedTuple):
    """Where a country is and where its label stands, in degrees, and on which side of that point."""

    lon: float
    lat: float
    label_lon: float
    label_lat: float
    side: str


# Labels stand apart from each other on a telephone too, most of them on water. Centres are those of the outlines.
PLACES: Mapping[str, Place] = {
    "JPN": Place(137.99, 36.65, 150, 42, "middle right"),
    "CHN": Place(103.8, 36.62, 95, 56, "top center"),
    "USA": Place(-99.14, 39.53, -88, 22, "bottom center"),
    "CAN": Place(-102.37, 57.93, -100, 70, "top center"),
    "TWN": Place(120.96, 23.75, 140, 25, "middle right"),
    "HKG": Place(114.14, 22.44, 140, 9, "middle right"),
    "MAC": Place(113.51, 22.22, 140, -7, "middle right"),
    "PHL": Place(121.42, 15.96, 140, -23, "middle right"),
    "SGP": Place(103.82, 1.36, 88, -12, "middle left"),
    "MYS": Place(114.72, 3.62, 84, 4, "middle left"),
}
# At 1:50 million these are too small to be seen: they are circles, published or not.
# Macau comes first, so that Hong Kong's lies on top of it.
CIRCLES = ("MAC", "HKG", "SGP")


def world(countries: pd.DataFrame, title: str, words: Words) -> go.Figure:
    """Countries by share: columns `iso3`, `name` and `value` (percent, NaN where nothing is published).

    `title` names the measure with its unit. KeyError for a published country without a place in `PLACES`.
    """
    _ = words.gettext
    published = countries.dropna(subset="value").to_dict("records")
    filled = [row for row in published if row["iso3"] not in CIRCLES]
    traces: list[BaseTraceType] = [
        go.Choropleth(
            locations=[row["iso3"] for row in filled],
            z=[row["value"] for row in filled],
            zmin=_EDGES[0],
            zmax=_EDGES[-1],
            colorscale=_steps(),
            showscale=False,
            customdata=[_said(row, words) for row in filled],
            hovertemplate="%{customdata}<extra></extra>",
        )
    ]
    named = {str(row["iso3"]): row for row in countries.to_dict("records")}
    traces += _labels([row for row in named.values() if _is_labelled(row)], words)
    traces += [_circle(named[iso3], words) for iso3 in CIRCLES if iso3 in named]
    for colour, (low, high) in zip(theme.SEQUENCE, pairwise(_EDGES), strict=True):
        span = f"{formats.short(low, 'percent', words.lang)}–{formats.short(high, 'percent', words.lang)}"
        traces.append(_legend(span, colour))
    traces.append(_legend(_("no figure published"), theme.GREY, theme.NO_FIGURE))
    figure = go.Figure(traces)  # at once: traces added one by one are copied and checked twice
    theme.house_style(figure, height=340)
    figure.update_geos(
        resolution=50,
        projection={"type": "natural earth", "rotation": {"lon": _PACIFIC}},
        lataxis={"range": [-48, 80]},
        lonaxis={"range": [_PACIFIC - 180, _PACIFIC + 180]},
        showland=True,
        showcountries=True,
        countrywidth=0.5,
        showcoastlines=False,
        showlakes=False,
        showframe=False,
        bgcolor="rgba(0,0,0,0)",
    )
    legend = {"orientation": "h", "x": 0, "y": -0.02, "yanchor": "top", "font": {"size": 12}, "title": title}
    return figure.update_layout(
        showlegend=True,
        legend={
            **legend,
            "title": {"text": title, "side": "top"},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )


def colour_of(share_pct: float) -> str:
    """The colour of the class that a share falls into; a share on an edge belongs to the class above it."""
    place = sum(share_pct >= edge for edge in _EDGES[1:-1])
    return theme.SEQUENCE[place]


def _steps() -> list[tuple[float, str]]:
    """The classes as a scale without transitions."""
    span = _EDGES[-1] - _EDGES[0]
    return [
        ((edge - _EDGES[0]) / span, colour)
        for colour, edges in zip(theme.SEQUENCE, pairwise(_EDGES), strict=True)
        for edge in edges
    ]


def _is_labelled(row: Mapping[Any, Any]) -> bool:
    return pd.notna(row["value"]) or row["iso3"] in CIRCLES


def _said(row: Mapping[Any, Any], words: Words) -> str:
    if pd.isna(row["value"]):
        return str(row["name"])
    return f"{row['name']} {formats.amount(row['value'], 'percent', words.lang, significant=4)}"


def _labels(rows: Iterable[Mapping[Any, Any]], words: Words) -> list[BaseTraceType]:
    """Names and shares beside the countries, each with a thin line to its country."""
    found = [(PLACES[row["iso3"]], row) for row in rows]
    return [
        go.Scattergeo(
            lon=[lon for place, _row in found for lon in (place.lon, place.label_lon, None)],
            lat=[lat for place, _row in found for lat in (place.lat, place.label_lat, None)],
            mode="lines",
            line={"color": theme.GREY, "width": 1},
            hoverinfo="skip",
            showlegend=False,
            meta="guide",
        ),
        go.Scattergeo(
            lon=[place.label_lon for place, _row in found],
            lat=[place.label_lat for place, _row in found],
            mode="text",
            text=[_said(row, words) for _place, row in found],
            textposition=[place.side for place, _row in found],
            textfont={"size": 12},
            hoverinfo="skip",
            showlegend=False,
            meta="guide",
        ),
    ]


def _circle(row: Mapping[Any, Any], words: Words) -> BaseTraceType:
    place, is_published = PLACES[row["iso3"]], pd.notna(row["value"])
    return go.Scattergeo(
        lon=[place.lon],
        lat=[place.lat],
        name=str(row["name"]),
        legendgroup="" if is_published else theme.NO_FIGURE,
        mode="markers",
        marker={
            "size": _SIZE,
            "color": colour_of(row["value"]) if is_published else theme.GREY,
            "line": {"width": 1.5, "color": theme.GREY},
        },
        text=[_said(row, words)],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def _legend(name: str, colour: str, group: str = "") -> BaseTraceType:
    """An entry of the legend without a place on the map."""
    return go.Scattergeo(
        lon=[None],
        lat=[None],
        name=name,
        legendgroup=group or name,
        mode="markers",
        marker={"symbol": "square", "size": 14, "color": colour, "line": {"width": 1}},
        hoverinfo="skip",
        meta="guide",
    )
