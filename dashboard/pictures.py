"""The pictures of one publication of destinations or items: what is drawn, what is said of it, and its table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, formats, naming, tables
from dashboard.evidence import Evidence
from dashboard.findings import members
from dashboard.findings.members import Choice
from dashboard.i18n import Words


class NothingToShowError(Exception):
    """A choice has nothing for this picture; `advice` says, in the reader's language, what to choose."""

    def __init__(self, advice: str) -> None:
        super().__init__(advice)
        self.advice = advice


@dataclass(frozen=True)
class Picture:
    """A figure with its finding, what is measured, its table, notes on it, and numbers that only its words hold."""

    key: str
    heading: str
    subtitle: str
    figure: go.Figure
    table: tables.Table
    notes: Sequence[str]


@dataclass(frozen=True)
class Data:
    """What pictures draw from, and the names of the series."""

    shares: pd.DataFrame
    levels: pd.DataFrame
    destinations: pd.DataFrame
    named: Mapping[str, str]


def names(dimension: str, words: Words) -> dict[str, str]:
    """The pictures that a dimension offers; items have no place on a map."""
    _ = words.gettext
    offered = {
        "bars": _("Ranked bars"),
        "map": _("Map"),
        "treemap": _("Treemap"),
        "ranks": _("Ranks over time"),
        "value-and-cases": _("Value against cases"),
    }
    return {code: name for code, name in offered.items() if (code, dimension) != ("map", "item")}


def opening(show: str, data: Data, codes: Sequence[str], dimension: str, wished: str) -> str:
    """The publication that a picture opens with where it cannot show the one that the reader was at."""
    if wished in codes:
        return wished
    if show == "value-and-cases":
        return members.with_cases(data.shares, codes, dimension, wished)
    return members.default_publication(codes, wished)


def of(show: str, choice: Choice, data: Data, evidence: Evidence, other: str = "") -> list[Picture]:
    """The pictures of a choice, to stand beside each other; `other` is the earlier publication, or that of the cases.

    Raises:
        NothingToShowError: the publication has nothing for this picture.
    """
    made: dict[str, Callable[[], list[Picture]]] = {
        "bars": lambda: [_bars(choice, data, evidence)],
        "map": lambda: [_map(choice, data, evidence), _bars(choice, data, evidence, beside=True)],
        "treemap": lambda: [_treemap(choice, data, evidence)],
        "ranks": lambda: [_ranks(choice, data, evidence, other)],
        "value-and-cases": lambda: [_value_and_cases(choice, data, evidence, other)],
    }
    return made[show]()


def movement(choice: Choice, data: Data, evidence: Evidence, earlier: str) -> tables.Table:
    """The rank table of the publication chosen with the movement since an earlier one."""
    moved = members.movement(members.ranks(data.shares, choice), choice, earlier)
    member_name = _member_name(choice, evidence.words)
    return tables.movement(moved, choice.dimension, member_name, (choice.period, earlier), evidence)


def _bars(choice: Choice, data: Data, evidence: Evidence, *, beside: bool = False) -> Picture:
    words = evidence.words
    _ = words.gettext
    shown = _shown(choice, data, words)
    title = members.rest_title if beside else members.members_title
    return Picture(
        "members",
        title(shown, choice.dimension, evidence),
        _subtitle(choice, data, words),
        charts.ranked(
            members.bars(shown, choice.dimension, words), "percent", _share_axis(choice.measure, words), words
        ),
        _table(choice, data, evidence),
        [*members.caveats(shown, words), members.overlap_note(shown, choice.dimension, words)],
    )


def _map(choice: Choice, data: Data, evidence: Evidence) -> Picture:
    words = evidence.words
    _ = words.gettext
    shown = _shown(choice, data, words)
    countries = data.destinations[data.destinations["kind"] == "country"].merge(
        shown[["destination_id", "value"]], on="destination_id", how="left"
    )
    if countries["value"].isna().all():
        raise NothingToShowError(
            _(
                "This publication names groups of countries only, and a map paints no groups. Choose ranked bars."
            )
        )
    countries = countries.rename(columns={f"name_{words.lang}": "name"})
    return Picture(
        "members-map",
        members.members_title(shown, "destination", evidence),
        _subtitle(choice, data, words),
        charts.world(countries, _share_axis(choice.measure, words), words),
        _table(choice, data, evidence),
        [
            members.groups_note(shown, evidence),
            _(
                "Grey is not zero: nothing is published for that country. Singapore, Hong Kong and Macau are circles."
            ),
            _("Borders are those of Natural Earth, drawn as they come; they express no position."),
        ],
    )


