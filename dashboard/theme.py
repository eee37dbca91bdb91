"""Colours and the look of every figure; grounds and text colours come from Streamlit's light or dark theme.

Each colour has at least 3:1 against both grounds, which leaves little room for differences in lightness: colours stay apart
for each kind of colour-blindness, and in greyscale lines are told apart by marker, dash and direct label.
"""

from collections.abc import Mapping

import plotly.graph_objects as go

BLUE, VERMILION, GREEN, PURPLE, OCHRE, GREY = "#2f7fc1", "#d1551a", "#128a68", "#a3549b", "#94741a", "#7c858e"
ACCENT = BLUE
INK = "#000000"  # text on a ground filled with one of these colours
CYCLE = (BLUE, VERMILION, GREEN, PURPLE, OCHRE)
MARKERS = ("circle", "diamond", "square", "triangle-up", "x")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")

# The same colour for the same destination everywhere; the rest is context.
_DESTINATIONS: Mapping[str, str] = {"JP": VERMILION, "US": BLUE, "CN": OCHRE, "SG": GREEN, "HK": PURPLE}

_INK_ON_LIGHT, _INK_ON_DARK = "#3f4852", "#c6ced6"

FONT = "Pretendard, 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif"


def destination_colour(destination_id: str) -> str:
    """The colour of a destination; grey for those without one of their own."""
    return _DESTINATIONS.get(destination_id, GREY)


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
    figure.update_layout(font={"color": colour}, xaxis=axis, yaxis=axis)
    return figure
