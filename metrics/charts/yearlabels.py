"""Values written above the bars of a timeline and beside its points, as far as they have room."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
        """Left, bottom, right and top of words centred over their place, or as near to it as the panel is broad."""
        x, y = self.place(label.at, label.value)
        x += label.aside
        half = self.half_width(label)
        x = max(half, min(x, self.grid.panel_width - half))
        return x - half, y + label.shift, x + half, y + label.shift + self.type_size * LINE


@dataclass(frozen=True, slots=True)
class Label:
    """Words to stand `shift` pixels above a value, under it where there are fewer than none, and `aside` to its right.

    They say `figure`.
    """

    words: str
    at: float
    value: float
    shift: float
    figure: float
    computed: bool = False
    aside: float = 0.0
    backed: bool = False


def label_values(
    plane: Plane, bars: Sequence[Mark], points: Sequence[Mark], rows: Sequence[Row]
) -> list[dict[str, Any]]:
    """Labels of bars and points, the largest first, then those of computed figures, as many as keep clear.

    The largest figure of a panel always has one. Others without a label keep theirs in hover and table.
    """
    said = {row["id"]: Label(short_value(row), 0, 0, 0, 0, row["derived"]) for row in rows}
    drawn = [*_divider(plane), *(box for mark in bars for box in _bar_boxes(plane, mark))]
    drawn += [box for mark in points for box in _point_boxes(plane, mark)]
    places = [_above_bar(plane, mark, said[mark.id]) for mark in bars]
    places += [_beside_point(plane, mark, said[mark.id]) for mark in points]
    first, *others = sorted(places, key=lambda own: -own[0].figure)
    kept = [_find_clear(plane, first, drawn) or _raise(plane, first[0], drawn)]
    taken = [*map(plane.box, kept), *drawn]
    for own in sorted(others[:MOST_LABELS], key=lambda own: not own[0].computed):
        if label := _find_clear(plane, own, taken):
            kept.append(label)
            taken.append(plane.box(label))
    return [_annotate(plane, label) for label in kept]


def _find_clear(plane: Plane, places: Sequence[Label], taken: Sequence[Box]) -> Label | None:
    """The first of the places of one label that lies inside the panel and clear of all that is taken."""
    for label in places:
        box = plane.box(label)
        inside = box[1] >= 0 and box[3] <= plane.grid.panel_height
        if inside and not any(_overlap(box, one) for one in taken):
            return label
    return None


def _above_bar(plane: Plane, mark: Mark, said: Label) -> list[Label]:
    reach = REACH * POINT * plane.frame.size.scale if mark.is_floor else 0.0
    return [replace(said, at=mark.at, value=mark.figure, shift=reach + 2, figure=mark.figure)]


def _beside_point(plane: Plane, mark: Mark, said: Label) -> list[Label]:
    """The places of the label of a point: above it and its arrow, under them, right and left of its line."""
    _, y = plane.place(mark.at, mark.figure)
    boxes, high = _point_boxes(plane, mark), plane.type_size * LINE
    top, foot = max(top for *_, top in boxes) - y, y - min(bottom for _, bottom, *_ in boxes)
    over = replace(said, at=mark.at, value=mark.figure, shift=top + 2, figure=mark.figure, backed=True)
    aside = _half_breadth(plane, mark) + plane.half_width(over) + 2
    sides = [replace(over, shift=-high / 2, aside=side * aside) for side in (1, -1)]
    return [over, replace(over, shift=-(foot + 2 + high)), *sides]


def _raise(plane: Plane, label: Label, drawn: Sequence[Box]) -> Label:
    """The label above all marks it would cover, as far as the panel has room."""
    raised = label
    for one in sorted(drawn, key=lambda box: box[3]):
        box = plane.box(raised)
        if _overlap(box, one):
            raised = replace(raised, shift=raised.shift + one[3] - box[1])
    return raised if plane.box(raised)[3] <= plane.grid.panel_height else label


def _divider(plane: Plane) -> list[Box]:
    """The room of the line before the figures without a year, if there is one."""
    x, _ = plane.place(plane.years.divider, plane.ends[1])
    return [(x - 1, 0.0, x + 1, plane.grid.panel_height)] if plane.years.is_divided else []


def _bar_boxes(plane: Plane, mark: Mark) -> list[Box]:
    """The room of a bar and its arrow, a little narrower than it is: the label of the bar beside may reach so far."""
    x, y = plane.place(mark.at, mark.figure)
    half = mark.thickness * plane.slot * OWN_SHARE / 2
    return [(x - half, 0.0, x + half, y), *(_arrow_box(plane, mark, x, y) if mark.is_floor else ())]


def _point_boxes(plane: Plane, mark: Mark) -> list[Box]:
    """The room of a point with its line, from the lower bound of a range on, and of its arrow."""
    half, wide = POINT / 2 * plane.frame.size.scale, _half_breadth(plane, mark)
    x, y = plane.place(mark.at, mark.figure)
    boxes = [(x - wide, y - half, x + wide, y + half)]
    if mark.is_range:
        foot = plane.place(mark.at, mark.low or (plane.ends[0] if plane.log else 0.0))[1]
        boxes += [(x - half, foot, x + half, y), (x - wide, foot - half, x + wide, foot + half)]
    return [*boxes, *_arrow_box(plane, mark, x, y)]


def _half_breadth(plane: Plane, mark: Mark) -> float:
    """Half the breadth of a point, or of its line where that is longer."""
    return max(POINT / 2 * plane.frame.size.scale, mark.stretch * plane.slot / 2)


def _arrow_box(plane: Plane, mark: Mark, x: float, y: float) -> list[Box]:
    """The room of the arrow of a bound; none where both are stated."""
    half, tip = POINT / 2 * plane.frame.size.scale, y + mark.arrow_side * REACH * POINT * plane.frame.size.scale
    return [(x - half, min(y, tip), x + half, max(y, tip))] if mark.arrow_side else []


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
        **({"bgcolor": plane.frame.theme.paper} if label.backed else {}),  # no grid line runs through the words
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
