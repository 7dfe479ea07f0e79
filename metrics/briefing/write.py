"""Briefs and single charts written to files, in the format of the suffix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metrics.briefing.brief import Brief, Sources, make_brief, make_finding
from metrics.briefing.evidence import Evidence
from metrics.briefing.packs import Pack
from metrics.catalog import METRICS
from metrics.charts import ChartSpec, Drawing, draw_chart, read_spec
from metrics.charts.choices import list_actors, pick_choices
from metrics.charts.conditions import units_on_axis
from metrics.charts.selection import Row, asked_metrics, chart_rows, select_rows
from metrics.charts.words import say_name
from metrics.errors import UserError
from metrics.folders import Place
from metrics.look import Size, say_unit
from metrics.reconcile import SOURCE_COLUMNS
from metrics.review import Outcome, Review, review_tables
from metrics.store import in_order, read_manifest, read_table

CABLE_COLUMNS = ("cable_id", "cable_date", "declassify_on", "sample")
PAGE = Size("page", 660, 640, 1.0)  # a chart on A4, at most as high as leaves room for its words
OF_ANY = ("bars", "timeline")  # kinds of chart that do not say by themselves what they show
Progress = Callable[[Iterable[Any]], Iterable[Any]]


class ExportError(UserError):
    """A file cannot be written; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Data:
    """The tables that exports read: facts, what they need of the cables, and where the sentences are.

    The sentences stand in the folder, or in `outcome` where decisions were applied that its tables do not hold.
    """

    folder: Place
    facts: pd.DataFrame
    cables: pd.DataFrame
    build: str
    outcome: Outcome | None = None


def read_data(folder: Place, reviews: Sequence[Review] = ()) -> Data:
    """The tables in a folder with these decisions applied; raises TablesMissingError or TablesOutdatedError."""
    build = str(read_manifest(folder).get("build", ""))
    facts = read_table(folder, "facts")
    cables = read_table(folder, "cables", CABLE_COLUMNS).to_pandas()
    if not reviews:
        return Data(folder, facts.to_pandas(), cables, build)
    sources = read_table(folder, "cables", SOURCE_COLUMNS)
    outcome = review_tables(read_table(folder, "observations"), facts, sources, reviews)
    held = in_order("facts", outcome.facts).cast(facts.schema)
    return Data(folder, held.to_pandas(), cables, build, outcome)


def say_decisions(data: Data) -> str:
    """How many of the analysts' decisions the data follow."""
    if data.outcome is None:
        return "No analysts' decisions on record."
    return f"{data.outcome.applied} of {data.outcome.standing} analysts' decisions applied."


def read_chart_spec(params: Mapping[str, object], data: Data) -> ChartSpec:
    """The chart that named parameters describe, its parties and unit by word or code as `settle_spec` reads them.

    Raises ExportError where one is wrong, or where none says what a chart of any metric is to show.
    """
    try:
        spec = read_spec(params)
    except ValueError as error:
        raise ExportError(str(error)) from error
    chosen = settle_spec(spec, data)
    if spec.chart in OF_ANY and not spec.metrics and (counts := _count_by_metric(data, chosen)):
        listed = ", ".join(f"{metric} {count}" for metric, count in counts.items())
        raise ExportError(f"no metric is named; name one with --metric; figures there are: {listed}")
    return chosen


def settle_spec(spec: ChartSpec, data: Data) -> ChartSpec:
    """The chart with its parties, by word or code, as the data name them, and its unit as they or the catalogue do.

    Raises ExportError where one is unknown.
    """
    named = {*data.facts["unit"].dropna().unique(), *(metric.unit for metric in METRICS.values())}
    units = sorted({one for unit in named for one in units_on_axis(unit)})
    try:
        actors = pick_choices("actor", spec.actors, list_actors(data.facts["actor"].dropna().unique()), say_name)
        unit = "".join(pick_choices("unit", filter(None, [spec.unit]), units, say_unit))
    except ValueError as error:
        raise ExportError(str(error)) from error
    return replace(spec, actors=actors, unit=unit)


def _count_by_metric(data: Data, spec: ChartSpec) -> dict[str, int]:
    found = select_rows(replace(spec, metrics=tuple(METRICS)), data.facts)
    return {str(metric): int(count) for metric, count in found["metric"].value_counts().items() if count}


def find_sentences(data: Data, rows: Sequence[Row]) -> Evidence:
    """The sentences of these figures and of what computed ones are computed from."""
    inputs = data.facts[data.facts["fact_id"].isin([one for row in rows for one in row["inputs"]])]
    ids = {one for row in rows for one in row["ids"]} | {str(one) for own in inputs["observation_ids"] for one in own}
    named = pc.field("observation_id").isin(pa.array(sorted(ids), pa.string()))
    if data.outcome is None:
        found = read_table(data.folder, "observations", where=named)
    else:
        found = data.outcome.observations.filter(named)
    return Evidence(found.to_pandas(), inputs)


def draw_brief(
    data: Data, pack: Pack, size: str | Size = "slide", listed: bool = False, progress: Progress = iter
) -> Brief:
    """The pack's charts over the data, with their sentences; those without figures are named apart.

    `listed` adds the figures of each selection that its chart does not draw, for files that hold tables. Raises
    ExportError where a chart names a party or a unit that is unknown.
    """
    specs = [settle_spec(spec, data) for spec in pack.specs]
    drawings = [draw_chart(spec, data.facts, data.cables, size=size, build=data.build) for spec in progress(specs)]
    return _make(data, pack.title, drawings, listed)


