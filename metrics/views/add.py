"""Bring in cables: read them, see the figures found, then add them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from metrics.cable import Problem
from metrics.catalog import METRICS
from metrics.charts.words import say_name
from metrics.errors import UserError
from metrics.reconcile.wording import say_count
from metrics.sources import KINDS_READ
from metrics.views import adding, data
from metrics.views import frame as frames
from metrics.views.adding import Given, Reading
from metrics.views.aspects import family_aspects
from metrics.views.frame import Frame
from metrics.views.painted import Paint, escape_text, paint_text, surrounding_text
from metrics.views.tables import say_statement

MOST_SHOWN, MOST_LINKS = 100, 10


def show(frame: Frame) -> None:
    """Draw the page."""
    st.title("Add cables")
    st.markdown("Cables are read on this machine. Nothing is added before you have seen the figures found.")
    if message := st.session_state.pop("added", None):
        st.success(frames.as_text(message))
    for cable_id in st.session_state.pop("added_cables", ())[:MOST_LINKS]:
        st.page_link(frame.pages["evidence"], label=f"Read {cable_id}", query_params={"cable": cable_id})
    _link_charts(frame, st.session_state.pop("added_figures", {}))
    with st.form("given"):
        files = st.file_uploader("Files or a zip", accept_multiple_files=True, help=f"Kinds read: {KINDS_READ}.")
        text = st.text_area("Or paste the text of one cable, header and all", height=220, key="pasted")
        if st.form_submit_button("Read", type="primary"):
            _read(frame, collect_given(files, text))
    if reading := st.session_state.get("reading"):
        _draw_reading(frame, reading)


def _link_charts(frame: Frame, added: dict[str, str]) -> None:
    """A link to each chart that the figures added belong in, with one of them chosen; `added` is their metric by id."""
    facts = data.read_stating(frame.tables, added, list(set(added.values()))) if added else []
    frame.note_marks(fact["marking"] for fact in facts)
    for metric in [metric for metric in METRICS.values() if any(fact["metric"] == metric.id for fact in facts)]:
        first = next(fact for fact in facts if fact["metric"] == metric.id)
        aspect = next(one for one in family_aspects(metric.family) if metric.id in one.metrics)
        st.page_link(
            frame.pages[metric.family],
            label=frames.as_text(f"Show in the chart: {say_statement(first, say_name)}"),
            query_params={"figure": first["fact_id"], f"{metric.family}_metric": aspect.title},
        )


def collect_given(files: Sequence[object], text: str) -> list[Given]:
    """What the reader gave: the files, and the pasted text as one more."""
    given = [Given(file.name, file.getvalue()) for file in files]  # type: ignore[attr-defined]
    if text.strip():
        given.append(Given(adding.paste_name(text), text.encode("utf-8")))
    return given


def _read(frame: Frame, given: Sequence[Given]) -> None:
    st.session_state.pop("reading", None)
    if not given:
        st.warning("Give a file or paste a cable first.")
        return
    bar = st.progress(0.0, "Reading")
    there = frame.tables.read("cables", ["cable_id", "body_sha256"])
    known = dict(zip(there["cable_id"].to_pylist(), there["body_sha256"].to_pylist(), strict=True))

    def tell(share: float, name: str) -> None:
        bar.progress(share, frames.as_text(f"Reading {name}"))

    st.session_state["reading"] = adding.read_given(given, known, tell)
    bar.empty()


def _draw_reading(frame: Frame, reading: Reading) -> None:
    cables, figures = reading.rows["cables"], reading.rows["observations"]
    frame.note_marks(reading.marks)
    _draw_problems(reading.problems)
    if not cables:
        frames.draw_nothing("No new cable was found.", "See above for each file, or paste the text with its header.")
        return
    st.subheader(f"{say_count(len(figures), 'figure')} in {say_count(len(cables), 'new cable')}")
    left, right = st.columns([1, 1])
    left.button("Add to the tables", on_click=_add, args=(frame.tables, reading), type="primary")
    right.button("Discard", on_click=_clear)
    texts = {cable["cable_id"]: cable["text"] for cable in cables}
    for cable in cables[:MOST_SHOWN]:
        own = [row for row in figures if row["cable_id"] == cable["cable_id"]]
        with st.expander(
            frames.as_text(f"{cable['cable_id']}: {say_count(len(own), 'figure')}"), expanded=len(cables) == 1
        ):
            st.html("".join(_figure_html(texts[row["cable_id"]], row) for row in own) or "<p>No figure found.</p>")


def _figure_html(text: str, row: adding.Row) -> str:
    first, last = surrounding_text(text, row["sentence_start"], row["sentence_end"])
    first, last = max(first, row["sentence_start"]), min(last, row["sentence_end"])
    painted = paint_text(text, [Paint(row["start"], row["end"], "figure focus")], first, last)
    return (
        f'<div class="found"><p class="card-head"><b>{escape_text(say_statement(row, say_name))}</b></p>'
        f'<div class="cable excerpt">{painted}</div></div>'
    )


def _draw_problems(problems: Sequence[Problem]) -> None:
    if not problems:
        return
    st.subheader("Not read, or not wholly")
    table = pd.DataFrame(
        {
            "Where": [problem.where for problem in problems],
            "What": [problem.what for problem in problems],
            "What to do": [problem.fix for problem in problems],
        }
    )
    st.dataframe(table, hide_index=True, alt="Inputs that could not be read, with the reason")


def _add(tables: data.Tables, reading: Reading) -> None:
    try:
        added = adding.add_reading(tables, reading)
    except (UserError, OSError) as error:
        st.session_state["added"] = f"Nothing was added: {error}"
        return
    _clear()
    st.session_state["added_cables"] = [row["cable_id"] for row in added["cables"]]
    st.session_state["added_figures"] = {row["observation_id"]: row["metric"] for row in added["observations"]}
    named = ", ".join(st.session_state["added_cables"])
    st.session_state["added"] = (
        f"Added: {named}" if named else "Nothing was added: somebody else has added this already"
    )


def _clear() -> None:
    """Show nothing more of what was read, the pasted text included."""
    st.session_state.pop("reading", None)
    st.session_state["pasted"] = ""
