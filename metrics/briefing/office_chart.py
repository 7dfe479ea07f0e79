"""A native chart as DrawingML and the workbook inside it, so that PowerPoint can edit its numbers.

The order of elements is that of the schema (ECMA-376 part 1, 21.2): Office refuses a chart with elements out of order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.utility import xl_col_to_name

from metrics.briefing.native import NativePanel, Series, find_series
from metrics.briefing.office_look import THEME, draw_point, fill_bar, paint
from metrics.briefing.office_sheet import SHEET, chart_sheet, has_two_levels, label_axis, label_heads
from metrics.look import say_number, text_width

_NAMESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
LEGEND_ROW = 1.5  # height of a row of the key over the size of its type


@dataclass(frozen=True, slots=True)
class Box:
    """Room of a chart in points, and the size of its type."""

    width: float
    height: float
    type: float
    legend: bool = True


@dataclass(frozen=True, slots=True)
class OfficeChart:
    """What python-pptx asks of chart data: the chart's XML and the workbook behind it."""

    panel: NativePanel
    box: Box
    banner: str
    top: float | None = None

    def xml_bytes(self, _chart_type: object) -> bytes:
        """The chart part."""
        return chart_xml(self.panel, self.box, self.top).encode()

    @property
    def xlsx_blob(self) -> bytes:
        """The workbook that opens with "Edit data"."""
        return chart_sheet(self.panel, self.banner)


def chart_xml(panel: NativePanel, box: Box, top: float | None = None) -> str:
    """The chart part of a panel; `top` fixes the end of the axis of values, for panels that share it."""
    series = find_series(panel)
    drawn = "".join(_series_xml(panel, one, number, box) for number, one in enumerate(series))
    plot = _scatter(drawn) if panel.form == "points" else _bars(panel, box, drawn)
    axes = _point_axes(panel, box, top) if panel.form == "points" else _bar_axes(panel, box, top)
    legend = _legend(box, series) if _needs_legend(box, series) else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {_NAMESPACES}>'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea>{_plot_layout(panel, box, series)}{plot}{axes}</c:plotArea>{legend}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_text(box.type, THEME.ink)}</c:chartSpace>"
    )


def _needs_legend(box: Box, series: Sequence[Series]) -> bool:
    """Whether there is anything to explain beyond plain actual figures."""
    return box.legend and (len(series) > 1 or any(one.status != "actual" or one.bound != "figure" for one in series))


def _bars(panel: NativePanel, box: Box, drawn: str) -> str:
    lying = panel.form == "lying"
    return (
        f'<c:barChart><c:barDir val="{"bar" if lying else "col"}"/><c:grouping val="clustered"/>'
        f'<c:varyColors val="0"/>{drawn}<c:gapWidth val="{_gap_width(panel, box)}"/><c:overlap val="100"/>'
        '<c:axId val="1001"/><c:axId val="1002"/></c:barChart>'
    )


def _gap_width(panel: NativePanel, box: Box) -> int:
    """Blank between bars in percent of their breadth: few bars stay slim."""
    lying = panel.form == "lying"
    slot = (box.height - box.type * 6 if lying else box.width - box.type * 6) / max(1, len(panel.lanes))
    broadest = box.type * (2.1 if lying else 4.5)
    return max(45 if lying else 30, min(500, round((slot / broadest - 1) * 100)))


def _scatter(drawn: str) -> str:
    return (
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{drawn}'
        '<c:axId val="1001"/><c:axId val="1002"/></c:scatterChart>'
    )


