"""Values written above the bars and lines of a timeline, as far as they have room."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from metrics.charts.layout import Frame, anchored, escape
from metrics.charts.marks import POINT, REACH, Mark
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

    def find_cramped(self, marks: Sequence[Mark]) -> list[Mark]:
        """The marks, each knowing whether an arrow under it would lie on the years of the axis."""
        reach = REACH * POINT * self.frame.size.scale
        return [replace(mark, cramped=self.place(mark.at, mark.figure)[1] < reach) for mark in marks]

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
    drawn = [box for mark in lines for box in _line_boxes(plane, mark)]
    drawn += [box for mark in marks for box in (_point_boxes(plane, mark) if points else [_bar_box(plane, mark)])]
    kept = [_raise(plane, label, drawn) for label in ordered[:1]]
    taken = [*map(plane.box, kept), *drawn]
    for label in ordered[1:]:
        box = plane.box(label)
        if box[3] <= plane.grid.panel_height and not any(_overlap(box, one) for one in taken):
            kept.append(label)
            taken.append(box)
    backing = {"bgcolor": plane.frame.theme.paper} if points else {}  # no grid line runs through the words
    return [{**_annotate(plane, label), **backing} for label in kept]


def _above_bar(plane: Plane, mark: Mark, shown: Mapping[str, str]) -> Label:
    return Label(shown[mark.id], mark.at, mark.end(plane.ends[1]), 2.0, mark.figure)


def _beside_point(plane: Plane, mark: Mark, shown: Mapping[str, str]) -> Label:
    """The label of a point or line and its arrow, under them where the panel ends above."""
    _, y = plane.place(mark.at, mark.figure)
    boxes = _point_boxes(plane, mark)
    label = Label(shown[mark.id], mark.at, mark.figure, max(top for *_, top in boxes) - y + 2, mark.figure)
    if plane.box(label)[3] <= plane.grid.panel_height:
        return label
    under = y - min(bottom for _, bottom, *_ in boxes)
    return replace(label, shift=-(under + 2 + plane.type_size * LINE))


def _raise(plane: Plane, label: Label, drawn: Sequence[Box]) -> Label:
    """The label above all marks it would cover, as far as the panel has room."""
    raised = label
    for one in sorted(drawn, key=lambda box: box[3]):
        box = plane.box(raised)
        if _overlap(box, one):
            raised = replace(raised, shift=raised.shift + one[3] - box[1])
    return raised if plane.box(raised)[3] <= plane.grid.panel_height else label


def _bar_box(plane: Plane, mark: Mark) -> Box:
    """The room of a bar, a little narrower than it is: the label of the bar beside it may reach so far."""
    x, y = plane.place(mark.at, mark.end(plane.ends[1]))
    half = mark.thickness * plane.slot * OWN_SHARE / 2
    return x - half, 0.0, x + half, y


def _point_boxes(plane: Plane, mark: Mark) -> list[Box]:
    """The room of a point, from the lower bound of a range on, and of its arrow."""
    return _mark_boxes(plane, mark, POINT / 2 * plane.frame.size.scale)


def _line_boxes(plane: Plane, mark: Mark) -> list[Box]:
    """The room of a line over the years of a long period, and of what shows its bound."""
    return _mark_boxes(plane, mark, mark.thickness * plane.slot / 2)


def _mark_boxes(plane: Plane, mark: Mark, wide: float) -> list[Box]:
    half, reach = POINT / 2 * plane.frame.size.scale, REACH * POINT * plane.frame.size.scale
    x, y = plane.place(mark.at, mark.figure)
    boxes = [(x - wide, y - half, x + wide, y + half)]
    if mark.is_range:
        foot = mark.low or (plane.ends[0] if plane.log else 0.0)
        boxes.append((x - half, plane.place(mark.at, foot)[1], x + half, y))
    if mark.arrow_side:
        tip = y + mark.arrow_side * reach
        boxes.append((x - half, min(y, tip), x + half, max(y, tip)))
    return boxes


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
