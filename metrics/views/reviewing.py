"""Reviews brought to what the app shows: the tables that follow from them, kept on disk, and the queue of doubts."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from metrics.charts.conditions import all_of, is_any
from metrics.observations import UNSURE_BELOW
from metrics.reconcile import check
from metrics.review import Review, ReviewStore, open_reviews, review_tables, standing_reviews
from metrics.review.decision import REVIEW_FLAGS
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
    """The figures that wait, most doubtful first, and how many of all are decided on.

    All are those that the filters let through, and those that they would had no decision changed or rejected them.
    """

    doubts: tuple[Doubt, ...]
    decided: int
    total: int


def make_queue(
    tables: Tables, filters: Filters, marks: Sequence[str] | None, reviews: Sequence[Review], most: int = 200
) -> Queue:
    """Figures that no decision holds of: rivals, failed checks and those changed since a decision, then unsure claims.

    `tables` are those that the reviews were brought to (`with_reviews`).
    """
    where = observation_expression(filters, marks)
    rows = tables.read("observations", QUEUE_COLUMNS, where)
    is_decided = is_any("observation_id", _decided_ids(tables))
    waiting = rows.filter(~is_decided)
    taken_out = _count_taken_out(tables, all_of([where, is_decided]), rows)
    rivals = _ids_in(
        tables.read("facts", ["observation_ids"], pc.field("conflict_group").is_valid())["observation_ids"]
    )
    failed = _failed_checks(tables, marks)
    changed = _changed_since(waiting, reviews)
    doubtful = (rivals, failed.keys(), changed.keys())

    def doubt(row: dict[str, Any]) -> tuple[float, str]:
        name = row["observation_id"]
        return (row["score"] or 0.0) - sum(name in some for some in doubtful), name

    candidates = _most_doubtful(waiting, set().union(*doubtful), most).to_pylist()
    doubts = tuple(
        _make_doubt(row["observation_id"], row["score"], rivals, failed, changed)
        for row in sorted(candidates, key=doubt)[:most]
    )
    total = rows.num_rows + taken_out
    return Queue(doubts, total - waiting.num_rows, total)


@lru_cache(maxsize=4)
def _decided_ids(tables: Tables) -> frozenset[str]:
    """The figures that a decision holds of: those that bear its flag, in copies of a cable too, and rejected ones."""
    if tables.overlay is None:
        return frozenset()
    held = tables.read("observations", ["observation_id", "flags"])
    read = tables.read_unreviewed("observations", ["observation_id"])["observation_id"]
    flagged = pc.list_parent_indices(held["flags"]).filter(
        pc.is_in(pc.list_flatten(held["flags"]), pa.array(REVIEW_FLAGS))
    )
    rejected = _not_among(read, held["observation_id"])
    return frozenset((*held["observation_id"].take(flagged).to_pylist(), *rejected.to_pylist()))


def _count_taken_out(tables: Tables, decided: pc.Expression, rows: pa.Table) -> int:
    """How many of the figures decided on, as the build read them, are not among the rows any more."""
    if tables.overlay is None:
        return 0
    read = tables.read_unreviewed("observations", ["observation_id"], decided)["observation_id"]
    return len(_not_among(read, rows["observation_id"]))


def _not_among(ids: pa.ChunkedArray, others: pa.ChunkedArray) -> pa.ChunkedArray:
    return ids.filter(pc.invert(pc.is_in(ids, value_set=others)))


def _changed_since(rows: pa.Table, reviews: Sequence[Review]) -> dict[str, str]:
    """Who decided on those of the rows that are no longer the figure decided on, so that no decision holds of them."""
    standing = standing_reviews(reviews)
    near = rows.filter(is_any("cable_id", {cable for cable, _, _ in standing})).to_pylist()
    anchors = {row["observation_id"]: (row["cable_id"], row["start"], row["end"]) for row in near}
    return {name: standing[anchor].review.author for name, anchor in anchors.items() if anchor in standing}


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


def _make_doubt(
    name: str,
    score: float | None,
    rivals: set[str],
    failed: Mapping[str, tuple[str, str]],
    changed: Mapping[str, str],
) -> Doubt:
    sure = 0.0 if score is None else score
    what, marking = failed.get(name, ("", None))
    reasons = tuple(
        reason
        for reason, holds in (
            (f"it is not what {changed.get(name)} decided on any more", name in changed),
            ("it has rival estimates", name in rivals),
            (what, name in failed),
            (f"its metric is unsure ({sure:.0%})", sure < UNSURE_BELOW),
        )
        if holds
    )
    return Doubt(name, reasons, marking)
