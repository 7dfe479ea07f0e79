"""The sentence behind a figure, highlighted in the cable it comes from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from metrics.charts import ChartSpec
from metrics.charts.coverage import measure
from metrics.charts.drawing import choose_rows
from metrics.charts.selection import METRICS_OF
from metrics.charts.words import say_coverage, say_name
from metrics.observations import FLAGS
from metrics.reconcile.wording import say_count
from metrics.views import data
from metrics.views.frame import Frame, as_text, draw_nothing
from metrics.views.painted import Paint, escape_text, paint_text, surrounding_text
from metrics.views.parts import choose_figure
from metrics.views.tables import FACT_COLUMNS, say_difference, say_outcome, say_rival, say_statement

HINT = "Click a bar, a point or a table row to read the sentence behind the figure"


def draw_figure_panel(frame: Frame, figure_id: str | None, sticks: bool = True, hint: str = f"{HINT}.") -> None:
    """The sentence behind the chosen figure, highlighted in its paragraph, with cable, date, paragraph and mark.

    On a small screen it stays in sight at the lower edge, unless it does not stick. Where no figure is chosen, the hint
    says how to choose one.
    """
    fact = data.read_fact(frame.tables, figure_id) if figure_id else None
    if fact is None or not frame.may_show(fact["marking"]):
        st.html(f'<p class="card-head hint">{escape_text(hint)}</p>')
        return
    frame.note_marks([fact["marking"]])
    st.html(
        f'<p class="card-head{" panel" if sticks else ""}"><b>{escape_text(say_statement(fact, say_name))}</b></p>'
        f'<p class="card-head">{escape_text(_say_standing(fact))}</p>'
    )
    if fact["metric"] in METRICS_OF["coverage"] and fact["country"]:
        _draw_share(frame, fact)
    mentions = data.read_mentions(frame.tables, fact["observation_ids"], frame.marks)
    first = _first_of_each_input(frame, fact, mentions) if fact["derived"] else mentions[:1]
    if fact["derived"]:
        st.html(f'<p class="card-head">Computed: {escape_text(fact["formula"] or "")}</p>')
    for mention in first:
        draw_mention(frame, mention)
    if mentions:
        st.page_link(
            frame.pages["review"],
            label="Accept, reject or correct it",
            query_params={"figure": mentions[0]["observation_id"]},
        )
    if more := [mention for mention in mentions if mention not in first]:
        with st.expander(f"{say_count(len(more), 'more mention')} of this figure"):
            for mention in more:
                draw_mention(frame, mention)
    _draw_outcome(frame, fact)
    _draw_rivals(frame, fact)


def _say_standing(fact: dict[str, Any]) -> str:
    sources = say_count(fact["sources"], "source") if fact["sources"] else ""
    parts = [
        f"as of {fact['as_of']}" if fact["as_of"] else "",
        sources,
        f"mark {fact['marking']}" if fact["marking"] else "",
        f"reviewed: {fact['reviewed']}" if fact["reviewed"] else "",
        *(FLAGS[flag] for flag in fact["flags"] or () if flag in FLAGS),
    ]
    return " · ".join(part for part in parts if part)


def _first_of_each_input(frame: Frame, fact: dict[str, Any], mentions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The best mention of each figure a computed one was made of."""
    by_id = {mention["observation_id"]: mention for mention in mentions}
    inputs = (data.read_fact(frame.tables, fact_id) for fact_id in fact["inputs"] or ())
    shown = ([by_id[one] for one in source["observation_ids"] if one in by_id] for source in inputs if source)
    return [own[0] for own in shown if own]


