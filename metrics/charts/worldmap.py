"""A world map of how many figures each country has."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from metrics.charts.layout import Frame, Plot, escape
from metrics.charts.selection import Row
from metrics.charts.words import say_name, say_subject
from metrics.look import TICK, TOPOJSON, Theme, say_number
from metrics.reconcile.wording import say_count

# Cividis, from the end next to the paper's colour to the other: many figures stand out on either paper.
_SCALES = {
    "light": ((0, "#FEE838"), (0.25, "#BCAF6F"), (0.5, "#7C7B78"), (0.75, "#414D6B"), (1, "#00224E")),
    "dark": ((0, "#414D6B"), (0.33, "#7C7B78"), (0.67, "#BCAF6F"), (1, "#FEE838")),
}


@cache
def _drawn_countries() -> frozenset[str]:
    """Alpha-3 codes with an area on the map."""
    atlas = json.loads((TOPOJSON / "world_110m.json").read_text(encoding="utf-8"))
    return frozenset(str(shape["id"]) for shape in atlas["objects"]["countries"]["geometries"])


def count_countries(rows: Sequence[Row]) -> tuple[Counter[str], int]:
    """How many figures each country has, and how many name none."""
    counts = Counter(row["country"] for row in rows if row["country"])
    return counts, len(rows) - counts.total()


def note_map(countries: Iterable[str], nowhere: int) -> str:
    """What the colours count, and which countries are too small to show; `nowhere` figures name no country."""
    missing = sorted(set(countries) - _drawn_countries())
    parts = ["Colours count figures found in the cables read, not events; a blank country has none."]
    parts += [f"No area on this map: {', '.join(map(say_name, missing))}."] if missing else []
    parts += [f"{say_count(nowhere, 'figure')} name{'s' if nowhere == 1 else ''} no country."] if nowhere else []
    return " ".join(parts)


def map_headline(rows: Sequence[Row]) -> str:
    """How many figures there are on how many countries, and of which metrics if they are few."""
    countries = len({row["country"] for row in rows if row["country"]})
    few = len({row["metric"] for row in rows}) <= 3
    said = f"{say_count(len(rows), 'figure')} found on {say_count(countries, 'country')}"
    return f"{say_subject(rows)}: {said}" if few else said


def draw_map(frame: Frame, rows: Sequence[Row]) -> Plot:
    """Countries coloured by their number of figures; a click returns the alpha-3 code."""
    below = 4 * frame.size.scale
    room = frame.plot_height(0, below)
    height = room if room is not None else frame.inner_width * 0.55
    plot = Plot(above=0, below=below, height=height, drawn=list(rows))
    plot.traces.append(country_trace(count_countries(rows)[0], frame.theme, frame.size.scale))
    plot.layout["geo"] = geo_layout(frame.theme)
    return plot


def country_trace(counts: Mapping[str, int], theme: Theme, scale: float = 1.0) -> dict[str, Any]:
    """Countries coloured by their counts, on a log scale, with the key of colours in the lower left corner."""
    codes = sorted(counts)
    most = max(counts.values(), default=1)
    round_ticks = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 100_000)
    end = max(most, 3)  # of the key; round numbers near it give way to its own
    ticks = [*(tick for tick in round_ticks if tick * 1.5 < end), end]
    return {
        **{"type": "choropleth", "locations": codes, "customdata": codes, "hoverinfo": "text"},
        **{"z": [math.log10(counts[code]) for code in codes], "zmin": -0.02, "zmax": math.log10(end)},
        "text": [f"<b>{escape(say_name(code))}</b><br>{say_count(counts[code], 'figure')}" for code in codes],
        "colorscale": _SCALES[theme.name],
        "marker": {"line": {"color": theme.paper, "width": 0.6}},
        "colorbar": {
            **{"x": 0, "xanchor": "left", "y": 0, "yanchor": "bottom", "thickness": 10 * scale},
            **{"len": 0.5, "outlinewidth": 0, "ypad": 8 * scale, "xpad": 0, "ticks": ""},
            **{"tickvals": [math.log10(tick) for tick in ticks], "ticktext": [say_number(tick) for tick in ticks]},
            "tickfont": {"size": TICK * scale, "color": theme.muted},
            "title": {"text": "figures", "side": "top", "font": {"size": TICK * scale, "color": theme.muted}},
        },
    }


def geo_layout(theme: Theme) -> dict[str, Any]:
    """The world as every map here shows it."""
    return {
        **{"projection": {"type": "natural earth"}, "showframe": False, "showcoastlines": False, "showland": True},
        **{"landcolor": theme.track, "bgcolor": theme.paper, "showcountries": True, "countrycolor": theme.grid},
        **{"countrywidth": 0.5, "showlakes": False, "lataxis": {"range": [-56, 80]}, "resolution": 110},
        "domain": {"x": [0, 1], "y": [0, 1]},
    }
