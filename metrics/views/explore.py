"""One family of metrics: chart, map and table of its figures, each mark leading to its sentence."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from metrics.catalog import FAMILIES, METRICS, Metric
from metrics.charts.choices import name_choices
from metrics.charts.spec import ChartSpec
from metrics.look import say_unit
from metrics.views import downloads, panel, parts
from metrics.views import frame as frames
from metrics.views.aspects import Aspect, family_aspects
from metrics.views.filters import Filters
from metrics.views.frame import Frame

TABS = ("Chart", "Map", "Table")
SPLIT = ("timeline",)  # kinds of chart that can give each country or thing its own panel
SPLITS = {"auto": "By country", "thing": "By thing", "none": "Together"}


def show(frame: Frame, family: str) -> None:
    """Draw the page of a family."""
    st.title(FAMILIES[family])
    aspect = _choose_aspect(family)
    _draw_definition(METRICS[aspect.metrics[0]])
    facts = frame.facts(aspect.metrics)
    with st.container(horizontal=True, vertical_alignment="bottom", key="tools"):
        spec = _choose_look(frame, aspect, facts["unit"].value_counts().index.tolist())
    if frame.filters.of or frame.filters.unit:
        facts = frame.facts(aspect.metrics)
    if facts.empty:
        draw_no_rows(frame)
        return
    _draw_tabs(frame, facts, spec, family, aspect.title)


def _draw_definition(metric: Metric) -> None:
    st.caption(f"{metric.definition} {' '.join(metric.caveats)}")


def _choose_look(frame: Frame, aspect: Aspect, units: list[str]) -> ChartSpec:
    """The chart as chosen above it; what narrows its rows narrows the filters of the page as well."""
    frame.filters = _narrow(frame, [] if aspect.chart == "coverage" else units)
    split = _choose_split() if aspect.chart in SPLIT else "auto"
    share = st.toggle("Share", key="share", bind="query-params", help="Shares of the whole in place of amounts.")
    log = st.toggle("Log scale", key="log", bind="query-params")
    return ChartSpec(
        chart=aspect.chart,
        metrics=aspect.metrics,
        countries=frame.filters.countries,
        unit=frame.filters.unit or "",
        split=split,
        scale="log" if log else "linear",
        measure="share" if share else "absolute",
    )


def _narrow(frame: Frame, units: list[str]) -> Filters:
    """The filters with what the page adds to those of the side bar: words, and a unit where there are several.

    A unit that the address asks for can be chosen although no figure is in it, so that none is shown in its place.
    """
    of = st.text_input("What is counted", key="of", bind="query-params", width=180, placeholder="Any words")
    asked = name_choices(frame.choices.units, say_unit).get(st.query_params.get("unit", "").casefold())
    options = list(dict.fromkeys([*units, *([asked] if asked and units else [])]))
    if len(options) < 2:
        return replace(frame.filters, of=of)
    unit = st.selectbox(
        "Unit",
        options,
        index=None,
        key="unit",
        bind="query-params",
        format_func=say_unit,
        placeholder="Most frequent",
        width=160,
    )
    return replace(frame.filters, of=of, unit=unit)


def _choose_split() -> str:
    return st.segmented_control(
        "Panels",
        list(SPLITS),
        default="auto",
        required=True,
        format_func=SPLITS.__getitem__,
        key="split",
        bind="query-params",
        help="A panel for each country, on one scale; for each thing counted, each on its own scale; or one for all.",
    )


def _choose_aspect(family: str) -> Aspect:
    aspects = {aspect.title: aspect for aspect in family_aspects(family)}
    if len(aspects) == 1:
        return next(iter(aspects.values()))
    title = st.segmented_control(
        "Metric",
        list(aspects),
        default=next(iter(aspects)),
        required=True,
        key=f"{family}_metric",
        bind="query-params",
        label_visibility="collapsed",
    )
    return aspects[title or next(iter(aspects))]


def draw_no_rows(frame: Frame) -> None:
    """Says that nothing matches, and what to loosen."""
    if frame.tables.counts.get("observations") == 0:
        frames.draw_nothing("The tables hold no figures.", "Add some on the page Add cables, or build from a folder.")
        return
    frames.draw_nothing(
        "No figure matches these choices.", "Remove a choice in the side bar, or clear What is counted and Unit."
    )


def _draw_tabs(frame: Frame, facts: pd.DataFrame, spec: ChartSpec, family: str, title: str) -> None:
    """Chart, map or table beside the chosen sentence; only the one that is open is drawn."""
    left, right = parts.open_columns()
    with left:
        with st.container(key="take"):
            downloads.draw_chart_downloads(frame, spec, family, title)
        chart, where, table = st.tabs(TABS, key="tab", bind="query-params", on_change="rerun")
        if chart.open:
            with chart:
                parts.draw_chart_of(frame, facts, spec, f"{family}-chart")
        if where.open:
            with where:
                _draw_map(facts, f"{family}-map")
        if table.open:
            with table:
                alt = f"Figures of {FAMILIES[family].lower()}, one a row"
                named = () if len(spec.metrics) > 1 else ("Metric",)
                parts.draw_fact_table(facts, f"{family}-table", alt, without=named)
    with right:
        panel.draw_figure_panel(frame, parts.chosen_figure(), hint=f"{panel.HINT}; by keyboard: Table.")
    parts.follow_country(frame)


def _draw_map(facts: pd.DataFrame, key: str) -> None:
    counts = {str(code): count for code, count in facts["country"].value_counts().items()}
    parts.draw_country_map(counts, len(facts) - sum(counts.values()), key)