def _treemap(choice: Choice, data: Data, evidence: Evidence) -> Picture:
    words = evidence.words
    _ = words.gettext
    shown = _shown(choice, data, words)
    tiles = members.parts(shown, choice.dimension)
    grown = _growth(choice, data)
    said = {
        row[choice.column]: words.fill(
            _("{change} since {period}"),
            change=evidence.number(row, significant=3, signed=True),
            period=formats.period(row["since"], words.lang),
        )
        for row in _records(grown)
    }
    none = _("no earlier figure")
    drawn = members.bars(tiles, choice.dimension, words).assign(
        growth=[said.get(each, "" if each == "REST" else none) for each in tiles[choice.column]]
    )
    small = ", ".join(_tile(row, said, none, choice, evidence) for row in _records(charts.small(tiles)))
    return Picture(
        "members-tiles",
        members.growth_title(tiles, grown, choice, evidence),
        _subtitle(choice, data, words),
        charts.treemap(drawn, words),
        _table(choice, data, evidence, grown),
        [
            words.fill(_("Small tiles: {tiles}."), tiles=small) if small else "",
            members.overlap_note(shown, choice.dimension, words)
            and _("What contains others has no tile of its own."),
            _(
                "Change of the level since the latest earlier year, same months, in the same series; from rounded figures."
            )
            if said
            else _("The series has no earlier figure for the same months of a year."),
            *members.caveats(shown, words),
        ],
    )


def _ranks(choice: Choice, data: Data, evidence: Evidence, earlier: str) -> Picture:
    words = evidence.words
    _ = words.gettext
    ranked = members.ranks(data.shares, choice)
    if not earlier:
        others = _series_with_ranks(choice, data)
        if not others:
            raise NothingToShowError(
                _("By cases no series has two publications of the same length to rank. Choose “by value”.")
            )
        raise NothingToShowError(
            words.fill(
                _(
                    "Before “{publication}” the series has no other publication of as many months by which to rank. "
                    "Choose a later one, or another series, such as: {series}."
                ),
                publication=_publication(choice, data, words),
                series=others,
            )
        )
    drawn = ranked.assign(member=ranked[choice.column], name=ranked[f"{choice.dimension}_{words.lang}"])
    colours = {each: members.colour(each, choice.dimension) for each in drawn["member"].unique()}
    moved = members.movement(ranked, choice, earlier)
    return Picture(
        "members-ranks",
        members.movement_title(moved, choice, earlier, words),
        words.fill(
            {
                "share_value_pct": _("Rank by share of value, periods of the same length, {series}"),
                "share_cases_pct": _("Rank by share of cases, periods of the same length, {series}"),
            }[choice.measure],
            series=data.named[choice.series_id],
        ),
        charts.bump(drawn, colours, choice.period, words),
        tables.ranks(ranked, choice.dimension, evidence),
        [
            _(
                "Ranks are among those that a publication names. Hollow: others that it does not name could stand above."
            )
            if not ranked["is_firm"].all()
            else "",
            _("A gap: not named in that publication. Dotted: nothing was published in between."),
            *members.caveats(ranked, words),
        ],
    )


