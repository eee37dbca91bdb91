"""What a pack says, slide by slide, whichever file it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import plotly.graph_objects as go

from dashboard.answers.core import Modelled
from dashboard.exports.workbook import Shown
from dashboard.i18n import Words
from dashboard.receipts import Number, Receipt, Version
from dashboard.tables import Table

# columns and bars: one mark a name. ranges: from edge to edge, a bar a name. band: areas between edges over the names, with a
# line. lines: over the names. points: one mark an (x, y). stacked: areas on each other.
Shape = Literal["columns", "bars", "ranges", "band", "lines", "points", "stacked"]


@dataclass(frozen=True)
class Series:
    """Values of one thing, one a name; None is missing. `colour` is "#rrggbb", `colours` are those of its values where they differ.

    `dash` and `marker` are Plotly's names.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str
    colours: tuple[str, ...] = ()
    dash: str = "solid"
    marker: str = "circle"


@dataclass(frozen=True)
class Plot:
    """A chart for programs that draw their own, in the figures that stand in the table.

    `names` label the rows (for "points" they are the x values as text). For "ranges" and "band" the series are edges in rising
    order, each the answer's own number, and `line` runs between them; for "points" `xs` are the places, a row a series.
    """

    shape: Shape
    names: tuple[str, ...]
    series: tuple[Series, ...]
    value_title: str
    name_title: str = ""
    line: Series | None = None
    xs: tuple[tuple[float, ...], ...] = ()
    is_log: bool = False
    is_percent: bool = False
    note: str = ""  # what slides must say of it
    is_reversed: bool = False  # the smallest value on top, as of ranks


@dataclass(frozen=True)
class Slide:
    """One finding: its texts, its chart for slides (`plot`) and for the browser (`figure`), its table, its sentences.

    `address` leads back to its own view where that is another than the pack's.
    """

    key: str
    shown: Shown
    table: Table | None = None
    plot: Plot | None = None
    figure: go.Figure | None = None
    said: tuple[str, ...] = ()
    cites: tuple[Number, ...] = ()
    is_appendix: bool = False
    address: str = ""

    @property
    def numbers(self) -> list[Number]:
        """Every number on it."""
        return [*(self.table.numbers() if self.table else []), *self.cites]

    @property
    def receipts(self) -> list[Receipt]:
        """Where they are from."""
        return [number.receipt for number in self.numbers]


@dataclass(frozen=True)
class Pack:
    """All slides in order; the first one opens. `address` leads back to the view, `answer` is set where the model answered."""

    title: str
    subtitle: str
    slides: Sequence[Slide]
    address: str
    version: Version
    built: str
    words: Words
    definitions: Sequence[Table] = ()
    answer: Modelled | None = None
    scenario_toml: str = ""
    said: tuple[str, ...] = field(default=())
