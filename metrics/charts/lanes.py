"""Lying bars, one figure a lane: the shared form of coverage, funding, rates and plain bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from metrics.charts.key import find_entries
from metrics.charts.layout import Frame, Plot, anchored, escape
from metrics.charts.marks import POINT, REACH, Mark, bar_traces, point_traces, stays
from metrics.look import (
    LABEL,
    LINE,
    REGULAR,
    SANS,
    SEMIBOLD,
    TICK,
    break_lines,
    log_ticks,
    nice_ticks,
    say_number,
    say_unit,
    text_width,
    tick_scale,
)

LABEL_SHARE = 0.36  # of the width, at most, for the words left of the bars
MOST_WORDS = 0.92  # share of the axis that the words beyond a bar may take
INDENT = 14
MOST_LINES = 3  # of one label, where the format has a height
SPARE, MOST_SPARE = 13, 48  # pixels of blank in a lane: where the format is open, and at most
RIGHT = 4  # pixels of blank right of the axis
BREADTH = 24  # pixels of a bar, at most
_SIDES = {1: "left", -1: "right"}  # the edge of words that stand beyond or before their point
DOT = 11  # pixels of a point on a log axis


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the chart: a heading (no mark), or a label with a mark and the whole it is part of (`track`).

    `track_rows` are the estimates of that whole, the one drawn first. `lead` stands before the label in bold, where one
    country has one lane only.
    """

    label: str
    mark: Mark | None = None
    said: str = ""
    track: Mark | None = None
    indent: int = 0
    lead: str = ""
    row: dict[str, Any] | None = None
    track_rows: tuple[dict[str, Any], ...] = ()

    @property
    def is_heading(self) -> bool:
        """Whether the lane only names what follows."""
        return self.mark is None and self.track is None

    @property
    def figure(self) -> dict[str, Any] | None:
        """The figure it stands for; a whole has a lane of its own where nothing is drawn over it."""
        return self.row or next(iter(self.track_rows), None)


@dataclass(frozen=True, slots=True)
class Panel:
    """Lanes that share a value axis: its unit ("vehicles per day"), and its heading if there are several."""

    lanes: tuple[Lane, ...]
    unit: str | None
    axis_title: str = ""
    heading: str = ""


def least_height(frame: Frame, panels: Sequence[Panel]) -> float:
    """Height under which the words of the lanes would touch."""
    left = _label_width(frame, panels)
    lanes = sum(_least_lane(frame, lane, left) for panel in panels for lane in panel.lanes)
    return lanes + _gap(frame) * (len(panels) - 1) + _below(frame) + _above(frame, panels)


def _least_lane(frame: Frame, lane: Lane, left: float) -> float:
    lines = max(len(_label_lines(frame, lane, left)), len(_said_lines(frame, lane, left)))
    return (lines * LABEL * LINE + 2) * frame.size.scale


def _below(frame: Frame) -> float:
    return TICK * 3.1 * frame.size.scale


def _gap(frame: Frame) -> float:
    return _below(frame) + 26 * frame.size.scale


def _above(frame: Frame, panels: Sequence[Panel]) -> float:
    return (TICK * 1.8 if panels[0].heading else 4) * frame.size.scale


def _label_lines(frame: Frame, lane: Lane, left: float) -> list[str]:
    weight = SEMIBOLD if lane.is_heading or lane.lead else REGULAR
    room = (frame.inner_width if lane.is_heading else left - 10 * frame.size.scale) - lane.indent * INDENT
    words = f"{lane.lead} \u00b7 {lane.label}" if lane.lead else lane.label
    return break_lines(words, room, LABEL * frame.size.scale, SANS, weight, frame.size.most_lines(MOST_LINES))


def draw_lanes(frame: Frame, panels: Sequence[Panel], log: bool, owners: dict[str, str]) -> Plot:
    """The lanes of all panels, one under the other, with labels at the left edge and values at the bars' ends.

    `owners` are the colours that the key explains, by name: those that no heading tells.
    """
    left, below, above, gap = _label_width(frame, panels), _below(frame), _above(frame, panels), _gap(frame)
    needs = [[_least_lane(frame, lane, left) for lane in panel.lanes] for panel in panels]
    spare = _spare(frame, sum(map(sum, needs)) + gap * (len(panels) - 1), sum(map(len, needs)), above, below)
    heights = [[need + spare for need in own] for own in needs]
    used = sum(map(sum, heights)) + gap * (len(panels) - 1)
    height = max(used, frame.plot_height(above, below) or 0.0)
    plot = Plot(left=left, right=RIGHT * frame.size.scale, above=above, below=below, height=height)
    top = height
    for number, (panel, own) in enumerate(zip(panels, heights, strict=True), 1):
        bottom = top - sum(own)
        _draw_panel(plot, frame, panel, number, own, (max(0.0, bottom / height), top / height), log)
        top = bottom - gap
    marks = [lane.mark or lane.track for panel in panels for lane in panel.lanes if not lane.is_heading]
    drawn = [mark for mark in marks if mark]
    plot.key = find_entries([] if log else drawn, drawn if log else [], frame.theme, "across", owners)
    return plot


