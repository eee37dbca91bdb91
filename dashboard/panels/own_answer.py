"""What a reader's own shipments answer: how many newly qualify, how values are spread, by destination and by item."""

import streamlit as st

from dashboard import address, charts, frame, session, uploads
from dashboard.own_shipments import figures
from dashboard.own_shipments.figures import Counted, titled
from dashboard.panels import own_file
from dashboard.uploads import Taken

_DIGITS = 4  # of a headline; the sentence below has them all
_OLD_KRW, _NEW_KRW = 2_000_000.0, 4_000_000.0


def count(taken: Taken) -> Counted:
    """Draw the two limits and count between them.

    Raises:
        NothingToDrawError: the limits are no step up; the page has said so.
    """
    words = session.words()
    _ = words.gettext
    with st.container(horizontal=True, key="own-limits"):
        old = int(address.number(_("Old limit (KRW, FOB)"), "from_krw", _OLD_KRW, 0.0))
        new = int(address.number(_("New limit (KRW, FOB)"), "to_krw", _NEW_KRW, 0.0))
    if taken.counted is None or not old < new <= uploads.LARGEST_KRW:
        st.error(_("The new limit must be higher than the old one, and both at most 1,000 trillion won."))
        raise frame.NothingToDrawError
    return Counted(taken, uploads.count(taken.counted, old, new), session.evidence(), own_file.names())


def headline(counted: Counted) -> None:
    """Four numbers where the count is exact, and the sentence that says it all."""
    words, found = session.words(), counted.count
    _ = words.gettext
    if found.exact:
        label = _("Newly qualifying")
        (cases, _most), (worth, _highest) = found.band.cases, found.band.value_krw
        whole = words.fill(_("of {number}"), number=counted.cases(_("All shipments"), found.cases))
        whole_won = words.fill(
            _("of {number}"),
            number=counted.won(_("Value of all shipments"), found.value_krw, significant=_DIGITS),
        )
        everything = counted.cases(_("All shipments"), found.cases)
        everything_won = counted.won(_("Value of all shipments"), found.value_krw, significant=_DIGITS)
        boxes = (
            ("own-cases", label, counted.cases(label, cases), whole, everything),
            ("own-value", _("Their value"), counted.won(_("Their value"), worth, significant=_DIGITS), whole_won, everything_won),
            ("own-share", _("Share of shipments"), counted.share(_("Share of shipments"), cases, found.cases), whole, everything),
            ("own-worth", _("Share of value"), counted.share(_("Share of value"), worth, found.value_krw), whole_won, everything_won),
        )  # fmt: skip
        with st.container(horizontal=True, key="own-answers"):
            for key, name, number, detail, cited in boxes:
                frame.headline(titled(name, counted), number, detail, key, cites=[cited])
    frame.statements("", [figures.answer(counted), figures.summary(counted)], "own-sentence")


def show(counted: Counted) -> None:
    """The distribution, then who gains."""
    distribution(counted)
    members(counted)


def distribution(counted: Counted) -> None:
    """How the values are spread, with both limits."""
    words = session.words()
    _ = words.gettext
    bins = figures.distribution(counted)
    above, share = figures.above_old(counted)
    heading = (
        words.fill(
            _("{share} of the shipments, {cases}, are worth more than the old limit"),
            share=share,
            cases=above,
        )
        if counted.count.exact
        else _("How the shipments spread over their value")
    )
    frame.chart(
        titled(heading, counted),
        titled(
            words.fill(
                _("Share of shipments by their value, log axis, {coverage}"),
                coverage=figures.coverage(counted),
            ),
            counted,
        ),
        charts.value_distribution(bins, figures.limit_marks(counted), words),
        figures.distribution_table(bins, counted),
        "distribution",
        cites=[above, share],
    )


def members(counted: Counted) -> None:
    """Newly qualifying shipments by destination and by item."""
    words, found = session.words(), counted.count
    _ = words.gettext
    kinds = {
        "destination": (
            found.by_destination,
            _("Newly qualifying by destination"),
            _("Most newly qualify here: {name}"),
        ),
        "item": (found.by_item, _("Newly qualifying by item"), _("Most newly qualify here: {name}")),
    }
    columns = st.columns(2)
    for column, (kind, (parts, plain, finding)) in zip(columns, kinds.items(), strict=True):
        if not any(part.name for part in parts):
            continue  # the file does not say
        table = figures.parts_table(parts, kind, counted)
        subtitle = words.fill(
            _("Shipments above the old limit and at most at the new one, {coverage}"),
            coverage=figures.coverage(counted),
        )
        with column:
            if found.exact and found.band.cases[0]:
                rows = figures.parts_frame(parts, kind, counted)
                heading = words.fill(finding, name=rows["name"].iloc[0])
                figure = charts.ranked(rows, "", _("Newly qualifying (cases)"), words)
                frame.chart(
                    titled(heading, counted),
                    titled(f"{plain}. {subtitle}", counted),
                    figure,
                    table,
                    f"own-{kind}",
                )
            else:
                frame.sheet(titled(plain, counted), table, f"own-{kind}", note=subtitle)
