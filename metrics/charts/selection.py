"""Rows a chart draws, each with its citations, and what is left out with the reason."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from metrics.catalog import METRICS
from metrics.charts.conditions import axis_of, filter_rows, row_condition
from metrics.charts.spec import ChartSpec
from metrics.charts.words import say_figure
from metrics.look import say_unit
from metrics.marking import combine_marks, is_within
from metrics.reconcile.likeness import scale_of
from metrics.reconcile.wording import say_count

Row = dict[str, Any]

LISTED = ", listed in the table"  # what a reason says of figures that stand in the table beside the chart
QUOTED = 3  # implausible figures that a note names
# Metrics a kind of chart shows when none is named.
METRICS_OF = {
    "coverage": ("checkpoints_equipped", "checkpoints_total", "installations"),
    "timeline": ("installations",),
    "funding": ("funding",),
    "rates": ("traffic",),
    "bars": ("equipment",),
    "map": (),
}
# What a row of `observations` and one of `facts` join on; equal rows are mentions of one figure.
_SAME = (
    *("metric", "kind", "low", "high", "qualifier", "unit", "per", "of"),
    *("country", "site", "actor", "period", "status"),
)
_SHARED = (*_SAME, "period_start", "period_end", "marking", "flags", "part_of")
_READ = {
    *_SHARED,
    *("observation_id", "cable_id", "cable_date", "paragraph", "speaker"),
    *("fact_id", "observation_ids", "cables", "as_of", "speakers", "conflict_group"),
    *("superseded_by", "derived", "formula", "inputs"),
}
_TEXT_CITATION = re.compile(r"^(?P<cable>\S+?)[,:]?(?:\s+\D*(?P<paragraph>\d+))?$")


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows to draw, in table order, a sentence for each group that is left out, and the rows these sentences quote."""

    rows: list[Row]
    left_out: list[str] = field(default_factory=list)
    quoted: list[Row] = field(default_factory=list)


def asked_metrics(spec: ChartSpec) -> tuple[str, ...]:
    """The metrics a chart is asked for, else those its kind is made for; none for one that takes all."""
    return spec.metrics or METRICS_OF[spec.chart]


