"""Bars and points that show status and bound: solid, hatched or outlined, open ends, ranges and ceilings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics.look import STATUSES, StatusLook, Theme, with_opacity

Trace = dict[str, Any]  # a plotly trace as plain data, checked by plotly when the figure is made

LEAST_TARGET = 0.03  # of the axis: what a pointer can hit
POINT = 8.5  # pixels at scale 1: a point among years
# Of the arrow at a bound: from the bar's end or the point's middle to the tip, and the head, in sizes of the point.
REACH, HEAD = 2.0, 0.85
NS_LENGTH = 1.4  # how long plotly draws the symbol line-ns, in its size
# While one figure is chosen the others step back, yet stay readable on either paper; plotly's own 0.2 hides them.
STEPS_BACK: Trace = {"unselected": {"marker": {"opacity": 0.5}}}


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure in the plot: place across the axis of values, its bounds, and how it is drawn.

    `at` is the middle and `thickness` the breadth of a bar on the axis that is no value axis; `axis` numbers the panel.
    `stretch` is the breadth of the time that a point is stated for. `cramped` says that an arrow has no room between
    the point and the start of the axis.
    """

    at: float
    thickness: float
    low: float | None
    high: float | None
    qualifier: str
    status: str
    colour: str
    id: str
    hover: str
    axis: int = 1
    outlined: bool = False
    stretch: float = 0.0
    cramped: bool = False

    @property
    def is_floor(self) -> bool:
        """Whether the figure is open upwards."""
        return self.high is None

    @property
    def is_ceiling(self) -> bool:
        """Whether only an upper bound is stated."""
        return self.low is None

    @property
    def is_range(self) -> bool:
        """Whether both bounds are stated and differ."""
        return self.low is not None and self.high is not None and self.low != self.high

    @property
    def arrow_side(self) -> int:
        """Where the arrow of a point stands: 1 beyond the point, -1 before it; 0 where both bounds are stated.

        The arrow of a floor leads away from the point, that of a ceiling away on the other side; cramped, it comes from
        beyond and leads to the point.
        """
        if self.is_floor or (self.is_ceiling and self.cramped):
            return 1
        return -1 if self.is_ceiling else 0

    @property
    def figure(self) -> float:
        """The largest number stated: the upper bound, or a floor."""
        return (self.high if self.high is not None else self.low) or 0.0

    @property
    def bounds(self) -> list[float]:
        """The numbers stated: two of a range, else one."""
        return sorted({bound for bound in (self.low, self.high) if bound is not None})


@dataclass(frozen=True, slots=True)
class Slice:
    """One rectangle of a bar."""

    mark: Mark
    start: float
    stop: float
    opacity: float
    hollow: bool = False


def stays(theme: Theme) -> Trace:
    """For the pale bars of totals: they stay as they are while a figure is chosen, and darken when they are chosen."""
    return {"unselected": {"marker": {"opacity": 1.0}}, "selected": {"marker": {"color": theme.muted}}}


def bar_traces(
    marks: Sequence[Mark],
    theme: Theme,
    top: float,
    across: bool,
    size: float,
    line: float = 1.4,
    choice: Trace = STEPS_BACK,
) -> list[Trace]:
    """Bars from zero, one trace per panel: lying if `across`, else standing; `top` is the end of the value axis.

    A floor has an arrow beyond its end, as the points of `size` pixels have: its length tells nothing. `choice` is how
    the bars look while one figure of the chart is chosen.
    """
    traces = []
    for axis in sorted({mark.axis for mark in marks}):
        own = [mark for mark in marks if mark.axis == axis]
        slices = [piece for mark in own for piece in _slices(mark)]
        traces.append({**_bar_trace(slices, theme, across, line, axis), **choice})
        traces += _whiskers(own, theme, across, axis)
        floors = [mark for mark in own if mark.is_floor]
        traces += _arrows(floors, across, size, 0.0, [theme.ink] * len(floors), _on_axis(axis))
        traces += _targets(own, LEAST_TARGET * top, across, axis)
    return traces


def _targets(marks: Sequence[Mark], least: float, across: bool, axis: int) -> list[Trace]:
    """Unseen bars over those too short to point at, so that each figure can be read and chosen."""
    short = [mark for mark in marks if mark.figure < least]
    if not short:
        return []
    lengths, places = [least] * len(short), [mark.at for mark in short]
    return [
        {
            "type": "bar",
            "name": "target",
            "x": lengths if across else places,
            "y": places if across else lengths,
            "width": [mark.thickness for mark in short],
            "orientation": "h" if across else "v",
            "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 0}},
            "hoverlabel": {"bgcolor": [mark.colour for mark in short]},
            "customdata": [mark.id for mark in short],
            "hovertext": [mark.hover for mark in short],
            "hoverinfo": "text",
            "showlegend": False,
            "xaxis": f"x{axis}",
            "yaxis": f"y{axis}",
        }
    ]


