"""The rows of a view as bytes of a file, and the metadata that explain them."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from metrics.briefing.packages import neutralise
from metrics.briefing.packs import COUNTRY_PACK, brief_on, read_pack
from metrics.briefing.write import Data, write_brief, write_chart
from metrics.catalog import METRICS
from metrics.charts import ChartSpec
from metrics.observations import TABLES
from metrics.views.data import Tables, read_cited, read_facts
from metrics.views.filters import Filters

LISTS = tuple(column.name for column in TABLES["facts"] if str(column.type).startswith("list"))


def csv_bytes(facts: pd.DataFrame) -> bytes:
    """Facts as CSV in UTF-8, lists joined with semicolons; no cell begins like a spreadsheet's formula."""
    plain = facts.copy()
    for name in plain.columns:
        if name in LISTS:
            plain[name] = [_join(value) for value in plain[name]]
        elif isinstance(plain[name].dtype, pd.StringDtype):
            plain[name] = [neutralise(value) if isinstance(value, str) else value for value in plain[name]]
    return plain.to_csv(index=False).encode("utf-8")


def _join(value: Any) -> str:
    return "" if value is None or isinstance(value, float) else neutralise("; ".join(map(str, value)))


def parquet_bytes(facts: pd.DataFrame) -> bytes:
    """Facts as Parquet."""
    sink = io.BytesIO()
    facts.to_parquet(sink, index=False, compression="zstd")
    return sink.getvalue()


def plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of a frame as values that JSON knows; dates as ISO 8601."""
    return {str(name): _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [str(item) for item in value]
    if pd.isna(value):
        return None
    return value.isoformat() if isinstance(value, date) else value


def json_bytes(body: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8, dates as ISO 8601."""
    return json.dumps(body, ensure_ascii=False, default=str).encode("utf-8")


def metadata(facts: pd.DataFrame, filters: Filters, metrics: Sequence[str]) -> dict[str, Any]:
    """What the rows are: filters, number, meaning of the columns, definitions and caveats of the metrics, sources."""
    shown = sorted(facts["metric"].dropna().unique())
    return {
        "filters": asdict(filters),
        "rows": len(facts),
        "columns": [
            {"name": column.name, "type": str(column.type), "meaning": column.meaning}
            for column in TABLES["facts"]
            if column.name in facts.columns
        ],
        "metrics": [
            {
                "id": key,
                "title": METRICS[key].title,
                "unit": METRICS[key].unit,
                "definition": METRICS[key].definition,
                "caveats": METRICS[key].caveats,
            }
            for key in (metrics or shown)
            if key in METRICS
        ],
        "sources": sorted({str(cable) for cited in facts["cables"] if cited is not None for cable in cited}),
        "marks": sorted(str(mark) for mark in facts["marking"].dropna().unique()),
        "note": "Marks carried forward by software, not reviewed.",
    }


def chart_file(
    tables: Tables,
    filters: Filters,
    marks: Sequence[str] | None,
    spec: ChartSpec,
    suffix: str,
    size: str = "slide",
    scale: int = 1,
) -> bytes:
    """One chart as a file of a briefing, in the format of the suffix, from the rows that may be shown alone."""
    with tempfile.TemporaryDirectory(prefix="chart-") as folder:
        out = Path(folder) / f"chart{suffix}"
        write_chart(_export_data(tables, filters, marks, spec.metrics), spec, out, size, scale)
        return out.read_bytes()


def brief_file(tables: Tables, filters: Filters, marks: Sequence[str] | None, suffix: str) -> bytes:
    """The brief on the countries of the filters as a file, in the format of the suffix."""
    with tempfile.TemporaryDirectory(prefix="brief-") as folder:
        out = Path(folder) / f"brief{suffix}"
        pack = brief_on(read_pack(COUNTRY_PACK), filters.countries)
        write_brief(_export_data(tables, filters, marks, ()), pack, out)
        return out.read_bytes()


def _export_data(tables: Tables, filters: Filters, marks: Sequence[str] | None, metrics: Sequence[str]) -> Data:
    facts = read_facts(tables, filters, marks, metrics)
    return Data(tables.overlay or tables.folder, facts, read_cited(tables, facts), tables.build_id)
