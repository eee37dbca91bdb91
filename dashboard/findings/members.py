"""What publications say of destinations or items: who leads, what is left, ranks, growth, value against cases, what to mind."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard import formats, theme
from dashboard.evidence import Evidence
from dashboard.i18n import Words

_WHOLE = 100.0
_CAVEAT = "†"  # Markdown would make a star a list
_ROUNDING_PCT = 0.5  # what three to five rounded shares may leave over
_MONTHS = 12
_FIRM = {"exact", "approximate"}  # what growth may be computed from: “at least” and forecasts are no levels
# What contains others of ours: where they stand side by side, adding them up would count twice.
_CONTAINS = {
    "ASEAN": {"SG", "MY", "PH"},
    "EUROPE": {"EU"},
    "US_JP_CN": {"US", "JP", "CN"},
    "clothing_and_cosmetics": {"clothing", "cosmetics"},
}
_SEVERAL = 3  # members that make a comparison of value and cases worth opening with


@dataclass(frozen=True)
class Choice:
    """Members of one dimension in one publication, by one measure."""

    dimension: str
    measure: str
    series_id: str
    period: str

    @property
    def column(self) -> str:
        """Which column names the member."""
        return f"{self.dimension}_id"


def publications(
    shares: pd.DataFrame, named: Mapping[str, str], measure: str, dimension: str, words: Words
) -> dict[str, str]:
    """What can be ranked, newest first, the customs total before other series: code `series:period` -> name."""
    found = shares[(shares["metric_id"] == measure) & (shares[f"{dimension}_id"] != "ALL")]
    found = found.drop_duplicates(["series_id", "period"]).assign(other=found["series_id"] != "kcs_total")
    found = found.sort_values(["other", "period_end", "period_start"], ascending=[True, False, False])
    codes = found["series_id"] + ":" + found["period"]
    return {code: publication_name(code, named, words) for code in codes}


def publication_name(code: str, named: Mapping[str, str], words: Words) -> str:
    """How a code `series:period` is read."""
    _ = words.gettext
    series_id, _separator, period = code.partition(":")
    return words.fill(
        _("{period}, {series}"), period=formats.period(period, words.lang), series=named[series_id]
    )


def default_publication(codes: Sequence[str], wished: str = "") -> str:
    """The newest of the series that the reader was at, else the customs total of 2023 if it is there, else the first."""
    of_series = [code for code in codes if wished and code.startswith(wished.partition(":")[0] + ":")]
    return of_series[0] if of_series else "kcs_total:2023" if "kcs_total:2023" in codes else next(iter(codes))


def publication(
    rows: pd.DataFrame, series_id: str, metric_id: str, period: str, dimension: str
) -> pd.DataFrame:
    """Members of one dimension in one series and period, the largest first."""
    mine = (rows["series_id"] == series_id) & (rows["metric_id"] == metric_id) & (rows["period"] == period)
    return rows[mine & (rows[f"{dimension}_id"] != "ALL")].sort_values("value", ascending=False)


def chosen(rows: pd.DataFrame, choice: Choice, metric_id: str = "") -> pd.DataFrame:
    """Members of the publication chosen, the largest first; of another measure where `metric_id` names it."""
    return publication(rows, choice.series_id, metric_id or choice.measure, choice.period, choice.dimension)


def parts(rows: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Members without those that contain others beside them, so that what is left may be added up and ranked."""
    ids = rows[f"{dimension}_id"]
    beside = set(ids)
    return rows[~ids.isin([each for each in beside if _CONTAINS.get(each, set()) & beside])]


def with_rest(shares: pd.DataFrame, dimension: str, words: Words) -> pd.DataFrame:
    """Shares and, last, what is left to 100 percent of a visible size, not counting twice what overlaps."""
    _ = words.gettext
    added = parts(shares, dimension)
    rest = _WHOLE - added["value"].sum()
    if shares.empty or rest < _ROUNDING_PCT:
        return shares
    row = shares.iloc[0].to_dict() | {
        f"{dimension}_id": "REST",
        f"{dimension}_ko": _("all others"),
        f"{dimension}_en": _("all others"),
        "value": rest,
        "evidence": "derived",
        "formula": "100 − published shares",
        "input_ids": [each for ids in added["input_ids"] for each in ids],
        "caveat_ko": "",
        "caveat_en": "",
    }
    return pd.concat([shares, pd.DataFrame([row])], ignore_index=True)


