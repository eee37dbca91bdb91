"""One line in the view that the reader chose: what is drawn, what it is called, and its table."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dashboard import formats, naming, tables, transform
from dashboard.evidence import Evidence
from dashboard.findings import over_time
from dashboard.i18n import Words


@dataclass(frozen=True)
class View:
    """Points to draw, the title of their axis (with the unit), the finding, and the table of the same points."""

    points: pd.DataFrame
    axis: str
    heading: str
    table: tables.Table


def names(words: Words, points: int) -> dict[str, str]:
    """The views that a line with so many points offers; there is nothing to compare a single one with."""
    _ = words.gettext
    if points <= 1:
        return {"level": _("Level")}
    return {
        "level": _("Level"),
        "growth": _("Growth"),
        "index": _("Index"),
        "average": _("Average growth (CAGR)"),
    }


def of(
    view: str, points: pd.DataFrame, metric_id: str, evidence: Evidence, span: tuple[str, str] = ("", "")
) -> View:
    """The view named `view` (a key of `names`) of a line; `span` is the base period of an index, or both ends of an average."""
    subject = naming.measure_subjects(evidence.words)[metric_id]
    axis = naming.measure_names(evidence.words)[metric_id]
    made: dict[str, Callable[[], View]] = {
        "level": lambda: _level(points, axis, subject, evidence),
        "growth": lambda: _growth(points, subject, evidence),
        "index": lambda: _index(points, span[0], evidence),
        "average": lambda: _average(points, span, axis, subject, evidence),
    }
    return made[view]()


def _level(points: pd.DataFrame, axis: str, subject: str, evidence: Evidence) -> View:
    return View(
        points, axis, over_time.total_title(points, subject, evidence), tables.line(points, axis, evidence)
    )


def _growth(points: pd.DataFrame, subject: str, evidence: Evidence) -> View:
    _ = evidence.words.gettext
    axis = _("Change on the same period a year before (%)")
    rates = transform.growth(points)
    return View(
        rates, axis, over_time.growth_title(rates, subject, evidence), tables.line(rates, axis, evidence)
    )


def _index(points: pd.DataFrame, base: str, evidence: Evidence) -> View:
    words = evidence.words
    _ = words.gettext
    axis = words.fill(_("Index, {period} = 100"), period=formats.period(base, words.lang))
    scaled = transform.index(points, base)
    return View(
        scaled, axis, over_time.total_title(scaled, axis, evidence), tables.line(scaled, axis, evidence)
    )


def _average(
    points: pd.DataFrame, span: tuple[str, str], axis: str, subject: str, evidence: Evidence
) -> View:
    first, last = span
    rate = transform.average_growth(points, first, last)
    between = points[(points["period"] >= first) & (points["period"] <= last)]
    heading = over_time.average_title(rate, first, last, subject, evidence)
    return View(between, axis, heading, tables.average(between, rate, axis, evidence))
