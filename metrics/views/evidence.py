"""The cables: search, list, and each cable's text with its figures painted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from metrics.catalog import FAMILIES, METRICS
from metrics.charts.words import say_name
from metrics.reconcile.wording import say_count
from metrics.views import data, panel, parts, search
from metrics.views import frame as frames
from metrics.views.components import scroll_to
from metrics.views.filters import Filters
from metrics.views.frame import Frame
from metrics.views.painted import Paint, escape_text, paint_text
from metrics.views.tables import say_statement


def show(frame: Frame) -> None:
    """Draw the page."""
    st.title("Evidence")
    words = st.text_input(
        "Search the cables",
        key="q",
        bind="query-params",
        placeholder='portal "border post" smugg*',
        help="All words must occur. Quotes seek a phrase; a star ends the beginning of a word.",
    )
    among = _cached_cables(frame.tables, frame.tables.version, frame.filters, frame.marks)
    if words:
        _draw_hits(frame, words, among)
    figure_id = st.query_params.get("figure")
    mention = find_mention(frame.tables, figure_id) if figure_id else None
    cable_id = mention["cable_id"] if mention else st.query_params.get("cable")
    if cable_id:
        _draw_cable(frame, cable_id, mention)
    elif figure_id:
        frames.draw_nothing(f"The tables hold no figure {figure_id}.", "It may belong to another build; search for it.")
    if cable_id:
        st.button("All cables", on_click=_close_cable)
    elif not words:
        _draw_sources(frame, among)


def find_mention(tables: data.Tables, figure_id: str) -> dict[str, Any] | None:
    """The stated figure of this id; of a fact, its best mention."""
    found = data.read_observation(tables, figure_id)
    if found is None:
        fact = data.read_fact(tables, figure_id)
        mentions = data.read_mentions(tables, fact["observation_ids"][:1]) if fact else []
        found = mentions[0] if mentions else None
    return found


@st.cache_resource(max_entries=2, show_spinner="Indexing the cables for search (once a build)")
def _open_index(_tables: data.Tables, build: str) -> Path:
    return search.open_index(_tables)


@st.cache_data(max_entries=64, show_spinner=False)
def _cached_cables(
    _tables: data.Tables, version: str, filters: Filters, marks: tuple[str, ...] | None
) -> frozenset[str] | None:
    return data.find_cables(_tables, filters, marks)


def _draw_hits(frame: Frame, words: str, among: frozenset[str] | None) -> None:
    index = _open_index(frame.tables, frame.tables.build)
    hits = search.search_cables(index, words, frame.marks, among)
    if not hits:
        left = "" if among is None else " that the choices in the side bar leave"
        frames.draw_nothing(
            f"No cable{left} holds all these words.", "Try fewer words, or the beginning of one with a star."
        )
        return
    found = search.count_hits(index, words, frame.marks, among) if len(hits) == search.MOST_HITS else len(hits)
    first = f"The first {len(hits)} of " if found > len(hits) else ""
    st.caption(f"{first}{say_count(found, 'cable')}, best first.{_say_choice(frame, among)}")
    with st.container(height=420 if len(hits) > 4 else "content"):
        for hit in hits:
            cable = data.read_cable(frame.tables, hit.cable_id) or {}
            frame.note_marks([cable.get("highest_mark")])
            st.page_link(
                frame.pages["evidence"],
                label=hit.cable_id,
                query_params={"cable": hit.cable_id},
            )
            st.html(f'<p class="hit">{escape_text(hit.subject[:160])}<br><small>{hit.snippet}</small></p>')


def _say_choice(frame: Frame, among: frozenset[str] | None) -> str:
    """By which rule the choices in the side bar leave a cable; empty where they leave all."""
    if among is None:
        return ""
    own = "" if frame.filters.statuses or frame.filters.actors else ", or whose own post and date do"
    return f" Kept by the side bar: cables with a figure that matches its choices{own}."


def _draw_cable(frame: Frame, cable_id: str, focus: dict[str, Any] | None) -> None:
    cable = data.read_cable(frame.tables, cable_id)
    if cable is None:
        frames.draw_nothing(f"The tables hold no cable {cable_id}.", "Search for it, or pick one from the list.")
        return
    st.html(f"<h2>{escape_text(cable_id)}</h2>")
    if not frame.may_show(cable["highest_mark"]):
        _draw_permitted(frame, cable_id)
        return
    frame.note_marks([cable["highest_mark"]])
    st.html(f'<p class="card-head">{escape_text(_say_head(cable))}</p>')
    with st.container(horizontal=True):
        why = st.toggle("Show why other numbers were left out", key="ledger", bind="query-params")
    rows = data.read_cable_rows(frame.tables, "observations", cable_id, None)
    paints = [_paint_figure(row, focus) for row in rows]
    if focus is not None:
        paints.append(Paint(focus["sentence_start"], focus["sentence_end"], "sentence"))
    if why:
        ledger = data.read_cable_rows(frame.tables, "ledger", cable_id, None)
        paints += [Paint(row["start"], row["end"], "ledger", f"Not a figure: {row['reason']}") for row in ledger]
    st.html(_key_of_colours(rows) + f'<pre class="cable">{paint_text(cable["text"], paints)}</pre>')
    if focus is not None:
        scroll_to(_anchor(focus))
    _draw_figure_list(frame, rows)


def _paint_figure(row: dict[str, Any], focus: dict[str, Any] | None) -> Paint:
    family = METRICS[row["metric"]].family if row["metric"] in METRICS else ""
    chosen = focus is not None and row["observation_id"] == focus["observation_id"]
    tip = f"{say_statement(row, say_name)} · {panel.cite_mention(row)}"
    return Paint(row["start"], row["end"], f"figure {family}{' focus' if chosen else ''}", tip, _anchor(row))


def _anchor(row: dict[str, Any]) -> str:
    return f"figure-{row['observation_id']}"


def _key_of_colours(rows: list[dict[str, Any]]) -> str:
    families = dict.fromkeys(METRICS[row["metric"]].family for row in rows if row["metric"] in METRICS)
    names = "".join(f'<span class="{family}">{escape_text(FAMILIES[family])}</span>' for family in families)
    return f'<div class="cable key">{names}</div>' if names else "<p>No figure was read from this cable.</p>"


def _say_head(cable: dict[str, Any]) -> str:
    parts = (
        cable["subject"],
        panel.say_day(cable["cable_date"]),
        cable["post"],
        cable["classification"],
        f"declassify on {cable['declassify_on']}" if cable["declassify_on"] else "",
        f"read from {Path(cable['source']).name}" if cable["source"] else "",
    )
    return " · ".join(str(part) for part in parts if part)


def _draw_permitted(frame: Frame, cable_id: str) -> None:
    """Of a cable above the chosen mark, only the sentences whose own mark may be shown."""
    st.info("The cable as a whole is above the mark chosen under Show marks up to; sentences within it follow.")
    for row in data.read_cable_rows(frame.tables, "observations", cable_id, frame.marks):
        frame.note_marks([row["marking"]])
        panel.draw_mention(frame, row)


def _draw_figure_list(frame: Frame, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    with st.expander(f"Figures of this cable as a table: {len(rows)}"):
        table = pd.DataFrame(
            {
                "Paragraph": [row["paragraph"] for row in rows],
                "Mark": [row["marking"] for row in rows],
                "Statement": [say_statement(row, say_name) for row in rows],
                "Sentence": [row["sentence"] for row in rows],
            }
        )
        parts.draw_rows(table, [row["observation_id"] for row in rows], "cable-figures", "Figures of this cable")


def _close_cable() -> None:
    for name in ("figure", "cable"):
        st.query_params.pop(name, None)


def _open_cable(cable_id: str) -> None:
    st.query_params.pop("figure", None)
    st.query_params["cable"] = cable_id


def _draw_sources(frame: Frame, among: frozenset[str] | None) -> None:
    st.subheader("Sources")
    cables = data.read_cable_list(frame.tables, frame.marks, among)
    if cables.empty and among is not None:
        frames.draw_nothing("No cable matches these choices.", "Remove a choice in the side bar.")
        return
    if cables.empty:
        frames.draw_nothing("No cable may be shown.", "Raise Show marks up to in the side bar, or add cables.")
        return
    st.caption(f"{say_count(len(cables), 'cable')}, newest first.{_say_choice(frame, among)}")
    frame.note_marks(cables["classification"])
    table = cables[["cable_id", "cable_date", "post", "figures", "classification", "subject", "source"]].rename(
        columns={
            "cable_id": "Cable",
            "cable_date": "Date",
            "post": "Post",
            "subject": "Subject",
            "classification": "Classification",
            "figures": "Figures",
            "source": "Read from",
        }
    )
    parts.draw_rows(table, list(cables["cable_id"]), "sources", "Cables in the tables", _open_cable)
