"""What drives the answer, and what single figure would settle it."""

from dashboard import cached, charts, frame
from dashboard.answers import drivers
from dashboard.exports.pack import plots
from dashboard.panels.run import Run


def show(run: Run) -> None:
    """The tornado, what would settle it, and the split of the variance."""
    words, modelled = run.words, run.modelled
    _ = words.gettext
    bars, centre, settled, variance = cached.kept(
        "drivers",
        run.scenario,
        words.lang,
        lambda: (
            drivers.bars(modelled),
            drivers.centre(modelled),
            drivers.settled_by(modelled),
            drivers.variance(modelled),
        ),
    )
    frame.chart(
        words.fill(_("Matters most: {name}"), name=bars["name"].iloc[0]),
        _(
            "Newly qualifying shipments with one assumption at its 5% and its 95% point, all others at their medians; log axis"
        ),
        charts.tornado(bars, centre, words),
        drivers.bars_table(bars, modelled),
        "tornado",
        plot=plots.tornado(bars, centre, words),
    )
    frame.sheet(
        _("What would settle it"),
        settled,
        "settling",
        note=_(
            "How much narrower the 90% interval gets on average once the figure is known; computed over the draws, not asserted."
        ),
    )
    frame.sheet(_("Where the uncertainty comes from"), variance, "variance")
