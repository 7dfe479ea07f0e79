"""Figures over time, a panel a country or a thing counted.

Bars stand for whole years; what is stated for another time is a point over a line from its first day to its last. Where
a year holds many figures, all are such points.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

from metrics.charts.key import find_entries
from metrics.charts.ladders import Colours, find_colours, find_owner, make_mark, name_colours
from metrics.charts.layout import Frame, Plot, anchored, escape
from metrics.charts.marks import POINT, Mark, bar_traces, point_traces
from metrics.charts.selection import Row
from metrics.charts.spec import ChartSpec
from metrics.charts.words import say_name
from metrics.charts.yearlabels import Plane, label_values
from metrics.charts.years import (
    UNDATED,
    Domain,
    Years,
    draw_axes,
    find_stretch,
    head_room,
    is_one_year,
    make_grid,
    read_years,
    value_ends,
    year_span,
)
from metrics.look import (
    LABEL,
    SANS,
    SEMIBOLD,
    STATUSES,
    TICK,
    break_lines,
    text_width,
)
from metrics.reconcile.likeness import content_words

MOST_SIDE_BY_SIDE = 5  # bars a year in one panel; more are drawn as points
BROADEST = 72  # pixels of one bar


def group_panels(rows: Sequence[Row], spec: ChartSpec) -> list[tuple[str, list[Row]]]:
    """The rows of each panel under its heading: countries as asked for, then most figures first; one panel has none."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(_panel_key(row, spec), []).append(row)
    if len(groups) < 2:
        return [("", list(rows))]
    asked = [country for country in spec.countries if country in groups]
    rest = sorted((key for key in groups if key not in asked), key=lambda key: (-len(groups[key]), str(key)))
    return [(_name_panel(groups[key], spec), groups[key]) for key in [*asked, *rest]]


def _panel_key(row: Row, spec: ChartSpec) -> Hashable:
    if spec.split == "thing":
        return " ".join(sorted(content_words(row["metric"], row["of"])))
    return None if spec.split == "none" else row["country"]


def _name_panel(rows: Sequence[Row], spec: ChartSpec) -> str:
    """The country, or the thing as most of the figures call it."""
    if spec.split != "thing":
        return say_name(rows[0]["country"])
    ((thing, _),) = Counter(row["of"] or "thing not stated" for row in rows).most_common(1)
    return str(thing[:1].upper() + thing[1:])


def draw_timeline(frame: Frame, rows: Sequence[Row], spec: ChartSpec) -> Plot:
    """The panels of a timeline: those of countries on one axis of values, those of different things each on its own."""
    years, groups = read_years(rows), group_panels(rows, spec)
    scale, log = frame.size.scale, spec.scale == "log"
    by_actor = len({row["country"] for row in rows}) == 1 and any(row["actor"] for row in rows)
    colours = find_colours(rows, by_actor)
    slots = [slot for _, own in groups for slot in _slots(own, years).values()]
    bare = not any(map(is_one_year, rows)) and any(map(find_stretch, rows))
    points = log or bare or any(len(slot) > MOST_SIDE_BY_SIDE for slot in slots)
    unit, apart = rows[0]["unit"], spec.split == "thing"
    room = head_room(frame, rows, len(groups))
    left, shared = value_ends(frame, rows, unit, log, room)
    grid = make_grid(frame, len(groups), left, scale, left if apart else 0.0)
    if years.undated:
        years = replace(years, undated_share=min(0.4, (text_width(UNDATED, TICK * scale) + 10) / grid.panel_width))
    plot = Plot(left=left, right=6 * scale, above=grid.above, below=TICK * 1.9 * scale, height=grid.height)
    bars: list[Mark] = []
    dots: list[Mark] = []
    widest = BROADEST * scale * years.slots / grid.panel_width
    for number, (name, own) in enumerate(groups, 1):
        column, line = (number - 1) % grid.columns, (number - 1) // grid.columns
        domain = grid.domain(column, line)
        ends = value_ends(frame, own, unit, log, room)[1] if apart else shared
        draw_axes(plot, frame, years, number, domain, ends, unit, log, grid, with_values=apart or column == 0)
        plane = Plane(frame, years, grid, ends, log, number)
        beside = _place_beside(own, years, number, by_actor, points, widest, colours)
        over = _place_over_time([row for row in own if points or not is_one_year(row)], number, by_actor, colours)
        standing, placed = ([], [*beside, *over]) if points else (beside, over)
        placed = plane.find_cramped(placed)
        plot.annotations += label_values(plane, standing, placed, own)
        plot.traces += bar_traces(standing, frame.theme, ends[1], False, POINT * scale)
        if years.undated and not any(year_span(row) for row in own):
            plot.annotations += _say_undated(plane)
        if name:
            plot.annotations.append(_heading(frame, name, domain, grid.panel_width))
        bars += standing
        dots += placed
        plot.drawn += own
    plot.traces += point_traces(dots, frame.theme, False, POINT * scale)
    told = (len(groups) > 1 and not apart) or (len(colours) == 1 and not by_actor)  # by the headings, or the headline
    owners = {} if told else name_colours(rows, by_actor, colours)
    plot.key = find_entries(bars, dots, frame.theme, "up", owners)
    return plot


