"""The forecast of the year's total against what followed, and what totals could show of the limit's effect."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import formats
from dashboard.answers.core import assumption_sentence
from dashboard.evidence import Evidence
from dashboard.model.backtest import OneYearAhead
from dashboard.model.power import Detectability
from dashboard.model.priors import Assumptions
from dashboard.tables import Cell, Table


def outturns(found: OneYearAhead, totals: Sequence[Mapping[str, Any]], evidence: Evidence) -> Table:
    """Forecasts made on the last day of the year before: interval, what followed, miss; a missing total is a dash."""
    words = evidence.words
    _ = words.gettext
    ids = {int(row["year"]): str(row["observation_id"]) for row in totals}
    formula = _("forecast from the totals that stood published on the last day of the year before")

    def forecast(label: str, value: float, years: Sequence[int]) -> Cell:
        inputs = [ids[year] for year in years]
        return evidence.derived(label, value, "USD", formula, inputs, significant=3, kind="modelled")

    low, middle, high, actual, miss = _("5%"), _("Median"), _("95%"), _("Published since"), _("Miss")
    return Table(
        {
            _("Year"): [formats.period(f"{each.forecast.year}", words.lang) for each in found.outturns],
            low: [forecast(low, each.forecast.p05, each.forecast.known_years) for each in found.outturns],
            middle: [
                forecast(middle, each.forecast.p50, each.forecast.known_years) for each in found.outturns
            ],
            high: [forecast(high, each.forecast.p95, each.forecast.known_years) for each in found.outturns],
            actual: [
                evidence.derived(actual, each.actual, "USD", "", [ids[each.forecast.year]], significant=4)
                if each.actual is not None
                else formats.MISSING
                for each in found.outturns
            ],
            miss: [
                evidence.derived(
                    miss,
                    100 * each.miss,
                    "percent",
                    _("published / median − 1"),
                    [ids[each.forecast.year]],
                    significant=3,
                    signed=True,
                )
                if each.miss is not None
                else formats.MISSING
                for each in found.outturns
            ],
            _("Inside the interval"): [
                {True: _("yes"), False: _("no"), None: formats.MISSING}[each.inside]
                for each in found.outturns
            ],
        }
    )


def reasons(found: OneYearAhead, evidence: Evidence) -> list[str]:
    """Why no forecast could be made for a year."""
    words = evidence.words
    _ = words.gettext
    return [
        words.fill(
            _("{year}: {reason}"),
            year=formats.period(f"{year}", words.lang),
            reason=error.in_language(words.lang),
        )
        for year, error in found.not_forecast.items()
    ]


def detectable(
    found: Detectability, effect_pct: float, assumptions: Assumptions, evidence: Evidence
) -> Table:
    """The smallest change of totals that a test would find, and its chance to find the largest effect possible."""
    words = evidence.words
    _ = words.gettext
    rests_on = [
        assumption_sentence(row, words) for name, row in assumptions.rows.items() if name.startswith("power.")
    ]
    least, power = (
        _("Smallest change of the total that would be found"),
        _("Chance to find an effect of this size"),
    )
    return Table(
        {
            _("Months before and after"): [f"{found.months_before} + {found.months_after}"],
            least: [
                evidence.derived(
                    least, 100 * found.minimum_detectable_change, "percent", _("generalised least squares on monthly totals"),
                    assumptions=rests_on, significant=2, kind="modelled",
                )
            ],
            _("Largest effect on the count"): [
                evidence.derived(
                    _("Largest effect on the count"), effect_pct, "percent", _("value of all shipments / old limit / shipments"),
                    significant=2,
                )
            ],
            power: [
                evidence.derived(
                    power, 100 * found.power(effect_pct / 100), "percent", _("power of that test"),
                    assumptions=rests_on, significant=2, kind="modelled",
                )
            ],
        }
    )  # fmt: skip
