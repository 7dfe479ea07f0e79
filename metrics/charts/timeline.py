"""Standing bars by year, split by status and installer, a panel a country; points where a year holds many figures."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from metrics.charts.key import find_entries
from metrics.charts.ladders import make_mark
from metrics.charts.layout import Frame, Plot, anchored, escape
from metrics.charts.marks import Mark, Trace, bar_traces, point_traces
from metrics.charts.selection import Row
from metrics.charts.spec import ChartSpec
from metrics.charts.words import say_name
from metrics.look import (
    LABEL,
    LINE,
    SEMIBOLD,
    STATUSES,
    TICK,
    colour_of,
    log_ticks,
    nice_ticks,
    say_number,
    say_value,
    text_width,
    tick_scale,
)

MOST_SIDE_BY_SIDE = 5  # bars a year in one panel; more are drawn as points
BROADEST = 72  # pixels of one bar
MOST_PANELS = 24  # on a page that scrolls
UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Years:
    """The axis of years: first and last, and the place of figures without a year, if there are any."""

    first: int
    last: int
    undated: bool
    undated_share: float = 0.0

    @property
    def slots(self) -> float:
        """Breadth of the axis in years."""
        return self.last - self.first + 1 + self.undated_breadth

    @property
    def undated_breadth(self) -> float:
        """Breadth of the place for figures without a year."""
        count = self.last - self.first + 1
        return max(1.5, count * self.undated_share / (1 - self.undated_share)) if self.undated else 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """Range of the axis."""
        return self.first - 0.5, self.first - 0.5 + self.slots

    @property
    def undated_at(self) -> float:
        """Where figures without a year stand."""
        return self.last + 0.5 + self.undated_breadth / 2 + 0.1


def year_span(row: Row) -> tuple[int, int] | None:
    """First and last year of a figure's period; None where it states none."""
    if row["period_start"] is None or row["period_end"] is None:
        return None
    return row["period_start"].year, row["period_end"].year


def read_years(rows: Sequence[Row]) -> Years:
    """The years that the figures cover, gaps included."""
    spans = [span for row in rows if (span := year_span(row))]
    undated = len(spans) < len(rows)
    if not spans:
        return Years(0, -1, True)
    return Years(min(first for first, _ in spans), max(last for _, last in spans), undated)


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
    panels = [[row for row in rows if len(names) == 1 or row["country"] == name] for name in names]
    points = log or any(len(slot) > MOST_SIDE_BY_SIDE for own in panels for slot in _slots(own, years).values())
    unit = rows[0]["unit"]
    left, ends = _value_ends(frame, rows, unit, log, len(names) == 1)
    grid = _grid(frame, names, left, scale)
    if years.undated:
        years = replace(years, undated_share=min(0.4, (text_width(UNDATED, TICK * scale) + 10) / grid.panel_width))
    plot = Plot(left=left, right=6 * scale, above=grid.above, below=TICK * 1.9 * scale, height=grid.height)
    marks: list[Mark] = []
    widest = BROADEST * scale * years.slots / grid.panel_width
    for number, own in enumerate(panels, 1):
        column, line = (number - 1) % grid.columns, (number - 1) // grid.columns
        domain = grid.domain(column, line)
        _draw_axes(plot, frame, years, number, domain, ends, unit, log, grid, first_column=column == 0)
        placed = _place_marks(own, years, number, by_actor, points, widest)
        plot.annotations += _labels(frame, placed, own, years, number, domain, ends, points, grid)
        plot.traces += _span_traces(frame, own, number, by_actor)
        plot.annotations += _span_labels(frame, own, number, log)
        if len(names) > 1:
            plot.annotations.append(_heading(frame, say_name(names[number - 1]), domain))
        marks += placed
        plot.drawn += own
    size = 8.5 * scale
    top = ends[1]
    plot.traces += (
        point_traces(marks, frame.theme, False, size) if points else bar_traces(marks, frame.theme, top, False)
    )
    everything = [*marks, *(make_mark(row, "#000000") for row in rows if _is_long(row))]
    plot.key = find_entries(everything, frame.theme, points, _colours(rows, by_actor, len(names) > 1))
    return plot


