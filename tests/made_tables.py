"""Rows of `observations` and `cables` made up for tests, with every column that is not given filled in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from metrics.observations import TABLES, figure_id
from metrics.periods import period_bounds
from metrics.store import table_from_rows

Row = dict[str, Any]


def cable(cable_id: str = "09ASTANA1", day: date = date(2009, 4, 12), body: str | None = None, **given: Any) -> Row:
    """A cable; two with one `body` are copies."""
    text = given.pop("text", f"{cable_id} {body or ''}")
    row = {
        "cable_id": cable_id,
        "cable_date": day,
        "post": cable_id.strip("0123456789"),
        "classification": "CONFIDENTIAL",
        "highest_mark": "CONFIDENTIAL",
        "references": [],
        "body_sha256": hashlib.sha256((body or cable_id).encode()).hexdigest(),
        "text": text,
        "source": f"{cable_id}.txt",
        "source_start": 0,
        "sample": False,
    }
    return {**row, **given}


def observation(metric: str, low: float | None, high: float | None = None, **given: Any) -> Row:
    """An observation; `high` is `low` unless the qualifier leaves it open. Each `start` is its own sentence."""
    qualifier = given.pop("qualifier", "exact")
    top = low if high is None and qualifier in {"exact", "approx"} else high
    start, cable_id = given.pop("start", 100), given.get("cable_id", "09ASTANA1")
    first, last = period_bounds(given["period"]) if given.get("period") else (None, None)
    text = given.get("value_text", str(low))
    row = {
        "observation_id": figure_id(cable_id, metric, start, start + len(text)),
        "cable_id": cable_id,
        "cable_date": date(2009, 4, 12),
        "post": cable_id.strip("0123456789"),
        "paragraph": 1,
        "marking": "C",
        "metric": metric,
        "kind": "level",
        "value": low if low == top else None,
        "low": low,
        "high": top,
        "qualifier": qualifier,
        "unit": "person",
        "country": "KAZ",
        "period_start": first,
        "period_end": last,
        "status": "actual",
        "flags": [],
        "score": 0.9,
        "role": "body",
        "value_text": text,
        "sentence": f"Sentence at {start}.",
        "start": start,
        "end": start + len(text),
        "sentence_start": start - 10,
        "sentence_end": start + 40,
        "rule": metric,
    }
    return {**{column.name: None for column in TABLES["observations"]}, **row, **given}


def tables(rows: Sequence[Row], cables: Sequence[Row] = ()) -> tuple[pa.Table, pa.Table]:
    """The two tables; cables that the observations name are made up where they are not given."""
    known = {row["cable_id"] for row in cables}
    days = {row["cable_id"]: row["cable_date"] for row in rows}
    made = [cable(one, day) for one, day in days.items() if one not in known]
    return table_from_rows("observations", rows), table_from_rows("cables", [*cables, *made])
