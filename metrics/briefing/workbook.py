"""A brief as an Excel workbook: one sheet a chart with its table, and the sentences on a sheet of their own."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from metrics.briefing.brief import SIGN_LINE, Brief, Finding
from metrics.briefing.native import NativePanel, Series, find_native_panels, find_series, label_lane
from metrics.briefing.office_chart import Box, axis_format, place_plot, say_axis
from metrics.briefing.office_look import EPOCH
from metrics.briefing.workbook_look import look_of
from metrics.catalog import METRICS
from metrics.charts.lanes import Lane
from metrics.charts.selection import METRICS_OF, Row, as_stated
from metrics.charts.words import say_figure, say_name, say_source
from metrics.look import SANS, SERIF, STATUSES, THEMES, banner_colour, break_lines
from metrics.marking import abbreviate

THEME = THEMES["light"]
CHART_PIXELS = 1280
LABELS = ("Country", "Figure")
ROW_PIXELS = 20  # height of a row of the sheet
_TOP_ROWS = 3  # banner, title, subtitle


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table that says what a figure is."""

    head: str
    width: float
    read: Callable[[Row], Any]


DETAILS = (
    Column("As stated", 22, say_figure),
    Column("Of", 26, lambda row: row["of"]),
    Column("Period", 12, lambda row: row["period"]),
    Column("Status", 12, lambda row: STATUSES[row["status"]].word if row["status"] else None),
    Column("Mark", 10, lambda row: row["marking"] or "UNKNOWN"),
    Column("Source", 30, lambda row: say_source([row], {}).partition(": ")[2]),
)
# Beside what is printed: for pivot tables and filters.
MORE_DETAILS = (
    Column("Low", 14, lambda row: as_stated(row)["low"]),
    Column("High", 14, lambda row: as_stated(row)["high"]),
    Column("Bound", 11, lambda row: row["qualifier"]),
    Column("Unit", 12, lambda row: as_stated(row)["unit"]),
    Column("Per", 9, lambda row: row["per"]),
    Column("Site", 16, lambda row: row["site"]),
    Column("Actor", 18, lambda row: say_name(row["actor"]) if row["actor"] else None),
    Column("First day", 12, lambda row: row["period_start"]),
    Column("Last day", 12, lambda row: row["period_end"]),
    Column("Said by", 18, lambda row: ", ".join(row["speakers"])),
    Column("Computed", 30, lambda row: row["formula"]),
    Column("As of", 12, lambda row: row["as_of"]),
    Column("Fact", 18, lambda row: row["id"]),
)
SOURCES = (("Cable", 18), ("Date", 12), ("Post", 14), ("Paragraph", 11), ("Mark", 10), ("Said by", 18), ("Figures", 26))


def write_workbook(brief: Brief) -> bytes:
    """The brief as an XLSX file. The same brief gives the same bytes."""
    sink = io.BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(sink, options)
    book.set_properties(
        {"title": f"{brief.banner}: {brief.title}", "subject": brief.subtitle, "created": EPOCH, "author": ""}
    )
    formats = _Formats(book)
    names = _name_sheets(brief.findings)
    contents = book.add_worksheet("Contents")
    for finding, name in zip(brief.findings, names, strict=True):
        _Sheet(book, book.add_worksheet(name), name, finding, formats, brief.build).write()
    _write_sources(book.add_worksheet("Sources"), brief, formats)
    _write_contents(contents, brief, names, formats)
    book.close()
    return sink.getvalue()


