"""Where two of the five series meet: the arithmetic of mart.reconciliation, worked with its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.evidence import Evidence
from dashboard.receipts import Number, Statement


@dataclass(frozen=True)
class Reconciliation:
    """Series that meet: a heading in words, and the arithmetic as sentences with their numbers."""

    key: str
    heading: str
    said: Sequence[Statement]


def reconciliations(rows: pd.DataFrame, evidence: Evidence) -> list[Reconciliation]:
    """Where two series meet, as worked arithmetic; `rows` are those of `store.reconciliations`."""
    said = _Arithmetic(rows, evidence)
    return [_release(said), _redesign(said), _basis(said), _declared(said), _ratio(said), _duty_free(said)]


class _Arithmetic:
    """Numbers of mart.reconciliation and the published figures that they rest on, and sentences made of them."""

    def __init__(self, rows: pd.DataFrame, evidence: Evidence) -> None:
        self.evidence = evidence
        self.words = evidence.words
        self._rows = {(row["reconciliation_id"], row["period"]): row for row in _rows(rows)}

    def result(self, reconciliation_id: str, period: str, *, significant: int = 5) -> Number:
        """A row's number."""
        return self.evidence.number(self._rows[reconciliation_id, period], significant=significant)

    def operand(self, reconciliation_id: str, period: str, place: int) -> Number:
        """The published figure that stands at a place among a row's inputs."""
        figure = self._rows[reconciliation_id, period]["input_ids"][place]
        (found,) = self.evidence.inputs([figure])
        row = {"value": found.value, "unit": found.unit, "evidence": "published", "input_ids": [figure]}
        return self.evidence.number(row, significant=7)

    def statement(self, message: str, period: str = "", **numbers: Number) -> Statement:
        """A sentence with its period and numbers filled in."""
        when = formats.period(period, self.words.lang)
        return Statement(self.words.fill(message, period=when, **numbers), tuple(numbers.values()))


def _release(said: _Arithmetic) -> Reconciliation:
    _ = said.words.gettext
    statements = [
        said.statement(
            _(
                "{period}: {won} (Statistics Korea, as published before the release) ÷ {dollars} (customs "
                "release) = {implied}. The average rate of the year was {rate}: {gap} apart."
            ),
            "2018",
            won=said.operand("release_implied_rate", "2018", 0),
            dollars=said.operand("release_implied_rate", "2018", 1),
            implied=said.result("release_implied_rate", "2018", significant=6),
            rate=said.operand("release_rate_gap", "2018", 2),
            gap=said.result("release_rate_gap", "2018"),
        ),
        said.statement(
            _(
                "{period}: the same division, with the won value that follows from the growth of {growth}, "
                "gives {implied}; the average rate was {rate}: {gap} apart."
            ),
            "2017",
            growth=said.operand("release_implied_rate", "2017", 1),
            implied=said.result("release_implied_rate", "2017", significant=6),
            rate=said.operand("release_rate_gap", "2017", 3),
            gap=said.result("release_rate_gap", "2017"),
        ),
    ]
    return Reconciliation("release", _("B is D in dollars, not a customs total"), statements)


def _redesign(said: _Arithmetic) -> Reconciliation:
    _ = said.words.gettext
    statements = [
        said.statement(
            _("{period}: {new} (redesigned) ÷ {old} (before) = {ratio}."),
            year,
            new=said.operand("redesign_ratio", year, 0),
            old=said.operand("redesign_ratio", year, 1),
            ratio=said.result("redesign_ratio", year, significant=3),
        )
        for year in ("2023", "2024")
    ]
    statements.append(
        said.statement(
            _(
                "{period}: sales of duty-free shops are {duty_free} of what they were on the old basis, all "
                "others {others}. The new sample of shops raised only the sales outside duty-free."
            ),
            "2024-Q3",
            duty_free=said.result("redesign_ratio_duty_free", "2024-Q3", significant=3),
            others=said.result("redesign_ratio_non_duty_free", "2024-Q3", significant=3),
        )
    )
    return Reconciliation(
        "redesign",
        _("D₁ and D₂ overlap for two years: the redesign of Statistics Korea’s survey is no growth"),
        statements,
    )


