"""Data quality: each check one entry with its severity, its meaning and the function that finds the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa

from metrics.catalog import METRICS
from metrics.marking import UNKNOWN, combine_marks, is_known, is_within, rank_mark
from metrics.observations import table_schema
from metrics.reconcile.fact import say_bounds
from metrics.reconcile.likeness import WORD, content_words, overlap, scale_of, singular
from metrics.reconcile.plausible import exceeded_limit
from metrics.reconcile.tables import as_table, read_facts
from metrics.reconcile.totals import add_years

Row = dict[str, Any]

SITE_NOUNS = {"site", "crossing", "checkpoint", "port", "post"}
STATED_COLUMNS = [
    *["observation_id", "cable_id", "cable_date", "marking", "metric", "kind", "low", "high", "qualifier", "unit"],
    *["of", "country", "period", "period_start", "status", "start", "sentence_start"],
]
STALE_AFTER = timedelta(days=3 * 366)
SHARE_LIMIT = 100.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is doubtful: what, about which country and metric, and the rows concerned."""

    what: str
    country: str | None
    metric: str | None
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """The tables a check may look at, as rows without the long texts."""

    observations: pa.Table
    facts: pa.Table
    cables: pa.Table

    @cached_property
    def stated(self) -> list[Row]:
        """Observations, in the order of cable and place in the text."""
        rows = self.observations.select(STATED_COLUMNS)
        return rows.sort_by([("cable_id", "ascending"), ("start", "ascending")]).to_pylist()

    @cached_property
    def joined(self) -> list[Row]:
        """Facts, in the order of their ids."""
        return self.facts.sort_by("fact_id").to_pylist()

    @cached_property
    def headers(self) -> list[Row]:
        """Cables without their text, in the order of their ids."""
        names = ["cable_id", "cable_date", "classification", "highest_mark", "body_sha256"]
        return self.cables.select(names).sort_by("cable_id").to_pylist()

    @cached_property
    def marks(self) -> dict[str, str | None]:
        """The mark of each observation and each cable by its id."""
        stated = {row["observation_id"]: row["marking"] for row in self.stated}
        return stated | {row["cable_id"]: row["highest_mark"] for row in self.headers}


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name, how bad a finding is (error, warning, note), what it looks for, and how it finds it."""

    name: str
    severity: str
    meaning: str
    find: Callable[[Tables], Iterator[Finding]]


def check(
    observations: pa.Table | pd.DataFrame, facts: pa.Table | pd.DataFrame, cables: pa.Table | pd.DataFrame
) -> pa.Table:
    """The table `checks`: every finding of every check, errors first, in an order that only depends on the rows."""
    tables = Tables(as_table("observations", observations), as_table("facts", facts), as_table("cables", cables))
    order = {"error": 0, "warning": 1, "note": 2}
    rows: list[Row] = [
        {
            "check": one.name,
            "severity": one.severity,
            "what": finding.what,
            "country": finding.country,
            "metric": finding.metric,
            "rows": list(finding.rows),
            "marking": combine_marks(tables.marks.get(one) for one in finding.rows) or UNKNOWN,
        }
        for one in CHECKS
        for finding in one.find(tables)
    ]
    rows.sort(key=lambda row: (order[row["severity"]], row["check"], row["what"], row["rows"]))
    return pa.Table.from_pylist(rows, schema=table_schema("checks"))


def _of_row(row: Row, what: str) -> Finding:
    return Finding(what, row["country"], row["metric"], (row["observation_id"],))


def _say(row: Row) -> str:
    unit = "%" if row["unit"] == "percent" else f" {row['unit'] or ''}".rstrip()
    return f"{say_bounds(row['low'], row['high'], row['qualifier'] or 'exact')}{unit}"


# One figure by itself


def _bounds_reversed(tables: Tables) -> Iterator[Finding]:
    for row in tables.stated:
        if row["low"] is not None and row["high"] is not None and row["low"] > row["high"]:
            yield _of_row(row, f"lower bound {row['low']:,g} above upper bound {row['high']:,g}")


def _share_over_100(tables: Tables) -> Iterator[Finding]:
    for row in tables.stated:
        if row["kind"] == "share" and (row["low"] or row["high"] or 0) > 100:
            yield _of_row(row, f"a share of {_say(row)}")


def _implausible(tables: Tables) -> Iterator[Finding]:
    for row in tables.stated:
        limit = exceeded_limit(*(row[name] for name in ("metric", "kind", "unit", "of", "low", "high")))
        if limit:
            expected = f"at most {limit.most:,.0f} {limit.unit} expected"
            yield _of_row(row, f"{_say(row)} of {row['of'] or row['metric']}; {expected}")


def _future_actual(tables: Tables) -> Iterator[Finding]:
    for row in tables.stated:
        start, day = row["period_start"], row["cable_date"]
        if row["status"] == "actual" and start and day and start > day:
            yield _of_row(row, f"reported as done in {row['period']} by a cable of {day}")


# Figures against each other


def _part_above_whole(tables: Tables) -> Iterator[Finding]:
    facts = {row["fact_id"]: row for row in tables.joined}
    for row in tables.joined:
        whole = facts.get(row["part_of"] or "")
        if whole and row["low"] is not None and whole["high"] is not None:
            (scale, factor), (other, other_factor) = scale_of(row["unit"]), scale_of(whole["unit"])
            if scale == other and row["low"] * factor > whole["high"] * other_factor:
                yield _of_facts((row, whole), f"part {_say(row)} is above its whole {_say(whole)}")


def _of_facts(rows: Iterable[Row], what: str) -> Finding:
    listed = list(rows)
    observations = tuple(dict.fromkeys(one for row in listed for one in row["observation_ids"]))
    return Finding(what, listed[0]["country"], listed[0]["metric"], observations)


def _equipped_above_total(tables: Tables) -> Iterator[Finding]:
    facts = {row["fact_id"]: row for row in tables.joined}
    for row in tables.joined:
        if row["derived"] and row["kind"] == "share":
            equipped, *totals = inputs = [facts[one] for one in row["inputs"]]
            ends = [total["high"] for total in totals]
            if None not in ends and max(equipped["low"] or 0, equipped["high"] or 0) > max(ends):
                surely = (row["low"] or 0) > 100
                yield _of_facts(inputs, f"{'' if surely else 'perhaps '}more equipped than there are: {row['formula']}")


def _shares_over_100(tables: Tables) -> Iterator[Finding]:
    groups: dict[Hashable, dict[Hashable, Row]] = defaultdict(dict)
    for row in tables.stated:
        if row["kind"] == "share" and row["low"] is not None:
            key = (row["cable_id"], row["sentence_start"], row["metric"], row["country"], row["period"], row["status"])
            groups[key].setdefault((row["of"], row["low"]), row)
    for group in groups.values():
        total = sum(row["low"] for row in group.values())
        if len(group) > 1 and total > SHARE_LIMIT and all(row["low"] <= 100 for row in group.values()):
            first, *_ = group.values()
            ids = tuple(row["observation_id"] for row in group.values())
            listed = " + ".join(f"{row['low']:g}" for row in group.values())
            yield Finding(
                f"shares of one sentence add up to {listed} = {total:g}%", first["country"], first["metric"], ids
            )


def _derived_against_stated(tables: Tables) -> Iterator[Finding]:
    """Computed earlier years beside what cables state for that year."""
    stated: dict[Hashable, list[Row]] = defaultdict(list)
    for row in tables.joined:
        if not row["derived"] and row["kind"] == "level" and row["country"]:
            stated[_thing(row)].append(row)
    for row in tables.joined:
        if row["derived"] and row["kind"] == "level" and row["period"]:
            for other in stated.get(_thing(row), ()):
                apart = not overlap(row["low"], row["high"], other["low"], other["high"])
                if apart and other["unit"] == row["unit"] and other["fact_id"] not in row["inputs"]:
                    yield _of_facts((row, other), f"computed {row['formula']}, but {_say(other)} is stated")


def _thing(row: Row) -> Hashable:
    words = content_words(row["metric"], row["of"])
    return row["metric"], row["country"], row["site"], words, row["per"], row["period"], row["status"]


def _nouns_mixed(tables: Tables) -> Iterator[Finding]:
    """Sites, crossings, ports and checkpoints counted under one metric of one country (a site may be an airport)."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in tables.stated:
        if row["country"] and scale_of(row["unit"])[0] == "site":
            groups[(row["metric"], row["country"])].append(row)
    for (metric, country), group in groups.items():
        nouns = sorted({noun for row in group for noun in _site_nouns(row)})
        if len(nouns) > 1:
            ids = tuple(row["observation_id"] for row in group)
            yield Finding(f"one series counts {', '.join(nouns)}", country, metric, ids)


