"""Standing bars by year, split by status and installer, a panel a country; points where a year holds many figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from metrics.charts.key import find_entries
from metrics.charts.ladders import Colours, find_colours, find_owner, make_mark
from metrics.charts.layout import Frame, Plot, anchored, escape
from metrics.charts.marks import Mark, Trace, bar_traces, point_traces
from metrics.charts.selection import Row
from metrics.charts.spec import ChartSpec
from metrics.charts.words import say_name
from metrics.charts.yearlabels import Plane, label_values
from metrics.charts.years import UNDATED, Years, draw_axes, is_long, make_grid, read_years, value_ends, year_span
from metrics.look import (
    LABEL,
    SEMIBOLD,
    STATUSES,
    TICK,
    break_lines,
    text_width,
)

MOST_SIDE_BY_SIDE = 5  # bars a year in one panel; more are drawn as points
BROADEST = 72  # pixels of one bar


def newest_first(rows: Sequence[Row]) -> list[Row]:
    """Rows as a headline takes them: the last two dated figures in order of time, then the others."""
    dated = [row for row in rows if row["period_start"] is not None]
    last = dated[-2:]
    return last + [row for row in rows if not any(row is one for one in last)]


def panel_names(rows: Sequence[Row], spec: ChartSpec) -> list[str | None]:
    """Countries that get a panel, in the order asked for, else by number of figures; [None] for one panel of all."""
    countries = list(dict.fromkeys(row["country"] for row in rows))
    if spec.split == "none" or len(countries) < 2:
        return [None]
    asked = [country for country in spec.countries if country in countries]
    counts = {country: sum(row["country"] == country for row in rows) for country in countries}
    rest = sorted((country for country in countries if country not in asked), key=lambda one: (-counts[one], str(one)))
    return [*asked, *rest]


def draw_timeline(frame: Frame, rows: Sequence[Row], spec: ChartSpec) -> Plot:
    """The panels of a timeline with one axis of values for all of them."""
    years, names = read_years(rows), panel_names(rows, spec)
    scale, log = frame.size.scale, spec.scale == "log"
    by_actor = len({row["country"] for row in rows}) == 1 and any(row["actor"] for row in rows)
    colours = find_colours(rows, by_actor)
    panels = [[row for row in rows if len(names) == 1 or row["country"] == name] for name in names]
    points = log or any(len(slot) > MOST_SIDE_BY_SIDE for own in panels for slot in _slots(own, years).values())
    unit = rows[0]["unit"]
    left, ends = value_ends(frame, rows, unit, log, len(names) == 1)
    grid = make_grid(frame, names, left, scale)
    if years.undated:
        years = replace(years, undated_share=min(0.4, (text_width(UNDATED, TICK * scale) + 10) / grid.panel_width))
    plot = Plot(left=left, right=6 * scale, above=grid.above, below=TICK * 1.9 * scale, height=grid.height)
    marks: list[Mark] = []
    widest = BROADEST * scale * years.slots / grid.panel_width
    for number, own in enumerate(panels, 1):
        column, line = (number - 1) % grid.columns, (number - 1) // grid.columns
        domain = grid.domain(column, line)
        draw_axes(plot, frame, years, number, domain, ends, unit, log, grid, first_column=column == 0)
        placed = _place_marks(own, years, number, by_actor, points, widest, colours)
        plot.traces += _span_traces(frame, own, number, by_actor, colours)
        plane = Plane(frame, years, grid, ends, log, number)
        plot.annotations += label_values(plane, [] if points else placed, own)
        if years.undated and not any(year_span(row) for row in own):
            plot.annotations += _say_undated(plane)
        if len(names) > 1:
            plot.annotations.append(_heading(frame, say_name(names[number - 1]), domain))
        marks += placed
        plot.drawn += own
    size = 8.5 * scale
    top = ends[1]
    plot.traces += (
        point_traces(marks, frame.theme, False, size) if points else bar_traces(marks, frame.theme, top, False)
    )
    everything = [*marks, *(make_mark(row, "#000000") for row in rows if is_long(row))]
    plot.key = find_entries(everything, frame.theme, points, _name_colours(rows, by_actor, len(names) > 1, colours))
    return plot


def _slots(rows: Sequence[Row], years: Years) -> dict[float, list[Row]]:
    """Figures of one year (or none), by their place on the axis; periods over several years are drawn as lines."""
    slots: dict[float, list[Row]] = defaultdict(list)
    for row in rows:
        if not is_long(row):
            span = year_span(row)
            slots[float(span[0]) if span else years.undated_at].append(row)
    return slots


def _name_colours(rows: Sequence[Row], by_actor: bool, split: bool, colours: Colours) -> dict[str, str]:
    owners = list(dict.fromkeys(find_owner(row, by_actor) for row in rows))
    if split or (len(owners) == 1 and not by_actor):
        return {}
    named = [owner for owner in owners if owner][:8]
    shown = {say_name(owner): colours[owner] for owner in named}
    return {**shown, "not named": colours[None]} if None in owners else shown


def _place_marks(
    rows: Sequence[Row], years: Years, axis: int, by_actor: bool, points: bool, widest: float, colours: Colours
) -> list[Mark]:
    order = list(STATUSES)
    placed = []
    for at, slot in sorted(_slots(rows, years).items()):
        slot.sort(
            key=lambda row: (
                order.index(row["status"]),
                str(row["actor"]),
                -(row["low"] or row["high"] or 0),
                row["id"],
            )
        )
        breadth = min(0.8 / len(slot), widest)
        rivals = [row["conflict_group"] for row in slot if row["conflict_group"]]
        for number, row in enumerate(slot):
            mark = make_mark(row, colours[find_owner(row, by_actor)], rivals.count(row["conflict_group"]) > 1)
            beside = at + (number - (len(slot) - 1) / 2) * breadth
            middle = _day_in_year(row) if points and row["period_start"] else beside
            placed.append(replace(mark, at=middle, thickness=breadth * 0.92, axis=axis))
    return placed


def _day_in_year(row: Row) -> float:
    """Where the middle of a figure's period stands on the axis of years, a whole year in its middle."""
    first, last = row["period_start"].timetuple(), row["period_end"].timetuple()
    middle = (first.tm_yday + last.tm_yday - 1) / 2 / 366
    return float(first.tm_year + (middle - 0.5) * 0.86)