def _draw_share(frame: Frame, fact: dict[str, Any]) -> None:
    """The share of all checkpoints that the figure is, as the chart says it; a click shows the sentences behind it."""
    chosen = replace(frame.filters, countries=(fact["country"],))
    facts = data.read_facts(frame.tables, chosen, frame.marks, METRICS_OF["coverage"], FACT_COLUMNS)
    drawn = choose_rows(ChartSpec("coverage", countries=(fact["country"],)), facts).rows
    row = next((one for one in drawn if one["id"] == fact["fact_id"]), None)
    measured = measure(row, drawn) if row else None
    if not row or not measured:
        return
    frame.note_marks(total["marking"] for total in measured.totals)
    shares = facts[facts["derived"] & (facts["kind"] == "share") & (facts["inputs"].str[0] == row["id"])]
    st.button(
        as_text(say_coverage(row, measured)),
        key="share-of-all",
        type="tertiary",
        on_click=choose_figure,
        args=(next(iter(shares["fact_id"]), measured.totals[0]["id"]),),
    )


def _draw_outcome(frame: Frame, fact: dict[str, Any]) -> None:
    """What came of a plan, or the later count of a running period; a click shows its sentence."""
    later = data.read_fact(frame.tables, fact["superseded_by"]) if fact["superseded_by"] else None
    if later is None or not frame.may_show(later["marking"]):
        return
    what = "A later count of the same period" if fact["status"] == "actual" else "What came of this plan"
    st.html(f'<p class="card-head"><b>{what}.</b></p>')
    with st.container(key="outcome"):
        _draw_choice(frame, later, "outcome", say_outcome(later, say_name))


def _draw_rivals(frame: Frame, fact: dict[str, Any]) -> None:
    rivals = data.read_rivals(frame.tables, fact, frame.marks)
    if not rivals:
        return
    why = say_difference([fact, *rivals])
    st.html(
        f'<p class="card-head"><b>Rival estimates.</b> {escape_text(why.capitalize())}. '
        "They are kept apart, never averaged.</p>"
    )
    with st.container(key="rivals"):
        for rival in rivals[:6]:
            _draw_choice(frame, rival, "rival", say_rival(rival, say_name))


def _draw_choice(frame: Frame, fact: dict[str, Any], role: str, words: str) -> None:
    """A button that names another figure and shows the sentence of it."""
    frame.note_marks([fact["marking"]])
    st.button(as_text(words), key=f"{role}-{fact['fact_id']}", on_click=choose_figure, args=(fact["fact_id"],))


def draw_mention(frame: Frame, mention: dict[str, Any]) -> None:
    """One stated figure: where it stands, and its sentence highlighted in the paragraph around it."""
    cable = data.read_cable(frame.tables, mention["cable_id"])
    if cable is None:
        draw_nothing(f"Cable {mention['cable_id']} is not in the tables.", "Build them again.")
        return
    frame.note_marks([mention["marking"]])
    whole = frame.may_show(cable["highest_mark"])
    start, end = (
        surrounding_text(cable["text"], mention["sentence_start"], mention["sentence_end"])
        if whole
        else (mention["sentence_start"], mention["sentence_end"])
    )
    paints = [
        Paint(mention["sentence_start"], mention["sentence_end"], "sentence"),
        Paint(mention["start"], mention["end"], "figure focus"),
    ]
    st.html(
        f'<p class="card-head">{escape_text(cite_mention(mention))}</p>'
        f'<div class="cable excerpt">{paint_text(cable["text"], paints, start, end)}</div>'
    )
    st.page_link(
        frame.pages["evidence"],
        label=f"Read {mention['cable_id']} whole" if whole else f"More on {mention['cable_id']}",
        query_params={"figure": mention["observation_id"]},
    )


def cite_mention(mention: dict[str, Any]) -> str:
    """Cable, date, post, paragraph and mark of a stated figure."""
    paragraph = f"paragraph {mention['paragraph']}" if mention["paragraph"] is not None else "no paragraph number"
    speaker = f"said by {mention['speaker']}" if mention["speaker"] else ""
    day, mark = say_day(mention["cable_date"]), f"({mention['marking']})"
    parts = (mention["cable_id"], day, mention["post"], paragraph, mark, speaker)
    return " · ".join(str(part) for part in parts if part)


def say_day(day: date | None) -> str:
    """A day in words."""
    return day.strftime("%-d %B %Y") if day else "no date"
