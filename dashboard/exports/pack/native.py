"""Charts that PowerPoint draws itself: python-pptx's chart objects, and the few lines of XML that it has no words for."""

from typing import Any

from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.shapes.shapetree import SlideShapes
from pptx.util import Inches, Pt

from dashboard import theme
from dashboard.exports.pack.slide import Plot, Series
from dashboard.i18n import Words

_TYPES = {
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "ranges": XL_CHART_TYPE.BAR_STACKED,
    "band": XL_CHART_TYPE.AREA_STACKED,
    "stacked": XL_CHART_TYPE.AREA_STACKED,
    "lines": XL_CHART_TYPE.LINE_MARKERS,
}
_HORIZONTAL = {"bars", "ranges"}
_DASHES = {
    "dash": MSO_LINE.DASH,
    "dot": MSO_LINE.ROUND_DOT,
    "dashdot": MSO_LINE.DASH_DOT,
    "longdash": MSO_LINE.LONG_DASH,
}
_MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "square": XL_MARKER_STYLE.SQUARE,
    "triangle-up": XL_MARKER_STYLE.TRIANGLE,
    "x": XL_MARKER_STYLE.X,
}
_SIZE = Pt(11)
_MILLION = 1e6
_WITHOUT_DECIMALS = 10  # below, the decimals of a tick matter
_WORTH_MILLIONS = 1e7  # from here on the axis counts millions
_ALMOST = 0.8  # from here on a share is drawn against all
_GREY = "#d0d5da"
_MOST_LABELS = 10  # names that stand beside each other under a chart
_NAMES_WIDTH = 0.46  # of a chart, for the names of horizontal bars

Box = tuple[float, float, float, float]


def add(shapes: SlideShapes, plot: Plot, box: Box, alt: str, words: Words) -> Chart:
    """Draw a plot in a box (left, top, width, height in inches); `alt` says what it shows."""
    data = _xy(plot) if plot.shape == "points" else _categories(plot)
    kind = XL_CHART_TYPE.XY_SCATTER if plot.shape == "points" else _TYPES[plot.shape]
    frame = shapes.add_chart(kind, *map(Inches, box), data)
    properties: Any = frame._element.nvGraphicFramePr.cNvPr  # noqa: SLF001 (python-pptx has no words for alternative text)
    properties.set("descr", alt)
    chart: Chart = frame.chart
    chart.font.size = _SIZE
    chart.has_title = False
    chart.has_legend = False
    if plot.shape == "band":
        _add_line(chart, plot)
    _colour(chart, plot)
    _axes(chart, plot, words)
    _legend(chart, plot)
    return chart


def differences(plot: Plot) -> list[Series]:
    """Edges as what lies between them, as stacks want them; None where either is missing."""
    found = [plot.series[0]]
    for lower, upper in zip(plot.series, plot.series[1:], strict=False):
        values = tuple(
            None if low is None or high is None else high - low
            for low, high in zip(lower.values, upper.values, strict=True)
        )
        found.append(Series(f"{lower.name} – {upper.name}", values, upper.colour))
    return found


def _is_between(plot: Plot) -> bool:
    return plot.shape in {"band", "ranges"}


def _categories(plot: Plot) -> CategoryChartData:
    data = CategoryChartData(number_format="General")
    # horizontal bars are drawn from the bottom; an axis turned round would take the value axis along in some programs
    order = -1 if plot.shape in _HORIZONTAL else 1
    data.categories = [_as_text(name) for name in plot.names[::order]]
    for series in differences(plot) if _is_between(plot) else plot.series:
        data.add_series(_as_text(series.name), series.values[::order])
    if plot.line and plot.shape == "band":
        data.add_series(plot.line.name, plot.line.values)
    return data


def _as_text(name: str) -> str:
    """A name that the sheet behind the chart, which has formulas, takes for text."""
    return f"'{name}" if name.startswith(("=", "{=")) else name


def _xy(plot: Plot) -> XyChartData:
    data = XyChartData()
    for series, xs in zip(plot.series, plot.xs, strict=True):
        one = data.add_series(_as_text(series.name))
        for x, y in zip(xs, series.values, strict=True):
            if y is not None:
                one.add_data_point(x, y)
    return data


def _add_line(chart: Chart, plot: Plot) -> None:
    """Take the last series of the stack out and draw it as a line on the same axes, over the areas."""
    assert plot.line is not None  # noqa: S101 (a band has a line; tells the type checker)
    area = chart._chartSpace.find(f".//{qn('c:areaChart')}")  # noqa: SLF001 (one chart of two kinds has no words)
    last = area.findall(qn("c:ser"))[-1]
    area.remove(last)
    line = etree.SubElement(area.getparent(), qn("c:lineChart"))
    etree.SubElement(line, qn("c:grouping")).set("val", "standard")
    etree.SubElement(line, qn("c:varyColors")).set("val", "0")
    line.append(last)
    etree.SubElement(line, qn("c:marker")).set("val", "1")
    for axis in area.findall(qn("c:axId")):
        etree.SubElement(line, qn("c:axId")).set("val", axis.get("val"))
    area.addnext(line)


