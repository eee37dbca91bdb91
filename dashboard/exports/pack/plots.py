"""What a chart of slides draws: the answer's numbers by name, with the words that the screen writes beside its marks."""

import math
from collections.abc import Sequence

import pandas as pd

from dashboard import formats, theme
from dashboard.charts import axes
from dashboard.exports.pack.slide import Plot, Series
from dashboard.i18n import Words
from dashboard.model.summaries import Summary
from dashboard.receipts import Number
from dashboard.tables import Table

_MOST_BARS = 7  # of a tornado, so that their words stand beside them
_COLUMNS = 22  # stacks of dots, as on the screen
# Bands of one hue on white: pale for nine worlds in ten, dark for half of them.
PALE, DARK = "#d4e1fc", "#9fbdf8"


def band(points: pd.DataFrame, words: Words) -> Plot:
    """Edges of the bands and the median, for every new limit."""
    _ = words.gettext
    names = {"p05": _("5%"), "p25": _("25%"), "p75": _("75%"), "p95": _("95%")}
    colours = {"p05": PALE, "p25": PALE, "p75": DARK, "p95": PALE}
    return Plot(
        "band",
        tuple(formats.short(limit, "KRW", words.lang) for limit in points["new_krw"]),
        tuple(Series(name, _floats(points[key]), colours[key]) for key, name in names.items()),
        _("Newly qualifying shipments a year"),
        _("New limit (KRW, FOB)"),
        line=Series(_("Median"), _floats(points["p50"]), theme.ACCENT),
    )


def dots(values: Sequence[float], words: Words) -> Plot:
    """Each world as one dot at its number, stacked with those that lie close."""
    _ = words.gettext
    ordered = sorted(values)
    width = max(ordered[-1], 1.0) / _COLUMNS
    heights: list[float] = []
    begins = -math.inf
    for value in ordered:
        if value - begins < width:
            heights.append(heights[-1] + 1)
        else:
            begins = value
            heights.append(1.0)
    series = Series(_("World"), tuple(heights), theme.ACCENT)
    names = tuple(str(place) for place in range(1, len(ordered) + 1))
    return Plot("points", names, (series,), "", _("Newly qualifying shipments a year"), xs=(tuple(ordered),))


def bounds(layers: pd.DataFrame, cases: Summary, words: Words) -> Plot:
    """The most under each assumption, then three points of the model, on a log axis."""
    _ = words.gettext
    known = layers.dropna(subset=["cases_upper"]).sort_values("cases_upper", ascending=False, kind="stable")
    inside = {
        _("our model (95%)"): cases.p95,
        _("our model (median)"): cases.p50,
        _("our model (5%)"): cases.p05,
    }
    names = [
        _with(str(name), words.fill(_("at most {cases}"), cases=formats.amount(upper, "cases", words.lang)))
        for name, upper in zip(known["name"], known["cases_upper"], strict=True)
    ]
    names += [_with(name, axes.cases(value, words, about=True)) for name, value in inside.items()]
    empty = (None,) * len(known)
    outer = (*_floats(known["cases_upper"]), *(None,) * len(inside))
    return Plot(
        "bars",
        tuple(names),
        (
            Series(_("At most"), outer, theme.ACCENT),
            Series(
                _("our model"),
                (*empty, *(max(value, 0.0) or None for value in inside.values())),
                theme.VERMILION,
            ),
        ),
        _("Newly qualifying shipments a year (log scale)"),
        is_log=True,
    )


def gains(rows: pd.DataFrame, words: Words) -> Plot:
    """From the 5% over the median to the 95% point of each destination or item."""
    _ = words.gettext
    names = tuple(
        _with(
            str(row["name"]),
            words.fill(
                _("{p50} ({p05} to {p95})"),
                p50=axes.cases(row["p50"], words, about=True),
                p05=axes.cases(row["p05"], words, unit=""),
                p95=axes.cases(row["p95"], words, unit=""),
            ),
        )
        for row in rows.to_dict("records")
    )
    edges = ((_("5%"), "p05", PALE), (_("Median"), "p50", DARK), (_("95%"), "p95", PALE))
    series = tuple(Series(name, _floats(rows[key]), colour) for name, key, colour in edges)
    title = _("Newly qualifying shipments a year; bars from 5% to 95%, shades meet at the median")
    return Plot("ranges", names, series, title)


def tornado(bars: pd.DataFrame, centre: float, words: Words) -> Plot:
    """From the lower over the middle to the higher answer of each assumption; where both lie on one side, the middle is an end."""
    _ = words.gettext
    rows = bars.head(_MOST_BARS).to_dict("records")
    ends = [sorted((row["cases_at_low"], centre, row["cases_at_high"])) for row in rows]
    names = tuple(
        _with(
            str(row["name"]),
            words.fill(
                _("at {low}: {few}; at {high}: {many}"),
                low=row["low_label"],
                few=axes.cases(row["cases_at_low"], words, about=True),
                high=row["high_label"],
                many=axes.cases(row["cases_at_high"], words, about=True),
            ),
        )
        for row in rows
    )
    labels = (_("Fewest"), _("Between"), _("Most"))
    colours = (theme.ACCENT, theme.ACCENT, theme.VERMILION)
    series = tuple(
        Series(label, tuple(float(end[place]) for end in ends), colour)
        for place, (label, colour) in enumerate(zip(labels, colours, strict=True))
    )
    title = _("Newly qualifying shipments a year; colours meet where every input is in its middle")
    return Plot("ranges", names, series, title)


def of_column(table: Table, title: str = "", *, most: int | None = None) -> Plot | None:
    """Ranked bars of the first column of numbers, by what the first column calls them; None where there is none."""
    found = _ranked(table, most)
    if not found:
        return None
    column, rows = found
    return Plot(
        "bars",
        tuple(_with(name, str(cell)) for name, cell in rows),
        (Series(column, tuple(cell.receipt.value for _name, cell in rows), theme.ACCENT),),
        title or column,
        is_percent=rows[0][1].receipt.unit == "percent",
    )


def ranked_rows(table: Table, most: int | None = None) -> pd.DataFrame:
    """The same for `charts.ranked`."""
    _column, rows = _ranked(table, most) or ("", [])
    return pd.DataFrame(
        {
            "name": [name for name, _cell in rows],
            "value": [cell.receipt.value for _name, cell in rows],
            "colour": theme.ACCENT,
        }
    )


def _ranked(table: Table, most: int | None) -> tuple[str, list[tuple[str, Number]]] | None:
    """The first column that holds numbers: its name, and its rows of one unit, the largest first."""
    names = [str(cell) for cell in next(iter(table.columns.values()))]
    for column, cells in table.columns.items():
        numbers = [
            (name, cell)
            for name, cell in zip(names, cells, strict=True)
            if isinstance(cell, Number) and cell.receipt.value is not None
        ]
        if numbers:
            unit = numbers[0][1].receipt.unit
            kept = [(name, cell) for name, cell in numbers if cell.receipt.unit == unit]
            kept.sort(key=lambda pair: pair[1].receipt.value or 0.0, reverse=True)
            return column, kept[:most]
    return None


def _with(name: str, said: str) -> str:
    return f"{name}: {said}"


def _floats(values: pd.Series) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