def _slices(mark: Mark) -> list[Slice]:
    if mark.is_ceiling:
        return [Slice(mark, 0.0, mark.high or 0.0, 0.28, hollow=True)]
    low = mark.low or 0.0
    pieces = [Slice(mark, 0.0, low, 1.0)]
    if mark.is_range:
        pieces.append(Slice(mark, low, mark.high or low, 0.35, hollow=True))
    return pieces


def _bar_trace(slices: Sequence[Slice], theme: Theme, across: bool, line: float, axis: int) -> Trace:
    looks = [STATUSES[piece.mark.status] for piece in slices]
    hollow = [piece.hollow for piece in slices]
    hatched = [bool(look.pattern) and not bare for look, bare in zip(looks, hollow, strict=True)]
    fills = [_fill(piece, look, lines) for piece, look, lines in zip(slices, looks, hatched, strict=True)]
    lengths, places = [piece.stop - piece.start for piece in slices], [piece.mark.at for piece in slices]
    return {
        "type": "bar",
        "x": lengths if across else places,
        "y": places if across else lengths,
        "base": [piece.start for piece in slices],
        "width": [piece.mark.thickness for piece in slices],
        "orientation": "h" if across else "v",
        "marker": {
            "color": fills,
            "line": {
                "color": [theme.ink if piece.mark.outlined else piece.mark.colour for piece in slices],
                "width": [0.0 if bare else line for bare in hollow],
            },
            "pattern": {
                "shape": [look.pattern if lines else "" for look, lines in zip(looks, hatched, strict=True)],
                "bgcolor": [with_opacity(piece.mark.colour, 0.12) for piece in slices],
                "size": 7,
                "solidity": 0.35,
                "fillmode": "replace",
            },
        },
        "customdata": [piece.mark.id for piece in slices],
        "hovertext": [piece.mark.hover for piece in slices],
        "hoverinfo": "text",
        "showlegend": False,
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
    }


def _fill(piece: Slice, look: StatusLook, hatched: bool) -> str:
    """Colour of a rectangle; where hatched, that of the lines, which plotly takes from here."""
    if hatched:
        return piece.mark.colour
    if piece.hollow:
        return with_opacity(piece.mark.colour, piece.opacity if look.filled else piece.opacity * 0.6)
    return with_opacity(piece.mark.colour, 1.0 if look.filled else 0.0)


def _whiskers(marks: Sequence[Mark], theme: Theme, across: bool, axis: int) -> list[Trace]:
    """Error bars over ranges, and a stop at each ceiling."""
    bounded = [mark for mark in marks if mark.is_range or mark.is_ceiling]
    if not bounded:
        return []
    ends = [mark.high or 0.0 for mark in bounded]
    places = [mark.at for mark in bounded]
    spans = [(mark.high or 0.0) - mark.low if mark.low is not None else 0.0 for mark in bounded]
    error = {
        "type": "data",
        "symmetric": False,
        "array": [0.0] * len(bounded),
        "arrayminus": spans,
        "color": theme.ink,
        "thickness": 1.4,
        "width": 5,
    }
    return [
        dict(
            type="scatter",
            x=ends if across else places,
            y=places if across else ends,
            mode="markers",
            marker={
                "symbol": "line-ns-open" if across else "line-ew-open",
                "size": 13,
                "color": theme.ink,
                "line": {"width": 1.6},
            },
            **{"error_x" if across else "error_y": error},
            **STEPS_BACK,
            customdata=[mark.id for mark in bounded],
            hovertext=[mark.hover for mark in bounded],
            hoverinfo="text",
            showlegend=False,
            cliponaxis=False,
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
        )
    ]