def _basis(said: _Arithmetic) -> Reconciliation:
    _ = said.words.gettext
    statements = [
        said.statement(
            _(
                "{period}: {early} (releases of 2021) is {ratio} what later releases imply, which put the year after "
                "at {level} and its growth at {growth}."
            ),
            "2020",
            early=said.operand("basis_ratio", "2020", 0),
            level=said.operand("basis_ratio", "2020", 1),
            growth=said.operand("basis_ratio", "2020", 2),
            ratio=said.result("basis_ratio", "2020", significant=3),
        ),
        said.statement(
            _(
                "{period}: the first half alone was {half} on the basis of 2021; the whole year is {whole} on"
                " the later one, so the half would be {share} of it. What changed is not explained in the "
                "releases that we read."
            ),
            "2021",
            half=said.operand("basis_half_of_year", "2021", 0),
            whole=said.operand("basis_half_of_year", "2021", 1),
            share=said.result("basis_half_of_year", "2021", significant=3),
        ),
    ]
    return Reconciliation(
        "basis", _("C₄ and C₃: the SME ministry changed its basis after the releases of 2021"), statements
    )


def _declared(said: _Arithmetic) -> Reconciliation:
    _ = said.words.gettext
    statements = [
        said.statement(
            _("{period}, inside A: {listed} by list clearance + {declared} declared = {total}."),
            "2021",
            listed=said.operand("declared_and_list", "2021", 0),
            declared=said.operand("declared_and_list", "2021", 1),
            total=said.result("declared_and_list", "2021"),
        )
    ]
    statements += [
        said.statement(
            _(
                "{period}, A − C₂: {total} − {declared} = {left} left for list clearance, {share} of the "
                "total."
            ),
            year,
            total=said.operand("list_clearance_value_left", year, 0),
            declared=said.operand("list_clearance_value_left", year, 1),
            left=said.result("list_clearance_value_left", year),
            share=said.result("list_clearance_share_left", year, significant=3),
        )
        for year in ("2021", "2023")
    ]
    statements.append(
        said.statement(
            _(
                "{period}, A − C₂: {total} − ({declared} of small firms ÷ their share of {sme_share}) = "
                "{left}, {share} of the total. Approximate: for 2021 the same subtraction falls short of what"
                " customs publishes, because the two count other transaction codes."
            ),
            "2024",
            total=said.operand("list_clearance_value_left", "2024", 0),
            declared=said.operand("list_clearance_value_left", "2024", 1),
            sme_share=said.operand("list_clearance_value_left", "2024", 2),
            left=said.result("list_clearance_value_left", "2024"),
            share=said.result("list_clearance_share_left", "2024", significant=3),
        )
    )
    return Reconciliation(
        "declared", _("A less C leaves list clearance, which is what E counts by month"), statements
    )


def _ratio(said: _Arithmetic) -> Reconciliation:
    _ = said.words.gettext
    statements = [
        said.statement(
            _(
                "{period}: {sales} (D₁) ÷ {ratio} (D over A, as the institute computed it) ÷ {rate} = "
                "{value}. The customs total itself has no published value for this year."
            ),
            year,
            sales=said.operand("value_from_ratio", year, 0),
            ratio=said.operand("value_from_ratio", year, 1),
            rate=said.operand("value_from_ratio", year, 2),
            value=said.result("value_from_ratio", year, significant=3),
        )
        for year in ("2015", "2018")
    ]
    return Reconciliation(
        "ratio", _("KIEP’s ratio of D to A gives a rough A for years without one"), statements
    )


def _duty_free(said: _Arithmetic) -> Reconciliation:
    _ = said.words.gettext
    statement = said.statement(
        _("{period}: {part} of {whole} were sales of online duty-free shops, {share}. A leaves them out."),
        "2023",
        part=said.operand("duty_free_share", "2023", 0),
        whole=said.operand("duty_free_share", "2023", 1),
        share=said.result("duty_free_share", "2023", significant=3),
    )
    return Reconciliation(
        "duty-free", _("More than half of D₁ was duty-free sales, which A leaves out"), [statement]
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
