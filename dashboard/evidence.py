"""From a row of a mart to its receipt: published rows are cited as they are, derived ones with formula and inputs."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from dashboard import receipts
from dashboard.i18n import Words
from dashboard.receipts import Input, Kind, Number, Receipt, Version
from dashboard.transform import STEP


class Evidence:
    """What receipts need to know: the figures that may be cited, the reader's language, the versions.

    `figures` is what `store.figures` gives. Read it in once and keep it: citing a figure costs a look-up then.
    """

    def __init__(self, figures: pd.DataFrame, words: Words, version: Version) -> None:
        self.words = words
        self.version = version
        self._rows = {str(row["observation_id"]): _by_name(row) for row in figures.to_dict("records")}
        self._cited: dict[str, Input] = {}

    def receipt(self, row: Mapping[str, Any], label: str = "") -> Receipt:
        """The receipt of a mart row with value, unit, evidence, formula and input_ids: ids, or inputs that are cited already."""
        inputs = self.inputs(row["input_ids"])
        if row["evidence"] == "published" and len(inputs) == 1:
            return receipts.of_published(inputs[0], self.version)
        formula = formula_text(str(row["formula"]), self.words)
        return receipts.derived(
            label or inputs[0].label, row["value"], str(row["unit"]), formula, inputs, self.version
        )

    def number(
        self, row: Mapping[str, Any], label: str = "", *, significant: int | None = 5, signed: bool = False
    ) -> Number:
        """The number of a mart row with its receipt."""
        receipt = self.receipt(row, label)
        return receipts.number(
            receipt.value, receipt.unit, self.words, receipt, significant=significant, signed=signed
        )

    def derived(  # noqa: PLR0913 (all but four are named at each call)
        self,
        label: str,
        value: float | None,
        unit: str,
        formula: str,
        inputs: Iterable[str | Input] = (),
        *,
        assumptions: Iterable[str] = (),
        significant: int | None = 5,
        approximate: bool = False,
        signed: bool = False,
        kind: Kind = "derived",
    ) -> Number:
        """A number computed for a page; `inputs` are ids of published figures and what the reader chose."""
        receipt = receipts.derived(
            label,
            value,
            unit,
            formula,
            self.inputs(inputs),
            self.version,
            assumptions=assumptions,
            kind=kind,
        )
        return receipts.number(
            value, unit, self.words, receipt, significant=significant, approximate=approximate, signed=signed
        )

    def limit(self, row: Mapping[str, Any]) -> Number:
        """A limit in force, from a row of `store.limits_in_force`."""
        _ = self.words.gettext
        label = _("Limit of the simplified export declaration, FOB")
        if row["channel_id"] == "list_clearance":
            label = _("Limit of list clearance, FOB")
        cited = {
            **row,
            "value": row["limit_krw"],
            "unit": "KRW",
            "period": f"{row['valid_from']:%Y-%m-%d}",
            "label": label,
        }
        receipt = receipts.published(cited, self.words, self.version)
        return receipts.number(float(row["limit_krw"]), "KRW", self.words, receipt, significant=None)

    def inputs(self, named: Iterable[str | Input]) -> tuple[Input, ...]:
        """The published figures named by id, once each, in order; what is an input already stays one."""
        return tuple(each if isinstance(each, Input) else self._figure(each) for each in dict.fromkeys(named))

    def series_behind(self, receipts: Iterable[Receipt]) -> list[str]:
        """The series whose published figures these receipts rest on, in order; rates of exchange belong to none."""
        named = (line.figure_id for receipt in receipts for line in receipt.inputs if line.figure_id)
        found = (self._rows[each].get("series_id") for each in dict.fromkeys(named))
        return list(dict.fromkeys(each for each in found if isinstance(each, str)))

    def published(self, series_ids: Collection[str]) -> pd.DataFrame:
        """Every published figure of these series with its source, preferred or not, as the warehouse holds it."""
        rows = [row for row in self._rows.values() if row.get("series_id") in series_ids]
        order = ["series_id", "metric_id", "period_start", "period_end", "observation_id"]
        return pd.DataFrame(rows).dropna(axis="columns", how="all").sort_values(order, ignore_index=True)

    def _figure(self, observation_id: str) -> Input:
        if observation_id not in self._cited:
            self._cited[observation_id] = receipts.cited(self._rows[observation_id], self.words)
        return self._cited[observation_id]


def _by_name(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def formula_text(formula: str, words: Words) -> str:
    """A formula of `marts.sql` in the reader's language, step by step; KeyError for one that is not translated."""
    _ = words.gettext
    known = {
        "": "",
        "value / cases": _("value / cases"),
        "part / total": _("part / total"),
        "member / its share": _("member / its share"),
        "level / (1 + growth)": _("level / (1 + growth)"),
        "level a year earlier × (1 + growth)": _("level a year earlier × (1 + growth)"),
        "level / level a year earlier − 1": _("level / level a year earlier − 1"),
        "longer period − shorter period": _("longer period − shorter period"),
        "all channels − published channel": _("all channels − published channel"),
        "share × total": _("share × total"),
        "level / level of the base period × 100": _("level / level of the base period × 100"),
        "(last / first)^(1 / years) − 1": _("(last / first)^(1 / years) − 1"),
        "100 − published shares": _("100 − published shares"),
        "level / earlier level − 1": _("level / earlier level − 1"),
        "rank then − rank now": _("rank then − rank now"),
        "value at the period’s average rate": _("value at the period’s average rate"),
        "online direct sales as then published / value of the release": _(
            "online direct sales as then published / value of the release"
        ),
        "implied rate / average rate − 1": _("implied rate / average rate − 1"),
        "new basis / old basis": _("new basis / old basis"),
        "basis of 2021 / later basis": _("basis of 2021 / later basis"),
        "first half, basis of 2021 / whole year, later basis": _(
            "first half, basis of 2021 / whole year, later basis"
        ),
        "list clearance + declarations": _("list clearance + declarations"),
        "customs total − declarations of all firms": _("customs total − declarations of all firms"),
        "(customs total − declarations of all firms) / customs total": _(
            "(customs total − declarations of all firms) / customs total"
        ),
        "online direct sales / ratio / average rate": _("online direct sales / ratio / average rate"),
        "value at the average rate of the base year": _("value at the average rate of the base year"),
        "level / level of the base period − 1": _("level / level of the base period − 1"),
        "level / level of the period before − 1": _("level / level of the period before − 1"),
        "level − level a year earlier": _("level − level a year earlier"),
        "level − level of the period before": _("level − level of the period before"),
        "value × price index of the base year / price index of the year": _(
            "value × price index of the base year / price index of the year"
        ),
        "index / index of the linking year × index of the linking year on the new base": _(
            "index / index of the linking year × index of the linking year on the new base"
        ),
    }
    known |= {
        "sum of the destinations": _("sum of the destinations"),
        "value / working days of the month": _("value / working days of the month"),
        "weekdays without public holidays + Saturdays / 2": _(
            "weekdays without public holidays + Saturdays / 2"
        ),
        "median over the years of month / centred mean of a year": _(
            "median over the years of month / centred mean of a year"
        ),
        "won per dollar / units per dollar": _("won per dollar / units per dollar"),
        "population × internet users × GDP per head": _("population × internet users × GDP per head"),
        "sum of the HS codes": _("sum of the HS codes"),
        "exports of Korea / imports from the world": _("exports of Korea / imports from the world"),
        "value now / first print − 1": _("value now / first print − 1"),
        "day of the newest vintage − day of the first": _("day of the newest vintage − day of the first"),
    }
    return STEP.join(known[step] for step in formula.split(STEP))
