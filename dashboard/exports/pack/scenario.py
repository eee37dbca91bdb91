"""The pack of a scenario: its answer, what drives it, who gains, what it saves, and in the appendix what it rests on."""

from dashboard import claims, glossary, naming, register, scenarios
from dashboard.answers import priors
from dashboard.answers.core import Modelled
from dashboard.ask import Asked, ask
from dashboard.evidence import Evidence
from dashboard.exports.pack import answer_slides as slides
from dashboard.exports.pack import appendix
from dashboard.exports.pack.known import Known
from dashboard.exports.pack.link import query
from dashboard.exports.pack.making import Making
from dashboard.exports.pack.slide import Pack, Slide
from dashboard.i18n import Words
from dashboard.scenarios import OwnBase, Scenario


def pack(
    scenario: Scenario,
    known: Known,
    evidence: Evidence,
    *,
    base_url: str,
    built: str,
    asked: Asked | None = None,
) -> Pack:
    """Build the pack of a scenario; ModelError where it cannot be asked.

    `base_url` is where the dashboard answers, `built` the day of the data in words; who has the answer hands it in.
    """
    words = evidence.words
    _ = words.gettext
    asked = asked or ask(scenario, known.population_rows, known.assumption_rows)
    claim = claims.of(asked, known.assumption_rows)
    modelled = Modelled(asked, known.input_ids(scenario), evidence)
    title = scenario.name or _title(scenario, known, words)
    make = Making(modelled, title)
    told = [
        slides.cover_slide(make, built),
        slides.headline_slide(make),
        slides.sweep_slide(make, known),
        slides.worlds_slide(make),
        slides.bounds_slide(make),
        *(_who_and_why(make, known) if asked.result.cases.p95 >= 1 else []),
        slides.saving_slide(make),
        *slides.responses_slides(make),
        appendix.bases_slide(make, scenario, known),
        appendix.hearing_slide(make),
        appendix.assumptions_slide(make),
        appendix.method_slide(make, known),
    ]
    shown = [slide for slide in told if slide is not None]
    receipts = [receipt for slide in shown for receipt in slide.receipts]
    ids = evidence.series_behind(receipts)
    said = [text for slide in shown for text in (slide.shown.title, slide.shown.subtitle, *slide.said)]
    terms = glossary.occurring(said, glossary.terms(known.terms, words.lang), words.lang)
    return Pack(
        title=shown[0].shown.title,
        subtitle=title,
        slides=shown,
        address=f"{base_url.rstrip('/')}/simulator?{query(scenario, words.lang, evidence.version, claim)}",
        version=evidence.version,
        built=built,
        words=words,
        definitions=[
            priors.register(asked.worlds.assumptions, asked.worlds.population.id, words),
            register.series(known.series[known.series["series_id"].isin(ids)], words),
            *([register.terms(terms, words)] if terms else []),
        ],
        answer=modelled,
        scenario_toml=scenarios.write(scenario),
    )


def _who_and_why(make: Making, known: Known) -> list[Slide]:
    """Who gains, what drives it and what would settle it; nobody and nothing where no shipment newly qualifies."""
    words = make.words
    return [
        slides.gains_slide(make, "destination", naming.names_by_id(known.destinations, "destination", words)),
        slides.gains_slide(make, "item", naming.names_by_id(known.items, "item", words)),
        slides.drivers_slide(make),
        slides.settling_slide(make),
    ]


def _title(scenario: Scenario, known: Known, words: Words) -> str:
    _ = words.gettext
    base = scenario.population
    names = naming.populations(known.populations, words)
    return words.fill(
        _("{population}, {old} to {new}"),
        population=_("your own shipments") if isinstance(base, OwnBase) else names.get(base, base),
        old=naming.won(words)(scenario.from_krw),
        new=naming.won(words)(scenario.to_krw),
    )
