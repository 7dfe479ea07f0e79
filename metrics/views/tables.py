"""Facts as the rows a reader sees: words for bounds, names for codes, years as years."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from metrics.catalog import METRICS
from metrics.charts.words import find_thing
from metrics.look import STATUSES, is_money, say_unit, say_value
from metrics.marking import UNKNOWN, normalise_mark
from metrics.reconcile.wording import round_share

MOST_ROWS = 2000
DOUBTS = {"implausible": "looks implausible", "unsure": "unsure reading"}  # flags that ask to be read before all others
FACT_COLUMNS = (
    "fact_id",
    "metric",
    "kind",
    "value",
    "low",
    "high",
    "qualifier",
    "unit",
    "per",
    "of",
    "country",
    "site",
    "actor",
    "period",
    "period_start",
    "period_end",
    "status",
    "as_of",
    "marking",
    "mentions",
    "sources",
    "cables",
    "speakers",
    "conflict_group",
    "conflict_reason",
    "update_group",
    "part_of",
    "superseded_by",
    "derived",
    "formula",
    "inputs",
    "flags",
    "reviewed",
)


def clean_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of a frame with None where the value is missing."""
    return {str(key): None if _is_missing(value) else value for key, value in row.items()}


def _is_missing(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def say_figure(row: Mapping[str, Any], thing: str = "") -> str:
    """A figure in words with its unit, or the thing in its place, rate and kind.

    >>> row = {"low": 600.0, "high": 600.0, "qualifier": "exact", "unit": "railcar", "per": "day", "kind": "level"}
    >>> say_figure(row)
    '600 railcars per day'
    """
    unit = row["unit"]
    said = say_value(_round_computed(row))
    if unit and not is_money(unit) and unit != "percent":
        said += f" {thing or say_unit(unit, row['low'] if row['low'] == row['high'] else None)}"
    if row["per"]:
        said += f" per {row['per']}"
    return f"{'change of ' if row['kind'] == 'change' else ''}{said}"


def _round_computed(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A computed share to one decimal place, since its further digits say nothing; stated figures stay as they are."""
    if not row.get("derived") or row["unit"] != "percent":
        return row
    return {**row, **{name: None if row[name] is None else round_share(row[name]) for name in ("low", "high")}}


def say_statement(row: Mapping[str, Any], say_name: Callable[[str], str]) -> str:
    """A statement in one line: figure, metric, what of, where, when, by whom, status."""
    metric = METRICS[row["metric"]].title if row["metric"] in METRICS else row["metric"]
    place = ", ".join(part for part in (row["site"], say_name(row["country"]) if row["country"] else None) if part)
    parts = [
        f"{metric}: {say_figure(row)}",
        f"of: {row['of']}" if row["of"] else "",
        place or "country not stated",
        say_period(row["period"]),
        f"by {say_name(row['actor'])}" if row["actor"] else "",
        STATUSES[row["status"]].word if row["status"] in STATUSES else str(row["status"]),
    ]
    return " · ".join(part for part in parts if part)


def say_briefly(row: Mapping[str, Any], say_name: Callable[[str], str]) -> str:
    """A statement at a glance: figure, what of, country, and the period where it is stated."""
    place = say_name(row["country"]) if row["country"] else ""
    figure, what = say_figure(row, "" if row["low"] == 1 else find_thing(row)), row["of"] or ""
    period = say_period(row["period"]) if row["period"] else ""
    parts = (figure, "" if what in figure else what, place, period)
    return " · ".join(part for part in parts if part)


def say_period(period: str | None) -> str:
    """A period as people read it.

    >>> say_period("2006-04"), say_period("2000/2003"), say_period(None)
    ('2006-04', '2000 to 2003', 'no period stated')
    """
    return period.replace("/", " to ") if period else "no period stated"


def say_difference(rivals: Sequence[Mapping[str, Any]]) -> str:
    """What the estimates of one thing differ in, in a sentence without its full stop.

    >>> row = {"conflict_reason": "value, bound", "period": None, "low": 63.0, "high": 63.0}
    >>> say_difference([row, {**row, "low": 65.0, "high": None}])
    'the values differ, and one is a lower bound'
    """
    one_time = len({row["period"] for row in rivals}) == 1
    words = {
        "value": "the values differ",
        "bound": _say_bounds(rivals),
        "date": "they were stated on different days" if one_time else "they are for different periods",
        "speaker": "different people are reported to say so",
    }
    return ", and ".join(words[what] for what in rivals[0]["conflict_reason"].split(", "))


def _say_bounds(rivals: Sequence[Mapping[str, Any]]) -> str:
    counts = {
        "lower bound": sum(row["high"] is None for row in rivals),
        "upper bound": sum(row["low"] is None for row in rivals),
        "range": sum(None not in (row["low"], row["high"]) and row["low"] != row["high"] for row in rivals),
    }
    said = [f"one is a {kind}" if count == 1 else f"{count} are {kind}s" for kind, count in counts.items() if count]
    return " and ".join(said).replace("a upper", "an upper") or "their bounds differ"


def say_rival(row: Mapping[str, Any], say_name: Callable[[str], str]) -> str:
    """An estimate with all that tells it from its rivals: value, period, as-of date, cable, speaker and actor."""
    cables = row["cables"]
    more = f" and {len(cables) - 1} more" if len(cables) > 1 else ""
    parts = [
        say_figure(row),
        "computed" if row["derived"] else "",
        say_period(row["period"]) if row["period"] else "",
        f"as of {row['as_of']}" if row["as_of"] else "",
        f"{cables[0]}{more}",
        f"said by {', '.join(row['speakers'])}" if len(row["speakers"]) else "",
        f"{'from' if is_money(row['unit']) else 'by'} {say_name(row['actor'])}" if row["actor"] else "",
    ]
    return " · ".join(part for part in parts if part)


def say_outcome(row: Mapping[str, Any], say_name: Callable[[str], str]) -> str:
    """What came of a plan, with its stage."""
    return f"{STATUSES[row['status']].word}: {say_rival(row, say_name)}"


def fact_table(facts: pd.DataFrame, say_name: Callable[[str], str]) -> pd.DataFrame:
    """Facts as a table to read, in the order given, at most MOST_ROWS of them; what is read first stands left."""
    rows = [clean_row(row) for row in facts.head(MOST_ROWS).to_dict("records")]
    columns: dict[str, Callable[[Mapping[str, Any]], Any]] = {
        "Country": lambda row: say_name(row["country"]) if row["country"] else "not stated",
        "Metric": lambda row: METRICS[row["metric"]].title if row["metric"] in METRICS else row["metric"],
        "Figure": say_figure,
        "Of": lambda row: row["of"] or "",
        "Period": lambda row: say_period(row["period"]) if row["period"] else "not stated",
        "Status": lambda row: STATUSES[row["status"]].word if row["status"] in STATUSES else row["status"],
        "Mark": lambda row: normalise_mark(row["marking"]) or UNKNOWN,
        "By": lambda row: say_name(row["actor"]) if row["actor"] else "",
        "Place": lambda row: row["site"] or "",
        "As of": lambda row: row["as_of"],
        "Sources": lambda row: row["sources"],
        "Computed": lambda row: "yes" if row["derived"] else "",
        "Rivals": lambda row: "yes" if row["conflict_group"] else "",
        "Doubt": lambda row: ", ".join(words for flag, words in DOUBTS.items() if flag in row["flags"]),
    }
    return pd.DataFrame({name: [say(row) for row in rows] for name, say in columns.items()}, columns=list(columns))


def drop_empty_columns(table: pd.DataFrame, keep: Sequence[str]) -> pd.DataFrame:
    """The table without the columns that say nothing in any row."""
    return table[[name for name in table if name in keep or table[name].astype(str).str.strip().any()]]
