"""What the pages ask of the tables: each question one function, read from disk for the rows it needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metrics.charts.choices import list_actors
from metrics.charts.conditions import all_of, is_any
from metrics.marking import banner, is_known, is_within, rank_mark
from metrics.store import MANIFEST, read_manifest, read_table
from metrics.views.filters import Choices, Filters, cable_expression, fact_expression, observation_expression

CABLE_HEAD = (
    "cable_id",
    "cable_date",
    "post",
    "country",
    "subject",
    "classification",
    "highest_mark",
    "declassify_on",
    "references",
    "paragraphs",
    "sample",
    "source",
)
# Columns of marks, those of the facts apart.
MARKED = {
    "cables": ("classification", "highest_mark"),
    **dict.fromkeys(("observations", "ledger", "checks"), ("marking",)),
}
REVIEWED_TABLES = ("observations", "facts", "checks")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one build: their folder, what tells this build and this state of it from the next, its own id."""

    folder: Path
    build: str
    version: str
    build_id: str
    counts: dict[str, int] = field(hash=False)
    overlay: Path | None = None

    def overlaid(self, overlay: Path, digest: str) -> Tables:
        """These tables with those that stand in another folder in their place."""
        return replace(self, overlay=overlay, version=f"{self.build}:{digest}")

    def read(self, name: str, columns: Sequence[str] | None = None, where: pc.Expression | None = None) -> pa.Table:
        """Rows of a table, only these columns and rows being read from disk."""
        reviewed = self.overlay is not None and name in REVIEWED_TABLES
        return read_table(self.overlay if reviewed and self.overlay else self.folder, name, columns, where)

    def read_unreviewed(
        self, name: str, columns: Sequence[str] | None = None, where: pc.Expression | None = None
    ) -> pa.Table:
        """Rows of a table as the build wrote it."""
        return read_table(self.folder, name, columns, where)


def open_tables(folder: Path) -> Tables:
    """The tables in a folder; raises TablesMissingError or TablesOutdatedError with the command that mends it."""
    manifest = read_manifest(folder)
    stat = (folder / MANIFEST).stat()
    build = f"{folder.resolve()}:{stat.st_mtime_ns}:{stat.st_size}"
    return Tables(folder, build, build, str(manifest.get("build", "")), dict(manifest.get("counts", {})))


@lru_cache(maxsize=4)
def read_choices(tables: Tables) -> Choices:
    """Countries, actors, years and units that the facts hold, and the marks of every row that can be shown; read once.

    A mark that no fact bears counts too: a fact joined from U and SBU is SBU, its mentions are not all. So does what
    facts held before review: a country whose last figure is rejected can be chosen, and has none.
    """
    columns = ["country", "actor", "marking", "period_start", "period_end", "as_of", "unit"]
    facts = tables.read("facts", columns)
    if tables.overlay is not None:
        facts = pa.concat_tables([facts, tables.read_unreviewed("facts", columns)])
    marked = (facts["marking"], *(column for name in MARKED for column in tables.read(name, MARKED[name]).columns))
    marks = {mark for column in marked for mark in _distinct(column)}
    return Choices(
        countries=tuple(sorted(_distinct(facts["country"]))),
        actors=list_actors(_distinct(facts["actor"])),
        marks=tuple(sorted(marks)),
        levels=name_levels(marks),
        years=_year_range([facts[name] for name in ("period_start", "period_end", "as_of")]),
        units=tuple(sorted(_distinct(facts["unit"]))),
    )


def name_levels(marks: Collection[str]) -> tuple[str, ...]:
    """Ceilings to choose from, lowest first: each mark by itself, and with every caveat of those that rank below it.

    >>> name_levels(["C/NF", "S", "TS/UNKNOWN", "??"])
    ('CONFIDENTIAL//NOFORN', 'SECRET', 'SECRET//NOFORN')
    """
    known = sorted(filter(is_known, marks), key=rank_mark)
    words = {banner(some) for place, mark in enumerate(known, start=1) for some in ([mark], known[:place])}
    return tuple(sorted(words, key=lambda level: (rank_mark(level), level)))