def _span_traces(frame: Frame, rows: Sequence[Row], axis: int, by_actor: bool, colours: Colours) -> list[Trace]:
    """A line with end stops for each figure whose period covers several years."""
    traces = []
    for row in rows:
        span = year_span(row)
        if not span or span[0] == span[1]:
            continue
        value = row["low"] if row["low"] is not None else row["high"]
        hover = make_mark(row, "#000000").hover
        colour = colours[find_owner(row, by_actor)]
        traces.append(
            {
                "type": "scatter",
                "x": [span[0] - 0.4, (span[0] + span[1]) / 2, span[1] + 0.4],
                "y": [value] * 3,
                "mode": "lines+markers",
                "line": {"color": colour, "width": 2.4 * frame.size.scale, "dash": STATUSES[row["status"]].dash},
                "marker": {"symbol": "line-ns-open", "size": [11, 0, 11], "color": colour, "line": {"width": 2}},
                "customdata": [row["id"]] * 3,
                "hovertext": [hover] * 3,
                "hoverinfo": "text",
                "showlegend": False,
                "cliponaxis": False,
                "xaxis": f"x{axis}",
                "yaxis": f"y{axis}",
            }
        )
    return traces


def _say_undated(plane: Plane) -> list[dict[str, Any]]:
    """Words in place of the bars of years, in a panel whose figures all lack one; none where no panel has a year."""
    count = plane.years.last - plane.years.first + 1
    if not count:
        return []
    size = TICK * plane.frame.size.scale
    domain = f"y{plane.number if plane.number > 1 else ''} domain"
    lines = break_lines("No figure with a year", count * plane.slot - 8, size)
    return [
        {
            "text": "<br>".join(lines),
            **anchored((plane.years.first + plane.years.last) / 2, 0.5, "center", "middle", f"x{plane.number}", domain),
            "align": "center",
            "name": "undated",
            "font": {"size": size, "color": plane.frame.theme.muted},
        }
    ]


def _heading(frame: Frame, name: str, domain: tuple[tuple[float, float], tuple[float, float]]) -> dict[str, Any]:
    return {
        "text": escape(name),
        **anchored(domain[0][0], domain[1][1], "left", "bottom"),
        "yshift": 3 * frame.size.scale,
        "name": "panel",
        "font": {"size": LABEL * frame.size.scale, "weight": SEMIBOLD, "color": frame.theme.ink},
    }
