"""Lines in the view and the terms that the reader chose: what is drawn, what it is called, and its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard import charts, formats, naming, tables, theme, transform
from dashboard.evidence import Evidence, formula_text
from dashboard.findings import over_time
from dashboard.i18n import Words
from dashboard.transform import Against

MOST_PANELS = 8
_PUBLISHED_IN_THE_OTHER = {"value_usd": "value_krw", "value_krw": "value_usd"}
_FEWEST_POINTS = 2  # that make a line


@dataclass(frozen=True)
class Terms:
    """In which money values stand: as published, at one year's exchange rate, or at one year's prices.

    `rates` and `prices` are what `store.yearly_rates` and `store.price_index` give.
    """

    rates: pd.DataFrame
    prices: pd.DataFrame
    kind: str = "current"
    base: str = ""

    def source(self, metric_id: str) -> str:
        """The measure to read: at a constant rate the one that is published in the other currency."""
        return _PUBLISHED_IN_THE_OTHER[metric_id] if self.kind == "constant" else metric_id

    def of(self, points: pd.DataFrame) -> pd.DataFrame:
        """Points of the source measure in these terms; those that cannot be expressed in them are left out."""
        if self.kind == "constant":
            return transform.at_constant_rate(points, self.rates, self.base)
        if self.kind == "real":
            return transform.real(points, self.prices, self.base)
        return points

    def offered(self, of_series: pd.DataFrame, metric_id: str, frequency: str) -> list[str]:
        """The kinds of terms that a measure of a series can be put in; `of_series` are rows of `store.measures`."""
        at = of_series[of_series["frequency"] == frequency].set_index("metric_id")["published"]
        other = _PUBLISHED_IN_THE_OTHER.get(metric_id, "")
        kinds = ["current"]
        if at.get(other, 0) > at.get(metric_id, 0):
            kinds.append("constant")
        if metric_id.endswith("_krw") and frequency == "year":
            kinds.append("real")
        return kinds

    def bases(self, points: pd.DataFrame) -> list[str]:
        """The years that may be the base, the newest first: those of the line where it has some."""
        there = self.rates if self.kind == "constant" else self.prices
        own = {str(year) for year in points["period_start"].dt.year}
        years = sorted(map(str, there["period"]), reverse=True)
        return [year for year in years if year in own] or years

    def axis(self, name: str, words: Words) -> str:
        """The name of a measure in these terms."""
        _ = words.gettext
        base = formats.period(self.base, words.lang)
        message = {
            "current": "{measure}",
            "constant": _("{measure}, at the average exchange rate of {year}"),
            "real": _("{measure}, at the prices of {year}"),
        }[self.kind]
        return words.fill(message, measure=name, year=base)


@dataclass(frozen=True)
class Choice:
    """What the reader compares: the view, the period before or a year before, and the base or both ends of an average."""

    view: str
    against: Against = "year"
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class View:
    """Lines to draw, the title of their axis (with the unit), the finding, the formula, and the table of the same points."""

    lines: Sequence[charts.Line]
    axis: str
    heading: str
    table: tables.Table
    formula: str = ""

    @property
    def points(self) -> pd.DataFrame:
        """The points of all lines."""
        return pd.concat([line.points for line in self.lines])

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return all(line.points.empty for line in self.lines)


def names(words: Words, points: int, *, is_split: bool = False) -> dict[str, str]:
    """The views that a line with so many points offers; there is nothing to compare a single one with."""
    _ = words.gettext
    if points <= 1:
        return {"level": _("Level")}
    offered = {
        "level": _("Level"),
        "growth": _("Growth"),
        "change": _("Absolute change"),
        "index": _("Index"),
        "average": _("Average growth (CAGR)"),
    }
    if is_split:
        del offered["average"]  # the table of ranks has the change between two periods
    return offered


def term_names(words: Words) -> dict[str, str]:
    """The kinds of terms."""
    _ = words.gettext
    return {
        "current": _("As published"),
        "constant": _("Constant exchange rate"),
        "real": _("Real (consumer prices)"),
    }


def deflator(terms: Terms, words: Words) -> list[str]:
    """What real values are deflated by, for the subtitle; nothing in other terms."""
    _ = words.gettext
    return (
        [_("deflated by the consumer price index of Korea, all items (Statistics Korea)")]
        if terms.kind == "real"
        else []
    )


def term_notes(terms: Terms, published: pd.DataFrame, words: Words) -> list[str]:
    """What the terms do to the values; `published` are the points before they were put in these terms."""
    _ = words.gettext
    year = formats.period(terms.base, words.lang)
    if terms.kind == "constant":
        return [
            words.fill(
                _(
                    "Published in the other currency; every period converted at the average rate of {year}, "
                    "so that the exchange rate moves nothing. The rate and its source stand in the receipt."
                ),
                year=year,
            )
        ]
    if terms.kind == "real":
        without = [each for each in published["period"] if each not in set(terms.prices["period"])]
        said = [
            words.fill(
                _(
                    "Consumer prices stand in for export prices, which are not published for e-commerce. "
                    "Indices of two bases are linked in the first year that both give; see the receipt."
                )
            )
        ]
        if without:
            listed = ", ".join(formats.period(each, words.lang) for each in without)
            said.append(words.fill(_("No price index for {years}: left out."), years=listed))
        return said
    return []


def against_names(words: Words, frequency: str) -> dict[str, str]:
    """What a change is measured against; for years both are the same."""
    _ = words.gettext
    named = {"year": _("the same period a year before")}
    if frequency != "year":
        named["before"] = _("the period before")
    return named


def of(
    choice: Choice,
    points: pd.DataFrame,
    metric_id: str,
    evidence: Evidence,
    terms: Terms | None = None,
    neighbours: Mapping[str, pd.DataFrame] | None = None,
) -> View:
    """The line of a series in a view; `neighbours` are lines of other definitions by name, drawn apart and never joined.

    `neighbours` starts with the series itself where it is given, so that the order is that of time.
    """
    words = evidence.words
    subject = naming.measure_subjects(words)[metric_id]
    level_axis = naming.measure_names(words)[metric_id]
    level_axis = terms.axis(level_axis, words) if terms else level_axis
    axis = axis_of(choice, level_axis, words)
    shown = transformed(choice, points)
    if choice.view == "average":
        rate = transform.average_growth(points, choice.start, choice.end)
        heading = over_time.average_title(rate, choice.start, choice.end, subject, evidence)
        table = tables.average(shown, rate, axis, evidence)
        return View([charts.Line(axis, shown)], axis, heading, table, formula_text(rate["formula"], words))
    heading = {
        "level": lambda: over_time.total_title(shown, subject, evidence),
        "growth": lambda: over_time.growth_title(shown, subject, evidence),
        "change": lambda: over_time.growth_title(shown, subject, evidence),
        "index": lambda: over_time.total_title(shown, axis, evidence),
    }[choice.view]()
    if neighbours and choice.view != "index":
        lines = [
            charts.Line(name, made)
            for name, line in neighbours.items()
            if not (made := transformed(choice, line)).empty
        ]
        if len(lines) > 1:
            table = tables.lines([(line.name, line.points) for line in lines], evidence)
            return View(lines, axis, heading, table, formula_of(shown, words))
    return View(
        [charts.Line(axis, shown)],
        axis,
        heading,
        tables.line(shown, axis, evidence),
        formula_of(shown, words),
    )


def of_members(
    choice: Choice, lines: Mapping[str, pd.DataFrame], dimension: str, axis: str, evidence: Evidence
) -> View:
    """The lines of the members of a series in a view, a panel each; a member without the base of an index is left out."""
    words = evidence.words
    panels = []
    for member, line in lines.items():
        if choice.view == "index" and choice.start not in set(line["period"]):
            continue
        made = transformed(choice, line)
        if not made.empty:
            colour = theme.destination_colour(member) if dimension == "destination" else theme.ACCENT
            panels.append(charts.Line(over_time.member_name(line, dimension, words), made, colour=colour))
    table = tables.lines([(panel.name, panel.points) for panel in panels], evidence) if panels else _NOTHING
    formula = formula_of(panels[0].points, words) if panels else ""
    heading = over_time.leader_title([(panel.name, panel.points) for panel in panels], choice.view, evidence)
    return View(panels, axis_of(choice, axis, words), heading, table, formula)


_NOTHING = tables.Table({"": []})


def transformed(choice: Choice, points: pd.DataFrame) -> pd.DataFrame:
    """The points of a view."""
    if choice.view == "growth":
        return transform.growth(points, choice.against)
    if choice.view == "change":
        return transform.change(points, choice.against)
    if choice.view == "index":
        return transform.index(points, choice.start)
    if choice.view == "average":
        return points[(points["period"] >= choice.start) & (points["period"] <= choice.end)]
    return points


def axis_of(choice: Choice, level_axis: str, words: Words) -> str:
    """The title of the value axis of a view, with the unit."""
    _ = words.gettext
    if choice.view == "growth":
        before = {
            "year": _("Change on the same period a year before (%)"),
            "before": _("Change on the period before (%)"),
        }
        return before[choice.against]
    if choice.view == "change":
        absolute = {
            "year": _("{measure}: change on the same period a year before"),
            "before": _("{measure}: change on the period before"),
        }
        return words.fill(absolute[choice.against], measure=level_axis)
    if choice.view == "index":
        return words.fill(_("Index, {period} = 100"), period=formats.period(choice.start, words.lang))
    return level_axis


def formula_of(points: pd.DataFrame, words: Words) -> str:
    """The longest formula among the points: that of the newest point may have fewer steps."""
    formulas = sorted(set(points["formula"]), key=len)
    return formula_text(str(formulas[-1]), words) if formulas else ""


def drawable(lines: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Members with enough points for a line, those with the highest newest level first, at most as many as there are panels."""
    there = {member: line for member, line in lines.items() if len(line) >= _FEWEST_POINTS}
    ordered = sorted(there, key=lambda member: -float(there[member]["value"].iloc[-1]))
    return {member: there[member] for member in ordered[:MOST_PANELS]}


