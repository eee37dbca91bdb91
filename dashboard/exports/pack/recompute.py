"""The pack as a workbook: the headline in live formulas, the draws summarised, all tables, receipts, sources, definitions.

Nothing that was read from data becomes a formula: formulas are this module's own, over cells with names.
"""

import io
from collections.abc import Iterable, Sequence

import numpy as np
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from dashboard import formats, receipts
from dashboard.answers.core import Modelled
from dashboard.answers.limits import bound_names
from dashboard.exports.csv_file import one_row_a_number
from dashboard.exports.pack import formulas
from dashboard.exports.pack.slide import Pack
from dashboard.exports.workbook import CREATED, OPTIONS, Pen, Value, below_each_other, headed
from dashboard.i18n import Words
from dashboard.model.bounds import Bound
from dashboard.model.summaries import weighted_quantiles

_PERCENTILES = (1, 5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 95, 99)
_SHEET_OF_TRIES = "Lognormal"  # named in formulas: the same in both languages
_FIRST_TRY = 3  # row of the first spread, counted from one
_LABEL_WIDTH, _NUMBER_WIDTH, _NOTE_WIDTH = 52, 20, 70


def xlsx_bytes(pack: Pack) -> bytes:
    """Write the pack as a workbook; the same pack gives the same bytes."""
    _ = pack.words.gettext
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": pack.title, "subject": pack.subtitle, "created": CREATED})
        if pack.answer is not None:
            _answer(book, pack.answer, pack.words)
        pen = Pen(book)
        pen.write(_("Contents"), _contents(pack))
        if pack.answer is not None:
            pen.write(_("Draws"), _draws(pack.answer, pack.words))
        for number, slide in enumerate(pack.slides, start=1):
            if slide.table is not None:
                pen.write(_sheet_name(number, pack.words), headed(slide.table, pack.words))
        pen.write(_("Receipts"), _receipts(pack))
        pen.write(_("Sources"), _sources(pack))
        if pack.definitions:
            pen.write(_("Definitions"), below_each_other(pack.definitions))
        if pack.scenario_toml:
            pen.write(
                _("Scenario"),
                [[_("The scenario as a file")], *_lines(pack.scenario_toml)],
            )
    return out.getvalue()


def _lines(text: str) -> list[list[Value]]:
    return [[line] for line in text.splitlines()]


def _sheet_name(number: int, words: Words) -> str:
    _ = words.gettext
    return words.fill(_("Table {number}"), number=str(number))


def _contents(pack: Pack) -> list[list[Value]]:
    """What stands where, with the texts of each slide; then the versions and the address."""
    words = pack.words
    _ = words.gettext
    rows: list[list[Value]] = [
        [_("Sheet"), _("Title"), _("Measure, coverage, period"), _("Note"), _("Source")]
    ]
    for number, slide in enumerate(pack.slides, start=1):
        sheet = _sheet_name(number, words) if slide.table is not None else formats.MISSING
        said = " ".join([*slide.said, *slide.shown.notes])
        rows.append([sheet, slide.shown.title, slide.shown.subtitle, said, slide.shown.source])
    rows.append([])
    about = [
        (_("Property"), _("Text")),
        (_("Address of the view"), pack.address),
        (_("Data version"), pack.version.data),
        (_("Data built on"), pack.built),
        (_("Model version"), pack.version.model),
    ]
    rows += [[name, text] for name, text in about if text]
    return rows


def _draws(answer: Modelled, words: Words) -> list[list[Value]]:
    """Weighted quantiles over the draws: the model itself cannot run in a sheet."""
    _ = words.gettext
    asked = answer.asked
    band, weights = asked.result.band, asked.worlds.weights
    measured = {
        _("Newly qualifying (cases)"): band.cases,
        _("Their value (KRW)"): band.value_krw,
        _("Won saved (KRW)"): asked.burden.krw_draws,
    }
    quantiles = weighted_quantiles(
        np.array(list(measured.values())), weights, [each / 100 for each in _PERCENTILES]
    )
    head: list[Value] = [_("Percent of the draws below"), *measured]
    rows: list[list[Value]] = [head]
    rows += [[float(each), *map(float, quantiles[:, place])] for place, each in enumerate(_PERCENTILES)]
    return rows


def _receipts(pack: Pack) -> list[list[Value]]:
    words = pack.words
    _ = words.gettext
    names = receipts.column_names(words)
    rows: list[list[Value]] = [[_("Sheet"), _("Row"), _("Measure"), _("Value"), *names.values()]]
    for number, slide in enumerate(pack.slides, start=1):
        if slide.table is None:
            continue
        sheet = _sheet_name(number, words)
        for texts, measure, each in one_row_a_number(slide.table.columns)[1]:
            cells = each.receipt.as_columns() | {
                "receipt_kind": receipts.kind_name(each.receipt.kind, words),
                "receipt_unit": formats.unit_name(each.receipt.unit, words.lang),
            }
            rows.append(
                [sheet, " · ".join(texts[:1]), measure, each.receipt.value, *(cells[name] for name in names)]
            )
    return rows


