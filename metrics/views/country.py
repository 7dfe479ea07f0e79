"""Everything the cables state on one country, on one page that prints."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from metrics.catalog import FAMILIES, METRICS
from metrics.charts import ChartSpec
from metrics.charts.words import say_name
from metrics.reconcile.wording import say_count
from metrics.views import data, downloads, panel, parts
from metrics.views import frame as frames
from metrics.views.aspects import family_aspects
from metrics.views.frame import Frame
from metrics.views.painted import escape_text
from metrics.views.tables import clean_row, fact_table, say_difference

SHOWN = ("Metric", "Figure", "Status", "Of", "Place", "By", "Period", "As of", "Mark")
UNBROKEN = ("As of", "Date")


def show(frame: Frame) -> None:
    """Draw the page."""
    if len(frame.filters.countries) != 1:
        st.title("Country brief")
        _ask_country(frame)
        return
    country = frame.filters.countries[0]
    st.title(say_name(country))
    facts = frame.facts()
    if facts.empty:
        frames.draw_nothing(f"No figure on {say_name(country)} matches.", "Remove a choice in the side bar.")
        return
    st.markdown(say_summary(facts))
    with st.container(horizontal=True, key="tools"):
        downloads.draw_brief_downloads(frame, f"brief-{country}")
    left, right = parts.open_columns()
    with left:
        for family in FAMILIES:
            _draw_family(frame, facts, family)
        _draw_rivals(facts)
        _draw_gaps(facts)
        _draw_sources(frame, facts)
    with right:
        panel.draw_figure_panel(frame, parts.chosen_figure())


def _ask_country(frame: Frame) -> None:
    st.markdown("Choose one country in the side bar, or here.")
    with st.container(horizontal=True):
        for code in frame.choices.countries:
            st.button(say_name(code), key=f"brief-{code}", on_click=frames.choose_country, args=(code,))


def say_summary(facts: pd.DataFrame) -> str:
    """How much there is on the country, in one sentence."""
    cables = {str(cited).split()[0] for row in facts["cables"] for cited in row}
    days = facts["as_of"].dropna()
    dates = f", dated {panel.say_day(days.min())} to {panel.say_day(days.max())}" if len(days) else ""
    return f"{say_count(len(facts), 'figure')} from {say_count(len(cables), 'cable')}{dates}."


def _draw_family(frame: Frame, facts: pd.DataFrame, family: str) -> None:
    for aspect in family_aspects(family):
        rows = facts[facts["metric"].isin(aspect.metrics)]
        own = rows[rows["metric"].isin([key for key, metric in METRICS.items() if metric.family == family])]
        if own.empty:
            continue
        st.subheader(aspect.title)
        spec = ChartSpec(chart=aspect.chart, metrics=aspect.metrics, countries=frame.filters.countries)
        parts.draw_chart_of(frame, rows, spec, f"brief-{family}-{aspect.title}")
        _draw_table(rows)


def _draw_table(rows: pd.DataFrame) -> None:
    with st.expander(say_count(len(rows), "figure"), expanded=len(rows) <= 12):
        st.html(html_table(fact_table(rows, say_name)[list(SHOWN)]))


def html_table(table: pd.DataFrame) -> str:
    """A small table as HTML that prints, every cell escaped; where it is too wide it scrolls by itself."""
    used = [name for name in table if table[name].astype(str).str.strip().any()]
    head = "".join(f"<th>{escape_text(str(name))}</th>" for name in used)
    body = "".join(
        "<tr>" + "".join(f"<td{_kind(name)}>{escape_text(_cell(row[name]))}</td>" for name in used) + "</tr>"
        for row in table.to_dict("records")
    )
    table_html = f'<table class="brief"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="brief-room" tabindex="0">{table_html}</div>'


def _kind(name: object) -> str:
    return ' class="unbroken"' if name in UNBROKEN else ""


def _cell(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _draw_rivals(facts: pd.DataFrame) -> None:
    rivals = facts[facts["conflict_group"].notna()]
    st.subheader("Rival estimates")
    if rivals.empty:
        st.markdown("None: no two cables state the same thing differently.")
        return
    st.markdown("Estimates of one thing that differ; they are kept apart, never averaged.")
    for _, group in rivals.groupby("conflict_group", sort=True):
        why = say_difference([clean_row(row) for row in group.to_dict("records")])
        st.html(f'<p class="card-head">{escape_text(why.capitalize())}.</p>')
        st.html(html_table(fact_table(group, say_name)[list(SHOWN)]))


def missing_metrics(metrics: Iterable[str]) -> list[str]:
    """Titles of the metrics of which nothing is stated."""
    found = set(metrics)
    return [metric.title for metric in METRICS.values() if metric.id not in found]


def _draw_gaps(facts: pd.DataFrame) -> None:
    st.subheader("Gaps")
    missing = missing_metrics(facts["metric"])
    st.markdown(f"Nothing stated among these rows on: {', '.join(missing).lower()}." if missing else "None.")


def _draw_sources(frame: Frame, facts: pd.DataFrame) -> None:
    st.subheader("Sources")
    cables = data.read_cited(frame.tables, facts).sort_values("cable_date")
    items = [clean_row(row) for row in cables.to_dict("records")]
    frame.note_marks(row["classification"] for row in items if frame.may_show(row["highest_mark"]))
    table = pd.DataFrame(
        {
            "Cable": [row["cable_id"] for row in items],
            "Date": [panel.say_day(row["cable_date"]) for row in items],
            "Post": [row["post"] or "" for row in items],
            "Classification": [row["classification"] or "not found" for row in items],
            "Declassify on": [row["declassify_on"] or "" for row in items],
            "Subject": [row["subject"] if frame.may_show(row["highest_mark"]) else "" for row in items],
        }
    )
    st.html(html_table(table))
