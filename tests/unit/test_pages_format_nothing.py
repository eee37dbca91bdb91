"""The rule of the house: a page writes no number; each reaches it as `receipts.Number`, through the frame."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboard

ON_SCREEN = [
    page
    for folder in ("app_pages", "panels")
    for page in sorted((Path(dashboard.__file__).parent / folder).rglob("*.py"))
]

# "{x:,.1f}", "{:>8d}" and Plotly's "%{y:.1f}": a replacement field with a format behind the colon.
FIELD_WITH_FORMAT = re.compile(r"\{[\w.\[\]]*(?:![rsa])?:[^{}\s]*[\d,.%bcdeEfFgGnoxX_]\}")
TRANSLATORS = {"_", "gettext", "ngettext"}
FORMATTED_COLUMNS = {"NumberColumn", "ProgressColumn"}


def offences(source: str) -> list[str]:
    """Say, line by line, where a source text formats numbers by itself."""
    tree = ast.parse(source)
    return [
        f"{node.lineno}: {why}"
        for node in ast.walk(tree)
        if isinstance(node, ast.expr | ast.stmt)
        for why in _reasons(node)
    ]


def _name(function: ast.expr) -> str:
    """The last part of a called name: `metric` of `st.metric`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _reasons(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FormattedValue(format_spec=ast.expr()):
            yield "an f-string with a format"
        case ast.FormattedValue(conversion=conversion) if conversion != -1:
            yield "an f-string with a conversion"
        case ast.Constant(value=str(text)) if FIELD_WITH_FORMAT.search(text):
            yield "a template with a format"
        case ast.BinOp(op=ast.Mod(), left=left) if _is_text(left):
            yield "% on a text"
        case ast.Import(names=names) if any(each.name == "dashboard.formats" for each in names):
            yield "an import of dashboard.formats"
        case ast.ImportFrom(module=module, names=names) if (module or "").endswith("formats") or any(
            each.name == "formats" for each in names
        ):
            yield "an import of dashboard.formats"
        case ast.ImportFrom(module="streamlit", names=names) if any(each.name == "metric" for each in names):
            yield "st.metric"
        case ast.Attribute(attr="style"):
            yield "DataFrame.style"
        case ast.Call():
            yield from _reasons_of_call(node)


def _reasons_of_call(call: ast.Call) -> Iterator[str]:
    name = _name(call.func)
    is_method = isinstance(call.func, ast.Attribute)
    if name == "round":
        yield "round()"
    if name == "format" and not is_method:
        yield "format()"
    if (
        name in {"str", "repr"}
        and not is_method
        and not all(isinstance(each, ast.Constant) for each in call.args)
    ):
        yield f"{name}() of what may be a number"
    if name == "metric" and is_method:
        yield "st.metric"
    if name in FORMATTED_COLUMNS and any(each.arg == "format" for each in call.keywords):
        yield f"{name}(format=)"


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is a text: a literal, an f-string or a translated message."""
    if isinstance(node, ast.Call):
        return _name(node.func) in TRANSLATORS
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_no_page_formats_a_number() -> None:
    assert ON_SCREEN
    found = {page.name: here for page in ON_SCREEN if (here := offences(page.read_text("utf-8")))}
    assert not found, "pages get numbers as receipts.Number from the frame and format none themselves"


@pytest.mark.parametrize(
    ("snippet", "why"),
    [
        ('f"{share:.1f}%"', "an f-string with a format"),
        ('f"{count:,}"', "an f-string with a format"),
        ('f"{count:{width}}"', "an f-string with a format"),
        ('f"{count!r}"', "an f-string with a conversion"),
        ("round(share, 1)", "round()"),
        ("frame.round(1)", "round()"),
        ("np.round(share)", "round()"),
        ('format(share, ".1f")', "format()"),
        ('"{:.1f}".format(share)', "a template with a format"),
        ('_("{share:,.0f} cases").format(share=share)', "a template with a format"),
        ('map("{:,}".format, counts)', "a template with a format"),
        ('figure.update_traces(hovertemplate="%{y:.1f}")', "a template with a format"),
        ('"%.1f" % share', "% on a text"),
        ('_("%d cases") % count', "% on a text"),
        ('f"{name} %d" % count', "% on a text"),
        ("import dashboard.formats", "an import of dashboard.formats"),
        ("from dashboard import formats", "an import of dashboard.formats"),
        ("from dashboard.formats import amount", "an import of dashboard.formats"),
        ("from ..formats import amount", "an import of dashboard.formats"),
        ("str(count)", "str() of what may be a number"),
        ("repr(count)", "repr() of what may be a number"),
        ('st.metric("Cases", count)', "st.metric"),
        ('left.metric("Cases", count)', "st.metric"),
        ("from streamlit import metric", "st.metric"),
        ('frame.style.format("{x}")', "DataFrame.style"),
        ('st.column_config.NumberColumn(format="%d")', "NumberColumn(format=)"),
        ('ProgressColumn(format="percent")', "ProgressColumn(format=)"),
    ],
)
def test_each_way_to_format_a_number_is_caught(snippet: str, why: str) -> None:
    assert f"1: {why}" in offences(snippet)


@pytest.mark.parametrize(
    "snippet",
    [
        'title = _("{place} leads with {share}").format(place=place, share=share)',
        'words.fill(_("{place} leads"), place=place)',
        'f"{place}: {value}"',
        'str("literal")',
        "half = count % 2",
        "style = theme.colours",
        'st.column_config.NumberColumn(label=_("Cases"))',
        'st.column_config.LinkColumn(_("Address"), display_text="open")',
        "frame.figures([total, share])",
        "from dashboard.receipts import number",
    ],
)
def test_what_formats_nothing_passes(snippet: str) -> None:
    assert offences(snippet) == []