class _Formats:
    """Cell formats, each made once."""

    def __init__(self, book: Any) -> None:
        def make(**more: Any) -> Any:
            return book.add_format({"font_name": SANS, "font_size": 11, "font_color": THEME.ink, **more})

        line = {"bottom": 1, "bottom_color": THEME.grid, "valign": "top"}
        self._book = book
        self.title = make(quote_prefix=True, font_name=SERIF, font_size=16, bold=True)
        self.subtitle = make(quote_prefix=True, font_color=THEME.muted)
        self.note = make(quote_prefix=True, font_color=THEME.muted, font_size=9, text_wrap=True, valign="top")
        self.head = make(bold=True, bg_color=THEME.track, text_wrap=True, valign="vcenter", bottom=1)
        self.number_head = make(
            bold=True, bg_color=THEME.track, text_wrap=True, valign="vcenter", bottom=1, align="right"
        )
        self.text = make(quote_prefix=True, text_wrap=True, **line)
        self.line = make(quote_prefix=True, **line)
        self.number = make(num_format="#,##0.######", **line)
        self.whole = make(num_format="#,##0", **line)
        self.year = make(num_format="0.0", **line)
        self.day = make(num_format="yyyy-mm-dd", align="left", **line)
        self.link = make(font_color="#0B4F9E", underline=1, text_wrap=True, valign="top")

    def banner(self, words: str) -> Any:
        """White words on the colour of the banner."""
        return self._book.add_format(
            {
                "font_name": SANS,
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": banner_colour(words),
                "align": "center",
            }
        )


def _name_sheets(findings: Sequence[Finding]) -> list[str]:
    """Names of at most 31 letters, without the signs Excel forbids, numbered."""
    names = []
    for number, finding in enumerate(findings, 1):
        spec = finding.drawing.spec
        metrics = spec.metrics or METRICS_OF[spec.chart]
        subject = METRICS[metrics[0]].title if metrics and metrics[0] in METRICS else spec.chart.capitalize()
        names.append(f"{number} {spec.chart.capitalize() if spec.chart == 'coverage' else subject}"[:31])
    return names


def _set_page(sheet: Any, banner: str, build: str) -> None:
    """Landscape, one page wide, the banner above and below each printed page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.8)
    words = banner.replace("&", "&&")
    sheet.set_header(f'&C&"{SANS},Bold"{words}')
    sheet.set_footer(f'&L&8Build {build}&C&"{SANS},Bold"{words}&R&8&P / &N')
    sheet.hide_gridlines(2)


def _count_lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of so many characters, since not every program fits rows itself."""
    return len(break_lines(text, width * 7, 14.7)) or 1


