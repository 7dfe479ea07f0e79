"""One family of metrics: chart, map and table of its figures, each mark leading to its sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from metrics.catalog import FAMILIES, METRICS, Metric
from metrics.charts.selection import METRICS_OF
from metrics.charts.spec import ChartSpec
from metrics.look import say_unit
from metrics.views import frame as frames
from metrics.views import panel, parts
from metrics.views.filters import Filters
from metrics.views.frame import Frame

TABS = ("Chart", "Map", "Table")


@dataclass(frozen=True, slots=True)
class Aspect:
    """What a family's page can show at once: a kind of chart over one or more metrics."""

    title: str
    chart: str
    metrics: tuple[str, ...]


def family_aspects(family: str) -> tuple[Aspect, ...]:
    """The aspects of a family in catalogue order; metrics that are parts of one another share one."""
    aspects: dict[str, Aspect] = {}
    for metric in METRICS.values():
        if metric.family == family:
            aspect = _aspect_of(metric)
            aspects.setdefault(aspect.title, aspect)
    return tuple(aspects.values())


def _aspect_of(metric: Metric) -> Aspect:
    if metric.chart == "coverage":
        return Aspect("Checkpoints equipped", "coverage", METRICS_OF["coverage"])
    return Aspect(metric.title, metric.chart, (metric.id,))


def show(frame: Frame, family: str) -> None:
    """Draw the page of a family."""
    st.title(FAMILIES[family])
    aspect = _choose_aspect(family)
    facts = frame.facts(aspect.metrics)
    with st.container(horizontal=True, vertical_alignment="bottom", key="tools"):
        frame.filters = _narrow(frame.filters, facts["unit"].value_counts().index.tolist())
        share = st.toggle("Share", key="share", bind="query-params", help="Shares of the whole in place of amounts.")
        log = st.toggle("Log scale", key="log", bind="query-params")
        spec = ChartSpec(
            chart=aspect.chart,
            metrics=aspect.metrics,
            countries=frame.filters.countries,
            unit=frame.filters.unit or "",
            scale="log" if log else "linear",
            measure="share" if share else "absolute",
        )
        parts.draw_downloads(frame, aspect.metrics, family)
        files = st.empty()
    if frame.filters.of or frame.filters.unit:
        facts = frame.facts(aspect.metrics)
    if facts.empty:
        draw_no_rows(frame)
        return
    if _draw_split(frame, facts, spec, family):
        with files:
            parts.draw_chart_files(frame, spec, family)
    _draw_definition(aspect)


def _narrow(filters: Filters, units: list[str]) -> Filters:
    """The filters with what the page adds to those of the side bar."""
    of = st.text_input("What is counted", key="of", bind="query-params", width=220, placeholder="Any words")
    unit = st.selectbox(
        "Unit",
        units,
        index=None,
        key="unit",
        bind="query-params",
        format_func=say_unit,
        placeholder="Most frequent",
        width=200,
    )
    return replace(filters, of=of, unit=unit)


def _choose_aspect(family: str) -> Aspect:
    aspects = {aspect.title: aspect for aspect in family_aspects(family)}
    if len(aspects) == 1:
        return next(iter(aspects.values()))
    title = st.segmented_control(
        "Metric", list(aspects), default=next(iter(aspects)), required=True, key=f"{family}_metric", bind="query-params"
    )
    return aspects[title or next(iter(aspects))]


def draw_no_rows(frame: Frame) -> None:
    """Says that nothing matches, and what to loosen."""
    if frame.tables.counts.get("observations") == 0:
        frames.draw_nothing("The tables hold no figures.", "Add some on the page Add cables, or build from a folder.")
        return
    frames.draw_nothing(
        "No figure matches these choices.", "Remove a choice in the side bar, or clear What is counted."
    )


def _draw_split(frame: Frame, facts: pd.DataFrame, spec: ChartSpec, family: str) -> bool:
    """Chart, map or table beside the chosen sentence; whether there is a chart to take along."""
    drawn = True
    with st.container(key="split"):
        left, right = st.columns([5, 3], gap="medium")
    with left:
        chart, where, table = st.tabs(TABS, key="tab", bind="query-params", on_change="rerun")
        if chart.open:
            with chart:
                drawn = parts.draw_chart_of(frame, facts, spec, f"{family}-chart")
        if where.open:
            with where:
                parts.draw_chart_of(
                    frame, facts, replace(spec, chart="map", scale="linear", measure="absolute"), f"{family}-map"
                )
        if table.open:
            with table:
                parts.draw_fact_table(facts, f"{family}-table", f"Figures of {FAMILIES[family].lower()}, one a row")
    with right:
        panel.draw_figure_panel(frame, parts.chosen_figure())
    return drawn


def _draw_definition(aspect: Aspect) -> None:
    with st.expander("Definition"):
        for key in aspect.metrics:
            metric = METRICS[key]
            caveats = " ".join(metric.caveats)
            st.markdown(f"**{metric.title}.** {metric.definition} {caveats}")
