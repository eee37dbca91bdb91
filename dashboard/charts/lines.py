"""Lines over time: gaps stay gaps, part years stay apart, what is not exact is hollow, limits and events are marked."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.charts.rows import width, wrapped
from dashboard.i18n import Words

_MOST_LABELS = 8  # points that can be labelled without overlap on a telephone
_MOST_YEARS = 6  # ticks that fit on a telephone
_LABEL_WIDTH, _LABEL_HEIGHT = 0.17, 0.06  # of the plot on a telephone
_THROUGH = timedelta(days=7)  # a line no farther from a point passes through its mark
_SHORT_NAME = 12  # letters that fit beside the end of a line
_LETTER, _NAME_GAP = 7.5, 14  # pixels: a half-width letter of a name, and before it
_PLOT_WIDTH = 250  # pixels, on a telephone
_NAME_WIDTH = 40  # half-width letters of a row of names above the plot
_NAME_HEIGHT = 19
_SIGNS = ("●", "◆", "■", "▲", "✕")  # as `theme.MARKERS`
_SIGN_WIDTH = 0.055  # of the axis on a telephone
_SIGN_HEIGHT = 18
_EXACT = "exact"


@dataclass(frozen=True)
class Line:
    """Points of one definition and frequency (`period`, `period_start`, `period_end`, `value`, `unit`), as `store.trend` gives.

    A `hollow` line holds part years; single points are hollow where their `bound` is not "exact" (provisional, approximate,
    forecast). `colour` replaces the next one of the cycle.
    """

    name: str
    points: pd.DataFrame
    hollow: bool = False
    colour: str = ""


@dataclass(frozen=True)
class Mark:
    """A day to draw a vertical line at, and what happened."""

    day: pd.Timestamp
    label: str


@dataclass(frozen=True)
class EventMark:
    """An event by its sign (such as ①, explained below the chart): announced (dashed line), in effect (solid), or both."""

    sign: str
    announced: pd.Timestamp | None
    effective: pd.Timestamp | None


def over_time(
    lines: Sequence[Line],
    marks: Sequence[Mark],
    title: str,
    words: Words,
    *,
    events: Sequence[EventMark] = (),
) -> go.Figure:
    """Lines with a label at each point; neighbouring points are joined only where no period is missing between them.

    `title` names the value axis with its unit. A mark is drawn where it falls into what is to see, every event in any case.
    """
    figure = go.Figure()
    everything = pd.concat([line.points for line in lines])
    unit = str(everything["unit"].iloc[0])
    first, last = everything["period_start"].min(), everything["period_end"].max()
    # A mark after the last point may stretch the axis, but not by more than half of what there is to see.
    seen = [mark for mark in marks if is_seen(mark.day, first, last)]
    days = [day for event in events for day in (event.announced, event.effective) if day is not None]
    end = max([last, *(mark.day for mark in seen), *(day for day in days if is_seen(day, first, last))])
    labelled = _labelled([line.points for line in lines], (end - first).days)
    for place, line in enumerate(lines):
        figure.add_trace(trace(line, place, words, unit, labelled[place]))
    _step_aside(figure, [*(mark.day for mark in seen), *days], (end - first) * (_LABEL_WIDTH / 2))
    axes.value_axis(figure, everything["value"], unit, title, words)
    years = range(first.year, end.year + 1)
    step = -(-len(years) // _MOST_YEARS)
    left, right = first - timedelta(days=90), end + timedelta(days=200 if len(lines) == 1 else 420)
    is_above = any(len(line.name) > _SHORT_NAME for line in lines[1:])
    if len(lines) > 1 and not is_above:
        right = max([right, *(_end_of_name(line, left) for line in lines)])
    figure.update_xaxes(
        range=[left, right],
        tickvals=[pd.Timestamp(year, 7, 1) for year in years][::step],
        ticktext=[str(year) for year in years][::step],
    )
    theme.house_style(figure)
    axes.mark_limits(figure, [(mark.day, mark.label) for mark in seen])
    _mark_events(figure, events, first, last)
    if is_above:
        _name_above(figure, lines)
    elif len(lines) > 1:
        _name_ends(figure, lines)
    return figure


def trace(line: Line, place: int, words: Words, unit: str, labelled: Collection[str]) -> go.Scatter:
    """The line itself, the `place`-th of its figure, with its value at the periods in `labelled`."""
    colour = line.colour or theme.CYCLE[place % len(theme.CYCLE)]
    points = _with_gaps(line.points)
    readings = [
        formats.period(period, words.lang) + "<br>" + formats.amount(value, unit, words.lang)
        if pd.notna(value)
        else ""
        for period, value in zip(points["period"], points["value"], strict=True)
    ]
    texts = [
        formats.short(value, unit, words.lang, significant=4)
        if pd.notna(value) and period in labelled
        else ""
        for period, value in zip(points["period"], points["value"], strict=True)
    ]
    filled = theme.MARKERS[place % len(theme.MARKERS)]
    hollow = [line.hollow or bound != _EXACT for bound in points.get("bound", [_EXACT] * len(points))]
    same = set(hollow) != {True, False}
    return go.Scatter(
        x=points["middle"],
        y=points["value"],
        name=line.name,
        mode="lines+markers+text",
        text=texts,
        textposition=_clear_of_line(points["value"].tolist()) if not line.hollow else "bottom center",
        textfont={"size": 12},
        cliponaxis=False,
        connectgaps=False,
        customdata=readings,
        hovertemplate="%{customdata}<extra></extra>",
        line={"color": colour, "width": 2, "dash": theme.DASHES[place % len(theme.DASHES)]},
        marker={
            "size": 9 if len(line.points) <= _MOST_LABELS else 7,
            "symbol": filled + ("-open" if hollow[0] else "")
            if same
            else [filled + ("-open" if each else "") for each in hollow],
            "line": {"width": 2, "color": colour},
        },
    )


def _clear_of_line(values: Sequence[float]) -> list[str]:
    """Where each value is written, so that the line to a higher neighbour does not strike it through; NaN is a gap."""
    sides = {
        (False, True): "top left",
        (True, False): "top right",
        (True, True): "bottom center",
        (False, False): "top center",
    }
    neighbours = zip([math.nan, *values[:-1]], values, [*values[1:], math.nan], strict=True)
    # nothing is higher than a gap
    places = [sides[before > value, after > value] for before, value, after in neighbours]
    return ["top center", *places[1:]]  # left of the first point stand the axis' numbers


def _step_aside(figure: go.Figure, days: Sequence[pd.Timestamp], reach: timedelta) -> None:
    """Write what stands above a point beside it where the upright line of a day would strike it through."""
    for drawn in figure.data:
        if isinstance(drawn.textposition, str):
            continue  # a hollow line's values stand below
        places = []
        for middle, place in zip(drawn.x, drawn.textposition, strict=True):
            away = [day - pd.Timestamp(middle) for day in days]
            struck = [each for each in away if abs(each) < reach]
            # a line through the point itself touches no text beside it
            is_left_free = not any(each < -_THROUGH for each in struck)
            is_right_free = not any(each > _THROUGH for each in struck)
            aside = "top left" if is_left_free else "top right" if is_right_free else place
            places.append(aside if struck and place == "top center" else place)
        drawn.textposition = places


def is_seen(day: pd.Timestamp, first: pd.Timestamp, last: pd.Timestamp) -> bool:
    """Whether a day stands on the axis of points from the day `first` to the day `last`."""
    is_there: bool = first <= day <= last + (last - first) / 2
    return is_there


def _labelled(lines: Sequence[pd.DataFrame], days: float) -> list[set[str]]:
    """The periods of each line whose values can be written without overlap, where the axis is so many days long.

    The newest and the highest point of each line come first; of many points no others are labelled.
    """
    everything = pd.concat(lines)
    height = float(everything["value"].max() - min(0.0, everything["value"].min())) or 1.0
    wanted = [(place, points.iloc[-1]) for place, points in enumerate(lines)]
    wanted += [(place, points.sort_values("value").iloc[-1]) for place, points in enumerate(lines)]
    if len(everything) <= _MOST_LABELS:
        wanted += [(place, row) for place, points in enumerate(lines) for _at, row in points[::-1].iterrows()]
    labelled: list[set[str]] = [set() for _line in lines]
    taken: list[tuple[float, float]] = []
    for place, row in wanted:
        x, y = (row["period_start"].toordinal() / days, float(row["value"]) / height)
        if all(abs(x - left) > _LABEL_WIDTH or abs(y - low) > _LABEL_HEIGHT for left, low in taken):
            labelled[place].add(row["period"])
            taken.append((x, y))
    return labelled


def _end_of_name(line: Line, left: pd.Timestamp) -> pd.Timestamp:
    """Where an axis that begins at `left` must end for the name beside the newest point to fit on a telephone."""
    taken = (_NAME_GAP + _LETTER * width(line.name)) / _PLOT_WIDTH
    end: pd.Timestamp = left + (_middle(line.points.iloc[-1]) - left) / (1 - taken)
    return end


def _name_ends(figure: go.Figure, lines: Sequence[Line]) -> None:
    """The names of the lines beside their newest points."""
    for line in lines:
        last = line.points.iloc[-1]
        figure.add_annotation(
            x=_middle(last), y=last["value"], text=line.name, showarrow=False, font={"size": 13},
            xanchor="left", xshift=_NAME_GAP, yshift=9 if line.hollow else 0,
        )  # fmt: skip


def _name_above(figure: go.Figure, lines: Sequence[Line]) -> None:
    """Long names above the plot, each behind the marker of its line, whose shape and colour tell the lines apart."""
    top = figure.layout.margin.t
    rows = [(place, text) for place, line in enumerate(lines) for text in _behind_marker(line.name, place)]
    for height, (place, text) in enumerate(reversed(rows)):
        colour = lines[place].colour or theme.CYCLE[place % len(theme.CYCLE)]
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=1, yref="paper", yanchor="bottom", yshift=top - 6 + _NAME_HEIGHT * height,
            text=text.replace(_SIGNS[place], f'<span style="color:{colour}">{_SIGNS[place]}</span>'),
            showarrow=False, font={"size": 13}, borderpad=0,
        )  # fmt: skip
    _add_room(figure, _NAME_HEIGHT * len(rows))


def _add_room(figure: go.Figure, pixels: float) -> None:
    """Make room above the plot without taking it from the plot."""
    layout = figure.layout
    figure.update_layout(margin={"t": (layout.margin.t or 0) + pixels}, height=(layout.height or 0) + pixels)


def _behind_marker(name: str, place: int) -> list[str]:
    first, *rest = wrapped(name, _NAME_WIDTH)
    return [f"{_SIGNS[place]} {first}", *(f"    {each}" for each in rest)]


def _mark_events(
    figure: go.Figure, events: Sequence[EventMark], first: pd.Timestamp, last: pd.Timestamp
) -> None:
    """Dashed lines where events were announced, solid ones where they took effect, their signs above on levels of their own."""
    low, high = (pd.Timestamp(end) for end in figure.layout.xaxis.range)
    ends: list[float] = []  # where each level is free again
    # gathered and added at once: one at a time costs a millisecond each
    shapes, signs = [], []
    for event in events:
        drawn: list[tuple[pd.Timestamp, str]] = []
        if event.announced is not None and is_seen(event.announced, first, last):
            drawn.append((event.announced, "dash"))
        if event.effective is not None and is_seen(event.effective, first, last):
            drawn.append((event.effective, "solid"))
        signed: list[float] = []
        for day, dash in drawn:
            shapes.append(
                {
                    "type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
                    "line": {"color": theme.GREY, "width": 1.2, "dash": dash},
                }
            )  # fmt: skip
            place = (day - low) / (high - low)
            if signed and place - signed[-1] < _SIGN_WIDTH:
                continue  # one sign serves both lines
            signed.append(place)
            level = next((each for each, end in enumerate(ends) if end <= place), len(ends))
            ends[level : level + 1] = [place + _SIGN_WIDTH]
            signs.append(
                {
                    "x": day, "xref": "x", "y": 1, "yref": "paper", "text": event.sign, "showarrow": False,
                    "xanchor": "center", "yanchor": "bottom", "yshift": _SIGN_HEIGHT * level + 2, "font": {"size": 15},
                    "borderpad": 0,
                }
            )  # fmt: skip
    if ends:
        layout = figure.layout
        figure.update_layout(
            shapes=[*layout.shapes, *shapes], annotations=[*layout.annotations, *signs], overwrite=True
        )
        _add_room(figure, max(0, _SIGN_HEIGHT * len(ends) + 12 - (figure.layout.margin.t or 0)))


def _middle(point: pd.Series) -> pd.Timestamp:
    start, end = point["period_start"], point["period_end"]
    middle: pd.Timestamp = start + (end - start) / 2
    return middle


def _with_gaps(points: pd.DataFrame) -> pd.DataFrame:
    """Points with their middle day, and an empty row wherever a period is missing between two of them."""
    placed = points.assign(
        middle=points["period_start"] + (points["period_end"] - points["period_start"]) / 2
    )
    follows = placed["period_start"].shift(-1) - placed["period_end"] > pd.Timedelta(days=1)
    gaps = placed[follows].assign(
        value=float("nan"), middle=lambda rows: rows["period_end"] + pd.Timedelta(days=1)
    )
    return pd.concat([placed, gaps]).sort_values("middle")