def point_traces(marks: Sequence[Mark], theme: Theme, across: bool, size: float) -> list[Trace]:
    """Points where bars would mislead or crowd, a range as two that are joined, over a line of the time stated.

    A floor has an arrow away from zero, a ceiling one towards it.
    """
    traces = []
    for axis in sorted({mark.axis for mark in marks}):
        panel, place = [mark for mark in marks if mark.axis == axis], _on_axis(axis)
        pairs = [(mark, bound) for mark in panel for bound in mark.bounds]
        own, ends, places = [mark for mark, _ in pairs], [bound for _, bound in pairs], [mark.at for mark, _ in pairs]
        traces += _stretches(pairs, place)
        traces += _spans([mark for mark in panel if mark.is_range], theme, across, place)
        bounds = [mark for mark in panel if mark.arrow_side]
        traces += _arrows(bounds, across, size, size / 2, [mark.colour for mark in bounds], place)
        traces.append(
            {
                **{"type": "scatter", "mode": "markers", "hoverinfo": "text", **place, **STEPS_BACK},
                "x": ends if across else places,
                "y": places if across else ends,
                "marker": {
                    "symbol": [STATUSES[mark.status].symbol for mark in own],
                    "size": size,
                    "color": [mark.colour for mark in own],
                    "line": {"width": 1.6, "color": [theme.ink if mark.outlined else mark.colour for mark in own]},
                    "opacity": 0.85,
                },
                "customdata": [mark.id for mark in own],
                "hovertext": [mark.hover for mark in own],
            }
        )
    return traces


def _stretches(pairs: Sequence[tuple[Mark, float]], place: dict[str, Any]) -> list[Trace]:
    """Lines with end stops over the time that standing points are stated for, a trace for each colour and status."""
    looks: dict[tuple[str, str], list[tuple[Mark, float]]] = {}
    for mark, bound in pairs:
        if mark.stretch:
            looks.setdefault((mark.colour, STATUSES[mark.status].dash), []).append((mark, bound))
    return [
        {
            **{"type": "scatter", "name": "stretch", "mode": "lines+markers", "hoverinfo": "text", **place},
            "x": [at for mark, _ in own for at in (mark.at - mark.stretch / 2, mark.at + mark.stretch / 2, None)],
            "y": [at for _, bound in own for at in (bound, bound, None)],
            "line": {"color": colour, "width": 2, "dash": dash},
            "marker": {"symbol": "line-ns-open", "size": 8, "color": colour, "line": {"width": 2}},
            **STEPS_BACK,
            "customdata": [mark.id for mark, _ in own for _ in range(3)],
            "hovertext": [mark.hover for mark, _ in own for _ in range(3)],
        }
        for (colour, dash), own in looks.items()
    ]


def _on_axis(axis: int) -> dict[str, Any]:
    return {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": False, "cliponaxis": False}


def _spans(marks: Sequence[Mark], theme: Theme, across: bool, place: dict[str, Any]) -> list[Trace]:
    """Error bars that join the two points of ranges; where a log axis has no place for the lower one, to its start."""
    if not marks:
        return []
    ends, places = [mark.figure for mark in marks], [mark.at for mark in marks]
    error = {
        **{"type": "data", "symmetric": False, "array": [0.0] * len(marks), "thickness": 1.4, "width": 4},
        **{"arrayminus": [mark.figure - (mark.low or 0.0) for mark in marks], "color": theme.muted},
    }
    trace = {"type": "scatter", "mode": "markers", "marker": {"opacity": 0}, "hoverinfo": "skip", **place}
    axes = {"x": ends, "y": places, "error_x": error} if across else {"x": places, "y": ends, "error_y": error}
    return [{**trace, **axes}]


def _arrows(
    bounds: Sequence[Mark], across: bool, size: float, edge: float, colours: Sequence[str], place: dict[str, Any]
) -> list[Trace]:
    """A shaft and a head at each bound, from `edge` pixels beyond it on, of a length that no axis changes."""
    if not bounds:
        return []
    ends, places = [mark.figure for mark in bounds] * 2, [mark.at for mark in bounds] * 2
    tip, head, count = REACH * size, HEAD * size, len(bounds)
    beyond, before = (270, 90) if across else (180, 0)  # plotly's angles of what stands off its place to that side
    inwards = [mark.is_ceiling and mark.arrow_side > 0 for mark in bounds]
    marker = {
        "symbol": ["line-ns"] * count + ["triangle-up" if back else "triangle-down" for back in inwards],
        "size": [(tip - edge) / NS_LENGTH] * count + [head] * count,
        "standoff": [(tip + edge) / 2] * count + [(edge if back else tip - head) + head / 2 for back in inwards],
        "angle": [beyond if mark.arrow_side > 0 else before for mark in bounds] * 2,
        "color": [*colours] * 2,
        "line": {"width": [1.6] * count + [0.0] * count, "color": [*colours] * 2},
        "opacity": 1.0,
    }
    trace = {"type": "scatter", "name": "arrow", "mode": "markers", "marker": marker, "hoverinfo": "skip", **place}
    return [{**trace, **STEPS_BACK, "x": ends if across else places, "y": places if across else ends}]
