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
    test = detectability(*_MONTHS, assumptions)
    is_hidden = effect < 100 * test.minimum_detectable_change
    frame.sheet(
        _("The limit’s own effect cannot be read from totals")
        if is_hidden
        else _("Could the limit’s own effect be read from totals?"),
        history.detectable(test, effect, assumptions, run.evidence),
        "power",
        note=_(
            "Even if monthly totals from January 2021 to December 2025 were published, a test on them would miss the largest effect "
            "that any distribution allows."
        )
        if is_hidden
        else _(
            "The largest effect that any distribution allows would be found, but monthly totals are not published and a plausible "
            "effect is far smaller."
        ),
    )
