"""What a publication says of its destinations or items: who leads, what is left, what to mind."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard import formats, theme
from dashboard.evidence import Evidence
from dashboard.i18n import Words

_WHOLE = 100.0
_ROUNDING_PCT = 0.5  # what three to five rounded shares may leave over


def publications(
    shares: pd.DataFrame, named: Mapping[str, str], measure: str, dimension: str, words: Words
) -> dict[str, str]:
    """What can be ranked, newest first, the customs total before other series: code `series:period` -> name."""
    _ = words.gettext
    found = shares[(shares["metric_id"] == measure) & (shares[f"{dimension}_id"] != "ALL")]
    found = found.drop_duplicates(["series_id", "period"]).assign(other=found["series_id"] != "kcs_total")
    found = found.sort_values(["other", "period_end", "period_start"], ascending=[True, False, False])
    return {
        f"{row['series_id']}:{row['period']}": words.fill(
            _("{period}, {series}"),
            period=formats.period(row["period"], words.lang),
            series=named[row["series_id"]],
        )
        for row in found.to_dict("records")
    }


def default_publication(codes: Sequence[str]) -> str:
    """The customs total of 2023 if it is there, else the first."""
    return "kcs_total:2023" if "kcs_total:2023" in codes else codes[0]


def publication(
    rows: pd.DataFrame, series_id: str, metric_id: str, period: str, dimension: str
) -> pd.DataFrame:
    """Members of one dimension in one series and period, the largest first."""
    mine = (rows["series_id"] == series_id) & (rows["metric_id"] == metric_id) & (rows["period"] == period)
    return rows[mine & (rows[f"{dimension}_id"] != "ALL")].sort_values("value", ascending=False)


def with_rest(shares: pd.DataFrame, dimension: str, words: Words) -> pd.DataFrame:
    """Shares and, last, what is left to 100 percent, where single members (no groups that overlap) leave a visible rest."""
    _ = words.gettext
    rest = _WHOLE - shares["value"].sum()
    overlapping = (shares["destination_kind"] == "group") | (shares["item_id"] == "clothing_and_cosmetics")
    if shares.empty or overlapping.any() or rest < _ROUNDING_PCT:
        return shares
    row = shares.iloc[0].to_dict() | {
        f"{dimension}_id": "REST",
        f"{dimension}_ko": _("all others"),
        f"{dimension}_en": _("all others"),
        "value": rest,
        "evidence": "derived",
        "formula": "100 − published shares",
        "input_ids": [each for ids in shares["input_ids"] for each in ids],
        "caveat_ko": "",
        "caveat_en": "",
    }
    return pd.concat([shares, pd.DataFrame([row])], ignore_index=True)


def bars(rows: pd.DataFrame, dimension: str, words: Words) -> pd.DataFrame:
    """Names, values and colours for ranked bars: destinations keep their colour, items share one, the rest is grey."""
    ids = rows[f"{dimension}_id"]
    colours = [
        theme.GREY
        if each == "REST"
        else theme.destination_colour(each)
        if dimension == "destination"
        else theme.ACCENT
        for each in ids
    ]
    return pd.DataFrame(
        {
            "name": rows[f"{dimension}_{words.lang}"].to_numpy(),
            "value": rows["value"].to_numpy(),
            "colour": colours,
        }
    )


def members_title(rows: pd.DataFrame, dimension: str, evidence: Evidence) -> str:
    """Who leads, and the next two."""
    words = evidence.words
    _ = words.gettext
    named = rows[rows[f"{dimension}_id"] != "REST"]
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


def level_metric(levels: pd.DataFrame, series_id: str, measure: str, period: str) -> str:
    """The level that goes with a share in this publication: cases, else dollars, else won."""
    if measure == "share_cases_pct":
        return "cases"
    there = set(levels[(levels["series_id"] == series_id) & (levels["period"] == period)]["metric_id"])
    return "value_krw" if "value_krw" in there and "value_usd" not in there else "value_usd"


def caveats(members: pd.DataFrame, words: Words) -> list[str]:
    """What to mind about the items shown."""
    rows = members.drop_duplicates("item_id")
    named = zip(rows[f"item_{words.lang}"], rows[f"caveat_{words.lang}"], strict=True)
    return [f"{item}: {caveat}" for item, caveat in named if isinstance(caveat, str) and caveat]


def groups_note(members: pd.DataFrame, words: Words) -> str:
    """Say it where groups and their members stand side by side."""
    _ = words.gettext
    has_group = (members["destination_kind"] == "group").any() and (
        members["destination_kind"] == "country"
    ).any()
    return _("Groups of countries stand beside countries here; do not add them up.") if has_group else ""
