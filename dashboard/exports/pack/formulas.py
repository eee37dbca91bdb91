"""The answer as a sheet computes it: cells of inputs by name, formulas of the bounds and of one lognormal, values as of now.

Bounds are the closed forms of `model.bounds`; the sheet's lognormal has the spread at which it gives the model's own number.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.ask import Asked
from dashboard.exports.pack import lognormal
from dashboard.model.bounds import Bound

QUANTILES = ("p05", "p50", "p95")
_GOLDEN = (math.sqrt(5) - 1) / 2

_NONE = "from_krw=to_krw"
_FREE = "MIN(1,{mean}/from_krw)"
_FALLING = (
    "IF(2*{mean}<=MIN(to_krw,2*from_krw),"
    "2*{mean}*(MIN(to_krw,2*from_krw)-from_krw)/MIN(to_krw,2*from_krw)^2,"
    "1-from_krw/MIN(2*{mean},to_krw))"
)
_LISTED = "list_limit_krw>from_krw"


@dataclass(frozen=True)
class Cell:
    """A formula in Excel's words and its value now; None is what does not hold."""

    formula: str
    value: float | None


def inputs(asked: Asked) -> dict[str, float]:
    """The numbers that a reader may change, by the names that formulas call them: cases a year, won, fractions."""
    base, result = asked.worlds.population, asked.result
    rows = asked.worlds.assumptions.for_population(base.id)
    return {
        "cases": base.cases,
        "value_krw": base.value_krw,
        "from_krw": float(result.from_krw),
        "to_krw": float(result.to_krw),
        "list_share": rows["list.value_share"].lowest,
        "list_limit_krw": rows.value("list.limit_krw"),
    }


def bounds(asked: Asked) -> dict[str, Cell]:
    """The most that can newly qualify, cases a year, layer by layer as a formula over the names of `inputs`."""
    rest = "rest_krw"
    shares = {
        "assumption_free": _FREE.format(mean="mean_krw"),
        "list_clearance_capped": _FREE.format(mean=rest),
        "decreasing_density": _FALLING.format(mean="mean_krw"),
        "list_capped_and_decreasing": _FALLING.format(mean=rest),
        "any_lognormal": "lognormal_most",
    }
    found = {}
    for name, share in shares.items():
        formula = f"IF({_NONE},0,{share})*cases"
        if "list" in name:
            formula = f'IF({_LISTED},"-",{formula})'
        bound = asked.bounds.get(name)
        found[name] = Cell(f"={formula}", bound.cases[1] if isinstance(bound, Bound) else None)
    return found


def estimates(asked: Asked) -> dict[str, tuple[float, Cell]]:
    """The spread at which one lognormal gives a quantile of the model, and the formula that does; none where no spread does."""
    given = inputs(asked)
    mean = given["value_krw"] / given["cases"]
    found = {}
    for name in QUANTILES:
        wanted = getattr(asked.result.cases, name)
        spread = lognormal.spread_for(wanted / given["cases"], given["from_krw"], given["to_krw"], mean)
        if spread is not None:
            found[name] = (spread, Cell(f"={between(f'spread_{name}')}*cases", wanted))
    return found


def between(spread: str) -> str:
    """The formula of the share between the limits under one lognormal whose spread stands in a cell or under a name."""
    lower, upper = (f"LN({limit}/mean_krw)/{spread}+{spread}/2" for limit in ("from_krw", "to_krw"))
    return f"(NORMSDIST(-({lower}))-NORMSDIST(-({upper})))"


def tried(given: Mapping[str, float], first_row: int) -> list[tuple[float, Cell]]:
    """Spreads and the share between the limits at each; `first_row` counts from one, spreads stand in column A."""
    mean = given["value_krw"] / given["cases"]
    return [
        (
            spread,
            Cell(
                f"={between(f'A{row}')}",
                lognormal.share_between(given["from_krw"], given["to_krw"], mean, spread),
            ),
        )
        for row, spread in enumerate(lognormal.spreads(), start=first_row)
    ]


def narrowed(
    given: Mapping[str, float], tries: list[tuple[float, Cell]], rows: tuple[int, int, int]
) -> list[list[Cell]]:
    """Golden sections around the best spread tried: left, right, two spreads between, and the shares at them, a row a step.

    `rows` are the first and last row of the tries and the first row of the steps, counted from one; columns D to I.
    """
    first, last, begin = rows
    mean = given["value_krw"] / given["cases"]

    def share(spread: float) -> float:
        return lognormal.share_between(given["from_krw"], given["to_krw"], mean, spread)

    values = [cell.value or 0.0 for _spread, cell in tries]
    peak = values.index(max(values))
    left, right = tries[max(peak - 1, 0)][0], tries[min(peak + 1, len(tries) - 1)][0]
    tries_a, tries_b = f"A{first}:A{last}", f"B{first}:B{last}"
    place = f"MATCH(MAX({tries_b}),{tries_b},0)"
    ends = (
        f"=INDEX({tries_a},MAX({place}-1,1))",
        f"=INDEX({tries_a},MIN({place}+1,{len(tries)}))",
    )
    found: list[list[Cell]] = []
    for row in range(begin, begin + lognormal.NARROWINGS):
        if found:
            at_one, at_other = found[-1][4].value or 0.0, found[-1][5].value or 0.0
            one, other = found[-1][2].value or 0.0, found[-1][3].value or 0.0
            left, right = (one, right) if at_one < at_other else (left, other)
            above = row - 1
            ends = (f"=IF(H{above}<I{above},F{above},D{above})", f"=IF(H{above}<I{above},E{above},G{above})")
        one, other = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
        found.append(
            [
                Cell(ends[0], left),
                Cell(ends[1], right),
                Cell(f"=E{row}-{_GOLDEN!r}*(E{row}-D{row})", one),
                Cell(f"=D{row}+{_GOLDEN!r}*(E{row}-D{row})", other),
                Cell(f"={between(f'F{row}')}", share(one)),
                Cell(f"={between(f'G{row}')}", share(other)),
            ]
        )
    return found