def _series_xml(panel: NativePanel, series: Series, number: int, box: Box) -> str:
    column = xl_col_to_name(len(label_heads(panel)) + number)
    last = len(panel.lanes) + 1
    name = (
        f"<c:tx><c:strRef><c:f>{SHEET}!${column}$1</c:f><c:strCache><c:ptCount val='1'/>"
        f"<c:pt idx='0'><c:v>{escape(series.name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>"
    )
    labels = _labels_xml(panel, series, box)
    values = _numbers(f"{SHEET}!${column}$2:${column}${last}", series.values)
    if panel.form == "points":
        years = _numbers(f"{SHEET}!$A$2:$A${last}", [lane.mark.at if lane.mark else None for lane in panel.lanes])
        own = "".join(
            f'<c:dPt><c:idx val="{at}"/>{draw_point(series, series.colours[at], box.type, series.outlined[at])}</c:dPt>'
            for at in series.odd_places()
        )
        return (
            f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/>{name}'
            f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{draw_point(series, series.colour, box.type)}{own}{labels}"
            f'<c:xVal>{years}</c:xVal><c:yVal>{values}</c:yVal><c:smooth val="0"/></c:ser>'
        )
    own = "".join(
        f'<c:dPt><c:idx val="{at}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"{fill_bar(series, series.colours[at], panel.form, series.outlined[at])}</c:dPt>"
        for at in series.odd_places()
    )
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/>{name}{fill_bar(series, series.colour, panel.form)}'
        f'<c:invertIfNegative val="0"/>{own}{labels}{_whiskers(panel, series)}'
        f"<c:cat>{_categories(panel, last)}</c:cat><c:val>{values}</c:val></c:ser>"
    )


def _numbers(reference: str, values: Sequence[float | None]) -> str:
    points = "".join(
        f'<c:pt idx="{at}"><c:v>{_say_exactly(value)}</c:v></c:pt>'
        for at, value in enumerate(values)
        if value is not None
    )
    return (
        f"<c:numRef><c:f>{reference}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>'
    )


