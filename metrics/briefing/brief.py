"""A brief: findings in order, each a drawing with its sentences, under one banner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from metrics.briefing.evidence import Evidence, Sentence
from metrics.catalog import METRICS
from metrics.charts import ChartSpec, Drawing
from metrics.charts.selection import LISTED, Row, asked_metrics
from metrics.charts.words import REVIEW_LINE, say_as_of, say_samples, say_source, say_span
from metrics.marking import banner, derived_from, latest_declassification

MOST_CABLES = 100_000
SIGN_LINE = "Derivatively classified by: ______________________"  # for the user to fill in


class Sources:
    """Date and declassification instruction of each cable, and which are samples."""

    def __init__(self, cables: pd.DataFrame) -> None:
        self._rows = {
            str(row["cable_id"]): (
                None if pd.isna(row["cable_date"]) else row["cable_date"],
                None if pd.isna(row["declassify_on"]) else str(row["declassify_on"]),
            )
            for row in cables.to_dict("records")
        }
        self._samples = set(cables["cable_id"][cables["sample"].astype(bool)])

    def dates(self, ids: Iterable[str]) -> dict[str, date | None]:
        """The date of each of these cables, as far as it is known."""
        return {one: self._rows[one][0] for one in ids if one in self._rows}

    def declassify(self, ids: Iterable[str]) -> str | None:
        """The latest declassification instruction among these cables, as found."""
        return latest_declassification([self._rows[one][1] for one in ids if one in self._rows])

    def say_samples(self, ids: Collection[str]) -> str:
        """Says that these cables, or some of them, are samples; empty where none is."""
        return say_samples(len(self._samples.intersection(ids)), len(ids))


@dataclass(frozen=True, slots=True)
class Finding:
    """One chart of a brief: its figures, the banner over them and their sentences, and the foot lines.

    `rest` are figures of the selection that the chart does not draw; tables list them too.
    """

    drawing: Drawing
    rows: tuple[Row, ...]
    rest: tuple[Row, ...]
    sentences: tuple[Sentence, ...]
    banner: str
    foot: tuple[str, ...]


def make_finding(
    drawing: Drawing, evidence: Evidence, sources: Sources, selected: Sequence[Row] = (), build: str = ""
) -> Finding:
    """The finding of a drawing; `selected` are figures of its selection to list with those drawn."""
    rows = list(drawing.rows)
    shown = {one for row in rows for one in (row["id"], *row["ids"])}
    rest = tuple(row for row in selected if row["id"] not in shown and not shown & set(row["ids"]))
    sentences = tuple(evidence.find([*rows, *rest]))
    marks = [row["marking"] for row in (*rows, *rest)] + [one.marking for one in sentences]
    cited = _cite([*rows, *rest, *drawing.quoted], sentences)
    return Finding(
        drawing,
        tuple(rows),
        rest,
        sentences,
        banner([drawing.banner, *marks]),
        foot_lines(cited, sources, build),
    )


@dataclass(frozen=True, slots=True)
class Brief:
    """Findings under a title, with what holds for all of them.

    `gaps` names what was asked for and has no figure, or only figures that its chart cannot draw.
    """

    title: str
    findings: tuple[Finding, ...]
    banner: str
    subtitle: str
    cables: tuple[str, ...]
    foot: tuple[str, ...]
    gaps: str = ""
    build: str = ""


def make_brief(
    title: str,
    findings: Sequence[Finding],
    sources: Sources,
    without: Iterable[str] = (),
    undrawn: Sequence[Drawing] = (),
    build: str = "",
) -> Brief:
    """The brief of these findings; `without` are metrics asked for that have no figure, `undrawn` charts of others."""
    rows = [row for finding in findings for row in (*finding.rows, *finding.rest)]
    quoted = [row for drawing in (*(one.drawing for one in findings), *undrawn) for row in drawing.quoted]
    cited = _cite([*rows, *quoted], [one for finding in findings for one in finding.sentences])
    return Brief(
        title=title,
        findings=tuple(findings),
        banner=banner([*(finding.banner for finding in findings), *(row["marking"] for row in quoted)]),
        subtitle=", ".join(part for part in (say_span(rows), say_as_of(rows)) if part),
        cables=tuple(
            part
            for part in say_source(rows, sources.dates(cited), most=MOST_CABLES).partition(": ")[2].split("; ")
            if part
        ),
        foot=foot_lines(cited, sources, build),
        gaps=_say_gaps(without, undrawn),
        build=build,
    )


def _cite(rows: Iterable[Row], sentences: Iterable[Sentence]) -> set[str]:
    """The cables that figures and sentences stand in."""
    return {cable for row in rows for cable, _ in row["citations"]} | {one.cable_id for one in sentences}


def _say_gaps(without: Iterable[str], undrawn: Iterable[Drawing]) -> str:
    """What has no figure, and which charts are not drawn, and why; no table of a brief lists their figures."""
    missing = ", ".join(METRICS[metric].title for metric in without)
    others = "; ".join(f"{_say_asked(drawing.spec)} ({_say_why(drawing)})" for drawing in undrawn)
    said = (f"No figures found for: {missing}." if missing else "", f"Not drawn: {others}." if others else "")
    return " ".join(part for part in said if part)


def _say_asked(spec: ChartSpec) -> str:
    return ", ".join(METRICS[metric].title for metric in asked_metrics(spec))


def _say_why(drawing: Drawing) -> str:
    return ", ".join(reason.removesuffix(LISTED) for reason in drawing.left_out)


def foot_lines(cable_ids: Collection[str], sources: Sources, build: str) -> tuple[str, ...]:
    """What each picture, slide and page carries below its notes."""
    ids = sorted(set(cable_ids))
    said = derived_from(ids)
    if len(ids) > 6:
        said = f"{said.partition(':')[0]} ({len(ids)} cables, listed with the data)"
    until, made = sources.declassify(ids) or "not stated", f" Build {build}." if build else ""
    lines = (sources.say_samples(ids), f"Derived from: {said}. Declassify on: {until}.", f"{REVIEW_LINE}{made}")
    return tuple(line for line in lines if line)
