"""Values written above the bars and lines of a timeline, as far as they have room."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from metrics.charts.layout import Frame, anchored, escape
from metrics.charts.marks import POINT, Mark
from metrics.charts.selection import Row
from metrics.charts.years import Grid, Years
from metrics.look import LINE, TICK, say_value, text_width

MOST_LABELS = 60  # of points in a panel
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

    @property
    def type_size(self) -> float:
        """Size of the type of labels."""
        return TICK * self.frame.size.scale

    def place(self, at: float, value: float) -> tuple[float, float]:
        """Pixels from the lower left corner."""
        low, high = (math.log10(end) for end in self.ends) if self.log else self.ends
        share = ((math.log10(value) if self.log else value) - low) / (high - low)
        return (at - self.years.ends[0]) * self.slot, share * self.grid.panel_height

    def half_width(self, label: Label) -> float:
        """Half the breadth of a label with a little blank."""
        return text_width(label.words, self.type_size) / 2 + 2

    def box(self, label: Label) -> Box:
        """Left, bottom, right and top of words centred above a value, or as near to it as the panel is broad."""
        x, y = self.place(label.at, label.value)
        half = self.half_width(label)
        x = max(half, min(x, self.grid.panel_width - half))
        return x - half, y + label.shift, x + half, y + label.shift + self.type_size * LINE


@dataclass(frozen=True, slots=True)
class Label:
    """Words to stand so many pixels above a value, under it where there are fewer than none."""

    words: str
    at: float
    value: float
    shift: float


def label_values(
    plane: Plane, marks: Sequence[Mark], lines: Sequence[Mark], rows: Sequence[Row], points: bool
) -> list[dict[str, Any]]:
    """Labels of bars or points, if all of them fit, and of the lines of long periods that keep clear of every other.

    The largest figure of a panel always has one. Others without a label keep theirs in hover and table.
    """
    shown = {row["id"]: short_value(row) for row in rows}
    own = [_beside_point(plane, mark, shown) if points else _above_bar(plane, mark, shown) for mark in marks]
    spanning = [_beside_point(plane, mark, shown) for mark in lines]
    if not own and not spanning:
        return []
    largest = max([*own, *spanning], key=lambda label: label.value)
    fitting = _all_clear(plane, own, marks) if points else _all_narrow(plane, own, marks)
    kept, boxes = [largest], [plane.box(largest)]
    for label in [*(own if fitting else ()), *spanning]:
        box = plane.box(label)
        if label is not largest and box[3] <= plane.grid.panel_height and not any(_overlap(box, one) for one in boxes):
            kept.append(label)
            boxes.append(box)
    return [_annotate(plane, label) for label in kept]


def _above_bar(plane: Plane, mark: Mark, shown: Mapping[str, str]) -> Label:
    return Label(shown[mark.id], mark.at, mark.end(plane.ends[1]), 2.0)


def _beside_point(plane: Plane, mark: Mark, shown: Mapping[str, str]) -> Label:
    """The label of a point or line, under it where the panel ends above it."""
    arrow = POINT * 1.5 if mark.is_floor or mark.is_ceiling else 0.0
    label = Label(shown[mark.id], mark.at, mark.figure, (POINT / 2 + arrow) * plane.frame.size.scale + 2)
    if plane.box(label)[3] <= plane.grid.panel_height:
        return label
    return replace(label, shift=-(POINT / 2 * plane.frame.size.scale + 2 + plane.type_size * LINE))


def _all_narrow(plane: Plane, labels: Sequence[Label], marks: Sequence[Mark]) -> bool:
    """Whether no label is much broader than its bar."""
    breadths = [mark.thickness * plane.slot * 1.15 + 4 for mark in marks]
    return all(
        text_width(label.words, plane.type_size) <= breadth for label, breadth in zip(labels, breadths, strict=True)
    )


def _all_clear(plane: Plane, labels: Sequence[Label], marks: Sequence[Mark]) -> bool:
    """Whether the labels of points stand apart from each other and from every point."""
    if len(labels) > MOST_LABELS:
        return False
    half = POINT / 2 * plane.frame.size.scale
    middles = [plane.place(mark.at, mark.figure) for mark in marks]
    boxes = [*map(plane.box, labels), *((x - half, y - half, x + half, y + half) for x, y in middles)]
    return not any(_overlap(one, other) for one, other in combinations(boxes, 2))


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _annotate(plane: Plane, label: Label) -> dict[str, Any]:
    y = math.log10(label.value) if plane.log else label.value
    (left, *_), (x, _) = plane.box(label), plane.place(label.at, label.value)
    return {
        "text": escape(label.words),
        **anchored(label.at, y, "center", "bottom", f"x{plane.number}", f"y{plane.number}"),
        "xshift": left + plane.half_width(label) - x,
        "yshift": label.shift,
        "name": "value",
        "font": {"size": plane.type_size, "color": plane.frame.theme.ink},
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