def bars(rows: pd.DataFrame, dimension: str, words: Words) -> pd.DataFrame:
    """Names (marked where a caveat is below), values and colours; what has no colour of its own and the rest are grey."""
    ids = rows[f"{dimension}_id"]
    marked = rows[f"caveat_{words.lang}"].fillna("") != ""
    return pd.DataFrame(
        {
            "name": (rows[f"{dimension}_{words.lang}"] + marked.map({True: _CAVEAT, False: ""})).to_numpy(),
            "value": rows["value"].to_numpy(),
            "colour": [colour(each, dimension) for each in ids],
        }
    )


def colour(member_id: str, dimension: str) -> str:
    """The colour that a destination or an item has everywhere."""
    return theme.destination_colour(member_id) if dimension == "destination" else theme.item_colour(member_id)


def members_title(rows: pd.DataFrame, dimension: str, evidence: Evidence) -> str:
    """Who leads, and the next two; what contains others beside it leads nobody."""
    words = evidence.words
    _ = words.gettext
    named = parts(rows[rows[f"{dimension}_id"] != "REST"], dimension)
    said = [
        (
            row[f"{dimension}_{words.lang}"],
            evidence.number({str(key): value for key, value in row.items()}, significant=4),
        )
        for row in named.head(3).to_dict("records")
    ]
    if not said:
        return _("Nothing is published for this choice")
    (leader, share), *others = said
    if not others:
        return words.fill(_("{leader}: {share}"), leader=leader, share=share)
    following = ", ".join(f"{name} {number}" for name, number in others)
    return words.fill(
        _("{leader} leads with {share}, then {following}"), leader=leader, share=share, following=following
    )


def rest_title(rows: pd.DataFrame, dimension: str, evidence: Evidence) -> str:
    """How much the publication leaves unnamed; `rows` as `with_rest` gives them."""
    words = evidence.words
    _ = words.gettext
    rest = rows[rows[f"{dimension}_id"] == "REST"].to_dict("records")
    if not rest:
        return _("The publication names nearly all of it")
    share = evidence.number({str(key): value for key, value in rest[0].items()}, significant=4)
    return words.fill(_("{share} goes to others, which the publication does not name"), share=share)


def level_metric(levels: pd.DataFrame, series_id: str, measure: str, period: str) -> str:
    """The level that goes with a share in this publication: cases, else dollars, else won."""
    if measure == "share_cases_pct":
        return "cases"
    there = set(levels[(levels["series_id"] == series_id) & (levels["period"] == period)]["metric_id"])
    return "value_krw" if "value_krw" in there and "value_usd" not in there else "value_usd"


# --- against an earlier publication ------------------------------------------------------------


def growth(levels: pd.DataFrame, choice: Choice, metric_id: str) -> pd.DataFrame:
    """Change of each member's level, in percent, since the latest earlier year with the same months in the same series.

    Columns as in `levels`, with `value` the change and `since` the earlier period; members without one are left out.
    """
    mine = levels[
        (levels["series_id"] == choice.series_id)
        & (levels["metric_id"] == metric_id)
        & (levels[choice.column] != "ALL")
        & (levels["bound"].fillna("exact").isin(_FIRM))
    ]
    now = mine[mine["period"] == choice.period]
    if now.empty:
        return now.assign(since="")
    start, end = now.iloc[0][["period_start", "period_end"]]
    before = mine[
        (mine["period_start"].dt.month == start.month)
        & (mine["period_start"] < start)
        & (_months(mine) == (end.year - start.year) * _MONTHS + end.month - start.month + 1)
    ]
    newest = before.sort_values("period_start").drop_duplicates(choice.column, keep="last")
    both = now.merge(
        newest[[choice.column, "definition_id", "period", "value", "input_ids"]],
        on=[choice.column, "definition_id"],
        suffixes=("", "_before"),
    )
    return both.assign(
        value=100 * (both["value"] / both["value_before"] - 1),
        unit="percent",
        evidence="derived",
        formula="level / earlier level − 1",
        input_ids=both["input_ids"].map(list) + both["input_ids_before"].map(list),
        since=both["period_before"],
    )


