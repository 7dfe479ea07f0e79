"""Pieces that pages share: charts, maps and tables whose marks and rows lead to a sentence or a country."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from heapq import nlargest
from types import MappingProxyType
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from metrics.charts import draw_chart
from metrics.charts.layout import FAMILY, PlainFigure, escape
from metrics.charts.spec import ChartSpec
from metrics.charts.words import say_name
from metrics.charts.worldmap import country_trace, geo_layout, note_map
from metrics.look import SANS, THEMES, Size, colours_of, text_width
from metrics.views import data
from metrics.views import frame as frames
from metrics.views.components import measure_room, room_width
from metrics.views.frame import Frame
from metrics.views.tables import MOST_ROWS, drop_empty_columns, fact_table

# Pixels of a chart: at least, at most, and until the browser has said how many it has.
LEAST_WIDTH, MOST_WIDTH, FIRST_WIDTH = 240, 2000, 540
MOST_DRAWN = 600
BROKEN_LINES = 66  # pixels of a table's row: Streamlit breaks the words of a cell into lines from 4rem on
# Of a table's cells in pixels: size of the type, blank around the words (in a head for the sign of sorting too), and
# the broadest column that shows them whole.
CELL_TYPE, CELL_BLANK, MOST_COLUMN = 14, 24, 320
MAP_HEIGHT = 340
MOST_YEARS = 16  # named under bars by year
CHART_CONFIG = {
    "topojsonURL": "app/static/topojson/",
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
}
# Streamlit sets these where a figure leaves them open, and gives plotly a copy of the figure once it has drawn it. What
# the two differ in is drawn anew, and data count as different unless they have a revision.
SETTLED = {"clickmode": "event+select", "hovermode": "closest", "dragmode": "pan", "datarevision": 1}


def choose_figure(fact_id: str) -> None:
    """Make a fact the one whose sentence is shown; it stands in the page's address."""
    st.query_params["figure"] = fact_id


def chosen_figure() -> str | None:
    """Id of the fact or stated figure whose sentence is shown."""
    return st.query_params.get("figure")


def _pick_row(key: str, ids: Sequence[str], choose: Callable[[str], None]) -> None:
    selection = st.session_state[key].selection
    rows = [cell[0] for cell in selection.cells] or list(selection.rows)
    if rows and rows[0] < len(ids):
        choose(ids[rows[0]])


def draw_rows(
    table: pd.DataFrame,
    ids: Sequence[str],
    key: str,
    alt: str,
    choose: Callable[[str], None] = choose_figure,
    widths: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """A table in which a click on any cell of a row makes the row's id the chosen one.

    `widths` are pixels by column, for a table of which no column may lie out of sight; its cells break their words.
    Other tables scroll; a column is as broad as what stands in it, up to `MOST_COLUMN`.
    By keyboard the arrows walk the cells, and a link that shows on focus leads past them.
    """
    after = f"after-{key.replace(' ', '-')}"
    st.html(f'<a class="skip" href="#{after}">Skip the table</a>')
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=partial(_pick_row, key, list(ids), choose),
        selection_mode=["single-row", "single-cell"],
        placeholder="",
        alt=alt,
        row_height=BROKEN_LINES if widths else None,
        column_config={name: st.column_config.Column(width=wide) for name, wide in (widths or _fit(table)).items()},
    )
    st.html(f'<span id="{after}" tabindex="-1"></span>')


def _fit(table: pd.DataFrame) -> dict[str, int]:
    """Pixels that the broadest text of each column takes, found among its longest; Streamlit by itself cuts words."""
    said = {str(name): [str(name), *nlargest(20, {*table[name].map(str)}, key=len)] for name in table}
    broadest = {name: max(text_width(text, CELL_TYPE) for text in texts) for name, texts in said.items()}
    return {name: round(min(MOST_COLUMN, CELL_BLANK + width)) for name, width in broadest.items()}


def draw_fact_table(
    facts: pd.DataFrame,
    key: str,
    alt: str,
    columns: Mapping[str, int] = MappingProxyType({}),
    without: Sequence[str] = (),
) -> None:
    """Facts as a table whose rows lead to their sentence; all columns that say something, or those with a width.

    `without` names columns that repeat in every row what the page says already.
    """
    table = fact_table(facts, say_name).drop(columns=list(without))
    kept = ("Country", "Figure", "Status", "As of", "Mark")
    table = table[list(columns)] if columns else drop_empty_columns(table, keep=kept)
    draw_rows(table, list(facts["fact_id"].head(MOST_ROWS)), key, alt, widths=columns)
    if len(facts) > MOST_ROWS:
        st.caption(f"The first {MOST_ROWS:,} of {len(facts):,} figures; the files under Download hold all.")


def open_columns() -> tuple[Any, Any]:
    """Room for charts and tables, and beside it for the sentence behind a figure; charts are laid out for its width."""
    with st.container(key="beside"):
        left, right = st.columns([5, 3], gap="medium")
    with left:
        measure_room()
    return left, right


def screen_size() -> Size:
    """The format of a chart on the page: as wide as its column, so that no word is cut and no room left blank."""
    return Size("screen", min(max(LEAST_WIDTH, room_width() or FIRST_WIDTH), MOST_WIDTH), None, 1.0)