def splits(measures: pd.DataFrame, metric_id: str, frequency: str) -> list[str]:
    """Total, and the dimensions in which at least two members of a series have a line; `measures` are its rows."""
    found = measures[
        (measures["metric_id"] == metric_id)
        & (measures["frequency"] == frequency)
        & (measures["points"] >= _FEWEST_POINTS)
    ]
    dimensions = {"destination": found, "item": found, "channel": found}
    return ["total"] + [
        dimension
        for dimension in dimensions
        if _members_alone(found, dimension)["points"].count() >= _FEWEST_POINTS
    ]


def _members_alone(found: pd.DataFrame, dimension: str) -> pd.DataFrame:
    others = [f"{each}_id" for each in ("destination", "item", "channel") if each != dimension]
    return found[(found[others] == "ALL").all(axis=1) & (found[f"{dimension}_id"] != "ALL")]


def year_before(period: str, earlier: Sequence[str]) -> str:
    """The same period a year before where it is among the earlier ones, else the newest of them."""
    same = f"{int(period[:4]) - 1}{period[4:]}"
    return same if same in earlier else earlier[-1]


def shared_periods(lines: Mapping[str, pd.DataFrame]) -> list[str]:
    """Periods in which at least two members have a figure, in order of time."""
    counted = (
        pd.concat(list(lines.values())).groupby(["period_start", "period"]).size().reset_index(name="count")
    )
    return [str(period) for period in counted[counted["count"] >= _FEWEST_POINTS]["period"]]