def _colour(chart: Chart, plot: Plot) -> None:
    """The first of stacked edges is only what the rest stands on: it has no colour."""
    if plot.shape == "band":
        areas, line = chart.plots
        _fill(areas.series[0], None)
        for drawn, series in zip(list(areas.series)[1:], plot.series[1:], strict=True):
            _fill(drawn, series.colour)
        median = line.series[0]
        median.smooth = False
        median.format.line.width = Pt(2.5)
        median.format.line.color.rgb = _rgb(theme.ACCENT)
        median.marker.style = XL_MARKER_STYLE.NONE
        return
    (drawn_plot,) = chart.plots
    if plot.shape == "ranges":
        drawn_plot.gap_width = 60
        drawn_plot.overlap = 100
        _fill(drawn_plot.series[0], None)
        for drawn, series in zip(list(drawn_plot.series)[1:], plot.series[1:], strict=True):
            _fill(drawn, series.colour)
        return
    for drawn, series in zip(drawn_plot.series, plot.series, strict=True):
        if plot.shape == "lines":
            _as_line(drawn, series)
        elif plot.shape == "points":
            _as_points(drawn, series, is_named=bool(plot.value_title) and len(series.values) == 1)
        else:
            _fill(drawn, series.colour)
            for place, colour in enumerate(series.colours[:: -1 if plot.shape in _HORIZONTAL else 1]):
                _fill(drawn.points[place], colour)
    if plot.shape in {"bars", "columns"}:
        drawn_plot.gap_width = 50
        drawn_plot.overlap = 100 if len(plot.series) > 1 and plot.shape == "bars" else 0


def _as_line(drawn: Any, series: Series) -> None:
    drawn.smooth = False
    drawn.format.line.width = Pt(2.25)
    drawn.format.line.color.rgb = _rgb(series.colour)
    if series.dash in _DASHES:
        drawn.format.line.dash_style = _DASHES[series.dash]
    drawn.marker.style = _MARKERS.get(series.marker, XL_MARKER_STYLE.CIRCLE)
    drawn.marker.size = 8
    drawn.marker.format.fill.solid()
    drawn.marker.format.fill.fore_color.rgb = _rgb(series.colour)
    drawn.marker.format.line.color.rgb = _rgb(series.colour)


def _as_points(drawn: Any, series: Series, *, is_named: bool) -> None:
    drawn.format.line.fill.background()
    drawn.marker.style = XL_MARKER_STYLE.CIRCLE
    drawn.marker.size = 11
    drawn.marker.format.fill.solid()
    drawn.marker.format.fill.fore_color.rgb = _rgb(series.colour)
    drawn.marker.format.line.fill.background()
    if is_named:
        _label(drawn.points[0].data_label, series.name)


def _label(label: Any, text: str) -> None:
    """Write a name beside its mark, so that no colour has to say it."""
    label.position = XL_LABEL_POSITION.RIGHT
    label.text_frame.text = text
    label.text_frame.paragraphs[0].runs[0].font.size = _SIZE


def _fill(drawn: Any, colour: str | None) -> None:
    if colour is None:
        drawn.format.fill.background()
        drawn.format.line.fill.background()
        return
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = _rgb(colour)


def _rgb(colour: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(colour.removeprefix("#")))


def _axes(chart: Chart, plot: Plot, words: Words) -> None:
    value, name = chart.value_axis, chart.category_axis
    for axis in (value, name):
        axis.tick_labels.font.size = _SIZE
        axis.format.line.color.rgb = _rgb(_GREY)
    value.major_gridlines.format.line.color.rgb = _rgb(_GREY)
    name.has_major_gridlines = False
    are_dots = plot.shape == "points" and not plot.value_title  # in stacks: their height is no number
    scaled = list(plot.xs[0]) if are_dots else _finite(_all(plot))
    number_format, said = _number_format(scaled, plot, words)
    measured = name if are_dots else value
    measured.tick_labels.number_format = number_format
    measured.tick_labels.number_format_is_linked = False
    if plot.value_title:
        _title(value, plot.value_title + said)
    if plot.name_title:
        _title(name, plot.name_title + (said if are_dots else ""))
    if are_dots:
        value.visible = value.has_major_gridlines = False
        value.maximum_scale = max(10.0, *_finite(plot.series))
        value.minimum_scale = name.minimum_scale = 0
    elif plot.shape != "points":
        _names(chart, plot)
        _scale(value, plot, scaled)


