"""Pieces that pages share: charts and tables whose marks and rows lead to a sentence, and their rows as files."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from metrics.charts import draw_chart
from metrics.charts.layout import escape
from metrics.charts.spec import ChartSpec
from metrics.charts.words import say_name
from metrics.look import PALETTE, THEMES, Size, log_ticks
from metrics.views import data, exports
from metrics.views.frame import Frame
from metrics.views.tables import MOST_ROWS, drop_empty_columns, fact_table

# Narrow enough that no word of a chart is cut beside the panel, or beside the side bar of a small screen.
SCREEN = Size("screen", 540, None, 1.0)
CHART_FILES = {
    **{"Slide (PowerPoint)": "pptx", "Workbook (Excel)": "xlsx", "Picture (PNG)": "png", "Drawing (SVG)": "svg"},
    **{"PDF": "pdf", "Web page": "html"},
}
FORMATS = {"slide": "Landscape slide", "half": "Half slide", "square": "Square", "column": "A4 column"}
PNG_SCALES = {1: "1x", 2: "2x", 3: "3x"}
BRIEF_FILES = {
    **{"PDF": "pdf", "Slides (PowerPoint)": "pptx", "Workbook (Excel)": "xlsx", "Web page": "html"},
    "Data package (zip)": "zip",
}
OFFICE = "application/vnd.openxmlformats-officedocument"
MIME = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "html": "text/html",
    "zip": "application/zip",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
}
MOST_DRAWN = 600
CHART_CONFIG = {
    "topojsonURL": "app/static/topojson/",
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
}


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
    table: pd.DataFrame, ids: Sequence[str], key: str, alt: str, choose: Callable[[str], None] = choose_figure
) -> None:
    """A table in which a click on any cell of a row, or its box by keyboard, makes the row's id the chosen one."""
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=partial(_pick_row, key, list(ids), choose),
        selection_mode=["single-row", "single-cell"],
        placeholder="",
        alt=alt,
    )


def draw_fact_table(facts: pd.DataFrame, key: str, alt: str) -> None:
    """Facts as a table whose rows lead to their sentence."""
    table = drop_empty_columns(fact_table(facts, say_name), keep=("Country", "Figure", "Status", "As of", "Mark"))
    draw_rows(table, list(facts["fact_id"].head(MOST_ROWS)), key, alt)
    if len(facts) > MOST_ROWS:
        st.caption(f"The first {MOST_ROWS:,} of {len(facts):,} figures; the files under Data hold all.")


def draw_downloads(frame: Frame, metrics: Sequence[str], name: str) -> None:
    """The rows of a view as files, with a file that says what they are."""
    tables, filters, marks = frame.tables, frame.filters, frame.marks

    def rows() -> pd.DataFrame:
        return data.read_facts(tables, filters, marks, metrics)

    files = {
        "CSV": ("csv", lambda: exports.csv_bytes(rows())),
        "Parquet": ("parquet", lambda: exports.parquet_bytes(rows())),
        "What the rows mean": ("json", lambda: exports.json_bytes(exports.metadata(rows(), filters, metrics))),
    }
    _draw_files("Data", "The rows of this view as files.", name, files)


def draw_chart_files(frame: Frame, spec: ChartSpec, name: str) -> None:
    """The chart as files for a briefing, under a title, in a format and a resolution of the briefer's choice."""
    with st.popover("Briefing", help="This chart for a briefing."):
        title = st.text_input("Title", key=f"{name}-title", placeholder="The headline as drawn")
        size = st.selectbox("Format", list(FORMATS), format_func=FORMATS.__getitem__, key=f"{name}-size")
        scale = st.segmented_control(
            "PNG resolution",
            list(PNG_SCALES),
            default=1,
            required=True,
            format_func=PNG_SCALES.__getitem__,
            key=f"{name}-scale",
        )
        make = partial(
            exports.chart_file,
            *(frame.tables, frame.filters, frame.marks, replace(spec, title=title.strip())),
            size=size,
            scale=scale,
        )
        _offer_files("Briefing", name, _made_by(make, CHART_FILES))


def draw_brief_files(frame: Frame, name: str) -> None:
    """The whole brief as files."""
    make = partial(exports.brief_file, frame.tables, frame.filters, frame.marks)
    _draw_files("Briefing", "This brief as a file.", name, _made_by(make, BRIEF_FILES))


def _made_by(make: Callable[[str], bytes], endings: Mapping[str, str]) -> dict[str, tuple[str, Callable[[], bytes]]]:
    return {label: (ending, partial(make, f".{ending}")) for label, ending in endings.items()}


