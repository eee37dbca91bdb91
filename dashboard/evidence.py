"""From a row of a mart to its receipt: published rows are cited as they are, derived ones with formula and inputs."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from dashboard import receipts
from dashboard.i18n import Words
from dashboard.receipts import Input, Kind, Number, Receipt, Version


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
        """The receipt of a mart row with value, unit, evidence, formula and input_ids."""
        inputs = self.inputs(row["input_ids"])
        if row["evidence"] == "published" and len(inputs) == 1:
            return receipts.published(self._rows[row["input_ids"][0]], self.words, self.version)
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
            value, unit, self.words, receipt, significant=significant, approximate=approximate
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

    def _figure(self, observation_id: str) -> Input:
        if observation_id not in self._cited:
            self._cited[observation_id] = receipts.cited(self._rows[observation_id], self.words)
        return self._cited[observation_id]


def _by_name(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def formula_text(formula: str, words: Words) -> str:
    """A formula of `marts.sql` in the reader's language; KeyError for one that is not translated."""
    _ = words.gettext
    return {
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
        "value at the period’s average rate": _("value at the period’s average rate"),
    }[formula]
