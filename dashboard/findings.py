"""What the figures say, in words: headlines, computed titles, notes on gaps. Numbers come with their receipts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import formats, theme, transform
from dashboard.charts import Mark
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.receipts import Number

SIMPLIFIED = "simplified_declaration"
# How many more percent a level must have changed before a title says that it rose or fell.
_NO_CHANGE_PCT = 1.0
_WHOLE = 100.0


@dataclass(frozen=True)
class Headline:
    """One headline figure: what it is, how much, and which period and series."""

    key: str
    label: str
    number: Number
    detail: str


@dataclass(frozen=True)
class Statement:
    """A sentence, and the numbers in it."""

    text: str
    numbers: tuple[Number, ...]


def measure_names(words: Words) -> dict[str, str]:
    """Names of the measures that the trend marts hold, by metric id, with their units."""
    _ = words.gettext
    return {
        "value_usd": _("Value (USD)"),
        "value_krw": _("Value (KRW)"),
        "cases": _("Cases"),
        "value_per_case_usd": _("Value per case (USD)"),
        "value_per_case_krw": _("Value per case (KRW)"),
    }


def measure_subjects(words: Words) -> dict[str, str]:
    """The measures as the subject of a sentence, by metric id."""
    _ = words.gettext
    return {
        "value_usd": _("Export value"),
        "value_krw": _("Export value"),
        "cases": _("Cases"),
        "value_per_case_usd": _("Value per case"),
        "value_per_case_krw": _("Value per case"),
    }


def offered_measures(measures: pd.DataFrame) -> list[str]:
    """The measures of one series, those with the most published figures first."""
    ranked = (
        measures.groupby("metric_id")[["published", "points"]]
        .sum()
        .sort_values(["published", "points"], ascending=False, kind="stable")
    )
    return list(ranked.index)


def names_by_id(rows: pd.DataFrame, what: str, words: Words) -> dict[str, str]:
    """Names in the reader's language by id, of a frame with `<what>_id` and `name_ko`, `name_en`."""
    return dict(zip(rows[f"{what}_id"], rows[f"name_{words.lang}"], strict=True))


def row(rows: pd.DataFrame, column: str, value: str) -> dict[str, Any]:
    """The one row with `value` in `column`, by column name; KeyError where there is none."""
    found = rows[rows[column] == value]
    if found.empty:
        raise KeyError(value)
    return _plain(found.iloc[0])


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
        made.append(Headline(metric_id, label, evidence.number(_plain(row), label, significant=4), detail))
    by_value = shares.query(
        "series_id == 'kcs_total' and metric_id == 'share_value_pct' and frequency == 'year' and destination_id != 'ALL'"
    )
    top = by_value.sort_values(["period_end", "value"]).iloc[-1]
    label = words.fill(_("Top destination: {destination}"), destination=top[f"destination_{lang}"])
    detail = words.fill(
        _("share of value, {period}, {series}"), period=formats.period(top["period"], lang), series=series
    )
    made.append(Headline("top", label, evidence.number(_plain(top), label), detail))
    now = in_force(limits).iloc[-1]
    detail = words.fill(
        _("simplified declaration, since {day}"), day=formats.date(now["valid_from"].date(), lang)
    )
    made.append(Headline("limit", _("Limit in force (FOB)"), evidence.limit(_plain(now)), detail))
    return made


def in_force(limits: pd.DataFrame, channel_id: str = SIMPLIFIED) -> pd.DataFrame:
    """The limits of one channel in order of time."""
    return limits[limits["channel_id"] == channel_id].sort_values("valid_from")


def limit_marks(limits: pd.DataFrame, words: Words) -> list[Mark]:
    """The days on which the simplified limit changed, labelled for a time axis."""
    _ = words.gettext
    return [
        Mark(
            row["valid_from"],
            _two_lines(
                words.fill(_("limit {limit}"), limit=formats.amount(row["limit_krw"], "KRW", words.lang)),
                formats.date(row["valid_from"].date(), words.lang),
            ),
        )
        for row in in_force(limits).to_dict("records")
    ]


def total_title(points: pd.DataFrame, name: str, evidence: Evidence) -> str:
    """From the first to the newest level, with a verb that the change supports."""
    words = evidence.words
    _ = words.gettext
    if points.empty:
        return words.fill(_("{measure}: no figure is published"), measure=name)
    first, last = points.iloc[0], points.iloc[-1]
    start, end = (evidence.number(_plain(row), name, significant=4) for row in (first, last))
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
    if shares.empty or overlapping.any() or rest < 0.5:  # noqa: PLR2004 (rounding of three to five shares)
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
    numbers = [evidence.number(_plain(row)) for _index, row in later.iterrows()]
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
        now = evidence.number(_plain(halves.iloc[-1]))
        earlier = halves.iloc[0]
        before = evidence.number(_plain(earlier))
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
    for row in in_force(limits).iloc[1:].to_dict("records"):
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


