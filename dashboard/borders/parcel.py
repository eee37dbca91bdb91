"""What changes for one parcel: its procedure before and after each change of the limit, and the conditions of the law."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard import formats, law, receipts
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.model.markets.regime import Limits, Parcel, Phase, Reason, Regime, Span, history, on_day, spans
from dashboard.naming import plain
from dashboard.naming import row as row_of
from dashboard.receipts import Number, Statement
from dashboard.tables import Cell, Table

LIST = "list_clearance"
# Facts of the notice that the conditions name.
_CORRECTION_BEFORE, _CORRECTION_NOW = "G278", "G287"
_INSPECTION = "G279"


def regime_names(words: Words) -> dict[str, str]:
    """Names of the procedures."""
    _ = words.gettext
    return {
        "list_clearance": _("list clearance"),
        "simplified": _("simplified declaration"),
        "formal": _("formal declaration"),
    }


def spans_of(limits: pd.DataFrame) -> list[Span]:
    """The spans between changes of the simplified limit, of `store.limits_in_force`."""

    def of(channel_id: str) -> list[tuple[date, float]]:
        rows = law.in_force(limits, channel_id)
        return [
            (day.date(), float(krw)) for day, krw in zip(rows["valid_from"], rows["limit_krw"], strict=True)
        ]

    return spans(of(LIST), of(law.SIMPLIFIED))


def today_limits(limits: pd.DataFrame, day: date, evidence: Evidence) -> tuple[Limits, dict[str, Number]]:
    """The limits of a day, and their numbers by procedure, as far as there are."""
    found = on_day(spans_of(limits), day)
    numbers = {}
    for name, channel_id, krw in (
        ("list_clearance", LIST, found.list_clearance_krw),
        ("simplified", law.SIMPLIFIED, found.simplified_krw),
    ):
        if krw is not None:
            numbers[name] = _number(limits, channel_id, krw, evidence)
    return found, numbers


def _number(limits: pd.DataFrame, channel_id: str, krw: float, evidence: Evidence) -> Number:
    """A limit with its receipt: the newest row that gives it, which cites an article where any does."""
    rows = law.in_force(limits, channel_id)
    found = rows[rows["limit_krw"] == krw].sort_values("article", kind="stable")
    return evidence.limit(plain(found.iloc[-1]))


class Changes:
    """One parcel through all changes of the limits."""

    def __init__(self, parcel: Parcel, limits: pd.DataFrame, facts: pd.DataFrame, evidence: Evidence) -> None:
        """`limits` is `store.limits_in_force`, `facts` is `store.facts`."""
        self.parcel, self.limits, self.evidence, self.words = parcel, limits, evidence, evidence.words
        self.facts = facts
        self.phases: list[Phase] = history(parcel, spans_of(limits))
        _ = self.words.gettext
        self.value = evidence.derived(
            _("Value of the parcel"), parcel.value_krw, "KRW", "", significant=None, kind="assumed"
        )

    def heading(self) -> str:
        """The procedures in order of time."""
        _ = self.words.gettext
        names, lang = regime_names(self.words), self.words.lang
        changed = [self.phases[0], *(phase for phase in self.phases if phase.is_changed)]
        if len(changed) == 1:
            return self.words.fill(
                _("A parcel of {value}: {regime} throughout; no change of the limit touched it"),
                value=self.value,
                regime=names[changed[0].verdict.regime],
            )
        said = []
        for place, phase in enumerate(changed):
            regime = names[phase.verdict.regime]
            if place + 1 < len(changed):
                last = changed[place + 1].span.since - timedelta(days=1)
                said.append(
                    self.words.fill(_("{regime} until {day}"), regime=regime, day=formats.date(last, lang))
                )
            else:
                day = formats.date(phase.span.since, lang)
                said.append(self.words.fill(_("{regime} since {day}"), regime=regime, day=day))
        return self.words.fill(_("A parcel of {value}: {phases}"), value=self.value, phases=", ".join(said))

    def table(self) -> Table:
        """One row a span: both limits, the procedure, whether it changed, why, and on what that rests."""
        _ = self.words.gettext
        columns: dict[str, list[Cell]] = {
            _("In force"): [self._when(phase.span) for phase in self.phases],
            _("List clearance up to"): [self._limit(phase.span, LIST) for phase in self.phases],
            _("Simplified declaration up to"): [
                self._limit(phase.span, law.SIMPLIFIED) for phase in self.phases
            ],
            _("This parcel"): [regime_names(self.words)[phase.verdict.regime] for phase in self.phases],
            _("Change"): [self._change(place) for place in range(len(self.phases))],
            _("Why"): ["; ".join(map(self._reason, phase.verdict.reasons)) for phase in self.phases],
            _("Source"): [self._instrument(phase.span) for phase in self.phases],
        }
        return Table(columns)

    def note(self) -> str:
        """What the table leaves to the law itself."""
        _ = self.words.gettext
        return _(
            "This is not legal advice: the notice itself decides. Values are FOB; a value equal to a limit is within it."
        )

    def conditions(self) -> list[Statement]:
        """What the law asks of the parcel under its procedure of today."""
        _ = self.words.gettext
        now: Regime = self.phases[-1].verdict.regime
        said = {
            "list_clearance": [self._no_drawback(), self._inspection()],
            "simplified": [self._fewer_fields(), self._correction(), self._co_loading()],
            "formal": [self._formal(), self._correction()],
        }[now]
        return [*said, self._confirmation(), self._renumbered()]

    def _when(self, span: Span) -> str:
        _ = self.words.gettext
        start = formats.date(span.since, self.words.lang)
        if span.until is None:
            return self.words.fill(_("since {day}"), day=start)
        end = formats.date(span.until - timedelta(days=1), self.words.lang)
        return self.words.fill(_("{start} to {end}"), start=start, end=end)

    def _limit(self, span: Span, channel_id: str) -> Cell:
        krw = span.limits.list_clearance_krw if channel_id == LIST else span.limits.simplified_krw
        return formats.MISSING if krw is None else _number(self.limits, channel_id, krw, self.evidence)

    def _change(self, place: int) -> str:
        _ = self.words.gettext
        if place == 0:
            return formats.MISSING
        return _("another procedure") if self.phases[place].is_changed else _("no change")

    def _reason(self, reason: Reason) -> str:
        _ = self.words.gettext
        return {
            "within_list_limit": _("within the limit of list clearance, and no drawback (art. 55(1)8)"),
            "drawback_needs_declaration": _("drawback needs a declaration (art. 55(1)8)"),
            "above_list_limit": _("above the limit of list clearance (art. 55(1)8)"),
            "within_simplified_limit": _("within the limit of the simplified declaration (art. 43(1))"),
            "above_simplified_limit": _("above the limit of the simplified declaration (art. 43(1))"),
            "no_simplified_yet": _("no simplified declaration yet"),
            "confirmation": _("goods under confirmation (Customs Act, art. 226)"),
        }[reason]

    def _instrument(self, span: Span) -> str:
        rows = law.in_force(self.limits)
        row = rows[rows["valid_from"] == pd.Timestamp(span.since)].iloc[-1]
        return f"{row[f'instrument_{self.words.lang}']} · {row[f'publisher_{self.words.lang}']}"

    def _fact(self, fact_id: str, unit: str) -> Number:
        """A fact of the notice with its receipt, in a unit that pages write."""
        row: dict[str, Any] = row_of(self.facts, "fact_id", fact_id)
        lang = self.words.lang
        cited = {
            **row,
            "unit": unit,
            "unit_ko": unit,
            "unit_en": unit,
            "period": row["valid_from"] or row[f"period_note_{lang}"],
            "label": row[f"subject_{lang}"],
        }
        receipt = receipts.published(cited, self.words, self.evidence.version)
        return receipts.number(float(row["value"]), unit, self.words, receipt, significant=None)

    def _no_drawback(self) -> Statement:
        _ = self.words.gettext
        cap = _number(self.limits, LIST, self._now().list_clearance_krw or 0.0, self.evidence)
        return Statement(
            self.words.fill(
                _(
                    "List clearance needs no export declaration. It is for goods of at most {cap} (FOB) for which no duty is drawn back "
                    "(art. 55(1)8); with drawback the same parcel goes by the simplified declaration."
                ),
                cap=cap,
            ),
            (cap,),
        )

    def _inspection(self) -> Statement:
        _ = self.words.gettext
        most = self._fact(_INSPECTION, "percent")
        return Statement(
            self.words.fill(_("At most {share} of list clearances are inspected (art. 59(4))."), share=most),
            (most,),
        )

    def _fewer_fields(self) -> Statement:
        _ = self.words.gettext
        return Statement(
            _(
                "The simplified declaration is an export declaration with fewer fields (arts 2(4), 43(1)), with the same export performance "
                "and drawback; it names the transaction code of e-commerce."
            ),
            (),
        )

    def _correction(self) -> Statement:
        _ = self.words.gettext
        now, before = self._fact(_CORRECTION_NOW, "days"), self._fact(_CORRECTION_BEFORE, "days")
        changed = law.in_force(self.limits)["valid_from"].iloc[-1].date()
        return Statement(
            self.words.fill(
                _(
                    "The price may be corrected within {now} after it is fixed or paid (art. 42(2)); before {day} it was {before}."
                ),
                now=now,
                before=before,
                day=formats.date(changed, self.words.lang),
            ),
            (now, before),
        )

    def _co_loading(self) -> Statement:
        _ = self.words.gettext
        return Statement(
            _(
                "Goods of several sellers may share a parcel only with list-conversion declarations (art. 72(2)), which are simplified "
                "declarations made from the delivery list (art. 43(1)2)."
            ),
            (),
        )

    def _formal(self) -> Statement:
        _ = self.words.gettext
        return Statement(_("The formal declaration has all fields and no limit of value."), ())

    def _confirmation(self) -> Statement:
        _ = self.words.gettext
        return Statement(
            _(
                "Goods that the head of customs confirms (Customs Act, art. 226) may use neither list clearance nor the simplified declaration. "
                "For list clearance this rests on a secondary source. Re-exports on conditions and returns for breach of contract stay out too."
            ),
            (),
        )

    def _renumbered(self) -> Statement:
        _ = self.words.gettext
        return Statement(
            _(
                "Articles are those of the notice of today. Before it was renamed and renumbered, the two limits stood in art. 36(1)8 and art. 35-2."
            ),
            (),
        )

    def _now(self) -> Limits:
        return self.phases[-1].span.limits