def _sources(pack: Pack) -> list[list[Value]]:
    """Every figure that any number rests on, once, with its source."""
    lines = dict.fromkeys(
        line for slide in pack.slides for receipt in slide.receipts for line in receipt.inputs
    )
    frame = receipts.derived("", None, "", "", lines, pack.version).as_frame(pack.words)
    return [list(frame.columns), *frame.to_numpy().tolist()]


# --- the live sheet ------------------------------------------------------------


class _Sheet:
    """Writes rows of label, number or formula, and note; names the cells that formulas call."""

    def __init__(self, book: xlsxwriter.Workbook, name: str) -> None:
        self._book = book
        self.sheet: Worksheet = book.add_worksheet(name)
        self._name = name
        self.row = 0
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        edge = {"valign": "top", "num_format": "#,##0.########"}
        self.input = book.add_format({**edge, "bg_color": "#FFF5CC", "border": 1})
        self.number = book.add_format(edge)
        self.whole = book.add_format({"valign": "top", "num_format": "#,##0"})
        self.sheet.set_column(0, 0, _LABEL_WIDTH)
        self.sheet.set_column(1, 3, _NUMBER_WIDTH)
        self.sheet.set_column(4, 4, _NOTE_WIDTH)

    def heads(self, *names: str) -> None:
        """A row of heads."""
        for column, name in enumerate(names):
            self.sheet.write_string(self.row, column, name, self.head)
        self.row += 1

    def given(self, label: str, name: str, value: float, note: str) -> None:
        """An input under a name."""
        self.sheet.write_string(self.row, 0, label, self.text)
        self.sheet.write_number(self.row, 1, value, self.input)
        self.sheet.write_string(self.row, 4, note, self.text)
        self._called(name)
        self.row += 1

    def computed(
        self, label: str, cell: formulas.Cell, note: str = "", *, name: str = "", shown: float | None = None
    ) -> None:
        """A formula with its value now; `shown` is the screen's number, and the difference is computed too."""
        self.sheet.write_string(self.row, 0, label, self.text)
        value = "-" if cell.value is None else cell.value
        self.sheet.write_formula(self.row, 1, cell.formula, self.number if name else self.whole, value)
        if shown is not None:
            self.sheet.write_number(self.row, 2, shown, self.whole)
            at = self.row + 1
            self.sheet.write_formula(
                self.row, 3, f'=IF(ISNUMBER(B{at}),B{at}-C{at},"-")', self.whole, (cell.value or 0.0) - shown
            )
        self.sheet.write_string(self.row, 4, note, self.text)
        if name:
            self._called(name)
        self.row += 1

    def fixed(self, label: str, value: float, note: str) -> None:
        """A number that the sheet does not compute."""
        self.sheet.write_string(self.row, 0, label, self.text)
        self.sheet.write_number(self.row, 2, value, self.whole)
        self.sheet.write_string(self.row, 4, note, self.text)
        self.row += 1

    def said(self, text: str) -> None:
        """A sentence, and an empty row."""
        self.sheet.write_string(self.row, 0, text)
        self.row += 2

    def _called(self, name: str) -> None:
        self._book.define_name(name, f"='{self._name}'!$B${self.row + 1}")


def _answer(book: xlsxwriter.Workbook, answer: Modelled, words: Words) -> None:
    _ = words.gettext
    asked = answer.asked
    given = formulas.inputs(asked)
    page = _Sheet(book, _("Answer"))
    page.said(
        _(
            "Change a yellow cell: everything below follows. Opened as it is, it shows the numbers of the screen."
        )
    )
    page.heads(_("Inputs"), _("Value"), "", "", _("Note"))
    for name, (label, note) in _input_names(words).items():
        page.given(label, name, given[name], note)
    mean = given["value_krw"] / given["cases"]
    page.computed(_("Value of one shipment (KRW)"), formulas.Cell("=value_krw/cases", mean), name="mean_krw")
    rest = formulas.Cell("=value_krw*(1-list_share)/cases", mean * (1 - given["list_share"]))
    page.computed(_("Value outside list clearance, by all shipments (KRW)"), rest, name="rest_krw")
    page.row += 1

    tries, steps = _tries(book, given, words)
    most = max(
        [cell.value or 0.0 for _spread, cell in tries]
        + [cell.value or 0.0 for cell in (steps[-1][4], steps[-1][5])]
    )
    page.computed(
        _("Largest share between the limits under one lognormal"),
        formulas.Cell(
            f"=MAX({_SHEET_OF_TRIES}!B{_FIRST_TRY}:B{_FIRST_TRY + len(tries) - 1},{_last(steps)})", most
        ),
        _("found on the next sheet"),
        name="lognormal_most",
    )
    page.row += 1
    page.heads(_("At most, cases a year"), _("Computed here"), _("On the screen"), _("Difference"), _("Note"))
    live = formulas.bounds(asked)
    for key, label in bound_names(words).items():
        bound = asked.bounds.get(key)
        shown = bound.cases[1] if isinstance(bound, Bound) else None
        if key in live:
            note = "" if isinstance(bound, Bound) or bound is None else bound.in_language(words.lang)
            page.computed(label, live[key], note, shown=shown)
        elif shown is not None:
            page.fixed(label, shown, _("solved by the model; this sheet does not compute it"))
    page.row += 1
    _estimates(page, answer, words)


