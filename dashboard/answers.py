"""The simulator's answers: bounds on newly qualifying shipments, each with the receipt of what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import pandas as pd

from dashboard import formats, tables
from dashboard.evidence import Evidence
from dashboard.model import bounds
from dashboard.receipts import Input, Number

# By law nothing above this goes by list clearance (art. 55(1)8 of the notice); read from the limits, see `Question.cap_krw`.
HIGHEST_KRW = 10_000_000
STEP_KRW = 100_000
_SWEEP_KRW = 200_000
_CONVERTED_DIGITS = 3


@dataclass(frozen=True)
class Question:
    """What is asked: which shipments, and from which limit to which.

    `population` is a row of mart.population, `list_share` the share of value that goes by list clearance (None where the
    population holds none or where it is published), `cap_krw` the limit of list clearance.
    """

    population: dict[str, Any]
    old_krw: int
    new_krw: int
    cap_krw: int
    list_share: float | None = None

    @property
    def value_krw(self) -> float:
        """Value of all shipments of the population in the year, won."""
        return float(self.population["value_krw"])

    @property
    def is_declared(self) -> bool:
        """Whether list clearance is out of the population already."""
        return bool(self.population["channel_id"] == "declared")

    @property
    def is_list_value_published(self) -> bool:
        """Whether the value by list clearance is published for this population."""
        return bool(pd.notna(self.population["list_clearance_value_krw"]))

    @property
    def needs_list_share(self) -> bool:
        """Whether the value by list clearance has to be assumed."""
        return not (self.is_declared or self.is_list_value_published)

    def with_list_share(self, percent: int) -> Self:
        """The same question with an assumed share of value by list clearance, in percent."""
        return replace(self, list_share=percent / 100)

    @property
    def list_value_krw(self) -> float:
        """Value by list clearance, won: none, published, or assumed by share."""
        if self.is_declared:
            return 0.0
        if self.is_list_value_published:
            return float(self.population["list_clearance_value_krw"])
        return self.value_krw * (self.list_share or 0.0)


@dataclass(frozen=True)
class Answer:
    """The bounds of one question, in shipments a year."""

    assumption_free: Number
    list_clearance_capped: Number
    share_of_cases: Number


def answer(question: Question, assumption: str, evidence: Evidence) -> Answer:
    """Upper bounds: with no assumption, with list clearance taken out, and the first as a share of all cases.

    `assumption` states the share of list clearance where it is assumed.
    """
    words = evidence.words
    _ = words.gettext
    population = question.population
    free = bounds.assumption_free(question.value_krw, question.old_krw, question.new_krw)
    capped = bounds.list_clearance_capped(
        question.value_krw, question.list_value_krw, question.old_krw, question.new_krw, question.cap_krw
    )
    assumed = (assumption,) if question.needs_list_share else ()
    inputs = list(population["input_ids"])
    if question.is_list_value_published and not question.is_declared:
        inputs += list(population["list_clearance_input_ids"])
    is_exact = population["value_krw_evidence"] == "published"
    limits = _chosen(question, evidence)
    return Answer(
        evidence.derived(
            _("Newly qualifying, at most"), free.cases, "cases", _("value of all shipments / old limit"),
            [*population["input_ids"], *limits], significant=None if is_exact else _CONVERTED_DIGITS, approximate=not is_exact,
        ),
        evidence.derived(
            _("Newly qualifying with list clearance taken out, at most"), capped.cases, "cases",
            _("(value of all shipments − value by list clearance) / old limit"), [*inputs, *limits],
            assumptions=assumed, significant=_CONVERTED_DIGITS, approximate=True,
        ),
        evidence.derived(
            _("Share of all shipments, at most"), 100 * free.cases / float(population["cases"]), "percent",
            _("value of all shipments / old limit / shipments"), [*population["input_ids"], *limits], significant=2,
        ),
    )  # fmt: skip


def limit_steps(lowest_krw: int) -> list[str]:
    """The limits that a reader may choose from, in won as digits."""
    return [str(krw) for krw in range(lowest_krw, HIGHEST_KRW + 1, STEP_KRW)]


def list_shares(judged: Mapping[str, Any]) -> list[str]:
    """The percentages that a reader may choose from, by the assumption's range."""
    return [str(percent) for percent in range(round(100 * judged["low"]), round(100 * judged["high"]) + 1)]


