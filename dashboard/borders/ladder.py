"""A basket between two borders: Korea's procedures on one side, duty and tax of the destination on the other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard import formats
from dashboard.borders import rules as read
from dashboard.borders.parcel import regime_names, today_limits
from dashboard.borders.rules import Row
from dashboard.evidence import Evidence
from dashboard.model.markets.landed import LEVIES, Levy, Rule, State, cliffs, is_above_all, state, stretches
from dashboard.model.markets.regime import Parcel, verdict
from dashboard.receipts import Number
from dashboard.tables import Cell, Table

_PERCENT = 100


@dataclass(frozen=True)
class Question:
    """A basket in won for a destination on a day, and how far its exchange rate may be off, in percent."""

    destination_id: str
    place: str
    basket_krw: float
    day: date
    band_percent: float


@dataclass(frozen=True)
class Answer:
    """The chart's texts, bands and table, and sentences that stand below it."""

    heading: str
    subtitle: str
    bands: pd.DataFrame
    basket_label: str
    table: Table
    notes: list[str]
    cites: list[Number]
    above_all: str  # a sentence where the basket exceeds every limit and threshold, else empty


class Ladder:
    """One question against the rules and limits of its day."""

    def __init__(
        self,
        question: Question,
        rules: Sequence[Row],
        rates: Sequence[Row],
        limits: pd.DataFrame,
        evidence: Evidence,
    ) -> None:
        """`rules` are those of the destination in force on the day, once each; `limits` is `store.limits_in_force`."""
        self.asked, self.evidence, self.words = question, evidence, evidence.words
        self.rules = read.of_parcels(rules)
        self.rates: Mapping[str, Row] = {row["currency"]: row for row in rates}
        self.limits, self.limit_numbers = today_limits(limits, question.day, evidence)
        self.modelled = {
            row["rule_id"]: read.for_model(row, self.rates, question.band_percent / _PERCENT)
            for row in self.rules
        }
        _ = self.words.gettext
        self.basket = evidence.derived(
            _("Value of the basket"), question.basket_krw, "KRW", "", significant=None, kind="assumed"
        )
        self.band = evidence.derived(
            _("Band of the exchange rate"),
            question.band_percent,
            "percent",
            "",
            significant=None,
            kind="assumed",
        )

    def answer(self) -> Answer:
        """All that the page shows."""
        table, bands = self._rows()
        return Answer(
            heading=self._heading(),
            subtitle=self._subtitle(),
            bands=bands,
            basket_label=self._filled(self.words.gettext("this basket: {basket}")),
            table=table,
            notes=self._notes(),
            cites=[self.basket, self.band, *self._rate_numbers()],
            above_all=self._above_all(),
        )

    def this_basket(self) -> dict[str, str]:
        """What each rule that a parcel can meet does with the basket, by rule id."""
        return {
            row["rule_id"]: ", ".join(self._state_phrase(levy, self._state(row, levy)) for levy in LEVIES)
            for row in self.rules
        }

    def _above_all(self) -> str:
        _ = self.words.gettext
        if not is_above_all(self.asked.basket_krw, cliffs(self.modelled.values(), self.limits)):
            return ""
        return self._filled(
            _(
                "{basket} lies above every limit and threshold here: a formal declaration in Korea, and abroad whatever is levied on the full value."
            )
        )

    def _filled(self, message: str, **more: object) -> str:
        return self.words.fill(message, basket=self.basket, place=self.asked.place, **more)

    def _state(self, row: Row, levy: Levy) -> State:
        rule: Rule = self.modelled[row["rule_id"]]
        return state(self.asked.basket_krw, rule.terms(levy), rule.rate)

    def _state_phrase(self, levy: Levy, found: State) -> str:
        _ = self.words.gettext
        phrases: dict[tuple[Levy, State], str] = {
            ("duty", "free"): _("no duty"),
            ("duty", "due"): _("duty levied"),
            ("duty", "depends"): _("duty by the exchange rate of the day"),
            ("duty", "unknown"): _("duty not known"),
            ("tax", "free"): _("no consumption tax"),
            ("tax", "due"): _("consumption tax levied"),
            ("tax", "depends"): _("consumption tax by the exchange rate of the day"),
            ("tax", "unknown"): _("consumption tax not known"),
        }
        return phrases[levy, found]

    def _korean(self) -> str:
        return regime_names(self.words)[verdict(Parcel(self.asked.basket_krw), self.limits).regime]

    def _heading(self) -> str:
        _ = self.words.gettext
        found = {tuple(self._state(row, levy) for levy in LEVIES) for row in self.rules}
        if not found:
            return self._filled(_("{place}, {basket}: {regime} in Korea"), regime=self._korean())
        if len(found) > 1:
            return self._filled(
                _(
                    "{place}, {basket}: {regime} in Korea; what is levied at its border depends on route and goods"
                ),
                regime=self._korean(),
            )
        (duty, tax) = found.pop()
        return self._filled(
            _("{place}, {basket}: {regime} in Korea; {duty}, {tax} at its border"),
            regime=self._korean(),
            duty=self._state_phrase("duty", duty),
            tax=self._state_phrase("tax", tax),
        )

    def _subtitle(self) -> str:
        _ = self.words.gettext
        on = self.words.fill(
            _("Limits of Korea (FOB) and import thresholds ({place}) on {day}, by value of the basket"),
            place=self.asked.place,
            day=formats.date(self.asked.day, self.words.lang),
        )
        said = [
            self.words.fill(
                _("{rate} (average of {period}, ± {band})"),
                rate=number,
                period=formats.period(self.rates[currency]["period"], self.words.lang),
                band=self.band,
            )
            for currency, number in self._rates().items()
        ]
        return ". ".join([on, *said])

    def _rates(self) -> dict[str, Number]:
        """The rates that a threshold is turned into won by, by currency."""
        used = dict.fromkeys(
            row["currency"]
            for row in self.rules
            if "up_to" in {row["duty_relief"], row["tax_relief"]} and row["currency"] in self.rates
        )
        return {each: self.evidence.number(self.rates[each], each) for each in used}

    def _rate_numbers(self) -> list[Number]:
        return list(self._rates().values())

    def _rows(self) -> tuple[Table, pd.DataFrame]:
        """The table, and the bands of the chart: what stands in one stands in the other."""
        _ = self.words.gettext
        bands: list[dict[str, object]] = []
        cells: list[dict[str, Cell]] = []
        names = [
            _("Rule"),
            _("Free or open up to"),
            _("In won"),
            _("At the lowest rate"),
            _("At the highest rate"),
            _("This basket"),
        ]
        self._korean_rows(bands, cells, names)
        for row in self.rules:
            alike = read.terms(row, "duty") == read.terms(row, "tax")
            for levy in LEVIES[:1] if alike else LEVIES:
                name = read.together(self.words) if alike else read.levy_names(self.words)[levy]
                self._levy_row(row, levy, name, bands, cells, names)
        return Table({name: [row[name] for row in cells] for name in names}), pd.DataFrame(bands)

    def _korean_rows(
        self, bands: list[dict[str, object]], cells: list[dict[str, Cell]], names: Sequence[str]
    ) -> None:
        _ = self.words.gettext
        regimes, korea = regime_names(self.words), _("Korea, export")
        here = verdict(Parcel(self.asked.basket_krw), self.limits).regime
        low = 0.0
        for regime, limit in (
            ("list_clearance", self.limits.list_clearance_krw),
            ("simplified", self.limits.simplified_krw),
            ("formal", math.inf),
        ):
            if limit is None:
                continue
            number = self.limit_numbers.get(regime)
            name = regimes[regime]
            text = (
                name
                if number is None
                else self.words.fill(_("{regime}: up to {limit}"), regime=name, limit=number)
            )
            if number is None and low:
                text = self.words.fill(_("{regime}: above that"), regime=name)
            text = f"{text[:1].upper()}{text[1:]}"
            band = {"heading": korea, "name": text, "state": "open", "low_krw": low, "high_krw": limit}
            bands.append(band)
            amount: Cell = number or formats.MISSING
            row: list[Cell] = [f"{korea} · {name}", amount, amount, amount, amount]
            cells.append(
                dict(zip(names, [*row, _("here") if regime == here else formats.MISSING], strict=True))
            )
            low = limit

    def _levy_row(
        self,
        row: Row,
        levy: Levy,
        name: str,
        bands: list[dict[str, object]],
        cells: list[dict[str, Cell]],
        names: Sequence[str],
    ) -> None:
        rule = self.modelled[row["rule_id"]]
        channel = row[f"channel_{self.words.lang}"]
        heading = self._heading_of(row)
        text = f"{name}: {read.terms_text(row, levy, self.evidence)}"
        amounts: list[Cell] = [formats.MISSING] * 3
        up_to: Cell = read.terms_text(row, levy, self.evidence)
        if row[f"{levy}_relief"] == "up_to":
            up_to = read.threshold(row, levy, self.evidence)
            if rule.rate is not None:
                low, middle, high = (
                    read.in_won(row, levy, krw, self.rates[row["currency"]], self.band, self.evidence)
                    for krw in rule.rate.krw(row[f"{levy}_free_up_to"])
                )
                amounts = [middle, low, high]
                text = f"{text} ({middle})"
        bands.extend(
            {
                "heading": heading,
                "name": text,
                "state": each.state,
                "low_krw": each.low_krw,
                "high_krw": each.high_krw,
            }
            for each in stretches(rule.terms(levy), rule.rate)
        )
        here = self.state_names()[self._state(row, levy)]
        cells.append(dict(zip(names, [f"{channel} · {name}", up_to, *amounts, here], strict=True)))

    def _heading_of(self, row: Row) -> str:
        """The place and the way of a rule, and how it stands unless it is simply in force."""
        channel = row[f"channel_{self.words.lang}"]
        said = f"{self.asked.place}: {channel}"
        return said if row["status"] in {"in_force", "ended"} else f"{said} ({read.status(row, self.words)})"

    def state_names(self) -> dict[State, str]:
        """The states as a cell says them."""
        _ = self.words.gettext
        return {
            "free": _("free"),
            "due": _("levied"),
            "depends": _("depends on the rate of the day"),
            "unknown": _("not known"),
        }

    def _notes(self) -> list[str]:
        _ = self.words.gettext
        notes = [
            _(
                "Filled: open or free. Hollow: levied. Hatched: free or levied by the exchange rate of the day. Dotted: not known. "
                "In Korea for goods without drawback and confirmation."
            ),
            _(
                "The basket is compared as it is. Where a rule counts freight and insurance, or the retail price, the table below says so."
            ),
        ]
        return [*notes, read.no_advice(self.words)]


def without_rules(question: Question, evidence: Evidence) -> str:
    """What to say where no rule of a destination is known for the day."""
    words = evidence.words
    _ = words.gettext
    return words.fill(
        _(
            "No import rule of {place} is known here for {day}. Korea’s own side still holds; choose another day or destination for both."
        ),
        place=question.place,
        day=formats.date(question.day, words.lang),
    )
