"""The rows of a view as bytes of a file, and the metadata that explain them."""

from __future__ import annotations

import io
import json
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metrics.briefing.packages import BANNER, neutralise
from metrics.briefing.packs import COUNTRY_PACK, brief_on, read_pack
from metrics.briefing.write import Data, write_brief, write_chart
from metrics.catalog import METRICS
from metrics.charts import ChartSpec
from metrics.charts.conditions import is_any
from metrics.charts.words import say_name
from metrics.marking import banner
from metrics.observations import TABLES, TEXT, YES_NO, Column
from metrics.views.data import Tables, list_cited, read_cited, read_facts, read_said
from metrics.views.filters import Filters

ADDED = (
    BANNER,
    Column("sample", YES_NO, "Whether a cable cited was written for this program as a sample: no reporting."),
    Column("sentences", TEXT, "The sentences that state the figure, as they stand, with a bar between them."),
)
MOST_NAMED = 3  # countries in the name of a file
LISTS = tuple(column.name for column in TABLES["facts"] if str(column.type).startswith("list"))


def read_rows(
    tables: Tables, filters: Filters, marks: Sequence[str] | None, metrics: Sequence[str] = ()
) -> pd.DataFrame:
    """Facts of a view with what a row needs once it stands outside the app: the columns of ADDED."""
    facts = read_facts(tables, filters, marks, metrics)
    said, cited, cables = read_said(tables, facts, marks), list_cited(facts), read_cited(tables, facts)
    samples = cited.filter(is_any("cable_id", cables["cable_id"][cables["sample"].astype(bool)]))
    facts["sample"] = facts.index.isin(samples["fact"].to_numpy())
    facts["sentences"] = _join_sentences(said).reindex(facts.index, fill_value="").astype(pd.StringDtype())
    portions = (*facts["marking"].unique(), *pc.unique(said["marking"]).to_pylist())
    facts.insert(0, "banner", banner(None if pd.isna(mark) else str(mark) for mark in portions))
    return facts


def _join_sentences(said: pa.Table) -> pd.Series[str]:
    """The sentences of each fact by its place, each once, with a bar between them."""
    once = said.group_by(["fact", "sentence"], use_threads=False).aggregate([])
    together = once.group_by("fact", use_threads=False).aggregate([("sentence", "list")])
    return pd.Series(pc.binary_join(together["sentence_list"], " | ").to_pandas().array, together["fact"].to_numpy())


def name_view(title: str, filters: Filters) -> str:
    """The name of a view's files, without ending: what is counted, where and when.

    >>> name_view("Arrests", Filters(countries=("CRI",), of="drug suspects", since=2005))
    'arrests-costa-rica-drug-suspects-from-2005'
    """
    countries = [say_name(code) for code in filters.countries]
    years = [f"{word} {year}" for word, year in (("from", filters.since), ("to", filters.until)) if year]
    where = countries if len(countries) <= MOST_NAMED else [f"{len(countries)} countries"]
    words = unicodedata.normalize("NFKD", " ".join([title, *where, filters.of, *years]))
    return "-".join(re.findall("[a-z0-9]+", words.encode("ascii", "ignore").decode().lower()))


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
    """What the rows of `read_rows` are: banner, filters, columns, metrics with caveats, sources."""
    shown = sorted(facts["metric"].dropna().unique())
    countries = set(facts["country"])
    return {
        "classification": next(iter(facts["banner"]), banner(())),
        "filters": asdict(filters),
        "countries_without_figures": [code for code in filters.countries if code not in countries],
        "rows": len(facts),
        "sample_rows": int(facts["sample"].sum()),
        "columns": [
            {"name": column.name, "type": str(column.type), "meaning": column.meaning}
            for column in (*ADDED, *TABLES["facts"])
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
