"""What a file was taken for, as tables of texts: its columns, its first shipments, the rows that are left out."""

from collections.abc import Callable, Mapping

from babel import Locale

from dashboard import formats
from dashboard.i18n import Words
from dashboard.own_shipments import sentences
from dashboard.tables import Table
from dashboard.uploads import LEFT_OUT, Taken

_COUNTRY_LETTERS = 2


def roles(words: Words) -> dict[str, str]:
    """What a column may be."""
    _ = words.gettext
    return {
        "value": _("Value"),
        "currency": _("Currency"),
        "date": _("Date"),
        "destination": _("Destination"),
        "item": _("Item"),
        "channel": _("Sales channel"),
        "order": _("Order number"),
        "quantity": _("Quantity"),
        "line": _("Line of the order"),
        "cancelled": _("Cancelled"),
    }


def recognised(taken: Taken, words: Words) -> Table:
    """Each role with its column, and how rows, money and orders are read."""
    _ = words.gettext
    count = _counts(words)
    grouped = (
        words.fill(
            _("lines of an order are added: {orders} from {rows}"),
            orders=count(taken.orders),
            rows=count(taken.rows_counted),
        )
        if "order" in taken.places
        else _("each row is a shipment")
    )
    known = roles(words)
    pairs = [(known[role], taken.places[role]) for role in known if role in taken.places]
    unused = [name for name in taken.header if name not in taken.places.values()]
    pairs += [
        (_("Not used"), ", ".join(unused) or formats.MISSING),
        (_("Export of"), taken.preset or _("no shop that is known")),
        (_("Currency of the values"), taken.currency or _("as each row says, else won")),
        (_("Orders"), grouped),
        (
            _("Rows"),
            words.fill(
                _("{read} read, {counted} counted, {left} not counted"),
                read=count(taken.rows_read), counted=count(taken.rows_counted), left=count(taken.rows_rejected),
            ),
        ),
        *((_("Exchange rate"), f"{which}: {rate}") for which, rate in taken.conversions.items()),
    ]  # fmt: skip
    return Table(
        {_("What"): [what for what, _said in pairs], _("In the file"): [said for _what, said in pairs]}
    )


def _rows(taken: Taken, words: Words) -> str:
    _ = words.gettext
    count = _counts(words)
    return words.fill(
        _("{read} read, {counted} counted, {left} not counted"),
        read=count(taken.rows_read),
        counted=count(taken.rows_counted),
        left=count(taken.rows_rejected),
    )


def first_rows(taken: Taken, names: Mapping[str, Mapping[str, str]], words: Words) -> Table:
    """The first shipments as they count."""
    _ = words.gettext
    rows = taken.first_rows
    missing = formats.MISSING
    return Table(
        {
            _("Date"): [formats.date(day, words.lang) for day, *_rest in rows],
            _("Destination"): [names["destination"].get(row[1], row[1]) or missing for row in rows],
            _("Item"): [row[2] or missing for row in rows],
            _("Value"): [formats.amount(row[4], "KRW", words.lang, significant=None) for row in rows],
        }
    )


def left_out(taken: Taken, words: Words) -> Table:
    """Rows that are not counted, by reason, with the first of each."""
    _ = words.gettext
    count, known = _counts(words), sentences.reasons(words)
    return Table(
        {
            _("Reason"): [known[each.reason] for each in taken.refused],
            _("Rows"): [count(each.rows) for each in taken.refused],
            _("Treated as"): [
                _("rightly left out") if each.reason in LEFT_OUT else _("faulty") for each in taken.refused
            ],
            _("First line"): [count(each.line) for each in taken.refused],
            _("Its cell"): [each.cell or formats.MISSING for each in taken.refused],
        }
    )


def about(text: str, taken: Taken, words: Words) -> str:
    """A heading for files of such a table; of the example it says so."""
    return words.fill(words.gettext("Made-up example: {text}"), text=text) if taken.is_made_up else text


def file_name(name: str, taken: Taken) -> str:
    """What a downloaded file is called; of the example it says so."""
    return f"yeokjikgu-{'made-up-' if taken.is_made_up else ''}{name}"


def places(words: Words) -> dict[str, str]:
    """Countries by ISO code, in the reader's language."""
    return {
        str(code): str(name)
        for code, name in Locale(words.lang).territories.items()
        if len(code) == _COUNTRY_LETTERS and code.isalpha()
    }


def _counts(words: Words) -> Callable[[int], str]:
    return lambda value: formats.amount(value, "", words.lang, significant=None)
