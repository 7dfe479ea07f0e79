"""Values written above the bars and lines of a timeline, as far as they have room."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from metrics.charts.layout import Frame, anchored, escape
from metrics.charts.marks import POINT, Mark
from metrics.charts.selection import Row
from metrics.charts.years import Grid, Years
from metrics.look import LINE, TICK, say_value, text_width

MOST_LABELS = 60  # that are tried in a panel
OWN_SHARE = 0.85  # of a bar's breadth that no label of another covers
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
    """Words to stand so many pixels above a value, under it where there are fewer than none; they say `figure`."""

    words: str
    at: float
    value: float
    shift: float
    figure: float


def label_values(
    plane: Plane, marks: Sequence[Mark], lines: Sequence[Mark], rows: Sequence[Row], points: bool
) -> list[dict[str, Any]]:
    """Labels of bars or points and of the lines of long periods, the largest first, as many as keep clear.

    The largest figure of a panel always has one. Others without a label keep theirs in hover and table.
    """
    shown = {row["id"]: short_value(row) for row in rows}
    own = [_beside_point(plane, mark, shown) if points else _above_bar(plane, mark, shown) for mark in marks]
    spanning = [_beside_point(plane, mark, shown) for mark in lines]
    ordered = sorted([*own, *spanning], key=lambda label: -label.figure)[:MOST_LABELS]
    kept = ordered[:1]
    taken = [*map(plane.box, kept), *(_point_box(plane, mark) if points else _bar_box(plane, mark) for mark in marks)]
    for label in ordered[1:]:
        box = plane.box(label)
        if box[3] <= plane.grid.panel_height and not any(_overlap(box, one) for one in taken):
            kept.append(label)
            taken.append(box)
    return [_annotate(plane, label) for label in kept]


def _above_bar(plane: Plane, mark: Mark, shown: Mapping[str, str]) -> Label:
    return Label(shown[mark.id], mark.at, mark.end(plane.ends[1]), 2.0, mark.figure)


def _beside_point(plane: Plane, mark: Mark, shown: Mapping[str, str]) -> Label:
    """The label of a point or line, under it where the panel ends above it."""
    arrow = POINT * 1.5 if mark.is_floor or mark.is_ceiling else 0.0
    label = Label(shown[mark.id], mark.at, mark.figure, (POINT / 2 + arrow) * plane.frame.size.scale + 2, mark.figure)
    if plane.box(label)[3] <= plane.grid.panel_height:
        return label
    return replace(label, shift=-(POINT / 2 * plane.frame.size.scale + 2 + plane.type_size * LINE))


def _bar_box(plane: Plane, mark: Mark) -> Box:
    """The room of a bar, a little narrower than it is: the label of the bar beside it may reach so far."""
    x, y = plane.place(mark.at, mark.end(plane.ends[1]))
    half = mark.thickness * plane.slot * OWN_SHARE / 2
    return x - half, 0.0, x + half, y


def _point_box(plane: Plane, mark: Mark) -> Box:
    half = POINT / 2 * plane.frame.size.scale
    x, y = plane.place(mark.at, mark.figure)
    return x - half, y - half, x + half, y + half


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