def _is_long(row: Row) -> bool:
    span = year_span(row)
    return span is not None and span[0] != span[1]


def _slots(rows: Sequence[Row], years: Years) -> dict[float, list[Row]]:
    """Figures of one year (or none), by their place on the axis; periods over several years are drawn as lines."""
    slots: dict[float, list[Row]] = defaultdict(list)
    for row in rows:
        if not _is_long(row):
            span = year_span(row)
            slots[float(span[0]) if span else years.undated_at].append(row)
    return slots


def _owner(row: Row, by_actor: bool) -> str | None:
    return (row["actor"] or "").split(",")[0] or None if by_actor else row["country"]


def _colours(rows: Sequence[Row], by_actor: bool, split: bool) -> dict[str, str]:
    owners = list(dict.fromkeys(_owner(row, by_actor) for row in rows))
    if split or (len(owners) == 1 and not by_actor):
        return {}
    named = [owner for owner in owners if owner][:8]
    shown = {say_name(owner): colour_of(owner) for owner in named}
    return {**shown, "not named": colour_of(None)} if None in owners else shown


def _place_marks(
    rows: Sequence[Row], years: Years, axis: int, by_actor: bool, points: bool, widest: float
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
            mark = make_mark(row, colour_of(_owner(row, by_actor)), rivals.count(row["conflict_group"]) > 1)
            beside = at + (number - (len(slot) - 1) / 2) * breadth
            middle = _day_in_year(row) if points and row["period_start"] else beside
            placed.append(replace(mark, at=middle, thickness=breadth * 0.92, axis=axis))
    return placed


def _day_in_year(row: Row) -> float:
    """Where the middle of a figure's period stands on the axis of years, a whole year in its middle."""
    first, last = row["period_start"].timetuple(), row["period_end"].timetuple()
    middle = (first.tm_yday + last.tm_yday - 1) / 2 / 366
    return float(first.tm_year + (middle - 0.5) * 0.86)


def _span_traces(frame: Frame, rows: Sequence[Row], axis: int, by_actor: bool) -> list[Trace]:
    """A line with end stops for each figure whose period covers several years."""
    traces = []
    for row in rows:
        span = year_span(row)
        if not span or span[0] == span[1]:
            continue
        value = row["low"] if row["low"] is not None else row["high"]
        hover = make_mark(row, "#000000").hover
        colour = colour_of(_owner(row, by_actor))
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


def _span_labels(frame: Frame, rows: Sequence[Row], axis: int, log: bool) -> list[dict[str, Any]]:
    labels = []
    for row in rows:
        span = year_span(row)
        value = row["low"] if row["low"] is not None else row["high"]
        if span and _is_long(row) and not (log and value <= 0):
            place = (sum(span) / 2, math.log10(value) if log else value)
            labels.append(
                {
                    "text": escape(short_value(row)),
                    **anchored(*place, "center", "bottom", f"x{axis}", f"y{axis}"),
                    "yshift": 4 * frame.size.scale,
                    "name": "value",
                    "font": {"size": TICK * frame.size.scale, "color": frame.theme.ink},
                }
            )
    return labels


def _value_ends(
    frame: Frame, rows: Sequence[Row], unit: str | None, log: bool, single: bool
) -> tuple[float, tuple[float, float]]:
    """Room for the tick words left of the axis, and the ends of the axis of values."""
    values = [value for row in rows for value in (row["low"], row["high"]) if value is not None]
    if log:
        positive = [value for value in values if value > 0] or [1.0]
        ends = (min(positive) * 0.6, max(positive) * 2.5)
    else:
        top = (max(values, default=1.0) or 1.0) * (1.18 if single else 1.32)
        step = nice_ticks(top)[1]
        ends = (0.0, math.ceil(top / step) * step)
    divisor = 1.0 if log else tick_scale(ends[1], unit)[0]
    ticks = log_ticks(*ends) if log else nice_ticks(ends[1])
    size = TICK * frame.size.scale
    return max(text_width(say_number(tick / divisor), size) for tick in ticks) + 8 * frame.size.scale, ends


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the panels stand: how many in a row, and the plot area in pixels."""

    columns: int
    lines: int
    width: float
    height: float
    above: float
    gap_x: float
    gap_y: float

    def domain(self, column: int, line: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Shares of the plot area that one panel takes, across and up."""
        wide = (self.width - self.gap_x * (self.columns - 1)) / self.columns
        high = (self.height - self.gap_y * (self.lines - 1)) / self.lines
        x, y = column * (wide + self.gap_x), self.height - line * (high + self.gap_y)
        return (x / self.width, min(1.0, (x + wide) / self.width)), (
            max(0.0, (y - high) / self.height),
            y / self.height,
        )

    @property
    def panel_height(self) -> float:
        """Height of one panel in pixels."""
        return (self.height - self.gap_y * (self.lines - 1)) / self.lines

    @property
    def panel_width(self) -> float:
        """Width of one panel in pixels."""
        return (self.width - self.gap_x * (self.columns - 1)) / self.columns


def most_panels(frame: Frame) -> int:
    """How many panels the format holds without any becoming too low to read."""
    scale = frame.size.scale
    columns = max(2, int((frame.inner_width - 60 * scale) / (190 * scale)))
    room = frame.plot_height(40 * scale, TICK * 1.9 * scale)
    return MOST_PANELS if room is None else max(1, columns * max(1, int((room + 50 * scale) / (120 * scale))))


def _grid(frame: Frame, names: Sequence[str | None], left: float, scale: float) -> Grid:
    count = len(names)
    width = frame.inner_width - left - 6 * scale
    columns = 1 if count == 1 else min(count, max(2, int(width / (190 * scale))))
    lines = math.ceil(count / columns)
    columns = math.ceil(count / lines)
    above = (40 if count > 1 else 20) * scale
    room = frame.plot_height(above, TICK * 1.9 * scale)
    height = room if room is not None else (230 if lines == 1 else lines * 150) * scale
    return Grid(columns, lines, width, height, above, 22 * scale, 50 * scale)


def _draw_axes(
    plot: Plot,
    frame: Frame,
    years: Years,
    number: int,
    domain: tuple[tuple[float, float], tuple[float, float]],
    ends: tuple[float, float],
    unit: str | None,
    log: bool,
    grid: Grid,
    first_column: bool,
) -> None:
    scale, theme = frame.size.scale, frame.theme
    font = {"size": TICK * scale, "color": theme.muted}
    places, words = _year_ticks(years, grid.panel_width, TICK * scale)
    suffix = "" if number == 1 else str(number)
    plot.layout[f"xaxis{suffix}"] = {
        **{"range": list(years.ends), "domain": list(domain[0]), "anchor": f"y{number}", "tickfont": font},
        **{"tickvals": places, "ticktext": words, "ticks": "", "showgrid": False, "zeroline": False},
        **{"showline": True, "linecolor": theme.muted, "linewidth": 1, "fixedrange": True, "tickangle": 0},
    }
    divisor, title = tick_scale(ends[1], unit)
    divisor = 1.0 if log else divisor
    ticks = _fitting_ticks(ends, log, grid.panel_height / (TICK * LINE * scale))
    plot.layout[f"yaxis{suffix}"] = {
        **{"range": [math.log10(end) for end in ends] if log else list(ends), "type": "log" if log else "linear"},
        **{"domain": list(domain[1]), "anchor": f"x{number}", "tickfont": font, "tickvals": ticks, "ticks": ""},
        **{"ticktext": [say_number(tick / divisor) for tick in ticks], "showticklabels": first_column},
        **{"gridcolor": theme.grid, "zeroline": False, "fixedrange": True},
    }
    if number == 1:
        words_above = {"size": TICK * scale, "color": theme.muted}
        raised = (22 if grid.lines * grid.columns > 1 else 4) * scale
        plot.annotations.append(
            {
                "text": escape(tick_scale(1, unit)[1] if log else title),
                **anchored(0, 1, "left", "bottom"),
                "xshift": -plot.left,
                "yshift": raised,
                "font": words_above,
                "name": "axis",
            }
        )
    if years.undated and years.last >= years.first:
        plot.shapes.append(
            {
                "type": "line",
                **{"xref": f"x{number}", "yref": f"y{number if number > 1 else ''} domain", "y0": 0, "y1": 1},
                **{"x0": years.last + 0.6, "x1": years.last + 0.6, "layer": "below"},
                "line": {"color": theme.muted, "width": 1, "dash": "dot"},
            }
        )


def _fitting_ticks(ends: tuple[float, float], log: bool, most: float) -> list[float]:
    """Tick values of a panel, no more than have room above each other."""
    if not log:
        return nice_ticks(ends[1], max(2, min(5, int(most / 1.6))))
    ticks = log_ticks(*ends)
    return ticks[:: max(1, math.ceil(len(ticks) / most))]


def _year_ticks(years: Years, width: float, size: float) -> tuple[list[float], list[str]]:
    """As many years as fit side by side, counted back from the last, and "no year"."""
    count = years.last - years.first + 1
    slot = width / years.slots
    need = text_width("2008", size) + 6
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if slot * step >= need or step >= max(count, 1))
    shown = [year for year in range(years.first, years.last + 1) if (years.last - year) % step == 0]
    places, words = [float(year) for year in shown], [str(year) for year in shown]
    if years.undated:
        room = (text_width(UNDATED, size) + text_width("2008", size)) / 2 + 6
        fitting = [place for place in places if (years.undated_at - place) * slot >= room]
        places, words = [*fitting, years.undated_at], [*words[: len(fitting)], UNDATED]
    return places, words