def _spare(frame: Frame, needed: float, count: int, above: float, below: float) -> float:
    """Blank added to each lane: what the format has left, but no more than looks well."""
    room = frame.plot_height(above, below)
    if room is None:
        return SPARE * frame.size.scale
    return max(0.0, min((room - needed) / max(count, 1), MOST_SPARE * frame.size.scale))


def _label_width(frame: Frame, panels: Sequence[Panel]) -> float:
    size = LABEL * frame.size.scale
    widest = max(
        (
            text_width(f"{lane.lead} \u00b7 {lane.label}", size, SANS, SEMIBOLD if lane.lead else REGULAR)
            + lane.indent * INDENT
            for panel in panels
            for lane in panel.lanes
            if not lane.is_heading
        ),
        default=0.0,
    )
    return min(widest + 4, frame.inner_width * LABEL_SHARE) + 10 * frame.size.scale


def _draw_panel(
    plot: Plot,
    frame: Frame,
    panel: Panel,
    number: int,
    heights: Sequence[float],
    domain: tuple[float, float],
    log: bool,
) -> None:
    starts = [sum(heights[:at]) for at in range(len(heights) + 1)]
    lanes = [
        _place(lane, start + height / 2, min(height * 0.66, BREADTH * frame.size.scale), number)
        for lane, start, height in zip(panel.lanes, starts, heights, strict=False)
    ]
    tracks, marks = [lane.track for lane in lanes if lane.track], [lane.mark for lane in lanes if lane.mark]
    axis_left, top = _value_range(frame, plot, lanes, log)
    if log:
        room = _find_cramped(frame, plot, [*tracks, *marks], (axis_left, top))
        plot.traces += point_traces(room, frame.theme, across=True, size=DOT * frame.size.scale)
    else:
        line, size = 1.3 * frame.size.scale, POINT * frame.size.scale
        plot.traces += bar_traces(tracks, frame.theme, top, True, size, line, stays(frame.theme))
        plot.traces += bar_traces(marks, frame.theme, top, True, size, line)
    plot.layout[_axis_name("x", number)] = _value_axis(
        frame, panel, number, (axis_left, top), _last_tick(lanes), log, _plot_width(frame, plot.left)
    )
    plot.annotations.append(_axis_title(frame, panel, domain[0], top, log))
    plot.layout[_axis_name("y", number)] = {
        "range": [starts[-1], 0],
        "domain": list(domain),
        "anchor": f"x{number}",
        "showgrid": False,
        "zeroline": False,
        "showticklabels": False,
        "ticks": "",
        "fixedrange": True,
    }
    for lane, start, height in zip(lanes, starts, heights, strict=False):
        plot.annotations += _lane_words(frame, plot, lane, start + height / 2, number, (axis_left, top), log)
        plot.drawn += [row for row in (lane.row, *lane.track_rows) if row]
    if panel.heading:
        plot.annotations.append(
            {
                "text": escape(panel.heading),
                **anchored(0, domain[1], "left", "bottom"),
                "xshift": -plot.left,
                "yshift": 3 * frame.size.scale,
                "font": {"size": LABEL * frame.size.scale, "weight": SEMIBOLD, "color": frame.theme.ink},
            }
        )


def _find_cramped(frame: Frame, plot: Plot, marks: Sequence[Mark], ends: tuple[float, float]) -> list[Mark]:
    """The marks on a log axis, each knowing whether an arrow before it would lie on the labels of the lanes."""
    bottom, top = map(math.log10, ends)
    least = bottom + (top - bottom) * REACH * DOT * frame.size.scale / _plot_width(frame, plot.left)
    return [replace(mark, cramped=mark.figure < 10**least) for mark in marks]


def _axis_name(letter: str, number: int) -> str:
    return f"{letter}axis" if number == 1 else f"{letter}axis{number}"


