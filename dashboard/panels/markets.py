"""The panels of the Markets page: a shortlist, the table, the ranking, the size, and markets side by side with a sheet of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st

from dashboard import address, cached, charts, frame, naming, session
from dashboard.borders import rules as read
from dashboard.exports import market_sheet
from dashboard.exports.workbook import Shown, xlsx_bytes
from dashboard.i18n import Words
from dashboard.markets import criteria, known, sheet, sizing
from dashboard.markets.criteria import CRITERIA, PRESETS
from dashboard.markets.known import Asked, Known
from dashboard.markets.ranking import Ranking, Wishes
from dashboard.markets.sizing import Guess, Sizing
from dashboard.model.errors import ModelError
from dashboard.model.markets.ranking import METHODS, Method

_PARCEL_KRW, _LOWEST_KRW = 45_000.0, 1.0
_WEIGHTS = tuple(map(naming.won_code, range(0, 101, 5)))
_PEOPLE = ("0", "5000000", "20000000", "50000000", "100000000")
_EXPORTS = ("0", "10000000", "50000000", "100000000", "500000000")
_SHOWN, _TOP, _MOST = 10, 3, 4
_COMPARED = ("JP", "US")
_HALF, _DOUBLE = 0.5, 2.0
_SCALES = ("50", "75", "90", "100", "110", "125", "150", "200")
_AS_PUBLISHED = "100"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Choices:
    """The three choices of a seller, and what follows from them."""

    known: Known
    preset: str

    @property
    def words(self) -> Words:
        """The reader's language."""
        return self.known.words

    @cached_property
    def assumed(self) -> Mapping[str, float]:
        """The errors and bands of the set `market` by parameter."""
        return {name: float(row["p1"]) for name, row in assumptions().items()}

    def ranking(self, wishes: Wishes | None = None) -> Ranking:
        """The ranking under these wishes, or under the weights of what matters most."""
        return Ranking(self.known, wishes or Wishes(PRESETS[self.preset]), self.assumed)


def panels(words: Words) -> dict[str, tuple[str, Callable[[Choices], None]]]:
    """The panels by their code in the address: name and what draws them."""
    _ = words.gettext
    return {
        "shortlist": (_("Shortlist"), show_shortlist),
        "table": (_("Market table"), show_table),
        "ranking": (_("Ranking with your weights"), show_ranking),
        "sizing": (_("Size"), show_sizing),
        "beside": (_("Compare markets"), show_compare),
    }


def assumptions() -> dict[str, Mapping[str, Any]]:
    """The rows of the set `market` by parameter."""
    return {row["parameter"]: row for row in cached.market_assumption_rows()}


def choose(words: Words) -> Choices:
    """The three choices: item, value of a parcel, what matters most."""
    _ = words.gettext
    items, presets = known.item_names(words), criteria.preset_names(words)
    with st.container(horizontal=True, key="market-controls"):
        item = address.select(_("What you sell"), list(items), "item", items.__getitem__)
        parcel = address.number(_("Value of a parcel (KRW)"), "basket", _PARCEL_KRW, _LOWEST_KRW)
        preset = address.select(_("What matters most"), list(presets), "matters", presets.__getitem__)
    band = float(assumptions()["market.fx_band"]["p1"])
    asked = Asked(item, parcel, session.today(), band)
    found = Known(
        asked, cached.market(), cached.destination_rules(), cached.currency_rates(), session.evidence()
    )
    return Choices(found, preset)


def show_shortlist(choices: Choices) -> None:
    """The first three with reasons, and how sure they are."""
    words = choices.words
    _ = words.gettext
    try:
        ranked = choices.ranking()
    except ModelError as error:
        st.info(frame.safe(error.in_language(words.lang)))
        raise frame.NothingToDrawError from None
    first = ranked.order[:_TOP]
    for place, destination_id in zip(st.columns(_TOP), first, strict=False):
        said = ranked.reasons(destination_id)
        with place:
            frame.headline(
                choices.known.names[destination_id],
                ranked.in_top_said(destination_id),
                said.text,
                f"short-{destination_id}",
                cites=said.numbers,
            )
    _draw(ranked, choices)


