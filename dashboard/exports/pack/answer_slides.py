"""The slides of an answer: how many, how certain, who gains, what drives it, what would settle it, what it saves."""

from collections.abc import Mapping

import numpy as np

from dashboard import charts, law, naming
from dashboard.answers import core, drivers, groups, limits, priors, saving
from dashboard.ask import Asked
from dashboard.exports.pack import plots
from dashboard.exports.pack.known import Known
from dashboard.exports.pack.making import Making
from dashboard.exports.pack.slide import Slide
from dashboard.model.simulate import SweepPoint, survival_grid
from dashboard.tables import Table

# As on the page: the sweep's last limit and step.
_HIGHEST_KRW, _STEP_KRW = 10_000_000, 200_000
_DOTS, _FEW_DOTS = 50, 5
_MOST_SETTLING = 6


def cover_slide(make: Making, built: str) -> Slide:
    """The finding, the sentence that may be quoted, and what was changed."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    text, numbers = core.sentence(modelled)
    notes = [
        _("Certain is an upper bound; between zero and that bound our model says what is plausible."),
        priors.changed_note(modelled),
        words.fill(_("Data of {day}"), day=built) if built else "",
    ]
    return make.slide(
        "cover", limits.title(modelled), make.title, said=[text, *filter(None, notes)], cites=numbers
    )


def headline_slide(make: Making) -> Slide:
    """The four headline numbers of the page with their intervals."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    result = modelled.asked.result
    quantities = (
        (_("Newly qualifying a year"), result.cases, "cases", 1.0),
        (_("Their value a year"), result.value_krw, "KRW", 1.0),
        (_("Share of all shipments"), result.share_of_cases, "percent", 100.0),
        (_("Paperwork saved a year"), modelled.asked.burden.krw, "KRW", 1.0),
    )
    middles = [modelled.number(label, factor * found.p50, unit) for label, found, unit, factor in quantities]
    ends = [modelled.ends(label, found, unit, factor) for label, found, unit, factor in quantities]
    table = Table(
        {
            _("Quantity"): [label for label, *_rest in quantities],
            _("Median"): middles,
            _("5%"): [low for low, _high in ends],
            _("95%"): [high for _low, high in ends],
        }
    )
    said = [saving.with_responses(modelled)] if modelled.asked.outcome.parts else []
    (low_value, high_value), (low_share, high_share) = ends[1], ends[2]
    title = words.fill(
        _("Worth {low_value} to {high_value} a year, {low_share} to {high_share} of all shipments"),
        low_value=core.bare(low_value),
        high_value=core.bare(high_value),
        low_share=core.bare(low_share),
        high_share=core.bare(high_share),
    )
    return make.slide(
        "headline",
        title,
        words.fill(
            _("{population}; median and 90% interval of 10,000 plausible worlds"), population=make.title
        ),
        table=table,
        said=[each.text for each in said],
        cites=[number for each in said for number in each.numbers],
    )


def sweep_points(asked: Asked) -> list[SweepPoint]:
    """The answer for every new limit from the old one to KRW 10 million, the scenario's own among them.

    The first is the old limit itself, which brings in nobody: so the limits that a chart labels are round.
    """
    low, high = float(asked.result.from_krw), float(asked.result.to_krw)
    limits_krw = sorted({low, *np.arange(low, _HIGHEST_KRW + 1, _STEP_KRW).tolist(), high})
    return survival_grid(asked.worlds).sweep(low, limits_krw)


def sweep_slide(make: Making, known: Known) -> Slide:
    """The bands over every new limit."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    points = sweep_points(modelled.asked)
    frame = limits.sweep_frame(points)
    marks = law.limit_labels(known.limits_in_force, modelled.asked.result.from_krw, words)
    to_krw = modelled.asked.result.to_krw
    return make.slide(
        "sweep",
        limits.title(modelled),
        words.fill(
            _(
                "Newly qualifying shipments a year against the new limit, {population}; dark half, pale nine tenths of the plausible worlds"
            ),
            population=make.title,
        ),
        figure=charts.band_sweep(frame, to_krw, marks, words),
        table=limits.sweep_table(points, modelled),
        plot=plots.band(frame, words),
        notes=[law.base_note(modelled.asked.scenario.population, words)],
        said=[core.sentence(modelled)[0]],
        cites=core.sentence(modelled)[1],
    )


def worlds_slide(make: Making) -> Slide:
    """Fifty worlds as dots, and in how many of them at least how many qualify."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    result = modelled.asked.result
    dots = result.dots(_DOTS)
    won = naming.won(words)
    at_least = modelled.number(_("Newly qualifying"), float(dots[_FEW_DOTS]), "cases")
    return make.slide(
        "dots",
        words.fill(
            _("In {count} of {all} plausible worlds {cases} or more newly qualify"),
            count=str(_DOTS - _FEW_DOTS),
            all=str(_DOTS),
            cases=core.bare(at_least),
        ),
        words.fill(
            _("Newly qualifying shipments a year from {old} to {new}; each dot is one world in fifty"),
            old=won(result.from_krw),
            new=won(result.to_krw),
        ),
        figure=charts.quantile_dots(dots, words),
        table=limits.dots_table(dots, modelled),
        plot=plots.dots([float(dot) for dot in dots], words),
        cites=[at_least],
    )


