"""A world map: how many figures each country has, or the share of its checkpoints that are equipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import plotly.graph_objects as go

from metrics.charts.layout import Frame, Plot, escape
from metrics.charts.selection import Row
from metrics.charts.words import say_name
from metrics.look import TICK, nice_ticks, say_number

CIVIDIS = "Cividis"


def draw_map(frame: Frame, rows: Sequence[Row]) -> Plot:
    """Countries coloured by their number of figures; a click returns the alpha-3 code."""
    scale, theme = frame.size.scale, frame.theme
    counts = Counter(row["country"] for row in rows if row["country"])
    codes = sorted(counts)
    below = 46 * scale
    room = frame.plot_height(0, below)
    height = room if room is not None else frame.inner_width * 0.5
    plot = Plot(above=0, below=below, height=height, drawn=list(rows))
    ticks = nice_ticks(max(counts.values(), default=1), 4)
    plot.traces.append(
        go.Choropleth(
            locations=codes,
            z=[counts[code] for code in codes],
            zmin=0,
            zmax=max(ticks[-1], max(counts.values(), default=1)),
            customdata=codes,
            text=[f"<b>{escape(say_name(code))}</b><br>{_say_figures(counts[code])}" for code in codes],
            hoverinfo="text",
            colorscale=CIVIDIS,
            reversescale=True,
            marker={"line": {"color": theme.paper, "width": 0.6}},
            colorbar={
                **{"orientation": "h", "x": 0, "xanchor": "left", "y": 0, "yanchor": "top", "yref": "paper"},
                **{"thickness": 9 * scale, "len": 0.34, "outlinewidth": 0, "ypad": 4 * scale, "xpad": 0},
                **{"tickvals": ticks, "ticktext": [say_number(tick) for tick in ticks], "ticks": ""},
                "tickfont": {"size": TICK * scale, "color": theme.muted},
                "title": {"text": "figures", "side": "top", "font": {"size": TICK * scale, "color": theme.muted}},
            },
        )
    )
    plot.layout["geo"] = {
        **{"projection": {"type": "natural earth"}, "showframe": False, "showcoastlines": False, "showland": True},
        **{"landcolor": theme.track, "bgcolor": theme.paper, "showcountries": True, "countrycolor": theme.grid},
        **{"countrywidth": 0.5, "showlakes": False, "lataxis": {"range": [-57, 84]}, "resolution": 110},
        "domain": {"x": [0, 1], "y": [0, 1]},
    }
    return plot


def _say_figures(count: int) -> str:
    return "1 figure" if count == 1 else f"{count:,} figures"