def _heading(frame: Frame, name: str, domain: tuple[tuple[float, float], tuple[float, float]]) -> dict[str, Any]:
    return {
        "text": escape(name),
        **anchored(domain[0][0], domain[1][1], "left", "bottom"),
        "yshift": 3 * frame.size.scale,
        "name": "panel",
        "font": {"size": LABEL * frame.size.scale, "weight": SEMIBOLD, "color": frame.theme.ink},
    }


def _labels(
    frame: Frame,
    marks: Sequence[Mark],
    rows: Sequence[Row],
    years: Years,
    number: int,
    domain: tuple[tuple[float, float], tuple[float, float]],
    ends: tuple[float, float],
    points: bool,
    grid: Grid,
) -> list[dict[str, Any]]:
    """Values above the bars, as far as they fit beside each other; points keep theirs for hover and table."""
    if points:
        return []
    size = TICK * frame.size.scale
    by_id = {row["id"]: row for row in rows}
    slot = grid.panel_width / years.slots
    words = {mark.id: short_value(by_id[mark.id]) for mark in marks}
    fits = all(text_width(words[mark.id], size) <= mark.thickness * slot * 1.15 + 4 for mark in marks)
    if not fits:
        return []
    return [
        {
            "text": escape(words[mark.id]),
            **anchored(mark.at, mark.end(ends[1]), "center", "bottom", f"x{number}", f"y{number}"),
            "yshift": 2,
            "name": "value",
            "font": {"size": size, "color": frame.theme.ink},
        }
        for mark in marks
    ]


def short_value(row: Row) -> str:
    """The value for a narrow bar, its bound as a sign."""
    said = say_value(row)
    for words, sign in (
        ("more than ", ">"),
        ("at least ", "\u2265"),
        ("less than ", "<"),
        ("at most ", "\u2264"),
        ("about ", "~"),
    ):
        said = said.replace(words, sign)
    said = said.replace(" million", "m").replace(" billion", "bn").replace(" to ", "\u2013")
    return f"{said}*" if row["derived"] else said
