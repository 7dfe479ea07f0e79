"""Observations joined into facts: repeated mentions, copies of one cable, cables that cite earlier ones."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from metrics.marking import combine_marks
from metrics.reconcile.fact import Fact, stable_id
from metrics.reconcile.likeness import (
    actors,
    content_words,
    is_money,
    name_thing,
    place_key,
    scale_of,
    significant_digits,
)
from metrics.reconcile.plausible import exceeded_limit

REFERENCE = re.compile(
    r"""(?: \b (?:19|20)? (\d\d) \s* )?                        # the year, if it is given
    (?<![A-Z]) ( (?!AND\b)[A-Z][A-Z']* (?: \ (?!AND\b)[A-Z']+ )* )  # the post, "PORT AU PRINCE"
    \s* 0* (\d+) \b                                           # the serial number
    """,
    re.VERBOSE,
)
ROLE_ORDER = {"body": 0, "comment": 1, "summary": 2}
REVIEW_FLAGS = {
    "corrected_in_review": "corrected",
    "added_in_review": "added",
    "accepted_in_review": "accepted",
}

# What a mention is joined on, beside the sentence it stands in.
DETAILS = ["place", "wording", "when", "party"]
BASE = ["base_low", "base_high"]
VALUE = ["metric", "kind", "country", "scale", "per", "status", *BASE]
KEY = [*VALUE, *DETAILS, "ordinal"]

# Digits in which the sums of two cables agree by no chance: one sum of four, or two of two each.
TELLING_DIGITS = 4

COLUMNS = [
    *["observation_id", "cable_id", "cable_date", "paragraph", "marking", "metric", "kind", "low", "high"],
    *["qualifier", "unit", "per", "of", "country", "site", "actor", "period", "period_start", "period_end"],
    *["status", "speaker", "flags", "score", "role", "part_of", "sentence", "start", "sentence_start"],
]
SOURCE_COLUMNS = ["cable_id", "cable_date", "body_sha256", "references"]  # what is asked of the cables
FRAME_COLUMNS = [
    *["cable_id", "cable_date", "metric", "kind", "low", "high", "qualifier", "unit", "per", "of", "country"],
    *["site", "actor", "period", "status", "score", "role", "sentence", "sentence_start"],
]


def join_mentions(observations: pa.Table, cables: pa.Table) -> list[Fact]:
    """One fact per stated figure, in the order of fact ids, each with all of its mentions."""
    if not observations.num_rows:
        return []
    sources = Sources(cables)
    # The order of the input must not matter.
    stated = observations.select(COLUMNS).sort_by(
        [(name, "ascending") for name in ("cable_id", "start", "observation_id")]
    )
    mentions = _key_columns(stated, sources)
    _adopt_fuller_details(mentions)
    _adopt_purposes(mentions)
    mentions["ordinal"] = mentions.groupby(
        ["cable_id", "sentence_start", *VALUE, *DETAILS], dropna=False, sort=False
    ).cumcount()
    mentions["fact"] = mentions.groupby(KEY, dropna=False, sort=False).ngroup()
    best_first = mentions.sort_values(
        ["fact", "copied", "role_order", "score", "rounded", "cable_date"],
        ascending=[True, True, True, False, True, True],
        kind="stable",
    )
    rows = _rows_by_fact(stated, best_first)
    return sorted((_make_fact(group, sources) for group in rows), key=lambda fact: fact.id)


class Sources:
    """Which cables are one source: copies of one body, and cables that cite each other in their REF line."""

    def __init__(self, cables: pa.Table) -> None:
        rows = cables.select(SOURCE_COLUMNS).to_pylist()
        self._body = {row["cable_id"]: row["body_sha256"] or row["cable_id"] for row in rows}
        first: dict[str, tuple[str, str]] = {}
        self._cited: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            body, order = self.body_of(row["cable_id"]), (str(row["cable_date"] or "9999"), row["cable_id"])
            first[body] = min(first.get(body, order), order)
            year = row["cable_date"].year if row["cable_date"] else None
            self._cited[body].update(self.body_of(cited) for cited in cited_ids(row["references"] or (), year))
        self._first = {body: cable for body, (_, cable) in first.items()}

    def body_of(self, cable: str) -> str:
        """The body text a cable carries; its own id where the cable is not in the table."""
        return self._body.get(cable, cable)

    def is_copy(self, cable: str) -> bool:
        """Whether another cable, older or first in order, carries the same body."""
        return self._first.get(self.body_of(cable), cable) != cable

    def count(self, bodies: Iterable[str]) -> int:
        """How many independent sources the bodies are, one that cites another being no source of its own."""
        left, number = set(bodies), 0
        while left:
            number += 1
            reached = {left.pop()}
            while reached:
                one = reached.pop()
                tied = {other for other in left if other in self._cited[one] or one in self._cited[other]}
                left -= tied
                reached |= tied
        return number


def cited_ids(references: Sequence[str], year: int | None) -> Iterator[str]:
    """Cable ids in a REF line; a reference without a year is of the citing cable's own year.

    >>> list(cited_ids(["A. 08 ASTANA 2305", "ASTANA 00052"], 2009))
    ['08ASTANA2305', '09ASTANA52']
    """
    for entry in references:
        for digits, post, number in REFERENCE.findall(entry.upper()):
            if digits or year:
                yield f"{digits or f'{year or 0:04d}'[2:]}{re.sub('[^A-Z]', '', post)}{number}"


def _key_columns(stated: pa.Table, sources: Sources) -> pd.DataFrame:
    """What mentions are joined on and ordered by, one row per mention; missing values as pandas has them."""
    frame = stated.select(FRAME_COLUMNS).to_pandas(date_as_object=True)
    for name in frame.columns[frame.dtypes == "category"]:
        frame[name] = frame[name].astype(object)
    frame["body"] = _each(frame["cable_id"], sources.body_of)
    frame["copied"] = _each(frame["cable_id"], sources.is_copy)
    scales = _each(frame["unit"], scale_of)
    frame["scale"] = [scale for scale, _ in scales]
    factors = np.array([factor for _, factor in scales])
    frame["base_low"] = _rounded(frame["low"] * factors)
    frame["base_high"] = _rounded(frame["high"] * factors)
    frame["place"] = _each(frame["site"], place_key)
    frame["party"] = _each(frame["actor"], lambda actor: ", ".join(sorted(actors(actor))))
    frame["when"] = _each(frame["period"], lambda period: period or "")
    frame["wording"] = _wording(frame)
    frame["role_order"] = frame["role"].map(ROLE_ORDER).fillna(0)
    frame["rounded"] = frame["qualifier"] == "approx"
    return frame


def _wording(frame: pd.DataFrame) -> list[str]:
    """What each figure is of in content words."""
    named = zip(frame["metric"], _each(frame["of"], lambda of: of or ""), frame["sentence"], strict=True)
    things = ((metric, name_thing(metric, of, sentence or "")) for metric, of, sentence in named)
    return [" ".join(sorted(content_words(metric, thing))) for metric, thing in things]


def _each(column: pd.Series, convert: Callable[[Any], Any]) -> list[Any]:
    """The column converted, each distinct value once; missing values are passed on as None."""
    codes, values = pd.factorize(column, use_na_sentinel=True)
    converted = [*(convert(value) for value in values), convert(None) if (codes < 0).any() else None]
    return [converted[code] for code in codes]


def _rounded(values: pd.Series) -> list[float]:
    """Nine significant digits, so that 4.5 tonnes and 4,500 kilograms are one number."""
    return _each(values, lambda value: float("nan") if value is None else float(f"{value:.9g}"))


def _adopt_fuller_details(mentions: pd.DataFrame) -> None:
    """Let a mention that is silent on place, time, actor or wording join the one fuller mention in its cable.

    "112 crossing points" in a summary is the figure of the body that names the period. Where two fuller mentions
    would do, nothing is chosen.
    """
    groups = mentions.groupby(["body", *VALUE], dropna=False, sort=False).ngroup()
    distinct = pd.DataFrame({"group": groups, **{name: mentions[name] for name in DETAILS}}).drop_duplicates()
    several = set(distinct.loc[distinct["group"].duplicated(keep=False), "group"])
    chosen = groups[groups.isin(several)]
    columns = {name: mentions[name].tolist() for name in [*DETAILS, "cable_id", "sentence_start", "role_order"]}
    for indices in chosen.groupby(chosen, sort=True).groups.values():
        _adopt_in_group([int(index) for index in indices], columns)
    for name in DETAILS:
        mentions[name] = columns[name]


def _adopt_purposes(mentions: pd.DataFrame) -> None:
    """Let sums of one donor, country, year and status that two cables share be of one purpose, whatever they call it.

    08SANJOSE596 repeats the requests of 07SANJOSE2074 under the name of their programme. Only where all the sums that
    two cables share have digits enough; a cable that names two purposes for one sum tells of two sums.
    """
    dated = mentions[(mentions["when"] != "") & (mentions["party"] != "") & mentions["country"].notna()]
    sums = dated[pd.Series(_each(dated["unit"], is_money), dated.index, dtype=bool)]
    one_sum = [*VALUE, "place", "when", "party"]
    shared = sums[sums.groupby(one_sum, dropna=False, sort=False)["body"].transform("nunique") > 1]
    agreed: Counter[tuple[str, str]] = Counter()
    renamed: list[tuple[tuple[str, str], pd.Index, str]] = []
    for _, same in shared.groupby(one_sum, dropna=False, sort=False):
        clear = same[same.groupby("body")["wording"].transform("nunique") == 1]
        cables = [(str(body), rows) for body, rows in clear.groupby("body")]
        for body, rows in cables[1:]:
            first, named = cables[0]
            agreed[(first, body)] += significant_digits(rows["base_low"].fillna(rows["base_high"]).iloc[0])
            renamed.append(((first, body), rows.index, named["wording"].iloc[0]))
    for pair, index, purpose in renamed:
        if agreed[pair] >= TELLING_DIGITS:
            mentions.loc[index, "wording"] = purpose


def _adopt_in_group(indices: list[int], columns: dict[str, list[Any]]) -> None:
    details = {index: tuple(columns[name][index] for name in DETAILS) for index in indices}
    at = {index: (columns["cable_id"][index], columns["sentence_start"][index]) for index in indices}
    order = sorted(
        indices,
        key=lambda index: (-sum(map(bool, details[index])), columns["role_order"][index], details[index], index),
    )
    fuller: dict[tuple[Any, ...], set[tuple[str, int]]] = {}
    for index in order:
        own = details[index]
        fits = [
            kept for kept, places in fuller.items() if kept == own or (_fits(own, kept) and at[index] not in places)
        ]
        if own not in fuller and len(fits) == 1:
            for name, value in zip(DETAILS, fits[0], strict=True):
                columns[name][index] = value
            fuller[fits[0]].add(at[index])
        else:
            fuller.setdefault(own, set()).add(at[index])


def _fits(own: tuple[Any, ...], fuller: tuple[Any, ...]) -> bool:
    """Whether nothing in a mention's details speaks against the fuller one."""
    (place, wording, when, party), (other_place, other_wording, other_when, other_party) = own, fuller
    silent = all(not mine or mine == other for mine, other in ((place, other_place), (when, other_when)))
    actor = not party or not other_party or bool(actors(party) & actors(other_party))
    words = not wording or not other_wording or bool(set(wording.split()) & set(other_wording.split()))
    return silent and actor and words


