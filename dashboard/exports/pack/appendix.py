"""The appendix of a pack: other bases, questions for the hearing, assumptions, method and law."""

from contextlib import suppress
from dataclasses import replace

from dashboard import formats, law, naming
from dashboard.answers import core, hearing, limits, priors
from dashboard.answers.core import Modelled
from dashboard.ask import ask
from dashboard.exports.pack.known import Known
from dashboard.exports.pack.making import Making
from dashboard.exports.pack.slide import Slide
from dashboard.i18n import Words
from dashboard.model.errors import ModelError
from dashboard.model.priors import StandardNormals
from dashboard.scenarios import Scenario
from dashboard.tables import Table

_DRAWS_PER_BASE = 2_000  # as on the page: enough to set bases side by side


def bases_slide(make: Making, scenario: Scenario, known: Known) -> Slide:
    """The same step on every population that it can be put to."""
    words, evidence = make.words, make.modelled.evidence
    _ = words.gettext
    few = StandardNormals.default(_DRAWS_PER_BASE)
    found: dict[str, Modelled] = {}
    for base in (str(row["population_id"]) for row in known.population_rows):
        # what a reader knows of one base, or moved in its range, may be impossible for another
        with suppress(ModelError):
            other = replace(scenario, population=base, anchors=())
            asked = ask(other, known.population_rows, known.assumption_rows, few)
            found[base] = Modelled(asked, known.input_ids(other), evidence)
    medians = sorted(each.asked.result.cases.p50 for each in found.values())
    ends = [make.modelled.number(_("Median"), median, "cases") for median in (medians[0], medians[-1])]
    return make.slide(
        "bases",
        words.fill(
            _("Each base answers its own question: medians from {low} to {high}"),
            low=core.bare(ends[0]),
            high=core.bare(ends[1]),
        ),
        _(
            "The same step and assumptions on each base, from fewer draws. The bases differ in year, size and value per case: "
            "declarations of 2021 are closest to what the change can touch, the total of 2024 is the newest."
        ),
        table=limits.bases_table(
            found, naming.populations(known.populations, words), law.questions(words), words
        ),
        cites=ends,
        is_appendix=True,
    )


def hearing_slide(make: Making) -> Slide | None:
    """What a committee may ask; None where nothing qualifies."""
    words = make.words
    _ = words.gettext
    found = hearing.questions(make.modelled)
    if not found:
        return None
    return make.slide(
        "hearing",
        hearing.title(found, words),
        _("Longest bar of the tornado first; one assumption at a time, all others at their medians."),
        table=hearing.table(found, words),
        is_appendix=True,
    )


def assumptions_slide(make: Making) -> Slide:
    """The uncertain assumptions and how many draws the answer is worth."""
    words, worlds = make.words, make.modelled.asked.worlds
    _ = words.gettext
    size = make.modelled.sample_size()
    return make.slide(
        "assumptions",
        _("What is assumed, and whose it is"),
        _(
            "10,000 draws with a fixed seed; the soft anchor of the tail weighs them. Effective draws are shown below."
        ),
        table=_short(priors.register(worlds.assumptions, worlds.population.id, words), words),
        said=[size.text],
        cites=size.numbers,
        is_appendix=True,
    )


def _short(register: Table, words: Words) -> Table:
    """The uncertain assumptions with what a slide has room for; the workbook holds the whole register."""
    _ = words.gettext
    spread, wanted = (
        _("5% to 95%"),
        (_("Assumption"), _("Centre"), _("5% to 95%"), _("Whose"), _("Alternatives")),
    )
    rows = [place for place, cell in enumerate(register.columns[spread]) if str(cell) != formats.MISSING]
    return Table({name: [register.columns[name][row] for row in rows] for name in wanted})


def method_slide(make: Making, known: Known) -> Slide:
    """How it was computed, and the legal basis."""
    words, evidence = make.words, make.modelled.evidence
    _ = words.gettext
    statements = law.legal_basis(known.limits_in_force, evidence)
    return make.slide(
        "method",
        _("How it was computed, and what the law says"),
        _("Method and legal basis"),
        said=[
            _(
                "Upper bound without any assumption: each newly qualifying shipment is worth more than the old limit, so there are at "
                "most as many as the value of all shipments divided by the old limit. The lower bound is zero."
            ),
            _(
                "Model: shipments of each destination and item follow a Pareto-lognormal law whose values and counts add up to the "
                "published totals and margins in each draw. Intervals hold nine of ten draws, weighted by the soft anchor of the tail."
            ),
            _("Full years only; money is FOB. The limit’s own effect cannot be read from totals."),
            *(each.text for each in statements),
        ],
        cites=[number for each in statements for number in each.numbers],
        is_appendix=True,
    )