def _place(lane: Lane, at: float, thickness: float, axis: int) -> Lane:
    placed = {
        name: replace(mark, at=at, thickness=thickness, axis=axis)
        for name, mark in (("mark", lane.mark), ("track", lane.track))
        if mark
    }
    return replace(lane, **placed)  # type: ignore[arg-type]


def _plot_width(frame: Frame, left: float) -> float:
    return max(80.0, frame.inner_width - left - RIGHT * frame.size.scale)


def _said_lines(frame: Frame, lane: Lane, left: float) -> list[str]:
    """The words beyond a bar, in lines where one would not fit beside even the shortest bar."""
    scale = frame.size.scale
    room = MOST_WORDS * _plot_width(frame, left) - (REACH * DOT + 10) * scale
    return break_lines(lane.said, room, LABEL * scale)


def _value_range(frame: Frame, plot: Plot, lanes: Sequence[Lane], log: bool) -> tuple[float, float]:
    """Ends of the value axis: the longest bar, its arrow and its words just fit."""
    drawn = [lane for lane in lanes if not lane.is_heading]
    if log:
        return _log_range(frame, plot, drawn)
    width = _plot_width(frame, plot.left)
    shares = [min(MOST_WORDS, _words_reach(frame, plot.left, lane, log, 1) / width) for lane in drawn]
    tops = [_fitting_top(mark, share) for lane, share in zip(drawn, shares, strict=True) for mark in _marks(lane)]
    return 0.0, max(tops, default=1.0) or 1.0


def _log_range(frame: Frame, plot: Plot, lanes: Sequence[Lane]) -> tuple[float, float]:
    """Ends of a log axis, no farther apart than it takes for the words of each point to fit on one of its sides."""
    width = _plot_width(frame, plot.left)
    points = [math.log10(value) for lane in lanes for value in _values(lane) if value > 0] or [0.0]
    bottom = math.floor(min(points) - 0.001)

    def reach(lane: Lane, pixels: float) -> float:
        return bottom + (_log_end(lane, bottom) - bottom) / max(1 - MOST_WORDS, 1 - pixels / width)

    least = max([bottom + 1, *(reach(lane, REACH * DOT * frame.size.scale) for lane in lanes)])
    tops = sorted([least, *(reach(lane, _words_reach(frame, plot.left, lane, True, 1)) for lane in lanes)])
    ends = [(10.0**bottom, 10.0**top) for top in tops if top >= least]
    return next((one for one in ends if all(_words_side(frame, plot, lane, one) for lane in lanes)), ends[-1])


def _words_side(frame: Frame, plot: Plot, lane: Lane, ends: tuple[float, float]) -> int:
    """Where the words of points on a log axis have room: 1 beyond the points, -1 before them, 0 on neither side."""
    bottom, top = map(math.log10, ends)
    width = _plot_width(frame, plot.left)
    first, last = ((at - bottom) / (top - bottom) * width for at in (_log_start(lane, bottom), _log_end(lane, bottom)))
    if last + _words_reach(frame, plot.left, lane, True, 1) <= width + 0.5:
        return 1
    return -1 if _words_reach(frame, plot.left, lane, True, -1) <= first else 0


def _words_reach(frame: Frame, left: float, lane: Lane, log: bool, side: int) -> float:
    """Pixels from the end of a bar or point to the far end of its words and a little blank."""
    scale = frame.size.scale
    broad = max((text_width(line, LABEL * scale) for line in _said_lines(frame, lane, left)), default=0.0)
    return broad + (_shift(lane, log, side) + 4) * scale


def _shift(lane: Lane, log: bool, side: int) -> float:
    """Blank between the end of a bar or point (and its arrow) and the words on that side, in pixels at scale 1."""
    if not log:
        return REACH * POINT + 4 if any(mark.is_floor for mark in _marks(lane)) else 6
    arrow = any(mark.arrow_side == side or mark.is_ceiling for mark in _marks(lane))
    return REACH * DOT + 6 if arrow else 14


def _last_tick(lanes: Sequence[Lane]) -> float:
    """How far ticks go: no further than the figures, so that grid lines keep clear of the words beyond them."""
    return max((value for lane in lanes for value in _values(lane)), default=1.0) * 1.02


def _fitting_top(mark: Mark, share: float) -> float:
    return mark.figure / max(1 - MOST_WORDS, 1 - share)


def _marks(lane: Lane) -> list[Mark]:
    return [mark for mark in (lane.mark, lane.track) if mark]


def _values(lane: Lane) -> list[float]:
    return [value for mark in _marks(lane) for value in (mark.low, mark.high) if value is not None]


def _log_end(lane: Lane, bottom: float) -> float:
    return math.log10(max([*(value for value in _values(lane) if value > 0), 10.0**bottom]))