def bounds_slide(make: Making) -> Slide:
    """What is certain under each assumption, with the model beside it."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    layers, table, reasons = limits.bounds(modelled)
    cases = modelled.asked.result.cases
    return make.slide(
        "bounds",
        limits.bounds_title(modelled),
        _(
            "Most that can newly qualify a year under each assumption, weakest first; every band starts at zero; log axis"
        ),
        figure=charts.nested_bounds(layers, limits.summary_frame(cases), {}, words),
        table=table,
        plot=plots.bounds(layers, cases, words),
        notes=reasons,
    )


def gains_slide(make: Making, by: str, names: Mapping[str, str]) -> Slide:
    """Intervals by destination or item; `names` holds theirs by code."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    rows = groups.split_frame(modelled, by, names)
    column = {"destination": _("Destination"), "item": _("Item")}[by]
    note = _("Electronics include K-pop CDs in customs figures. Shares by item are partly our judgement.")
    return make.slide(
        f"gains-{by}",
        words.fill(_("Most newly qualify here: {name}"), name=rows["name"].iloc[0]),
        _("Newly qualifying shipments a year: median and 90% interval"),
        figure=charts.who_gains(rows, words),
        table=groups.split_table(rows, column, modelled),
        plot=plots.gains(rows, words),
        notes=[note] if by == "item" else [],
    )


def drivers_slide(make: Making) -> Slide:
    """The tornado."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    bars, centre = drivers.bars(modelled), drivers.centre(modelled)
    return make.slide(
        "tornado",
        words.fill(_("Matters most: {name}"), name=bars["name"].iloc[0]),
        _(
            "Newly qualifying shipments with one assumption at its 5% and its 95% point, all others at their medians"
        ),
        figure=charts.tornado(bars, centre, words),
        table=drivers.bars_table(bars, modelled),
        plot=plots.tornado(bars, centre, words),
    )


def settling_slide(make: Making) -> Slide:
    """Which figure would narrow the interval most."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    table = drivers.settled_by(modelled)
    return make.slide(
        "settling",
        words.fill(_("It would be settled by: {figure}"), figure=next(iter(table.columns.values()))[0]),
        _(
            "How much narrower the 90% interval gets on average once the figure is known; computed over the draws, not asserted."
        ),
        figure=charts.ranked(
            plots.ranked_rows(table, _MOST_SETTLING), "percent", _("Interval narrower by (%)"), words
        ),
        table=table,
        plot=plots.of_column(table, _("Interval narrower by (%)"), most=_MOST_SETTLING),
    )


def saving_slide(make: Making) -> Slide:
    """Paperwork saved, with its interval in the title."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    krw = modelled.asked.burden.krw
    found = modelled.range(_("Won saved"), krw, "KRW")
    title = words.fill(
        _("Paperwork saved a year: {middle}, between {low} and {high}"),
        middle=found.middle,
        low=core.bare(found.low),
        high=core.bare(found.high),
    )
    return make.slide(
        "burden",
        title,
        _(
            "Standard Cost Model: fees where a broker files, else minutes times wage. The inputs are judgements that you may change."
        ),
        table=saving.burden(modelled),
        cites=[found.low, found.middle, found.high],
    )


def responses_slides(make: Making) -> list[Slide]:
    """What responses add, where any is switched on."""
    words, modelled = make.words, make.modelled
    _ = words.gettext
    if not modelled.asked.outcome.parts:
        return []
    return [
        make.slide(
            "behaviour",
            _("If people respond"),
            _("Mechanical: as declared now; the means of the parts add up."),
            table=saving.behaviour(modelled),
        )
    ]
