"""Published figures (GAO, NNSA, State and the press) that a fact is shown beside, and how far apart they are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from metrics.catalog import METRICS
from metrics.reconcile.fact import Fact
from metrics.reconcile.likeness import content_words, place_key, scale_of

PUBLISHED = Path(__file__).resolve().parents[2] / "data" / "reference" / "published_figures.csv"
COLUMNS = (
    *("published_id", "title", "metric", "of", "country", "scope", "site", "actor", "low", "high", "qualifier"),
    *("unit", "per", "period", "period_start", "period_end", "status", "source", "address", "note"),
)
QUALIFIERS = {"exact", "approx", "more_than", "at_least", "less_than", "at_most", "range"}
STATUSES = {"actual", "in_progress", "planned", "requested"}


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure in the columns of the facts.

    `country` is alpha-3, or empty where `scope` names a wider region; `period` is ISO 8601, open at the start as
    "../2012-08" for a running total, which then has no `period_start`; `address` is where the source stands.
    """

    published_id: str
    title: str
    metric: str
    of: str
    country: str
    scope: str
    site: str
    actor: str
    low: float | None
    high: float | None
    qualifier: str
    unit: str
    per: str
    period: str
    period_start: date | None
    period_end: date | None
    status: str
    source: str
    address: str
    note: str

    @cached_property
    def words(self) -> frozenset[str]:
        """What it is of, reduced to its content words."""
        return content_words(self.metric, self.of)


def load_published(path: Path = PUBLISHED) -> tuple[PublishedFigure, ...]:
    """The published figures of a CSV file, in the order of their ids.

    Raises ValueError that names file, line and column for a row that does not keep to the columns.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path.name}: columns are {reader.fieldnames}; expected {list(COLUMNS)}")
        figures = [_read_row(row, f"{path.name} line {reader.line_num}") for row in reader]
    known: set[str] = set()
    for figure in figures:
        if figure.published_id in known:
            raise ValueError(f"{path.name}: published_id {figure.published_id!r} stands twice; give each row its own")
        known.add(figure.published_id)
    return tuple(sorted(figures, key=lambda figure: figure.published_id))


def _read_row(row: dict[str, str], where: str) -> PublishedFigure:
    problems = [
        (not row["published_id"], "published_id is empty"),
        (row["metric"] not in METRICS, f"unknown metric {row['metric']!r}; known: {', '.join(METRICS)}"),
        (row["qualifier"] not in QUALIFIERS, f"unknown qualifier {row['qualifier']!r}; known: {sorted(QUALIFIERS)}"),
        (row["status"] not in STATUSES, f"unknown status {row['status']!r}; known: {sorted(STATUSES)}"),
        (not (row["country"] or row["scope"]), "give a country, or a scope for a wider region"),
        (not row["address"].startswith(("http://", "https://")), f"address {row['address']!r} is no web address"),
    ]
    for wrong, message in problems:
        if wrong:
            raise ValueError(f"{where}: {message}")
    if bool(row["period"]) != bool(row["period_end"]):
        raise ValueError(f"{where}: period {row['period']!r} needs its last day in period_end")
    try:
        bounds = {name: float(row[name]) if row[name] else None for name in ("low", "high")}
        days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("period_start", "period_end")}
    except ValueError as error:
        raise ValueError(f"{where}: bounds must be plain numbers and days ISO 8601 ({error})") from error
    return PublishedFigure(**{**row, **bounds, **days})  # type: ignore[arg-type]


def match_published(fact: Fact, figures: Iterable[PublishedFigure]) -> list[PublishedFigure]:
    """Published figures on the fact's metric, country, thing and time, in the order of their ids."""
    return [figure for figure in figures if _is_beside(fact, figure)]


def _is_beside(fact: Fact, figure: PublishedFigure) -> bool:
    same = (fact.metric, fact.country or "", fact.scale) == (figure.metric, figure.country, scale_of(figure.unit)[0])
    return (
        same
        and fact.kind == "level"
        and (fact.per or "") == figure.per
        and fact.place == place_key(figure.site)
        and (fact.words == figure.words or bool(fact.words & figure.words))
        and _same_time(fact, figure)
    )


def _same_time(fact: Fact, figure: PublishedFigure) -> bool:
    """Whether the times overlap; an undated figure goes with any time."""
    start, end = figure.period_start, figure.period_end
    first, last = fact.start or fact.as_of, fact.end or fact.as_of
    if end is None or first is None or last is None:
        return True
    return first <= end and (start is None or start <= last)


def say_apart(fact: Fact, figure: PublishedFigure) -> str:
    """How far the fact lies from a published figure: "equal", "12% below", "compatible"."""
    factor = scale_of(figure.unit)[1]
    low, high = (None if bound is None else bound * factor for bound in (figure.low, figure.high))
    if fact.base_high is not None and low is not None and fact.base_high < low:
        return _percent(fact.base_high, low)
    if fact.base_low is not None and high is not None and fact.base_low > high:
        return _percent(fact.base_low, high)
    return "equal" if (fact.base_low, fact.base_high) == (low, high) else "compatible"


def _percent(own: float, other: float) -> str:
    if not other:
        return "above zero"
    share = 100 * (own - other) / other
    return f"{abs(share):.0f}% {'above' if share > 0 else 'below'}"


def by_metric_and_country(figures: Sequence[PublishedFigure]) -> dict[tuple[str, str], list[PublishedFigure]]:
    """The figures a fact of one metric and country is to be compared with."""
    found: dict[tuple[str, str], list[PublishedFigure]] = {}
    for figure in figures:
        found.setdefault((figure.metric, figure.country), []).append(figure)
    return found
