"""The sweep over all new limits, fifty plausible worlds, and the bounds that need no model."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from dashboard import formats
from dashboard.answers.core import Modelled
from dashboard.i18n import Words
from dashboard.model.arrays import FloatArray
from dashboard.model.bounds import Bound
from dashboard.model.simulate import SweepPoint
from dashboard.model.summaries import Summary
from dashboard.tables import Cell, Table


def title(modelled: Modelled) -> str:
    """The finding over the sweep; its verb follows the interval."""
    words, asked = modelled.words, modelled.asked
    _ = words.gettext
    cases = asked.result.cases
    limit = formats.amount(asked.result.to_krw, "KRW", words.lang, significant=None)
    if cases.p95 < 1:
        return words.fill(_("A limit of {limit} brings in no shipment by value"), limit=limit)
    low = formats.amount(cases.p05, "", words.lang, significant=2)
    high = formats.amount(cases.p95, "cases", words.lang, significant=2)
    if cases.p05 < 1:
        return words.fill(
            _("A limit of {limit} may bring in none, or up to {high} a year"), limit=limit, high=high
        )
    return words.fill(
        _("A limit of {limit} brings in {low} to {high} a year"), limit=limit, low=low, high=high
    )


def bounds_title(modelled: Modelled) -> str:
    """How far the model lies below what is certain."""
    words = modelled.words
    _ = words.gettext
    free = modelled.asked.bounds["assumption_free"]
    if not isinstance(free, Bound):
        return _("What is certain, and what our model adds")
    most = formats.amount(free.cases[1], "cases", words.lang, significant=5)
    return words.fill(_("Certain is only: at most {most} a year; the rest is assumption"), most=most)


def steps_table(modelled: Modelled) -> Table:
    """The steps of a stacked history and their sum: the means add up exactly."""
    words, asked = modelled.words, modelled.asked
    _ = words.gettext

    def won(krw: float) -> str:
        return formats.amount(krw, "KRW", words.lang, significant=None)

    steps = [*asked.steps, asked.result]
    mean, low, high = _("Mean"), _("5%"), _("95%")
    return Table(
        {
            _("Step"): [
                words.fill(_("{old} to {new}"), old=won(each.from_krw), new=won(each.to_krw))
                for each in steps
            ],
            mean: [modelled.number(mean, each.cases.mean, "cases", digits=3) for each in steps],
            low: [modelled.number(low, each.cases.p05, "cases") for each in steps],
            high: [modelled.number(high, each.cases.p95, "cases") for each in steps],
        }
    )


def dots_table(dots: FloatArray, modelled: Modelled) -> Table:
    """The fifty worlds, smallest first."""
    _ = modelled.words.gettext
    label = _("Newly qualifying")
    return Table(
        {
            _("World"): [str(place) for place in range(1, len(dots) + 1)],
            label: [modelled.number(label, float(dot), "cases") for dot in dots],
        }
    )


def bound_names(words: Words) -> dict[str, str]:
    """Names of the bounds, weakest assumption first."""
    _ = words.gettext
    return {
        "assumption_free": _("no assumption"),
        "list_clearance_capped": _("list clearance taken out"),
        "decreasing_density": _("if shipments get rarer with value"),
        "list_capped_and_decreasing": _("both of these"),
        "log_decreasing_density": _("if they thin out on a log scale too"),
        "any_lognormal": _("one lognormal, whatever its spread"),
        "with_anchors": _("with your own anchors"),
    }


def bounds(modelled: Modelled) -> tuple[pd.DataFrame, Table, list[str]]:
    """The bounds to draw (name, cases_upper), as a table, and why those that do not hold here do not."""
    words = modelled.words
    _ = words.gettext
    rows: list[tuple[str, Bound]] = []
    reasons = []
    for key, name in bound_names(words).items():
        found = modelled.asked.bounds.get(key)
        if isinstance(found, Bound):
            rows.append((name, found))
        elif found is not None:
            reasons.append(f"{name}: {found.in_language(words.lang)}")
    cases = modelled.asked.result.cases
    intervals = {
        _("our model (median)"): (cases.p50, cases.p50),
        _("our model (50% interval)"): (cases.p25, cases.p75),
        _("our model (90% interval)"): (cases.p05, cases.p95),
    }
    columns: dict[str, Sequence[Cell]] = {
        _("Assumption"): [*(name for name, _found in rows), *intervals],
        _("Lowest"): [
            *(
                modelled.number(name, found.cases[0], "cases", digits=5, kind="derived")
                for name, found in rows
            ),
            *(modelled.number(name, low, "cases") for name, (low, _high) in intervals.items()),
        ],
        _("Highest"): [
            *(
                modelled.number(name, found.cases[1], "cases", digits=5, kind="derived")
                for name, found in rows
            ),
            *(modelled.number(name, high, "cases") for name, (_low, high) in intervals.items()),
        ],
    }
    layers = pd.DataFrame(
        {"name": [name for name, _found in rows], "cases_upper": [found.cases[1] for _name, found in rows]}
    )
    return layers, Table(columns), reasons


def summary_frame(summary: Summary) -> dict[str, float]:
    """Quantiles by name."""
    return {name: getattr(summary, name) for name in ("p05", "p25", "p50", "p75", "p95")}


def sweep_frame(points: Iterable[SweepPoint]) -> pd.DataFrame:
    """The sweep for the chart: new_krw and quantiles of cases."""
    return pd.DataFrame([{"new_krw": point.to_krw, **summary_frame(point.cases)} for point in points])


def sweep_table(points: Iterable[SweepPoint], modelled: Modelled) -> Table:
    """The sweep as a table: a row a new limit, median and interval."""
    words = modelled.words
    _ = words.gettext
    kept = list(points)
    names = {"p05": _("5%"), "p25": _("25%"), "p50": _("Median"), "p75": _("75%"), "p95": _("95%")}
    columns: dict[str, Sequence[Cell]] = {
        _("New limit"): [formats.amount(point.to_krw, "KRW", words.lang, significant=None) for point in kept]
    }
    for key, name in names.items():
        columns[name] = [modelled.number(name, getattr(point.cases, key), "cases") for point in kept]
    return Table(columns)


def bases_table(
    asked: Mapping[str, Modelled], names: Mapping[str, str], questions: Mapping[str, str], words: Words
) -> Table:
    """The same step on each base: which question it answers, the model's interval, the bound without assumption."""
    _ = words.gettext
    middle, low, high, most = _("Median"), _("5%"), _("95%"), _("At most, no assumption at all")

    def bound(each: Modelled) -> Cell:
        free = each.asked.bounds["assumption_free"]
        if not isinstance(free, Bound):
            return formats.MISSING
        return each.number(most, free.cases[1], "cases", digits=5, kind="derived")

    return Table(
        {
            _("Shipments of"): [names[base] for base in asked],
            _("Answers"): [questions[base] for base in asked],
            middle: [each.number(middle, each.asked.result.cases.p50, "cases") for each in asked.values()],
            low: [each.number(low, each.asked.result.cases.p05, "cases") for each in asked.values()],
            high: [each.number(high, each.asked.result.cases.p95, "cases") for each in asked.values()],
            most: [bound(each) for each in asked.values()],
        }
    )
