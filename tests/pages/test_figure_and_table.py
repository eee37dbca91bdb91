"""Every plotted number stands in the table of the same chart: bars' lengths, points, areas and shades against its receipts.

A trace that only guides the eye says so (`meta="guide"`). A trace with `meta="stacked"` stands where there is room; what it
plots is what it says on hovering. What is cut off at the edge of an axis stands on that edge and is no number.
"""

import math
from collections.abc import Iterator
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import formats, theme
from dashboard.charts.bars import ranked
from dashboard.i18n import LANGUAGES, words_for
from dashboard.receipts import Number, Receipt
from dashboard.tables import Table
from tests.looking import Drawn
from tests.pages.conftest import Looked
from tests.views import VIEWS, View

NEAR = 1e-6
EVERY_VIEW = pytest.mark.parametrize("view", VIEWS, ids=str)


def axis_of(figure: go.Figure, trace: Any, letter: str) -> Any:
    name = getattr(trace, f"{letter}axis", None) or letter
    return getattr(figure.layout, f"{letter}axis{name[1:]}")


def is_on_edge(value: float, axis: Any) -> bool:
    ends = axis.range or ()
    if axis.type == "log":
        ends = [10.0**end for end in ends]
    return any(isinstance(end, Real) and math.isclose(value, end, rel_tol=1e-9) for end in ends)


def numbers_in(values: Any, axis: Any = None) -> Iterator[float]:
    for value in values if values is not None else ():
        is_number = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
        if is_number and not (axis is not None and is_on_edge(float(value), axis)):
            yield float(value)


def plotted(figure: go.Figure) -> Iterator[float]:
    """The numbers that the marks of a figure stand for."""
    for trace in figure.data:
        if trace.meta in {"guide", "stacked"}:
            continue
        length = "x" if getattr(trace, "orientation", None) == "h" else "y"
        letters = {"bar": length, "scatter": "xy"}.get(trace.type, "")
        for letter in letters:
            axis = axis_of(figure, trace, letter)
            if axis.visible is not False:  # an axis that nobody sees only gives room
                yield from numbers_in(trace[letter], axis)
        if trace.type == "treemap":
            yield from numbers_in(trace["values"])
        if trace.type == "choropleth":
            yield from numbers_in(trace["z"])


def missing(drawn: Drawn) -> list[float]:
    """The plotted numbers that no number of the table is, and that name none of its rows (a limit that was tried)."""
    known = np.array(
        [each.receipt.value for each in drawn.table.numbers() if each.receipt.value is not None], dtype=float
    )
    rows = {str(name) for name in next(iter(drawn.table.columns.values()))}
    return [
        value
        for value in plotted(drawn.figure)
        if not np.isclose(known, value, rtol=NEAR, atol=1e-9).any()
        and not {formats.amount(value, "KRW", lang, significant=None) for lang in LANGUAGES} & rows
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@EVERY_VIEW
def test_every_plotted_number_stands_in_the_table(looked: Looked, view: View, lang: str):
    seen = looked(view, lang)
    assert seen.wrong == []
    assert {each.key: missing(each) for each in seen.drawn if missing(each)} == {}


@EVERY_VIEW
def test_what_stands_where_there_is_room_says_what_the_table_says(looked: Looked, view: View):
    for each in looked(view, "en").drawn:
        said = {word for trace in each.figure.data if trace.meta == "stacked" for word in trace.customdata}
        assert said <= {number.text for number in each.table.numbers()}


@pytest.mark.parametrize("lang", LANGUAGES)
@EVERY_VIEW
def test_words_in_a_figure_take_the_ink(looked: Looked, view: View, lang: str):
    """3:1 is enough for a mark, not for a word: colours of marks colour no words, unless these stand on the colour."""
    colours = {*theme.CYCLE, theme.GREY}
    for each in looked(view, lang).drawn:
        fonts = [note.font for note in each.figure.layout.annotations if note.bgcolor is None]
        fonts += [trace.textfont for trace in each.figure.data if trace.type == "scatter"]
        assert [font for font in fonts if font.color in colours] == [], each.key


# --- the tests can fail ------------------------------------------------------------


def of(values: list[float], shown: list[float]) -> Drawn:
    rows = pd.DataFrame({"name": list("ab"), "value": values, "colour": [theme.BLUE, theme.GREY]})
    receipts = [Receipt("published", "a", value, "percent", None, (), (), "d", "m") for value in shown]
    table = Table({"name": list("ab"), "share": [Number("", receipt) for receipt in receipts]})
    return Drawn("", "", ranked(rows, "percent", "Share (%)", words_for("en")), table, "test")


def test_a_number_that_the_table_lacks_is_found():
    assert missing(of([20.3, 36.8], [20.3, 36.8])) == []
    assert missing(of([20.3, 36.8], [20.3, 36.9])) == [36.8]