def show_ranking(choices: Choices) -> None:
    """Weights, the way to one scale and floors; the order, how sure it is, and who is left out."""
    words = choices.words
    _ = words.gettext
    names, meanings = (
        criteria.criterion_names(words),
        criteria.criterion_meanings(words, choices.known.asked.item_id),
    )
    methods = criteria.method_names(words)
    weights = {}
    with st.expander(_("Weights, scale and floors"), expanded=True, key="market-weights"):
        left, right = st.columns(2)
        for place, name in enumerate(CRITERIA):
            with left if place % 2 == 0 else right:
                preset = naming.won_code(PRESETS[choices.preset][name])
                weights[name] = float(
                    address.slide(
                        names[name],
                        _WEIGHTS,
                        f"w_{name}",
                        lambda code: code,
                        default=preset,
                        within=choices.preset,
                    )
                )
                st.caption(frame.safe(meanings[name]))
        chosen = address.segments(
            _("One scale for all criteria"), list(METHODS), "scale", lambda code: methods[_method(code)]
        )
        method = _method(chosen)
        st.caption(frame.safe(criteria.method_meaning(method, words)))
        with left:
            people = address.select(
                _("Least population"), _PEOPLE, "least_people", naming.counted("persons", words)
            )
        with right:
            exports = address.select(_("Least exports of the item there"), _EXPORTS, "least_exports", naming.counted("USD", words))  # fmt: skip
    wishes = Wishes(weights, method, float(people), float(exports))
    try:
        ranked = choices.ranking(wishes)
    except ModelError as error:
        st.info(frame.safe(error.in_language(words.lang)))
        raise frame.NothingToDrawError from None
    _draw(ranked, choices)
    if ranked.floored:
        frame.sheet(_("Below the floor, not ranked"), ranked.floored_table(), "floored")


def _draw(ranked: Ranking, choices: Choices) -> None:
    """The chart of the ranking; a sentence where no market is left."""
    words = choices.words
    _ = words.gettext
    for place, sentence in enumerate(ranked.left_out()):
        # what the reader said matters most is missing: that must not be small print
        (st.info if ranked.is_missing_what_matters and place == 0 else st.caption)(frame.safe(sentence))
    if not ranked.order:
        st.info(_("No market is left to rank: lower a floor, or give weight to what is known."))
        return
    says = ranked.above_thresholds()
    if says is not None:
        frame.statements("", [says], "above-all")
    most = _SHOWN
    frame.chart(
        ranked.heading(),
        _("Score and share of draws among the first three, when weights and figures vary; the first ten"),
        charts.rank_certainty(ranked.frame(most), _TOP, _("Score"), words),
        ranked.table(most),
        "ranking",
        notes=[
            _("Grey: in less than half of the draws among the first three. A score rests on what is known of a market only."),
            _("Sanctions, product rules such as the registration of cosmetics, freight and competition are not part of the ranking."),
            read.no_advice(words),
        ],
    )  # fmt: skip


def show_table(choices: Choices) -> None:
    """One row a destination: a group of columns at a time, each figure with period and grade."""
    words = choices.words
    _ = words.gettext
    groups = known.group_names(words)
    code = address.segments(_("Columns"), list(groups), "columns", lambda group: groups[_group(group)])
    group = _group(code)
    notes = [known.grade_words(words)]
    if group == "item" and not choices.known.has("imports"):
        st.info(
            _(
                "Imports of the item and Korea’s share are not fetched yet. Fetch them with `yeokjikgu refresh comtrade`."
            )
        )
    if group == "ecommerce":
        notes.append(
            _("The customs total and the direct sales of Statistics Korea measure different things: never add or compare them.")
        )  # fmt: skip
    if group == "facts":
        notes.append(_("The figures are of different vintages and surveys: no growth is computed from them."))
    if group == "rules":
        notes.append(read.no_advice(words))
    st.caption(frame.safe(" ".join(notes)))
    frame.listing(choices.known.table(group), f"market-{code}", _("Market table"))


