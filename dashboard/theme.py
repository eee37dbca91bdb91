"""Colours and the look of every figure; grounds and text colours come from Streamlit's light or dark theme.

Each colour has at least 3:1 against both grounds, which leaves lightness between 46 and 59 of 100. Dark and light take turns
in the cycle, so that neighbours differ in greyscale too; every two stay apart for each kind of colour-blindness; and lines
differ by marker and dash as well. Words in such a colour would be too faint: they take the ink.
"""

from collections.abc import Mapping

import plotly.graph_objects as go

BLUE, VERMILION, GREEN, PURPLE, OCHRE, GREY = "#2867ee", "#eb651b", "#108557", "#cc6ea8", "#836d31", "#7c858e"
ACCENT = BLUE
INK = "#000000"  # text on a ground filled with one of these colours
CYCLE = (BLUE, VERMILION, GREEN, PURPLE, OCHRE)
MARKERS = ("circle", "diamond", "square", "triangle-up", "x")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")

# The same colour for the same destination everywhere; the rest is context.
_DESTINATIONS: Mapping[str, str] = {"JP": VERMILION, "US": BLUE, "CN": OCHRE, "SG": GREEN, "HK": PURPLE}

# The same colour for the same item, too: kinds of goods that publishers group differently share one. Other than any destination's.
_ROSE, _VIOLET, _TEAL, _OLIVE, _BROWN = "#d83a67", "#8a63d2", "#0a8fa6", "#6e8a00", "#b8703c"
_ITEMS: Mapping[str, str] = {
    **dict.fromkeys(("cosmetics", "beauty_products"), _ROSE),
    **dict.fromkeys(
        ("clothing", "clothing_woven", "fashion", "fashion_goods", "clothing_and_cosmetics"), _VIOLET
    ),
    **dict.fromkeys(("fashion_accessories", "clothing_accessories", "shoes", "bags"), _BROWN),
    **dict.fromkeys(("music", "recorded_media", "books", "books_and_music", "printed_matter"), _TEAL),
    **dict.fromkeys(("electronics", "computers"), _OLIVE),
}

# Maps: one hue from little to much, and a ground for land without a figure that is none of them.
SEQUENCE = ("#a9c9f2", "#7fadea", "#568fe0", "#3a74d2", "#2257b8")
NO_FIGURE = "no figure"  # the legend group of marks that take the colour of such land
_LAND_ON_LIGHT, _LAND_ON_DARK = "#dfe2e6", "#2b333c"
_BORDER_ON_LIGHT, _BORDER_ON_DARK = "#9aa3ac", "#66717c"

_ON_MAPS = {"choropleth", "scattergeo"}

_INK_ON_LIGHT, _INK_ON_DARK = "#3f4852", "#c6ced6"

FONT = "Pretendard, 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif"


def destination_colour(destination_id: str) -> str:
    """The colour of a destination; grey for those without one of their own."""
    return _DESTINATIONS.get(destination_id, GREY)


def item_colour(item_id: str) -> str:
    """The colour of an item; grey for those without one of their own."""
    return _ITEMS.get(item_id, GREY)


def faded(colour: str, opacity: float) -> str:
    """A colour that lets the ground through, for bands of one hue on either ground; opacity from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def house_style(figure: go.Figure, *, height: int = 420) -> go.Figure:
    """One look for all figures, in place: no frame, thin grid, direct labels instead of a legend."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 24, "b": 8},
        font={"family": FONT, "size": 14},
        showlegend=False,
        hoverlabel={"font": {"family": FONT}},
        dragmode=False,
        separators=".,",
    )
    figure.update_xaxes(showgrid=False, zeroline=False, automargin=True, fixedrange=True, title_standoff=8)
    figure.update_yaxes(gridwidth=1, zeroline=False, automargin=True, fixedrange=True, title_standoff=22)
    return figure


def ink(figure: go.Figure, *, is_dark: bool) -> go.Figure:
    """Give text 7:1 against its ground, in place: Streamlit's own grey has less than 4:1 on white."""
    colour = _INK_ON_DARK if is_dark else _INK_ON_LIGHT
    axis = {"tickfont": {"color": colour}, "title": {"font": {"color": colour}}}
    figure.update_layout(font={"color": colour})
    figure.update_xaxes(axis)  # of all panels
    figure.update_yaxes(axis)
    if any(trace.type in _ON_MAPS for trace in figure.data):
        land, border = (_LAND_ON_DARK, _BORDER_ON_DARK) if is_dark else (_LAND_ON_LIGHT, _BORDER_ON_LIGHT)
        figure.update_layout(legend={"font": {"color": colour}, "title": {"font": {"color": colour}}})
        figure.update_geos(landcolor=land, countrycolor=border, coastlinecolor=border)
        figure.update_traces(marker_line_color=border, selector={"type": "choropleth"})
        figure.update_traces(
            marker={"color": land, "line": {"color": border}}, selector={"legendgroup": NO_FIGURE}
        )
    return figure
