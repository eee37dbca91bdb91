"""What published totals say about the shipments between two limits, without a distribution.

X is the value of one shipment, V the sum and N the number of all. Newly qualifying are those with old < X <= new ("at most"
the limit). The lower end of every bound is zero: nothing that is published rules out that no shipment lies there.

Sources: Markov's inequality; Khinchine's representation of unimodal laws (Bertsimas and Popescu, Optimal Inequalities in
Probability Theory, 2005).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """Newly qualifying shipments and their value: at least zero, at most these, and both ends can be reached.

    `cases` counts shipments a period, `value_krw` is won a period.
    """

    cases: float
    value_krw: float


def assumption_free(value_krw: float, old_krw: float, new_krw: float) -> Bound:
    """Bound without any assumption: each newly qualifying shipment is worth more than the old limit, so V / old is the most.

    `value_krw` is the value of all shipments of the period; no count of shipments is needed.

    Raises:
        ValueError: limits that are not positive or fall, or a negative value.
    """
    _expect(value_krw, old_krw, new_krw)
    if new_krw == old_krw:
        return Bound(0.0, 0.0)
    return Bound(value_krw / old_krw, value_krw)


def list_clearance_capped(
    value_krw: float, list_clearance_value_krw: float, old_krw: float, new_krw: float, cap_krw: float
) -> Bound:
    """Bound with list clearance taken out: by law it holds nothing above `cap_krw`, so its value cannot lie in the band.

    Raises:
        ValueError: as `assumption_free`; an old limit below the cap, or more value by list clearance than in all.
    """
    _expect(value_krw, old_krw, new_krw)
    if old_krw < cap_krw:
        raise ValueError("below the cap of list clearance its goods may lie in the band")
    if not 0 <= list_clearance_value_krw <= value_krw:
        raise ValueError("list clearance cannot hold more than the whole value")
    return assumption_free(value_krw - list_clearance_value_krw, old_krw, new_krw)


def decreasing_density(value_krw: float, old_krw: float, new_krw: float) -> Bound:
    """Bound if shipments get rarer as their value rises (the density of X falls everywhere).

    The extreme law mixes zero with a uniform one from zero to z: 2 V (z - old) / z² with z = min(new, 2 old), so V / (2 old)
    from new = 2 old on. Its value share is at most 1 - (old / new)².

    Raises:
        ValueError: as `assumption_free`.
    """
    _expect(value_krw, old_krw, new_krw)
    reach = min(new_krw, 2 * old_krw)
    return Bound(2 * value_krw * (reach - old_krw) / reach**2, value_krw * (1 - (old_krw / new_krw) ** 2))


def _expect(value_krw: float, old_krw: float, new_krw: float) -> None:
    if value_krw < 0:
        raise ValueError("the value of all shipments cannot be negative")
    if old_krw <= 0:
        raise ValueError("a limit is more than zero")
    if new_krw < old_krw:
        raise ValueError("the new limit is below the old one")