def show_sizing(choices: Choices) -> None:
    """TAM, SAM and SOM of chosen markets with their intervals, the factors, and what moves the result."""
    words, found = choices.words, choices.known
    _ = words.gettext
    factors, rows = sizing.factor_names(words), assumptions()
    chosen = address.several(
        _("Markets"), list(found.names), "sized", found.names.__getitem__, default=_COMPARED
    )
    guesses = {}
    with st.expander(_("Factors that you may change, in percent"), expanded=True, key="market-factors"):
        left, right = st.columns(2)
        for place, name in enumerate(sizing.ASSUMED):
            row = rows[f"market.spend.{found.asked.item_id}" if name == "spend" else f"market.{name}"]
            guess = Guess(*(float(row[column]) for column in ("p1", "p2", "p3")))
            middles = [_HALF * guess.mid, guess.mid, _DOUBLE * guess.mid]
            codes = sizing.codes([guess.low, *middles, guess.high])
            with left if place % 2 == 0 else right:
                middle = address.slide(
                    factors[name], codes, f"f_{name}", sizing.percent_name(words), default=sizing.codes([guess.mid])[0], within=found.asked.item_id,
                )  # fmt: skip
            guesses[name] = guess.moved(float(middle))
        scaled = {}
        for name, column in zip(sizing.PUBLISHED, st.columns(len(sizing.PUBLISHED)), strict=True):
            with column:
                label = words.fill(_("{factor}, of the published figure"), factor=factors[name])
                code = address.slide(
                    label, _SCALES, f"x_{name}", sizing.percent_name(words), default=_AS_PUBLISHED
                )
                scaled[name] = float(code) / float(_AS_PUBLISHED)
    if lacking := sizing.without(found, chosen):
        places = ", ".join(found.names[each] for each in lacking)
        message = _("Without population, internet users or GDP per head there is no size: {places}.")
        st.info(frame.safe(words.fill(message, places=places)))
    if len(lacking) == len(chosen):
        if not chosen:
            st.info(_("Choose at least one market."))
        raise frame.NothingToDrawError
    sized = Sizing(found, chosen, guesses, choices.assumed, scaled)
    frame.sheet(
        sized.heading(),
        sized.table(),
        "sizes",
        note=_(
            "First what internet users spend on the item in a year, then what of it is bought online, directly from abroad, "
            "last what one seller can win of that. Dollars a year. Markets add up in every draw and in their means, not in medians and ends."
        ),
        cites=sized.headline_numbers(),
    )  # fmt: skip
    frame.chart(
        words.fill(_("What moves it most: {factor}"), factor=sized.bars["name"].iloc[0]),
        _("What one seller can win in all chosen markets, with one factor at its 5% or 95% point and the others in their middle"),
        charts.tornado(sized.bars, sized.centre, words, unit="USD", title=_("What one seller can win, dollars a year (log scale)")),
        sized.bars_table(),
        "sizing",
    )  # fmt: skip
    frame.sheet(_("The factors"), sized.factors_table(), "factors")


def show_compare(choices: Choices) -> None:
    """Up to four markets side by side, and a sheet of one of them to take along."""
    words, found = choices.words, choices.known
    _ = words.gettext
    chosen = address.several(
        _("Markets, up to four"), list(found.names), "compared", found.names.__getitem__, default=_COMPARED
    )
    if not chosen:
        st.info(_("Choose at least one market."))
        return
    if len(chosen) > _MOST:
        st.info(_("Only the first four are shown."))
    chosen = chosen[:_MOST]
    frame.sheet(
        _("Markets side by side"),
        found.side_by_side(chosen),
        "side-by-side-markets",
        note=known.grade_words(words),
    )
    one = address.select(_("Market sheet of"), chosen, "sheet", found.names.__getitem__)
    ranked = choices.ranking()
    place = [ranked.reasons(one)] if one in ranked.order else []
    page = sheet.sheet(found, one, [each.text for each in place])
    link, version = address.link(session.marks()), session.versions()
    with st.container(horizontal=True, key="sheet-tools"):
        frame.download(
            _("One page (HTML)"),
            lambda: market_sheet.html_bytes(page, link(), version, words),
            f"yeokjikgu-{one}.html",
            "sheet-html",
            "text/html",
        )
        shown = Shown(page.title, page.lead, tuple(page.notes), frame.source_line([each.receipt for each in page.numbers()]))  # fmt: skip
        frame.download(
            _("Workbook (XLSX)"),
            lambda: xlsx_bytes(
                page.table, shown, address=link(), version=version, built="", definitions=[], words=words
            ),
            f"yeokjikgu-{one}.xlsx",
            "sheet-xlsx",
            _XLSX,
        )


def _method(code: str) -> Method:
    return next(each for each in METHODS if each == code)


def _group(code: str) -> known.Group:
    return next(each for each in (*known.GROUPS, "rules") if each == code)
