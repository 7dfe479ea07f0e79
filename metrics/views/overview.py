"""What the corpus says at a glance."""

from __future__ import annotations

from datetime import date

import streamlit as st

from metrics.catalog import FAMILIES, METRICS
from metrics.charts.words import say_name
from metrics.views import data, panel, parts
from metrics.views import frame as frames
from metrics.views.components import room_width
from metrics.views.explore import draw_no_rows
from metrics.views.filters import Filters
from metrics.views.frame import Frame
from metrics.views.summary import Summary, count_cables, read_in_order, summarise
from metrics.views.tables import clean_row, say_briefly

# Columns of the tables beside the sentence, and their widths in pixels: room for the longest word of each.
LISTED = {"Country": 90, "Figure": 115, "Of": 112, "As of": 85, "Metric": 98, "Mark": 102}
CHECKBOX = 35  # pixels of the column before them


@st.cache_data(max_entries=64, show_spinner=False)
def _cached_summary(_tables: data.Tables, version: str, filters: Filters, marks: tuple[str, ...] | None) -> Summary:
    return summarise(_tables, filters, marks)


def show(frame: Frame) -> None:
    """Draw the page."""
    st.title("Border-security metrics")
    st.markdown("Figures that cables state on border security, each with the sentence it comes from.")
    summary = _cached_summary(frame.tables, frame.tables.version, frame.filters, frame.marks)
    if not summary.figures:
        draw_no_rows(frame)
        return
    frame.note_marks(summary.marks)
    _draw_counts(frame, summary)
    left, right = parts.open_columns()
    with left:
        st.subheader("Figures by country")
        parts.draw_country_map(summary.by_country, summary.nowhere, "overview-map")
        _draw_largest(frame, summary)
        _draw_lists(frame, summary)
    with right:
        if chosen := parts.chosen_figure():
            panel.draw_figure_panel(frame, chosen)
        else:
            _draw_example(frame, summary)
    _draw_corpus(frame)
    parts.follow_country(frame)


def _draw_counts(frame: Frame, summary: Summary) -> None:
    cells = (
        ("Figures", f"{summary.figures:,}", "Mentions of one figure are joined."),
        ("Countries", f"{len(summary.by_country):,}", "Countries the figures are about."),
        ("Cables", f"{summary.cables:,}", "Cables read that may be shown, with or without figures."),
        ("Figures from", _say_years(summary.first, summary.last), "Dates of the cables that state the figures."),
        ("Contested", f"{summary.contests:,}", "Groups of rival estimates of one thing."),
    )
    with st.container(horizontal=True):
        for label, value, meaning in cells:
            st.metric(label, value, help=meaning, border=True, width="stretch")


def _say_years(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "not dated"
    return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"


def _draw_largest(frame: Frame, summary: Summary) -> None:
    """The largest figure of each field; a click shows its sentence."""
    if not summary.largest:
        return
    st.subheader("The largest figure of each field")
    st.caption(
        "In the main metric of the field, its usual unit, and the rate (per day, per year, or none) that most of its "
        "figures have; plans, shares and computed figures aside."
    )
    facts = read_in_order(frame.tables, list(summary.largest.values()))
    with st.container(key="largest"):
        for family, row in zip(summary.largest, facts.to_dict("records"), strict=True):
            named = " · ".join(dict.fromkeys((FAMILIES[family], METRICS[row["metric"]].title)))
            st.button(
                f"**{named}** {frames.as_text(say_briefly(clean_row(row), say_name))}",
                key=f"largest-{family}",
                type="tertiary",
                on_click=parts.choose_figure,
                args=(row["fact_id"],),
            )


def _draw_example(frame: Frame, summary: Summary) -> None:
    """What a click leads to, shown on one of the figures before anything is clicked."""
    example = next(iter(summary.largest.values()), None)
    if example is None:
        panel.draw_figure_panel(frame, None)
        return
    st.html(
        '<p class="card-head">Every figure leads to its sentence: click one in a list, or a bar or point of a chart. '
        "For example:</p>"
    )
    panel.draw_figure_panel(frame, example, sticks=False)


def _fit_columns() -> dict[str, int]:
    """The columns of the lists that the room holds; the date, which stands with the sentence as well, goes first."""
    room = room_width()
    narrow = room is not None and room < sum(LISTED.values()) + CHECKBOX
    return {name: width for name, width in LISTED.items() if not (narrow and name == "As of")}


def _draw_lists(frame: Frame, summary: Summary) -> None:
    lists = (
        ("Key figures", summary.key_figures, "Newest level of each metric by country"),
        ("Newest", summary.newest, "Figures of the newest cables"),
        ("Contested", summary.contested, "Figures with rival estimates"),
    )
    tabs = st.tabs([title for title, *_ in lists], key="list", bind="query-params", on_change="rerun")
    for tab, (title, ids, alt) in zip(tabs, lists, strict=True):
        if not tab.open:
            continue
        with tab:
            if ids:
                facts = read_in_order(frame.tables, ids[: parts.MOST_ROWS])
                parts.draw_fact_table(facts, title, alt, _fit_columns())
            else:
                frames.draw_nothing("None among these rows.", "Loosen the choices in the side bar to see others.")


def _draw_corpus(frame: Frame) -> None:
    st.subheader("The cables themselves")
    cables = data.read_cable_list(frame.tables, frame.marks)
    counts = count_cables(cables)
    if counts.empty:
        frames.draw_nothing("No dated cable may be shown.", "Raise Show marks up to in the side bar.")
        return
    st.plotly_chart(
        parts.stacked_years(counts),
        config=parts.CHART_CONFIG,
        key="corpus",
        alt=f"Cables by year and post: {len(cables):,} cables of {cables['post'].nunique():,} posts.",
    )
    with st.expander("Cables by post and year, as a table"):
        st.dataframe(counts, placeholder="", alt="Cables by post and year")