def select_rows(spec: ChartSpec, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of `facts` or `observations` within the marking ceiling and the filters of the chart.

    The ceiling comes first, so that nothing above it takes part in any later computation.
    """
    if spec.marking:
        allowed = [mark for mark in frame["marking"].unique() if is_within(_text(mark), spec.marking)]
        frame = frame[frame["marking"].isin(allowed)]
    dated = "as_of" if "as_of" in frame.columns else "cable_date"
    where = row_condition(
        metrics=asked_metrics(spec),
        countries=spec.countries,
        sites=spec.sites,
        statuses=spec.statuses,
        actors=spec.actors,
        of=spec.of,
        since=spec.since,
        until=spec.until,
        dated=dated,
    )
    return filter_rows(frame, where, dated)


def _missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _text(value: Any) -> str | None:
    return None if _missing(value) else str(value)


def _values(value: Any) -> list[Any]:
    return [] if _missing(value) else list(value)


def chart_rows(frame: pd.DataFrame) -> list[Row]:
    """One row per figure: the columns `facts` and `observations` share, with ids, citations, as-of date and speakers.

    Equal rows of `observations` become one row with every citation.
    """
    facts = "fact_id" in frame.columns
    read = _read_fact if facts else _read_observation
    columns = [name for name in frame.columns if name in _READ]
    rows = [
        read(dict(zip(columns, values, strict=True))) for values in zip(*(frame[name] for name in columns), strict=True)
    ]
    return rows if facts else join_mentions(rows)


def _read_shared(record: Row) -> Row:
    row: Row = {name: record.get(name) for name in _SHARED}
    for name in ("low", "high"):
        row[name] = None if _missing(row[name]) else float(row[name])
    for name in (*_SAME[:2], *_SAME[4:], "marking", "part_of"):
        row[name] = _text(row[name])
    for name in ("period_start", "period_end"):
        row[name] = None if _missing(row[name]) else row[name]
    return {**row, "flags": [str(flag) for flag in _values(row["flags"])]}


def _read_observation(record: Row) -> Row:
    paragraph = None if _missing(record.get("paragraph")) else int(record["paragraph"])
    speaker = _text(record.get("speaker"))
    return {
        **_read_shared(record),
        "id": str(record["observation_id"]),
        "ids": [str(record["observation_id"])],
        "citations": [(str(record["cable_id"]), paragraph)],
        "as_of": None if _missing(record.get("cable_date")) else record["cable_date"],
        "speakers": [speaker] if speaker else [],
        "conflict_group": None,
        "superseded_by": None,
        "derived": False,
        "formula": None,
        "inputs": [],
    }


def _read_fact(record: Row) -> Row:
    return {
        **_read_shared(record),
        "id": str(record["fact_id"]),
        "ids": [str(one) for one in _values(record.get("observation_ids"))],
        "citations": [_read_citation(str(text)) for text in _values(record.get("cables"))],
        "as_of": None if _missing(record.get("as_of")) else record["as_of"],
        "speakers": [str(name) for name in _values(record.get("speakers"))],
        "conflict_group": _text(record.get("conflict_group")),
        "superseded_by": _text(record.get("superseded_by")),
        "derived": not _missing(record.get("derived")) and bool(record["derived"]),
        "formula": _text(record.get("formula")),
        "inputs": [str(one) for one in _values(record.get("inputs"))],
    }


def _read_citation(text: str) -> tuple[str, int | None]:
    """
    >>> _read_citation("09ASTANA623 para 2"), _read_citation("09ASTANA623")
    (('09ASTANA623', 2), ('09ASTANA623', None))
    """
    found = _TEXT_CITATION.match(text)
    if not found:
        return text, None
    return found["cable"], int(found["paragraph"]) if found["paragraph"] else None


def join_mentions(rows: Iterable[Row], ignoring: Sequence[str] = ()) -> list[Row]:
    """Rows that agree in everything they join on (but for the columns ignored) as one, with all their citations.

    `joined` of such a row are the ids of the others.
    """
    names = [name for name in _SAME if name not in ignoring]
    joined: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        kept = joined.setdefault(tuple(row[name] for name in names), row)
        if kept is row:
            continue
        kept["joined"] = [*kept.get("joined", ()), row["id"]]
        kept["ids"] = list(dict.fromkeys([*kept["ids"], *row["ids"]]))
        kept["citations"] = list(dict.fromkeys([*kept["citations"], *row["citations"]]))
        kept["speakers"] = list(dict.fromkeys([*kept["speakers"], *row["speakers"]]))
        kept["flags"] = list(dict.fromkeys([*kept["flags"], *row["flags"]]))
        kept["marking"] = combine_marks([kept["marking"], row["marking"]])
        dates = [day for day in (kept["as_of"], row["as_of"]) if day is not None]
        kept["as_of"] = max(dates, default=None)
    return list(joined.values())


def keep_drawable(rows: Sequence[Row], kinds: Sequence[str] = ("level",), log: bool = False) -> Selection:
    """Rows that can be drawn as they stand: none vague, implausible, of another kind or overtaken by a later figure.

    On a `log` axis nothing is drawn at zero.
    """
    groups: dict[str, list[Row]] = {}
    there = {row["id"] for row in rows}
    for row in rows:
        groups.setdefault(_why_left_out(row, kinds, log, there), []).append(row)
    kept = groups.pop("", [])
    quoted = groups.get("implausible", [])[:QUOTED]
    return Selection(kept, [_REASONS[reason](own) for reason, own in groups.items()], quoted)


def _why_left_out(row: Row, kinds: Sequence[str], log: bool, there: Collection[str]) -> str:
    """The first reason that holds; empty for a row that can be drawn.

    A figure is overtaken only by one that is `there`: what lies above a ceiling or outside the filters takes nothing.
    """
    overtaken = row["superseded_by"] in there
    reasons = {
        "vague": row["qualifier"] == "vague" or "vague_magnitude" in row["flags"],
        "empty": row["low"] is None and row["high"] is None,
        "implausible": "implausible" in row["flags"],
        str(row["kind"]): row["kind"] not in kinds,
        "superseded": overtaken and row["status"] != "actual",
        "running": overtaken,
        "zero": log and not (row["low"] or row["high"]),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _say_implausible(rows: Sequence[Row]) -> str:
    """The figures themselves, so that who knows better sees what is missing."""
    shown = ", ".join(say_figure(row) for row in rows[:QUOTED])
    more = f" and {len(rows) - QUOTED} more" if len(rows) > QUOTED else ""
    looks = "looks" if len(rows) == 1 else "look"
    return f"{say_count(len(rows), 'figure')} that {looks} implausible ({shown}{more}){LISTED}"


_REASONS: dict[str, Callable[[Sequence[Row]], str]] = {
    "vague": lambda rows: f"{say_count(len(rows), 'figure')} given in vague words only{LISTED}",
    "empty": lambda rows: f"{say_count(len(rows), 'figure')} without a bound",
    "implausible": _say_implausible,
    "change": lambda rows: f"{say_count(len(rows), 'figure')} stating a change, not a level",
    "share": lambda rows: f"{say_count(len(rows), 'figure')} stating a share",
    "level": lambda rows: f"{say_count(len(rows), 'figure')} stating a level, not a share",
    "superseded": lambda rows: f"{say_count(len(rows), 'figure')} for plans since carried out",
    "running": lambda rows: f"{say_count(len(rows), 'figure')} from earlier counts of a running period",
    "zero": lambda rows: f"{say_count(len(rows), 'figure')} of zero, for which a log scale has no place",
}


def keep_one_unit(rows: Sequence[Row], unit: str = "") -> Selection:
    """Rows on one axis: in the unit asked for, else the most frequent one, and those that convert into it.

    Weights and lengths convert, so that tonnes stand beside kilograms. What is drawn in another unit than the cable's
    has under `stated` the row as it was.
    """
    axes = Counter((axis_of(row["unit"]), row["per"]) for row in rows)
    asked = [axis for axis in axes if axis[0] == axis_of(unit)] if unit else list(axes)
    if not asked:
        return Selection([], [f"no figure in {say_unit(unit)}"] if axes else [])
    usual = _usual_units(rows)
    best = max(asked, key=lambda axis: (axes[axis], axis[1] is None, axis[0] in usual, str(axis)))
    on_axis = [row for row in rows if (axis_of(row["unit"]), row["per"]) == best]
    kept = bring_to_one_unit(on_axis, unit)
    others = Counter((row["unit"], row["per"]) for row in rows if (axis_of(row["unit"]), row["per"]) != best)
    if not others:
        return Selection(kept)
    listed = ", ".join(f"{_say_measure(measure)} {count}" for measure, count in others.most_common(5))
    more = f" and {len(others) - 5} more" if len(others) > 5 else ""
    return Selection(kept, [f"{say_count(others.total(), 'figure')} in other units ({listed}{more})"])


def bring_to_one_unit(rows: Sequence[Row], unit: str = "") -> list[Row]:
    """Rows of one axis in the unit asked for, else in the most frequent one."""
    units, usual = Counter(row["unit"] for row in rows), _usual_units(rows)
    common = unit or max(units, key=lambda one: (units[one], one in usual, str(one)))
    return [convert_row(row, common) for row in rows]


def _usual_units(rows: Iterable[Row]) -> set[str]:
    return {METRICS[row["metric"]].unit for row in rows if row["metric"] in METRICS}


def convert_row(row: Row, unit: str | None) -> Row:
    """The row in another unit of its scale, with the row as it was under `stated`; the same row if it has that unit."""
    if row["unit"] == unit:
        return row
    factor = scale_of(row["unit"])[1] / scale_of(unit)[1]
    low, high = (None if row[end] is None else round(row[end] * factor, 6) for end in ("low", "high"))
    return {**row, "low": low, "high": high, "unit": unit, "stated": row}


def as_stated(row: Row) -> Row:
    """The row in the unit of its cable."""
    stated: Row = row.get("stated") or row
    return stated


def _say_measure(measure: tuple[str | None, str | None]) -> str:
    unit, per = measure
    said = say_unit(unit) or "no unit"
    return f"{said} per {per}" if per else said