def _write_cell(sheet: Any, row: int, column: int, value: Any, formats: _Formats, wrap: bool = True) -> None:
    """A number as a number, a day as a day, words as words that no spreadsheet takes for a formula."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats.text)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats.day)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, formats.whole if value == int(value) else formats.number)
    else:
        sheet.write_string(row, column, str(value), formats.text if wrap else formats.line)


class _Sheet:
    """One finding: banner, title, notes, charts, table, banner."""

    def __init__(self, book: Any, sheet: Any, name: str, finding: Finding, formats: _Formats, build: str) -> None:
        self.book, self.sheet, self.name, self.finding, self.formats, self.build = (
            book,
            sheet,
            name,
            finding,
            formats,
            build,
        )
        self.panels = find_native_panels(finding.drawing, finding.rows)
        self.series = [find_series(panel) for panel in self.panels]
        self.columns = list(dict.fromkeys(one.name for own in self.series for one in own))
        self.has_years = any(panel.form == "points" for panel in self.panels)

    @property
    def first(self) -> int:
        """The first column of numbers."""
        return len(LABELS) + self.has_years

    @property
    def said(self) -> int:
        """The column of words at the bars' ends."""
        return self.first + len(self.columns)

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return self.said + 2 + len(DETAILS) + len(MORE_DETAILS)

    @property
    def printed(self) -> int:
        """The last column that is printed."""
        return self.said + 1 + len(DETAILS)

    def write(self) -> None:
        """Fill the sheet."""
        drawing, sheet, formats = self.finding.drawing, self.sheet, self.formats
        _set_page(sheet, self.finding.banner, self.build)
        last = self.printed
        over = formats.banner(self.finding.banner)
        sheet.merge_range(0, 0, 0, last, self.finding.banner, over)
        sheet.write_string(1, 0, drawing.title, formats.title)
        sheet.write_string(2, 0, drawing.subtitle, formats.subtitle)
        sheet.set_row(1, 26)
        row = _TOP_ROWS
        for note in (*drawing.notes, drawing.source, *self.finding.foot):
            if note:
                sheet.merge_range(row, 0, row, last, note, formats.note)
                sheet.set_row(row, 13 * _count_lines(note, sum(self.widths[: last + 1]) * 11 / 9))
                row += 1
        places, table = _place_charts(self.panels, row + 1)
        starts = self._write_table(table)
        for panel, series, place, start in zip(self.panels, self.series, places, starts, strict=True):
            self._add_chart(panel, series, place, start)
        end = table + 1 + sum(len(_shown(panel)) for panel in self.panels) + len(self._others())
        sheet.autofilter(table, 0, end - 1, self.width - 1)
        sheet.print_area(0, 0, end, last)
        sheet.merge_range(end, 0, end, last, self.finding.banner, over)

    def _write_table(self, top: int) -> list[int]:
        """The table from row `top` on; returns the first row of each chart's part."""
        heads = [*LABELS, *(["Year"] if self.has_years else []), *self.columns, "Shown as", "Drawn"]
        heads += [column.head for column in (*DETAILS, *MORE_DETAILS)]
        numbers = {*range(len(LABELS), self.said), *(heads.index(head) for head in ("Low", "High"))}
        for at, head in enumerate(heads):
            self.sheet.write_string(top, at, head, self.formats.number_head if at in numbers else self.formats.head)
        self.sheet.set_row(
            top, 16 * max(_count_lines(head, width * 0.9) for head, width in zip(heads, self.widths, strict=True))
        )
        for at, width in enumerate(self.widths):
            self.sheet.set_column(at, at, width)
        starts, row = [], top + 1
        for panel, series in zip(self.panels, self.series, strict=True):
            starts.append(row)
            for lane, place in _shown(panel):
                self._write_lane(row, panel, lane, place, series)
                row += 1
        for other, drawn in self._others():
            _write_cell(self.sheet, row, 0, say_name(other["country"]) if other["country"] else "", self.formats)
            self._write_details(row, other, drawn, 1)
            row += 1
        return starts

    def _others(self) -> list[tuple[Row, str]]:
        """Figures without a lane of their own: the wholes behind others, and those not drawn."""
        described = {figure["id"] for panel in self.panels for lane in panel.lanes if (figure := lane.figure)}
        behind = [(row, "behind") for row in self.finding.rows if row["id"] not in described]
        return [*behind, *((row, "no") for row in self.finding.rest)]

    @property
    def widths(self) -> list[float]:
        """Widths of the columns, in characters."""
        widths = [16.0, 40.0, *([9.0] * self.has_years), *([12.0] * len(self.columns)), 24.0, 8.0]
        return [*widths, *(column.width for column in (*DETAILS, *MORE_DETAILS))]

    def _write_lane(self, row: int, panel: NativePanel, lane: Lane, place: int, series: Sequence[Series]) -> None:
        sheet, formats = self.sheet, self.formats
        figure = lane.figure
        country = say_name(figure["country"]) if figure and figure["country"] else lane.lead
        several = len({one["country"] for one in self.finding.rows}) > 1
        label = lane.label
        if panel.form == "lying" and several and figure:
            label = label_lane(lane) if lane.lead else f"{country} · {label}"
        _write_cell(sheet, row, 0, country, formats)
        _write_cell(sheet, row, 1, label, formats)
        if self.has_years and lane.mark:
            sheet.write_number(row, len(LABELS), lane.mark.at, formats.year)
        for one in series:
            value = one.values[place]
            column = self.first + self.columns.index(one.name)
            _write_cell(sheet, row, column, value, formats)
        _write_cell(sheet, row, self.said, lane.said, formats)
        lines = max(_count_lines(label, self.widths[1]), _count_lines(lane.said, self.widths[self.said]))
        if figure:
            self._write_details(row, figure, "yes", lines)

    def _write_details(self, row: int, figure: Row, drawn: str, lines: int) -> None:
        for column in DETAILS:
            lines = max(lines, _count_lines(str(column.read(figure) or ""), column.width))
        self.sheet.set_row(row, 15 * lines)
        for at, column in enumerate((*DETAILS, *MORE_DETAILS), self.said + 2):
            _write_cell(self.sheet, row, at, column.read(figure), self.formats, wrap=column in DETAILS)
        _write_cell(self.sheet, row, self.said + 1, drawn, self.formats)

    def _add_chart(self, panel: NativePanel, series: Sequence[Series], place: Place, start: int) -> None:
        """The native chart over its part of the table."""
        kind = {"lying": "bar", "standing": "column", "points": "scatter"}[panel.form]
        chart = self.book.add_chart({"type": kind})
        shown = _shown(panel)
        end = start + len(shown) - 1
        two_levels = panel.form == "standing" and any(lane.lead for lane, _ in shown)
        labels = (0 if two_levels else 1, 1) if panel.form != "points" else (len(LABELS), len(LABELS))
        for one in series:
            column = self.first + self.columns.index(one.name)
            places = [place for _, place in shown]
            chart.add_series(
                {
                    "name": one.name,
                    "categories": [self.name, start, labels[0], end, labels[1]],
                    "values": [self.name, start, column, end, column],
                    "data_labels": _label(one, places, panel.form),
                    **look_of(one, places, panel),
                }
            )
        self._set_axes(chart, panel)
        headed = panel.heading if len(self.panels) > 1 else ""
        title = f"({abbreviate(self.finding.banner)}) {headed}" if headed else self.finding.drawing.title
        chart.set_title(
            {
                "name": title[:250],
                "name_font": {"name": SERIF, "size": 14, "bold": True, "color": THEME.ink},
                "overlay": False,
            }
        )
        chart.set_legend({"position": "top", "font": {"name": SANS, "size": 11, "color": THEME.muted}})
        chart.set_chartarea({"border": {"color": THEME.grid}})
        box = Box(place.width * 0.75, place.height * 0.75, 11)
        chart.set_plotarea({"layout": place_plot(panel, box, series, over=44)})
        chart.set_size({"width": place.width, "height": place.height})
        options = {"description": self.finding.drawing.alt[:2000], "object_position": 2, "x_offset": place.left}
        self.sheet.insert_chart(place.row, 0, chart, options)

    def _set_axes(self, chart: Any, panel: NativePanel) -> None:
        font = {"name": SANS, "size": 11, "color": THEME.muted, "bold": False}
        values = {
            "num_format": axis_format(panel.top, panel.unit, panel.low is not None),
            "num_font": font,
            "name": say_axis(panel),
            "name_font": font,
            "major_gridlines": {"visible": True, "line": {"color": THEME.grid, "width": 0.5}},
            "line": {"none": True},
            "min": panel.low or 0,
            **({"log_base": 10} if panel.low is not None else {}),
        }
        labels = {"num_font": {**font, "color": THEME.ink}, "line": {"color": THEME.muted}, "major_tick_mark": "none"}
        if panel.form == "lying":
            chart.set_y_axis({**labels, "reverse": True, "crossing": "max", "interval_unit": 1})
            chart.set_x_axis(values)
        elif panel.form == "standing":
            chart.set_x_axis(labels)
            chart.set_y_axis(values)
        else:
            chart.set_x_axis({**labels, "num_format": "0", "min": panel.years[0], "max": panel.years[1]})
            chart.set_y_axis(values)


