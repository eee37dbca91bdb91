"""Bunching at the old limit in a reader's own shipments: the estimate's picture, its table, and what it says."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard import formats, uploads
from dashboard.model import bunching
from dashboard.model.bunching import BunchingEstimate, Estimated
from dashboard.own_shipments.figures import Counted, coverage, titled
from dashboard.receipts import Number
from dashboard.tables import Table
from dashboard.uploads import Histogram

_BARS_PER_LIMIT = 40  # a bar is a fortieth of the limit wide: sixty-four between 0.4 and 2 times the limit
_DISPERSED = 2.0  # chi-square per bin above which the fit is poor


@dataclass(frozen=True)
class Diagnosis:
    """An estimate with its numbers: excess B, b (bars' worth), missing mass, orders sent in two, each with its interval."""

    estimate: BunchingEstimate
    heading: str
    subtitle: str
    notes: tuple[str, ...]
    numbers: tuple[Number, ...]


def estimate(made: Histogram, limit_krw: int) -> BunchingEstimate:
    """Measure bunching at a limit in a histogram; HistogramError says why it cannot be told."""
    edges = np.append(np.array(uploads.EDGES, dtype=np.float64), np.inf)
    return bunching.estimate(edges, uploads.cases_by_bin(made), float(limit_krw))


def picture(found: BunchingEstimate) -> pd.DataFrame:
    """The estimate's bins, merged from the limit outwards: low_krw, high_krw, observed, counterfactual."""
    drawn = found.picture
    width = drawn.edges[1] - drawn.edges[0]
    merged = max(1, round(found.limit / _BARS_PER_LIMIT / width))
    at = int(np.searchsorted(drawn.edges, found.limit))
    places = np.arange(
        at % merged, len(drawn.edges), merged
    )  # the limit is an edge; ends that are no whole bar go
    observed, expected = (
        np.add.reduceat(each, places[:-1])[: len(places) - 1]
        for each in (drawn.observed, drawn.counterfactual)
    )
    # the last sum runs on to the end
    observed[-1], expected[-1] = (
        each[places[-2] : places[-1]].sum() for each in (drawn.observed, drawn.counterfactual)
    )
    return pd.DataFrame(
        {
            "low_krw": drawn.edges[places[:-1]],
            "high_krw": drawn.edges[places[1:]],
            "observed": observed,
            "counterfactual": expected,
        }
    )


def table(bins: pd.DataFrame, counted: Counted) -> Table:
    """The picture as a table, a row a bar by its upper edge."""
    words = counted.evidence.words
    _ = words.gettext
    observed, expected = _("Counted"), _("Without the limit")
    formula = _("Poisson counts, a polynomial in the logarithm of value times round amounts")
    return Table(
        {
            _("Up to"): [
                formats.amount(krw, "KRW", words.lang, significant=None) for krw in bins["high_krw"]
            ],
            observed: [counted.cases(observed, int(value)) for value in bins["observed"]],
            expected: [
                counted.number(expected, value, "cases", formula, significant=3)
                for value in bins["counterfactual"]
            ],
        }
    )


def diagnose(found: BunchingEstimate, counted: Counted) -> Diagnosis:
    """What the estimate says, in words that follow its interval."""
    words = counted.evidence.words
    _ = words.gettext
    limit = formats.amount(found.limit, "KRW", words.lang, significant=None)
    excess = _range(_("Excess below the limit (B)"), found.excess, "cases", counted)
    bars = _range(_("Excess as multiple of a step (b)"), found.normalised, "x", counted)
    level = counted.number(_("Level of the intervals"), 95.0, "percent", "")
    low, high = (
        counted.number(label, krw, "KRW", "")
        for label, krw in zip((_("Window from"), _("Window to")), found.window, strict=True)
    )
    if found.excess.low > 0:
        heading = _("{excess} more just below {limit} than there would be without the limit")
    elif found.excess.high < 0:
        heading = _("Fewer just below {limit} than there would be without the limit")
    else:
        heading = _("No clear bunching just below {limit}: the interval of the excess holds zero")
    subtitle = words.fill(
        _(
            "Bars: shipments counted; line: what a smooth curve with round amounts would give; shaded: {low} to {high}, left out of the "
            "fit. Excess B {b} ({b_low} to {b_high}), as multiple of a step b {m} ({m_low} to {m_high}), {level} intervals. {coverage}"
        ),
        low=low, high=high, b=excess[0], b_low=excess[1], b_high=excess[2], m=bars[0], m_low=bars[1], m_high=bars[2],
        level=level, coverage=coverage(counted),
    )  # fmt: skip
    numbers = [*excess, *bars, level, low, high]
    notes = [
        _(
            "Shipments just below a limit may be honest, rounded, declared too low or sent in parts: a count cannot tell which."
        )
    ]
    if found.missing is not None and found.split is not None:
        missing = _range(_("Missing above the limit (M)"), found.missing, "cases", counted)
        split = _range(_("Orders sent in two"), found.split, "cases", counted)
        notes.append(
            words.fill(
                _(
                    "Missing just above the limit: {missing} ({low} to {high}). Of these sent in two, by what comes back at half the value: "
                    "{split} ({split_low} to {split_high})."
                ),
                missing=missing[0], low=missing[1], high=missing[2],
                split=split[0], split_low=split[1], split_high=split[2],
            )
        )  # fmt: skip
        numbers += [*missing, *split]
    if found.dispersion is not None and found.dispersion > _DISPERSED:
        notes.append(_("The curve fits these counts poorly, so the intervals are too narrow."))
    text = words.fill(heading, excess=excess[0], limit=limit)
    return Diagnosis(found, titled(text, counted), titled(subtitle, counted), tuple(notes), tuple(numbers))


def _range(label: str, found: Estimated, unit: str, counted: Counted) -> tuple[Number, Number, Number]:
    _ = counted.evidence.words.gettext
    formula = _("counted less counterfactual; bootstrap of Poisson counts")
    value, low, high = (
        counted.number(label, each, unit, formula, significant=2)
        for each in (found.value, found.low, found.high)
    )
    return value, low, high
