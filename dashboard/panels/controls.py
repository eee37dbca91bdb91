"""The simulator's controls: they make a scenario, and every choice stands in the address."""

import pandas as pd
import streamlit as st

from dashboard import address, cached, naming
from dashboard.answers import priors
from dashboard.i18n import Words
from dashboard.model.behaviour import Switches
from dashboard.panels.assumptions import KEY, SPREAD
from dashboard.scenarios import STEPS, OwnBase, Scenario, ShareAbove, Step

OWN = "own"
_HIGHEST_KRW = 10_000_000
_LOWEST_KRW = 500_000
_STEP_KRW = 100_000
_OWN_CASES, _OWN_MEAN_KRW, _OWN_YEAR = 100_000.0, 60_000.0, 2025
_SETS = ("default", "reference")
_ITEMS = ("cosmetics", "fashion", "electronics", "food", "other")
_ANCHOR_KRW, _ANCHOR_PER_MILLION, _MILLION = 1_000_000.0, 1_000.0, 1_000_000


def scenario(words: Words) -> Scenario:
    """Draw the controls and return what they ask, whether or not the model can answer it."""
    _ = words.gettext
    names = population_names(words)
    with st.container(horizontal=True, key="asked"):
        population = address.select(
            _("Shipments of"), list(names), "population", names.__getitem__, default="total-2024"
        )
        steps = {code: step.name_ko if words.lang == "ko" else step.name_en for code, step in STEPS.items()}
        step = STEPS[address.select(_("Step"), list(steps), "step", steps.__getitem__)]
        sets = {"default": _("our best (default)"), "reference": _("as in the method paper (reference)")}
        chosen_set = address.segments(_("Assumptions"), list(_SETS), "set", sets.__getitem__)
    moved = _limits(step, words)
    base: str | OwnBase = _own_base(words) if population == OWN else population
    with st.expander(_("Responses of people, exclusions, what you know (all off at first)"), key="responses"):
        switches, excluded = _responses(words)
        anchors = _anchors(words)
    changed, spread = (priors.read_changes(address.kept(key, _is_changes)) for key in (KEY, SPREAD))
    return Scenario(
        population=base,
        from_krw=moved.from_krw,
        to_krw=moved.to_krw,
        via_krw=moved.via_krw,
        effective=moved.effective,
        excluded_items=excluded,
        switches=switches,
        assumptions=chosen_set,
        changed=changed,
        spread=spread,
        anchors=anchors,
    )


def _limits(step: Step, words: Words) -> Step:
    """The limits of a step: sliders where it leaves them to the reader."""
    _ = words.gettext
    if step.id not in {"own", "5m-6m"}:
        return step
    amounts = naming.won_codes(_LOWEST_KRW, _HIGHEST_KRW, _STEP_KRW)
    won = naming.won(words)
    old = step.from_krw
    left, right = st.columns(2)
    if step.id == "own":
        with left:
            old = int(address.slide(_("Old limit (FOB)"), amounts, "old", won, default="2000000"))
    with right:
        new = int(
            address.slide(
                _("New limit (FOB)"),
                amounts,
                "new",
                won,
                default=naming.won_code(step.to_krw),
                within=step.id,
            )
        )
    # Limits in between come from a scenario's file by its link; the sliders may leave them outside.
    via = address.kept("via", _is_amounts) if step.id == "own" else ""
    between = tuple(krw for krw in map(float, filter(None, via.split(","))) if old < krw < new)
    return Step(step.id, step.name_ko, step.name_en, old, new, between)


def _own_base(words: Words) -> OwnBase:
    _ = words.gettext
    with st.container(horizontal=True, key="own-base"):
        cases = address.number(_("Shipments a year"), "own_cases", _OWN_CASES, 1.0)
        mean = address.number(_("Their value a year (KRW)"), "own_value", _OWN_CASES * _OWN_MEAN_KRW, 1.0)
        year = address.number(_("Year"), "own_year", float(_OWN_YEAR), 2000.0)
    return OwnBase(cases, mean, int(year))


def _responses(words: Words) -> tuple[Switches, tuple[str, ...]]:
    """What people may change, each off at first, and items that may not qualify."""
    _ = words.gettext
    labels = {
        "exclusions": _("Goods that other rules bar stay out"),
        "uptake": _("Not all who may use it do"),
        "splitting": _("Split orders are sent whole again"),
        "under_declaration": _("Values declared too low are declared in full"),
        "volume": _("Cheaper paperwork brings more trade"),
    }
    on = {name: address.switch(label, name) for name, label in labels.items()}
    items = names(words)["item"]
    excluded = address.several(
        _("Items that may not qualify"),
        [each for each in _ITEMS if each in items],
        "exclude",
        items.__getitem__,
    )
    return Switches(**on), excluded


def _anchors(words: Words) -> tuple[ShareAbove, ...]:
    """A share above an amount that the reader knows: it sharpens a bound of its own."""
    _ = words.gettext
    if not address.switch(_("I know a share of shipments above an amount"), "anchor"):
        return ()
    with st.container(horizontal=True, key="anchor-figures"):
        above = address.number(_("Amount (KRW)"), "anchor_krw", _ANCHOR_KRW, 1.0)
        per_million = address.number(
            _("Shipments above it, per million"), "anchor_per_million", _ANCHOR_PER_MILLION, 0.0
        )
    return (ShareAbove(above, per_million / _MILLION, "cases"),)


def population_names(words: Words) -> dict[str, str]:
    """Names of the populations by id, and a base of one's own."""
    _ = words.gettext
    return {**naming.populations(cached.populations(), words), OWN: _("your own shipments")}


def names(words: Words) -> dict[str, dict[str, str]]:
    """Names of the model's destinations and items by code."""
    tables = {kind: cached.table(kind) for kind in ("destination", "item")}
    return {kind: _named(table, kind, words) for kind, table in tables.items()}


def _named(table: pd.DataFrame, kind: str, words: Words) -> dict[str, str]:
    return naming.names_by_id(table, kind, words)


def input_ids(asked: Scenario) -> list[str]:
    """The published figures that the scenario's base rests on; an own base rests on none."""
    if isinstance(asked.population, OwnBase):
        return []
    row = naming.row(cached.populations(), "population_id", asked.population)
    return list(row["input_ids"])


def title(asked: Scenario, words: Words) -> str:
    """A name for the scenario."""
    _ = words.gettext
    base = OWN if isinstance(asked.population, OwnBase) else asked.population
    return words.fill(
        _("{population}, {old} to {new}"),
        population=population_names(words)[base],
        old=naming.won(words)(asked.from_krw),
        new=naming.won(words)(asked.to_krw),
    )


def _is_amounts(text: str) -> bool:
    return not text or all(each.isascii() and each.isdigit() for each in text.split(","))


def _is_changes(text: str) -> bool:
    try:
        priors.read_changes(text)
    except ValueError:
        return False
    return True
