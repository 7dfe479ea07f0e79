"""Reviews brought to what the app shows: decisions applied to the figures, and the facts joined anew from them."""

from __future__ import annotations

import hashlib
import os
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
from metrics.reconcile import check, load_published, reconcile
from metrics.review import DEFAULT_URL, Anchor, Review, ReviewStore, apply_reviews, open_reviews, standing_reviews
from metrics.store import TablesMissingError, TablesOutdatedError, read_manifest, write_tables
from metrics.views.data import Tables
from metrics.views.filters import Filters, observation_expression

REVIEWS_VARIABLE = "BORDER_METRICS_REVIEWS"
QUEUE_COLUMNS = ("observation_id", "score", "cable_id", "start", "end")
LOW_SCORE = 0.6
_writing = threading.Lock()


@cache
def review_store(url: str) -> ReviewStore:
    """The reviews at a URL; one store a process."""
    return open_reviews(url)


def review_url() -> str:
    """Where reviews are kept, from the environment."""
    return os.environ.get(REVIEWS_VARIABLE, DEFAULT_URL)


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
    read = tables.read("observations")
    cables = tables.read("cables")
    held = apply_reviews(read, reviews, cables)
    facts = join_countries(tables.read("facts"), held, cables, _countries_touched(read, held))
    outcome = {"observations": held, "facts": facts, "checks": check(held, facts, cables)}
    write_tables(overlay, outcome.items(), {"build": digest})


def join_countries(facts: pa.Table, observations: pa.Table, cables: pa.Table, countries: Collection[str]) -> pa.Table:
    """The facts with those of some countries ("" for none) joined anew; no tie between facts crosses a border."""
    kept = facts.filter(pc.invert(_of_countries(facts, countries)))
    anew = reconcile(observations.filter(_of_countries(observations, countries)), cables, load_published())
    return pa.concat_tables([kept, anew]).unify_dictionaries()


def _of_countries(table: pa.Table, countries: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(pc.fill_null(table["country"].cast(pa.string()), ""), pa.array(sorted(countries), pa.string()))


def _countries_touched(read: pa.Table, held: pa.Table) -> set[str]:
    """Countries, "" for none, of the rows that a decision changed, took away or added."""
    touched: set[str] = set()
    before, after = _row_keys(read), _row_keys(held)
    for key in before.keys() ^ after.keys():
        touched.add(before.get(key) or after.get(key) or "")
    flagged = held.filter([any("_in_review" in flag for flag in flags or ()) for flags in held["flags"].to_pylist()])
    touched.update(country or "" for country in flagged["country"].to_pylist())
    ids = pc.is_in(read["observation_id"], flagged["observation_id"])
    return touched | {country or "" for country in read.filter(ids)["country"].to_pylist()}


def _row_keys(table: pa.Table) -> dict[str, str]:
    return dict(zip(table["observation_id"].to_pylist(), table["country"].to_pylist(), strict=True))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that waits for an analyst, and why."""

    observation_id: str
    reasons: tuple[str, ...]


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
    failed = _failed_checks(tables)
    standing = standing_reviews(reviews)
    decided = _count_decided(rows, standing)
    rejected = _count_rejected(tables, where, rows, {anchor for anchor, one in standing.items() if one.outcome is None})
    candidates = _most_doubtful(rows, rivals | failed.keys(), most + decided).to_pylist()
    waiting = [row for row in candidates if _anchor(row) not in standing]

    def doubt(row: dict[str, Any]) -> tuple[float, str]:
        name = row["observation_id"]
        return (row["score"] or 0.0) - (name in rivals) - (name in failed), name

    doubts = tuple(
        Doubt(row["observation_id"], _reasons(row["observation_id"], row["score"], rivals, failed))
        for row in sorted(waiting, key=doubt)[:most]
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


def _failed_checks(tables: Tables) -> dict[str, str]:
    """What is wrong with each figure that a check warns of; notes on how to read figures are no doubt of them."""
    checks = tables.read("checks", ["what", "rows"], pc.field("severity") != "note").to_pylist()
    return {name: check["what"] for check in checks for name in check["rows"]}


def _ids_in(column: pa.ChunkedArray) -> set[str]:
    return set(pc.list_flatten(column).to_pylist())


def _reasons(name: str, score: float | None, rivals: set[str], failed: Mapping[str, str]) -> tuple[str, ...]:
    sure = 0.0 if score is None else score
    return tuple(
        reason
        for reason, holds in (
            ("it has rival estimates", name in rivals),
            (failed.get(name, ""), name in failed),
            (f"its metric is unsure ({sure:.0%})", sure < LOW_SCORE),
        )
        if holds
    )
