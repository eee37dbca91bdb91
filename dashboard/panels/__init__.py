"""What the simulator shows below its headline, one question a file: `show(run)` draws, and returns nothing."""

from collections.abc import Callable

from dashboard.i18n import Words
from dashboard.panels import answer, assumptions, compare, drivers, gains, hearing, history, saving
from dashboard.panels.run import Run


def panels(words: Words) -> dict[str, tuple[str, Callable[[Run], None]]]:
    """The panels by their code in the address: name and what draws them."""
    _ = words.gettext
    return {
        "answer": (_("Answer"), answer.show),
        "gains": (_("Who gains"), gains.show),
        "drivers": (_("What drives it"), drivers.show),
        "saving": (_("Paperwork saved"), saving.show),
        "assumptions": (_("Assumptions"), assumptions.show),
        "compare": (_("Compare scenarios"), compare.show),
        "history": (_("Backtest"), history.show),
        "hearing": (_("Hearing"), hearing.show),
    }
