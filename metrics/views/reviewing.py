"""Reviews brought to what the app shows: the tables that follow from them, kept on disk, and the queue of doubts."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from metrics.charts.conditions import is_any
from metrics.observations import UNSURE_BELOW
from metrics.reconcile import check
from metrics.review import Anchor, Review, ReviewStore, open_reviews, review_tables, standing_reviews
from metrics.store import TablesMissingError, TablesOutdatedError, read_manifest, write_tables
from metrics.views.data import Tables
from metrics.views.filters import Filters, observation_expression

QUEUE_COLUMNS = ("observation_id", "score", "cable_id", "start", "end")
_writing = threading.Lock()


@cache
def review_store(url: str) -> ReviewStore:
    """The reviews at a URL; one store a process."""
    return open_reviews(url)


def with_reviews(tables: Tables, reviews: Sequence[Review]) -> Tables:
    """The tables as the analysts hold them to be.

    The outcome stands in a folder of its own beside the build, made anew when a decision or the build changes;
    the build itself stays as it was read.
    """
    if not reviews:
        return tables
    digest = hashlib.sha256("\n".join([tables.build, *(one.review_id for one in reviews)]).encode()).hexdigest()[:16]
    elsewhere = Path(tempfile.gettempdir()) / f"reviewed-{hashlib.sha256(str(tables.folder).encode()).hexdigest()[:12]}"
    for overlay in (tables.folder / "reviewed", elsewhere):
        try:
            with _writing:
                if not _holds(overlay, digest):
                    _write_overlay(tables, reviews, overlay, digest)
        except OSError:
            continue
        return tables.overlaid(overlay, digest)
    raise OSError(f"reviews cannot be applied: neither {tables.folder} nor {elsewhere} can be written to")


def _holds(overlay: Path, digest: str) -> bool:
    try:
        return read_manifest(overlay).get("build") == digest
    except (TablesMissingError, TablesOutdatedError):
        return False


def _write_overlay(tables: Tables, reviews: Sequence[Review], overlay: Path, digest: str) -> None:
    cables = tables.read("cables")
    held = review_tables(tables.read("observations"), tables.read("facts"), cables, reviews)
    checks = check(held.observations, held.facts, cables)
    outcome = {"observations": held.observations, "facts": held.facts, "checks": checks}
    write_tables(overlay, outcome.items(), {"build": digest})


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that waits for an analyst, and why; `marking` is that of other figures which the reasons quote."""

    observation_id: str
    reasons: tuple[str, ...]
    marking: str | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The figures that wait, most doubtful first, and how many of all, rejected ones included, are decided on."""

    doubts: tuple[Doubt, ...]
    decided: int
    total: int


def make_queue(
    tables: Tables, filters: Filters, marks: Sequence[str] | None, reviews: Sequence[Review], most: int = 200
) -> Queue:
    """Figures without a standing decision: rivals and failed checks first, then by how unsure the claim is."""
    where = observation_expression(filters, marks)
    rows = tables.read("observations", QUEUE_COLUMNS, where)
    rivals = _ids_in(
        tables.read("facts", ["observation_ids"], pc.field("conflict_group").is_valid())["observation_ids"]
    )
    failed = _failed_checks(tables, marks)
    standing = standing_reviews(reviews)
    decided = _count_decided(rows, standing)
    rejected = _count_rejected(tables, where, rows, {anchor for anchor, one in standing.items() if one.outcome is None})
    candidates = _most_doubtful(rows, rivals | failed.keys(), most + decided).to_pylist()
    waiting = [row for row in candidates if _anchor(row) not in standing]

    def doubt(row: dict[str, Any]) -> tuple[float, str]:
        name = row["observation_id"]
        return (row["score"] or 0.0) - (name in rivals) - (name in failed), name

    doubts = tuple(
        _make_doubt(row["observation_id"], row["score"], rivals, failed) for row in sorted(waiting, key=doubt)[:most]
    )
    return Queue(doubts, decided + rejected, rows.num_rows + rejected)


def _anchor(row: Mapping[str, Any]) -> Anchor:
    return row["cable_id"], row["start"], row["end"]


def _count_decided(rows: pa.Table, standing: Collection[Anchor]) -> int:
    near = rows.filter(is_any("cable_id", {cable for cable, _, _ in standing})).to_pylist()
    return sum(_anchor(row) in standing for row in near)


def _count_rejected(tables: Tables, where: pc.Expression | None, rows: pa.Table, rejected: Collection[Anchor]) -> int:
    """How many figures the filters would let through had nobody rejected them; only their cables are read."""
    if not rejected:
        return 0
    near = is_any("cable_id", {cable for cable, _, _ in rejected})
    read = tables.read_unreviewed("observations", QUEUE_COLUMNS, near if where is None else where & near)
    held = set(rows.filter(near)["observation_id"].to_pylist())  # a figure read otherwise since is held all the same
    return sum(_anchor(row) in rejected and row["observation_id"] not in held for row in read.to_pylist())


def _most_doubtful(rows: pa.Table, named: Collection[str], most: int) -> pa.Table:
    """The rows named, and as many others whose claim is least sure."""
    unsure = rows.take(pc.select_k_unstable(rows, most, [("score", "ascending")]))
    return pa.concat_tables(
        [rows.filter(is_any("observation_id", named)), unsure.filter(~is_any("observation_id", named))]
    )


def _failed_checks(tables: Tables, marks: Sequence[str] | None) -> dict[str, tuple[str, str]]:
    """What is wrong with each figure that a check warns of, and the mark over all that this quotes.

    Notes on how to read figures are no doubt of them.
    """
    where = pc.field("severity") != "note"
    where = where if marks is None else where & is_any("marking", marks)
    checks = tables.read("checks", ["what", "rows", "marking"], where).to_pylist()
    return {name: (check["what"], check["marking"]) for check in checks for name in check["rows"]}


def _ids_in(column: pa.ChunkedArray) -> set[str]:
    return set(pc.list_flatten(column).to_pylist())


def _make_doubt(name: str, score: float | None, rivals: set[str], failed: Mapping[str, tuple[str, str]]) -> Doubt:
    sure = 0.0 if score is None else score
    what, marking = failed.get(name, ("", None))
    reasons = tuple(
        reason
        for reason, holds in (
            ("it has rival estimates", name in rivals),
            (what, name in failed),
            (f"its metric is unsure ({sure:.0%})", sure < UNSURE_BELOW),
        )
        if holds
    )
    return Doubt(name, reasons, marking)
