"""The workbook inside a native chart: what opens with "Edit data" in PowerPoint."""

from __future__ import annotations

import io

import xlsxwriter

from metrics.briefing.native import NativePanel, find_series, label_lane
from metrics.briefing.office_look import EPOCH
from metrics.charts.lanes import Lane
from metrics.charts.words import say_figure, say_name, say_source

SHEET = "Figures"


def label_heads(panel: NativePanel) -> tuple[str, ...]:
    """Columns before the series: years of points, country and year of standing bars, else labels."""
    if panel.form == "points":
        return ("Year",)
    return ("Country", "Period") if has_two_levels(panel) else ("Figure",)


def has_two_levels(panel: NativePanel) -> bool:
    return panel.form == "standing" and any(lane.lead for lane in panel.lanes)


def label_axis(lane: Lane) -> str:
    """The lane's words on the axis; a heading in capitals, since an axis knows no bold word among others."""
    return lane.label.upper() if lane.is_heading else label_lane(lane)


def chart_sheet(panel: NativePanel, banner: str) -> bytes:
    """The workbook of a chart: labels, one column a series, then what each figure is and where it stands."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"title": banner, "created": EPOCH})
    sheet = book.add_worksheet(SHEET)
    bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
    heads, series = label_heads(panel), find_series(panel)
    titles = [*heads, *(one.name for one in series), "As stated", "Of", "Country", "Period", "Status", "Mark", "Source"]
    sheet.write_row(0, 0, titles, bold)
    previous = None
    for number, lane in enumerate(panel.lanes, 1):
        if panel.form == "points":
            sheet.write_number(number, 0, lane.mark.at if lane.mark else 0.0)
        elif has_two_levels(panel):
            if lane.lead != previous:
                sheet.write_string(number, 0, lane.lead, quoted)
            sheet.write_string(number, 1, lane.label, quoted)
            previous = lane.lead
        else:
            sheet.write_string(number, 0, label_axis(lane), quoted)
        for column, one in enumerate(series, len(heads)):
            value = one.values[number - 1]
            if value is not None:
                sheet.write_number(number, column, value)
        for column, text in enumerate(_describe(lane), len(heads) + len(series)):
            sheet.write_string(number, column, text, quoted)
    sheet.set_column(0, len(heads) - 1, 40 if panel.form == "lying" else 14)
    sheet.set_column(len(heads), len(titles) - 1, 16)
    sheet.set_header(f"&C&B{banner}")
    sheet.set_footer(f"&C&B{banner}")
    book.add_worksheet("Marking").write_string(0, 0, banner, bold)
    book.close()
    return sink.getvalue()


def _describe(lane: Lane) -> tuple[str, ...]:
    row = lane.figure
    if not row:
        return ()
    return (
        say_figure(row),
        row["of"] or "",
        say_name(row["country"]) if row["country"] else "",
        row["period"] or "",
        row["status"],
        row["marking"] or "UNKNOWN",
        say_source([row], {}).partition(": ")[2],
    )