def allowed_marks(choices: Choices, ceiling: str | None) -> tuple[str, ...] | None:
    """The marks that may be shown under a ceiling, as `is_within` has it; None where there is none."""
    if ceiling is None:
        return None
    return tuple(mark for mark in choices.marks if is_within(mark, ceiling))


def _distinct(column: pa.ChunkedArray) -> list[str]:
    return [value for value in pc.unique(column.unify_dictionaries()).to_pylist() if value]


def _year_range(columns: Sequence[pa.ChunkedArray]) -> tuple[int, int]:
    years = [pc.min_max(pc.year(column)).as_py() for column in columns]
    first = [year["min"] for year in years if year["min"] is not None]
    last = [year["max"] for year in years if year["max"] is not None]
    return (min(first), max(last)) if first else (date.min.year, date.min.year)


def read_facts(
    tables: Tables,
    filters: Filters,
    marks: Sequence[str] | None,
    metrics: Sequence[str] = (),
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Facts of these metrics that the filters let through, newest first."""
    table = tables.read("facts", columns, fact_expression(filters, marks, metrics))
    return to_frame(table.sort_by([("as_of", "descending")]) if "as_of" in table.column_names else table)


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Rows as a frame: coded columns as plain text."""
    plain = [
        pa.field(field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
        for field in table.schema
    ]
    return table.cast(pa.schema(plain)).to_pandas()


def read_fact(tables: Tables, fact_id: str) -> dict[str, Any] | None:
    """One fact, or None where the tables hold none of that id."""
    return _first(tables.read("facts", where=pc.field("fact_id") == fact_id))


def read_stating(tables: Tables, observation_ids: Collection[str], metrics: Sequence[str]) -> list[dict[str, Any]]:
    """The stated facts of these metrics that rest on any of the stated figures."""
    rows = tables.read("facts", where=is_any("metric", metrics) & ~pc.field("derived")).to_pylist()
    return [row for row in rows if not set(row["observation_ids"]).isdisjoint(observation_ids)]


def read_observation(tables: Tables, observation_id: str) -> dict[str, Any] | None:
    """One stated figure, or None where the tables hold none of that id."""
    return _first(tables.read("observations", where=pc.field("observation_id") == observation_id))


def _first(table: pa.Table) -> dict[str, Any] | None:
    rows: list[dict[str, Any]] = table.slice(0, 1).to_pylist()
    return rows[0] if rows else None


def read_mentions(tables: Tables, ids: Sequence[str], marks: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """The stated figures of these ids in the order given, those above the marks left out."""
    where = is_any("observation_id", ids)
    if marks is not None:
        where = where & is_any("marking", marks)
    rows = {row["observation_id"]: row for row in tables.read("observations", where=where).to_pylist()}
    return [rows[key] for key in ids if key in rows]


def read_said(tables: Tables, facts: pd.DataFrame, marks: Sequence[str] | None) -> pa.Table:
    """Place of the fact, mark and sentence of each stated figure that these facts rest on, in their order.

    Figures above the marks are left out.
    """
    where = is_any("marking", marks) if marks is not None else None
    stated = tables.read("observations", ["observation_id", "marking", "sentence"], where)
    resting = _listed(facts, "observation_ids")
    rows = pc.index_in(resting["one"], value_set=stated["observation_id"])
    found = resting.append_column("row", rows).drop_null()
    return stated.select(["marking", "sentence"]).take(found["row"]).append_column("fact", found["fact"])


def list_cited(facts: pd.DataFrame) -> pa.Table:
    """Place of the fact and id of the cable, `fact` and `cable_id`, of all that these facts cite."""
    cited = _listed(facts, "cables")
    ids = pc.list_element(pc.utf8_split_whitespace(cited["one"]), 0)
    return pa.table({"fact": cited["fact"], "cable_id": ids})


def _listed(facts: pd.DataFrame, column: str) -> pa.Table:
    """The entries of a column of lists, `one`, each with the place of its `fact`."""
    lists = pa.array(facts[column], pa.list_(pa.string()))
    return pa.table({"fact": pc.list_parent_indices(lists), "one": pc.list_flatten(lists)})


def read_rivals(tables: Tables, fact: dict[str, Any], marks: Sequence[str] | None) -> list[dict[str, Any]]:
    """The other estimates of what a fact states."""
    if not fact["conflict_group"]:
        return []
    where = (pc.field("conflict_group") == fact["conflict_group"]) & (pc.field("fact_id") != fact["fact_id"])
    if marks is not None:
        where = where & is_any("marking", marks)
    rows: list[dict[str, Any]] = tables.read("facts", where=where).to_pylist()
    return rows


def find_stated(tables: Tables, cable_id: str, start: int, end: int) -> str | None:
    """Id of the figure that the build read from a span of a cable, decisions aside."""
    at = (pc.field("cable_id") == cable_id) & (pc.field("start") == start) & (pc.field("end") == end)
    found = tables.read_unreviewed("observations", ["observation_id"], at)["observation_id"].to_pylist()
    return found[0] if found else None


def read_cable(tables: Tables, cable_id: str) -> dict[str, Any] | None:
    """One cable with its text, or None."""
    return _first(tables.read("cables", where=pc.field("cable_id") == cable_id))


def read_cable_rows(tables: Tables, name: str, cable_id: str, marks: Sequence[str] | None) -> list[dict[str, Any]]:
    """Rows of `observations` or `ledger` that stand in one cable, in text order."""
    where = pc.field("cable_id") == cable_id
    if marks is not None:
        where = where & is_any("marking", marks)
    rows: list[dict[str, Any]] = tables.read(name, where=where).sort_by("start").to_pylist()
    return rows


def find_cables(tables: Tables, filters: Filters, marks: Sequence[str] | None) -> frozenset[str] | None:
    """Ids of the cables that the filters leave; None where nothing but a mark is chosen, so that all are left.

    A cable is left that states a figure they let through. Where neither a status nor a donor is asked for, which
    figures alone have, those whose own post and date match are left as well.
    """
    if replace(filters, marking=None) == Filters():
        return None
    stating = tables.read("observations", ["cable_id"], observation_expression(filters, marks))["cable_id"]
    if filters.statuses or filters.actors:
        return frozenset(_distinct(stating))
    posted = tables.read("cables", ["cable_id"], cable_expression(filters, marks))["cable_id"]
    return frozenset((*_distinct(stating), *_distinct(posted)))


def read_cable_list(tables: Tables, marks: Sequence[str] | None, among: Collection[str] | None = None) -> pd.DataFrame:
    """Header fields of the cables that may be shown, with the number of figures read from each, newest first.

    `among` are the ids of those wanted (None: all).
    """
    where = all_of([cable_expression(Filters(), marks), None if among is None else is_any("cable_id", among)])
    cables = to_frame(tables.read("cables", CABLE_HEAD, where))
    counted = to_frame(
        tables.read("observations", ["cable_id"]).group_by("cable_id").aggregate([("cable_id", "count")])
    )
    cables["figures"] = (
        cables["cable_id"].map(counted.set_index("cable_id")["cable_id_count"]).fillna(0).astype("int64")
    )
    return cables.sort_values(["cable_date", "cable_id"], ascending=[False, True], ignore_index=True)


def read_cited(tables: Tables, facts: pd.DataFrame) -> pd.DataFrame:
    """Header fields of the cables that these facts cite."""
    cited = pc.unique(list_cited(facts)["cable_id"])
    return to_frame(tables.read("cables", CABLE_HEAD, pc.field("cable_id").isin(cited)))


def count_by_metric(tables: Tables, marks: Sequence[str] | None) -> dict[str, int]:
    """How many stated figures each metric has."""
    where = is_any("marking", marks) if marks is not None else None
    column = tables.read("observations", ["metric"], where)["metric"].cast(pa.string())
    return {item["values"]: item["counts"] for item in pc.value_counts(column).to_pylist()}


def has_samples(tables: Tables) -> bool:
    """Whether any cable was written for the project as a sample."""
    return tables.read("cables", ["sample"], pc.field("sample")).num_rows > 0
