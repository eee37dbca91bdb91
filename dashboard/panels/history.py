"""How well totals can be forecast, and why the limit's own effect cannot be read from them."""

from dashboard import ask, cached, frame
from dashboard.answers import history
from dashboard.model.power import detectability
from dashboard.panels.run import Run

# Months from January 2021 to July 2024, and from August 2024 to the end of 2025.
_MONTHS = (43, 17)


def show(run: Run) -> None:
    """The backtest of the year's totals, and the power of a test on them."""
    words = run.words
    _ = words.gettext
    totals = cached.published_totals()
    assumptions = run.asked.worlds.assumptions
    found = ask.backtest(totals, assumptions)
    frame.sheet(
        _("The year’s total, forecast one year ahead from what stood published then"),
        history.outturns(found, totals, run.evidence),
        "backtest",
        note=" ".join(history.reasons(found, run.evidence)),
    )
    most = run.asked.bounds["assumption_free"]
    effect = 100 * getattr(most, "share_of_cases", (0.0, 0.0))[1]
    frame.sheet(
        _("The limit’s own effect cannot be read from totals"),
        history.detectable(detectability(*_MONTHS, assumptions), effect, run.evidence),
        "power",
        note=_(
            "Even the largest effect that any distribution allows is smaller than what a test on monthly totals would find."
        ),
    )