def _log_start(lane: Lane, bottom: float) -> float:
    return math.log10(max(min(_values(lane), default=0.0), 10.0**bottom))


def _value_axis(
    frame: Frame, panel: Panel, number: int, ends: tuple[float, float], last: float, log: bool, width: float
) -> dict[str, Any]:
    scale, theme = frame.size.scale, frame.theme
    divisor = 1.0 if log else tick_scale(ends[1], panel.unit)[0]
    ticks = log_ticks(ends[0], last) if log else nice_ticks(last)
    ticks = _thin_out(ticks, ends, log, divisor, width / (TICK * scale))
    return {
        "range": [math.log10(end) for end in ends] if log else list(ends),
        "type": "log" if log else "linear",
        "anchor": f"y{number}",
        "tickvals": ticks,
        "ticktext": [say_number(tick / divisor) for tick in ticks],
        "tickangle": 0,
        "tickfont": {"size": TICK * scale, "color": theme.muted},
        "ticks": "",
        "showline": False,
        "gridcolor": theme.grid,
        "zeroline": not log,
        "zerolinecolor": theme.muted,
        "zerolinewidth": 1,
        "fixedrange": True,
    }


def _axis_title(frame: Frame, panel: Panel, bottom: float, top: float, log: bool) -> dict[str, Any]:
    """What the axis counts, under its start: in its middle it would stand under the words beyond the bars."""
    title = say_unit(panel.unit) if log else tick_scale(top, panel.unit)[1]
    if panel.axis_title:
        scale = "" if log else tick_scale(top, None)[1].strip()
        title = f"{panel.axis_title} ({scale})" if scale else panel.axis_title
    return {
        "text": escape(title),
        **anchored(0, bottom, "left", "top"),
        "yshift": -TICK * 1.5 * frame.size.scale,
        "name": "axis",
        "font": {"size": TICK * frame.size.scale, "color": frame.theme.muted},
    }


def _thin_out(
    ticks: Sequence[float], ends: tuple[float, float], log: bool, divisor: float, width: float
) -> list[float]:
    """Every tick, or every second, third ... so that their words stand apart; `width` of the axis in type sizes."""
    low, high = (math.log10(end) for end in ends) if log else ends
    places = [((math.log10(tick) if log else tick) - low) / (high - low) * width for tick in ticks]
    words = [text_width(say_number(tick / divisor), 1.0) + 0.8 for tick in ticks]
    for step in range(1, len(ticks) + 1):
        shown = range(0, len(ticks), step)
        apart = [places[b] - places[a] - (words[a] + words[b]) / 2 for a, b in pairwise(shown)]
        if all(gap >= 0 for gap in apart):
            return [ticks[at] for at in shown]
    return list(ticks[:1])


def _lane_words(
    frame: Frame, plot: Plot, lane: Lane, at: float, number: int, ends: tuple[float, float], log: bool
) -> list[dict[str, Any]]:
    """The lane's label at the left edge, and its value beyond the bar's end."""
    size, theme = LABEL * frame.size.scale, frame.theme
    weight = SEMIBOLD if lane.is_heading else REGULAR
    lines = _label_lines(frame, lane, plot.left)
    label = "<br>".join(escape(line) for line in lines)
    lead = escape(lane.lead)
    if lead and label.startswith(lead):
        label = f"<b>{lead}</b>{label[len(lead) :]}"
    words = [
        {
            "text": label,
            **anchored(0, at, "left", "middle", yref=f"y{number}"),
            "xshift": lane.indent * INDENT - plot.left,
            "name": "label",
            "font": {"size": size, "weight": weight, "color": theme.ink},
        }
    ]
    if lane.said:
        side = (_words_side(frame, plot, lane, ends) if log else 1) or 1
        words.append(
            {
                "text": "<br>".join(map(escape, _said_lines(frame, lane, plot.left))),
                **anchored(_words_start(lane, ends, log, side), at, _SIDES[side], "middle", f"x{number}", f"y{number}"),
                "xshift": side * _shift(lane, log, side) * frame.size.scale,
                "name": "value",
                "bgcolor": theme.paper,
                "font": {"size": size, "color": theme.ink},
            }
        )
    return words


def _words_start(lane: Lane, ends: tuple[float, float], log: bool, side: int) -> float:
    """Where on the axis the words begin to keep off, as annotations place it: on a log axis the exponent."""
    if not log:
        return max(mark.figure for mark in _marks(lane))
    return (_log_end if side > 0 else _log_start)(lane, math.log10(ends[0]))