def _rows_by_fact(stated: pa.Table, best_first: pd.DataFrame) -> Iterator[list[dict[str, Any]]]:
    """Mentions of one fact after the other, best mention first, missing values as None."""
    ordered = stated.take(pa.array(best_first.index.to_numpy()))
    columns = {name: ordered[name].to_pylist() for name in ordered.column_names}
    columns |= {name: best_first[name].tolist() for name in ("fact", "copied", "body", "scale", "ordinal", *DETAILS)}
    columns |= {name: best_first[name].astype(object).where(best_first[name].notna(), None).tolist() for name in BASE}
    group: list[dict[str, Any]] = []
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        if group and row["fact"] != group[0]["fact"]:
            yield group
            group = []
        group.append(row)
    yield group


def _make_fact(rows: list[dict[str, Any]], sources: Sources) -> Fact:
    best = rows[0]
    originals = [row for row in rows if not row["copied"]] or rows
    dated = next((row for row in rows if row["period"]), best)
    days = sorted(row["cable_date"] for row in originals if row["cable_date"])
    bodies = frozenset(row["body"] for row in rows)
    thing = name_thing(best["metric"], _first(rows, "of"), best["sentence"] or "")
    return Fact(
        id=stable_id(*(best[name] for name in KEY)),
        **{name: best[name] for name in ("metric", "kind", "low", "high", "unit", "per", "country", "status")},
        **{name: best[name] for name in ("scale", "base_low", "base_high", "place")},
        qualifier=best["qualifier"] or "exact",
        **{name: _first(rows, name) for name in ("site", "actor")},
        of=thing,
        **{"period": dated["period"], "start": dated["period_start"], "end": dated["period_end"]},
        words=content_words(best["metric"], thing),
        parties=actors(best["party"]),
        stated=days[0] if days else None,
        as_of=days[-1] if days else None,
        marking=combine_marks(row["marking"] for row in rows),
        mentions=len(originals),
        sources=sources.count(bodies),
        bodies=bodies,
        roles=frozenset(row["role"] or "body" for row in rows),
        sentences=frozenset((row["cable_id"], row["sentence_start"]) for row in originals),
        sentence=best["sentence"] or "",
        speakers=tuple(sorted({row["speaker"] for row in rows if row["speaker"]})),
        observation_ids=tuple(row["observation_id"] for row in rows),
        cables=tuple(dict.fromkeys(_citation(row) for row in rows)),
        within=tuple(dict.fromkeys(row["part_of"] for row in rows if row["part_of"])),
        flags=_find_flags(rows, thing),
        reviewed=_review_of(rows),
    )


