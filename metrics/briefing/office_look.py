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
    """Solid, hatched, empty or dotted by status; fading out where the end is open; faint up to a ceiling."""
    solid = f"<a:solidFill>{paint(colour)}</a:solidFill>"
    edge = f"<a:solidFill>{paint(THEME.ink)}</a:solidFill>" if outlined else solid
    line = f'<a:ln w="15875">{edge}</a:ln>'
    if series.bound == "whole":
        return f"<c:spPr>{solid}<a:ln><a:noFill/></a:ln></c:spPr>"
    if series.bound in ("high", "ceiling"):
        dashed = f'<a:ln w="12700">{edge}<a:prstDash val="sysDash"/></a:ln>'
        return f"<c:spPr><a:solidFill>{paint(colour, 0.28)}</a:solidFill>{dashed}</c:spPr>"
    if series.bound == "floor":
        return f"<c:spPr>{_open_end(series, colour, form, outlined)}</c:spPr>"
    if series.status in PATTERNS:
        return f"<c:spPr>{_pattern(series.status, colour)}{line}</c:spPr>"
    if not STATUSES[series.status].filled:
        return f"<c:spPr><a:noFill/>{line}</c:spPr>"
    return f"<c:spPr>{solid}{line}</c:spPr>"


def _pattern(status: str, colour: str) -> str:
    return (
        f'<a:pattFill prst="{PATTERNS[status]}"><a:fgClr>{paint(colour)}</a:fgClr>'
        f"<a:bgClr>{paint(THEME.paper)}</a:bgClr></a:pattFill>"
    )


def _open_end(series: Series, colour: str, form: str, outlined: bool) -> str:
    """A bar that fades out towards its end and has no line there; other statuses keep their pattern, in dashes."""
    if series.status in PATTERNS:
        edge = paint(THEME.ink if outlined else colour)
        dashed = f'<a:ln w="15875"><a:solidFill>{edge}</a:solidFill><a:prstDash val="sysDash"/></a:ln>'
        return f"{_pattern(series.status, colour)}{dashed}"
    full = 1.0 if STATUSES[series.status].filled else 0.35
    angle = 0 if form == "lying" else 16200000
    ends = ((0, full), (70000, full), (100000, 0.12))
    stops = "".join(f'<a:gs pos="{place}">{paint(colour, alpha)}</a:gs>' for place, alpha in ends)
    return (
        f'<a:gradFill rotWithShape="1"><a:gsLst>{stops}</a:gsLst><a:lin ang="{angle}" scaled="0"/></a:gradFill>'
        f'<a:ln w="15875">{f"<a:solidFill>{paint(THEME.ink)}</a:solidFill>" if outlined else "<a:noFill/>"}</a:ln>'
    )


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
