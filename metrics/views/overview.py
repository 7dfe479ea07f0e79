"""What the corpus says at a glance."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from metrics.catalog import METRICS
from metrics.charts import ChartSpec
from metrics.views import data, panel, parts
from metrics.views import frame as frames
from metrics.views.explore import draw_no_rows
from metrics.views.frame import Frame

NEWEST, CONTESTED, POSTS = 12, 12, 15


def show(frame: Frame) -> None:
    """Draw the page."""
    st.title("Border-security metrics")
    st.markdown("Figures that cables state on border security, each with the sentence it comes from.")
    facts = frame.facts()
    if facts.empty:
        draw_no_rows(frame)
        return
    _draw_counts(frame, facts)
    with st.container(key="split"):
        left, right = st.columns([5, 3], gap="medium")
    with left:
        _draw_map(frame, facts)
        key_figures, newest, contested = st.tabs(["Key figures", "Newest", "Contested"])
        with key_figures:
            parts.draw_fact_table(pick_key_figures(facts), "key", "Newest level of each metric by country")
        with newest:
            parts.draw_fact_table(facts.head(NEWEST), "newest", "Figures of the newest cables")
        with contested:
            _draw_contested(facts)
    with right:
        panel.draw_figure_panel(frame, parts.chosen_figure())
    _draw_corpus(frame)


def pick_key_figures(facts: pd.DataFrame) -> pd.DataFrame:
    """The newest level that is in place, of each metric that is a stock or a share and each country."""
    stocks = [metric.id for metric in METRICS.values() if metric.kind in ("stock", "share")]
    levels = facts[
        facts["metric"].isin(stocks)
        & (facts["status"] == "actual")
        & (facts["kind"] != "change")
        & facts["country"].notna()
        & facts["site"].isna()
    ]
    return levels.drop_duplicates(["metric", "country"]).sort_values(["metric", "country"], kind="stable")


def pick_contested(facts: pd.DataFrame) -> pd.DataFrame:
    """Facts with rival estimates, the groups with most rivals first."""
    rivals = facts[facts["conflict_group"].notna()]
    sizes = rivals.groupby("conflict_group")["fact_id"].transform("size")
    ordered = rivals.assign(rivals=-sizes).sort_values(["rivals", "conflict_group"], kind="stable")
    return ordered.drop(columns="rivals")


def _draw_counts(frame: Frame, facts: pd.DataFrame) -> None:
    cells = (
        ("Figures", f"{len(facts):,}", "Facts: mentions of one figure are joined."),
        ("Countries", f"{facts['country'].nunique():,}", "Countries the figures are about."),
        ("Cables", f"{frame.tables.counts.get('cables', 0):,}", "Cables read, with or without figures."),
        ("Cables dated", _say_range(facts["as_of"]), "Dates of the cables that state the figures."),
        ("Contested", f"{facts['conflict_group'].nunique():,}", "Groups of rival estimates of one thing."),
    )
    with st.container(horizontal=True):
        for label, value, meaning in cells:
            st.metric(label, value, help=meaning, border=True, width="stretch")


def _say_range(days: pd.Series) -> str:
    known = days.dropna()
    if known.empty:
        return "none"
    first, last = known.min().year, known.max().year
    return str(first) if first == last else f"{first} to {last}"


def _draw_map(frame: Frame, facts: pd.DataFrame) -> None:
    parts.draw_chart_of(frame, facts, ChartSpec("map", metrics=tuple(METRICS)), "overview-map")
    st.caption("Click a country for its brief; or choose it in the side bar and open Country brief.")


def _draw_contested(facts: pd.DataFrame) -> None:
    contested = pick_contested(facts).head(CONTESTED)
    if contested.empty:
        frames.draw_nothing("No rival estimates.", "No two cables state the same thing differently among these rows.")
        return
    parts.draw_fact_table(contested, "contested", "Figures with rival estimates")


def _draw_corpus(frame: Frame) -> None:
    st.subheader("The cables themselves")
    cables = data.read_cable_list(frame.tables, frame.marks)
    counts = count_cables(cables)
    if counts.empty:
        frames.draw_nothing("No cable may be shown under this mark.", "Raise Show at most in the side bar.")
        return
    st.plotly_chart(
        parts.stacked_years(counts),
        theme="streamlit",
        config=parts.CHART_CONFIG,
        key="corpus",
        alt=f"Cables by year and post: {len(cables):,} cables of {cables['post'].nunique():,} posts.",
    )
    with st.expander("Cables by post and year, as a table"):
        st.dataframe(counts, placeholder="", alt="Cables by post and year")


def count_cables(cables: pd.DataFrame) -> pd.DataFrame:
    """Cables by post (rows, most first; the rest joined) and year (columns)."""
    dated = cables.dropna(subset=["cable_date"])
    if dated.empty:
        return pd.DataFrame()
    years = pd.to_datetime(dated["cable_date"]).dt.year
    main = dated["post"].value_counts().index[:POSTS]
    posts = dated["post"].where(dated["post"].isin(main), "other posts").fillna("no post")
    counts = pd.crosstab(posts, years)
    counts.index.name, counts.columns = "post", [str(year) for year in counts.columns]
    return counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
