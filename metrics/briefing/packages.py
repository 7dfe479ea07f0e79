"""The rows behind a brief as CSV and Parquet, described as a data package (Frictionless, version 1)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from metrics.briefing.brief import Brief, Finding
from metrics.charts.selection import Row, as_stated
from metrics.charts.spec import spec_params
from metrics.charts.words import REVIEW_LINE
from metrics.observations import CODED, COUNT, DAY, NUMBER, TABLES, TEXT, YES_NO, Column

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_MEANINGS = {column.name: column.meaning for column in TABLES["facts"]}
_TYPES = {TEXT: "string", CODED: "string", NUMBER: "number", COUNT: "integer", DAY: "date", YES_NO: "boolean"}


def _fields(*rows: tuple[str, pa.DataType, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


def _known(*names: str) -> tuple[Column, ...]:
    kinds = {column.name: column.type for column in TABLES["facts"]}
    return tuple(Column(name, TEXT if kinds[name] == CODED else kinds[name], _MEANINGS[name]) for name in names)


BANNER = Column("banner", TEXT, "Banner over all rows of this table, in full words.")
FIGURES = (
    BANNER,
    *_fields(
        ("chart", COUNT, "Number of the chart in the brief."),
        ("drawn", YES_NO, "Whether the chart draws the figure; others of its selection are listed only."),
    ),
    *_known("marking", "fact_id", "metric", "kind", "low", "high", "qualifier", "unit", "per", "of", "country"),
    *_known("site", "actor", "period", "period_start", "period_end", "status", "as_of"),
    *_fields(
        ("speakers", TEXT, "Who is reported to say so, joined by semicolons."),
        ("citations", TEXT, "Cable and paragraph of each mention, joined by semicolons."),
        ("flags", TEXT, "Warnings from the closed list of flags, joined by semicolons."),
    ),
    *_known("conflict_group", "part_of", "superseded_by", "derived", "formula"),
)
SENTENCES = (
    BANNER,
    *_fields(
        ("chart", COUNT, "Number of the chart in the brief."),
        ("marking", TEXT, "Portion mark of the paragraph, UNKNOWN where there is none."),
        ("cable_id", TEXT, "Reference id of the cable."),
        ("cable_date", DAY, "Day of the cable's date-time group."),
        ("post", TEXT, "Post that sent the cable."),
        ("paragraph", COUNT, "Paragraph number as printed."),
        ("speaker", TEXT, "Who says so, in reported speech."),
        (
            "states",
            TEXT,
            "Figures of the chart that the sentence states or, as said there, is an input of, joined by semicolons.",
        ),
        ("sentence", TEXT, "The sentence as it stands, white space folded."),
    ),
)


def figure_records(brief: Brief) -> list[dict[str, Any]]:
    """A record for every figure of every chart, those listed only after those drawn."""
    return [
        _figure_record(brief.banner, number, row, drawn)
        for number, finding in enumerate(brief.findings, 1)
        for drawn, rows in ((True, finding.rows), (False, finding.rest))
        for row in rows
    ]


def _figure_record(banner: str, number: int, row: Row, drawn: bool) -> dict[str, Any]:
    made = {
        "banner": banner,
        "chart": number,
        "drawn": drawn,
        "fact_id": row["id"],
        "marking": row["marking"] or "UNKNOWN",
        "speakers": "; ".join(row["speakers"]),
        "citations": "; ".join(f"{cable} para {at}" if at is not None else cable for cable, at in row["citations"]),
        "flags": "; ".join(row["flags"]),
    }
    stated = as_stated(row)
    return {field.name: made[field.name] if field.name in made else stated[field.name] for field in FIGURES}


def sentence_records(brief: Brief) -> list[dict[str, Any]]:
    """A record for every sentence behind every chart."""
    return [
        {
            "banner": brief.banner,
            "chart": number,
            "marking": one.marking or "UNKNOWN",
            "cable_id": one.cable_id,
            "cable_date": one.cable_date,
            "post": one.post,
            "paragraph": one.paragraph,
            "speaker": one.speaker,
            "states": "; ".join(one.figures),
            "sentence": one.sentence,
        }
        for number, finding in enumerate(brief.findings, 1)
        for one in finding.sentences
    ]


def neutralise(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before the signs that begin one.

    >>> neutralise("=1+1"), neutralise("29 sites")
    ("'=1+1", '29 sites')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value) if isinstance(value, int) else neutralise(str(value))


def _csv(fields: Sequence[Column], records: Sequence[Mapping[str, Any]], bom: bool) -> bytes:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow([field.name for field in fields])
    writer.writerows([[_cell(record[field.name]) for field in fields] for record in records])
    return sink.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _parquet(fields: Sequence[Column], records: Sequence[Mapping[str, Any]], banner: str) -> bytes:
    schema = pa.schema(
        [pa.field(field.name, field.type, metadata={"meaning": field.meaning}) for field in fields],
        metadata={"banner": banner, "review": REVIEW_LINE},
    )
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(record) for record in records], schema=schema), sink, compression="zstd")
    return sink.getvalue()


def write_csv(brief: Brief, bom: bool = False) -> bytes:
    """The figures as CSV in UTF-8, ISO dates; `bom` adds the mark by which Excel knows the encoding."""
    return _csv(FIGURES, figure_records(brief), bom)


def write_parquet(brief: Brief) -> bytes:
    """The figures as Parquet, the meaning of each column in its metadata."""
    return _parquet(FIGURES, figure_records(brief), brief.banner)


def write_package(brief: Brief, bom: bool = False) -> bytes:
    """A zip of figures and sentences, each as CSV and Parquet, with `datapackage.json`. Same brief, same bytes."""
    figures, sentences = figure_records(brief), sentence_records(brief)
    files = {
        "figures.csv": _csv(FIGURES, figures, bom),
        "figures.parquet": _parquet(FIGURES, figures, brief.banner),
        "sentences.csv": _csv(SENTENCES, sentences, bom),
        "sentences.parquet": _parquet(SENTENCES, sentences, brief.banner),
    }
    descriptor = json.dumps(describe_package(brief, files, bom), indent=1, ensure_ascii=False) + "\n"
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"datapackage.json": descriptor.encode(), **files}.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return sink.getvalue()


def describe_package(brief: Brief, files: Mapping[str, bytes], bom: bool) -> dict[str, Any]:
    """The descriptor: tables with their schemas, sources, and what every chart carries."""
    tables = {"figures": FIGURES, "sentences": SENTENCES}
    return {
        "profile": "data-package",
        "name": "border-security-figures",
        "title": brief.title,
        "description": brief.subtitle,
        "banner": brief.banner,
        "review": REVIEW_LINE,
        "marking": [line for line in brief.foot if line],
        "version": brief.build,
        "sources": [{"title": cable} for cable in brief.cables],
        "charts": [_describe_chart(number, finding) for number, finding in enumerate(brief.findings, 1)],
        "resources": [
            _describe_resource(name, tables[name.partition(".")[0]], content, bom) for name, content in files.items()
        ],
    }


def _describe_chart(number: int, finding: Finding) -> dict[str, Any]:
    drawing = finding.drawing
    return {
        "number": number,
        "banner": finding.banner,
        "title": drawing.title,
        "subtitle": drawing.subtitle,
        "notes": list(drawing.notes),
        "source": drawing.source,
        "derivedFrom": drawing.derived_from,
        "declassifyOn": drawing.declassify_on,
        "parameters": spec_params(drawing.spec),
    }


def _describe_resource(name: str, fields: Sequence[Column], content: bytes, bom: bool) -> dict[str, Any]:
    table, _, form = name.partition(".")
    described: dict[str, Any] = {
        "name": f"{table}-{form}",
        "path": name,
        "format": form,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if form == "csv":
        described |= {
            "profile": "tabular-data-resource",
            "mediatype": "text/csv",
            "encoding": "utf-8-sig" if bom else "utf-8",
            "dialect": {"lineTerminator": "\r\n"},
        }
    return {**described, "schema": {"fields": [_describe_field(field) for field in fields], "missingValues": [""]}}


def _describe_field(field: Column) -> dict[str, Any]:
    kind = _TYPES[field.type]
    described: dict[str, Any] = {"name": field.name, "type": kind, "description": field.meaning}
    return described | ({"format": "default"} if kind == "date" else {})