def _site_nouns(row: Row) -> set[str]:
    """The nouns a count of places is told in; the canonical unit only where the wording has none."""
    named = {singular(word) for word in WORD.findall((row["of"] or "").lower())} & SITE_NOUNS
    return named or {row["unit"]}


def _not_added(tables: Tables) -> Iterator[Finding]:
    facts, links = read_facts(tables.facts)
    _, refusals = add_years([fact for fact in facts if fact.formula is None], links)
    rows: dict[tuple[str, str | None, str], dict[str, None]] = defaultdict(dict)
    for refusal in refusals:
        ids = (one for fact in refusal.facts for one in fact.observation_ids)
        rows[(refusal.metric, refusal.country, refusal.reason)].update(dict.fromkeys(ids))
    for (metric, country, reason), found in rows.items():
        yield Finding(f"not added up for {reason}", country, metric, tuple(found))


# Cables


def _stale(tables: Tables) -> Iterator[Finding]:
    days = [row["cable_date"] for row in tables.headers if row["cable_date"]]
    newest: dict[tuple[str, str], Row] = {}
    for row in tables.joined:
        stock = row["metric"] in METRICS and METRICS[row["metric"]].kind == "stock"
        if stock and row["country"] and row["as_of"] and not row["derived"]:
            key = (row["metric"], row["country"])
            newest[key] = max(newest.get(key, row), row, key=lambda one: (one["as_of"], one["fact_id"]))
    for row in newest.values():
        if max(days) - row["as_of"] > STALE_AFTER:
            yield _of_facts((row,), f"newest figure is as of {row['as_of']}, the newest cable of {max(days)}")