def _say_exactly(value: float) -> str:
    """The number to its last digit."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _categories(panel: NativePanel, last: int) -> str:
    if not has_two_levels(panel):
        texts = [label_axis(lane) for lane in panel.lanes]
        return f"<c:strRef><c:f>{SHEET}!$A$2:$A${last}</c:f><c:strCache>{_texts(texts)}</c:strCache></c:strRef>"
    starts = [
        (at, lane.lead) for at, lane in enumerate(panel.lanes) if at == 0 or lane.lead != panel.lanes[at - 1].lead
    ]
    upper = "".join(f'<c:pt idx="{at}"><c:v>{escape(name)}</c:v></c:pt>' for at, name in starts)
    lower = "".join(f'<c:pt idx="{at}"><c:v>{escape(lane.label)}</c:v></c:pt>' for at, lane in enumerate(panel.lanes))
    return (
        f"<c:multiLvlStrRef><c:f>{SHEET}!$A$2:$B${last}</c:f><c:multiLvlStrCache>"
        f'<c:ptCount val="{len(panel.lanes)}"/><c:lvl>{lower}</c:lvl><c:lvl>{upper}</c:lvl>'
        "</c:multiLvlStrCache></c:multiLvlStrRef>"
    )


def _texts(texts: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{escape(text)}</c:v></c:pt>' for at, text in enumerate(texts))
    return f'<c:ptCount val="{len(texts)}"/>{points}'


def _whiskers(panel: NativePanel, series: Series) -> str:
    """Error bars from the upper end of each range down to its lower end."""
    if series.bound != "high":
        return ""
    lows = [lane.mark.low if lane.mark else None for lane in panel.lanes]
    spans = [
        (value - low) if value is not None and low is not None else 0.0
        for value, low in zip(series.values, lows, strict=True)
    ]
    points = "".join(f'<c:pt idx="{at}"><c:v>{_say_exactly(span)}</c:v></c:pt>' for at, span in enumerate(spans))
    ends = f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(spans)}"/>'
    return (
        '<c:errBars><c:errBarType val="minus"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f'<c:plus>{ends}<c:pt idx="0"><c:v>0</c:v></c:pt></c:numLit></c:plus>'
        f"<c:minus>{ends}{points}</c:numLit></c:minus>"
        f'<c:spPr><a:ln w="15875"><a:solidFill>{paint(THEME.ink)}</a:solidFill></a:ln></c:spPr></c:errBars>'
    )


# Labels


def _labels_xml(panel: NativePanel, series: Series, box: Box) -> str:
    """Words at the ends of the bars: where they repeat the number, a format that follows it when it is edited."""
    said = "".join(
        _label_xml(at, text, value, series.bound, panel.form, box.type)
        for at, (text, value) in enumerate(zip(series.labels, series.values, strict=True))
        if text and value is not None
    )
    plain = f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_text(box.type, THEME.ink, wrap=False)}"
    return f"<c:dLbls>{said}{plain}{_flags(False)}</c:dLbls>"


def _label_xml(at: int, text: str, value: float, bound: str, form: str, size: float) -> str:
    arrow = ("→ " if form == "lying" else "↑ ") if bound == "floor" else ""
    place = '<c:dLblPos val="outEnd"/>'
    code = number_format(f"{arrow}{text}", value)
    if code:
        look = f"<c:spPr><a:noFill/></c:spPr>{_text(size, THEME.ink, wrap=False)}"
        shown = f'<c:numFmt formatCode={quoteattr(code)} sourceLinked="0"/>{look}'
    else:
        words = f'<a:p><a:r><a:rPr lang="en-US"/><a:t>{escape(arrow + text)}</a:t></a:r></a:p>'
        shown = f'<c:tx><c:rich><a:bodyPr wrap="none"/>{words}</c:rich></c:tx>'
    return f'<c:dLbl><c:idx val="{at}"/>{shown}{place}{_flags(True)}</c:dLbl>'


def _flags(value: bool) -> str:
    names = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    return "".join(f'<c:show{name} val="{int(value and name == "Val")}"/>' for name in names)


_MAGNITUDES = {" million": ",,", " billion": ",,,", " trillion": ",,,,"}


def number_format(text: str, value: float) -> str:
    """The Office format code that shows the value as these words do; empty where they say more than the value.

    >>> number_format("more than 40", 40.0), number_format("$11.5 million", 11.5e6)
    ('"more than "#,##0', '"$"#,##0.0,," million"')
    >>> number_format("28 of 212 (13.2%)", 212.0)
    ''
    """
    said = say_number(value)
    figure = re.match(r"[\d,.]+", said)
    if figure is None or text.count(said) != 1 or len(re.findall(r"\d[\d,.]*", text)) != 1:
        return ""
    before, after = text.split(said)
    magnitude = said[figure.end() :]
    decimals = len(figure[0].partition(".")[2])
    code = "#,##0" + (f".{'0' * decimals}" if decimals else "") + _MAGNITUDES.get(magnitude, "")
    return "".join(f'"{part}"' if part else "" for part in (before,)) + code + _quoted(magnitude + after)


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


# Axes, legend and layout


def _text(size: float, colour: str, wrap: bool = True) -> str:
    body = "<a:bodyPr/>" if wrap else '<a:bodyPr wrap="none"/>'
    return (
        f'<c:txPr>{body}<a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(size * 100)}" b="0">'
        f'<a:solidFill>{paint(colour)}</a:solidFill><a:latin typeface="+mn-lt"/></a:defRPr></a:pPr>'
        '<a:endParaRPr lang="en-US"/></a:p></c:txPr>'
    )


def _grid() -> str:
    line = f'<a:ln w="6350"><a:solidFill>{paint(THEME.grid)}</a:solidFill></a:ln>'
    return f"<c:majorGridlines><c:spPr>{line}</c:spPr></c:majorGridlines>"


def _axis_line(shown: bool) -> str:
    inside = f"<a:solidFill>{paint(THEME.muted)}</a:solidFill>" if shown else "<a:noFill/>"
    return f'<c:spPr><a:ln w="9525">{inside}</a:ln></c:spPr>'


def _scaling(log: bool, reverse: bool, low: float | None, high: float | None) -> str:
    base = '<c:logBase val="10"/>' if log else ""
    ends = f'<c:max val="{high:g}"/>' if high is not None else ""
    ends += f'<c:min val="{low:g}"/>' if low is not None else ""
    return f'<c:scaling>{base}<c:orientation val="{"maxMin" if reverse else "minMax"}"/>{ends}</c:scaling>'


def axis_format(top: float, unit: str | None, log: bool = False) -> str:
    """The format code of the axis of values: money with its sign, large numbers in short words.

    >>> axis_format(65e6, "USD"), axis_format(212, "checkpoint")
    ('[=0]"$"0;"$"#,##0,,"m"', '#,##0')
    """
    sign = '"$"' if unit == "USD" else ""
    if log and top < 1e6:
        return f"[<1]General;{sign}#,##0"
    if log:
        return f'[>=1000000000]{sign}#,##0,,,"bn";[>=1000000]{sign}#,##0,,"m";{sign}#,##0'
    for magnitude, commas, word in ((1e9, ",,,", "bn"), (1e6, ",,", "m")):
        if top >= magnitude:
            digits = "" if top >= 5 * magnitude else ".0"
            return f'[=0]{sign}0;{sign}#,##0{digits}{commas}"{word}"'
    return f"{sign}#,##0{'.0' if top < 2 else ''}" + ('"%"' if unit == "percent" else "")


def say_axis(panel: NativePanel) -> str:
    """The title of the axis of values: the unit, where tick words do not show it, and powers of ten."""
    shown = "" if panel.unit == "USD" else panel.axis_title
    return ", ".join(part for part in (shown, "powers of ten" if panel.low is not None else "") if part)


def _value_axis(panel: NativePanel, box: Box, top: float | None, side: str, crosses: str) -> str:
    log = panel.low is not None
    between = "midCat" if panel.form == "points" else "between"
    return (
        f'<c:valAx><c:axId val="1002"/>{_scaling(log, False, panel.low or 0.0, top)}<c:delete val="0"/>'
        f'<c:axPos val="{side}"/>{_grid()}{_axis_title(say_axis(panel), box, side)}'
        f'<c:numFmt formatCode={quoteattr(axis_format(panel.top, panel.unit, log))} sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'{_axis_line(False)}{_text(box.type * 0.92, THEME.muted)}<c:crossAx val="1001"/>'
        f'<c:crosses val="{crosses}"/><c:crossBetween val="{between}"/></c:valAx>'
    )


def _axis_title(text: str, box: Box, side: str) -> str:
    if not text or side == "l":
        return ""
    return (
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="{round(box.type * 92)}" b="0"/></a:pPr>'
        f'<a:r><a:rPr lang="en-US" sz="{round(box.type * 92)}" b="0"><a:solidFill>{paint(THEME.muted)}</a:solidFill>'
        f'<a:latin typeface="+mn-lt"/></a:rPr><a:t>{escape(text)}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title>'
    )


def _bar_axes(panel: NativePanel, box: Box, top: float | None) -> str:
    lying = panel.form == "lying"
    size = label_size(panel, box)
    skip = '<c:tickLblSkip val="1"/>'
    category = (
        f'<c:catAx><c:axId val="1001"/>{_scaling(False, lying, None, None)}<c:delete val="0"/>'
        f'<c:axPos val="{"l" if lying else "b"}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'{_axis_line(True)}{_text(size, THEME.ink)}<c:crossAx val="1002"/><c:crosses val="autoZero"/>'
        f'<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="60"/>{skip}<c:noMultiLvlLbl val="0"/></c:catAx>'
    )
    return category + _value_axis(panel, box, top, "b" if lying else "l", "max" if lying else "autoZero")


def _point_axes(panel: NativePanel, box: Box, top: float | None) -> str:
    first, last = panel.years
    span = max(1, last - first)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 5000) if span / step <= max(2, box.width / (box.type * 4)))
    category = (
        f'<c:valAx><c:axId val="1001"/>{_scaling(False, False, first, last)}<c:delete val="0"/>'
        '<c:axPos val="b"/><c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="out"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{_axis_line(True)}{_text(box.type * 0.92, THEME.muted)}'
        '<c:crossAx val="1002"/><c:crosses val="autoZero"/><c:crossBetween val="midCat"/>'
        f'<c:majorUnit val="{step}"/></c:valAx>'
    )
    return category + _value_axis(panel, box, top, "l", "min")


def _legend(box: Box, series: Sequence[Series]) -> str:
    """The key at the left over the plot, as broad and high as its words."""
    wide = min(1.0, _legend_width(box, series) / box.width)
    high = _legend_rows(box, series) * box.type * LEGEND_ROW / box.height
    place = "".join(
        f'<c:{name} val="{value}"/>'
        for name, value in (
            ("xMode", "edge"),
            ("yMode", "edge"),
            ("x", 0),
            ("y", 0),
            ("w", f"{wide:.4f}"),
            ("h", f"{high:.4f}"),
        )
    )
    return (
        f'<c:legend><c:legendPos val="t"/><c:layout><c:manualLayout>{place}</c:manualLayout></c:layout>'
        f'<c:overlay val="0"/>{_text(box.type * 0.92, THEME.muted)}</c:legend>'
    )


def _legend_width(box: Box, series: Sequence[Series]) -> float:
    return sum(text_width(one.name, box.type * 0.92) * 1.1 + box.type * 2.6 for one in series)


def _legend_rows(box: Box, series: Sequence[Series]) -> int:
    return max(1, math.ceil(_legend_width(box, series) / (box.width * 0.92)))


def label_size(panel: NativePanel, box: Box) -> float:
    """Size of the words on the axis of labels: smaller where many lanes share the height."""
    lanes = max(1, len(panel.lanes))
    if panel.form != "lying":
        widest = max((text_width(lane.label, box.type) for lane in panel.lanes), default=0.0) / box.type
        return max(7.0, min(box.type * 0.92, (box.width - box.type * 4) / lanes * 0.95 / max(widest, 1.0)))
    return max(8.0, min(box.type, (box.height - box.type * 5) / lanes / 1.25))


def _label_room(panel: NativePanel, box: Box) -> float:
    """Share of the width that the words left of lying bars take."""
    size = label_size(panel, box)
    widest = max((text_width(label_axis(lane), size) for lane in panel.lanes), default=0.0) * 1.12 + size
    return min(widest / box.width, 0.42)


def place_plot(panel: NativePanel, box: Box, series: Sequence[Series], over: float = 0.0) -> dict[str, float]:
    """Where the plot stands in its box, as shares: the words at both ends of the bars have their room.

    `over` is room in points above the key.
    """
    rows = _legend_rows(box, series) if _needs_legend(box, series) else 0
    top = (over + box.type * (LEGEND_ROW * rows + 0.6)) / box.height
    if panel.form == "lying":
        left = _label_room(panel, box)
        said = max((text_width(f"→ {label}", box.type) for one in series for label in one.labels if label), default=0.0)
        right = min((said * 1.1 + box.type) / box.width, 0.34)
        under = box.type * (3.4 if say_axis(panel) else 2) / box.height
    else:
        ticks = text_width(say_number(panel.top if panel.top < 1e6 else 100.0) + "$ m", box.type * 0.92)
        left, right = (ticks + box.type) / box.width, 0.01
        top += box.type * 1.6 / box.height
        under = box.type * (3.6 if has_two_levels(panel) else 2.0) / box.height
    return {"x": left, "y": top, "width": 1 - left - right, "height": 1 - top - under}


def _plot_layout(panel: NativePanel, box: Box, series: Sequence[Series]) -> str:
    shares = place_plot(panel, box, series)
    placed = "".join(f'<c:{name[0]} val="{share:.4f}"/>' for name, share in shares.items())
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f"{placed}</c:manualLayout></c:layout>"
    )
