"""What the published figures say, in words: headlines, computed titles, notes on gaps. Numbers come with their receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard import formats, law, naming, theme, transform
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.receipts import Number, Statement

# How many more percent a level must have changed before a title says that it rose or fell.
_NO_CHANGE_PCT = 1.0
_WHOLE = 100.0
_ROUNDING_PCT = 0.5  # what three to five rounded shares may leave over


@dataclass(frozen=True)
class Headline:
    """One headline figure: what it is, how much, and which period and series."""

    key: str
    label: str
    number: Number
    detail: str


def newest(points: pd.DataFrame, metric_id: str, frequency: str = "year") -> pd.Series:
    """The newest point of a measure; KeyError where there is none."""
    found = points[(points["metric_id"] == metric_id) & (points["frequency"] == frequency)]
    if found.empty:
        raise KeyError(metric_id)
    row: pd.Series = found.sort_values("period_end").iloc[-1]
    return row


def headlines(
    totals: pd.DataFrame, shares: pd.DataFrame, limits: pd.DataFrame, evidence: Evidence
) -> list[Headline]:
    """Value, cases and value per case of the newest full year, the top destination, the limit in force."""
    words, lang = evidence.words, evidence.words.lang
    _ = words.gettext
    series = _("customs total")
    made = []
    for metric_id, label in (
        ("value_usd", _("Export value")),
        ("cases", _("Cases")),
        ("value_per_case_usd", _("Value per case")),
    ):
        row = newest(totals, metric_id)
        detail = words.fill(
            _("{period}, {series}"), period=formats.period(row["period"], lang), series=series
        )
        made.append(
            Headline(metric_id, label, evidence.number(naming.plain(row), label, significant=4), detail)
        )
    by_value = shares.query(
        "series_id == 'kcs_total' and metric_id == 'share_value_pct' and frequency == 'year' and destination_id != 'ALL'"
    )
    top = by_value.sort_values(["period_end", "value"]).iloc[-1]
    label = words.fill(_("Top destination: {destination}"), destination=top[f"destination_{lang}"])
    detail = words.fill(
        _("share of value, {period}, {series}"), period=formats.period(top["period"], lang), series=series
    )
    made.append(Headline("top", label, evidence.number(naming.plain(top), label), detail))
    now = law.in_force(limits).iloc[-1]
    detail = words.fill(
        _("simplified declaration, since {day}"), day=formats.date(now["valid_from"].date(), lang)
    )
    made.append(Headline("limit", _("Limit in force (FOB)"), evidence.limit(naming.plain(now)), detail))
    return made


def total_title(points: pd.DataFrame, name: str, evidence: Evidence) -> str:
    """From the first to the newest level, with a verb that the change supports."""
    words = evidence.words
    _ = words.gettext
    if points.empty:
        return words.fill(_("{measure}: no figure is published"), measure=name)
    first, last = points.iloc[0], points.iloc[-1]
    start, end = (evidence.number(naming.plain(row), name, significant=4) for row in (first, last))
    when = {
        "first_period": formats.period(first["period"], words.lang),
        "period": formats.period(last["period"], words.lang),
    }
    if len(points) == 1:
        return words.fill(_("{measure}: {end} ({period})"), measure=name, end=end, period=when["period"])
    change = 100 * (last["value"] / first["value"] - 1)
    if abs(change) < _NO_CHANGE_PCT:
        message = _("{measure} is about the same: {start} ({first_period}), {end} ({period})")
    elif change > 0:
        message = _("{measure} rose from {start} ({first_period}) to {end} ({period})")
    else:
        message = _("{measure} fell from {start} ({first_period}) to {end} ({period})")
    return words.fill(message, measure=name, start=start, end=end, **when)


def gap_note(points: pd.DataFrame, words: Words) -> str:
    """Which years between the first and the last have no figure; empty where none is missing."""
    _ = words.gettext
    if points.empty or points["frequency"].iloc[0] != "year":
        return ""
    missing = transform.missing_years(points)
    if not missing:
        return ""
    named = ", ".join(formats.period(year, words.lang) for year in missing)
    return words.fill(
        _("No figure is published for {years}; the line stops there and does not guess."), years=named
    )


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


def since_2023(
    shares: pd.DataFrame, totals: pd.DataFrame, limits: pd.DataFrame, evidence: Evidence
) -> list[Statement]:
    """What was published after the shares of 2023: shares of early 2024, the half-years, the limits."""
    words, lang = evidence.words, evidence.words.lang
    _ = words.gettext
    later = publication(shares, "kcs_total", "share_value_pct", "2024-01..2024-08", "destination")
    numbers = [evidence.number(naming.plain(row)) for _index, row in later.iterrows()]
    listed = ", ".join(
        f"{row[f'destination_{lang}']} {number}"
        for (_index, row), number in zip(later.iterrows(), numbers, strict=True)
    )
    said = [
        Statement(
            words.fill(
                _(
                    "{period}: {listed} of export value. A part year; the season is strong, so it is not set against full years."
                ),
                period=formats.period("2024-01..2024-08", lang),
                listed=listed,
            ),
            tuple(numbers),
        )
    ]
    for metric_id, message in (
        (
            "value_usd",
            _("{period}: export value {now}; the first half of the year before is not published as a level."),
        ),
        ("cases", _("{period}: {now}, against {before} in {earlier}.")),
    ):
        halves = totals[(totals["metric_id"] == metric_id) & (totals["frequency"] == "half")].sort_values(
            "period_end"
        )
        now = evidence.number(naming.plain(halves.iloc[-1]))
        earlier = halves.iloc[0]
        before = evidence.number(naming.plain(earlier))
        said.append(
            Statement(
                words.fill(
                    message,
                    period=formats.period(halves.iloc[-1]["period"], lang),
                    now=now,
                    before=before,
                    earlier=formats.period(earlier["period"], lang),
                ),
                (now, before) if len(halves) > 1 else (now,),
            )
        )
    for row in law.in_force(limits).iloc[1:].to_dict("records"):
        limit = evidence.limit({str(key): value for key, value in row.items()})
        said.append(
            Statement(
                words.fill(
                    _(
                        "{day}: the limit of the simplified declaration rose to {limit}; list clearance kept its own."
                    ),
                    day=formats.date(row["valid_from"].date(), lang),
                    limit=limit,
                ),
                (limit,),
            )
        )
    return said


def growth_title(points: pd.DataFrame, subject: str, evidence: Evidence) -> str:
    """The newest growth rate."""
    words = evidence.words
    _ = words.gettext
    if points.empty:
        return words.fill(_("{measure}: no figure is published"), measure=subject)
    last = points.iloc[-1]
    rate = _signed(evidence, last)
    message = _("{measure} changed by {rate} in {period}")
    if last["value"] > 0:
        message = _("{measure} grew by {rate} in {period}")
    return words.fill(message, measure=subject, rate=rate, period=formats.period(last["period"], words.lang))


def _signed(evidence: Evidence, row: pd.Series) -> Number:
    """A rate with its sign."""
    return evidence.number(naming.plain(row), signed=True)


def average_title(average: pd.Series, start: str, end: str, subject: str, evidence: Evidence) -> str:
    """Average growth between two periods."""
    words = evidence.words
    _ = words.gettext
    return words.fill(
        _("{measure}: {rate} a year on average, from {start} to {end}"),
        measure=subject,
        rate=_signed(evidence, average),
        start=formats.period(start, words.lang),
        end=formats.period(end, words.lang),
    )


def conversion_note(points: pd.DataFrame, words: Words) -> str:
    """Say it where points were converted between currencies, and at which rate."""
    _ = words.gettext
    if not (points["formula"] == "value at the period’s average rate").any():
        return ""
    return _(
        "Published in the other currency; converted at the average rate of each period, whose source stands in the receipt."
    )


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
