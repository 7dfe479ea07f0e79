"""The table of facts: made from observations and cables, and read back into facts and links."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metrics.observations import table_schema
from metrics.reconcile.derive import derive_earlier_years, derive_facts
from metrics.reconcile.fact import Fact, Links
from metrics.reconcile.join import join_mentions
from metrics.reconcile.likeness import actors, content_words, place_key, scale_of
from metrics.reconcile.links import find_links
from metrics.reconcile.published import (
    PublishedFigure,
    by_metric_and_country,
    load_published,
    match_published,
    say_apart,
)

Row = dict[str, Any]

# Columns that a fact carries under the same name.
SAME_NAME = (
    *("metric", "kind", "low", "high", "qualifier", "unit", "per", "of", "country", "site", "actor", "period"),
    *("status", "as_of", "marking", "mentions", "sources", "formula", "reviewed"),
)
LISTS = ("observation_ids", "cables", "speakers", "flags", "inputs")
LINKS = ("part_of", "superseded_by", "update_group", "conflict_group", "conflict_reason")


def reconcile(
    observations: pa.Table | pd.DataFrame,
    cables: pa.Table | pd.DataFrame,
    published: Sequence[PublishedFigure] = (),
) -> pa.Table:
    """The table `facts` from the tables `observations` and `cables`, in the order of fact ids.

    The order of the input rows does not matter, and a second copy of a cable changes citations only. Reviews are
    applied to the observations beforehand (`review.apply_reviews`).
    """
    with _collector_paused():
        facts = join_mentions(as_table("observations", observations), as_table("cables", cables))
        earlier_years = derive_earlier_years(facts)
        links = find_links(facts, earlier_years)
        everything = sorted([*facts, *earlier_years, *derive_facts(facts, links)], key=lambda fact: fact.id)
        beside = by_metric_and_country(published)
        rows = [_fact_row(fact, links, beside) for fact in everything]
        return pa.Table.from_pylist(rows, schema=table_schema("facts"))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No search for cycles meanwhile: facts hold none, and walking a million of them over and over is slow."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def join_countries(facts: pa.Table, observations: pa.Table, cables: pa.Table, countries: Collection[str]) -> pa.Table:
    """The facts with those of some countries ("" for none) joined anew; no tie between facts crosses a border."""
    kept = facts.filter(pc.invert(_of_countries(facts, countries)))
    anew = reconcile(observations.filter(_of_countries(observations, countries)), cables, load_published())
    return pa.concat_tables([kept, anew]).unify_dictionaries()


def _of_countries(table: pa.Table, countries: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(pc.fill_null(table["country"].cast(pa.string()), ""), pa.array(sorted(countries), pa.string()))


def as_table(name: str, rows: pa.Table | pd.DataFrame) -> pa.Table:
    """The rows as an Arrow table in the columns of the dictionary."""
    if isinstance(rows, pd.DataFrame):
        return pa.Table.from_pandas(rows, schema=table_schema(name), preserve_index=False)
    return rows


def _fact_row(fact: Fact, links: Links, beside: dict[tuple[str, str], list[PublishedFigure]]) -> Row:
    figures = match_published(fact, beside.get((fact.metric, fact.country or ""), ()))
    return {
        "fact_id": fact.id,
        **{name: getattr(fact, name) for name in SAME_NAME},
        **{name: list(getattr(fact, name)) for name in LISTS},
        **{name: getattr(links, name).get(fact.id) for name in LINKS},
        "value": fact.low if fact.low == fact.high else None,
        "period_start": fact.start,
        "period_end": fact.end,
        "derived": fact.formula is not None,
        "published": [figure.published_id for figure in figures],
        "published_apart": [say_apart(fact, figure) for figure in figures],
    }


def read_facts(table: pa.Table | pd.DataFrame) -> tuple[list[Fact], Links]:
    """Facts and links as the table holds them; cable texts and sentences are not in it."""
    rows = as_table("facts", table).to_pylist()
    found = {name: {row["fact_id"]: row[name] for row in rows if row[name]} for name in LINKS}
    return [_read_fact(row) for row in rows], Links(**found)


def _read_fact(row: Row) -> Fact:
    scale, factor = scale_of(row["unit"])
    lists: Row = {name: tuple(row[name] or ()) for name in LISTS}
    return Fact(
        id=row["fact_id"],
        **{name: row[name] for name in SAME_NAME},
        **lists,
        start=row["period_start"],
        end=row["period_end"],
        scale=scale,
        base_low=None if row["low"] is None else row["low"] * factor,
        base_high=None if row["high"] is None else row["high"] * factor,
        place=place_key(row["site"]),
        words=content_words(row["metric"], row["of"]),
        parties=actors(row["actor"]),
        stated=row["as_of"],
    )