def _names(chart: Chart, plot: Plot) -> None:
    """Where the names of a chart stand, and how many of them."""
    name = chart.category_axis
    # below zero bars must not cross the names; where the smallest value is on top, the names stand at the other end
    name.tick_label_position = XL_TICK_LABEL_POSITION.HIGH if plot.is_reversed else XL_TICK_LABEL_POSITION.LOW
    if plot.shape in _HORIZONTAL:
        _names_width(chart)
    elif len(plot.names) > _MOST_LABELS:
        _skip(name, -(-len(plot.names) // _MOST_LABELS))


def _scale(value: Any, plot: Plot, scaled: list[float]) -> None:
    """From zero where nothing is below it; up to all where a share comes near; by powers of ten where asked."""
    if plot.is_log:
        _make_log(value, scaled)
    elif min(scaled, default=0.0) >= 0 and not plot.is_reversed:
        value.minimum_scale = 0
    if plot.is_percent and _ALMOST <= max(scaled, default=0.0) / 100 <= 1:
        value.maximum_scale = 100
    value.reverse_order = plot.is_reversed


def _all(plot: Plot) -> list[Series]:
    return [*plot.series, *([plot.line] if plot.line else [])]


def _finite(series: Any) -> list[float]:
    return [float(value) for each in series for value in each.values if value is not None]


def _number_format(values: Any, plot: Plot, words: Words) -> tuple[str, str]:
    """Excel's format for the ticks, and what the title of the axis adds to it."""
    _ = words.gettext
    highest = max(map(abs, values), default=0.0)
    if plot.is_percent:
        return '0"%"', ""
    if highest >= _WORTH_MILLIONS:
        return "#,##0,,", " (" + _("in millions") + ")"
    are_whole = all(float(value).is_integer() for value in values)  # such as ranks
    return ("#,##0" if highest >= _WITHOUT_DECIMALS or are_whole else "0.0##"), ""


def _title(axis: Any, text: str) -> None:
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = text
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = _SIZE, False


def _names_width(chart: Chart) -> None:
    """Give the names of horizontal bars their part of the chart: programs would squeeze long ones differently."""
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")  # noqa: SLF001 (no words for the plot's own place)
    layout = area.find(qn("c:layout"))
    if layout is None:
        layout = etree.Element(qn("c:layout"))
        area.insert(0, layout)
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    settings = {
        "layoutTarget": "inner", "xMode": "edge", "yMode": "edge", "x": _NAMES_WIDTH, "y": 0.02,
        "w": 0.97 - _NAMES_WIDTH, "h": 0.8,
    }  # fmt: skip
    for name, setting in settings.items():
        etree.SubElement(manual, qn(f"c:{name}")).set("val", str(setting))


def _skip(axis: Any, every: int) -> None:
    """Label every so many names only, at even distances."""
    element = axis._element  # noqa: SLF001 (no words for it)
    element.find(f".//{qn('a:bodyPr')}").set("rot", "0")
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        for old in element.findall(qn(name)):
            element.remove(old)
    after = element.find(qn("c:noMultiLvlLbl"))
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        skip = etree.Element(qn(name))
        skip.set("val", str(every))
        if after is not None:
            after.addprevious(skip)
        else:
            element.append(skip)


def _make_log(axis: Any, values: list[float]) -> None:
    """A log axis from the power of ten below the lowest to that above the highest."""
    scaling = axis._element.find(qn("c:scaling"))  # noqa: SLF001 (no words for it)
    base = etree.Element(qn("c:logBase"))
    base.set("val", "10")
    scaling.insert(0, base)
    lowest = max(min((value for value in values if value > 0), default=1.0), 1.0)
    axis.minimum_scale = 10.0 ** (len(f"{lowest:.0f}") - 1)
    axis.maximum_scale = 10.0 ** len(f"{max(values, default=1.0):.0f}")


def _legend(chart: Chart, plot: Plot) -> None:
    """Several series say which is which; what only carries the others has no entry."""
    if plot.shape in {"bars", "ranges", "points"} or (plot.shape != "band" and len(plot.series) == 1):
        return
    chart.has_legend = True
    legend = chart.legend
    legend.position = XL_LEGEND_POSITION.TOP
    legend.include_in_layout = False
    legend.font.size = _SIZE
    if plot.shape == "band":
        entry = etree.Element(qn("c:legendEntry"))
        etree.SubElement(entry, qn("c:idx")).set("val", "0")
        etree.SubElement(entry, qn("c:delete")).set("val", "1")
        legend._element.find(qn("c:legendPos")).addnext(entry)  # noqa: SLF001 (no words for an entry)
