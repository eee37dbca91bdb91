"""The limits of the law: when they held, how they are marked on pictures, and what they rest on."""

import pandas as pd

from dashboard import formats, naming
from dashboard.charts import EventMark, Mark, is_seen
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.receipts import Statement

SIMPLIFIED = "simplified_declaration"


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


def events_within(events: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """The events that a chart of these points shows, each with a `sign` (①, ②, …) and the days that its dates begin on.

    Announced or in effect, at least one of both must be on the axis. A date known to the month or year counts from its first day.
    """
    first, last = points["period_start"].min(), points["period_end"].max()
    dated = events.assign(
        announced_day=events["announced"].map(_first_day), effective_day=events["effective"].map(_first_day)
    )
    is_there = [
        any(day is not None and is_seen(day, first, last) for day in days)
        for days in zip(dated["announced_day"], dated["effective_day"], strict=True)
    ]
    shown = dated[is_there]
    return shown.assign(sign=[chr(ord("①") + place) for place in range(len(shown))])


def event_marks(shown: pd.DataFrame) -> list[EventMark]:
    """Events as `events_within` gives them, for a time axis."""
    return [
        EventMark(row["sign"], _day(row["announced_day"]), _day(row["effective_day"]))
        for row in shown.to_dict("records")
    ]


def event_lines(shown: pd.DataFrame, words: Words) -> list[str]:
    """The events that a chart shows, a line each: sign, what, kind, announced and in effect, source with its address."""
    _ = words.gettext
    lang = words.lang
    kinds = {
        "limit": _("limit"),
        "rule": _("rule"),
        "statistics": _("statistics: definition or coverage"),
        "market": _("market abroad"),
    }
    said = []
    for row in shown.to_dict("records"):
        days = [
            words.fill(message, day=formats.date(row[key], lang))
            for key, message in (("announced", _("announced {day}")), ("effective", _("in effect {day}")))
            if row[key]
        ]
        source = str(row[f"publisher_{lang}"])
        linked = f"[{source}]({row['url']})" if row["url"] else source
        said.append(
            f"{row['sign']} **{row[f'name_{lang}']}** ({kinds[row['kind']]}): {', '.join(days)}. {linked}"
        )
    return said


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
    cap, now = evidence.limit(naming.plain(listed)), evidence.limit(naming.plain(simplified))
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


def _first_day(known: str) -> pd.Timestamp | None:
    return pd.Timestamp(known + "-01-01"[3 * known.count("-") :]) if known else None


def _day(day: object) -> pd.Timestamp | None:
    """A day out of a frame, in which pandas may have put NaT for None."""
    return day if isinstance(day, pd.Timestamp) and not pd.isna(day) else None


def _two_lines(above: str, below: str) -> str:
    return f"{above}<br>{below}"
