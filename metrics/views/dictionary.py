"""The metrics: what each counts and does not, with examples and how often it was found."""

from __future__ import annotations

import streamlit as st

from metrics.catalog import FAMILIES, METRICS, Metric
from metrics.look import say_unit
from metrics.views import data
from metrics.views.frame import Frame
from metrics.views.painted import escape_text


def show(frame: Frame) -> None:
    """Draw the page."""
    st.title("Metrics")
    st.markdown("What each metric counts, and what it does not. The program reads cables by these entries alone.")
    counts = data.count_by_metric(frame.tables, frame.marks)
    for family, title in FAMILIES.items():
        st.subheader(title)
        for metric in METRICS.values():
            if metric.family == family:
                _draw_metric(metric, counts.get(metric.id, 0))


def _draw_metric(metric: Metric, found: int) -> None:
    label = f"{metric.title} · {found:,} figure{'s' if found != 1 else ''} found"
    with st.expander(label, key=f"metric-{metric.id}"):
        st.html(describe_metric(metric))


def describe_metric(metric: Metric) -> str:
    """A catalogue entry as HTML: definition, unit, limits, caveats, examples."""
    kinds = {"stock": "a level at a time", "flow": "adds up over time", "share": "a share"}
    adding = "Parts may be added." if metric.additive else "Parts are not added: they may overlap or repeat."
    rows = [
        ("Counts", escape_text(metric.definition)),
        ("Usual unit", escape_text(f"{say_unit(metric.unit)}; {kinds.get(metric.kind, metric.kind)}. {adding}")),
        ("Part of", escape_text(METRICS[metric.part_of].title) if metric.part_of else ""),
        ("Does not count", escape_text("; ".join(metric.excludes))),
        ("Mind", escape_text(" ".join(metric.caveats))),
        ("Read as this metric", "<br>".join(escape_text(example.text) for example in metric.examples)),
        ("Not read as it", "<br>".join(escape_text(text) for text in metric.rejects)),
    ]
    lines = "".join(f"<tr><th>{name}</th><td>{text}</td></tr>" for name, text in rows if text)
    return f'<table class="brief">{lines}</table>'