def growth_title(rows: pd.DataFrame, grown: pd.DataFrame, choice: Choice, evidence: Evidence) -> str:
    """What became of the largest member that has an earlier figure."""
    words = evidence.words
    _ = words.gettext
    for member in rows[choice.column]:
        for row in grown[grown[choice.column] == member].to_dict("records"):
            change = evidence.number({str(key): value for key, value in row.items()}, significant=3)
            grew = row["value"] > 0
            message = {
                "share_value_pct": _("{name}: value grew by {change} since {period}")
                if grew
                else _("{name}: value fell ({change}) since {period}"),
                "share_cases_pct": _("{name}: cases grew by {change} since {period}")
                if grew
                else _("{name}: cases fell ({change}) since {period}"),
            }[choice.measure]
            names = rows.set_index(choice.column)[f"{choice.dimension}_{words.lang}"]
            since = formats.period(row["since"], words.lang)
            return words.fill(message, name=names[member], change=change, period=since)
    return members_title(rows, choice.dimension, evidence)


def ranks(shares: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Ranks among the named members in every publication of the same series and measure over periods of the same length.

    Columns as in `shares`, with `rank` (1 is the largest share) and `is_firm`: no unnamed member can stand above, because all
    of them together have less. In order of time. Who is not named in a publication has no row in it.
    """
    mine = shares[
        (shares["series_id"] == choice.series_id)
        & (shares["metric_id"] == choice.measure)
        & (shares[choice.column] != "ALL")
    ]
    months = _months(mine)
    mine = mine[months == months[mine["period"] == choice.period].max()]
    periods = mine.groupby("period_start")
    if mine[choice.column].isin(_CONTAINS).any():
        mine = pd.concat([parts(rows, choice.dimension) for _period, rows in periods])
        periods = mine.groupby("period_start")
    left = (_WHOLE - periods["value"].transform("sum") - _ROUNDING_PCT).clip(lower=0)
    return mine.assign(
        rank=periods["value"].rank(ascending=False, method="min").astype(int), is_firm=mine["value"] >= left
    ).sort_values(["period_start", "rank"], ignore_index=True)


def earlier_periods(ranked: pd.DataFrame, period: str) -> list[str]:
    """Publications before the one chosen, the newest first."""
    now = ranked[ranked["period"] == period]["period_start"].min()
    return list(dict.fromkeys(ranked[ranked["period_start"] < now]["period"][::-1]))


def movement(ranked: pd.DataFrame, choice: Choice, earlier: str) -> pd.DataFrame:
    """Members of the publication chosen, by rank, with `rank_before`, `value_before` and `moved` (places up; NaN if unnamed then)."""
    now = ranked[ranked["period"] == choice.period]
    before = ranked[ranked["period"] == earlier]
    both = now.merge(
        before[[choice.column, "rank", "value", "input_ids", "evidence", "formula"]],
        on=choice.column,
        how="left",
        suffixes=("", "_before"),
    )
    return both.assign(moved=both["rank_before"] - both["rank"]).sort_values("rank", ignore_index=True)


def movement_title(moved: pd.DataFrame, choice: Choice, earlier: str, words: Words) -> str:
    """Who moved furthest between the two publications, in words."""
    _ = words.gettext
    period = formats.period(earlier, words.lang)
    both = moved.dropna(subset="moved")
    if both.empty:
        return words.fill(_("Nobody is named both then ({period}) and now"), period=period)
    furthest = both.sort_values("moved", key=abs, ascending=False).iloc[0]
    if not furthest["moved"]:
        return words.fill(_("No place among those named both times changed since {period}"), period=period)
    message = (
        _("{name} moved up since {period}")
        if furthest["moved"] > 0
        else _("{name} moved down since {period}")
    )
    return words.fill(message, name=furthest[f"{choice.dimension}_{words.lang}"], period=period)


def _months(rows: pd.DataFrame) -> pd.Series:
    """How many months each period is long."""
    start, end = rows["period_start"].dt, rows["period_end"].dt
    months: pd.Series = (end.year - start.year) * _MONTHS + end.month - start.month + 1
    return months


# --- value against cases ------------------------------------------------------------


def case_periods(shares: pd.DataFrame, choice: Choice) -> list[str]:
    """Periods whose shares of cases name a member that the chosen shares of value name, the closest first.

    The same period is closest, then the shortest that contains it, then others by the distance of their middles.
    """
    value = chosen(shares, choice, "share_value_pct")
    cases = shares[(shares["series_id"] == choice.series_id) & (shares["metric_id"] == "share_cases_pct")]
    cases = cases[cases[choice.column].isin(value[choice.column])].drop_duplicates("period")
    if cases.empty:
        return []
    start, end = value.iloc[0][["period_start", "period_end"]]
    contains = (cases["period_start"] <= start) & (cases["period_end"] >= end)
    apart = (cases["period_start"] - start + (cases["period_end"] - end)).abs()
    length = cases["period_end"] - cases["period_start"]
    ordered = cases.assign(
        other=cases["period"] != choice.period, outside=~contains, length=length, apart=apart
    )
    return list(ordered.sort_values(["other", "outside", "apart", "length"])["period"])


def with_cases(shares: pd.DataFrame, codes: Sequence[str], dimension: str, wished: str = "") -> str:
    """Which publication a comparison of value and cases opens with: the newest with several members in both, if the series fits."""
    named = {
        (str(series), str(measure), str(period)): set(members)
        for (series, measure, period), members in shares[shares[f"{dimension}_id"] != "ALL"].groupby(
            ["series_id", "metric_id", "period"]
        )[f"{dimension}_id"]
    }

    def compared(code: str) -> int:
        series_id, _separator, period = code.partition(":")
        value = named[series_id, "share_value_pct", period]
        both = [
            len(value & cases)
            for (series, measure, _period), cases in named.items()
            if (series, measure) == (series_id, "share_cases_pct")
        ]
        return min(max(both, default=0), _SEVERAL)

    of_series = [code for code in codes if wished and code.startswith(wished.partition(":")[0] + ":")]
    return max(of_series if any(map(compared, of_series)) else codes, key=compared)


def value_against_cases(shares: pd.DataFrame, choice: Choice, cases_period: str) -> pd.DataFrame:
    """Members with both shares, in percent: `value` and `cases`, and `ratio`, value per case over the average of all members.

    The ratio is exact only where both are of one period; the most valuable cases come first.
    """
    value = chosen(shares, choice, "share_value_pct")
    cases = publication(shares, choice.series_id, "share_cases_pct", cases_period, choice.dimension)
    both = value.merge(
        cases[[choice.column, "value", "input_ids", "evidence", "formula", "unit"]],
        on=choice.column,
        suffixes=("", "_cases"),
    )
    return both.assign(cases=both["value_cases"], ratio=both["value"] / both["value_cases"]).sort_values(
        "ratio", ascending=False, ignore_index=True
    )


def furthest_from_average(compared: pd.DataFrame) -> int:
    """Row of the member whose value per case is furthest from the average, as a ratio."""
    distances = compared["ratio"].map(math.log).abs().tolist()
    return distances.index(max(distances))


# --- what to mind ------------------------------------------------------------


def caveats(members: pd.DataFrame, words: Words) -> list[str]:
    """What to mind about the items shown; a mark stands behind their names in the picture."""
    rows = members.drop_duplicates("item_id")
    named = zip(rows[f"item_{words.lang}"], rows[f"caveat_{words.lang}"], strict=True)
    return [f"{_CAVEAT} {item}: {caveat}" for item, caveat in named if isinstance(caveat, str) and caveat]


def overlap_note(members: pd.DataFrame, dimension: str, words: Words) -> str:
    """Say it where something and its parts stand side by side."""
    _ = words.gettext
    overlapping = members[~members.index.isin(parts(members, dimension).index)]
    if overlapping.empty:
        return ""
    names = ", ".join(overlapping[f"{dimension}_{words.lang}"])
    return words.fill(_("{names}: contains others that are shown here too; do not add them up."), names=names)


def groups_note(members: pd.DataFrame, evidence: Evidence) -> str:
    """Groups with their figures: a map paints none of them."""
    words = evidence.words
    _ = words.gettext
    groups = members[(members["destination_kind"] == "group") & (members["destination_id"] != "REST")]
    said = [
        f"{row[f'destination_{words.lang}']} {evidence.number({str(k): v for k, v in row.items()}, significant=4)}"
        for row in groups.to_dict("records")
    ]
    if not said:
        return ""
    return words.fill(_("Groups are not painted: {groups}."), groups=", ".join(said))


def moved_note(wished: str, shown: str, named: Mapping[str, str], dimension: str, words: Words) -> str:
    """Say that the publication `wished` gives no such shares, and which one is shown instead."""
    _ = words.gettext
    message = {
        "destination": _("“{wished}” gives no such shares by destination; shown is “{shown}”."),
        "item": _("“{wished}” gives no such shares by item; shown is “{shown}”."),
    }[dimension]
    return words.fill(
        message,
        wished=publication_name(wished, named, words),
        shown=publication_name(shown, named, words),
    )
