"""The tables of a build as the analysts hold them to be: decisions applied, and the facts joined anew from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from metrics.reconcile import join_countries
from metrics.review.applying import apply_verdicts, judge_standing
from metrics.review.decision import Review


@dataclass(frozen=True, slots=True)
class Outcome:
    """Figures and facts after review, and how many of the decisions that stand found their figure in the build."""

    observations: pa.Table
    facts: pa.Table
    applied: int
    standing: int


def review_tables(observations: pa.Table, facts: pa.Table, cables: pa.Table, reviews: Sequence[Review]) -> Outcome:
    """What becomes of the tables of a build through reviews; `cables` has at least the columns `SOURCE_COLUMNS`.

    Only the facts of the countries that a decision touches are joined anew.
    """
    verdicts = tuple(judge_standing(observations, reviews, cables))
    held = apply_verdicts(observations, verdicts)
    joined = join_countries(facts, held, cables, _countries_touched(observations, held))
    return Outcome(held, joined, sum(bool(judged.observation_ids) for judged, _ in verdicts), len(verdicts))


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
