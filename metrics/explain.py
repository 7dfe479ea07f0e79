"""Figures of a cable and ledger rows as text for the terminal, each number marked in its sentence."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pyarrow.compute as pc

from metrics.cable import read_cable
from metrics.errors import UserError
from metrics.folders import Place
from metrics.statements import explain_claims
from metrics.store import read_table

FIELDS = ("unit", "per", "of", "country", "site", "actor", "period", "status", "speaker")


class UnknownCableError(UserError):
    """No such cable in the tables; the message names near ones."""


def explain_cable(data: Place, cable_id: str) -> str:
    """Every figure of the cable: metric, bounds and context, then its sentence with the number in [[ ]]."""
    text = _cable_text(data, cable_id)
    rows = read_table(data, "observations", where=pc.field("cable_id") == cable_id).to_pylist()
    if not rows:
        return f"{cable_id}: no figure in this cable"
    return "\n\n".join(_describe_figure(row, text) for row in sorted(rows, key=lambda row: row["start"]))


def _describe_figure(row: Mapping[str, Any], text: str) -> str:
    context = ", ".join(f"{name} {row[name]}" for name in FIELDS if row[name])
    place = f"para {row['paragraph']} " if row["paragraph"] is not None else ""
    flags = f" [{', '.join(row['flags'])}]" if row["flags"] else ""
    return (
        f"{row['observation_id']}  {row['metric']}: {_bounds(row)} ({row['kind']}, {row['qualifier']})\n"
        f"  {context}{flags}\n"
        f"  {place}({row['marking']}) {_mark(row, text)}"
    )


def _bounds(row: Mapping[str, Any]) -> str:
    low, high = (f"{row[side]:,.10g}" if row[side] is not None else None for side in ("low", "high"))
    if low == high:
        return low or "no bound"
    return f"{low or '...'} to {high or '...'}"


def _mark(row: Mapping[str, Any], text: str) -> str:
    before = text[row["sentence_start"] : row["start"]]
    after = text[row["end"] : row["sentence_end"]]
    return " ".join(f"{before}[[{text[row['start'] : row['end']]}]]{after}".split())


def explain_choices(data: Place, cable_id: str) -> str:
    """For every number of the cable: the metrics that competed for it, their scores, and what decided."""
    return explain_claims(read_cable(_cable_text(data, cable_id), source=cable_id))


def explain_ledger(data: Place, *, unclaimed: bool, sample: int | None, seed: int) -> str:
    """Ledger rows, one a line: reason, cable and paragraph, and the sentence with the number in [[ ]]."""
    where = pc.field("reason") == "unclaimed" if unclaimed else None
    rows = read_table(data, "ledger", where=where).to_pylist()
    if sample is not None and sample < len(rows):
        rows = random.Random(seed).sample(rows, sample)
    texts = _texts(data, {row["cable_id"] for row in rows})
    return "\n".join(
        f"{row['reason']:14} {row['cable_id']} para {row['paragraph']}: {_mark(row, texts[row['cable_id']])}"
        for row in rows
    )


def _texts(data: Place, cable_ids: set[str]) -> dict[str, str]:
    table = read_table(data, "cables", ["cable_id", "text"], pc.field("cable_id").isin(sorted(cable_ids)))
    return {row["cable_id"]: row["text"] for row in table.to_pylist()}


def _cable_text(data: Place, cable_id: str) -> str:
    texts = _texts(data, {cable_id})
    if cable_id not in texts:
        known = read_table(data, "cables", ["cable_id"])["cable_id"].to_pylist()
        near = [name for name in known if cable_id.strip("0123456789").upper() in name][:5]
        raise UnknownCableError(f"no cable {cable_id!r} in {data}" + (f"; near: {', '.join(near)}" if near else ""))
    return texts[cable_id]
