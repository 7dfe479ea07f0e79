"""How bars and points look in DrawingML: status by fill and pattern, bounds by fading, rivals by a dark line."""

from __future__ import annotations

from datetime import datetime

from metrics.briefing.native import Series
from metrics.look import STATUSES, THEMES

THEME = THEMES["light"]
EPOCH = datetime(2000, 1, 1)  # files carry no clock
PATTERNS = {"in_progress": "wdUpDiag", "requested": "pct30"}
SYMBOLS = {"actual": "circle", "in_progress": "diamond", "planned": "circle", "requested": "diamond"}


def paint(colour: str, alpha: float = 1.0) -> str:
    """A colour, thinned where `alpha` is below one."""
    shade = f'<a:alpha val="{round(alpha * 100000)}"/>' if alpha < 1 else ""
    return f'<a:srgbClr val="{colour.lstrip("#")}">{shade}</a:srgbClr>'


def fill_bar(series: Series, colour: str, form: str, outlined: bool = False) -> str:
    """Solid, hatched, empty or dotted by status; faint up to a ceiling.

    Where the end is open a solid bar fades out, any other has a dashed edge.
    """
    solid = f"<a:solidFill>{paint(colour)}</a:solidFill>"
    edge = f"<a:solidFill>{paint(THEME.ink)}</a:solidFill>" if outlined else solid
    dashes = '<a:prstDash val="sysDash"/>'
    if series.bound == "whole":
        return f"<c:spPr>{solid}<a:ln><a:noFill/></a:ln></c:spPr>"
    if series.bound in ("high", "ceiling"):
        faint = f"<a:solidFill>{paint(colour, 0.28)}</a:solidFill>"
        return f'<c:spPr>{faint}<a:ln w="12700">{edge}{dashes}</a:ln></c:spPr>'
    if STATUSES[series.status].filled and series.bound == "floor":
        return f'<c:spPr>{_fade(colour, form)}<a:ln w="15875">{edge if outlined else "<a:noFill/>"}</a:ln></c:spPr>'
    inside = solid if STATUSES[series.status].filled else _pattern(series.status, colour)
    return f'<c:spPr>{inside}<a:ln w="15875">{edge}{dashes if series.bound == "floor" else ""}</a:ln></c:spPr>'


def _pattern(status: str, colour: str) -> str:
    """Nothing inside what is planned: a plan fills no bar, however open its end."""
    if status not in PATTERNS:
        return "<a:noFill/>"
    return (
        f'<a:pattFill prst="{PATTERNS[status]}"><a:fgClr>{paint(colour)}</a:fgClr>'
        f"<a:bgClr>{paint(THEME.paper)}</a:bgClr></a:pattFill>"
    )


def _fade(colour: str, form: str) -> str:
    """A fill that fades out towards the end of its bar."""
    angle = 0 if form == "lying" else 16200000
    ends = ((0, 1.0), (70000, 1.0), (100000, 0.12))
    stops = "".join(f'<a:gs pos="{place}">{paint(colour, alpha)}</a:gs>' for place, alpha in ends)
    return f'<a:gradFill rotWithShape="1"><a:gsLst>{stops}</a:gsLst><a:lin ang="{angle}" scaled="0"/></a:gradFill>'


def draw_point(series: Series, colour: str, size: float, outlined: bool = False) -> str:
    """A point: its symbol tells the status, a triangle an open end, a dash the end of a range or a ceiling."""
    solid = f"<a:solidFill>{paint(colour)}</a:solidFill>"
    edge = f"<a:solidFill>{paint(THEME.ink)}</a:solidFill>" if outlined else solid
    symbol = {"floor": "triangle", "ceiling": "dash", "low": "dash", "high": "dash"}.get(
        series.bound, SYMBOLS[series.status]
    )
    inside = solid if STATUSES[series.status].filled or series.status == "in_progress" else "<a:noFill/>"
    return (
        f'<c:marker><c:symbol val="{symbol}"/><c:size val="{max(5, round(size * 0.6))}"/>'
        f'<c:spPr>{inside}<a:ln w="15875">{edge}</a:ln></c:spPr></c:marker>'
    )
