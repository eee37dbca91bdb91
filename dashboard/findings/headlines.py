"""The headline figures of the overview, and what changed since."""

from dataclasses import dataclass

import pandas as pd

from dashboard import formats, law, naming
from dashboard.evidence import Evidence
from dashboard.findings import members, over_time
from dashboard.receipts import Number, Statement


@dataclass(frozen=True)
class Headline:
    """One headline figure: what it is, how much, and which period and series."""

    key: str
    label: str
    number: Number
    detail: str


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
        row = over_time.newest(totals, metric_id)
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


def since_2023(
    shares: pd.DataFrame, totals: pd.DataFrame, limits: pd.DataFrame, evidence: Evidence
) -> list[Statement]:
    """What was published after the shares of 2023: shares of early 2024, the half-years, the limits."""
    words, lang = evidence.words, evidence.words.lang
    _ = words.gettext
    later = members.publication(shares, "kcs_total", "share_value_pct", "2024-01..2024-08", "destination")
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