def _value_and_cases(choice: Choice, data: Data, evidence: Evidence, cases_period: str) -> Picture:
    words = evidence.words
    _ = words.gettext
    if not cases_period:
        raise NothingToShowError(
            words.fill(
                _(
                    "“{publication}” has no shares of cases to set its shares of value against. Choose the customs total."
                ),
                publication=_publication(choice, data, words),
            )
        )
    compared = members.value_against_cases(data.shares, choice, cases_period)
    is_exact = cases_period == choice.period
    rows = _records(compared)
    ratios = [tables.ratio(row, choice.dimension, evidence, is_exact=is_exact) for row in rows]
    cases_name, value_name = _share_name("share_cases_pct", words), _share_name("share_value_pct", words)
    table = tables.against_cases(
        compared,
        choice.dimension,
        (_member_name(choice, words), cases_name, value_name),
        evidence,
        is_exact=is_exact,
    )
    _member, cases_cells, value_cells, _ratio = table.columns.values()
    place = members.furthest_from_average(compared)
    drawn = members.bars(compared, choice.dimension, words).assign(
        cases=compared["cases"],
        ratio=compared["ratio"],
        said=list(map(str, ratios)),
    )
    value_when, cases_when = (formats.period(each, words.lang) for each in (choice.period, cases_period))
    return Picture(
        "value-and-cases",
        words.fill(
            _("{name}: {cases} of cases, {value} of value; a case is worth {ratio} the average"),
            name=rows[place][f"{choice.dimension}_{words.lang}"],
            cases=cases_cells[place],
            value=value_cells[place],
            ratio=ratios[place],
        ),
        words.fill(
            _("Share of value {value_period} against share of cases {cases_period}, {series}"),
            value_period=value_when,
            cases_period=cases_when,
            series=data.named[choice.series_id],
        ),
        charts.share_against_share(drawn, words),
        table,
        [
            _(
                "The figure behind a name is value per case over the average of all cases; "
                "above the line a case is worth more, and its mark is larger."
            ),
            ""
            if is_exact
            else words.fill(
                _(
                    "Two periods: value is of {value_period}, cases of {cases_period}; "
                    "shares drift, so the ratios are rough."
                ),
                value_period=value_when,
                cases_period=cases_when,
            ),
            *members.caveats(compared, words),
        ],
    )


def _tile(
    row: Mapping[str, Any], grown: Mapping[str, str], none: str, choice: Choice, evidence: Evidence
) -> str:
    """What a tile says where it has room."""
    name, share = row[f"{choice.dimension}_{evidence.words.lang}"], evidence.number(row, significant=4)
    change = "" if row[choice.column] == "REST" else f" ({grown.get(row[choice.column], none)})"
    return f"{name} {share}{change}"


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _shown(choice: Choice, data: Data, words: Words) -> pd.DataFrame:
    return members.with_rest(members.chosen(data.shares, choice), choice.dimension, words)


def _level_metric(choice: Choice, data: Data) -> str:
    return members.level_metric(data.levels, choice.series_id, choice.measure, choice.period)


def _growth(choice: Choice, data: Data) -> pd.DataFrame:
    return members.growth(data.levels, choice, _level_metric(choice, data))


def _table(choice: Choice, data: Data, evidence: Evidence, grown: pd.DataFrame | None = None) -> tables.Table:
    words = evidence.words
    metric = _level_metric(choice, data)
    columns = (
        _member_name(choice, words),
        _share_name(choice.measure, words),
        naming.measure_names(words)[metric],
    )
    return tables.members(
        _shown(choice, data, words),
        members.chosen(data.levels, choice, metric),
        choice.dimension,
        columns,
        evidence,
        grown,
    )


def _series_with_ranks(choice: Choice, data: Data) -> str:
    """Series that have a publication with an earlier one of the same length, by name."""
    fitting = [
        series_id
        for series_id, rows in data.shares[
            (data.shares["metric_id"] == choice.measure) & (data.shares[choice.column] != "ALL")
        ].groupby("series_id")
        if rows[rows["frequency"] != "span"].groupby("frequency")["period"].nunique().max() > 1
    ]
    return ", ".join(data.named[str(each)] for each in fitting)


def _publication(choice: Choice, data: Data, words: Words) -> str:
    return members.publication_name(f"{choice.series_id}:{choice.period}", data.named, words)


def _subtitle(choice: Choice, data: Data, words: Words) -> str:
    _ = words.gettext
    return words.fill(
        _("{share}, {publication}"),
        share=_share_name(choice.measure, words),
        publication=_publication(choice, data, words),
    )


def _member_name(choice: Choice, words: Words) -> str:
    _ = words.gettext
    return {"destination": _("Destination"), "item": _("Item")}[choice.dimension]


def _share_name(measure: str, words: Words) -> str:
    _ = words.gettext
    return {"share_value_pct": _("Share of value"), "share_cases_pct": _("Share of cases")}[measure]


def _share_axis(measure: str, words: Words) -> str:
    _ = words.gettext
    return words.fill(_("{share} (%)"), share=_share_name(measure, words))
