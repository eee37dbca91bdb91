"""Makes the slides of one answer: every slide gets its source line from the receipts of its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.answers.core import Modelled
from dashboard.exports.cited import source_line
from dashboard.exports.pack.slide import Plot, Slide
from dashboard.exports.workbook import Shown
from dashboard.i18n import Words
from dashboard.receipts import Number
from dashboard.tables import Table


@dataclass(frozen=True)
class Making:
    """The answer that all slides tell, and the name of its scenario."""

    modelled: Modelled
    title: str

    @property
    def words(self) -> Words:
        """The pack's language."""
        return self.modelled.words

    def slide(  # noqa: PLR0913 (a slide is what it holds; all but three are named at each call)
        self,
        key: str,
        title: str,
        subtitle: str,
        *,
        table: Table | None = None,
        plot: Plot | None = None,
        figure: go.Figure | None = None,
        notes: Sequence[str] = (),
        said: Sequence[str] = (),
        cites: Sequence[Number] = (),
        is_appendix: bool = False,
    ) -> Slide:
        """One slide with its source line."""
        receipts = [number.receipt for number in [*(table.numbers() if table else []), *cites]]
        source = source_line(receipts, self.words, self.modelled.evidence.version)
        shown = Shown(title, subtitle, tuple(filter(None, notes)), source)
        return Slide(key, shown, table, plot, figure, tuple(said), tuple(cites), is_appendix)
