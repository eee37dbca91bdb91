"""An answer in a few lines of plain text: the finding with its range, the bounds, what would settle it."""

import math
from collections.abc import Iterator

from dashboard import formats
from dashboard.ask import Asked
from dashboard.i18n import Words
from dashboard.model.bounds import Bound
from dashboard.model.errors import ModelError
from dashboard.model.sensitivity import Settling
from dashboard.model.summaries import Summary

# A modelled number is known to two digits at best, a bound to all that its inputs have.
_MODELLED_DIGITS = 2
_SETTLING_SHOWN = 3
_HAIR = 1e-6
# The count itself would of course settle it.
_THE_ANSWER = "count_in_band"


def lines(asked: Asked, words: Words, model_version: str, data_version: str) -> Iterator[str]:
    """Say the answer to a scenario, a sentence a line."""
    if asked.scenario.name:
        yield asked.scenario.name
    yield _finding(asked, words)
    yield from _steps(asked, words)
    yield from _behaviour(asked, words)
    yield from _bounds(asked, words)
    yield from _burden(asked, words)
    yield from _settling(asked, words)
    yield _base(asked, words)
    yield from _caveats(asked, words)
    _ = words.gettext
    yield words.fill(_("Model {model}, data {data}"), model=model_version, data=data_version)


def _finding(asked: Asked, words: Words) -> str:
    _ = words.gettext
    result = asked.result
    limits = {"old": _won(result.from_krw, words), "new": _won(result.to_krw, words)}
    if result.from_krw == result.to_krw:
        return words.fill(_("Nothing changes: both limits are {old}."), old=limits["old"])
    if result.cases.p95 == 0:
        return words.fill(_("From {old} to {new}: no shipment newly qualifies."), **limits)
    return words.fill(
        _("From {old} to {new}: {cases} a year newly qualify, between {low} and {high} (90%)."),
        **limits,
        **_range(result.cases, "cases", words, "cases"),
    )


def _steps(asked: Asked, words: Words) -> Iterator[str]:
    _ = words.gettext
    for step in asked.steps:
        yield "  " + words.fill(
            _("of these {old} to {new}: {cases}, between {low} and {high} (90%)"),
            old=_won(step.from_krw, words),
            new=_won(step.to_krw, words),
            **_range(step.cases, "cases", words, "cases"),
        )


def _behaviour(asked: Asked, words: Words) -> Iterator[str]:
    _ = words.gettext
    if asked.outcome.parts:
        yield words.fill(
            _("With the responses that are switched on: {cases} a year, between {low} and {high} (90%)."),
            **_range(asked.outcome.summaries()["total"], "cases", words, "cases"),
        )


def _bounds(asked: Asked, words: Words) -> Iterator[str]:
    _ = words.gettext
    names = {
        "assumption_free": _("no assumption"),
        "list_clearance_capped": _("list clearance taken out"),
        "decreasing_density": _("if shipments get rarer with value"),
        "any_lognormal": _("if values are lognormal"),
        "with_anchors": _("with the shares given"),
    }
    yield _("What no distribution can exceed, by what is taken as known:")
    for name, label in names.items():
        if name in asked.bounds:
            yield f"  {label}: {_bound(asked.bounds[name], words)}"


def _bound(found: Bound | ModelError, words: Words) -> str:
    if isinstance(found, ModelError):
        return found.in_language(words.lang)
    _ = words.gettext
    # Whole cases inside the bound; a hair of rounding must not take one away.
    low, high = math.ceil(found.cases[0] - _HAIR), math.floor(found.cases[1] + _HAIR)
    most = formats.amount(high, "cases", words.lang, significant=None)
    if low <= 0:
        return words.fill(_("at most {cases}"), cases=most)
    least = formats.amount(low, _bare("cases", words), words.lang, significant=None)
    return words.fill(_("between {low} and {high}"), low=least, high=most)