def _make(data: Data, title: str, drawings: Sequence[Drawing], listed: bool) -> Brief:
    """The brief of all drawings that are not empty, read with one look at the sentences."""
    drawn = [drawing for drawing in drawings if not drawing.empty]
    without, undrawn = _find_gaps(data, drawings)
    selected = [chart_rows(select_rows(drawing.spec, data.facts)) if listed else [] for drawing in drawn]
    rows = [row for drawing in drawn for row in drawing.rows] + [row for own in selected for row in own]
    evidence = find_sentences(data, rows)
    quoted = [row for drawing in (*drawn, *undrawn) for row in drawing.quoted]
    cited = evidence.cables | {cable for row in (*rows, *quoted) for cable, _ in row["citations"]}
    sources = Sources(data.cables[data.cables["cable_id"].isin(cited)])
    findings = [
        make_finding(drawing, evidence, sources, own, data.build) for drawing, own in zip(drawn, selected, strict=True)
    ]
    return make_brief(title, findings, sources, without, undrawn, data.build)


def _find_gaps(data: Data, drawings: Sequence[Drawing]) -> tuple[list[str], list[Drawing]]:
    """The metrics asked for that have no figure, and the empty charts whose figures no other chart shows either."""
    held = [set(select_rows(drawing.spec, data.facts)["metric"]) for drawing in drawings]
    shown = {row["metric"] for drawing in drawings for row in drawing.rows}
    asked = dict.fromkeys(metric for drawing in drawings for metric in asked_metrics(drawing.spec))
    return (
        [metric for metric in asked if metric not in set().union(*held)],
        [drawing for drawing, own in zip(drawings, held, strict=True) if drawing.empty and own - shown],
    )


def write_brief(data: Data, pack: Pack, out: Path, progress: Progress = iter, bom: bool = False) -> Brief:
    """Write the pack to `out` as .pptx, .pdf, .xlsx, .html or .zip (data package), and return what it holds.

    Raises ExportError where the suffix, a party or a unit is unknown, or no chart of the pack has a figure.
    """
    suffix = out.suffix.lower()
    if suffix not in BRIEF_WRITERS:
        raise ExportError(f"{out.name}: a brief is written as {', '.join(BRIEF_WRITERS)}; choose one of these suffixes")
    size, write = BRIEF_WRITERS[suffix]
    brief = draw_brief(data, pack, size, suffix in TABLES, progress)
    if not brief.findings:
        raise ExportError(
            f"no figures for {pack.title!r} in {data.folder}, nothing is written; choose other countries or filters"
        )
    _save(out, write(brief, bom))
    return brief


def write_chart(
    data: Data, spec: ChartSpec, out: Path, size: str = "slide", scale: int = 1, bom: bool = False
) -> Drawing:
    """Write one chart to `out`: a picture (.png, .svg, .pdf), .html, .pptx, .xlsx, .csv, .parquet or .zip.

    A selection without figures raises ExportError, as does a picture without a browser.
    """
    suffix = out.suffix.lower()
    known = (*PICTURES, *CHART_WRITERS)
    if suffix not in known:
        raise ExportError(f"{out.name}: a chart is written as {', '.join(known)}; choose one of these suffixes")
    drawing = draw_chart(spec, data.facts, data.cables, size=size, build=data.build)
    if drawing.empty:
        raise ExportError(f"{drawing.headline}: {drawing.subtitle} Nothing is written.")
    if suffix in PICTURES:
        _save(out, _picture(drawing, suffix, scale))
    else:
        _save(out, CHART_WRITERS[suffix](_make(data, drawing.headline, [drawing], suffix in TABLES), bom))
    return drawing


def _save(out: Path, content: bytes) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)
    except OSError as error:
        raise ExportError(f"{out} cannot be written: {error.strerror}") from error


# Each format's library is imported when it is asked for: a workbook needs no typesetter.


def _picture(drawing: Drawing, suffix: str, scale: int) -> bytes:
    from metrics.briefing.pictures import draw_picture  # noqa: PLC0415

    return draw_picture(drawing, suffix.lstrip("."), scale)


def _slides(brief: Brief, _bom: bool) -> bytes:
    from metrics.briefing.slides import write_slides  # noqa: PLC0415

    return write_slides(brief)


def _workbook(brief: Brief, _bom: bool) -> bytes:
    from metrics.briefing.workbook import write_workbook  # noqa: PLC0415

    return write_workbook(brief)


def _document(brief: Brief, _bom: bool) -> bytes:
    from metrics.briefing.document import write_document  # noqa: PLC0415

    return write_document(brief)


def _page(brief: Brief, _bom: bool) -> bytes:
    from metrics.briefing.pages import write_page  # noqa: PLC0415

    return write_page(brief).encode()


def _package(brief: Brief, bom: bool) -> bytes:
    from metrics.briefing.packages import write_package  # noqa: PLC0415

    return write_package(brief, bom)


def _csv(brief: Brief, bom: bool) -> bytes:
    from metrics.briefing.packages import write_csv  # noqa: PLC0415

    return write_csv(brief, bom)


def _parquet(brief: Brief, _bom: bool) -> bytes:
    from metrics.briefing.packages import write_parquet  # noqa: PLC0415

    return write_parquet(brief)


PICTURES = (".png", ".svg", ".pdf")
TABLES = (".xlsx", ".zip", ".csv", ".parquet")  # list figures that the chart does not draw
BRIEF_WRITERS: dict[str, tuple[str | Size, Callable[[Brief, bool], bytes]]] = {
    ".pptx": ("slide", _slides),
    ".pdf": (PAGE, _document),
    ".xlsx": ("screen", _workbook),
    ".html": ("screen", _page),
    ".zip": ("screen", _package),
}
CHART_WRITERS: dict[str, Callable[[Brief, bool], bytes]] = {
    ".html": _page,
    ".pptx": _slides,
    ".xlsx": _workbook,
    ".csv": _csv,
    ".parquet": _parquet,
    ".zip": _package,
}
