"""The plane of a timeline: years across, values up, a panel a country."""

from __future__ import annotations

import math
from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics.charts.layout import Frame, Plot, anchored, escape
from metrics.charts.marks import POINT, REACH
from metrics.charts.selection import Row
from metrics.look import LINE, TICK, log_ticks, nice_ticks, say_number, text_width, tick_scale

UNDATED = "undated"
ABOVE_SHARES = 124.0  # end of an axis whose last tick is 100 percent: room for words, none for another tick
TICK_WORDS = 40  # pixels that the words of ticks take, before it is known which
LEAST_YEAR = 8  # pixels of a year whose ends are marked on the axis
MOST_HEAD_ROOM = 0.45
MOST_PANELS = 24  # on a page that scrolls
Domain = tuple[tuple[float, float], tuple[float, float]]


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
    def is_divided(self) -> bool:
        """Whether a line stands between the years and the figures without one."""
        return self.undated and self.last >= self.first

    @property
    def divider(self) -> float:
        """Where that line stands."""
        return self.last + 0.6

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


def find_stretch(row: Row) -> tuple[float, float] | None:
    """Where a figure's period begins and ends on the axis of years; None where it states none.

    A year reaches half a unit to either side of its number.

    >>> find_stretch({"period_start": date(2009, 10, 1), "period_end": date(2010, 12, 31)})
    (2009.2479452054795, 2010.5)
    """
    if year_span(row) is None:
        return None
    return _place_day(row["period_start"], 0), _place_day(row["period_end"], 1)


def _place_day(day: date, elapsed: int) -> float:
    gone = (day - date(day.year, 1, 1)).days + elapsed
    return day.year - 0.5 + gone / (366 if isleap(day.year) else 365)


def is_one_year(row: Row) -> bool:
    """Whether a figure is stated for one whole calendar year."""
    stretch = find_stretch(row)
    return stretch is not None and stretch[1] - stretch[0] == 1 and row["period_start"].year == row["period_end"].year


def head_room(frame: Frame, rows: Sequence[Row], panels: int) -> float:
    """Share of a panel that stays free above the largest figure: for its label and its arrow."""
    scale, least = frame.size.scale, 0.15 if panels == 1 else 0.24
    mark = POINT * (REACH if any(row["high"] is None for row in rows) else 0.5)
    height = make_grid(frame, panels, TICK_WORDS * scale, scale, 0.0).panel_height
    return max(least, min(MOST_HEAD_ROOM, ((mark + TICK * LINE) * scale + 4) / height))


def value_ends(
    frame: Frame, rows: Sequence[Row], unit: str | None, log: bool, room: float
) -> tuple[float, tuple[float, float]]:
    """Room for the tick words left of the axis, and the ends of the axis of values with `room` of it free above."""
    values = [value for row in rows for value in (row["low"], row["high"]) if value is not None]
    if log:
        positive = [value for value in values if value > 0] or [1.0]
        lowest = 10.0 ** math.floor(math.log10(min(positive)) - 0.001)  # a tick, so that the lowest line has its number
        highest = max(*positive, lowest * 10)  # values near one power of ten need another for a scale
        ends = (lowest, lowest * (highest / lowest) ** (1 / (1 - room)))
    else:
        top = (max(values, default=1.0) or 1.0) / (1 - room)
        step = nice_ticks(top)[1]
        ends = (0.0, math.ceil(top / step) * step)
        if unit == "percent" and max(values, default=0.0) <= 100 < ends[1]:
            ends = (0.0, min(top, ABOVE_SHARES))
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

    def domain(self, column: int, line: int) -> Domain:
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


def make_grid(frame: Frame, count: int, left: float, scale: float, ticks: float) -> Grid:
    """The grid of so many panels; `ticks` is the room for tick words left of each but the first."""
    width = frame.inner_width - left - 6 * scale
    columns = 1 if count == 1 else min(count, max(2, int(width / (190 * scale))))
    lines = math.ceil(count / columns)
    columns = math.ceil(count / lines)
    above = (40 if count > 1 else 20) * scale
    room = frame.plot_height(above, TICK * 1.9 * scale)
    height = room if room is not None else (230 if lines == 1 else lines * 150) * scale
    return Grid(columns, lines, width, height, above, 22 * scale + ticks, 50 * scale)


def draw_axes(
    plot: Plot,
    frame: Frame,
    years: Years,
    number: int,
    domain: Domain,
    ends: tuple[float, float],
    unit: str | None,
    log: bool,
    grid: Grid,
    with_values: bool,
) -> None:
    scale, theme = frame.size.scale, frame.theme
    font = {"size": TICK * scale, "color": theme.muted}
    places, words = _year_ticks(years, grid.panel_width, TICK * scale)
    suffix = "" if number == 1 else str(number)
    plot.layout[f"xaxis{suffix}"] = {
        **{"range": list(years.ends), "domain": list(domain[0]), "anchor": f"y{number}", "tickfont": font},
        **{"tickvals": places, "ticktext": words, "ticks": "", "showgrid": False, "zeroline": False},
        **{"showline": True, "linecolor": theme.muted, "linewidth": 1, "fixedrange": True, "tickangle": 0},
        "minor": {
            "tickvals": _year_ends(years, grid.panel_width),
            "ticks": "outside",
            "ticklen": 3 * scale,
            "tickcolor": theme.muted,
        },
    }
    divisor, title = tick_scale(ends[1], unit)
    divisor = 1.0 if log else divisor
    ticks = _fitting_ticks(ends, log, grid.panel_height / (TICK * LINE * scale))
    plot.layout[f"yaxis{suffix}"] = {
        **{"range": [math.log10(end) for end in ends] if log else list(ends), "type": "log" if log else "linear"},
        **{"domain": list(domain[1]), "anchor": f"x{number}", "tickfont": font, "tickvals": ticks, "ticks": ""},
        **{"ticktext": [say_number(tick / divisor) for tick in ticks], "showticklabels": with_values},
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
    if years.is_divided:
        plot.shapes.append(
            {
                "type": "line",
                **{"xref": f"x{number}", "yref": f"y{number if number > 1 else ''} domain", "y0": 0, "y1": 1},
                **{"x0": years.divider, "x1": years.divider, "layer": "below"},
                "line": {"color": theme.muted, "width": 1, "dash": "dot"},
            }
        )


def _year_ends(years: Years, width: float) -> list[float]:
    """Where one year ends and the next begins, as far as that can be told apart."""
    if width / years.slots < LEAST_YEAR:
        return []
    return [year - 0.5 for year in range(years.first, years.last + 2)]


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