def _slots(rows: Sequence[Row], years: Years) -> dict[float, list[Row]]:
    """Figures of one whole year (or of no time stated), by their place on the axis."""
    slots: dict[float, list[Row]] = defaultdict(list)
    for row in rows:
        span = year_span(row)
        if not span or is_one_year(row):
            slots[float(span[0]) if span else years.undated_at].append(row)
    return slots


def _place_beside(
    rows: Sequence[Row], years: Years, axis: int, by_actor: bool, points: bool, widest: float, colours: Colours
) -> list[Mark]:
    """The figures of whole years and of no time stated, beside each other; as points the latter alone."""
    order = list(STATUSES)
    placed = []
    for at, slot in sorted(_slots([row for row in rows if not (points and year_span(row))], years).items()):
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
            placed.append(replace(mark, at=beside, thickness=breadth * 0.92, axis=axis))
    return placed


def _place_over_time(rows: Sequence[Row], axis: int, by_actor: bool, colours: Colours) -> list[Mark]:
    """The figures with a time stated, each in its middle and as broad as it."""
    rivals = Counter(row["conflict_group"] for row in rows if row["conflict_group"])
    placed = []
    for row in rows:
        if stretch := find_stretch(row):
            first, last = stretch
            mark = make_mark(row, colours[find_owner(row, by_actor)], rivals[row["conflict_group"]] > 1)
            placed.append(replace(mark, at=(first + last) / 2, stretch=last - first, axis=axis))
    return placed


def _say_undated(plane: Plane) -> list[dict[str, Any]]:
    """Words in place of the bars of years, in a panel whose figures all lack one; none where no panel has a year."""
    count = plane.years.last - plane.years.first + 1
    if not count:
        return []
    size = TICK * plane.frame.size.scale
    low, high = map(math.log10, plane.ends) if plane.log else plane.ends
    place = ((plane.years.first + plane.years.last) / 2, (low + high) / 2)
    lines = break_lines("No figure with a year", count * plane.slot - 8, size)
    return [
        {
            "text": "<br>".join(lines),
            **anchored(*place, "center", "middle", f"x{plane.number}", f"y{plane.number}"),
            "align": "center",
            "name": "undated",
            "font": {"size": size, "color": plane.frame.theme.muted},
        }
    ]


def _heading(frame: Frame, name: str, domain: Domain, width: float) -> dict[str, Any]:
    (shown,) = break_lines(name, width, LABEL * frame.size.scale, SANS, SEMIBOLD, 1)
    return {
        "text": escape(shown),
        **anchored(domain[0][0], domain[1][1], "left", "bottom"),
        "yshift": 3 * frame.size.scale,
        "name": "panel",
        "font": {"size": LABEL * frame.size.scale, "weight": SEMIBOLD, "color": frame.theme.ink},
    }