def draw_chart_of(frame: Frame, facts: pd.DataFrame, spec: ChartSpec, key: str) -> None:
    """The chart of these facts; a click on a mark chooses its figure. Says so where there is nothing to draw."""
    _say_undrawn(facts)
    facts = facts.head(MOST_DRAWN)
    drawing = draw_chart(
        spec,
        facts,
        data.read_cited(frame.tables, facts),
        size=screen_size(),
        theme=theme_name(),
        build=frame.tables.build_id,
    )
    if drawing.empty:
        frames.draw_nothing(f"{drawing.title}.", frames.as_text(drawing.subtitle))
        return
    chosen = chosen_figure()
    drawn = _light(key, (frame.tables.version, frame.filters, spec), chosen if _holds(drawing.figure, chosen) else None)
    _emphasise(drawing.figure, drawn.figure)
    own_key = f"{key}-{drawn.times}"
    st.plotly_chart(
        drawing.figure.update_layout(SETTLED),
        key=own_key,
        on_select=partial(_pick_point, key, own_key),
        selection_mode="points",
        theme=None,
        config=CHART_CONFIG,
        alt=drawing.alt,
    )


@dataclass(frozen=True, slots=True)
class Lit:
    """Which figure of a view is drawn as chosen, which one the browser shows so, and how often it had to be redrawn."""

    view: Hashable
    figure: str | None
    shown: str | None
    times: int = 0


def _light(key: str, view: Hashable, chosen: str | None) -> Lit:
    """What a chart is drawn with while a figure of it is chosen.

    A click on the plot shows in the browser by itself; to draw it here too would draw the whole chart anew. A figure
    chosen elsewhere needs that, and a chart of its own: the browser would keep what was clicked in the former one.
    """
    name = f"{key}-lit"
    lit: Lit = st.session_state.get(name) or Lit(view, chosen, chosen)
    if lit.view != view:
        lit = Lit(view, chosen, chosen, lit.times)
    elif lit.shown != chosen:
        lit = Lit(view, chosen, chosen, lit.times + 1)
    st.session_state[name] = lit
    return lit


def _holds(figure: go.Figure, fact_id: str | None) -> bool:
    return any(_first(one) == fact_id for trace in figure.data for one in trace.customdata or ())


def _emphasise(figure: go.Figure, fact_id: str | None) -> None:
    """Draw the marks of a figure as if clicked, where the chart has any."""
    places = [[at for at, one in enumerate(trace.customdata or ()) if _first(one) == fact_id] for trace in figure.data]
    if any(places):
        for trace, own in zip(figure.data, places, strict=True):
            trace.update(selectedpoints=own)


def _say_undrawn(facts: pd.DataFrame) -> None:
    """Says which figures a chart leaves out because there are too many, and how to see them."""
    if len(facts) <= MOST_DRAWN:
        return
    oldest = facts["as_of"].iloc[MOST_DRAWN - 1]
    since = "" if pd.isna(oldest) else f", stated since {oldest:%-d %B %Y}"
    st.caption(
        f"Too many to draw at once: of {len(facts):,} figures the chart takes the newest {MOST_DRAWN:,}{since}. "
        "Choose countries, years or a donor in the side bar, or words under What is counted, to see others. "
        "Table lists them, Download has all."
    )


def draw_country_map(by_country: Mapping[str, int], nowhere: int, key: str) -> None:
    """How many figures there are on each country; a click opens its brief."""
    look = THEMES[theme_name()]
    figure = PlainFigure({"data": [country_trace(by_country, look)], "layout": {"geo": geo_layout(look)}})
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, height=MAP_HEIGHT)
    figure.update_layout(template="none", paper_bgcolor=look.paper, font={"family": FAMILY[SANS], "color": look.ink})
    most = max(by_country, key=by_country.__getitem__, default=None)
    st.plotly_chart(
        figure.update_layout(SETTLED),
        key=key,
        on_select=partial(_pick_country, key),
        selection_mode="points",
        theme=None,
        config=CHART_CONFIG,
        alt=f"World map of the figures on {len(by_country)} countries, most on {say_name(most)}",
    )
    st.caption(
        "Click a country for its brief, or choose it in the side bar and open Country brief. "
        + note_map(by_country, nowhere)
    )


def follow_country(frame: Frame) -> None:
    """Go to the brief on the country that was clicked on a map, if one was."""
    if st.session_state.pop("open_brief", False):
        st.switch_page(frame.pages["country"], query_params={})


def theme_name() -> str:
    """light or dark, as the reader's page is."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _pick_point(key: str, own_key: str) -> None:
    points = st.session_state[own_key].selection.points
    if points and points[0].get("customdata"):
        picked = _first(points[0]["customdata"])
        st.session_state[f"{key}-lit"] = replace(st.session_state[f"{key}-lit"], shown=picked)
        choose_figure(picked)


def _pick_country(key: str) -> None:
    points = st.session_state[key].selection.points
    if points:
        frames.choose_country(str(points[0]["location"]))
        st.session_state["open_brief"] = True


def _first(custom: Any) -> str:
    return str(custom[0] if isinstance(custom, list) else custom)


def stacked_years(counts: pd.DataFrame) -> go.Figure:
    """Stacked bars by year, gaps included; each row of `counts` has the colour of its name."""
    colours = colours_of(map(str, counts.index))
    years = [int(year) for year in counts.columns]
    step = math.ceil((max(years) - min(years) + 1) / MOST_YEARS)
    bars = [
        go.Bar(
            name=escape(str(post)),
            x=years,
            y=row.to_numpy(),
            marker_color=colours[str(post)],
        )
        for post, row in counts.iterrows()
    ]
    figure = go.Figure(bars)
    figure.update_layout(
        barmode="stack", height=360, margin={"l": 0, "r": 0, "t": 10, "b": 0}, legend={"title": {"text": "Post"}}
    )
    figure.update_xaxes(title_text="Year of the cable", tickformat="d", tick0=max(years), dtick=step, showgrid=False)
    figure.update_yaxes(title_text="Cables", tickformat=",d")
    return figure
