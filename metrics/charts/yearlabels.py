"""Values written above the bars and lines of a timeline, as far as they have room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics.charts.layout import Frame, anchored, escape
from metrics.charts.marks import Mark
from metrics.charts.selection import Row
from metrics.charts.years import Grid, Years, is_long, year_span
from metrics.look import LINE, TICK, say_value, text_width

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Plane:
    """One panel as labels see it: where a year and a value stand in pixels from its lower left corner."""

    frame: Frame
    years: Years
    grid: Grid
    ends: tuple[float, float]
    log: bool
    number: int

    @property
    def slot(self) -> float:
        """Breadth of a year in pixels."""
        return self.grid.panel_width / self.years.slots

    def box(self, words: str, at: float, value: float, size: float, shift: float) -> Box:
        """Left, bottom, right and top of words centred above a value."""
        x = (at - self.years.ends[0]) * self.slot
        low, high = (math.log10(end) for end in self.ends) if self.log else self.ends
        y = ((math.log10(value) if self.log else value) - low) / (high - low) * self.grid.panel_height + shift
        half = text_width(words, size) / 2 + 2
        return x - half, y, x + half, y + size * LINE


def label_values(plane: Plane, marks: Sequence[Mark], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Labels of bars, if all of them fit, and of the lines of long periods that keep clear of every other label.

    Figures without a label keep theirs in hover and table.
    """
    scale = plane.frame.size.scale
    size = TICK * scale
    by_id = {row["id"]: row for row in rows}
    wanted = [(short_value(by_id[mark.id]), mark.at, mark.end(plane.ends[1]), 2.0) for mark in marks]
    breadths = [mark.thickness * plane.slot * 1.15 + 4 for mark in marks]
    if not all(text_width(words, size) <= breadth for (words, *_), breadth in zip(wanted, breadths, strict=True)):
        wanted = []
    labels: list[dict[str, Any]] = []
    boxes: list[Box] = []
    for words, at, value, shift in [*wanted, *_long_periods(plane, rows)]:
        box = plane.box(words, at, value, size, shift)
        if box[3] <= plane.grid.panel_height and not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            labels.append(_label(plane, words, (at, value), shift))
    return labels


def _long_periods(plane: Plane, rows: Sequence[Row]) -> list[tuple[str, float, float, float]]:
    found = []
    for row in rows:
        span = year_span(row)
        value = row["low"] if row["low"] is not None else row["high"]
        if span and is_long(row) and not (plane.log and value <= 0):
            found.append((short_value(row), sum(span) / 2, value, 4 * plane.frame.size.scale))
    return found


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _label(plane: Plane, words: str, place: tuple[float, float], shift: float) -> dict[str, Any]:
    at, value = place
    y = math.log10(value) if plane.log else value
    return {
        "text": escape(words),
        **anchored(at, y, "center", "bottom", f"x{plane.number}", f"y{plane.number}"),
        "yshift": shift,
        "name": "value",
        "font": {"size": TICK * plane.frame.size.scale, "color": plane.frame.theme.ink},
    }


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