def _shown(panel: NativePanel) -> list[tuple[Lane, int]]:
    """Lanes that get a row, with their places; those that only head others get none."""
    return [(lane, at) for at, lane in enumerate(panel.lanes) if panel.form == "standing" or not lane.is_heading]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chart stands: its row, and pixels from the left edge, across and down."""

    row: int
    left: int
    width: int
    height: int


def _place_charts(panels: Sequence[NativePanel], row: int) -> tuple[list[Place], int]:
    """Places of the charts, points side by side, the others under each other; and the row below them."""
    beside = 2 if len(panels) > 1 and panels[0].form == "points" else 1
    places = []
    for at, panel in enumerate(panels):
        width = CHART_PIXELS // beside
        height = 160 + 34 * max(3, len(_shown(panel))) if panel.form == "lying" else 460 // beside + 90 * (beside - 1)
        places.append(Place(row, at % beside * width, width, height))
        if (at + 1) % beside == 0 or at + 1 == len(panels):
            row += -(-height // ROW_PIXELS) + 1
    return places, row


def _label(series: Series, places: Sequence[int], form: str) -> dict[str, Any]:
    """The words at the bars' ends, a bound never without its word; points have none, but signs for bounds."""
    if form == "points":
        return {}
    custom = [{"value": series.labels[place]} if series.labels[place] else {"delete": True} for place in places]
    return {"value": True, "custom": custom, "position": "outside_end", "font": {"name": SANS, "size": 11}}


