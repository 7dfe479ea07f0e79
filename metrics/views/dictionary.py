"""The metrics: what each counts and does not, with examples and how often it was found."""

from __future__ import annotations

import streamlit as st

from metrics.catalog import FAMILIES, METRICS, Metric
from metrics.evaluate import Score, read_scores
from metrics.look import say_unit
from metrics.reconcile.wording import say_count
from metrics.views import data
from metrics.views.frame import Frame
from metrics.views.painted import escape_text


def show(frame: Frame) -> None:
    """Draw the page."""
    st.title("Metrics")
    st.markdown("What each metric counts, and what it does not. The program reads cables by these entries alone.")
    counts, scores = data.count_by_metric(frame.tables, frame.marks), read_scores()
    for family, title in FAMILIES.items():
        st.subheader(title)
        for metric in METRICS.values():
            if metric.family == family:
                _draw_metric(metric, counts.get(metric.id, 0), scores.get(metric.id))


def _draw_metric(metric: Metric, found: int, score: Score | None) -> None:
    label = f"{metric.title} · stated {say_count(found, 'time')} in all cables"
    with st.expander(label, key=f"metric-{metric.id}"):
        st.html(describe_metric(metric, score))


def describe_metric(metric: Metric, score: Score | None) -> str:
    """A catalogue entry as HTML: definition, unit, limits, caveats, how well it is read, examples."""
    kinds = {"stock": "a level at a time", "flow": "adds up over time", "share": "a share"}
    adding = "Parts may be added." if metric.additive else "Parts are not added: they may overlap or repeat."
    rows = [
        ("Counts", escape_text(metric.definition)),
        ("Usual unit", escape_text(f"{say_unit(metric.unit)}; {kinds.get(metric.kind, metric.kind)}. {adding}")),
        ("Part of", escape_text(METRICS[metric.part_of].title) if metric.part_of else ""),
        ("Does not count", escape_text("; ".join(metric.excludes))),
        ("Mind", escape_text(" ".join(metric.caveats))),
        ("How well it is read", escape_text(say_score(score))),
        ("Read as this metric", "<br>".join(escape_text(example.text) for example in metric.examples)),
        ("Not read as it", "<br>".join(escape_text(text) for text in metric.rejects)),
    ]
    lines = "".join(f"<tr><th>{name}</th><td>{text}</td></tr>" for name, text in rows if text)
    return f'<table class="brief">{lines}</table>'


def say_score(score: Score | None) -> str:
    """Precision and recall on reference cables kept aside, with the counts behind them."""
    if score is None:
        return "The reference cables kept aside state no such figure."
    read, stated = score.found + score.false, score.found + score.missed
    return (
        f"On reference cables kept aside, {score.found} of {stated} stated figures were found, "
        f"and {score.found} of {read} figures read were right."
    )