def _burden(asked: Asked, words: Words) -> Iterator[str]:
    _ = words.gettext
    if asked.burden.hours.p95 > 0:
        yield words.fill(
            _("Paperwork saved a year: {hours}, between {low} and {high} (90%);"),
            **_range(asked.burden.hours, "hours", words, "hours"),
        )
        yield "  " + words.fill(
            _("in money {won}, between {low} and {high} (90%)."),
            **_range(asked.burden.krw, "KRW", words, "won"),
        )


def _settling(asked: Asked, words: Words) -> Iterator[str]:
    _ = words.gettext
    if asked.result.cases.p95 == 0:
        return
    found = [each for each in asked.settling() if each.name != _THE_ANSWER and each.shrink > 0]
    yield _("What would settle it, and by how much it would narrow the 90% range:")
    for each in found[:_SETTLING_SHOWN]:
        yield f"  {_settles(each, asked, words)}: {formats.percent(100 * each.shrink, words.lang, 0)}"


def _settles(found: Settling, asked: Asked, words: Words) -> str:
    _ = words.gettext
    result, priors = asked.result, asked.worlds.assumptions
    above = {f"share_above_{limit:.0f}": limit for limit in (result.from_krw, result.to_krw)}
    if found.name in above:
        return words.fill(_("the share of cases above {limit}"), limit=_won(above[found.name], words))
    if found.name == "share_above_multiple_of_mean":
        multiple = formats.amount(priors.value("tail.multiple_of_mean"), "x", words.lang)
        return words.fill(_("the share of cases above {multiple} the average value"), multiple=multiple)
    if found.name == "mean_value_in_band":
        return _("the average value of what newly qualifies")
    row = priors[priors.name_for(found.name, asked.worlds.population.id)]
    return row.statement_ko if words.lang == "ko" else row.statement_en


def _base(asked: Asked, words: Words) -> str:
    _ = words.gettext
    base = asked.worlds.population
    kinds = {"total": _("customs total {period}"), "declared": _("declared channel {period}")}
    kind = kinds.get(base.id.partition("-")[0], _("own figures for {period}"))
    return words.fill(
        _("Base: {base}, {cases} and {value}, {mean}; assumptions: {set}"),
        base=words.fill(kind, period=formats.period(str(base.year), words.lang)),
        cases=formats.amount(base.cases, "cases", words.lang),
        value=formats.amount(base.value_krw, "KRW", words.lang, significant=4),
        mean=formats.amount(base.mean_krw, "KRW/case", words.lang),
        set=asked.scenario.assumptions,
    )


def _caveats(asked: Asked, words: Words) -> Iterator[str]:
    _ = words.gettext
    if changed := sorted(asked.worlds.assumptions.changed):
        yield words.fill(_("Assumptions changed: {names}"), names=", ".join(changed))
    if asked.scenario.excluded_items:
        yield words.fill(_("Items left out: {names}"), names=", ".join(asked.scenario.excluded_items))
    if asked.worlds.too_few:
        yield _("Too few draws fit the anchors: do not rely on the range.")


def _range(summary: Summary, unit: str, words: Words, middle: str) -> dict[str, str]:
    """Words for the median, named `middle`, and for both ends of the 90% interval."""
    lang, digits = words.lang, _MODELLED_DIGITS
    return {
        middle: formats.amount(summary.p50, unit, lang, significant=digits, approximate=True),
        "low": formats.amount(summary.p05, _bare(unit, words), lang, significant=digits),
        "high": formats.amount(summary.p95, unit, lang, significant=digits),
    }


def _bare(unit: str, words: Words) -> str:
    """Leave a counted unit to the end of a range, as English does: between 3,000 and 67,000 cases."""
    return "" if words.lang == "en" and unit != "KRW" else unit


def _won(limit_krw: float, words: Words) -> str:
    return formats.amount(limit_krw, "KRW", words.lang, significant=None)