def _write_sources(sheet: Any, brief: Brief, formats: _Formats) -> None:
    """Every sentence behind the figures, each once."""
    _set_page(sheet, brief.banner, brief.build)
    over = formats.banner(brief.banner)
    sheet.merge_range(0, 0, 0, len(SOURCES), brief.banner, over)
    sheet.write_string(1, 0, "Sources", formats.title)
    sheet.set_row(1, 26)
    sheet.write_string(
        2, 0, f"{len(brief.cables)} cables; sentences as they stand, white space folded", formats.subtitle
    )
    for at, (head, width) in enumerate((*SOURCES, ("Sentence", 100))):
        sheet.write_string(4, at, head, formats.head)
        sheet.set_column(at, at, width)
    sheet.repeat_rows(4)
    sheet.freeze_panes(5, 0)
    stated: dict[tuple[Any, ...], list[str]] = {}
    for finding in brief.findings:
        for one in finding.sentences:
            key = (one.cable_id, one.cable_date, one.post, one.paragraph, one.marking or "UNKNOWN", one.speaker)
            stated.setdefault((*key, one.sentence), []).extend(one.figures)
    row = 5
    for row, (cells, figures) in enumerate(stated.items(), 5):
        values = (*cells[:-1], "; ".join(dict.fromkeys(figures)), cells[-1])
        sheet.set_row(row, 15 * max(_count_lines(values[-1], 100), _count_lines(values[-2], SOURCES[-1][1])))
        for at, value in enumerate(values):
            _write_cell(sheet, row, at, value, formats)
    sheet.autofilter(4, 0, row, len(SOURCES))
    sheet.merge_range(row + 1, 0, row + 1, len(SOURCES), brief.banner, over)


def _write_contents(sheet: Any, brief: Brief, names: Sequence[str], formats: _Formats) -> None:
    """The first sheet: what the workbook holds, and the marking of the whole."""
    _set_page(sheet, brief.banner, brief.build)
    over = formats.banner(brief.banner)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    sheet.merge_range(0, 0, 0, 1, brief.banner, over)
    sheet.write_string(1, 0, brief.title, formats.title)
    sheet.set_row(1, 26)
    sheet.write_string(2, 0, brief.subtitle, formats.subtitle)
    row = 4
    for name, finding in zip(names, brief.findings, strict=True):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.link, name)
        _write_cell(sheet, row, 1, finding.drawing.title, formats)
        sheet.set_row(row, 15 * _count_lines(finding.drawing.title, 110))
        row += 1
    sheet.write_url(row, 0, "internal:'Sources'!A1", formats.link, "Sources")
    _write_cell(sheet, row, 1, "Every sentence behind the figures, with cable, paragraph and mark", formats)
    row += 2
    for line in (brief.gaps, *brief.foot, SIGN_LINE):
        if line:
            sheet.merge_range(row, 0, row, 1, line, formats.note)
            row += 1
    sheet.merge_range(row + 1, 0, row + 1, 1, brief.banner, over)
