"""A brief: findings in order, each a drawing with its sentences, under one banner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metrics.briefing.evidence import Evidence, Sentence
from metrics.briefing.native import find_rows
from metrics.catalog import METRICS
from metrics.charts import ChartSpec, Drawing
from metrics.charts.selection import METRICS_OF, Row
from metrics.charts.words import REVIEW_LINE, say_as_of, say_source, say_span
from metrics.marking import banner, derived_from, latest_declassification

MOST_CABLES = 100_000


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


def make_finding(drawing: Drawing, evidence: Evidence, selected: Sequence[Row] = (), build: str = "") -> Finding:
    """The finding of a drawing; `selected` are all figures of its selection."""
    rows = find_rows(drawing)
    shown = {one for row in rows for one in (row["id"], *row["ids"])}
    rest = tuple(row for row in selected if row["id"] not in shown and not shown & set(row["ids"]))
    sentences = tuple(evidence.find([*rows, *rest]))
    marks = [row["marking"] for row in (*rows, *rest)] + [one.marking for one in sentences]
    cited = {cable for row in rows for cable, _ in row["citations"]}
    return Finding(
        drawing,
        tuple(rows),
        rest,
        sentences,
        banner([drawing.banner, *marks]),
        foot_lines(cited, drawing.declassify_on, build),
    )


@dataclass(frozen=True, slots=True)
class Brief:
    """Findings under a title, with what holds for all of them; `gaps` names what was asked for and has no figure."""

    title: str
    findings: tuple[Finding, ...]
    banner: str
    subtitle: str
    cables: tuple[str, ...]
    foot: tuple[str, ...]
    gaps: str = ""
    build: str = ""


def make_brief(title: str, findings: Sequence[Finding], without: Iterable[ChartSpec] = (), build: str = "") -> Brief:
    """The brief of these findings; `without` are charts asked for that have no figure."""
    rows = [row for finding in findings for row in finding.rows]
    sentences = [one for finding in findings for one in finding.sentences]
    dates = {one.cable_id: one.cable_date for one in sentences}
    cited = {cable for row in rows for cable, _ in row["citations"]} | set(dates)
    until = latest_declassification([finding.drawing.declassify_on for finding in findings])
    return Brief(
        title=title,
        findings=tuple(findings),
        banner=banner([finding.banner for finding in findings]),
        subtitle=", ".join(part for part in (say_span(rows), say_as_of(rows)) if part),
        cables=tuple(part for part in say_source(rows, dates, most=MOST_CABLES).partition(": ")[2].split("; ") if part),
        foot=foot_lines(cited, until, build),
        gaps=_say_gaps(without),
        build=build,
    )


def _say_gaps(without: Iterable[ChartSpec]) -> str:
    asked = [METRICS[metric].title for spec in without for metric in spec.metrics or METRICS_OF[spec.chart]]
    return f"No figures found for: {', '.join(dict.fromkeys(asked))}." if asked else ""


def foot_lines(cable_ids: Iterable[str], until: str | None, build: str) -> tuple[str, ...]:
    """What each picture, slide and page carries below its notes."""
    ids: Sequence[str] = sorted(set(cable_ids))
    said = derived_from(ids)
    if len(ids) > 6:
        said = f"{said.partition(':')[0]} ({len(ids)} cables, listed with the data)"
    made = f" Build {build}." if build else ""
    return (f"Derived from: {said}. Declassify on: {until or 'not stated'}.", f"{REVIEW_LINE}{made}")
