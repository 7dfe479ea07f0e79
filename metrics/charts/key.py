"""The key under the subtitle: swatches and words for the statuses, bounds and colours that occur, no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics.charts.marks import Mark
from metrics.look import LABEL, LINE, STATUSES, Size, Theme, break_lines, text_width, with_opacity

SWATCH, GAP = 15, 18  # pixels: breadth of a swatch, blank between entries
ROW = 1.75  # height of a row over the size of its type


@dataclass(frozen=True, slots=True)
class Entry:
    """A swatch by its name, its colour, and what it means."""

    swatch: str
    colour: str
    words: str


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with left end and middle of its swatch, in pixels from the key's corner, and its words in lines."""

    entry: Entry
    x: float
    y: float
    lines: tuple[str, ...]


def find_entries(
    bars: Sequence[Mark], points: Sequence[Mark], theme: Theme, way: str, colours: dict[str, str]
) -> list[Entry]:
    """What the key must explain: statuses in their order, then bounds and times, then whose colour is whose.

    `way` is "across" where the axis of values lies, "up" where it stands. What bars and points both show stands once.
    """
    shapes = ((f"bar {way}", bars), (f"point {way}", points))
    statuses = {
        look.word: Entry(f"{shape} {status}", theme.muted, look.word)
        for status, look in STATUSES.items()
        for shape, marks in reversed(shapes)
        if any(mark.status == status for mark in marks)
    }
    bounds = {one.words: one for shape, marks in shapes for one in _find_bounds(marks, theme, shape)}
    if any(mark.stretch for mark in points):
        said = "time stated, where not one whole year" if bars else "time stated"
        bounds[said] = Entry(f"point {way} stretch", theme.muted, said)
    owners = [Entry("bar across actual", colour, name) for name, colour in colours.items()]
    return [*statuses.values(), *bounds.values(), *owners]


def _find_bounds(marks: Sequence[Mark], theme: Theme, shape: str) -> list[Entry]:
    bounds = (
        ("floor", "is_floor", "more than"),
        ("ceiling", "is_ceiling", "faint up to a stop: at most" if shape.startswith("bar") else "at most"),
        ("range", "is_range", "range"),
    )
    return [
        Entry(f"{shape} {name}", theme.muted, words)
        for name, test, words in bounds
        if any(getattr(mark, test) for mark in marks)
    ]


def place_entries(entries: Sequence[Entry], size: Size, width: float) -> list[Placed]:
    """Entries one after the other, in a new row where the width is used up; words too long for a row are broken."""
    type_size, swatch = LABEL * size.scale, (SWATCH + 6) * size.scale
    placed: list[Placed] = []
    x = top = high = 0.0
    for entry in entries:
        lines = tuple(break_lines(entry.words, width - swatch, type_size))
        need = swatch + max(text_width(line, type_size) for line in lines)
        if x and x + need > width:
            x, top, high = 0.0, top + high, 0.0
        own = (ROW + LINE * (len(lines) - 1)) * type_size
        high = max(high, own)
        placed.append(Placed(entry, x, top + own / 2, lines))
        x += need + GAP * size.scale
    return placed


def key_height(placed: Sequence[Placed], size: Size) -> float:
    """Height of the key in pixels, none without entries."""
    return max((one.y + (ROW + LINE * (len(one.lines) - 1)) * LABEL * size.scale / 2 for one in placed), default=0.0)


def draw_swatch(placed: Placed, scale: float, left: float, top: float) -> list[dict[str, Any]]:
    """Shapes of one swatch; `left` and `top` are the key's corner seen from the plot area's upper left corner."""
    shape, _, name = placed.entry.swatch.rpartition(" ")
    wide, high = SWATCH * scale, 11 * scale
    box = (left + placed.x, top - placed.y - high / 2, left + placed.x + wide, top - placed.y + high / 2)
    return [_shape(path, placed.entry.colour, **style) for path, style in _SWATCHES[shape][name](box)]


Box = tuple[float, float, float, float]
Drawn = list[tuple[str, dict[str, float]]]


