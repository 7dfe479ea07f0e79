"""What figures of equipped checkpoints are measured against: the totals that their computed shares were taken of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from metrics.catalog import METRICS
from metrics.reconcile.computed import qualify
from metrics.reconcile.coverage import share_bounds, spread

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """The totals a figure is measured against, estimates of one number, and the share it is of them, in percent."""

    totals: tuple[Any, ...]
    share: Row


def is_total(row: Row) -> bool:
    """Whether a row counts all checkpoints, not those equipped."""
    return bool(row["metric"] == "checkpoints_total")


def attach_shares(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without the computed shares; `measured_by` of each are the ids of the totals its share was taken of.

    An act has no share of its own: it is measured as the count in place is that was computed from it.
    """
    shares = {row["id"]: row for row in rows if row["derived"] and row["kind"] == "share"}
    totals = {share["inputs"][0]: share["inputs"][1:] for share in shares.values()}
    fed = {(row["metric"], one): totals[row["id"]] for row in rows if row["id"] in totals for one in row["inputs"]}

    def find(row: Row) -> Sequence[str]:
        feeds = METRICS[row["metric"]].feeds if row["metric"] in METRICS else None
        return totals.get(row["id"]) or fed.get((feeds, row["id"]), ())

    return [{**row, "measured_by": find(row)} for row in rows if row["id"] not in shares]


def measure(row: Row, rows: Sequence[Row]) -> Measure | None:
    """The totals among the rows that a row's share was taken of; none for a row larger than they are.

    The share is bounded as the row and the totals are: 28 of more than 400 are less than 7 percent.
    """
    ids = set(row.get("measured_by", ()))
    totals = tuple(one for one in rows if is_total(one) and not ids.isdisjoint((one["id"], *one.get("joined", ()))))
    if not totals:
        return None
    low, high = share_bounds(_bounds(row), spread([_bounds(total) for total in totals]))
    stated = [share for share in (low, high) if share is not None]
    if not stated or max(stated) > 100:
        return None
    given = {row["qualifier"], *(total["qualifier"] for total in totals)}
    return Measure(totals, {"low": low, "high": high, "qualifier": qualify(low, high, given), "unit": "percent"})


def _bounds(row: Row) -> tuple[float | None, float | None]:
    return row["low"], row["high"]
