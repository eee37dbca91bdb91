"""Markets ranked for a seller: criteria from what is known, open weights, floors, reasons in words, and how sure the places are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard import formats
from dashboard.borders import rules as read
from dashboard.evidence import Evidence
from dashboard.markets.criteria import CRITERIA, criterion_names, method_names
from dashboard.markets.known import Known
from dashboard.model.arrays import FloatArray
from dashboard.model.markets import ranking as model
from dashboard.model.markets.ranking import (
    Certainty,
    Criteria,
    Doubt,
    Floor,
    Floored,
    Method,
    Scored,
    WeightsError,
)
from dashboard.receipts import Number, Statement
from dashboard.tables import Cell, Table

# Which column of the market table a criterion is; ease is computed from the rules.
_COLUMNS = {
    "size": "online_income",
    "growth": "item_growth",
    "position": "item_exports",
    "value_per_case": "ecommerce_value_per_case",
    "concentration": "item_share",
}
FLOORS = {"users": "population", "exports": "item_exports"}
_SEED = 20260626
_TOP = 3
_STRONG, _WEAK = 2 / 3, 1 / 3  # of the places from the last to the first
_SURE, _LIKELY = 0.8, 0.5
_LEAST_KNOWN = 2 / 3  # of the weight
_FEWEST = 2  # markets that a criterion must be known of
_HUNDRED = 100.0


@dataclass(frozen=True)
class Wishes:
    """What a reader weighs: weights by criterion, the way to one scale, and the least that a market must have."""

    weights: Mapping[str, float]
    method: Method = "min-max"
    least_people: float = 0.0
    least_exports_usd: float = 0.0


class Ranking:
    """The markets in order; WeightsError where all weights are zero, or only what is hardly known has one."""

    def __init__(self, known: Known, wishes: Wishes, assumptions: Mapping[str, float]) -> None:
        """`assumptions` are those of the set `market` by parameter."""
        self.known, self.wishes, self._assumed = known, wishes, assumptions
        self.evidence: Evidence = known.evidence
        self.words = known.words
        floors = [
            floor
            for floor in (Floor("users", wishes.least_people), Floor("exports", wishes.least_exports_usd))
            if floor.least > 0
        ]
        above, self.floored = model.above_floors(self._all, floors)
        asked = {name: wishes.weights.get(name, 0.0) for name in CRITERIA}
        model.checked_weights(asked, CRITERIA)
        # A criterion that is known of one market, or of none, tells no two apart.
        counted = (~np.isnan(self._all.values)).sum(axis=0)
        tells = {name: count >= _FEWEST for name, count in zip(self._all.names, counted, strict=True)}
        self.idle = [name for name in CRITERIA if asked[name] > 0 and not tells[name]]
        self.weights = {name: weight if tells[name] else 0.0 for name, weight in asked.items()}
        if not any(self.weights.values()):
            raise WeightsError(
                "가중치를 준 기준은 두 곳 이상의 시장에서 알려져 있지 않아 순위를 매길 수 없습니다. 다른 기준에 가중치를 주십시오.",
                "What has a weight is known of fewer than two markets, so nothing can be ranked. Give another criterion a weight.",
            )
        weights = self.weights
        weighed = np.array([weights.get(name, 0.0) for name in above.names])
        known_weight = np.where(np.isnan(above.values), 0.0, weighed).sum(axis=1) / weighed.sum()
        # A market of which little is known would be scored on that little: it is listed, not ranked.
        is_known = known_weight >= _LEAST_KNOWN
        self.thin = [each for each, stays in zip(above.destinations, is_known, strict=True) if not stays]
        self.criteria = above.only(is_known)
        self.scored: Scored = (
            model.scored(self.criteria, weights, wishes.method) if is_known.any() else _nobody(above.names)
        )

    @property
    def order(self) -> Sequence[str]:
        """The destinations that are ranked, best first."""
        return self.scored.destinations

    @cached_property
    def _all(self) -> Criteria:
        ids = tuple(self.known.names)
        values = np.array(
            [
                [self._figure(each, name) for name in CRITERIA]
                + [self._value(each, column) for column in FLOORS.values()]
                for each in ids
            ],
            dtype=np.float64,
        ).reshape(len(ids), len(CRITERIA) + len(FLOORS))
        lower = np.array([name == "concentration" for name in (*CRITERIA, *FLOORS)])
        return Criteria(ids, (*CRITERIA, *FLOORS), values, lower)

    def _figure(self, destination_id: str, criterion: str) -> float:
        if criterion == "ease":
            ease = self.known.ease(destination_id)
            return np.nan if ease is None else ease
        if criterion == "growth" and not self.known.is_newest(destination_id, _COLUMNS[criterion]):
            return np.nan  # growth of another year is not comparable
        return self._value(destination_id, _COLUMNS[criterion])

    def _value(self, destination_id: str, column: str) -> float:
        value = self.known.value(destination_id, column)
        return np.nan if value is None else value

    @cached_property
    def certainty(self) -> Mapping[str, Certainty]:
        """How sure each place is when weights and figures vary, by destination."""
        if not self.order:
            return {}
        found = model.rank_certainty(
            self.criteria,
            self.weights,
            Doubt(self._errors(), frozenset({"growth", "ease"})),
            np.random.default_rng(_SEED),
            method=self.wishes.method,
        )
        return {each.destination: each for each in found}

    def _errors(self) -> FloatArray:
        errors = np.zeros(self.criteria.values.shape)
        for place, destination_id in enumerate(self.criteria.destinations):
            for column, name in enumerate(self.criteria.names):
                cell = self.known.cell(destination_id, {**_COLUMNS, **FLOORS}.get(name, ""))
                if name == "growth":
                    errors[place, column] = self._assumed["market.error_growth"]
                elif cell is not None:
                    # an older figure is as uncertain as one of the lowest grade
                    is_old = not self.known.is_newest(destination_id, {**_COLUMNS, **FLOORS}[name])
                    grade = "C" if is_old else cell["grade"]
                    errors[place, column] = self._assumed[f"market.error.{grade}"]
        return errors

    def number(self, destination_id: str, criterion: str) -> Number | None:
        """The figure behind a criterion."""
        if criterion == "ease":
            return self.known.ease_number(destination_id)
        if np.isnan(self._figure(destination_id, criterion)):
            return None
        return self.known.number(destination_id, _COLUMNS[criterion])

    def score(self, destination_id: str) -> Number:
        """The score with the formula; from 0 to 100, or in standard deviations as z-score."""
        _ = self.words.gettext
        place = self.order.index(destination_id)
        return self.evidence.derived(
            self.words.fill(_("Score · {place}"), place=self.known.names[destination_id]),
            self._shown(float(self.scored.scores[place])),
            "",
            _("mean of the normalised criteria under their weights, over what is known"),
            [
                line
                for name in CRITERIA
                if self.weights[name] > 0 and (number := self.number(destination_id, name))
                for line in number.receipt.lines()
            ],
            assumptions=[self._weights_text()],
            significant=3,
        )

    def _shown(self, score: float) -> float:
        return score if self.wishes.method == "z-score" else score * _HUNDRED

    def in_top(self, destination_id: str) -> Number:
        """The share of draws in which a market is among the first three."""
        _ = self.words.gettext
        return self._modelled(
            self.words.fill(_("Among the first three · {place}"), place=self.known.names[destination_id]),
            _HUNDRED * self.certainty[destination_id].in_top,
            "percent",
            destination_id,
        )

    def in_top_said(self, destination_id: str) -> Number:
        """The same as a sentence's part: in the first three in so many of the draws."""
        _ = self.words.gettext
        number = self.in_top(destination_id)
        return replace(
            number, text=self.words.fill(_("in the first three in {share} of draws"), share=number)
        )

    def _modelled(self, label: str, value: float, unit: str, destination_id: str) -> Number:
        _ = self.words.gettext
        return self.evidence.derived(
            label,
            value,
            unit,
            _("share of draws in which weights and figures vary"),
            self.score(destination_id).receipt.lines(),
            assumptions=[
                self._weights_text(),
                _(
                    "weights vary around the chosen ones; how far figures may be off is our judgement by grade"
                ),
            ],
            significant=2,
            kind="modelled",
        )

    def _weights_text(self) -> str:
        _ = self.words.gettext
        names = criterion_names(self.words)
        said = ", ".join(
            f"{names[name]} {formats.amount(self.weights[name], '', self.words.lang)}" for name in CRITERIA
        )
        return self.words.fill(
            _("weights: {weights}; {method}"),
            weights=said,
            method=method_names(self.words)[self.wishes.method],
        )

    def frame(self, most: int | None = None) -> pd.DataFrame:
        """What the chart draws: name, score, in_top, p05, p95, best first."""
        shown = self.order[:most]
        return pd.DataFrame(
            {
                "name": [self.known.names[each] for each in shown],
                "score": [self._shown(float(score)) for score in self.scored.scores[: len(shown)]],
                "in_top": [self.certainty[each].in_top for each in shown],
                "p05": [self.certainty[each].p05 for each in shown],
                "p95": [self.certainty[each].p95 for each in shown],
            }
        )

    def table(self, most: int | None = None) -> Table:
        """A row a market: score, certainty, and the figure behind each criterion that weighs something."""
        _ = self.words.gettext
        shown = self.order[:most]
        names = criterion_names(self.words)
        low, high = _("Best rank (5%)"), _("Worst rank (95%)")
        columns: dict[str, Sequence[Cell]] = {
            _("Destination"): [self.known.names[each] for each in shown],
            _("Score"): [self.score(each) for each in shown],
            _("In the first three"): [self.in_top(each) for each in shown],
            low: [self._modelled(low, self.certainty[each].p05, "", each) for each in shown],
            high: [self._modelled(high, self.certainty[each].p95, "", each) for each in shown],
            _("Weight that is known"): [self._weight_known(each) for each in shown],
        }
        for name in CRITERIA:
            if self.weights[name] > 0:
                columns[names[name]] = [self.number(each, name) or formats.MISSING for each in shown]
        return Table(columns)

    def _weight_known(self, destination_id: str) -> Number:
        _ = self.words.gettext
        place = self.order.index(destination_id)
        return self.evidence.derived(
            _("Weight that is known"),
            _HUNDRED * float(self.scored.weight_known[place]),
            "percent",
            _("weight of the criteria that are known of a market, over all weight"),
            assumptions=[self._weights_text()],
            significant=3,
        )

    def reasons(self, destination_id: str) -> Statement:
        """Why a market stands where it does, and how sure that is."""
        _ = self.words.gettext
        names = criterion_names(self.words)
        row = self.criteria.destinations.index(destination_id)
        # by rank whatever the scale, so that one giant does not make all others look weak
        ranks = model.normalised(self.criteria.values, self.criteria.lower_is_better, "rank")[row]
        points = {
            name: float(ranks[column])
            for column, name in enumerate(self.criteria.names)
            if self.weights.get(name, 0) > 0
        }
        cites: list[Number] = []

        def named(chosen: Sequence[str]) -> str:
            said = []
            for name in chosen:
                number = self.number(destination_id, name)
                if number is not None:
                    cites.append(number)
                    words = self._ease_text(destination_id) if name == "ease" else str(number)
                    said.append(f"{names[name]} ({words})")
            return ", ".join(said)

        by_weight = sorted(points, key=lambda name: -self.weights[name])
        strong = named([name for name in by_weight if points[name] >= _STRONG])
        weak = named([name for name in by_weight if points[name] <= _WEAK])
        missing = ", ".join(names[name] for name in by_weight if np.isnan(points[name]))
        said = []
        if strong:
            said.append(self.words.fill(_("Ahead in: {strong}."), strong=strong))
        if weak:
            said.append(self.words.fill(_("Behind in: {weak}."), weak=weak))
        if missing:
            said.append(self.words.fill(_("Not known: {missing}."), missing=missing))
        if not strong and not weak:
            said.append(_("Middling in all that is known."))
        cites.append(self._weight_known(destination_id))
        return Statement(" ".join([self.how_sure(destination_id), *said]), tuple(cites))

    def _ease_text(self, destination_id: str) -> str:
        """The ease of entry in words."""
        _ = self.words.gettext
        states = self.known.states(destination_id)
        if states["duty"] == states["tax"] == "free":
            return _("neither duty nor consumption tax on the parcel")
        if states["duty"] == states["tax"] == "due":
            return _("duty and consumption tax on the parcel")
        texts = {
            "free": _("none"),
            "due": _("due"),
            "depends": _("depends on the rate of the day"),
            "unknown": _("not known"),
        }
        names = read.levy_names(self.words)
        return ", ".join(f"{names[levy]}: {texts[each]}" for levy, each in states.items())

    def how_sure(self, destination_id: str) -> str:
        """How certain the place among the first three is, in words."""
        _ = self.words.gettext
        share = self.certainty[destination_id].in_top
        if share >= _SURE:
            return _("Its place is quite certain.")
        if share >= _LIKELY:
            return _("Its place is likely, not certain.")
        return _("Its place is open: small changes of weights or figures move it.")

    def heading(self) -> str:
        """The finding: the first three, and whether their places hold."""
        _ = self.words.gettext
        first = [self.known.names[each] for each in self.order[:_TOP]]
        if len(self.order) == 1:
            return self.words.fill(
                _("Only {place} is left: with one market there is nothing to rank"), place=first[0]
            )
        sure = sum(self.certainty[each].in_top >= _SURE for each in self.order[:_TOP])
        listed = ", ".join(first)
        if sure == len(first):
            return self.words.fill(_("{places} lead, and their places hold"), places=listed)
        if sure:
            return self.words.fill(_("{places} lead; not every place is certain"), places=listed)
        return self.words.fill(_("{places} lead, but none of the places is certain"), places=listed)

    def not_weighed(self) -> str:
        """Which criteria have a weight and tell no two markets apart."""
        _ = self.words.gettext
        names = criterion_names(self.words)
        message = _("Not weighed because fewer than two markets have a figure: {criteria}.")
        return self.words.fill(message, criteria=", ".join(names[each] for each in self.idle))

    @property
    def is_missing_what_matters(self) -> bool:
        """Whether what weighs most could not be weighed."""
        asked = self.wishes.weights
        return max(asked, key=asked.__getitem__) in self.idle

    def left_out(self) -> list[str]:
        """What is not weighed and who is not ranked, and why; a sentence each, none where nothing is left out."""
        _ = self.words.gettext
        said = [self.not_weighed()] if self.idle else []
        for reason, message in (
            ("below", _("Below the floor, not ranked: {places}.")),
            ("missing", _("Not ranked because the figure that the floor asks for is missing: {places}.")),
        ):
            places = [self.known.names[each.destination] for each in self.floored if each.reason == reason]
            if places:
                said.append(self.words.fill(message, places=", ".join(places)))
        if self.thin:
            message = _("Not ranked because less than two thirds of what weighs is known of them: {places}.")
            places = [self.known.names[each] for each in self.thin]
            said.append(self.words.fill(message, places=", ".join(places)))
        return said

    def floored_table(self) -> Table:
        """The markets below a floor with the figure and the floor."""
        _ = self.words.gettext
        floors = {"users": (_("Population"), "persons"), "exports": (_("Exports of the item"), "USD")}

        def least(each: Floored) -> Number:
            name, unit = floors[each.criterion]
            return self.evidence.derived(name, each.least, unit, "", significant=None, kind="assumed")

        return Table(
            {
                _("Destination"): [self.known.names[each.destination] for each in self.floored],
                _("Figure"): [
                    self.known.number(each.destination, FLOORS[each.criterion]) or formats.MISSING
                    for each in self.floored
                ],
                _("Floor"): [least(each) for each in self.floored],
                _("What is compared"): [floors[each.criterion][0] for each in self.floored],
            }
        )

    def above_thresholds(self) -> Statement | None:
        """A parcel above every threshold that is known, at any rate within the band; None where one still frees it of something."""
        _ = self.words.gettext
        if any(self._is_freed(each) for each in self.known.names):
            return None
        parcel = self.known.parcel()
        text = self.words.fill(
            _("A parcel of {value} is above every threshold that is known: only where nothing is levied at any value is it free."),
            value=parcel,
        )  # fmt: skip
        return Statement(text, (parcel,))

    def _is_freed(self, destination_id: str) -> bool:
        """Whether a threshold, and not the lack of a levy, may free the parcel of something there."""
        rule, states = self.known.rule(destination_id), self.known.states(destination_id)
        return rule is not None and any(
            rule[f"{levy}_relief"] == "up_to" and state != "due" for levy, state in states.items()
        )


def _nobody(names: tuple[str, ...]) -> Scored:
    """A ranking of no market."""
    none = np.zeros((0, len(names)))
    return Scored((), names, np.zeros(0), none, none, np.zeros(0), ())