def _draw_files(title: str, about: str, name: str, files: Mapping[str, tuple[str, Callable[[], bytes]]]) -> None:
    with st.popover(title, help=about):
        _offer_files(title, name, files)


def _offer_files(title: str, name: str, files: Mapping[str, tuple[str, Callable[[], bytes]]]) -> None:
    for label, (ending, make) in files.items():
        key = f"{title}-{name}-{ending}"
        st.download_button(label, make, f"{name}.{ending}", MIME[ending], key=key, on_click="ignore")


def draw_chart_of(frame: Frame, facts: pd.DataFrame, spec: ChartSpec, key: str) -> bool:
    """The chart of these facts; a click on a mark chooses its figure, on a country of a map opens its brief.

    Says whether the chart holds any figure.
    """
    picks_country = spec.chart == "map"
    if len(facts) > MOST_DRAWN:
        st.caption(f"Drawn from the newest {MOST_DRAWN:,} of {len(facts):,} figures; choose countries to draw all.")
        facts = facts.head(MOST_DRAWN)
    drawing = draw_chart(
        spec, facts, data.read_cited(frame.tables, facts), size=SCREEN, theme=theme_name(), build=frame.tables.build_id
    )
    st.plotly_chart(
        drawing.figure,
        key=key,
        on_select=partial(_pick_country if picks_country else _pick_point, key),
        selection_mode="points",
        theme=None,
        config=CHART_CONFIG,
        alt=drawing.alt,
    )
    _follow_country(frame)
    return not drawing.empty


def draw_country_map(frame: Frame, by_country: Mapping[str, int], key: str) -> None:
    """How many figures there are on each country; a click opens its brief."""
    look = THEMES[theme_name()]
    codes = list(by_country)
    counts = [by_country[code] for code in codes]
    ticks = log_ticks(1, max(counts, default=1))
    trace = go.Choropleth(
        locations=codes,
        z=[math.log10(count) for count in counts],
        text=[f"{say_name(code)}: {count:,}" for code, count in zip(codes, counts, strict=True)],
        hoverinfo="text",
        colorscale="Cividis",
        reversescale=look.name == "light",
        marker={"line": {"color": look.paper, "width": 0.6}},
        colorbar={
            "title": {"text": "figures"},
            "tickvals": [math.log10(tick) for tick in ticks],
            "ticktext": [f"{tick:,.0f}" for tick in ticks],
            "thickness": 10,
            "len": 0.6,
        },
    )
    figure = go.Figure(trace)
    figure.update_geos(
        projection_type="natural earth",
        showframe=False,
        showcoastlines=False,
        showland=True,
        showcountries=True,
        countrycolor=look.grid,
        landcolor=look.track,
        bgcolor="rgba(0,0,0,0)",
        lataxis_range=[-57, 84],
    )
    figure.update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 0}, height=300, dragmode=False)
    st.subheader("Figures by country")
    most = max(codes, key=lambda code: by_country[code], default=None)
    st.plotly_chart(
        figure,
        key=key,
        on_select=partial(_pick_country, key),
        selection_mode="points",
        config=CHART_CONFIG,
        alt=f"World map of the figures on {len(codes)} countries, most on {say_name(most)}",
    )
    st.caption("Click a country for its brief; or choose it in the side bar and open Country brief.")
    _follow_country(frame)


def _follow_country(frame: Frame) -> None:
    if st.session_state.pop("open_brief", False):
        st.switch_page(frame.pages["country"], query_params={})


def theme_name() -> str:
    """light or dark, as the reader's page is."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _pick_point(key: str) -> None:
    points = st.session_state[key].selection.points
    if points and points[0].get("customdata"):
        choose_figure(_first(points[0]["customdata"]))


def _pick_country(key: str) -> None:
    points = st.session_state[key].selection.points
    if points:
        st.session_state["country"] = [str(points[0]["location"])]
        st.session_state["open_brief"] = True


def _first(custom: Any) -> str:
    return str(custom[0] if isinstance(custom, list) else custom)


def stacked_years(counts: pd.DataFrame) -> go.Figure:
    """Stacked bars by year, one colour a row of `counts`."""
    bars = [
        go.Bar(
            name=escape(str(post)),
            x=list(counts.columns),
            y=row.to_numpy(),
            marker_color=PALETTE[number % len(PALETTE)],
        )
        for number, (post, row) in enumerate(counts.iterrows())
    ]
    figure = go.Figure(bars)
    figure.update_layout(
        barmode="stack", height=360, margin={"l": 0, "r": 0, "t": 10, "b": 0}, legend={"title": {"text": "Post"}}
    )
    figure.update_xaxes(type="category", title_text="Year of the cable", categoryorder="category ascending")
    figure.update_yaxes(title_text="Cables")
    return figure