def _first(rows: list[dict[str, Any]], name: str) -> Any:
    return next((row[name] for row in rows if row[name]), None)


def _citation(row: dict[str, Any]) -> str:
    """The cable and its paragraph, "09ASTANA623 para 2"; the bare id where the paragraph has no number."""
    number = row["paragraph"]
    return row["cable_id"] if number is None else f"{row['cable_id']} para {int(number)}"


def _find_flags(rows: list[dict[str, Any]], thing: str | None) -> tuple[str, ...]:
    """Warnings that hold for every mention (one plain mention lifts them), what reviews did to any, and doubt."""
    flags = [set(row["flags"]) if row["flags"] is not None else set() for row in rows]
    reviewed = set.union(*flags) & set(REVIEW_FLAGS)
    metric, kind, unit, low, high = (rows[0][name] for name in ("metric", "kind", "unit", "low", "high"))
    doubt = {"implausible"} if exceeded_limit(metric, kind, unit, thing, low, high) else set()
    return tuple(sorted(set.intersection(*flags) | reviewed | doubt))


def _review_of(rows: list[dict[str, Any]]) -> str | None:
    seen = {flag for row in rows if row["flags"] is not None for flag in row["flags"]}
    return next((word for flag, word in REVIEW_FLAGS.items() if flag in seen), None)
