"""The answer: four numbers, one sentence, the sweep over all limits, fifty plausible worlds, what is certain."""

from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from dashboard import cached, charts, frame, law, naming, receipts, reproduce, scenarios, session, toolbar
from dashboard.answers import core, limits, priors, saving
from dashboard.answers.core import Modelled
from dashboard.exports.pack import plots
from dashboard.exports.pack.slide import Plot
from dashboard.model.behaviour import Switches
from dashboard.panels import controls
from dashboard.panels.run import Run
from dashboard.tables import Table

_HIGHEST_KRW, _STEP_KRW = 10_000_000, 200_000


def headline(run: Run) -> None:
    """Four headline numbers with their intervals, and the sentence that may be quoted."""
    words, result, modelled = run.words, run.asked.result, run.modelled
    _ = words.gettext
    quantities = (
        ("cases", _("Newly qualifying a year"), result.cases, "cases", 1.0),
        ("value", _("Their value a year"), result.value_krw, "KRW", 1.0),
        ("share", _("Share of all shipments"), result.share_of_cases, "percent", 100.0),
        ("saved", _("Paperwork saved a year"), run.asked.burden.krw, "KRW", 1.0),
    )
    with st.container(horizontal=True, key="answers"):
        for key, label, summary, unit, factor in quantities:
            number = modelled.number(label, factor * summary.p50, unit)
            interval = modelled.interval(summary, unit, factor)
            cites = modelled.ends(label, summary, unit, factor)
            frame.headline(label, number, interval, key, cites=cites)
    text, numbers = core.sentence(modelled)
    frame.statements("", [receipts.Statement(text, numbers)], "sentence")
    toolbar.python(reproduce.scenario_snippet(scenarios.write(run.scenario), **session.marks()), "scenario")
    if run.asked.outcome.switches != Switches():
        frame.statements("", [saving.with_responses(modelled)], "responses-sentence")
    if note := priors.changed_note(modelled):
        st.info(frame.safe(note))
    if run.asked.worlds.too_few:
        st.warning(
            _(
                "The anchors leave too few draws to trust this interval. Take a change back or choose another value."
            )
        )


@dataclass(frozen=True)
class _Drawn:
    """Pictures and tables of the panel."""

    sweep: go.Figure
    sweep_table: Table
    bases: Table
    dots: go.Figure
    dots_table: Table
    bounds: go.Figure
    bounds_table: Table
    reasons: list[str]
    dots_plot: Plot
    bounds_plot: Plot


def _draw(run: Run) -> _Drawn:
    words, modelled, scenario = run.words, run.modelled, run.scenario
    marks = law.limit_labels(cached.limits_in_force(), scenario.from_krw, words)
    points = cached.sweep(scenario, _HIGHEST_KRW, _STEP_KRW)
    bases = {
        base: Modelled(each, controls.input_ids(each.scenario), run.evidence)
        for base, each in cached.on_each_base(scenario).items()
    }
    dots = run.asked.result.dots(50)
    layers, bounds_table, reasons = limits.bounds(modelled)
    return _Drawn(
        charts.band_sweep(limits.sweep_frame(points), scenario.to_krw, marks, words),
        limits.sweep_table(points, modelled),
        limits.bases_table(bases, controls.population_names(words), law.questions(words), words),
        charts.quantile_dots(dots, words),
        limits.dots_table(dots, modelled),
        charts.nested_bounds(layers, limits.summary_frame(run.asked.result.cases), {}, words),
        bounds_table,
        reasons,
        plots.dots(dots.tolist(), words),
        plots.bounds(layers, run.asked.result.cases, words),
    )


def show(run: Run) -> None:
    """The sweep, each base's own answer, fifty dots, and the bounds."""
    words, modelled, scenario = run.words, run.modelled, run.scenario
    _ = words.gettext
    with st.spinner(_("Evaluating every limit once for these assumptions")):
        drawn = cached.kept("answer", scenario, words.lang, lambda: _draw(run))
    frame.chart(
        limits.title(modelled),
        words.fill(
            _(
                "Newly qualifying shipments a year against the new limit, {population}; dark half, pale nine tenths of the plausible worlds"
            ),
            population=run.title,
        ),
        drawn.sweep,
        drawn.sweep_table,
        "sweep",
        notes=[law.base_note(scenario.population, words)],
    )
    if len(run.asked.steps) > 1:
        frame.sheet(
            _("The steps add up"),
            limits.steps_table(modelled),
            "steps",
            note=_("Means add up exactly; ends of intervals do not."),
        )
    frame.sheet(
        _("Each base answers its own question"),
        drawn.bases,
        "bases",
        note=_(
            "The same step and assumptions on each base, from fewer draws. The bases differ in year, size and value per case: "
            "declarations of 2021 are closest to what the change can touch, the total of 2024 is the newest."
        ),
    )
    frame.chart(
        _("Fifty equally plausible worlds"),
        words.fill(
            _("Newly qualifying shipments a year from {old} to {new}; each dot is one world in fifty"),
            old=naming.won(words)(scenario.from_krw),
            new=naming.won(words)(scenario.to_krw),
        ),
        drawn.dots,
        drawn.dots_table,
        "dots",
        plot=drawn.dots_plot,
    )
    frame.chart(
        limits.bounds_title(modelled),
        _(
            "Most that can newly qualify a year under each assumption, weakest first; every band starts at zero; log axis"
        ),
        drawn.bounds,
        drawn.bounds_table,
        "bounds",
        notes=drawn.reasons,
        plot=drawn.bounds_plot,
    )