def list_share_default(judged: Mapping[str, Any]) -> str:
    """The lowest share that we hold plausible, in percent: it gives the highest bound."""
    return str(round(100 * judged["p1"]))


def sweep(question: Question) -> pd.DataFrame:
    """The bounds for every new limit from the old one to the highest: new_krw (won), and cases by bound."""
    steps = sorted(
        {*range(question.old_krw, HIGHEST_KRW + 1, _SWEEP_KRW), question.new_krw, HIGHEST_KRW}
        - {question.old_krw}
    )
    value, listed, old = question.value_krw, question.list_value_krw, question.old_krw
    return pd.DataFrame(
        [
            {
                "new_krw": new,
                "assumption_free": bounds.assumption_free(value, old, new).cases,
                "list_clearance_capped": bounds.list_clearance_capped(
                    value, listed, old, new, question.cap_krw
                ).cases,
                "decreasing_density": bounds.decreasing_density(value, old, new).cases,
            }
            for new in steps
        ]
    )


def bound_names(question: Question, evidence: Evidence) -> dict[str, str]:
    """The bounds to draw, with their labels; list clearance has no line of its own where it is out already."""
    _ = evidence.words.gettext
    names = {
        "assumption_free": _("no assumption"),
        "decreasing_density": _("if shipments get rarer with value"),
        "list_clearance_capped": _("list clearance taken out"),
    }
    if question.is_declared:
        del names["list_clearance_capped"]
    return names


def sweep_table(question: Question, assumption: str, evidence: Evidence) -> tables.Table:
    """The sweep as a table: a row a new limit, a column a bound."""
    words = evidence.words
    _ = words.gettext
    formulas = {
        "assumption_free": _("value of all shipments / old limit"),
        "list_clearance_capped": _("(value of all shipments − value by list clearance) / old limit"),
        "decreasing_density": _(
            "2 × value × (reach − old limit) / reach², reach = new limit, at most twice the old one"
        ),
    }
    assumptions = {
        "assumption_free": (),
        "list_clearance_capped": (assumption,) if question.needs_list_share else (),
        "decreasing_density": (_("Shipments get rarer as their value rises"),),
    }
    swept = sweep(question)
    limits = _chosen(question, evidence)[:1]
    columns: dict[str, list[tables.Cell]] = {
        _("New limit"): [formats.amount(new, "KRW", words.lang, significant=None) for new in swept["new_krw"]]
    }
    for bound, name in bound_names(question, evidence).items():
        columns[words.fill(_("At most: {bound}"), bound=name)] = [
            evidence.derived(
                name, cases, "cases", formulas[bound], [*question.population["input_ids"], *limits],
                assumptions=assumptions[bound], significant=4,
            )
            for cases in swept[bound]
        ]  # fmt: skip
    return tables.Table(columns)


def _chosen(question: Question, evidence: Evidence) -> tuple[Input, ...]:
    _ = evidence.words.gettext
    old = evidence.choice(_("Old limit"), question.old_krw, "KRW")
    new = evidence.choice(_("New limit"), question.new_krw, "KRW")
    return tuple(
        Input(each.receipt.label, each.receipt.value, "KRW", "", kind="assumed") for each in (old, new)
    )


def population_names(populations: pd.DataFrame, evidence: Evidence) -> dict[str, str]:
    """Names of the populations by id, full years only."""
    words = evidence.words
    _ = words.gettext
    kinds = {"ALL": _("customs total {period}"), "declared": _("declared channel {period}")}
    return {
        row["population_id"]: words.fill(
            kinds[row["channel_id"]], period=formats.period(row["period"], words.lang)
        )
        for row in populations.to_dict("records")
    }


def title(question: Question, result: Answer, evidence: Evidence) -> str:
    """The finding: at most so many, from this limit to that."""
    words = evidence.words
    _ = words.gettext
    return words.fill(
        _("From {old} to {new}: at most {cases} a year newly qualify, whatever the distribution"),
        old=formats.amount(question.old_krw, "KRW", words.lang, significant=None),
        new=formats.amount(question.new_krw, "KRW", words.lang, significant=None),
        cases=result.assumption_free,
    )
