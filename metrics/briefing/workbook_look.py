"""How bars and points look in Excel, as the options of its chart writer: the same as on slides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metrics.briefing.native import NativePanel, Series
from metrics.look import STATUSES, THEMES

THEME = THEMES["light"]


def look_of(series: Series, places: Sequence[int], panel: NativePanel) -> dict[str, Any]:
    """Fill, border and error bars of a series, with the colour of each bar where they differ."""
    if panel.form == "points":
        hollow = not STATUSES[series.status].filled and series.status != "in_progress"
        symbol = {"floor": "triangle", "in_progress": "diamond", "requested": "diamond"}
        return {
            "marker": {
                "type": symbol.get(series.bound) or symbol.get(series.status) or "circle",
                "size": 7,
                "border": {"color": series.colour},
                "fill": {"none": True} if hollow else {"color": series.colour},
            }
        }
    look: dict[str, Any] = {**_fill(series, series.colour, panel.form), "gap": 50, "overlap": 100}
    odd = set(series.odd_places())
    if odd:
        look["points"] = [
            _fill(series, series.colours[place], panel.form, series.outlined[place]) if place in odd else None
            for place in places
        ]
    return look


_PATTERNS = {"in_progress": "wide_upward_diagonal", "requested": "percent_30"}


def _fill(series: Series, colour: str, form: str, outlined: bool = False) -> dict[str, Any]:
    """As on slides: solid, hatched, empty or dotted by status, fading where the end is open, faint up to a ceiling."""
    border: dict[str, Any] = {"color": THEME.ink if outlined else colour, "width": 1.25}
    if series.bound == "whole":
        return {"fill": {"color": colour}, "border": {"none": True}}
    if series.bound in ("high", "ceiling"):
        return {"fill": {"color": colour, "transparency": 72}, "border": {**border, "dash_type": "square_dot"}}
    if STATUSES[series.status].filled and series.bound == "floor":
        angle = 0.001 if form == "lying" else 270  # nought would be taken for the default
        gradient = {"colors": [colour, colour, _tint(colour, 0.12)], "positions": [0, 70, 100], "angle": angle}
        return {"gradient": gradient, "border": border if outlined else {"none": True}}
    if series.bound == "floor":
        border["dash_type"] = "square_dot"
    if series.status in _PATTERNS:
        pattern = {"pattern": _PATTERNS[series.status], "fg_color": colour, "bg_color": THEME.paper}
        return {"pattern": pattern, "border": border}
    return {"fill": {"color": colour} if STATUSES[series.status].filled else {"none": True}, "border": border}


def _tint(colour: str, share: float) -> str:
    """The colour thinned with white.

    >>> _tint("#000000", 0.5)
    '#808080'
    """
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - part) * share):02X}" for part in parts)