def _estimates(page: _Sheet, answer: Modelled, words: Words) -> None:
    _ = words.gettext
    asked = answer.asked
    found = formulas.estimates(asked)
    names = {"p05": _("5%"), "p50": _("Median"), "p95": _("95%")}
    page.heads(_("Spread of one lognormal"), _("Value"), "", "", _("Note"))
    for name, (spread, _cell) in found.items():
        label = words.fill(_("Standard deviation of ln(value), for the {quantile}"), quantile=names[name])
        page.given(
            label, f"spread_{name}", spread, _("chosen so that one lognormal gives the model’s number")
        )
    page.row += 1
    page.heads(
        _("Newly qualifying, cases a year"),
        _("Computed here"),
        _("On the screen"),
        _("Difference"),
        _("Note"),
    )
    for name, label in names.items():
        shown = getattr(asked.result.cases, name)
        if name in found:
            page.computed(
                label,
                found[name][1],
                _("one lognormal; for other inputs it only comes near the model"),
                shown=shown,
            )
        else:
            page.fixed(label, shown, _("no single lognormal of this mean gives this number"))


def _input_names(words: Words) -> dict[str, tuple[str, str]]:
    _ = words.gettext
    fob = _("FOB")
    return {
        "cases": (_("Shipments a year"), ""),
        "value_krw": (_("Their value a year (KRW)"), fob),
        "from_krw": (_("Old limit (KRW)"), fob),
        "to_krw": (_("New limit (KRW)"), fob),
        "list_share": (
            _("Share of the value that list clearance carries"),
            _("the lower end of its range: the bound holds for all of it"),
        ),
        "list_limit_krw": (_("Limit of list clearance (KRW)"), _("art. 55(1)8 of the notice")),
    }


def _last(steps: Sequence[Sequence[formulas.Cell]]) -> str:
    row = _FIRST_TRY + len(steps) - 1
    return f"{_SHEET_OF_TRIES}!H{row},{_SHEET_OF_TRIES}!I{row}"


def _tries(
    book: xlsxwriter.Workbook, given: dict[str, float], words: Words
) -> tuple[list[tuple[float, formulas.Cell]], list[list[formulas.Cell]]]:
    """The sheet that looks for the spread at which most lies between the limits: many tries, then golden sections."""
    _ = words.gettext
    tries = formulas.tried(given, _FIRST_TRY)
    steps = formulas.narrowed(given, tries, (_FIRST_TRY, _FIRST_TRY + len(tries) - 1, _FIRST_TRY))
    sheet: Worksheet = book.add_worksheet(_SHEET_OF_TRIES)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet.write_string(
        0,
        0,
        _(
            "The share between the limits under one lognormal of this mean, for every spread; then closer around the best"
        ),
    )
    heads = [
        _("Spread"),
        _("Share"),
        "",
        _("Left"),
        _("Right"),
        _("First"),
        _("Second"),
        _("Share at first"),
        _("Share at second"),
    ]
    for column, head in enumerate(heads):
        sheet.write_string(1, column, head, bold)
    for row, (spread, cell) in enumerate(tries, start=_FIRST_TRY - 1):
        sheet.write_number(row, 0, spread)
        sheet.write_formula(row, 1, cell.formula, None, cell.value)
    for row, cells in enumerate(steps, start=_FIRST_TRY - 1):
        _write_formulas(sheet, row, 3, cells)
    sheet.set_column(0, 8, 16)
    sheet.freeze_panes(2, 0)
    return tries, steps


def _write_formulas(sheet: Worksheet, row: int, first_column: int, cells: Iterable[formulas.Cell]) -> None:
    for column, cell in enumerate(cells, start=first_column):
        sheet.write_formula(row, column, cell.formula, None, cell.value)