def _plain(found: pd.Series) -> dict[str, Any]:
    return {str(name): value for name, value in found.items()}


def frequency_names(words: Words) -> dict[str, str]:
    """Names of the frequencies that a line may have, longest first."""
    _ = words.gettext
    return {"year": _("yearly"), "half": _("half-yearly"), "quarter": _("quarterly"), "month": _("monthly")}


def period_name(words: Words) -> Callable[[str], str]:
    """How a period is read."""
    return lambda period: formats.period(period, words.lang)


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
    return evidence.number(_plain(row), signed=True)


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


def won(words: Words) -> Callable[[str], str]:
    """How an amount of won is read, from its digits."""
    return lambda krw: formats.amount(int(krw), "KRW", words.lang, significant=None)


def limit_labels(limits: pd.DataFrame, old_krw: float, words: Words) -> dict[float, str]:
    """Limits of the law above the old one, labelled with the day from which they held."""
    _ = words.gettext
    return {
        float(row["limit_krw"]): _two_lines(
            formats.amount(row["limit_krw"], "KRW", words.lang),
            words.fill(_("since {day}"), day=formats.date(row["valid_from"].date(), words.lang)),
        )
        for row in in_force(limits).to_dict("records")
        if row["limit_krw"] > old_krw
    }


def list_share_statement(share: float | None, words: Words) -> str:
    """The assumption in one sentence; empty where nothing is assumed."""
    _ = words.gettext
    if share is None:
        return ""
    return words.fill(
        _("List clearance carries {share} of the value (assumed)"),
        share=formats.percent(100 * share, words.lang, digits=0),
    )


def questions(words: Words) -> dict[str, str]:
    """Which question each population answers."""
    _ = words.gettext
    return {
        "total-2024": _("of all e-commerce exports in the year of the change"),
        "total-2021": _("of all e-commerce exports in the last year with channels published"),
        "declared-2021": _("of what was declared: all that the change can touch"),
    }


def base_note(population: object, words: Words) -> str:
    """Which question this base answers."""
    return population_note(is_declared=population == "declared-2021", words=words)


def population_note(*, is_declared: bool, words: Words) -> str:
    """Which question this population answers."""
    _ = words.gettext
    if is_declared:
        return _(
            "Declared channel: only declarations can exceed the cap of list clearance, so this base holds every shipment that the change can touch."
        )
    return _(
        "Customs total: all e-commerce shipments, most of them list clearances that no change of this limit can touch."
    )


def legal_basis(limits: pd.DataFrame, evidence: Evidence) -> list[Statement]:
    """The law behind both limits, with the articles of the notice."""
    words, lang = evidence.words, evidence.words.lang
    _ = words.gettext
    # the newest change that cites an article: later ones widened where list clearance is done, not its limit
    cited = limits[limits["article"] != ""]
    listed, simplified = in_force(cited, "list_clearance").iloc[-1], in_force(cited).iloc[-1]
    cap, now = evidence.limit(_plain(listed)), evidence.limit(_plain(simplified))
    return [
        Statement(
            words.fill(
                _(
                    "List clearance, without a declaration, is open to goods of at most {cap} for which no duty is drawn back "
                    "(art. 55(1)8 of the notice), and stayed so at each change. A higher limit of the simplified declaration touches only "
                    "goods above that, which had to be declared anyway."
                ),
                cap=cap,
            ),
            (cap,),
        ),
        Statement(
            words.fill(
                _(
                    "The simplified declaration is open to goods of at most {limit} since {day} (art. 43(1)): "
                    "a declaration with fewer fields, not a third channel. {instrument}"
                ),
                limit=now,
                day=formats.date(simplified["valid_from"].date(), lang),
                instrument=simplified[f"instrument_{lang}"],
            ),
            (now,),
        ),
        Statement(
            _(
                "“Qualifies by value” is not “may use”: goods under confirmation, re-exports on conditions "
                "and returns for breach of contract stay out."
            ),
            (),
        ),
    ]


def table_names(words: Words) -> dict[str, str]:
    """The tables of published values that may be downloaded."""
    _ = words.gettext
    return {
        "observation": _("Figures"),
        "series": _("Series"),
        "source": _("Sources"),
        "contradiction": _("Contradictions"),
        "clearance_limit": _("Limits"),
        "fact": _("Facts"),
        "event": _("Events"),
        "exchange_rate": _("Exchange rates"),
        "assumption": _("Assumptions"),
        "metric": _("Measures"),
        "destination": _("Destinations"),
        "item": _("Items"),
        "channel": _("Channels"),
    }


def _two_lines(above: str, below: str) -> str:
    return f"{above}<br>{below}"