def _shape(path: str, colour: str, fill: float = 0.0, line: float = 1.3) -> dict[str, Any]:
    return {
        "type": "path",
        "path": path,
        **{"xref": "paper", "yref": "paper", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": 0, "yanchor": 1},
        "fillcolor": with_opacity(colour, fill),
        "line": {"color": colour, "width": line},
        "name": "key",
    }


def _rect(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"M{x0:.1f},{y0:.1f}L{x1:.1f},{y0:.1f}L{x1:.1f},{y1:.1f}L{x0:.1f},{y1:.1f}Z"


def _line(*points: tuple[float, float]) -> str:
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _solid(box: Box) -> Drawn:
    return [(_rect(*box), {"fill": 1.0})]


def _outline(box: Box) -> Drawn:
    return [(_rect(*box), {})]


def _hatch(box: Box) -> Drawn:
    x0, y0, x1, y1 = box
    high = y1 - y0
    starts = [x0 + (x1 - x0 - high) * share for share in (0.0, 0.5, 1.0)]
    lines: Drawn = [(_line((start, y0), (start + high, y1)), {}) for start in starts]
    corners: Drawn = [
        (_line((x0, y0 + high / 2), (x0 + high / 2, y1)), {}),
        (_line((x1 - high / 2, y0), (x1, y0 + high / 2)), {}),
    ]
    return [(_rect(*box), {"fill": 0.12}), *lines, *corners]


def _dots(box: Box) -> Drawn:
    x0, y0, x1, y1 = box
    dots = [
        (_rect(x - 0.9, y - 0.9, x + 0.9, y + 0.9), {"fill": 1.0, "line": 0.0})
        for x in (x0 + (x1 - x0) * share for share in (0.2, 0.4, 0.6, 0.8))
        for y in (y0 + (y1 - y0) * share for share in (0.3, 0.7))
    ]
    return [(_rect(*box), {"fill": 0.12}), *dots]


def _stop(box: Box) -> Drawn:
    _, y0, x1, y1 = box
    return [(_rect(*box), {"fill": 0.28, "line": 0.0}), (_line((x1, y0 - 2), (x1, y1 + 2)), {"line": 2.0})]


def _span(box: Box) -> Drawn:
    x0, y0, x1, y1 = box
    middle = (y0 + y1) / 2
    ends = [(_line((x, y0 + 2), (x, y1 - 2)), {"line": 1.6}) for x in (x0, x1)]
    return [(_line((x0, middle), (x1, middle)), {"line": 1.6}), *ends]


def _round(box: Box, fill: float) -> Drawn:
    x0, y0, x1, y1 = box
    x, y, r = (x0 + x1) / 2, (y0 + y1) / 2, (y1 - y0) / 2
    k = r * 0.5523  # control points of four curves that make a circle
    path = (
        f"M{x - r:.1f},{y:.1f}C{x - r:.1f},{y + k:.1f} {x - k:.1f},{y + r:.1f} {x:.1f},{y + r:.1f}"
        f"C{x + k:.1f},{y + r:.1f} {x + r:.1f},{y + k:.1f} {x + r:.1f},{y:.1f}"
        f"C{x + r:.1f},{y - k:.1f} {x + k:.1f},{y - r:.1f} {x:.1f},{y - r:.1f}"
        f"C{x - k:.1f},{y - r:.1f} {x - r:.1f},{y - k:.1f} {x - r:.1f},{y:.1f}Z"
    )
    return [(path, {"fill": fill})]


def _lozenge(box: Box, fill: float) -> Drawn:
    x0, y0, x1, y1 = box
    x, y, r = (x0 + x1) / 2, (y0 + y1) / 2, (y1 - y0) / 2 + 1
    return [(_line((x - r, y), (x, y + r), (x + r, y), (x, y - r)) + "Z", {"fill": fill})]


def _rise(box: Box, back: bool) -> Drawn:
    x0, y0, x1, y1 = box
    middle, tip, tail = (x0 + x1) / 2, (y0 if back else y1), (y1 if back else y0)
    barb = 4 if back else -4
    head = _line((middle - 4, tip + barb), (middle, tip), (middle + 4, tip + barb))
    return [(_line((middle, tail), (middle, tip)), {"line": 1.6}), (head, {"line": 1.6})]


def _stretch(box: Box) -> Drawn:
    x0, y0, x1, y1 = box
    middle, inset = (y0 + y1) / 2, (y1 - y0) / 4
    return [*_span(box), *_round((x0, y0 + inset, x1, y1 - inset), 1.0), (_line((x0, middle), (x1, middle)), {})]


def _stand(box: Box) -> Drawn:
    x0, y0, x1, y1 = box
    middle = (x0 + x1) / 2
    ends = [(_line((x0 + 4, y), (x1 - 4, y)), {"line": 1.6}) for y in (y0, y1)]
    return [(_line((middle, y0), (middle, y1)), {"line": 1.6}), *ends]


def _arrow(box: Box, back: bool) -> Drawn:
    x0, y0, x1, y1 = box
    middle, tip, tail = (y0 + y1) / 2, (x0 if back else x1), (x1 if back else x0)
    barb = 4 if back else -4
    head = _line((tip + barb, middle + 4), (tip, middle), (tip + barb, middle - 4))
    return [(_line((tail, middle), (tip, middle)), {"line": 1.6}), (head, {"line": 1.6})]


_BARS = {
    "actual": _solid,
    "in_progress": _hatch,
    "planned": _outline,
    "requested": _dots,
    "floor": lambda box: _arrow(box, back=False),
    "ceiling": _stop,
    "range": _span,
}
_POINTS = {
    "actual": lambda box: _round(box, 1.0),
    "in_progress": lambda box: _lozenge(box, 1.0),
    "planned": lambda box: _round(box, 0.0),
    "requested": lambda box: _lozenge(box, 0.0),
    "floor": lambda box: _arrow(box, back=False),
    "ceiling": lambda box: _arrow(box, back=True),
    "range": _span,
}
_UP = {"floor": lambda box: _rise(box, back=False), "range": _stand}
_SWATCHES = {
    "bar across": _BARS,
    "bar up": {**_BARS, **_UP},
    "point across": _POINTS,
    "point up": {**_POINTS, **_UP, "ceiling": lambda box: _rise(box, back=True), "stretch": _stretch},
}
