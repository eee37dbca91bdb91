"""Colours and the look of every figure; grounds and text colours come from Streamlit's light or dark theme.

Each colour has at least 3:1 against both grounds, which leaves little room for differences in lightness: colours stay apart
for each kind of colour-blindness, and in greyscale lines are told apart by marker, dash and direct label.
"""

from collections.abc import Mapping

import plotly.graph_objects as go

BLUE, VERMILION, GREEN, PURPLE, OCHRE, GREY = "#2f7fc1", "#d1551a", "#128a68", "#a3549b", "#94741a", "#7c858e"
ACCENT = BLUE
CYCLE = (BLUE, VERMILION, GREEN, PURPLE, OCHRE)
MARKERS = ("circle", "diamond", "square", "triangle-up", "x")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")

# The same colour for the same destination everywhere; the rest is context.
_DESTINATIONS: Mapping[str, str] = {"JP": VERMILION, "US": BLUE, "CN": OCHRE, "SG": GREEN, "HK": PURPLE}

FONT = "Pretendard, 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif"


def destination_colour(destination_id: str) -> str:
    """The colour of a destination; grey for those without one of their own."""
    return _DESTINATIONS.get(destination_id, GREY)


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
