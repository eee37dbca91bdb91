"""What drives the answer, and what single figure would settle it."""

from dashboard import charts, frame
from dashboard.answers import drivers
from dashboard.panels.run import Run


def show(run: Run) -> None:
    """The tornado, the split of the variance, and what would settle it."""
    words, modelled = run.words, run.modelled
    _ = words.gettext
    bars = drivers.bars(modelled)
    frame.chart(
        words.fill(_("Matters most: {name}"), name=bars["name"].iloc[0]),
        _(
            "Newly qualifying shipments with one assumption at its 5% and its 95% point, all others at their medians; log axis"
        ),
        charts.tornado(bars, drivers.centre(modelled), words),
        drivers.bars_table(bars, modelled),
        "tornado",
    )
    frame.sheet(
        _("What would settle it"),
        drivers.settled_by(modelled),
        "settling",
        note=_(
            "How much narrower the 90% interval gets on average once the figure is known; computed over the draws, not asserted."
        ),
    )
    frame.sheet(_("Where the uncertainty comes from"), drivers.variance(modelled), "variance")
