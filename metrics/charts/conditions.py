"""Conditions on rows of `facts` and `observations`: what each filter means, in charts, on pages and at the endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metrics.reconcile.likeness import SCALES, scale_of

MEASURES = ("kilogram", "kilometre")  # base units of weights and lengths, whose units share an axis
YEAR = re.compile(r"(?!0000)[0-9]{4}")
_TEXTS = ("metric", "country", "site", "status", "actor", "of", "unit")


def row_condition(
    *,
    metrics: Sequence[str] = (),
    countries: Sequence[str] = (),
    sites: Sequence[str] = (),
    statuses: Sequence[str] = (),
    actors: Sequence[str] = (),
    of: Iterable[str] = (),
    unit: str | None = None,
    since: int | None = None,
    until: int | None = None,
    dated: str = "as_of",
) -> pc.Expression | None:
    """Condition that a row is within every filter given; None where none is.

    Of `actors` a row names one at least; what it counts holds all words `of`, in any order; its unit converts into
    `unit`. `since` and `until` are years; a row without a period is placed by the date in the column `dated`, that of
    the cable.
    """
    listed = {"metric": metrics, "country": countries, "site": sites, "status": statuses}
    words = " ".join(of).split()
    return all_of(
        [
            *(is_any(column, values) for column, values in listed.items() if values),
            *(pc.match_substring(pc.field("of"), word, ignore_case=True) for word in words),
            is_any("unit", units_on_axis(unit)) if unit else None,
            *_in_years(since, until, dated),
            _names_actor(actors),
        ]
    )


def axis_of(unit: str | None) -> str:
    """The base unit of a weight or length, else the unit itself: checkpoints and sites do not convert.

    >>> axis_of("tonne"), axis_of("checkpoint")
    ('kilogram', 'checkpoint')
    """
    scale, _ = scale_of(unit)
    return scale if scale in MEASURES else unit or ""


def units_on_axis(unit: str) -> tuple[str, ...]:
    """The units that share an axis with one, itself among them."""
    return tuple(dict.fromkeys([unit, *(one for one in SCALES if axis_of(one) == axis_of(unit))]))


def filter_rows(frame: pd.DataFrame, where: pc.Expression | None, dated: str = "as_of") -> pd.DataFrame:
    """The rows of a frame of `facts` or `observations` that a condition on them lets through.

    Only the columns that the condition names are turned into Arrow's, which takes longer than the filtering.
    """
    if where is None:
        return frame
    named = set(re.findall(r"\w+", str(where)))  # with words of its values among them, which do no harm
    texts = {name: pa.array(frame[name], pa.string(), from_pandas=True) for name in _TEXTS if name in named}
    # A column without any day is one of floats, which becomes days as objects only.
    days = {
        name: pa.array(frame[name].astype(object), pa.date32(), from_pandas=True)
        for name in ("period_start", "period_end", dated)
        if name in named
    }
    kept = pa.table({**texts, **days, "row": np.arange(len(frame))}).filter(where)["row"]
    return frame.iloc[kept.to_numpy()]


def is_any(column: str, values: Iterable[str]) -> pc.Expression:
    """Condition that a column of text holds one of the values; of no values, none."""
    return pc.field(column).isin(pa.array(list(values), pa.string()))


def all_of(parts: Iterable[pc.Expression | None]) -> pc.Expression | None:
    """Condition that every part holds; None where there is none."""
    whole = None
    for part in parts:
        if part is not None:
            whole = part if whole is None else whole & part
    return whole


def _in_years(since: int | None, until: int | None, dated: str) -> list[pc.Expression]:
    start, end, day = (pc.field(name) for name in ("period_start", "period_end", dated))
    parts = []
    if since is not None:
        first = date(since, 1, 1)
        parts.append((end >= first) | (end.is_null() & (day >= first)))
    if until is not None:
        last = date(until, 12, 31)
        parts.append((start <= last) | (start.is_null() & (day <= last)))
    return parts


def _names_actor(actors: Sequence[str]) -> pc.Expression | None:
    """Actors are listed with commas in one column, so each is sought as a whole word of that list."""
    listed = pc.binary_join_element_wise(pc.scalar(", "), pc.field("actor"), pc.scalar(","), pc.scalar(""))
    found = None
    for actor in actors:
        part = pc.match_substring(listed, f", {actor},")
        found = part if found is None else found | part
    return found
