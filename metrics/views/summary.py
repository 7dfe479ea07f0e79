"""What the overview says of the whole corpus, computed from few columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metrics.catalog import METRICS
from metrics.charts.conditions import axis_of, is_any
from metrics.observations import DOUBTFUL
from metrics.reconcile.likeness import scale_of
from metrics.views.data import Tables, to_frame
from metrics.views.filters import Filters, cable_expression, fact_expression
from metrics.views.tables import FACT_COLUMNS

NEWEST, CONTESTED, POSTS = 12, 12, 11
STANDING = tuple(metric.id for metric in METRICS.values() if metric.kind in ("stock", "share"))
MEASURE = ("metric", "unit", "per")
COLUMNS = (
    *("fact_id", "metric", "kind", "low", "unit", "country", "site", "status", "as_of", "marking", "conflict_group"),
    *("per", "derived", "flags"),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers of the overview; the tuples hold fact ids in the order they are to stand.

    `cables` are those that may be shown, with or without figures; `nowhere` figures name no country; `largest` is a
    fact id for each family.
    """

    figures: int
    cables: int
    by_country: dict[str, int]
    nowhere: int
    first: date | None
    last: date | None
    contests: int
    marks: tuple[str, ...]
    largest: dict[str, str]
    key_figures: tuple[str, ...]
    newest: tuple[str, ...]
    contested: tuple[str, ...]


def summarise(tables: Tables, filters: Filters, marks: Sequence[str] | None) -> Summary:
    """The overview's numbers over the facts that the filters let through."""
    facts = tables.read("facts", COLUMNS, fact_expression(filters, marks))
    facts = facts.sort_by([("as_of", "descending"), ("fact_id", "ascending")])
    days = pc.min_max(facts["as_of"]).as_py()
    counts = pc.value_counts(_text(facts, "country").drop_null()).to_pylist()
    plausible = drop_doubtful(facts)
    return Summary(
        figures=facts.num_rows,
        cables=tables.read("cables", ["highest_mark"], cable_expression(Filters(), marks)).num_rows,
        by_country={item["values"]: item["counts"] for item in counts},
        nowhere=facts["country"].null_count,
        first=days["min"],
        last=days["max"],
        contests=pc.count_distinct(facts["conflict_group"]).as_py(),
        marks=tuple(mark or "" for mark in pc.unique(_text(facts, "marking")).to_pylist()),
        largest=pick_largest(plausible),
        key_figures=pick_key_figures(plausible),
        newest=tuple(facts["fact_id"].slice(0, NEWEST).to_pylist()),
        contested=pick_contested(facts),
    )


def _text(table: pa.Table, column: str) -> pa.ChunkedArray:
    return table[column].cast(pa.string())


def drop_doubtful(facts: pa.Table) -> pa.Table:
    """The facts without vague, unsure and implausible ones: no figure that stands for others is chosen from these."""
    flags = facts["flags"].combine_chunks()
    doubted = pc.list_parent_indices(flags).filter(pc.is_in(pc.list_flatten(flags), pa.array(sorted(DOUBTFUL))))
    return facts.filter(pc.invert(pc.is_in(pa.array(range(facts.num_rows)), doubted.cast(pa.int64()))))


def pick_largest(facts: pa.Table) -> dict[str, str]:
    """The largest stated level in place of each family, shares aside.

    It is taken from the family's main metric, the first of the catalogue that has any; there from the figures at the
    rate that most of them have; and of those from the ones in the metric's usual unit, where there are such.
    """
    levels = facts.filter(
        (pc.field("status") == "actual")
        & (pc.field("kind") == "level")
        & (pc.field("unit") != "percent")
        & ~pc.field("derived")
        & pc.field("country").is_valid()
        & pc.field("low").is_valid()
    ).sort_by([("low", "descending"), ("fact_id", "ascending")])
    groups: dict[str, list[dict[str, Any]]] = {}
    for group in _group_plain(levels, MEASURE, [("fact_id", "count"), ("fact_id", "first"), ("low", "max")]):
        groups.setdefault(group["metric"], []).append(group)  # the group of the largest figure first
    largest: dict[str, str] = {}
    for metric in METRICS.values():
        if metric.id in groups:
            largest.setdefault(metric.family, _pick_main(groups[metric.id], metric.unit)["fact_id_first"])
    return largest


def _pick_main(groups: Sequence[dict[str, Any]], usual: str) -> dict[str, Any]:
    """Of the measures of a metric, those of larger figures first, the one that its largest figure is taken from.

    Weights and lengths are compared in one unit.
    """
    counts: Counter[str | None] = Counter()
    for group in groups:
        counts[group["per"]] += group["fact_id_count"]
    rate = max(counts, key=counts.__getitem__)
    at_rate = [group for group in groups if group["per"] == rate]
    alike = [group for group in at_rate if axis_of(group["unit"]) == axis_of(usual)]
    return max(alike, key=lambda group: group["low_max"] * scale_of(group["unit"])[1]) if alike else at_rate[0]


def _group_plain(facts: pa.Table, names: Sequence[str], wanted: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Aggregates over groups of facts, in the order of the facts; coded columns as plain text."""
    keys = facts.select([*names, *dict.fromkeys(name for name, _ in wanted)])
    plain = keys.cast(
        pa.schema([(one.name, pa.string() if pa.types.is_dictionary(one.type) else one.type) for one in keys.schema])
    )
    rows: list[dict[str, Any]] = plain.group_by(list(names), use_threads=False).aggregate(wanted).to_pylist()
    return rows


def pick_key_figures(facts: pa.Table) -> tuple[str, ...]:
    """The newest level in place of each metric that stands for a whole country, as the catalogue lists the metrics.

    `facts` stand newest first.
    """
    levels = facts.filter(
        is_any("metric", STANDING)
        & (pc.field("status") == "actual")
        & (pc.field("kind") != "change")
        & pc.field("country").is_valid()
        & pc.field("site").is_null()
    )
    first = _group_plain(levels, ("metric", "country"), [("fact_id", "first")])
    return tuple(
        row["fact_id_first"] for row in sorted(first, key=lambda row: (STANDING.index(row["metric"]), row["country"]))
    )


def pick_contested(facts: pa.Table) -> tuple[str, ...]:
    """Facts with rival estimates, those with most rivals first."""
    rivals = to_frame(facts.filter(pc.field("conflict_group").is_valid()).select(["fact_id", "conflict_group"]))
    sizes = rivals.groupby("conflict_group")["fact_id"].transform("size")
    ordered = rivals.assign(size=-sizes).sort_values(["size", "conflict_group"], kind="stable")
    return tuple(ordered["fact_id"].head(CONTESTED))


def read_in_order(tables: Tables, ids: Sequence[str]) -> pd.DataFrame:
    """The facts of these ids, in their order."""
    facts = to_frame(tables.read("facts", FACT_COLUMNS, is_any("fact_id", ids)))
    return facts.set_index("fact_id", drop=False).reindex(list(ids)).reset_index(drop=True)


def count_cables(cables: pd.DataFrame) -> pd.DataFrame:
    """Cables by post (rows, most first; the rest joined) and year (columns)."""
    dated = cables.dropna(subset=["cable_date"])
    if dated.empty:
        return pd.DataFrame()
    years = pd.to_datetime(dated["cable_date"]).dt.year
    main = dated["post"].value_counts().index[:POSTS]
    posts = dated["post"].where(dated["post"].isin(main), "other posts").fillna("no post")
    counts = pd.crosstab(posts, years)
    counts.index.name, counts.columns = "post", [str(year) for year in counts.columns]
    return counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
