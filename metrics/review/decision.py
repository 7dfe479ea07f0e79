"""One analyst's decision on one figure: accept, reject, correct, add or withdraw, anchored to the text."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from metrics.cable import read_cable
from metrics.catalog import METRICS
from metrics.errors import UserError
from metrics.marking import UNKNOWN
from metrics.observations import FLAGS, TABLES
from metrics.periods import period_bounds
from metrics.review.terms import UNITS_COUNTED, find_actors, find_country, find_unit, say_units, takes_unit

Row = Mapping[str, Any]

DECISIONS = ("accept", "reject", "correct", "add", "withdraw")
CHOICES: dict[str, tuple[str, ...]] = {
    "metric": tuple(METRICS),
    "kind": ("level", "change", "share"),
    "qualifier": ("exact", "approx", "more_than", "at_least", "less_than", "at_most", "range", "vague"),
    "status": ("actual", "in_progress", "planned", "requested"),
}
# Fields that are recorded in one form whatever words are used for them, and what may be written in them.
TERMS: dict[str, tuple[Callable[[str], str | None], str]] = {
    "country": (find_country, "an ISO 3166-1 alpha-3 code such as KAZ, or the country's name"),
    "actor": (
        find_actors,
        "codes or names of states, or names of organisations, with commas between several; an organisation of three "
        "capitals that no list knows with its full name, such as ABC (Asian Border Council)",
    ),
    "unit": (
        find_unit,
        f"one of {', '.join(UNITS_COUNTED)}; a measure such as kilogram or litre; money as ISO 4217, such as USD",
    ),
}
BOUNDS = ("low", "high")
# What an analyst may correct: the fields of the reference guide.
CORRECTABLE = (
    *("metric", "kind", "low", "high", "qualifier", "unit", "per", "of", "country", "site", "actor", "period"),
    "status",
)
# A figure has changed underneath a review when one of these differs; wording of `of` and the like may vary.
MEANING = ("metric", "kind", "low", "high", "unit", "per", "country", "period", "status", "value_text")
# Columns of an observation that depend on the build, not on the figure.
BUILD_COLUMNS = {"observation_id", "value", "flags", "score", "part_of", "rule", "source_sha256"}
FIGURE_COLUMNS = tuple(column.name for column in TABLES["observations"] if column.name not in BUILD_COLUMNS)
REVIEW_FLAGS = tuple(flag for flag in FLAGS if flag.endswith("_in_review"))


class ReviewError(UserError):
    """A decision that cannot be recorded; the message names the field and the choices."""


@dataclass(frozen=True, slots=True)
class Review:
    """A decision as recorded.

    `figure` is the observation as the analyst saw it (of an added one: as the analyst states it), `correction`
    the fields that are to be otherwise. `made_at` is UTC in ISO 8601. `withdraws` is the review_id taken back.
    """

    review_id: str
    made_at: str
    author: str
    decision: str
    reason: str
    figure: dict[str, Any]
    correction: dict[str, Any]
    withdraws: str | None = None

    @property
    def anchor(self) -> tuple[str, int, int]:
        """Cable and span of the figure."""
        return self.figure["cable_id"], self.figure["start"], self.figure["end"]

    @property
    def outcome(self) -> dict[str, Any]:
        """The figure as the analyst holds it to be."""
        return {**self.figure, **self.correction}


def read_review(stored: Mapping[Any, Any]) -> Review:
    """The decision of a row of the database or of a CSV file, in which `figure` and `correction` are JSON.

    What was decided before words were recorded in one form is read in it, so that it fits what is decided now.
    """
    return Review(
        **{name: stored[name] for name in ("review_id", "made_at", "author", "decision", "reason")},
        figure=use_terms(json.loads(stored["figure"])),
        correction=use_terms(json.loads(stored["correction"])),
        withdraws=stored["withdraws"] or None,
    )


def use_terms(fields: Row) -> dict[str, Any]:
    """The fields with country, party and unit in the form they are recorded in; what is no term stays as it is.

    >>> use_terms({"unit": "sites", "country": "Mexico", "of": "sites"}), use_terms({"unit": "sitess"})
    ({'unit': 'site', 'country': 'MEX', 'of': 'sites'}, {'unit': 'sitess'})
    """
    given = {name: find(fields[name]) for name, (find, _) in TERMS.items() if isinstance(fields.get(name), str)}
    return {**fields, **{name: term for name, term in given.items() if term}}


def content(figure: Row) -> dict[str, Any]:
    """What a figure says, in plain values; another content is not the figure reviewed."""
    return {name: plain(figure.get(name)) for name in MEANING}


def figure_hash(figure: Row) -> str:
    """Hash of what a figure says."""
    return hashlib.sha256(to_json(content(figure)).encode()).hexdigest()


def to_json(value: Any) -> str:
    """Canonical JSON: sorted keys, days as ISO 8601, whole numbers without a fraction."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plain(value: Any) -> Any:
    """The value as JSON holds it: days as ISO 8601, whole numbers without a fraction, NaN as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return None if math.isnan(value) else int(value) if value.is_integer() else value
    return value.item() if hasattr(value, "item") else value


def review_figure(
    decision: str,
    observation: Row,
    author: str,
    reason: str = "",
    correction: Row | None = None,
    made_at: datetime | None = None,
) -> Review:
    """The decision on an observation row: accept, reject, or correct with the fields that are to be otherwise.

    Raises ReviewError for an unknown decision or field, an impossible value, or a missing author or reason.
    """
    if decision not in ("accept", "reject", "correct"):
        raise ReviewError(f"decision {decision!r} is none on an observation; choose accept, reject or correct")
    changes = check_fields(correction or {})
    if (decision == "correct") != bool(changes):
        raise ReviewError("a correction names the fields to change, and no other decision does")
    figure = {name: plain(observation[name]) for name in FIGURE_COLUMNS}
    check_figure({**figure, **changes}, changes)
    return _make(decision, figure, changes, author, reason, made_at)


def add_figure(
    cable: Row, start: int, end: int, fields: Row, author: str, reason: str, made_at: datetime | None = None
) -> Review:
    """The decision to add the figure at `start`:`end` of the text of a cable, a row of the table `cables`.

    `fields` are those of the reference guide; paragraph, portion mark and sentence are read from the text.
    """
    text = cable["text"]
    if not 0 <= start < end <= len(text):
        raise ReviewError(f"span {start}-{end} lies outside the text of {cable['cable_id']} ({len(text)} characters)")
    given = check_fields({"kind": "level", "qualifier": "exact", "status": "actual", **fields})
    missing = [name for name in ("metric", "unit") if not given.get(name)]
    if missing or all(given.get(name) is None for name in BOUNDS):
        raise ReviewError(f"an added figure needs metric, unit and a bound; missing: {missing or 'low or high'}")
    blank = dict.fromkeys(FIGURE_COLUMNS)
    figure = {**blank, **_place_in_text(cable, start, end), **given}
    check_figure(figure, given)
    return _make("add", plain(figure), {}, author, reason, made_at)


def _place_in_text(cable: Row, start: int, end: int) -> dict[str, Any]:
    text = cable["text"]
    read = read_cable(text, name=cable["cable_id"])
    paragraph = next((one for one in read.paragraphs if one.start <= start and end <= one.end), None)
    sentences = paragraph.sentences if paragraph else ()
    sentence = next((one for one in sentences if one.start <= start and end <= one.end), None)
    first, last = (sentence.start, sentence.end) if sentence else (start, end)
    return {
        **{name: cable[name] for name in ("cable_id", "cable_date", "post")},
        "paragraph": paragraph.number if paragraph else None,
        "marking": (paragraph.marking if paragraph else None) or cable["classification"] or UNKNOWN,
        "role": paragraph.role if paragraph else "body",
        **{"start": start, "end": end, "sentence_start": first, "sentence_end": last},
        "value_text": " ".join(text[start:end].split()),
        "sentence": " ".join(text[first:last].split()),
    }


def withdraw_review(review: Review, author: str, reason: str, made_at: datetime | None = None) -> Review:
    """The decision that takes an earlier one back; the earlier one stays on record."""
    if review.decision == "withdraw":
        raise ReviewError("a withdrawal cannot be withdrawn; record the decision anew")
    return _make("withdraw", review.figure, {}, author, reason, made_at, review.review_id)


def _make(
    decision: str,
    figure: dict[str, Any],
    correction: dict[str, Any],
    author: str,
    reason: str,
    made_at: datetime | None,
    withdraws: str | None = None,
) -> Review:
    author, reason = author.strip(), " ".join(reason.split())
    if not author:
        raise ReviewError("give the name of who decides: a decision is recorded with it")
    if not reason and decision != "accept":
        raise ReviewError(f"to {decision} a figure needs a reason")
    when = (made_at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="microseconds")
    return Review(uuid.uuid4().hex, when, author, decision, reason, figure, correction, withdraws)


def check_fields(fields: Row) -> dict[str, Any]:
    """The fields in their stored form, with the days of a period; ReviewError for a field or value there is not."""
    unknown = sorted(set(fields) - set(CORRECTABLE))
    if unknown:
        raise ReviewError(f"no field {unknown}; fields: {', '.join(CORRECTABLE)}")
    checked: dict[str, Any] = {name: _check_field(name, value) for name, value in fields.items()}
    if "period" in checked:
        checked["period_start"], checked["period_end"] = _days(checked["period"])
    return plain(checked)


def _check_field(name: str, value: Any) -> Any:
    if name in BOUNDS:
        return _check_bound(name, value)
    value = " ".join(str(value).split()) if value is not None else None
    if name in CHOICES and value not in CHOICES[name]:
        raise ReviewError(f"{name} {value!r} is unknown; choose from {', '.join(CHOICES[name])}")
    if name in TERMS and value:
        return _check_term(name, value)
    return value or None


def _check_term(name: str, value: str) -> str:
    find, allowed = TERMS[name]
    found = find(value)
    if found is None:
        raise ReviewError(f"{name} {value!r} is unknown; write {allowed}")
    return found


def _check_bound(name: str, value: Any) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise ReviewError(f"{name} {value!r} is no number") from error
    if not math.isfinite(number):
        raise ReviewError(f"{name} {value!r} is not finite; leave an open bound empty")
    return number


def check_figure(figure: Row, stated: Collection[str]) -> None:
    """Raise ReviewError where a figure's fields, of which these are an analyst's, do not go together.

    A figure has a bound, the lower one not above the upper one, and a unit that its metric takes.
    """
    low, high = figure["low"], figure["high"]
    if low is None and high is None:
        raise ReviewError("a figure needs a lower or an upper bound")
    if low is not None and high is not None and low > high:
        raise ReviewError(f"low {low:g} lies above high {high:g}")
    metric, unit = figure["metric"], figure["unit"]
    judged = unit and metric in METRICS and not {"metric", "unit"}.isdisjoint(stated)
    if judged and not takes_unit(metric, unit):
        raise ReviewError(f"unit {unit!r} does not fit {METRICS[metric].title}, which takes {say_units(metric)}")


def _days(period: str | None) -> tuple[date | None, date | None]:
    if period is None:
        return None, None
    try:
        first, last = period_bounds(period)
    except ValueError as error:
        raise ReviewError(f"period {period!r} is not ISO 8601 (2008, 2006-04, 2008-11-03/2008-11-07)") from error
    if first > last:
        raise ReviewError(f"period {period!r} ends before it begins")
    return first, last