def _header_below_portions(tables: Tables) -> Iterator[Finding]:
    marks: dict[str, set[str]] = defaultdict(set)
    for row in tables.stated:
        if row["marking"]:
            marks[row["cable_id"]].add(row["marking"])
    for row in tables.headers:
        header = row["classification"]
        known = [mark for mark in sorted(marks[row["cable_id"]]) if is_known(header) and is_known(mark)]
        if above := [mark for mark in known if not is_within(mark, header)]:
            what = f"header says {header}, a paragraph is marked ({max(above, key=rank_mark)})"
            yield Finding(what, None, None, (row["cable_id"],))


def _copied_body(tables: Tables) -> Iterator[Finding]:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in tables.headers:
        if row["body_sha256"]:
            groups[row["body_sha256"]].append(row["cable_id"])
    telling = {row["cable_id"] for row in tables.stated}
    for cables in groups.values():
        if len(cables) > 1 and telling & set(cables):
            yield Finding(f"one text under several ids, counted once: {', '.join(cables)}", None, None, tuple(cables))


CHECKS: tuple[Check, ...] = (
    Check("bounds_reversed", "error", "The lower bound of a figure lies above its upper bound.", _bounds_reversed),
    Check("share_over_100", "error", "A share lies above 100 percent.", _share_over_100),
    Check("equipped_above_total", "error", "More checkpoints may be equipped than exist.", _equipped_above_total),
    Check("part_above_whole", "error", "A part is larger than the whole it is stated to be of.", _part_above_whole),
    Check("implausible_value", "warning", "A figure lies beyond what its metric and unit allow.", _implausible),
    Check("future_actual", "warning", "A figure is reported as done in a time after its cable.", _future_actual),
    Check("shares_over_100", "warning", "Shares of one sentence add up to more than 100 percent.", _shares_over_100),
    Check(
        "derived_against_stated",
        "warning",
        "A computed value differs from one stated for the same time.",
        _derived_against_stated,
    ),
    Check(
        "header_below_portions",
        "warning",
        "The cable's header carries a lower mark than one of its paragraphs.",
        _header_below_portions,
    ),
    Check("nouns_mixed", "note", "One series counts sites, crossings, ports or checkpoints.", _nouns_mixed),
    Check("stale", "note", "The newest figure of a stock is over three years older than the newest cable.", _stale),
    Check("copied_body", "note", "One text stands under several cable ids; it counts as one source.", _copied_body),
    Check("not_added", "note", "Figures of one year are not added up; the reason is given.", _not_added),
)
