"""How large markets are: all that internet users spend on the item, what of it is bought abroad online, what one seller can win."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from dashboard import formats
from dashboard.i18n import Words
from dashboard.markets.known import Known
from dashboard.model.markets import sizing as model
from dashboard.model.markets.sizing import Chain, Factor, Kind, Sized
from dashboard.model.summaries import Summary
from dashboard.receipts import Input, Number
from dashboard.tables import Cell, Table

STAGES = ("TAM", "SAM", "SOM")
ASSUMED = ("spend", "online", "abroad", "won")
PUBLISHED = ("population", "internet_users", "gdp_per_head")
_SEED = 20260627
_DRAWS = 2_000
_HUNDRED = 100.0
_SMALLEST = 0.001  # as a share of a figure: the range of a factor that is known well


@dataclass(frozen=True)
class Guess:
    """The least, the most likely and the most of a factor, in percent."""

    low: float
    mid: float
    high: float

    def moved(self, mid: float) -> "Guess":
        """The same range in proportion around another middle."""
        return Guess(self.low * mid / self.mid, mid, min(self.high * mid / self.mid, _HUNDRED))


class Sizing:
    """Chains of factors of the chosen markets, their draws and what moves them."""

    def __init__(
        self,
        known: Known,
        destinations: Sequence[str],
        guesses: Mapping[str, Guess],
        assumed: Mapping[str, float],
        scaled: Mapping[str, float] | None = None,
    ) -> None:
        """`guesses` by `ASSUMED`; `assumed` are the errors of figures by parameter; `scaled` multiplies published factors.

        SizingError where no market is left.
        """
        self.known, self.words, self.evidence = known, known.words, known.evidence
        self.guesses, self._assumed = guesses, assumed
        self._scaled = {name: (scaled or {}).get(name, 1.0) for name in PUBLISHED}
        lacking = without(known, destinations)
        self.destinations = [each for each in destinations if each not in lacking]
        self.chains = [self._chain(each) for each in self.destinations]
        self._summaries: dict[tuple[str, str | None], Summary] = {}
        self._lines: dict[str | None, tuple[Input, ...]] = {}
        self.sized: Sized = model.size(self.chains, np.random.default_rng(_SEED), _DRAWS)

    def _chain(self, destination_id: str) -> Chain:
        population, users, income = (self._published(destination_id, name) for name in PUBLISHED)
        spend, online, abroad, won = (self._guess(name) for name in ASSUMED)
        return Chain(
            destination_id,
            {"TAM": (population, users, income, spend), "SAM": (online, abroad), "SOM": (won,)},
        )

    def _published(self, destination_id: str, column: str) -> Factor:
        """A figure with the range that its grade bears; a share stays a share."""
        cell = self.known.cell(destination_id, column)
        if cell is None:
            raise KeyError(column)
        scale = self._scaled[column]
        value = float(cell["value"]) * scale
        off = max(2 * self._assumed[f"market.error.{cell['grade']}"], _SMALLEST)
        low, high = value * (1 - off), value * (1 + off)
        if column == "internet_users":
            value, low, high = (min(each, _HUNDRED) / _HUNDRED for each in (value, low, high))
        kind: Kind = "published" if cell["evidence"] == "published" else "derived"
        if scale != 1:
            kind = "assumed"
        return Factor(f"{column}:{destination_id}", low, value, high, kind)

    def _guess(self, name: str) -> Factor:
        guess = self.guesses[name]
        return Factor(name, guess.low / _HUNDRED, guess.mid / _HUNDRED, guess.high / _HUNDRED, "assumed")

    def factors_table(self) -> Table:
        """Every factor with its range and where it is from."""
        _ = self.words.gettext
        names = factor_names(self.words)
        rows: list[tuple[str, Cell, Cell, Cell, str]] = []
        for destination_id in self.destinations:
            for column in PUBLISHED:
                factor, number = (
                    self._published(destination_id, column),
                    self.known.number(destination_id, column),
                )
                scale = _HUNDRED if column == "internet_users" else 1.0
                if number is None:
                    continue
                ends = [
                    self._end(number, each * scale, destination_id)
                    for each in (factor.low, factor.mid, factor.high)
                ]
                place = self.known.names[destination_id]
                rows.append(
                    (f"{names[column]} · {place}", ends[0], ends[1], ends[2], _kind(factor.kind, self.words))
                )
        for name in ASSUMED:
            guess = self.guesses[name]
            cells = [self._assumed_number(name, each) for each in (guess.low, guess.mid, guess.high)]
            rows.append((names[name], cells[0], cells[1], cells[2], _kind("assumed", self.words)))
        return Table(
            {
                _("Factor"): [row[0] for row in rows],
                _("Least"): [row[1] for row in rows],
                _("Middle"): [row[2] for row in rows],
                _("Most"): [row[3] for row in rows],
                _("Kind"): [row[4] for row in rows],
            }
        )

    def _end(self, number: Number, value: float, destination_id: str) -> Number:
        _ = self.words.gettext
        return self.evidence.derived(
            f"{number.receipt.label} · {self.known.names[destination_id]}",
            value,
            number.receipt.unit,
            _("figure × your factor × (1 ± twice the error of its grade)"),
            number.receipt.lines(),
            assumptions=self._moved(),
            significant=3,
        )

    def _assumed_number(self, name: str, percent: float) -> Number:
        return self.evidence.derived(
            factor_names(self.words)[name], percent, "percent", "", significant=None, kind="assumed"
        )

    def size_number(
        self, stage: str, which: str, destination_id: str | None = None, *, value: float | None = None
    ) -> Number:
        """A quantile (`p05`, `p50`, `p95`) of a stage, of one market or of all together, in dollars a year."""
        _ = self.words.gettext
        summary = self._summary(stage, destination_id)
        lines = self._behind(destination_id)
        place = self.known.names[destination_id] if destination_id else _("All chosen markets")
        return self.evidence.derived(
            f"{stage_names(self.words)[stage]} · {place}",
            getattr(summary, which) if value is None else value,
            "USD/year",
            _("product of the factors, drawn over their ranges"),
            lines,
            assumptions=self.assumptions(),
            significant=2,
            kind="modelled",
        )

    def _summary(self, stage: str, destination_id: str | None) -> Summary:
        """Quantiles of a stage, computed once."""
        if (stage, destination_id) not in self._summaries:
            self._summaries[stage, destination_id] = self.sized.summary(stage, destination_id)
        return self._summaries[stage, destination_id]

    def _behind(self, destination_id: str | None) -> tuple[Input, ...]:
        """The published figures that a size rests on."""
        if destination_id not in self._lines:
            self._lines[destination_id] = tuple(
                line
                for each in self.destinations
                if destination_id in {None, each}
                for column in PUBLISHED
                if (number := self.known.number(each, column))
                for line in number.receipt.lines()
            )
        return self._lines[destination_id]

    def assumptions(self) -> list[str]:
        """The assumed factors as chosen."""
        _ = self.words.gettext
        names = factor_names(self.words)
        return self._moved() + [
            self.words.fill(
                _("{factor}: {low} to {high}, most likely {mid}"),
                factor=names[name],
                **{
                    end: formats.amount(getattr(guess, end), "percent", self.words.lang, significant=None)
                    for end in ("low", "mid", "high")
                },
            )
            for name, guess in self.guesses.items()
        ]

    def _moved(self) -> list[str]:
        """The published factors that the reader multiplied."""
        _ = self.words.gettext
        names = factor_names(self.words)
        return [
            self.words.fill(
                _("{factor}: {share} of the published figure"),
                factor=names[name],
                share=formats.percent(_HUNDRED * scale, self.words.lang, 0),
            )
            for name, scale in self._scaled.items()
            if scale != 1
        ]

    def table(self) -> Table:
        """A row a market and stage, last all together: median, mean and 90% interval."""
        _ = self.words.gettext
        ids: list[str | None] = [*self.destinations, *([None] if len(self.destinations) > 1 else [])]
        rows = [(each, stage) for each in ids for stage in STAGES]
        stages = stage_names(self.words)
        together = _("All chosen markets together")
        return Table(
            {
                _("Market"): [
                    f"{self.known.names[each] if each else together} · {stages[stage]}"
                    for each, stage in rows
                ],
                **{
                    name: [self.size_number(stage, which, each) for each, stage in rows]
                    for which, name in (
                        ("p05", _("Low (5%)")),
                        ("p50", _("Median")),
                        ("mean", _("Mean")),
                        ("p95", _("High (95%)")),
                    )
                },
            }
        )

    @cached_property
    def bars(self) -> pd.DataFrame:
        """The tornado: name, low_label, high_label, cases_at_low and cases_at_high (dollars of SOM)."""
        names = factor_names(self.words)
        rows = []
        for bar in model.tornado(self.chains):
            column, _colon, destination_id = bar.factor.id.partition(":")
            name = (
                f"{names[column]} · {self.known.names[destination_id]}" if destination_id else names[column]
            )
            scale = 1.0 if column in {"population", "gdp_per_head"} else _HUNDRED
            unit = {"population": "persons", "gdp_per_head": "USD"}.get(column, "percent")
            rows.append(
                {
                    "name": name,
                    "low_label": formats.amount(bar.low * scale, unit, self.words.lang, significant=2),
                    "high_label": formats.amount(bar.high * scale, unit, self.words.lang, significant=2),
                    "low": bar.low * scale,
                    "high": bar.high * scale,
                    "unit": unit,
                    "cases_at_low": bar.size_at_low,
                    "cases_at_high": bar.size_at_high,
                }
            )
        return pd.DataFrame(rows[:_MOST_BARS])

    @cached_property
    def centre(self) -> float:
        """SOM with every factor at its median."""
        return model.at_medians(self.chains)

    def bars_table(self) -> Table:
        """The tornado as a table, and last where its bars begin."""
        _ = self.words.gettext
        rows = self.bars.to_dict("records")

        def factor(row: Mapping[Hashable, Any], end: str) -> Number:
            value, unit = float(row[end]), str(row["unit"])
            return self.evidence.derived(
                str(row["name"]),
                value,
                unit,
                _("quantile of the factor’s range"),
                significant=2,
                kind="assumed",
            )

        def won(end: str) -> list[Cell]:
            column = f"cases_at_{end}"
            found = [self.size_number("SOM", "p50", value=float(row[column])) for row in rows]
            return [*found, self.size_number("SOM", "p50", value=self.centre)]

        return Table(
            {
                _("Factor"): [*(str(row["name"]) for row in rows), _("every factor in its middle")],
                _("Its 5%"): [*(factor(row, "low") for row in rows), formats.MISSING],
                _("Its 95%"): [*(factor(row, "high") for row in rows), formats.MISSING],
                _("What one seller wins at its 5%"): won("low"),
                _("What one seller wins at its 95%"): won("high"),
            }
        )

    def heading(self) -> str:
        """The finding: what one seller can win, and between what and what."""
        _ = self.words.gettext
        low, middle, high = (self.size_number("SOM", each) for each in ("p05", "p50", "p95"))
        return self.words.fill(
            _("One seller can win about {middle}; anything from {low} to {high} is plausible"),
            middle=middle,
            low=low,
            high=high,
        )

    def headline_numbers(self) -> list[Number]:
        """The numbers of the heading."""
        return [self.size_number("SOM", each) for each in ("p05", "p50", "p95")]


_MOST_BARS = 10


def without(known: Known, destinations: Sequence[str]) -> list[str]:
    """The destinations of which a published factor is not known: they have no size."""
    return [each for each in destinations if not all(known.cell(each, column) for column in PUBLISHED)]


def stage_names(words: Words) -> dict[str, str]:
    """Names of the stages."""
    _ = words.gettext
    return dict(
        zip(STAGES, (_("All spending (TAM)"), _("Within reach (SAM)"), _("Can be won (SOM)")), strict=True)
    )


def factor_names(words: Words) -> dict[str, str]:
    """Names of the factors."""
    _ = words.gettext
    return {
        "population": _("Population"),
        "internet_users": _("Internet users"),
        "gdp_per_head": _("GDP per head"),
        "spend": _("Spending on the item, of GDP per head"),
        "online": _("Bought online"),
        "abroad": _("Bought directly from abroad"),
        "won": _("Won by one seller"),
    }


def codes(percents: Iterable[float]) -> list[str]:
    """Percentages as codes for the address, rising, each once, in plain digits."""
    return [f"{each:.6f}".rstrip("0").rstrip(".") for each in sorted(set(percents))]


def percent_name(words: Words) -> Callable[[str], str]:
    """How such a code is read."""
    return lambda code: formats.amount(float(code), "percent", words.lang, significant=None)


def _kind(kind: str, words: Words) -> str:
    _ = words.gettext
    return {"published": _("published"), "derived": _("derived"), "assumed": _("assumed")}[kind]
